"""Numbers in English words, as a newsreader says them."""

import re
from fractions import Fraction

_ONE_LIST = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TEN_LIST = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
_ONES, _TENS = _ONE_LIST.split(), _TEN_LIST.split()
_SCALES = ("", "thousand", "million", "billion", "trillion", "quadrillion")
_IRREGULAR_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_LARGEST_NAMED_DENOMINATOR = 100


def digit_by_digit(digits: str) -> str:
    """Read each digit by itself and skip everything else."""
    return " ".join(_ONES[int(digit)] for digit in digits if digit in "0123456789")


def telephone(digits: str) -> str:
    """Read a number that is dialled, its groups set apart."""
    return ", ".join(digit_by_digit(group) for group in re.findall(r"\d+", digits))


def cardinal(digits: str) -> str:
    """Read an integer, given in digits with or without thousands separators."""
    plain = digits.replace(",", "").lstrip("0") or "0"
    groups = [int(plain[max(0, end - 3) : end]) for end in range(len(plain), 0, -3)]
    if len(groups) > len(_SCALES):
        return digit_by_digit(plain)
    words = [f"{_hundreds(group)} {_SCALES[power]}".rstrip() for power, group in enumerate(groups) if group]
    return " ".join(reversed(words)) or "zero"


def _hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_ONES[hundreds]} hundred"] if hundreds else []
    return " ".join(words + ([_tens(rest)] if rest else []))


def _tens(number: int) -> str:
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens]} {_ONES[ones]}" if ones else _TENS[tens]


def decimal(number: str) -> str:
    """Read a number with or without decimals."""
    whole, _, fraction = number.partition(".")
    words = [cardinal(whole)] if whole else []
    return " ".join(words + (["point", digit_by_digit(fraction)] if fraction else []))


def ordinal(digits: str) -> str:
    """Read a rank: 21 is twenty first."""
    head, _, last = cardinal(digits).rpartition(" ")
    if last in _IRREGULAR_ORDINALS:
        last = _IRREGULAR_ORDINALS[last]
    else:
        last = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    return f"{head} {last}".lstrip()


def year(digits: str) -> str:
    """Read a year of four digits: twenty twenty three, nineteen oh five, two thousand one."""
    century, rest = divmod(int(digits), 100)
    if century % 10 == 0 and rest < 10:
        return cardinal(digits)
    if rest == 0:
        return f"{_tens(century)} hundred"
    return f"{_tens(century)} {'oh ' if rest < 10 else ''}{_tens(rest)}"


def plural(words: str) -> str:
    """Return the plural of number words: nineties, hundreds."""
    return words[:-1] + "ies" if words.endswith("y") else words + ("es" if words.endswith("x") else "s")


def fraction(value: Fraction) -> str:
    """Read a fraction, the whole part first: one and one half."""
    sign = "minus " if value < 0 else ""
    whole, numerator = divmod(abs(value.numerator), value.denominator)
    if value.denominator == 1:
        return sign + cardinal(str(whole))
    rest = part(numerator, value.denominator)
    return sign + (f"{cardinal(str(whole))} and {rest}" if whole else rest)


def part(numerator: int, denominator: int) -> str:
    """Read a fraction as it is written: two quarters, one tenth, three over two."""
    if numerator > denominator or not 1 < denominator <= _LARGEST_NAMED_DENOMINATOR:
        return f"{cardinal(str(numerator))} over {cardinal(str(denominator))}"
    name = {2: "half", 4: "quarter"}.get(denominator, ordinal(str(denominator)))
    if numerator != 1:
        name = "halves" if name == "half" else name + "s"
    return f"{cardinal(str(numerator))} {name}"


def model_number(digits: str) -> str:
    """Read the number in a product's name: GPT four, A three eighty, H one hundred."""
    if "." in digits:
        head, *rest = digits.split(".")
        return " point ".join([cardinal(head), *(digit_by_digit(part) for part in rest)])
    if digits.startswith("0") or len(digits) > 4:
        return digit_by_digit(digits)
    if len(digits) == 4:
        return year(digits)
    if len(digits) == 3 and not digits.endswith("00"):
        return f"{_ONES[int(digits[0])]} {'oh ' if digits[1] == '0' else ''}{_tens(int(digits[1:]))}"
    return cardinal(digits)
