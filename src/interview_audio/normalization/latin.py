"""Latin words that are not read as they are spelled: addresses, abbreviations, initials, acronyms, product names."""

import re

from interview_audio.normalization.english import plural
from interview_audio.normalization.grammar import Match, Rule, after, before, one_of
from interview_audio.normalization.language import Language
from interview_audio.normalization.units import UNITS
from interview_audio.text.characters import LATIN

_WORD_START = rf"(?<![{LATIN}\d])"
_WORD_END = rf"(?![{LATIN}\d])"

_ABBREVIATIONS = {
    "Dr.": "Doctor",
    "Mr.": "Mister",
    "Mr": "Mister",
    "Mrs.": "Missus",
    "Mrs": "Missus",
    "Ms.": "Miz",
    "Ms": "Miz",
    "Prof.": "Professor",
    "Gov.": "Governor",
    "Sen.": "Senator",
    "Gen.": "General",
    "Rev.": "Reverend",
    "Sgt.": "Sergeant",
    "Mon.": "Monday",
    "Tue.": "Tuesday",
    "Tues.": "Tuesday",
    "Wed.": "Wednesday",
    "Thu.": "Thursday",
    "Thurs.": "Thursday",
    "Fri.": "Friday",
    "Ph.D.": "PhD",
    "Capt.": "Captain",
    "Lt.": "Lieutenant",
    "Mt.": "Mount",
    "Ft.": "Fort",
    "Jr.": "Junior",
    "Sr.": "Senior",
    "Inc.": "Incorporated",
    "Ltd.": "Limited",
    "Corp.": "Corporation",
    "Co.": "Company",
    "Bros.": "Brothers",
    "Dept.": "Department",
    "dept.": "department",
    "approx.": "approximately",
    "e.g.": "for example",
    "E.g.": "For example",
    "i.e.": "that is",
    "I.e.": "That is",
    "eg.": "for example",
    "ie.": "that is",
    "vs.": "versus",
    "vs": "versus",
    "etc.": "et cetera",
    "etc": "et cetera",
    "cf.": "compare",
    "a.k.a.": "also known as",
    "aka": "also known as",
    "a.m.": "A M",
    "p.m.": "P M",
    "w/o": "without",
    "w/": "with",
    "SaaS": "sass",
}
_CITATIONS = {"Vol": "Volume", "Fig": "Figure", "Ch": "Chapter", "Sec": "Section", "pp": "pages", "p": "page"}
_ENDS_SENTENCES = frozenset(["etc.", "Inc.", "Ltd.", "Corp.", "Co.", "Jr.", "Sr.", "a.m.", "p.m."])
_SENTENCE_STARTERS_LIST = (
    "A An And As At But By For From He How I If In It Its My No Not Now Of On Or Our She So That The "
    "Their Then There These They This To We What When Where Who Why Yes You Your"
)
_SENTENCE_STARTERS = frozenset(_SENTENCE_STARTERS_LIST.split())

_ACRONYMS_READ_AS_WORDS_LIST = (
    "AIDS APEC ASEAN ASIC BERT BRICS CAD CAPTCHA CERN COBOL COVID CUDA DALL DARPA DOS DRAM FAIR FEMA FIFA "
    "FOMO FORTRAN GAN GIF IKEA JPEG JSON LAN LASER LED LIDAR LIGO LORA MERS NAFTA NASA NASDAQ NATO NORAD "
    "OPEC OSHA PIN PIXAR RADAR RAG RAM RAND ROM SARS SCUBA SIM SONAR SORA SWAT SWIFT TED TESLA TOEFL "
    "UNESCO UNICEF UNIX VISA WAN WASP YOLO YAML ZOOM OK"
)
_ACRONYMS_READ_AS_WORDS = frozenset(_ACRONYMS_READ_AS_WORDS_LIST.split())
_WORDS_IN_CAPITALS_LIST = (
    "ABOUT ACT ALL ALSO ALWAYS AN AND ANY ARE AS ASK AT BAD BE BEEN BEST BIG BUT BUY BY CAN CITY COME CUT "
    "DAY DID DO DONE DOWN EACH END EVEN EVER EVERY FEW FIND FOR FREE FROM FULL FUN GET GIVE GO GOOD GOT "
    "GREAT HAD HAS HATE HAVE HE HEAR HELL HER HERE HIGH HIM HIS HOME HOT HOW HUGE IDEA IF IN INTO IS ITS "
    "JOB JUST KEEP KNOW LAST LATE LESS LET LIFE LIKE LINE LIVE LONG LOOK LOT LOVE MADE MAKE MAN MANY MAY "
    "ME MEAN MEN MORE MOST MUCH MUST NAME NEED NEVER NEW NEXT NICE NO NONE NOT NOTE NOW OF OFF OH OLD ON "
    "ONCE ONE ONLY OPEN OR OUR OUT OVER OWN PART PAY PUT READ REAL RUN SAID SAME SAW SAY SEE SHE SO SOME "
    "SOON STOP SUCH SURE TAKE TALK TELL THAN THAT THE THEM THEN THERE THEY THIS TIME TO TOO TOP TRUE TWO "
    "UP USE USED VERY WAIT WANT WAR WAS WAY WE WELL WERE WHAT WHEN WHY WILL WITH WORD WORK YEAR YES YET "
    "YOU YOUR ZERO"
)
_WORDS_IN_CAPITALS = frozenset(_WORDS_IN_CAPITALS_LIST.split())
_SPELLED_LENGTH = 4
"""Acronyms longer than this, with vowels in them, are read as words."""

_NEXT_WORD = re.compile(" ([A-Za-z]+)")
_NEXT_CAPITALISED = re.compile(" ?([A-Z][a-z]+)")
_SILENT_E = re.compile("[^AEIOU][AEIOU][^AEIOU]E")
"""FINE, SAFE: words, and shouted."""

_TOP_LEVEL_LIST = (
    "com org net edu gov mil int info biz ai io co cn hk tw jp kr sg uk us eu de fr me tv ly fm gg so app dev xyz tech"
)
_TOP_LEVEL = _TOP_LEVEL_LIST.split()
_PATH = r"[A-Za-z0-9\-._~:/?#@!$&'*+,;=%]*[A-Za-z0-9/=]"


def address_rules(language: Language) -> tuple[Rule, ...]:
    """Return the rules for what looks like words and numbers but is an address."""

    def speak(match: Match) -> str:
        return _speak_address(match[0], language)

    return (
        Rule("url", rf"{_WORD_START}(?:https?://|www\.){_PATH}", speak),
        Rule("mail", r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", speak),
        Rule(
            "domain",
            r"(?<![A-Za-z0-9.-])(?=[0-9-]*+[A-Za-z])[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)*"
            rf"\.{one_of(_TOP_LEVEL)}(?![A-Za-z0-9-]|\.[A-Za-z])(?:/{_PATH})?",
            speak,
        ),
    )


def _speak_address(text: str, language: Language) -> str:
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", text).rstrip("/") or text
    words = []
    for part in re.findall(r"[A-Za-z]+|\d+|[^A-Za-z\d]", bare):
        if part.isdecimal():
            words.append(language.digits(part))
        elif part.isalpha():
            words.append(part if len(part) > 2 else _spelled(part))
        else:
            words.append(language.address.get(part, language.comma.strip()))
    return " ".join(words)


def word_rules(language: Language) -> tuple[Rule, ...]:
    """Return the rules for words in Latin letters."""

    def speak_model(match: Match) -> str:
        number = language.model_number(match["digits"])
        return f"{_speak_acronym(match['letters'])} {plural(number) if match['plural'] else number}"

    def speak_starred(match: Match) -> str:
        return f"{match['letters']} {language.star}"

    def speak_plus(match: Match) -> str:
        return " ".join([match["letters"], *[language.signs["+"]] * len(match["pluses"])])

    return (
        Rule(
            "abbreviation", rf"{_WORD_START}(?P<short>{one_of(list(_ABBREVIATIONS))}){_WORD_END}", _speak_abbreviation
        ),
        Rule("cited", rf"{_WORD_START}(?P<short>{one_of(list(_CITATIONS))})\.[ ]?(?=\d)", _speak_citation),
        Rule("saint", rf"{_WORD_START}St\.", _speak_saint),
        Rule("initials", rf"(?<![{LATIN}\d.])(?P<letters>(?:[A-Z]\.)+[A-Z]){_WORD_END}(?P<dot>\.?)", _speak_initials),
        Rule("initial", rf"{_WORD_START}(?P<letter>[A-Z])\.(?= ?[A-Z][a-z])", _speak_initial),
        Rule(
            "model",
            rf"{_WORD_START}(?P<letters>[A-Za-z]+)-?(?P<digits>\d+(?:\.\d+)*)(?P<plural>s{_WORD_END})?"
            rf"(?!\d|{one_of(list(UNITS))}{_WORD_END})",
            speak_model,
        ),
        Rule("starred", rf"{_WORD_START}(?P<letters>[A-Z])\*(?!\w)", speak_starred),
        Rule("pluses", rf"{_WORD_START}(?P<letters>[A-Z][a-z]*)(?P<pluses>\+{{1,2}})(?![\w+])", speak_plus),
        Rule(
            "acronym",
            rf"(?:(?P<lead>(?<=[{LATIN}])-)|{_WORD_START}(?<![A-Z]'))(?P<letters>[A-Z]{{2,}})(?P<ending>'?s)?"
            rf"{_WORD_END}(?!'[A-Z])(?P<tail>-(?=[{LATIN}]))?",
            _speak_capitals,
        ),
    )


def _spelled(letters: str) -> str:
    return " ".join(letters.upper())


def _speak_abbreviation(match: Match) -> str:
    short = match["short"]
    spoken = _ABBREVIATIONS[short]
    following = after(match)
    ends = not following or (short in ("etc.", "a.m.", "p.m.") and following.isupper())
    return spoken + "." if short in _ENDS_SENTENCES and ends else spoken


def _speak_citation(match: Match) -> str:
    return _CITATIONS[match["short"]] + " "


def _speak_saint(match: Match) -> str:
    return "Saint" if after(match).isupper() else "Street"


def _speak_initials(match: Match) -> str:
    following = _NEXT_WORD.match(match.string, match.end())
    ends = match["dot"] and (not after(match) or (following and following[1] in _SENTENCE_STARTERS))
    return _spelled(match["letters"].replace(".", "")) + ("." if ends else "")


def _speak_initial(match: Match) -> str:
    following = _NEXT_CAPITALISED.match(match.string, match.end())
    starts_sentence = following and following[1] in _SENTENCE_STARTERS and before(match) == " "
    return match[0] if starts_sentence else match["letter"]


def _speak_acronym(letters: str) -> str:
    """Spell an acronym, unless it is read as a word, or has no vowel: every voice spells those by itself."""
    if not re.fullmatch(r"[A-Z]{2,}", letters) or letters in _ACRONYMS_READ_AS_WORDS | _WORDS_IN_CAPITALS:
        return letters
    if not re.search("[AEIOUY]", letters) or len(letters) > _SPELLED_LENGTH or _SILENT_E.fullmatch(letters):
        return letters
    return _spelled(letters)


def _speak_capitals(match: Match) -> str:
    spoken = _speak_acronym(match["letters"])
    if spoken == match["letters"]:
        return match[0]
    return (" " if match["lead"] else "") + spoken + ("'s" if match["ending"] else "") + (" " if match["tail"] else "")
