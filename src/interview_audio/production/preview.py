"""Makes a piece of an episode to listen to: an MP3 without companions, beside the episode, which stays as it is."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from interview_audio.configuration.settings import Settings, Sound
from interview_audio.errors import OutputError
from interview_audio.production.containers.container import Tags
from interview_audio.production.sound.levels import set_levels
from interview_audio.production.sound.mastering import master_episode
from interview_audio.production.staging import Staging
from interview_audio.production.timeline import Timeline, lay_out
from interview_audio.script.lines import Script
from interview_audio.script.shown_names import artists_of
from interview_audio.synthesis.clips import Clip

SUFFIX = ".preview.mp3"


def produce_preview(script: Script, clips: Sequence[Clip], settings: Settings, path: Path) -> Timeline:
    """Write a piece of an episode, whole or not at all: without intro and outro, as an MP3 whatever the episode is.

    Args:
        script: With the lines of the piece.
        clips: One for each of them, in the same order.
        settings: Pauses and sound.
        path: The file to write.

    Raises:
        OutputError: The file cannot be written.
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
    try:
        with Staging(path.parent) as staging:
            sound = staging.temporary()
            master_episode(timeline, levels, heard.sound, tags, sound)
            staging.publish({path.name: sound})
    except OSError as error:
        raise OutputError(
            f"{path}: the preview cannot be written ({error.strerror}): make room or choose another folder with -o"
        ) from error
    return timeline


def _sound(sound: Sound) -> Sound:
    if sound.format != "mp3":
        plain = Sound()
        sound = replace(sound, format=plain.format, bitrate=plain.bitrate, sample_rate=plain.sample_rate)
    return replace(sound, intro=None, outro=None)
