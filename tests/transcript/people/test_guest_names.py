import pytest

from interview_audio.transcript.people.hosts_and_guests import find_guest


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (["The light: an interview with Ida Holm"], "Ida Holm"),
        (["A Conversation With Ida Park About Salt", "Salt is old."], "Ida Park"),
        (["The light on Elm Street", "Ida Holm has kept it since 1971."], "Ida Holm"),
        (
            ["Interview with Bartholomew Featherstonehaugh-Cholmondeley Wriothesley-Fitzwilliam"],
            "Bartholomew Featherstonehaugh-Cholmondeley Wriothesley-Fitzwilliam",
        ),
        (["The light", "By Nora Vale", "Ida Holm keeps it."], "Ida Holm"),
        (["The light", "We met the keeper. It rained."], None),
        (["The light", "Ida Holm keeps it. Tomas Reyes paints it."], None),
        (["对话守塔人周砚秋：灯不会骗人", "周砚秋，一九七五年生。"], "周砚秋"),
        (["专访艾达·霍尔姆"], "艾达·霍尔姆"),
        (["灯塔", "海边有一座灯塔。"], None),
    ],
)
def test_the_person_whom_the_head_presents(head: list[str], name: str | None) -> None:
    assert find_guest(head, []) == name
