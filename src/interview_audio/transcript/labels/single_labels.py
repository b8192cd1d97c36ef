"""Decides which labels speak that occur once: they resemble those who speak, or the text knows their name."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from interview_audio.text.name_key import name_key
from interview_audio.transcript.layout.paragraphs import Paragraph
from interview_audio.transcript.lexicon.label_grammar import Label, name_parts, short_forms
from interview_audio.transcript.lexicon.markup import is_emphasised_lead
from interview_audio.transcript.lexicon.personal_names import LATIN_WORD, ChineseNameFinder, is_chinese_name
from interview_audio.transcript.lexicon.typography import ends_with_question

IN_BRACKETS = re.compile(r"[(（]([^()（）]{2,24})[)）]")
TITLED = re.compile(
    r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Lord|Lady|Rev|Sen|Rep|Gov|Gen|Col|Capt)\b\.? \w", re.IGNORECASE
)
LONG = 3
"""Letters from which capitals are a style and not initials."""


@dataclass(frozen=True, slots=True)
class _Company:
    """What is known of the people among whom a label would speak."""

    keys: Collection[str]
    """Folded labels of those who speak."""
    parts: Collection[str]
    """Folded parts of their names, and surnames of Chinese names."""
    last_names: Collection[str]
    """Words that stand in runs of capitalised words in the text."""
    initials: Collection[str]
    """Of those runs, folded."""
    han: Collection[str]
    """Which of the labels in question the text writes too."""
    bracketed: Collection[str]
    """Folded words that the text puts in brackets."""
    has_capitals: bool
    """Whether all who speak are printed in capitals."""
    is_emphasised: bool
    """Whether their labels are printed in bold or italics."""


def find_single_labels(
    paragraphs: Sequence[Paragraph],
    candidates: Sequence[Label | None],
    singles: Mapping[str, str],
    keys: Collection[str],
) -> Iterator[str]:
    """Find the labels that speak once.

    Args:
        paragraphs: The document's paragraphs.
        candidates: For each paragraph, what stands in the place of a label.
        singles: The folded labels in question, with their names as printed.
        keys: Folded labels that speak; at least one.

    Yields:
        The folded labels that resemble those who speak or, after the first of these, answer a question, are printed in
        the same way, or have a name that the text knows.
    """
    spoken = [index for index, label in enumerate(candidates) if label and label.key in keys]
    company = _company(paragraphs, candidates, singles, keys, spoken)
    asked = [(index, label) for index, label in enumerate(candidates) if label and label.key in singles]
    alike = {index: label.key for index, label in asked if _resembles(label, company)}
    yield from alike.values()
    first = min((*spoken, *alike))
    for index, label in asked:
        is_set = company.is_emphasised and is_emphasised_lead(paragraphs[index].printed)
        is_within = index > first or (is_set and index + 1 == first)
        if is_within and (is_set or _is_expected(label, index, paragraphs, candidates, singles, company)):
            yield label.key


def find_introduced_labels(paragraphs: Sequence[Paragraph], labels: Iterable[Label]) -> set[str]:
    """Find the labels whose name the text puts in brackets, or that define the short form of another label."""
    inside = set(_bracketed(paragraph.text for paragraph in paragraphs))
    found = tuple(labels)
    keys = {label.key for label in found}
    return {label.key for label in found if label.key in inside or not keys.isdisjoint(short_forms(label))}


def _bracketed(texts: Iterable[str]) -> Iterator[str]:
    return (name_key(name) for text in texts for name in IN_BRACKETS.findall(text))


def _company(
    paragraphs: Sequence[Paragraph],
    candidates: Sequence[Label | None],
    singles: Mapping[str, str],
    keys: Collection[str],
    spoken: Sequence[int],
) -> _Company:
    pairs = tuple(zip(paragraphs, candidates, strict=True))
    names = [label.name for label in candidates if label and label.key in keys]
    bodies = [paragraph.text[label.end if label else 0 :] for paragraph, label in pairs[: spoken[-1] + 1]]
    runs = _name_runs((*bodies, *names))
    finder = ChineseNameFinder(singles.values())
    return _Company(
        keys=keys,
        parts=_known_parts(names, singles.values()),
        last_names={word for run in runs for word in run},
        initials={"".join(word[0] for word in run).casefold() for run in runs},
        han={form for body in bodies for _, form in finder.find(body)},
        bracketed=set(_bracketed(bodies)),
        has_capitals=any(len(name) > LONG for name in names) and all(map(str.isupper, names)),
        is_emphasised=all(is_emphasised_lead(paragraphs[index].printed) for index in spoken),
    )


def _known_parts(names: Sequence[str], others: Iterable[str]) -> set[str]:
    """Parts of the names of those who speak; a Chinese surname is also known from a full name in question."""
    full = [name for name in (*names, *others) if is_chinese_name(name)]
    surnames = {name[:size] for name in full for size in (1, 2) if size < len(name)}
    return surnames.union(*map(name_parts, names))


def _resembles(label: Label, company: _Company) -> bool:
    """Whether it is a fuller or shorter form of a label that speaks."""
    short = short_forms(label)
    words = LATIN_WORD.findall(label.name)
    initials = "".join(word[0] for word in words).casefold() if len(words) > 1 else ""
    own = name_parts(label.name) | short | {label.key}
    return not own.isdisjoint(company.parts) or not short.isdisjoint(company.keys) or initials in company.keys


def _is_expected(
    label: Label,
    index: int,
    paragraphs: Sequence[Paragraph],
    candidates: Sequence[Label | None],
    singles: Mapping[str, str],
    company: _Company,
) -> bool:
    """Whether the text knows the name, or it stands where an answer stands and in no list."""
    words = LATIN_WORD.findall(label.name)
    if label.key in company.bracketed or label.name in company.han or label.key in company.initials:
        return True
    if words and words[-1] in company.last_names:
        return True
    is_person = TITLED.match(label.name) is not None or (company.has_capitals and label.name.isupper())
    is_near = any(candidates[max(0, index - 2) : index])
    answers = is_near and ends_with_question(paragraphs[index - 1].text)
    return (is_person or answers) and not _stands_in_a_list(candidates, index, singles)


def _stands_in_a_list(candidates: Sequence[Label | None], index: int, singles: Mapping[str, str]) -> bool:
    """Whether words with a colon that occur once follow each other, as in a list of values."""
    beside = (*candidates[max(0, index - 1) : index], *candidates[index + 1 : index + 2])
    return any(label is not None and label.key in singles and _is_a_word(singles[label.key]) for label in beside)


def _is_a_word(name: str) -> bool:
    """Whether nothing but its capital makes a name of it."""
    return " " not in name and len(name) > 1 and not is_chinese_name(name)


def _name_runs(bodies: Sequence[str]) -> set[tuple[str, ...]]:
    """The runs of two and three capitalised words: names, most of them."""
    found: set[tuple[str, ...]] = set()
    for body in bodies:
        matches = [match for match in LATIN_WORD.finditer(body) if match[0][0].isupper()]
        for size in (2, 3):
            for run in zip(*(matches[shift:] for shift in range(size)), strict=False):
                if all(right.start() == left.end() + 1 for left, right in pairwise(run)):
                    found.add(tuple(match[0] for match in run))
    return found
