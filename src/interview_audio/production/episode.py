"""Makes an episode of a script and its clips: the sound with its chapters, all that is read beside it, the record."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from interview_audio.configuration.settings import Settings, Sound
from interview_audio.errors import OutputError
from interview_audio.freed_memory import return_freed_memory
from interview_audio.output_files import COVER_SUFFIX, Destination, describe_source
from interview_audio.production.containers.container import Tags
from interview_audio.production.cover.artwork import Cover, make_cover
from interview_audio.production.episode_json import Origin, Production, format_episode
from interview_audio.production.publication import publish_files
from interview_audio.production.sound.levels import Levels, set_levels
from interview_audio.production.sound.mastering import TRUE_PEAK_LIMIT, Mastering, master_episode
from interview_audio.production.sound.metering import Loudness
from interview_audio.production.sound.music import Soundtrack
from interview_audio.production.staging import Staging
from interview_audio.production.text.companions import Facts, format_companions
from interview_audio.production.timeline import Timeline, lay_out
from interview_audio.script.lines import Script
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.recipes import Recipe

_LOUDNESS_PROMISE = 0.5


@dataclass(frozen=True, slots=True)
class EpisodeRequest:
    """What to make of a script, beside what its settings say."""

    destination: Destination
    """Its folder is made if it does not exist."""
    artists: tuple[str, ...] = ()
    """The script's speakers, if empty."""
    date: datetime.date | None = None
    """Of the interview, where the source has one."""
    fingerprint: Mapping[str, object] = field(default_factory=dict)
    """Written into the episode's record as it is."""
    soundtrack: Soundtrack = field(default_factory=Soundtrack)
    """The settings' music, opened."""
    skipped: Sequence[Mapping[str, object]] = ()
    """What of the source is not read, and why: written into the episode's record as it is."""
    recipes: Sequence[Recipe] = ()
    """Of each line, in order: written into the episode's record."""
    cover: Cover | None = None
    """Made of the title and the settings, if None."""
    on_progress: Callable[[float], None] | None = None
    """Called with the part of the encoding that is done, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A finished episode."""

    path: Path
    """The file to listen to."""
    files: tuple[Path, ...]
    """All of its files, the one to listen to last."""
    timeline: Timeline
    levels: Levels
    mastering: Mastering
    warnings: tuple[str, ...]
    """What the user should know: each one line."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """Companions that a person had edited and that are as they were, and the name of the new one beside each."""

    @property
    def seconds(self) -> float:
        """Duration."""
        return self.timeline.seconds(self.timeline.length)


def produce(script: Script, clips: Sequence[Clip], settings: Settings, request: EpisodeRequest) -> Episode:
    """Write an episode: the sound in its format, captions, transcript, chapter lists, show notes, cover and record.

    A run that fails or is interrupted leaves the folder as it was.

    Args:
        script: What is said.
        clips: One for each of the script's lines, in the same order.
        settings: Pauses, chapters and sound.
        request: Where to, and what else to write into the files.

    Raises:
        OutputError: The folder cannot be written.
        StoreError: A clip cannot be read.
        ConfigurationError: Music or cover is not what it was when it was checked.
    """
    return_freed_memory()
    timeline = lay_out(script, clips, settings, request.soundtrack)
    levels = set_levels(script.lines, clips, settings.sound.loudness)
    cover = request.cover or make_cover(script.title, settings.show.cover)
    tags = _tags(script, settings, request, cover)
    texts = format_companions(script, timeline, settings.captions, Facts(tags.artists, tags.album, tags.date))
    contents = {suffix: text.encode() for suffix, text in texts.items()} | {COVER_SUFFIX: cover.full}
    destination, audio = request.destination, f".{settings.sound.format}"
    try:
        with Staging(destination.folder) as staging:
            sound = staging.temporary()
            mastering = master_episode(timeline, levels, settings.sound, tags, sound, request.on_progress)
            warnings = (*timeline.warnings, *cover.warnings, *_loudness_warnings(mastering.loudness, settings.sound))
            made = {suffix: _written(staging.temporary(), content) for suffix, content in contents.items()}
            production = Production(timeline, levels, settings.sound.loudness, mastering, warnings)
            origin = Origin(request.fingerprint, request.skipped, request.recipes, describe_source(destination))
            publication = publish_files(
                staging,
                destination,
                {**made, audio: sound},
                lambda files, earlier: format_episode(script, production, origin, files, earlier),
            )
    except OSError as error:
        raise OutputError(
            f"{destination.folder / (destination.stem + audio)}: the episode cannot be written ({error.strerror}): "
            f"make room or choose another folder with -o"
        ) from error
    paths = publication.paths
    return Episode(paths[-1], paths, timeline, levels, mastering, warnings, publication.kept)


def _tags(script: Script, settings: Settings, request: EpisodeRequest, cover: Cover) -> Tags:
    return Tags(
        title=script.title,
        artists=request.artists or script.speakers,
        album=settings.show.title,
        language=script.language,
        date=request.date,
        cover=cover.embedded,
    )


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _loudness_warnings(loudness: Loudness, sound: Sound) -> tuple[str, ...]:
    warnings = []
    if abs(loudness.integrated - sound.loudness) > _LOUDNESS_PROMISE:
        warnings.append(f"the episode has {loudness.integrated:.1f} LUFS, not {sound.loudness:.1f}")
    if loudness.true_peak > TRUE_PEAK_LIMIT:
        warnings.append(f"the episode has a true peak of {loudness.true_peak:.1f} dBTP, above {TRUE_PEAK_LIMIT:.1f}")
    return tuple(warnings)
