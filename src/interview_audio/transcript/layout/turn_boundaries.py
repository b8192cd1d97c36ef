"""Finds where speakers change inside and between lines: a sign before each turn, or labels in the middle of a line.

The sign is ``>>`` of captions or the dash of printed dialogue. Labels in the middle of a line are those of a whole
conversation pasted as one; the evidence must be strong: the same labels recur, take turns, and have talk between them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from interview_audio.text.characters import HAN
from interview_audio.transcript.lexicon.label_grammar import (
    COLON,
    COLONS,
    MAX_LABEL_LENGTH,
    Label,
    is_name_shaped,
    names_no_person,
    part_of,
    read_label,
)
from interview_audio.transcript.lexicon.typography import ends_sentence, ends_with_question, is_conversational

_MARKS = re.compile(r"\A[-–—―─\s]*[*_]{1,3}|[*_]{2}")
"""Strokes and stars around a label: ``- **Q:**``."""
ARROWS = ">>"
ASKING_DASHES = ("――", "——", "──")
"""Dashes that may stand before the questions alone."""
_DASHES = (*ASKING_DASHES, "―", "—", "–", "-")
_MIN_ARROWS = 2
_MIN_DASHES = 4
"""A quotation or two may begin with a dash in any article."""
_MIN_QUESTIONS = 2
_MIN_LABELLED_ITEMS = 2
"""A hyphen is the bullet of a list, too; where items have labels, it is."""
_MIN_NAMES_SHARE = 0.3
"""Of the items of such a list: less than half, for answers may have several."""
_MIN_DASHED_SHARE = 0.6
"""Of the paragraphs, that begin with the dash of a dialogue."""


def find_turn_mark(paragraphs: Sequence[str]) -> str:
    """Find the sign that begins each speaker's words.

    Dashes also begin the items of lists and the lines of quotations: they must begin most paragraphs, and some of
    those but not all must ask.

    Args:
        paragraphs: The document's paragraphs as printed.

    Returns:
        The sign, or an empty text.
    """
    if sum(paragraph.startswith(ARROWS) and paragraph[2:3] != ">" for paragraph in paragraphs) >= _MIN_ARROWS:
        return ARROWS
    dashed = [paragraph for paragraph in paragraphs if paragraph.startswith(_DASHES)]
    return next((dash for dash in _DASHES if _is_dialogue(dash, dashed, len(paragraphs))), "")


def _is_dialogue(dash: str, dashed: Sequence[str], paragraphs: int) -> bool:
    marked = [paragraph for paragraph in dashed if begins_with_mark(dash, paragraph)]
    questions = sum(ends_with_question(paragraph) for paragraph in marked)
    labelled = sum(read_label(_MARKS.sub("", paragraph)) is not None for paragraph in marked)
    is_list = dash == "-" and labelled >= _MIN_LABELLED_ITEMS
    if is_list or 2 * labelled > len(marked) or questions < _MIN_QUESTIONS or _are_names_and_words(marked):
        return False
    asks_only = dash in ASKING_DASHES and questions >= _MIN_DASHED_SHARE * len(marked)
    are_many = len(marked) >= max(_MIN_DASHES, _MIN_DASHED_SHARE * paragraphs)
    return asks_only or (are_many and questions < len(marked))


def _are_names_and_words(marked: Sequence[str]) -> bool:
    """Tell whether lines that recur are between the others: a list of who speaks, and below each what is said."""
    lines = Counter(line for line in marked if len(line) <= MAX_LABEL_LENGTH and not ends_sentence(line))
    return sum(count for count in lines.values() if count > 1) >= _MIN_NAMES_SHARE * len(marked)


def begins_with_mark(mark: str, paragraph: str) -> bool:
    """Tell whether a paragraph begins with a sign of a change of speakers: not one of nothing but strokes."""
    rest = paragraph.removeprefix(mark)
    is_more = mark != ARROWS and rest[:1] in _DASHES
    return rest != paragraph and rest.strip() != "" and not is_more and (mark != "-" or rest[:1].isspace())


_BOUNDARY = re.compile(
    r"[。！？!?…；;～~][\"'”’」』）)\]】*_]*\s*"
    r"|(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bSt)(?<!\bProf)(?<!\b[A-Z])\.[\"'”’)\]*_]*(?=\s)\s*"
    r"|[”」』）)\]】]\s*|\s{2,}|\s[|｜/]\s*|[|｜]\s*|\s?—+\s*|\s\*\*"
)
_LAST_WORD = re.compile(r"(?:\A|\s)(\S{1,16})\s*\Z")
_CHINESE_ROLE_BEHIND_WORDS = re.compile(rf"[{HAN}]\s+[^\s{COLONS}]*[{HAN}]\s+[{HAN}]{{1,5}}\Z")
"""The end of a headline or two before a Chinese label, which has no space in it."""
_ARROWS_INSIDE = re.compile(r"(?<=\s)>>+(?=\s?\S)")
_MIN_TURNS = 2
_MIN_ALTERNATING_SHARE = 0.7
_MAX_SIGNS = len("**# ")
"""Characters of markup before a label that begins its paragraph all the same."""


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    """Offset at which the label begins."""
    end: int
    """Offset at which the words begin."""
    key: str
    is_inside: bool
    """Whether it is in the middle of its paragraph."""


def split_at_labels(source: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Divide paragraphs at the labels in their middle.

    Args:
        source: The whole text.
        spans: Half-open ranges of its paragraphs.

    Returns:
        The ranges, those with labels inside replaced by their parts.
    """
    places = _places_of_all(source, spans)
    speaking = _speaking_keys(source, [place for found in places for place in found])
    arrows = [_arrows_inside(source, start, end) for start, end in spans]
    are_marks = sum(map(len, arrows)) >= _MIN_TURNS
    divided: list[tuple[int, int]] = []
    for (start, end), found, marks in zip(spans, places, arrows, strict=True):
        inside = {place.start for place in found if place.is_inside and place.key in speaking}
        cuts = [start, *sorted(inside.union(marks if are_marks else ())), end]
        divided += [(left, right) for left, right in pairwise(cuts) if source[left:right].strip()]
    return [_stripped(source, start, end) for start, end in divided]


def _places_of_all(source: str, spans: Sequence[tuple[int, int]]) -> Sequence[Sequence[_Place]]:
    """Return the labels of each paragraph; none where no paragraph has one in its middle, so that none is divided."""
    inner = {
        span: tuple(_places(source, *span)) for span in spans if COLON.search(source, span[0] + _MAX_SIGNS + 2, span[1])
    }
    if not any(place.is_inside for found in inner.values() for place in found):
        return ((),) * len(spans)
    return [inner[span] if span in inner else tuple(_places(source, *span)) for span in spans]


def _arrows_inside(source: str, start: int, end: int) -> tuple[int, ...]:
    """Return the places of arrows behind a paragraph's first words."""
    if source.find(ARROWS, start, end) < 0:
        return ()
    return tuple(match.start() for match in _ARROWS_INSIDE.finditer(source, start, end))


def _stripped(source: str, start: int, end: int) -> tuple[int, int]:
    piece = source[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _places(source: str, start: int, end: int) -> Iterator[_Place]:
    """Return the labels of a paragraph, at its start and behind ends of sentences."""
    reached = start
    for colon in COLON.finditer(source, start, end):
        lower = max(reached, colon.start() - MAX_LABEL_LENGTH)
        place = _place(source, lower, colon.start(), is_first=reached == start, paragraph=start)
        if place:
            yield place
            reached = colon.end()


def _place(source: str, lower: int, colon: int, *, is_first: bool, paragraph: int) -> _Place | None:
    found = _label_at_end(source[lower:colon], source[colon : colon + 4], is_whole=is_first and lower == paragraph)
    if found is None:
        return None
    begin, label = found
    start = lower + begin
    return _Place(start, colon + 1, label.key, start > paragraph + _MAX_SIGNS)


@lru_cache(maxsize=4096)
def _label_at_end(before: str, after: str, *, is_whole: bool) -> tuple[int, Label] | None:
    """Return the label at the end of what is before a colon, and its index: behind a sentence, or all of it."""
    if not before or before[-1] in COLONS:
        return None
    boundaries = [match.end() for match in _BOUNDARY.finditer(before)]
    begin = boundaries[-1] if boundaries else 0
    is_at_boundary = bool(boundaries) or is_whole
    label = _label(before[begin:], after) if is_at_boundary and not _CHINESE_ROLE_BEHIND_WORDS.search(before) else None
    if label is None and (word := _LAST_WORD.search(before)):
        begin = word.start(1)
        label = _label(word[1], after)
        label = label if label and names_no_person(label.key) and not label.printed.islower() else None
    return (begin, label) if label else None


def _label(printed: str, after: str) -> Label | None:
    return read_label(printed.strip("*_#> \t\n\u3000") + after)


def _speaking_keys(source: str, places: Sequence[_Place]) -> frozenset[str]:
    """Return the labels that may divide a paragraph; none where they do not take turns."""
    total = Counter(place.key for place in places)
    inside = Counter(place.key for place in places if place.is_inside)
    printed = {place.key: source[place.start : place.end - 1].strip("*_ \n") for place in places}
    # Each journalist of a press conference may ask once: "晚报记者：", "Gazette reporter:".
    askers = {key for key in total if part_of(key) == "host"}
    are_several = sum(total[key] for key in askers) >= _MIN_TURNS
    keys = {
        key
        for key, count in total.items()
        if (count >= _MIN_TURNS and (names_no_person(key) or is_name_shaped(printed[key])))
        or (are_several and key in askers)
    }
    spoken = [place for place in places if place.key in keys]
    changes = sum(left.key != right.key for left, right in pairwise(spoken))
    words = [source[left.end : right.start] for left, right in pairwise(spoken)]
    take_turns = len(keys) > 1 and changes >= _MIN_ALTERNATING_SHARE * (len(spoken) - 1) and is_conversational(words)
    # Where a name labels lines, within them it addresses its person: "We are back. Ida: heights, yes or no?"
    dividing = frozenset(key for key in keys if names_no_person(key) or 2 * inside[key] >= total[key])
    return dividing if take_turns else frozenset()
