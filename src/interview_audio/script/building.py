"""Builds the script: which turns are read, cut into lines, each with its voice, its pause and perhaps a chapter."""

from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from interview_audio.configuration.settings import Settings
from interview_audio.errors import SourceError
from interview_audio.script.lines import NARRATOR, CastMember, Line, Script
from interview_audio.script.pauses import pause_between
from interview_audio.script.sentences import utterances
from interview_audio.script.titles import chapter_title, columns
from interview_audio.transcript.paragraphs import TITLE
from interview_audio.transcript.turns import Transcript, Turn

TOLD = ("speech", "narration")
CLOSING_COLUMNS = 40
"""Below this, a host's words that ask nothing and are followed by narration are a closing remark, not a question."""


def spoken_turns(transcript: Transcript, settings: Settings) -> tuple[Turn, ...]:
    """The turns that are read aloud: speech, and what ``read:`` allows; a turn without a letter or digit is not.

    Raises:
        SourceError: Nothing is left to read.
    """
    title = next((turn for turn in transcript.turns if turn.kind == "heading" and turn.reason == TITLE), None)
    allowed = {
        "speech": True,
        "narration": settings.read.narration,
        "heading": settings.read.headings,
        "quote": settings.read.quotes,
        "boilerplate": False,
    }
    turns = tuple(
        turn
        for turn in transcript.turns
        if (settings.read.title if turn is title else allowed[turn.kind]) and any(map(str.isalnum, turn.text))
    )
    if not any(turn.kind in ("speech", "narration") for turn in turns):
        raise SourceError("nothing in this text is read aloud; see why with: interview-audio check SOURCE")
    return turns


def build_script(
    transcript: Transcript, spoken: Sequence[Turn], cast: Sequence[CastMember], settings: Settings
) -> Script:
    """The script of a transcript as its cast will speak it.

    Args:
        transcript: The whole source, understood.
        spoken: What ``spoken_turns`` chose of it.
        cast: What ``cast_voices`` gave.
        settings: Pauses and chapters.
    """
    lines = tuple(_lines(transcript, spoken, cast, settings))
    people = tuple(member.speaker for member in cast if member.speaker != NARRATOR)
    return Script(transcript.title, transcript.language, people, tuple(cast), lines)


def _lines(
    transcript: Transcript, spoken: Sequence[Turn], cast: Sequence[CastMember], settings: Settings
) -> Iterator[Line]:
    voices = {(member.speaker, language): voice for member in cast for language, voice in member.voices}
    roles = {person.name: person.role for person in transcript.speakers}
    indexes = {id(turn): index for index, turn in enumerate(transcript.turns)}
    previous: Turn | None = None
    for turn, following in zip(spoken, [*spoken[1:], None], strict=True):
        here = indexes[id(turn)]
        speaker = turn.speaker or NARRATOR
        after = settings.pauses.tail
        if following is not None:
            after = pause_between(turn, following, roles, settings.pauses)
            if any(between.kind == "heading" for between in transcript.turns[here + 1 : indexes[id(following)]]):
                after = max(after, settings.pauses.section)
        texts = utterances(turn.text)
        for index, text in enumerate(texts):
            yield Line(
                turn=here,
                speaker=speaker,
                language=turn.language,
                text=text,
                voice=voices[speaker, turn.language],
                pause=after if index == len(texts) - 1 else settings.pauses.sentence,
                chapter=None if index else _chapter(transcript, here, previous, settings),
                source_line=turn.line,
            )
        previous = turn


def _chapter(transcript: Transcript, index: int, previous: Turn | None, settings: Settings) -> str | None:
    """The title of the chapter that begins with a turn: the episode's own at the start, then each question's."""
    turn = transcript.turns[index]
    is_host = any(person.name == turn.speaker and person.role == "host" for person in transcript.speakers)
    if not is_host:
        return chapter_title(transcript.title, settings.chapters.title_columns) if previous is None else None
    if previous is not None and previous.speaker == turn.speaker:
        return None
    rest = tuple(takewhile(lambda after: after.speaker == turn.speaker, islice(transcript.turns, index, None)))
    question = " ".join(part.text for part in rest)
    told = (after for after in islice(transcript.turns, index + len(rest), None) if after.kind in TOLD)
    following = next(told, None)
    is_answered = following is not None and following.kind == "speech"
    if not is_answered and columns(question) < CLOSING_COLUMNS and "?" not in question and "？" not in question:
        return None
    return chapter_title(question, settings.chapters.title_columns)
