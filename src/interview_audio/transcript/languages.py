"""Tells Chinese from English, for a document and for one turn of it."""

import re
import unicodedata
from collections import Counter

from interview_audio.errors import SourceError
from interview_audio.transcript.markup import HAN

HAN_CHARACTER = re.compile(f"[{HAN}]")
KANA = re.compile(r"[\u3040-\u30ff\uff66-\uff9f]")
LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’-][A-Za-zÀ-ɏ]+)*")
OTHER_LETTER = re.compile(rf"[^\W\d_A-Za-zÀ-ɏ{HAN}]")
READ = ("zh", "en")
FEWEST_WORDS = 4
"""A turn of fewer words takes the document's language."""
HAN_PER_WORD = 2
KANA_SHARE = 0.1
"""Share of kana among kana and Han above which a text is Japanese."""


def primary_language(tag: str) -> str:
    """Give the primary subtag of a language tag: ``zh`` for ``zh-CN``.

    Raises:
        SourceError: The tag is none.
    """
    primary = tag.strip().replace("_", "-").split("-")[0].lower()
    if not re.fullmatch(r"[a-z]{2,3}", primary):
        raise SourceError(f"{tag!r} is not a language tag; write zh or en")
    return primary


def document_language(text: str) -> str:
    """Tell the language of a whole text.

    Returns:
        ``zh`` or ``en``.

    Raises:
        SourceError: The text is in neither; names the script that it is in.
    """
    chinese, english, other = _count_words(text)
    if chinese + english + other == 0:
        raise SourceError("there are no words in this text; put the text of the interview into it")
    kana = len(KANA.findall(text))
    if other > chinese + english or kana > KANA_SHARE * (kana + HAN_PER_WORD * chinese):
        script = _most_common_script(text)
        raise SourceError(f"the text is mostly in {script}; Chinese and English are read (say --language if it is one)")
    return "zh" if chinese >= english else "en"


def turn_language(text: str, document: str) -> str:
    """Tell the language of one turn.

    Args:
        text: The turn's words.
        document: The document's language, which short turns take, and all turns where it is neither zh nor en.
    """
    if document not in READ:
        return document
    chinese, english, _ = _count_words(text)
    if chinese + english < FEWEST_WORDS:
        return document
    return "zh" if chinese >= english else "en"


def _count_words(text: str) -> tuple[float, float, float]:
    """Words in Chinese, in Latin letters, and in other scripts."""
    han = len(HAN_CHARACTER.findall(text))
    return han / HAN_PER_WORD, len(LATIN_WORD.findall(text)), len(OTHER_LETTER.findall(text)) / 4


def _most_common_script(text: str) -> str:
    scripts = Counter(unicodedata.name(letter, "unknown").split()[0] for letter in OTHER_LETTER.findall(text)[:2000])
    name = scripts.most_common(1)[0][0] if scripts else "unknown"
    return {"HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean"}.get(name, name.title())
