"""Which graph speaks: the fast one where this machine has it and is faster by it, else the published one, or one's own.

Several graphs of the same weights speak alike (docs/performance.md), so that clips of them may stand side by side.
"""

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

from interview_audio.engines.kokoro import preparation
from interview_audio.engines.kokoro.runtime import Model
from interview_audio.engines.kokoro.weights import RELEASE, Weights
from interview_audio.errors import EngineError
from interview_audio.files.input_files import InputFileError, named_file

SETTINGS = ("auto", "fast", "published")
"""What ``engines.kokoro.graph`` may be, beside the path of a graph of one's own."""
PUBLISHED, FAST = "published", f"fast {preparation.GRAPH_VERSION}"
"""What is recorded with a clip; it is not part of the clip's key."""


class ModelLoader:
    """Loads the graph that is best on this machine when it is first needed; threads share it.

    Args:
        setting: ``engines.kokoro.graph``.
        own: ``engines.kokoro.model``: the path of an export of one's own, another word for such a graph.
        weights: Of the published graph and the fast one.

    Raises:
        EngineError: Both name a graph, or what they name is not one.
    """

    def __init__(self, setting: str, own: str | None, weights: Weights) -> None:
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
        return self.allows_fast and preparation.speeds() is None

    def needs_weights(self) -> bool:
        """Tell whether loading reads the weights: a graph of one's own and the fast graph have them inside."""
        return self.own is None and not self._uses_fast(preparation.speeds())

    def prepare(self, on_step: Callable[[str], None], *, again: bool = False) -> preparation.Speeds:
        """Make the fast graph and time it; see ``preparation.prepare``."""
        return preparation.prepare(self.weights.read, on_step, again=again)

    def load(self) -> Model:
        """Return the model that is best now; the fast graph may have become ready since the last utterance.

        Raises:
            EngineError: The graph cannot be made or loaded.
        """
        with self._loading:
            wanted = self._wanted()
            if self._model is None or wanted != self._model.name:
                self._model = None  # its memory is free before the next one is loaded
                self._model = self._open(wanted)
            return self._model

    def _wanted(self) -> str:
        if self.own is not None:
            return self.own.name
        if self._model is not None and (self._model.name == FAST or self.setting == "published"):
            return self._model.name
        if self.requires_fast:
            self.prepare(lambda _: None)
        return FAST if self._uses_fast(preparation.speeds()) else PUBLISHED

    def _uses_fast(self, measured: preparation.Speeds | None) -> bool:
        return self.allows_fast and measured is not None and (self.requires_fast or measured.faster == "fast")

    def _open(self, wanted: str) -> Model:
        if self.own is not None:
            return Model(self._own_file(), wanted)
        if wanted == FAST:
            return Model(preparation.fast_file(), wanted)
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
