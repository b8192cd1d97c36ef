"""Words in capitals: which are words and which are spelled, decided here for every engine.

A word leaves in small letters (``YES``: yes, ``NASA``: nasa), an acronym as single capitals (``FBI``: F B I), so that
no voice has to guess.
"""

import re

from interview_audio.normalization.grammar import Match, after, table, words_of
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
_NEXT_WORD = re.compile(" ([A-Za-z]+)")
_STARTS_SENTENCE = re.compile(r"(?:^|[.!?:;…]['\"”’]?[ ]{1,3}|[\"“‘(—][ ]?)$")
_CLOSES = re.compile(r"[ ]*(?:$|[.!?,;:…]|(?:and|or|but|to|not|who|that|how|what|if|the|a|an)\b)")
_ASKS = re.compile(r"[^.!?…]{0,200}\?")
_WORD_BEFORE = re.compile(rf"([{LATIN}']{{1,20}})[ ]$")
_WORD_BEHIND = re.compile(rf"[ ]([{LATIN}']{{1,20}})")
_ONSET = (
    "[bcdfghjklmnpqrstvwxyz]?|[bcdfgkpt]r|[bcfgkps]l|s[cfhkmnpqtw]|sc[hr]|s[chkpt]r|spl|th|thr|ch|chr|ph|phr|wh|wr|kn"
    "|gn|qu|[dtg]w|sch|rh"
)
_CODA = (
    "[bcdfghjklmnpqrstvwxyz]?|[lrnms][bcdfgkmnpstvxz]|[cfpxkt]t|[cdfgkpt]s|[cnt]k|[ct]h|ng|sh|ss|ll|ff|gh|ght|ngs|rst"
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


def begins_sentence_after(match: Match) -> bool:
    """Tell whether what follows a match is the end, or a word that a sentence begins with."""
    following = _NEXT_WORD.match(match.string, match.end())
    return not after(match) or (following is not None and following[1] in words_of("sentence_starters"))


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
    if contraction in ("'T", "'D", "'LL", "'RE", "'VE") or (match["ending"] == "'S" and is_english(small)):
        return small
    if letters in words_of("capitals_spelled"):
        return small if is_english(small) and _is_meant_as_word(letters, match) else None
    if is_english(small):
        return small
    # Of four letters names are words (``CRUZ``), and acronyms that begin with a vowel are mostly spelled.
    least = _SPOKEN_FROM - 1 if small[0] not in "aeiou" or _is_shouted(match) else _SPOKEN_FROM
    return small if len(letters) >= least and _can_be_said(small) else None


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
