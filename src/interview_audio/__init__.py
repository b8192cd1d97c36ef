"""An interview as text becomes a podcast episode: voices, chapters, captions, offline.

The functions of the command line, for Python: ``parse``, ``plan``, ``render``, ``batch`` and ``verify`` (see
docs/library.md). What is named here is imported when it is first asked for: importing the package takes no
time.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interview_audio.configuration.loading import load_settings
    from interview_audio.configuration.settings import Settings
    from interview_audio.errors import (
        ConfigurationError,
        EngineError,
        InterviewAudioError,
        OutageError,
        OutputError,
        SourceError,
        SpeechError,
        StoreError,
        UsageError,
        VoiceError,
    )
    from interview_audio.rendering.batch import BatchListener, SilentBatchListener, SourceEnd, batch
    from interview_audio.rendering.job import parse
    from interview_audio.rendering.options import Listener, RenderKeywords, SilentListener
    from interview_audio.rendering.plan import RenderPlan, plan
    from interview_audio.rendering.render import Episode, render
    from interview_audio.synthesis.workers import WorkerPool
    from interview_audio.transcript.turns import Transcript, Turn
    from interview_audio.verification.report import VerificationReport, verify

__version__ = "0.1.0"

__all__ = [
    "BatchListener",
    "ConfigurationError",
    "EngineError",
    "Episode",
    "InterviewAudioError",
    "Listener",
    "OutageError",
    "OutputError",
    "RenderKeywords",
    "RenderPlan",
    "Settings",
    "SilentBatchListener",
    "SilentListener",
    "SourceEnd",
    "SourceError",
    "SpeechError",
    "StoreError",
    "Transcript",
    "Turn",
    "UsageError",
    "VerificationReport",
    "VoiceError",
    "WorkerPool",
    "__version__",
    "batch",
    "load_settings",
    "parse",
    "plan",
    "render",
    "verify",
]

_HOMES = {
    "load_settings": "configuration.loading",
    "Settings": "configuration.settings",
    "BatchListener": "rendering.batch",
    "SilentBatchListener": "rendering.batch",
    "SourceEnd": "rendering.batch",
    "batch": "rendering.batch",
    "parse": "rendering.job",
    "Listener": "rendering.options",
    "SilentListener": "rendering.options",
    "RenderKeywords": "rendering.options",
    "RenderPlan": "rendering.plan",
    "plan": "rendering.plan",
    "Episode": "rendering.render",
    "render": "rendering.render",
    "WorkerPool": "synthesis.workers",
    "Transcript": "transcript.turns",
    "Turn": "transcript.turns",
    "VerificationReport": "verification.report",
    "verify": "verification.report",
}
"""The modules of what is not an error."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'errors')}"), name)
    globals()[name] = value  # the next time it is simply there
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
