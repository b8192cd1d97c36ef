"""Kokoro's fast graph on this machine: made once in the user's cache folder, and timed against the published one.

A folder belongs to one state of the weights, of the recipe and of onnxruntime. ``speeds.json`` is written last: where
it stands, the graph is whole. A lock that the system gives back with its process lets one of several first renders
prepare; what an interrupted one left is removed by the next.
"""

import importlib.metadata
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from interview_audio.engines.kokoro import graphs, voices, weights
from interview_audio.engines.kokoro.loading import load_kokoro
from interview_audio.errors import EngineError
from interview_audio.files.app_folders import cache_folder
from interview_audio.files.atomic_files import sweep, write_whole
from interview_audio.files.file_locks import alone

NEEDED_BYTES = 250_000_000
"""Free space that the graph, 120 MB, is sure to fit in."""
PHONEMES = "wˈɛlkʌm bˈæk tə ðə ʃˈoʊ."
"""What both graphs speak when they are timed."""
VOICE = "af_heart"
RUNS = 3

GraphName = Literal["published", "fast"]


@dataclass(frozen=True, slots=True)
class Speeds:
    """Processor seconds for a second of speech, one thread: the fastest of several runs."""

    published: float
    fast: float

    @property
    def faster(self) -> GraphName:
        """The graph that this machine should use."""
        return "fast" if self.fast < self.published else "published"


def folder() -> Path:
    """Where this machine's graph lies, whether it is there or not."""
    runtime = importlib.metadata.version("onnxruntime")
    name = f"{weights.SHA256[:12]}-{graphs.VERSION}-onnxruntime-{runtime}"
    return cache_folder() / "kokoro" / name


def fast_file() -> Path:
    """Where the fast graph lies once it is prepared."""
    return folder() / "fast.onnx"


def speeds() -> Speeds | None:
    """What ``prepare`` measured, or None where nothing is prepared."""
    if not fast_file().exists():
        return None
    try:
        measured = json.loads((folder() / "speeds.json").read_text("utf-8"))
        return Speeds(float(measured["published"]), float(measured["fast"]))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EngineError(f"cannot read {folder() / 'speeds.json'} ({error}); delete that folder") from error


def prepare(on_step: Callable[[str], None] = lambda _: None, *, again: bool = False) -> Speeds:
    """Make the fast graph and time both; what stands already is used, unless ``again``.

    Args:
        on_step: Told what is being done.
        again: Make and time them anew.

    Raises:
        EngineError: The weights are damaged, or the cache folder has no room or cannot be written.
    """
    place = folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
        with alone(place / "lock"):
            measured = None if again else speeds()
            return measured or _prepare(place, on_step)
    except OSError as error:
        raise EngineError(f"cannot write Kokoro's fast graph to {place}: {error.strerror or error}") from error


def _prepare(place: Path, on_step: Callable[[str], None]) -> Speeds:
    from interview_audio.engines.kokoro.graphs import recipe

    sweep(place)
    (place / "speeds.json").unlink(missing_ok=True)
    free = shutil.disk_usage(place).free
    if free < NEEDED_BYTES:
        needed = NEEDED_BYTES // 1_000_000
        raise EngineError(f"Kokoro's fast graph needs {needed} MB in {place}, but only {free // 1_000_000} MB are free")
    on_step("checking the weights")
    published = weights.joined()
    on_step("writing the fast graph")
    write_whole(place / "fast.onnx", recipe.fast_graph(published).SerializeToString())
    on_step("timing both graphs")
    measured = Speeds(_time(recipe.published_graph(published)), _time(place / "fast.onnx"))
    write_whole(place / "speeds.json", json.dumps(asdict(measured)).encode())
    return measured


def _time(graph: Path | bytes) -> float:
    kokoro = load_kokoro(graph)
    style = voices.style(VOICE)
    best = float("inf")
    for _ in range(RUNS):
        start = time.process_time()
        samples, rate = kokoro.create(PHONEMES, style, is_phonemes=True, trim=False)
        best = min(best, (time.process_time() - start) / (len(samples) / rate))
    return best
