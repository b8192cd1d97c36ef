"""The grammar of speaker labels: what at the start of a paragraph could name the one who speaks.

Decides by form alone, and knows the words that name a part in an interview instead of a person. Whether a candidate
speaks is decided from the whole document, in ``labels.speaker_labels``.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from interview_audio.text.characters import HAN, columns, name_key, with_middle_dots
from interview_audio.transcript.lexicon.markup import is_stage_mark
from interview_audio.transcript.lexicon.personal_names import (
    NOT_IN_NAME,
    OFFICE_WORDS,
    SHORT_TITLES,
    has_name_behind_role,
    has_surname,
    is_chinese_name,
    is_given_name,
    is_korean_name,
    is_title,
)
from interview_audio.transcript.lexicon.typography import ends_sentence
from interview_audio.transcript.lexicon.vocabulary import alternation, word_list, words_of

PartInText = Literal["host", "guest", "narrator"]

HOST_WORDS = words_of("host_labels")
GUEST_WORDS = words_of("guest_labels")
NOBODY_WORDS = words_of("nobody_labels")
_NARRATOR_WORDS = words_of("narrator_labels")
_UNKNOWN_SPEAKERS = words_of("unknown_speaker_labels")
ROLE_WORDS = HOST_WORDS | GUEST_WORDS | _NARRATOR_WORDS | NOBODY_WORDS | _UNKNOWN_SPEAKERS
"""Name keys of all labels that name no person."""
_PARTS: tuple[tuple[frozenset[str], PartInText], ...] = (
    (HOST_WORDS, "host"),
    (GUEST_WORDS, "guest"),
    (_NARRATOR_WORDS | NOBODY_WORDS, "narrator"),
)
_SAID_WORDS = words_of("question_and_answer_words")
_HOST_ENDINGS = word_list("host_label_endings")
_HOST_TITLES = word_list("host_titles")
_HOST_PREFIXES = word_list("host_prefixes")
_MAX_ROLE_LENGTH = 24
"""Characters of a label that ends with a role: the name of a medium is shorter, a sentence is longer."""
_NUMBER = re.compile(r"[-_#]?[0-9一二三四五六七八九十甲乙丙丁戊己]{1,3}\Z|(?<=[^a-z])[a-z]\Z")
"""What tells several people of one role apart: ``记者2``, ``嘉宾a``; after Latin letters a letter is the word's own."""
_NEVER_SPEAKS = frozenset(map(name_key, word_list("never_labels")))
"""Name keys of words that stand before a colon in articles and never speak."""

COLONS = ":：﹕"
COLON = re.compile(f"[{COLONS}]")
MAX_LABEL_LENGTH = 48
"""Characters of the name: longer ones are sentences that announce something."""
_MAX_PRINTED_LENGTH = 120
"""Characters before the colon, with what is said of a speaker behind the name: an office may be long."""
_MAX_CREDIT_COLUMNS = 60
"""Columns of what follows ``Host:`` where it is only a name; an answer may be as short, but names have no full stop."""
_CREDIT_END = re.compile(r"[,，、;；(（|]| and |和|与")
_NAMES_END = re.compile(r"[,，、;；](?![^()（）]{0,80}[)）])| and | & |和|与")
_BRACKETED = re.compile(rf"\s*【([^【】{COLONS}]{{1,24}})】\s*[{COLONS}]?\s*")
ENCLOSED = re.compile(r"[\[(（【<〈《]([^\[\]()（）【】<>〈〉《》]+)[\])）】>〉》]")
_TURN_MARK = re.compile(r"(?:>>+|[-–—―─]{1,3}|[\u2190-\u24ff\u25a0-\u2bff\U0001f000-\U0001faff\ufe0f\u200d]{1,6})\s*")
"""What captions, printed dialogue and posts set before a new speaker's words: arrows, dashes, signs and emoji."""
_EMOJI_BEHIND = re.compile(r"\s*[\u2600-\u27bf\U0001f000-\U0001faff\ufe0f\u200d]{1,8}\Z")
_INVERTED = re.compile(r"[^\W\d_a-z][\w'’-]+, [^\W\d_a-z][\w'’-]+(?: [^\W\d_a-z]\.?)?")
"""``Holm, Ida``: how conference software lists people."""
_SENTENCE_INSIDE = re.compile(r"[?!¿¡;]|\w{4}\. |(?<!\w)(?:[a-zß-ÿ]{2,3})\. (?=[A-ZÀ-Þ])")
"""What a function behind a name has not: the marks of a sentence, which would be the one that is said."""
_STOP_INSIDE = re.compile(
    rf"(?<![^\W\d_])(?!(?:{alternation('short_titles', 'abbreviations')})\.)(?:[^\W\d_]{{2,}}|[^\W\d_A-ZÀ-ɏА-я])\.\s",
    re.IGNORECASE,
)
"""The end of a sentence: ``Oh. Q:``; an initial and a title have a full stop, too."""
_ORDINAL = re.compile(r"[(（]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[.．、)）]\s*")
_QUESTION_NUMBER = re.compile(rf"(?:Q\d{{1,4}}\.?|Anf\. \d{{1,4}})\s+(?=[^\W\d_{COLONS}])")
"""What reports of committees set before the label of who asks: ``Q12  Chair:``."""
_DECORATION = re.compile('[《》「」『』“”"@]')
_JOINT = re.compile(r"\s*[/&+]\s*")
_FUNCTION = re.compile(r"\s*[,，]\s*(\S.*)")
"""What a label says behind a name: ``Ida Holm, keeper``."""
_PREDICATE = re.compile(
    r"\b(?:I|[Hh]e|[Ss]he|[Ww]e|[Tt]hey|[Ii]t|[Yy]ou|is|was|are|were|has|had|said|says|there|this|that|then|if|when)\b"
)
"""What a function behind a name never has, and a sentence does: ``Well, that is it: ...``."""
_FUNCTION_BEHIND_DASH = re.compile(r"\s+[–—-]\s+\S.*")
"""The same behind a dash: ``Ida – keeper``."""
_ASIDE = re.compile(r"(?:\s*[(（\[【][^()（）\[\]【】]*[)）\]】]){1,3}\s*\Z")
"""Parliaments print two: ``Ida Holm (Harbour North) (Lab)``."""
_ASIDE_BEFORE_FUNCTION = re.compile(r"\s*[(（][^()（）]{1,60}[)）](?=\s*[,，]\s?\S)")
"""``Ida Holm (S, ZH), for the committee``."""
_CLOSING_BRACKETS = (")", "）", "]", "】")
_DIGIT = re.compile(r"\d")
_FRENCH_ARTICLES = ("le", "la")
_ARTICLES = alternation("articles")
_WITH_ARTICLE = re.compile(rf"(?:(?:{_ARTICLES})\s|l['’])[^\W\d_]{{2,}}(?:[ -][^\W\d_]{{2,}}){{0,2}}", re.IGNORECASE)
"""What somebody is, where a name would be: ``La meunière``, ``The lamp keeper``."""
_ARTICLE_OF_KEY = re.compile(rf"(?:{_ARTICLES}|l)(?=\w{{4}})")
_MAX_TITLED_WORDS = 12
_LETTER_PAIRS = tuple(tuple(pair.split(" ")) for pair in word_list("paired_letters"))
PAIRED_LETTERS = frozenset(letter for pair in _LETTER_PAIRS for letter in pair)
"""Name keys of the letters that may stand for a question or an answer."""
_SHORT_FORM = re.compile(r"简称[为：:]?\W?(\w{1,8})|簡稱[為：:]?\W?(\w{1,8})|\A([A-Z]{1,4})\Z")
_DASH_BEHIND_COLON = re.compile(r"\s*[–—―]+\s")
"""Portuguese reports set the dash of printed dialogue behind the label: ``O Sr. Presidente: — Está aberta``."""
_FULL_STOP = re.compile(r"\.(?:\s*[–—―-]+)?\s+(?=\S)")
MONSIEUR = re.compile(r"M\. (?=\S)")
"""Only where it is set so: ``M. Night`` has an initial."""
MAX_INITIALS = 3
"""Letters; a longer word in capitals is a style and not initials."""
_MIN_LOUD = 3
"""Letters from which a word in capitals may be a surname before a full stop (``LEE.``); two hardly ever are."""
_SURNAME_WITH_INITIALS = re.compile(
    r"([А-ЯЁ][а-яё-]{1,30} [А-ЯЁ]\. ?[А-ЯЁ]\.)(?:, [а-яё][^.]{1,80}\.)?\s+(?=[А-ЯЁ«—–])"
)
"""How Russian reports print who speaks, the initials' stops being the label's: ``Иванов П. С. Спасибо.``."""
_LOUD_WITH_FUNCTION = re.compile(r"([^\W\d_a-zß-ÿ](?:(?!\s)[^a-zß-ÿ,.]){2,30}), [a-zß-ÿ][^.]{1,80}")
"""A surname in capitals and what its bearer is, as Italian reports print it: ``VERDI, ministra del mare``."""
_NAME_PARTICLES = words_of("name_particles")
_NAME_PART_END = re.compile(r"[\s·]+")
_NOT_AFTER_COLON = re.compile(r"[\d/\\]")
"""What is directly behind the colon of an identifier: ``arXiv:2401``, ``C:\\``."""

_SMALL = "a-zß-öø-ÿα-ωа-џ"
"""Small letters: a name does not begin with one."""
_NAME_WORD = rf"(?:(?:[dlo]['’])?[^\W\d_{_SMALL}{HAN}](?:[^\W{HAN}]|['’.&-])*|{alternation('name_particles')})"
_LATIN_NAME = re.compile(rf"(?!(?:of|and|the)\b){_NAME_WORD}(?: {_NAME_WORD}){{0,5}}(?: #?\d{{1,3}})?")
"""Up to six words with a capital or small as ``de`` and ``d'`` are, and a number: ``Anne de Brie``, ``Speaker 2``."""
_LATIN_WORD = re.compile(r"\w+(?:['’.-]\w+)*(?: #?\d{1,3})?")
_CHINESE_NAME = re.compile(rf"[{HAN}]{{1,8}}(?:·[{HAN}A-Za-z]{{1,12}}){{0,4}}")
_MIXED_NAME = re.compile(rf"(?=.*[{HAN}])[\w{HAN}]+(?:[ ·&-][\w{HAN}]+){{0,3}}")
_SHAPES = (_LATIN_NAME, _LATIN_WORD, _CHINESE_NAME, _MIXED_NAME, _INVERTED)


@dataclass(frozen=True, slots=True)
class Label:
    """What is printed before a paragraph's words and could name its speaker."""

    printed: str
    """As printed, without colon or brackets around it."""
    key: str
    """Folded, without what is said of the speaker behind the name: what labels of one speaker share."""
    end: int
    """Index in the paragraph's text at which the words begin."""
    called: str = ""
    """What to call the speaker of a label that names none: ``>>``."""
    misprint_of: str = ""
    """The name that was meant, where the printed one occurs once and is almost another's."""
    is_heading: bool = False
    """Whether it is in a heading, whose words it does not say: those below are its speaker's."""

    @property
    def name(self) -> str:
        """The name alone, without an aside in brackets or a function behind a comma."""
        return self.called or _bare_name(self.printed)


def read_label(text: str) -> Label | None:
    """Read the candidate for a label at the start of a paragraph's text; None where nothing has the form of one."""
    begin = 0
    if not text[:1].isalpha() or text.startswith(("Q", "Anf.")):
        if bracketed := _BRACKETED.match(text):
            printed = bracketed[1].strip()
            return None if is_stage_mark(printed) else make_label(printed, bracketed.end())
        mark = _TURN_MARK.match(text) or _QUESTION_NUMBER.match(text)
        begin = mark.end() if mark else 0
    colon = COLON.search(text, begin, begin + _MAX_PRINTED_LENGTH)
    if colon is None or text[begin] == "_" or _is_not_a_label_colon(text, colon.start()):
        return None  # A word that begins with a stroke is a key of the file: "_lang: ru".
    printed = text[begin : colon.start()].strip()
    if enclosed := ENCLOSED.fullmatch(printed):
        printed = enclosed[1].strip()
    end = _DASH_BEHIND_COLON.match(text, colon.end())
    words = index_of_words(text, end.end() if end else colon.end())
    return _numbered(make_label(printed, words), text, colon.end(), printed)


def read_stopped_label(text: str) -> Label | None:
    """Read what could be a label that ends in a full stop, as reports of assemblies print it (``Ms. Holm. It is.``).

    Only names of several words or in capitals, and offices, are set so; a word and a full stop are a sentence.
    """
    if signed := _SURNAME_WITH_INITIALS.match(text):
        return make_label(signed[1], signed.end())
    for stop in _FULL_STOP.finditer(text, 0, _MAX_PRINTED_LENGTH):
        printed = text[: stop.start()]
        last = printed.rsplit(" ", 1)[-1]
        if len(last) > 1 and last.casefold().rstrip("ª") not in SHORT_TITLES:
            courtesy = MONSIEUR.match(printed)
            label = make_label(printed[courtesy.end() if courtesy else 0 :], stop.end())
            loud = _LOUD_WITH_FUNCTION.fullmatch(printed)
            if loud and (label is None or label.name == printed):
                label = Label(printed, name_key(loud[1]), stop.end(), called=loud[1])
            is_name = label is not None and is_full_or_titled(label.name) and not _DIGIT.search(label.printed)
            return label if is_name else None
    return None


def is_full_or_titled(name: str) -> bool:
    """Tell whether a printed name has several words, an office, or is in capitals."""
    is_loud = name.isupper() and len(name) >= _MIN_LOUD
    return is_titled(name) or (is_name_shaped(name) and (" " in name or is_loud))


@lru_cache(maxsize=4096)
def is_titled(name: str) -> bool:
    """Tell whether a printed name begins with a title or an office: ``Ms. Holm``, ``El señor PRESIDENTE``."""
    words = name.split(" ")
    if len(words) > 1 and (words[0].casefold() in OFFICE_WORDS or words[0] == "M."):
        words = words[1:]
    if len(words) > 1 and words[0] in _FRENCH_ARTICLES:
        words = words[1:]
    if len(words) > _MAX_TITLED_WORDS or not is_title(words[0]):
        return False
    for before, word in pairwise(words):
        if word.islower() and is_title(word) and before.casefold() in OFFICE_WORDS:
            return True  # What an office is for may be any words: "Mme la ministre de la transition".
        if word[:1].islower() and not (word in OFFICE_WORDS or word in _NAME_PARTICLES or is_title(word)):
            return False
    return True


@lru_cache(maxsize=4096)
def is_persons_name(name: str) -> bool:
    """Tell whether a name has a form that words of the language have not: a single capital does not make one."""
    if has_name_behind_role(name):
        return True
    if not is_name_shaped(name):
        return False
    is_initials = name.isupper() and len(name) <= MAX_INITIALS
    return " " in name or is_chinese_name(name) or is_korean_name(name) or is_initials or is_given_name(name)


@lru_cache(maxsize=4096)
def is_with_article(name: str) -> bool:
    """Tell whether an article and small words stand where a name would be: ``La meunière``."""
    return _WITH_ARTICLE.fullmatch(name) is not None and name[:1].isupper()


def question_letters(keys: Collection[str]) -> frozenset[str]:
    """Return the letters that stand for a question or an answer.

    Both of a pair are among the keys, or a letter and a word that it abbreviates.
    """
    found = set(keys)
    written = {key[0] for key in found & _SAID_WORDS if len(key) > 1}
    return paired_letters(found) | (PAIRED_LETTERS & written & found)


def paired_letters(keys: Collection[str]) -> frozenset[str]:
    """Return the letters among folded labels that stand for a question and its answer, because both are there."""
    return frozenset(letter for pair in _LETTER_PAIRS if set(pair) <= set(keys) for letter in pair)


def letter_part(key: str, paired: Collection[str]) -> PartInText | None:
    """Tell the part of a letter among paired ones: the first of a pair asks, the second answers."""
    if key not in paired:
        return None
    return "host" if any(key == first and second in paired for first, second in _LETTER_PAIRS) else "guest"


def make_label(printed: str, end: int) -> Label | None:
    """Return the label that is printed so, for words that begin at an index; None where it could name nobody."""
    key = _key(printed)
    return Label(printed, key, end) if key else None


@lru_cache(maxsize=4096)
def _key(printed: str) -> str:
    """Return the folded name in a label; empty where it could name nobody."""
    name = _bare_name(with_middle_dots(printed))
    key = question_key(name_key(name))
    return key if key and not _never_speaks(key) and could_name(name) else ""


def index_of_words(text: str, start: int) -> int:
    """Return the index of the first character from ``start`` that is not a space."""
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def could_name(name: str) -> bool:
    """Tell whether a printed text has the form of what labels say: a name, a role, a word."""
    if name_key(name) in ROLE_WORDS or is_speaker_word(name_key(name)) or name == "我":
        return True
    if (
        _STOP_INSIDE.search(name)
        or name.rsplit(" ", 1)[-1] in _NAME_PARTICLES
        or (_INVERTED.fullmatch(name) and is_title(name.rsplit(" ", 1)[-1]))
    ):
        return False
    if len(name) > MAX_LABEL_LENGTH or name[:1].isdigit():
        return False
    if has_name_behind_role(name):
        return True
    if NOT_IN_NAME.search(name) and not is_name_shaped(name):
        return False
    if is_with_article(name) or is_titled(name) or (name[:1].isupper() and part_of(name_key(name)) == "host"):
        return True
    plain = _JOINT.sub(" and ", _DECORATION.sub("", name))
    return any(shape.fullmatch(plain) for shape in _SHAPES)


@lru_cache(maxsize=4096)
def is_name_shaped(name: str) -> bool:
    """Tell whether a printed name has the form of a person's: capitals, initials, a title, a Chinese surname or dot."""
    return _LATIN_NAME.fullmatch(name) is not None or is_chinese_name(name) or is_titled(name)


def name_parts(name: str) -> frozenset[str]:
    """Return the folded parts by which a fuller or a shorter label names the same person: ``Ida Holm``, ``Holm``."""
    bare = _DECORATION.sub(" ", with_middle_dots(name))
    words = [word for word in _NAME_PART_END.split(bare) if word and not word.endswith(".")]
    parts = {name_key(word) for word in (words if not name.isascii() else words[-1:] + words[:1])}
    for word in _HOST_PREFIXES:
        parts |= {part.removeprefix(word) for part in parts if part.startswith(word)}
    return frozenset(part for part in parts if len(part) > 1 and part not in ROLE_WORDS)


def short_forms(label: Label) -> frozenset[str]:
    """Return the folded short forms that a label defines for itself: ``Ida Holm (IH)``, ``霍尔姆（以下简称“霍”）``."""
    aside = label.printed[len(without_aside(label.printed)) :].strip(" ()（）[]【】")
    short = _SHORT_FORM.search(aside)
    return frozenset({name_key(short[short.lastindex or 1])}) if short else frozenset()


def is_credit(label: Label, words: str) -> bool:
    """Tell whether a labelled line only names who has a part: ``Host: Ida Holm``."""
    if part_of(label.key) is None or ends_sentence(words) or COLON.search(words):
        return False
    listed = [without_aside(name.strip()) for name in _NAMES_END.split(words)]
    if len(listed) > 1 and all(map(is_name_shaped, listed)):
        return True
    if columns(words) > _MAX_CREDIT_COLUMNS:
        return False
    name = credited_name(words)
    is_several_words = " " in name or not name.isascii()
    is_name = is_name_shaped(name) or has_name_behind_role(name)
    return is_several_words and is_name and part_of(name_key(name)) is None


def credited_name(words: str) -> str:
    """Return the first name that a credit names."""
    return _CREDIT_END.split(words)[0].strip()


def _numbered(label: Label | None, text: str, colon: int, printed: str) -> Label | None:
    """Read ``1. Q:`` as a label though ``1. Q`` is not one; only roles are numbered so."""
    ordinal = _ORDINAL.match(printed)
    if label or not ordinal:
        return label
    numbered = make_label(printed[ordinal.end() :], index_of_words(text, colon))
    return numbered if numbered and part_of(numbered.key) else None


@lru_cache(maxsize=4096)
def _bare_name(printed: str) -> str:
    printed = _ASIDE_BEFORE_FUNCTION.sub("", _EMOJI_BEHIND.sub("", printed))
    name = without_aside(printed)
    if (behind := _FUNCTION_BEHIND_DASH.search(name)) and is_persons_name(name[: behind.start()]):
        # "Thank you. – My question:" is a sentence and the next one, "Ida H. – keeper:" a name.
        return name if _STOP_INSIDE.search(name, 0, behind.start() + 1) else name[: behind.start()]
    aside = printed[len(name) :].strip(" ()（）[]【】")
    if aside and " " in aside and is_titled(name) and is_name_shaped(aside) and not name.isupper():
        return aside if _is_office(name) else name
    function = _FUNCTION.search(name)
    if function and is_titled(name[: function.start()]) and _is_office(name[: function.start()]):
        person = function[1].strip()
        return person if is_name_shaped(person) and " " in person and not is_titled(person) else name
    if (
        function is None
        or _SENTENCE_INSIDE.search(function[1])
        or _PREDICATE.search(function[1])
        or NOT_IN_NAME.search(function[1])
    ):
        return name
    bare = without_aside(name[: function.start()])
    return bare if is_name_shaped(bare) and (" " in bare or not bare.isascii()) else name


def _is_office(name: str) -> bool:
    """Tell whether it is an office without the name of who has it: ``The Minister for Lamps``."""
    return any(word.casefold() in OFFICE_WORDS for word in name.split(" "))


def _never_speaks(key: str) -> bool:
    return key in _NEVER_SPEAKS or key.rstrip("0123456789.-") in _NEVER_SPEAKS


def _is_not_a_label_colon(text: str, colon: int) -> bool:
    """Tell whether it belongs to a clock time, a ratio, a verse, an identifier or a web address."""
    after = text[colon + 1 : colon + 2]
    if after == ":" or text[colon + 1 : colon + 3] == "//":
        return True
    if text[colon] != ":" or not _NOT_AFTER_COLON.match(after):
        return False
    before = text[:colon].rsplit(None, 1)[-1:]
    return part_of(question_key(name_key("".join(before)))) is None


def without_aside(name: str) -> str:
    """Take off what a label says in brackets after the name: ``Ida Holm (keeper)``."""
    bare = name.strip()
    return _ASIDE.sub("", bare).strip() if bare.endswith(_CLOSING_BRACKETS) else bare


@lru_cache(maxsize=4096)
def part_of(key: str) -> PartInText | None:
    """Tell the part that a folded label names; None where it names none.

    ``记者2``, ``嘉宾a``, ``bbcreporter`` and ``lejournaliste`` name one as well.
    """
    if (article := _ARTICLE_OF_KEY.match(key)) and (bare := key[article.end() :]) in ROLE_WORDS - _SAID_WORDS:
        key = bare
    for words, part in _PARTS:
        if key in words or _NUMBER.sub("", key) in words:
            return part
    if len(key) <= _MAX_ROLE_LENGTH and key.endswith(_HOST_ENDINGS):
        return "host"
    return "host" if any(has_surname(key.removeprefix(word)) for word in _HOST_TITLES if key.startswith(word)) else None


@lru_cache(maxsize=4096)
def is_speaker_word(key: str) -> bool:
    """Tell whether a folded label stands for a person whom a recording's export does not know: ``speaker_00``."""
    bare = key[:-1] if key[-1:].isalpha() else key
    return not _UNKNOWN_SPEAKERS.isdisjoint((key, bare, _NUMBER.sub("", key)))


def names_no_person(key: str) -> bool:
    """Tell whether a folded label names a part, or somebody whom an export does not know, and is no word or name."""
    return part_of(key) is not None or is_speaker_word(key)


def question_key(key: str) -> str:
    """Fold numbered questions and answers to one label: ``q12`` is ``q``, ``答3`` is ``答``."""
    bare = key.rstrip("0123456789")
    return bare if bare in {"q", "a", "问", "答", "問", "question", "answer"} else key
