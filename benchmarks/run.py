"""Runs the benchmarks and writes ``benchmarks/results.json``; a part is chosen by its name.

usage: python -m benchmarks.run [PART ...] [--rounds N]      (parts: startup, again, memory, batch_memory, parsing,
       graphs, quality, first_render, cold_render, busy, one_turn, plan, studio, player_page, voices, production, edge,
       costs, cluster, catalogue, simulation, ear, hearing, growth)
"""

import argparse
import importlib.metadata
import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import (
    again,
    batch_memory,
    busy,
    catalogue,
    cluster,
    cold_render,
    costs,
    ear,
    edge,
    first_render,
    graphs,
    memory,
    one_turn,
    parsing,
    plan,
    production,
    simulation,
    startup,
    studio,
    voices,
)
from benchmarks.seeds import sources

RESULTS = Path(__file__).with_name("results.json")


def hearing_of(language: str, text: Path) -> dict[str, float]:
    """Return what `hearing` measures; imported here, since only this part needs the ear."""
    from benchmarks import hearing

    return hearing.measure(language, text)


def quality() -> dict[str, Any]:
    """Return what `quality` measures, each sentence by two voices."""
    from benchmarks import quality

    return quality.measure(2)


def playing() -> dict[str, Any]:
    """Return what `player_page` measures; imported here, since only this part needs Playwright."""
    from benchmarks import player_page

    return player_page.measure()


def growing() -> dict[str, Any]:
    """Return what `growth` measures; imported here, since it loads every stage there is and needs `fork`."""
    from benchmarks import growth

    return growth.measure()


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    described: dict[str, Any] = {
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
    }
    described["onnxruntime"] = importlib.metadata.version("onnxruntime")
    flags = Path("/proc/cpuinfo")
    if flags.exists():
        words = set(flags.read_text("utf-8").split())
        described["features"] = sorted(words & {"avx2", "avx_vnni", "avx512f", "avx512_vnni", "amx_int8", "asimddp"})
    return described


def main() -> None:
    """Measure what was asked for (all, unless named) and merge it into the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    texts = sources()
    parts: dict[str, Callable[[], object]] = {
        "startup": startup.measure,
        "again": lambda: again.measure(texts["zh"]),
        "memory": memory.measure,
        "batch_memory": batch_memory.measure,
        "parsing": parsing.measure,
        "graphs": graphs.measure,
        "quality": quality,
        "first_render": lambda: first_render.measure(arguments.rounds),
        "cold_render": lambda: {
            language: cold_render.measure(text, language, arguments.rounds) for language, text in texts.items()
        },
        "busy": lambda: {language: busy.measure(text) for language, text in texts.items()},
        "one_turn": lambda: one_turn.measure(texts["en"]),
        "plan": plan.measure,
        "studio": studio.measure,
        "player_page": playing,
        "voices": voices.measure,
        "production": production.measure,
        "edge": edge.measure,
        "costs": lambda: {language: costs.measure(text) for language, text in texts.items()},
        "cluster": lambda: cluster.measure(list(texts.values())),
        "catalogue": catalogue.measure,
        "simulation": simulation.measure,
        "ear": lambda: {"zh": ear.measure("zh", texts["zh"], 0.10), "en": ear.measure("en", texts["en"], 0.04)},
        "growth": growing,
        "hearing": lambda: {language: hearing_of(language, text) for language, text in texts.items()},
    }
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    results["machine"] = machine()
    for name in arguments.parts or parts:
        results[name] = parts[name]()
        print(name, json.dumps(results[name], indent=1))
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
        if name == "growth" and results[name]["failing"]:
            sys.exit("growth: a stage takes more than its share for a longer text")


if __name__ == "__main__":
    main()
