"""Casts as files: a first ``voices.yaml`` for an interview, and the ``cast.yaml`` of a series.

The first has the people of an interview, each with a voice in every language that they speak. The second has those whom
finished episodes add to it; and what would be heard otherwise in these by a change of it is told here, too.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from interview_audio.configuration.documents import inline
from interview_audio.configuration.languages import language_name
from interview_audio.configuration.loading import cast_speakers
from interview_audio.configuration.lookup import packaged_schema
from interview_audio.configuration.settings import Place, Speaker
from interview_audio.configuration.yaml_edits import has_value, set_value
from interview_audio.engines.protocol import Diagnosable
from interview_audio.engines.registry import TRIAL_ENGINE, engine_names
from interview_audio.errors import EngineError, InterviewAudioError, VoiceError
from interview_audio.files.episode_record import RECORD_SUFFIX, EpisodeRecord
from interview_audio.files.ownership import recorded_source
from interview_audio.production.record_mapping import last_render
from interview_audio.rendering.job import ParsedSource, RenderJob, cast_source, prepare
from interview_audio.rendering.options import STRICT, RenderOptions
from interview_audio.script.casting import CHOSEN_BY_USER, HOST, possible_names, settings_entry, speaker_entries
from interview_audio.script.lines import NARRATOR, CastMember, Voice, named_people, people_without_a_name
from interview_audio.synthesis.clip_worker import LoadedEngines
from interview_audio.synthesis.planning import engine_settings_json
from interview_audio.text.characters import has_han
from interview_audio.text.printable import harmless
from interview_audio.transcript.turns import Person

_ABOUT_RATE = "1.05 is a twentieth faster"
_ABOUT_ALIASES = "other names and labels for the same person"
_PLAIN_ARGUMENT = re.compile(r"[\w./,:@%+=-]+")
"""What no shell takes for anything else."""


@dataclass(frozen=True, slots=True)
class EngineCast:
    """Who would speak with which voice of one engine."""

    engine: str
    members: Mapping[str, CastMember]
    """By canonical name, the narrator among them."""


def casts_of(parsed: ParsedSource, options: RenderOptions, engines: LoadedEngines) -> tuple[EngineCast, ...]:
    """Cast an interview for every engine that can speak now, as far as that is known without a request.

    Args:
        parsed: The interview.
        options: What was chosen beside it; an engine that is named there is the only one.
        engines: Those of the run.

    Raises:
        EngineError: The engine that was chosen cannot work here.
        VoiceError: It has no voice for anybody.
        SourceError: Nothing of the interview is read aloud.
    """
    chosen = options.engine or parsed.engine
    found = []
    for name in [chosen] if chosen else engine_names():
        if name == TRIAL_ENGINE and not chosen:
            continue
        try:
            engine = engines.get(name, engine_settings_json(parsed.settings.engines.get(name, {})))
            if isinstance(engine, Diagnosable) and engine.availability(online=False).state == "unavailable":
                continue
            job = cast_source(parsed, replace(options, engine=name), engines, is_partial=True)
        except (EngineError, VoiceError):
            if chosen:
                raise
            continue  # an engine that does not work here gets no line
        found.append(EngineCast(name, {member.speaker: member for member in job.cast}))
    return tuple(found)


def voices_file(parsed: ParsedSource, casts: Sequence[EngineCast]) -> str:
    """Return the text of a ``voices.yaml`` for an interview, with a comment for what was guessed.

    Whoever asks comes first, the narrator last. What a setting means is said once.
    """
    people = sorted(parsed.transcript.speakers, key=lambda person: person.role != HOST)
    lines = [
        f"# yaml-language-server: $schema={packaged_schema().as_uri()}",
        *map(_comment, _head(parsed.inputs.source.name, people)),
        "",
        *_engine(parsed, casts),
        "speakers:",
    ]
    unnamed = people_without_a_name((person.name, person.role) for person in people)
    host = next((person.name for person in people if unnamed.get(person.name) == HOST), None)
    said: set[str] = set()
    for person in people:
        lines += [
            "",
            *(_host(person, said) if person.name == host else _person(person, said)),
            *_voices(person.name, casts),
        ]
    if any(NARRATOR in cast.members for cast in casts):
        lines += ["", "  narrator:  # reads title, introduction and narration", *_voices(NARRATOR, casts)]
    return "\n".join(lines) + "\n"


def _head(source: str, people: Sequence[Person]) -> Iterator[str]:
    person = next((one.name for one in people if one.role != HOST), people[0].name if people else NARRATOR)
    argument = _argument(source)
    yield f"The cast of {source}, as it was understood. Change what you like; every line may go."
    yield f"Render it:     interview-audio render {argument}"
    yield f"Hear a voice:  interview-audio voices audition VOICE --from {argument} --speaker {_argument(person)}"
    yield "All voices:    interview-audio voices gallery"
    yield f"Check it:      interview-audio voices check {argument} --explain"


def _argument(text: str) -> str:
    """Return a text as one word of a command line, as far as all shells agree."""
    return text if _PLAIN_ARGUMENT.fullmatch(text) else f'"{text}"'


def _comment(text: str) -> str:
    return f"# {harmless(text)}"


def _engine(parsed: ParsedSource, casts: Sequence[EngineCast]) -> Iterator[str]:
    """Yield a hint at another engine where the one that will speak has no voice for somebody."""
    usual = parsed.engine or parsed.settings.engine
    needs = {cast.engine: sum(len(member.voices) for member in cast.members.values()) for cast in casts}
    better = max(needs, key=lambda engine: (needs[engine], engine == usual), default=usual)
    if better == usual or usual not in needs:
        return
    missing = dict.fromkeys(
        language_name(language)
        for name, member in _cast_of(better, casts).members.items()
        for language, _ in member.voices
        if language not in dict(_voices_of(name, usual, casts))
    )
    yield f"# engine: {better}  # {usual} has no voice for {', '.join(missing)} here"
    yield ""


def _cast_of(engine: str, casts: Sequence[EngineCast]) -> EngineCast:
    return next(cast for cast in casts if cast.engine == engine)


def _voices_of(speaker: str, engine: str, casts: Sequence[EngineCast]) -> Sequence[tuple[str, Voice]]:
    member = _cast_of(engine, casts).members.get(speaker)
    return member.voices if member else ()


def _host(person: Person, said: set[str]) -> Iterator[str]:
    """Yield the entry of the role for a host whom the text calls by the label alone."""
    yield f"  {HOST}:  # the person who asks, called {harmless(person.name)} in the text"
    yield _setting("gender", person.gender, "write female or male")
    yield _setting("rate", 1.0, _once(_ABOUT_RATE, said))


def _person(person: Person, said: set[str]) -> Iterator[str]:
    role = "asks the questions" if person.role == HOST else person.evidence
    yield f"  {inline(person.name)}:" + (f"  # {harmless(role)}" if role else "")
    yield _setting("aliases", list(person.aliases), _once(_ABOUT_ALIASES, said))
    reason = f"guessed: {person.gender_reason}" if person.gender_reason else "write female or male"
    yield _setting("gender", person.gender, reason)
    yield _setting("rate", 1.0, _once(_ABOUT_RATE, said))


def _setting(key: str, value: object, comment: str) -> str:
    return f"    {key}: {inline(value)}" + (f"  # {harmless(comment)}" if comment else "")


def _once(comment: str, said: set[str]) -> str:
    """Return a comment the first time, and nothing after that: a cast of twenty is not read twenty times."""
    is_new = comment not in said
    said.add(comment)
    return comment if is_new else ""


def _voices(speaker: str, casts: Sequence[EngineCast]) -> Iterator[str]:
    given = {cast.engine: dict(cast.members[speaker].voices) for cast in casts if speaker in cast.members}
    languages = dict.fromkeys(language for voices in given.values() for language in voices)
    if not languages:
        return
    yield "    voices:"
    for language in languages:
        names = {engine: voices[language].name for engine, voices in given.items() if language in voices}
        yield f"      {inline(language)}: {inline(names)}"


_HEAD = """\
# Who speaks with which voice in all episodes of a show, whose texts lie beside this file or up to three folders below.
# A voices.yaml beside a text counts more. Another name of a person, as another text prints it, goes into aliases: [].
# Which finished episodes would be heard with other voices: interview-audio voices check --episodes output
"""


@dataclass(frozen=True, slots=True)
class KeptVoice:
    """What became of a voice that somebody has in an episode."""

    speaker: str
    """As the series calls them."""
    language: str
    voice: Voice
    source: Path
    """Of the episode."""
    instead: str | None = None
    """The voice that the series already has for them; None where this one has been added."""


@dataclass(frozen=True, slots=True)
class SeriesCast:
    """The cast of a series with what episodes add to it."""

    text: str
    voices: tuple[KeptVoice, ...]
    """Of everybody in these episodes, in order."""


def add_voices(text: str, file: Path, jobs: Sequence[RenderJob]) -> SeriesCast:
    """Add the people of some episodes, with the voices that they have, to the cast of their series.

    What is there stays as it is, comments among it.

    Args:
        text: Of the file; empty for a new one.
        file: For messages.
        jobs: The episodes, the earliest first: a voice that somebody has in one of them is kept from there.

    Raises:
        ConfigurationError: The file is not the cast of a series.
        UsageError: It is written in a way in which nothing can be added.
    """
    found: list[KeptVoice] = []
    for job in jobs:
        for member, person in _members(job):
            speakers = cast_speakers(text, file)
            entry = _entry(member, person, speakers)
            known = entry.voices if entry else {}
            name = entry.name if entry else _key(member, person)
            added: dict[str, dict[str, str]] = {}
            for language, voice in member.voices:
                there = known.get(language, {}).get(voice.engine)
                found.append(KeptVoice(name, language, voice, job.source, there))
                if there is None:
                    added.setdefault(language, {})[voice.engine] = voice.name
            if entry is None and added:
                text = _with_person(text, name, _described(member, person) | {"voices": added})
            for language, names in added.items() if entry else ():
                for engine, voice_name in names.items():
                    text = set_value(text, ("speakers", name, "voices", language, engine), voice_name)
    return SeriesCast(text, tuple(found))


def _members(job: RenderJob) -> Iterator[tuple[CastMember, Person | None]]:
    """Yield who has a name, and who else has a voice that nothing has chosen: it could be another one next time."""
    people = {person.name: person for person in job.transcript.speakers}
    host = job.settings.speakers.get(HOST)
    named = named_people(((one.name, one.role) for one in people.values()), host.aliases if host else ())
    for member in job.cast:
        if member.speaker in named:
            yield member, people[member.speaker]
        # Whoever has a voice by default, or because the user says so, gets it in every episode anyway.
        elif member.role in (NARRATOR, HOST) and not member.reason.startswith(("default", *CHOSEN_BY_USER)):
            yield member, None


def _key(member: CastMember, person: Person | None) -> str:
    return member.speaker if person else member.role


def _entry(member: CastMember, person: Person | None, speakers: Mapping[str, Speaker]) -> Speaker | None:
    if person is None:
        return speakers.get(member.role)
    return settings_entry(person, possible_names([person])[person.name], speakers)


def _described(member: CastMember, person: Person | None) -> dict[str, Any]:
    """Return what a new entry says beside the voices.

    Of other names only those in another writing are kept: initials and surnames mean somebody else in the next episode.
    """
    voices = [voice for _, voice in member.voices]
    values: dict[str, Any] = {"display": member.display} if member.display else {}
    if person:
        aliases = [name for name in person.aliases if has_han(name) != has_han(person.name)]
        values |= {"aliases": aliases} if aliases else {}
        values |= {"gender": person.gender} if person.gender != "unknown" else {}
    for key, usual, given in (
        ("rate", 1.0, {one.rate for one in voices}),
        ("pitch", 0.0, {one.pitch for one in voices}),
    ):
        if given != {usual} and len(given) == 1:
            values[key] = given.pop()
    return values


def _with_person(text: str, name: str, values: Mapping[str, Any]) -> str:
    if has_value(text, ("speakers",)):
        return set_value(text, ("speakers", name), values)
    above = text if text.endswith("\n") else f"{text}\n" if text else _HEAD
    return f"{above}\nspeakers:\n  {inline(name)}: {inline(values)}\n"


@dataclass(frozen=True, slots=True)
class ChangedVoice:
    """Somebody who would speak otherwise than in a finished episode."""

    speaker: str
    language: str
    before: Voice | None
    """None where they had none."""
    after: Voice | None
    place: Place | None
    """Where settings say so."""
    lines: int
    """That they would speak in this language."""


@dataclass(frozen=True, slots=True)
class FinishedEpisode:
    """An episode, and who would speak otherwise in it if it were rendered now."""

    name: str
    """Of its sound file."""
    changes: tuple[ChangedVoice, ...] = ()
    fault: str = ""
    """Why that is not known; empty if it is."""


def changed_episodes(folder: Path, voices: Path | None, engines: LoadedEngines) -> Iterator[FinishedEpisode]:
    """Yield the episodes in a folder, in order of name, and which voices the settings would change in them.

    Args:
        folder: With the records of the episodes.
        voices: A settings file, over every other.
        engines: Those of the run.
    """
    for path in sorted(folder.glob(f"*{RECORD_SUFFIX}")):
        stem = path.name.removesuffix(RECORD_SUFFIX)
        record = EpisodeRecord.read(folder, stem)
        if record is None:
            yield FinishedEpisode(path.name, fault="this record cannot be read")
            continue
        try:
            yield _finished(record, RenderOptions(output=folder, name=stem, voices=voices), engines)
        except InterviewAudioError as error:
            yield FinishedEpisode(record.sound.name, fault=str(error))


def _finished(record: EpisodeRecord, options: RenderOptions, engines: LoadedEngines) -> FinishedEpisode:
    name, source = record.sound.name, recorded_source(record.manifest, options.folder)
    if source is None or not source.is_file():
        return FinishedEpisode(name, fault="its source is not where it was" if source else "its source was piped in")
    job = prepare(source, _as_before(record, options), engines, is_partial=True)
    before = {(member.speaker, tag): voice for member in last_render(record).cast for tag, voice in member.voices}
    after = {(member.speaker, tag): voice for member in job.cast for tag, voice in member.voices}
    changed = [key for key in dict.fromkeys([*after, *before]) if before.get(key) != after.get(key)]
    return FinishedEpisode(
        name,
        tuple(
            ChangedVoice(*key, before.get(key), after.get(key), _place(job, *key), _lines(job, *key)) for key in changed
        ),
    )


def _as_before(record: EpisodeRecord, options: RenderOptions) -> RenderOptions:
    """Return the options with those that were given to the last render and change what is spoken."""
    given = record.fingerprint.options
    return replace(
        options,
        engine=given.get("engine"),
        language=given.get("language"),
        title=given.get("title"),
        reads_everything="read_everything" in given,
        is_strict=STRICT in given,
    )


def _place(job: RenderJob, speaker: str, language: str) -> Place | None:
    """Return where the settings say how somebody speaks a language."""
    entry = speaker_entries(job.transcript.speakers, job.settings.speakers).get(speaker)
    if entry is None:
        return None
    places = job.settings.places
    return places.get(("speakers", entry.name, "voices", language)) or entry.place


def _lines(job: RenderJob, speaker: str, language: str) -> int:
    return sum(line.speaker == speaker and line.language == language for line in job.script.lines)
