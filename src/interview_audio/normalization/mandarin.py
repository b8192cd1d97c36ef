"""Numbers, dates, times, money and measures in Mandarin text, as a newsreader says them."""

import functools
import re
from decimal import Decimal
from fractions import Fraction

from interview_audio.normalization.grammar import GAP, NUMBER, Match, Rule, one_of
from interview_audio.normalization.units import CURRENCIES, SCALES, UNITS
from interview_audio.text.characters import HAN, LATIN

_DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_LONGEST = 16
"""Digits of the largest number that has a name; longer ones are read digit by digit."""
_SCALES = ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))


def digit_by_digit(digits: str, one: str = "一") -> str:
    """Read each digit by itself and skip everything else (``010-8`` becomes 零一零八)."""
    return "".join(one if digit == "1" else _DIGITS[digit] for digit in digits if digit in _DIGITS)


def telephone(digits: str) -> str:
    """Read a number that is dialled: 一 becomes 幺, groups are set apart."""
    return "，".join(digit_by_digit(group, one="幺") for group in re.findall(r"\d+", digits))


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
            return counted(_plain(value / scale)) + name
    return counted(_plain(value))


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


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_MEASURE_LIST = (
    "个 位 名 种 年 天 周 星期 礼拜 小时 钟头 分钟 秒 点 岁 倍 块 元 美元 美金 欧元 英镑 日元 港元 家 只 "
    "条 张 本 台 辆 架 座 间 句 次 场 件 项 款 部 份 篇 页 人 口 股 度 代 遍 回 趟 "
    "步 层 段 章 道 题 批 组 队 对 双 套 支 颗 粒 滴 杯 瓶 碗 盒 包 箱 公里 千米 米 厘米 "
    "毫米 公斤 千克 斤 克 吨 升 亩 英里 英尺 平方 立方 百 千 万 亿 兆 多 余 来 几 者 国 省 市 县 "
    "字 词 轮 幅 首 枚 株 棵 头 匹 群 门 所 笔 桩 样 类 级 期 版 季 集 届 卷 号 日 "
    "月 世纪 摄氏度 百分点 像素 瓦 伏 赫兹 票"
)
_MEASURES = _MEASURE_LIST.split()
_MEASURE = one_of(_MEASURES)
_COUNTED_BY_ER = "级 期 版 季 号 日 月 世纪 来 几 多 余 百 届 度"
_TWO_IS_LIANG = one_of([word for word in _MEASURES if word not in _COUNTED_BY_ER.split()])
_HAN_SCALE = "[十百千万亿兆]+"
_YEAR = r"(?:1[0-9]|20)\d\d"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_TO = rf"{GAP}(?:[-–—~～]+|至|到){GAP}"
_WORD_START = rf"(?<![{LATIN}\d])"
_WORD_END = rf"(?![{LATIN}\d])"
_SIGN = rf"(?:(?<![{LATIN}\d.)])(?P<sign>[-+±]))?"
_SIGN_NAMES = {"-": "负", "+": "正", "±": "正负", None: ""}
_CURRENCY = one_of(list(CURRENCIES))
_CURRENCY_NAME = one_of(sorted({currency.mandarin for currency in CURRENCIES.values()}))
_DIALLED = "|".join(
    f"(?<={word})" for word in ("拨打", "致电", "电话", "邮编", "号码", "尾号", "邮编是", "号码是", "房间号是")
)
_UNIT = one_of(list(UNITS))


def _date(match: Match) -> str:
    groups = match.groupdict()
    year = digit_by_digit(match["year"]) + "年" if groups.get("year") else ""
    month = cardinal(match["month"]) + "月" if groups.get("month") else ""
    day = cardinal(match["day"]) + (groups.get("day_word") or "日") if groups.get("day") else ""
    return year + month + day


def _round_years(match: Match) -> str:
    return cardinal(match["number"]) + "年" if match["number"] != "2" else "两年"


def _decade(match: Match) -> str:
    digits = match["decade"]
    return (digit_by_digit(digits) if len(digits) == 4 else cardinal(digits)) + "年代"


def _years(match: Match) -> str:
    return f"{digit_by_digit(match['lower'])}到{digit_by_digit(match['upper'])}"


def _time(match: Match) -> str:
    half = _half_day(match)
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    spoken = half + counted(str(hour)) + "点"
    if match["second"]:
        return f"{spoken}{_sixty(minute)}分{_sixty(int(match['second']))}秒"
    if minute:
        return f"{spoken}{_sixty(minute)}分"
    return spoken if half else spoken + "整"


def _half_day(match: Match) -> str:
    if not match["half"]:
        return ""
    if match["half"][0] in "aA":
        return "上午"
    return "下午" if int(match["hour"]) in (12, 1, 2, 3, 4, 5) else "晚上"


def _sixty(number: int) -> str:
    return ("零" if 0 < number < 10 else "") + cardinal(str(number))


def _money(match: Match) -> str:
    name = CURRENCIES[match["currency"]].mandarin
    sign = "负" if match["sign"] else ""
    lower = _money_value(match["number"], match["scale"])
    if not match["upper"]:
        return sign + lower + name
    return f"{sign}{decimal(match['number'])}到{_money_value(match['upper'], match['scale'])}{name}"


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
    return f"{_SIGN_NAMES[match['sign']]}{name}{decimal(match['number'])}{upper}"


def _measure(match: Match) -> str:
    template = UNITS[match["unit"]].mandarin
    below_zero = match["sign"] == "-" and template.endswith("度")
    sign = "零下" if below_zero else _SIGN_NAMES[match["sign"]]
    number = decimal(match["number"]) + "到" + decimal(match["upper"]) if match["upper"] else counted(match["number"])
    return sign + template.format(number)


def _range(match: Match) -> str:
    lower, upper = (Decimal(match[name].replace(",", "")) for name in ("lower", "upper"))
    return f"{decimal(match['lower'])}{'到' if lower < upper else '比'}{decimal(match['upper'])}"


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


def _long_number(match: Match) -> str:
    return cardinal(match[0]) if match[0].endswith("000") else digit_by_digit(match[0])


def _idiom(match: Match) -> str:
    return digit_by_digit(match[0], one="幺" if match[0] == "211" else "一")


def _version(match: Match) -> str:
    return "点".join(cardinal(part) for part in match[0].split("."))


RULES = (
    Rule("until", rf"(?:(?<=[年月日号%℃C])|(?<=:\d\d)){GAP}[-–—~～]+{GAP}(?=-?\d)", lambda _: "到"),
    Rule("dialled", rf"(?:{_DIALLED})[ ]?(?P<digits>\d{{3,6}})(?!\d)", lambda m: telephone(m["digits"])),
    Rule("idiom", r"(?:996|007)(?=工作制|制)|(?:985|211)(?=高校|院校|大学|工程|[和、/]985)|618(?=大促)", _idiom),
    Rule("nine_eleven", r"9[·•.\-/]?11(?=[ ]?(?:事件|恐怖|袭击))", lambda _: "九一一"),
    Rule("iso_date", rf"{_WORD_START}(?P<year>{_YEAR})[-/.](?P<month>{_MONTH})[-/.](?P<day>{_DAY})(?!\d)日?", _date),
    Rule("iso_month", rf"{_WORD_START}(?P<year>{_YEAR})[-/](?P<month>1[0-2]|0[1-9])(?![\d-])", _date),
    Rule("round_years", rf"(?P<number>\d000){GAP}年(?={GAP}(?:前|来|以来|以上|的?历史|之久))", _round_years),
    Rule("decade", rf"(?P<decade>{_YEAR}|\d0){GAP}年代", _decade),
    Rule("latin_decade", rf"{_WORD_START}'?(?P<decade>(?:1\d|20)\d0|[2-9]0)'?s{_WORD_END}", _decade),
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
    Rule("month", rf"(?P<month>{_MONTH}){GAP}月(?:{GAP}(?P<day>{_DAY}){GAP}(?P<day_word>[日号]))?", _date),
    Rule("day", rf"(?P<day>{_DAY}){GAP}(?P<day_word>[日号])", _date),
    Rule(
        "season", rf"{_WORD_START}(?P<lower>{_YEAR})[-–—/](?P<upper>\d\d)(?!\d)(?={GAP}(?:赛季|学年|财年|年))", _years
    ),
    Rule("years", rf"{_WORD_START}(?P<lower>{_YEAR}){_TO}(?P<upper>{_YEAR})(?!\d)", _years),
    Rule(
        "time",
        rf"{_WORD_START}(?P<hour>2[0-4]|1\d|0?\d)[:：](?P<minute>[0-5]\d)(?:[:：](?P<second>[0-5]\d))?(?!\d)"
        rf"(?:[ ]?(?P<half>[AaPp]\.?[Mm]\b\.?))?",
        _time,
    ),
    Rule("ratio", r"(?P<lower>\d++)[:：](?P<upper>\d+)", _scored),
    Rule(
        "money",
        rf"(?P<sign>-)?(?P<currency>{_CURRENCY}){GAP}(?P<number>{NUMBER})(?:{_TO}{_CURRENCY}?(?P<upper>{NUMBER}))?"
        rf"(?:{GAP}(?P<scale>{_HAN_SCALE}|{one_of(list(SCALES))}{_WORD_END}))?(?:{GAP}{_CURRENCY_NAME})?",
        _money,
    ),
    Rule("money_after", rf"(?P<sign>-)?(?P<number>{NUMBER})(?P<upper>)(?P<scale>)(?P<currency>[$€£¥])(?!\d)", _money),
    Rule("percent", rf"{_SIGN}(?P<number>{NUMBER})(?:%?{_TO}(?P<upper>{NUMBER}))?{GAP}(?P<mark>[%‰])", _percent),
    Rule(
        "measure",
        rf"{_SIGN}(?P<number>{NUMBER})(?:{_TO}(?P<upper>{NUMBER}))?{GAP}(?P<unit>{_UNIT})(?![{LATIN}\d²³])",
        _measure,
    ),
    Rule("ordinals", rf"第[ ]?(?P<lower>\d+){_TO}(?P<upper>\d+)", _ordinals),
    Rule("ordinal", r"第[ ]?(?P<digits>\d+)", lambda m: ordinal(m["digits"])),
    Rule("latin_ordinal", rf"{_WORD_START}(?P<digits>\d+)(?:st|nd|rd|th){_WORD_END}", lambda m: ordinal(m["digits"])),
    Rule(
        "telephone",
        rf"(?<![{LATIN}\d.])(?:\+\d{{1,3}}[ -]?(?:\(?\d{{2,4}}\)?[ -]?){{1,4}}\d{{3,4}}"
        rf"|0\d{{2,3}}-\d{{7,8}}|1[3-9]\d{{9}}|1[3-9]\d[ -]\d{{4}}[ -]\d{{4}}"
        rf"|\d{{3}}-\d{{4}}|\d+-\d+(?:-\d+){{1,20}})(?![\d{LATIN}])",
        lambda m: telephone(m[0]),
    ),
    Rule("version", r"\d+(?:\.\d+){2,}", _version),
    Rule("range", rf"{_WORD_START}(?P<lower>{NUMBER}){_TO}(?P<upper>{NUMBER})(?![-\d])", _range),
    Rule(
        "fraction", rf"{_WORD_START}(?:(?P<whole>\d+)[ ])?(?P<upper>\d{{1,4}})/(?P<lower>\d{{1,4}})(?![\d/])", _fraction
    ),
    Rule("numbered", r"(?:No\.[ ]?|№[ ]?|#)(?P<digits>\d+)", lambda m: f"{cardinal(m['digits'])}号"),
    Rule("multiple", rf"(?P<number>{NUMBER})[xX×](?![\w])", lambda m: counted(m["number"]) + "倍"),
    Rule("times", r"(?<=\d)[ ]?[x×*][ ]?(?=\d)", lambda _: "乘"),
    Rule("more_than", rf"(?P<number>{NUMBER})\+(?!\d)", lambda m: decimal(m["number"]) + "多"),
    Rule("two", rf"(?<![\d.])2(?={GAP}{_TWO_IS_LIANG})", lambda _: "两"),
    Rule("quantity", rf"{NUMBER}(?={GAP}{_MEASURE})", lambda m: decimal(m[0])),
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
    Rule("gap", rf"(?<=\d)[ ]++(?={_MEASURE})|(?<=[{HAN}])[ ]++(?=\d)", lambda _: ""),
)
