"""Makes a piece of an episode to listen to: an MP3 without companions, beside the episode, which stays as it is."""

import json
from collections.abc import Sequence
from dataclasses import replace

from interview_audio.configuration.settings import Settings, Sound
from interview_audio.errors import OutputError
from interview_audio.output_files import Destination, describe_source
from interview_audio.production.containers.container import Tags
from interview_audio.production.episode_json import WrittenFile, format_files
from interview_audio.production.publication import publish_files
from interview_audio.production.sound.levels import set_levels
from interview_audio.production.sound.mastering import master_episode
from interview_audio.production.staging import Staging
from interview_audio.production.timeline import Timeline, lay_out
from interview_audio.script.lines import CastMember, Script
from interview_audio.script.shown_names import artists_of
from interview_audio.synthesis.clips import Clip

PREVIEW = ".preview"
"""What the stem of a preview's files has behind that of its episode."""
PREVIEW_RECORD_SUFFIX = ".json"
"""Of the file beside a preview that says what it is made from, so that the next one may replace it."""
PREVIEW_SUFFIXES = (PREVIEW_RECORD_SUFFIX, ".mp3")


def produce_preview(script: Script, clips: Sequence[Clip], settings: Settings, destination: Destination) -> Timeline:
    """Write a piece of an episode, whole or not at all: without intro and outro, as an MP3 whatever the episode is.

    Args:
        script: With the lines of the piece.
        clips: One for each of them, in the same order.
        settings: Pauses and sound.
        destination: The file to write, and its record.

    Raises:
        OutputError: The file cannot be written, or is not an earlier preview of this source.
        StoreError: A clip cannot be read.
    """
    heard = replace(settings, sound=_sound(settings.sound))
    timeline = lay_out(script, clips, heard)
    levels = set_levels(script.lines, clips, heard.sound.loudness)
    tags = Tags(
        title=script.title,
        artists=artists_of(script.cast, (), script.language),
        album=settings.show.title,
        language=script.language,
        date=None,
        cover=b"",
    )
    path = destination.folder / (destination.stem + PREVIEW_SUFFIXES[-1])
    try:
        with Staging(destination.folder) as staging:
            sound = staging.temporary()
            master_episode(timeline, levels, heard.sound, tags, sound)
            publish_files(
                staging,
                destination,
                {PREVIEW_SUFFIXES[-1]: sound},
                lambda files, _: _format_record(script, destination, files),
            )
    except OSError as error:
        raise OutputError(
            f"{path}: the preview cannot be written ({error.strerror}): make room or choose another folder with -o"
        ) from error
    return timeline


def _format_record(script: Script, destination: Destination, files: Sequence[WrittenFile]) -> str:
    content = {
        "source": describe_source(destination),
        "cast": [{"speaker": member.speaker, "voices": _voices(member)} for member in script.cast],
        "lines": [{"speaker": line.speaker, "text": line.text} for line in script.lines],
        "files": format_files(files),
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _voices(member: CastMember) -> dict[str, dict[str, str]]:
    return {language: {"voice": str(voice)} for language, voice in member.voices}


def _sound(sound: Sound) -> Sound:
    if sound.format != "mp3":
        plain = Sound()
        sound = replace(sound, format=plain.format, bitrate=plain.bitrate, sample_rate=plain.sample_rate)
    return replace(sound, intro=None, outro=None)
