"""The command line that most people speak texts with, ``kokoro-tts`` from PyPI, on our weights, for comparison.

It lives in an environment of its own, since it needs another kokoro-onnx. The model it is given is the published int8
export that we speak with too; its voices are the packaged ones.
"""

import subprocess
import sys
import venv
from pathlib import Path

import numpy as np

from benchmarks.processes import Run, run
from interview_audio.engines.kokoro import voices
from interview_audio.engines.kokoro.weights import Weights

VERSION = "2.3.2"
ENVIRONMENT = Path(__file__).parents[1] / "build" / "kokoro-tts"
LANGUAGES = {"zh": "cmn", "en": "en-us"}
VOICES = {"zh": "zf_xiaoxiao", "en": "af_heart"}


def install() -> Path:
    """The command, installed once."""
    scripts = ENVIRONMENT / ("Scripts" if sys.platform == "win32" else "bin")
    if not (scripts / "kokoro-tts").exists():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        subprocess.run([scripts / "python", "-m", "pip", "install", "--quiet", f"kokoro-tts=={VERSION}"], check=True)
    return scripts / "kokoro-tts"


def speak(text: str, language: str, folder: Path) -> Run:
    """Run it on a text, all in one voice, into an MP3 in this folder; raises ``CalledProcessError``."""
    command = install()
    (folder / "sounddevice.py").write_text(
        "# It wants PortAudio when it is imported, and plays nothing here.\n", "utf-8"
    )
    (folder / "text.txt").write_text(text, "utf-8")
    model, table = folder / "kokoro-v1.0.onnx", folder / "voices-v1.0.bin"
    model.write_bytes(Weights().read())
    with np.load(voices.table_file()) as styles, table.open("wb") as file:
        np.savez(file, **{name: styles[name].astype(np.float32) for name in styles})
    words = [command, folder / "text.txt", folder / "spoken.mp3", "--lang", LANGUAGES[language]]
    words += ["--voice", VOICES[language], "--format", "mp3", "--model", model, "--voices", table]
    spoken = run(words, {"PYTHONPATH": str(folder)})
    if "Error" in spoken.output or not (folder / "spoken.mp3").exists():
        raise subprocess.CalledProcessError(1, [str(word) for word in words], spoken.output)
    return spoken
