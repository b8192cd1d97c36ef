"""Gives each speaker a voice in each language they speak: the one that ``voices.yaml`` names, else one of the pool."""

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from interview_audio.configuration.languages import UNKNOWN, language_name
from interview_audio.configuration.lookup import CAST_NAME, DEFAULT_NAME, NAME
from interview_audio.configuration.settings import Place, Settings, Speaker
from interview_audio.engines.edge.voices import LANGUAGES
from interview_audio.engines.protocol import (
    TOLD_APART,
    Describing,
    Engine,
    Measured,
    Tunable,
    VoiceTraits,
    fits,
    voice_distance,
)
from interview_audio.errors import ConfigurationError, VoiceError, alternatives, suggestion
from interview_audio.script.lines import NARRATOR, CastMember, Voice, named_people, other_names
from interview_audio.text.characters import name_key
from interview_audio.text.units import numbered
from interview_audio.transcript.people.misprints import misprints_of_names
from interview_audio.transcript.turns import Gender, Person, Transcript, Turn

HOST = "host"
_GUEST = "guest"
_CONTRAST = 5.0
"""The distance that a guest's voice keeps from a host's where it can, since they take turns all the time: about as far
as a half-and-half blend is from its parts."""
_MAX_NAMED = 3
"""People of whom a warning about their voices tells."""
CHOSEN_BY_USER = (NAME, CAST_NAME, "script file")
"""Why a voice is spoken with that a file of the user's names."""
_MAX_LINES_NAMED = 5
"""More would push what to do off the end of the message."""
_SPEAKS_MOST = "edge"
"""The engine with voices in more than 70 languages, to be suggested where another has none."""
_VOICE_IN_BLEND = re.compile(r"[\w-]*[A-Za-z][\w-]*")
"""A blend (``zm_yunxi*0.7 + am_fenrir*0.3``) takes up each of its voices."""


def possible_names(people: Sequence[Person]) -> dict[str, frozenset[str]]:
    """Return all that each person may be called, as name keys, by canonical name.

    An unnamed guest (``A``) is also called what listeners read (``Guest``), unless somebody else is.
    """
    own = {person.name: {name_key(person.name), *map(name_key, person.aliases)} for person in people}
    taken = {form for forms in own.values() for form in forms}
    shown = other_names((person.name, person.role) for person in people)
    return {name: frozenset(forms | ({*map(name_key, shown.get(name, ()))} - taken)) for name, forms in own.items()}


def settings_entry(person: Person, names: Collection[str], speakers: Mapping[str, Speaker]) -> Speaker | None:
    """Return the entry of ``speakers:`` that names this person, by name or alias; a role is not a name.

    Args:
        person: Whose entry is wanted.
        names: All that this person may be called, as name keys.
        speakers: The settings'.
    """
    named = [entry for key, entry in speakers.items() if key not in (HOST, NARRATOR)]
    for entry in named:
        if name_key(entry.name) == name_key(person.name):
            return entry
    return next(
        (entry for entry in named if not {name_key(entry.name), *map(name_key, entry.aliases)}.isdisjoint(names)), None
    )


def speaker_entries(people: Sequence[Person], speakers: Mapping[str, Speaker]) -> dict[str, Speaker | None]:
    """Return the entry of ``speakers:`` by which each person and the narrator speak: their own, else their role's."""
    names, host = possible_names(people), speakers.get(HOST)
    entries: dict[str, Speaker | None] = {NARRATOR: speakers.get(NARRATOR)}
    for person in people:
        entry = settings_entry(person, names[person.name], speakers)
        if entry is None and person.role == HOST:
            entry, host = host, None  # the role's voice goes to the first host; a second journalist is somebody else
        entries[person.name] = entry
    return entries


def refuse_unknown_names(people: Sequence[Person], speakers: Mapping[str, Speaker]) -> None:
    """Refuse an entry of ``speakers:`` that matches nobody but is nearly somebody's name: a slip of the pen.

    Raises:
        ConfigurationError: There is one; with file, line, column and the name that was meant.
    """
    names = possible_names(people)
    entries = {person.name: settings_entry(person, names[person.name], speakers) for person in people}
    used = {entry.name for entry in entries.values() if entry}
    unknown = [(name, 0) for name in speakers if name not in (HOST, NARRATOR) and name not in used]
    for slip in misprints_of_names(unknown, [name for name, entry in entries.items() if entry is None]):
        who = f"nobody is called {slip.printed}{suggestion(slip.meant)}"
        place = speakers[slip.printed].place or ()
        raise ConfigurationError(f"{who} If that is somebody else, add {slip.meant}: {{}}", *place)


@dataclass(frozen=True, slots=True)
class SpeakingEngines:
    """Which engine speaks: one for all, but for those who have another."""

    usual: Engine
    own: Mapping[tuple[str, str], Engine] = field(default_factory=dict)
    """By speaker and language."""

    def of(self, speaker: str, language: str) -> Engine:
        """Return the engine of a speaker in a language."""
        return self.own.get((speaker, language), self.usual)

    @property
    def all(self) -> tuple[Engine, ...]:
        """Each of them once, in order."""
        return tuple({engine.name: engine for engine in (self.usual, *self.own.values())}.values())


@dataclass(frozen=True, slots=True)
class _Speaking:
    """Somebody to cast: a person or the narrator."""

    name: str
    role: str
    gender: Gender
    gender_reason: str
    lines: Mapping[str, tuple[int, ...]]
    """Languages they need a voice for, in order, and the lines of the source where they do."""
    entry: Speaker | None
    """What ``voices.yaml`` says of them by name or role."""
    is_recorded: bool = False
    """Whether there are recordings of them."""
    display: str = ""
    """What listeners read for them, where the settings say it."""

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.lines)


def cast_voices(
    transcript: Transcript,
    spoken: Sequence[Turn],
    settings: Settings,
    engines: SpeakingEngines,
    previous: Sequence[CastMember] = (),
    written: Mapping[tuple[str, str, str], str] = MappingProxyType({}),
) -> tuple[CastMember, ...]:
    """Return the cast of a transcript: people in order of appearance, then the narrator.

    A member goes without a voice in a language for which there is none: ``why_unvoiced`` tells.

    Args:
        transcript: Whose speakers are to be cast.
        spoken: The turns that will be read aloud; they say who speaks which language.
        settings: ``voices.yaml``.
        engines: Those that speak; their own voices are the pool where ``voices.yaml`` has none for them.
        previous: The cast of the last render of this episode; a voice from the pool is kept from there.
        written: Voices that a script file names, by speaker, language and engine; they win over all others.

    Raises:
        ConfigurationError: A voice that ``voices.yaml`` names does not exist; with file, line, column.
        VoiceError: An engine does not know a voice that a script file names.
    """
    parts = tuple(_parts(transcript, spoken, settings))
    kept = {(member.speaker, language): voice for member in previous for language, voice in member.voices}
    chosen: dict[tuple[str, str], tuple[Voice, str]] = {}
    for part in parts:
        for language in part.languages:
            own = engines.of(part.name, language)
            if name := written.get((part.name, language, own.name)):
                own.check(name, language)
                chosen[part.name, language] = (_voice(own, name, part.entry), "script file")
            elif given := _given_voice(part, language, settings, own, kept.get((part.name, language))):
                chosen[part.name, language] = given
    in_use = _VoicesInUse()
    for part in parts:
        for language in part.languages:
            if (part.name, language) in chosen:
                in_use.add(chosen[part.name, language][0], language, part.role)
    pools = {one.name: _Pool(settings, one, in_use) for one in engines.all}
    missing = [(part, language) for part in parts for language in part.languages if (part.name, language) not in chosen]
    for part, language in missing:  # all of the last render first, so that nobody new takes a voice that is kept
        pool = pools[engines.of(part.name, language).name]
        if voice := pool.keep(part, language, kept.get((part.name, language))):
            chosen[part.name, language] = (voice, "as in the last render")
    for part, language in missing:
        pool = pools[engines.of(part.name, language).name]
        if (part.name, language) not in chosen and pool.has_voice(part, language):
            chosen[part.name, language] = pool.draw(part, language)
    return tuple(_member(part, chosen) for part in parts)


def engines_of_speakers(
    transcript: Transcript,
    spoken: Sequence[Turn],
    settings: Settings,
    written: Mapping[tuple[str, str, str], str],
) -> Iterator[tuple[tuple[str, str], str, Place | None]]:
    """Yield speaker and language of those who have an engine of their own, its name, and where the settings say so.

    Args:
        transcript: Whose speakers are to be cast.
        spoken: The turns that will be read aloud.
        settings: ``voices.yaml``.
        written: As ``cast_voices`` takes them: a voice in a script file is that of one engine.
    """
    voiced = {(speaker, language): engine for speaker, language, engine in written}
    for part in _parts(transcript, spoken, settings):
        for language in part.languages:
            if name := voiced.get((part.name, language)):
                yield (part.name, language), name, None
            elif part.entry and part.entry.engine:
                place = settings.places.get(("speakers", part.entry.name, "engine"))
                yield (part.name, language), part.entry.engine, place


def untuned(members: Sequence[CastMember], engine: Engine) -> Iterator[str]:
    """Yield a warning for each member whose voice is to be higher or lower than this engine can make it."""
    if isinstance(engine, Tunable) and engine.obeys_pitch:
        return
    for member in members:
        if any(voice.pitch and voice.engine == engine.name for _, voice in member.voices):
            yield (
                f"{engine.name} cannot change the pitch of a voice: {member.speaker} keeps that of the voice; "
                f"choose another voice, or remove pitch from {member.speaker} in voices.yaml"
            )


@dataclass(frozen=True, slots=True)
class AlikeVoices:
    """Voices of two people that are hard to tell apart in a language that both speak."""

    language: str
    people: tuple[str, str]
    voices: tuple[str, str]
    distance: float
    """As ``voice_distance`` has it."""
    is_given: bool
    """Whether a file of the user's names at least one of the voices."""

    def __str__(self) -> str:
        return f"{' and '.join(self.people)} ({' and '.join(dict.fromkeys(self.voices))})"


def hard_to_tell_apart(members: Sequence[CastMember], engine: Engine) -> Iterator[AlikeVoices]:
    """Yield two people, the narrator aside, for each two voices of an engine that are one or hard to tell apart."""
    people = [member for member in members if member.role != NARRATOR]
    distances = _Distances(engine)
    for language in dict.fromkeys(language for member in people for language, _ in member.voices):
        speakers: dict[Voice, list[CastMember]] = {}
        for member in people:
            if (voice := dict(member.voices).get(language)) and voice.engine == engine.name:
                speakers.setdefault(replace(voice, rate=1.0), []).append(member)
        for one, other in itertools.combinations_with_replacement(speakers, 2):
            distance = distances.between(one, other, language)
            pair = [speakers[one][0], speakers[other][0]] if one != other else speakers[one][:2]
            if distance < TOLD_APART and len(pair) > 1:
                is_given = any(language in member.given_in for member in pair)
                names = (pair[0].speaker, pair[1].speaker)
                yield AlikeVoices(language, names, (one.name, other.name), distance, is_given)


def _misfits(members: Sequence[CastMember], engine: Engine) -> Iterator[tuple[str, str, str]]:
    """Yield language, speaker and voice where a file of the user's names a voice that is made for other languages."""
    for member in members:
        for language, voice in member.voices:
            if language in member.given_in and voice.engine == engine.name and not fits(voice.name, language, engine):
                yield language, member.speaker, voice.name


def ill_chosen(members: Sequence[CastMember], engine: Engine) -> Iterator[str]:
    """Yield a warning, one for each language, of voices the user gives that do not fit it, or that sound alike."""
    unfit: defaultdict[str, list[str]] = defaultdict(list)
    for language, speaker, voice in _misfits(members, engine):
        unfit[language].append(f"{voice} ({speaker})")
    for language, voices in unfit.items():
        yield not_made_for(language, voices, engine.name)
    alike: defaultdict[str, list[AlikeVoices]] = defaultdict(list)
    for pair in hard_to_tell_apart(members, engine):
        if pair.is_given:
            alike[pair.language].append(pair)
    for language, pairs in alike.items():
        who = pairs[0].people[1]
        another = another_voice(who, language, members, engine)
        instead = f", such as {another}" if another else ""
        yield (
            f"{_some(list(map(str, pairs)))} have voices that are hard to tell apart in {language_name(language)}; "
            f"give {who} another one under voices:{instead}"
        )


def not_made_for(language: str, voices: Sequence[str], engine: str) -> str:
    """Return what to do about voices of an engine that do not fit a language."""
    verb = "was" if len(voices) == 1 else "were"
    return (
        f"{_some(voices)} {verb} not made for {language_name(language)}; choose another, of those that this lists: "
        f"interview-audio voices list --engine {engine} --language {language} --recommended"
    )


def another_voice(speaker: str, language: str, members: Sequence[CastMember], engine: Engine) -> str:
    """Return a voice of the same gender that nobody confuses with anyone's in this language; empty if there is none."""
    voices = [
        (member.speaker, voice)
        for member in members
        for tag, voice in member.voices
        if tag == language and voice.engine == engine.name
    ]
    own = next((voice.name for name, voice in voices if name == speaker), "")
    gender = engine.describe(own).gender if own and isinstance(engine, Describing) else "unknown"
    distances = _Distances(engine)
    others = {Voice(engine.name, voice.name, pitch=voice.pitch) for name, voice in voices if name != speaker}
    fitting = [one.name for one in engine.voices() if language in one.languages and gender in (one.gender, "unknown")]
    apart = [
        name
        for name in fitting
        if all(distances.between(Voice(engine.name, name), other, language) >= TOLD_APART for other in others)
    ]
    return min(apart, key=lambda name: not distances.is_recommended(name, language), default="")


def _some(found: Sequence[str]) -> str:
    more = len(found) - _MAX_NAMED
    return ", ".join(found[:_MAX_NAMED]) + (f" and {more} more" if more > 0 else "")


class _Distances:
    """How different the voices of an engine sound; infinitely where that was not measured."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._traits: dict[tuple[str, str], VoiceTraits | None] = {}

    def between(self, one: Voice, other: Voice, language: str) -> float:
        if one.engine != other.engine:
            return math.inf
        if (one.name, one.pitch) == (other.name, other.pitch):
            return 0.0
        traits = [(voice, self._known(voice.name, language)) for voice in (one, other)]
        found = [known.raised(voice.pitch) for voice, known in traits if known]
        return voice_distance(*found) if len(found) == len(traits) else math.inf

    def is_recommended(self, name: str, language: str) -> bool:
        known = self._known(name, language)
        return known is not None and known.is_recommended

    def _known(self, name: str, language: str) -> VoiceTraits | None:
        if (name, language) not in self._traits:
            measured = self._engine.traits(name, language) if isinstance(self._engine, Measured) else None
            self._traits[name, language] = measured
        return self._traits[name, language]


def _parts(transcript: Transcript, spoken: Sequence[Turn], settings: Settings) -> Iterator[_Speaking]:
    entries = speaker_entries(transcript.speakers, settings.speakers)
    displayed = _displayed(transcript.speakers, entries)
    for person in transcript.speakers:
        lines = _lines(turn for turn in spoken if turn.speaker == person.name and turn.recording is None)
        entry = entries[person.name]
        stated = entry.gender if entry else "unknown"
        gender, reason = (stated, "") if stated != "unknown" else (person.gender, person.gender_reason)
        is_recorded = any(turn.recording for turn in spoken if turn.speaker == person.name)
        yield _Speaking(
            person.name, person.role, gender, reason, lines, entry, is_recorded, displayed.get(person.name, "")
        )
    narrated = [turn for turn in spoken if turn.speaker is None]
    if narrated:
        lines = _lines(turn for turn in narrated if turn.recording is None)
        is_recorded = any(turn.recording for turn in narrated)
        entry = entries[NARRATOR]
        display = entry.display if entry and entry.display else ""
        yield _Speaking(NARRATOR, NARRATOR, "unknown", "", lines, entry, is_recorded, display)


def _displayed(people: Sequence[Person], entries: Mapping[str, Speaker | None]) -> dict[str, str]:
    """Return what listeners read for people whose entry says it; a role's is for somebody whom the text does not name.

    Whoever asks in this episode may be somebody else than in the show's other ones, and then the text has their name.
    """
    host = next((entry for entry in entries.values() if entry and entry.name == HOST), None)
    named = named_people(((person.name, person.role) for person in people), host.aliases if host else ())
    return {
        person.name: entry.display
        for person in people
        if (entry := entries[person.name]) and entry.display and (entry.name != HOST or person.name not in named)
    }


def _lines(turns: Iterator[Turn]) -> dict[str, tuple[int, ...]]:
    lines: defaultdict[str, list[int]] = defaultdict(list)
    for turn in turns:
        lines[turn.language].append(turn.line)
    return {language: tuple(found) for language, found in lines.items()}


def _given_voice(
    part: _Speaking, language: str, settings: Settings, engine: Engine, before: Voice | None
) -> tuple[Voice, str] | None:
    """Return the voice that the settings name, and who names it; what a role has by default must suit the person.

    A voice of the last render is kept, though it would not suit: nobody's voice is to change in the middle of a show.
    """
    entry = part.entry
    if entry is None or engine.name not in entry.voices.get(language, {}):
        return None
    name = entry.voices[language][engine.name]
    _check(name, language, engine, settings, _path(entry, language, engine))
    voice, origin = _voice(engine, name, entry), _origin(entry, language, settings, engine)
    return (voice, origin) if origin != "default" or before == voice or _suits(voice, part, engine) else None


def _voice(engine: Engine, name: str, entry: Speaker | None) -> Voice:
    return Voice(engine.name, name, entry.rate, entry.pitch) if entry else Voice(engine.name, name)


def _suits(voice: Voice, part: _Speaking, engine: Engine) -> bool:
    """Tell whether the voice that a role has by default may be that of somebody whose gender is known."""
    if isinstance(engine, Describing):
        gender = engine.describe(voice.name).gender
    else:
        gender = next((one.gender for one in engine.voices() if one.name == voice.name), "unknown")
    return "unknown" in (gender, part.gender) or gender == part.gender


def _origin(entry: Speaker, language: str, settings: Settings, engine: Engine) -> str:
    """Tell who names the voice: a file of the user's, that of a series, or the packaged default."""
    place = settings.places.get(_path(entry, language, engine))
    if place and place[0] == settings.cast_file:
        return CAST_NAME
    return "default" if place and place[0] == DEFAULT_NAME else NAME


def _path(entry: Speaker, language: str, engine: Engine) -> tuple[str, ...]:
    return ("speakers", entry.name, "voices", language, engine.name)


def _check(name: str, language: str, engine: Engine, settings: Settings, path: tuple[str, ...]) -> None:
    try:
        engine.check(name, language)
    except VoiceError as error:
        if path not in settings.places:
            raise
        raise ConfigurationError(str(error), *settings.places[path]) from error


class _VoicesInUse:
    """The voices that somebody speaks with, by language."""

    def __init__(self) -> None:
        self._roles: defaultdict[str, dict[Voice, set[str]]] = defaultdict(dict)
        self._uses: Counter[tuple[str, str]] = Counter()

    def add(self, voice: Voice, language: str, role: str) -> None:
        # However many people there are, the voices are few: without their rate, which nobody is told apart by.
        self._roles[language].setdefault(replace(voice, rate=1.0), set()).add(role)
        self._uses.update((name, language) for name in _VOICE_IN_BLEND.findall(voice.name))

    def voices(self, language: str) -> Collection[tuple[Voice, set[str]]]:
        """Return each voice with the roles of those who speak with it."""
        return self._roles[language].items()

    def count(self, name: str, language: str) -> int:
        """Return how many speak with a voice, alone or in a blend."""
        return self._uses[name, language]


class _Pool:
    """Voices for those whom nothing names, none twice before all are used.

    Of those that are free, the first one of the pool is taken that nobody confuses with anyone who speaks the same
    language in this episode, and that contrasts with the other side of the interview. Where every voice would be
    confused with another, it is the one that differs most.
    """

    def __init__(self, settings: Settings, engine: Engine, in_use: "_VoicesInUse") -> None:
        self._settings = settings
        self._engine = engine
        self._in_use = in_use
        self._distances = _Distances(engine)

    def keep(self, part: _Speaking, language: str, before: Voice | None) -> Voice | None:
        """Return the voice of the last render, where this pool still has it."""
        if before is None or before.engine != self._engine.name or before.name not in self._names(part, language):
            return None
        return self._take(part, language, before.name)

    def has_voice(self, part: _Speaking, language: str) -> bool:
        """Tell whether there is any voice to draw."""
        return bool(self._names(part, language))

    def draw(self, part: _Speaking, language: str) -> tuple[Voice, str]:
        """Return a voice and why."""
        opposite = {HOST: _GUEST, _GUEST: HOST}.get(part.role)
        others = [(other, opposite in roles) for other, roles in self._in_use.voices(language)]

        def rank(name: str) -> tuple[int, float, bool]:
            voice = _voice(self._engine, name, part.entry)
            away = [(self._distances.between(voice, other, language), is_opposite) for other, is_opposite in others]
            nearest = min((distance for distance, _ in away), default=math.inf)
            is_near_opposite = any(distance < _CONTRAST for distance, is_opposite in away if is_opposite)
            return self._in_use.count(name, language), max(TOLD_APART - nearest, 0.0), is_near_opposite

        return self._take(part, language, min(self._names(part, language), key=rank)), self._why(part)

    def _take(self, part: _Speaking, language: str, name: str) -> Voice:
        voice = _voice(self._engine, name, part.entry)
        self._in_use.add(voice, language, part.role)
        return voice

    def _names(self, part: _Speaking, language: str) -> list[str]:
        """Return those of the gender, or of both in turn where it is not known."""
        genders = (part.gender,) if part.gender != "unknown" else ("female", "male")
        offers = [self._offers(language, gender) for gender in genders]
        mixed = [name for names in zip(*offers, strict=False) for name in names]
        return list(dict.fromkeys([*mixed, *(name for offer in offers for name in offer)]))

    def _offers(self, language: str, gender: str) -> list[str]:
        names = self._settings.pool.get(language, {}).get(self._engine.name, {}).get(gender, ())
        offered = [name for index, name in enumerate(names) if self._is_offered(name, language, gender, index)]
        own = (voice for voice in self._engine.voices() if language in voice.languages and voice.gender == gender)
        return offered or [voice.name for voice in own]

    def _is_offered(self, name: str, language: str, gender: str, index: int) -> bool:
        """Tell whether the engine has a voice of the pool; a service's come and go, a user's must exist."""
        path = ("pool", language, self._engine.name, gender, str(index))
        try:
            _check(name, language, self._engine, self._settings, path)
        except ConfigurationError as error:
            if error.path == DEFAULT_NAME and not self._engine.local:
                return False
            raise
        return True

    @staticmethod
    def _why(part: _Speaking) -> str:
        if part.role == NARRATOR:
            return "pool"
        if part.gender == "unknown":
            return "pool, gender unknown, alternated"
        return f"pool, {part.gender}" + (f" (guessed: {part.gender_reason})" if part.gender_reason else "")


def why_unvoiced(unvoiced: Sequence[Turn], engines: SpeakingEngines, fallback: str) -> Iterator[str]:
    """Say of each person and language without a voice what to do.

    Args:
        unvoiced: The turns without a voice, of ``divided_by_voice``.
        engines: Those that speak.
        fallback: The language of the document: a turn may have been taken for another.
    """
    lines: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for turn in unvoiced:
        lines[turn.speaker or NARRATOR, turn.language].append(turn.line)
    for (name, language), found in lines.items():
        where = f"{_named_lines(found)} in {language_name(language)}"
        own = engines.of(name, language)
        what_to_do = alternatives(tuple(_ways_to_voice(name, language, own, fallback)))
        yield f"{where}, but {own.name} has no voice for {language}; {what_to_do}"


def divided_by_voice(spoken: Sequence[Turn], cast: Sequence[CastMember]) -> tuple[tuple[Turn, ...], tuple[Turn, ...]]:
    """Return the turns that have a voice or are recorded, and those that have none."""
    voices = {(member.speaker, language) for member in cast for language, _ in member.voices}
    is_voiced = [turn.recording is not None or (turn.speaker or NARRATOR, turn.language) in voices for turn in spoken]
    return (
        tuple(turn for turn, voiced in zip(spoken, is_voiced, strict=True) if voiced),
        tuple(turn for turn, voiced in zip(spoken, is_voiced, strict=True) if not voiced),
    )


def _ways_to_voice(name: str, language: str, engine: Engine, fallback: str) -> Iterator[str]:
    if engine.name != _SPEAKS_MOST and language in LANGUAGES:
        yield f"use --engine {_SPEAKS_MOST}"
    yield f"give {name} one under voices:"
    if language == UNKNOWN:
        yield "set --language TAG"
    elif fallback in _spoken_by(engine):
        yield f"set --language {fallback}"


def _spoken_by(engine: Engine) -> frozenset[str]:
    return frozenset(tag for voice in engine.voices() for tag in voice.languages)


def _named_lines(lines: Sequence[int]) -> str:
    """Say ``line 12 is`` or ``lines 12, 15 and 9 more are``; without numbers where a script file has none."""
    numbers = list(dict.fromkeys(line for line in lines if line))
    if not numbers:
        return "a turn is"
    return f"{numbered('line', numbers, _MAX_LINES_NAMED)} {'is' if len(numbers) == 1 else 'are'}"


def _member(part: _Speaking, chosen: Mapping[tuple[str, str], tuple[Voice, str]]) -> CastMember:
    found = [(language, *chosen[part.name, language]) for language in part.languages if (part.name, language) in chosen]
    voices = tuple((language, voice) for language, voice, _ in found)
    reasons = dict.fromkeys([*(reason for _, _, reason in found), *(["recorded"] if part.is_recorded else [])])
    given_in = frozenset(language for language, _, reason in found if reason in CHOSEN_BY_USER)
    volume, pause_after = (part.entry.volume, part.entry.pause_after) if part.entry else (0.0, None)
    return CastMember(part.name, part.role, voices, "; ".join(reasons), volume, pause_after, given_in, part.display)
