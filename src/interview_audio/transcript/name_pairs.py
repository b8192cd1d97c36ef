"""Joins the Chinese and the Latin form of one name where the text puts them side by side: ``霍尔姆（Holm）``."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from interview_audio.transcript.markup import HAN
from interview_audio.transcript.mentions import HAN_LETTER
from interview_audio.transcript.roles import fold

LATIN_NAME = r"[A-Z][\w'’.-]{1,40}+(?: [A-Z][\w'’.-]{1,40}+){0,3}"
"""Longer words are nobody's name: a word of any length is looked at again from each of its capitals."""
PAIR = re.compile(
    rf"(?P<han>[{HAN}][{HAN}·]{{1,15}})\s?[（(]\s?(?P<latin>{LATIN_NAME})\s?[)）]"
    rf"|(?P<latin2>{LATIN_NAME})\s?[（(]\s?(?P<han2>[{HAN}][{HAN}·]{{1,15}})\s?[)）]"
)
LONGEST_HAN_PART = 4

Pair = tuple[str, str]


def find_pairs(texts: Iterable[str]) -> tuple[Pair, ...]:
    """Find the pairs of a Chinese and a Latin form."""
    return tuple(
        (match["han"] or match["han2"], match["latin"] or match["latin2"])
        for text in texts
        for match in PAIR.finditer(text)
    )


def join_pairs(by_key: Mapping[str, str | None], pairs: Sequence[Pair]) -> dict[str, str | None]:
    """Make one person of two labels that the text pairs; the label that comes first gives the name."""
    places = {name: place for place, name in enumerate(dict.fromkeys(by_key.values())) if name}
    by_form = _index(places)
    same: dict[str, str] = {}
    for pair in pairs:
        people = sorted(_people_of(pair, by_form), key=places.__getitem__)
        if len(people) == 2:
            same[people[1]] = same.get(people[0], people[0])
    return {key: same.get(name, name) if name else None for key, name in by_key.items()}


def forms_of_pairs(names: Iterable[str], pairs: Sequence[Pair]) -> Iterator[tuple[str, str]]:
    """Give for each person the forms that pairs add to the name."""
    by_form = _index(names)
    for pair in pairs:
        for name in _people_of(pair, by_form):
            yield from ((name, form) for form in pair if _is_whole_name(form))


def _index(names: Iterable[str]) -> dict[str, set[str]]:
    """The forms by which one side of a pair can name a person."""
    by_form: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        forms = {name} if HAN_LETTER.search(name) else {fold(name), *name.split(" ")}
        for form in forms:
            if len(form) > 1:
                by_form[form].add(name)
    return dict(by_form)


def _people_of(pair: Pair, by_form: Mapping[str, set[str]]) -> set[str]:
    """The Chinese side may have other words before the name: ``守塔人霍尔姆（Holm）``."""
    han, latin = pair
    forms = [han[start:] for start in range(len(han) - 1)]
    return set().union(*(by_form.get(form, set()) for form in (*forms, latin, fold(latin))))


def _is_whole_name(form: str) -> bool:
    """Whether the Chinese side of a pair is a name without other words before it."""
    return not HAN_LETTER.search(form) or all(len(part) <= LONGEST_HAN_PART for part in form.split("·"))
