"""Shapes of repetition: texts of any length that make a careless pattern, loop or table look again and again."""

import itertools
from collections.abc import Callable, Iterable, Mapping

Shape = Callable[[int], str]
"""From a number of characters to a text of that length."""


def repeated(unit: str) -> Shape:
    """The same characters over and over."""
    return lambda characters: (unit * (characters // len(unit) + 1))[:characters]


def counted(unit: str) -> Shape:
    """The same with another number each time: ``{}`` is the number, in figures."""
    return lambda characters: _filled((unit.format(number) for number in itertools.count(1)), characters)


def named(unit: str) -> Shape:
    """The same with another name each time, in letters: ``{}`` is the name."""
    return lambda characters: _filled((unit.format(_name(number)) for number in itertools.count(1)), characters)


def enclosed(opening: str, unit: str, closing: str) -> Shape:
    """One run between an opening and a closing."""
    return lambda characters: opening + repeated(unit)(characters - len(opening) - len(closing)) + closing


def nested(opening: str, closing: str) -> Shape:
    """Half of it opens, half of it closes."""
    return lambda characters: opening * (characters // 2 // len(opening)) + closing * (characters // 2 // len(closing))


def _filled(parts: Iterable[str], characters: int) -> str:
    text: list[str] = []
    length = 0
    for part in parts:
        text.append(part)
        length += len(part)
        if length >= characters:
            break
    return "".join(text)[:characters]


def _name(number: int) -> str:
    """A word of letters for a number, with a capital: no two are the same."""
    letters = ""
    while number:
        number, place = divmod(number, 26)
        letters += "aeioubcdfghjklmnpqrstvwxyz"[place]
    return letters.capitalize()


SENTENCES = "The lamp is lit when the sun has gone. Nobody asks why it should be so, and nobody would know. "

SHAPES: Mapping[str, Shape] = {
    # Letters.
    "small letters": repeated("x"),
    "capitals": repeated("X"),
    "small and capital letters": repeated("xY"),
    "letters and digits": repeated("a1"),
    "single letters": repeated("a "),
    "single capitals": repeated("A "),
    "initials": repeated("J. K. "),
    "capitalised words": repeated("Ida Holm "),
    "words": repeated(SENTENCES),
    "different words": named("the {} is "),
    "words without a stop": repeated("and the lamp was lit "),
    "abbreviations": repeated("e.g. Dr. "),
    "apostrophes": repeated("o'"),
    "accents": repeated("é"),
    "combining marks": repeated("e\u0301"),
    "combining marks alone": repeated("\u0301"),
    "Cyrillic": repeated("ж"),
    "right to left": repeated("שלום "),
    "direction overrides": repeated("\u202ea\u202c"),
    "Indic joiners": repeated("क्\u200dष"),
    # Chinese, Japanese, Korean.
    "Han": repeated("光"),
    "Han sentences": repeated("灯塔的光照着海面，谁也不问为什么。"),
    "Han numerals": repeated("一二三"),
    "Han name": repeated("王"),
    "Han and Latin": repeated("光a"),
    "kana": repeated("あ"),
    "kana marks": repeated("ー"),
    "hangul": repeated("빛"),
    "full-width commas": repeated("，"),
    "full-width stops": repeated("。"),
    "full-width letters": repeated("Ａ"),
    "corner brackets": repeated("「"),
    "book titles": repeated("《光》"),
    "book titles opened": repeated("《"),
    "middle dots": repeated("光·"),
    # Spaces and what is not seen.
    "spaces": repeated(" "),
    "spaced letter": enclosed("a", " ", "a"),
    "no-break spaces": repeated("\u00a0"),
    "ideographic spaces": repeated("\u3000"),
    "tabs": repeated("\t"),
    "newlines": enclosed("a", "\n", "a"),
    "short lines": repeated("a\n"),
    "short paragraphs": repeated("a\n\n"),
    "zero width": repeated("\u200b"),
    "joiners": repeated("\u200d"),
    "emoji": repeated("👩\u200d👩\u200d👧"),
    "flags": repeated("🇳🇿"),
    # Marks.
    "full stops": repeated("."),
    "full stops and spaces": repeated(". "),
    "ellipses": repeated("…"),
    "commas": repeated(","),
    "commas and spaces": repeated("a, "),
    "question marks": repeated("?"),
    "exclamations": repeated("a! "),
    "colons": repeated(":"),
    "colons and letters": repeated("a: "),
    "full-width colons": repeated("光："),
    "semicolons": repeated("a; "),
    "hyphens": repeated("-"),
    "hyphenated": repeated("a-"),
    "dashes": repeated("—"),
    "dashes and spaces": repeated("a — "),
    "slashes": repeated("/"),
    "slashed": repeated("a/"),
    "underscores": repeated("_"),
    "underscored": repeated("_a"),
    "emphasis opened": repeated("_a "),
    "asterisks": repeated("*"),
    "strong opened": repeated("**a "),
    "strong": repeated("**a** "),
    "asterisks and letters": repeated("a*"),
    "backquotes": repeated("`"),
    "backquoted": repeated("`a "),
    "backslashes": repeated("\\"),
    "escaped": repeated("\\*"),
    "greater": repeated(">"),
    "quoted lines": repeated("> a\n"),
    "hashes": repeated("#"),
    "headings": counted("# Part {}\n\n"),
    "bars": repeated("|"),
    "table rows": repeated("| a | b |\n"),
    "less": repeated("<"),
    "ampersands": repeated("&"),
    "at signs": repeated("a@"),
    "tildes": repeated("~"),
    "equals": repeated("="),
    "plus signs": repeated("+"),
    "percent": repeated("5%"),
    "round brackets opened": repeated("("),
    "round brackets and letters": repeated("(a"),
    "round brackets closed": repeated(")"),
    "round brackets": repeated("(a) "),
    "round brackets nested": nested("(", ")"),
    "square brackets opened": repeated("["),
    "square brackets and letters": repeated("[a"),
    "square brackets closed": repeated("]"),
    "square brackets": repeated("[a]"),
    "square brackets nested": nested("[", "]"),
    "links opened": repeated("[a]("),
    "links": repeated("[a](b) "),
    "pictures opened": repeated("![a]("),
    "footnotes": counted("a[{}] "),
    "lenticular brackets": repeated("【a】"),
    "lenticular brackets opened": repeated("【"),
    "quotes": repeated('"'),
    "quotes and letters": repeated('"a '),
    "quotes opened": repeated("“"),
    "quotes closed": repeated("”"),
    "quotations": repeated("“a” "),
    "guillemets": repeated("« a » "),
    "music": repeated("♪"),
    # Numbers.
    "digits": repeated("7"),
    "digits and spaces": repeated("7 "),
    "thousands": repeated("1,000,"),
    "decimals": repeated("1.5"),
    "dotted digits": repeated("1."),
    "money": repeated("$5 "),
    "dates": repeated("2024-01-02 "),
    "times": repeated("12:30 "),
    "timestamps": repeated("00:01:02 "),
    "bracketed times": repeated("[00:01:02] "),
    "ranges": repeated("1-2-"),
    "units": repeated("5 km "),
    "Roman numerals": repeated("XIV "),
    "million": repeated("5 million "),
    "Han digits": repeated("3年"),
    # Machines.
    "addresses": counted("https://example.org/a?b={}&c=d "),
    "one address": enclosed("https://example.org/", "a/b-", "x"),
    "e-mail": repeated("a.b@c.d "),
    "data address": enclosed("![](data:image/png;base64,", "iVBORw0KGgo/AAAA+NSUhEUg", "==)"),
    "base64": repeated("iVBORw0KGgo/AAAA+NSUhEUg"),
    "minified JSON": repeated('{"a":[1,2,{"b":"c"}],"d":null},'),
    "minified JavaScript": repeated('function(e){var t=e.n[0]||"x";return t?a(t):!1};'),
    "minified style sheet": repeated(".a-b{margin:0 auto;color:#fff}"),
    "tags": repeated("<b>a</b>"),
    "tags opened": repeated("<b>"),
    "tags not ended": repeated("<b "),
    "attributes": repeated("<a b='"),
    "comments": repeated("<!--"),
    "entities": repeated("&amp;"),
    "numbered entities": repeated("&#x41;"),
    "line ends in HTML": repeated("<br>"),
    # Interviews.
    "questions on one line": repeated("Q: why? A: so. "),
    "questions": repeated("Q: Why?\n\nA: So.\n\n"),
    "questions of lines": repeated("Q: Why?\nA: So.\n"),
    "Chinese questions": repeated("问：为什么？\n答：是的。\n"),
    "bold questions": repeated("**Why is it so?**\n\nIt is so.\n\n"),
    "different labels": named("{}: Why?\n\n"),
    "different full names": named("Ida {}: Why is it so?\n\n"),
    "different labels twice": lambda characters: named("{}: Why?\n\n")(characters // 2) * 2,
    "different Chinese labels": named("王{}：为什么？\n"),
    "numbered speakers": counted("Speaker {}: Why?\n\n"),
    "timed labels": counted("Ida Holm 00:01:02\nWhy {}?\n\n"),
    "names alone": named("{} Holm\n\nIt is so.\n\n"),
    "arrows": repeated(">> Why?\n"),
    "dialogue dashes": repeated("- Why?\n"),
    "lists": repeated("- a\n"),
    "numbered lists": counted("{}. a\n"),
    "stage marks": repeated("[laughs] "),
    "pull quotes": repeated("Nobody puts that on a postcard, I told them so.\n\n"),
    "quoted paragraphs": repeated("“Nobody puts that on a postcard, I told them so.”\n\n"),
    "different paragraphs": named("Nobody puts {} on a postcard, I told them so.\n\n"),
    "names in words": named("said Ida {} to Tomas Reyes, who "),
    "names in brackets": named("Ida {} (IH) "),
    "pronouns": repeated("she said to him "),
    "self names": named("I'm Ida {}, "),
    "invitations": repeated("Follow us on every platform! "),
    "bars of links": repeated("Home | About | Contact | "),
}
