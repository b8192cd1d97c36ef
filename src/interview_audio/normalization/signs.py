"""Marks and signs: their one form, which are a pause, which have no sound, and how each language says the others.

What differs between the languages is one value a language. Folding keeps every character in its place, so that
positions stay valid.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from interview_audio.normalization import english, mandarin_numbers
from interview_audio.normalization.grammar import SPACES, Match, Rule, after, before, numeral_value
from interview_audio.text.characters import HAN, LATIN


@dataclass(frozen=True, slots=True)
class Language:
    """How a language says signs that both languages write."""

    comma: str
    """A short pause between two words, with the space that follows it."""
    signs: Mapping[str, str]
    """Signs inside running text, by name where a newsreader would say one."""
    address: Mapping[str, str]
    """Signs inside web and mail addresses."""
    digits: Callable[[str], str]
    model_number: Callable[[str], str]
    fraction: Callable[[Fraction], str]
    squared: str
    cubed: str
    power: str
    """With ``{}`` where the exponent is said."""
    star: str


ENGLISH = Language(
    comma=", ",
    signs={
        "&": "and",
        "@": "at",
        "#": "hashtag",
        "%": "percent",
        "‰": "per thousand",
        "+": "plus",
        "=": "equals",
        "±": "plus or minus",
        "×": "times",
        "÷": "divided by",
        "≈": "about",
        "≠": "is not equal to",
        "≤": "at most",
        "≥": "at least",
        "<": "less than",
        ">": "greater than",
        "$": "dollars",
        "€": "euros",
        "£": "pounds",
        "¥": "yen",
        "¢": "cents",
        "°": "degrees",
        "℃": "degrees Celsius",
        "§": "section",
        "№": "number",
        "→": "to",
        "©": "copyright",
        "∞": "infinity",
        "√": "square root of",
    },
    address={
        ".": "dot",
        "@": "at",
        "/": "slash",
        "-": "dash",
        "_": "underscore",
        "+": "plus",
        ":": "colon",
        "\\": "backslash",
        "~": "home",
    },
    digits=english.digit_by_digit,
    model_number=english.model_number,
    fraction=english.fraction,
    squared="squared",
    cubed="cubed",
    power="to the power of {}",
    star="star",
)

MANDARIN = Language(
    comma="，",
    signs={
        "&": "和",
        "@": "艾特",
        "#": "话题",
        "%": "百分号",
        "‰": "千分号",
        "+": "加",
        "=": "等于",
        "±": "正负",
        "×": "乘",
        "÷": "除以",
        "≈": "约等于",
        "≠": "不等于",
        "≤": "小于等于",
        "≥": "大于等于",
        "√": "根号",
        "∞": "无穷大",
        "∵": "因为",
        "∴": "所以",
        "∝": "正比于",
        "∈": "属于",
        "⊥": "垂直于",
        "∥": "平行于",
        "∠": "角",
        "△": "三角形",
        "≡": "恒等于",
        "<": "小于",
        ">": "大于",
        "$": "美元",
        "€": "欧元",
        "£": "英镑",
        "¥": "元",
        "¢": "美分",
        "°": "度",
        "℃": "摄氏度",
        "§": "第",
        "№": "第",
        "→": "到",
    },
    address={
        ".": "点",
        "@": "艾特",
        "/": "斜杠",
        "-": "杠",
        "_": "下划线",
        "+": "加",
        ":": "冒号",
        "\\": "反斜杠",
        "~": "主目录",
    },
    digits=mandarin_numbers.digit_by_digit,
    model_number=mandarin_numbers.model_number,
    fraction=mandarin_numbers.fraction,
    squared="的平方",
    cubed="的立方",
    power="的{}次方",
    star="星",
)


_ALIKE = {
    **dict.fromkeys("’‘‛ʼ＇", "'"),
    **dict.fromkeys("‐‑−﹣－", "-"),
    "〇": "零",
    "․": ".",
}
# Chinese punctuation is punctuation of Chinese, not wide Latin.
_KEPT = frozenset("，：；？！｡､…")
# Symbols, joiners, controls, enclosing marks and punctuation: all that is no letter, mark of a letter, number or space.
_SOUNDLESS = frozenset(["So", "Sk", "Sm", "Sc", "Cf", "Cc", "Me", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps"])


class _Folding(dict[int, str]):
    """Fills itself character by character: a table of all of Unicode would take longer than a book."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character in _ALIKE:
        return _ALIKE[character]
    if character in _KEPT or is_numeral_sign(character):
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    compatible = unicodedata.normalize("NFKC", character)
    return compatible if len(compatible) == 1 else character


_FOLDING = _Folding()


def fold_characters(text: str) -> str:
    """Bring look-alikes to one form: full-width letters, digits of every script, apostrophes, hyphens.

    Returns:
        A text of the same length, character for character.
    """
    return text if text.isascii() else text.translate(_FOLDING)


def is_numeral_sign(character: str) -> bool:
    """Tell whether a character is a number by itself and not a letter: ``①``, ``½``, ``Ⅳ``, ``²``."""
    return character.isnumeric() and not character.isdecimal() and not character.isalpha()


def stands_for_nothing(character: str) -> bool:
    """Tell whether a character has no sound by its nature: pictures, modifiers, joiners, controls."""
    is_picture = "\U0001f000" <= character <= "\U0001faff" or "\ufe00" <= character <= "\ufe0f"
    return unicodedata.category(character) in _SOUNDLESS or is_picture


PAUSES = ",.;:?!，。、；：？！…"
"""Marks that a voice hears as a pause; they stay as they are."""
_QUOTES = '"“”„‟«»‹›「」『』〝〞〟《》〈〉`´＂'
_SILENT_MARKS = frozenset(_QUOTES + " '")
_OPENING = "(\\[{【〔〖"
_STAGE = "laugh|chuckle|sigh|applau|pause|music|cross|inaudible|sic|silen|smil|nod"
_CLOSING = ")\\]}】〕〗"


def mark_rules(language: Language) -> tuple[Rule, ...]:
    """Return the rules for punctuation, to be tried after everything that has a meaning of its own."""
    comma = language.comma

    def open_aside(match: Match) -> str:
        spaced = " " if match[0] != match[0].strip() and before(match) else ""
        return spaced if _paused_before(match) else comma

    def close_aside(match: Match) -> str:
        return "" if after(match) in PAUSES or not after(match) or _paused_before(match) else comma.rstrip()

    def dash(match: Match) -> str:
        if not after(match):
            return "…" if not _paused_before(match) and "|" not in match[0] else ""
        if _paused_before(match) or after(match) in PAUSES:
            return " " if match[0] != match[0].strip() else ""
        return comma

    def slash(match: Match) -> str:
        return comma if re.match(f"[{HAN}]", before(match)) else " "

    return (
        Rule("recased", r"\[(?P<letter>[A-Za-z])\](?P<rest>[a-z]+)", lambda m: m["letter"] + m["rest"]),
        Rule(
            "inserted",
            rf"(?P<gap>{SPACES})\[(?P<word>[{HAN}]{{1,2}}|(?!{_STAGE})[a-z]{{1,12}})\]",
            lambda m: m["gap"] + m["word"],
        ),
        Rule("opening", rf"{SPACES}[{_OPENING}](?![A-Za-z]\][a-z])[{_OPENING}]*[ ]*", open_aside),
        Rule("closing", rf"{SPACES}[{_CLOSING}]+", close_aside),
        Rule("table_line", r"\|?(?:[ ]?:?-{3,40}:?[ ]?\|){1,30}(?:[ ]?:?-{3,40}:?)?", lambda _: ""),
        Rule("ellipsis", r"\.{2,}|…+|⋯+|。{2,}", lambda _: "…"),
        Rule(
            "dash",
            rf"{SPACES}(?:[—–―⸺]+|--+)[ ]*|[ ]{{1,40}}[-•·▪●‣][ ]+|(?<=[{HAN}])-(?=[{HAN}])|{SPACES}\|+[ ]*",
            dash,
        ),
        Rule("quote", rf"[{_QUOTES}]+", _keep_words_apart),
        Rule("apostrophe", rf"(?<![{LATIN}])'|'(?![{LATIN}])", _keep_words_apart),
        Rule("slash", r"(?<=\w)[ ]?/[ ]?(?=\w)", slash),
        Rule("bullet", r"(?<=\w)[·•・‧](?=\w)", lambda _: " "),
        Rule("joint", r"(?<=[^\W_])[_\\]+(?=[^\W_])|(?<=\d)-(?=\w)|(?<=\w)-(?=\d)", lambda _: " "),
    )


def sign_rules(language: Language) -> tuple[Rule, ...]:
    """Return the rules for signs that are said by name, and for numbers that are one character."""

    def sign(match: Match) -> str:
        name = language.signs[match["sign"]]
        if match["sign"] == "&" and re.match(f"[{LATIN}]", before(match)):
            name = "and"
        return f" {name} " if re.match(f"[{LATIN}]", name) else name

    def power(match: Match) -> str:
        return _power(unicodedata.normalize("NFKC", match[0]), language)

    named = "".join(sign for sign in language.signs if sign != "#")
    return (
        Rule("caret", r"\^(?P<exponent>\d+)", lambda m: language.power.format(language.model_number(m["exponent"]))),
        Rule("power", rf"(?<=(?<![{LATIN}])[A-Za-z])[²³]|(?<=\d)[¹²³⁰⁴-⁹]+", power),
        Rule("footnote", rf"(?<=[{LATIN}{HAN}.,。，”」])[¹²³⁰⁴-⁹]+", lambda _: ""),
        Rule("hashtag", r"(?<!\w)(?P<sign>#)(?=\w)", sign),
        Rule("numbered_dot", rf"(?<=[{LATIN}])\.(?=\d)", lambda _: " "),
        Rule("dot", r"(?<=[A-Za-z])\.(?=[a-z])", lambda _: f" {language.address['.']} "),
        Rule("sign", rf"(?P<sign>[{re.escape(named)}])", sign),
    )


def _power(exponent: str, language: Language) -> str:
    name = {"2": language.squared, "3": language.cubed}.get(exponent)
    return name or language.power.format(language.model_number(exponent))


def say_numeral(character: str, language: Language) -> str:
    """Say a character that is a number by itself (``①``, ``½``)."""
    return language.fraction(numeral_value(character))


def _paused_before(match: Match) -> bool:
    """Tell whether the text before a match already pauses, or there is none; marks without sound do not count."""
    last = match.start() - 1
    while last >= 0 and match.string[last] in _SILENT_MARKS:
        last -= 1
    return last < 0 or match.string[last] in PAUSES + "([【—–"


def _keep_words_apart(match: Match) -> str:
    following = match.string[match.end() : match.end() + 1]
    return " " if re.match(f"[{LATIN}]", before(match)) and re.match(f"[{LATIN}]", following) else ""
