"""Personal names: the form of Chinese ones, titles around Western ones, and where names occur in running text."""

import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Literal

from interview_audio.text.characters import HAN, has_han
from interview_audio.transcript.lexicon.vocabulary import alternation, any_of, word_list, words_of

CAPITALS = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĪİŁŃŇŌŐŘŚŞŠŤŪŮŰŹŻŽΑ-ΩА-ЯЁІЇЄҐ"
"""Capital letters, for the inside of a class in a regular expression."""
_CHINESE_FORM = re.compile(rf"[{HAN}]{{1,8}}(?:·[{HAN}A-Za-z]{{1,12}}){{0,4}}")
NOT_IN_NAME = re.compile(
    "[我你您他她它们这那哪是说的了吗呢吧啊就都也很不没要会能因为所以但而且如果第个些每想让给被把对]|一个"
    "|两个|三个|几个|[一二三四五六七八九十]点|"
    "有[一二两三四几]|之[一二三]"
)
"""Characters and pairs that sentences need and names do not have."""
_NOT_IN_GIVEN_NAME = re.compile("[我你您他她它们这那哪说的了吗呢吧啊就都也很不没要]")
"""The same behind a surname: there 为, 如, 果 and others are parts of names."""
_KOREAN_NAME = re.compile(f"(?:{alternation('korean_surnames')})[가-힣]{{2}}")
_JAPANESE_SURNAME = re.compile(rf"[{HAN}]{{1,2}}(?:{alternation('japanese_surname_endings')})")
SURNAMES = words_of("chinese_surnames")
DOUBLE_SURNAMES = word_list("chinese_double_surnames")
CHINESE_TITLES = word_list("chinese_titles")
_ANY_SURNAME = f"[{''.join(surname for surname in SURNAMES if len(surname) == 1)}]"
_NAME_BEHIND_ROLE = re.compile(
    rf"[{HAN}]{{2,8}}(?:[小老阿]{_ANY_SURNAME}|{_ANY_SURNAME}(?:{any_of(CHINESE_TITLES)}))"
    rf"|[{HAN}]{{1,6}}(?:{any_of(word_list('chinese_person_nouns'))}){_ANY_SURNAME}[{HAN}]{{1,2}}"
)
_TITLES_LONGEST_FIRST = sorted(CHINESE_TITLES, key=len, reverse=True)
_HONORIFIC_BEHIND = re.compile(rf"(?<=[^\W\d_a-zA-Z]{{2}})\s?(?:{any_of(word_list('honorifics_behind'))})\Z")
WESTERN_TITLES = words_of("western_titles")
SHORT_TITLES = words_of("short_titles")
OFFICE_WORDS = words_of("office_words")
_AFTER_NAME = re.compile(r"\s*(?:[,，|｜/／]|\s[-–—]\s).*\Z")
_PARTICLES = words_of("name_particles")
_NOBODYS_NAME = _PARTICLES | {"jr", "sr", "dr", "mr", "mrs", "ms"}
"""Words of a name by which nobody is mentioned alone."""
_INNER_CAPITAL = re.compile(r"(?<=[-'’])[a-z](?=[a-z]{2})|(?<=^Mc)[a-z]")
_VOWELS = frozenset("AEIOUY")

_WITHOUT_MARK = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ŋ": "n"}
    | dict.fromkeys("'’‘ʼʻ`")
)
LATIN_WORD = re.compile(rf"[^\W_{HAN}]+(?:[.-][^\W_{HAN}]+)*")
_VOCATIVE_BEFORE = ("", ".", "!", "?", "。", "！", "？", "…", "—", ":", "：", "”", '"', "」")
_VOCATIVE_AFTER = (",", "，", "、", "!", "！", ":", "：")
_COMMAS = (",", "，", "、")
_STOPS = ("", "?", "？", ".", "。", "!", "！")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text where a person is named."""

    start: int
    end: int
    person: str
    form: str
    """The name as it is written there."""


class ChineseNameFinder:
    """Finds Chinese forms in running text, where no space tells the words apart."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._forms = frozenset(form for form in forms if has_han(form[:1]))
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
    candidate: re.Pattern[str]
    """Finds the Latin words that begin as one of ``words`` does: few words of a text do."""

    def find(self, text: str) -> list[Mention]:
        """Find the people named in a text, in order of their places."""
        latin = [
            Mention(match.start(), match.end(), self.words[match[0]], match[0])
            for match in self.candidate.finditer(text)
            if match[0] in self.words
        ]
        return sorted([*latin, *self._find_han(text)], key=lambda mention: mention.start) if self.han else latin

    def _find_han(self, text: str) -> Iterator[Mention]:
        for start, form in self.finder.find(text):
            yield Mention(start, start + len(form), self.han[form], form)


def words_in_small_letters(texts: Iterable[str]) -> frozenset[str]:
    """Return the Latin words that texts write without a capital: words of the language, and no names."""
    return frozenset(word for word in set(LATIN_WORD.findall("\n".join(texts))) if word.islower())


def is_chinese_name(name: str) -> bool:
    """Tell whether a text has the form of a Chinese name, or of a foreign one in Chinese characters."""
    if not _CHINESE_FORM.fullmatch(name):
        return False
    if "·" in name or has_surname(name):
        return True
    if NOT_IN_NAME.search(name):
        return False
    bare = _without_title(name)
    return (bare != name and 1 <= len(bare) <= 4) or (name[:1] in "老小阿" and 2 <= len(name) <= 3)


def is_korean_name(name: str) -> bool:
    """Tell whether a text is a Korean surname and two more syllables."""
    return _KOREAN_NAME.fullmatch(name) is not None


def is_japanese_surname(name: str) -> bool:
    """Tell whether a text may be a Japanese surname; Chinese has such words, too."""
    return _JAPANESE_SURNAME.fullmatch(name) is not None


def has_surname(name: str) -> bool:
    """Tell whether a text is a surname and one or two characters that given names have."""
    if _NOT_IN_GIVEN_NAME.search(name):
        return False
    is_double = name.startswith(DOUBLE_SURNAMES) and 3 <= len(name) <= 4
    return is_double or (name[:1] in SURNAMES and 2 <= len(name) <= 3)


def has_name_behind_role(name: str) -> bool:
    """Tell whether a Chinese text says what somebody is and then a familiar name or title: ``卖花的小郭``."""
    return _NAME_BEHIND_ROLE.fullmatch(name) is not None


def _without_title(name: str) -> str:
    for title in _TITLES_LONGEST_FIRST:
        if name.endswith(title):
            return name.removesuffix(title)
    return name


def ascii_letters_of(name: str) -> str:
    """Return a name in the letters a to z, as the lists have it: Jürgen is jurgen, Søren is soren."""
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(_WITHOUT_MARK)
    return "".join(character for character in plain if not unicodedata.combining(character))


@functools.cache
def given_names(kind: Literal["female", "male", "either", "surnames"]) -> frozenset[str]:
    """Return a list of given names in the letters a to z; ``surnames`` are those that are surnames as well."""
    lists = resources.files("interview_audio.transcript") / "words" / "given_names"
    return frozenset((lists / f"{kind}.txt").read_text("ascii").split())


def is_given_name(word: str) -> bool:
    """Tell whether a word in Latin letters is the given name of many people."""
    folded = ascii_letters_of(word.strip("."))
    return any(folded in given_names(kind) for kind in ("female", "male", "either"))


def without_function(name: str) -> str:
    """Cut what a name says after a comma or a stroke: ``Ida Holm, keeper`` is ``Ida Holm``."""
    return _AFTER_NAME.sub("", name)


def without_titles(name: str) -> str:
    """Cut the titles before a name: ``Dr. Ida Holm`` is ``Ida Holm``, ``MAYOR FROST`` is ``FROST``.

    An article before a title goes with it, unless nothing but an office is left: ``The Chairman``.
    """
    words = name.split(" ")
    if len(words) > 2 and words[0].casefold() in OFFICE_WORDS and is_title(words[1]):
        words = words[1:]
    while len(words) > 1 and is_title(words[0]) and words[1].casefold() not in OFFICE_WORDS:
        words = words[1:]
    return " ".join(words)


def without_honorific(name: str) -> str:
    """Cut the honorific behind a name: ほそださん is ほそだ; a name of one character keeps it."""
    return _HONORIFIC_BEHIND.sub("", name)


def is_title(word: str) -> bool:
    """Tell whether a word is a title before a name; an abbreviation that is also an initial needs its full stop."""
    folded = word.casefold().rstrip("ª")
    return folded.rstrip(".") in WESTERN_TITLES or (folded.endswith(".") and folded[:-1] in SHORT_TITLES)


def without_capitals(name: str) -> str:
    """Return a name of two words or more that is printed in capitals as names are written; others unchanged."""
    words = name.split(" ")
    is_loud = len(words) > 1 and all(word.isupper() and not any(map(str.isdigit, word)) for word in words)
    return " ".join(map(_quiet, words)) if is_loud else name


def _quiet(word: str) -> str:
    """Write ``O'HARA`` as ``O'Hara``; initials and words that cannot be said stay."""
    if len(word.replace(".", "")) < 2 or not _VOWELS & set(word) or "." in word[:-1]:
        return word
    if word.casefold() in _PARTICLES:
        return word.casefold()
    # Python writes the small letter of the Turkish İ as two characters.
    return _INNER_CAPITAL.sub(lambda match: match[0].upper(), word.capitalize().replace("i\u0307", "i"))


def index_names(forms: Iterable[tuple[str, str]]) -> NameIndex:
    """Build an index from pairs of a written form and its person; a form of two people names neither."""
    words: dict[str, str] = {}
    han: dict[str, str] = {}
    ambiguous: set[str] = set()
    for form, person in forms:
        target = han if has_han(form) else words
        for part in _parts(form):
            if target.setdefault(part, person) != person:
                ambiguous.add(part)
    for part in ambiguous:
        words.pop(part, None)
        han.pop(part, None)
    return NameIndex(words, han, ChineseNameFinder(han), _latin_words_from(frozenset(word[0] for word in words)))


def _latin_words_from(firsts: Collection[str]) -> re.Pattern[str]:
    """Return what finds the words of ``LATIN_WORD`` that begin with one of these letters."""
    if not firsts:
        return re.compile("(?!)")
    letter = rf"[^\W_{HAN}]"
    # The letter comes before what may not be before it, since a search for one of a few letters is fast.
    begin = rf"[{''.join(sorted(firsts))}](?<!{letter}.)(?<!{letter}[.-].)"
    return re.compile(rf"{begin}{letter}*(?:[.-]{letter}+)*", re.DOTALL)


def addressed_person(text: str, index: NameIndex) -> str | None:
    """Tell who a text speaks to by name (``Ida, how was it?``); the last one, where there are several."""
    person = None
    for mention in index.find(text):
        before, after = text[: mention.start].rstrip()[-1:], text[mention.end :].lstrip()[:1]
        opens = before in _VOCATIVE_BEFORE and after in _VOCATIVE_AFTER
        closes = before in _COMMAS and after in _STOPS
        if opens or closes:
            person = mention.person
    return person


def _parts(form: str) -> Iterator[str]:
    if has_han(form):
        yield from (part for part in {form, *form.split("·")} if len(part) > 1)
        return
    for word in LATIN_WORD.findall(form):
        if len(word) > 1 and word.casefold() not in _NOBODYS_NAME:
            yield word
