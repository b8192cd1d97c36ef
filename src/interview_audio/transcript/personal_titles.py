"""The words before a Western name that say what somebody is: ``Dr. Ida Holm``, ``MAYOR FROST``."""

import re

from interview_audio.transcript.vocabulary import word_set

TITLES = word_set(
    """
    mr mrs ms mx miss madam dr prof professor sir dame lord lady president chairman chairwoman chairperson chair
    chief captain officer director minister secretary senator sen rep representative congressman congresswoman
    governor gov mayor councillor councilman councilwoman judge justice king queen prince princess saint st ceo cto
    cfo coo cmo vp vice deputy general gen colonel col major sergeant sgt lieutenant lt constable inspector
    commissioner ambassador reverend rev father sister brother uncle aunt coach chef rabbi pastor bishop archbishop
    """
)
AFTER_NAME = re.compile(r"\s*(?:[,，|｜/／]|\s[-–—]\s).*\Z")
KEPT_SMALL = word_set("de da di del der den du la le van von bin ibn al el ter dos of and the y")
INNER_CAPITAL = re.compile(r"(?<=[-'’])[a-z](?=[a-z]{2})|(?<=^Mc)[a-z]")
VOWELS = frozenset("AEIOUY")


def without_function(name: str) -> str:
    """Cut what a name says after a comma or a stroke: ``Ida Holm, keeper`` is ``Ida Holm``."""
    return AFTER_NAME.sub("", name)


def without_titles(name: str) -> str:
    """Cut the titles before a name: ``Dr. Ida Holm`` is ``Ida Holm``, ``MAYOR FROST`` is ``FROST``."""
    words = name.split(" ")
    while len(words) > 1 and words[0].rstrip(".").casefold() in TITLES:
        words = words[1:]
    return " ".join(words)


def in_small_letters(name: str) -> str:
    """Give a name of two words or more that is printed in capitals as names are written; others unchanged."""
    words = name.split(" ")
    is_loud = len(words) > 1 and all(word.isupper() and not any(map(str.isdigit, word)) for word in words)
    return " ".join(map(_quiet, words)) if is_loud else name


def _quiet(word: str) -> str:
    """``O'HARA`` is ``O'Hara``; initials and words that cannot be said stay."""
    if len(word.replace(".", "")) < 2 or not VOWELS & set(word) or "." in word[:-1]:
        return word
    if word.casefold() in KEPT_SMALL:
        return word.casefold()
    return INNER_CAPITAL.sub(lambda match: match[0].upper(), word.capitalize())
