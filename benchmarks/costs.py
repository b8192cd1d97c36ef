"""What a minute of sound costs: processor seconds of each stage, bytes that are kept, and bytes that machines move.

The stages are those of a batch, as its workers run them, one after the other in this process. A minute of sound is a
minute of a finished episode, pauses and announcements included.
"""

import pickle
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from interview_audio.rendering.options import RenderOptions
from interview_audio.rendering.source_calls import SourceTask, plan_source, render_source
from interview_audio.synthesis.clip_worker import ClipWorker
from interview_audio.synthesis.planning import EnginePreparation

T = TypeVar("T")


def measure(source: Path) -> dict[str, float]:
    """Make one episode with Kokoro from nothing, with the fast graph; return what each minute of it cost."""
    worker = ClipWorker()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = source.read_text("utf-8")
        half = folder / f"half{source.suffix}"
        half.write_text(text[: text.index("\n", len(text) // 2)], "utf-8")
        options = RenderOptions(output=folder / "out", store=folder / "store", engine="kokoro")
        task = SourceTask(source, options)
        reading, _ = _timed(lambda: plan_source(worker, SourceTask(half, options)))  # loads what the language needs
        planning, plan = _timed(lambda: plan_source(worker, task))
        settings = plan.jobs[0].engine_settings
        worker.prepare_engine(EnginePreparation("kokoro", settings))
        loading, _ = _timed(lambda: worker.make_clip(plan.jobs[-1]))  # the shortest line
        jobs = plan.jobs[:-1]
        clips, made = _timed(lambda: [worker.make_clip(job) for job in jobs])
        speech = sum(one.clip.samples / one.clip.sample_rate for one in made)
        production, episode = _timed(lambda: render_source(worker, task))
        minutes = episode.seconds / 60
        messages = [len(pickle.dumps((ClipWorker.make_clip, (job,), {}))) for job in jobs]
        results = [len(pickle.dumps(one)) for one in made]
        stored = [file.stat().st_size for file in (folder / "store").rglob("*.flac")]
        files = {file.suffix: file.stat().st_size for file in (folder / "out").iterdir()}
        return {
            "minutes": minutes,
            "clips": len(plan.jobs),
            "clips_a_minute": len(plan.jobs) / minutes,
            "speech_s_a_clip": speech / len(jobs),
            "source_bytes_a_minute": source.stat().st_size / minutes,
            "plan_cpu_s_a_minute": planning / minutes,
            "clips_cpu_s_a_minute": clips / minutes * len(plan.jobs) / len(jobs),
            "clip_cpu_s": clips / len(jobs),
            "production_cpu_s_a_minute": production / minutes,
            "once_a_worker_cpu_s": loading + reading,
            "clip_store_bytes_a_minute": sum(stored) / minutes,
            "sound_file_bytes_a_minute": files[".mp3"] / minutes,
            "other_files_bytes_a_minute": (sum(files.values()) - files[".mp3"]) / minutes,
            "job_bytes": sum(messages) / len(messages),
            "result_bytes": sum(results) / len(results),
        }


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return the processor seconds of all threads, and what the work gives."""
    before = time.process_time()
    result = work()
    return time.process_time() - before, result
