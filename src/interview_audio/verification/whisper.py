"""The ear of ``verify --listen``: Whisper as faster-whisper runs it, which the optional extra ``listen`` installs.

A model is a folder, or has one of the usual names and is looked for where faster-whisper keeps what it downloads. It is
downloaded only if somebody asks for it by name.
"""

from collections.abc import Callable
from pathlib import Path
from typing import cast

from interview_audio.errors import InterviewAudioError
from interview_audio.machine import forbid_telemetry, usable_cores
from interview_audio.verification.listening import Samples

_DEFAULT_MODEL = "base"
_MEGABYTES = {"tiny": 78, "base": 148, "small": 486, "medium": 1530, "large-v3": 3090}
"""What the files of a model take at huggingface.co/Systran, about."""
_FILES = ("config.json", "model.bin", "tokenizer.json")
"""Without the last of them faster-whisper would ask the network for it."""
_INSTALL = "listening needs: pip install 'interview-audio[listen]'"
_CHINESE = "以下是普通话的句子。"
"""Has Whisper write simplified characters with punctuation."""


class EarError(InterviewAudioError):
    """The ear cannot be used on this machine: install it or its model, or name another."""


class Whisper:
    """An ear that always hears the same in the same sound."""

    def __init__(self, model: str | None = None, *, is_offline: bool = False, notify: Callable[[str], None]) -> None:
        """Load a model.

        Args:
            model: A folder with a model for faster-whisper, or its usual name, which is downloaded if it is not on
                this machine; None for the default one, which is not.
            is_offline: Whether the network must not be used.
            notify: Called with a line that says what is downloaded, before it is.

        Raises:
            EarError: faster-whisper or the model is missing, damaged, or cannot be downloaded.
        """
        try:
            forbid_telemetry()
            from faster_whisper import WhisperModel
        except ModuleNotFoundError as error:
            raise EarError(_INSTALL) from error
        folder = _folder(model) or _by_name(model, notify, is_offline=is_offline)
        try:
            self._model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=usable_cores())
        except (OSError, RuntimeError, ValueError) as error:
            raise EarError(f"{folder} holds no model that faster-whisper can read ({error}); name another") from error
        self._languages = frozenset(self._model.supported_languages)
        self._name = f"Whisper {model or _DEFAULT_MODEL}"

    @property
    def name(self) -> str:
        """See ``Ear``."""
        return self._name

    def hear(self, samples: Samples, language: str) -> str:
        """See ``Ear``."""
        segments, _ = self._model.transcribe(
            samples,
            language=language if language in self._languages else None,
            initial_prompt=_CHINESE if language == "zh" else None,
            temperature=0.0,  # other temperatures are drawn by chance
            condition_on_previous_text=False,
        )
        return "".join(segment.text for segment in segments).strip()


def _folder(model: str | None) -> Path | None:
    """Return the folder that a model is in; None if it has a name."""
    path = Path(model or "")
    if model in (None, *_MEGABYTES) and not (model and path.is_dir()):
        return None
    if not path.is_dir():
        names = ", ".join(_MEGABYTES)
        raise EarError(f"{path} is neither a folder nor a model's name; name a folder or one of {names}")
    if absent := [name for name in _FILES if not (path / name).is_file()]:
        raise EarError(f"{path} lacks {', '.join(absent)}; name a folder with a model for faster-whisper")
    return path


def _by_name(model: str | None, notify: Callable[[str], None], *, is_offline: bool) -> Path:
    from faster_whisper.utils import download_model

    name = model or _DEFAULT_MODEL
    what = f"Whisper {name}"
    try:
        kept = Path(download_model(name, local_files_only=True))
    except (OSError, ValueError):
        kept = None
    if kept and all((kept / file).is_file() for file in _FILES):
        return kept
    if is_offline:
        raise EarError(
            f"{what} is not on this machine, and --offline forbids downloading it; leave out --offline once, "
            "or name a folder with --listen-model"
        )
    if model is None:
        raise EarError(
            f"{what} is not on this machine; download its {_MEGABYTES[name]} MB with --listen-model {name}, "
            "or name a folder with --listen-model"
        )
    address = f"huggingface.co/Systran/faster-whisper-{name}"
    notify(f"Downloading {what}, {_MEGABYTES[name]} MB, from {address}")
    from huggingface_hub.errors import HfHubHTTPError

    # Its first base is what its HTTP client raises, whichever that is.
    try:
        return Path(download_model(name))
    except (OSError, ValueError, cast("type[Exception]", HfHubHTTPError.__bases__[0])) as error:
        raise EarError(f"{what} cannot be downloaded from {address} ({error}); try again, or name a folder") from error
