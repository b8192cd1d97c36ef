"""What Chinese names look like: surnames, titles after them, middle dots, and characters that no name has.

The words before a Western name that say what somebody is: ``Dr. Ida Holm``, ``MAYOR FROST``.

Finds people's names in running text, in time linear in the text however many names there are.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from interview_audio.text.characters import HAN
from interview_audio.transcript.lexicon.vocabulary import word_set

NAME = re.compile(rf"[{HAN}]{{1,8}}(?:·[{HAN}A-Za-z]{{1,12}}){{0,4}}")
NOT_IN_NAME = re.compile(
    "[我你您他她它们这那哪是说的了吗呢吧啊就都也很不没要会能因为所以但而且如果第个些每想让给被把对]|一个"
    "|两个|三个|几个|[一二三四五六七八九十]点|"
    "有[一二两三四几]|之[一二三]"
)
NOT_IN_GIVEN_NAME = re.compile("[我你您他她它们这那哪说的了吗呢吧啊就都也很不没要]")
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安"
    "齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游"
    "辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟"
    "应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
DOUBLE_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "司徒")
CHINESE_TITLES = (
    "老师",
    "先生",
    "女士",
    "小姐",
    "教授",
    "博士",
    "医生",
    "校长",
    "院长",
    "导演",
    "船长",
    "总",
    "总裁",
    "主任",
    "队长",
)


def is_chinese_name(name: str) -> bool:
    """Say whether a text has the form of a Chinese name, or of a foreign one in Chinese characters."""
    if not NAME.fullmatch(name):
        return False
    if "·" in name or has_surname(name):
        return True
    if NOT_IN_NAME.search(name):
        return False
    bare = _without_title(name)
    return (bare != name and 1 <= len(bare) <= 4) or (name[:1] in "老小阿" and 2 <= len(name) <= 3)


def has_surname(name: str) -> bool:
    """Say whether a text is a surname and one or two characters that given names have."""
    if NOT_IN_GIVEN_NAME.search(name):
        return False
    is_double = name.startswith(DOUBLE_SURNAMES) and 3 <= len(name) <= 4
    return is_double or (name[:1] in SURNAMES and 2 <= len(name) <= 3)


def _without_title(name: str) -> str:
    for title in sorted(CHINESE_TITLES, key=len, reverse=True):
        if name.endswith(title):
            return name.removesuffix(title)
    return name


WESTERN_TITLES = word_set(
    """
    mr mrs ms mx miss madam dr prof professor sir dame lord lady president chairman chairwoman chairperson chair
    chief captain officer director minister secretary senator sen rep representative congressman congresswoman
    governor gov mayor councillor councilman councilwoman judge justice king queen prince princess saint st ceo cto
    cfo coo cmo vp vice deputy general gen colonel col major sergeant sgt lieutenant lt constable inspector
    commissioner ambassador reverend rev father sister brother uncle aunt coach chef rabbi pastor bishop archbishop
    """
)
AFTER_NAME = re.compile(r"\s*(?:[,，|｜/／]|\s[-–—]\s).*\Z")
KEPT_SMALL = word_set("de da di del der den du la le van von bin ibn al el ter dos of and the y")
INNER_CAPITAL = re.compile(r"(?<=[-'’])[a-z](?=[a-z]{2})|(?<=^Mc)[a-z]")
VOWELS = frozenset("AEIOUY")


def without_function(name: str) -> str:
    """Cut what a name says after a comma or a stroke: ``Ida Holm, keeper`` is ``Ida Holm``."""
    return AFTER_NAME.sub("", name)


def without_titles(name: str) -> str:
    """Cut the titles before a name: ``Dr. Ida Holm`` is ``Ida Holm``, ``MAYOR FROST`` is ``FROST``."""
    words = name.split(" ")
    while len(words) > 1 and words[0].rstrip(".").casefold() in WESTERN_TITLES:
        words = words[1:]
    return " ".join(words)


def without_capitals(name: str) -> str:
    """Give a name of two words or more that is printed in capitals as names are written; others unchanged."""
    words = name.split(" ")
    is_loud = len(words) > 1 and all(word.isupper() and not any(map(str.isdigit, word)) for word in words)
    return " ".join(map(_quiet, words)) if is_loud else name


def _quiet(word: str) -> str:
    """``O'HARA`` is ``O'Hara``; initials and words that cannot be said stay."""
    if len(word.replace(".", "")) < 2 or not VOWELS & set(word) or "." in word[:-1]:
        return word
    if word.casefold() in KEPT_SMALL:
        return word.casefold()
    return INNER_CAPITAL.sub(lambda match: match[0].upper(), word.capitalize())


LATIN_WORD = re.compile(rf"[^\W_{HAN}]+(?:[.-][^\W_{HAN}]+)*")
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


class ChineseNameFinder:
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
    finder: ChineseNameFinder
    """Finds the Chinese forms."""

    def find(self, text: str) -> list[Mention]:
        """Find the people named in a text, in order of their places."""
        latin = [
            Mention(match.start(), match.end(), self.words[match[0]], match[0])
            for match in LATIN_WORD.finditer(text)
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
    return NameIndex(words, han, ChineseNameFinder(han))


def addressed_person(text: str, index: NameIndex) -> str | None:
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
    for word in LATIN_WORD.findall(form):
        if len(word) > 1 and word.casefold() not in PARTICLES:
            yield word
