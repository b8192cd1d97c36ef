"""Every sentence of ``tests/data/speech/english.tsv`` is said word for word, and every spoken stretch knows its writing."""

from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from interview_audio.normalization.spoken_text import spoken_spans

TABLE = Path(__file__).parents[1] / "data" / "speech" / "english.tsv"


def _cases() -> dict[str, list[tuple[str, str]]]:
    cases = defaultdict(list)
    for line in TABLE.read_text("utf-8").splitlines()[1:]:
        kind, written, spoken = line.split("\t")
        cases[kind].append((written, spoken))
    return cases


CASES = _cases()


@pytest.mark.parametrize("kind", CASES)
def test_english_is_said_as_people_say_it(kind):
    said = {written: spoken_spans(written, "en") for written, _ in CASES[kind]}
    assert {written: "".join(span.spoken for span in spans) for written, spans in said.items()} == dict(CASES[kind])
    for written, spans in said.items():
        borders = [0, *(span.end for span in spans)]
        assert [(span.start, span.end) for span in spans] == list(pairwise(borders)), written
        assert borders[-1] == len(written), written


def test_there_are_enough_sentences_and_none_twice():
    written = [sentence for cases in CASES.values() for sentence, _ in cases]
    assert len(written) >= 400
    assert len(written) == len(set(written))
