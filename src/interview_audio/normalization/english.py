"""Numbers, money and measures in English text, as a newsreader says them."""

import re
from fractions import Fraction

from interview_audio.normalization.grammar import (
    GAP,
    NUMBER,
    WORD_END,
    WORD_START,
    Match,
    Rule,
    after,
    begins_sentence_after,
    numeral_value,
    one_of,
    table,
)
from interview_audio.normalization.units import (
    CURRENCIES,
    CURRENCY_CODES,
    ENGLISH_UNITS,
    SCALE_NAMES,
    SCALES,
    Currency,
)
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
_LEAST_MODEL = 20
"""From here on what is below a stroke is a model's and no part: the 11/45."""
_SEPARATORS = str.maketrans("", "", ",' ")


def digit_by_digit(digits: str) -> str:
    """Read each digit by itself and skip everything else."""
    return " ".join(_ONES[int(digit)] for digit in digits if digit in "0123456789")


def telephone(digits: str) -> str:
    """Read a number that is dialled, its groups set apart."""
    return ", ".join(digit_by_digit(group) for group in re.findall(r"\d+", digits))


def cardinal(digits: str) -> str:
    """Read an integer, given in digits with or without thousands separators, of whatever shape."""
    plain = digits.translate(_SEPARATORS).lstrip("0") or "0"
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
    """Read a fraction, the whole part first: one and a half."""
    sign = "minus " if value < 0 else ""
    whole, numerator = divmod(abs(value.numerator), value.denominator)
    if value.denominator == 1:
        return sign + cardinal(str(whole))
    return sign + (
        _mixed(str(whole), numerator, value.denominator) if whole else _written_fraction(numerator, value.denominator)
    )


def _mixed(whole: str, numerator: int, denominator: int) -> str:
    """Read a whole number and a part: two and a half, three and two thirds."""
    part = _written_fraction(numerator, denominator)
    return f"{cardinal(whole)} and {re.sub('^one (?!over)', 'an ' if denominator == 8 else 'a ', part)}"


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


YEAR = r"(?:1[0-9]|20)\d\d"
"""A year of four digits."""
_GROUPED = r"(?:[1-9]\d{0,2}(?:[ ]\d{3}){1,5}(?![ ]?\d|[/-]\d)|[1-9]\d{0,2}(?:'\d{3}){1,5}(?!\d)(?:\.\d++)?)"
"""A number whose groups are set apart by spaces, or by apostrophes as in Switzerland."""
_NUMBER = f"(?:{_GROUPED}|{NUMBER})"
TO = r"[ ]?[-–—~]+[ ]?"
"""What is between the ends of a range."""
_SIGN = rf"(?:(?<![{LATIN}\d.)])(?P<sign>[-+±]))?"
_CURRENCIES = CURRENCIES | CURRENCY_CODES
_CURRENCY = one_of(list(_CURRENCIES))
_SCALE = rf"{one_of([*SCALES, 'lakh', 'crore'])}{WORD_END}"
_YEAR_PREPOSITION = (
    r"(?<=\b[Ii]n )|(?<=\bsince )|(?<=\b[Ss]ince )|(?<=\b[Bb]y )|(?<=\bof )|(?<=\buntil )|(?<=\bfrom )|(?<=\b[Ff]rom )"
    r"|(?<=\bc\. )|(?<=\bca\. )|(?<=\b[Cc]irca )|(?<=\b[Bb]efore )|(?<=\b[Aa]fter )"
    r"|(?<=\b[Dd]uring )|(?<=\b[Aa]round )|(?<=\bearly )|(?<=\blate )|(?<=\bmid-)"
)
_COUNTED_NOUN = (
    r"(?=[ -](?!was\b|is\b|has\b|as\b|this\b|does\b|its\b|us\b|perhaps\b|always\b|sometimes\b|towards\b|across\b|plus\b"
    r"|unless\b|besides\b|thus\b)(?:[a-z]+s\b|people\b|men\b|women\b|children\b|feet\b|percent\b|million\b|billion\b))"
)
_SIGN_NAMES = {"-": "minus ", "+": "plus ", "±": "plus or minus ", None: ""}


def _ends_with(word: str, match: Match) -> bool:
    """Tell whether the text before a match ends with a short word: what is farther away is not looked at."""
    return re.compile(word).search(match.string, max(0, match.start() - 5), match.start()) is not None


def _scale_name(scale: str) -> str:
    return SCALE_NAMES[SCALES[scale]] if scale in SCALES else scale


def _money(match: Match) -> str:
    currency = _CURRENCIES[match["currency"].strip()]
    sign = "minus " if match["sign"] == "-" else ""
    sign = "about " if match["sign"] == "~" else sign
    lower_scale = match.groupdict().get("lower_scale")
    below = f" {_scale_name(lower_scale)}" if lower_scale and match["upper"] else ""
    upper = f"{below} to {decimal(match['upper'])}" if match["upper"] else ""
    written = match["scale"] or (lower_scale if not upper else None)
    if written:
        scale = _scale_name(written)
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
    return cents if not int(whole.translate(_SEPARATORS)) else f"{spoken} and {cents}"


def _measure(match: Match) -> str:
    unit = ENGLISH_UNITS[match["unit"]]
    upper = f" to {decimal(match['upper'])}" if match["upper"] else ""
    compound = match["hyphen"] or (match["number"] == "1" and not upper)
    ends = match["unit"].endswith(".") and begins_sentence_after(match)
    return f"{_signed(match)}{upper} {unit.singular if compound else unit.plural}{'.' if ends else ''}"


def _unit_of_part(match: Match) -> str:
    """Say the unit of a fraction: half an hour has one, two and a half have more."""
    unit = ENGLISH_UNITS[match["unit"]]
    earlier = match.string[max(0, match.start() - 9) : match.start()]
    return unit.plural if re.search(r"\d[ ]?[¼-¾⅐-⅞][ ]?$|\d[ -]\d/\d[ ]?$", earlier) else unit.singular


def _pence(match: Match) -> str:
    return f"{cardinal(match['number'])} {'penny' if match['number'] == '1' else 'pence'}"


def _scaled(match: Match) -> str:
    scale = _scale_name(match["scale"] or match["long_scale"] or match["only"])
    upper = f" to {decimal(match['upper'])}" if match["upper"] else ""
    return f"{_signed(match)}{upper} {scale}"


def _seconds(match: Match) -> str:
    return f"{decimal(match['number'])} second{'' if match['number'] == '1' else 's'}"


def _quotes_before(match: Match) -> int:
    """Count the quotation marks before a match; those behind a figure are inches."""
    return len(re.findall(r'(?<!\d)"', match.string[max(0, match.start() - 400) : match.start()]))


def _inches(match: Match) -> str:
    """Read inches, unless the mark closes what a quotation mark has opened."""
    if match[0].endswith('"') and _quotes_before(match) % 2:
        return decimal(match["number"])
    is_one = match["number"] == "1" or _ends_with(r"\b[Aa]n? $", match)
    return f"{decimal(match['number'])} {'inch' if is_one else 'inches'}"


def _mixed_sign(match: Match) -> str:
    part = numeral_value(match["part"])
    return _mixed(match["whole"], part.numerator, part.denominator)


def _telephone(match: Match) -> str:
    sign = "plus " if "+" in match[0] else ""
    return match[0][: len(match[0]) - len(match[0].lstrip())] + sign + telephone(match[0])


def _times(match: Match) -> str:
    """Say ``by`` between the sides of a thing, ``times`` where something is reckoned."""
    following = match.string[match.end() : match.end() + 24]
    is_reckoned = re.match(r"[\d.]+[ ]?=", following)
    has_sides = match["sign"] == "x" or re.match(r"[\d.]+[ ]?(?:[ckm]?m|ft|in|px|feet|inch|meters?)\b", following)
    return " by " if has_sides and not is_reckoned else " times "


def _percent(match: Match) -> str:
    upper = f" to {decimal(match['upper'])}" if match["upper"] else ""
    return f"{_signed(match)}{upper} {'percent' if match['mark'] == '%' else 'per thousand'}"


def _signed(match: Match) -> str:
    return _SIGN_NAMES[match["sign"]] + decimal(match["number"])


def _range(match: Match) -> str:
    return f"{decimal(match['lower'])} to {decimal(match['upper'])}"


def _fraction(match: Match) -> str:
    if int(match["lower"]) == 0:
        return f"{cardinal(match['upper'])} over zero"
    numerator, denominator = match["upper"], match["lower"]
    is_model = _ends_with(r"\b[Tt]he $", match) and int(denominator) >= _LEAST_MODEL and not match["whole"]
    if (numerator, denominator) in (("24", "7"), ("9", "11")) or numerator == denominator or is_model:
        return f"{cardinal(numerator)} {'seven' if denominator == '7' else cardinal(denominator)}"
    if match["whole"]:
        spoken = _mixed(match["whole"], int(numerator), int(denominator))
        return f"{spoken} inches" if match["inch"] else spoken
    return _written_fraction(int(numerator), int(denominator)) + (" of an inch" if match["inch"] else "")


def _height(match: Match) -> str:
    return f"{cardinal(match['feet'])} foot {cardinal(match['inches'])}"


def _long_number(match: Match) -> str:
    return cardinal(match[0]) if match[0].endswith("000") else digit_by_digit(match[0])


def _per(match: Match) -> str:
    return " per " + (table("after_per")[match["unit"]] or match["unit"])


def _area(match: Match) -> str:
    unit = ENGLISH_UNITS[match["unit"] + ("²" if match["square"] else "³")]
    return unit.singular if _ends_with(r"\b(?:per|a|an|one|each) $", match) else unit.plural


def _dotted(digits: str) -> str:
    return " point ".join(cardinal(part) for part in digits.split("."))


_DIALLING = (
    "ext. extension call called calling calls dial dialed dialled dialing phone phoned ring rang text texted texting"
)
_AFTER_DIALLING = "|".join(f"(?<={word[0].upper()}{word[1:]} )|(?<={word} )" for word in _DIALLING.split())
_PAIRED = "|".join(f"(?<={word} )|(?<={word.capitalize()} )" for word in table("numbers_in_pairs"))
_COUNTED = (
    r"(?![ ](?!was\b|is\b|has\b|as\b|this\b|does\b|its\b|always\b|across\b|plus\b)"
    r"(?:[a-z]+s|people|men|women|children)\b)"
)
_MILLIONS = one_of(list(table("counted_in_millions")))
_NO_NOUN = "from|of|in|to|and|or|away|apart|long|tall|wide|deep|high|on|at|by|for|with|below|above|the|a|an"

RULES = (
    Rule("until", rf"(?:(?<=[%℃CF])|(?<=:\d\d)|(?<=[AaPp][Mm])){TO}(?=-?\d)", lambda _: " to "),
    Rule("until_decade", rf"(?<=\d0s){TO}(?='?\d{{0,3}}0s{WORD_END})", lambda _: " to "),
    Rule(
        "postal_code",
        rf"(?:(?<=\b[Zz][Ii][Pp] )|(?<=\b[Zz][Ii][Pp] code )|(?<=\b[Zz]ip is )|(?<=\b[Zz]ip code is )"
        rf"|{WORD_START}(?=\d{{5}}[ ](?:[Zz][Ii][Pp]|area|postal)\b))"
        r"\d{5}(?![-\d]|[.,]\d)",
        lambda m: digit_by_digit(m[0]),
    ),
    Rule(
        "airliner",
        r"(?:(?<=\b[Aa] )|(?<=\b[Tt]he )|(?<=\b[Oo]ld )|(?<=\bBoeing ))7(?P<kind>[0-8])7(?P<plural>s)?(?![-\w%]|[.,]\d)"
        rf"{_COUNTED}",
        lambda m: plural(model_number(m[0][:3])) if m["plural"] else model_number(m[0]),
    ),
    Rule(
        "batting",
        r"(?:(?<=\b[Bb]atted )|(?<=\b[Bb]atting )|(?<=\b[Hh]it )|(?<=\b[Hh]itting )"
        r"|(?<![\d\w])(?=\.\d{3}[ ](?:hitter|average|batting|season)))\.(?P<digits>[1-9]\d\d)(?!\d)",
        lambda m: model_number(m["digits"]),
    ),
    Rule(
        "figures",
        rf"{WORD_START}(?:(?P<first>\d)'?s(?=[ ](?:and|or)[ ]\d'?s{WORD_END})"
        rf"|(?:(?<=\ds and )|(?<=\ds or ))(?P<second>\d)'?s{WORD_END})",
        lambda m: plural(cardinal(m["first"] or m["second"])),
    ),
    Rule(
        "dialled",
        rf"(?:(?:{_AFTER_DIALLING})(?=\d{{3,6}}(?!\d))|(?<=[A-Z]{{2}} to )(?=\d{{5}}))"
        rf"(?P<digits>\d{{3,6}})(?![-\d]|[., ]\d){_COUNTED}",
        lambda m: digit_by_digit(m["digits"]),
    ),
    Rule(
        "emergency",
        rf"(?:(?<=\bat )|(?<=\bto )|(?<=with )|(?<=\ba )|(?<=\bthe ))"
        rf"(?:911|999|112|988|000)(?![-\d]|[.,]\d|[ ]?%){_COUNTED}"
        rf"|{WORD_START}911(?=[ ]?(?:$|[.;:!?]|(?:is|was|operator|operators|call|dispatcher|service)\b))",
        lambda m: digit_by_digit(m[0]),
    ),
    Rule(
        "paired",
        rf"(?:{_PAIRED})(?P<digits>[1-9]\d{{2,3}})(?P<plural>s)?(?![\w%°]|[.,]\d){_COUNTED}",
        lambda m: plural(model_number(m["digits"])) if m["plural"] else model_number(m["digits"]),
    ),
    Rule(
        "processor",
        r"(?:(?<=\b[Aa] )|(?<=\b[Mm]y )|(?<=\bold )|(?<=\b[Tt]he ))(?P<digits>[2-5]86)(?P<plural>s)?(?![\w%]|[.,]\d)"
        rf"{_COUNTED}",
        lambda m: plural(model_number(m["digits"])) if m["plural"] else model_number(m["digits"]),
    ),
    Rule(
        "lines",
        rf"{WORD_START}(?P<digits>480|720|1080|1440|2160)p{WORD_END}",
        lambda m: model_number(m["digits"]) + " P",
    ),
    Rule("pence", rf"{WORD_START}(?P<number>\d{{1,2}})p{WORD_END}", _pence),
    Rule(
        "section_of_law",
        rf"{WORD_START}(?P<digits>\d{{3}})\((?P<letter>[a-z])\)(?:\((?P<item>\d{{1,2}})\))?",
        lambda m: (
            f"{model_number(m['digits'])} {m['letter'].upper()}" + (f" {cardinal(m['item'])}" if m["item"] else "")
        ),
    ),
    Rule("ratio", rf"{WORD_START}(?P<lower>\d+)[:：](?P<upper>\d+)", _range),
    Rule("height", rf"{WORD_START}(?P<feet>[3-8])'[ ]?(?P<inches>1[01]|\d)(?:\"|''|”)", _height),
    Rule(
        "money",
        rf"(?P<sign>[-~])?(?<![{LATIN}])(?P<currency>{_CURRENCY}){GAP}(?P<number>{_NUMBER})(?:(?P<lower_scale>{_SCALE}))?"
        rf"(?:{TO}(?:{_CURRENCY})?(?P<upper>{_NUMBER}))?(?:[ -]?(?P<scale>{_SCALE}))?",
        _money,
    ),
    Rule(
        "money_after",
        rf"{WORD_START}(?P<sign>-)?(?P<number>{_NUMBER})(?:{TO}(?P<upper>{_NUMBER}))?(?:[ -]?(?P<scale>{_SCALE}))?"
        rf"(?:(?P<currency>[$€£]|[ ]?{one_of(list(CURRENCY_CODES))}))(?![{LATIN}\d])",
        _money,
    ),
    Rule(
        "currency",
        r"(?<=[Tt]he )(?P<currency>[$€£¥₹])(?=[ ]?[a-z.,;:!?]|$)",
        lambda m: _CURRENCIES[m["currency"]].singular,
    ),
    Rule("mixed", r"(?<![\d.,])(?P<whole>\d+)[ ]?(?P<part>[¼-¾⅐-⅞])", _mixed_sign),
    Rule(
        "part",
        r"(?<=\b[Aa] )(?P<part>[¼½⅓⅛])",
        lambda m: _written_fraction(1, numeral_value(m["part"]).denominator)[4:],
    ),
    Rule("percent", rf"{_SIGN}(?P<number>{_NUMBER})(?:%?{TO}(?P<upper>{_NUMBER}))?{GAP}(?P<mark>[%‰])", _percent),
    Rule(
        "scaled",
        rf"{_SIGN}(?P<number>{_NUMBER})(?:(?:bn|mn|tn|[kKmMbB])?{TO}(?P<upper>{_NUMBER}))?(?:(?P<scale>[kKmMbBT])"
        rf"(?=[ -](?:(?!(?:{_NO_NOUN})\b)[a-z-]+[ ])?{_MILLIONS}\b)"
        rf"|[ ]?(?P<long_scale>bn|mn|tn){WORD_END}|(?P<only>M){WORD_END})",
        _scaled,
    ),
    Rule("seconds", rf"{WORD_START}(?P<number>\d+\.\d+|[1-9][1-9]|[1-9])[ ]?s{WORD_END}(?!')", _seconds),
    Rule(
        "inches_wide",
        rf"{WORD_START}(?P<number>{_NUMBER})[ ](?P<unit>in\.?)(?=[ ](?:wide|long|tall|high|deep|thick|across)\b)",
        _inches,
    ),
    Rule("inches", rf"{WORD_START}(?P<number>\d+(?:\.\d+)?)\"(?=[ ](?:[a-z]|x[ ])|[,;.)])", _inches),
    Rule("kelvin", rf"{WORD_START}(?P<number>{_NUMBER})[ ]K{WORD_END}", lambda m: decimal(m["number"]) + " kelvin"),
    Rule(
        "gauge",
        rf"{WORD_START}(?P<number>{_NUMBER})mm(?=[ ]{one_of(list(table('measured_in_millimeters')))}\b)",
        lambda m: decimal(m["number"]) + " millimeter",
    ),
    Rule(
        "measure",
        rf"{_SIGN}(?P<number>{_NUMBER})(?:{TO}(?P<upper>{_NUMBER}))?(?:{GAP}|(?P<hyphen>-))(?P<unit>{one_of(list(ENGLISH_UNITS))})(?![{LATIN}\d²³])",
        _measure,
    ),
    Rule(
        "unit_of_part",
        r"(?:(?<=[¼-¾⅐-⅞])|(?<=[¼-¾⅐-⅞] )|(?<=\d/\d )|(?<=\d/\d))"
        rf"(?P<unit>{one_of([unit for unit in ENGLISH_UNITS if len(unit) > 1])})(?![{LATIN}\d²³])",
        _unit_of_part,
    ),
    Rule(
        "area",
        rf"{WORD_START}(?P<unit>[ckm]?m)(?:(?P<square>²|<sup>2</sup>)|³|<sup>3</sup>)",
        _area,
    ),
    Rule(
        "ordinal",
        rf"{WORD_START}(?P<digits>\d+(?:,\d{{3}})*)(?:st|nd|rd|th){WORD_END}",
        lambda m: ordinal(m["digits"]),
    ),
    Rule(
        "round_plural",
        rf"{WORD_START}(?P<digits>100?(?=s[ ]of\b)|1000|1,000)s{WORD_END}",
        lambda m: {2: "tens", 3: "hundreds"}.get(len(m["digits"]), "thousands"),
    ),
    Rule(
        "plural", rf"{WORD_START}(?P<digits>[1-9]\d{{1,2}})'?s{WORD_END}", lambda m: plural(model_number(m["digits"]))
    ),
    Rule(
        "telephone",
        rf"(?:[ ](?=\()|(?<![{LATIN}\d.]))(?:\+\d{{1,3}}[ -]?(?:\(?\d{{2,4}}\)?[ -]?){{1,4}}\d{{3,4}}"
        r"|(?:\(\d{3}\)[ ]?|\d{3}[-. ])\d{3}[-. ]\d{4}|0\d{2,4}[ -]\d{3,8}(?:[ -]\d{2,4}){0,3}|0\d(?:[ .-]\d\d){3,4}"
        rf"|\d{{3}}-\d{{4}}|\d+-\d+(?:-\d+){{1,20}})(?![\d{LATIN}])",
        _telephone,
    ),
    Rule(
        "named_version",
        rf"{WORD_START}[vV](?:er\.[ ]?)?(?P<digits>\d+(?:\.\d+)+)(?!\w)",
        lambda m: "version " + _dotted(m["digits"]),
    ),
    Rule(
        "dotted_groups",
        rf"(?<![\d.,{LATIN}])[1-9]\d{{0,2}}(?:\.\d{{3}}){{2,5}}(?![\d.]\d|\d)",
        lambda m: cardinal(m[0].replace(".", "")),
    ),
    Rule("version", rf"(?<![\d{LATIN}])\d+(?:\.\d+){{2,}}", lambda m: _dotted(m[0])),
    Rule(
        "sets",
        rf"{WORD_START}\d{{1,2}}[-–]\d{{1,2}}(?:,[ ]\d{{1,2}}[-–]\d{{1,2}}){{1,4}}(?![-–\w])",
        lambda m: ", ".join(" ".join(map(cardinal, re.split("[-–]", pair))) for pair in m[0].split(", ")),
    ),
    Rule("range", rf"{WORD_START}(?P<lower>{_NUMBER}){TO}(?P<upper>{_NUMBER})(?![-\d])", _range),
    Rule(
        "fraction",
        rf"{WORD_START}(?:(?P<whole>\d+)[ -])?(?P<upper>\d{{1,4}})/(?P<lower>\d{{1,4}})(?![\d/])"
        rf"(?P<inch>\"(?=[ ][a-z]))?",
        _fraction,
    ),
    Rule(
        "numbered",
        rf"{WORD_START}(?:No\.[ ]?|№[ ]?|#"
        r"|No[ ](?=\d+(?:[ ][A-Z]|[ ]?(?:[.,;:!?]|$)|[ ](?:is|was|has|had|said|says)\b)))"
        rf"(?P<digits>\d+){WORD_END}",
        lambda m: f"number {cardinal(m['digits'])}",
    ),
    Rule("per", rf"(?<=[\dKkM])/(?P<unit>{one_of(list(table('after_per')))}){WORD_END}", _per),
    Rule("key", r"#(?=[ ](?:key|sign|symbol|button)\b)|(?<=\b[Pp]ress )#(?!\w)", lambda _: "pound"),
    Rule("about", r"(?<![\w~])~[ ]?(?=[\d$€£])", lambda _: "about "),
    Rule("plus", rf"{WORD_START}(?P<number>{_NUMBER})\+(?!\d)", lambda m: f"{decimal(m['number'])} plus"),
    Rule(
        "resolution",
        rf"{WORD_START}(?P<width>\d{{3,4}})x(?P<height>\d{{3,4}}){WORD_END}",
        lambda m: f"{model_number(m['width'])} by {model_number(m['height'])}",
    ),
    Rule("times", r"(?<=\d)[ ]?(?P<sign>[x×*])[ ]?(?=\d)", _times),
    Rule("menu", r"(?<=[a-z])[ ][>›»][ ](?=[A-Z][a-z])", lambda _: ", "),
    Rule(
        "at_least",
        rf"(?<=(?<![{LATIN}])[a-z][ ])(?P<sign>[≥≤])(?=[ ]?-?[\da-z])",
        lambda m: f"is {'greater' if m['sign'] == '≥' else 'less'} than or equal to",
    ),
    Rule(
        "apostrophe_year",
        rf"(?<![{LATIN}\d])'(?P<digits>\d\d){WORD_END}",
        lambda m: cardinal(m["digits"]) if m["digits"] > "09" else "oh " + cardinal(m["digits"]),
    ),
    Rule("prepositional_year", rf"(?:{_YEAR_PREPOSITION})(?P<year>{YEAR})(?![\d.,]\d|\d)", lambda m: year(m["year"])),
    Rule("product", r"(?<=[A-Z]{2} )\d{3,5}(?![.,]?\d)", lambda m: model_number(m[0])),
    Rule("counted", rf"{WORD_START}(?P<digits>\d{{4}}){_COUNTED_NOUN}", lambda m: cardinal(m["digits"])),
    Rule("year", rf"(?<![\d.,{LATIN}])(?P<year>(?:1[5-9]|20)\d\d)(?![.,]\d|\d)", lambda m: year(m["year"])),
    Rule("leading_zero", r"0\d+(?![.,]?\d)", lambda m: digit_by_digit(m[0])),
    Rule("long_number", r"\d{8,}(?![.,]?\d)", _long_number),
    Rule(
        "negative",
        rf"(?<![{LATIN}\d)])[-+±](?P<number>{_NUMBER})",
        lambda m: _SIGN_NAMES[m[0][0]] + decimal(m["number"]),
    ),
    Rule("number", _NUMBER, lambda m: decimal(m[0])),
    Rule("bare_decimal", r"(?<![\d.]|[A-Za-z])\.\d+", lambda m: decimal(m[0])),
)
