"""Where chapters and sections may begin, and what the chapters are called: by question, section, speaker or time."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, takewhile

from interview_audio.configuration.settings import Chapters
from interview_audio.script.titles import chapter_title, fitted
from interview_audio.transcript.paragraphs import TITLE
from interview_audio.transcript.turns import Transcript, Turn
from interview_audio.transcript.typography import columns

TOLD = ("speech", "narration")
CLOSING_COLUMNS = 40
"""Below this, a host's words that ask nothing and are followed by narration are a closing remark, not a question."""
NUMBER_COLUMNS = 5
"""What a chapter's number takes of the columns of its title (``255. ``)."""


def chapter_openings(transcript: Transcript, spoken: Sequence[int], chapters: Chapters) -> Mapping[int, str]:
    """Titles of the chapters that may begin with a turn, by the turn's index; the first spoken turn always opens one.

    Args:
        transcript: The whole source, understood.
        spoken: Indexes of the turns that are read aloud, in order.
        chapters: By what chapters are made. By time every turn may open one: ``production.chapters`` chooses.
    """
    most = chapters.title_columns - (NUMBER_COLUMNS if chapters.numbered else 0)
    kinds = {"question": _questions, "section": _sections, "speaker": _speakers, "minutes": _turns}
    own = chapter_title(transcript.title, most)
    return dict(kinds[chapters.by](transcript, spoken, most, own))


def section_openings(transcript: Transcript, spoken: Sequence[int]) -> Mapping[int, str]:
    """The headings of sections, by the index of the spoken turn that begins each: the next one, or the heading."""
    openings = {}
    for before, index in zip((-1, *spoken), spoken, strict=False):
        headings = [turn for turn in transcript.turns[before + 1 : index + 1] if _is_section_heading(turn)]
        if headings:
            openings[index] = headings[-1].text
    return openings


def _followed(spoken: Sequence[int]) -> Iterator[tuple[int | None, int]]:
    """Each spoken turn after the one before it, the first after none."""
    return zip((None, *spoken), spoken, strict=False)


def _is_section_heading(turn: Turn) -> bool:
    return turn.kind == "heading" and turn.reason != TITLE


def _questions(transcript: Transcript, spoken: Sequence[int], most: int, own: str) -> Iterator[tuple[int, str]]:
    hosts = {person.name for person in transcript.speakers if person.role == "host"}
    for before, index in _followed(spoken):
        title = _question(transcript, index, most) if _takes_over(transcript, before, index, hosts) else None
        if title or before is None:
            yield index, title or own


def _takes_over(transcript: Transcript, before: int | None, index: int, hosts: set[str]) -> bool:
    speaker = transcript.turns[index].speaker
    return speaker in hosts and (before is None or transcript.turns[before].speaker != speaker)


def _question(transcript: Transcript, index: int, most: int) -> str | None:
    """The title of the question that begins with a host's turn; None where it is a closing remark."""
    turn = transcript.turns[index]
    rest = tuple(takewhile(lambda after: after.speaker == turn.speaker, islice(transcript.turns, index, None)))
    question = " ".join(part.text for part in rest)
    told = (after for after in islice(transcript.turns, index + len(rest), None) if after.kind in TOLD)
    following = next(told, None)
    is_answered = following is not None and following.kind == "speech"
    if not is_answered and columns(question) < CLOSING_COLUMNS and "?" not in question and "？" not in question:
        return None
    return chapter_title(question, most)


def _sections(transcript: Transcript, spoken: Sequence[int], most: int, own: str) -> Iterator[tuple[int, str]]:
    headings = section_openings(transcript, spoken)
    for before, index in _followed(spoken):
        if index in headings:
            yield index, fitted(headings[index], most)
        elif before is None:
            yield index, own


def _speakers(transcript: Transcript, spoken: Sequence[int], most: int, own: str) -> Iterator[tuple[int, str]]:
    for before, index in _followed(spoken):
        turn = transcript.turns[index]
        if before is None and turn.speaker is None:
            yield index, own
        elif before is None or transcript.turns[before].speaker != turn.speaker:
            yield index, _words(turn, most)


def _turns(transcript: Transcript, spoken: Sequence[int], most: int, own: str) -> Iterator[tuple[int, str]]:
    questions = dict(_questions(transcript, spoken, most, own))
    for index in spoken:
        yield index, questions.get(index) or _words(transcript.turns[index], most)


def _words(turn: Turn, most: int) -> str:
    """Who speaks and how they begin; the words alone where it is nobody's."""
    opening = turn.text if turn.speaker is None else f"{turn.speaker}: {turn.text}"
    return fitted(" ".join(opening.split()), most)
