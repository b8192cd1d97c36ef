import pytest

from interview_audio.transcript.lexicon.markup import find_stage_marks, is_stage_mark


@pytest.mark.parametrize(
    "words",
    [
        "笑",
        "大笑",
        "众人笑",
        "笑了一下",
        "沉默片刻",
        "掌声",
        "laughs",
        "laughter",
        "both laughing",
        "long pause",
        "Laughs.",
        "clears her throat",
        "inaudible 00:12",
        "unintelligible",
        "ph",
        "sic",
        "?",
        "crosstalk",
        "MUSIC PLAYING",
        "SOUNDBITE OF ARCHIVED RECORDING",
        "applause and cheering",
        "全场热烈鼓掌",
        "听不清 03:12",
        "停顿了一下",
        "众人鼓掌",
        "此处听不清",
        "片头音乐",
        "拍手",
        "rires",
    ],
)
def test_stage_marks(words: str) -> None:
    assert is_stage_mark(words)


@pytest.mark.parametrize(
    "words",
    [
        "being on",
        "the goose",
        "首席科学家",
        "笑话",
        "at",
        "1",
        "her",
        "music festival",
        "他笑的时候很好看",
        "pause button",
        "the light",
        "both",
        "他说是听鞭炮听的",
        "掌声属于他们",
    ],
)
def test_editors_words_are_no_stage_marks(words: str) -> None:
    assert not is_stage_mark(words)


def test_ranges_of_stage_marks() -> None:
    passage = "Well (laughs), so[1] [both] *sighs* ((cough))"
    assert [passage[start:end] for start, end in find_stage_marks(passage)] == [
        "(laughs)",
        "*sighs*",
        "((cough))",
        "[1]",
    ]
