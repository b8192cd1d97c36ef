"""How long a catalogue takes on many cores or cards, what it stores and moves, and what that costs: docs/scaling.md.

usage: python -m benchmarks.model      prints the tables of that page, from `costs` and `simulation` in results.json
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

RESULTS = Path(__file__).with_name("results.json")
BUSY = 0.7
"""Of the time of a scheduler or a client: with more, calls begin to wait for it."""
CORE_HOUR, CARD_HOUR = 0.04, 4.0
"""US dollars, assumed: a core that is rented by the hour, and a card of the size of an H200."""
GIGABYTE_MONTH, MILLION_PUTS, MILLION_GETS = 0.023, 5.0, 0.4
"""US dollars, assumed: a bucket's list prices."""
CARD_SPEED, CARD_PROCESSES = 55.0, 2.6
"""Times real time, one line after the other, on an H200 with the graph that is used; and how much more four processes
make, by what two and four made with another graph (176 and 179 instead of 68 at least): an estimate."""
GETS_A_CLIP = 3
"""Looked up when its source is planned and again before it is spoken; fetched by who assembles the episode."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Of a minute of sound, averaged over sources of several languages."""

    plan: float
    """Processor seconds, like the next two."""
    clips: float
    production: float
    clip_count: float
    clip_bytes: float
    episode_bytes: float
    scheduler: float
    """Processor seconds of the scheduler for each clip."""
    client: float

    @classmethod
    def of(cls, results: Mapping[str, Mapping[str, object]]) -> Self:
        """Take them from the results of the benchmarks."""
        measured: list[Mapping[str, float]] = list(results["costs"].values())  # type: ignore[arg-type]
        simulated: Mapping[str, float] = results["simulation"]  # type: ignore[assignment]

        def mean(*names: str) -> float:
            return sum(one[name] for one in measured for name in names) / len(measured)

        return cls(
            plan=mean("plan_cpu_s_a_minute"),
            clips=mean("clips_cpu_s_a_minute"),
            production=mean("production_cpu_s_a_minute"),
            clip_count=mean("clips_a_minute"),
            clip_bytes=mean("clip_store_bytes_a_minute"),
            episode_bytes=mean("sound_file_bytes_a_minute", "other_files_bytes_a_minute"),
            scheduler=simulated["scheduler_ms_a_clip"] / 1000,
            client=simulated["client_ms_a_clip"] / 1000,
        )

    @property
    def work(self) -> float:
        """Core seconds of a minute."""
        return self.plan + self.clips + self.production

    @property
    def most_clips(self) -> float:
        """Clips a second that one scheduler and one client hand out."""
        return BUSY / max(self.scheduler, self.client)

    @property
    def most_cores(self) -> int:
        """Cores that they keep busy."""
        return math.floor(self.most_clips * self.work / self.clip_count)

    def hours_on_cores(self, minutes: float, cores: int) -> float:
        """Hours of wall time; more cores than one scheduler keeps busy have several, a part of the catalogue each."""
        return minutes * self.work / cores / 3600

    @property
    def cores_a_card(self) -> float:
        """Cores that plan and produce what one card speaks."""
        return CARD_SPEED * CARD_PROCESSES / 60 * (self.plan + self.production)

    def hours_on_cards(self, minutes: float, cards: int) -> float:
        """Hours of wall time on cards, each with the cores that it needs beside it."""
        return minutes / 60 / (CARD_SPEED * CARD_PROCESSES * cards)

    def schedulers(self, clips_a_second: float) -> int:
        """Count the schedulers, each with a client and a part of the catalogue."""
        return math.ceil(clips_a_second / self.most_clips)


def main() -> None:
    """Print the tables."""
    costs = Costs.of(json.loads(RESULTS.read_text("utf-8")))
    card_clips = CARD_SPEED * CARD_PROCESSES / 60 * costs.clip_count
    print(f"a minute: {costs.work:.1f} core s, {costs.clip_count:.1f} clips")
    most_cards = costs.most_clips / card_clips
    print(f"a scheduler: {costs.most_clips:.0f} clips/s, {costs.most_cores} cores, {most_cards:.1f} cards")
    print(f"a card needs {costs.cores_a_card:.1f} cores beside it\n")
    print("| | 10,000 hours of sound | a million hours | schedulers | core or card hours | price |")
    print("|---|---|---|---|---|---|")
    million = 60e6
    for cores in (1, 100, 10_000):
        rate = cores / costs.work * costs.clip_count
        hours = costs.hours_on_cores(million, cores)
        row = (_time(hours / 100), _time(hours), costs.schedulers(rate), hours * cores, hours * cores * CORE_HOUR)
        print(f"| {cores:,} cores | {row[0]} | {row[1]} | {row[2]} | {row[3]:,.0f} | ${row[4]:,.0f} |")
    for cards in (1, 8, 100):
        rate = cards * card_clips
        hours = costs.hours_on_cards(million, cards)
        price = hours * cards * (CARD_HOUR + costs.cores_a_card * CORE_HOUR)
        row = (_time(hours / 100), _time(hours), costs.schedulers(rate), hours * cards, price)
        print(f"| {cards:,} cards | {row[0]} | {row[1]} | {row[2]} | {row[3]:,.0f} | ${row[4]:,.0f} |")
    terabytes = million * costs.clip_bytes / 1e12, million * costs.episode_bytes / 1e12
    clips = million * costs.clip_count / 1e6
    monthly = [size * 1000 * GIGABYTE_MONTH for size in terabytes]
    for what, size, price in zip(("clips", "episodes"), terabytes, monthly, strict=True):
        print(f"{what}: {size:.0f} TB (${price:,.0f} a month)")
    print(
        f"{clips:.0f} million clips: ${clips * MILLION_PUTS:,.0f} to put them,"
        f" ${clips * GETS_A_CLIP * MILLION_GETS:,.0f} to look them up and fetch them"
    )


def _time(hours: float) -> str:
    days = hours / 24
    return f"{days / 365.25:.1f} years" if days > 730 else f"{days:.1f} days" if days > 2 else f"{hours:.1f} hours"


if __name__ == "__main__":
    main()
