"""Words in capitals: which are words, which are spelled, which are Roman numerals; decided here for every engine.

A word leaves in small letters (``YES``: yes, ``NASA``: nasa), an acronym as single capitals (``FBI``: F B I), so that
no voice has to guess. A Roman numeral is a rank after a ruler's name, a number after what is numbered, else an acronym.
"""

import re

from interview_audio.normalization.english import cardinal, ordinal, year
from interview_audio.normalization.grammar import Match, Rule, table, words_of
from interview_audio.text.characters import LATIN

CAPITALS = (
    rf"(?:(?P<lead>(?<=[{LATIN}])-)|(?<![{LATIN}\d])(?<![A-Z]'))"
    rf"(?P<letters>[A-Z]{{2,}})(?P<ending>'?s|'(?:S|T|D|LL|RE|VE|d|ll|ve))?(?![{LATIN}\d])(?P<tail>-(?=[{LATIN}]))?"
)
"""A word in capitals, with the end of a plural, a possessive or a contraction and the hyphens beside it."""
_SPOKEN_FROM = 5
"""Unknown acronyms of so many letters are read as words where that is possible, shorter ones are spelled."""
_REACH = 40
"""Code points that are looked at on either side of a word."""
_LETTERS = r"[A-Z]{2,20}(?:'[A-Z]{1,2})?"
_LOUD_BEFORE = re.compile(rf"(?:^|[^{LATIN}'])({_LETTERS})[,.!?;:]?[ ]{{1,3}}$")
_LOUD_AFTER = re.compile(rf"[,.!?;:]?[ ]{{1,3}}({_LETTERS})(?![{LATIN}\d'])")
_DETERMINER = re.compile(r"\b(?:the|a|an|our|its|their|his|her|my|your|this|that|every|no)[ ]$", re.IGNORECASE)
_TOWN_BEFORE = re.compile(r"([A-Z][a-z]{2,20}),[ ]$")
_TOWN_IN_OKLAHOMA = ("City", "Tulsa", "Norman", "Edmond", "Stillwater")
_STARTS_SENTENCE = re.compile(r"(?:^|[.!?:;…]['\"”’]?[ ]{1,3}|[\"“‘(—][ ]?)$")
_CLOSES = re.compile(r"[ ]*(?:$|[.!?,;:…]|(?:and|or|but|to|not|who|that|how|what|if|the|a|an)\b)")
_ASKS = re.compile(r"[^.!?…]{0,200}\?")
_WORD_BEFORE = re.compile(rf"([{LATIN}']{{1,20}})[ ]$")
_WORD_BEHIND = re.compile(rf"[ ]([{LATIN}']{{1,20}})")
_CONTRACTIONS = frozenset(["'T", "'D", "'LL", "'RE", "'VE"])
_SPELLED_AND_WORD = re.compile("([b-df-hj-np-tv-z]{2,3})([a-z]{4,})")
_ONSET = (
    "[bcdfghjklmnpqrstvwxyz]?|[bcdfgkpt]r|[bcfgkps]l|s[cfhkmnpqtw]|sc[hr]|s[chkpt]r|spl|th|thr|ch|chr|ph|phr|wh|wr|kn"
    "|gn|qu|[dtg]w|sch|rh"
)
_CODA = (
    "[bcdfghjklmnpqrstvwxyz]?|[lrnms][bcdfgkmnpstvxz]|[cfpxkt]t|[cdfgkpt]s|[cnt]k|[cpt]h|ng|sh|ss|ll|ff|gh|ght|ngs|rst"
    "|nst"
)
_PRONOUNCEABLE = re.compile(f"(?:{_ONSET})(?:[aeiouy]{{1,2}}(?:{_CODA})(?:{_ONSET})){{0,7}}[aeiouy]{{1,2}}(?:{_CODA})")


def say_capitals(match: Match) -> str:
    """Say a match of ``CAPITALS``."""
    letters, ending = match["letters"], match["ending"] or ""
    spoken = _word(letters, match) or spelled(letters)
    is_spelled = spoken.isupper() and " " in spoken
    if is_spelled:
        # The plural has an apostrophe too: ``C E Os`` would end in a word.
        ending = "'s" if ending in ("s", "'s", "'S") else ending.lower()
    lead = match["lead"] and (" " if is_spelled else "-")
    tail = match["tail"] and (" " if is_spelled else "-")
    return f"{lead or ''}{spoken}{ending.lower()}{tail or ''}"


def say_letters(letters: str) -> str:
    """Say letters that stand beside digits (``CO2``) or signs: as a word only where that is well known or long."""
    if not re.fullmatch("[A-Z]{2,}", letters):
        return letters
    known = table("acronyms_said_as_words").get(letters)
    if known is not None:
        return known or letters.lower()
    is_word = len(letters) >= _SPOKEN_FROM and _can_be_said(letters.lower())
    return letters.lower() if is_word else spelled(letters)


def spelled(letters: str) -> str:
    """Return letters as they are spelled."""
    return " ".join(letters.upper())


def is_english(word: str) -> bool:
    """Tell whether a word in small letters is a common English one."""
    return word in words_of("english_words")


def _word(letters: str, match: Match) -> str | None:
    """Return the word that letters in capitals are, None for an acronym that is spelled."""
    known = table("acronyms_said_as_words").get(letters)
    if known is not None:
        return known or letters.lower()
    state = table("states").get(letters)
    if state is not None and _follows_town(letters, match):
        return state
    small, contraction = letters.lower(), (match["ending"] or "").upper()
    is_capital = match["ending"] == contraction
    if (contraction in _CONTRACTIONS and (is_capital or is_english(small))) or (
        match["ending"] == "'S" and is_english(small)
    ):
        return small
    if letters in words_of("capitals_spelled"):
        return small if is_english(small) and _is_meant_as_word(letters, match) else None
    if is_english(small) or (len(small) >= _SPOKEN_FROM - 1 and small.endswith("s") and is_english(small[:-1])):
        return small
    # Of four letters names are words (``CRUZ``), and acronyms that begin with a vowel are mostly spelled.
    least = _SPOKEN_FROM - 1 if small[0] not in "aeiou" or _is_shouted(match) else _SPOKEN_FROM
    if _can_be_said(small):
        return small if len(letters) >= least else None
    joined = _SPELLED_AND_WORD.fullmatch(small)
    return f"{spelled(joined[1])} {joined[2]}" if joined and is_english(joined[2]) else None


def _can_be_said(word: str) -> bool:
    return is_english(word) or _PRONOUNCEABLE.fullmatch(word) is not None


def _follows_town(letters: str, match: Match) -> bool:
    """Tell whether two letters are a state after a town, and no word after a comma (``Portland, OR``, ``Well, OK``)."""
    found = _TOWN_BEFORE.search(match.string, max(0, match.start() - _REACH), match.start())
    if found is None or found[1] in words_of("sentence_starters"):
        return False
    zip_code = re.compile(r"[ ]\d{5}").match(match.string, match.end()) is not None
    if letters == "OK":
        return zip_code or found[1] in _TOWN_IN_OKLAHOMA
    return zip_code or not _is_shouted(match)


def _is_meant_as_word(letters: str, match: Match) -> bool:
    earlier = match.string[max(0, match.start() - _REACH) : match.start()]
    if _DETERMINER.search(earlier):
        return False
    if _is_shouted(match):
        return True
    before, behind = _WORD_BEFORE.search(earlier), _WORD_BEHIND.match(match.string, match.end())
    if _is_in_context(letters, "after", before):
        return True
    if _is_in_context(letters, "closing, after", before) and _CLOSES.match(match.string, match.end()):
        return True
    if not _STARTS_SENTENCE.search(earlier):
        return False
    is_asked = _is_in_context(letters, "asking", behind) and _ASKS.match(match.string, match.end()) is not None
    return is_asked or _is_in_context(letters, "beginning", behind)


def _is_in_context(letters: str, relation: str, neighbour: re.Match[str] | None) -> bool:
    words = table("capitals_in_context").get(f"{letters} {relation}", "")
    return neighbour is not None and neighbour[1] in words.split()


def _is_shouted(match: Match) -> bool:
    """Tell whether a neighbour in capitals is a word."""
    text = match.string
    start = max(0, match.start() - _REACH)
    neighbours = (_LOUD_BEFORE.search(text[start : match.start()]), _LOUD_AFTER.match(text, match.end()))
    return any(found is not None and _is_loud(found[1]) for found in neighbours)


def _is_loud(capitals: str) -> bool:
    if "'" in capitals:
        return True
    known = table("acronyms_said_as_words").keys() | words_of("capitals_spelled")
    return capitals not in known and is_english(capitals.lower())


_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_NUMERAL = "(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
"""Up to 99: a longer one is an acronym or a year."""
_CERTAIN = re.compile("III?|VIII?|IX|X{1,2}[IV]{2,4}|X{1,3}IX|XV|XVI|XXVI?|XXIV|XXXI{0,3}|L[IVX]{2,6}|XL[IVX]{2,4}")
"""Numerals that are hardly anything else, whatever is before them."""
_LONGEST_REGNAL = 6
"""The rank up to which somebody who is no ruler is named after an ancestor: John Smith III."""
_NAMES_BEFORE = re.compile(rf"(?:([{LATIN}][{LATIN}.'’-]{{0,20}})[ ])?([{LATIN}][{LATIN}'’-]{{0,20}})[ ]$")
_RANKED = re.compile(r"[ ](?:[Cc]entur(?:y|ies)|Olympi|Winter|Summer|Corps|Congress|Legion|Army|[Dd]ynasty|edition)")
_WORD_BEHIND_NUMERAL = re.compile(rf"[ ]([{LATIN}]+)")
_ROMAN_REACH = 48


def _value(numeral: str) -> int:
    """Return what a Roman numeral in capitals stands for."""
    values = [_VALUES[letter] for letter in numeral]
    return sum(-now if now < then else now for now, then in zip(values, [*values[1:], 0], strict=True))


def _say_numeral(match: Match) -> str:
    spoken = _roman_number(match["numeral"], match)
    if spoken:
        return spoken + (match["ending"] or "")
    capitals = re.compile(CAPITALS).match(match.string, match.start())
    return say_capitals(capitals) if capitals and capitals.end() == match.end() else match[0]


def _roman_number(written: str, match: Match) -> str:
    """Return the number or the rank that a numeral is, nothing where it is none."""
    numeral, earlier = written.upper(), match.string[max(0, match.start() - _ROMAN_REACH) : match.start()]
    number = _value(numeral)
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
    following = _WORD_BEHIND_NUMERAL.match(match.string, match.end())
    said = table("first_person_verbs").get(following[1]) if following else None
    return said is not None and not (is_ruler and said == "anybody")


ROMAN_RULES = (
    Rule(
        "world_war",
        rf"(?:(?P<lead>(?<=[{LATIN}])-)|(?<![{LATIN}\d]))WW[ -]?(?P<number>II?|[12])(?![{LATIN}\d])",
        lambda m: f"{' ' if m['lead'] else ''}World War {'one' if m['number'] in '1I' else 'two'}",
    ),
    Rule(
        "roman_year",
        rf"(?<![{LATIN}\d])(?=[MCLXVI]{{4}})(?:MC?M|MD?C{{0,4}})(?:XC|XL|L?X{{0,3}})(?:IX|IV|V?I{{0,3}})(?![{LATIN}\d])",
        lambda m: year(str(_value(m[0]))),
    ),
    Rule(
        "roman_rank",
        rf"(?<![{LATIN}\d'’-])(?P<numeral>(?=[IVXL]{{2}}){_NUMERAL})(?:th|st|nd|rd)(?![{LATIN}\d])",
        lambda m: ordinal(str(_value(m["numeral"]))),
    ),
    Rule(
        "roman",
        rf"(?<![{LATIN}\d'’-])(?P<numeral>(?:(?=[IVXL]{{2}})|(?<=[{LATIN}][ ])(?=[IVX])){_NUMERAL}"
        rf"|(?<=[{LATIN}][ ])x{{0,3}}(?:ix|iv|v?i{{2,3}}|vi))(?P<ending>'s)?(?![{LATIN}\d]|['’-][{LATIN}\d])",
        _say_numeral,
    ),
)
