"""How fast this machine speaks, and how long its lines are: measured by every render, remembered beside the store."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from interview_audio.engines.durations import typical_seconds_per_character
from interview_audio.errors import StoreError
from interview_audio.files.atomic_files import write_whole
from interview_audio.synthesis.clips import Clip, ClipSpec
from interview_audio.synthesis.planning import SynthesisPlan

_FILE = "speeds.json"
_SCHEMA = 1
_FEWEST_CLIPS = 4
"""Clips beyond the first of each worker; the time of fewer says more of their lengths than of the machine."""
_FADING = 2000.0
"""Seconds of speech after which older measurements have faded: an engine or a machine may become faster."""


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured of an engine in a language. The fields are sums, and the keys of ``speeds.json``."""

    characters: float = 0.0
    at_rate_one: float = 0.0
    """Seconds of speech for these characters, had they been spoken at a rate of 1."""
    work: float = 0.0
    """Seconds of one worker's time."""
    spoken: float = 0.0
    """Seconds of speech that were made in it."""
    loads: float = 0.0
    """How many renders had to wait until the engine was loaded."""
    loading: float = 0.0
    """Seconds that they waited."""

    @property
    def seconds_per_character(self) -> float | None:
        """Seconds of speech for a character at a rate of 1; None if nothing was measured."""
        return self.at_rate_one / self.characters if self.characters else None

    @property
    def real_time_factor(self) -> float | None:
        """Seconds of one worker's time for a second of speech; None if nothing was measured."""
        return self.work / self.spoken if self.spoken else None

    @property
    def load_seconds(self) -> float:
        """Seconds until the engine is loaded, on average; 0 if nothing was measured."""
        return self.loading / self.loads if self.loads else 0.0

    def plus(self, other: "Speed") -> "Speed":
        """Return both added up, the older measurements weighted down as they age."""
        kept = min(1.0, _FADING / self.at_rate_one) if self.at_rate_one else 1.0
        pairs = zip(asdict(self).items(), asdict(other).values(), strict=True)
        return Speed(**{name: old * kept + new for (name, old), new in pairs})


Speeds = Mapping[tuple[str, str], Speed]
"""By engine and language."""


class Stopwatch:
    """Takes the time of a render: which clips are made, and when.

    Args:
        specs: Of the clips to be made, by key.
        jobs: How many workers there are.
        began: When the workers were told to speak, by the clock of ``record``; None if they were already warm,
            or had something else to do first.
    """

    def __init__(self, specs: Mapping[str, ClipSpec], jobs: int, began: float | None = None) -> None:
        self._specs = specs
        self._jobs = jobs
        self._began = began
        self._made: list[tuple[Clip, float]] = []

    def record(self, clip: Clip, now: float) -> None:
        """Note that a clip is made; ``now`` in seconds of a clock that never goes back."""
        self._made.append((clip, now))

    def speeds(self) -> dict[tuple[str, str], Speed]:
        """Return what was measured, by engine and language.

        The clock starts when every worker has made one clip: loading the engine is not part of its speed, and is what
        the first clip took beyond speaking it.
        """
        speeds: defaultdict[tuple[str, str], Speed] = defaultdict(Speed)
        for clip, _ in self._made:
            spec = self._specs[clip.key]
            seconds = audible_seconds(clip) * spec.spoken_rate
            speeds[spec.engine, spec.language] = speeds[spec.engine, spec.language].plus(Speed(len(spec.text), seconds))
        timed = self._made[self._jobs :]
        if len(timed) < _FEWEST_CLIPS:
            return dict(speeds)
        work = (timed[-1][1] - self._made[self._jobs - 1][1]) * self._jobs
        return self._with_loading(_with_work(speeds, work, [(self._specs[clip.key], clip) for clip, _ in timed]))

    def _with_loading(self, speeds: dict[tuple[str, str], Speed]) -> dict[tuple[str, str], Speed]:
        clip, now = self._made[0]
        name = self._specs[clip.key].engine, self._specs[clip.key].language
        factor = speeds[name].real_time_factor
        if self._began is not None and factor is not None:
            loading = max(0.0, now - self._began - factor * audible_seconds(clip))
            speeds[name] = replace(speeds[name], loads=1.0, loading=loading)
        return speeds


def _with_work(
    speeds: Mapping[tuple[str, str], Speed], work: float, timed: Sequence[tuple[ClipSpec, Clip]]
) -> dict[tuple[str, str], Speed]:
    """Divide the time of the workers by how much was said in each language."""
    spoken: defaultdict[tuple[str, str], float] = defaultdict(float)
    for spec, clip in timed:
        spoken[spec.engine, spec.language] += audible_seconds(clip)
    total = sum(spoken.values())
    return {
        name: replace(speed, work=work * spoken[name] / total, spoken=spoken[name]) if spoken[name] else speed
        for name, speed in speeds.items()
    }


def line_seconds(plan: SynthesisPlan, speeds: Speeds) -> tuple[float, ...]:
    """Return the length of each line: that of its clip if it is stored, else an estimate by this machine's clips."""
    return tuple(
        audible_seconds(plan.stored[key]) if key in plan.stored else expected_seconds(spec, speeds)
        for key, spec in zip(plan.keys, plan.specs, strict=True)
    )


def expected_seconds(spec: ClipSpec, speeds: Speeds) -> float:
    """Estimate the length of a line."""
    seconds = speeds.get((spec.engine, spec.language), Speed()).seconds_per_character
    if seconds is None:
        seconds = typical_seconds_per_character(spec.language)
    return len(spec.text) * seconds / spec.spoken_rate


def audible_seconds(clip: Clip) -> float:
    """Return the length of a clip without the silence around it."""
    return (clip.offset - clip.onset) / clip.sample_rate


def read_speeds(folder: Path) -> dict[tuple[str, str], Speed]:
    """Return what is remembered in a store's folder: nothing if there is no such file, or it is not ours."""
    try:
        content = json.loads((folder / _FILE).read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict) or content.get("schema") != _SCHEMA or not isinstance(content.get("speeds"), list):
        return {}
    return {(entry["engine"], entry["language"]): _speed(entry) for entry in content["speeds"] if _is_speed(entry)}


_NUMBERS = tuple(field.name for field in fields(Speed))


def _is_speed(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("engine"), str)
        and isinstance(entry.get("language"), str)
        and all(isinstance(entry.get(name), float) and 0 <= entry[name] < float("inf") for name in _NUMBERS)
    )


def _speed(entry: Mapping[str, Any]) -> Speed:
    return Speed(**{name: entry[name] for name in _NUMBERS})


def remember_speeds(folder: Path, measured: Speeds) -> None:
    """Add what a render measured; raise ``StoreError`` if the file cannot be written."""
    path = folder / _FILE
    try:
        write_whole(path, _formatted(read_speeds(folder), measured).encode())
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}; the next plan will be less precise") from error


def _formatted(known: Speeds, measured: Speeds) -> str:
    both = dict.fromkeys((*known, *measured))
    entries = [
        {"engine": engine, "language": language}
        | asdict(known.get((engine, language), Speed()).plus(measured.get((engine, language), Speed())))
        for engine, language in both
    ]
    return json.dumps({"schema": _SCHEMA, "speeds": entries}, indent=1) + "\n"
