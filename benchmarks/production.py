"""Production alone, of stored tone clips: peak memory, time, and its ratio to a bare encode of the same samples."""

import json
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.memory import QUESTION, REST, SECONDS_AN_EXCHANGE
from benchmarks.processes import run
from interview_audio.configuration.settings import Settings, Sound
from interview_audio.files.ownership import Destination
from interview_audio.production.containers.episode_writer import Tags
from interview_audio.production.episode import EpisodeRequest, produce
from interview_audio.production.loudness import DUAL_MONO, measure_episode, set_levels
from interview_audio.production.mastering import master_episode, mastering_filters
from interview_audio.production.mixing import mix
from interview_audio.production.streams import filter_stream
from interview_audio.production.timeline import lay_out
from interview_audio.rendering.job import prepare
from interview_audio.rendering.options import RenderOptions
from interview_audio.script.lines import Script
from interview_audio.synthesis.clip_worker import ClipWorker, ThreadExecutor
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.planning import plan_synthesis
from interview_audio.synthesis.store import ClipStore
from interview_audio.synthesis.synthesizing import synthesize

ANSWER = "Ada Brook: In that year, number {number}, {rest}\n\n"
PROFILED_HOURS = 0.25


def measure(hours: Sequence[float] = (1, 10)) -> dict[str, object]:
    """Of episodes of so many hours, at the settings' defaults, each in a process of its own.

    ``ratio`` is production over bare encode, the two run one after the other. ``growth`` is the time of the longest
    over that of the shortest. ``profile`` gives the seconds of each stage, run alone, of a quarter of an hour.
    """
    results: dict[str, object] = {f"{length:g} h": _measured(length) for length in hours}
    seconds = {length: _measured_seconds(results, length) for length in hours}
    results["growth"] = seconds[max(hours)] / seconds[min(hours)]
    with tempfile.TemporaryDirectory() as name:
        folder = _prepared(Path(name), PROFILED_HOURS)
        results["profile"] = json.loads(run(_child("profile", folder)).output)
    return results


def _measured_seconds(results: dict[str, object], hours: float) -> float:
    result = results[f"{hours:g} h"]
    assert isinstance(result, dict)
    return float(result["produce_s"])


def _measured(hours: float) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = _prepared(Path(name), hours)
        produced = run(_child("produce", folder))
        made = json.loads(produced.output)
        episode = folder / "talk.mp3"
        bare = float(run([sys.executable, "-m", "benchmarks.encoding", episode]).output)
    return {**made, "peak_mb": produced.peak_bytes / 1e6, "bare_encode_s": bare, "ratio": made["produce_s"] / bare}


def _prepared(folder: Path, hours: float) -> Path:
    """Return a source of about this length, with all of its clips in a store beside it."""
    count = round(hours * 3600 / SECONDS_AN_EXCHANGE)
    exchanges = ((QUESTION + ANSWER).format(number=number, rest=REST) for number in range(count))
    (folder / "talk.txt").write_text("The years\n\n" + "".join(exchanges), "utf-8")
    run(_child("fill", folder))
    return folder


def _child(task: str, folder: Path) -> list[object]:
    return [sys.executable, "-m", "benchmarks.production", task, folder]


def _clips(folder: Path) -> tuple[Script, tuple[Clip, ...], Settings]:
    prepared = prepare(folder / "talk.txt", RenderOptions(engine="tone"))
    store = ClipStore(folder / "store")
    store.prepare()
    lines, given = prepared.script.lines, prepared.settings.pronunciations_for("tone")
    plan = plan_synthesis(lines, prepared.engine, {}, given, store)
    with ThreadPoolExecutor(1) as pool:
        clips = synthesize(lines, plan, ThreadExecutor(pool, ClipWorker()), lambda _: None)
    return prepared.script, clips, prepared.settings


def _produce(folder: Path) -> dict[str, float]:
    script, clips, settings = _clips(folder)
    start = time.perf_counter()
    episode = produce(script, clips, settings, EpisodeRequest(Destination(folder, "talk")))
    return {"produce_s": time.perf_counter() - start, "hours": episode.seconds / 3600}


def _profile(folder: Path) -> dict[str, float]:
    """Seconds of each stage by itself: the stages before it have run already, or are counted with it where named."""
    script, clips, settings = _clips(folder)
    timeline = lay_out(script, clips, settings)
    sound: Sound = settings.sound
    levels = set_levels(script.lines, clips, sound.loudness)
    speech_loudness = sound.loudness - DUAL_MONO - levels.episode
    target = folder / "profiled.mp3"
    seconds = {}
    clock = time.perf_counter()
    _drain(mix(timeline, levels, speech_loudness))
    seconds["mix"] = time.perf_counter() - clock
    clock = time.perf_counter()
    filters = mastering_filters(levels.episode, -2.0, sound.sample_rate)
    _drain(filter_stream(mix(timeline, levels, speech_loudness), sound.sample_rate, filters))
    seconds["mix_and_filter"] = time.perf_counter() - clock
    clock = time.perf_counter()
    mastering = master_episode(timeline, levels, sound, Tags("", (), None, "en", None, b""), target)
    seconds["all"] = time.perf_counter() - clock
    seconds["encodings"] = mastering.encodings
    clock = time.perf_counter()
    measure_episode(target)
    seconds["measure"] = time.perf_counter() - clock
    seconds["bare_encode"] = float(run([sys.executable, "-m", "benchmarks.encoding", target]).output)
    return seconds


def _drain(items: Iterable[object]) -> None:
    deque(items, maxlen=0)


def main(task: str, folder: Path) -> None:
    """Do what the child processes do."""
    if task == "fill":
        _clips(folder)
    else:
        print(json.dumps(_produce(folder) if task == "produce" else _profile(folder)))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
