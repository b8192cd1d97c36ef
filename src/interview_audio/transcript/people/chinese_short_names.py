"""Finds the full Chinese name behind a short form: 周, 周老师 and 砚秋 for 周砚秋, 瓦尔特 and 瓦 for 恩斯特·瓦尔特.

Joins the Chinese and the Latin form of one name where the text puts them side by side: ``霍尔姆（Holm）``.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from interview_audio.transcript.lexicon.markup import HAN
from interview_audio.transcript.lexicon.personal_names import (
    CHINESE_TITLES,
    DOUBLE_SURNAMES,
    HAN_LETTER,
    SURNAMES,
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
