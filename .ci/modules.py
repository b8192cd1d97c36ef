"""Refuses a tree that cannot be held in the head: folders and a whole of too many modules, and import circles.

import-linter's contracts (`pyproject.toml`) hold the layers; it sees the circles between packages, and this one
those of single modules too, imports inside functions included.
"""

import sys
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "interview_audio"
IN_A_FOLDER = 16
"""A reader takes in as many names at one glance."""
IN_ALL = 200


def main() -> None:
    """Print what is wrong, a line each; exit with an error where there is something."""
    folders = Counter(path.parent for path in PACKAGE.rglob("*.py"))
    wrong = [
        f"{folder.relative_to(PACKAGE.parent)}: {count} modules, {IN_A_FOLDER} at the most: merge what is one idea"
        for folder, count in sorted(folders.items())
        if count > IN_A_FOLDER
    ]
    if folders.total() > IN_ALL:
        wrong.append(f"{folders.total()} modules in all, {IN_ALL} at the most: merge what is one idea")
    graph = grimp.build_graph(PACKAGE.name, cache_dir=None)
    try:
        TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules}).prepare()
    except CycleError as error:
        wrong.append("an import circle: " + " <- ".join(error.args[1]))
    print("\n".join(wrong) or f"{folders.total()} modules in {len(folders)} folders, no import circle")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
