"""Tells the language of a document and of each turn, from scripts, function words and letters of their own.

A text need not be in a language that a voice speaks: one in an unknown language is parsed all the same.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from interview_audio.configuration.languages import UNKNOWN, language_hint, primary_tag
from interview_audio.errors import SourceError
from interview_audio.text.characters import HAN, HIRAGANA, KANA, count_han
from interview_audio.transcript.lexicon.typography import without_quotations
from interview_audio.transcript.lexicon.vocabulary import words_of

_EAST_ASIAN = ("zh", "ja")
_FUNCTION_WORDS = {tag: words_of(f"function_words/{tag}") for tag in ("en", "de", "fr", "es", "it", "pt", "nl")}
"""Words that every sentence needs; one that several languages write counts for each. English comes first: it wins ties.

Italian, Portuguese and Dutch are in the table so that they are not taken for Spanish or German.
"""
_OWN_LETTERS = {
    "de": "äöüß", "fr": "àâçèéêëîïôùûœ", "es": "áéíñóú¿¡", "it": "àèéìòù", "pt": "ãõáâçéêíóú", "nl": "ëï"
}  # fmt: skip
"""Letters that a word without a capital has in these languages and not in English, and two signs."""
_BY_SCRIPT = {
    "HANGUL": "ko", "CYRILLIC": "ru", "ARABIC": "ar", "HEBREW": "he", "GREEK": "el", "DEVANAGARI": "hi", "THAI": "th",
    "GEORGIAN": "ka", "ARMENIAN": "hy", "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te", "KHMER": "km", "LAO": "lo",
    "MYANMAR": "my", "ETHIOPIC": "am", "SINHALA": "si", "GUJARATI": "gu", "KANNADA": "kn", "MALAYALAM": "ml",
}  # fmt: skip
"""The language with most readers of each script, as Unicode calls it."""
_LETTERS_OF_OTHERS = {
    "CYRILLIC": {"uk": "іїєґ", "sr": "ђјљњћџ"},
    "ARABIC": {"ur": "ٹڈڑے", "fa": "پچژگ"},
}
"""Letters that others who write the script need and the first language does not have."""
_LETTERS_OF_FIRST = {"CYRILLIC": "ыэё", "ARABIC": "ةىي"}
"""Letters that the first language needs and those others do not have, so that a quotation does not change it."""
_RECOGNISED = frozenset(
    (
        *_EAST_ASIAN,
        *_FUNCTION_WORDS,
        *_BY_SCRIPT.values(),
        *(tag for tags in _LETTERS_OF_OTHERS.values() for tag in tags),
    )
)

_HIRAGANA = re.compile(f"[{HIRAGANA}]")
_KANA = re.compile(f"[{KANA}]")
_WEB_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+")
_LATIN = "A-Za-zªºÀ-ÖØ-öø-ɏ"
_LATIN_WORD = re.compile(rf"[{_LATIN}]+(?:['’-][{_LATIN}]+)*")
_OTHER_LETTER = re.compile(rf"[^\W\d_{_LATIN}{HAN}\u3041-\u30ff\uff66-\uff9f]")
_TYPOGRAPHIC = str.maketrans(dict.fromkeys("‘’“”–—…", " "))
"""What print has beyond ASCII in any language."""
_BESIDE_CHINESE = re.compile(rf"[^\W\d_A-Z{HAN}\u30a0-\u30ff\uff66-\uff9f](?<![{_LATIN}][{_LATIN}])")
"""Hiragana, letters of other scripts, and Latin words that do not begin with a capital."""
_ONLY_IN_CHINESE = re.compile("[们們这這吗嗎呢吧你您她它没沒么麼]")
"""Characters that Chinese needs and Japanese hardly writes."""
_CHINESE_GRAMMAR = re.compile("[的了是在我不有这這们們你他她也都就吗嗎呢吧很说說要会會没沒]")
"""Characters that a Chinese sentence needs and a Chinese name hardly has."""
_SENTENCE_START = re.compile(rf"(?:\A|[.!?…:¿¡\"“«„])\W{{0,2}}((?!I\b)[A-ZÀ-ÖØ-Þ](?:[{_LATIN}]|['’](?=[{_LATIN}]))*)")
"""A capital elsewhere is that of a name, a title or a brand."""

_MIN_TURN_WORDS = 4
"""A turn of fewer words takes the document's language."""
_CHARACTERS_A_WORD = 2
_LETTERS_A_WORD = 4
"""Of a script other than these."""
_ASCII_WORD = re.compile(r"[a-z]+")
_MIN_LEAD = 2
"""So many times the evidence for the document's language must a turn's have: names and loan words have less."""
_MIN_LATIN_LEAD = 3
"""The same between two languages in Latin letters, of the words that only one of them has."""
_MAX_COUNT_OF_WORD = 2
"""So often does a word count in a turn: ``La, la, la`` is no French."""
_MIN_EVIDENCE = 3
"""Function words and own letters below which no Latin text is anything but English."""
_MIN_CHINESE_GRAMMAR = 2
_MIN_HIRAGANA = 3
_MIN_HIRAGANA_SHARE = 0.15
"""Share of hiragana among kana and Han above which a text is Japanese: its grammar is written so, its names are not."""
_MIN_LETTERS_OF_ANOTHER = 16
"""Letters of another script in a turn: fewer are a name or a formula."""
_MIN_FOREIGN_SHARE = 0.1
"""Share of small words with letters beyond ASCII above which a text that seems English is in no known language."""
_MIN_FOREIGN_WORDS = 10
_SAMPLE_LENGTH = 40_000
"""Characters looked at in each of three places of a long document."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What a text is written with."""

    han: int
    kana: int
    hiragana: int
    latin: int
    prose: int
    """Latin words without a capital: names and brands have one."""
    foreign: int
    """Those of ``prose`` with a letter beyond ASCII."""
    other: int
    signs: tuple[tuple[tuple[str, ...], int], ...]
    """For each function word and word with letters of its own: its languages, and how often it occurs."""

    @property
    def east_asian(self) -> float:
        """Words in Chinese or Japanese, about."""
        return (self.han + self.kana) / _CHARACTERS_A_WORD

    @property
    def is_japanese(self) -> bool:
        return self.hiragana > _MIN_HIRAGANA_SHARE * (self.kana + self.han)

    @property
    def likeliest(self) -> str:
        """The Latin language with most evidence."""
        return max(_FUNCTION_WORDS, key=self.evidence)

    def evidence(self, language: str, *, against: str = "") -> int:
        """Count the signs of a Latin language, without those that it shares with another."""
        return sum(count for languages, count in self.signs if language in languages and against not in languages)


def primary_language(tag: str) -> str:
    """Return the primary subtag of a language tag: ``zh`` for ``zh-CN``, ``zh-Hant`` and ``cmn``.

    Raises:
        SourceError: It is not a language tag.
    """
    primary = primary_tag(tag)
    if primary is None:
        raise SourceError(f"{tag!r} is not a language tag{language_hint(tag)}")
    return primary


def document_language(text: str) -> str:
    """Tell the language of a whole text, as ``likely_language``.

    Raises:
        SourceError: The text has no words.
    """
    language = likely_language(text)
    if language is None:
        raise SourceError("no words found; put the text of the interview into it")
    return language


def likely_language(text: str) -> str | None:
    """Tell the language of a text; None where it has no words.

    Returns:
        Its tag: ``zh``, ``ja``, one with a list of function words, or the most likely one of another script; ``und``
        where it is none of these.
    """
    sample = _sample(text)
    words = _count(sample, len(sample))
    if words.east_asian + words.latin + words.other == 0:
        return None
    if words.other / _LETTERS_A_WORD > words.east_asian + words.latin:
        return _language_of_script(sample)
    if words.east_asian and words.east_asian >= words.prose:
        return "ja" if words.is_japanese else "zh"
    return _latin_document(words)


def turn_language(text: str, document: str) -> str:
    """Tell the language of one turn.

    Names and loan words of another language do not change it: that takes a sentence's grammar.

    Args:
        text: The turn's words.
        document: The document's language, which short turns take, and all turns where it is not one of those.
    """
    if document not in _RECOGNISED or (document in _IS_PLAINLY and _IS_PLAINLY[document](text)):
        return document
    words = _count(_unquoted(text), _MAX_COUNT_OF_WORD)
    if words.other >= _MIN_LETTERS_OF_ANOTHER and words.other / _LETTERS_A_WORD > words.east_asian + words.latin:
        return _other_script(text, document)
    if words.east_asian + words.latin < _MIN_TURN_WORDS:
        return document
    if document in _EAST_ASIAN:
        return _turn_in_east_asian(text, words, document)
    if words.east_asian > words.prose:
        return _east_asian_in_latin(text, words, document)
    return _latin_turn(words, document)


def _other_script(text: str, document: str) -> str:
    """Return the language of a turn in neither Latin nor East Asian letters; the document's where it may be that."""
    script = _most_common_script(text)
    written = {_BY_SCRIPT.get(script), *_LETTERS_OF_OTHERS.get(script, ())}
    return document if document in written else _language_of_script(text)


def _is_plainly_english(text: str) -> bool:
    """Tell whether an English document's turn has too few signs of another language to weigh them: most turns."""
    if not (text.isascii() or text.translate(_TYPOGRAPHIC).isascii()):
        return False
    signs = sum(map(_NOT_ENGLISH.__contains__, _ASCII_WORD.findall(text.lower())))
    return signs < _MIN_EVIDENCE


def _is_plainly_chinese(text: str) -> bool:
    """Tell whether a Chinese document's turn has nothing but Chinese, and names in Latin letters: most turns."""
    return _BESIDE_CHINESE.search(text) is None


_IS_PLAINLY: Mapping[str, Callable[[str], bool]] = {"en": _is_plainly_english, "zh": _is_plainly_chinese}
"""For the languages of most documents, what spares their turns the counting."""


def _latin_document(words: _Words) -> str:
    best = words.likeliest
    if best != "en" and words.evidence(best) >= _MIN_EVIDENCE:
        return best
    if words.foreign >= _MIN_FOREIGN_WORDS and words.foreign > _MIN_FOREIGN_SHARE * words.prose:
        return UNKNOWN
    return "en"


def _latin_turn(words: _Words, document: str) -> str:
    """Return the language of a turn in Latin letters, of a document in such."""
    best = max(_FUNCTION_WORDS, key=lambda language: words.evidence(language, against=document))
    evidence = words.evidence(best, against=document)
    is_clear = evidence >= _MIN_EVIDENCE and evidence > _MIN_LATIN_LEAD * words.evidence(document, against=best)
    return best if is_clear else document


def _turn_in_east_asian(text: str, words: _Words, document: str) -> str:
    """Return the language of a turn of a Chinese or Japanese document."""
    if words.prose <= _MIN_LEAD * words.east_asian:
        return _east_asian_turn(text, words, document)
    best = words.likeliest
    grammar = len(_CHINESE_GRAMMAR.findall(text)) if document == "zh" else words.hiragana
    if words.evidence(best) >= _MIN_CHINESE_GRAMMAR and words.evidence(best) > _MIN_LEAD * grammar:
        return best
    return "en" if words.east_asian == 0 and 2 * words.prose > words.latin else document


def _east_asian_turn(text: str, words: _Words, document: str) -> str:
    """Tell Chinese from Japanese, in a document of one of them."""
    if document == "zh":
        return "ja" if words.is_japanese and words.hiragana >= _MIN_HIRAGANA else "zh"
    return "zh" if words.kana == 0 and _ONLY_IN_CHINESE.search(text) else "ja"


def _east_asian_in_latin(text: str, words: _Words, document: str) -> str:
    if words.is_japanese:
        return "ja" if words.hiragana >= _MIN_HIRAGANA else document
    return "zh" if len(_CHINESE_GRAMMAR.findall(text)) >= _MIN_CHINESE_GRAMMAR else document


def _unquoted(text: str) -> str:
    """Return a text without what it quotes, where enough is left: that is in another's language."""
    own = without_quotations(text)
    return own if len(_LATIN_WORD.findall(own)) + count_han(own) >= 2 * _MIN_TURN_WORDS else text


def _sample(text: str) -> str:
    if len(text) <= 3 * _SAMPLE_LENGTH:
        return text
    middle = (len(text) - _SAMPLE_LENGTH) // 2
    return "\n".join((text[:_SAMPLE_LENGTH], text[middle : middle + _SAMPLE_LENGTH], text[-_SAMPLE_LENGTH:]))


def _count(text: str, most: int) -> _Words:
    """Count what a text is written with, each sign of a language at most so often."""
    text = _WEB_ADDRESS.sub(" ", text)
    printed = Counter(_LATIN_WORD.findall(text))
    small = {word: count for word, count in printed.items() if word[0].islower()}
    told: Counter[str] = Counter({"¿": text.count("¿") + text.count("¡"), "i": printed["I"]})
    for word, count in (*small.items(), *Counter(_SENTENCE_START.findall(text)).items()):
        told[word.lower().replace("’", "'")] += count
    return _Words(
        han=count_han(text),
        kana=len(_KANA.findall(text)),
        hiragana=len(_HIRAGANA.findall(text)),
        latin=printed.total(),
        prose=sum(small.values()),
        foreign=sum(count for word, count in small.items() if not word.isascii()),
        other=len(_OTHER_LETTER.findall(text)),
        signs=tuple((found, min(count, most)) for word, count in told.items() if (found := _languages_of(word))),
    )


def _languages_of(word: str) -> tuple[str, ...]:
    """Return the languages that a word in small letters is a sign of."""
    if found := _BY_WORD.get(word):
        return found
    head, apostrophe, tail = word.partition("'")
    if apostrophe:
        return _BY_WORD.get(f"{head}'", ()) + _BY_WORD.get(f"'{tail}", ())
    if word.isascii():
        return ()
    return tuple(language for language, letters in _OWN_LETTERS.items() if any(map(letters.__contains__, word)))


def _by_word() -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for language, words in _FUNCTION_WORDS.items():
        for word in words:
            found[word] += (language,)
    return dict(found)


_BY_WORD = _by_word()
_NOT_ENGLISH = frozenset(
    part for word, languages in _BY_WORD.items() if "en" not in languages for part in _ASCII_WORD.findall(word)
)


def _language_of_script(text: str) -> str:
    """Return the most likely language of a text in another script: by letters, where several are written in it."""
    script = _most_common_script(text)
    own = sum(map(text.count, _LETTERS_OF_FIRST.get(script, "")))
    others = {
        language: sum(map(text.count, letters)) for language, letters in _LETTERS_OF_OTHERS.get(script, {}).items()
    }
    best = max(others, key=lambda language: others[language], default="")
    return best if best and others[best] > own else _BY_SCRIPT.get(script, UNKNOWN)


def _most_common_script(text: str) -> str:
    """Return the first word of the Unicode names of most other letters: ``HANGUL``."""
    scripts = Counter(unicodedata.name(letter, "unknown").split()[0] for letter in _OTHER_LETTER.findall(text)[:2000])
    return scripts.most_common(1)[0][0] if scripts else ""
