"""Measures how the parser reads a folder of real transcripts that nobody has annotated: a table, and a summary below.

``python -m benchmarks.wild.measure FOLDER [FOLDER ...] > table.tsv`` prints a line for each file: whether it was read,
how long that took, how much of its words is not read aloud and why, who speaks, and what looks like left-over mark-up.
The summary goes to standard error.
"""

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from interview_audio.configuration.settings import Settings
from interview_audio.errors import InterviewAudioError
from interview_audio.rendering.job import parse
from interview_audio.text.characters import count_words
from interview_audio.transcript.turns import SPOKEN_KINDS, Transcript, Turn

LEFT_OVER = {
    "link": re.compile(r"\]\("),
    "template": re.compile(r"\{\{|\{%"),
    "tag": re.compile(r"</?[A-Za-z][\w:.-]*(?:\s[^<>]{0,200})?/?>"),
    "bold": re.compile(r"\*\*"),
    "entity": re.compile(r"&#?\w{1,24};"),
}
"""What a voice would say of mark-up, by its kind."""
FORMAT_ONLY = frozenset(("front matter", "title", "formatted as a heading", "link definition", "only a link"))
"""Reasons for what is not read although nobody says it: the file's format says what it is."""
WORST = 12


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of one file, as it is printed."""

    file: str
    outcome: str
    """``read``, ``refused`` with the error's words, or ``crashed`` with the exception."""
    seconds: float = 0.0
    characters: int = 0
    language: str = ""
    words: int = 0
    """Of everything that is read, or that is skipped for another reason than that the format says what it is."""
    skipped: float = 0.0
    """The share of these words that is not read, in percent."""
    inside: float = 0.0
    """The same between the first and the last turn that is read, in percent."""
    reasons: str = ""
    """Words by the kind and reason for which they are not read."""
    people: str = ""
    """Name, role and turns of each."""
    turns: int = 0
    narrated: int = 0
    """Words of narration."""
    left_over: int = 0
    left_over_kinds: str = ""
    unaccounted: int = 0


def main() -> None:
    """Print the table and the summary."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folders", nargs="+", type=Path)
    arguments.add_argument("--jobs", type=int, default=1)
    chosen = arguments.parse_args()
    files = sorted(path for folder in chosen.folders for path in folder.rglob("*") if path.is_file())
    rows = list(measured(files, chosen.jobs))
    print(*(field.name for field in fields(Row)), sep="\t")
    for row in rows:
        print(*(f"{cell:.3f}" if isinstance(cell, float) else clean(str(cell)) for cell in astuple(row)), sep="\t")
    for line in summary(rows):
        print(line, file=sys.stderr)


def measured(files: Sequence[Path], jobs: int) -> Iterator[Row]:
    """Yield what is found of each file; one on which the parser breaks stops no other."""
    with ProcessPoolExecutor(jobs) as pool:
        futures = [pool.submit(measure, path) for path in files]
        for path, future in zip(files, futures, strict=True):
            error = future.exception()
            yield Row(named(path), f"crashed: {type(error).__name__}: {error}") if error else future.result()


def measure(path: Path) -> Row:
    """Read one file as ``check`` does."""
    begun = time.perf_counter()
    try:
        transcript = parse(path, settings=Settings(engine="tone"))
    except InterviewAudioError as error:
        return Row(named(path), f"refused: {error}", time.perf_counter() - begun)
    seconds = time.perf_counter() - begun
    turns = transcript.turns
    counted = [(turn, count_words(turn.text)) for turn in turns if turn.reason not in FORMAT_ONLY]
    read = [place for place, (turn, _) in enumerate(counted) if turn.kind in SPOKEN_KINDS]
    inside = counted[read[0] : read[-1] + 1] if read else []
    marks = left_over(turn.text for turn in turns if turn.kind in SPOKEN_KINDS)
    return Row(
        named(path),
        "read",
        seconds,
        transcript.receipt.characters,
        transcript.language,
        sum(words for _, words in counted),
        share_skipped(counted),
        share_skipped(inside),
        listed(reasons(counted)),
        listed(people(transcript)),
        sum(turn.kind in SPOKEN_KINDS for turn in turns),
        sum(words for turn, words in counted if turn.kind == "narration"),
        marks.total(),
        listed(marks),
        transcript.receipt.unaccounted,
    )


def share_skipped(counted: Sequence[tuple[Turn, int]]) -> float:
    """Return the share of the words that is not read, in percent."""
    lost = sum(words for turn, words in counted if turn.kind not in SPOKEN_KINDS)
    return 100 * lost / max(1, sum(words for _, words in counted))


def reasons(counted: Iterable[tuple[Turn, int]]) -> Counter[str]:
    """Count the words that are not read by kind and reason."""
    words: Counter[str] = Counter()
    for turn, count in counted:
        if turn.kind not in SPOKEN_KINDS:
            words[f"{turn.kind}, {turn.reason}"] += count
    return words


def people(transcript: Transcript) -> Counter[str]:
    """Count the turns of each person; narration is nobody's."""
    turns = Counter(turn.speaker for turn in transcript.turns if turn.speaker)
    return Counter({f"{person.name} ({person.role})": turns[person.name] for person in transcript.speakers})


def left_over(texts: Iterable[str]) -> Counter[str]:
    """Count what looks like mark-up in what is read, by kind."""
    found: Counter[str] = Counter()
    for text in texts:
        for kind, pattern in LEFT_OVER.items():
            found[kind] += len(pattern.findall(text))
    return +found


def summary(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of the summary: the totals, and the files that are worst in each respect."""
    read = [row for row in rows if row.outcome == "read"]
    failed = [row for row in rows if row.outcome != "read"]
    words = sum(row.words for row in read)
    lost = sum(row.words * row.skipped / 100 for row in read)
    yield f"{len(rows)} files, {len(read)} read, {len(failed)} not; {sum(row.characters for row in read):,} characters"
    yield f"{words:,} words, {100 * lost / max(1, words):.2f} % not read"
    alone = [row for row in read if not row.people]
    lost_alone = sum(row.words * row.skipped for row in alone) / max(1, sum(row.words for row in alone))
    yield f"{len(alone)} files without people: {lost_alone:.2f} % not read"
    yield f"{sum(row.inside > 2 for row in read)} files lose more than 2 % between their turns"
    yield f"{sum(row.left_over > 0 for row in read)} files with left-over mark-up; {_unaccounted(read)} unaccounted"
    yield f"slowest: {max((row.seconds for row in rows), default=0):.2f} s"
    for row in failed:
        yield f"  {row.file}: {row.outcome}"
    by_reason: Counter[str] = Counter()
    for row in read:
        by_reason.update({reason: int(count) for count, reason in re.findall(r"(\d+) × ([^;]+)", row.reasons)})
    yield "words not read, by reason"
    yield from (f"  {count:8,}  {reason}" for reason, count in by_reason.most_common())
    yield "not read, the largest shares between turns"
    for row in sorted(read, key=lambda row: row.inside, reverse=True)[:WORST]:
        yield f"  {row.inside:5.1f} %  {row.file}: {row.reasons}"


def _unaccounted(rows: Iterable[Row]) -> int:
    return sum(row.unaccounted > 0 for row in rows)


def listed(counts: Counter[str]) -> str:
    """Write counts in one cell, the greatest first."""
    return "; ".join(f"{count} × {clean(what).replace(';', ',')}" for what, count in counts.most_common())


def clean(text: str) -> str:
    """Write a text in one cell."""
    return " ".join(text.split())


def named(path: Path) -> str:
    """Return a file's name with the folder that it is in."""
    return f"{path.parent.name}/{path.name}"


if __name__ == "__main__":
    main()
