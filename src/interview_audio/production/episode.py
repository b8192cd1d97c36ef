"""Makes an episode of a script and its clips: the sound with its chapters, the sidecar files, the record.

A preview is a part of an episode to listen to: an MP3 without sidecar files, beside the episode. Both are made under
temporary names and published together, in place of nothing but files that the same source's last render wrote.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from interview_audio import __version__
from interview_audio.configuration.settings import Settings, Sound
from interview_audio.errors import OutputError
from interview_audio.files.episode_record import EpisodeRecord, Fingerprint, RecordedAbout, RecordedFile, SkippedTurn
from interview_audio.files.ownership import (
    COVER_SUFFIX,
    Destination,
    FileNames,
    assign_names,
    describe_source,
    sha256_of,
)
from interview_audio.files.staged_files import StagedFiles
from interview_audio.machine import return_freed_memory
from interview_audio.production.chapter_images import LARGEST_TAG, ChapterImages, fit_into_tag, make_chapter_images
from interview_audio.production.containers.episode_writer import Tags
from interview_audio.production.cover import Cover, make_cover
from interview_audio.production.loudness import Levels, Loudness, set_levels
from interview_audio.production.mastering import TRUE_PEAK_LIMIT, Mastering, MasteringRun, master_episode
from interview_audio.production.music import Soundtrack
from interview_audio.production.record_mapping import Origin, ProductionResult, episode_record, preview_record
from interview_audio.production.sidecars.player_page import EpisodeDetails
from interview_audio.production.sidecars.sidecar_files import format_sidecars, tagged_lyrics
from interview_audio.production.timeline import Timeline, lay_out
from interview_audio.script.announcements import disclosure_of
from interview_audio.script.lines import Script, artists_of
from interview_audio.synthesis.clips import Clip, ClipSpec

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
    fingerprint: Fingerprint = field(default_factory=lambda: Fingerprint(__version__))
    """Written into the episode's record."""
    soundtrack: Soundtrack = field(default_factory=Soundtrack)
    """The settings' music, opened."""
    skipped: Sequence[SkippedTurn] = ()
    """What of the source is not read, and why: written into the episode's record."""
    specs: Sequence[ClipSpec] = ()
    """Of each line, in order: written into the episode's record."""
    cover: Cover | None = None
    """Made of the title and the settings, if None."""
    on_progress: Callable[[float], None] | None = None
    """Called with the part of the encoding that is done, from 0 to 1."""
    cores: int | None = None
    """That may be used; None for all there are."""


@dataclass(frozen=True, slots=True)
class AssembledEpisode:
    """An episode whose files are made and wait under temporary names."""

    script: Script
    request: EpisodeRequest
    production: ProductionResult
    files: Mapping[str, Path]
    """By suffix; the sound last."""
    about: RecordedAbout


@dataclass(frozen=True, slots=True)
class PublishedEpisode:
    """An episode in its place."""

    path: Path
    """The file to listen to."""
    files: tuple[Path, ...]
    """All of its files, the one to listen to last."""
    record: EpisodeRecord
    timeline: Timeline
    levels: Levels
    mastering: Mastering
    warnings: tuple[str, ...]
    """What the user should know: each one line."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """Sidecar files that a person had edited and that are as they were, and the name of the new one beside each."""

    @property
    def seconds(self) -> float:
        """Duration."""
        return self.timeline.seconds(self.timeline.length)


def produce(script: Script, clips: Sequence[Clip], settings: Settings, request: EpisodeRequest) -> PublishedEpisode:
    """Write an episode: ``assemble`` it and ``publish`` it.

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
    with episode_staging(request.destination, settings.sound.format) as staging:
        return publish(assemble(script, clips, settings, request, staging), staging)


@contextmanager
def episode_staging(destination: Destination, audio_format: str) -> Iterator[StagedFiles]:
    """Open a context for the files of an episode; raise ``OutputError`` if they cannot be written."""
    try:
        with StagedFiles(destination.folder) as staging:
            yield staging
    except OSError as error:
        raise OutputError(
            f"{destination.folder / destination.stem}.{audio_format}: the episode cannot be written "
            f"({error.strerror}); make room or choose another folder with -o"
        ) from error


def assemble(
    script: Script, clips: Sequence[Clip], settings: Settings, request: EpisodeRequest, staging: StagedFiles
) -> AssembledEpisode:
    """Make the files of an episode: the sound, captions, transcript, chapter lists, show notes and cover.

    Args:
        script: What is said.
        clips: One for each of the script's lines, in the same order.
        settings: Pauses, chapters and sound.
        request: What else to write into the files.
        staging: Where they wait until they are published.

    Raises:
        StoreError: A clip cannot be read.
        ConfigurationError: Music or cover is not what it was when it was checked.
        OSError: A file cannot be written.
    """
    return_freed_memory()
    timeline = lay_out(script, clips, settings, request.soundtrack)
    levels = set_levels(script.lines, clips, settings.sound.loudness)
    cover = request.cover or make_cover(script.title, settings.show.cover)
    lyrics = tagged_lyrics(script, timeline, settings.captions)
    source = request.destination.source
    images = make_chapter_images(timeline.chapters, source.path if source else Path(), request.destination.stem)
    timeline = replace(timeline, chapters=images.chapters)
    tags = _with_images(_tags(script, settings, request, cover, lyrics.text), images, timeline, settings.sound)
    name = f"{request.destination.stem}.{settings.sound.format}"
    details = EpisodeDetails(tags.artists, tags.album, tags.date, tags.comment, name)
    texts = format_sidecars(script, timeline, settings.captions, details)
    written = {suffix: text.encode() for suffix, text in texts.items()}
    contents = {**written, **images.files, COVER_SUFFIX: cover.full}
    sound = staging.temporary()
    run = MasteringRun(request.on_progress, request.cores)
    mastering = master_episode(timeline, levels, settings.sound, tags, sound, run)
    of_loudness = _loudness_warnings(mastering.loudness, settings.sound)
    warnings = (*timeline.warnings, *cover.warnings, *images.warnings, *lyrics.warnings, *of_loudness)
    files = {suffix: _written(staging.temporary(), content) for suffix, content in contents.items()}
    production = ProductionResult(timeline, levels, settings.sound.loudness, mastering, warnings)
    about = RecordedAbout(details.date, details.show, details.disclosure)
    return AssembledEpisode(script, request, production, {**files, f".{settings.sound.format}": sound}, about)


def publish(episode: AssembledEpisode, staging: StagedFiles) -> PublishedEpisode:
    """Move the files of an episode into place, with the record that lists them: all or none.

    Raises:
        OccupiedError: A file exists that this source's last render did not write.
        OSError: Nothing was moved: there is no room, or a file cannot be replaced.
    """
    request, production = episode.request, episode.production
    source = describe_source(request.destination)
    origin = Origin(request.fingerprint, request.skipped, request.specs, source, episode.about)

    def record_of(files: Sequence[RecordedFile], earlier: Mapping[str, str]) -> EpisodeRecord:
        return episode_record(episode.script, production, origin, files, earlier)

    published = publish_files(
        staging, request.destination, episode.files, lambda files, earlier: record_of(files, earlier).format()
    )
    return PublishedEpisode(
        published.paths[-1],
        published.paths,
        record_of(published.files, published.earlier),
        production.timeline,
        production.levels,
        production.mastering,
        production.warnings,
        published.kept,
    )


def _tags(script: Script, settings: Settings, request: EpisodeRequest, cover: Cover, lyrics: str) -> Tags:
    return Tags(
        title=script.title,
        artists=request.artists or script.speakers,
        album=settings.show.title,
        language=script.language,
        date=request.date,
        cover=cover.embedded,
        comment="" if settings.show.disclosure == "none" else disclosure_of(script),
        lyrics=lyrics,
    )


def _with_images(tags: Tags, images: ChapterImages, timeline: Timeline, sound: Sound) -> Tags:
    """Return tags with the images of chapters, as far as a tag has room for them; an MP3 alone has a place."""
    if sound.format != "mp3" or not images.files:
        return tags
    from interview_audio.production.containers.mp3 import write_tag

    room = LARGEST_TAG - len(write_tag(tags, timeline))
    return replace(tags, chapter_images=fit_into_tag(images, room))


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _loudness_warnings(loudness: Loudness, sound: Sound) -> tuple[str, ...]:
    warnings = []
    if abs(loudness.integrated - sound.loudness) > _LOUDNESS_PROMISE:
        warnings.append(f"the loudness of the episode is {loudness.integrated:.1f} LUFS, not {sound.loudness:.1f}")
    if loudness.true_peak > TRUE_PEAK_LIMIT:
        warnings.append(f"the true peak of the episode is {loudness.true_peak:.1f} dBTP, above {TRUE_PEAK_LIMIT:.1f}")
    return tuple(warnings)


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
        with StagedFiles(destination.folder) as staging:
            sound = staging.temporary()
            master_episode(timeline, levels, heard.sound, tags, sound)
            publish_files(
                staging,
                destination,
                {PREVIEW_SUFFIXES[-1]: sound},
                lambda files, _: preview_record(script, describe_source(destination), files).format(),
            )
    except OSError as error:
        raise OutputError(
            f"{path}: the preview cannot be written ({error.strerror}); make room or choose another folder with -o"
        ) from error
    return timeline


def _sound(sound: Sound) -> Sound:
    if sound.format != "mp3":
        plain = Sound()
        sound = replace(sound, format=plain.format, bitrate=plain.bitrate, sample_rate=plain.sample_rate)
    return replace(sound, intro=None, outro=None)


@dataclass(frozen=True, slots=True)
class PublishedFiles:
    """Files that are in place."""

    paths: tuple[Path, ...]
    """The sound last."""
    kept: Mapping[str, str]
    """Files that a person had edited and that are as they were, and the name of the new one beside each."""
    files: Sequence[RecordedFile]
    """All but the record, as that lists them."""
    earlier: Mapping[str, str]
    """SHA-256 by name of files that an earlier render wrote and that are as they were."""


def publish_files(
    staging: StagedFiles,
    destination: Destination,
    made: Mapping[str, Path],
    format_record: Callable[[Sequence[RecordedFile], Mapping[str, str]], str],
) -> PublishedFiles:
    """Move finished files and the record that lists them into place, all or none.

    Args:
        staging: Where the files were made.
        destination: Where they go.
        made: Suffix to temporary file, the sound last.
        format_record: Gives the record's text for these files and for earlier ones that stay, with their SHA-256.

    Raises:
        OccupiedError: A file exists that this source's last render did not write.
        OSError: Nothing was moved: there is no room, or a file cannot be replaced.
    """
    contents = {suffix: (path.stat().st_size, sha256_of(path)) for suffix, path in made.items()}
    *sidecars, sound = made
    suffixes = (*sidecars, destination.record_suffix, sound)
    record = staging.temporary()
    assigned: list[FileNames] = []

    def name_files() -> dict[str, Path]:
        chosen = assign_names(destination, suffixes)
        assigned.append(chosen)
        record.write_text(format_record(_recorded_files(contents, chosen), chosen.earlier), "utf-8", newline="\n")
        files = {**made, destination.record_suffix: record}
        return {chosen.names[suffix]: files[suffix] for suffix in suffixes}

    paths = staging.publish(name_files)
    names = assigned[-1]
    return PublishedFiles(paths, names.kept, _recorded_files(contents, names), names.earlier)


def _recorded_files(contents: Mapping[str, tuple[int, str]], names: FileNames) -> tuple[RecordedFile, ...]:
    """Return the files with the size and SHA-256 of each, by suffix, as a record lists them."""
    beside = {new: edited for edited, new in names.kept.items()}
    return tuple(
        RecordedFile(names.names[suffix], size, sha256, beside.get(names.names[suffix]))
        for suffix, (size, sha256) in contents.items()
    )
