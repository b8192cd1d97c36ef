"""Which graph speaks: the fast one where this machine has it and is faster by it, else the published one, or one's own.

Several graphs of the packaged weights speak alike (docs/performance.md), so that clips of them may stand together.
"""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from interview_audio.engines.kokoro import graphs, preparation, weights
from interview_audio.engines.kokoro.loading import load_kokoro
from interview_audio.errors import EngineError
from interview_audio.files.input_files import InputFileError, named_file

if TYPE_CHECKING:
    from kokoro_onnx import Kokoro

SETTINGS = ("auto", "fast", "published")
"""What ``engines.kokoro.graph`` may be, beside the path of a graph of one's own."""
PUBLISHED, FAST = "published", f"fast {graphs.VERSION}"
"""What is recorded with a clip; it is not part of the clip's key."""


class Speaker:
    """Kokoro with a graph, loaded when it is first needed.

    Args:
        setting: ``engines.kokoro.graph``.
        model: ``engines.kokoro.model``: the path of an export of one's own, another word for such a graph.

    Raises:
        EngineError: Both name a graph, or what they name is none.
    """

    def __init__(self, setting: str, model: str | None) -> None:
        if model and setting != "auto":
            raise EngineError("engines.kokoro: graph and model cannot be set together; remove one")
        if setting not in SETTINGS and Path(setting).suffix not in (".onnx", ".ort"):
            raise EngineError(f"engines.kokoro.graph must be {', '.join(SETTINGS)} or an .onnx file, not {setting!r}")
        own = model or (setting if setting not in SETTINGS else None)
        self._own = _named(own) if own else None
        self.setting = model or setting
        """Which graph is asked for: one of ``SETTINGS``, or a path."""
        self._kokoro: Kokoro | None = None
        self.graph = ""
        """The graph that is loaded, as clips record it."""

    @property
    def insists(self) -> bool:
        """Whether the fast graph is wanted whatever it takes."""
        return self.setting == "fast"

    def model_hash(self) -> str:
        """SHA-256 of the weights, in hexadecimal; raises ``EngineError`` where one's own are not there."""
        return weights.SHA256 if self._own is None else hashlib.sha256(self._own_file().read_bytes()).hexdigest()

    def check(self) -> None:
        """Raise ``EngineError`` where a graph of one's own is not there."""
        if self._own is not None:
            self._own_file()

    def may_be_fast(self) -> bool:
        """Whether the fast graph is used once it is there and fast."""
        return self.setting in ("auto", "fast")

    def wants_fast(self) -> bool:
        """Whether the fast graph would be used and is not prepared."""
        return self.may_be_fast() and preparation.speeds() is None

    def ready(self) -> "Kokoro":
        """Kokoro with the graph that is best now; the fast one may have become ready since the last utterance.

        Raises:
            EngineError: The graph cannot be made or loaded.
        """
        wanted = self._wanted()
        if self._kokoro is None or wanted != self.graph:
            self._kokoro, self.graph = None, wanted  # the old one's memory is free before the new one is loaded
            self._kokoro = self._load(wanted)
        return self._kokoro

    def _wanted(self) -> str:
        if self._own is not None:
            return self._own.name
        if self.setting == "published" or self.graph == FAST:
            return self.graph or PUBLISHED
        measured = preparation.prepare() if self.insists else preparation.speeds()
        return FAST if measured is not None and (self.insists or measured.faster == "fast") else PUBLISHED

    def _load(self, wanted: str) -> "Kokoro":
        if self._own is not None:
            return load_kokoro(self._own_file())
        if wanted == FAST:
            return load_kokoro(preparation.fast_file())
        from interview_audio.engines.kokoro.graphs.recipe import published_graph

        return load_kokoro(published_graph(weights.joined()))

    def _own_file(self) -> Path:
        if self._own is None or not self._own.is_file():
            raise EngineError(
                f"engines.kokoro: {self._own} not found; check the file name, or set graph to {', '.join(SETTINGS)}"
            )
        return self._own


def _named(own: str) -> Path:
    try:
        return named_file(own)
    except InputFileError as error:
        raise EngineError(f"engines.kokoro: {error}") from error
