"""The two interviews in one batch: on one Dask worker, on two, and on two processes without Dask."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.processes import interview_audio

WAYS = {"one_worker": ("--cluster", "local:1"), "two_workers": ("--cluster", "local:2"), "two_processes": ("--jobs", 2)}


def measure(sources: Sequence[Path]) -> dict[str, float]:
    """Seconds of each whole command from an empty store, one after the other, and the two ratios.

    Kokoro's fast graph is prepared before, if it is not there.
    """
    interview_audio("doctor", "--prepare")
    seconds = {}
    with tempfile.TemporaryDirectory() as name:
        for way, options in WAYS.items():
            words = ("-o", f"{name}/{way}", "--store", f"{name}/{way}-store", "--engine", "kokoro", "--json")
            run = interview_audio("batch", *sources, *words, *options)
            seconds[f"{way}_s"] = run.seconds
            print(way, f"{run.seconds:.1f} s", json.loads(run.output)["totals"], flush=True)
    return {
        **seconds,
        "two_workers_times_as_fast_as_one": seconds["one_worker_s"] / seconds["two_workers_s"],
        "two_workers_slower_than_two_processes": seconds["two_workers_s"] / seconds["two_processes_s"] - 1,
    }
