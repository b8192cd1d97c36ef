"""Numbers as Mandarin says them: counted, dialled, digit by digit, as a part of a whole, in the name of a product."""

import functools
import re
from decimal import Decimal
from fractions import Fraction

_DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_LONGEST = 16
"""Digits of the largest number that has a name; longer ones are read digit by digit."""
_SCALES = ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))


def digit_by_digit(digits: str, one: str = "一") -> str:
    """Read each digit by itself and skip everything else (``010-8`` becomes 零一零八)."""
    return "".join(one if digit == "1" else _DIGITS[digit] for digit in digits if digit in _DIGITS)


def dialled(digits: str) -> str:
    """Read the digits of a telephone, a room or a train: 一 becomes 幺."""
    return digit_by_digit(digits, one="幺")


def telephone(digits: str) -> str:
    """Read a number that is dialled, its groups set apart."""
    return "，".join(dialled(group) for group in re.findall(r"\d+", digits))


@functools.lru_cache(maxsize=4096)
def cardinal(digits: str) -> str:
    """Read an integer, given in digits with or without thousands separators."""
    import cn2an

    plain = digits.replace(",", "").lstrip("0") or "0"
    if len(plain) > _LONGEST:
        return digit_by_digit(plain)
    # cn2an says 二千 and 二万 where speech has 两千 and 两万.
    words: str = re.sub(r"(?:^|(?<=[亿万]))二(?=[千万亿])", "两", cn2an.an2cn(plain, "low"))
    return words


def decimal(number: str) -> str:
    """Read a number with or without decimals."""
    whole, _, fraction = number.partition(".")
    return cardinal(whole or "0") + ("点" + digit_by_digit(fraction) if fraction else "")


def counted(number: str) -> str:
    """Read a number before a measure word: 2 is 两."""
    return "两" if number == "2" else decimal(number)


def ordinal(digits: str) -> str:
    """Read a number after 第: 第二次, not 第两次."""
    return "第" + cardinal(digits)


def amount(value: Decimal) -> str:
    """Read a large value in 万 and 亿: 3500000 is 三百五十万."""
    for scale, name in _SCALES:
        if value >= scale:
            return counted(plain(value / scale)) + name
    return counted(plain(value))


def fraction(value: Fraction) -> str:
    """Read a fraction, the whole part first: 一又二分之一."""
    sign = "负" if value < 0 else ""
    whole, numerator = divmod(abs(value.numerator), value.denominator)
    if value.denominator == 1:
        return sign + cardinal(str(whole))
    part = f"{cardinal(str(value.denominator))}分之{cardinal(str(numerator))}"
    return sign + (f"{cardinal(str(whole))}又{part}" if whole else part)


def model_number(digits: str) -> str:
    """Read the number in a product's name: GPT 四, H 一百, A 三八零."""
    if "." in digits:
        return "点".join(
            cardinal(part) if index == 0 else digit_by_digit(part) for index, part in enumerate(digits.split("."))
        )
    if (len(digits) <= 2 and not digits.startswith("0")) or re.fullmatch(r"[1-9]00", digits):
        return cardinal(digits)
    return digit_by_digit(digits)


def plain(value: Decimal) -> str:
    """Write a value in digits, without zeros at its end."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
