"""Roman numerals in English text: a rank after a ruler's name, a number after what is numbered, else an acronym."""

import re

from interview_audio.normalization.capitals import CAPITALS, say_capitals
from interview_audio.normalization.english import cardinal, ordinal, year
from interview_audio.normalization.grammar import Match, Rule, table, words_of
from interview_audio.text.characters import LATIN

_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_NUMERAL = "(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
"""Up to 99: a longer one is an acronym or a year."""
_CERTAIN = re.compile("III?|VIII?|IX|X{1,2}[IV]{2,4}|X{1,3}IX|XV|XVI|XXVI?|XXIV|XXXI{0,3}|L[IVX]{2,6}|XL[IVX]{2,4}")
"""Numerals that are hardly anything else, whatever is before them."""
_LONGEST_REGNAL = 6
"""The rank up to which somebody who is no ruler is named after an ancestor: John Smith III."""
_NAMES_BEFORE = re.compile(rf"(?:([{LATIN}][{LATIN}.'’-]{{0,20}})[ ])?([{LATIN}][{LATIN}'’-]{{0,20}})[ ]$")
_RANKED = re.compile(r"[ ](?:[Cc]entur(?:y|ies)|Olympi|Winter|Summer|Corps|Congress|Legion|Army|[Dd]ynasty|edition)")
_FOLLOWING = re.compile(rf"[ ]([{LATIN}]+)")
_REACH = 48


def value(numeral: str) -> int:
    """Return what a Roman numeral in capitals stands for."""
    values = [_VALUES[letter] for letter in numeral]
    return sum(-now if now < then else now for now, then in zip(values, [*values[1:], 0], strict=True))


def _speak(match: Match) -> str:
    spoken = _number(match["numeral"], match)
    if spoken:
        return spoken + (match["ending"] or "")
    capitals = re.compile(CAPITALS).match(match.string, match.start())
    return say_capitals(capitals) if capitals and capitals.end() == match.end() else match[0]


def _number(written: str, match: Match) -> str:
    """Return the number or the rank that a numeral is, nothing where it is none."""
    numeral, earlier = written.upper(), match.string[max(0, match.start() - _REACH) : match.start()]
    number = value(numeral)
    found = _NAMES_BEFORE.search(earlier)
    first, name = (found[1] or "", found[2]) if found else ("", "")
    if _RANKED.match(match.string, match.end()) and (len(numeral) > 1 or name == "the"):
        return ordinal(str(number))
    named = name[:1].upper() + name[1:].lower()
    is_ruler = name[:1].isupper() and named in words_of("rulers")
    if numeral == "I" and (name[:1].islower() or _is_pronoun(match, is_ruler=is_ruler)):
        return ""
    if named in words_of("numbered_things"):
        return cardinal(str(number))
    if written.islower():
        return ""
    if is_ruler:
        return f"the {ordinal(str(number))}"
    if len(numeral) == 1:
        return ""
    return _rank_or_number(number, first, name) if _CERTAIN.fullmatch(numeral) or _is_name(first, name) else ""


def _rank_or_number(number: int, first: str, name: str) -> str:
    if _is_name(first, name) and number <= _LONGEST_REGNAL:
        return f"the {ordinal(str(number))}"
    return cardinal(str(number))


def _is_name(first: str, name: str) -> bool:
    return first[:1].isupper() and name[:1].isupper() and first not in words_of("sentence_starters")


def _is_pronoun(match: Match, *, is_ruler: bool) -> bool:
    """Tell whether ``I`` has a verb of its own behind it; verbs that a king could have too leave him his rank."""
    following = _FOLLOWING.match(match.string, match.end())
    said = table("first_person_verbs").get(following[1]) if following else None
    return said is not None and not (is_ruler and said == "anybody")


RULES = (
    Rule(
        "world_war",
        rf"(?:(?P<lead>(?<=[{LATIN}])-)|(?<![{LATIN}\d]))WW[ -]?(?P<number>II?|[12])(?![{LATIN}\d])",
        lambda m: f"{' ' if m['lead'] else ''}World War {'one' if m['number'] in '1I' else 'two'}",
    ),
    Rule(
        "roman_year",
        rf"(?<![{LATIN}\d])(?=[MCLXVI]{{4}})(?:MC?M|MD?C{{0,4}})(?:XC|XL|L?X{{0,3}})(?:IX|IV|V?I{{0,3}})(?![{LATIN}\d])",
        lambda m: year(str(value(m[0]))),
    ),
    Rule(
        "roman_rank",
        rf"(?<![{LATIN}\d'’-])(?P<numeral>(?=[IVXL]{{2}}){_NUMERAL})(?:th|st|nd|rd)(?![{LATIN}\d])",
        lambda m: ordinal(str(value(m["numeral"]))),
    ),
    Rule(
        "roman",
        rf"(?<![{LATIN}\d'’-])(?P<numeral>(?:(?=[IVXL]{{2}})|(?<=[{LATIN}][ ])(?=[IVX])){_NUMERAL}"
        rf"|(?<=[{LATIN}][ ])x{{0,3}}(?:ix|iv|v?i{{2,3}}|vi))(?P<ending>'s)?(?![{LATIN}\d]|['’-][{LATIN}\d])",
        _speak,
    ),
)
