"""Where chapters and sections may begin, and what the chapters are called: by question, section, speaker or time."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, takewhile

from interview_audio.configuration.settings import Chapters
from interview_audio.script.chapter_titles import chapter_title, fitted, has_words
from interview_audio.script.shown_names import shown_names
from interview_audio.transcript.classification.paragraph_kinds import TITLE
from interview_audio.transcript.lexicon.typography import columns
from interview_audio.transcript.turns import TOLD, Transcript, Turn

CLOSING_COLUMNS = 40
"""Below this, a host's words that ask nothing and are followed by narration are a closing remark, not a question."""
NUMBER_COLUMNS = 5
"""What a chapter's number takes of the columns of its title (``255. ``)."""


def chapter_openings(transcript: Transcript, spoken: Sequence[int], chapters: Chapters) -> Mapping[int, str]:
    """Titles of the chapters that may begin with a turn, by the turn's index; the first spoken turn always opens one.

    No title is without a word.

    Args:
        transcript: The whole source, understood.
        spoken: Indexes of the turns that are read aloud, in order.
        chapters: By what chapters are made. By time every turn may open one: ``production.chapters`` chooses.
    """
    most = _columns_of_titles(chapters)
    kinds = {"question": _questions, "section": _sections, "speaker": _speakers, "minutes": _turns}
    own = own_title(transcript.title, chapters) or _first_words(transcript, spoken, most)
    return dict(kinds[chapters.by](transcript, spoken, most, own))


def own_title(title: str, chapters: Chapters) -> str:
    """The episode's title as a chapter's, for what comes before the first question; empty where it has no words."""
    return chapter_title(title, _columns_of_titles(chapters))


def _columns_of_titles(chapters: Chapters) -> int:
    return chapters.title_columns - (NUMBER_COLUMNS if chapters.numbered else 0)


def _first_words(transcript: Transcript, spoken: Sequence[int], most: int) -> str:
    texts = (transcript.turns[index].text for index in spoken)
    return fitted(" ".join(next(filter(has_words, texts), "").split()), most)


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
        if before is None:
            yield index, title or _opening(transcript.turns[index], most, own)
        elif title:
            yield index, title


def _opening(turn: Turn, most: int, own: str) -> str:
    """The first chapter's title where no question begins it: how somebody begins, else the episode's."""
    return own if turn.speaker is None else fitted(" ".join(turn.text.split()), most) or own


def _takes_over(transcript: Transcript, before: int | None, index: int, hosts: set[str]) -> bool:
    speaker = transcript.turns[index].speaker
    return speaker in hosts and (before is None or transcript.turns[before].speaker != speaker)


def _question(transcript: Transcript, index: int, most: int) -> str | None:
    """The title of the question that begins with a host's turn; None where it is a closing remark or has no words."""
    turn = transcript.turns[index]
    rest = tuple(takewhile(lambda after: after.speaker == turn.speaker, islice(transcript.turns, index, None)))
    question = " ".join(part.text for part in rest)
    told = (after for after in islice(transcript.turns, index + len(rest), None) if after.kind in TOLD)
    following = next(told, None)
    is_answered = following is not None and following.kind == "speech"
    if not is_answered and columns(question) < CLOSING_COLUMNS and "?" not in question and "？" not in question:
        return None
    return chapter_title(question, most) or None


def _sections(transcript: Transcript, spoken: Sequence[int], most: int, own: str) -> Iterator[tuple[int, str]]:
    headings = section_openings(transcript, spoken)
    for before, index in _followed(spoken):
        if title := fitted(headings.get(index, ""), most):
            yield index, title
        elif before is None:
            yield index, own


def _speakers(transcript: Transcript, spoken: Sequence[int], most: int, own: str) -> Iterator[tuple[int, str]]:
    names = _shown(transcript)
    for before, index in _followed(spoken):
        turn = transcript.turns[index]
        if before is None and turn.speaker is None:
            yield index, own
        elif before is None or transcript.turns[before].speaker != turn.speaker:
            yield index, _words(turn, names, most)


def _turns(transcript: Transcript, spoken: Sequence[int], most: int, own: str) -> Iterator[tuple[int, str]]:
    questions = dict(_questions(transcript, spoken, most, own))
    names = _shown(transcript)
    for index in spoken:
        yield index, questions.get(index) or _words(transcript.turns[index], names, most)


def _shown(transcript: Transcript) -> Mapping[str, str]:
    return shown_names(((person.name, person.role) for person in transcript.speakers), transcript.language)


def _words(turn: Turn, names: Mapping[str, str], most: int) -> str:
    """Who speaks and how they begin; the words alone where it is nobody's."""
    opening = turn.text if turn.speaker is None else f"{names.get(turn.speaker, turn.speaker)}: {turn.text}"
    return fitted(" ".join(opening.split()), most)
