"""Makes an episode of a script and its clips: the MP3 with its chapters, captions and record, all or nothing."""

import datetime
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from interview_audio.configuration.settings import Settings
from interview_audio.errors import OutputError
from interview_audio.production.chapters_json import format_chapters
from interview_audio.production.cover import draw_cover
from interview_audio.production.cues import make_cues
from interview_audio.production.encoding import TRUE_PEAK_LIMIT, encode_episode
from interview_audio.production.episode_json import Origin, Production, format_episode
from interview_audio.production.id3 import Tags, write_tag
from interview_audio.production.levels import Levels, set_levels
from interview_audio.production.metering import Loudness
from interview_audio.production.staging import Staging
from interview_audio.production.timeline import Timeline, lay_out
from interview_audio.production.webvtt import format_captions
from interview_audio.script.lines import Script
from interview_audio.synthesis.clips import Clip

_LOUDNESS_PROMISE = 1.0


@dataclass(frozen=True, slots=True)
class EpisodeRequest:
    """What to make of a script, beside what its settings say."""

    folder: Path
    """Made if it does not exist."""
    stem: str
    """Of the file names: ``talk.zh`` for ``talk.zh.mp3``."""
    artists: tuple[str, ...] = ()
    """The script's speakers, if empty."""
    album: str | None = None
    date: datetime.date | None = None
    """Of the interview, where the source has one."""
    fingerprint: Mapping[str, object] = field(default_factory=dict)
    """Written into the episode's record as it is."""
    skipped: Sequence[Mapping[str, object]] = ()
    """What of the source is not read, and why: written into the episode's record as it is."""
    on_progress: Callable[[float], None] | None = None
    """Called with the part of the encoding that is done, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A finished episode."""

    path: Path
    """The MP3."""
    files: tuple[Path, ...]
    """All of its files, the MP3 last."""
    timeline: Timeline
    levels: Levels
    loudness: Loudness
    """Of the decoded MP3."""
    warnings: tuple[str, ...]
    """What the listener should know: each one line."""

    @property
    def seconds(self) -> float:
        """Duration."""
        return self.timeline.seconds(self.timeline.length)


def produce(script: Script, clips: Sequence[Clip], settings: Settings, request: EpisodeRequest) -> Episode:
    """Write an episode: the MP3, ``.chapters.json``, ``.vtt`` and ``.episode.json``.

    A run that fails or is interrupted leaves the folder as it was.

    Args:
        script: What is said.
        clips: One for each of the script's lines, in the same order.
        settings: Pauses, chapters and sound.
        request: Where to, and what else to write into the files.

    Raises:
        OutputError: The folder cannot be written.
        StoreError: A clip cannot be read.
    """
    timeline = lay_out(script, clips, settings)
    levels = set_levels(script.lines, clips, settings.sound.loudness)
    captions = format_captions(make_cues(timeline), timeline, script.language)
    try:
        with Staging(request.folder) as staging:
            sound, mp3 = staging.temporary(), staging.temporary()
            loudness = encode_episode(timeline, levels, settings.sound, sound, request.on_progress)
            _join(write_tag(_tags(script, request), timeline), sound, mp3)
            warnings = (*timeline.warnings, *_loudness_warnings(loudness, settings.sound.loudness))
            production = Production(timeline, levels, loudness, warnings)
            texts = _companions(script, production, request, captions, mp3.stat().st_size)
            files = {name: _written(staging.temporary(), text) for name, text in texts.items()}
            paths = staging.publish({**files, f"{request.stem}.mp3": mp3})
    except OSError as error:
        raise OutputError(
            f"{request.folder / request.stem}.mp3: the episode cannot be written ({error.strerror}): "
            f"make room or choose another folder with -o"
        ) from error
    return Episode(paths[-1], paths, timeline, levels, loudness, warnings)


def _tags(script: Script, request: EpisodeRequest) -> Tags:
    return Tags(
        title=script.title,
        artists=request.artists or script.speakers,
        album=request.album,
        language=script.language,
        date=request.date,
        cover=draw_cover(script.title),
    )


def _join(tag: bytes, sound: Path, mp3: Path) -> None:
    with sound.open("rb") as source, mp3.open("wb") as target:
        target.write(tag)
        shutil.copyfileobj(source, target)


def _companions(
    script: Script, production: Production, request: EpisodeRequest, captions: str, mp3_size: int
) -> dict[str, str]:
    texts = {
        f"{request.stem}.chapters.json": format_chapters(script.title, production.timeline),
        f"{request.stem}.vtt": captions,
    }
    sizes = {name: len(text.encode()) for name, text in texts.items()} | {f"{request.stem}.mp3": mp3_size}
    origin = Origin(request.fingerprint, request.skipped)
    texts[f"{request.stem}.episode.json"] = format_episode(script, production, origin, sizes)
    return texts


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _loudness_warnings(loudness: Loudness, target: float) -> tuple[str, ...]:
    warnings = []
    if abs(loudness.integrated - target) > _LOUDNESS_PROMISE:
        warnings.append(f"the episode has {loudness.integrated:.1f} LUFS, not {target:.1f}")
    if loudness.true_peak > TRUE_PEAK_LIMIT:
        warnings.append(f"the episode has a true peak of {loudness.true_peak:.1f} dBTP, above {TRUE_PEAK_LIMIT:.1f}")
    return tuple(warnings)
