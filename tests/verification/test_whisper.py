"""Where the ear's model is looked for, and what is said if it is not there; faster-whisper is planted."""

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from interview_audio.verification.whisper import EarError, Whisper

FILES = ("config.json", "model.bin", "tokenizer.json")


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """faster-whisper with nothing downloaded; what it is asked is kept."""
    state = SimpleNamespace(kept=None, loaded=[], downloads=[], failure=None, asked=[])

    class WhisperModel:
        supported_languages = ("en", "zh")

        def __init__(self, folder, **options):
            if state.failure:
                raise state.failure
            state.loaded.append(folder)

        def transcribe(self, samples, **options):
            state.asked.append(options)
            return iter([SimpleNamespace(text=" Hello,"), SimpleNamespace(text=" sea.")]), None

    def download_model(name, *, local_files_only=False):
        if not local_files_only:
            state.downloads.append(name)
            if state.failure:
                raise state.failure
            state.kept = model(tmp_path / "hub")
        if state.kept is None:
            raise FileNotFoundError(name)
        return str(state.kept)

    planted: dict[str, dict] = {
        "faster_whisper": {"WhisperModel": WhisperModel},
        "faster_whisper.utils": {"download_model": download_model},
        "huggingface_hub": {},
        "huggingface_hub.errors": {"HfHubHTTPError": type("HfHubHTTPError", (OSError,), {})},
    }
    for name, contents in planted.items():
        module = ModuleType(name)
        vars(module).update(contents)
        monkeypatch.setitem(sys.modules, name, module)
    return state


def model(folder):
    folder.mkdir()
    for name in FILES:
        (folder / name).touch()
    return folder


def refused(*words, **options):
    with pytest.raises(EarError) as error:
        Whisper(*words, notify=pytest.fail, **options)
    return str(error.value)


def test_without_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    assert refused() == "listening needs: pip install 'interview-audio[listen]'"


def test_a_folder(hub, tmp_path):
    ear = Whisper(str(model(tmp_path / "mine")), notify=pytest.fail)
    assert hub.loaded == [str(tmp_path / "mine")]
    assert ear.name == f"Whisper {tmp_path / 'mine'}"
    assert ear.hear(np.zeros(10, np.float32), "zh") == "Hello, sea."
    assert ear.hear(np.zeros(10, np.float32), "xx") == "Hello, sea."
    assert [options["language"] for options in hub.asked] == ["zh", None]


def test_a_folder_that_lacks_something(hub, tmp_path):
    (model(tmp_path / "mine") / "tokenizer.json").unlink()
    assert refused(str(tmp_path / "mine")) == (
        f"{tmp_path / 'mine'} lacks tokenizer.json; name a folder with a model for faster-whisper"
    )


def test_neither_a_folder_nor_a_name(hub):
    assert refused("huge") == (
        "huge is neither a folder nor a model's name; name a folder or one of tiny, base, small, medium, large-v3"
    )


def test_a_damaged_model(hub, tmp_path):
    hub.failure = RuntimeError("no magic")
    mine = model(tmp_path / "mine")
    assert refused(str(mine)) == f"{mine} holds no model that faster-whisper can read (no magic); name another"


def test_nothing_is_downloaded_unasked(hub):
    assert refused() == (
        "Whisper base is not on this machine; download its 148 MB with --listen-model base, "
        "or name a folder with --listen-model"
    )
    assert refused("small", is_offline=True) == (
        "Whisper small is not on this machine, and --offline forbids downloading it; leave out --offline once, "
        "or name a folder with --listen-model"
    )
    assert hub.downloads == []


def test_a_name_is_downloaded_once_and_said_before(hub, tmp_path):
    said = []
    Whisper("small", notify=said.append)
    assert said == ["Downloading Whisper small, 486 MB, from huggingface.co/Systran/faster-whisper-small"]
    Whisper("small", is_offline=True, notify=pytest.fail)
    assert (hub.downloads, hub.loaded) == (["small"], [str(tmp_path / "hub")] * 2)


def test_a_download_that_fails(hub):
    hub.failure = ConnectionError("no route")
    with pytest.raises(EarError, match=r"base cannot be downloaded from huggingface.co/.* \(no route\); try again"):
        Whisper("base", notify=lambda _: None)
