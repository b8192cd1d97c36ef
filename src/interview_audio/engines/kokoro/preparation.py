"""Kokoro's fast graph on this machine: made once in the user's cache folder, and timed against the published one.

A folder belongs to one state of the weights, of the rewriting and of onnxruntime. ``speeds.json`` is written last:
where it exists, the graph is complete. A lock lets one of several first renders prepare; what an interrupted one left
is removed by the next.
"""

import importlib.metadata
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from interview_audio.engines.kokoro import voices
from interview_audio.engines.kokoro.runtime import SAMPLE_RATE, Model
from interview_audio.engines.kokoro.weights import RELEASE
from interview_audio.errors import EngineError
from interview_audio.files.app_folders import cache_folder
from interview_audio.files.atomic_files import file_lock, sweep, write_whole

GRAPH_VERSION = 1
"""Raised whenever the same weights would give another fast graph."""
_NEEDED_BYTES = 250_000_000
"""Free space that the graph, 120 MB, is sure to fit in."""
_PHONEMES = "wˈɛlkʌm bˈæk tə ðə ʃˈoʊ."
"""What both graphs speak when they are timed."""
_VOICE = "af_heart"
_RUNS = 3

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
    """Return where this machine's graph is, or will be."""
    runtime = importlib.metadata.version("onnxruntime")
    name = f"{RELEASE.sha256[:12]}-{GRAPH_VERSION}-onnxruntime-{runtime}"
    return cache_folder() / "kokoro" / name


def fast_file() -> Path:
    """Return where the fast graph is once it is prepared."""
    return folder() / "fast.onnx"


def speeds() -> Speeds | None:
    """Return what ``prepare`` measured; None where nothing is prepared."""
    if not fast_file().exists():
        return None
    try:
        measured = json.loads((folder() / "speeds.json").read_text("utf-8"))
        return Speeds(float(measured["published"]), float(measured["fast"]))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EngineError(f"cannot read {folder() / 'speeds.json'} ({error}); delete that folder") from error


def prepare(
    read_weights: Callable[[], bytes], on_step: Callable[[str], None] = lambda _: None, *, again: bool = False
) -> Speeds:
    """Make the fast graph and time both graphs, unless that was done before.

    Args:
        read_weights: Returns the published export.
        on_step: Called with what is being done.
        again: Do it even if it was done before.

    Raises:
        EngineError: The weights cannot be read, or the cache folder has no room or cannot be written.
    """
    place = folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
        with file_lock(place / "lock"):
            measured = None if again else speeds()
            return measured or _prepare(place, read_weights, on_step)
    except OSError as error:
        raise EngineError(f"cannot write Kokoro's fast graph to {place}: {error.strerror or error}") from error


def _prepare(place: Path, read_weights: Callable[[], bytes], on_step: Callable[[str], None]) -> Speeds:
    from interview_audio.engines.kokoro import graphs

    sweep(place)
    (place / "speeds.json").unlink(missing_ok=True)
    free = shutil.disk_usage(place).free
    if free < _NEEDED_BYTES:
        needed = _NEEDED_BYTES // 1_000_000
        raise EngineError(f"Kokoro's fast graph needs {needed} MB in {place}, but only {free // 1_000_000} MB are free")
    on_step("checking the weights")
    published = read_weights()
    on_step("writing the fast graph")
    write_whole(place / "fast.onnx", graphs.fast_graph(published).SerializeToString())
    on_step("timing both graphs")
    measured = Speeds(_time(graphs.published_graph(published)), _time(place / "fast.onnx"))
    write_whole(place / "speeds.json", json.dumps(asdict(measured)).encode())
    return measured


def _time(graph: Path | bytes) -> float:
    model = Model(graph)
    style = voices.style(_VOICE)
    best = float("inf")
    for _ in range(_RUNS):
        start = time.thread_time()  # the graph runs on this thread; others of this process may be busy
        spoken = model.speak(_PHONEMES, style, 1)
        best = min(best, (time.thread_time() - start) / (len(spoken.samples) / SAMPLE_RATE))
    return best
