"""Mandarin as Kokoro's phonemes: jieba cuts it into words, dictionaries and rules read them, a table has the sounds.

What a character with several readings says follows from its word (``word_readings.txt``, then pypinyin's phrases), and
where it is a word by itself from its neighbours (``readings.txt``).
"""

import bisect
import contextlib
import functools
import itertools
import logging
import re
import threading
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata, resources
from types import MappingProxyType
from typing import TYPE_CHECKING

from interview_audio.files.app_folders import cache_folder
from interview_audio.normalization.pronunciations import surname_reading

if TYPE_CHECKING:
    import jieba

_IMPORTING = threading.Lock()
"""Python before 3.14 has one list of warning filters for all threads."""
_LONGEST_WORD = 5
_CONTEXT = 12
"""Characters before and after that a rule may look at."""
_NOUN = "n"
_SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """One word as it is written and as it is read."""

    written: str
    pinyin: tuple[str, ...]
    """A syllable a character, with the number of its tone (5 is the neutral one; ü is written v). A syllable that ends
    with 儿 has an r before its tone (``dianr3``) and 儿 an empty one; what has no reading has an empty one, too."""
    is_known: bool
    """A dictionary has the word, or it is one character."""


class Mandarin:
    """Reads runs of Chinese characters; loads its dictionary once, when it is made."""

    def __init__(self) -> None:
        self.segmenter = _segmenter()

    def words(self, run: str, names: Sequence[str] = ()) -> list[tuple[str, str]]:
        """Cut a run of Chinese characters into words and read each.

        Args:
            run: Characters for which :func:`has_reading` holds.
            names: ``Utterance.names``.

        Returns:
            Pairs of the word as written and its phonemes.
        """
        return [(word.written, "".join(map(sound_of, word.pinyin))) for word in self.readings(run, names)]

    def readings(self, run: str, names: Sequence[str] = ()) -> list[Reading]:
        """Cut a run of Chinese characters into words and tell the pinyin of each, before tone sandhi.

        Args:
            run: Chinese characters without marks or spaces between them.
            names: Of people that may be among them: each is one word, read as a name.

        Returns:
            Its words, which join to the run.
        """
        simple = simplified(run)
        words = self.segmenter.lcut(simple)
        named = frozenset(_places(simple, words, [simplified(name) for name in names])) if names else frozenset()
        if named:
            words = list(self._cut_around(simple, named))
        pinyin = _Reader(run, simple, words, named).pinyin()
        result, start = [], 0
        for word in words:
            end = start + len(word)
            result.append(Reading(run[start:end], tuple(pinyin[start:end]), len(word) == 1 or self.knows(word)))
            start = end
        return result

    def knows(self, word: str) -> bool:
        """Tell whether a dictionary has a word; traditional characters are looked up as simplified ones."""
        plain = simplified(word)
        # The segmenter lists beginnings of words, too, with the frequency 0.
        return bool(self.segmenter.FREQ.get(plain)) or _has_phrase(plain)

    def _cut_around(self, text: str, named: Iterable[tuple[int, int]]) -> Iterator[str]:
        start = 0
        for first, last in sorted(named):
            yield from self.segmenter.lcut(text[start:first])
            yield text[first:last]
            start = last
        yield from self.segmenter.lcut(text[start:])


def _places(text: str, words: Sequence[str], names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where the names are in a text that has been cut into words; the longest name wins."""
    borders = {0, *itertools.accumulate(map(len, words))}
    starts = list(itertools.accumulate(map(len, words), initial=0))
    pattern = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    for match in re.finditer(pattern, text):
        # 区健 is in 社区健康, too. A longer name is hardly ever by chance where its characters are.
        crossed = {match.start(), match.end()} - borders if len(match[0]) == _SHORTEST_NAME else set[int]()
        words_there = (words[bisect.bisect(starts, place) - 1] for place in crossed)
        if not any(map(_is_word, words_there)) and not _is_word(match[0]):
            yield match.span()


def _is_word(text: str) -> bool:
    return _has_phrase(text) or _is_classed(text)


def _segmenter() -> "jieba.Tokenizer":
    with _IMPORTING, warnings.catch_warnings():
        # jieba 0.42.1 is older than the rules for escapes in strings, and imports pkg_resources where that exists.
        warnings.simplefilter("ignore")
        import jieba
    # It reports loading its dictionary as if it were an error.
    jieba.setLogLevel(logging.CRITICAL)
    folder = cache_folder()
    with contextlib.suppress(OSError):  # Without its cache jieba only starts a second later.
        folder.mkdir(parents=True, exist_ok=True)
    segmenter = jieba.Tokenizer()
    # Its own choice is one file in a temporary folder that all users share.
    segmenter.tmp_dir = str(folder)
    segmenter.cache_file = f"jieba-{metadata.version('jieba')}.cache"
    segmenter.initialize()
    return segmenter


@functools.lru_cache(maxsize=8192)
def word_phonemes(word: str) -> str:
    """Return the phonemes of a word by itself; a syllable that the table does not know has none."""
    return "".join(map(sound_of, _Reader(word, simplified(word), [word]).pinyin()))


def has_reading(character: str) -> bool:
    """Tell whether the dictionary can read a Chinese character; it lacks about nine in a hundred rare ones."""
    from pypinyin.constants import PINYIN_DICT

    return ord(character) in PINYIN_DICT


def simplified(text: str) -> str:
    """Return a text with simplified characters for traditional ones, character for character."""
    characters, words, longest = _simplifications()
    if not any(ord(character) in characters for character in text):
        return text
    result = list(text.translate(characters))
    for start in range(len(text)):
        for length in range(2, longest + 1):
            if simple := words.get(text[start : start + length]):
                result[start : start + length] = simple
    return "".join(result)


@dataclass(frozen=True, slots=True)
class _Token:
    """A word as the rules see it: smaller than jieba's where no dictionary has that."""

    start: int
    end: int
    is_phrase: bool
    """A dictionary of phrases reads it whole."""
    is_name: bool = False
    """The text knows it as the name of somebody."""


class _Reader:
    """Reads one run of characters."""

    def __init__(
        self, written: str, simple: str, words: Sequence[str], named: Collection[tuple[int, int]] = ()
    ) -> None:
        self._written = written
        self._text = simple
        self._tokens = list(_tokens(simple, words, named))
        starts = itertools.accumulate(map(len, words), initial=0)
        self._cut = dict(zip(starts, words, strict=False))

    def pinyin(self) -> list[str]:
        """Return a syllable for every character."""
        syllables: list[str] = []
        for number, token in enumerate(self._tokens):
            word = self._text[token.start : token.end]
            if token.is_name:
                syllables += _name_pinyin(word)
                continue
            read = list(_word_pinyin(word))
            for position in range(token.start, token.end):
                reading = self._by_rule(number, position)
                if reading is not None:
                    read[position - token.start] = reading
            syllables += read
        return _with_r(self._text, syllables)

    def _by_rule(self, number: int, position: int) -> str | None:
        token = self._tokens[number]
        written, simple = self._written[position], self._text[position]
        # A traditional character may say more than the simplified one.
        for character in (simple,) if written == simple else (written, simple):
            for rule in _rules().get(character, ()):
                if (rule.anywhere or not token.is_phrase) and self._holds(rule, number, position):
                    return rule.reading
        return None

    def _holds(self, rule: "_Rule", number: int, position: int) -> bool:
        if rule.classes_before and self._class_before(number, position) not in rule.classes_before:
            return False
        if rule.classes_after and self._class_after(number, position) not in rule.classes_after:
            return False
        if rule.rest and not self._has_rest(rule.rest, position):
            return False
        before = self._text[max(0, position - _CONTEXT) : position]
        after = self._text[position + 1 : position + 1 + _CONTEXT]
        return all((_pattern(form).search(before) is not None) is wanted for form, wanted in rule.before) and all(
            (_pattern(form).match(after) is not None) is wanted for form, wanted in rule.after
        )

    def _has_rest(self, form: str, position: int) -> bool:
        word = self._cut.get(position, "")
        return _pattern(form).fullmatch(word, 1) is not None and not _is_word(word)

    def _class_before(self, number: int, position: int) -> str:
        token = self._tokens[number]
        if position > token.start and not token.is_phrase:
            return _word_class(self._text[token.start : position])
        return self._class(number - 1) if number else "^"

    def _class_after(self, number: int, position: int) -> str:
        token = self._tokens[number]
        if position + 1 < token.end and not token.is_phrase:
            return _word_class(self._text[position + 1 : token.end])
        return self._class(number + 1) if number + 1 < len(self._tokens) else "$"

    def _class(self, number: int) -> str:
        token = self._tokens[number]
        return _word_class(self._text[token.start : token.end])


def _tokens(text: str, words: Sequence[str], named: Collection[tuple[int, int]]) -> Iterator[_Token]:
    ends = list(itertools.accumulate(map(len, words)))
    borders = {0, *ends}
    start = 0
    for end in ends:
        if (start, end) in named:
            yield _Token(start, end, is_phrase=True, is_name=True)
            start = end
        # A phrase of ours may reach over several words.
        while start < end:
            length = _own_phrase(text, start, borders) or _next_piece(text, start, end)
            yield _Token(start, start + length, length > 1 and _has_phrase(text[start : start + length]))
            start += length


def _own_phrase(text: str, start: int, borders: set[int]) -> int:
    """Return the length of the longest phrase of ours that begins here: of whole words, or inside one."""
    for length in range(min(_LONGEST_WORD, len(text) - start), 1, -1):
        end = start + length
        if text[start:end] in _own_readings():
            inside = borders.isdisjoint(range(start + 1, end))
            if inside or {start, end} <= borders:
                return length
    return 0


def _next_piece(text: str, start: int, end: int) -> int:
    word = text[start:end]
    if len(word) == 1 or _has_phrase(word) or _is_classed(word) or not any(map(_rules().__contains__, word)):
        return len(word)
    for length in range(min(_LONGEST_WORD, len(word) - 1), 1, -1):
        if _has_phrase(word[:length]):
            return length
    return 1


@functools.lru_cache(maxsize=8192)
def _word_pinyin(word: str) -> tuple[str, ...]:
    if own := _own_readings().get(word):
        return own
    from pypinyin import Style, lazy_pinyin

    syllables = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True, errors="ignore")
    if len(syllables) != len(word):
        return ("",) * len(word)
    for length in range(2, len(word) + 1):
        # 李先生 and 老实人 hold such a word.
        for part in (slice(0, length), slice(len(word) - length, len(word))):
            if word[part] in _neutral_words():
                syllables[part.stop - 1] = syllables[part.stop - 1][:-1] + "5"
    return tuple(syllables)


def _name_pinyin(name: str) -> tuple[str, ...]:
    """Read a name: its surname as one, the rest as a word, or as its characters are read by themselves."""
    surname = surname_reading(name)
    given = name[len(surname) :]
    if _has_phrase(given):
        return (*surname, *_word_pinyin(given))
    return (*surname, *(_alone(character) for character in given))


def _alone(character: str) -> str:
    """Return what a character says where nothing else is known of it."""
    rules = _rules().get(character, ())
    return next((rule.reading for rule in rules if rule.is_default), _word_pinyin(character)[0])


def _has_phrase(word: str) -> bool:
    from pypinyin.constants import PHRASES_DICT

    if word in _own_readings() or word in _neutral_words():
        return True
    # What 着 and 得 say after a verb is for the rules, whatever the list says.
    return word in PHRASES_DICT and not (len(word) == 2 and word[1] in "着得")


def _with_r(text: str, syllables: list[str]) -> list[str]:
    """Join 儿 to the syllable before it where it only colours that."""
    for position in range(1, len(text)):
        before = syllables[position - 1]
        if syllables[position] == "r5":
            if before and not before.startswith("er"):
                syllables[position - 1 : position + 1] = [f"{before[:-1]}r{before[-1]}", ""]
            else:
                syllables[position] = "er2"
    return syllables


_CODA = re.compile(r"(?<=[→↗↓↘aəeɛoiuʊyɥ])[nŋ]$|(?<=[aəe])i(?=[→↗↓↘]?$)")
_BEFORE_R = str.maketrans("ɨɛ", "əa")


@functools.lru_cache(maxsize=4096)
def sound_of(syllable: str) -> str:
    """Return the phonemes of a syllable; one that ends with 儿 loses what ends it and takes r: diǎn, but diǎr."""
    if syllable[-2:-1] != "r" or syllable.startswith("er"):
        return _sounds().get(syllable, "")
    plain = _CODA.sub("", _sounds().get(syllable[:-2] + syllable[-1], ""))
    return plain.translate(_BEFORE_R) + _sounds()["er5"]


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a character says under some conditions, see ``readings.txt``."""

    reading: str
    anywhere: bool
    before: tuple[tuple[str, bool], ...]
    """Regular expressions, and whether they are to match or not."""
    after: tuple[tuple[str, bool], ...]
    classes_before: str
    classes_after: str
    rest: str
    """A regular expression for the rest of a word that the segmenter guesses and that begins here; empty if any may."""

    @property
    def is_default(self) -> bool:
        """Tell whether it has no conditions."""
        return not (self.before or self.after or self.classes_before or self.classes_after or self.rest)


@functools.cache
def _pattern(form: str) -> re.Pattern[str]:
    """Compile at the first use: an interview needs few of the 900, and all of them take 0.2 s."""
    return re.compile(form)


@functools.cache
def _rules() -> Mapping[str, tuple[_Rule, ...]]:
    """Return the rules of each character, in the order of the file."""
    macros: dict[str, str] = {}
    surname: list[list[str]] = []
    rules: dict[str, list[_Rule]] = {}
    for line in _lines("readings.txt"):
        head, *rest = re.sub(r"\{([A-Z]+)\}", lambda name: macros[name[1]], line).split()
        if head.isascii() and head.isupper():
            macros[head] = f"(?:{rest[0]})"
        elif head == "@":
            surname.append(rest)
        else:
            reading, *conditions = rest
            names = surname if "@" in conditions else [[]]
            own = [condition for condition in conditions if condition != "@"]
            for character in head:
                rules.setdefault(character, []).extend(_rule(reading, [*name, *own]) for name in names)
    return MappingProxyType({character: tuple(own) for character, own in rules.items()})


def _rule(reading: str, conditions: Sequence[str]) -> _Rule:
    def patterns(sign: str, form: str) -> tuple[tuple[str, bool], ...]:
        marks = ((condition.removeprefix("!"), not condition.startswith("!")) for condition in conditions)
        return tuple((form % mark[1:], wanted) for mark, wanted in marks if mark.startswith(sign))

    def classes(sign: str) -> str:
        return "".join(condition[1:] for condition in conditions if condition.startswith(sign))

    rest = next((condition[1:] for condition in conditions if condition.startswith("~")), "")
    before, after = patterns("-", r"(?:%s)\Z"), patterns("+", "(?:%s)")
    return _Rule(reading, "*" in conditions, before, after, classes("<"), classes(">"), rest)


@functools.cache
def _classes() -> Mapping[str, str]:
    classes: dict[str, str] = {}
    for line in _lines("word_classes.txt"):
        letter, *words = line.split(" ")
        for word in words:
            classes.setdefault(word, letter)
    return MappingProxyType(classes)


def _is_classed(word: str) -> bool:
    return word in _classes()


_NUMBER = re.compile("[〇零一二两三四五六七八九十百千万亿几数半]+")


@functools.lru_cache(maxsize=8192)
def _word_class(word: str) -> str:
    """Return the letter of a word's part of speech, a capital if it has several characters."""
    # 慢慢儿, 高高兴兴, 红彤彤: doubled words describe.
    unlisted = "a" if re.search(r"(.)\1", word) else _NOUN
    letter = "m" if _NUMBER.fullmatch(word) else _classes().get(word, unlisted)
    return letter.upper() if len(word) > 1 else letter


@functools.cache
def _own_readings() -> Mapping[str, tuple[str, ...]]:
    entries = (line.split(" ") for line in _lines("word_readings.txt") if line[-1].isascii())
    return MappingProxyType({word: tuple(syllables) for word, *syllables in entries})


@functools.cache
def _neutral_words() -> frozenset[str]:
    return frozenset(word for line in _lines("word_readings.txt") if not line[-1].isascii() for word in line.split(" "))


@functools.cache
def _simplifications() -> tuple[Mapping[int, str], Mapping[str, str], int]:
    characters: dict[int, str] = {}
    words: dict[str, str] = {}
    is_word = False
    for line in _lines("traditional.txt"):
        old, new = line.split(" ")
        is_word = is_word or old == new or len(old) < 5
        if is_word:
            words[old] = new
        else:
            characters.update(zip(map(ord, old), new, strict=True))
    return MappingProxyType(characters), MappingProxyType(words), max(map(len, words))


def _lines(name: str) -> Iterator[str]:
    for line in (resources.files(__package__) / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


@functools.cache
def _sounds() -> Mapping[str, str]:
    """Return the phonemes of every syllable of Mandarin, by its pinyin with the number of its tone."""
    return MappingProxyType(dict(line.split(" ") for line in _lines("pinyin.txt")))
