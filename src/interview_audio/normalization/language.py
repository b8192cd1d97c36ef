"""What differs between the languages in how signs are said: one value a language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from interview_audio.normalization import english, mandarin_numbers


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
