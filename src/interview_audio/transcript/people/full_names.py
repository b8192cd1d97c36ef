"""The full names that a text gives to short labels: Latin ones by capitalised words, Chinese ones by their surnames."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from interview_audio.transcript.layout.paragraphs import Passage
from interview_audio.transcript.lexicon.markup import HAN
from interview_audio.transcript.lexicon.personal_names import (
    CHINESE_TITLES,
    DOUBLE_SURNAMES,
    HAN_LETTER,
    SURNAMES,
    WESTERN_TITLES,
    WORD,
    has_surname,
)
from interview_audio.transcript.lexicon.roles import fold
from interview_audio.transcript.lexicon.vocabulary import word_set

DOTTED = re.compile(rf"[{HAN}]{{1,8}}(?:·[{HAN}]{{1,8}}){{1,3}}")
TITLE_BEHIND = re.compile(rf"(?P<bare>[{HAN}]{{1,3}}?)(?:{'|'.join(sorted(CHINESE_TITLES, key=len, reverse=True))})\Z")
KANA = re.compile("[\u3040-\u30ff]")
KANA_NAME = re.compile(rf"(?P<family>[{HAN}]{{1,4}})(?P<given>[\u30a1-\u30faー]{{2,8}})")
BEFORE_FOREIGN = re.compile("[了到过于家者辑人刊访訪与和跟对話话是的谈见问者家师授员席统]")
"""What words that stand before a foreign name end with."""
FAMILIAR = re.compile(rf"[老小阿](?P<bare>[{HAN}])\Z")
NOT_IN_FOREIGN = re.compile("[是的在说住从有对为将不也曾就都了和与及先女教博老他她我你坐站写带把被让向给]")
LONGEST_GIVEN = 4
LONGEST_FAMILY = 6
FEWEST = 2
CLEARLY = 2
"""How many times as often as the next a name must stand in the text to be the one that is meant."""
WHOLE = 0.6
"""Share of the places of a two-letter name at which a third letter follows that belongs to it."""
LONGEST_HAN = 3
DOUBLE = 2
NO_NAMES = word_set(
    """
    周一 周二 周三 周四 周五 周六 周日 周末 周年 周围 白天 高度 高中 高兴 时间 时代 方向 方式 方面 方法 安全 车站
    项目 成为 成功 成本 成立 成员 成长 任何 任务 金额 金融 明白 明天 马上 马路 师傅 师父 师生
    师范 方才 水平 温度 石头 程度 程序 常常 经常 全部 全国 全面 单位
    单独 路上 农民 农村
    """
)


class HanNames:
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
        firsts = "".join(sorted({bare[0] for form in wanted if (bare := bare_han(form))[:1] in SURNAMES}))
        self._counted = count_names(firsts, head, body)
        for name in _kana_names(head, frozenset(wanted)):
            self._add(name)
        families = {name.rpartition("·")[2] for name in whole if "·" in name}
        for name in dotted_names((*head, *body)):
            if name.rpartition("·")[2] not in families:
                self._add(name)

    def full_name(self, form: str) -> str | None:
        """Give the one full name that a short form can mean; None where there is none or more than one."""
        bare = bare_han(form)
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
        family = family_name(name)
        if kana := KANA.search(name):
            self._by_form[name[: kana.start()]].add(name)
        self._by_form[family].add(name)
        if len(name) > len(family) + 1:
            self._by_form[name[len(family) :]].add(name)

    def _counted_name(self, bare: str) -> str | None:
        if len(bare) != 1 or bare not in SURNAMES:
            return None
        names = Counter({name: count for name, count in self._counted.items() if name[0] == bare})
        ranked = names.most_common(2)
        if not ranked or ranked[0][1] < FEWEST:
            return None
        is_clear = len(ranked) == 1 or ranked[0][1] >= CLEARLY * ranked[1][1]
        return ranked[0][0] if is_clear else None


def family_name(name: str) -> str:
    """Give the family name of a Chinese name: 欧阳 of 欧阳晴."""
    return name[:2] if name.startswith(DOUBLE_SURNAMES) and len(name) > DOUBLE else name[:1]


def bare_han(form: str) -> str:
    """Cut a title behind a Chinese short form and a familiar word before it: 周老师, 周总 and 老周 are 周."""
    if match := TITLE_BEHIND.match(form) or FAMILIAR.match(form):
        return match["bare"]
    return form


def count_names(firsts: str, head: Sequence[str], body: Sequence[str]) -> Counter[str]:
    """Count how often which name of two or three letters stands in a text, of those that its head names.

    Args:
        firsts: The surnames with which they begin.
        head: The title and the introduction.
        body: All other paragraphs.
    """
    if not firsts:
        return Counter()
    pattern = re.compile(rf"(?=([{firsts}][{HAN}]{{1,2}}))")
    in_head = Counter(name for text in head for name in _windows(pattern, text))
    everywhere = in_head + Counter(name for text in body for name in _windows(pattern, text) if name in in_head)
    longest: dict[str, int] = {}
    for name in in_head:
        if len(name) == LONGEST_HAN:
            longest[name[:-1]] = max(everywhere[name], longest.get(name[:-1], 0))
    return Counter({name: everywhere[name] for name in in_head if _is_whole(name, everywhere, longest)})


def _is_whole(name: str, everywhere: Counter[str], longest: Mapping[str, int]) -> bool:
    """Whether a name is neither the beginning of a longer one nor runs into the next word."""
    if len(name) == LONGEST_HAN:
        return everywhere[name] >= WHOLE * everywhere[name[:-1]]
    return longest.get(name, 0) < WHOLE * everywhere[name]


def _windows(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for match in pattern.finditer(text):
        for size in range(2, len(match[1]) + 1):
            name = match[1][:size]
            if has_surname(name) and name[:2] not in NO_NAMES:
                yield name


def _kana_names(texts: Iterable[str], wanted: Collection[str]) -> Iterator[str]:
    """Names whose given part is in katakana, behind a wanted family name."""
    for text in texts:
        for match in KANA_NAME.finditer(text):
            family = match["family"]
            found = (family[start:] for start in range(len(family)) if family[start:] in wanted)
            yield from (name + match["given"] for name in found)


def dotted_names(texts: Iterable[str]) -> Iterator[str]:
    """Find names with middle dots, without the words that stand beside them in the text."""
    found: defaultdict[tuple[str, ...], list[list[str]]] = defaultdict(list)
    for text in texts:
        for match in DOTTED.finditer(text):
            *first, last = match[0].split("·")
            given, family = BEFORE_FOREIGN.split(first[0])[-1], NOT_IN_FOREIGN.split(last)[0]
            found[(*first[1:], last[:2])].append([given, family])
    for (*middle, _), ends in found.items():
        given = shared_beginning([first[::-1] for first, _ in ends])[::-1] or min((first for first, _ in ends), key=len)
        family = shared_beginning([last for _, last in ends])
        if 0 < len(given) <= LONGEST_GIVEN and 0 < len(family) <= LONGEST_FAMILY:
            yield "·".join((given, *middle, family))


def shared_beginning(words: Collection[str]) -> str:
    """Give the letters with which all words begin."""
    shortest = min(words, key=len)
    sizes = range(len(shortest), 0, -1)
    return next((shortest[:size] for size in sizes if all(word.startswith(shortest[:size]) for word in words)), "")


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
