"""What machines read, as people say it: web and mail addresses, files, paths, code, and the marks of markup."""

import re

from interview_audio.normalization.capitals import is_english, say_letters, spelled
from interview_audio.normalization.grammar import WORD_START, Match, Rule, after, before, one_of, table
from interview_audio.normalization.signs import Language
from interview_audio.text.characters import HAN, LATIN

_TOP_LEVEL_LIST = (
    "com org net edu gov mil int info biz ai io co cn hk tw jp kr sg uk us eu de fr me tv ly fm gg so app dev xyz tech"
)
_TOP_LEVEL = _TOP_LEVEL_LIST.split()
_PATH = r"[A-Za-z0-9\-._~:/?#@!$&'*+,;=%]*[A-Za-z0-9/=]"
_NAME = r"\.?[A-Za-z0-9_+-]{1,60}(?:\.[A-Za-z0-9_+-]{1,60}){0,5}"
"""A file or a folder in a path."""
_ROOTS = "bin|dev|etc|home|lib|mnt|opt|root|srv|tmp|usr|var"
_PART = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+(?:\.\d+)?|[^A-Za-z\d]")
_FORMATTING = "a|abbr|b|big|br|cite|code|del|em|font|i|ins|kbd|mark|p|q|s|small|span|strike|strong|sub|sup|tt|u"

_SETS_WORDS = frozenset(("b", "big", "br", "em", "font", "i", "p", "s", "small", "strike", "strong", "tt", "u"))
"""Those of which a text may have one tag without its other."""
_CALLED_TAG = re.compile(r"[ ](?:tag|element)s?\b", re.IGNORECASE)
"""What a sentence calls the tag before it."""
_REACH_OF_ELEMENT = 300
"""Characters behind an opening tag in which its closing tag is looked for."""


def rules_of_angles() -> tuple[Rule, ...]:
    """Return the rules for words between angle brackets: ``a <canvas> element``, ``<your name>``, ``Vec<T>``."""

    def say_words(match: Match) -> str:
        return _spaced(match, match["words"] or match["word"])

    def say_name(match: Match) -> str:
        return _spaced(match, match["name"]) if _is_named(match) else _keep_apart(match)

    return (
        Rule(
            "words_in_angles",
            rf"(?<![{LATIN}\d<])<(?!(?i:{_FORMATTING})>)"
            r"(?P<words>[A-Za-z][A-Za-z0-9_-]{0,40}(?:[ ][\w'’-]{1,40}){0,5})>(?!>)"
            rf"|(?<=[{LATIN}\d])<(?P<word>[A-Z][A-Za-z0-9_]{{0,40}})>(?![{LATIN}\d>])",
            say_words,
        ),
        Rule(
            "name_of_a_tag",
            rf"(?<![{LATIN}\d<>])<(?P<name>(?i:{_FORMATTING}))>(?![{LATIN}\d]|[^<>]{{0,{_REACH_OF_ELEMENT}}}</)",
            say_name,
        ),
    )


def address_rules(language: Language) -> tuple[Rule, ...]:
    """Return the rules for what looks like words and numbers but is an address, a file, code or markup."""

    def speak_address(match: Match) -> str:
        return _speak_address(match[0], language)

    def speak_file(match: Match) -> str:
        return _speak_file(match["stem"], match["ending"], language)

    def speak_path(match: Match) -> str:
        return _speak_path(match[0].strip(), language)

    def speak_forum(match: Match) -> str:
        return f"{match['kind'].upper()} {language.address['/']} "

    def speak_code(match: Match) -> str:
        return _speak_code(match["code"], language)

    return (
        *_markup_rules(language),
        Rule("code", r"`(?P<code>[^`\n]{1,120})`", speak_code),
        Rule("url", rf"{WORD_START}(?:https?://|www\.){_PATH}", speak_address),
        Rule("autolink", r"<(?P<url>(?:https?://|www\.)[^\s<>]{1,300})>", lambda m: _speak_address(m["url"], language)),
        Rule("mail", r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", speak_address),
        Rule(
            "domain",
            r"(?<![A-Za-z0-9.-])(?=[0-9-]*+[A-Za-z])[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)*"
            rf"\.{one_of(_TOP_LEVEL)}(?![A-Za-z0-9-]|\.[A-Za-z])(?::\d+)?(?:/{_PATH})?",
            speak_address,
        ),
        Rule("forum", r"(?<![\w/.])(?P<kind>[ru])/(?=[A-Za-z]\w{2,20}(?![\w/]))", speak_forum),
        Rule("local", rf"{WORD_START}localhost(?::\d{{2,5}})?(?:/{_PATH})?(?!\w)", speak_address),
        Rule(
            "file",
            rf"(?<![{LATIN}\d_./\\-])(?=[A-Za-z0-9_])(?P<stem>[A-Za-z0-9_-]{{1,60}})"
            rf"\.(?P<ending>{one_of(list(table('file_endings')))})(?![{LATIN}\d_-]|\.\w)",
            speak_file,
        ),
        Rule(
            "folder",
            rf"(?:(?<=\w)[ ](?=[~/])|(?<![\w/.:<~]))(?:~(?:/{_NAME}){{1,20}}"
            rf"|/(?:(?={_NAME}/[A-Za-z])|(?=(?:{_ROOTS})\b)){_NAME}(?:/{_NAME}){{0,20}})/?",
            speak_path,
        ),
        Rule(
            "page",
            rf"(?<=[a-z])[ ]/(?=(?!or\b|and\b)[a-z][a-z0-9]{{1,20}}(?:-[a-z0-9]{{1,20}}){{0,5}}(?![{LATIN}\d/]))",
            lambda _: f" {language.address['/']} ",
        ),
        Rule("drive", rf"{WORD_START}[A-Z]:\\(?:{_NAME}(?:\\{_NAME}){{0,20}})?", speak_path),
    )


def _markup_rules(language: Language) -> tuple[Rule, ...]:
    """Return the rules for marks that are for the eye: notes, tags, and links around their text."""

    def power(match: Match) -> str:
        exponent = match["exponent"] or match["power"]
        name = {"2": language.squared, "3": language.cubed}.get(exponent)
        return " " + (name or language.power.format(language.model_number(exponent)))

    def entity(match: Match) -> str:
        if match["name"] == "amp":
            return f" {'and' if re.match(f'[{LATIN} ]', before(match)) else language.signs['&']} "
        return {"nbsp": " ", "apos": "'", "rsquo": "'", "#39": "'", "#039": "'", "#x27": "'"}.get(match["name"], "")

    return (
        Rule(
            "note",
            r"(?:\[\^\w{1,20}\]|(?<=[^\s\[(])\[(?:\d{1,3}(?:[ ]?[,–-][ ]?\d{1,3}){0,9}|[a-z])\]"
            r"|[ ]?\[(?:note|nb|n|citation|clarification|dubious|who|when|by whom|better source)"
            r"(?:[ ](?:\d{1,3}|needed)|\?)\]|[ ]\[\d{1,3}(?:[ ]?[,–-][ ]?\d{1,3}){0,9}\](?=[.,;:!?]|$))",
            lambda _: "",
        ),
        Rule("reference", r"(?<=[^\s\[]\])\[[^\[\]\n]{0,80}\]", lambda _: ""),
        Rule(
            "unheard",
            r"[ ]?\\?[\[(<{_]{1,2}(?:inaudible|unintelligible|indiscernible|crosstalk|unclear|phonetic)[ —–@:-]{0,3}"
            r"\d{1,2}:\d\d(?::\d\d)?(?:\.\d{1,3})?\\?[\])>}_]{1,2}",
            lambda _: "",
        ),
        Rule("entity", r"&(?P<name>amp|nbsp|[lg]t|quot|apos|[lr][sd]quo|#0?39|#x27);", entity),
        Rule("superscript_note", r"(?:(?<=[a-z]{4})|(?<=[.,;:!?\"')\]]))<sup>[^<>]{0,40}</sup>", lambda _: ""),
        Rule("superscript", r"<sup>(?P<exponent>[23])</sup>|(?<=\d)<sup>(?P<power>\d{1,2})</sup>", power),
        Rule("tag", rf"</?(?:{_FORMATTING})(?:[ ][^<>=]{{1,60}}=[^<>]{{0,200}})?[ ]?/?>", _keep_apart),
        Rule("link_opening", r"!?\[(?=[^\[\]\n]{1,200}\]\([^()\s]{1,300}\))", lambda _: ""),
        Rule("link_closing", r"(?<=[^\s\[])\]\([^()\s]{1,300}\)", lambda _: ""),
    )


def _spaced(match: Match, words: str) -> str:
    """Return words that stood between angle brackets, apart from those that the brackets touch."""
    ahead = match.string[max(0, match.start() - 1) : match.start()]
    behind = match.string[match.end() : match.end() + 1]
    return f"{' ' if ahead.isalnum() else ''}{words}{' ' if behind.isalnum() else ''}"


def _is_named(match: Match) -> bool:
    """Tell whether a sentence speaks of a tag: nothing closes it, and it does not set the words behind it."""
    name = match["name"].casefold()
    rest = match.string[match.end() : match.end() + _REACH_OF_ELEMENT]
    is_closed = f"</{name}>" in rest.casefold()
    return _CALLED_TAG.match(rest) is not None or not (is_closed or name in _SETS_WORDS)


def _keep_apart(match: Match) -> str:
    return " " if match[0].startswith(("<br", "<p", "</p")) and before(match) and after(match) else ""


def _speak_address(text: str, language: Language) -> str:
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", text).rstrip("/") or text
    words = []
    parts = re.findall(r"[A-Za-z]+|\d+|[^A-Za-z\d]", bare)
    for earlier, part in zip(["", *parts], parts, strict=False):
        if part.isdecimal():
            words.append(language.model_number(part) if len(part) == 4 else language.digits(part))
        elif part.isalpha():
            is_word = _can_be_said(part) if len(part) > 2 else earlier in "-_/" and "-" in bare and is_english(part)
            words.append(part if is_word else spelled(part))
        else:
            words.append(language.address.get(part, language.comma.strip()))
    spoken = " ".join(words)
    port = f"localhost {language.address[':']} "
    return spoken.replace(port, "localhost ")


def _can_be_said(part: str) -> bool:
    """Tell whether letters of an address are a word: three or four without a vowel are spelled (``bbc``)."""
    return len(part) > 4 or re.search("[aeiouy]", part, re.IGNORECASE) is not None or is_english(part.lower())


def _speak_file(stem: str, ending: str, language: Language) -> str:
    """Say a file's name, its ending spelled unless it is a word."""
    said = table("file_endings")[ending] or spelled(ending)
    said = " ".join(language.digits(one) if one.isdecimal() else one for one in said.split(" "))
    words = [_say_part(part, language) for part in _PART.findall(stem)]
    return " ".join([*filter(None, words), language.address["."], said])


def _say_part(part: str, language: Language) -> str:
    if part[0].isdecimal():
        return language.model_number(part)
    if part.isalpha():
        return say_letters(part)
    return "" if part == "-" else language.address.get(part, "")


def _speak_path(path: str, language: Language) -> str:
    folder, _, file = path.rpartition("/") if "/" in path else path.rpartition("\\")
    stem, _, ending = file.rpartition(".")
    words = []
    for part in _PART.findall(path if not stem or ending not in table("file_endings") else folder + path[len(folder)]):
        known = table("path_names").get(part)
        words.append(known if known is not None else _say_part(part, language))
    if stem and ending in table("file_endings"):
        words.append(_speak_file(stem, ending, language))
    return " ".join(filter(None, words))


def _speak_code(code: str, language: Language) -> str:
    """Say code as to a colleague: dashes, dots and slashes by name, brackets and underscores not at all."""
    words = []
    for part in _PART.findall(code.removesuffix("()")):
        if part[0].isdecimal():
            words.append(language.model_number(part))
        elif re.match(f"[{LATIN}]", part):
            words.append(table("path_names").get(part) or say_letters(part))
        elif re.match(f"[{HAN}]", part):
            words.append(part)
        else:
            words.append("" if part in "_:<>" else language.address.get(part, language.signs.get(part, "")))
    return " ".join(filter(None, words))
