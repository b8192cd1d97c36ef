"""Numbers, dates, times, money and measures in Mandarin text, as a newsreader says them.

The words beside them that tell a year from a count and a telephone from a sum are in ``words/mandarin.toml``.
"""

import functools
import itertools
import re
import tomllib
import unicodedata
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from interview_audio.normalization.grammar import (
    GAP,
    NUMBER,
    SPACES,
    WORD_END,
    WORD_START,
    Match,
    Rule,
    not_preceded_by,
    one_of,
    preceded_by,
)
from interview_audio.normalization.mandarin_numbers import (
    amount,
    cardinal,
    counted,
    decimal,
    dialled,
    digit_by_digit,
    fraction,
    model_number,
    ordinal,
    telephone,
)
from interview_audio.normalization.units import CURRENCIES, CURRENCY_CODES, SCALES
from interview_audio.normalization.units import MANDARIN_UNITS as UNITS
from interview_audio.text.characters import HAN, LATIN

_WORDS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "words" / "mandarin.toml").read_text("utf-8"))
_TRADITIONAL = str.maketrans(_WORDS["traditional"]["said"], _WORDS["traditional"]["said_in_traditional"])
_SIMPLIFIED = str.maketrans(_WORDS["traditional"]["written"], _WORDS["traditional"]["simplified"])


@functools.lru_cache(maxsize=8)
def simplified(text: str) -> str:
    """Bring the characters that rules look for to their simplified form, each in its place."""
    return text.translate(_SIMPLIFIED)


def in_traditional(spoken: str, written: str) -> str:
    """Say an item in traditional characters: those that it has (``5號``: 五號), and those of numbers and units (兩)."""
    for character in written:
        if ord(character) in _SIMPLIFIED:
            spoken = spoken.replace(simplified(character), character)
    return spoken.translate(_TRADITIONAL)


def _words(name: str, table: str = "") -> list[str]:
    words: str = (_WORDS[table] if table else _WORDS)[name]
    return words.split()


_NUMBER_START = rf"(?<![\d.{LATIN}])(?<!\d,)"
_NUMERALS = "一二三四五六七八九十百千万亿两零半"
_NO_MEASURE = f"(?!{one_of(_words('not_measures'))})"
_MEASURE = f"{_NO_MEASURE}{one_of(_words('measures'))}"
_COUNTED = _words("measures") + _words("also_counted")
_UNCOUNTED = rf"(?![.,]?\d|{GAP}{_NO_MEASURE}{one_of(_COUNTED)}|{GAP}[%‰℃°])"
"""No measure word follows, so that the digits before may be a name."""
_TWO_IS_LIANG = set(_COUNTED) - set(_words("two_is_er"))
_LONGER_ER = [word for word in _words("two_is_er") if any(word.startswith(short) for short in _TWO_IS_LIANG)]
_LIANG = f"{_NO_MEASURE}(?!{one_of(_LONGER_ER)}){one_of(_TWO_IS_LIANG)}"
_HAN_SCALE = "[十百千万亿兆]+"
_YEAR = r"(?:1[0-9]|20)\d\d"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_HOUR = r"(?:2[0-4]|1\d|0?\d)"
_DASH = "[-–—~～]"
_TO = rf"{GAP}(?:{_DASH}+|至|到){GAP}"
_SIGN = rf"(?:(?<![{LATIN}\d.)])(?P<sign>[-+±]))?"
_SIGN_NAMES = {"-": "负", "+": "正", "±": "正负", None: ""}
_CURRENCIES = CURRENCIES | CURRENCY_CODES
_CURRENCY = rf"(?<![{LATIN}]){one_of(_CURRENCIES)}"
_CURRENCY_NAME = one_of({currency.mandarin for currency in _CURRENCIES.values()})
_MONEY_SCALE = rf"(?:{_HAN_SCALE}|{one_of(SCALES)}{WORD_END})"
_UNIT = one_of(UNITS)
_PER = rf"(?:{_UNIT}(?![{LATIN}\d²³])|{one_of(_words('per'))})"
_AFTER_AMOUNT = rf"(?:(?<=[\d{_NUMERALS}多几余])|(?<=[\d{_NUMERALS}多几余][ ]))"
_PERS = rf"(?P<per>(?:{GAP}/{GAP}{_PER}){{0,3}})"
_SCHOOL = rf"[^，。！？；、\d]{{0,3}}{one_of(_words('school'))}"
_ROMAN = "(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})"
_SIGNS = "=+×÷<>≈≠≤≥"
_REACH = 12
"""Characters before a number in which a word says what it counts."""
_MEASURES_TIME = re.compile(one_of(_words("measures_time")))
_EQUALS = rf"(?:[ ]?[-+×x*÷/][ ]?{NUMBER}){{0,5}}[ ]?(?:=|等于)"


def _date(match: Match) -> str:
    groups = match.groupdict()
    year = digit_by_digit(match["year"]) + "年" if groups.get("year") else ""
    month = cardinal(match["month"]) + "月" if groups.get("month") else ""
    day = cardinal(match["day"]) + (groups.get("day_word") or "日") if groups.get("day") else ""
    return year + month + day


def _timestamp(match: Match) -> str:
    second = f"{_sixty(int(match['second']))}秒" if match["second"] else ""
    minute = f"{_sixty(int(match['minute']))}分" if int(match["minute"]) or second else "整"
    zone = {"": "", "Z": "，世界时"}.get(match["zone"] or "")
    if zone is None:
        sign, hours = re.findall(r"[-+]|\d\d", match["zone"])[:2]
        zone = f"，{'东' if sign == '+' else '西'}{cardinal(hours)}区"
    return f"{_date(match)}{counted(str(int(match['hour'])))}点{minute}{second}{zone}"


def _round_years(match: Match) -> str:
    return cardinal(match["number"]) + "年" if match["number"] != "2" else "两年"


def _year_of_era(match: Match) -> str:
    return cardinal(match[0]) if match[0].endswith("00") else digit_by_digit(match[0])


def _decade(match: Match) -> str:
    digits = match["decade"]
    named = len(digits) == 4 or digits == "00"
    return (digit_by_digit(digits) if named else cardinal(digits)) + "年代"


def _years(match: Match) -> str:
    return f"{digit_by_digit(match['lower'])}到{digit_by_digit(match['upper'])}"


def _time(match: Match) -> str:
    half = _half_day(match)
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    spoken = half + counted(str(hour)) + "点"
    if match["second"]:
        if _MEASURES_TIME.search(match.string[max(0, match.start() - _REACH) : match.start()]):
            spoken = counted(str(hour)) + "小时"
        return f"{spoken}{_sixty(minute)}分{_sixty(int(match['second']))}秒"
    if minute:
        return f"{spoken}{_sixty(minute)}分"
    return spoken if half or _is_in_range(match) else spoken + "整"


def _is_in_range(match: Match) -> bool:
    """Tell whether a time of day begins or ends a range of times."""
    behind, ahead = match.string[: match.start()][-8:], match.string[match.end() :][:8]
    return bool(re.search(rf"\d[:：]\d\d{_TO}$", behind) or re.match(rf"{_TO}\d{{1,2}}[:：]\d\d", ahead))


def _ratio(match: Match) -> str:
    return "比".join(map(decimal, re.split("[:：]", match[0])))


def _half_day(match: Match) -> str:
    if not match["half"]:
        return ""
    if match["half"][0] in "aA":
        return "上午"
    return "下午" if int(match["hour"]) in (12, 1, 2, 3, 4, 5) else "晚上"


def _minutes(match: Match) -> str:
    return f"{decimal(match['minutes'])}分" + (f"{decimal(match['seconds'])}秒" if match["seconds"] else "")


def _sixty(number: int) -> str:
    return ("零" if 0 < number < 10 else "") + cardinal(str(number))


def _money(match: Match) -> str:
    name = _CURRENCIES[match["currency"]].mandarin + _per(match["per"])
    sign = "负" if match["sign"] else ""
    lower = _money_value(match["number"], match["scale"])
    if not match["upper"]:
        return sign + lower + name
    if not match["lower_scale"]:
        return f"{sign}{decimal(match['number'])}到{_money_value(match['upper'], match['scale'])}{name}"
    lower = _money_value(match["number"], match["lower_scale"])
    return f"{sign}{lower}到{_money_value(match['upper'], match['scale'])}{name}"


def _money_value(number: str, scale: str | None) -> str:
    plain = number.replace(",", "")
    trimmed = plain.rstrip("0").rstrip(".") if "." in plain else plain
    if scale in SCALES:
        return amount(Decimal(trimmed).scaleb(SCALES[scale]))
    return counted(trimmed) + (scale or "")


def _percent(match: Match) -> str:
    name = "百分之" if match["mark"] == "%" else "千分之"
    if match["number"] == "100" and match["mark"] == "%" and not match["upper"]:
        return _SIGN_NAMES[match["sign"]] + "百分之百"
    upper = "到" + decimal(match["upper"]) if match["upper"] else ""
    more = "以上" if match["more"] else ""
    return f"{_SIGN_NAMES[match['sign']]}{name}{decimal(match['number'])}{upper}{more}"


def _measure(match: Match) -> str:
    template = UNITS[match["unit"]].mandarin
    below_zero = match["sign"] == "-" and template.endswith("度")
    sign = "零下" if below_zero else _SIGN_NAMES[match["sign"]]
    number = decimal(match["number"]) + "到" + counted(match["upper"]) if match["upper"] else counted(match["number"])
    return sign + template.format(number) + _per(match["per"])


def _per(text: str) -> str:
    """Read what a price or a speed is for: ``/kg`` is 每公斤."""
    parts = [part.strip() for part in text.split("/")]
    return "每".join(UNITS[part].mandarin.format("") if part in UNITS else part.replace("·", "") for part in parts)


def _range(match: Match) -> str:
    lower, upper = (Decimal(match[name].replace(",", "")) for name in ("lower", "upper"))
    last = counted if re.compile(f"{GAP}{_LIANG}").match(match.string, match.end()) else decimal
    return f"{decimal(match['lower'])}{'到' if lower < upper else '比'}{last(match['upper'])}"


def _scored(match: Match) -> str:
    return f"{cardinal(match['lower'])}比{cardinal(match['upper'])}"


def _ordinals(match: Match) -> str:
    return f"{ordinal(match['lower'])}到{ordinal(match['upper'])}"


def _fraction(match: Match) -> str:
    numerator, denominator = match["upper"], match["lower"]
    if int(denominator) == 0:
        return f"{cardinal(numerator)}比零"
    whole = cardinal(match["whole"]) + "又" if match["whole"] else ""
    return f"{whole}{cardinal(denominator)}分之{cardinal(numerator)}"


def _mixed(match: Match) -> str:
    value = Fraction(unicodedata.numeric(match["part"])).limit_denominator(1000)
    return f"{cardinal(match['whole'])}又{fraction(value)}"


def _raised(match: Match) -> str:
    """Read a raised number after a digit or a letter alone as a power; after words it is the mark of a note."""
    raised = match["raised"].strip()
    if raised.isdecimal() and re.search(rf"(?:\d|(?<![{LATIN}])[A-Za-z])$", match.string[: match.start()][-2:]):
        return {"2": "的平方", "3": "的立方"}.get(raised) or f"的{cardinal(raised)}次方"
    return ""


def _long_number(match: Match) -> str:
    return cardinal(match[0]) if match[0].endswith("000") else digit_by_digit(match[0])


def _version(match: Match) -> str:
    parts = match[0].split(".")
    if len(parts) == 4:  # an address on the internet
        return "点".join(map(dialled, parts))
    return "点".join(cardinal(part) for part in parts)


def _blood_pressure(match: Match) -> str:
    spoken = "比".join(map(cardinal, re.findall(r"\d+", match[0])))
    return spoken if match["upper"] is None else UNITS["mmHg"].mandarin.format(spoken)


def _event(match: Match) -> str:
    month, day = match["month"], match["day"]
    if month == day and month in ("10", "11", "12"):
        return "双" + cardinal(month)
    return "十" + digit_by_digit(day) if month == "10" else digit_by_digit(month + day)


def _discount(match: Match) -> str:
    return digit_by_digit(match[0].removesuffix("0"))


def _length(match: Match) -> str:
    """Read ``1米78``: the last digits are tenths and hundredths."""
    rest = match["rest"].removesuffix("0") or "零"
    return f"{counted(match['number'] or match['metres'])}米{digit_by_digit(rest)}"


def _letter_scale(match: Match) -> str:
    """Read ``10w`` and ``5k``: ten thousands and thousands."""
    more = match["more"] and ("多" if re.match(_MEASURE, match.string[match.end() :][:4]) else "加")
    upper = match["upper"]
    number = _scaled(match["number"], match["scale"])
    return (f"{number}到{_scaled(upper, match['scale'])}" if upper else number) + (more or "")


def _scaled(number: str, scale: str) -> str:
    if scale in "wW":
        return counted(number.replace(",", "")) + "万"
    return cardinal(str(int(Decimal(number.replace(",", "")) * 1000)))


def _roman(match: Match) -> str:
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in match["roman"]]
    pairs = itertools.pairwise([*values, 0])
    return cardinal(str(sum(-value if value < upcoming else value for value, upcoming in pairs)))


def _says_about(match: Match) -> bool:
    return match.string[: match.start()][-1:] in set("约近") or match.string[: match.start()][-2:] in ("大概", "差不")


def _letters(match: Match) -> str:
    lower, upper = match["lower"], match["upper"]
    return f"{lower}到{upper}" if lower < upper else f"{lower} {upper}"


def _spelled(text: str) -> str:
    """Read a number plate or a flight: each letter by its name, each digit by itself."""
    parts = re.findall(r"[A-Z]+|\d+", re.sub("[·•]", "", text))
    return "".join(" ".join(part) if part.isalpha() else dialled(part) for part in parts)


def _formula(match: Match) -> str:
    parts = re.findall(r"\d+(?:\.\d+)?|[A-Z]+|[a-z]+", match[0].translate(_LOWERED))
    return " ".join(decimal(part) if part[0].isdecimal() else " ".join(part.upper()) for part in parts)


_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def _formulas() -> str:
    written = one_of(_words("list", "formulas"))
    return re.sub(r"\d", lambda digit: f"[{digit[0]}{chr(ord('₀') + int(digit[0]))}]", written)


def _before(table: str) -> str:
    """Return a pattern of digits before the words of a table."""
    return "|".join(f"{digits}(?={one_of(words.split())})" for digits, words in _WORDS[table].items())


_CODE_LINKS = ["", *_words("dialled_links")]
_CODES = [word + link for word in _words("dialled") for link in _CODE_LINKS]
_GENERATION = r"\d[05]"
_AFTER_GENERATION = rf"{GAP}后(?!{one_of(_words('not_after_generation'))})"
_GENERATIONS = rf"(?=(?:{GAP}[、/和跟与到至～~-]{GAP}{_GENERATION}){{0,5}}{_AFTER_GENERATION})"
_NO_SPAN = rf"{not_preceded_by(_words('span_precedes'))}"
_SHORT_YEARS = (
    rf"(?=\d\d{GAP}年){_NUMBER_START}(?<!第)(?:0\d(?={GAP}年(?!代))"
    rf"|(?:{_NO_SPAN}|(?<=到了))[5-9][1-9](?={GAP}年(?![代级]|{one_of(_words('span_follows'))}))"
    rf"|{_NO_SPAN}(?:[1-4]\d|[5-9]0)(?={GAP}年{one_of(_words('year_follows'))})"
    rf"|{preceded_by(_words('year_precedes'))}[1-9]\d(?={GAP}年(?!{one_of(_words('year_no_more'))}|{_DASH})))"
)
_SCHOOL_YEARS = (
    rf"{_NUMBER_START}(?<!第)(?:{_YEAR}(?=[届级]|款|版|赛季|财年|学年|年度|秋冬|春夏)"
    rf"|0\d(?=[届级])|(?<![了出印])[5-9]\d(?=版(?![本权面税]))"
    rf"|\d\d(?=[届级]{_SCHOOL})"
    rf"|{not_preceded_by(['了', '到', '共', '有', '满', '升', '爬'])}[5-9]\d(?=级(?!{one_of(_words('not_school'))})))"
)
_EMERGENCY = r"(?:110|119|120|122|114|112|999)(?!\d)"
_EMERGENCIES = (
    rf"(?=[ ]?{_EMERGENCY}){preceded_by(_words('emergency_precedes'))}[ ]?{_EMERGENCY}{_UNCOUNTED}"
    rf"|{_NUMBER_START}{_EMERGENCY}(?=[ ]?{one_of(_words('emergency_follows'))})"
    rf"|{_NUMBER_START}{_EMERGENCY}(?:[/、和或]{_EMERGENCY}){{1,5}}{_UNCOUNTED}"
)
_ROOM = rf"{GAP}(?:{one_of(_words('rooms'))}|室(?![内外友温]))"
_ROOMS = (
    rf"{_NUMBER_START}(?<!第)\d{{3,4}}(?={_ROOM})"
    rf"|(?=\d{{3,4}}{_UNCOUNTED}){preceded_by(_words('room_precedes'))}\d{{3,4}}"
    rf"|(?=\d{{3,4}}{_UNCOUNTED})(?!(?:19|20)\d\d){preceded_by(_words('enters'))}\d{{3,4}}"
)
_FLIGHTS = (
    rf"{WORD_START}(?P<letters>{one_of(_words('codes', 'airlines'))}"
    rf"|[A-Z]{{2}}(?=\d{{3,4}}{one_of(_words('follow', 'airlines'))}))"
    r"(?P<digits>\d{4}(?![\d.])|\d{3}(?=次|航班|号航班))"
)
_PLATE = "(?<=[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼])"
_SCORE = r"(?P<lower>\d{1,3})[-–—:：](?P<upper>\d{1,3})(?![\d:：%-])"
_QUANTITIES = [*_words("quantities", "ranges"), *UNITS]
_ENDS_QUANTITY = (
    r"(?<=[年月日号%℃C])|(?<=:\d\d)|(?<=\d[wkWK])|(?<=\d米\d)|(?<=\d米\d\d)|(?<=-\d)|(?<=-\d\d)|"
    + preceded_by(_QUANTITIES, first=r"[\d十百千万亿]")
)
_ROUTES = rf"(?<=[{HAN}]){_DASH}(?=[{HAN}]{{2,4}}{one_of(_words('routes', 'ranges'))})"
_PLACES = one_of(_words("places", "ranges"))
_TIMES = _words("times", "ranges")
_BETWEEN = (
    rf"(?<=[周期拜][一二三四五六日天]){_DASH}+(?=(?:周|星期|礼拜)?[一二三四五六日天])"
    rf"|(?<=[周期拜]\d){_DASH}+(?=(?:周|星期|礼拜)\d)"
    rf"|(?<=[{_NUMERALS}][月日号点年岁天元米楼层班级章节页期届季度线个人名位倍成折]){_DASH}(?=[第早晚]?[{_NUMERALS}])"
    rf"|(?<=[{_NUMERALS}]){_DASH}(?=(?:百分之|[初高大研第早晚])?[{_NUMERALS}])"
    rf"|{preceded_by(_words('places', 'ranges'))}{_DASH}{{1,2}}(?={_PLACES})"
    rf"|{preceded_by(_TIMES)}[-–~～](?={one_of(_TIMES)})"
    rf"|{_ROUTES}"
)


def _wide(letters: str) -> str:
    number = rf"{_NUMBER_START}(?P<number>{NUMBER})(?:{_TO}(?P<upper>{NUMBER}))?"
    return rf"{number}(?P<scale>[{letters}]){WORD_END}(?P<more>\+)?"


_AFTER_WORDS = rf"(?<=[{LATIN}{HAN}\d.,;:!?。，；：！？、…%)）\]”」』》\"'])"
NOTES = (
    Rule("mark_of_note", r"\[\^[^\[\]\s]{1,20}\]|\[注[ ]?\d{0,3}\]", lambda _: ""),
    Rule("raised", r"(?i:<sup[^<>]{0,60}>(?P<raised>[^<>]{0,20})</sup>)", _raised),
    Rule("markup", rf"(?i:</?{one_of(_words('tags'))}(?:\s[^<>]{{0,200}})?/?>)", lambda _: ""),
    Rule(
        "choice",
        rf"(?=\[\d){preceded_by(_words('before_brackets'))}\[(?P<digits>\d{{1,3}})\]",
        lambda m: cardinal(m["digits"]),
    ),
    Rule(
        "citation",
        rf"(?={SPACES}\[\d){_AFTER_WORDS}{not_preceded_by(_words('before_brackets'))}"
        rf"{SPACES}\[\d{{1,3}}(?:[,，、\-–—~][ ]?\d{{1,3}}){{0,9}}\]",
        lambda _: "",
    ),
    Rule("circled_note", rf"(?=[①-⑳])(?<=[{LATIN}{HAN}”」』》])[①-⑳]+(?=[,.;:?!，。、；：？！…]|$)", lambda _: ""),
)
"""What is for the eye only, tried before everything else."""

RULES = (
    Rule(
        "until",
        rf"(?={GAP}{_DASH})(?:(?:{_ENDS_QUANTITY}){GAP}{_DASH}(?!—)|(?<=\d[年月日号])——){GAP}(?=[早晚]?-?\d)",
        lambda _: "到",
    ),
    Rule("between", rf"(?={_DASH})(?:{_BETWEEN})", lambda _: "到"),
    Rule(
        "letters",
        rf"(?<![{LATIN}\d-])(?P<lower>[A-Z])[-–~～](?P<upper>[A-Z])(?![{LATIN}\d-])",
        _letters,
    ),
    Rule(
        "type_number",
        rf"(?=-\d){preceded_by(_words('types', 'ranges'))}-(?P<digits>\d{{1,3}})(?!\d)",
        lambda m: model_number(m["digits"]),
    ),
    Rule("joined_name", rf"(?=-){preceded_by(_words('joined_names', 'ranges'))}-(?=[{HAN}])", lambda _: ""),
    Rule("numbered_names", rf"(?={_DASH})(?<=[A-Z]\d){_DASH}(?=[A-Z]\d)", lambda _: "到"),
    Rule("dates", rf"(?={_DASH})(?<=[./]\d|\d\d){_DASH}(?={_YEAR}[./]{_MONTH})", lambda _: "到"),
    Rule("minus", rf"(?=[ ]?-)(?<=[\d)])[ ]?-[ ]?(?={NUMBER}{_EQUALS})", lambda _: "减"),
    Rule("emergency", _EMERGENCIES, lambda m: "、".join(map(dialled, re.findall(r"\d+", m[0])))),
    Rule(
        "dialled",
        rf"(?=[ ]?\d{{3}}){preceded_by(_CODES)}[ ]?"
        rf"(?P<digits>\d{{3,18}}(?:[- ]\d{{3,8}}){{0,4}}){_UNCOUNTED}(?!-?\d|\*)",
        lambda m: telephone(m["digits"]),
    ),
    Rule("service", rf"(?=\d{{5}}){_NUMBER_START}{one_of(_words('services'))}{_UNCOUNTED}", lambda m: dialled(m[0])),
    Rule("called", rf"{_NUMBER_START}\d{{3,5}}(?={one_of(_words('called'))})", lambda m: dialled(m[0])),
    Rule(
        "lettered_room",
        rf"{WORD_START}(?P<letter>[A-Z])(?P<digits>\d{{3,4}})(?={_ROOM})",
        lambda m: m["letter"] + dialled(m["digits"]),
    ),
    Rule("room", _ROOMS, lambda m: dialled(m[0])),
    Rule(
        "institution",
        rf"{_NUMBER_START}\d{{3}}(?={one_of(_words('institutions', 'numbers'))})",
        lambda m: dialled(m[0]),
    ),
    Rule(
        "road",
        rf"{_NUMBER_START}(?<!第)[1-9](?:\d[1-9]|[1-9]0)(?={one_of(_words('roads', 'numbers'))})",
        lambda m: dialled(m[0]),
    ),
    Rule("digits_before", rf"{_NUMBER_START}(?:{_before('digits_before')})", lambda m: digit_by_digit(m[0])),
    Rule("dialled_before", rf"{_NUMBER_START}(?:{_before('dialled_before')})", lambda m: dialled(m[0])),
    Rule(
        "names",
        rf"{_NUMBER_START}{one_of(_words('digit_by_digit', 'numbers'))}{_UNCOUNTED}",
        lambda m: digit_by_digit(m[0]),
    ),
    Rule(
        "dialled_names", rf"{_NUMBER_START}{one_of(_words('dialled', 'numbers'))}{_UNCOUNTED}", lambda m: dialled(m[0])
    ),
    Rule(
        "praise",
        r"(?:(?<=[，。！？；、：“「 ])|(?<![^\n]))(?:6{3,6}|2333?)(?=[，。！？；、~～”」 ]|$)",
        lambda m: digit_by_digit(m[0]),
    ),
    Rule(
        "stock",
        rf"{_NUMBER_START}(?:60[0135]|688|689|00[0-3]|30[01])\d{{3}}(?!\d|[.,]\d)(?=[^，。！？；\d]{{0,8}}(?:股|证券|基金))",
        lambda m: dialled(m[0]),
    ),
    Rule("written_event", rf"(?<=[{_NUMERALS}])[·•‧・](?=[{_NUMERALS}])", lambda _: ""),
    Rule("event", r"(?<![\d.·•‧・])(?P<month>\d{1,2})[·•‧・](?P<day>\d{1,2})(?![\d·•‧・])", _event),
    Rule(
        "dotted_event",
        rf"(?<![\d.])(?P<month>\d{{1,2}})[.](?P<day>\d{{1,2}})"
        rf"(?=[ ”」』\"]?{one_of(_words('events'))})",
        _event,
    ),
    Rule(
        "feast", r"(?<![\d.])(?=(?:3\.8|5\.[14]|[678]\.1|10\.1)节(?![课目约能省电]))(?P<month>\d+)\.(?P<day>\d)", _event
    ),
    Rule("generation", rf"(?<![\d.,第到满]){_GENERATION}{_GENERATIONS}", lambda m: digit_by_digit(m[0])),
    Rule("generations", rf"(?:(?<=\d[05])|(?<=\d[05]后)){_DASH}(?={_GENERATION}{_AFTER_GENERATION})", lambda _: "到"),
    Rule("both_generations", rf"(?<=\d[05])/(?={_GENERATION}{_AFTER_GENERATION})", lambda _: "、"),
    Rule("discount", rf"(?<![\d.])[1-9]\d(?={GAP}折(?!{one_of(_words('not_discount'))}))", _discount),
    Rule(
        "season",
        rf"{WORD_START}(?P<lower>{_YEAR}|\d\d)[-–—/](?P<upper>\d{{4}}|\d\d)(?!\d)(?={GAP}(?:赛季|学年|财年|年(?!级)))",
        _years,
    ),
    Rule(
        "timestamp",
        rf"{WORD_START}(?P<year>{_YEAR})[-/](?P<month>{_MONTH})[-/](?P<day>{_DAY})(?:T|[ ])"
        rf"(?P<hour>{_HOUR}):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d{{1,9}})?)?(?P<zone>Z|(?:\+|(?<=:\d\d:\d\d)-)(?:0\d|1[0-4]):?[03]0)?(?![\d:])",
        _timestamp,
    ),
    Rule("iso_date", rf"{WORD_START}(?P<year>{_YEAR})[-/.](?P<month>{_MONTH})[-/.](?P<day>{_DAY})(?!\d)日?", _date),
    Rule("iso_month", rf"{WORD_START}(?P<year>{_YEAR})[-/](?P<month>1[0-2]|0[1-9])(?![\d-])", _date),
    Rule("dotted_month", rf"{WORD_START}(?P<year>(?:19|20)\d\d)\.(?P<month>1[0-2]|0[1-9]){_UNCOUNTED}", _date),
    Rule("round_years", rf"(?P<number>\d000){GAP}年(?={GAP}(?:前|来|以来|以上|的?历史|之久))", _round_years),
    Rule("span", rf"{_NUMBER_START}(?P<number>\d{{4}}){GAP}年(?={GAP}(?:的?历史|之久|的?光阴))", _round_years),
    Rule(
        "long_span",
        rf"(?=\d{{4}})(?:{preceded_by(_words('long_span_precedes'))}(?P<number>1\d{{3}})"
        rf"|{preceded_by(_words('span_precedes'))}(?<!到了)(?P<round>1[1-9]00)){GAP}年(?!{GAP}\d{{1,2}}月)",
        lambda m: cardinal(m["number"] or m["round"]) + "年",
    ),
    Rule("year_of_era", rf"(?:(?<=公元)|(?<=公元前))\d{{3}}(?={GAP}年)", _year_of_era),
    Rule("decade", rf"(?P<decade>{_YEAR}|\d0){GAP}年代", _decade),
    Rule("latin_decade", rf"{WORD_START}'?(?P<decade>(?:1\d|20)\d0|[789]0|(?<=')[2-6]0)'?s{WORD_END}", _decade),
    Rule(
        "date",
        rf"(?P<year>{_YEAR}){GAP}年(?:{GAP}(?P<month>{_MONTH}){GAP}月(?!{GAP}份?间)(?:{GAP}(?P<day>{_DAY}){GAP}(?P<day_word>[日号]))?)?",
        _date,
    ),
    Rule(
        "short_date",
        rf"'?(?P<year>\d\d){GAP}年{GAP}(?P<month>{_MONTH}){GAP}月(?:{GAP}(?P<day>{_DAY}){GAP}(?P<day_word>[日号]))?",
        _date,
    ),
    Rule("short_year", _SHORT_YEARS, lambda m: digit_by_digit(m[0])),
    Rule("clipped_year", rf"(?<![{LATIN}\d])'\d\d(?={GAP}年)", lambda m: digit_by_digit(m[0])),
    Rule("school_year", _SCHOOL_YEARS, lambda m: digit_by_digit(m[0])),
    Rule("dotted_day", rf"{_NUMBER_START}(?P<month>{_MONTH})\.(?P<day>{_DAY})[ ]?(?P<day_word>[日号])", _date),
    Rule("month", rf"(?P<month>{_MONTH}){GAP}月(?:{GAP}(?P<day>{_DAY}){GAP}(?P<day_word>[日号]))?", _date),
    Rule("day", rf"(?P<day>{_DAY}){GAP}(?P<day_word>日(?![元本语])|号)", _date),
    Rule("years", rf"{WORD_START}(?P<lower>{_YEAR}){_TO}(?P<upper>{_YEAR})(?!\d)", _years),
    Rule("score", rf"(?=\d){preceded_by(_words('precede', 'scores'))}{_SCORE}", _scored),
    Rule(
        "points",
        rf"{_NUMBER_START}(?P<lower>\d{{1,2}})[:：](?P<upper>\d?[1-46-9])(?!\d)(?=的(?:比赛|球|战|决赛))",
        _scored,
    ),
    Rule(
        "shares",
        rf"{_NUMBER_START}(?:55|46|64|37|73|28|82|19|91)(?=开[，。！？；,.的吧分]|开$)",
        lambda m: digit_by_digit(m[0]),
    ),
    Rule(
        "slashed_date",
        rf"{_NUMBER_START}(?P<month>{_MONTH})/(?P<day>{_DAY})"
        rf"(?=[ ]?(?:[(（]?(?:周|星期|礼拜)[一二三四五六日天\d]|{one_of(_words('of_a_day'))}))",
        _date,
    ),
    Rule("result", rf"{_NUMBER_START}{_SCORE}(?=[^，。！？\d]{{0,2}}{one_of(_words('follow', 'scores'))})", _scored),
    Rule(
        "time",
        rf"{WORD_START}(?P<hour>{_HOUR})[:：](?P<minute>[0-5]\d)(?:[:：](?P<second>[0-5]\d))?(?!\d)"
        rf"(?:[ ]?(?P<half>[AaPp]\.?[Mm]\b\.?)|[ ]?分(?!钟))?",
        _time,
    ),
    Rule(
        "blood_pressure",
        rf"(?=\d)(?:{_NUMBER_START}(?P<upper>\d{{2,3}}){GAP}/{GAP}(?P<lower>\d{{2,3}}){GAP}mmHg"
        rf"|{preceded_by(_words('pressures'))}\d{{2,3}}/\d{{2,3}}(?![\d/]))",
        _blood_pressure,
    ),
    Rule(
        "hour", rf"{_NUMBER_START}(?P<hour>1[0-2]|[1-9])(?P<minute>)(?P<second>)[ ]?(?P<half>[AaPp]\.?[Mm]\b\.?)", _time
    ),
    Rule("minutes", rf"{_NUMBER_START}(?P<minutes>\d{{1,2}})'(?P<seconds>[0-5]\d)[\"”″]", _minutes),
    Rule("seconds", rf"{_NUMBER_START}(?P<number>\d{{2,3}})s{WORD_END}", lambda m: decimal(m["number"]) + "秒"),
    Rule(
        "ratio",
        r"\d++(?:\.\d+)?(?:[:：]\d++(?:\.\d+)?){1,4}",
        _ratio,
    ),
    Rule(
        "money",
        rf"(?P<sign>-)?(?P<currency>{_CURRENCY}){GAP}(?P<number>{NUMBER})(?:{GAP}(?P<lower_scale>{_MONEY_SCALE})(?={_TO}{_CURRENCY}))?"
        rf"(?:{_TO}(?:{_CURRENCY}{GAP})?(?P<upper>{NUMBER}))?(?:{GAP}(?P<scale>{_MONEY_SCALE}))?(?:{GAP}{_CURRENCY_NAME})?{_PERS}",
        _money,
    ),
    Rule(
        "money_after",
        rf"(?P<sign>-)?(?P<number>{NUMBER})(?P<upper>)(?P<lower_scale>)(?:{GAP}(?P<scale>{_MONEY_SCALE}))?{GAP}(?P<currency>{_CURRENCY}(?![{LATIN}])|[$€£¥])(?!\d){_PERS}",
        _money,
    ),
    Rule(
        "percent",
        rf"{_SIGN}(?P<number>{NUMBER})(?:%?{_TO}(?P<upper>{NUMBER}))?{GAP}(?P<mark>[%‰])(?P<more>\+(?!\d))?",
        _percent,
    ),
    Rule(
        "below_zero",
        rf"(?<![{LATIN}\d)])-(?P<number>{NUMBER})(?=(?:{_TO}-?\d{{1,3}})?{GAP}(?:多|几|来)?度)",
        lambda m: "零下" + decimal(m["number"]),
    ),
    Rule(
        "length",
        rf"{_NUMBER_START}(?:(?P<number>\d{{1,3}})米|(?P<metres>[12])m(?=\d\d))(?P<rest>\d{{1,2}})(?!{_UNIT}{WORD_END}){_UNCOUNTED}",
        _length,
    ),
    Rule(
        "ten_thousands",
        rf"(?=\d){not_preceded_by(_words('wattage'))}{_wide('w')}(?!{one_of(_words('wide'))})",
        _letter_scale,
    ),
    Rule("watts", rf"{_NUMBER_START}(?P<number>{NUMBER})w{WORD_END}", lambda m: counted(m["number"]) + "瓦"),
    Rule(
        "thousands", rf"(?=\d)(?<!跑)(?<!跑了)(?<!跑完){_wide('k')}(?!{GAP}{one_of(_words('pixels'))})", _letter_scale
    ),
    Rule("paid", rf"(?=\d){preceded_by(_words('paid'))}{_wide('WK')}", _letter_scale),
    Rule(
        "bare_capital",
        rf"(?=\d)(?!(?:2|4|5|8|10|16)K)(?<!跑)(?<!跑了){_wide('K')}(?=[，。！？、；,.]|$|{_TO}\d+K)",
        _letter_scale,
    ),
    Rule("viewed", rf"{_wide('WK')}(?:(?<=\+)|(?={GAP}{one_of(_words('viewed'))}))", _letter_scale),
    Rule(
        "broadband",
        rf"{_NUMBER_START}(?P<number>{NUMBER})M(?={GAP}{one_of(_words('broadband'))})",
        lambda m: counted(m["number"]) + "兆",
    ),
    Rule(
        "hours",
        rf"{_NUMBER_START}(?P<number>\d{{1,2}})h(?=\d{{1,2}}(?:min|m|分))",
        lambda m: counted(m["number"]) + "小时",
    ),
    Rule(
        "measure",
        rf"{_SIGN}(?<![A-Za-gi-wyz])(?P<number>{NUMBER})(?:{_TO}(?P<upper>{NUMBER}))?{GAP}(?P<unit>{_UNIT})(?![{LATIN}\d²³]){_PERS}",
        _measure,
    ),
    Rule(
        "one_on_one",
        rf"{_NUMBER_START}(?P<one>\d{{1,2}})[vV][sS]?(?P<other>\d{{1,2}}){WORD_END}",
        lambda m: f"{cardinal(m['one'])}对{cardinal(m['other'])}",
    ),
    Rule(
        "per",
        rf"(?:{_AFTER_AMOUNT}{one_of({*_words('per'), *_COUNTED})}|{one_of(_words('priced'))})"
        rf"(?:{GAP}/{GAP}{_PER}){{1,3}}",
        lambda m: _per(m[0]),
    ),
    Rule(
        "ordinal_pair",
        r"第[ ]?(?P<first>\d{1,3})(?P<joint>[、和/])(?P<second>\d{1,3})(?=[^\d.点%])",
        lambda m: f"{ordinal(m['first'])}{'、' if m['joint'] == '/' else m['joint']}{cardinal(m['second'])}",
    ),
    Rule("ordinals", rf"第[ ]?(?P<lower>\d+){_TO}(?P<upper>\d+)", _ordinals),
    Rule("ordinal_version", r"第[ ]?(?P<number>\d+\.\d+)", lambda m: "第" + decimal(m["number"])),
    Rule("ordinal", r"第[ ]?(?P<digits>\d+)", lambda m: ordinal(m["digits"])),
    Rule("latin_ordinal", rf"{WORD_START}(?P<digits>\d+)(?:st|nd|rd|th){WORD_END}", lambda m: ordinal(m["digits"])),
    Rule(
        "telephone",
        rf"(?<![{LATIN}\d.])(?:\+\d{{1,3}}[ -]?(?:\(?\d{{2,4}}\)?[ -]?){{1,4}}\d{{3,4}}"
        rf"|\(0\d{{2,3}}\)[ -]?\d{{3,4}}[ -]?\d{{4}}|0\d{{2,3}}[- ]\d{{3,4}}[- ]?\d{{4}}"
        rf"|\d{{4}}(?:[ -]\d{{4}}){{3,4}}|[48]00[ -]\d{{3,4}}[ -]\d{{3,4}}"
        rf"|1[3-9]\d\*{{4}}\d{{4}}|1[3-9]\d{{9}}|1[3-9]\d[ -]\d{{4}}[ -]\d{{4}}"
        rf"|\d{{3}}-\d{{4}}|\d+-\d+(?:-\d+){{1,20}})(?![\d{LATIN}]|[ ]?=)",
        lambda m: telephone(m[0]),
    ),
    Rule("version", r"\d+(?:\.\d+){2,}", _version),
    Rule("figure", r"(?<=[图表式])\d{1,3}(?:-\d{1,3}){1,3}", lambda m: "杠".join(map(cardinal, m[0].split("-")))),
    Rule("range", rf"{WORD_START}(?P<lower>{NUMBER}){_TO}(?P<upper>{NUMBER})(?![-\d]|{_EQUALS})", _range),
    Rule(
        "all_hours",
        r"(?<![\d/])24/7(?![\d/])",
        lambda _: "二十四七",
    ),
    Rule(
        "fraction",
        rf"{WORD_START}(?<!\d/)(?:(?P<whole>\d+)[ ])?(?P<upper>\d{{1,4}})/(?P<lower>\d{{1,4}})(?![\d/])",
        _fraction,
    ),
    Rule("mixed", rf"{_NUMBER_START}(?P<whole>\d{{1,3}})[ ]?(?P<part>[¼½¾⅐-⅞])", _mixed),
    Rule("first", r"(?<![A-Za-z])(?:No|NO|no)\.?[ ]?1(?![\d.])", lambda _: "第一"),
    Rule("numbered", r"(?:No\.[ ]?|№[ ]?|#)(?P<digits>\d+)", lambda m: f"{cardinal(m['digits'])}号"),
    Rule("multiple", rf"(?P<number>{NUMBER})[xX×](?![\w+=*/-])", lambda m: counted(m["number"]) + "倍"),
    Rule(
        "times",
        rf"(?=[ ]?[x×*])(?:(?<=\d)|{preceded_by(UNITS, first='[0-9]')})[ ]?[x×*][ ]?(?=\d)",
        lambda _: "乘",
    ),
    Rule("more_than", rf"(?P<number>{NUMBER})\+(?!\d)", lambda m: decimal(m["number"]) + "多"),
    Rule(
        "about",
        rf"(?={GAP}[~～])(?<![\d{LATIN}%℃]){GAP}[~～]{GAP}(?={NUMBER})",
        lambda m: "" if _says_about(m) else "约",
    ),
    Rule("two", rf"(?<![\d.])2(?={GAP}{_LIANG})", lambda _: "两"),
    Rule("quantity", rf"{NUMBER}(?={GAP}{_MEASURE})", lambda m: decimal(m[0])),
    Rule(
        "roman_rank",
        rf"(?=[ ]?[IVX]){preceded_by(_words('monarchs', 'romans'))}[ ]?(?P<roman>{_ROMAN}){WORD_END}(?!世)",
        lambda m: _roman(m) + "世",
    ),
    Rule("roman_ordinal", rf"(?=[ ]?[IVX])(?<=第)[ ]?(?P<roman>(?!X{{1,2}}(?![IVX])){_ROMAN}){WORD_END}", _roman),
    Rule(
        "roman_kind",
        rf"{WORD_START}(?P<roman>(?!V{GAP}[型领]|X{{1,2}}(?![IVX])){_ROMAN}){WORD_END}"
        rf"(?={GAP}{one_of(_words('follow', 'romans'))})",
        _roman,
    ),
    Rule(
        "roman",
        rf"(?=[IVX]{{2}})(?:(?<=[{HAN}》])|(?<=[a-z{HAN}》][ ]))(?P<roman>(?!XX|VI(?:设计|系统)){_ROMAN}){WORD_END}",
        _roman,
    ),
    Rule("formula", rf"{WORD_START}{_formulas()}{WORD_END}(?![.₀-₉])", _formula),
    Rule(
        "plate",
        rf"(?=[A-Z]){_PLATE}(?P<plate>[A-Z][·•]?(?=[A-Z]{{0,3}}\d)[A-Z\d]{{5,6}}){WORD_END}",
        lambda m: _spelled(m["plate"]),
    ),
    Rule(
        "flight",
        _FLIGHTS,
        lambda m: " ".join(re.sub(r"\d", lambda d: digit_by_digit(d[0]), m["letters"])) + dialled(m["digits"]),
    ),
    Rule(
        "train",
        rf"{WORD_START}(?P<letter>[GDKTZ])(?P<digits>(?!\d{{1,2}}00(?!次|国道))\d{{3,4}})(?![\d.{LATIN}])",
        lambda m: m["letter"] + dialled(m["digits"]),
    ),
    Rule("to", rf"{WORD_START}(?P<one>[A-Z])2(?P<other>[A-Z]){WORD_END}", lambda m: f"{m['one']} to {m['other']}"),
    Rule(
        "arc",
        r"(?<=°)[ ]?(?P<minutes>\d{1,2})[′'](?:[ ]?(?P<seconds>\d{1,2}(?:\.\d+)?)[″\"])?",
        _minutes,
    ),
    Rule("aircraft", r"(?<=波音)[ ]?7\d7", lambda m: digit_by_digit(m[0])),
    Rule("product", r"(?<=[A-Z]{2} )\d{4}(?![.,]?\d)", lambda m: digit_by_digit(m[0])),
    Rule("year", rf"(?<![\d.,{LATIN}])(?:19\d|20(?!00)\d)\d(?![.,]\d|\d)", lambda m: digit_by_digit(m[0])),
    Rule("leading_zero", r"0\d+(?![.,]?\d)", lambda m: digit_by_digit(m[0])),
    Rule("long_number", r"\d{8,}(?![.,]?\d)", _long_number),
    Rule(
        "negative",
        rf"(?<![{LATIN}\d)])[-±](?P<number>{NUMBER})",
        lambda m: _SIGN_NAMES[m[0][0]] + decimal(m["number"]),
    ),
    Rule("number", NUMBER, lambda m: decimal(m[0])),
    Rule("bare_decimal", rf"(?<![\d{LATIN}])\.\d+", lambda m: decimal(m[0])),
    Rule(
        "gap",
        rf"(?<=\d)[ ]++(?={_MEASURE}|[{_SIGNS}])|(?<=[{HAN}{_SIGNS}])[ ]++(?=\d)|(?<=[\d{HAN}])[ ]++(?=[{_SIGNS}][ ])",
        lambda _: "",
    ),
    Rule("either", r"(?<=\d)[ ]?/[ ]?(?=\d)", lambda _: "，"),
    Rule(
        "greek",
        rf"(?<![Ͱ-Ͽ])(?P<letter>(?!μ[mgLsAFV])[Α-Ωα-ωϕ])(?![Ͱ-Ͽ])(?:-(?=[\d{HAN}]))?",
        lambda m: _WORDS["letters"][m["letter"].lower()],
    ),
)
