"""Latin words that are not read as they are spelled: abbreviations, initials, product names, words drawn out or cut."""

import itertools
import re

from interview_audio.normalization.capitals import (
    CAPITALS,
    is_english,
    say_capitals,
    say_letters,
    spelled,
)
from interview_audio.normalization.english import plural
from interview_audio.normalization.grammar import (
    WORD_END,
    WORD_START,
    Match,
    Rule,
    after,
    before,
    begins_sentence_after,
    one_of,
    table,
    words_of,
)
from interview_audio.normalization.signs import Language
from interview_audio.normalization.units import ENGLISH_UNITS
from interview_audio.text.characters import LATIN

_SHORT_TITLES = "Mr|Mrs|Ms"
_TITLES_BEFORE_NAMES = "Dr|Prof|Rev|Capt|Sgt|Lt|Messrs"
_NAME_BEFORE = re.compile(rf"(?:([A-Z][{LATIN}'’]{{0,30}})|\d(?:st|nd|rd|th))[ ]$")
_REACH = 34
_DRAWN_OUT = "|".join(f"{letter}{{3,40}}" for letter in "abcdefghijklmnopqrstuvwxyz")
_RUN = re.compile(r"([A-Za-z])\1{2,}", re.IGNORECASE)
_INNER_CAPITALS = re.compile("(?P<head>(?:[A-Z]?[a-z]++){1,3})(?P<letters>[A-Z]+)")
_BLEEP = "bleep"


def word_rules(language: Language) -> tuple[Rule, ...]:
    """Return the rules for words in Latin letters."""
    return (*_short_form_rules(language), *_letter_rules(language), *_emphatic_rules(language))


def _short_form_rules(language: Language) -> tuple[Rule, ...]:
    """Return the rules for abbreviations, titles and initials."""
    return (
        Rule(
            "street",
            rf"(?<=[{LATIN}\d'][ ])(?P<short>{one_of(list(table('streets')))}){WORD_END}(?P<dot>\.?)",
            _speak_street,
        ),
        Rule(
            "title",
            rf"{WORD_START}(?:{one_of(list(table('titles')))}{WORD_END}|(?:{_SHORT_TITLES}){WORD_END}"
            rf"|(?:{_TITLES_BEFORE_NAMES})(?=[ ][A-Z])|(?:MR|MRS|DR|PROF|REV|CAPT|SGT|MS(?=\.))\.?(?=[ ][A-Z]{{2}}))",
            _speak_title,
        ),
        Rule("saint", rf"{WORD_START}Sta?\.", lambda m: "Saint" if after(m).isupper() else "Street"),
        Rule(
            "before_number",
            rf"{WORD_START}(?P<short>{one_of(_either_case('before_numbers'))})[ ]?"
            rf"(?=[$£€]?\d|[IVX]{{2,5}}{WORD_END})",
            _speak_before_number,
        ),
        Rule(
            "abbreviation",
            rf"{WORD_START}(?P<short>{one_of(list(table('abbreviations')))}){WORD_END}",
            _speak_abbreviation,
        ),
        Rule("life", r"(?<=\()(?P<event>[bd])\.[ ]?(?=\d{4}\b)", lambda m: {"b": "born ", "d": "died "}[m["event"]]),
        Rule("grades", rf"{WORD_START}K–12{WORD_END}", lambda _: "K through twelve"),
        Rule(
            "squared_letters",
            r"(?:(?<==)|(?<== ))(?P<letters>[A-Za-z]{2})²",
            lambda m: f"{spelled(m['letters'].upper())} {language.squared}",
        ),
        Rule("versus", rf"(?<=[{LATIN}.)][ ])v\.?(?=[ ][A-Z])", _speak_versus),
        Rule(
            "spaced_initials",
            rf"(?<![{LATIN}\d.])(?P<letters>[A-Z]\.(?:[ ]?[A-Z]\.){{1,4}})(?=[ ]?[A-Z][{LATIN}])",
            _speak_initials,
        ),
        Rule("initials", rf"(?<![{LATIN}\d.])(?P<letters>(?:[A-Z]\.)+[A-Z]){WORD_END}\.?", _speak_initials),
        Rule("initial", rf"{WORD_START}(?P<letter>[A-Z])\.(?= ?[A-Z][a-z])", _speak_initial),
    )


def _letter_rules(language: Language) -> tuple[Rule, ...]:
    """Return the rules for letters with figures and signs: models, formulas, grades, keys of music."""

    def speak_model(match: Match) -> str:
        number = language.model_number(match["digits"])
        number = plural(number) if match["plural"] else number
        inner = _INNER_CAPITALS.fullmatch(match["letters"])
        letters = f"{inner['head']} {say_letters(inner['letters'])}" if inner else say_letters(match["letters"])
        return f"{letters} {number}{' oh' if match['oh'] else ''}"

    def speak_starred(match: Match) -> str:
        return f"{match['letters']} {language.star}"

    def speak_plus(match: Match) -> str:
        return " ".join([match["letters"], *[language.signs["+"]] * len(match["pluses"])])

    return (
        Rule(
            "dotted_name",
            rf"(?<![\w.])(?P<head>[A-Z]{{2,5}})?\.NET{WORD_END}",
            lambda m: f"{spelled(m['head'] or '')} {language.address['.']} net".lstrip(),
        ),
        Rule(
            "to_each_other",
            rf"{WORD_START}(?:(?P<from>[BCDGPOEV])2(?P<to>[BCGPOEV])|p2p|b2[bc]){WORD_END}",
            lambda m: f"{m[0][0]} to {m[0][2]}".upper().replace("TO", "to"),
        ),
        Rule("pl_one", rf"{WORD_START}PL/[I1]{WORD_END}", lambda _: "P L one"),
        Rule(
            "formula",
            rf"{WORD_START}(?:[A-Z]{{1,3}}\d{{1,3}}){{2,6}}[A-Z]{{0,3}}{WORD_END}",
            lambda m: " ".join(
                language.model_number(part) if part.isdecimal() else spelled(part)
                for part in re.findall(r"\d+|[A-Z]+", m[0])
            ),
        ),
        Rule(
            "model",
            rf"{WORD_START}(?!(?:late|early|mid)-)(?P<letters>[A-Za-z]+)-?(?P<digits>\d+(?:\.\d+)*)(?P<plural>'?s{WORD_END})?"
            rf"(?P<oh>o{WORD_END})?(?!\d|(?:st|nd|rd|th){WORD_END}|{one_of(list(ENGLISH_UNITS))}{WORD_END})",
            speak_model,
        ),
        Rule(
            "order",
            r"(?<![\w.])O\((?P<of>\d{1,3}|[a-z])\)",
            lambda m: f"O of {language.digits(m['of']) if m['of'].isdecimal() else m['of'].upper()}",
        ),
        Rule("starred", rf"{WORD_START}(?P<letters>[A-Z])\*(?!\w)", speak_starred),
        Rule("pluses", rf"{WORD_START}(?P<letters>[A-Z][a-z]*)(?P<pluses>\+{{1,2}})(?![\w+])", speak_plus),
        Rule("sharp", rf"{WORD_START}(?P<letter>[A-GJ])[#♯](?!\w)", lambda m: f"{m['letter']} sharp"),
        Rule("flat", rf"{WORD_START}(?P<letter>[A-G])♭", lambda m: f"{m['letter']} flat"),
        Rule("minus_grade", rf"{WORD_START}(?P<letter>[A-DF])-(?=[ .,;:!?)]|$)", lambda m: f"{m['letter']} minus"),
        Rule(
            "joined_letters",
            rf"{WORD_START}(?P<left>[A-Z]{{1,4}})[ ]?&[ ]?(?P<right>[A-Z]{{1,4}})(?P<ending>'?s)?{WORD_END}",
            lambda m: f"{spelled(m['left'])} and {spelled(m['right'])}{chr(39) + 's' if m['ending'] else ''}",
        ),
    )


def _emphatic_rules(language: Language) -> tuple[Rule, ...]:
    """Return the rules for capitals, and for what is drawn out, hidden or joined."""
    return (
        Rule("tag_of_words", r"(?<!\w)#(?P<words>(?:[A-Z][a-z]{1,30}){2,12})(?!\w)", lambda m: _speak_tag(m, language)),
        Rule(
            "grawlix",
            r"(?<!\w)(?=[#$%&*!]{0,8}@|@[#$%&*!]|[#$%&*!]{0,8}[#$%&])[@#$%&*!]{2,8}[@#$%&*](?!\w)",
            lambda _: _BLEEP,
        ),
        Rule(
            "censored",
            rf"(?<!\*){WORD_START}(?:[A-Za-z]{{1,2}}\*{{2,12}}|[A-Za-z]\*{{1,10}}[a-z]{{2,8}}|[A-Za-z]\*{{2,10}}[a-z]|[A-Za-z]{{2,4}}\*{{1,10}}[a-z]{{1,8}}){WORD_END}(?!\*)",
            lambda _: _BLEEP,
        ),
        Rule(
            "drawn_out",
            rf"{WORD_START}[A-Za-z]{{0,15}}?(?i:{_DRAWN_OUT})[A-Za-z]{{0,20}}(?![{LATIN}'\d])",
            _speak_drawn_out,
        ),
        Rule("smiley", r"(?:(?<=[\w.,!?])[ ](?=[:;]))?(?<![\w)])[:;]'?-?[()DP|](?!\w)", lambda _: ""),
        Rule("mine", rf"{WORD_START}I'(?P<ending>M|LL|VE|D){WORD_END}", lambda m: f"I'{m['ending'].lower()}"),
        Rule("apostrophe_name", rf"{WORD_START}(?P<first>[A-Z]')(?P<rest>[A-Z]{{2,}})", _speak_apostrophe),
        Rule(
            "inner_capitals",
            rf"{WORD_START}(?P<head>(?:[A-Z]?[a-z]++){{1,3}})(?P<letters>[A-Z]{{2,}})(?P<ending>'?s)?{WORD_END}",
            _speak_inner_capitals,
        ),
        Rule(
            "inflected_capitals",
            rf"{WORD_START}(?P<letters>[A-Z]{{2,6}})(?P<ending>e[sd]|ing|ers?){WORD_END}",
            _speak_inflected,
        ),
        Rule("capitals_behind_digit", rf"(?<=\d)[A-Z]{{2,6}}{WORD_END}", lambda m: say_letters(m[0])),
        Rule("capitals", CAPITALS, say_capitals),
    )


def _either_case(name: str) -> list[str]:
    """Return the entries of a table, with a capital too."""
    return [word for entry in table(name) for word in (entry, entry[0].upper() + entry[1:])]


def _earlier(match: Match) -> str:
    return match.string[max(0, match.start() - _REACH) : match.start()]


def _follows_name(match: Match) -> bool:
    found = _NAME_BEFORE.search(_earlier(match))
    return found is not None and (found[1] is None or found[1] not in words_of("sentence_starters"))


def _speak_title(match: Match) -> str:
    return table("titles")[match[0].rstrip(".").capitalize() + "."]


def _speak_street(match: Match) -> str:
    """Say the kind of a street after its name; ``St.`` and ``Dr.`` before a name are a saint and a doctor."""
    short = match["short"]
    ends = begins_sentence_after(match)
    if not _follows_name(match) or (short in ("St", "Dr") and after(match).isupper() and not ends):
        return {"St": "Saint", "Dr": "Doctor"}.get(short, match[0]) if match["dot"] or short == "Dr" else match[0]
    return table("streets")[short] + ("." if match["dot"] and ends else "")


def _speak_before_number(match: Match) -> str:
    short = match["short"]
    known = table("before_numbers")
    said = known.get(short) or known[short[0].lower() + short[1:]].capitalize()
    return said + " "


def _speak_abbreviation(match: Match) -> str:
    short = match["short"]
    spoken = table("abbreviations")[short]
    ends = short.endswith(".") and (begins_sentence_after(match) or (short == "etc." and after(match).isupper()))
    return spoken + "." if ends and short not in ("N.B.", "P.S.", "P.P.S.") else spoken


def _speak_versus(match: Match) -> str:
    return "versus" if _follows_name(match) else match[0]


def _speak_initials(match: Match) -> str:
    ends = match[0].endswith(".") and begins_sentence_after(match)
    return spelled(re.sub("[. ]", "", match["letters"])) + ("." if ends else "")


def _speak_initial(match: Match) -> str:
    return match[0] if begins_sentence_after(match) and before(match) == " " else match["letter"]


def _speak_tag(match: Match, language: Language) -> str:
    return f"{language.signs['#']} {' '.join(re.findall('[A-Z][a-z]+', match['words']))}"


def _speak_drawn_out(match: Match) -> str:
    """Say a word whose letters are drawn out as the word that it is; a mere sound stays (``brrr``)."""
    known = table("acronyms_said_as_words").get(match[0])
    if known:
        return known
    runs = list(_RUN.finditer(match[0]))
    for lengths in itertools.product((2, 1), repeat=min(len(runs), 3)):
        lengths_left = iter(lengths)
        word = _RUN.sub(lambda run: run[0][: next(lengths_left, 1)], match[0])  # noqa: B023
        if is_english(word.lower()):
            return word.lower() if word.isupper() else word
    if not match[0].isupper():
        return match[0]
    return match[0].lower() if re.search("[AEIOU]", match[0]) else spelled(match[0])


def _speak_inflected(match: Match) -> str:
    """Say the forms of a word or an acronym in capitals: ``VAXes``, ``DMed``, ``DMing``, ``MCs``."""
    said, ending = say_letters(match["letters"]), match["ending"]
    if said != said.upper():
        return said + ending
    return said + {"ed": "'d", "es": "'s"}.get(ending, f"-{ending}")


def _speak_apostrophe(match: Match) -> str:
    if match["first"] in ("O'", "D'", "L'"):
        return match["first"] + match["rest"].capitalize()
    return match[0].lower()


def _speak_inner_capitals(match: Match) -> str:
    """Set capitals behind small letters apart: ``OpenAI``, ``iOS``, ``MySQL``."""
    head = match["head"]
    said = say_letters(match["letters"])
    if is_english(match[0].lower()) or (is_english(match["letters"].lower()) and len(match["letters"]) > 2):
        return match[0].lower()
    if head in ("Mc", "Mac", "De", "Le", "La", "Van", "Di", "Du"):
        return head + match["letters"].capitalize() + (match["ending"] or "")
    return f"{head.upper() if len(head) == 1 else head} {said}" + ("'s" if match["ending"] else "")
