"""The full names that a text gives to short labels: Latin ones by capitalised words, Chinese ones by their surnames."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from interview_audio.text.characters import HAN, has_han, name_key
from interview_audio.transcript.layout.paragraphs import Passage
from interview_audio.transcript.lexicon.personal_names import (
    CAPITALS,
    CHINESE_TITLES,
    DOUBLE_SURNAMES,
    SURNAMES,
    WESTERN_TITLES,
    has_surname,
)
from interview_audio.transcript.lexicon.vocabulary import words_of

_DOTTED_NAME = re.compile(rf"[{HAN}]{{1,8}}(?:·[{HAN}]{{1,8}}){{1,3}}")
_TITLE_BEHIND = re.compile(rf"(?P<bare>[{HAN}]{{1,3}}?)(?:{'|'.join(sorted(CHINESE_TITLES, key=len, reverse=True))})\Z")
_KANA = re.compile("[\u3040-\u30ff]")
_KANA_NAME = re.compile(rf"(?P<family>[{HAN}]{{1,4}})(?P<given>[\u30a1-\u30faー]{{2,8}})")
_BEFORE_TRANSLITERATED = re.compile("[了到过于家者辑人刊访訪与和跟对話话是的谈见问者家师授员席统]")
"""The last characters of words that come before a transliterated name: 拜访了艾达·霍尔姆."""
_FAMILIAR_FORM = re.compile(rf"[老小阿](?P<bare>[{HAN}])\Z")
_NOT_IN_TRANSLITERATED = re.compile("[是的在说住从有对为将不也曾就都了和与及先女教博老他她我你坐站写带把被让向给]")
_MAX_GIVEN_NAME_CHARS = 4
_MAX_FAMILY_NAME_CHARS = 6
"""Of a transliterated name; a longer part has a word of the sentence in it."""
_MIN_MENTIONS = 2
_CLEAR_LEAD = 2
"""How many times as often as the next one the text must write a name for it to be the one that is meant."""
_WHOLE_NAME_SHARE = 0.6
"""Share of a two-character name's places, above which the same third character behind it belongs to it."""
_MAX_CHINESE_NAME_CHARS = 3
_DOUBLE_SURNAME_CHARS = 2
_NOT_NAMES = words_of("not_chinese_names")
_LATIN_NAME = r"[A-Z][\w'’.-]{1,40}+(?: [A-Z][\w'’.-]{1,40}+){0,3}"
"""Longer words are nobody's name: a word of any length is looked at again from each of its capitals."""
_BILINGUAL_NAME = re.compile(
    rf"(?P<han>[{HAN}][{HAN}·]{{1,15}})\s?[（(]\s?(?P<latin>{_LATIN_NAME})\s?[)）]"
    rf"|(?P<latin2>{_LATIN_NAME})\s?[（(]\s?(?P<han2>[{HAN}][{HAN}·]{{1,15}})\s?[)）]"
)
_MAX_TRANSLITERATED_PART_CHARS = 4
BilingualName = tuple[str, str]
_CAPITALISED = rf"[{CAPITALS}][\w'’.-]*+"
_PARTICLE = "de|da|di|del|der|den|des|do|dos|das|dei|della|delle|du|la|le|van|von|bin|al|el|of"
_NEXT_CAPITALISED = rf"(?:[ \u00a0](?:(?:{_PARTICLE}) ){{0,2}}(?:[dl]['’])?{_CAPITALISED})"
_CAPITALISED_WORDS = re.compile(rf"({_CAPITALISED}{_NEXT_CAPITALISED}+)|{_CAPITALISED}")
"""A run of two words or more, which is the group.

A word alone is matched too, so that it is not looked at again from each capital.
"""
_CAMEL_CASE = re.compile(r"[A-Z](?<=\b[A-Z])[a-z]+(?:[A-Z][a-z]+)+\b")
"""The capital is before its boundary, since a search for a letter is fast."""
_CONTRACTION = re.compile(r"(?:I|You|We|They|He|She|It|That|There|What|Who|Where|Here|Let|Don|Can|Won|Didn|Isn)['’]")
_POSSESSIVE = re.compile(r"['’]s?$")
_BESIDE_NAMES = WESTERN_TITLES | words_of("beside_latin_names")
"""Capitalised words beside a name that are not a part of it."""
_OPENING_TURNS = 4
_TITLE_WEIGHT, _HEAD_WEIGHT, _LABEL_WEIGHT = 6, 3, 20
"""How much more than in the body a name counts there: a printed label outweighs any number of chance mentions."""
_MAX_WORDS_TO_SEARCH = 12
"""Words of a run in which a person is looked for: in a row of initials another run begins with each of them. Words, and
not characters, because a name that is cut would be somebody's."""
_CAPITALISED_WORDS_TO_SEARCH = re.compile(rf"{_CAPITALISED}{_NEXT_CAPITALISED}{{1,{_MAX_WORDS_TO_SEARCH - 1}}}")
_MIN_WEIGHT = 3
"""A run of words with less weight is in the body alone and only once or twice: it need not be a name."""


class ChineseNames:
    """The full names that a document gives, and how often its text writes those that no label prints."""

    def __init__(
        self, printed: Iterable[str], head: Sequence[str], body: Sequence[str], wanted: Collection[str]
    ) -> None:
        """Count the names that begin like the wanted short forms.

        Args:
            printed: Names that labels and declarations print.
            head: The title and the introduction.
            body: All other paragraphs.
            wanted: The labels that may be short forms.
        """
        self._by_form: defaultdict[str, set[str]] = defaultdict(set)
        whole = {name for name in printed if re.match(f"[{HAN}]", name) and len(name) > 1}
        for name in whole:
            self._add(name)
        firsts = "".join(sorted({bare[0] for form in wanted if (bare := without_chinese_title(form))[:1] in SURNAMES}))
        self._counted = count_chinese_names(firsts, head, body)
        for name in _kana_names(head, frozenset(wanted)):
            self._add(name)
        families = {name.rpartition("·")[2] for name in whole if "·" in name}
        for name in transliterated_names((*head, *body)):
            if name.rpartition("·")[2] not in families:
                self._add(name)

    def full_name(self, form: str) -> str | None:
        """Return the one full name that a short form can mean; None where there is none or more than one."""
        bare = without_chinese_title(form)
        for short in dict.fromkeys((form, bare)):
            found = {name for name in self._by_form.get(short, ()) if name != form}
            if len(found) == 1:
                return found.pop()
            if found:
                return None
        return self._counted_name(bare)

    def _add(self, name: str) -> None:
        if "·" in name:
            parts = name.split("·")
            for form in {*parts, parts[-1][0], parts[0][0]}:
                self._by_form[form].add(name)
            return
        family = chinese_family_name(name)
        if kana := _KANA.search(name):
            self._by_form[name[: kana.start()]].add(name)
        self._by_form[family].add(name)
        if len(name) > len(family) + 1:
            self._by_form[name[len(family) :]].add(name)

    def _counted_name(self, bare: str) -> str | None:
        if len(bare) != 1 or bare not in SURNAMES:
            return None
        names = Counter({name: count for name, count in self._counted.items() if name[0] == bare})
        ranked = names.most_common(2)
        if not ranked or ranked[0][1] < _MIN_MENTIONS:
            return None
        is_clear = len(ranked) == 1 or ranked[0][1] >= _CLEAR_LEAD * ranked[1][1]
        return ranked[0][0] if is_clear else None


def chinese_family_name(name: str) -> str:
    """Return the family name of a Chinese name: 欧阳 of 欧阳晴."""
    return name[:2] if name.startswith(DOUBLE_SURNAMES) and len(name) > _DOUBLE_SURNAME_CHARS else name[:1]


def without_chinese_title(form: str) -> str:
    """Cut a title behind a Chinese short form and a familiar word before it: 周老师, 周总 and 老周 are 周."""
    if match := _TITLE_BEHIND.match(form) or _FAMILIAR_FORM.match(form):
        return match["bare"]
    return form


def count_chinese_names(firsts: str, head: Sequence[str], body: Sequence[str]) -> Counter[str]:
    """Count how often a text writes each name of two or three characters that occurs in its head.

    Args:
        firsts: The surnames with which they begin.
        head: The title and the introduction.
        body: All other paragraphs.
    """
    if not firsts:
        return Counter()
    pattern = re.compile(rf"(?=([{firsts}][{HAN}]{{1,2}}))")
    in_head = Counter(name for text in head for name in _surname_candidates(pattern, text))
    everywhere = in_head + Counter(
        name for text in body for name in _surname_candidates(pattern, text) if name in in_head
    )
    longest: dict[str, int] = {}
    for name in in_head:
        if len(name) == _MAX_CHINESE_NAME_CHARS:
            longest[name[:-1]] = max(everywhere[name], longest.get(name[:-1], 0))
    return Counter({name: everywhere[name] for name in in_head if _is_whole(name, everywhere, longest)})


def _is_whole(name: str, everywhere: Counter[str], longest: Mapping[str, int]) -> bool:
    """Tell whether a name is neither the beginning of a longer one nor runs into the next word."""
    if len(name) == _MAX_CHINESE_NAME_CHARS:
        return everywhere[name] >= _WHOLE_NAME_SHARE * everywhere[name[:-1]]
    return longest.get(name, 0) < _WHOLE_NAME_SHARE * everywhere[name]


def _surname_candidates(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for match in pattern.finditer(text):
        for size in range(2, len(match[1]) + 1):
            name = match[1][:size]
            if has_surname(name) and name[:2] not in _NOT_NAMES:
                yield name


def _kana_names(texts: Iterable[str], wanted: Collection[str]) -> Iterator[str]:
    """Yield the names whose given part is in katakana, behind a wanted family name."""
    for text in texts:
        for match in _KANA_NAME.finditer(text):
            family = match["family"]
            found = (family[start:] for start in range(len(family)) if family[start:] in wanted)
            yield from (name + match["given"] for name in found)


def transliterated_names(texts: Iterable[str]) -> Iterator[str]:
    """Find names with middle dots, without the words around them in the text."""
    found: defaultdict[tuple[str, ...], list[list[str]]] = defaultdict(list)
    for text in texts:
        for match in _DOTTED_NAME.finditer(text) if "·" in text else ():
            *first, last = match[0].split("·")
            given, family = _BEFORE_TRANSLITERATED.split(first[0])[-1], _NOT_IN_TRANSLITERATED.split(last)[0]
            found[(*first[1:], last[:2])].append([given, family])
    for (*middle, _), ends in found.items():
        given = shared_beginning([first[::-1] for first, _ in ends])[::-1] or min((first for first, _ in ends), key=len)
        family = shared_beginning([last for _, last in ends])
        if 0 < len(given) <= _MAX_GIVEN_NAME_CHARS and 0 < len(family) <= _MAX_FAMILY_NAME_CHARS:
            yield "·".join((given, *middle, family))


def shared_beginning(words: Collection[str]) -> str:
    """Return the letters with which all words begin."""
    shortest = min(words, key=len)
    sizes = range(len(shortest), 0, -1)
    return next((shortest[:size] for size in sizes if all(word.startswith(shortest[:size]) for word in words)), "")


def find_bilingual_names(texts: Iterable[str]) -> tuple[BilingualName, ...]:
    """Find the pairs of a Chinese and a Latin form."""
    return tuple(
        (match["han"] or match["han2"], match["latin"] or match["latin2"])
        for text in texts
        if "(" in text or "（" in text
        for match in _BILINGUAL_NAME.finditer(text)
    )


def join_bilingual_labels(by_key: Mapping[str, str | None], pairs: Sequence[BilingualName]) -> dict[str, str | None]:
    """Make one person of two labels that the text pairs; the label that comes first gives the name."""
    places = {name: place for place, name in enumerate(dict.fromkeys(by_key.values())) if name}
    by_form = _index_of_forms(places)
    same: dict[str, str] = {}
    for pair in pairs:
        people = sorted(_people_of(pair, by_form), key=places.__getitem__)
        if len(people) == 2:
            same[people[1]] = same.get(people[0], people[0])
    return {key: same.get(name, name) if name else None for key, name in by_key.items()}


def bilingual_forms(names: Iterable[str], pairs: Sequence[BilingualName]) -> Iterator[tuple[str, str]]:
    """Yield for each person the forms that pairs add to the name."""
    by_form = _index_of_forms(names)
    for pair in pairs:
        for name in _people_of(pair, by_form):
            yield from ((name, form) for form in pair if _is_whole_name(form))


def _index_of_forms(names: Iterable[str]) -> dict[str, set[str]]:
    """Return the forms by which one side of a pair can name a person."""
    by_form: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        forms = {name} if has_han(name) else {name_key(name), *name.split(" ")}
        for form in forms:
            if len(form) > 1:
                by_form[form].add(name)
    return dict(by_form)


def _people_of(pair: BilingualName, by_form: Mapping[str, set[str]]) -> set[str]:
    """Return whom a pair can name; its Chinese side may have other words before the name: ``守塔人霍尔姆（Holm）``."""
    han, latin = pair
    forms = [han[start:] for start in range(len(han) - 1)]
    return set().union(*(by_form.get(form, set()) for form in (*forms, latin, name_key(latin))))


def _is_whole_name(form: str) -> bool:
    """Tell whether the Chinese side of a pair is a name without other words before it."""
    return not has_han(form) or all(len(part) <= _MAX_TRANSLITERATED_PART_CHARS for part in form.split("·"))


@dataclass(frozen=True, slots=True)
class CapitalisedNames:
    """How often the text writes which run of capitalised words, weighted by where; keys are folded."""

    by_first: Mapping[str, Counter[str]]
    by_last: Mapping[str, Counter[str]]
    by_initials: Mapping[str, Counter[str]]
    by_whole: Mapping[str, str]


def count_capitalised_names(
    passages: Sequence[Passage], names: Iterable[str], small: Collection[str]
) -> CapitalisedNames:
    """Count the runs of a document.

    Args:
        passages: Its paragraphs; those of the introduction and of the first turns weigh more.
        names: Names that labels and declarations print in full.
        small: Words that the document writes in small letters.
    """
    weights: Counter[str] = Counter()
    printed = frozenset(names)
    for name in printed:
        _count_names_in(name, _LABEL_WEIGHT, weights)
    turns = 0
    for index, passage in enumerate(passages):
        turns += passage.label is not None
        opening = _TITLE_WEIGHT if index == 0 else _HEAD_WEIGHT
        text = passage.text.title() if index == 0 and passage.text.isupper() else passage.text
        _count_names_in(text, opening if turns <= _OPENING_TURNS else 1, weights)
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
    return CapitalisedNames(first, last, initials, whole)


def capitalised_words_at(text: str, start: int) -> Iterator[list[str]]:
    """Yield the words of the run that begins at an index, divided at titles and ends of sentences."""
    match = _CAPITALISED_WORDS_TO_SEARCH.match(text, start)
    yield from _split_at_titles(match[0]) if match else ()


def likeliest_name(found: Counter[str]) -> str | None:
    """Return the heaviest run, the longer of two alike; None where the text hardly writes any."""
    run = max(found, key=lambda run: (found[run], len(run)), default=None)
    return run if run and found[run] >= _MIN_WEIGHT else None


def _initials(words: Sequence[str]) -> set[str]:
    """Return the initials of a name: ``Evening Post`` is ``ep``, ``tep`` with its article; particles count or not.

    So do the capitals within a word: ``O'Malley Network`` is ``on`` and ``omn``.
    """
    if len(words) == 1:
        return {"".join(letter for letter in words[0] if letter.isupper()).casefold()}
    every = "".join(word[0] for word in words).casefold()
    capitals = "".join(word[0] for word in words if word[0].isupper()).casefold()
    is_loud = all(word.isupper() for word in words)
    inner = every if is_loud else "".join(letter for letter in " ".join(words) if letter.isupper()).casefold()
    return {every, capitals, inner}


def _count_names_in(text: str, weight: int, weights: Counter[str]) -> None:
    """Add the name-like windows of two to four words in a text, and the names in camel case."""
    for match in _CAMEL_CASE.finditer(text):
        weights[match[0]] += weight
    for run in filter(None, _CAPITALISED_WORDS.findall(text)):
        for words in _split_at_titles(run):
            for size in range(2, 5):
                for start in range(len(words) - size + 1):
                    weights[" ".join(words[start : start + size])] += weight


def _split_at_titles(run: str) -> Iterator[list[str]]:
    """Split a run at titles, acronyms and ends of sentences; an article stays before its own run."""
    words: list[str] = []
    for printed in re.split(r"[ \u00a0]", run):
        word = _POSSESSIVE.sub("", printed.rstrip("."))
        is_initial = len(word) == 1 and printed.endswith(".")
        if word.casefold() in _BESIDE_NAMES or (len(word) > 1 and word.isupper()) or _cannot_be_name(word):
            yield words
            words = []
            continue
        words.append(printed if is_initial else word)
        if word != printed and not is_initial:
            yield words
            words = []
    yield words


def _cannot_be_name(word: str) -> bool:
    """Tell whether a word cannot be a name: ``OpenAI`` has capitals at the end, ``I'm`` is a contraction."""
    return (len(word) > 2 and word[-2:].isupper()) or _CONTRACTION.match(word) is not None
