"""Numbers, dates, times, money and measures in English text, as a newsreader says them."""

import re
from fractions import Fraction

from interview_audio.normalization.grammar import GAP, NUMBER, Match, Rule, after, one_of
from interview_audio.normalization.units import CURRENCIES, SCALE_NAMES, SCALES, UNITS, Currency
from interview_audio.text.characters import LATIN

_ONE_LIST = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TEN_LIST = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
_ONES, _TENS = _ONE_LIST.split(), _TEN_LIST.split()
_THOUSANDS = ("", "thousand", "million", "billion", "trillion", "quadrillion")
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
    if len(groups) > len(_THOUSANDS):
        return digit_by_digit(plain)
    words = [f"{_hundreds(group)} {_THOUSANDS[power]}".rstrip() for power, group in enumerate(groups) if group]
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
    rest = _written_fraction(numerator, value.denominator)
    return sign + (f"{cardinal(str(whole))} and {rest}" if whole else rest)


def _written_fraction(numerator: int, denominator: int) -> str:
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


_MONTH_LIST = "January February March April May June July August September October November December"
_MONTHS = _MONTH_LIST.split()
_MONTH_NAMES = (
    {name: name for name in _MONTHS}
    | {short: name for name in _MONTHS for short in (name[:3] + ".", name[:3])}
    | {"Sept.": "September", "Sept": "September", "May.": "May"}
)
_MONTH = one_of(list(_MONTH_NAMES))
_WORD_START = rf"(?<![{LATIN}\d])"
_WORD_END = rf"(?![{LATIN}\d])"
_YEAR = r"(?:1[1-9]|20)\d\d"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_HALF_DAY = rf"(?P<half>[ap]\.m\.|[ap]m{_WORD_END}|[AP]\.?M{_WORD_END}\.?)"
_TO = r"[ ]?[-–—~]+[ ]?"
_SIGN = rf"(?:(?<![{LATIN}\d.)])(?P<sign>[-+±]))?"
_CURRENCY = one_of(list(CURRENCIES))
_SCALE = rf"{one_of(list(SCALES))}{_WORD_END}"
_YEAR_PREPOSITION = (
    r"(?<=\b[Ii]n )|(?<=\bsince )|(?<=\b[Ss]ince )|(?<=\b[Bb]y )|(?<=\bof )|(?<=\buntil )|(?<=\bfrom )|(?<=\b[Ff]rom )"
    r"|(?<=\b[Bb]efore )|(?<=\b[Aa]fter )|(?<=\b[Dd]uring )|(?<=\b[Aa]round )|(?<=\bearly )|(?<=\blate )|(?<=\bmid-)"
)
_COUNTED_NOUN = (
    r"(?=[ -](?!was\b|is\b|has\b|as\b|this\b|does\b|its\b|us\b|perhaps\b|always\b|sometimes\b|towards\b|across\b|plus\b"
    r"|unless\b|besides\b|thus\b)(?:[a-z]+s\b|people\b|men\b|women\b|children\b|feet\b|percent\b|million\b|billion\b))"
)
_SIGN_NAMES = {"-": "minus ", "+": "plus ", "±": "plus or minus ", None: ""}


def _date(match: Match) -> str:
    month = _MONTH_NAMES.get(match["month"]) or _MONTHS[int(match["month"]) - 1]
    last = match.groupdict().get("last")
    spoken = f"{month} {ordinal(match['day'])}" if match["day"] else month
    spoken += f" to {ordinal(last)}" if last else ""
    if not match["year"]:
        return spoken
    return f"{spoken}{', ' if match['day'] else ' '}{year(match['year'])}"


def _day_first(match: Match) -> str:
    spoken = f"{ordinal(match['day'])} of {_MONTH_NAMES[match['month']]}"
    preceded = _ends_with(r"\bthe $", match)
    return f"{'' if preceded else 'the '}{spoken}{' ' + year(match['year']) if match['year'] else ''}"


def _ends_with(word: str, match: Match) -> bool:
    """Tell whether the text before a match ends with a short word: what is farther away is not looked at."""
    return re.compile(word).search(match.string, max(0, match.start() - 5), match.start()) is not None


def _time(match: Match) -> str:
    hour, minute = match["hour"], match["minute"]
    words = [cardinal(hour)]
    if minute and int(minute):
        words.append(cardinal(minute) if int(minute) > 9 else f"oh {cardinal(minute)}")
    elif not match["half"]:
        words.append("o'clock" if 1 <= int(hour) <= 12 else "hundred")
    if match["second"]:
        words.append(f"and {cardinal(match['second'])} seconds")
    if match["half"]:
        words.append(match["half"][0].upper() + " M")
    ends = match["half"] and match["half"].endswith(".") and (not after(match) or after(match).isupper())
    return " ".join(words) + ("." if ends else "")


def _money(match: Match) -> str:
    currency = CURRENCIES[match["currency"]]
    sign = "minus " if match["sign"] == "-" else ""
    upper = f" to {decimal(match['upper'])}" if match["upper"] else ""
    if match["scale"]:
        scale = SCALE_NAMES[SCALES[match["scale"]]]
        return f"{sign}{decimal(match['number'])}{upper} {scale} {_currency_name(match, currency, alone=False)}"
    if upper:
        return f"{sign}{decimal(match['number'])}{upper} {currency.plural}"
    return sign + _exact_money(match, currency)


def _currency_name(match: Match, currency: Currency, *, alone: bool) -> str:
    """Return the currency's singular in ``a $2 billion deal``, which has no plural."""
    adjective = _ends_with(r"\b[Aa]n? $", match) and after(match).isalpha()
    return currency.singular if alone or adjective else currency.plural


def _exact_money(match: Match, currency: Currency) -> str:
    whole, _, hundredths = match["number"].partition(".")
    if hundredths and (len(hundredths) != 2 or not currency.cent):
        return f"{decimal(match['number'])} {currency.plural}"
    alone = whole == "1"
    spoken = f"{cardinal(whole)} {_currency_name(match, currency, alone=alone)}"
    if not hundredths or not int(hundredths):
        return spoken
    cents = f"{cardinal(hundredths)} {currency.cent if int(hundredths) == 1 else currency.cents}"
    return cents if not int(whole.replace(",", "")) else f"{spoken} and {cents}"


def _measure(match: Match) -> str:
    unit = UNITS[match["unit"]]
    upper = f" to {decimal(match['upper'])}" if match["upper"] else ""
    compound = match["hyphen"] or (match["number"] == "1" and not upper)
    return f"{_signed(match)}{upper} {unit.singular if compound else unit.plural}"


def _percent(match: Match) -> str:
    upper = f" to {decimal(match['upper'])}" if match["upper"] else ""
    return f"{_signed(match)}{upper} {'percent' if match['mark'] == '%' else 'per thousand'}"


def _signed(match: Match) -> str:
    return _SIGN_NAMES[match["sign"]] + decimal(match["number"])


def _decade(match: Match) -> str:
    digits = match["decade"]
    return plural(year(digits) if len(digits) == 4 else cardinal(digits))


def _years(match: Match) -> str:
    upper = match["upper"]
    return f"{year(match['lower'])} to {year(upper) if len(upper) == 4 else cardinal(upper)}"


def _range(match: Match) -> str:
    return f"{decimal(match['lower'])} to {decimal(match['upper'])}"


def _fraction(match: Match) -> str:
    if int(match["lower"]) == 0:
        return f"{cardinal(match['upper'])} over zero"
    numerator, denominator = match["upper"], match["lower"]
    if (numerator, denominator) in (("24", "7"), ("9", "11")) or numerator == denominator:
        return f"{cardinal(numerator)} {'seven' if denominator == '7' else cardinal(denominator)}"
    whole = f"{cardinal(match['whole'])} and " if match["whole"] else ""
    return whole + _written_fraction(int(numerator), int(denominator))


def _height(match: Match) -> str:
    return f"{cardinal(match['feet'])} foot {cardinal(match['inches'])}"


def _long_number(match: Match) -> str:
    return cardinal(match[0]) if match[0].endswith("000") else digit_by_digit(match[0])


def _version(match: Match) -> str:
    return " point ".join(cardinal(part) for part in match[0].split("."))


RULES = (
    Rule("until", rf"(?:(?<=[%℃CF])|(?<=:\d\d)|(?<=[AaPp][Mm])){_TO}(?=-?\d)", lambda _: " to "),
    Rule("dialled", r"(?<=[Cc]all |[Dd]ial )(?P<digits>\d{3})(?!\d|[ ][a-z]+s)", lambda m: digit_by_digit(m["digits"])),
    Rule(
        "lines",
        rf"{_WORD_START}(?P<digits>480|720|1080|1440|2160)p{_WORD_END}",
        lambda m: model_number(m["digits"]) + " p",
    ),
    Rule("retirement", r"401\(k\)", lambda _: "four oh one K"),
    Rule(
        "iso_date",
        rf"{_WORD_START}(?P<year>{_YEAR})(?P<s>[-/.])(?P<month>1[0-2]|0?[1-9])[-/.](?P<day>{_DAY})(?!\d)",
        _date,
    ),
    Rule("us_date", rf"{_WORD_START}(?P<month>1[0-2]|0?[1-9])/(?P<day>{_DAY})/(?P<year>{_YEAR})(?!\d)", _date),
    Rule(
        "month_first",
        rf"{_WORD_START}(?P<month>{_MONTH})[ ](?:(?P<day>{_DAY})(?:st|nd|rd|th)?(?![\d:.]\d|\d|,\d|[ ]?%))"
        rf"(?:{_TO}(?P<last>{_DAY})(?!\d))?"
        rf"(?:,?[ ](?P<year>{_YEAR})(?!\d|,\d))?",
        _date,
    ),
    Rule("month_of_year", rf"{_WORD_START}(?P<month>{_MONTH}),?[ ](?P<day>)(?P<year>{_YEAR})(?!\d|,\d)", _date),
    Rule(
        "day_first",
        rf"{_WORD_START}(?P<day>{_DAY})(?:st|nd|rd|th)?[ ](?:of[ ])?(?P<month>{_MONTH})(?![{LATIN}])"
        rf"(?:,?[ ](?P<year>{_YEAR})(?!\d|,\d))?",
        _day_first,
    ),
    Rule("month", rf"{_WORD_START}(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.", lambda m: _MONTH_NAMES[m[0]]),
    Rule(
        "time",
        rf"{_WORD_START}(?P<hour>2[0-4]|1\d|0?\d)[:：](?P<minute>[0-5]\d)(?:[:：](?P<second>[0-5]\d))?(?!\d)"
        rf"(?:[ ]?{_HALF_DAY})?",
        _time,
    ),
    Rule("hour", rf"{_WORD_START}(?P<hour>1[0-2]|[1-9])(?P<minute>)(?P<second>)[ ]?{_HALF_DAY}", _time),
    Rule("ratio", rf"{_WORD_START}(?P<lower>\d+)[:：](?P<upper>\d+)", _range),
    Rule("height", rf"{_WORD_START}(?P<feet>[3-8])'(?P<inches>1[01]|\d)\"", _height),
    Rule(
        "money",
        rf"(?P<sign>-)?(?P<currency>{_CURRENCY}){GAP}(?P<number>{NUMBER})"
        rf"(?:{_TO}{_CURRENCY}?(?P<upper>{NUMBER}))?(?:[ -]?(?P<scale>{_SCALE}))?",
        _money,
    ),
    Rule(
        "money_after",
        rf"{_WORD_START}(?P<sign>-)?(?P<number>{NUMBER})(?P<upper>)(?P<scale>)(?P<currency>[$€£])(?!\d)",
        _money,
    ),
    Rule("percent", rf"{_SIGN}(?P<number>{NUMBER})(?:%?{_TO}(?P<upper>{NUMBER}))?{GAP}(?P<mark>[%‰])", _percent),
    Rule(
        "measure",
        rf"{_SIGN}(?P<number>{NUMBER})(?:{_TO}(?P<upper>{NUMBER}))?(?:{GAP}|(?P<hyphen>-))(?P<unit>{one_of(list(UNITS))})(?![{LATIN}\d²³])",
        _measure,
    ),
    Rule("decade", rf"(?<![\d.,{LATIN}])'?(?P<decade>(?:1\d|20)\d0|[2-9]0)'?s{_WORD_END}", _decade),
    Rule(
        "ordinal",
        rf"{_WORD_START}(?P<digits>\d+(?:,\d{{3}})*)(?:st|nd|rd|th){_WORD_END}",
        lambda m: ordinal(m["digits"]),
    ),
    Rule("plural", rf"{_WORD_START}(?P<digits>[1-9]\d\d)s{_WORD_END}", lambda m: plural(model_number(m["digits"]))),
    Rule("years", rf"{_WORD_START}(?P<lower>{_YEAR}){_TO}(?P<upper>{_YEAR}|\d\d)(?![\d.,]\d|\d)", _years),
    Rule(
        "telephone",
        rf"(?<![{LATIN}\d.])(?:\+\d{{1,3}}[ -]?(?:\(?\d{{2,4}}\)?[ -]?){{1,4}}\d{{3,4}}"
        r"|(?:\(\d{3}\)[ ]?|\d{3}[-. ])\d{3}[-. ]\d{4}"
        rf"|\d{{3}}-\d{{4}}|\d+-\d+(?:-\d+){{1,20}})(?![\d{LATIN}])",
        lambda m: telephone(m[0]),
    ),
    Rule("version", rf"(?<![\d{LATIN}])\d+(?:\.\d+){{2,}}", _version),
    Rule("range", rf"{_WORD_START}(?P<lower>{NUMBER}){_TO}(?P<upper>{NUMBER})(?![-\d])", _range),
    Rule(
        "fraction", rf"{_WORD_START}(?:(?P<whole>\d+)[ ])?(?P<upper>\d{{1,4}})/(?P<lower>\d{{1,4}})(?![\d/])", _fraction
    ),
    Rule(
        "numbered",
        rf"{_WORD_START}(?:No\.[ ]?|№[ ]?|#)(?P<digits>\d+){_WORD_END}",
        lambda m: f"number {cardinal(m['digits'])}",
    ),
    Rule("plus", rf"{_WORD_START}(?P<number>{NUMBER})\+(?!\d)", lambda m: f"{decimal(m['number'])} plus"),
    Rule("times", r"(?<=\d)[ ]?[x×*][ ]?(?=\d)", lambda _: " times "),
    Rule(
        "apostrophe_year",
        rf"(?<![{LATIN}\d])'(?P<digits>\d\d){_WORD_END}",
        lambda m: cardinal(m["digits"]) if m["digits"] > "09" else "oh " + cardinal(m["digits"]),
    ),
    Rule("prepositional_year", rf"(?:{_YEAR_PREPOSITION})(?P<year>{_YEAR})(?![\d.,]\d|\d)", lambda m: year(m["year"])),
    Rule("product", r"(?<=[A-Z]{2} )\d{4}(?![.,]?\d)", lambda m: model_number(m[0])),
    Rule("counted", rf"{_WORD_START}(?P<digits>\d{{4}}){_COUNTED_NOUN}", lambda m: cardinal(m["digits"])),
    Rule("year", rf"(?<![\d.,{LATIN}])(?P<year>(?:19|20)\d\d)(?![.,]\d|\d)", lambda m: year(m["year"])),
    Rule("leading_zero", r"0\d+(?![.,]?\d)", lambda m: digit_by_digit(m[0])),
    Rule("long_number", r"\d{8,}(?![.,]?\d)", _long_number),
    Rule(
        "negative",
        rf"(?<![{LATIN}\d)])[-+±](?P<number>{NUMBER})",
        lambda m: _SIGN_NAMES[m[0][0]] + decimal(m["number"]),
    ),
    Rule("number", NUMBER, lambda m: decimal(m[0])),
    Rule("bare_decimal", r"(?<![\d.]|[A-Za-z])\.\d+", lambda m: decimal(m[0])),
)
