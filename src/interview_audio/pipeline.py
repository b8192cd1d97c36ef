"""From a source file to a finished episode: every stage in its order, and nothing rendered before all was checked."""

import os
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from interview_audio.configuration.loading import load_settings
from interview_audio.configuration.lookup import candidate_files
from interview_audio.configuration.settings import Settings
from interview_audio.configuration.writing import parse_document
from interview_audio.engines.engine import BUILT_IN, Engine, load_engine
from interview_audio.errors import ConfigurationError, EngineError, OutputError, SourceError, UsageError
from interview_audio.freshness import ASSETS, asset_digests, fingerprint, read_episode
from interview_audio.naming import stem_of
from interview_audio.options import Options
from interview_audio.production.cover.artwork import check_cover
from interview_audio.production.episode import Episode, EpisodeRequest, produce
from interview_audio.production.sound.music import Soundtrack, open_music
from interview_audio.script.building import build_script, spoken_turns
from interview_audio.script.casting import cast_voices, fold
from interview_audio.script.document import voices_of
from interview_audio.script.lines import CastMember, Script, Voice
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.executors import sensible_jobs, this_process, worker_processes
from interview_audio.synthesis.flac import DamagedClipError
from interview_audio.synthesis.store import ClipStore, default_folder
from interview_audio.synthesis.synthesizing import Work, plan_work, synthesize
from interview_audio.transcript.dates import source_date
from interview_audio.transcript.document import transcript_from_dict
from interview_audio.transcript.formats.recognition import is_script
from interview_audio.transcript.parsing import parse_transcript
from interview_audio.transcript.reading import read_source
from interview_audio.transcript.turns import Transcript, Turn


class Listener(Protocol):
    """Hears how a render goes."""

    def prepared(self, script: Script, work: Work) -> None:
        """The script and its cast stand; ``work`` is what is to be made."""

    def progress(self, stage: str, done: int, total: int) -> None:
        """So many parts of a stage (``voices``, ``sound``) are done."""

    def notice(self, message: str) -> None:
        """Something about this machine that is worth a line and changes nothing in the episode."""

    def warning(self, message: str) -> None:
        """Something that the user should know and that stops nothing."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A source that has been read, cast and checked."""

    source: Path
    transcript: Transcript
    settings: Settings
    engine: Engine
    cast: tuple[CastMember, ...]
    script: Script
    soundtrack: Soundtrack
    fingerprint: dict[str, Any] = field(repr=False)


def prepare(source: Path, options: Options) -> Prepared:
    """Read a source or script file, cast it and check every voice.

    Raises:
        SourceError: The source cannot be understood.
        ConfigurationError: A mistake in a settings file, with its place.
        VoiceError: No voice for a speaker.
        EngineError: The engine cannot work here.
    """
    made_from = fingerprint(source, options)
    understood = understand(source, options)
    transcript, settings = understood.transcript, understood.settings
    soundtrack = open_music(settings.sound, settings.places)
    check_cover(settings.show.cover)
    made_from |= {ASSETS: asset_digests(settings.assets(), source, options)}
    engine = _engine(settings, options.engine or understood.engine)
    try:
        spoken = spoken_turns(transcript, settings)
    except SourceError as error:
        raise SourceError(error.message, str(source)) from error
    previous = _previous_cast(read_episode(options.output, stem_of(source)) if options.output else None)
    members = cast_voices(transcript, spoken, settings, engine, previous, understood.voices)
    script = build_script(transcript, spoken, members, settings)
    return Prepared(source, transcript, settings, engine, members, script, soundtrack, made_from)


@dataclass(frozen=True, slots=True)
class Understood:
    """A source that has been read."""

    transcript: Transcript
    settings: Settings
    engine: str | None = None
    """The engine that a script file names."""
    voices: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    """The voices that a script file names, by speaker, language and engine."""


def understand(source: Path, options: Options) -> Understood:
    """Read a source or script file and the settings for it.

    Raises:
        SourceError: The source cannot be understood.
        ConfigurationError: A mistake in a settings file, with its place.
        UsageError: A language is given for a script file, which says its own.
    """
    settings = load_settings(
        [file for file in candidate_files(source, options.voices) if file.is_file()], options.format
    )
    try:
        text = read_source(source)
        if is_script(text, source.suffix):
            if options.language:
                raise UsageError(f"--language is for texts; {source} is a script file, change `language` in it")
            document = parse_document(text, str(source))
            transcript = transcript_from_dict(document)
            understood = Understood(transcript, settings, document.get("engine"), voices_of(document))
        else:
            transcript = parse_transcript(
                text, known=settings.speakers, language=options.language, suffix=source.suffix
            )
            understood = Understood(transcript, settings)
    except SourceError as error:
        if error.path:
            raise
        raise SourceError(error.message, str(source), error.line) from error
    title = options.title or transcript.title or stem_of(source)
    return replace(understood, transcript=replace(transcript, title=title))


def render(prepared: Prepared, options: Options, listener: Listener) -> Episode:
    """Make the clips that are missing and produce the episode into ``options.output`` (default: ``output``).

    Raises:
        SpeechError: Lines that cannot be said, named; all other clips are stored.
        EngineError: The engine failed.
        StoreError: The clip store cannot be written.
        OutputError: The episode cannot be written; the previous one is intact.
    """
    folder = options.folder
    check_writable(folder)
    store = ClipStore(options.store or default_folder())
    store.prepare()
    script, settings = prepared.script, prepared.settings
    engine_settings = settings.engines.get(prepared.engine.name, {})
    work = plan_work(script.lines, prepared.engine, engine_settings, settings.pronunciations, store)
    listener.prepared(script, work)
    for message in work.damaged:
        listener.warning(message)
    clips = _synthesize(prepared, work, options.jobs, listener)
    for message in _unspoken(script, clips):
        listener.warning(message)
    request = EpisodeRequest(
        folder=folder,
        stem=stem_of(prepared.source),
        artists=_artists(prepared),
        date=source_date(prepared.transcript.turns),
        fingerprint=prepared.fingerprint,
        soundtrack=prepared.soundtrack,
        skipped=_skipped(prepared.transcript, script),
        on_progress=lambda part: listener.progress("sound", round(part * 100), 100),
    )
    try:
        episode = produce(script, clips, settings, request)
    except DamagedClipError as error:
        # Only its sound shows it. Without the file the next look into the store makes the clip again.
        store.discard(Path(error.path))
        listener.warning(f"{error.path} is damaged ({error.reason}); it is made again")
        return render(prepared, options, listener)
    for message in episode.warnings:
        listener.warning(message)
    return episode


def check_writable(folder: Path) -> None:
    """Raise ``OutputError`` where no file can be made in ``folder``, which is made if it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".interview-audio-")
        os.close(handle)
        Path(name).unlink()
    except OSError as error:
        raise OutputError(f"cannot write to {folder}: {error.strerror}; choose another folder with -o DIR") from error


def write_text(path: Path, text: str) -> None:
    """Write a whole file or none: to a temporary name, then renamed. Raises ``OutputError``."""
    check_writable(path.parent)
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}; choose another with -o FILE") from error
    finally:
        temporary.unlink(missing_ok=True)


def _synthesize(prepared: Prepared, work: Work, jobs: int | None, listener: Listener) -> tuple[Clip, ...]:
    total = len(work.tasks)
    count = min(jobs or sensible_jobs(), max(total, 1)) if prepared.engine.heavy else 1
    executor = worker_processes(count) if prepared.engine.heavy else this_process()
    done = 0

    def on_clip(_: Clip) -> None:
        nonlocal done
        done += 1
        listener.progress("voices", done, total)

    if work.preparation:
        listener.notice(
            f"Preparing {prepared.engine.name} for this machine, once; the first lines are spoken meanwhile"
        )
    return synthesize(prepared.script.lines, work, executor, on_clip, listener.notice)


def _engine(settings: Settings, name: str | None) -> Engine:
    chosen = name or settings.engine
    try:
        return load_engine(chosen, settings.engines.get(chosen, {}))
    except EngineError as error:
        is_known = chosen in BUILT_IN
        place = settings.places.get(("engines", chosen) if is_known else ("engine",))
        if place is None or (name and not is_known):
            raise
        raise ConfigurationError(str(error), *place) from error


def _previous_cast(episode: dict[str, Any] | None) -> tuple[CastMember, ...]:
    members = episode.get("cast") if episode else None
    if not isinstance(members, list) or not all(map(_is_member, members)):
        return ()
    return tuple(
        CastMember(
            member["speaker"],
            member["role"],
            tuple((language, _voice(voice["voice"], voice["rate"])) for language, voice in member["voices"].items()),
            member["reason"],
        )
        for member in members
    )


def _is_member(entry: Any) -> bool:
    """Whether a part of a record is what production writes of a cast member; anybody may have edited the file."""
    if not isinstance(entry, dict) or not {"speaker", "role", "voices", "reason"} <= entry.keys():
        return False
    voices = entry["voices"]
    return isinstance(voices, dict) and all(
        isinstance(voice, dict) and isinstance(voice.get("voice"), str) and isinstance(voice.get("rate"), float)
        for voice in voices.values()
    )


def _voice(written: str, rate: float) -> Voice:
    engine, _, name = written.partition(":")
    return Voice(engine, name, rate)


def _unspoken(script: Script, clips: Sequence[Clip]) -> list[str]:
    """A named warning for each word that an engine has no sound for."""
    return list(
        dict.fromkeys(
            f"line {line.source_line}: no sound for {word!r}; say how under pronunciations: in voices.yaml"
            for line, clip in zip(script.lines, clips, strict=True)
            for word in clip.unspoken
        )
    )


def _artists(prepared: Prepared) -> tuple[str, ...]:
    """Who speaks, without hosts that have no name but a label (``Q``); those too where nobody has one."""
    host = prepared.settings.speakers.get("host")
    labels = {fold(alias) for alias in host.aliases} if host else set()
    named = tuple(name for name in prepared.script.speakers if fold(name) not in labels)
    return named or prepared.script.speakers


def _skipped(transcript: Transcript, script: Script) -> tuple[dict[str, Any], ...]:
    """The turns that are not read aloud, and why."""
    read = {line.turn for line in script.lines}
    return tuple(
        {"line": turn.line, "kind": turn.kind, "reason": _why_skipped(turn), "text": turn.text}
        for index, turn in enumerate(transcript.turns)
        if index not in read
    )


def _why_skipped(turn: Turn) -> str:
    if turn.kind not in ("speech", "narration"):
        return turn.reason
    return "read.narration is off" if any(map(str.isalnum, turn.text)) else "nothing to say aloud"
