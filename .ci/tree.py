"""Refuses a tree that cannot be held in the head, in what neither ruff nor import-linter looks at.

That is: folders and a whole of too many modules; circles of single modules, imports inside functions included
(import-linter's contracts in `pyproject.toml` see those of packages); two public classes of one name; and public
constants that no other module uses.
"""

import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "interview_audio"
USERS = (*(ROOT / folder for folder in ("tests", "benchmarks", "tools")), PACKAGE)
IN_A_FOLDER = 16
"""A reader takes in as many names at one glance."""
IN_ALL = 259
"""The house in order had 192; what makes speech right took 24, hearing and the studio 24, publishing 22; batches,
clusters, stores that machines share, and graphics cards take 17. Twenty-two of these have become parts of others."""


def main() -> None:
    """Print what is wrong, a line each; exit with an error where there is something."""
    modules = sorted(PACKAGE.rglob("*.py"))
    wrong = [*crowds(modules), *circles(), *shared_class_names(modules), *lonely_constants(modules)]
    print("\n".join(wrong) or f"{len(modules)} modules, as they should be")
    sys.exit(bool(wrong))


def crowds(modules: list[Path]) -> Iterator[str]:
    """Find folders of too many modules, and too many of them in all."""
    for folder, count in Counter(path.parent for path in modules).items():
        if count > IN_A_FOLDER:
            yield f"{named(folder)}: {count} modules, {IN_A_FOLDER} at the most: merge what is one idea"
    if len(modules) > IN_ALL:
        yield f"{named(PACKAGE)}: {len(modules)} modules in all, {IN_ALL} at the most: merge what is one idea"


def circles() -> Iterator[str]:
    """Find an import circle; the face of the package may name what is inside, where its version is taken from it."""
    graph = grimp.build_graph(PACKAGE.name, cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules if name != PACKAGE.name}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        yield "an import circle: " + " <- ".join(error.args[1])


def shared_class_names(modules: list[Path]) -> Iterator[str]:
    """Find names that two public classes have."""
    homes = defaultdict(list)
    for path in modules:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(named(path))
    for name, paths in sorted(homes.items()):
        if len(paths) > 1:
            yield f"{paths[0]}: a class {name} is in {', '.join(paths[1:])}, too: one word for one thing"


def lonely_constants(modules: list[Path]) -> Iterator[str]:
    """Find public constants whose name is in no other file of ours."""
    files = {path: set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", path.read_text("utf-8"))) for path in source_files()}
    uses = Counter(word for words in files.values() for word in words)
    for path in modules:
        for node in ast.parse(path.read_text("utf-8")).body:
            for name in assigned(node):
                if re.fullmatch(r"[A-Z][A-Z0-9_]+", name) and uses[name] == 1:
                    yield f"{named(path)}:{node.lineno}: {name} is used nowhere else: call it _{name}"


def source_files() -> Iterator[Path]:
    """Give every Python file that may use a name of the package."""
    for folder in USERS:
        yield from folder.rglob("*.py")


def assigned(node: ast.stmt) -> Iterator[str]:
    """Give the plain names that a statement assigns to."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    for target in targets:
        yield from (part.id for part in ast.walk(target) if isinstance(part, ast.Name))


def named(path: Path) -> str:
    """Give a path as it is typed in the repository's root."""
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    main()
