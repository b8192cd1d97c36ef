import pytest

from interview_audio.transcript.labels.unlabelled_turns import find_question_headings
from interview_audio.transcript.layout.paragraphs import separate_label, split_paragraphs
from interview_audio.transcript.parsing import parse_transcript


def questions(source: str) -> list[int]:
    passages = [separate_label(paragraph, None) for paragraph in split_paragraphs(source)]
    return sorted(find_question_headings(passages))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("# Light\n\n**Why?**\n\nSo.\n\n**When?**\n\nThen.", [1, 3]),
        ("# 灯塔\n\n## 为什么？\n\n因为。\n\n## 何时？\n\n昨天。", [1, 3]),
        ("# Light\n\n*Why?*\n\nSo.\n\n*When?*\n\nThen.", [1, 3]),
        ("Light\n\n1. Why?\n\nSo.\n\n2. When?\n\nThen.\n\n3. Who?\n\nMe.", [1, 3, 5]),
        ("# Light\n\n**Why?**\n\nSo.\n\n## Salt\n\n**Tell me of it.**\n\nNo.\n\n**When?**\n\nThen.", [1, 4, 6]),
        ("# Light\n\n**Why?**\n\nSo.\n\n**Salt**\n\nThen.\n\n**Gulls**\n\nMore.", []),
        ("Why?\n\nSo.\n\nWhen?\n\nThen.", []),
    ],
)
def test_questions(source: str, found: list[int]) -> None:
    assert questions(source) == found


def test_who_asks_and_who_answers() -> None:
    transcript = parse_transcript(
        "# Light\n\nIda Holm keeps it.\n\n**Why do you?**\n\nIt is mine.\n\nAnd it is warm.\n\n**Since when?**\n\nSince May."
    )
    assert [(turn.kind, turn.speaker) for turn in transcript.turns] == [
        ("heading", None),
        ("narration", None),
        ("speech", "Interviewer"),
        ("speech", "Ida Holm"),
        ("speech", "Ida Holm"),
        ("speech", "Interviewer"),
        ("speech", "Ida Holm"),
    ]
    assert [(person.name, person.role) for person in transcript.speakers] == [
        ("Interviewer", "host"),
        ("Ida Holm", "guest"),
    ]


def test_a_guest_whom_nothing_names() -> None:
    transcript = parse_transcript("# 灯塔\n\n**灯为什么亮？**\n\n因为有人点。\n\n**谁点？**\n\n我点。")
    assert [person.name for person in transcript.speakers] == ["记者", "受访者"]
