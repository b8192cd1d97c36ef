import pytest

from interview_audio.transcript.people.chinese_short_names import HanNames, bare_han, dotted_names, family_name


@pytest.mark.parametrize(
    ("printed", "head", "form", "name"),
    [
        (["周砚秋"], [], "周", "周砚秋"),
        (["周砚秋"], [], "砚秋", "周砚秋"),
        (["周砚秋"], [], "周老师", "周砚秋"),
        (["欧阳晴"], [], "欧阳", "欧阳晴"),
        (["周砚秋", "周小满"], [], "周", None),
        (["艾达·霍尔姆"], [], "霍尔姆", "艾达·霍尔姆"),
        (["艾达·霍尔姆"], [], "霍", "艾达·霍尔姆"),
        ([], ["专访周砚秋", "周砚秋说话很慢。"], "周", "周砚秋"),
        ([], ["我们拜访了艾达·霍尔姆。", "后来艾达·霍尔姆走了。"], "霍尔姆", "艾达·霍尔姆"),
        ([], ["灯塔", "店主灰田ノリコさん。"], "灰田", "灰田ノリコ"),
        ([], ["周末的灯塔", "到了周末就关门。"], "周", None),
        ([], ["灯塔"], "周", None),
    ],
)
def test_full_names(printed: list[str], head: list[str], form: str, name: str | None) -> None:
    assert HanNames(printed, head, [], [form]).full_name(form) == name


def test_titles_and_family_names() -> None:
    assert [bare_han(form) for form in ("周老师", "周总", "老周", "周砚秋")] == ["周", "周", "周", "周砚秋"]
    assert [family_name(name) for name in ("欧阳晴", "欧阳", "周砚秋")] == ["欧阳", "欧", "周"]


def test_names_with_middle_dots_without_the_words_around_them() -> None:
    assert list(dotted_names(["我们拜访了艾达·霍尔姆。", "后来艾达·霍尔姆说，她累了。"])) == ["艾达·霍尔姆"]
