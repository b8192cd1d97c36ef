"""A first ``voices.yaml`` for an interview: its people, each with a voice in every language that they speak."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from interview_audio.configuration.documents import inline
from interview_audio.configuration.languages import language_name
from interview_audio.configuration.lookup import packaged_schema
from interview_audio.engines.protocol import Diagnosable
from interview_audio.engines.registry import TRIAL_ENGINE, engine_names
from interview_audio.errors import EngineError, VoiceError
from interview_audio.rendering.job import ParsedSource, cast_source
from interview_audio.rendering.options import RenderOptions
from interview_audio.script.casting import HOST
from interview_audio.script.lines import NARRATOR, CastMember, Voice, people_without_a_name
from interview_audio.synthesis.clip_worker import LoadedEngines
from interview_audio.synthesis.planning import engine_settings_json
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


def cast_file(parsed: ParsedSource, casts: Sequence[EngineCast]) -> str:
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
    yield _entry("gender", person.gender, "write female or male")
    yield _entry("rate", 1.0, _once(_ABOUT_RATE, said))


def _person(person: Person, said: set[str]) -> Iterator[str]:
    role = "asks the questions" if person.role == HOST else person.evidence
    yield f"  {inline(person.name)}:" + (f"  # {harmless(role)}" if role else "")
    yield _entry("aliases", list(person.aliases), _once(_ABOUT_ALIASES, said))
    reason = f"guessed: {person.gender_reason}" if person.gender_reason else "write female or male"
    yield _entry("gender", person.gender, reason)
    yield _entry("rate", 1.0, _once(_ABOUT_RATE, said))


def _entry(key: str, value: object, comment: str) -> str:
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
