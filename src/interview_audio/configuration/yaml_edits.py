"""Changes of single values in YAML that people write: every other character of the file stays as it is.

The parser tells where a value stands and the text there is replaced: comments, order, quotes, indentation and line
breaks elsewhere are never written anew. What comes out is parsed and compared with what was meant before it is used.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml

from interview_audio.configuration.documents import block_text, inline
from interview_audio.errors import UsageError

Path = Sequence[str]
"""Keys from the top of a document down to a value."""
_BY_HAND = "open it in an editor and change it there"


class YamlEditError(UsageError):
    """A file is written in a way that cannot be changed here: change it in an editor."""


def set_value(text: str, path: Path, value: object) -> str:
    """Return a document with one value set, and the mappings around it made where they are missing.

    Args:
        text: YAML whose top is a mapping, or nothing.
        path: Keys, one at least.
        value: Plain data.

    Raises:
        YamlEditError: The document is not YAML, or what is there cannot be changed in place.
    """
    return _checked(text, _spliced(text, path, value), path, value)


def remove_value(text: str, path: Path) -> str:
    """Return a document without a value, and without the mappings around it that this leaves empty.

    Raises:
        YamlEditError: The document is not YAML, or what is there cannot be changed in place.
    """
    return _checked(text, _without(text, path), path, None)


def has_value(text: str, path: Path) -> bool:
    """Tell whether a document has a value there; raises ``YamlEditError`` if it is not YAML."""
    found = _plain(text)
    for key in path:
        if not isinstance(found, dict) or key not in found:
            return False
        found = found[key]
    return True


def _plain(text: str) -> Any:
    """Return the data of a document, every scalar as its text."""
    try:
        return yaml.load(text, yaml.BaseLoader)  # noqa: S506 - it makes texts, lists and mappings alone
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise YamlEditError(f"the file is not valid YAML; {_BY_HAND}") from error


def _checked(before: str, after: str, path: Path, value: object) -> str:
    wanted = json.loads(json.dumps(_plain(before))) or {}  # in which nothing is in two places, as with an alias
    if not isinstance(wanted, dict):
        raise YamlEditError(f"the file holds no keys and values; {_BY_HAND}")
    if value is None:
        _remove(wanted, path)
    else:
        _set(wanted, path, _plain(inline(value)))
    if (_plain(after) or {}) != wanted:
        raise YamlEditError(f"{'.'.join(path)} is written in a way that cannot be changed here; {_BY_HAND}")
    return after


def _set(data: dict[str, Any], path: Path, value: object) -> None:
    for key in path[:-1]:
        inner = data.get(key)
        data[key] = data = inner if isinstance(inner, dict) else {}
    data[path[-1]] = value


def _remove(data: dict[str, Any], path: Path) -> None:
    key, *deeper = path
    inner = data.get(key)
    if deeper and isinstance(inner, dict):
        _remove(inner, deeper)
    if not deeper or inner == {}:
        data.pop(key, None)


def _root(text: str) -> yaml.MappingNode | None:
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise YamlEditError(f"the file is not valid YAML; {_BY_HAND}") from error
    if root is None or (isinstance(root, yaml.ScalarNode) and not root.value):
        return None
    if not isinstance(root, yaml.MappingNode):
        raise YamlEditError(f"the file holds no keys and values; {_BY_HAND}")
    return root


_Pair = tuple[yaml.Node, yaml.Node]


def _find(mapping: yaml.MappingNode, key: str) -> _Pair | None:
    pairs: list[_Pair] = mapping.value
    return next(((one, value) for one, value in pairs if isinstance(one, yaml.ScalarNode) and one.value == key), None)


def _end(text: str, node: yaml.Node) -> int:
    """Return where the last character of a node is, and one more: its own mark is at whatever comes next."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        last = node.value[-1]
        if isinstance(last, tuple):
            key, value = last
            return max(_end(text, key), _end(text, value))
        return _end(text, last)
    begin, end = node.start_mark.index, node.end_mark.index
    return begin + len(text[begin:end].rstrip())


def _spliced(text: str, path: Path, value: object) -> str:
    mapping = _root(text)
    if mapping is None:
        return f"{_with_line_end(text)}{_entry(path, value, 0)}\n"
    for depth, key in enumerate(path):
        pair = _find(mapping, key)
        if pair is None:
            return _with_new_key(text, mapping, path[depth:], value)
        _, node = pair
        rest = path[depth + 1 :]
        if not rest:
            # There are no blocks within braces.
            written = inline(value) if mapping.flow_style else _written(key, value, mapping.start_mark.column)
            return _replaced(text, node, written)
        if not isinstance(node, yaml.MappingNode):
            return _replaced(text, node, inline(_nested(rest, value)))
        mapping = node
    raise AssertionError  # a path has a last key


def _nested(path: Path, value: object) -> object:
    for key in reversed(path):
        value = {key: value}
    return value


def _written(key: str, value: object, column: int) -> str:
    """Return a value as it stands behind its key, whose column is given."""
    if key != "text" or not isinstance(value, str):
        return inline(value)
    return block_text(value).replace("\n    ", f"\n{' ' * (column + 2)}")


def _entry(path: Path, value: object, column: int) -> str:
    """Return a new line with a key: what is deeper than the second mapping is written within braces."""
    key, *rest = path
    if len(rest) > 1 and not column:
        return f"{inline(key)}:\n  {_entry(rest, value, 2)}"
    return f"{inline(key)}: {_written(key, _nested(rest, value), column)}"


def _replaced(text: str, node: yaml.Node, written: str) -> str:
    begin, end = node.start_mark.index, _end(text, node)
    if begin == end:  # a key with nothing behind its colon
        written = f" {written}"
    return text[:begin] + written + text[end:]


def _with_new_key(text: str, mapping: yaml.MappingNode, path: Path, value: object) -> str:
    if mapping.flow_style and not mapping.value:
        return _replaced(text, mapping, inline(_nested(path, value)))
    if mapping.flow_style:
        end = _end(text, mapping.value[-1][1])
        return f"{text[:end]}, {inline(path[0])}: {inline(_nested(path[1:], value))}{text[end:]}"
    column = mapping.start_mark.column
    line_end = text.find("\n", _end(text, mapping))  # behind a comment on the line of the last value
    before, after = (_with_line_end(text), "") if line_end < 0 else (text[: line_end + 1], text[line_end + 1 :])
    return f"{before}{' ' * column}{_entry(path, value, column)}\n{after}"


def _with_line_end(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _without(text: str, path: Path) -> str:
    node: yaml.Node | None = _root(text)
    chain: list[tuple[yaml.MappingNode, _Pair]] = []
    for name in path:
        pair = _find(node, name) if isinstance(node, yaml.MappingNode) else None
        if pair is None or not isinstance(node, yaml.MappingNode):
            return text
        chain.append((node, pair))
        node = pair[1]
    while len(chain) > 1 and len(chain[-1][0].value) == 1:
        chain.pop()
    mapping, (key, value) = chain[-1]
    if not mapping.flow_style:
        begin = text.rfind("\n", 0, key.start_mark.index) + 1
        line_end = text.find("\n", _end(text, value))
        return text[:begin] + ("" if line_end < 0 else text[line_end + 1 :])
    place = mapping.value.index((key, value))
    if place + 1 < len(mapping.value):
        return text[: key.start_mark.index] + text[mapping.value[place + 1][0].start_mark.index :]
    return text[: _end(text, mapping.value[place - 1][1])] + text[_end(text, value) :]


@dataclass(frozen=True, slots=True)
class ListItem:
    """A mapping in a list, as it is written."""

    above: str
    """Empty lines and comments before it."""
    body: str
    """Its lines, the dash among them."""
    column: int
    """Where its dash is."""

    def set(self, key: str, value: object) -> "ListItem":
        """Return it with another value; None removes the key."""
        text = self._undashed()
        changed = remove_value(text, (key,)) if value is None else set_value(text, (key,), value)
        return replace(self, body=self._dashed(changed))

    def renamed(self, key: str, before: str, after: str) -> "ListItem":
        """Return it with one text as this value instead of another, if it is that."""
        if before not in self.body and inline(before) not in self.body:
            return self
        # As most are written; parsing thousands of them would take seconds.
        plain = rf"^( {{{self.column}}}[- ] {re.escape(key)}: ){re.escape(inline(before))}(?=[ \t]*$)"
        body, count = re.subn(plain, lambda found: found[1] + inline(after), self.body, flags=re.MULTILINE)
        if count == 1:
            return replace(self, body=body)
        return self.set(key, after) if self.data.get(key) == before else self

    @property
    def data(self) -> Mapping[str, Any]:
        """Its values, every scalar as text."""
        found = _plain(self._undashed())
        return found if isinstance(found, dict) else {}

    def _undashed(self) -> str:
        return self.body[: self.column] + " " + self.body[self.column + 1 :]

    def _dashed(self, text: str) -> str:
        found = re.search(r"^ +(?=[^ #\n])", text, re.MULTILINE)
        if not found or found.end() - found.start() <= self.column:
            raise YamlEditError(f"an entry would have nothing left in it; {_BY_HAND}")
        at = found.start() + self.column
        return text[:at] + "-" + text[at + 1 :]


def new_item(values: Mapping[str, object], column: int = 0) -> ListItem:
    """Return an item for a list, as ``to_yaml`` writes them."""
    lines = (f"{inline(key)}: {_written(key, value, column + 2)}\n" for key, value in values.items())
    body = (" " * (column + 2)).join(["", *lines])
    return ListItem("\n", body[:column] + "-" + body[column + 1 :], column)


@dataclass(frozen=True, slots=True)
class ListedItems:
    """A document one of whose lists is cut into its items; joined again it is the same text."""

    head: str
    """Everything up to the line of the list's key."""
    items: tuple[ListItem, ...]
    tail: str
    """Everything behind the last item."""

    @property
    def text(self) -> str:
        """The document."""
        return "".join([self.head, *(part for item in self.items for part in (item.above, item.body)), self.tail])

    def with_item(self, index: int, *items: ListItem) -> "ListedItems":
        """Return it with these items instead of one."""
        return replace(self, items=(*self.items[:index], *items, *self.items[index + 1 :]))


_TOP_KEY = re.compile(r"^(?=[^\s#-])", re.MULTILINE)


def listed_items(text: str, key: str) -> ListedItems | None:
    """Cut a list of mappings under a key at the top of a document, each item on lines of its own.

    Takes milliseconds for thousands of items, which a YAML parser takes seconds for. Whoever changes an item knows how
    many there should be.

    Returns:
        None where the list is written otherwise.
    """
    opening = re.search(rf"^{re.escape(key)}:[ \t]*(?:#[^\n]*)?\n", text, re.MULTILINE)
    first = re.compile(r"^( *)-[ \n]", re.MULTILINE).search(text, opening.end()) if opening else None
    if opening is None or first is None:
        return None
    column = len(first[1])
    following = _TOP_KEY.search(text, opening.end())
    end = following.start() if following else len(text)
    dashes = re.compile(rf"^ {{{column}}}-(?=[ \n])", re.MULTILINE).finditer(text, opening.end(), end)
    starts = [dash.start() for dash in dashes]
    if not starts:
        return None
    items, above = [], text[opening.end() : starts[0]]
    for begin, stop in zip(starts, [*starts[1:], end], strict=True):
        body, behind = _parted(text[begin:stop], column)
        items.append(ListItem(above, body, column))
        above = behind
    return ListedItems(text[: opening.end()], tuple(items), above + text[end:])


def _parted(text: str, column: int) -> tuple[str, str]:
    """Part the lines of an item from the empty lines and comments behind it, which are about the next one."""
    lines = text.splitlines(keepends=True)
    count = len(lines)
    comment = re.compile(rf" {{0,{column}}}#|\s*\n?\Z")
    while count > 1 and comment.match(lines[count - 1]):
        count -= 1
    return "".join(lines[:count]), "".join(lines[count:])
