"""Sentences of every kind that a Mandarin speaker reads otherwise than they are written, and the way back from speech."""

import itertools
from pathlib import Path

import pytest

from interview_audio.normalization.spoken_text import spoken_spans

_CASES = Path(__file__).parents[1] / "data" / "speech" / "mandarin.tsv"
"""Tab-separated: kind, written, spoken, and what each stretch that is said otherwise stands for (``90→九零 | 5→五``)."""


def read_cases() -> dict[str, list[tuple[str, ...]]]:
    rows = [line.split("\t") for line in _CASES.read_text("utf-8").splitlines()[1:]]
    return {kind: [tuple(row[1:]) for row in same] for kind, same in itertools.groupby(rows, key=lambda row: row[0])}


CASES = read_cases()


@pytest.mark.parametrize("kind", CASES)
def test_every_sentence_of_a_kind_is_said_right_and_knows_what_it_stands_for(kind):
    heard = []
    for written, _, _ in CASES[kind]:
        spans = spoken_spans(written, "zh")
        assert [span.start for span in spans] == [0, *(span.end for span in spans)][:-1], written
        assert spans[-1].end == len(written)
        parts = [(written[span.start : span.end], span.spoken) for span in spans]
        changed = " | ".join(f"{part}→{spoken}" for part, spoken in parts if spoken != part)
        heard.append((written, "".join(spoken for _, spoken in parts), changed))
    assert heard == CASES[kind]


def test_there_are_at_least_four_hundred_sentences():
    assert sum(map(len, CASES.values())) >= 400
