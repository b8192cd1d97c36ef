"""Compares how the parser reads transcripts with what people annotated: `python -m benchmarks.wild.score FOLDER...`.

Beside a transcript NAME is NAME.turns.json, written by somebody who had not seen the parser's answer: `turns` in order,
each with `lines` [first, last] of the source, `kind`, `speaker` (null but for speech) and, where more than one reading
is right, `also_accepted` names and `kinds_also_accepted`; `aliases` from other forms of a name to the one used there;
`difficulty` ordinary or hard. Lines that are not mentioned are not scored.

Printed for each file, and for ordinary and hard ones together:

boundaries  F1 of the lines on which another voice begins
person      share of the speech, by characters, that is said by the right person
cover       share of what should be heard, by characters, that somebody says
skip        share of what should not be heard, by characters, that nobody says
invented    who speaks and is nobody
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from interview_audio.errors import InterviewAudioError
from interview_audio.rendering.job import parse
from interview_audio.text.characters import name_key
from interview_audio.transcript.reading import read_source
from interview_audio.transcript.turns import SPOKEN_KINDS, Turn

SUFFIX = ".turns.json"
NARRATOR = ""


@dataclass(slots=True)
class Score:
    """Sums over one or several files."""

    hits: int = 0
    wanted: int = 0
    got: int = 0
    person: int = 0
    speech: int = 0
    heard: int = 0
    voiced: int = 0
    silent: int = 0
    unvoiced: int = 0
    invented: list[str] = field(default_factory=list)
    refused: str = ""

    def add(self, other: "Score") -> None:
        """Add the sums of another file."""
        for name in ("hits", "wanted", "got", "person", "speech", "heard", "voiced", "silent", "unvoiced"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.invented += other.invented

    def __str__(self) -> str:
        """Show the shares."""
        shares = (
            ("boundaries", 2 * self.hits, self.wanted + self.got),
            ("person", self.person, self.speech),
            ("cover", self.heard, self.voiced),
            ("skip", self.silent, self.unvoiced),
        )
        shown = "  ".join(f"{name} {part / whole:.4f}" if whole else f"{name} -     " for name, part, whole in shares)
        return f"{shown}  invented {', '.join(self.invented) or '-'}  {self.refused}"


@dataclass(frozen=True, slots=True)
class Gold:
    """What one line of the source is, as annotated."""

    kinds: frozenset[str]
    speakers: frozenset[str]
    first: str
    """The speaker that the annotation names; the narrator is empty."""

    @property
    def is_voiced(self) -> bool:
        """Whether somebody must say it."""
        return self.kinds <= set(SPOKEN_KINDS)

    @property
    def is_silent(self) -> bool:
        """Whether nobody may say it."""
        return self.kinds.isdisjoint(SPOKEN_KINDS)


def score(source: Path) -> Score:
    """Score a transcript that has annotations beside it."""
    document = json.loads(source.with_name(source.name + SUFFIX).read_text("utf-8"))
    text = read_source(source)
    gold = dict(_gold(document))
    names = {name for entry in gold.values() for name in entry.speakers if name}
    try:
        turns = parse(source).turns
    except InterviewAudioError as error:
        turns, refused = (), str(error)
    else:
        refused = ""
    called = _called(turns, names, document.get("aliases", {}))
    said = _said(text, turns, called)
    found = Score(refused=refused)
    widths = {number: len(line.split("\n")[0].strip()) for number, line in enumerate(text.split("\n"), 1)}
    for number, entry in gold.items():
        width, voices = widths.get(number, 0), said.get(number, Counter())
        speaker = voices.most_common(1)[0][0] if voices else None
        if entry.is_voiced:
            found.voiced += width
            found.heard += width if voices else 0
        elif entry.is_silent:
            found.unvoiced += width
            found.silent += 0 if voices else width
        if entry.kinds == {"speech"}:
            found.speech += width
            found.person += width if speaker in entry.speakers else 0
    _count_boundaries(gold, said, found)
    found.invented = sorted({name for name in called.values() if name and name not in names})
    return found


def _count_boundaries(gold: Mapping[int, Gold], said: Mapping[int, Counter[str]], found: Score) -> None:
    wanted, got = set(), set()
    before_gold = before_said = None
    for number in sorted(gold):
        entry, voices = gold[number], said.get(number)
        speaker = voices.most_common(1)[0][0] if voices else None
        right = speaker if speaker in entry.speakers and entry.kinds & set(SPOKEN_KINDS) else entry.first
        if not entry.is_silent and (voices or entry.is_voiced) and right != before_gold:
            wanted.add(number)
            before_gold = right
        if voices and speaker != before_said:
            got.add(number)
            before_said = speaker
    found.hits, found.wanted, found.got = len(wanted & got), len(wanted), len(got)


def _gold(document: Mapping[str, Any]) -> Iterator[tuple[int, Gold]]:
    for entry in document["turns"]:
        speakers = [entry.get("speaker") or "", *entry.get("also_accepted", [])]
        kinds = frozenset((entry["kind"], *entry.get("kinds_also_accepted", [])))
        keys = frozenset(name_key(name) if name else NARRATOR for name in speakers)
        if "narration" in kinds:
            keys |= {NARRATOR}
        first = name_key(speakers[0]) if speakers[0] else NARRATOR
        for number in range(entry["lines"][0], entry["lines"][-1] + 1):
            yield number, Gold(kinds, keys, first)


def _called(turns: Iterable[Turn], names: set[str], aliases: Mapping[str, str]) -> dict[str, str]:
    """Return for each name of the parse the annotated one: the same, an alias, or the only one that shares words."""
    by_alias = {name_key(alias): name_key(name) for alias, name in aliases.items()}
    called = {}
    for name in {turn.speaker for turn in turns if turn.speaker}:
        key = by_alias.get(name_key(name), name_key(name))
        near = [other for other in names if other.startswith(key) or other.endswith(key) or key.endswith(other)]
        called[name] = key if key in names or len(near) != 1 else near[0]
    return called


def _said(text: str, turns: Sequence[Turn], called: Mapping[str, str]) -> dict[int, Counter[str]]:
    """Count for each line of the source the characters that each speaker says of it."""
    said: defaultdict[int, Counter[str]] = defaultdict(Counter)
    line, counted = 1, 0
    for turn in turns:
        if turn.kind not in SPOKEN_KINDS:
            continue
        start, end = turn.source
        line, counted = line + text.count("\n", counted, start), start
        for number, piece in enumerate(text[start:end].split("\n"), line):
            if piece.strip():
                said[number][called[turn.speaker] if turn.speaker else NARRATOR] += len(piece.strip())
    return said


def main() -> None:
    """Score the annotated transcripts of folders."""
    total: defaultdict[str, Score] = defaultdict(Score)
    for folder in map(Path, sys.argv[1:]):
        for file in sorted(folder.rglob(f"*{SUFFIX}")):
            source = file.with_name(file.name.removesuffix(SUFFIX))
            found = score(source)
            difficulty = json.loads(file.read_text("utf-8")).get("difficulty", "ordinary")
            total[difficulty].add(found)
            print(f"{found}  {difficulty}  {source.relative_to(folder)}")
    for difficulty, sums in sorted(total.items()):
        print(f"{sums}  ALL {difficulty}")


if __name__ == "__main__":
    main()
