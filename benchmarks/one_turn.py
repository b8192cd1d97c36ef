"""One turn changed: the whole second render against that turn's synthesis, a bare encode and a second."""

import json
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.processes import interview_audio, run
from interview_audio.engines.protocol import Utterance
from interview_audio.engines.registry import load_engine
from interview_audio.rendering.job import RenderJob, prepare
from interview_audio.rendering.options import RenderOptions
from interview_audio.script.lines import Line


def measure(source: Path) -> dict[str, float]:
    """Seconds of the render after a change, of what it is compared with, and their ratio (at most 1 is the aim)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        changed = folder / source.name
        changed.write_bytes(source.read_bytes())
        render = ("render", changed, "-o", folder / "out", "--store", folder / "store", "--engine", "kokoro")
        interview_audio(*render)
        before = _prepared(changed, folder)
        turn = before.transcript.turns[_longest_answer(before)]
        sentence = turn.text[: len(turn.text) // 2]
        changed.write_text(changed.read_text("utf-8").replace(turn.text, sentence, 1), "utf-8")
        after = _prepared(changed, folder)
        known = {line.text for line in before.script.lines}
        lines = [line for line in after.script.lines if line.text not in known]
        again = interview_audio(*render)
        bare = float(run([sys.executable, "-m", "benchmarks.encoding", next((folder / "out").glob("*.mp3"))]).output)
        duration = json.loads(next((folder / "out").glob("*.episode.json")).read_text("utf-8"))["duration"]
    synthesis = _spoken(lines)
    allowed = synthesis + 1.3 * bare + 1
    return {
        "audio_s": duration,
        "lines_made": len(lines),
        "render_s": again.seconds,
        "synthesis_s": synthesis,
        "bare_encode_s": bare,
        "allowed_s": allowed,
        "render_over_allowed": again.seconds / allowed,
    }


def _prepared(source: Path, folder: Path) -> RenderJob:
    return prepare(source, RenderOptions(output=folder / "out", engine="kokoro", store=folder / "store"))


def _longest_answer(prepared: RenderJob) -> int:
    """Return a turn of one paragraph that can be found in the source as it is read."""
    turns = prepared.transcript.turns
    spoken = {line.turn for line in prepared.script.lines if line.speaker != "narrator"}
    found = prepared.source.read_text("utf-8")
    return max((index for index in spoken if turns[index].text in found), key=lambda index: len(turns[index].text))


def _spoken(lines: list[Line]) -> float:
    """Seconds that a warm engine takes to say them, one after the other."""
    engine = load_engine("kokoro", {})
    utterances = [Utterance(line.text, line.language, line.voice.name, line.voice.rate) for line in lines]
    engine.speak(utterances[0])
    began = time.perf_counter()
    for utterance in utterances:
        engine.speak(utterance)
    return time.perf_counter() - began
