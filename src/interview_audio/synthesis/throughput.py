"""How fast this machine speaks, and how long its voices take: measured by every render, remembered beside the store."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from interview_audio.errors import StoreError
from interview_audio.files.atomic_files import write_whole
from interview_audio.synthesis.clip_keys import Recipe
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.planning import Work

FILE = "speeds.json"
SCHEMA = 1
TYPICAL_PACE = {"zh": 0.2, "en": 0.065}
"""Seconds of speech for a character, as Kokoro's voices were measured; only until this machine has spoken."""
TYPICAL_PACE_ELSEWHERE = 0.07
FEWEST_CLIPS = 4
"""Clips beyond the first of each worker, below which a render is no measurement of speed."""
MEMORY = 2000.0
"""Seconds of speech after which older measurements have faded: an engine or a machine may become faster."""


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured of an engine in a language."""

    characters: float = 0.0
    at_rate_one: float = 0.0
    """Seconds of speech that these characters took, as long as they would have been at a speaking rate of 1."""
    work: float = 0.0
    """Seconds of one worker."""
    spoken: float = 0.0
    """Seconds of speech that came of this work."""
    loads: float = 0.0
    """Renders that had to wait until the engine was loaded."""
    loading: float = 0.0
    """Seconds that these waited."""

    @property
    def pace(self) -> float | None:
        """Seconds of speech for a character at a rate of 1; None where nothing was measured."""
        return self.at_rate_one / self.characters if self.characters else None

    @property
    def effort(self) -> float | None:
        """Seconds of one worker for a second of speech; None where nothing was measured."""
        return self.work / self.spoken if self.spoken else None

    @property
    def wait(self) -> float:
        """Seconds until the engine is loaded, on an average; 0 where nothing was measured."""
        return self.loading / self.loads if self.loads else 0.0

    def plus(self, other: "Speed") -> "Speed":
        """Both, the older one faded where it is long."""
        kept = min(1.0, MEMORY / self.at_rate_one) if self.at_rate_one else 1.0
        pairs = zip(asdict(self).items(), asdict(other).values(), strict=True)
        return Speed(**{name: old * kept + new for (name, old), new in pairs})


Speeds = Mapping[tuple[str, str], Speed]
"""By engine and language."""


class Stopwatch:
    """Takes the time of a render: the clips as they come, and when.

    Args:
        recipes: By key, of what is to be made.
        jobs: Workers at the same time.
        began: When the workers were told to speak, by the clock of ``take``; None where they were warm, or had
            something else to do first.
    """

    def __init__(self, recipes: Mapping[str, Recipe], jobs: int, began: float | None = None) -> None:
        self._recipes = recipes
        self._jobs = jobs
        self._began = began
        self._made: list[tuple[Clip, float]] = []

    def take(self, clip: Clip, now: float) -> None:
        """A clip is done; ``now`` in seconds of a clock that never goes back."""
        self._made.append((clip, now))

    def speeds(self) -> dict[tuple[str, str], Speed]:
        """What was measured.

        The clock starts when every worker has one clip behind it: loading the engine is no part of its speed. It is
        what the first clip took beyond speaking it.
        """
        speeds: defaultdict[tuple[str, str], Speed] = defaultdict(Speed)
        for clip, _ in self._made:
            recipe = self._recipes[clip.key]
            seconds = audible_seconds(clip) * recipe.spoken_rate
            speeds[recipe.engine, recipe.language] = speeds[recipe.engine, recipe.language].plus(
                Speed(len(recipe.text), seconds)
            )
        timed = self._made[self._jobs :]
        if len(timed) < FEWEST_CLIPS:
            return dict(speeds)
        work = (timed[-1][1] - self._made[self._jobs - 1][1]) * self._jobs
        return self._with_loading(_with_work(speeds, work, [(self._recipes[clip.key], clip) for clip, _ in timed]))

    def _with_loading(self, speeds: dict[tuple[str, str], Speed]) -> dict[tuple[str, str], Speed]:
        clip, now = self._made[0]
        name = self._recipes[clip.key].engine, self._recipes[clip.key].language
        effort = speeds[name].effort
        if self._began is not None and effort is not None:
            loading = max(0.0, now - self._began - effort * audible_seconds(clip))
            speeds[name] = replace(speeds[name], loads=1.0, loading=loading)
        return speeds


def _with_work(
    speeds: Mapping[tuple[str, str], Speed], work: float, timed: Sequence[tuple[Recipe, Clip]]
) -> dict[tuple[str, str], Speed]:
    """Share work out by how much was said in each language."""
    spoken: defaultdict[tuple[str, str], float] = defaultdict(float)
    for recipe, clip in timed:
        spoken[recipe.engine, recipe.language] += audible_seconds(clip)
    total = sum(spoken.values())
    return {
        name: replace(speed, work=work * spoken[name] / total, spoken=spoken[name]) if spoken[name] else speed
        for name, speed in speeds.items()
    }


def line_seconds(work: Work, speeds: Speeds) -> tuple[float, ...]:
    """How long each line is: as its clip is, where it is stored, else as this machine's other clips let expect."""
    return tuple(
        audible_seconds(work.stored[key]) if key in work.stored else expected_seconds(recipe, speeds)
        for key, recipe in zip(work.keys, work.recipes, strict=True)
    )


def expected_seconds(recipe: Recipe, speeds: Speeds) -> float:
    """How long a line is likely to be."""
    pace = speeds.get((recipe.engine, recipe.language), Speed()).pace
    if pace is None:
        pace = TYPICAL_PACE.get(recipe.language, TYPICAL_PACE_ELSEWHERE)
    return len(recipe.text) * pace / recipe.spoken_rate


def audible_seconds(clip: Clip) -> float:
    """Length of a clip without the silence around it."""
    return (clip.offset - clip.onset) / clip.sample_rate


def read_speeds(folder: Path) -> dict[tuple[str, str], Speed]:
    """What is remembered beside the store in ``folder``: nothing where there is no such file, or it is not ours."""
    try:
        content = json.loads((folder / FILE).read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict) or content.get("schema") != SCHEMA or not isinstance(content.get("speeds"), list):
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
    """Add what a render measured; raises ``StoreError`` where the file cannot be written."""
    path = folder / FILE
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
    return json.dumps({"schema": SCHEMA, "speeds": entries}, indent=1) + "\n"
