"""Builds the script: which turns are read, cut into lines, each with its voice, its pause and perhaps a chapter.

How long the silence between two turns is depends on what kind of turn ends and what kind begins.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from interview_audio.configuration.settings import VOLUMES, Chapters, Pauses, Settings
from interview_audio.engines.recording import fragment
from interview_audio.engines.registry import RECORDINGS
from interview_audio.errors import SourceError
from interview_audio.script.chapter_titles import chapter_starts, preface_title, section_starts
from interview_audio.script.lines import NARRATOR, CastMember, Line, Script, Voice, displayed_names
from interview_audio.script.rules import ReadingRules, Replacement, said_text
from interview_audio.script.sentences import Piece, leading_pause, spoken_pieces, whole_piece
from interview_audio.text.characters import has_letter_or_digit
from interview_audio.transcript.turns import (
    ANNOUNCED,
    CODE,
    SPOKEN_KINDS,
    TABLE,
    Delivery,
    Reference,
    Role,
    SpeechMark,
    Transcript,
    Turn,
)

_RATES, _PITCHES = (0.5, 2.0), (-6.0, 6.0)
"""What voices bear, as a multiple of their own rate and in semitones; as in the settings."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence after an utterance."""

    seconds: float
    before_short_reply: float | None = None
    """Seconds instead, if what follows is a whole answer that turns out to be short when it is spoken."""
    is_exact: bool = False
    """Whether a mark asks for it: then it is not varied."""


@dataclass(frozen=True, slots=True)
class Transition:
    """Two spoken turns that follow each other."""

    before: Turn
    after: Turn
    is_section: bool = False
    """Whether a heading is between them, or is the second one: a section begins."""
    is_whole_answer: bool = False
    """Whether the second turn is one utterance, and its speaker says no more."""
    pause_after: float | None = None
    """Seconds after which another one goes on when the first speaker has finished, where the settings say so."""


def pause_between(transition: Transition, roles: Mapping[str, Role], pauses: Pauses) -> Pause:
    """Decide how long the silence between two turns is.

    Args:
        transition: What ends and what begins.
        roles: Role of each speaker by canonical name.
        pauses: The settings.
    """
    ordinary = _between_turns(transition, roles, pauses)
    if not transition.is_section:
        return ordinary
    goes_on = transition.before.kind == "speech" and transition.before.speaker == transition.after.speaker
    return Pause(max(ordinary.seconds, pauses.heading if goes_on else pauses.section))


def vary_pause(seconds: float, text: str, share: float) -> float:
    """Return a pause up to this share longer or shorter; the text before it decides which, the same every time.

    Args:
        seconds: The pause as the settings have it.
        text: The words before it.
        share: Of the pause, from 0.
    """
    position = int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:4]) / 0xFFFFFFFF
    return seconds * (1 + share * (2 * position - 1))


def _between_turns(transition: Transition, roles: Mapping[str, Role], pauses: Pauses) -> Pause:
    before, after = transition.before, transition.after
    if before.kind == "heading":
        return Pause(pauses.heading)
    if transition.pause_after is not None and before.speaker != after.speaker:
        return Pause(transition.pause_after)
    if before.kind == after.kind == "narration":
        return Pause(pauses.paragraph)
    if before.kind != "speech" or after.kind != "speech":
        return Pause(pauses.narration)
    if before.speaker == after.speaker:
        return Pause(pauses.paragraph)
    return _between_speakers(transition, roles, pauses)


def _between_speakers(transition: Transition, roles: Mapping[str, Role], pauses: Pauses) -> Pause:
    before, after = (roles.get(turn.speaker or "") for turn in (transition.before, transition.after))
    if before == "host" and after == "guest":
        return Pause(pauses.question_to_answer, pauses.short_reply if transition.is_whole_answer else None)
    if before == "guest" and after == "host":
        return Pause(pauses.answer_to_question)
    return Pause(pauses.turn)


def spoken_turns(transcript: Transcript, settings: Settings) -> tuple[Turn, ...]:
    """Return the turns that are read aloud: speech, and what ``read:`` allows; a turn without a letter or digit is not.

    Raises:
        SourceError: Nothing is left to read.
    """
    title = next((turn for turn in transcript.turns if turn.is_title), None)
    allowed = {
        "speech": True,
        "narration": settings.read.narration,
        "heading": settings.read.headings,
        "quote": settings.read.quotes,
        "boilerplate": False,
    }
    data = {CODE: settings.read.code, TABLE: settings.read.tables}
    turns = tuple(
        turn
        for turn in transcript.turns
        if (settings.read.title if turn is title else data.get(turn.reason, allowed[turn.kind]))
        and has_letter_or_digit(turn.text)
    )
    if not any(turn.kind in SPOKEN_KINDS for turn in transcript.turns):
        raise SourceError("nothing in this text can be read aloud; put the text of the interview into it")
    if not any(turn.kind in SPOKEN_KINDS for turn in turns):
        raise SourceError("nothing in this text is read aloud; see why with: interview-audio check SOURCE")
    return turns


def build_script(
    transcript: Transcript, spoken: Sequence[Turn], cast: Sequence[CastMember], settings: Settings
) -> Script:
    """Return the script of a transcript as its cast will speak it.

    Args:
        transcript: The whole source, understood; behind its turns, those of ``announcements``.
        spoken: What ``spoken_turns`` chose of it, with the announcements where they are said.
        cast: What ``cast_voices`` gave.
        settings: Pauses, chapters and reading rules.

    Raises:
        ConfigurationError: A reading rule takes too long.
        SourceError: The reading rules leave nothing to read.
    """
    lines = tuple(_lines(transcript, spoken, cast, settings))
    if spoken and all(line.is_announced for line in lines):
        raise SourceError(
            "the rules of voices.yaml leave nothing to read; see why with: interview-audio check --rules SOURCE"
        )
    people = tuple(member.speaker for member in cast if member.speaker != NARRATOR)
    read = frozenset(line.turn for line in lines if not line.is_announced)
    references = _references(transcript.turns, read, settings.chapters)
    return Script(transcript.title, transcript.language, people, tuple(cast), lines, references)


def _references(turns: Sequence[Turn], read: Collection[int], chapters: Chapters) -> dict[int, tuple[Reference, ...]]:
    """Return the images and links for chapters by the turn that is read; what stands elsewhere goes to the one before.

    What stands between the heading of a section and its first turn goes to that: the section has begun.
    """
    kinds = (*(["image"] if chapters.images else []), *(["link"] if chapters.links else []))
    found: dict[int, tuple[Reference, ...]] = {}
    current: int | None = None
    waiting: tuple[Reference, ...] = ()
    is_new_section = True
    for index, turn in enumerate(turns) if kinds else ():
        references = tuple(one for one in turn.references if one.kind in kinds)
        if index in read:
            found[index] = (*waiting, *references)
            current, waiting, is_new_section = index, (), False
            continue
        is_new_section = is_new_section or (turn.kind == "heading" and not turn.is_title)
        if is_new_section or current is None:
            waiting = (*waiting, *references)
        else:
            found[current] = (*found[current], *references)
    if current is not None:
        found[current] = (*found[current], *waiting)
    return {index: references for index, references in found.items() if references}


def _lines(
    transcript: Transcript, spoken: Sequence[Turn], cast: Sequence[CastMember], settings: Settings
) -> Iterator[Line]:
    rules = ReadingRules(settings.rules)
    voices = {(member.speaker, language): voice for member in cast for language, voice in member.voices}
    roles = {person.name: person.role for person in transcript.speakers}
    places = {id(turn): index for index, turn in enumerate(transcript.turns)}
    read = [(turn, cut) for turn in spoken if (cut := _read(turn, rules))]
    spoken = [turn for turn, _ in read]
    indexes = [places[id(turn)] for turn in spoken]
    told = [index for turn, index in zip(spoken, indexes, strict=True) if turn.reason != ANNOUNCED]
    chapters = dict(chapter_starts(transcript, told, settings.chapters, displayed_names(cast)))
    if told and indexes[0] != told[0]:
        title = preface_title(transcript.title, transcript.language, settings.chapters)
        chapters = _with_preface(chapters, indexes[0], told[0], title)
    sections = section_starts(transcript, told)
    pieces = [[piece for piece, _ in cut] for _, cut in read]
    begins_section = [index in sections for index in indexes]
    asked = {member.speaker: member.pause_after for member in cast if member.pause_after is not None}
    pauses = _pauses(spoken, pieces, begins_section, roles, settings.pauses, asked)
    volumes = {member.speaker: member.volume for member in cast}
    for turn, index, cut, after in zip(spoken, indexes, (cut for _, cut in read), pauses, strict=True):
        speaker = turn.speaker or NARRATOR
        for place, (piece, replaced) in enumerate(cut):
            pause = after if place == len(cut) - 1 else _within_turn(piece, settings.pauses)
            varied = vary_pause(pause.seconds, piece.text, settings.pauses.vary)
            yield Line(
                turn=index,
                speaker=speaker,
                language=turn.language,
                text=piece.text,
                voice=_voice_of(turn, voices),
                pause=pause.seconds if pause.is_exact else varied,
                chapter=None if place else chapters.get(index),
                source_line=turn.line,
                pause_before_short_reply=pause.before_short_reply,
                opens_section=not place and index in sections,
                stretches=piece.stretches,
                replaced=replaced,
                volume=_within(volumes.get(speaker, 0.0) + turn.delivery.volume, *VOLUMES),
                volume_changes=piece.volume_changes,
                is_announced=turn.reason == ANNOUNCED,
            )


def _with_preface(chapters: Mapping[int, str], opening: int, first: int, title: str) -> dict[int, str]:
    """Return the titles of chapters where an opening comes before the first turn that is told."""
    others = {index: given for index, given in chapters.items() if index != first or given != title}
    return {opening: title or chapters[first], **others}


def _voice_of(turn: Turn, voices: Mapping[tuple[str, str], Voice]) -> Voice:
    if recorded := turn.recording:
        return Voice(RECORDINGS, fragment(recorded.file, recorded.start, recorded.end), identity=recorded.sha256)
    return _delivered(voices[turn.speaker or NARRATOR, turn.language], turn.delivery)


def _delivered(voice: Voice, delivery: Delivery) -> Voice:
    """Return a voice as it says a whole turn; with most engines that is a matter of the request, and none of marks."""
    if delivery.rate == 1 and not delivery.pitch:
        return voice
    rate, pitch = round(_within(voice.rate * delivery.rate, *_RATES), 4), voice.pitch + delivery.pitch
    return replace(voice, rate=rate, pitch=_within(pitch, *_PITCHES))


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _read(turn: Turn, rules: ReadingRules) -> list[tuple[Piece, tuple[Replacement, ...]]]:
    """Return the pieces of a turn of which the reading rules leave something, each with what they replace."""
    if turn.recording:
        return [(whole_piece(turn.text, turn.marks), ())]
    whole = (SpeechMark(0, len(turn.text), is_stressed=True),) if turn.delivery.is_stressed else ()
    pieces = spoken_pieces(turn.text, (*whole, *turn.marks))
    found = [(piece, tuple(match.replacement for match in rules.find(piece.text))) for piece in pieces]
    return [(piece, said) for piece, said in found if not said or has_letter_or_digit(said_text(piece.text, said))]


def _pauses(
    spoken: Sequence[Turn],
    texts: Sequence[Sequence[Piece]],
    begins_section: Sequence[bool],
    roles: Mapping[str, Role],
    pauses: Pauses,
    after_speakers: Mapping[str, float],
) -> list[Pause]:
    """Return the silence after each turn."""
    after_turns: list[Pause] = []
    for number, (before, after) in enumerate(pairwise(spoken), start=1):
        goes_on = number + 1 < len(spoken) and spoken[number + 1].speaker == after.speaker
        is_whole_answer = len(texts[number]) == 1 and not goes_on
        own = after_speakers.get(before.speaker or NARRATOR)
        transition = Transition(before, after, begins_section[number], is_whole_answer, own)
        asked = _asked_between(_asked_behind(before, texts[number - 1][-1]), leading_pause(after.text, after.marks))
        after_turns.append(pause_between(transition, roles, pauses) if asked is None else asked)
    return [*after_turns, Pause(pauses.tail)] if spoken else []


def _within_turn(piece: Piece, pauses: Pauses) -> Pause:
    return Pause(pauses.sentence) if piece.pause is None else Pause(piece.pause, is_exact=True)


def _asked_behind(turn: Turn, last: Piece) -> float | None:
    """Return the pause that the end of a turn asks for: a mark in its text, else what is said of the whole turn."""
    return turn.delivery.pause_after if last.pause is None else last.pause


def _asked_between(behind: float | None, before: float | None) -> Pause | None:
    """Return the pause that marks at the end of one turn and at the beginning of the next ask for."""
    return None if behind is None and before is None else Pause((behind or 0.0) + (before or 0.0), is_exact=True)
