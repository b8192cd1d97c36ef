"""Where chapters and sections may begin, and what a chapter is called: a title cut at a clause, within some columns."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate, islice, takewhile
from types import MappingProxyType

from interview_audio.configuration.settings import Chapters
from interview_audio.script.lines import shown_names
from interview_audio.script.sentences import sentences
from interview_audio.text.characters import columns, has_letter_or_digit
from interview_audio.transcript.turns import SPOKEN_KINDS, Transcript, Turn

_Openings = Callable[[Transcript, Sequence[int], int, str], Iterator[tuple[int, str]]]
"""Yields index and title of the turns that may open a chapter, of a transcript, its spoken turns, columns and the title
of the first chapter."""
_CLOSING_REMARK_COLUMNS = 40
"""Below this, a host's words that ask nothing and are followed by narration are a closing remark, not a question."""
_CHAPTER_NUMBER_COLUMNS = 5
"""What a chapter's number takes of the columns of its title (``255. ``)."""
_CLAUSE = re.compile(r"[，。！？；：,;:!?](?=\D|$)|[.](?=\s|$)|——|—|\s–\s")
_CLEAR_QUESTION_COLUMNS = 13
"""Columns from which a question says what it is about: six Chinese characters and a mark, three short words."""
_AFTER_QUESTION = " \"'”’」』）)"
_OUTER = " \t\n，,；;：:、。.—–-"
_BARS = "|｜⸺·•"
_BEFORE_SUBTITLE = re.compile(r"：|:(?=\s)|；|;(?=\s)|—|⸺|\s[–-]\s|[|｜]|\s[·•]\s")
_SHORTEST_HEAD = 4
"""Columns: two Chinese characters, a short word. Less than that in front of a colon is a label, not a title."""
_CLOSING = {"“": "”", "「": "」", "『": "』", "《": "》", "（": "）", "(": ")", "[": "]", "«": "»"}
_INTRODUCTIONS = {
    "zh": "引言",
    "ja": "はじめに",
    "en": "Introduction",
    "de": "Einleitung",
    "fr": "Introduction",
    "es": "Introducción",
}
_SHORT_INTRODUCTION = "Intro"
"""For titles of fewer columns than the word has; understood in all these languages."""


def chapter_starts(
    transcript: Transcript,
    spoken: Sequence[int],
    chapters: Chapters,
    displayed: Mapping[str, str] = MappingProxyType({}),
) -> Mapping[int, str]:
    """Return the titles of the chapters that may begin with a turn, by its index; the first spoken turn opens one.

    No title is without a word.

    Args:
        transcript: The whole source, understood.
        spoken: Indexes of the turns that are read aloud, in order.
        chapters: By what chapters are made. By time every turn may open one: ``production.timeline`` chooses.
        displayed: What settings have listeners read, by speaker.
    """
    max_columns = _columns_of_titles(chapters)
    people = ((person.name, person.role) for person in transcript.speakers)
    names = shown_names(people, transcript.language, displayed)
    kinds: Mapping[str, _Openings] = {
        "question": _questions,
        "section": _sections,
        "speaker": partial(_speakers, names=names),
        "minutes": partial(_turns, names=names),
    }
    fallback = preface_title(transcript.title, transcript.language, chapters)
    fallback = fallback or _first_words(transcript, spoken, max_columns)
    return dict(kinds[chapters.by](transcript, spoken, max_columns, fallback))


def preface_title(title: str, language: str, chapters: Chapters) -> str:
    """Return what a chapter is called that precedes the first question; empty where the title has no words.

    It is the episode's title. One that is too long is never cut within what it says: an editor leaves out the subtitle
    (what follows a colon, a dash, a bar or a sentence), and where there is none writes ``Introduction``.

    Args:
        title: Of the episode.
        language: Of the episode.
        chapters: How long titles may be.
    """
    max_columns, plain = _columns_of_titles(chapters), " ".join(title.split())
    if not has_letter_or_digit(plain):
        return ""
    if columns(plain) <= max_columns:
        return plain.rstrip(_OUTER + _BARS)
    ends = {*accumulate(map(len, sentences(plain))), *(match.start() for match in _BEFORE_SUBTITLE.finditer(plain))}
    for end in sorted(ends, reverse=True):
        head = plain[:end].rstrip(_OUTER + _BARS)
        if _SHORTEST_HEAD <= columns(head) <= max_columns and _is_whole(head):
            return head
    introduction = _INTRODUCTIONS.get(language.partition("-")[0].lower(), _INTRODUCTIONS["en"])
    return introduction if columns(introduction) <= max_columns else fit_to_columns(_SHORT_INTRODUCTION, max_columns)


def _is_whole(text: str) -> bool:
    """Tell whether a text has words, and none of its quotation marks or brackets is still open."""
    pairs = ((mark, _CLOSING.get(mark, mark)) for mark in {*_CLOSING, '"'} & set(text))
    return has_letter_or_digit(text) and all(
        text.count(opening) == text.count(closing) if opening != closing else text.count(opening) % 2 == 0
        for opening, closing in pairs
    )


def _columns_of_titles(chapters: Chapters) -> int:
    return chapters.title_columns - (_CHAPTER_NUMBER_COLUMNS if chapters.numbered else 0)


def _first_words(transcript: Transcript, spoken: Sequence[int], max_columns: int) -> str:
    texts = (transcript.turns[index].text for index in spoken)
    return fit_to_columns(" ".join(next(filter(has_letter_or_digit, texts), "").split()), max_columns)


def section_starts(transcript: Transcript, spoken: Sequence[int]) -> Mapping[int, str]:
    """Return the headings of sections, by the index of the spoken turn that begins each: heading or following turn."""
    openings = {}
    for before, index in zip((-1, *spoken), spoken, strict=False):
        headings = [turn for turn in transcript.turns[before + 1 : index + 1] if _is_section_heading(turn)]
        if headings:
            openings[index] = headings[-1].text
    return openings


def _followed(spoken: Sequence[int]) -> Iterator[tuple[int | None, int]]:
    """Pair each spoken turn with the one before it, the first with none."""
    return zip((None, *spoken), spoken, strict=False)


def _is_section_heading(turn: Turn) -> bool:
    return turn.kind == "heading" and not turn.is_title


def _questions(
    transcript: Transcript, spoken: Sequence[int], max_columns: int, fallback: str
) -> Iterator[tuple[int, str]]:
    hosts = {person.name for person in transcript.speakers if person.role == "host"}
    for before, index in _followed(spoken):
        title = _question(transcript, index, max_columns) if _takes_over(transcript, before, index, hosts) else None
        if before is None:
            yield index, title or _opening(transcript.turns[index], max_columns, fallback)
        elif title:
            yield index, title


def _opening(turn: Turn, max_columns: int, fallback: str) -> str:
    """Return the first chapter's title where no question begins it: how somebody begins, else the episode's."""
    return fallback if turn.speaker is None else fit_to_columns(" ".join(turn.text.split()), max_columns) or fallback


def _takes_over(transcript: Transcript, before: int | None, index: int, hosts: set[str]) -> bool:
    speaker = transcript.turns[index].speaker
    return speaker in hosts and (before is None or transcript.turns[before].speaker != speaker)


def _question(transcript: Transcript, index: int, max_columns: int) -> str | None:
    """Return the title of the question that a host's turn begins; None for a closing remark and without words."""
    turn = transcript.turns[index]
    rest = tuple(takewhile(lambda after: after.speaker == turn.speaker, islice(transcript.turns, index, None)))
    question = " ".join(part.text for part in rest)
    told = (after for after in islice(transcript.turns, index + len(rest), None) if after.kind in SPOKEN_KINDS)
    following = next(told, None)
    is_answered = following is not None and following.kind == "speech"
    if not is_answered and columns(question) < _CLOSING_REMARK_COLUMNS and "?" not in question and "？" not in question:
        return None
    return chapter_title(question, max_columns) or None


def _sections(
    transcript: Transcript, spoken: Sequence[int], max_columns: int, fallback: str
) -> Iterator[tuple[int, str]]:
    headings = section_starts(transcript, spoken)
    for before, index in _followed(spoken):
        if title := fit_to_columns(headings.get(index, ""), max_columns):
            yield index, title
        elif before is None:
            yield index, fallback


def _speakers(
    transcript: Transcript, spoken: Sequence[int], max_columns: int, fallback: str, names: Mapping[str, str]
) -> Iterator[tuple[int, str]]:
    for before, index in _followed(spoken):
        turn = transcript.turns[index]
        if before is None and turn.speaker is None:
            yield index, fallback
        elif before is None or transcript.turns[before].speaker != turn.speaker:
            yield index, _words(turn, names, max_columns)


def _turns(
    transcript: Transcript, spoken: Sequence[int], max_columns: int, fallback: str, names: Mapping[str, str]
) -> Iterator[tuple[int, str]]:
    questions = dict(_questions(transcript, spoken, max_columns, fallback))
    for index in spoken:
        yield index, questions.get(index) or _words(transcript.turns[index], names, max_columns)


def _words(turn: Turn, names: Mapping[str, str], max_columns: int) -> str:
    """Return who speaks and how they begin; the words alone where nobody speaks."""
    opening = turn.text if turn.speaker is None else f"{names.get(turn.speaker, turn.speaker)}: {turn.text}"
    return fit_to_columns(" ".join(opening.split()), max_columns)


def chapter_title(question: str, max_columns: int) -> str:
    """Return a title of at most ``max_columns`` columns: the first sentence that asks, else the first, cut at a clause.

    A question too short to stand alone (``On what?``) keeps the sentence before it. A mark alone is not a sentence.
    """
    parts = [part for part in sentences(" ".join(question.split())) if has_letter_or_digit(part)]
    asking = [index for index, part in enumerate(parts) if part.rstrip(_AFTER_QUESTION).endswith(("?", "？"))]
    chosen = next(
        (index for index in asking if columns(parts[index]) >= _CLEAR_QUESTION_COLUMNS), asking[0] if asking else 0
    )
    text = "".join(parts[chosen : chosen + 1])
    if asking and chosen > 0 and columns(text) < _CLEAR_QUESTION_COLUMNS:
        text = parts[chosen - 1] + text
    return fit_to_columns(text.strip(), max_columns)


def fit_to_columns(text: str, max_columns: int) -> str:
    """Cut a text to at most this many columns: at a clause if that keeps a third of them, else between words.

    A text of punctuation alone is empty then.
    """
    if not has_letter_or_digit(text):
        return ""
    title = _cut_to_columns(text, max_columns)
    return title if has_letter_or_digit(title) else _cut_to_columns(text[_first_word(text) :], max_columns)


def _first_word(text: str) -> int:
    return next(index for index, character in enumerate(text) if character.isalnum())


def _cut_to_columns(text: str, max_columns: int) -> str:
    if columns(text) <= max_columns:
        return text.rstrip(_OUTER)
    fitting = text[: _last_clause_end(text, max_columns)].rstrip(_OUTER)
    if fitting and columns(fitting) >= max_columns // 3:
        return fitting
    return _cut_between_words(text, max_columns - 1) + "…"


def _last_clause_end(text: str, max_columns: int) -> int:
    """Find where the last clause ends that fits so many columns; 0 if none does. Each clause is measured once."""
    end, width = 0, 0
    for match in _CLAUSE.finditer(text):
        width += columns(text[end : match.start()])
        if width > max_columns:
            break
        end = match.start()
    return end


def _cut_between_words(text: str, max_columns: int) -> str:
    width = 0
    for index, char in enumerate(text):
        width += columns(char)
        if width > max_columns:
            head = text[:index]
            space = head.rfind(" ")
            latin = char.isascii() and head[-1:].isascii() and not char.isspace()
            return (head[:space] if latin and space > 0 else head).rstrip(_OUTER)
    return text
