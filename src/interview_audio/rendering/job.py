"""From a source to a job: who says what with which voice, and every check that can fail before a sound is made."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from interview_audio.configuration.documents import parse_document
from interview_audio.configuration.loading import settings_from
from interview_audio.configuration.settings import Place, Read, Settings
from interview_audio.engines.protocol import MAX_SOCKETS, Engine, Online
from interview_audio.engines.registry import RECORDINGS, TRIAL_ENGINE, engine_names, load_engine
from interview_audio.errors import ConfigurationError, EngineError, SourceError, UsageError, VoiceError
from interview_audio.files.episode_record import Fingerprint, RecordedAsset
from interview_audio.files.file_names import stem_of
from interview_audio.files.input_files import SOUND, InputFileError, PipedContents, digest_of, named_file, written_path
from interview_audio.files.ownership import (
    LYRICS_SUFFIX,
    Destination,
    chapter_image_suffix,
    episode_suffixes,
    is_same_source,
    protected_files,
)
from interview_audio.files.sound_files import SoundFileError, sound_seconds
from interview_audio.production.music import Soundtrack, open_music
from interview_audio.production.record_mapping import LastRender, last_render
from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.settings_checks import (
    UnmatchedEntry,
    check_pronunciations,
    fit_marks,
    overruled_voices,
    unmatched_entries,
    unmatched_warnings,
    untuned_turns,
)
from interview_audio.rendering.up_to_date import RenderInputs, asset_digests, fingerprint, read_inputs
from interview_audio.script.announcements import announcements
from interview_audio.script.building import build_script, spoken_turns
from interview_audio.script.casting import (
    SpeakingEngines,
    cast_voices,
    divided_by_voice,
    engines_of_speakers,
    ill_chosen,
    refuse_unknown_names,
    untuned,
    why_unvoiced,
)
from interview_audio.script.lines import CastMember, Line, Script, known_names, with_names
from interview_audio.script.script_file import guess_engine, is_script, transcript_from_dict, voices_of
from interview_audio.script.takes import keep_takes, name_takes, parse_line_selector, redo_lines, select_lines
from interview_audio.synthesis.clip_worker import LoadedEngines
from interview_audio.synthesis.planning import (
    EngineInUse,
    EnginesInUse,
    SynthesisPlan,
    engine_settings_json,
    plan_lines,
)
from interview_audio.synthesis.store import ClipStore, open_store
from interview_audio.synthesis.workers import WorkerPool
from interview_audio.text.characters import has_han
from interview_audio.transcript.document_text import is_document
from interview_audio.transcript.parsing import parse_transcript
from interview_audio.transcript.reading import decode_source, read_bytes
from interview_audio.transcript.receipt import Unread, measure_unread, named_lines
from interview_audio.transcript.turns import READ_IN_DOUBT, Recording, Transcript, Turn, everything_read

_ENOUGH = 100_000
"""Bytes of a source by which its language is guessed before it is parsed; a guess that is wrong costs a second."""


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """A source as it was understood."""

    inputs: RenderInputs
    transcript: Transcript
    settings: Settings
    engine: str | None = None
    """The engine that a script file names."""
    voices: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    """The voices that a script file names, by speaker, language and engine."""

    @property
    def recordings(self) -> tuple[Path, ...]:
        """The files of the turns that are recorded."""
        folder = self.inputs.source.parent
        return tuple({recorded_file(turn.recording, folder): None for turn in self.transcript.turns if turn.recording})

    @property
    def images(self) -> tuple[Path, ...]:
        """The files that chapters may show, whether they exist or not; none unless settings ask for them."""
        if not self.settings.chapters.images:
            return ()
        folder = self.inputs.source.parent
        found = (one for turn in self.transcript.turns for one in turn.references)
        return tuple(
            {written_path(one.target, folder): None for one in found if one.kind == "image" and not one.is_remote}
        )

    def warnings(self, spoken: Sequence[Turn]) -> tuple[str, ...]:
        """Return what was read otherwise than written or not at all, and what in the settings matches nothing.

        Args:
            spoken: The turns that are read aloud.
        """
        unread = (f"{self.inputs.source}: {warning}" for warning in self.unread(spoken).warnings())
        overruled = overruled_voices(self.transcript, self.settings, self.voices, self.inputs.source)
        return (*self.transcript.warnings, *unread, *overruled, *self.told(self.unmatched(spoken)))

    def told(self, unmatched: Sequence[UnmatchedEntry]) -> tuple[str, ...]:
        """Return the warnings of what in the nearest settings file matches nothing in this one interview."""
        return unmatched_warnings(unmatched, str(self.inputs.files.nearest), self.inputs.source.name, hints=True)

    def unmatched(self, spoken: Sequence[Turn]) -> tuple[UnmatchedEntry, ...]:
        """Return what in the nearest settings file matches nothing in the turns that are read aloud."""
        if self.inputs.settings is not None:
            return ()
        nearest = self.inputs.files.nearest
        return unmatched_entries(self.transcript, spoken, self.settings, self.inputs.source, nearest)

    def unread(self, spoken: Sequence[Turn]) -> Unread:
        """Measure what is not read where these turns are."""
        return measure_unread(self.transcript.turns, frozenset(map(id, spoken)))

    def refuse_doubts(self, spoken: Sequence[Turn]) -> None:
        """Raise a ``SourceError`` where anything was guessed, or a sentence is not read."""
        guesses = [
            turn
            for turn in self.transcript.turns
            if turn.confidence == "guessed" and not turn.reason.startswith(READ_IN_DOUBT)
        ]
        guessed = f"guessed in {named_lines(guesses)}; label the speaker there, or correct it in a script file"
        wrong = [*([guessed] if guesses else []), *self.unread(spoken).warnings()]
        if wrong:
            raise SourceError("; ".join(wrong), str(self.inputs.source))


@dataclass(frozen=True, slots=True)
class RenderJob:
    """A source with everything that a render needs, checked."""

    parsed: ParsedSource
    options: RenderOptions
    engines: EnginesInUse
    """Those that speak its lines; first the one of whoever has none of their own."""
    script: Script
    soundtrack: Soundtrack
    fingerprint: Fingerprint = field(repr=False)
    destination: Destination = field(repr=False)
    """Where its episode goes."""
    last: LastRender = field(default=LastRender(), repr=False)
    """What the last render of this episode was."""
    warnings: tuple[str, ...] = ()
    """What the user should know before anything is spoken, one line each."""
    unmatched: tuple[UnmatchedEntry, ...] = ()
    """What in the nearest settings file matches nothing; the warnings of that are among the others."""
    fallback: "RenderJob | None" = field(default=None, repr=False)
    """The same source with the engine of ``--fallback``, for when the service of this one cannot be used."""

    @property
    def engine(self) -> Engine:
        """The engine of whoever has none of their own."""
        return next(iter(self.engines.values())).engine

    @property
    def source(self) -> Path:
        """The file of the interview."""
        return self.parsed.inputs.source

    @property
    def transcript(self) -> Transcript:
        """The interview as it was understood."""
        return self.parsed.transcript

    @property
    def settings(self) -> Settings:
        """All settings that count for it."""
        return self.parsed.settings

    @property
    def cast(self) -> tuple[CastMember, ...]:
        """Who speaks with which voice."""
        return self.script.cast

    @property
    def store(self) -> ClipStore:
        """Where its clips are kept."""
        return open_store(self.options.store)

    @property
    def suffixes(self) -> tuple[str, ...]:
        """How the names of its episode's files end, the sound last."""
        lyrics = (LYRICS_SUFFIX,) if self.settings.captions.lyrics else ()
        images = map(chapter_image_suffix, range(1, len(self.parsed.images) + 1))
        return episode_suffixes(self.settings.sound.format, (*lyrics, *images))

    @property
    def settings_file(self) -> str:
        """The nearest settings file, which is about this interview; empty if there is none."""
        return str(self.parsed.inputs.files.nearest or "")

    def without_unmatched(self) -> "RenderJob":
        """Return the job without the warnings of what matches nothing in this one interview."""
        told = self.parsed.told(self.unmatched)
        return replace(self, warnings=tuple(one for one in self.warnings if one not in told))

    def plan_synthesis(self, lines: Sequence[Line]) -> SynthesisPlan:
        """Look some of its lines up in the store; raise ``StoreError`` if a clip cannot be opened."""
        return plan_lines(lines, self.engines, self.store, is_checked=self.settings.check_clips)

    def services_needed(self) -> frozenset[str]:
        """Return the engines off this machine that have to speak, because lines of theirs are not stored."""
        missing = {one.engine for one in self.plan_synthesis(self.script.lines).jobs.values()}
        return frozenset(name for name in missing if not self.engines[name].engine.local)


def prepare(
    source: str | Path | RenderInputs,
    options: RenderOptions,
    engines: LoadedEngines | None = None,
    pool: WorkerPool | None = None,
    *,
    is_partial: bool = False,
) -> RenderJob:
    """Read a source, parse it, cast it and check all that can be checked before anything is spoken.

    Args:
        source: An interview or a script file; or what has been read of it.
        options: What was chosen beside it.
        engines: Those of the run; whoever gives them closes them. An engine that uses the network needs that.
        pool: Workers that start while the source is parsed; it has its own engines.
        is_partial: Whether turns in a language without a voice are only left out of the script, with a warning.

    Raises:
        SourceError: The source cannot be understood.
        ConfigurationError: A mistake in a settings file, with its place.
        VoiceError: No voice for a speaker, and the script must be whole.
        EngineError: The engine cannot work here.
        UsageError: What is to be spoken again does not exist, or the fallback is the engine itself.
    """
    inputs = source if isinstance(source, RenderInputs) else read_inputs(source, options)
    engines = engines or (pool.engines if pool else LoadedEngines())
    return cast_source(parse_source(inputs, options, pool), options, engines, is_partial=is_partial)


def parse(  # noqa: PLR0913 - a keyword for each option
    source: str | Path,
    *,
    settings: Settings | None = None,
    voices: str | Path | None = None,
    language: str | None = None,
    title: str | None = None,
    read_everything: bool = False,
    strict: bool = False,
) -> Transcript:
    """Parse an interview: who says what, in which language, and what is not speech.

    Args:
        source: A file with an interview, or a script file; or, if it has a line break, the text of an interview.
        settings: Those to use instead of the ``voices.yaml`` files.
        voices: A settings file, over every other.
        language: Of the text, if it is detected wrongly.
        title: Of the episode, over the one in the text.
        read_everything: Read everything but labels, times, front matter, stage marks and markup.
        strict: Fail if anything was guessed, or if a sentence is not read.

    Raises:
        SourceError: The source cannot be understood, or not without the doubts that ``strict`` refuses.
        ConfigurationError: A mistake in a settings file or a script file, with its place.
    """
    options = RenderOptions(
        voices=Path(voices) if voices else None, language=language, title=title, reads_everything=read_everything
    )
    parsed = parse_source(read_inputs(source, options, settings), options)
    if strict:
        parsed.refuse_doubts(spoken_turns(parsed.transcript, parsed.settings))
    return parsed.transcript


def _warm_up(pool: WorkerPool, inputs: RenderInputs, settings: Settings, options: RenderOptions) -> None:
    """Guess engine and language, and start as many workers as a new episode needs, or one if there is an old one.

    An engine that cannot be loaded is not reported here: casting does that, with the place in the settings.
    """
    with contextlib.suppress(EngineError):
        name = options.engine or guess_engine(inputs.content, inputs.source.suffix) or settings.engine
        own = settings.engines.get(name, {})
        pool.warm_up(load_engine(name, own), own, _languages(inputs), None if inputs.record is None else 1)


def _languages(inputs: RenderInputs) -> tuple[str, ...]:
    # The bytes of a document are no characters, and not worth unpacking twice.
    text = "" if is_document(inputs.content) else inputs.content[:_ENOUGH].decode("utf-8", "ignore")
    return ("zh",) if has_han(text) else ("en",)


def parse_source(inputs: RenderInputs, options: RenderOptions, pool: WorkerPool | None = None) -> ParsedSource:
    """Parse the settings for a source, and then an interview or a script file.

    Args:
        inputs: What was read.
        options: What was chosen beside it.
        pool: Workers that start as soon as the settings are known.

    Raises:
        SourceError: The source cannot be understood.
        ConfigurationError: A mistake in a settings file or a script file, with its place.
        UsageError: A language is given for a script file, which says its own.
    """
    source = inputs.source
    settings = inputs.settings or settings_from(inputs.files, options.format)
    if options.reads_everything:
        settings = replace(settings, read=Read(title=True, narration=True, headings=True, quotes=True))
    if pool is not None and not pool.is_warm:
        _warm_up(pool, inputs, settings, options)
    try:
        text = decode_source(inputs.content, source)
        if is_script(text, source.suffix):
            if options.language:
                raise UsageError(f"--language does not apply to {source}, a script file; change `language` in it")
            document = parse_document(text, str(source))
            transcript = transcript_from_dict(document)
            if options.reads_everything:
                transcript = replace(transcript, turns=tuple(everything_read(transcript.turns)))
            parsed = ParsedSource(inputs, transcript, settings, document.get("engine"), voices_of(document))
        else:
            transcript = parse_transcript(
                text,
                known=settings.speakers,
                language=options.language,
                suffix=source.suffix,
                reads_everything=options.reads_everything,
            )
            parsed = ParsedSource(inputs, _named_as_printed(transcript, text, settings), settings)
            transcript = parsed.transcript
    except SourceError as error:
        if error.path:
            raise
        if error.line and is_document(inputs.content):
            raise SourceError(f"line {error.line} of its text: {error.message}", str(source)) from error
        raise SourceError(error.message, str(source), error.line, error.column) from error
    refuse_unknown_names(transcript.speakers, settings.speakers)
    transcript = replace(transcript, turns=tuple(_with_recordings(transcript.turns, source)))
    title = options.title or transcript.title or stem_of(source)
    turns = _retitled(transcript.turns, options.title) if options.title else transcript.turns
    return replace(parsed, transcript=replace(transcript, title=title, turns=turns))


def recordings_of(source: Path, piped: PipedContents) -> tuple[Path, ...]:
    """Return the files of the recorded turns of a source, if it is a script file; none of them is read.

    Raises:
        SourceError: It cannot be understood.
    """
    content = read_bytes(source, piped)
    if b"audio" not in content or is_document(content) or not is_script(decode_source(content, source), source.suffix):
        return ()
    turns = transcript_from_dict(parse_document(decode_source(content, source), str(source))).turns
    return tuple(recorded_file(turn.recording, source.parent) for turn in turns if turn.recording)


def recorded_file(recording: Recording, folder: Path) -> Path:
    """Return the file of a recording that a script file in a folder names; raise ``InputFileError`` for no name."""
    return folder / named_file(recording.file)


def _with_recordings(turns: Sequence[Turn], source: Path) -> Iterator[Turn]:
    """Yield the turns, those that are recorded with the digest of their file.

    Raises:
        SourceError: A file cannot be read or decoded, or ends before the turn begins; with file and turn.
    """
    read: dict[Path, tuple[float | None, str]] = {}
    for index, turn in enumerate(turns):
        if turn.recording is None:
            yield turn
            continue
        try:
            path = recorded_file(turn.recording, source.parent)
            seconds, sha256 = read[path] = read.get(path) or (sound_seconds(path), digest_of(path, SOUND))
        except (InputFileError, SoundFileError) as error:
            raise SourceError(f"turns[{index}].audio: {error}", str(source)) from error
        if seconds is not None and turn.recording.start >= seconds:
            message = f"turns[{index}].start: {path} has only {seconds:.1f} seconds, and not {turn.recording.start:g}"
            raise SourceError(message, str(source))
        yield replace(turn, recording=replace(turn.recording, sha256=sha256))


def _named_as_printed(transcript: Transcript, text: str, settings: Settings) -> Transcript:
    """Return a transcript in which the people of a series are called as this text does, if that is another writing.

    A cast serves texts in several languages, and who listens to a Chinese episode reads Chinese names.
    """
    printed: dict[str, str] = {}
    for person in transcript.speakers:
        entry = settings.speakers.get(person.name)
        if entry is None or not settings.is_of_series(entry) or person.name in text:
            continue
        names = (name for name in entry.aliases if has_han(name) != has_han(person.name))
        if name := next((name for name in names if name in text), None):
            printed[person.name] = name
    if not printed:
        return transcript
    people = (
        replace(
            person,
            name=printed.get(person.name, person.name),
            aliases=tuple(name for name in person.aliases if name != printed.get(person.name)),
        )
        for person in transcript.speakers
    )
    turns = (replace(turn, speaker=printed.get(turn.speaker or "", turn.speaker)) for turn in transcript.turns)
    return replace(transcript, speakers=tuple(people), turns=tuple(turns))


def _retitled(turns: Sequence[Turn], title: str) -> tuple[Turn, ...]:
    """Return the turns with the text of the title replaced by the one that the user chose."""
    return tuple(replace(turn, text=title, marks=()) if turn.is_title else turn for turn in turns)


def cast_source(
    parsed: ParsedSource, options: RenderOptions, engines: LoadedEngines, *, is_partial: bool = False
) -> RenderJob:
    """Choose the engine and everybody's voice, and check that all of it can be spoken, by the fallback too.

    The cast and the takes of the last render are kept. A partial script is without the turns that have no voice.

    Raises:
        ConfigurationError: The settings name an engine, a pronunciation, music or a cover that cannot be used.
        SourceError: Nothing of the interview is to be read aloud.
        VoiceError: No voice for a speaker, and the script is not partial.
        EngineError: The engine cannot work here.
        UsageError: What is to be spoken again does not exist, or the fallback is the engine itself.
    """
    settings = parsed.settings
    soundtrack = open_music(settings.sound, settings.places)
    if settings.show.cover:
        _check_cover(settings.show.cover, settings.places.get(("show", "cover")))
    assets = asset_digests((*settings.assets(), *parsed.recordings), parsed.inputs, parsed.images)
    job = _cast(parsed, soundtrack, assets, options, engines, is_partial=is_partial)
    if options.fallback is None:
        return job
    if [name for name in job.engines if name != RECORDINGS] == [options.fallback]:
        raise UsageError(f"--fallback {options.fallback} is already the engine in use; choose another")
    fallback = _cast(parsed, soundtrack, assets, replace(options, engine=options.fallback, fallback=None), engines)
    return replace(job, fallback=replace(fallback, warnings=()))  # both would give the same warnings


def _cast(
    parsed: ParsedSource,
    soundtrack: Soundtrack,
    assets: tuple[RecordedAsset, ...],
    options: RenderOptions,
    engines: LoadedEngines,
    *,
    is_partial: bool = False,
) -> RenderJob:
    inputs, settings, transcript = parsed.inputs, parsed.settings, parsed.transcript
    try:
        spoken = spoken_turns(transcript, settings)
    except SourceError as error:
        raise SourceError(error.message, str(inputs.source)) from error
    if options.is_strict:
        parsed.refuse_doubts(spoken)
    around = announcements(transcript, spoken, settings)
    spoken = (*around.before, *spoken, *around.after)
    transcript = replace(transcript, turns=(*transcript.turns, *around.before, *around.after))
    in_use, of_speakers = _engines(parsed, spoken, options, engines)
    speaking = {name: one.engine for name, one in in_use.items()}
    of_all = SpeakingEngines(next(iter(speaking.values())), {who: speaking[name] for who, name in of_speakers.items()})
    destination = _destination(parsed, options)
    last = _last_render(inputs, destination)
    members = cast_voices(transcript, spoken, settings, of_all, last.cast, parsed.voices)
    voiced, others = divided_by_voice(spoken, members)
    unvoiced = tuple(why_unvoiced(others, of_all, transcript.language))
    if unvoiced and not is_partial:
        raise VoiceError(unvoiced[0])
    script = build_script(transcript, voiced, members, settings)
    lines, unmarked = _fitted_lines(script, parsed, last, options, speaking)
    of_the_cast = tuple(
        warning for one in speaking.values() for warning in (*untuned(members, one), *ill_chosen(members, one))
    )
    return RenderJob(
        parsed=parsed,
        options=options,
        engines=in_use,
        script=replace(script, lines=lines),
        soundtrack=soundtrack,
        fingerprint=replace(fingerprint(inputs, options), assets=assets),
        destination=replace(destination, is_trial=any(line.voice.engine == TRIAL_ENGINE for line in lines)),
        last=last,
        warnings=(*parsed.warnings(spoken), *around.warnings, *unvoiced, *of_the_cast, *unmarked),
        unmatched=parsed.unmatched(spoken),
    )


def _fitted_lines(
    script: Script, parsed: ParsedSource, last: LastRender, options: RenderOptions, engines: Mapping[str, Engine]
) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Return the lines as their engines can say them, in the takes that are wanted, and what is said otherwise."""
    settings, transcript = parsed.settings, parsed.transcript
    _check_writing(script, engines)
    for engine in engines.values():
        check_pronunciations([line for line in script.lines if line.voice.engine == engine.name], settings, engine)
    lines, unmarked = fit_marks(_with_takes(script, transcript, last, options), engines)
    names = tuple(known_names(transcript.speakers, settings))
    for engine in engines.values():
        lines = with_names(lines, names, engine)
    return lines, (*untuned_turns(lines, transcript.turns, engines), *unmarked)


def _destination(parsed: ParsedSource, options: RenderOptions) -> Destination:
    inputs = parsed.inputs
    settings_files = (*(file.path for file in inputs.files.found), *filter(None, (parsed.settings.series,)))
    return Destination(
        options.folder,
        options.stem(inputs.source),
        inputs.source_file,
        "\n".join(turn.text for turn in parsed.transcript.turns),
        protected_files(inputs.source, settings_files, parsed.settings.assets(), parsed.recordings, parsed.images),
        is_forced=options.is_forced,
        elsewhere=inputs.elsewhere,
    )


def _last_render(inputs: RenderInputs, destination: Destination) -> LastRender:
    """Return what the last render of this source says; an episode of another source with the same name says nothing."""
    record = inputs.record
    if record is None or not is_same_source(record.manifest, destination.folder, inputs.source_file, destination.text):
        return LastRender()
    return last_render(record)


def _check_writing(script: Script, engines: Mapping[str, Engine]) -> None:
    """Check that a line in Chinese characters alone has a voice that reads them, whatever language it counts as."""
    for line in script.lines:
        letters = [character for character in line.text if character.isalpha()]
        if letters and line.language not in ("zh", "ja") and all(map(has_han, letters)):
            try:
                engines[line.voice.engine].check(line.voice.name, "zh")
            except VoiceError as error:
                raise VoiceError(f"{line.place} is in Chinese characters: {error}") from error


def _check_cover(path: Path, place: tuple[str, int, int] | None) -> None:
    from interview_audio.production.cover import check_cover  # it loads Pillow, which few need

    try:
        check_cover(path)
    except ConfigurationError as error:
        if place is None:
            raise
        raise ConfigurationError(f"show.cover: {error}", *place) from error


def _with_takes(script: Script, transcript: Transcript, last: LastRender, options: RenderOptions) -> tuple[Line, ...]:
    written = {index: turn.delivery.takes for index, turn in enumerate(transcript.turns) if turn.delivery.takes}
    lines = name_takes(keep_takes(script.lines, last.spoken), written)
    targets = [parse_line_selector(written) for written in options.redo]
    named = {index for target in targets for index in select_lines(target, lines, transcript.speakers, last.spoken)}
    chosen = {index for index in named if lines[index].voice.engine != RECORDINGS}
    if named and not chosen:
        raise UsageError("a recording has no other take; give the turn another audio:, or remove it")
    return redo_lines(lines, chosen, options.take)


def _engines(
    parsed: ParsedSource, spoken: Sequence[Turn], options: RenderOptions, engines: LoadedEngines
) -> tuple[EnginesInUse, Mapping[tuple[str, str], str]]:
    """Return the engines that speak, and who speaks which language with another than the first.

    An engine of the command line is everybody's: it is tried out, or takes the place of one that cannot speak.
    """
    settings = parsed.settings
    named = options.engine or parsed.engine
    first = named or settings.engine
    places = {first: None if named else settings.places.get(("engine",))}
    of_speakers: dict[tuple[str, str], str] = {}
    if options.engine is None:
        for who, name, place in engines_of_speakers(parsed.transcript, spoken, settings, parsed.voices):
            of_speakers[who] = name
            places.setdefault(name, place)
    in_use = {name: _engine(name, place, settings, options, engines) for name, place in places.items()}
    if any(turn.recording for turn in spoken):
        own = {"folder": str(parsed.inputs.source.absolute().parent)}
        in_use[RECORDINGS] = EngineInUse(load_engine(RECORDINGS, own), own, {})
    return in_use, of_speakers


def _engine(
    name: str, place: Place | None, settings: Settings, options: RenderOptions, engines: LoadedEngines
) -> EngineInUse:
    """Return an engine as it is to speak; ``place`` is where the settings name it."""
    own = {} if name == RECORDINGS else settings.engines.get(name, {})
    pronunciations = settings.pronunciations_for(name)
    try:
        engine = load_engine(name, own)
        if not isinstance(engine, Online):
            return EngineInUse(engine, own, pronunciations)
        jobs = {"sockets": min(options.jobs, MAX_SOCKETS)} if options.jobs else {}
        own = {**own, **jobs, **({"offline": True} if options.is_offline else {})}
        return EngineInUse(engines.get(name, engine_settings_json(own)), own, pronunciations)
    except EngineError as error:
        wrong = settings.places.get(("engines", name)) if name in engine_names() else place
        if wrong is None:
            raise
        raise ConfigurationError(str(error), *wrong) from error
