"""Units, currencies and scales: the signs, and their names in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure."""

    mandarin: str
    """With ``{}`` where the number is said."""
    singular: str
    plural: str


def _unit(mandarin: str, singular: str, plural: str = "") -> Unit:
    return Unit(mandarin if "{}" in mandarin else "{}" + mandarin, singular, plural or singular + "s")


UNITS = {
    "km/h": _unit("每小时{}公里", "kilometer per hour", "kilometers per hour"),
    "kph": _unit("每小时{}公里", "kilometer per hour", "kilometers per hour"),
    "mph": _unit("每小时{}英里", "mile per hour", "miles per hour"),
    "m/s": _unit("每秒{}米", "meter per second", "meters per second"),
    "fps": _unit("每秒{}帧", "frame per second", "frames per second"),
    "Mbps": _unit("每秒{}兆比特", "megabit per second", "megabits per second"),
    "Gbps": _unit("每秒{}吉比特", "gigabit per second", "gigabits per second"),
    "℃": _unit("摄氏度", "degree Celsius", "degrees Celsius"),
    "°C": _unit("摄氏度", "degree Celsius", "degrees Celsius"),
    "℉": _unit("华氏度", "degree Fahrenheit", "degrees Fahrenheit"),
    "°F": _unit("华氏度", "degree Fahrenheit", "degrees Fahrenheit"),
    "°": _unit("度", "degree"),
    "kg": _unit("公斤", "kilogram"),
    "㎏": _unit("公斤", "kilogram"),
    "g": _unit("克", "gram"),
    "mg": _unit("毫克", "milligram"),
    "μg": _unit("微克", "microgram"),
    "lb": _unit("磅", "pound"),
    "lbs": _unit("磅", "pound"),
    "oz": _unit("盎司", "ounce"),
    "km": _unit("公里", "kilometer"),
    "㎞": _unit("公里", "kilometer"),
    "m": _unit("米", "meter"),
    "cm": _unit("厘米", "centimeter"),
    "㎝": _unit("厘米", "centimeter"),
    "mm": _unit("毫米", "millimeter"),
    "㎜": _unit("毫米", "millimeter"),
    "μm": _unit("微米", "micrometer"),
    "nm": _unit("纳米", "nanometer"),
    "ft": _unit("英尺", "foot", "feet"),
    "mi": _unit("英里", "mile"),
    "km²": _unit("平方公里", "square kilometer"),
    "km2": _unit("平方公里", "square kilometer"),
    "m²": _unit("平方米", "square meter"),
    "m2": _unit("平方米", "square meter"),
    "㎡": _unit("平方米", "square meter"),
    "m³": _unit("立方米", "cubic meter"),
    "m3": _unit("立方米", "cubic meter"),
    "L": _unit("升", "liter"),
    "mL": _unit("毫升", "milliliter"),
    "ml": _unit("毫升", "milliliter"),
    "h": _unit("小时", "hour"),
    "hr": _unit("小时", "hour"),
    "hrs": _unit("小时", "hour"),
    "min": _unit("分钟", "minute"),
    "mins": _unit("分钟", "minute"),
    "sec": _unit("秒", "second"),
    "ms": _unit("毫秒", "millisecond"),
    "Hz": _unit("赫兹", "hertz", "hertz"),
    "kHz": _unit("千赫", "kilohertz", "kilohertz"),
    "MHz": _unit("兆赫", "megahertz", "megahertz"),
    "GHz": _unit("吉赫", "gigahertz", "gigahertz"),
    "W": _unit("瓦", "watt"),
    "kW": _unit("千瓦", "kilowatt"),
    "MW": _unit("兆瓦", "megawatt"),
    "GW": _unit("吉瓦", "gigawatt"),
    "kWh": _unit("千瓦时", "kilowatt hour"),
    "mAh": _unit("毫安时", "milliamp hour"),
    "dB": _unit("分贝", "decibel"),
    # Mandarin speakers spell the units of memory.
    "KB": _unit("{} K B", "kilobyte"),
    "MB": _unit("{} M B", "megabyte"),
    "GB": _unit("{} G B", "gigabyte"),
    "TB": _unit("{} T B", "terabyte"),
    "PB": _unit("{} P B", "petabyte"),
}

ENGLISH_UNITS = UNITS | {
    "GB/s": _unit("每秒{} G B", "gigabyte per second", "gigabytes per second"),
    "MB/s": _unit("每秒{} M B", "megabyte per second", "megabytes per second"),
    "kB/s": _unit("每秒{} K B", "kilobyte per second", "kilobytes per second"),
    "Gb/s": _unit("每秒{}吉比特", "gigabit per second", "gigabits per second"),
    "Mb/s": _unit("每秒{}兆比特", "megabit per second", "megabits per second"),
    "Gbit/s": _unit("每秒{}吉比特", "gigabit per second", "gigabits per second"),
    "Mbit/s": _unit("每秒{}兆比特", "megabit per second", "megabits per second"),
    "V": _unit("伏", "volt"),
    "Nm": _unit("牛米", "newton meter"),
    "mi/h": _unit("每小时{}英里", "mile per hour", "miles per hour"),
    "yr": _unit("年", "year"),
    "yrs": _unit("年", "year"),
    "mos": _unit("个月", "month"),
    "wk": _unit("周", "week"),
    "wks": _unit("周", "week"),
    "secs": _unit("秒", "second"),
    "tsp": _unit("茶匙", "teaspoon"),
    "tsps": _unit("茶匙", "teaspoon"),
    "tbsp": _unit("汤匙", "tablespoon"),
    "tbsps": _unit("汤匙", "tablespoon"),
    "fl oz": _unit("液盎司", "fluid ounce"),
    "gal": _unit("加仑", "gallon"),
    "pt": _unit("品脱", "pint"),
    "qt": _unit("夸脱", "quart"),
    "ha": _unit("公顷", "hectare"),
    "sq ft": _unit("平方英尺", "square foot", "square feet"),
    "sq. ft.": _unit("平方英尺", "square foot", "square feet"),
    "sq mi": _unit("平方英里", "square mile"),
    "sq km": _unit("平方公里", "square kilometer"),
    "sq m": _unit("平方米", "square meter"),
    "cu ft": _unit("立方英尺", "cubic foot", "cubic feet"),
    "yd": _unit("码", "yard"),
    "yds": _unit("码", "yard"),
    "lbs.": _unit("磅", "pound"),
    "oz.": _unit("盎司", "ounce"),
    "ft.": _unit("英尺", "foot", "feet"),
    "mpg": _unit("每加仑{}英里", "mile per gallon", "miles per gallon"),
    "rpm": _unit("每分钟{}转", "R P M", "R P M"),
    "bpm": _unit("每分钟{}拍", "beat per minute", "beats per minute"),
    "psi": _unit("{} P S I", "P S I", "P S I"),
    "kcal": _unit("千卡", "kilocalorie"),
    "kJ": _unit("千焦", "kilojoule"),
    "kPa": _unit("千帕", "kilopascal"),
    "hPa": _unit("百帕", "hectopascal"),
    "mmHg": _unit("毫米汞柱", "millimeter of mercury", "millimeters of mercury"),
    "kV": _unit("千伏", "kilovolt"),
    "mV": _unit("毫伏", "millivolt"),
    "mA": _unit("毫安", "milliamp"),
    "mW": _unit("毫瓦", "milliwatt"),
    "MWh": _unit("兆瓦时", "megawatt hour"),
    "GWh": _unit("吉瓦时", "gigawatt hour"),
    "TWh": _unit("太瓦时", "terawatt hour"),
    "Wh": _unit("瓦时", "watt hour"),
    "kB": _unit("{} K B", "kilobyte"),
    "KiB": _unit("{} K B", "kibibyte"),
    "GiB": _unit("{} G B", "gibibyte"),
    "MiB": _unit("{} M B", "mebibyte"),
    "kbps": _unit("每秒{}千比特", "kilobit per second", "kilobits per second"),
    "Kbps": _unit("每秒{}千比特", "kilobit per second", "kilobits per second"),
    "Tbps": _unit("每秒{}太比特", "terabit per second", "terabits per second"),
    "dpi": _unit("{} D P I", "D P I", "D P I"),
    "dBA": _unit("分贝", "decibel"),
    "cl": _unit("厘升", "centiliter"),
    "dl": _unit("分升", "deciliter"),
    "mcg": _unit("微克", "microgram"),
    "µg": _unit("微克", "microgram"),
    "µm": _unit("微米", "micrometer"),
    "µs": _unit("微秒", "microsecond"),
    "μs": _unit("微秒", "microsecond"),
    "ns": _unit("纳秒", "nanosecond"),
    "Ω": _unit("欧姆", "ohm"),
    "kΩ": _unit("千欧", "kilohm"),
    "m<sup>2</sup>": _unit("平方米", "square meter"),
    "km<sup>2</sup>": _unit("平方公里", "square kilometer"),
    "m<sup>3</sup>": _unit("立方米", "cubic meter"),
    "cm<sup>2</sup>": _unit("平方厘米", "square centimeter"),
    "cm²": _unit("平方厘米", "square centimeter"),
    "cm³": _unit("立方厘米", "cubic centimeter"),
    "km³": _unit("立方公里", "cubic kilometer"),
    "ft²": _unit("平方英尺", "square foot", "square feet"),
    "m/s²": _unit("米每二次方秒", "meter per second squared", "meters per second squared"),
    "g/cm³": _unit("克每立方厘米", "gram per cubic centimeter", "grams per cubic centimeter"),
    "mg/L": _unit("毫克每升", "milligram per liter", "milligrams per liter"),
    "mg/dL": _unit("毫克每分升", "milligram per deciliter", "milligrams per deciliter"),
    "ft/s": _unit("英尺每秒", "foot per second", "feet per second"),
    "km/s": _unit("公里每秒", "kilometer per second", "kilometers per second"),
}
"""Those of which Mandarin text has other meanings or none as well; English text may have them all."""

_ALSO_MANDARIN = "cm² cm³ mmHg hPa kPa kcal kJ V kV mA Ω kΩ rpm bpm kbps kB/s MB/s GB/s mW MWh GWh dBA μs ns km³ g/cm³"
MANDARIN_UNITS = (
    UNITS
    | {sign: ENGLISH_UNITS[sign] for sign in _ALSO_MANDARIN.split()}
    | {
        "hm²": _unit("公顷", "hectare"),
        "hm2": _unit("公顷", "hectare"),
        "μL": _unit("微升", "microliter"),
        "dL": _unit("分升", "deciliter"),
        "㎎": _unit("毫克", "milligram"),
        "㎖": _unit("毫升", "milliliter"),
        "Pa": _unit("帕", "pascal"),
        "MPa": _unit("兆帕", "megapascal"),
        "mol": _unit("摩尔", "mole"),
        "mmol": _unit("毫摩尔", "millimole"),
        "MΩ": _unit("兆欧", "megohm"),
        "KG": UNITS["kg"],
        "Kg": UNITS["kg"],
        "KM": UNITS["km"],
        "Km": UNITS["km"],
        "CM": UNITS["cm"],
        "MM": UNITS["mm"],
        "ML": UNITS["ml"],
        "KW": UNITS["kW"],
        "kw": UNITS["kW"],
        "kW·h": UNITS["kWh"],
        "kwh": UNITS["kWh"],
        "KWH": UNITS["kWh"],
        "kcal": _unit("大卡", ""),
        "m/s²": _unit("米每二次方秒", ""),
        "t": _unit("吨", ""),
        "ha": _unit("公顷", ""),
        "bp": _unit("个基点", ""),
        "Mpa": _unit("兆帕", ""),
    }
)
"""With the spellings that Mandarin text has besides."""


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency; ``cent`` is empty where none is said."""

    mandarin: str
    singular: str
    plural: str
    cent: str = ""
    cents: str = ""


def _dollar(mandarin: str, country: str = "") -> Currency:
    return Currency(mandarin, f"{country} dollar".lstrip(), f"{country} dollars".lstrip(), "cent", "cents")


def _undivided(mandarin: str, singular: str, plural: str = "") -> Currency:
    return Currency(mandarin, singular, plural or singular + "s")


CURRENCIES = {
    "US$": _dollar("美元"),
    "HK$": _dollar("港元", "Hong Kong"),
    "NT$": _dollar("新台币", "New Taiwan"),
    "AU$": _dollar("澳元", "Australian"),
    "A$": _dollar("澳元", "Australian"),
    "CA$": _dollar("加元", "Canadian"),
    "C$": _dollar("加元", "Canadian"),
    "S$": _dollar("新加坡元", "Singapore"),
    "$": _dollar("美元"),
    "CN¥": Currency("元", "yuan", "yuan"),
    "JP¥": Currency("日元", "yen", "yen"),
    "¥": Currency("元", "yen", "yen"),
    "€": Currency("欧元", "euro", "euros", "cent", "cents"),
    "£": Currency("英镑", "pound", "pounds", "penny", "pence"),
    "₩": Currency("韩元", "won", "won"),
    "₹": Currency("卢比", "rupee", "rupees"),
    "₽": Currency("卢布", "ruble", "rubles"),
}
CURRENCY_CODES = {
    "USD": _dollar("美元", "U S"),
    "US$": _dollar("美元", "U S"),
    "EUR": CURRENCIES["€"],
    "GBP": CURRENCIES["£"],
    "JPY": CURRENCIES["JP¥"],
    "CNY": CURRENCIES["CN¥"],
    "RMB": CURRENCIES["CN¥"],
    "INR": CURRENCIES["₹"],
    "Rs.": CURRENCIES["₹"],
    "Rs": CURRENCIES["₹"],
    "KRW": CURRENCIES["₩"],
    "RUB": CURRENCIES["₽"],
    "CHF": _undivided("瑞士法郎", "Swiss franc"),
    "SEK": _undivided("瑞典克朗", "Swedish krona", "Swedish kronor"),
    "NOK": _undivided("挪威克朗", "Norwegian krone", "Norwegian kroner"),
    "DKK": _undivided("丹麦克朗", "Danish krone", "Danish kroner"),
    "PLN": _undivided("兹罗提", "zloty"),
    "CZK": _undivided("捷克克朗", "Czech koruna"),
    "HUF": _undivided("福林", "forint", "forints"),
    "TRY": _undivided("土耳其里拉", "Turkish lira"),
    "BRL": _undivided("雷亚尔", "real", "reais"),
    "R$": _undivided("雷亚尔", "real", "reais"),
    "MXN": _undivided("墨西哥比索", "Mexican peso"),
    "ZAR": _undivided("兰特", "rand", "rand"),
    "AUD": _dollar("澳元", "Australian"),
    "CAD": _dollar("加元", "Canadian"),
    "NZD": _dollar("新西兰元", "New Zealand"),
    "NZ$": _dollar("新西兰元", "New Zealand"),
    "HKD": _dollar("港元", "Hong Kong"),
    "SGD": _dollar("新加坡元", "Singapore"),
    "TWD": _dollar("新台币", "New Taiwan"),
    "THB": _undivided("泰铢", "baht", "baht"),
    "ILS": _undivided("新谢克尔", "shekel"),
    "₪": _undivided("新谢克尔", "shekel"),
    "₺": _undivided("土耳其里拉", "lira"),
    "₦": _undivided("奈拉", "naira", "naira"),
    "₱": _undivided("比索", "peso"),
    "₫": _undivided("越南盾", "dong", "dong"),
    "₴": _undivided("格里夫纳", "hryvnia"),
    "฿": _undivided("泰铢", "baht", "baht"),
    "BTC": _undivided("比特币", "bitcoin"),
}
"""Codes of banks, and signs that Mandarin text hardly has, before or after an amount."""

SCALES = {
    "thousand": 3,
    "million": 6,
    "billion": 9,
    "trillion": 12,
    "k": 3,
    "K": 3,
    "m": 6,
    "M": 6,
    "mn": 6,
    "b": 9,
    "B": 9,
    "bn": 9,
    "T": 12,
    "tn": 12,
}
"""Latin scale words and letters after an amount of money, as powers of ten."""
SCALE_NAMES = {3: "thousand", 6: "million", 9: "billion", 12: "trillion"}
