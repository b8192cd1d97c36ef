"""Counts the runs of capitalised words in a text, weighted by where they stand: the full names behind short labels."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from interview_audio.transcript.layout.paragraphs import Passage
from interview_audio.transcript.lexicon.personal_names import WESTERN_TITLES, WORD
from interview_audio.transcript.lexicon.vocabulary import word_set

_CAPITALISED = r"[A-ZÀ-ÖØ-Þ][\w'’.-]*+"
_NEXT = rf"(?:[ \u00a0](?:(?:de|da|di|del|der|den|du|la|le|van|von|bin|al|el|of) ){{0,2}}{_CAPITALISED})"
NAME_RUN = re.compile(rf"({_CAPITALISED}{_NEXT}+)|{_CAPITALISED}")
"""A run of two words or more, which is the group.

A word alone is matched too, so that it is not looked at again from each capital.
"""
CAMEL = re.compile(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b")
CONTRACTED = re.compile(r"(?:I|You|We|They|He|She|It|That|There|What|Who|Where|Here|Let|Don|Can|Won|Didn|Isn)['’]")
POSSESSIVE = re.compile(r"['’]s?$")
BESIDE_NAMES = WESTERN_TITLES | word_set(
    """
    founder editor keeper engineer doctor the a an and but or so if when while after before since because as at by
    for from in into of on to with about this that these those here there then now yes no not what why how who where
    which did does do is are was were have had can could will would should may might must let thanks thank hello hi
    dear good today yesterday asked says said interview with talks meet meets meeting january february march april
    may june july august september october november december monday tuesday wednesday thursday friday saturday sunday
    """
)
"""Capitalised words that stand beside a name and are no part of it."""
OPENING_TURNS = 4
WEIGHT_OF_TITLE, WEIGHT_OF_HEAD, WEIGHT_OF_LABEL = 6, 3, 20
LONGEST_RUN = 12
"""Words of a run in which a person is looked for: in a row of initials another run begins with each of them. Words, and
not characters, because a name that is cut would be somebody's."""
_FIRST_WORDS = re.compile(rf"{_CAPITALISED}{_NEXT}{{1,{LONGEST_RUN - 1}}}")
LEAST_WEIGHT = 3
"""Below it a run that the body happens to write is nobody's name."""


@dataclass(frozen=True, slots=True)
class NameRuns:
    """How often the text writes which run of capitalised words, weighted by where; keys are folded."""

    by_first: Mapping[str, Counter[str]]
    by_last: Mapping[str, Counter[str]]
    by_initials: Mapping[str, Counter[str]]
    by_whole: Mapping[str, str]


def collect_runs(passages: Sequence[Passage], names: Iterable[str]) -> NameRuns:
    """Count the runs of a document.

    Args:
        passages: Its paragraphs; those of the introduction and of the first turns weigh more.
        names: Names that labels and declarations print in full.
    """
    weights: Counter[str] = Counter()
    printed = frozenset(names)
    for name in printed:
        _weigh(name, WEIGHT_OF_LABEL, weights)
    small = {word for passage in passages for word in WORD.findall(passage.text) if word.islower()}
    turns = 0
    for index, passage in enumerate(passages):
        turns += passage.label is not None
        opening = WEIGHT_OF_TITLE if index == 0 else WEIGHT_OF_HEAD
        _weigh(passage.text, opening if turns <= OPENING_TURNS else 1, weights)
    first: defaultdict[str, Counter[str]] = defaultdict(Counter)
    last: defaultdict[str, Counter[str]] = defaultdict(Counter)
    initials: defaultdict[str, Counter[str]] = defaultdict(Counter)
    whole: dict[str, str] = {}
    for run, weight in weights.items():
        words = run.split(" ")
        whole.setdefault(run.casefold(), run)
        for key in _initials(words):
            initials[key][run] += weight
        if len(words) == 1 or (run not in printed and any(word.casefold() in small for word in (words[0], words[-1]))):
            continue
        first[words[0].casefold()][run] += weight
        last[words[-1].casefold()][run] += weight
    return NameRuns(first, last, initials, whole)


def split_runs(text: str, start: int) -> Iterator[list[str]]:
    """Give the words of the run that begins at an index, divided at titles and ends of sentences."""
    match = _FIRST_WORDS.match(text, start)
    yield from _split_run(match[0]) if match else ()


def heaviest(found: Counter[str]) -> str | None:
    """Give the heaviest run, the longer of two alike; None where the text hardly writes any."""
    run = max(found, key=lambda run: (found[run], len(run)), default=None)
    return run if run and found[run] >= LEAST_WEIGHT else None


def _initials(words: Sequence[str]) -> set[str]:
    """``Evening Post`` is ``ep`` and, with its article, ``tep``; particles may count or not."""
    if len(words) == 1:
        return {"".join(letter for letter in words[0] if letter.isupper()).casefold()}
    every = "".join(word[0] for word in words).casefold()
    capitals = "".join(word[0] for word in words if word[0].isupper()).casefold()
    return {every, capitals}


def _weigh(text: str, weight: int, weights: Counter[str]) -> None:
    """Add the name-like windows of two to four words in a text, and the names in camel case."""
    for match in CAMEL.finditer(text):
        weights[match[0]] += weight
    for run in filter(None, NAME_RUN.findall(text)):
        for words in _split_run(run):
            for size in range(2, 5):
                for start in range(len(words) - size + 1):
                    weights[" ".join(words[start : start + size])] += weight


def _split_run(run: str) -> Iterator[list[str]]:
    """Split a run at titles, acronyms and ends of sentences; an article stays before its own run."""
    words: list[str] = []
    for printed in re.split(r"[ \u00a0]", run):
        word = POSSESSIVE.sub("", printed.rstrip("."))
        is_initial = len(word) == 1 and printed.endswith(".")
        if word.casefold() in BESIDE_NAMES or (len(word) > 1 and word.isupper()) or _is_no_name(word):
            yield words
            words = []
            continue
        words.append(printed if is_initial else word)
        if word != printed and not is_initial:
            yield words
            words = []
    yield words


def _is_no_name(word: str) -> bool:
    """``OpenAI`` with capitals at the end, as no name has them; ``I'm``."""
    return (len(word) > 2 and word[-2:].isupper()) or CONTRACTED.match(word) is not None
