"""A whole render from nothing against a plain loop over kokoro-onnx with the same phonemes and the same MP3 encode.

A second comparison is the command line kokoro-tts. Paired: each round runs one after the other, so that the machine's
other guests disturb all alike.
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks import kokoro_tts
from benchmarks.processes import interview_audio, run
from interview_audio.rendering.job import prepare
from interview_audio.rendering.options import RenderOptions


def measure(source: Path, language: str, rounds: int) -> dict[str, float]:
    """Seconds of ours, a plain loop and kokoro-tts, the ratios (above 1: ours is faster), ours for a second of audio.

    kokoro-tts is given the same words in one voice; it makes no pauses, chapters or captions.
    """
    ours, plain, theirs, audio, memory = [], [], [], 0.0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = folder / "lines.json"
        lines.write_text(json.dumps(_phonemes(source)), "utf-8")
        words = "\n".join(line.text for line in prepare(source, RenderOptions(engine="kokoro")).script.lines)
        for number in range(rounds):
            out, store = folder / f"out{number}", folder / f"store{number}"
            mine = interview_audio("render", source, "-o", out, "--store", store, "--engine", "kokoro")
            episode = json.loads(next(out.glob("*.episode.json")).read_text("utf-8"))
            other = run([sys.executable, "-m", "benchmarks.plain_loop", lines, folder])
            (folder / f"tts{number}").mkdir()
            theirs.append(kokoro_tts.speak(words, language, folder / f"tts{number}").seconds)
            ours.append(mine.seconds)
            plain.append(other.seconds)
            audio, memory = episode["duration"], max(memory, mine.peak_bytes)
    return {
        "audio_s": audio,
        "ours_s": statistics.median(ours),
        "plain_loop_s": statistics.median(plain),
        "kokoro_tts_s": statistics.median(theirs),
        "times_as_fast_as_kokoro_tts": statistics.median(t / o for t, o in zip(theirs, ours, strict=True)),
        "times_as_fast": statistics.median(p / o for p, o in zip(plain, ours, strict=True)),
        "real_time_factor": statistics.median(ours) / audio,
        "main_process_peak_mb": memory / 1e6,
    }


def _phonemes(source: Path) -> list[dict[str, object]]:
    from kokoro_onnx.config import DEFAULT_VOCAB

    from interview_audio.engines.kokoro import voices
    from interview_audio.engines.kokoro.phonemes import Phonemizer

    speak = Phonemizer(DEFAULT_VOCAB)
    script = prepare(source, RenderOptions(engine="kokoro")).script
    return [
        {
            "phonemes": speak(line.text, line.language, voices.accent(line.voice.name)).phonemes,
            "voice": line.voice.name,
            "rate": line.voice.rate,
            "pause": line.pause,
        }
        for line in script.lines
    ]
