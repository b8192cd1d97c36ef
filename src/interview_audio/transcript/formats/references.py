"""Finds the images and the links of a source, and the turns that they stand in; nothing of what is read depends on it.

Web pages are looked at by their tags. In every other text, images and links are looked for as Markdown, HTML and other
markup languages write them, and links as bare addresses.
"""

import html
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

from interview_audio.transcript.formats.html_page import VOID, why_furniture
from interview_audio.transcript.formats.html_tokens import HtmlTag, read_tokens
from interview_audio.transcript.turns import Reference, ReferenceKind, Turn

_ADDRESS = r"https?://(?:[^\s<>()\[\]{}\"'`|，。；：、！？（）【】「」『』《》“”‘’]|\([^\s<>()\[\]\"'`]{0,200}\))+"
_TITLE = r"(?:\s{1,4}(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'|\([^()\n]{0,300}\)))?\s{0,4}"
_TARGET = (
    r"(?:<(?P<{name}_angled>[^<>\n]{{1,2000}})>"
    r"|(?P<{name}>[^()\s<>]{{1,2000}}(?:\([^()\s]{{0,200}}\)[^()\s]{{0,200}}){{0,4}}))"
)
_PICTURE_NAME = r"[^()\n<>\"]{1,300}\.(?:jpe?g|png|gif|webp|bmp|tiff?)"
_IMAGE = (
    rf"!\[(?P<alt>[^\[\]\n]{{0,400}})\]\(\s{{0,4}}(?:{_TARGET.format(name='image')}{_TITLE}|(?P<spaced>{_PICTURE_NAME}))\)"
    r"|!\[(?P<described>[^\[\]\n]{1,400})\](?:\[(?P<image_name>[^\[\]\n]{0,120})\])?"
)
_WRITTEN = re.compile(
    rf"{_IMAGE}"
    # Obsidian, AsciiDoc, reStructuredText
    r"|!\[\[(?P<embedded>[^\[\]|\n]{1,300})(?:\|[^\[\]\n]{0,100})?\]\]"
    r"|^(?:image::?(?P<asciidoc>[^\s\[\]]{1,300})\[|\.\.[ \t]+(?:image|figure)::[ \t]*(?P<rst>\S{1,300}))"
    r"|<(?P<tag>img|a)\b(?P<attributes>[^<>]{0,4000})>"
    rf"|(?<=\])\(\s{{0,4}}{_TARGET.format(name='link')}{_TITLE}\)"
    r"|(?<=\])\[(?P<link_name>[^\[\]\n]{0,120})\]|\[(?P<shortcut>[^\[\]\n]{1,120})\](?![\[(:])"
    rf"|(?<![=\"'\w])(?P<bare>{_ADDRESS})",
    re.IGNORECASE | re.MULTILINE,
)
_DEFINITION = re.compile(
    r"^[ \t>]{0,12}\[(?P<name>[^\[\]^\n][^\[\]\n]{0,120})\]:[ \t]{0,8}<?(?P<target>[^\s<>]{1,2000})>?", re.MULTILINE
)
_FENCE = re.compile(r"^[ \t>]{0,12}(?P<sign>`{3,}|~{3,})[ \t]*(?P<language>[^\n`]*)$", re.MULTILINE)
_ATTRIBUTE = re.compile(r"""([\w:-]{1,40})\s{0,4}=\s{0,4}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_BEHIND_ADDRESS = ".,;:!?*_~'\"…"
_IS_WEB_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_SOURCES = ("src", "data-src", "data-original", "data-lazy-src")
"""Where a page says which image it shows; one that is loaded late has a picture of nothing in ``src``."""
_SMALLEST = 64
"""Pixels below which an image is an icon, a face beside a name, or what counts readers."""
_MAX_WORDS = 500
"""Characters that the words of a link may have."""
_NAMED_PARTS = 3
"""How many turns back one may be that a place is within: a note within a sentence is a turn in a turn."""


_Target = tuple[ReferenceKind, str, str]
"""Kind and target, and what is said of an image."""


@dataclass(frozen=True, slots=True)
class PlacedReference:
    """An image or a link, and where it stands in the source."""

    start: int
    """Offset of its first character."""
    end: int
    """One past its last one; of a link, one past its words."""
    reference: Reference


def with_references(turns: Sequence[Turn], source: str, *, is_page: bool) -> tuple[Turn, ...]:
    """Return turns with the images and links that stand in them; an image between two is that of the one before.

    Those are left out that stand in something else than the interview: code, notes, the frame of a page; and links that
    are not within words.

    Args:
        turns: In order of the source.
        source: The decoded source.
        is_page: Whether it is HTML.
    """
    found = list(_on_page(source, turns) if is_page else _in_text(source))
    if not found or not turns:
        return tuple(turns)
    starts = [turn.source[0] for turn in turns]
    of_turns: dict[int, list[Reference]] = {}
    line, counted = 1, 0
    for placed in sorted(found, key=lambda one: one.start):
        line, counted = line + source.count("\n", counted, placed.start), placed.start
        above = max(bisect_right(starts, placed.start) - 1, 0)
        around = _around(turns, bisect_left(starts, placed.end) - 1, placed)
        owner = above if around is None else around
        is_outside = turns[owner].kind == "boilerplate" and turns[owner].reason != "image caption"
        if (around is None and placed.reference.kind == "link") or (around is not None and is_outside):
            continue
        of_turns.setdefault(owner, []).append(replace(placed.reference, line=line))
    return tuple(
        replace(turn, references=tuple(of_turns[index])) if index in of_turns else turn
        for index, turn in enumerate(turns)
    )


def _around(turns: Sequence[Turn], last: int, placed: PlacedReference) -> int | None:
    """Return the turn that a reference is within, the innermost one; None between turns."""
    nearest = range(last, max(last - _NAMED_PARTS, -1), -1)
    return next((index for index in nearest if placed.start < turns[index].source[1]), None)


def _reference(kind: ReferenceKind, target: str, text: str) -> Iterator[Reference]:
    """Yield what a target refers to; nothing where it leads nowhere that a listener could go."""
    plain = target.strip()
    if plain.startswith("//"):
        plain = f"https:{plain}"
    is_address = _IS_WEB_ADDRESS.match(plain) is not None
    is_path = kind == "image" and not re.match(r"[A-Za-z][\w+.-]+:|#", plain)
    if plain and "\0" not in plain and (is_address or is_path):
        yield Reference(kind, plain, text=" ".join(text.split()))


def _in_text(source: str) -> Iterator[PlacedReference]:
    """Yield the images and links of a text that is not a page."""
    defined = {_folded(match["name"]): match["target"] for match in _DEFINITION.finditer(source)}
    unseen = tuple(_outermost((*_comments(source), *_fenced(source))))
    begins = [begin for begin, _ in unseen]
    for match in _WRITTEN.finditer(source):
        at = bisect_right(begins, match.start()) - 1
        if at >= 0 and match.start() < unseen[at][1]:
            continue
        start, end = _words(source, match)
        for kind, target, text in _targets(match, defined):
            found = _reference(kind, html.unescape(target), html.unescape(text))
            yield from (PlacedReference(start, end, one) for one in found)


def _words(source: str, match: re.Match[str]) -> tuple[int, int]:
    """Return where the words of a link are, else all that is written."""
    if (match["tag"] or "").lower() == "a":
        return match.start(), max(source.find("</a", match.end(), match.end() + _MAX_WORDS), match.end())
    if source[match.start()] in "([" and source[match.start() - 1 : match.start()] == "]":
        return max(source.rfind("[", max(match.start() - _MAX_WORDS, 0), match.start()), 0), match.start()
    return match.span()


def _targets(match: re.Match[str], defined: Mapping[str, str]) -> Iterator[_Target]:
    """Yield what a match is."""
    found = match.groupdict()
    for name in ("image", "image_angled", "spaced", "embedded", "asciidoc", "rst"):
        if found[name]:
            yield "image", found[name], found["alt"] or ""
    for name in ("link", "link_angled"):
        if found[name]:
            yield "link", found[name], ""
    if found["bare"]:
        yield "link", found["bare"].rstrip(_BEHIND_ADDRESS), ""
    if found["described"]:
        yield "image", defined.get(_folded(found["image_name"] or found["described"]), ""), found["described"]
    if name := found["link_name"] or found["shortcut"]:
        yield "link", defined.get(_folded(name), ""), ""
    if found["tag"]:
        attributes = {
            one[1].lower(): one[2] or one[3] or one[4] or "" for one in _ATTRIBUTE.finditer(found["attributes"])
        }
        yield from _of_tag(found["tag"].lower(), attributes)


def _of_tag(name: str, attributes: Mapping[str, str]) -> Iterator[_Target]:
    if name == "a":
        yield "link", attributes.get("href", ""), ""
    elif not _is_small(attributes):
        named = (attributes.get(key, "") for key in _SOURCES)
        shown = next((one for one in named if one and not one.startswith("data:")), "")
        yield "image", shown or (attributes.get("srcset", "").split() or [""])[0], attributes.get("alt", "")


def _is_small(attributes: Mapping[str, str]) -> bool:
    sizes = [attributes.get(key, "").removesuffix("px") for key in ("width", "height")]
    return any(size.isdecimal() and int(size) < _SMALLEST for size in sizes)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _comments(source: str) -> Iterator[tuple[int, int]]:
    at = 0
    while (begin := source.find("<!--", at)) >= 0 and (end := source.find("-->", begin)) >= 0:
        yield begin, end
        at = end


def _fenced(source: str) -> Iterator[tuple[int, int]]:
    """Yield the blocks of code, from fence to fence."""
    opening: re.Match[str] | None = None
    for fence in _FENCE.finditer(source):
        if opening is None:
            opening = fence
        elif fence["sign"].startswith(opening["sign"]) and not fence["language"]:
            yield opening.start(), fence.end()
            opening = None


def _on_page(source: str, turns: Sequence[Turn]) -> Iterator[PlacedReference]:
    """Yield the images and links of a page, without those in its frame or outside its articles."""
    page = _Page()
    for tag in read_tokens(source):
        if isinstance(tag, HtmlTag) and tag.name:
            (page.close if tag.closes else page.open)(tag, source)
    read = [turn.source[0] for turn in turns if turn.kind in ("speech", "narration")]
    holding = [
        (begin, end) for begin, end in _outermost(page.articles) if bisect_left(read, begin) < bisect_left(read, end)
    ]
    begins = [begin for begin, _ in holding]
    for placed in page.found:
        at = bisect_right(begins, placed.start) - 1
        if not holding or (at >= 0 and placed.start < holding[at][1]):
            yield placed


def _outermost(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    reached = 0
    for begin, end in sorted(ranges):
        if begin >= reached:
            yield begin, end
            reached = end


@dataclass(slots=True)
class _Page:
    """What has been found on a page, and the elements that are open."""

    found: list[PlacedReference] = field(default_factory=list)
    articles: list[tuple[int, int]] = field(default_factory=list)
    stack: list[tuple[HtmlTag, bool]] = field(default_factory=list)
    """Each with whether it is a part of the frame."""
    names: Counter[str] = field(default_factory=Counter)
    frames: int = 0
    base: str = ""

    def open(self, tag: HtmlTag, source: str) -> None:
        """Take the beginning of an element."""
        if tag.name == "base":
            self.base = tag.attributes.get("href", "")
        if tag.name in ("img", "a") and not self.frames:
            end = max(source.find("</a", tag.end, tag.end + _MAX_WORDS) if tag.name == "a" else 0, tag.end)
            for kind, target, text in _of_tag(tag.name, tag.attributes):
                joined = urljoin(self.base, target) if self.base and target else target
                self.found += (PlacedReference(tag.start, end, one) for one in _reference(kind, joined, text))
        if tag.name not in VOID:
            is_frame = bool(why_furniture(tag))
            self.stack.append((tag, is_frame))
            self.names[tag.name] += 1
            self.frames += is_frame

    def close(self, tag: HtmlTag, _: str) -> None:
        """Take the end of an element, and of all that is open in it."""
        while self.names[tag.name]:
            ended, is_frame = self.stack.pop()
            self.names[ended.name] -= 1
            self.frames -= is_frame
            if ended.name in ("article", "main"):
                self.articles.append((ended.start, tag.end))
            if ended.name == tag.name:
                return
