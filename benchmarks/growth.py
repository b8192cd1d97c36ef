"""Growth: that no stage takes more than its share for a text twice as long, whatever is repeated in it.

usage: python -m benchmarks.growth [--stages NAME ...] [--shapes NAME ...]       (names may be beginnings)

Each stage is fed with each shape in a process of its own, which ends when it hangs: that takes `fork` (Linux, macOS).

The shapes are 51 of the 152 that it began with: those that once grew with the square, and one or two of each other
kind (letters, Chinese, spaces, marks, numbers, machines, interviews). Stages with the same code behind them are one,
and those that are made of others take 15 shapes. On two cores with three times as many jobs as cores, the formats took
330 s, scripts 42 s, `check` and `plan` 26 s, settings 18 s. All 1,671 pairs took 12.5 processor minutes, 13.5 minutes
beside a whole run of the tests.
"""

import argparse
import contextlib
import gc
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection

from benchmarks.shapes import SHAPES
from benchmarks.stages import STAGES

SIZES = (10_000, 20_000, 40_000)
"""Characters."""
LARGER = 8
"""How much longer a text is that a stage is too quick with to be timed."""
QUICKEST = 0.040
"""Processor seconds for the longest text below which a clock shows more noise than growth."""
MOST_GROWTH = 2.5
"""Times as long for a text twice as long; linear is 2, n log n a little more, and the rest is the machine's noise."""
MOST_SECONDS = 2.0
"""Processor seconds for the longest text: a constant that is too great is as bad as growth."""
HANGS = 40
"""Processor seconds after which a process is ended; writing the clips of captions takes half of it."""
SHOWN = 10
"""Pairs of each list."""
TRIES = 6
"""How often a pair that seems to grow is timed before that is believed."""

_FOLDER = tempfile.TemporaryDirectory()
"""Gone when Python ends, after what libraries keep in it until then."""

WHOLE = ("check: ", "plan: ", "script: title", "companions: ")
"""Beginnings of the stages that are made of others, which are timed with every shape by themselves."""
TELLING = frozenset({
    "capitals", "small and capital letters", "single letters", "initials", "abbreviations", "Han", "spaced letter",
    "full stops and spaces", "digits", "data address", "minified JavaScript",
    "questions on one line", "different full names", "names in brackets", "different paragraphs",
})  # fmt: skip
"""The shapes for these: those that once grew with the square, and one of each other kind, but no short paragraphs:
before captions are timed, a clip is written for each."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How long a stage takes with a shape."""

    stage: str
    shape: str
    characters: tuple[int, ...]
    seconds: tuple[float, ...]
    """Of processor time, the fastest of several; fewer than characters where it hung."""

    @property
    def factor(self) -> float:
        """Times as long for a text twice as long, over all sizes; 0 if too quick to be timed, infinite if it hung."""
        if len(self.seconds) < len(self.characters):
            return float("inf")
        if self.seconds[-1] < QUICKEST:
            return 0.0
        first = max(self.seconds[0], QUICKEST / MOST_GROWTH**2)
        return float((self.seconds[-1] / first) ** (1 / (len(self.seconds) - 1)))

    @property
    def pace(self) -> float:
        """Processor seconds for the longest of the sizes; infinite where it hung."""
        if len(self.seconds) < len(self.characters):
            return float("inf")
        return self.seconds[-1] * SIZES[-1] / self.characters[-1]

    @property
    def fails(self) -> bool:
        """Whether it grows too fast, or takes too long at all."""
        return bool(self.factor > MOST_GROWTH or self.pace > MOST_SECONDS)

    def __str__(self) -> str:
        times = " ".join(f"{seconds:.3f}" for seconds in self.seconds)
        return f"{self.factor:4.1f}  {self.pace:6.3f} s  {self.stage}, {self.shape}: {times}"


def measure(stages: Sequence[str] = (), shapes: Sequence[str] = ()) -> dict[str, object]:
    """Time stages with shapes, all unless named: those that grow most, those that are slowest, and all that fail."""
    pairs = [
        (stage, shape)
        for stage in _chosen(stages, STAGES)
        for shape in _chosen(shapes, SHAPES)
        if shape in TELLING or not stage.startswith(WHOLE)
    ]
    with _temporary(_FOLDER.name):
        for stage in dict.fromkeys(stage for stage, _ in pairs):
            STAGES[stage]("Warm.")()  # what is loaded at the first use is loaded before the processes part
        gc.freeze()
        with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("fork")) as pool:
            found = list(pool.map(_grown, *zip(*pairs, strict=True)))
    return {
        "pairs": len(found),
        "fastest growing": _shown(sorted(found, key=lambda growth: -growth.factor)[:SHOWN]),
        "slowest": _shown(sorted(found, key=lambda growth: -growth.pace)[:SHOWN]),
        "failing": _shown(growth for growth in found if growth.fails),
    }


def _chosen(names: Sequence[str], known: Iterable[str]) -> list[str]:
    return [name for name in known if not names or name.startswith(tuple(names))]


@contextlib.contextmanager
def _temporary(folder: str) -> Iterator[None]:
    """Everything temporary is made in a folder."""
    before, tempfile.tempdir = tempfile.tempdir, folder
    try:
        yield
    finally:
        tempfile.tempdir = before


def _shown(growths: Iterable[Growth]) -> list[str]:
    return [str(growth) for growth in growths]


def _grown(stage: str, shape: str) -> Growth:
    """Time a pair in a process of its own."""
    context = multiprocessing.get_context("fork")
    heard, told = context.Pipe(duplex=False)
    process = context.Process(target=_time, args=(stage, shape, told))
    process.start()
    told.close()
    growth = Growth(stage, shape, SIZES, ())
    with contextlib.suppress(EOFError):
        while True:
            growth = heard.recv()
    process.join()
    if growth.fails:
        print(growth, file=sys.stderr, flush=True)
    return growth


def _time(stage: str, shape: str, told: Connection) -> None:
    """Time a pair at three sizes, larger ones where it is too quick, again where it seems to grow; tell each time."""
    resource.setrlimit(resource.RLIMIT_CPU, (HANGS, HANGS))
    for characters in (SIZES, tuple(size * LARGER for size in SIZES)):
        seconds: tuple[float, ...] = ()
        for size in characters:
            seconds = (*seconds, _seconds(stage, shape, size))
            told.send(Growth(stage, shape, characters, seconds))
        if seconds[-1] > QUICKEST:
            break
    for number in range(1, TRIES):
        growth = Growth(stage, shape, characters, seconds)
        told.send(growth)
        if not growth.fails:
            return
        # Another length each time: no cache knows the text.
        again = (_seconds(stage, shape, size + number) for size in characters)
        seconds = tuple(map(min, seconds, again))


def _seconds(stage: str, shape: str, characters: int) -> float:
    work = STAGES[stage](SHAPES[shape](characters))
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    """Measure, print the ten worst of each kind, and exit with 1 where something fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stages", nargs="*", default=())
    parser.add_argument("--shapes", nargs="*", default=())
    arguments = parser.parse_args()
    results = measure(arguments.stages, arguments.shapes)
    for title, lines in results.items():
        print(title, *(lines if isinstance(lines, list) else [lines]), sep="\n  ")
    if results["failing"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
