"""What generators of sites and wikis read between a text's words: shortcodes, attributes, containers, imports, roles.

None of it is on the page that comes out. What a shortcode holds is, where it is talk: ``{{< says "MARK: Hello." >}}``.
What is taken out and says something all the same, a note or a comment, is kept apart: nobody says it in the middle of a
sentence, and the receipt counts it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from interview_audio.text.characters import columns, name_key
from interview_audio.transcript.formats.source_document import TextSpan, added_mark, is_worded
from interview_audio.transcript.lexicon.label_grammar import part_of, read_label
from interview_audio.transcript.lexicon.markup import is_stage_mark
from interview_audio.transcript.lexicon.typography import ends_sentence, is_full_sentence
from interview_audio.transcript.turns import CODE, COMMENT, FOOTNOTES

_CLOSED_BY = {"{{": "}}", "{%": "%}", "{/*": "*/}", "{#": "#}", "<!--": "-->", "%%": "%%"}
_OPENING = re.compile(r"\{\{|\{%|\{/\*|\{#(?=\s)|<!--|^%%(?=[ \w])", re.MULTILINE)
TAG_INSIDE = re.compile(r"<[^<>]{0,300}>")
_MAX_LENGTH = {"<!--": 20_000}
_MAX_TAG_LENGTH = 4000
"""Characters of a shortcode with all its arguments; of one that is never closed, no more than these are looked at."""
_NAME = re.compile(
    r"[<%/#^&>*+~\s-]*(?:(?:include(?:_cached|_relative)?|render|partial)\s+[\"']?(?:[\w.-]+/)*)?([\w:-]*)"
)
"""What a shortcode is called; one that includes a file, after the file."""
_CLOSES = re.compile(r"[<%\s-]*(?:/\s*|end_?)([a-z][\w-]*)")
_ARGUMENT = re.compile(
    r"(?:([A-Za-z_][\w-]{0,40})\s?[=:]\s?)?(?:\"((?:[^\"\\]|\\.)*)\"|“([^“”]*)”|'((?:[^'\\]|\\.)*)'|`([^`]*)`)"
)
_PIPED = re.compile(r"\|(?:\s{0,4}[\w ]{1,30}=)?([^|{}]{1,4000})")
"""An argument of a wiki's template, its name aside."""
_SPEAKER_KEYS = frozenset(("speaker", "name", "who", "person", "host", "guest", "from"))
_TALK_KEYS = frozenset(("", "text", "content", "body", "line", "says", "question", "answer", "q", "a", "message"))
_UNSAID = frozenset((
    "figure", "fig", "img", "image", "images", "gallery", "video", "audio", "youtube", "vimeo", "tweet", "twitter",
    "pullquote", "quote", "blockquote", "caption", "button", "link", "ref", "relref", "card",
))  # fmt: skip
"""Shortcodes whose arguments are shown beside the text, as pictures, quotations and links are."""
_CODE_NAMES = frozenset(("highlight", "codeblock", "code", "prism", "mermaid", "gist", "codetabs"))
_COMMENT_NAMES = frozenset(("comment",))
_MIN_TALK_COLUMNS = 16
"""Columns of an argument that says something; a shorter one is a title or a size."""
_MAX_SPEAKER_COLUMNS = 60
_ATTRIBUTES = re.compile(
    # kramdown's {: .class } and {::nomarkdown}, Pandoc's {.class #id}; {width=50%} only behind what it belongs to.
    r"\{::?[^{}\n]{0,300}\}|\{[.#][\w-][^{}\n]{0,300}\}|(?<=[)\]`])\{[^{}\n=]{1,60}=[^{}\n]{0,300}\}|\{\" \"\}"
)
_BREAK = "\n\n"
_CONTAINER = re.compile(r"^[ \t]{0,12}:{3,}[ \t]*(?P<inside>[^\n]{0,300})$", re.MULTILINE)
_CONTAINER_PERSON = re.compile(r"\{?\.?(\w+)")
_CONTAINER_TITLE = re.compile(
    # VitePress: tip A title; Docusaurus: tip[A title]; MyST: {tip} A title; Quarto: {.tip title="A title"}
    r"[\w-]*[ \t]*(?:\{[^{}]*?\btitle=[\"'](?P<given>[^\"'{}]*)[\"'][^{}]*\}|\{[^{}]*\})?"
    r"[ \t]*\[?(?P<printed>[^\[\]{}]*)"
)
_LINES = re.compile(
    r"^[ \t]{0,12}(?:"
    # MkDocs: !!! note "Title"
    r"(?:!!!|\?\?\?\+?) ?[a-z]+(?:(?: [a-z-]{1,20}){0,4} \"(?P<title>[^\"\n]{0,200})\")?"
    # the table of contents
    r"|\[\[?_?toc_?\]?\]|\{:\s?toc\s?\}"
    # an abbreviation, which the page shows only on a hover
    r"|\*\[[^\]\n]{1,60}\]:[ \t]*(?P<meaning>[^\n]*)"
    # reStructuredText: .. image:: lamp.png, and its options; .. _target:
    r"|\.\. (?:(?P<directive>[\w-]{1,40})::[ \t]*(?P<argument>[^\n]*)(?:\n[ \t]+:[\w-]{1,40}:[^\n]*)*|_[^\n]{1,80}:)"
    # Org: #+TITLE: Lamps
    r"|#\+[A-Za-z_]{2,24}:[ \t]*(?P<value>[^\n]*)"
    r")[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
ADMONITIONS = frozenset((
    "note", "warning", "tip", "important", "hint", "attention", "caution", "danger", "error", "seealso", "epigraph",
    "highlights", "pull-quote", "todo",
))  # fmt: skip
"""Directives of reStructuredText and MyST whose argument is the beginning of their text."""
TITLED = frozenset(("admonition", "topic", "sidebar", "rubric"))
"""Those whose argument is a title that the page shows."""
_MODULES = re.compile(
    r"^(?:import\s(?:[\w*{][^;\n\"']{0,200}\sfrom\s)?[\"'][^\"'\n]{1,200}[\"'];?"
    r"|export\s(?:const|let|default|function)\s[^\n]{0,400}"
    r"(?:[{(\[][ \t]*\n(?:[^\n]*\n){0,60}?[})\]]+;?|[;})\]]))[ \t]*$",
    re.MULTILINE,
)
_ALERT = re.compile(r"(?<=^> )\[![A-Za-z]{2,20}\][+-]?|(?<=^>)\[![A-Za-z]{2,20}\][+-]?", re.MULTILINE)
_TASK = re.compile(r"(?<=^[-*+] )\[[ xX]\](?= )", re.MULTILINE)
_PAIRED_SIGNS = re.compile(
    # Around what they set: wiki '''bold''' and ''italic'', ==highlight==, reStructuredText's `text <address>`_
    r"(?P<open>'{2,5})(?=[^\s'])[^'\n]{1,300}(?<=\S)(?P<close>'{2,5})"
    r"|(?<![=\n])(?P<lit>==)(?=[^\s=])[^=\n]{1,200}(?<=[^\s=])(?P<unlit>==)(?!=)"
    r"|(?P<tick>`)[^`<>\n]{1,200}(?P<address> <[^<>\n]{1,300}>`__?)"
    r"|(?P<class>\[)[^\[\]\n]{1,300}(?P<unclass>\](?=\{[.#:]))"
    r"|(?<=[A-Za-z0-9)])(?P<sub>[~^])[A-Za-z0-9+-]{1,6}(?P<unsub>[~^])(?=\W|[a-zA-Z])"
    r"|(?P<role>:[a-z][a-z:+-]{1,24}:`)[^`<>\n]{1,200}(?P<unrole>(?: <[^<>\n]{1,300}>)?`)"
)
_WIKI_LINK = re.compile(
    r"(?P<embeds>!?)\[\[(?!\s*\d{1,3}[:：]\d)(?P<target>[^\[\]|\n]{1,200})(?:\|(?P<text>[^\[\]\n]{1,200}))?\]\]"
    r"|\[(?P<address>https?://[^\s\[\]]{1,300}) (?P<words>[^\[\]\n]{1,200})\](?!\()"
)
_NOT_SHOWN = re.compile(r"(?:file|image|category|datei|bild|kategorie|fichier|catégorie|文件|分类)\s?:", re.IGNORECASE)
_NOTES = re.compile(
    # Pandoc's ^[note], which may hold a link or two and be wrapped
    r"(?<![\[\\`])\^\[(?P<note>(?:[^\[\]\n]|\n(?![ \t>]*\n)|\[[^\[\]\n]{0,200}\]){1,1200})\]"
    # reStructuredText's [1]_, Obsidian's %%comment%% and its name of a paragraph
    r"|(?<=[\w.,;!?) ])\[#?\w{1,20}\]_(?!\w)|%%(?P<comment>[^%\n]{1,300})%%|(?<=\S) \^[a-z0-9]{6}$",
    re.MULTILINE,
)
_CITED = re.compile(r"^\.\. \[[^\]\n]{1,40}\] (?P<body>[^\n]*(?:\n[ \t]+\S[^\n]*)*)", re.MULTILINE)
_CRITIC = re.compile(
    # Critic Markup: {++added++}, {--taken out--}, {~~before~>after~~}, {==marked==}, {>>remark<<}
    r"(?<!`)\{(?:\+\+(?P<added>[^{}]{1,2000}?)\+\+|==(?P<marked>[^{}]{1,2000}?)==|~~(?P<old>[^{}]{0,2000}?)~>(?P<new>[^{}]{0,2000}?)~~"
    r"|--(?P<deleted>[^{}]{1,2000}?)--|>>(?P<remark>[^{}]{1,2000}?)<<)\}"
)
_DELETED = "deleted words"
_QUOTE_GOES_ON = re.compile(r"\n(?<=[a-z,;]\n)([ \t]{0,3}>[ \t]?)(?=[a-z])")
"""A quotation that is wrapped: the sign at the beginning of a line within a sentence."""
_QUOTED = re.compile(r"[ \t]{0,3}>")
_SPEAKER_TAG = re.compile(r"(?:^|(?<=[\s.?!,\"'”)\]]))(?P<space>[ \t]?)\[S[1-9]\](?=[ \t]*\S)", re.MULTILINE)
"""Before what somebody says, in scripts for Dia: ``[S1] Hello. [S2] Hello.``"""
_MIN_SPEAKER_TAGS = 2
_MAX_LINE = 500
_EMOJI = re.compile(r"(?<!\S):[a-z][a-z0-9_+-]{1,30}:(?=[\s.,!?)]|\Z)", re.MULTILINE)
_MARKS = (_ATTRIBUTES, _ALERT, _TASK, _EMOJI)
"""Patterns of what holds no words."""
_SIGNS: Mapping[re.Pattern[str], tuple[str, ...]] = {
    _ATTRIBUTES: ("{",),
    _ALERT: ("[!",),
    _TASK: ("[ ]", "[x]", "[X]"),
    _EMOJI: (":",),
    _LINES: ("!!! ", "??? ", "???+", "toc", "TOC", "*[", ".. ", "#+"),
    _NOTES: ("^", "]_", "%%"),
    _CRITIC: ("{++", "{--", "{~~", "{==", "{>>"),
    _MODULES: ("import", "export"),
    _CITED: (".. [",),
    _CONTAINER: (":::",),
    _PAIRED_SIGNS: ("''", "==", "`", "]{", "~", "^"),
    _WIKI_LINK: ("[[", "[http"),
}
"""The signs without which a text need not be searched for a pattern."""
_BULLETIN_BOARD = re.compile(
    r"\[/?(?:b|i|u|s|url|quote|color|size|img|center|font|spoiler)(?:=[^\]\n]{0,200})?\]", re.IGNORECASE
)
_CLOSES_ON_BOARD = re.compile(r"\[/(?:b|i|u|url|quote|color|size|img)\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UnreadSpan:
    """A stretch of the source that is on the page and not part of the text, or that is not even on the page."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Source characters that the page does not show as they are written."""

    start: int
    end: int
    shown: tuple[TextSpan, ...] = ()
    """What it shows in their place: parts of them, or marks of the layout."""
    unread: tuple[UnreadSpan, ...] = ()
    """Parts that say something elsewhere or to nobody: they are laid out apart from the sentence, which goes on."""


def note_edit(source: str, start: int, end: int, inside: tuple[int, int], reason: str) -> Edit:
    """Return the edit of a note that stands in a sentence.

    Args:
        source: The whole source.
        start: Offset of the note.
        end: Offset behind it.
        inside: Where its words are; a number or a sign is none.
        reason: Why they are not read.
    """
    return Edit(start, end, unread=(UnreadSpan(*inside, reason),) if is_worded(source[slice(*inside)]) else ())


def find_template_marks(source: str, begin: int) -> tuple[list[Edit], list[UnreadSpan]]:
    """Find what a generator takes out of the text.

    Args:
        source: The whole source.
        begin: Offset behind its front matter.
    """
    tags = list(_tags(source, begin))
    edits = [edit for start, end, opening in tags for edit in _edits_of(source, start, end, opening)]
    unread = list(_unread_between(source, tags))
    edits += [Edit(*match.span()) for pattern in _MARKS for match in _found(pattern, source, begin)]
    edits += [edit for match in _found(_LINES, source, begin) for edit in _line(source, match)]
    edits += [_note(source, match) for match in _found(_NOTES, source, begin)]
    edits += [edit for match in _found(_CRITIC, source, begin) for edit in _revision(source, match)]
    unread += [UnreadSpan(*match.span(), CODE) for match in _found(_MODULES, source, begin)]
    for match in _found(_CITED, source, begin):
        unread.append(UnreadSpan(*match.span(), FOOTNOTES))
        edits.append(Edit(match.start(), match.start("body")))
    edits += [
        Edit(*match.span(1))
        for match in _QUOTE_GOES_ON.finditer(source, begin)
        if _QUOTED.match(source, source.rfind("\n", max(0, match.start() - _MAX_LINE), match.start()) + 1)
    ]
    edits += [edit for match in _found(_CONTAINER, source, begin) for edit in _container(match)]
    edits += [
        Edit(*match.span(name))
        for match in _found(_PAIRED_SIGNS, source, begin)
        for name, written in match.groupdict().items()
        if written
    ]
    if len(places := list(_SPEAKER_TAG.finditer(source, begin))) >= _MIN_SPEAKER_TAGS:
        edits += [Edit(*match.span("space"), (added_mark(_BREAK),)) for match in places if match["space"]]
    edits += [edit for match in _found(_WIKI_LINK, source, begin) for edit in _wiki_link(source, match)]
    if _CLOSES_ON_BOARD.search(source, begin):
        edits += [Edit(*match.span()) for match in _BULLETIN_BOARD.finditer(source, begin)]
    return edits, unread


def _found(pattern: re.Pattern[str], source: str, begin: int) -> Iterator[re.Match[str]]:
    """Find a pattern where the source has one of its signs: most sources have hardly any."""
    return pattern.finditer(source, begin) if any(sign in source for sign in _SIGNS[pattern]) else iter(())


def _tags(source: str, begin: int) -> Iterator[tuple[int, int, str]]:
    at = begin if any(sign in source for sign in _CLOSED_BY) else len(source)
    while opening := _OPENING.search(source, at):
        start, sign = opening.start(), opening[0]
        closing = _CLOSED_BY[sign]
        found = source.find(closing, opening.end(), start + _MAX_LENGTH.get(sign, _MAX_TAG_LENGTH))
        if found < 0 or (sign != "<!--" and "\n\n" in source[start:found]):
            at = opening.end()
            if sign == "<!--":
                yield start, at, ""
            continue
        at = found + len(closing)
        if sign == "{{" and source.startswith("{{{", start):
            at += source.startswith("}", at)
        yield start, at, sign


def _edits_of(source: str, start: int, end: int, opening: str) -> Iterator[Edit]:
    """Yield the edit of a shortcode or a comment: nothing is shown of it but its talk."""
    if not opening:  # A comment that nothing ends would take the rest of the text with it.
        yield Edit(start, end)
        return
    if opening not in ("{{", "{%"):
        yield comment_edit(source, start, end, len(opening), len(_CLOSED_BY[opening]))
        yield from (Edit(*tag.span()) for tag in TAG_INSIDE.finditer(source, start + len(opening), end))
        return
    shown = spoken_arguments(source, start, end, tag_name(source[start + 2 : end - 2]))
    yield Edit(start, end, shown, unspoken_arguments(source, start, end, shown))


def comment_edit(source: str, start: int, end: int, opening: int, closing: int) -> Edit:
    """Return the edit of a comment, which keeps its sentences: whoever writes ``more`` there means a program.

    Args:
        source: The whole source.
        start: Offset of the comment.
        end: Offset behind it.
        opening: Characters of the sign that opens it.
        closing: Characters of the sign that closes it.
    """
    first, last = start + opening, end - closing
    words = TAG_INSIDE.sub("", source[first:last])
    is_said = "://" not in words and is_full_sentence(words) and is_worded(words)
    return Edit(start, end, unread=(UnreadSpan(first, last, COMMENT),) if is_said else ())


def tag_name(inside: str) -> str:
    """Return the name of a shortcode or an element; empty where it has none, as a comment."""
    match = _NAME.match(inside)
    return match[1].casefold() if match else ""


def spoken_arguments(source: str, start: int, end: int, name: str) -> tuple[TextSpan, ...]:
    """Return what arguments of a shortcode say, and who says it, where it has a line of its own.

    Args:
        source: The whole source.
        start: Offset of the shortcode.
        end: Offset behind it.
        name: What it is called; one called after a part in an interview labels what is between it and its end.
    """
    if name in _UNSAID or not _is_alone(source, start):
        return ()
    spans: list[TextSpan] = []
    is_named = False
    for match in _ARGUMENT.finditer(source, start, end):
        key = (match[1] or "").casefold()
        group = match.lastindex or 2
        words = TextSpan(*match.span(group))
        if (key or name) in _SPEAKER_KEYS and 0 < columns(match[group]) <= _MAX_SPEAKER_COLUMNS:
            spans = [added_mark("\n\n"), words, TextSpan(words.end, words.end + 1, ":"), *spans]
            is_named = True
        elif key in _TALK_KEYS and _is_talk(
            match[group], is_named=bool(key) and (is_named or part_of(key) is not None)
        ):
            label = [TextSpan(*match.span(1)), TextSpan(words.start - 1, words.start, ":")] if part_of(key) else []
            spans += [added_mark("\n\n" if label else " "), *label, words]
    return (*spans, added_mark(" ")) if spans else ()


def unspoken_arguments(source: str, start: int, end: int, shown: Sequence[TextSpan]) -> tuple[UnreadSpan, ...]:
    """Return the sentences among the arguments of a shortcode that nobody says.

    Args:
        source: The whole source.
        start: Offset of the shortcode.
        end: Offset behind it.
        shown: What is said of it.
    """
    quoted = (match.span(match.lastindex or 2) for match in _ARGUMENT.finditer(source, start, end))
    piped = (match.span(1) for match in _PIPED.finditer(source, start, end)) if source.startswith("{{", start) else ()
    said = [span.start for span in shown if span.start >= 0]
    found: list[UnreadSpan] = []
    for first, last in sorted((*quoted, *piped), key=lambda span: (span[0], -span[1])):
        value = source[first:last]
        is_said = columns(value) >= _MIN_TALK_COLUMNS and ends_sentence(value) and "://" not in value
        if is_said and (not found or first >= found[-1].end) and not any(first <= place < last for place in said):
            found.append(UnreadSpan(first, last, "shortcode"))
    return tuple(found)


def _is_alone(source: str, start: int) -> bool:
    """Tell whether a tag begins its line."""
    line = source.rfind("\n", max(0, start - 200), start) + 1
    return source[line:start].strip(" \t>") == ""


def _is_talk(value: str, *, is_named: bool) -> bool:
    """Tell whether an argument is what somebody says: a sentence, words behind a label, any words of somebody named."""
    if is_named:
        return bool(value.strip())
    if "://" in value:
        return False
    is_labelled = (label := read_label(value)) is not None and value[label.end :].strip() != ""
    return is_labelled or (columns(value) >= _MIN_TALK_COLUMNS and ends_sentence(value))


def _unread_between(source: str, tags: list[tuple[int, int, str]]) -> Iterator[UnreadSpan]:
    """Yield what is between a tag that says that code or a comment follows, and its end."""
    open_tags: dict[str, int] = {}
    for start, end, opening in tags:
        if opening not in ("{{", "{%"):
            continue
        inside = source[start + 2 : end - 2]
        closing = _CLOSES.match(inside)
        if closing and closing[1] in open_tags:
            reason = CODE if closing[1] in _CODE_NAMES else COMMENT
            yield UnreadSpan(open_tags.pop(closing[1]), end, reason)
        elif (name := tag_name(inside)) in _CODE_NAMES or name in _COMMENT_NAMES:
            open_tags.setdefault(name, start)


def _container(match: re.Match[str]) -> Iterator[Edit]:
    """Yield the edits of a line that opens or closes a container; one named after a part labels what it holds."""
    person = _CONTAINER_PERSON.match(match["inside"])
    title = _CONTAINER_TITLE.match(match["inside"])
    begin = match.start("inside")
    if person and part_of(name_key(person[1])):
        first = begin + person.start(1)
        yield Edit(*match.span(), (TextSpan(first, first + len(person[1])),))
    elif title:
        group = "given" if title["given"] else "printed"
        yield from around_title(match.span(), (begin + title.start(group), begin + title.end(group)), title[group])
    else:
        yield Edit(*match.span())


def around_title(mark: tuple[int, int], title: tuple[int, int], words: str) -> Iterator[Edit]:
    """Yield the edits of a mark with a title: one that is a sentence is read, and others are furniture.

    Args:
        mark: Where the mark is.
        title: Where its title is.
        words: What that says.
    """
    is_read = ends_sentence(words) and is_worded(words)
    yield from _around(mark, title) if is_read else (Edit(*mark),)


def _around(mark: tuple[int, int], kept: tuple[int, int]) -> Iterator[Edit]:
    """Yield the edits of a mark beside the words in it, which may be marked up themselves."""
    yield Edit(mark[0], kept[0], (added_mark(_BREAK),))
    yield Edit(kept[1], mark[1], (added_mark(_BREAK),))


def _line(source: str, match: re.Match[str]) -> Iterator[Edit]:
    """Yield the edits of a generator's line: what the page shows of it is read, other sentences are kept apart."""
    directive, argument = (match["directive"] or "").casefold(), (match["argument"] or "").strip()
    group = next((name for name in ("argument", "meaning", "value") if match[name]), "")
    if match["title"]:
        yield from around_title(match.span(), match.span("title"), match["title"])
    elif argument and directive in TITLED:
        yield from around_title(match.span(), match.span("argument"), argument)
    elif argument and directive in ADMONITIONS:
        yield from _around(match.span(), match.span("argument"))
    elif group and ends_sentence(match[group]) and "://" not in match[group]:
        reason = "abbreviation" if group == "meaning" else "directive"
        yield note_edit(source, *match.span(), match.span(group), reason)
    else:
        yield Edit(*match.span())


def _note(source: str, match: re.Match[str]) -> Edit:
    if match["note"]:
        return note_edit(source, *match.span(), match.span("note"), FOOTNOTES)
    if match["comment"]:
        return comment_edit(source, *match.span(), 2, 2)
    return Edit(*match.span())


def _revision(source: str, match: re.Match[str]) -> Iterator[Edit]:
    """Yield the edits of a revision: the page shows the words as they are now."""
    kept = next((name for name in ("added", "marked", "new") if match[name]), None)
    gone = next((name for name in ("old", "deleted", "remark") if match[name]), None)
    first, last = match.span(kept) if kept else (match.end(), match.end())
    reason = COMMENT if gone == "remark" else _DELETED
    yield note_edit(source, match.start(), first, match.span(gone), reason) if gone else Edit(match.start(), first)
    yield Edit(last, match.end())


def _wiki_link(source: str, match: re.Match[str]) -> Iterator[Edit]:
    if match["address"]:
        yield Edit(match.start(), match.start("words"))
        yield Edit(match.end("words"), match.end())
        return
    target = match["target"]
    if match["embeds"] or _NOT_SHOWN.match(target):
        inside = match.group("text") or ""
        caption = match.end("text") - len(inside.rpartition("|")[2]) if inside else match.end()
        yield note_edit(source, *match.span(), (caption, match.end("text") if inside else match.end()), "image caption")
    elif match["text"] or not is_stage_mark(target):
        group = "text" if match["text"] else "target"
        yield Edit(match.start(), match.start(group))
        yield Edit(match.end(group), match.end())
