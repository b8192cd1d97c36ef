"""Divides HTML into tags and text, with their places.

Not ``html.parser``: its time is quadratic on some broken pages in older patch releases of every Python (CPython issue
135462), and it gives lines and columns instead of offsets.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_NAME = re.compile(r"[A-Za-z][^\s/>]{0,60}")
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_QUOTE = re.compile(r"""=\s{0,8}(["'])""")
_PROGRAMS = frozenset(("script", "style"))
"""Elements whose content is no text."""
UNSEEN = frozenset((
    "audio", "canvas", "datalist", "iframe", "math", "noscript", "object", "select", "svg", "template", "textarea",
    "video",
))  # fmt: skip
"""Elements whose text is no part of the page's: it stands where something else cannot be shown, or in a field."""
_MAX_TAG_LENGTH = 8000
"""Characters of a tag that are read for attributes; what follows them are pictures, not classes."""
_CLOSING = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in _PROGRAMS | UNSEEN}


@dataclass(frozen=True, slots=True)
class HtmlTag:
    """A tag, a comment, a declaration, or a program or style sheet with its tags."""

    start: int
    end: int
    name: str
    """In small letters; empty for comments, programs and the like, and for an unseen element that is never closed."""
    closes: bool
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HtmlText:
    """What is between two tags."""

    start: int
    end: int


def read_tokens(source: str) -> Iterator[HtmlTag | HtmlText]:
    """Divide HTML, without a gap, in linear time; a ``<`` that begins no tag is text."""
    finder = _Finder(source)
    text = at = 0
    while (at := source.find("<", at)) >= 0:
        tag = _tag(source, at, finder)
        if tag is None:
            at += 1
            continue
        if at > text:
            yield HtmlText(text, at)
        yield tag
        text = at = tag.end
    if text < len(source):
        yield HtmlText(text, len(source))


class _Finder:
    """Finds characters ahead, and does not look twice for what is not there."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.absent: set[str] = set()

    def after(self, wanted: str, start: int) -> int:
        """Return the offset behind the next occurrence; -1 where there is none."""
        if wanted in self.absent:
            return -1
        found = self.source.find(wanted, start)
        if found < 0:
            self.absent.add(wanted)
            return -1
        return found + len(wanted)

    def element_end(self, name: str, start: int) -> int:
        """Return the offset behind the closing tag of an element; -1 without one."""
        closing = None if name in self.absent else _CLOSING[name].search(self.source, start)
        if closing:
            return closing.end()
        self.absent.add(name)
        return -1

    def tag_end(self, start: int) -> int:
        """Return the offset behind the ``>`` that ends a tag: not one in quotation marks."""
        at = start
        while True:
            end = self.after(">", at)
            if end < 0:
                return -1
            quote = _QUOTE.search(self.source, at, end)
            if quote is None:
                return end
            closed = self.after(quote[1], quote.end())
            if closed < 0:
                return end
            at = closed


def _tag(source: str, at: int, finder: _Finder) -> HtmlTag | None:
    """Return the tag that begins at a ``<``; None where it is only a sign."""
    if source.startswith("<!--", at):
        end = finder.after("-->", at + 4)
        # A comment that nothing ends would take the rest of the page with it.
        return HtmlTag(at, end if end > 0 else at + 4, "", closes=False, attributes={})
    closes = source.startswith("</", at)
    name = _NAME.match(source, at + 1 + closes)
    if name is None and source[at + 1 : at + 2] not in ("!", "?"):
        return None
    end = finder.tag_end(at + 1)
    if end < 0:
        return None
    if name is None:
        return HtmlTag(at, end, "", closes=False, attributes={})
    kind = name[0].casefold()
    attributes = {} if closes else _attributes(source[name.end() : min(end - 1, at + _MAX_TAG_LENGTH)])
    if kind in _CLOSING and not closes:
        is_empty = source.startswith("/>", end - 2)
        closed = -1 if is_empty else finder.element_end(kind, end)
        if kind in _PROGRAMS and closed > 0:
            end, kind = closed, ""
        elif is_empty or (kind in UNSEEN and closed < 0):
            kind = ""
    return HtmlTag(at, end, kind, closes, attributes)


def _attributes(written: str) -> Mapping[str, str]:
    return {
        match[1].casefold(): html.unescape(match[2] or match[3] or match[4] or "")
        for match in _ATTRIBUTE.finditer(written)
    }
