"""The two interviews in one batch: on one Dask worker, on two, and on two processes without Dask."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psutil

from benchmarks.processes import interview_audio

WAYS = {"one_worker": ("--cluster", "local:1"), "two_workers": ("--cluster", "local:2"), "two_processes": ("--jobs", 2)}


def measure(sources: Sequence[Path]) -> dict[str, float]:
    """Seconds of each whole command from an empty store, one after the other, and the two ratios.

    Kokoro's fast graph is prepared before, if it is not there. What the host of a virtual machine took of its cores
    meanwhile is told as well: it slows two workers down, and leaves one a second core.
    """
    interview_audio("doctor", "--prepare")
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        for way, options in WAYS.items():
            words = ("-o", f"{name}/{way}", "--store", f"{name}/{way}-store", "--engine", "kokoro", "--json")
            before = _stolen()
            run = interview_audio("batch", *sources, *words, *options)
            seconds |= {f"{way}_s": run.seconds, f"{way}_stolen_core_s": _stolen() - before}
            print(way, f"{run.seconds:.1f} s", json.loads(run.output)["totals"], flush=True)
    return {
        **seconds,
        "two_workers_times_as_fast_as_one": seconds["one_worker_s"] / seconds["two_workers_s"],
        "two_workers_slower_than_two_processes": seconds["two_workers_s"] / seconds["two_processes_s"] - 1,
    }


def _stolen() -> float:
    """Return the core seconds that the host has kept from this machine since it started; 0 where it does not say."""
    return float(getattr(psutil.cpu_times(), "steal", 0.0))
