"""Shapes of repetition: texts of any length that make a careless pattern, loop or table look again and again."""

import itertools
from collections.abc import Callable, Iterable, Mapping

Shape = Callable[[int], str]
"""From a number of characters to a text of that length."""


def repeated(unit: str) -> Shape:
    """Return the same characters over and over."""
    return lambda characters: (unit * (characters // len(unit) + 1))[:characters]


def counted(unit: str) -> Shape:
    """Return the same with another number each time: ``{}`` is the number, in figures."""
    return lambda characters: _filled((unit.format(number) for number in itertools.count(1)), characters)


def named(unit: str) -> Shape:
    """Return the same with another name each time, in letters: ``{}`` is the name."""
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
    """Return a word of letters for a number, with a capital: no two are the same."""
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
    "single letters": repeated("a "),
    "initials": repeated("J. K. "),
    "capitalised words": repeated("Ida Holm "),
    "words": repeated(SENTENCES),
    "different words": named("the {} is "),
    "abbreviations": repeated("e.g. Dr. "),
    "combining marks alone": repeated("\u0301"),
    # Chinese, Japanese, Korean.
    "Han": repeated("光"),
    "Han sentences": repeated("灯塔的光照着海面，谁也不问为什么。"),
    "Han numerals": repeated("一二三"),
    "Han and Latin": repeated("光a"),
    "book titles opened": repeated("《"),
    # Spaces and what is not seen.
    "spaced letter": enclosed("a", " ", "a"),
    "newlines": enclosed("a", "\n", "a"),
    "short paragraphs": repeated("a\n\n"),
    # Marks.
    "full stops and spaces": repeated(". "),
    "commas and spaces": repeated("a, "),
    "colons and letters": repeated("a: "),
    "hyphenated": repeated("a-"),
    "slashed": repeated("a/"),
    "emphasis opened": repeated("_a "),
    "strong opened": repeated("**a "),
    "quoted lines": repeated("> a\n"),
    "table rows": repeated("| a | b |\n"),
    "at signs": repeated("a@"),
    "round brackets and letters": repeated("(a"),
    "square brackets nested": nested("[", "]"),
    "links opened": repeated("[a]("),
    "quotes and letters": repeated('"a '),
    # Numbers.
    "digits": repeated("7"),
    "thousands": repeated("1,000,"),
    "dotted digits": repeated("1."),
    "timestamps": repeated("00:01:02 "),
    "ranges": repeated("1-2-"),
    # Machines.
    "addresses": counted("https://example.org/a?b={}&c=d "),
    "data address": enclosed("![](data:image/png;base64,", "iVBORw0KGgo/AAAA+NSUhEUg", "==)"),
    "minified JavaScript": repeated('function(e){var t=e.n[0]||"x";return t?a(t):!1};'),
    "tags opened": repeated("<b>"),
    "tags not ended": repeated("<b "),
    "entities": repeated("&amp;"),
    # Interviews.
    "questions on one line": repeated("Q: why? A: so. "),
    "questions": repeated("Q: Why?\n\nA: So.\n\n"),
    "Chinese questions": repeated("问：为什么？\n答：是的。\n"),
    "different full names": named("Ida {}: Why is it so?\n\n"),
    "names alone": named("{} Holm\n\nIt is so.\n\n"),
    "stage marks": repeated("[laughs] "),
    "different paragraphs": named("Nobody puts {} on a postcard, I told them so.\n\n"),
    "names in brackets": named("Ida {} (IH) "),
}
