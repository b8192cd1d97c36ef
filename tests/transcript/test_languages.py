import pytest

from interview_audio.errors import SourceError
from interview_audio.transcript.languages import document_language, primary_language, turn_language


def test_documents() -> None:
    assert document_language("灯塔亮着，Ida Holm 在守塔。") == "zh"
    assert document_language("The light 灯 is on, and the keeper sleeps.") == "en"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Маяк всё ещё горит, смотритель спит.", "Cyrillic"),
        ("등대는 아직 켜져 있습니다.", "Korean"),
        ("灯台はまだついています。", "Japanese"),
        ("الفنار ما زال مضاء", "Arabic"),
    ],
)
def test_other_scripts_are_named(text: str, script: str) -> None:
    with pytest.raises(SourceError, match=script):
        document_language(text)


def test_no_words() -> None:
    with pytest.raises(SourceError, match="no words"):
        document_language("123 🙂 ...")


@pytest.mark.parametrize(
    ("text", "document", "language"),
    [
        ("OK.", "zh", "zh"),
        ("Yes, of course.", "zh", "zh"),
        ("Yes, of course it is.", "zh", "en"),
        ("好的。", "en", "en"),
        ("我在灯塔上住了三十年。", "en", "zh"),
        ("Sam 说 OpenXR 很好用，大家都喜欢。", "zh", "zh"),
        ("This is not Russian at all.", "ru", "ru"),
    ],
)
def test_turns(text: str, document: str, language: str) -> None:
    assert turn_language(text, document) == language


def test_tags() -> None:
    assert [primary_language(tag) for tag in ("zh-CN", "EN_us", "yue")] == ["zh", "en", "yue"]
    with pytest.raises(SourceError, match="language tag"):
        primary_language("Chinese!")
