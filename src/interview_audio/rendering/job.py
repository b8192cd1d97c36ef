"""From a source to a script: everything that is known before the first sound is made, and every check that can fail.

Starts workers for a render whose source has not been read yet: they load their engine while it is.
"""

import contextlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from interview_audio.configuration.documents import parse_document
from interview_audio.configuration.loading import load_settings
from interview_audio.configuration.lookup import nearest_file, settings_files
from interview_audio.configuration.settings import Settings
from interview_audio.engines.protocol import MAX_SOCKETS, Engine, Online
from interview_audio.engines.registry import TRIAL_ENGINE, engine_names, load_engine
from interview_audio.errors import (
    ConfigurationError,
    EngineError,
    InterviewAudioError,
    SourceError,
    UsageError,
    VoiceError,
)
from interview_audio.files.file_names import stem_of
from interview_audio.files.input_files import SOURCE, read_file
from interview_audio.files.ownership import Destination, is_same_source, protected_files
from interview_audio.production.audio.music import Soundtrack, open_music
from interview_audio.production.episode_record import LastRender, last_render
from interview_audio.rendering.options import Options
from interview_audio.rendering.settings_checks import check_pronunciations, unmatched_entries
from interview_audio.rendering.up_to_date import ASSETS, asset_digests, fingerprint, read_episode
from interview_audio.script.building import build_script, spoken_turns
from interview_audio.script.casting import cast_voices, refuse_unknown_names
from interview_audio.script.lines import CastMember, Line, Script
from interview_audio.script.script_file import is_script, transcript_from_dict, voices_of
from interview_audio.script.takes import keep_takes, parse_target, redo, select
from interview_audio.synthesis.clip_worker import engine_here
from interview_audio.synthesis.workers import Workforce
from interview_audio.transcript.classification.paragraph_kinds import TITLE
from interview_audio.transcript.parsing import parse_transcript
from interview_audio.transcript.reading import read_source
from interview_audio.transcript.turns import Transcript, Turn

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A source that has been read, cast and checked."""

    source: Path
    transcript: Transcript
    settings: Settings
    engine: Engine
    engine_settings: Mapping[str, Any]
    """Its part of ``voices.yaml``, with what the command line says of it."""
    cast: tuple[CastMember, ...]
    script: Script
    soundtrack: Soundtrack
    fingerprint: dict[str, Any] = field(repr=False)
    destination: Destination = field(repr=False)
    """Where its episode goes."""
    last: LastRender = field(default=LastRender(), repr=False)
    """What the last render of this episode was."""
    warnings: tuple[str, ...] = ()
    """What the user should know before anything is spoken, one line each."""


def prepare(source: Path, options: Options) -> Prepared:
    """Read a source or script file, cast it and check every voice; takes of the last render are kept.

    Raises:
        SourceError: The source cannot be understood.
        ConfigurationError: A mistake in a settings file, with its place.
        VoiceError: No voice for a speaker.
        EngineError: The engine cannot work here.
        UsageError: What is to be done again is not there.
    """
    made_from = fingerprint(source, options)
    understood = understand(source, options)
    transcript, settings = understood.transcript, understood.settings
    soundtrack = open_music(settings.sound, settings.places)
    if settings.show.cover:
        _check_cover(settings.show.cover, settings.places.get(("show", "cover")))
    made_from |= {ASSETS: asset_digests(settings.assets(), source, options)}
    engine, engine_settings = _engine(settings, options, options.engine or understood.engine)
    try:
        spoken = spoken_turns(transcript, settings)
    except SourceError as error:
        raise SourceError(error.message, str(source)) from error
    destination = _destination(source, options, understood, made_from["inputs"][0], engine)
    last = _last_render(destination) if options.output else LastRender()
    members = cast_voices(transcript, spoken, settings, engine, last.cast, understood.voices)
    script = build_script(transcript, spoken, members, settings)
    _check_writing(script, engine)
    check_pronunciations(script.lines, settings, engine)
    script = replace(script, lines=_with_takes(script, transcript, last, options))
    return Prepared(
        source=source,
        transcript=transcript,
        settings=settings,
        engine=engine,
        engine_settings=engine_settings,
        cast=members,
        script=script,
        soundtrack=soundtrack,
        fingerprint=made_from,
        destination=destination,
        last=last,
        warnings=warnings_about(understood, spoken, source, options),
    )


def _destination(source: Path, options: Options, understood: "Understood", sha256: str, engine: Engine) -> Destination:
    return Destination(
        options.folder,
        options.stem(source),
        source,
        sha256,
        "\n".join(turn.text for turn in understood.transcript.turns),
        protected_files(source, settings_files(source, options.voices), understood.settings.assets()),
        is_trial=engine.name == TRIAL_ENGINE,
        is_forced=options.is_forced,
    )


def _last_render(destination: Destination) -> LastRender:
    """What the last render of this source says; an episode of another source with the same name says nothing."""
    record = read_episode(destination.folder, destination.stem)
    assert destination.source is not None
    if record is None or not is_same_source(record, destination.folder, destination.source, destination.text):
        return LastRender()
    return last_render(record)


def prepare_with_fallback(source: Path, options: Options) -> Prepared:
    """Like ``prepare``, and see that the engine of ``--fallback`` could speak it too, before it is needed.

    Raises:
        UsageError: The fallback is the engine itself.
    """
    prepared = prepare(source, options)
    if options.fallback is not None:
        if options.fallback == prepared.engine.name:
            raise UsageError(f"--fallback {options.fallback} is already the engine in use; choose another")
        prepare(source, replace(options, engine=options.fallback, fallback=None))
    return prepared


def _check_writing(script: Script, engine: Engine) -> None:
    """See that a line in Chinese characters alone has a voice that reads them, whatever language it counts as."""
    for line in script.lines:
        letters = [character for character in line.text if character.isalpha()]
        if letters and line.language not in ("zh", "ja") and all(map(_HAN.match, letters)):
            try:
                engine.check(line.voice.name, "zh")
            except VoiceError as error:
                raise VoiceError(f"line {line.source_line} is in Chinese characters: {error}") from error


def _check_cover(path: Path, place: tuple[str, int, int] | None) -> None:
    from interview_audio.production.cover.artwork import check_cover  # it loads Pillow, which few need

    try:
        check_cover(path)
    except ConfigurationError as error:
        if place is None:
            raise
        raise ConfigurationError(f"show.cover: {error}", *place) from error


def _with_takes(script: Script, transcript: Transcript, last: LastRender, options: Options) -> tuple[Line, ...]:
    lines = keep_takes(script.lines, last.spoken)
    targets = [parse_target(written) for written in options.redo]
    chosen = {index for target in targets for index in select(target, lines, transcript.speakers, last.spoken)}
    return redo(lines, chosen, options.take)


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
    settings = load_settings(settings_files(source, options.voices), options.format)
    try:
        text = read_source(source)
        if is_script(text, source.suffix):
            if options.language:
                raise UsageError(f"--language does not apply to {source}, a script file; change `language` in it")
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
    refuse_unknown_names(transcript.speakers, settings.speakers)
    title = options.title or transcript.title or stem_of(source)
    turns = _retitled(transcript.turns, options.title) if options.title else transcript.turns
    return replace(understood, transcript=replace(transcript, title=title, turns=turns))


def warnings_about(understood: Understood, spoken: Sequence[Turn], source: Path, options: Options) -> tuple[str, ...]:
    """What the user should know of a source and its settings before anything is spoken, one line each."""
    nearest = nearest_file(source, options.voices)
    return unmatched_entries(understood.transcript, spoken, understood.settings, source, nearest)


def _retitled(turns: Sequence[Turn], title: str) -> tuple[Turn, ...]:
    """The turns, the one that is the title reading as the command line says."""
    return tuple(
        replace(turn, text=title) if turn.kind == "heading" and turn.reason == TITLE else turn for turn in turns
    )


def _engine(settings: Settings, options: Options, name: str | None) -> tuple[Engine, Mapping[str, Any]]:
    """The engine, and the settings with which it is to speak."""
    chosen = name or settings.engine
    own = settings.engines.get(chosen, {})
    try:
        engine = load_engine(chosen, own)
        if not isinstance(engine, Online):
            return engine, own
        jobs = {"sockets": min(options.jobs, MAX_SOCKETS)} if options.jobs else {}
        own = {**own, **jobs, **({"offline": True} if options.is_offline else {})}
        return engine_here(chosen, json.dumps(own, sort_keys=True)), own
    except EngineError as error:
        is_known = chosen in engine_names()
        place = settings.places.get(("engines", chosen) if is_known else ("engine",))
        if place is None or (name and not is_known):
            raise
        raise ConfigurationError(str(error), *place) from error


_COMMON_HAN = range(0x4E00, 0xA000)


def anticipate(source: Path, options: Options, workforce: Workforce) -> None:
    """Guess engine and language, and start as many workers as a new episode needs, or one where there is an old one.

    A mistake in the settings is not told here: ``preparing`` tells it with its place.
    """
    with contextlib.suppress(InterviewAudioError, OSError):
        settings = load_settings(settings_files(source, options.voices))
        name = options.engine or settings.engine
        engine = load_engine(name, settings.engines.get(name, {}))
        is_new = read_episode(options.folder, options.stem(source)) is None
        workforce.expect(engine, settings.engines.get(name, {}), _languages(source), None if is_new else 1)


def _languages(source: Path) -> tuple[str, ...]:
    text = read_file(source, SOURCE)[:100_000].decode("utf-8", "ignore")
    return ("zh",) if any(ord(character) in _COMMON_HAN for character in text) else ("en",)
