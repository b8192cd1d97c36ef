"""Guesses a speaker's gender from an honorific, a pronoun or a given name, and says from what.

What the text says wins over what most people of a name are; a name of both genders says nothing. The lists of given
names are made by ``tools/condense_given_names.py`` and are read when the first name is looked up.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from interview_audio.text.characters import has_han, name_key
from interview_audio.transcript.lexicon.label_grammar import part_of
from interview_audio.transcript.lexicon.personal_names import Mention, NameIndex, ascii_letters_of, given_names
from interview_audio.transcript.lexicon.typography import without_quotations
from interview_audio.transcript.lexicon.vocabulary import alternations_by_script, words_of
from interview_audio.transcript.people.introductions import MEDIUM_NAME
from interview_audio.transcript.turns import Gender

_GENDERS: tuple[Literal["female", "male"], ...] = ("female", "male")
_FEMALE_CHARACTERS = words_of("female_name_characters")
_MALE_CHARACTERS = words_of("male_name_characters")
_HONORIFICS = {gender: alternations_by_script(f"{gender}_honorifics") for gender in _GENDERS}
_HONORIFICS_BEFORE: tuple[tuple[re.Pattern[str], Gender], ...] = tuple(
    (re.compile(rf"\b({latin})\.? (?:[A-Z]\S* )?\Z"), gender) for gender, (latin, _) in _HONORIFICS.items()
)
"""A given name or an initial may be between the title and the name: ``Mrs. Ida Holm``."""
_HONORIFICS_BEHIND: tuple[tuple[re.Pattern[str], Gender], ...] = tuple(
    (re.compile(f"({chinese})"), gender) for gender, (_, chinese) in _HONORIFICS.items()
)
_GENDER_OF_PRONOUN: Mapping[str, Gender] = {
    "she": "female",
    "her": "female",
    "he": "male",
    "his": "male",
    "她": "female",
    "他": "male",
}
_PRONOUN = re.compile(r"\b(she|her|he|his)\b|(她|他)(?!们)", re.IGNORECASE)
_UNKNOWN: tuple[Gender, str] = ("unknown", "")
_MAX_HONORIFIC_DISTANCE = 24
"""Characters before a name in which an honorific can begin: it, a space, and a given name of common length."""


def gender_of_given_name(name: str, *, is_alone: bool = False) -> Literal["female", "male"] | None:
    """Return the gender of nearly all people of a given name in Latin letters; None where there are both, or too few.

    Args:
        name: The given name.
        is_alone: Whether nothing follows it, so that it may be a surname.
    """
    folded = ascii_letters_of(name)
    if is_alone and folded in given_names("surnames"):
        return None
    return next((gender for gender in _GENDERS if folded in given_names(gender)), None)


def guess_genders(
    forms: Mapping[str, Sequence[str]], texts: Iterable[str], index: NameIndex
) -> dict[str, tuple[Gender, str]]:
    """Guess the gender of each person.

    Args:
        forms: Canonical names, and the other written forms of each.
        texts: Paragraphs that may speak of people in the third person.
        index: Finds the people in them.

    Returns:
        For each name the gender and what it was guessed from; ``unknown`` and an empty reason where nothing says it.
    """
    honorifics: dict[str, tuple[Gender, str]] = {}
    pronouns: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in (*forms, *texts):
        mentions = index.find(text)
        for mention in mentions:
            if honorific := _honorific_beside(text, mention):
                honorifics.setdefault(mention.person, honorific)
        if len({mention.person for mention in mentions}) == 1:
            plain = without_quotations(text)
            pronouns[mentions[0].person].update(
                found[0].casefold() for found in _PRONOUN.finditer(plain, mentions[0].end)
            )
    return {
        name: honorifics.get(name)
        or _from_pronouns(pronouns[name], only_one_gender=True)
        or _from_given_name((name, *others))
        or _from_pronouns(pronouns[name])
        or _UNKNOWN
        for name, others in forms.items()
    }


def _honorific_beside(text: str, mention: Mention) -> tuple[Gender, str] | None:
    before = text[max(0, mention.start - _MAX_HONORIFIC_DISTANCE) : mention.start]
    for pattern, gender in _HONORIFICS_BEFORE:
        if found := pattern.search(before):
            return gender, f"honorific {found[1]}"
    for pattern, gender in _HONORIFICS_BEHIND:
        if found := pattern.match(text, mention.end):
            return gender, f"honorific {found[1]}"
    return None


def _from_given_name(forms: Iterable[str]) -> tuple[Gender, str] | None:
    known = list(forms)
    surnames = {form.split()[-1].casefold() for form in known if " " in form}
    for form in known:
        if form.casefold() in surnames or part_of(name_key(form)) or MEDIUM_NAME.search(form):
            continue
        if guess := _from_han_name(form) if has_han(form) else _from_latin_name(form):
            return guess
    return None


def _from_latin_name(form: str) -> tuple[Gender, str] | None:
    given = _given_name(form)
    for part in dict.fromkeys((given, given.partition("-")[0])):
        if gender := gender_of_given_name(part, is_alone=part == form):
            return gender, f"given name {part}"
    return None


def _given_name(form: str) -> str:
    """Return the first word, after initials: Robert of ``J. Robert Lang``; nothing of ``J. R. Lang``."""
    words = re.split(r"[ .]+", form.strip(" ."))
    first = next((index for index, word in enumerate(words) if len(word) > 1), 0)
    return words[first] if first == 0 or first + 1 < len(words) else ""


def _from_han_name(form: str) -> tuple[Gender, str] | None:
    """Guess from the characters of a Chinese given name; a transliterated name says nothing."""
    given = form[1:]
    if "·" in form or not 1 <= len(given) <= 2:
        return None
    female = sum(character in _FEMALE_CHARACTERS for character in given)
    male = sum(character in _MALE_CHARACTERS for character in given)
    if female == male:
        return None
    return ("female" if female > male else "male"), f"given name {given}"


def _from_pronouns(found: Counter[str], *, only_one_gender: bool = False) -> tuple[Gender, str] | None:
    """Guess from the pronouns in paragraphs that name nobody else: most of them, or all."""
    genders = Counter[Gender]()
    for pronoun, count in found.items():
        genders[_GENDER_OF_PRONOUN[pronoun]] += count
    if not genders or (len(genders) > 1 and (only_one_gender or len(set(genders.values())) == 1)):
        return None
    gender = genders.most_common(1)[0][0]
    return gender, f"pronoun {next(word for word in found if _GENDER_OF_PRONOUN[word] == gender)}"
