"""Builds the script: which turns are read, cut into lines, each with its voice, its pause and perhaps a chapter."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from interview_audio.configuration.settings import REFERENCE_TO_GROUP, Pauses, Settings
from interview_audio.errors import SourceError
from interview_audio.normalization.rules import ReadingRules, Replacement, RuleText, said_text
from interview_audio.script.chapter_titles import chapter_starts, section_starts
from interview_audio.script.lines import NARRATOR, CastMember, Line, Script
from interview_audio.script.pauses import Pause, Transition, pause_between, vary_pause
from interview_audio.script.sentences import utterances
from interview_audio.text.characters import has_letter_or_digit
from interview_audio.transcript.turns import CODE, SPOKEN_KINDS, TABLE, Role, Transcript, Turn


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


def reading_rules(settings: Settings) -> ReadingRules:
    """Return the reading rules of the settings, for one text."""
    rules = (RuleText(rule.match, rule.say, rule.place or ()) for rule in settings.rules)
    return ReadingRules(rules, REFERENCE_TO_GROUP)


def build_script(
    transcript: Transcript, spoken: Sequence[Turn], cast: Sequence[CastMember], settings: Settings
) -> Script:
    """Return the script of a transcript as its cast will speak it.

    Args:
        transcript: The whole source, understood.
        spoken: What ``spoken_turns`` chose of it.
        cast: What ``cast_voices`` gave.
        settings: Pauses, chapters and reading rules.

    Raises:
        ConfigurationError: A reading rule takes too long.
        SourceError: The reading rules leave nothing to read.
    """
    lines = tuple(_lines(transcript, spoken, cast, settings))
    if spoken and not lines:
        raise SourceError(
            "the rules of voices.yaml leave nothing to read; see why with: interview-audio check --rules SOURCE"
        )
    people = tuple(member.speaker for member in cast if member.speaker != NARRATOR)
    return Script(transcript.title, transcript.language, people, tuple(cast), lines)


def _lines(
    transcript: Transcript, spoken: Sequence[Turn], cast: Sequence[CastMember], settings: Settings
) -> Iterator[Line]:
    rules = reading_rules(settings)
    voices = {(member.speaker, language): voice for member in cast for language, voice in member.voices}
    roles = {person.name: person.role for person in transcript.speakers}
    places = {id(turn): index for index, turn in enumerate(transcript.turns)}
    read = [(turn, cut) for turn in spoken if (cut := _read(turn, rules))]
    spoken = [turn for turn, _ in read]
    indexes = [places[id(turn)] for turn in spoken]
    chapters = chapter_starts(transcript, indexes, settings.chapters)
    sections = section_starts(transcript, indexes)
    utterances_read = [cut for _, cut in read]
    begins_section = [index in sections for index in indexes]
    pauses = _pauses(spoken, utterances_read, begins_section, roles, settings.pauses)
    for turn, index, cut, after in zip(spoken, indexes, utterances_read, pauses, strict=True):
        speaker = turn.speaker or NARRATOR
        for place, (text, replaced) in enumerate(cut):
            pause = after if place == len(cut) - 1 else Pause(settings.pauses.sentence)
            yield Line(
                turn=index,
                speaker=speaker,
                language=turn.language,
                text=text,
                voice=voices[speaker, turn.language],
                pause=vary_pause(pause.seconds, text, settings.pauses.vary),
                chapter=None if place else chapters.get(index),
                source_line=turn.line,
                pause_before_short_reply=pause.before_short_reply,
                opens_section=not place and index in sections,
                replaced=replaced,
            )


def _read(turn: Turn, rules: ReadingRules) -> list[tuple[str, tuple[Replacement, ...]]]:
    """Return the utterances of a turn of which the reading rules leave something, each with what they replace."""
    found = [(text, tuple(match.replacement for match in rules.find(text))) for text in utterances(turn.text)]
    return [one for one in found if not one[1] or has_letter_or_digit(said_text(*one))]


def _pauses(
    spoken: Sequence[Turn],
    texts: Sequence[Sequence[object]],
    begins_section: Sequence[bool],
    roles: Mapping[str, Role],
    pauses: Pauses,
) -> list[Pause]:
    """Return the silence after each turn."""
    after_turns = []
    for number, (before, after) in enumerate(pairwise(spoken), start=1):
        goes_on = number + 1 < len(spoken) and spoken[number + 1].speaker == after.speaker
        is_whole_answer = len(texts[number]) == 1 and not goes_on
        transition = Transition(before, after, begins_section[number], is_whole_answer)
        after_turns.append(pause_between(transition, roles, pauses))
    return [*after_turns, Pause(pauses.tail)] if spoken else []
