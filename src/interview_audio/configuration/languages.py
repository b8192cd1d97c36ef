"""The languages of the world as tags and names: what ``voices.yaml``, script files and the command line may say."""

import re

from interview_audio.errors import suggestion

CODES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv
    ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne
    ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st
    su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()  # noqa: SIM905 - a list of 184 texts would be 184 lines
)
"""ISO 639-1."""
UNKNOWN = "und"
"""The tag of a text in no language that is recognised (ISO 639-2, undetermined)."""
_NAMES = {
    "zh": "Chinese",
    "en": "English",
    "ja": "Japanese",
    "fr": "French",
    "de": "German",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "ko": "Korean",
    "ru": "Russian",
    "uk": "Ukrainian",
    "ar": "Arabic",
    "fa": "Persian",
    "he": "Hebrew",
    "el": "Greek",
    "hi": "Hindi",
    "th": "Thai",
    UNKNOWN: "a language that was not recognised",
}
"""Those that a message can name; others go by their tag."""
SYNONYMS = {
    "chi": "zh", "zho": "zh", "cmn": "zh", "eng": "en", "jpn": "ja", "fra": "fr", "fre": "fr", "ger": "de", "deu": "de",
    "spa": "es", "ita": "it", "por": "pt", "dut": "nl", "nld": "nl", "kor": "ko", "rus": "ru", "ara": "ar",
}  # fmt: skip
"""ISO 639-2 and 639-3 for the same languages."""
MISTAKEN = {
    "cn": "zh", "hk": "zh", "chs": "zh", "cht": "zh", "hans": "zh", "hant": "zh", "us": "en", "gb": "en", "jp": "ja",
    "kr": "ko", "sp": "es",
}  # fmt: skip
"""Countries and abbreviations that people write for a language."""
_OTHER_NAMES = {"mandarin": "zh", "中文": "zh", "汉语": "zh", "普通话": "zh", "英文": "en", "英语": "en"}
_PRIMARY = re.compile("[a-z]{2,3}")


def primary_tag(written: str) -> str | None:
    """Return the primary subtag of a language tag: ``zh`` for ``zh-CN`` and for ``cmn``; None where it is no tag."""
    primary = written.strip().replace("_", "-").split("-")[0].lower()
    primary = SYNONYMS.get(primary, primary)
    is_known = primary in CODES or (len(primary) == 3 and primary not in MISTAKEN)
    return primary if _PRIMARY.fullmatch(primary) and is_known else None


def meant_language(written: str) -> str | None:
    """Return the tag that somebody meant by ``cn``, ``Chinese`` or ``jp``; None where nothing is near."""
    word = written.strip().casefold()
    by_name = {name.casefold(): tag for tag, name in _NAMES.items()}
    return MISTAKEN.get(word) or by_name.get(word) or _OTHER_NAMES.get(word)


def language_hint(written: str) -> str:
    """Return the end of a message about what is no language tag: ``; did you mean 'zh'?``, or what to write."""
    return suggestion(primary_tag(written) or meant_language(written), "write one like zh, en, ja, fr, de or es")


def language_name(tag: str) -> str:
    """Return the English name of a language, or its tag in quotation marks."""
    return _NAMES.get(tag, f"{tag!r}")
