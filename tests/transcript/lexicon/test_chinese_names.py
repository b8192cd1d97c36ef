import pytest

from interview_audio.transcript.lexicon.personal_names import has_surname, is_chinese_name


@pytest.mark.parametrize("name", ["张伟", "欧阳明月", "艾达·霍尔姆", "王老师", "老张", "阿明", "陈为民"])
def test_names(name: str) -> None:
    assert is_chinese_name(name)


@pytest.mark.parametrize("text", ["灯塔日报", "但是", "我的", "Ida", "张", "明天会更好"])
def test_no_names(text: str) -> None:
    assert not is_chinese_name(text)


def test_surnames() -> None:
    assert has_surname("李华")
    assert not has_surname("手记")
