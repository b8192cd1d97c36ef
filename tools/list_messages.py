"""List every text of the program that a user can see, for ``docs/messages.txt``.

A text counts when it holds two words side by side, or when it goes straight into an error, an option's help or the
terminal. Docstrings count for commands only. What is not a message (patterns, lists of words, annotations) is told by
where it is written; the few modules whose texts are spoken or parsed are left out by name. When in doubt, a text is
listed.

Run it with ``--write`` after a message has changed, and read the difference.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "interview_audio"
LIST = ROOT / "docs" / "messages.txt"

HEADER = """\
# Every text that a user can see: errors, warnings, notices, help, tables, reasons. One a line, by module, in the order
# of the alphabet; {…} is filled in, and a ; joins what went wrong with what to do.
# Written by `python tools/list_messages.py --write`, compared by tests/test_messages.py.
"""

LEFT_OUT = {
    "normalization/": "words that the voices speak",
    "production/sidecars/line_breaks.py": "words that a caption keeps together",
}
"""Modules without messages, by the beginning of their path, and what their texts are."""

PROSE = re.compile(r"[A-Za-z}`'\")][,;:.]? [(`'\"{]?[A-Za-z]")
"""Two words, or a word and what is filled in, side by side."""
PATTERN = re.compile(r"\(\?|\\[bdswAZ.\\]|\[\^|\]\+|\|.*\|")
"""What only a regular expression holds."""
FIELD = re.compile(r"\{[^{}]*\}")

SINKS = frozenset(
    (
        "echo",
        "print_line",
        "print_warnings",
        "notice",
        "warning",
        "BadParameter",
        "ClickException",
        "incomplete_answer_error",
        "Problem",
    )
)
"""Calls that show a text of a single word as well, besides errors."""
SHOWN_KEYWORDS = frozenset(("help", "epilog", "short_help"))
PATTERN_MAKERS = frozenset(("compile", "search", "match", "fullmatch", "sub", "split", "findall", "finditer", "Rule"))
WORD_LISTS = frozenset(("frozenset",))
JOINED = frozenset(("OutageError", "TransientError", "Availability", "Problem"))
"""Calls whose texts make one line: what went wrong, and what to do."""


def listing(package: Path = PACKAGE) -> str:
    """Give the whole list as text."""
    groups = []
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        if not name.startswith(tuple(LEFT_OUT)) and (found := messages(path.read_text(encoding="utf-8"))):
            groups.append("\n".join((f"[{name}]", *found)))
    return "\n\n".join((HEADER.rstrip(), *groups)) + "\n"


def messages(source: str) -> list[str]:
    """Give the texts of one module that a user can see, each once, in the order of the alphabet."""
    collector = _Collector()
    collector.visit(ast.parse(source))
    found = {" ".join(text.replace("\n", " ⏎ ").split()) for text in collector.found}
    return sorted(found, key=lambda text: (text.casefold(), text))


class _Collector(ast.NodeVisitor):
    """Walks a module and keeps the texts."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        docstring = ast.get_docstring(node)
        if docstring and any(_name(decorator) in ("command", "group") for decorator in node.decorator_list):
            self.found.extend(re.split(r"\n\s*\n", docstring))
        for part in (*node.decorator_list, *node.args.defaults, *(one for one in node.args.kw_defaults if one)):
            self.visit(part)
        for statement in node.body:
            self.visit(statement)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # else a docstring, or a note on a value
            self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node)
        if name in PATTERN_MAKERS or name == "cast":
            return
        if name in WORD_LISTS and all(isinstance(argument, ast.Constant) for argument in node.args):
            return
        texts = [text for argument in node.args if (text := _text(argument)) is not None]
        if name in JOINED and texts:
            self.found.append("; ".join(text for text in texts if text))
            self._visit_fields(*node.args)
            return
        is_sink = name in SINKS or name.endswith("Error")
        self.visit(node.func)
        for argument in node.args:
            self._keep(argument, is_shown=is_sink)
        for keyword in node.keywords:
            self._keep(keyword.value, is_shown=keyword.arg in SHOWN_KEYWORDS)

    def visit_Constant(self, node: ast.Constant) -> None:
        self._keep(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._keep(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self._keep(node)

    def _keep(self, node: ast.expr, *, is_shown: bool = False) -> None:
        text = _text(node)
        if text is None:
            self.generic_visit(node) if not isinstance(node, ast.Call) else self.visit_Call(node)
            return
        words = FIELD.sub("x", text)
        if not PATTERN.search(words) and (PROSE.search(words) or (is_shown and re.search(r"[^\W\d_]{2}", words))):
            self.found.append(text)
        self._visit_fields(node)

    def _visit_fields(self, *nodes: ast.expr) -> None:
        """Look for texts in what fills a text in."""
        for node in nodes:
            for field in _fields(node):
                self.visit(field)


def _text(node: ast.expr) -> str | None:
    """Give a text as it is shown, with what is filled in between braces; None where the node makes none."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_part(value) for value in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text(node.left), _text(node.right)
        if left is None and right is None:
            return None
        return (_shown(node.left) if left is None else left) + (_shown(node.right) if right is None else right)
    return None


def _part(node: ast.expr) -> str:
    if isinstance(node, ast.FormattedValue):
        return _shown(node.value)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _shown(node: ast.expr) -> str:
    """Tell what is filled in, in short: a name, the choices, or the call's own arguments."""
    if isinstance(node, ast.IfExp) and (choices := [_text(node.body), _text(node.orelse)]) and None not in choices:
        return "{" + " | ".join(str(choice) for choice in choices) + "}"
    names = [inner.attr if isinstance(inner, ast.Attribute) else inner.id for inner in _names(node)]
    return "{" + (names[-1] if names else "…") + "}"


def _names(node: ast.expr) -> Iterator[ast.Attribute | ast.Name]:
    """Give the names in an expression that are values, the outermost first."""
    if isinstance(node, ast.Call):
        for argument in node.args:
            yield from _names(argument)
        if not node.args:
            yield from _names(node.func)
    elif isinstance(node, (ast.Attribute, ast.Name)):
        yield node
    else:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield from _names(child)


def _fields(node: ast.expr) -> Iterator[ast.expr]:
    """Give the expressions that fill in a text, but for choices that ``_shown`` has written out."""
    if isinstance(node, ast.JoinedStr):
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                yield from _fields(value.value)
    elif isinstance(node, ast.BinOp) and _text(node) is not None:
        yield from (*_fields(node.left), *_fields(node.right))
    elif isinstance(node, ast.IfExp) and _shown(node).count(" | "):
        yield from (node.test, *_fields(node.body), *_fields(node.orelse))
    elif not isinstance(node, ast.Constant):
        yield node


def _name(node: ast.expr) -> str:
    """Give the last name of what is called."""
    if isinstance(node, ast.Call):
        return _name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def main() -> None:
    """Print the list, or write it with ``--write``."""
    if "--write" in sys.argv[1:]:
        LIST.write_text(listing(), encoding="utf-8")
    else:
        sys.stdout.write(listing())


if __name__ == "__main__":
    main()
