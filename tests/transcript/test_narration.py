import pytest

from interview_audio.transcript.mentions import index_names
from interview_audio.transcript.narration import announced, speaks_in_first_person, why_narration
from interview_audio.transcript.turns import Gender

INDEX = index_names([("Ida Holm", "Ida Holm"), ("Tomas Reyes", "Tomas Reyes")])
GENDERS: dict[str, Gender] = {"Ida Holm": "female", "Tomas Reyes": "male"}


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Holm told us on the telephone:", "Ida Holm"),
        ("Reyes was late. He explained:", "Tomas Reyes"),
        ("Ida met Tomas at the quay. She said:", "Ida Holm"),
        ("After hanging up, Holm called back a few minutes later:", "Ida Holm"),
        ("Ten minutes later Holm called us back.", "Ida Holm"),
        ("挂断电话后, Holm 马上回电。", "Ida Holm"),
        ("Reyes 接过话筒说：", "Tomas Reyes"),
        ("他后来又打来电话。", "Tomas Reyes"),
        ("Holm keeps the tower.", None),
        ("Holm said that she was happy.", None),
        ("Three things matter to Holm:", None),
        ("I called Holm back.", None),
        ("The following is our interview with Ida Holm:", None),
        ("The minister said:", None),
    ],
)
def test_who_is_announced(text: str, person: str | None) -> None:
    assert announced(text, INDEX, GENDERS, "Tomas Reyes") == person


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Holm puts the kettle on.", "speaks of Ida Holm by name"),
        ("（电话铃响了很久）", "stands in brackets"),
        ("This interview has been edited for length.", "speaks of the text itself"),
        ("What follows is our conversation with Holm:", "leads in the interview"),
        ("以下是我们对 Holm 的采访：", "leads in the interview"),
        ("When the tea was ready, Reyes came in.", "tells what happens"),
    ],
)
def test_narration(text: str, reason: str) -> None:
    assert why_narration(text, "Ida Holm", INDEX) == reason


@pytest.mark.parametrize(
    "text",
    [
        "I always say: Holm, go to bed.",
        "Then we painted the door with Reyes.",
        "It rained for nine days.",
        "Reyes is a good engineer.",
        "你看，Holm 这个姓很少见。",
        "They said “Holm is late” again.",
    ],
)
def test_speech(text: str) -> None:
    assert why_narration(text, "Ida Holm", INDEX) is None


def test_the_first_person_outside_quotations() -> None:
    assert speaks_in_first_person("我们走吧")
    assert not speaks_in_first_person("She said “I am here” and left.")
