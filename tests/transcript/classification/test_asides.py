import pytest

from interview_audio.transcript.classification.boilerplate import aside_reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[Photo: Ida Holm on the gallery]", "image caption"),
        ("▲ 灯塔的楼梯。摄影：王一", "image caption"),
        ("图｜受访者提供", "image caption"),
        ("The stairs at dawn. Photograph by Lena Fisk", "image caption"),
        ("[图片]", "image"),
        ("［译注：此处原文为双关语。］", "editor's or translator's note"),
        ("注：灯塔建于一九〇二年。", "editor's or translator's note"),
        ("Translator's note: the word means both salt and wit.", "editor's or translator's note"),
        ("[1]: https://example.org/light", "link definition"),
        ("https://example.org/light", "only a link"),
        ("原文链接：https://example.org/light", "only a link"),
        ("ADVERTISEMENT", "advertisement"),
        ("Story continues below advertisement", "advertisement"),
        ("Read more: The last of the ferrymen", "link to another article"),
        ("长按识别二维码关注我们", "asks to follow or subscribe"),
        ("Sign up for our weekly newsletter and never miss a gull.", "asks to follow or subscribe"),
    ],
)
def test_asides(text: str, reason: str) -> None:
    assert aside_reason(text) == reason


@pytest.mark.parametrize(
    "text",
    [
        "Note that the light turned twice.",
        "I have a photo of it somewhere.",
        "Photos: I hate them, all of them, and I have never kept one in my life, not even of the tower.",
        "我拍过一张照片。",
        "We advertise nothing.",
        "Sign up for Ledgerly today.",
        "关于这个，注意一下就好。",
    ],
)
def test_what_people_say_between(text: str) -> None:
    assert aside_reason(text) is None
