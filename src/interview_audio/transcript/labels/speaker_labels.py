"""Decides which candidate labels are speakers, from the whole document: who recurs, alternates, is known or named.

``Note:`` and ``There are two things:`` have the form of a label; what they lack is this evidence.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from interview_audio.text.width import columns
from interview_audio.transcript.labels.bare_labels import find_bare_labels
from interview_audio.transcript.labels.single_labels import find_introduced_labels, find_single_labels
from interview_audio.transcript.labels.unlabelled_turns import find_heading_speakers, label_unnamed_turns
from interview_audio.transcript.layout.paragraphs import Paragraph
from interview_audio.transcript.lexicon.label_grammar import (
    NOBODY_WORDS,
    Label,
    is_name_shaped,
    is_speaker_word,
    name_parts,
    part_of,
    short_forms,
)
from interview_audio.transcript.lexicon.markup import is_emphasised_lead
from interview_audio.transcript.lexicon.personal_names import LATIN_WORD, SURNAMES
from interview_audio.transcript.lexicon.typography import (
    are_utterances,
    ends_sentence,
    ends_with_question,
    is_conversational,
)

FEWEST_OF_A_NAME = 2
FEWEST_OF_A_WORD = 3
VALUE = re.compile(r"\w[^:：。.，,]{0,23}[:：]\s?\S")
WIDEST_CRY = 60
"""Columns of what everybody says at once."""

Candidates = Sequence[Label | None]


@dataclass(frozen=True, slots=True)
class _Sign:
    """What a document shows of one candidate."""

    name: str
    places: tuple[int, ...]
    """Indices of the paragraphs before whose words it stands."""
    words: tuple[str, ...]
    """What it would say at each of these."""
    turns: int
    """How often it follows another candidate."""
    relatives: int
    """How often it occurs together with the fuller and shorter labels that share a name with it; 0 without any."""
    is_timed: bool
    is_emphasised: bool
    """Whether it is always set in bold or italics."""


def find_speaking_labels(paragraphs: Sequence[Paragraph], candidates: Candidates, known: Collection[str]) -> Candidates:
    """Tell the labels that speak from those that only look like it.

    Args:
        paragraphs: The document's paragraphs.
        candidates: For each paragraph, what stands in the place of a label with a colon.
        known: Folded names and aliases that the user's settings know.

    Returns:
        For each paragraph its label, or None; labels without a colon are among them.
    """
    viable = _without_headline(paragraphs, candidates)
    common = _common_words(paragraphs, viable)
    keys = _accept(paragraphs, viable, known, common)
    found = [label if label and label.key in keys else None for label in viable]
    if bare := find_bare_labels(paragraphs, found, keys | set(known), common):
        viable = tuple(bare.get(index, label) for index, label in enumerate(viable))
        keys = _accept(paragraphs, viable, {*known, *(label.key for label in bare.values())}, common)
        found = [
            bare.get(index) or (label if label and label.key in keys else None) for index, label in enumerate(viable)
        ]
    for index, label in (
        find_heading_speakers(paragraphs, found, keys) | label_unnamed_turns(paragraphs, found)
    ).items():
        found[index] = label
    return tuple(_without_voices_outside(found))


def _without_voices_outside(found: Sequence[Label | None]) -> Iterator[Label | None]:
    """Drop the labels of nobody (``Video:``, ``All:``) where no conversation is around them."""
    speaking = [index for index, label in enumerate(found) if label and part_of(label.key) != "narrator"]
    for index, label in enumerate(found):
        is_nobodys = label is not None and label.key in NOBODY_WORDS
        yield None if is_nobodys and not (speaking and speaking[0] < index) else label


def _without_headline(paragraphs: Sequence[Paragraph], candidates: Candidates) -> Candidates:
    """Drop the candidate of a first line that is a headline: ``Ida Holm: the last keeper``."""
    first = candidates[0] if candidates else None
    if first is None or part_of(first.key) or len(candidates) == 1:
        return candidates
    if first.end == len(paragraphs[0].text) or paragraphs[0].is_timed:
        return candidates
    labelled = [paragraph for paragraph, label in zip(paragraphs, candidates, strict=True) if label]
    finished = sum(ends_sentence(paragraph.text) for paragraph in labelled)
    is_unfinished = not ends_sentence(paragraphs[0].text) and 2 * finished > len(labelled)
    stands_alone = candidates[1] is None and not paragraphs[0].text.rstrip().endswith((".", "。"))
    is_headline = paragraphs[0].is_heading or is_unfinished or stands_alone
    return (None, *candidates[1:]) if is_headline else candidates


def _accept(
    paragraphs: Sequence[Paragraph], candidates: Candidates, known: Collection[str], common: Collection[str]
) -> set[str]:
    """The folded labels that speak."""
    signs = _signs(paragraphs, candidates)
    timed = {key for key, sign in signs.items() if sign.is_timed}
    accepted = {key for key, sign in signs.items() if key in known or _has_part(key, sign, signs, common)}
    if len(timed) > 1:
        accepted |= {key for key in timed if are_utterances(signs[key].words)}
    recurring = {
        key: sign
        for key, sign in signs.items()
        if (_recurs(sign, common) or _recurs_as_speech(sign))
        and are_utterances(sign.words)
        and not _pairs_with_values(paragraphs, candidates, sign)
    }
    if accepted or _converse(paragraphs, tuple(recurring.values())):
        accepted |= recurring.keys()
    presented = find_introduced_labels(paragraphs, filter(None, candidates))
    singles = {
        key: sign.name
        for key, sign in signs.items()
        if key not in accepted and (_has_shape(sign) or sign.is_emphasised or key in presented)
        if are_utterances(sign.words)
    }
    return (
        accepted | set(find_single_labels(paragraphs, candidates, singles, accepted))
        if accepted and singles
        else accepted
    )


def _signs(paragraphs: Sequence[Paragraph], candidates: Candidates) -> dict[str, _Sign]:
    """What the document shows of each candidate, by its folded form."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    labels: dict[str, Label] = {}
    for index, label in enumerate(candidates):
        if label:
            places[label.key].append(index)
            labels.setdefault(label.key, label)
    turns = _alternations(candidates)
    relatives = _count_relatives(labels, places)
    return {
        key: _Sign(
            name=labels[key].name,
            places=tuple(found),
            words=tuple(_words(paragraphs, candidates, index) for index in found),
            turns=turns[key],
            relatives=relatives[key],
            is_timed=any(paragraphs[index].is_timed for index in found),
            is_emphasised=all(is_emphasised_lead(paragraphs[index].printed) for index in found),
        )
        for key, found in places.items()
    }


def _count_relatives(labels: Mapping[str, Label], places: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """How often a label occurs together with the fuller and shorter labels that share a name with it; 0 without any."""
    total: Counter[str] = Counter()
    forms: Counter[str] = Counter()
    parts = {key: name_parts(label.name) | short_forms(label) | {key} for key, label in labels.items()}
    for key, found in places.items():
        total.update(dict.fromkeys(parts[key], len(found)))
        forms.update(parts[key])
    return {key: max((total[part] for part in parts[key] if forms[part] > 1), default=0) for key in places}


def _words(paragraphs: Sequence[Paragraph], candidates: Candidates, index: int) -> str:
    """What a label would say: beside it, or below where it stands alone."""
    label = candidates[index]
    beside = paragraphs[index].text[label.end if label else 0 :]
    is_alone = not beside and index + 1 < len(paragraphs) and candidates[index + 1] is None
    return paragraphs[index + 1].text if is_alone else beside


def _alternations(candidates: Candidates) -> Counter[str]:
    """How often each label follows a different one."""
    keys = [label.key for label in candidates if label]
    return Counter(key for before, key in zip(["", *keys], keys, strict=False) if before not in ("", key))


def _has_part(key: str, sign: _Sign, signs: Collection[str], common: Collection[str]) -> bool:
    """Whether the label is a role; ``A:`` is one only beside questions or when it recurs."""
    part = part_of(key)
    if key in NOBODY_WORDS:
        return key not in common or all(columns(text) <= WIDEST_CRY for text in sign.words)
    if key == "a":
        return len(sign.places) > 1 or any(part_of(other) == "host" for other in signs)
    if part is None and is_speaker_word(key):
        return key[-1:].isdigit() or key.startswith(("un", "未知")) or len(sign.places) > 1
    return part is not None


def _has_shape(sign: _Sign) -> bool:
    return is_name_shaped(sign.name) or sign.relatives > 1 or sign.name in SURNAMES


def _recurs(sign: _Sign, common: Collection[str]) -> bool:
    """Whether a label occurs as often as a speaker's; a common word must take turns with others as well."""
    count = max(len(sign.places), sign.relatives)
    is_name = _has_shape(sign) and (len(sign.name) > 1 or sign.turns > 0) and sign.name.casefold() not in common
    takes_turns = count >= FEWEST_OF_A_WORD and sign.turns >= FEWEST_OF_A_WORD - 1
    return (count >= FEWEST_OF_A_NAME and is_name) or takes_turns


def _recurs_as_speech(sign: _Sign) -> bool:
    """Whether a label that looks like no name recurs and is set in bold each time, or asks each time."""
    asks = sign.turns > 0 and all(map(ends_with_question, sign.words))
    return len(sign.places) >= FEWEST_OF_A_NAME and (sign.is_emphasised or asks)


def _pairs_with_values(paragraphs: Sequence[Paragraph], candidates: Candidates, sign: _Sign) -> bool:
    """Whether a label mostly stands above a line like its own that nobody says: ``Myth:`` above ``Fact:``."""
    below = [index + 1 for index in sign.places if index + 1 < len(paragraphs)]
    values = sum(candidates[index] is None and VALUE.match(paragraphs[index].text) is not None for index in below)
    return len(sign.places) >= FEWEST_OF_A_NAME and 2 * values > len(sign.places)


def _converse(paragraphs: Sequence[Paragraph], signs: Sequence[_Sign]) -> bool:
    """Whether labels without a part are a conversation: several that talk, or one that asks, answers or says all."""
    if len(signs) != 1:
        return is_conversational(text for sign in signs for text in sign.words)
    (sign,) = signs
    answers = sum(index > 0 and ends_with_question(paragraphs[index - 1].text) for index in sign.places)
    asks = sum(map(ends_with_question, sign.words))
    span = sign.places[-1] - sign.places[0] + 1
    says_all = 2 * len(sign.places) > span and is_conversational(sign.words)
    return 2 * max(answers, asks) >= len(sign.places) or says_all


def _common_words(paragraphs: Sequence[Paragraph], candidates: Candidates) -> frozenset[str]:
    """Words that the document writes in small letters."""
    return frozenset(
        word
        for paragraph, label in zip(paragraphs, candidates, strict=True)
        for word in LATIN_WORD.findall(paragraph.text[label.end if label else 0 :])
        if word.islower()
    )
