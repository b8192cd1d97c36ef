"""The grammar of labels without a colon: a name alone on its line, ``Q. text``, ``[Name] text``, ``Name — text``.

All of them are also ways to write other things, so a form speaks only where the whole document shows that it does.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from interview_audio.text.width import columns
from interview_audio.transcript.layout.paragraphs import Paragraph
from interview_audio.transcript.lexicon.label_grammar import (
    ENCLOSED,
    MAX_LABEL_LENGTH,
    NOBODY_WORDS,
    ROLE_WORDS,
    Label,
    index_of_words,
    is_name_shaped,
    is_speaker_word,
    make_label,
    part_of,
)
from interview_audio.transcript.lexicon.typography import ends_sentence, ends_with_question, is_conversational

WIDEST_ALONE = 48
FEWEST = 3
FEWEST_OF_A_NAME = 2
ALTERNATING = 0.5
ASKING = 0.5
ROLE = rf"(?:{'|'.join(sorted(map(re.escape, ROLE_WORDS), key=len, reverse=True))})\d{{0,3}}"
NAME = r"[^\s\[\]【】()（）<>〈〉|｜—:：。，！？!?][^\[\]【】()（）<>〈〉|｜—:：。，！？!?\n]{0,39}?"
FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("handle", re.compile(r"<\s*([\w.-]{1,32})\s*>\s+(?=\S)")),
    ("brackets", re.compile(rf"[\[［<〈(（【]\s*({NAME})\s*[\]］>〉)）】]\s*[-–—|]?\s*(?=\S)")),
    ("bar", re.compile(rf"({NAME})\s*[|｜丨¦]\s*(?=\S)")),
    ("angle", re.compile(rf"({NAME})\s?[>›»]+\s+(?=\S)")),
    ("dash", re.compile(rf"({NAME})(?:\s*[—–―─]+|\s+-+)\s*(?=\S)")),
    ("titled stop", re.compile(r"((?:[A-Z][a-z]{1,15}\.? ){1,2}[A-Z]{2,}(?:[ -][A-Z]{2,}){0,2})\.\s+(?=\S)")),
    ("stop", re.compile(rf"({ROLE})\s?[.．、;；]\s*(?=\S)", re.IGNORECASE)),
    ("space", re.compile(rf"(?-i:(?![a-z]))({ROLE})\s+(?=\S)", re.IGNORECASE)),
    ("ordinal stop", re.compile(rf"\d{{1,3}}[.、．]\s?({ROLE})[.．、;；]\s*(?=\S)", re.IGNORECASE)),
)
GAP = re.compile(r"[>#*_\s]{0,40}([^\s:：][^\t\n:：]{0,39}?)[*_]{0,6}(?:\t| {2,}|\u3000)\s*(?=\S)")
"""What repeats is bounded: a line of strokes alone would be looked at again from each of them."""
STRONG = re.compile(r"\s*(?:>\s*)?(\*\*|__)([^*_\n]{1,48})\1\s*(?=[^\s*_:：])")


def find_bare_labels(
    paragraphs: Sequence[Paragraph], taken: Sequence[Label | None], keys: Collection[str], common: Collection[str]
) -> dict[int, Label]:
    """Find the labels without a colon.

    Args:
        paragraphs: The document's paragraphs.
        taken: The labels with a colon that speak.
        keys: The folded names that need no other evidence: those of ``taken``, and those that the settings know.
        common: Words that the document writes in small letters.

    Returns:
        For each paragraph that has one, its label.
    """
    forms: defaultdict[str, dict[int, Label]] = defaultdict(dict)
    for index, paragraph in enumerate(paragraphs):
        if taken[index] is None and paragraph.text and not paragraph.turn_mark:
            for form, label in _candidates(paragraph):
                forms[form][index] = label
    found: dict[int, Label] = {}
    for form, labels in sorted(forms.items(), key=lambda item: item[0] not in _CERTAIN_FORMS):
        free = {index: label for index, label in labels.items() if index not in found}
        found |= _speaking(form, free, paragraphs, taken, keys, common)
    return found


def _candidates(paragraph: Paragraph) -> Iterator[tuple[str, Label]]:
    text = paragraph.text
    enclosed = ENCLOSED.fullmatch(text)
    alone = (enclosed[1] if enclosed else text).strip()
    if columns(text) <= WIDEST_ALONE and not ends_sentence(text) and (label := make_label(alone, len(text))):
        yield ("time" if paragraph.is_timed else "alone"), label
        return
    for form, pattern in FORMS:
        if (match := pattern.match(text)) and (label := make_label(match[1].strip(), match.end())):
            yield form, label
    for form, pattern, group in (("gap", GAP, 1), ("strong", STRONG, 2)):
        if (match := pattern.match(paragraph.printed)) and (label := _printed_label(match[group].strip(), text)):
            yield form, label


def _printed_label(printed: str, text: str) -> Label | None:
    """A label told by its setting, which the paragraph's words no longer show."""
    if not text.startswith(printed) or len(printed) > MAX_LABEL_LENGTH or ends_sentence(printed):
        return None
    return make_label(printed, index_of_words(text, len(printed)))


_CERTAIN_FORMS = ("time",)
"""Forms that nothing else has; they also speak beside labels with a colon."""
_DISTINCT_FORMS = ("alone", "brackets")
"""Forms in which those who speak elsewhere also speak where labels have a colon mostly."""
_FORMS_OF_HANDLES = ("handle", "time", "gap")
"""Forms in which what recurs needs not look like a person's name."""
_FORMS_OF_ONE = ("alone", "strong", "gap")
"""Forms in which people also speak who have one turn."""


def _speaking(
    form: str,
    labels: Mapping[int, Label],
    paragraphs: Sequence[Paragraph],
    taken: Sequence[Label | None],
    keys: Collection[str],
    common: Collection[str],
) -> dict[int, Label]:
    """The labels of one form that speak: none, where the form has not the evidence of a conversation."""
    counts = Counter(label.key for label in labels.values())
    recurring = {
        label.key
        for label in labels.values()
        if _is_role(label.key)
        or label.key in keys
        or _is_recurring_name(label, counts[label.key], common)
        or (form in _FORMS_OF_HANDLES and counts[label.key] >= FEWEST_OF_A_NAME)
    }
    own = {index: label for index, label in labels.items() if label.key in recurring}
    if not own:
        return {}
    are_roles = all(_is_role(label.key) for label in own.values())
    has_rivals = form not in _CERTAIN_FORMS and len(own) < sum(label is not None for label in taken)
    if (has_rivals and not are_roles) or not _CONVERSES.get(form, _converses)(own, paragraphs):
        is_distinct = has_rivals and form in _DISTINCT_FORMS
        return {
            index: label
            for index, label in own.items()
            if (is_distinct and label.key in keys) or (form == "alone" and _is_stacked(index, label, taken))
        }
    if form in _CERTAIN_FORMS:
        return dict(labels)
    return own | (dict(_once(labels, own, common)) if form in _FORMS_OF_ONE else {})


def _is_role(key: str) -> bool:
    return (part_of(key) is not None and key not in NOBODY_WORDS) or is_speaker_word(key)


def _is_stacked(index: int, label: Label, taken: Sequence[Label | None]) -> bool:
    """Whether a part stands alone above the label of the one who has it."""
    return _is_role(label.key) and index + 1 < len(taken) and taken[index + 1] is not None


def _is_recurring_name(label: Label, count: int, common: Collection[str]) -> bool:
    return count >= FEWEST_OF_A_NAME and is_name_shaped(label.name) and label.name.casefold() not in common


def _once(
    labels: Mapping[int, Label], own: Mapping[int, Label], common: Collection[str]
) -> Iterator[tuple[int, Label]]:
    """People who speak once, between the others."""
    first = min(own)
    for index, label in labels.items():
        is_full = " " in label.name or not label.name.isascii()
        if index > first and is_name_shaped(label.name) and is_full and label.name.casefold() not in common:
            yield index, label


def _converses(own: Mapping[int, Label], paragraphs: Sequence[Paragraph]) -> bool:
    """Whether several people take turns, or one part asks and the rest answers."""
    ordered = sorted(own.items())
    changes = sum(left.key != right.key for (_, left), (_, right) in pairwise(ordered))
    words = [_words(index, label, paragraphs) for index, label in ordered]
    if len({label.key for label in own.values()}) > 1:
        return len(own) >= FEWEST and changes >= ALTERNATING * (len(own) - 1) and is_conversational(words)
    if len(own) < FEWEST_OF_A_NAME:
        return False
    asks = part_of(ordered[0][1].key) == "host"
    heard = words if asks else [paragraphs[index - 1].text if index else "" for index, _ in ordered]
    return sum(map(ends_with_question, heard)) >= ASKING * len(own)


def _is_timed(own: Mapping[int, Label], paragraphs: Sequence[Paragraph]) -> bool:
    """A name with a time is a speaker's where words follow."""
    followed = sum(index + 1 < len(paragraphs) and index + 1 not in own for index in own)
    keys = {label.key: label for label in own.values()}
    is_export = len(keys) > 1 or any(_is_role(key) or " " in label.name for key, label in keys.items())
    return is_export and followed >= ALTERNATING * len(own)


_CONVERSES: Mapping[str, Callable[[Mapping[int, Label], Sequence[Paragraph]], bool]] = {"time": _is_timed}


def _words(index: int, label: Label, paragraphs: Sequence[Paragraph]) -> str:
    """What stands behind a label, or below it where it stands alone."""
    beside = paragraphs[index].text[label.end :]
    return beside or (paragraphs[index + 1].text if index + 1 < len(paragraphs) else "")
