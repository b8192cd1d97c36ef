"""Decides which candidate labels are speakers, from the whole document: who recurs, alternates, is known or named.

``Note:`` and ``There are two things:`` have the form of a label; what they lack is this evidence.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from interview_audio.transcript.labels import Label, is_name_shaped
from interview_audio.transcript.layout import Paragraph
from interview_audio.transcript.mentions import WORD, HanFinder
from interview_audio.transcript.roles import part_of
from interview_audio.transcript.typography import ends_sentence, ends_with_question

FEWEST_OF_A_NAME = 2
FEWEST_OF_A_WORD = 3

Candidates = Sequence[Label | None]


def speaking_labels(paragraphs: Sequence[Paragraph], candidates: Candidates, known: Collection[str]) -> Candidates:
    """Tell the labels that speak from those that only look like it.

    Args:
        paragraphs: The document's paragraphs.
        candidates: For each paragraph, what stands in the place of a label.
        known: Folded names and aliases that the user's settings know.

    Returns:
        For each paragraph its label, or None.
    """
    viable = _without_headline(paragraphs, candidates)
    keys = _accept(paragraphs, viable, known)
    return tuple(label if label and label.key in keys else None for label in viable)


def _without_headline(paragraphs: Sequence[Paragraph], candidates: Candidates) -> Candidates:
    """Drop the candidate of a first line that is a headline: ``Ida Holm: the last keeper``."""
    first = candidates[0] if candidates else None
    if first is None or part_of(first.key) or len(candidates) == 1:
        return candidates
    labelled = [paragraph for paragraph, label in zip(paragraphs, candidates, strict=True) if label]
    finished = sum(ends_sentence(paragraph.text) for paragraph in labelled)
    is_unfinished = not ends_sentence(paragraphs[0].text) and 2 * finished > len(labelled)
    stands_alone = candidates[1] is None and not paragraphs[0].text.rstrip().endswith((".", "。"))
    is_headline = paragraphs[0].is_heading or is_unfinished or stands_alone
    return (None, *candidates[1:]) if is_headline else candidates


def _accept(paragraphs: Sequence[Paragraph], candidates: Candidates, known: Collection[str]) -> set[str]:
    places = _places(candidates)
    turns = _alternations(candidates)
    common = _common_words(paragraphs, candidates)
    printed = {label.key: label.name for label in candidates if label}
    accepted = {key for key in places if key in known or _has_part(key, places)}
    for key, found in places.items():
        recurs = len(found) >= FEWEST_OF_A_NAME and is_name_shaped(printed[key])
        is_common = printed[key].casefold() in common
        recurs_often = len(found) >= FEWEST_OF_A_WORD and turns[key] >= FEWEST_OF_A_WORD - 1
        if (recurs and not is_common) or recurs_often:
            accepted.add(key)
    singles = {
        key: printed[key] for key, found in places.items() if key not in accepted and is_name_shaped(printed[key])
    }
    if accepted and singles:
        accepted |= set(_named_elsewhere(paragraphs, candidates, singles, accepted))
    return accepted


def _places(candidates: Candidates) -> dict[str, list[int]]:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for index, label in enumerate(candidates):
        if label:
            places[label.key].append(index)
    return dict(places)


def _has_part(key: str, places: dict[str, list[int]]) -> bool:
    """Whether the label is a role; ``A:`` is one only beside questions or when it recurs."""
    part = part_of(key)
    if part != "guest" or key != "a":
        return part is not None
    return len(places[key]) > 1 or any(part_of(other) == "host" for other in places)


def _alternations(candidates: Candidates) -> Counter[str]:
    """How often each label follows a different one."""
    keys = [label.key for label in candidates if label]
    return Counter(key for before, key in zip(["", *keys], keys, strict=False) if before not in ("", key))


def _common_words(paragraphs: Sequence[Paragraph], candidates: Candidates) -> frozenset[str]:
    """Words that the document writes in small letters."""
    return frozenset(
        word
        for paragraph, label in zip(paragraphs, candidates, strict=True)
        for word in WORD.findall(paragraph.text[label.end if label else 0 :])
        if word.islower()
    )


def _named_elsewhere(
    paragraphs: Sequence[Paragraph], candidates: Candidates, singles: dict[str, str], accepted: set[str]
) -> Iterator[str]:
    """Labels that occur once, after the first speaker's, and answer a question or have a name that the text knows."""
    spoken = [index for index, label in enumerate(candidates) if label and label.key in accepted]
    pairs = tuple(zip(paragraphs, candidates, strict=True))
    bodies = [paragraph.text[label.end if label else 0 :] for paragraph, label in pairs[: spoken[-1] + 1]]
    bodies += [label.name for label in candidates if label and label.key in accepted]
    runs = _name_runs(bodies)
    names = {word for run in runs for word in run}
    initials = {"".join(word[0] for word in run).casefold() for run in runs}
    finder = HanFinder(singles.values())
    han = {form for body in bodies for _, form in finder.find(body)}
    for index, label in enumerate(candidates):
        if label is None or label.key not in singles or index < spoken[0]:
            continue
        words = WORD.findall(label.name)
        answers = candidates[index - 1] is not None and ends_with_question(paragraphs[index - 1].text)
        if answers or label.name in han or (words and words[-1] in names) or label.key in initials:
            yield label.key


def _name_runs(bodies: Sequence[str]) -> set[tuple[str, ...]]:
    """The runs of two and three capitalised words: names, most of them."""
    found: set[tuple[str, ...]] = set()
    for body in bodies:
        matches = [match for match in WORD.finditer(body) if match[0][0].isupper()]
        for size in (2, 3):
            for run in zip(*(matches[shift:] for shift in range(size)), strict=False):
                if all(right.start() == left.end() + 1 for left, right in pairwise(run)):
                    found.add(tuple(match[0] for match in run))
    return found
