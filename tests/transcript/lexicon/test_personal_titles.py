import pytest

from interview_audio.transcript.lexicon.personal_names import without_capitals, without_function, without_titles


@pytest.mark.parametrize(
    ("printed", "name"),
    [("Dr. Ida Holm", "Ida Holm"), ("MAYOR FROST", "FROST"), ("Ida Holm", "Ida Holm"), ("Dr.", "Dr.")],
)
def test_titles(printed: str, name: str) -> None:
    assert without_titles(printed) == name


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("IDA VAN HOLM", "Ida van Holm"),
        ("SEAN O'HARA-REYES", "Sean O'Hara-Reyes"),
        ("J. P. HOLM", "J. P. Holm"),
        ("SPEAKER 1", "SPEAKER 1"),
        ("HOLM", "HOLM"),
        ("Ida HOLM", "Ida HOLM"),
        ("BBC NEWS", "BBC News"),
    ],
)
def test_capitals(printed: str, name: str) -> None:
    assert without_capitals(printed) == name


def test_functions() -> None:
    assert [without_function(name) for name in ("Ida Holm, keeper", "Ida Holm – Gazette", "Anne-Marie Holm")] == [
        "Ida Holm",
        "Ida Holm",
        "Anne-Marie Holm",
    ]
