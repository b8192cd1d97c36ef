"""Finds labels that are almost a name: a slip of the pen, not another person.

Two names that both recur are two people, however much alike; so are numbered labels and those of one letter or sign.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from interview_audio.errors import suggestion
from interview_audio.text.characters import HAN, name_key
from interview_audio.transcript.lexicon.label_grammar import part_of
from interview_audio.transcript.lexicon.personal_names import without_titles

_MIN_LETTERS = 4
"""Letters; of a shorter name too much else is one letter away."""
_MIN_LETTERS_OF_TWO_SLIPS = 8
"""Letters of a name in which two slips are one."""
_MAX_LETTERS = 40
"""A longer label is not a name, and its shortened forms are many."""
_MIN_HAN_CHARS = 3
"""Characters; two names of two characters that share one are two people of a family."""
_MAX_NAMES_OF_TWO_SLIPS = 2000
"""Different labels and names up to which two slips are looked for: there are so many ways to drop two letters."""
_MIN_TURNS_OF_A_PERSON = 3
"""A label that occurs so often beside the name that it resembles is somebody else's."""
_HAN_NAME = re.compile(f"[{HAN}·]+")
_ENUMERATING = frozenset("甲乙丙丁戊己庚辛一二三四五六七八九十男女老小大上下")
"""Characters that tell people of one description apart: ``男观众``, ``女观众``."""
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Misprint:
    """A label that is almost a name."""

    printed: str
    line: int
    """Where it occurs first."""
    meant: str
    """The name as declared, or the label that recurs."""

    def __str__(self) -> str:
        return f"line {self.line}: nobody is declared as {self.printed!r}{suggestion(self.meant)}"

    @property
    def as_warning(self) -> str:
        """What to say where it is read as the name: the front matter is part of the text, and may be wrong itself."""
        return f"line {self.line}: {self.printed!r} is read as {self.meant!r}, whom the front matter declares"


def misprints_of_names(labels: Sequence[tuple[str, int]], declared: Collection[str]) -> tuple[Misprint, ...]:
    """Find the labels that match a declared speaker almost, and not exactly.

    Args:
        labels: Every label of the document as printed, without its colon, and its line; also those that speak.
        declared: Names and aliases that the user or the front matter gives.

    Returns:
        One for each such label, by its first line.
    """
    names = {name_key(name): name for name in declared}
    return tuple(_near(labels, names, Counter(name_key(printed) for printed, _ in labels)))


def misprints_of_labels(labels: Sequence[tuple[str, int]]) -> tuple[Misprint, ...]:
    """Find the labels that occur once and almost match one that recurs; a Chinese one must sound the same.

    Args:
        labels: As for ``misprints_of_names``.
    """
    counts = Counter(name_key(printed) for printed, _ in labels)
    recurring = {name_key(printed): printed for printed, _ in reversed(labels)}
    recurring = {key: printed for key, printed in recurring.items() if counts[key] >= _MIN_TURNS_OF_A_PERSON}
    single = [(printed, line) for printed, line in labels if counts[name_key(printed)] == 1]
    return tuple(near for near in _near(single, recurring, counts) if not _is_han(near.printed) or _sounds_alike(near))


def _near(labels: Iterable[tuple[str, int]], names: Mapping[str, str], counts: Mapping[str, int]) -> Iterator[Misprint]:
    slips = 2 if len(counts) + len(names) <= _MAX_NAMES_OF_TWO_SLIPS else 1
    index = _index(names, slips)
    lengths = {len(name) + more for name in names for more in range(-slips, slips + 1)}
    seen = set(names)
    for printed, line in labels:
        key = name_key(printed)
        if key in seen or len(key) > _MAX_LETTERS or len(key) not in lengths or part_of(key):
            continue
        seen.add(key)
        near = {name for form in _shortened(key, slips) for name in index.get(form, ()) if _is_slip(key, name)}
        meant = next((name for name in sorted(near) if _is_rarer(counts, key, name)), None)
        if meant is not None and not _differ_on_purpose(printed, names[meant]):
            yield Misprint(printed, line, names[meant])


def _index(names: Iterable[str], slips: int) -> dict[str, list[str]]:
    """Index names by what is left of them without a letter or two: near ones share such a rest, and few others do."""
    index: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        if len(name) <= _MAX_LETTERS and not part_of(name):
            for form in _shortened(name, slips):
                index[form].append(name)
    return dict(index)


def _shortened(key: str, slips: int) -> set[str]:
    forms = {key, *(key[:place] + key[place + 1 :] for place in range(len(key)))}
    if slips > 1 and len(key) >= _MIN_LETTERS_OF_TWO_SLIPS and not _is_han(key):
        forms |= {
            key[:first] + key[first + 1 : second] + key[second + 1 :]
            for first, second in combinations(range(len(key)), 2)
        }
    return forms


def _is_slip(key: str, name: str) -> bool:
    """Tell whether one is the other with so few slips as its length allows."""
    if _is_han(name):
        return _is_slip_in_han(key, name)
    if (
        len(name) < _MIN_LETTERS
        or len(key) < _MIN_LETTERS
        or (len(name) == len(key) == _MIN_LETTERS and not _is_swap(key, name))
    ):
        return False
    return edit_distance(key, name) <= (2 if min(len(key), len(name)) >= _MIN_LETTERS_OF_TWO_SLIPS else 1)


def _is_slip_in_han(key: str, name: str) -> bool:
    if len(name) < _MIN_HAN_CHARS or len(key) != len(name):
        return False
    changed = [{one, other} for one, other in zip(key, name, strict=True) if one != other]
    return len(changed) == 1 and not changed[0] <= _ENUMERATING


def _is_swap(key: str, name: str) -> bool:
    return sorted(key) == sorted(name)


def _is_rarer(counts: Mapping[str, int], key: str, name: str) -> bool:
    """Tell whether the label may be a slip: the name does not occur at all, or the label hardly ever."""
    return counts.get(name, 0) == 0 or counts[key] < _MIN_TURNS_OF_A_PERSON


def _differ_on_purpose(printed: str, name: str) -> bool:
    """Tell whether two labels differ by a number, a letter or a title: ``Speaker 2``, ``Guest B``, ``Mrs Holm``."""
    return _words(printed) == _words(name)


def _words(printed: str) -> list[str]:
    """Return the words of a label, without titles, numbers and single letters."""
    return _WORD.findall(unicodedata.normalize("NFKC", without_titles(printed)).casefold())


def _is_han(key: str) -> bool:
    return _HAN_NAME.fullmatch(key) is not None


def _sounds_alike(near: Misprint) -> bool:
    from pypinyin import lazy_pinyin

    return lazy_pinyin(near.printed) == lazy_pinyin(near.meant)


def edit_distance(one: str, other: str) -> int:
    """Count the letters to insert, drop, change or swap with their neighbour (Damerau-Levenshtein, no letter twice)."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        here = [row]
        for column, wanted in enumerate(other, start=1):
            cost = min(above[column] + 1, here[-1] + 1, above[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            here.append(cost)
        before, above = above, here
    return above[-1]
