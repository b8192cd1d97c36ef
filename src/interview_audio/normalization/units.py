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
    "hm²": _unit("公顷", "hectare"),
    "hm2": _unit("公顷", "hectare"),
    "cm²": _unit("平方厘米", "square centimeter"),
    "cm³": _unit("立方厘米", "cubic centimeter"),
    "μL": _unit("微升", "microliter"),
    "dL": _unit("分升", "deciliter"),
    "㎎": _unit("毫克", "milligram"),
    "㎖": _unit("毫升", "milliliter"),
    "mmHg": _unit("毫米汞柱", "millimeter of mercury", "millimeters of mercury"),
    "Pa": _unit("帕", "pascal"),
    "hPa": _unit("百帕", "hectopascal"),
    "kPa": _unit("千帕", "kilopascal"),
    "MPa": _unit("兆帕", "megapascal"),
    "mol": _unit("摩尔", "mole"),
    "mmol": _unit("毫摩尔", "millimole"),
    "kcal": _unit("千卡", "kilocalorie"),
    "kJ": _unit("千焦", "kilojoule"),
    "V": _unit("伏", "volt"),
    "kV": _unit("千伏", "kilovolt"),
    "mA": _unit("毫安", "milliamp"),
    "Ω": _unit("欧姆", "ohm"),
    "kΩ": _unit("千欧", "kilohm"),
    "MΩ": _unit("兆欧", "megohm"),
    "rpm": _unit("每分钟{}转", "revolution per minute", "revolutions per minute"),
    "bpm": _unit("每分钟{}次", "beat per minute", "beats per minute"),
    "kbps": _unit("每秒{}千比特", "kilobit per second", "kilobits per second"),
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

MANDARIN_UNITS = UNITS | {
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
    "Mpa": UNITS["MPa"],
}
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
MANDARIN_CURRENCIES = CURRENCIES | {
    "USD": _dollar("美元"),
    "HKD": _dollar("港元", "Hong Kong"),
    "TWD": _dollar("新台币", "New Taiwan"),
    "AUD": _dollar("澳元", "Australian"),
    "CAD": _dollar("加元", "Canadian"),
    "SGD": _dollar("新加坡元", "Singapore"),
    "RMB": CURRENCIES["CN¥"],
    "CNY": CURRENCIES["CN¥"],
    "JPY": CURRENCIES["JP¥"],
    "KRW": CURRENCIES["₩"],
    "EUR": CURRENCIES["€"],
    "GBP": CURRENCIES["£"],
    "CHF": Currency("瑞士法郎", "Swiss franc", "Swiss francs"),
}
"""With the codes of banks, which Mandarin text has before or after an amount."""

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
