import pytest

from interview_audio.transcript.formats.detection import format_of
from interview_audio.transcript.parsing import parse_transcript


def spoken(text: str) -> list[tuple[str | None, str]]:
    transcript = parse_transcript(text)
    assert transcript.receipt.unaccounted == 0
    return [(turn.speaker, turn.text) for turn in transcript.turns if turn.kind in ("speech", "narration")]


CLOSE = """Page 12
1 Q. Is the light still on?
2 A. It is.
3 Q. And at night?
4 A. At night as well, and I
5 have never known it
6 to go out.
7 Q. Never?
8 A. Never.
"""
UNDOTTED = "".join(f" {line}" for line in CLOSE.replace(". ", "    ").splitlines(keepends=True)) + "  9\n 10\n 11\n"
PADDED = "".join(f"0{line}" for line in CLOSE.splitlines(keepends=True)[1:])
PAGED = "".join(f"00041:0{line}" for line in CLOSE.splitlines(keepends=True)[1:])
DOTTED = CLOSE.replace("\n", "\n\u00b7").replace(" Q. ", "\u00b7 \u00b7 Q. ").replace(" A. ", "\u00b7 \u00b7 A. ")


@pytest.mark.parametrize("text", [CLOSE, PADDED, PAGED, UNDOTTED, DOTTED.rstrip("\u00b7")])
def test_lines_without_their_indents_are_joined_up_to_the_next_label(text: str) -> None:
    assert spoken(text) == [
        ("Q", "Is the light still on?"),
        ("A", "It is."),
        ("Q", "And at night?"),
        ("A", "At night as well, and I have never known it to go out."),
        ("Q", "Never?"),
        ("A", "Never."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"{n} Thing number {n} of the list." for n in range(1, 12)),
        "\n".join(f"{n}. Q: Is it on?" for n in range(1, 12)),
        "\n".join(f"Q: Are there {n}?\nA: {n} of them" for n in range(1, 12)),
    ],
)
def test_numbers_of_a_list_are_not_those_of_lines(text: str) -> None:
    assert format_of(text) == "plain"
