"""Finds people's names in running text, in time linear in the text however many names there are."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from interview_audio.transcript.markup import HAN
from interview_audio.transcript.vocabulary import word_set

WORD = re.compile(rf"[^\W_{HAN}]+(?:[.-][^\W_{HAN}]+)*")
HAN_LETTER = re.compile(f"[{HAN}]")
PARTICLES = word_set(
    """
    de da di del der den du la le van von bin ibn al el ter dos of and the y jr sr dr mr mrs ms
    """
)
VOCATIVE_BEFORE = ("", ".", "!", "?", "。", "！", "？", "…", "—", ":", "：", "”", '"', "」")
COMMAS = (",", "，", "、")
STOPS = ("", "?", "？", ".", "。", "!", "！")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text where a person is named."""

    start: int
    end: int
    person: str
    form: str
    """The name as it stands there."""


class HanFinder:
    """Finds Chinese forms in running text, where no space tells the words apart."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._forms = frozenset(form for form in forms if HAN_LETTER.match(form))
        sizes: defaultdict[str, set[int]] = defaultdict(set)
        for form in self._forms:
            sizes[form[0]].add(len(form))
        self._sizes = {first: sorted(found, reverse=True) for first, found in sizes.items()}
        self._first = re.compile(f"[{''.join(sizes)}]") if sizes else None

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """Find the places of forms, the longest at each place."""
        reached = 0
        for match in self._first.finditer(text) if self._first else ():
            place = match.start()
            if place < reached:
                continue
            sizes = self._sizes[match[0]]
            form = next((text[place : place + size] for size in sizes if text[place : place + size] in self._forms), "")
            if form:
                yield place, form
                reached = place + len(form)


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Which written forms name which person."""

    words: Mapping[str, str]
    """Latin words (``Holm``) to canonical names."""
    han: Mapping[str, str]
    """Chinese forms to canonical names."""
    finder: HanFinder
    """Finds the Chinese forms."""

    def find(self, text: str) -> list[Mention]:
        """Find the people named in a text, in order of their places."""
        latin = [
            Mention(match.start(), match.end(), self.words[match[0]], match[0])
            for match in WORD.finditer(text)
            if match[0] in self.words
        ]
        return sorted([*latin, *self._find_han(text)], key=lambda mention: mention.start) if self.han else latin

    def _find_han(self, text: str) -> Iterator[Mention]:
        for start, form in self.finder.find(text):
            yield Mention(start, start + len(form), self.han[form], form)


def index_names(forms: Iterable[tuple[str, str]]) -> NameIndex:
    """Build an index from pairs of a written form and its person; a form of two people names neither."""
    words: dict[str, str] = {}
    han: dict[str, str] = {}
    ambiguous: set[str] = set()
    for form, person in forms:
        target = han if HAN_LETTER.search(form) else words
        for part in _parts(form):
            if target.setdefault(part, person) != person:
                ambiguous.add(part)
    for part in ambiguous:
        words.pop(part, None)
        han.pop(part, None)
    return NameIndex(words, han, HanFinder(han))


def addressed(text: str, index: NameIndex) -> str | None:
    """Tell who a text speaks to by name (``Ida, how was it?``); the last one, where there are several."""
    person = None
    for mention in index.find(text):
        before, after = text[: mention.start].rstrip()[-1:], text[mention.end :].lstrip()[:1]
        opens = before in VOCATIVE_BEFORE and after in (*COMMAS, "!", "！", ":", "：")
        closes = before in COMMAS and after in STOPS
        if opens or closes:
            person = mention.person
    return person


def _parts(form: str) -> Iterator[str]:
    if HAN_LETTER.search(form):
        yield from (part for part in {form, *form.split("·")} if len(part) > 1)
        return
    for word in WORD.findall(form):
        if len(word) > 1 and word.casefold() not in PARTICLES:
            yield word
