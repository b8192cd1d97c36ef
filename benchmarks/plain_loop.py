"""The side that renders are compared with: one ``kokoro_onnx.Kokoro`` with its defaults in a loop, then one MP3 encode.

usage: python -m benchmarks.plain_loop LINES.json FOLDER      (LINES: phonemes, voice, rate and pause of each line)
"""

import json
import sys
from pathlib import Path

import numpy as np
from kokoro_onnx import Kokoro

from benchmarks.encoding import encode
from interview_audio.engines.kokoro import voices
from interview_audio.engines.kokoro.weights import Weights

SAMPLE_RATE = 24000


def main(lines: Path, folder: Path) -> None:
    """Speak every line and write one MP3."""
    model = folder / "kokoro-v1.0.int8.onnx"
    model.write_bytes(Weights().read())
    kokoro = Kokoro(str(model), str(voices.table_file()))
    parts = []
    for line in json.loads(lines.read_text("utf-8")):
        audio, _ = kokoro.create(line["phonemes"], voices.style(line["voice"]), line["rate"], is_phonemes=True)
        parts += [audio, np.zeros(round(line["pause"] * SAMPLE_RATE), np.float32)]
    sound = np.concatenate(parts)
    encode(iter([sound]), SAMPLE_RATE, folder / "plain.mp3")
    print(len(sound) / SAMPLE_RATE)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
