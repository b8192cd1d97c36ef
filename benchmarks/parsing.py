"""Parsing: the time that 1 MB and 2 MB of an interview take to understand."""

import itertools
import random
import time
from collections.abc import Iterator

from interview_audio.transcript.parsing import parse_transcript

MEGABYTE = 1_000_000
WORDS = tuple(
    word
    for line in (
        "the light over harbour keeper winter storm I we never always thought boat bird letter night and because of",
        "stone when you ask that question my father used to say nobody listens but every lamp needs a hand to trim it",
    )
    for word in line.split()
)
SENTENCES = 4
QUESTIONS = ("Nora Vale", "Ida Holm", "Nora Vale", "Ida Holm", "Nora Vale", "Tomas Reyes")
TIMES = 3
UNLABELLED = 1 / 6


def measure() -> dict[str, float]:
    """Fastest of a few runs; the promise is under 2 s for 1 MB, and about twice that for 2 MB."""
    one, two = (_fastest(interview(size * MEGABYTE)) for size in (1, 2))
    return {"one_megabyte_s": one, "two_megabytes_s": two, "ratio": two / one}


def interview(characters: int) -> str:
    """Write an interview of three people, always the same, with a paragraph in six that has no label."""
    chosen = random.Random(characters)
    paragraphs: list[str] = ["The keepers of Gull Point", "Nora Vale met Ida Holm and Tomas Reyes in the tower."]
    length = 0
    for name in itertools.cycle(QUESTIONS):
        text = f"{name}: {' '.join(_sentences(chosen))}" + (" Why?" if name == "Nora Vale" else "")
        more = [" ".join(_sentences(chosen))] if chosen.random() < UNLABELLED else []
        paragraphs += (text, *more)
        length += sum(len(paragraph) + 2 for paragraph in (text, *more))
        if length >= characters:
            return "\n\n".join(paragraphs)
    raise AssertionError("names never end")


def _sentences(chosen: random.Random) -> Iterator[str]:
    for _ in range(chosen.randint(1, SENTENCES)):
        yield " ".join(chosen.choices(WORDS, k=chosen.randint(4, 18))).capitalize() + "."


def _fastest(text: str) -> float:
    seconds = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        parse_transcript(text)
        seconds.append(time.perf_counter() - begun)
    return min(seconds)
