"""What people write by mistake in settings and script files, and what they meant.

PyYAML says where its grammar stopped, which is often a line below the mistake, and says it in words of that grammar.
Here the lines around that place are looked at for what people do: tabs, a colon without a space, a quotation mark that
is not closed. Below that is what is meant by values that YAML takes and ``shapes`` does not.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml

from interview_audio.text.units import counted, shortened

_MOST_CHARACTERS = 1000
"""Of a line that are looked at; expressions that go back over a line of spaces would take seconds for a long one."""
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""Where YAML counts a new line."""
_ENTRY = re.compile(
    r"""(?P<indent>[ ]*)(?P<items>(?:-[ ]+)*)(?P<key>"[^"]*"|'[^']*'|[^\s#:"'\[{&*!|>%@`-][^#]*?|-[^\s#:][^#]*?)[ ]*:"""
    r"(?:[ ]+(?P<value>[^\s#].*)|[ ]*(?:#.*)?$)"
)
"""A line with ``key: value`` or ``key:``."""
_ITEM = re.compile(r"(?P<indent>[ ]*)-(?:[ ]|$)")
_COMMENT = re.compile(r"(?<!\s)\s+#.*")
_BLOCK_TEXT = re.compile(r"(?P<indent> *(?:- +)*)[^#]*: +[|>][-+0-9]*\s*$")
"""The line before a block of text."""
_WITHOUT_COLON = re.compile(
    r"\s*(?:-\s+)?(?P<key>[^\s:：=#\"'\[\]{},][^\s:：=#,]*)(?P<sign>\s*：\s*|:|\s*=\s*)(?P<value>[^\n]*)"
)
"""A line in which the space after the colon is missing, or the colon is not YAML's."""
_SIGNS = frozenset("*&!@`%|>?")
"""YAML takes a text that begins with one of these for something else, or for nothing at all."""
_BRACKETS = {"[": "]", "{": "}"}
_QUOTED_OR_BRACKET = re.compile(r"""\"(?:[^"\\]|\\.)*"|'[^']*'|(?:^|(?<=\s))#|[\[\]{}]""")
_NESTED_TOO_DEEPLY = "nested too deeply; make it flatter"
_FOREIGN_BEGINNINGS = (
    (re.compile(r"\s*\{\\rtf"), "this is a rich text (RTF) document, not plain text; save it as plain text"),
    (
        re.compile(r"\s*<(?:!doctype|html|\?xml)", re.IGNORECASE),
        "this is a web page; save the raw file",
    ),
)


class Mistake(NamedTuple):
    """A mistake and its place, lines and columns from 1."""

    message: str
    line: int | None = None
    column: int | None = None


class StrictLoader(yaml.SafeLoader):
    """YAML in which a text that begins with ``&`` or ``!`` is not swallowed as the name of an anchor or a tag."""

    def compose_scalar_node(self, anchor: Any) -> Any:
        """Refuse what has no value besides its anchor, and tags that nothing here knows."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if (anchor and not event.value and event.implicit[0]) or (event.tag or "").startswith("!"):
            raise yaml.composer.ComposerError(None, None, "sign", event.start_mark)
        return super().compose_scalar_node(anchor)


def foreign_kind(text: str) -> Mistake | None:
    """Return what a text is that can be no YAML of ours; None if it may be some."""
    return next((Mistake(message, 1, 1) for beginning, message in _FOREIGN_BEGINNINGS if beginning.match(text)), None)


def explain(text: str, error: yaml.YAMLError | RecursionError) -> Mistake:
    """Return what is wrong with a text that YAML refused, and what to do."""
    if isinstance(error, yaml.reader.ReaderError):
        return _control_character(text, error)
    mark = isinstance(error, yaml.MarkedYAMLError) and (error.problem_mark or error.context_mark)
    if not mark or not isinstance(error, yaml.MarkedYAMLError):
        return Mistake(_NESTED_TOO_DEEPLY)
    opening = error.context_mark or mark
    scene = _Scene(
        _LINE_BREAK.split(text),
        mark.line,
        mark.column,
        opening.line,
        opening.column,
        error.problem or "",
        error.context or "",
    )
    found = next((mistake for rule in _RULES if (mistake := rule(scene))), None)
    return found or scene.here(
        f"YAML cannot read this ({scene.problem}); compare indentation, colons, brackets and quotation marks with a "
        "file that works"
    )


def _control_character(text: str, error: yaml.reader.ReaderError) -> Mistake:
    before = text[: error.position]
    line_start = max((match.end() for match in _LINE_BREAK.finditer(before)), default=0)
    line = len(_LINE_BREAK.findall(before)) + 1
    code = ord(text[error.position])
    what = "is not allowed in YAML; remove it, or write it as an escape in double quotation marks"
    if not code:
        what = "hints at a file that is not UTF-8 text; save it as UTF-8"
    return Mistake(f"the character U+{code:04X} {what}", line, error.position - line_start + 1)


@dataclass(frozen=True, slots=True)
class _Scene:
    """Where YAML stopped, and what it was reading."""

    lines: Sequence[str]
    row: int
    """The line where it stopped, from 0."""
    column: int
    opening_row: int
    """Where what it was reading begins: a bracket, a quotation mark, a mapping."""
    opening_column: int
    problem: str
    context: str

    @property
    def line(self) -> str:
        return self.line_at(self.row)

    def line_at(self, row: int) -> str:
        return self.lines[row][:_MOST_CHARACTERS] if row < len(self.lines) else ""

    def here(self, message: str) -> Mistake:
        return self.at(self.row, self.column, message)

    def at(self, row: int, column: int, message: str) -> Mistake:
        return Mistake(message, row + 1, column + 1)

    def above(self, row: int) -> Iterator[int]:
        """Yield the lines above one, the nearest first, without empty ones and comments."""
        for other in range(min(row, len(self.lines)) - 1, -1, -1):
            words = self.lines[other].strip()
            if words and not words.startswith("#"):
                yield other


def _tab(scene: _Scene) -> Mistake | None:
    """Find the tab that YAML stopped at, or one that indents this line or the one above."""
    if scene.line[scene.column : scene.column + 1] == "\t" and scene.line[: scene.column].strip():
        return scene.here("YAML wants a space here, not a tab; put a space instead")
    for row in (scene.row, *list(scene.above(scene.row))[:1]):
        line = scene.line_at(row)
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent:
            return scene.at(row, indent.index("\t"), "this line is indented with a tab; use spaces, two for each level")
    return None


def _odd_space(scene: _Scene) -> Mistake | None:
    """Find spaces that are none for YAML: those of web pages and of Chinese keyboards."""
    for row in (scene.row, scene.opening_row):
        if fault := odd_indent(scene.line_at(row)):
            return scene.at(row, fault[0], fault[1])
    return None


def odd_indent(line: str) -> tuple[int, str] | None:
    """Return where a line is indented with something else than spaces, and what to do; None where it is not."""
    indent = line[: len(line) - len(line.lstrip())]
    at = next((index for index, character in enumerate(indent) if character not in " \t"), None)
    if at is None:
        return None
    return at, f"this line is indented with U+{ord(indent[at]):04X}, which only looks like a space; type spaces instead"


def _merge_mark(scene: _Scene) -> Mistake | None:
    for row in (scene.row, scene.opening_row, *list(scene.above(scene.row))[:1]):
        if scene.line_at(row).startswith(("<<<<<<<", "=======", ">>>>>>>")):
            return scene.at(row, 0, "a mark of a merge that is not finished; keep one version, and remove such lines")
    return None


def _fence(scene: _Scene) -> Mistake | None:
    for row in (scene.row, *list(scene.above(scene.row))[:1]):
        line = scene.line_at(row).lstrip()
        if line.startswith(("```", "~~~")):
            return scene.at(row, 0, f"{line[:3]} comes from Markdown; remove this line")
    return None


def _sign(scene: _Scene) -> Mistake | None:
    """Explain a text that begins with one of YAML's signs."""
    is_sign = scene.problem in ("sign", "mapping keys are not allowed here") or scene.problem.startswith(
        ("found character", "found undefined alias")
    )
    if "block scalar" in scene.context or any(word in scene.context for word in ("alias", "anchor", "tag")):
        row, column = scene.opening_row, scene.opening_column
    elif is_sign:
        row, column = scene.row, scene.column
    else:
        return None
    line = scene.line_at(row)
    # The mark of an alias with two signs (**) is at the second one.
    while column and line[column - 1 : column] in _SIGNS and line[column - 1] == line[column]:
        column -= 1
    if line[column : column + 1] not in _SIGNS:
        return None
    text = _value_from(line, column)
    return scene.at(row, column, _needs_quotes(text))


def _value_from(line: str, column: int) -> str:
    """Return the text that begins in a column, as far as its writer meant it."""
    before, text = line[:column], line[column:]
    is_nested = any(before.count(opening) > before.count(closing) for opening, closing in _BRACKETS.items())
    if is_nested:
        text = re.split(r"[,\]}]|:\s", text)[0]
    elif not re.search(r":\s", before):
        text = re.split(r":(?=\s|$)", text)[0]
    return _COMMENT.sub("", text).strip() or line[column]


def quoted(text: str) -> str:
    """Return a text in the quotation marks in which YAML takes it literally."""
    return "'" + text.replace("'", "''") + "'"


def _number_sign(scene: _Scene) -> Mistake | None:
    """Find a name with ``#`` in it, which begins a comment."""
    for row in (scene.row, *list(scene.above(scene.row))[:1]):
        match = re.match(r"\s*(?:- )?(?P<name>[^\s:#][^:#]*?\s#[^:#\s][^:#]*):\s*$", scene.line_at(row))
        if match:
            how = f"put the name in quotation marks, {quoted(match['name'])}:"
            return scene.at(row, match.start("name"), f"# begins a comment, which takes the colon away; {how}")
    return None


def _comment_sign(scene: _Scene) -> Mistake | None:
    if scene.context == "while scanning a directive":
        return scene.at(scene.opening_row, 0, "a line cannot begin with %; remove it, or begin a comment with #")
    for row in (scene.row, scene.opening_row, *list(scene.above(scene.row))[:1]):
        line = scene.line_at(row)
        words = line.lstrip()
        if words.startswith(("//", "/*", "<!--", "--[[")) or re.match("-- ", words):
            return scene.at(row, len(line) - len(words), f"a comment begins with #, not with {words.split()[0][:4]}")
    return None


def _escape(scene: _Scene) -> Mistake | None:
    if "escape" not in scene.problem:
        return None
    text = scene.line_at(scene.opening_row)[scene.opening_column + 1 :]
    text = text.split('"')[0] if '"' in text else text.split(" #")[0].strip()
    hint = f"use single ones: {quoted(text)}"
    return scene.at(scene.opening_row, scene.opening_column, f"in double quotation marks a \\ begins an escape; {hint}")


def _open_quote(scene: _Scene) -> Mistake | None:
    if "quoted scalar" in scene.context:
        return scene.at(scene.opening_row, scene.opening_column, _NOT_CLOSED)
    if not scene.problem.endswith(("'<scalar>'", "expected ':'")):
        return None
    before = scene.line[: scene.column].rstrip()
    if not before.endswith(("'", '"')):
        return None
    for row in scene.above(scene.row):  # a mark that was forgotten above lets this one close what should begin here
        line = scene.line_at(row)
        if line.replace('\\"', "").count('"') % 2 and before.endswith('"'):
            return scene.at(row, line.rindex('"'), _NOT_CLOSED)
        if before.endswith("'") and re.search(r"[:\[{,-]\s*'[^']*$", line):
            return scene.at(row, line.rindex("'"), _NOT_CLOSED)
        if row < scene.opening_row:
            break
    sign, how = ("an apostrophe", "''") if before.endswith("'") else ("a quotation mark", '\\"')
    return scene.here(f"the text goes on behind its closing quotation mark; put all of it inside, with {sign} as {how}")


_NOT_CLOSED = "this quotation mark is not closed; put another one at the end of the text"


def _bracketed_beginning(scene: _Scene) -> Mistake | None:
    """Explain a text that begins with a bracket, and is a list for YAML, such as ``[laughs] Yes``."""
    entry = _ENTRY.match(scene.line)
    if entry is None or scene.problem != "expected <block end>, but found '<scalar>'":
        return None
    text = _COMMENT.sub("", entry["value"] or "").strip()
    if text[:1] not in _BRACKETS:
        return None
    return scene.at(scene.row, entry.start("value"), _needs_quotes(text))


def _needs_quotes(text: str) -> str:
    return f"a text that begins with {text[0]} needs quotation marks: {quoted(text)}"


def _brackets(scene: _Scene) -> Mistake | None:
    """Explain what goes wrong between brackets."""
    got = re.search(r"(?:but got|but found) '(.+)'$", scene.problem)
    if not got:
        return None
    if (
        got[1] in ("]", "}")
        and scene.problem.startswith(
            ("expected <block end>", "expected '<document start>'", "expected the node content")
        )
        and "flow" not in scene.context
    ):
        opening = "[" if got[1] == "]" else "{"
        return scene.here(f"{got[1]} closes nothing; remove it, or put {opening} where the list or mapping begins")
    if "flow" not in scene.context:
        return None
    if got[1] == "<stream end>":
        return _never_closed(scene)
    opening = scene.line_at(scene.opening_row)[scene.opening_column : scene.opening_column + 1]
    if opening not in _BRACKETS:
        return scene.here("a value is missing before this; write it, or remove what is too much")
    closing = _BRACKETS[opening]
    if got[1] in ("]", "}") and got[1] != closing and scene.problem.startswith("expected ','"):
        return scene.here(
            f"the {opening} of line {scene.opening_row + 1} is closed by {got[1]}; close it with {closing}"
        )
    if scene.row != scene.opening_row:
        return _never_closed(scene) or scene.here("a comma is missing at the end of the line above")
    return _between(scene, got[1])


def _never_closed(scene: _Scene) -> Mistake | None:
    """Find the innermost bracket that is open where the text ends."""
    opened: list[tuple[str, int, int]] = []
    for row, line in enumerate(scene.lines):
        for match in _QUOTED_OR_BRACKET.finditer(line):
            if match[0] in _BRACKETS:
                opened.append((match[0], row, match.start()))
            elif match[0] in _BRACKETS.values() and opened:
                opened.pop()
            elif match[0].startswith("#"):
                break
    return scene.at(opened[-1][1], opened[-1][2], _not_closed(opened[-1][0])) if opened else None


def _not_closed(opening: str) -> str:
    what = "list" if opening == "[" else "mapping"
    return f"{opening} is not closed; put {_BRACKETS[opening]} at the end of the {what}"


def _between(scene: _Scene, got: str) -> Mistake:
    """Explain what is wrong between two entries in the brackets of one line."""
    inside = scene.line[scene.opening_column : scene.column]
    for sign in (";", "；", "，", "、"):
        if sign in inside:
            column = scene.opening_column + inside.rindex(sign)
            return scene.at(scene.row, column, f"entries are separated by a comma (,), not by {sign}")
    if got == ",":
        return scene.here("there is nothing between two commas; remove one")
    pair = got == ":" and re.search(r"([^\s,{\[]+):\s+(\S+)$", inside)
    if pair:
        value = re.split(r"[,}\]]", scene.line[scene.column + 1 :])[0].strip()
        nested = f"{pair[1]}: {{{pair[2]}: {value}}}"
        return scene.here(f"a second colon; write {nested}, or {quoted(f'{pair[2]}: {value}')} if it is a text")
    if got == ":":
        word = re.search(r"\S+$", inside)
        named = word[0] if word else ""
        return scene.here(f"a comma is missing before {named!r}; or, if all this is one text, it needs quotation marks")
    return scene.here("a comma is missing before this")


def _no_colon(scene: _Scene) -> Mistake | None:
    """Find a line that should have been ``key: value``."""
    if scene.problem == "could not find expected ':'":
        return _faulty_line(scene, scene.opening_row)
    if scene.problem == "mapping values are not allowed here" and _first_colon(scene):
        above = next(scene.above(scene.row), None)
        return None if above is None or _ENTRY.match(scene.line_at(above)) else _faulty_line(scene, above)
    if scene.problem == "expected <block end>, but found '<scalar>'" and not scene.line[: scene.column].strip():
        return _faulty_line(scene, scene.row)
    return None


def _faulty_line(scene: _Scene, row: int) -> Mistake:
    line = scene.line_at(row)
    column = len(line) - len(line.lstrip())
    if wrong := wrong_colon(line):
        key = len(line) - len(line.lstrip("- "))
        return scene.at(row, key + wrong.column, wrong.message)
    words = _COMMENT.sub("", line).strip()
    for above in scene.above(row):
        text = _BLOCK_TEXT.match(scene.line_at(above))
        if text and column <= len(text["indent"]) + 4:
            how = f"indent it by {counted(len(text['indent']) + 2, 'space')} at least"
            return scene.at(
                row,
                column,
                f"{shortened(words, 30)!r} is not indented as a part of the text of line {above + 1}; {how}",
            )
        if _ENTRY.match(scene.line_at(above)):
            break
    if len(words.split()) > 1:
        how = "indent it further if it belongs to the text above, else write KEY: VALUE"
        return scene.at(row, column, f"{shortened(words, 30)!r} has no colon; {how}")
    return scene.at(row, column, f"{words!r} has no colon; write {words}: and its value, or remove the line")


class WrongColon(NamedTuple):
    """What is wrong with the colon of a line."""

    message: str
    column: int
    """Of that colon, from the first word of the line."""


_SWALLOWED = re.compile(r"\s*:\s+(#\w[^\n]*)")


def rest_of_line(mark: Any) -> str:
    """Return what is written from a mark of PyYAML's to the end of its line."""
    buffer, start = mark.buffer or "", mark.pointer
    end = next((at for at in (buffer.find("\n", start), buffer.find("\0", start)) if at >= 0), len(buffer))
    return str(buffer[start:end])


def swallowed_value(key: yaml.Node) -> str:
    """Return why a key without a value has none although something is written there; empty if nothing is.

    What begins with ``#`` is a comment for YAML. One that is meant mostly has a space behind it.
    """
    match = _SWALLOWED.match(rest_of_line(key.end_mark))
    if match is None:
        return ""
    text = match[1].strip()
    return f"{text} counts as a comment; put it in quotation marks, {quoted(text)}, or a space behind # if it is one"


def wrong_colon(text: str) -> WrongColon | None:
    """Return what is wrong with a text that should have been ``key: value``; None where nothing tells."""
    match = _WITHOUT_COLON.match(text)
    if match is None:
        return None
    key, sign, value = match["key"], match["sign"].strip(), _COMMENT.sub("", match["value"]).strip()
    meant = f"{key}: {value}".strip()
    column = match.start("sign") + len(match["sign"]) - len(match["sign"].lstrip()) - match.start("key")
    if sign == "：":
        return WrongColon(f"this colon is a full-width one (：); write {meant}", column)
    if sign == "=":
        return WrongColon(f"a key and its value are separated by a colon, not by =; write {meant}", column)
    if value.startswith(("/", "\\")) or not value:  # an address, a drive
        return None
    return WrongColon(f"a space is missing after the colon; write {meant}", column)


def _first_colon(scene: _Scene) -> bool:
    """Tell whether the colon where YAML stopped is the first of its line."""
    match = _ENTRY.match(scene.line)
    return match is not None and match.end("key") == len(scene.line[: scene.column].rstrip())


def _two_keys(scene: _Scene) -> Mistake | None:
    if scene.problem == "sequence entries are not allowed here":
        text = _COMMENT.sub("", scene.line[scene.column :]).strip()
        as_list, how = f"[{text.lstrip('- ')}]", f"a text needs quotation marks: {quoted(text)}"
        return scene.here(f"a list on the line of its key needs brackets: {as_list}; {how}")
    if scene.problem != "mapping values are not allowed here" or _first_colon(scene):
        return None
    match = _ENTRY.match(scene.line)
    if match is None or not match["value"]:
        return None
    text = _COMMENT.sub("", match["value"]).strip()
    if text.endswith(":"):
        name = quoted(f"{match['key']}: {text[:-1]}")
        return scene.here(f"this line has a second colon; remove it, or put the name in quotation marks: {name}:")
    hint = f"put the text in quotation marks, {quoted(text)}, or begin a new line for each key"
    return scene.here(f"this line has a second colon; {hint}")


def _too_deep(scene: _Scene) -> Mistake | None:
    """Find a line that is indented further than the one above, which has its value already."""
    entry = _ENTRY.match(scene.line)
    if scene.problem != "mapping values are not allowed here" or entry is None:
        return None
    above = next((_ENTRY.match(scene.line_at(row)) for row in scene.above(scene.row)), None)
    if above is None or not above["value"]:
        return None
    if re.match(r"-\S", above["key"]):
        row = next(scene.above(scene.row))
        return scene.at(row, len(above["indent"]), "a space is missing after the - of a list")
    indent = _indent(above)
    return scene.at(
        scene.row,
        _indent(entry),
        f"{entry['key']} is indented more than {above['key']} in the line above, which has its value already; "
        f"begin it in column {indent + 1} too",
    )


def _indent(match: re.Match[str]) -> int:
    return len(match["indent"]) + len(match["items"])


def _indentation(scene: _Scene) -> Mistake | None:
    """Find a line that begins in a column in which nothing above begins."""
    is_block = scene.problem.startswith("expected <block end>, but found") and "block" in scene.context
    own = len(scene.line) - len(scene.line.lstrip())
    if not is_block or scene.line[: scene.column].strip():
        return None
    if scene.problem.endswith("found ':'"):
        return scene.here("a colon with nothing before it; write KEY: VALUE")
    places = _columns_above(scene)
    if own in places:
        named = "a list item" if _ITEM.match(scene.line) else "this line"
        return scene.at(
            scene.row, own, f"{named} does not fit beside {places[own]}; indent it, or write both in the same way"
        )
    lower = max((column for column in places if column < own), default=None)
    higher = min((column for column in places if column > own), default=None)
    ways = [f"{column} (beside {places[column]})" for column in (lower, higher) if column is not None]
    return scene.at(
        scene.row,
        own,
        f"this line is indented by {counted(own, 'space')}, like no line above; make it {' or '.join(ways)}",
    )


def _columns_above(scene: _Scene) -> dict[int, str]:
    """Return the indentations that the lines above still hold open, and what begins there."""
    places: dict[int, str] = {}
    for row in scene.above(scene.row):
        line = scene.line_at(row)
        item, entry = _ITEM.match(line), _ENTRY.match(line)
        match = item or entry
        if match is None:
            continue
        column = len(match["indent"])
        inner = _indent(entry) if entry else column
        if entry and (not places or inner < min(places)):
            places[inner] = entry["key"]
        if not places or column < min(places):
            places[column] = shortened(line, 20)
        if not column:
            break
    return places


def _documents(scene: _Scene) -> Mistake | None:
    if scene.problem == "but found another document":
        return scene.here("--- begins a second document, and only one is read; remove this line")
    if not scene.problem.startswith("expected '<document start>'"):
        return None
    for row in scene.above(scene.row):
        if scene.line_at(row).startswith("..."):
            return scene.at(row, 0, "the file ends here for YAML (...); remove this line")
    return scene.here(
        "this does not belong to what is above; write all settings the same way, as KEY: VALUE in column 1"
    )


_RULES: tuple[Callable[[_Scene], Mistake | None], ...] = (
    _fence,
    _merge_mark,
    _sign,
    _comment_sign,
    _number_sign,
    _tab,
    _odd_space,
    _escape,
    _open_quote,
    _bracketed_beginning,
    _brackets,
    _no_colon,
    _two_keys,
    _too_deep,
    _indentation,
    _documents,
)
"""The first that finds something counts."""

_QUOTES = "“”„‟‘’‚‛«»「」『』＂＇"
_WORDS = {
    "male": ("m", "man", "boy", "he", "masculine", "男", "男性", "男声"),
    "female": ("f", "w", "woman", "girl", "she", "feminine", "女", "女性", "女声"),
    "unknown": ("n/a", "none", "other", "?", "未知"),
    "true": ("1", "y", "t", "是", "有", "开", "enabled"),
    "false": ("0", "n", "f", "否", "无", "关", "none", "null", "disabled", "clean"),
    "question": ("questions", "q"),
    "rate": ("speed", "tempo", "语速"),
    "gender": ("sex", "性别"),
    "aliases": ("names", "labels", "nicknames", "also", "别名"),
    "speakers": ("people", "cast", "characters", "persons", "roles", "说话人"),
    "engine": ("tts", "provider", "backend"),
    "sound": ("audio", "output", "music"),
    "pauses": ("silence", "silences", "gaps"),
    "pronunciations": ("dictionary", "lexicon", "readings"),
    "rules": ("replacements", "substitutions"),
    "title": ("name", "标题"),
    "description": ("summary", "about", "subtitle", "简介"),
    "author": ("by", "creator", "artist", "作者"),
    "email": ("mail", "e-mail", "contact", "owner", "邮箱"),
    "categories": ("genre", "genres", "分类"),
    "cover": ("image", "artwork", "picture", "logo", "封面"),
    "link": ("website", "site", "homepage", "url"),
    "number": ("episode", "no", "nr"),
    "date": ("pubdate", "published", "day", "日期"),
    "hide": ("hidden", "skip", "draft"),
}
"""Words of others for words of ours; only those count that are allowed at the place."""
_QUANTITY = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<number>\d+(?:[.,]\d+)?|[.,]\d+)\s*(?P<unit>%|[x×倍]|m?s|secs?|seconds?|秒|st|semitones?|d[bB]|"
    r"L[UK](?:FS)?|kbps|kbit/s|k[hH]z|[hH]z|k|min|minutes?|cols?|columns?)?(?P<rest>[,;。]|\s*(?:#|//|\().*)?",
)


_DASHES = str.maketrans("–—−﹣", "----")
_MOST_SECONDS = 60


def word_meant(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that another one stands for: ``male`` for ``m``; None where nothing tells."""
    folded = word.strip(_QUOTES + " '\"").casefold()
    return next((one for one in known if folded == one.casefold() or folded in _WORDS.get(one, ())), None)


def number_meant(word: str, low: float, high: float) -> str | None:
    """Return the number within bounds that was meant by ``1,05``, ``+5%``, ``500ms`` or ``0.5s``; None if none was."""
    match = _QUANTITY.fullmatch(unicodedata.normalize("NFKC", word).translate(_DASHES).strip(_QUOTES + " "))
    if match is None:
        return None
    number = float(match["number"].replace(",", ".")) * (-1 if match["sign"] == "-" else 1)
    readings = {"%": (1 + number / 100,) if match["sign"] else (number / 100,), "ms": (number / 1000,)}
    unit = (match["unit"] or "").lower()
    usual = {"khz": (number * 1000,), "k": (number, number * 1000), "hz": (number,) if high > _MOST_SECONDS else ()}
    # A number that is too large was meant in per cent where 1 is all, and in milliseconds where seconds are asked for.
    larger = number / 100 if high <= 2 else number / 1000 if high == _MOST_SECONDS else number
    found = next((value for value in (readings | usual).get(unit, (number, larger)) if low <= value <= high), None)
    return None if found is None else f"{found:.10g}"


def without_typographic_quotes(text: str) -> str | None:
    """Return a text without the typographic quotation marks around it; None where there are none."""
    bare = text.strip(_QUOTES)
    return bare.strip() if bare and text[0] in _QUOTES and text[-1] in _QUOTES else None


def name_fault(name: str) -> str:
    """Return why a name can match nobody, and what to write; empty if it can."""
    bare = name.strip("*").rstrip(":： ")
    if bare == name or not bare:
        return ""
    if "*" in name:
        return f"{name!r} matches nobody: names are compared as a whole, and * is not a wildcard; write {bare}"
    return f"{name!r} matches nobody: the colon is not a part of the name; write {bare}"


_VOICE_FORMS = {
    "edge": re.compile(r"([a-z]{2,3})-[A-Z][\w-]*Neural"),
    "kokoro": re.compile(r"[abz][fm]_[a-z]+(?:\s*\*.*)?"),
}
"""How the voices of an engine look."""


def voice_fault(name: str, engine: str) -> str:
    """Return why a text cannot be the name of a voice of an engine, and what to write; empty if it can."""
    if bare := without_typographic_quotes(name):
        return f"typographic quotation marks do not belong to a voice's name; write {bare}"
    prefix, colon, rest = name.partition(":")
    if colon and prefix.strip() in (engine, *_VOICE_FORMS):
        return f"the engine is not repeated before the voice; write {prefix.strip()}: {rest.strip()}"
    owner = engine_of(name)
    if owner and engine in _VOICE_FORMS and owner != engine:
        ways = f"write {owner}: {name}, or choose another: interview-audio voices list --engine {engine}"
        return f"{name} is a voice of {owner}, not of {engine}; {ways}"
    return ""


def engine_of(voice: str) -> str | None:
    """Return the built-in engine whose voices look like this; None where none does."""
    return next((engine for engine, form in _VOICE_FORMS.items() if form.fullmatch(voice)), None)


def voices_entry(value: str, language: str = "") -> str:
    """Return how a voice is written below ``voices:``, or below a language of it."""
    named = re.fullmatch(r"(\w+)\s*(?::|,|/|\s)\s*(.+)", value)
    engine, voice = (named[1], named[2]) if named else (engine_of(value) or "kokoro", value)
    if language:
        return f"{language}: {{{engine}: {voice}}}"
    edge = _VOICE_FORMS["edge"].fullmatch(voice)
    tag = edge[1] if edge else "zh" if voice.startswith("z") else "en"
    return f"voices: {{{tag}: {{{engine}: {voice}}}}}"
