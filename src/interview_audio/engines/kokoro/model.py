"""Which graph speaks: the fast one where this machine has it and is faster by it, else the published one, or one's own.

Several graphs of the same weights speak alike (docs/performance.md), so that clips of them may stand side by side.

The fast one is made once on a machine, in the user's cache folder, and timed against the published one. A folder
belongs to one state of the weights, of the rewriting and of onnxruntime. ``speeds.json`` is written last: where it
exists, the graph is complete. A lock lets one of several first renders prepare; what an interrupted one left is removed
by the next.
"""

import hashlib
import json
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from interview_audio.engines.kokoro import voices
from interview_audio.engines.kokoro.devices import DeviceChoice, DeviceFailedError, DeviceModel
from interview_audio.engines.kokoro.runtime import SAMPLE_RATE, Model, runtime_build
from interview_audio.engines.kokoro.weights import RELEASE, Weights
from interview_audio.errors import EngineError
from interview_audio.files.app_folders import cache_folder
from interview_audio.files.atomic_files import file_lock, sweep, write_whole
from interview_audio.files.input_files import InputFileError, named_file

SETTINGS = ("auto", "fast", "published")
"""What ``engines.kokoro.graph`` may be, beside the path of a graph of one's own."""
_GRAPH_VERSION = 2
"""Raised whenever the same weights would give another fast graph."""
PUBLISHED, FAST = "published", f"fast {_GRAPH_VERSION}"
"""What is recorded with a clip; it is not part of the clip's key."""
_NEEDED_BYTES = 250_000_000
"""Free space that the graph, 120 MB, is sure to fit in."""
_TIMED_PHONEMES = "wˈɛlkʌm bˈæk tə ðə ʃˈoʊ."
"""What both graphs speak when they are timed."""
_TIMED_VOICE = "af_heart"
_TIMED_RUNS = 3

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


class ModelLoader:
    """Loads the graph that is best on this machine when it is first needed; threads share it.

    Args:
        setting: ``engines.kokoro.graph``.
        own: ``engines.kokoro.model``: the path of an export of one's own, another word for such a graph.
        weights: Of the published graph and the fast one.
        device: ``engines.kokoro.device``.

    Raises:
        EngineError: Both name a graph, what they name is not one, or a graph is named for a device.
    """

    def __init__(self, setting: str, own: str | None, weights: Weights, device: str = "auto") -> None:
        if own and setting != "auto":
            raise EngineError("engines.kokoro: graph and model cannot be set together; remove one")
        if setting not in SETTINGS and Path(setting).suffix not in (".onnx", ".ort"):
            raise EngineError(f"engines.kokoro.graph must be {', '.join(SETTINGS)} or an .onnx file, not {setting!r}")
        own = own or (setting if setting not in SETTINGS else None)
        self.own = _named(own) if own else None
        """A graph of one's own."""
        self.setting = own or setting
        """Which graph is asked for: one of ``SETTINGS``, or a path."""
        self.weights = weights
        self.device = DeviceChoice(device)
        """Where it is to be spoken, as far as the graph is left open: a device has a graph of its own."""
        if self.setting != "auto":
            if self.device.is_required:
                raise EngineError(f"engines.kokoro: {device} has a graph of its own; remove device, or graph and model")
            self.device = DeviceChoice("cpu")
        self._loading = threading.Lock()
        self._model: Model | None = None

    @property
    def requires_fast(self) -> bool:
        """Whether the fast graph is to be used even where it is slower."""
        return self.setting == "fast"

    @property
    def allows_fast(self) -> bool:
        """Whether the fast graph may be used."""
        return self.setting in ("auto", "fast")

    def model_hash(self) -> str:
        """Return the SHA-256 of the weights; raise ``EngineError`` where a graph of one's own is not there."""
        if self.own is None:
            return RELEASE.sha256
        file = self._own_file()
        try:
            with file.open("rb") as content:
                return hashlib.file_digest(content, "sha256").hexdigest()
        except OSError as error:
            raise EngineError(f"cannot read {file}: {error.strerror}; check engines.kokoro.model") from error

    def check(self) -> None:
        """Raise ``EngineError`` where a graph of one's own, or the weights that the user names, are not there."""
        if self.own is not None:
            self._own_file()
        elif self.weights.is_named and self.needs_weights():
            self.weights.find()

    def lacks_fast(self) -> bool:
        """Tell whether the fast graph may be used and is not prepared."""
        return self.allows_fast and measured_speeds() is None

    def needs_weights(self) -> bool:
        """Tell whether loading reads the weights: a graph of one's own and the fast graph have them inside."""
        if self.own is not None:
            return False
        return not self._uses_fast(measured_speeds()) or self.lacks_device()

    def lacks_device(self) -> bool:
        """Tell whether a device may be used and is not measured."""
        return bool(self.device.candidates and self.device.unmeasured(fast_graph_folder()))

    def prepare(self, on_step: Callable[[str], None], *, again: bool = False) -> Speeds:
        """Make the fast graph and time it, and the same for a device; see ``prepare_fast_graph``."""
        speeds = prepare_fast_graph(self.weights.read, on_step, again=again)
        if self.device.candidates:
            best = min(speeds.fast, speeds.published)
            self.device.prepare(fast_graph_folder(), self.weights.read, best, on_step, again=again)
        return speeds

    def load(self) -> Model:
        """Return the model that is best now; the fast graph may have become ready since the last utterance.

        Raises:
            EngineError: The graph cannot be made or loaded.
        """
        with self._loading:
            if isinstance(self._model, DeviceModel):
                return self._model
            on_device = self._on_device() if self.device.candidates else None
            if on_device is not None:
                self._model = on_device
                return on_device
            wanted = self._wanted()
            if self._model is None or wanted != self._model.name:
                self._model = None  # its memory is free before the next one is loaded
                self._model = self._open(wanted)
            return self._model

    def leave_device(self, model: Model, error: DeviceFailedError) -> None:
        """Speak on the processor from now on, because a model on a device has failed."""
        with self._loading:
            if isinstance(model, DeviceModel) and model is self._model:  # another thread may have left it already
                self._model = None
                model.close()
                self.device.failed(fast_graph_folder(), model.device, str(error))

    def _on_device(self) -> DeviceModel | None:
        if self.device.is_required and self.lacks_device():
            self.prepare(lambda _: None)
        return self.device.open(fast_graph_folder())

    def _wanted(self) -> str:
        if self.own is not None:
            return self.own.name
        if self._model is not None and (self._model.name == FAST or self.setting == "published"):
            return self._model.name
        if self.requires_fast:
            self.prepare(lambda _: None)
        return FAST if self._uses_fast(measured_speeds()) else PUBLISHED

    def _uses_fast(self, measured: Speeds | None) -> bool:
        return self.allows_fast and measured is not None and (self.requires_fast or measured.faster == "fast")

    def _open(self, wanted: str) -> Model:
        if self.own is not None:
            return Model(self._own_file(), wanted)
        if wanted == FAST:
            return Model(fast_graph_file(), wanted)
        from interview_audio.engines.kokoro.graphs import published_graph

        return Model(published_graph(self.weights.read()), wanted)

    def _own_file(self) -> Path:
        if self.own is None or not self.own.is_file():
            raise EngineError(
                f"engines.kokoro: {self.own} not found; check the file name, or set graph to {', '.join(SETTINGS)}"
            )
        return self.own


def _named(own: str) -> Path:
    try:
        return named_file(own)
    except InputFileError as error:
        raise EngineError(f"engines.kokoro: {error}") from error


def fast_graph_folder() -> Path:
    """Return where this machine's graph is, or will be."""
    name = f"{RELEASE.sha256[:12]}-{_GRAPH_VERSION}-onnxruntime-{runtime_build().version}"
    return cache_folder() / "kokoro" / name


def fast_graph_file() -> Path:
    """Return where the fast graph is once it is prepared."""
    return fast_graph_folder() / "fast.onnx"


def measured_speeds() -> Speeds | None:
    """Return what ``prepare_fast_graph`` measured; None where nothing is prepared."""
    if not fast_graph_file().exists():
        return None
    try:
        measured = json.loads((fast_graph_folder() / "speeds.json").read_text("utf-8"))
        return Speeds(float(measured["published"]), float(measured["fast"]))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EngineError(f"cannot read {fast_graph_folder() / 'speeds.json'} ({error}); delete that folder") from error


def prepare_fast_graph(
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
    place = fast_graph_folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
        with file_lock(place / "lock"):
            measured = None if again else measured_speeds()
            return measured or _make_and_time(place, read_weights, on_step)
    except OSError as error:
        raise EngineError(f"cannot write Kokoro's fast graph to {place}: {error.strerror or error}") from error


def _make_and_time(place: Path, read_weights: Callable[[], bytes], on_step: Callable[[str], None]) -> Speeds:
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
    style = voices.style(_TIMED_VOICE)
    best = float("inf")
    for _ in range(_TIMED_RUNS):
        start = time.thread_time()  # the graph runs on this thread; others of this process may be busy
        spoken = model.speak(_TIMED_PHONEMES, style, 1)
        best = min(best, (time.thread_time() - start) / (len(spoken.samples) / SAMPLE_RATE))
    return best
