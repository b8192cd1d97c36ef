"""Finds whom a title or an introduction names as the one who is interviewed, in forms that only people have.

``Interview with X``, ``our guest X``, ``X is a …``, 采访了X: what only has capitals may be a book,
a product or a place.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from interview_audio.text.characters import HAN, has_han, name_key
from interview_audio.transcript.lexicon.label_grammar import is_name_shaped
from interview_audio.transcript.lexicon.personal_names import (
    CHINESE_TITLES,
    DOUBLE_SURNAMES,
    NOT_IN_NAME,
    has_surname,
    is_given_name,
    is_title,
)
from interview_audio.transcript.lexicon.vocabulary import (
    alternation,
    alternations_by_script,
    any_of,
    word_list,
    words_of,
)
from interview_audio.transcript.people.full_names import capitalised_words_at, count_chinese_names, transliterated_names

_MAX_INTRODUCTION_PARAGRAPHS = 60
"""Paragraphs of an introduction; behind more there is another text."""
_MAX_INTRODUCTION_LENGTH = 3000
"""Characters of one paragraph: half a page, which no introduction fills."""
_MAX_GAP_WORDS = 10
"""Words that may say what somebody is before the name: ``interview with the lighthouse keeper Ida Holm``."""
_PRESENTS = re.compile(rf"(?<!\w)(?i:{alternation('presents_guest')})\s*")
_NOT_THE_GUEST = frozenset(
    ("about", "on", "of", "at", "for", "from", "in", "by", "über", "sur", "sobre", "de", "su", "о")
)
"""Words behind which a name is what is talked about, or where somebody works."""
_WORD = re.compile(r"[\w'’.-]+")
_SEGMENTS = re.compile(r"\s*[:：|｜]\s*|\s+[-–—―]+\s+|,\s+|\s*[()（）\[\]“”\"«»]\s*|\s+/\s+")
_TITLE_JOINTS = re.compile(r"\s+(?:on|about|and|&|with|über|und|mit|sur|et|avec|sobre|y|con|e|com|su)\s+")
_NOUN_BEHIND = re.compile(r" (?!(?:about|on|and|who|at|of|from|for|in|by|to|as|the|is|was|has)\b)[a-z]")
"""What is behind a name that only says what the person does: ``Mastering Perl author Ida Holm``."""
_SUBJECT = re.compile(r"(?:\A|[.!?:]\s+|[“\"(]|\d{4}, )(?=[A-ZÀ-Þ])")
_IS_A_PERSON = re.compile(r",? (?:is|was|has been) (?:an?|the|one of|our)\b|, (?:an?|the|who) |, \d\d, ")
_OF_AGE = re.compile(
    r"(?<![\w'’-])(?P<name>[A-ZÀ-Þ][\w'’-]{1,30}+(?: [A-ZÀ-Þ][\w'’-]{1,30}+){1,2}),? [(]?(?:aged )?[1-9]\d[,)]"
)
"""Only people have an age: ``Ida Holm, 68, keeps it``."""
_PRONOUN = re.compile(r"\b(?:he|she|his|her|him)\b", re.IGNORECASE)
_OWN_NAME = re.compile(
    r"\b(?:[Mm]y name(?: is|['’]s)|I am|I['’]m|[Jj]e m['’]appelle|[Ii]ch heiße|[Mm]e llamo|[Mm]i chiamo) "
    rf"|我(?:是|叫)(?:主持人|记者|主播)?(?P<han>[{HAN}]{{2,3}})(?=[，,。.！!；;、]|\Z)"
)
_BEHIND_OWN_NAME = re.compile(r"[,.!;]| and |\Z")
_MAX_GREETING = 200
"""Characters at the beginning of an answer in which people say who they are."""
_NOT_PEOPLE = words_of("words_of_places")
_LATIN_MEDIA, _CHINESE_MEDIA = alternations_by_script("media_names")
MEDIUM_NAME = re.compile(rf"\b(?:{_LATIN_MEDIA})\Z|(?:{_CHINESE_MEDIA})\Z", re.IGNORECASE)
"""Finds the end of a medium's name: ``Harbor Weekly``, 晚报."""

_NOUNS = any_of(word_list("chinese_person_nouns"))
_CHINESE_PRESENTS = re.compile(rf"(?:{alternation('presents_guest_chinese')})(?P<who>[{HAN}·]{{2,24}})")
_STOPS_NAME = re.compile("[谈談聊讲講说說请請听聽就及]")
_CHINESE_TITLE_BEHIND = re.compile(rf"(?:{any_of(CHINESE_TITLES)})\Z")
_CHINESE_SUBJECT = re.compile(
    rf"(?:\A|[。！？\n])(?P<name>[{HAN}]{{2,4}}?|[{HAN}]{{1,6}}(?:·[{HAN}]{{1,8}})+)(?:[（(][^（）()]{{1,40}}[)）])?"
    rf"(?:是[^。，]{{1,24}}?(?:{_NOUNS})[。，；]|[，,](?:今年)?[\d一二三四五六七八九十]{{2,3}}岁|[，,][男女][，,]"
    rf"|[，,][一二\d][\d九八零〇○一二三四五六七]{{3}}年[^。，]{{0,12}}生|[，,][^。，]{{1,20}}(?:{_NOUNS})[。，；])"
)
_ADDRESSES = re.compile(rf"(?<![{HAN}])(?P<surname>[{HAN}])(?:{any_of((*CHINESE_TITLES, '师傅', '师父'))})")
_CHINESE_STOPS = re.compile("[。！？，；\n]")
_BEFORE_NAME = frozenset("家者辑人师员授席统长手匠生友星")
"""Last characters of words for what somebody is, in 作家余华: the name begins behind them."""
_NOT_NAMES = words_of("not_chinese_names")
_KOREAN = re.compile(
    r"(?P<name>[가-힣]{2,4}?)\s?(?:님|씨|작가|감독|대표|교수|박사|선생님?)?(?:[과와]의?)?\s(?:인터뷰|대담|대화)"
)
_KOREAN_BEHIND = re.compile(r"인터뷰[\]】)]?\s*[:|ㅣ-]?\s*(?P<name>[가-힣]{3})(?=\s|님|씨|\Z)")
_JAPANESE = re.compile(
    # A name in Chinese characters or katakana, its honorific, which is no part of it, or a title, which is; words of
    # a sentence before it end in hiragana.
    rf"(?<![{HAN}ァ-ヶー・])(?P<name>(?:[{HAN}]{{1,5}}?|[ァ-ヶー・]{{2,16}}|[ぁ-ん]{{2,4}}?)"
    rf"(?:(?=さん|氏|先生|様)|(?:{alternation('japanese_titles')})))"
    r"(?:さん|氏|先生|様)?(?:に|へ|と|の|、|を)?(?:[^。]{0,12})(?:インタビュー|聞|伺|対談|訊)"
)
_ARABIC = re.compile(
    r"(?:مقابلة|حوار|لقاء|حديث)\s+مع\s+(?:(?:الدكتور|الدكتورة|الأستاذ|الأستاذة|السيد|السيدة)\s+)?(?P<name>[\u0621-\u0652]{2,}\s[\u0621-\u0652]{2,}+)"
    r"(?!\s+[\u0621-\u0652])"
)
"""Two words and no third, of which the first may say what somebody is: ``صانع القوارب سالم الحداد``."""


@dataclass(frozen=True, slots=True)
class Introduction:
    """Somebody whom the text introduces, and where."""

    name: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Opening:
    """What stands above an interview, and its first answers, each text with its line."""

    titles: tuple[str, ...] = ()
    introduction: tuple[tuple[str, int], ...] = ()
    answers: tuple[tuple[str, int], ...] = ()
    """People introduce themselves."""
    questions: tuple[str, ...] = ()
    """They may address the one who answers: 周师傅."""
    small: frozenset[str] = frozenset()
    """Words that the document writes in small letters: a name is not made of these alone."""

    @property
    def beginning(self) -> tuple[tuple[str, int], ...]:
        """As much of the introduction as introductions have."""
        first = self.introduction[:_MAX_INTRODUCTION_PARAGRAPHS]
        return tuple((text[:_MAX_INTRODUCTION_LENGTH], line) for text, line in first)

    def presented(self) -> Iterator[str]:
        """Yield all whom the titles and the introduction present."""
        for text in (*self.titles, *(text for text, _ in self.beginning)):
            yield from _presented(text)


def find_introduced(opening: Opening, others: Collection[str], *, has_label: bool = False) -> Introduction | None:
    """Return the one person whom a document introduces as interviewed; None where that is not certain.

    Args:
        opening: Where people are introduced.
        others: Names of those who are known to be somebody else: who asks, who signs.
        has_label: Whether a label (``A``) already says who answers, so that a name must say what somebody is.
    """
    folded = set(map(name_key, others))
    introduction = opening.beginning
    ways: tuple[Iterator[tuple[str, Iterable[str]]], ...] = (
        (("named in the title", _in_title(title)) for title in opening.titles),
        ((f"named in the introduction, line {line}", _presented(text)) for text, line in introduction),
        ((f"says their own name, line {line}", _says_own_name(text, opening.titles)) for text, line in opening.answers),
        (
            (f"named in the introduction, line {line}", _subjects(text, must_be_described=has_label))
            for text, line in introduction
        ),
        _addressed(opening),
    )
    for way in ways:
        found = [(name, where) for where, names in way for name in names if name_key(name) not in folded]
        named = [(name, where) for name, where in found if not _is_of_common_words(name, opening.small)]
        if len({name_key(name) for name, _ in named}) == 1:
            return Introduction(*named[0])
        if named:
            return None
    return None


def _is_of_common_words(name: str, small: Collection[str]) -> bool:
    """Tell whether a name in capitals is made of words that the document writes small: ``Red Hat``."""
    return not name.islower() and name.isascii() and all(word.casefold() in small for word in name.split(" "))


def _in_title(printed: str) -> Iterator[str]:
    title = printed.title() if printed.isupper() and not has_han(printed) else printed
    presented = list(_presented(title))
    if presented:
        yield from presented[:1]
        return
    for segment in _SEGMENTS.split(title):
        for part in _TITLE_JOINTS.split(segment):
            words = part.strip(" .!?'’").split(" ")
            if 2 <= len(words) <= 4 and is_personal_name(" ".join(words)):
                yield " ".join(words)


def is_personal_name(name: str) -> bool:
    """Tell whether a run of Latin words is a person's name: it begins with a given name and has no word of a place."""
    words = name.split(" ")
    return is_name_shaped(name) and " " in name and is_given_name(words[0]) and not _is_no_person(words)


def _is_no_person(words: Sequence[str]) -> bool:
    """Tell whether it is rather a place, a body or a medium; ``Park`` is a family name as well."""
    return MEDIUM_NAME.search(words[-1]) is not None or any(
        word.casefold() in _NOT_PEOPLE or (is_title(word) and word[-1:] != ".") for word in words
    )


def _presented(text: str) -> Iterator[str]:
    """Yield whom a text presents: ``interview with Ida Holm``, 专访周砚秋, ``Ida Holm 인터뷰``."""
    for match in _PRESENTS.finditer(text):
        if name := _presented_at(text, match.end()):
            yield name
    for match in _CHINESE_PRESENTS.finditer(text):
        if name := _chinese_name_at_end(match["who"]):
            yield name
    found = (pattern.search(text) for pattern in (_KOREAN, _KOREAN_BEHIND, _JAPANESE, _ARABIC))
    yield from (match["name"] for match in found if match)


def _presented_at(text: str, start: int) -> str | None:
    """Return the name behind words that present somebody; words in small letters between them say what he is."""
    end = re.search(r"[.!?;:|()\[\]–—]\s|[.!?;:|()\[\]–—]\Z|\s-\s|\Z", text[start : start + 200])
    clause = text[start : start + (end.start() if end else 0)]
    unlisted: str | None = None
    for word in list(_WORD.finditer(clause))[: _MAX_GAP_WORDS + 1]:
        if word[0].casefold() in _NOT_THE_GUEST:
            break
        runs = [_without_function(run) for run in capitalised_words_at(clause, word.start()) if run]
        if not runs or not 2 <= len(runs[0]) <= 4 or MEDIUM_NAME.search(runs[0][-1]):
            continue
        if is_given_name(runs[0][0]):
            return " ".join(runs[0])
        name = " ".join(runs[0])
        behind = clause[word.start() + len(name) :]
        if unlisted is None and not _is_no_person(runs[0]) and not _NOUN_BEHIND.match(behind):
            unlisted = name
    if unlisted:
        return unlisted
    first = clause.split(",")[0].split(" ")
    if 2 <= len(first) <= 4 and is_given_name(first[0]) and all(word.isalpha() for word in first):
        return " ".join(first) if not set(map(str.casefold, first)) & _NOT_THE_GUEST else None
    return None


def _without_function(run: list[str]) -> list[str]:
    """Cut what somebody is before the name: ``Lighthouse Keeper Ida Holm``, ``Knopfmacherin Friederike Lüders``."""
    first = next((index for index, word in enumerate(run[:-1]) if is_given_name(word)), 0)
    return run[first:]


def own_name_of_host(text: str) -> str | None:
    """Return the name that a host gives as their own, with a mark behind it: ``I'm Ida Holm,`` or 我是李华，."""
    for match in _OWN_NAME.finditer(text):
        if match["han"] and has_surname(match["han"]):
            return match["han"]
        name = _latin_name_behind(text, match)
        is_whole = _BEHIND_OWN_NAME.match(text, match.end() + len(name)) and text.startswith(name, match.end())
        if is_whole and 2 <= len(name.split(" ")) <= 3 and is_name_shaped(name):
            return name
    return None


def _says_own_name(text: str, titles: Collection[str]) -> Iterator[str]:
    """Yield the name that somebody gives as his own at the beginning of an answer; a title may confirm it."""
    for match in _OWN_NAME.finditer(text, 0, _MAX_GREETING):
        name = _latin_name_behind(text, match)
        if 2 <= len(name.split(" ")) <= 4 and (is_personal_name(name) or name in titles):
            yield name
            return


def _latin_name_behind(text: str, match: re.Match[str]) -> str:
    """Return the run of capitalised words behind a match; empty where there is none."""
    return " ".join(next(filter(None, capitalised_words_at(text, match.end())), ()))


def _subjects(text: str, *, must_be_described: bool) -> Iterator[str]:
    """Yield the people of whom sentences say what they are, or what they do."""
    for match in _SUBJECT.finditer(text):
        runs = [run for run in capitalised_words_at(text, match.end()) if run]
        if not runs or not 2 <= len(runs[0]) <= 4 or _is_no_person(runs[0]):
            continue
        name = " ".join(runs[0])
        behind = text[match.end() + len(name) :]
        is_subject = behind[:1] == " " and behind[1:2].islower() and not must_be_described
        is_described = _IS_A_PERSON.match(behind) is not None
        if (is_given_name(runs[0][0]) and (is_subject or is_described)) or (
            is_described and _PRONOUN.search(behind) is not None
        ):
            yield name
    yield from (match["name"] for match in _OF_AGE.finditer(text))
    for match in _CHINESE_SUBJECT.finditer(text):
        name = match["name"]
        if "·" in name or (has_surname(name) and name[:2] not in _NOT_NAMES):
            yield name


def _addressed(opening: Opening) -> Iterator[tuple[str, list[str]]]:
    """Yield the names at the beginnings of sentences of the introduction whose surname the questions address."""
    surnames = {match["surname"] for text in opening.questions for match in _ADDRESSES.finditer(text)}
    if not surnames:
        return
    texts = [text for text, _ in opening.beginning]
    counted = count_chinese_names("".join(sorted(surnames)), texts, opening.questions)
    for text, line in opening.beginning:
        sentences = [sentence for sentence in _CHINESE_STOPS.split(text) if sentence]
        found = [name for sentence in sentences for name in counted if sentence.startswith(name)]
        yield f"named in the introduction, line {line}", sorted(found, key=len)[-1:]


def _chinese_name_at_end(words: str) -> str | None:
    """Return the name with which words end that say who somebody is: 余华 of 著名作家余华."""
    if "·" in words:
        return next(transliterated_names([words]), None)
    bare = _CHINESE_TITLE_BEHIND.sub("", _STOPS_NAME.split(words)[0]).rpartition("的")[2]
    double = [bare[-size:] for size in (4, 3) if bare[-size:].startswith(DOUBLE_SURNAMES) and len(bare) >= size]
    single = [bare[-size:] for size in (3, 2) if len(bare) >= size and has_surname(bare[-size:])]
    found = [name for name in (*double, *single) if name[:2] not in _NOT_NAMES and not NOT_IN_NAME.search(name)]
    if len(found) > 1 and found[0][0] in _BEFORE_NAME:
        found = found[1:]
    return found[0] if found else None
