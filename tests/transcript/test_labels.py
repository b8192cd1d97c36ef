import pytest

from interview_audio.transcript.labels import Label, credited_name, is_credit, is_name_shaped, read_label


@pytest.mark.parametrize(
    ("text", "printed", "key", "words"),
    [
        ("Q: How?", "Q", "q", "How?"),
        ("Q:How?", "Q", "q", "How?"),
        ("问：怎么样？", "问", "问", "怎么样？"),
        ("问 ： 怎么样？", "问", "问", "怎么样？"),
        ("IH: So.", "IH", "ih", "So."),
        ("Holm: So.", "Holm", "holm", "So."),
        ("Ida Holm: So.", "Ida Holm", "idaholm", "So."),
        ("Ida Holm (keeper): So.", "Ida Holm (keeper)", "idaholm", "So."),
        ("J. K. van Dyk: So.", "J. K. van Dyk", "jkvandyk", "So."),
        ("Speaker 1: So.", "Speaker 1", "speaker1", "So."),
        ("Q3: How?", "Q3", "q", "How?"),
        ("艾达・霍尔姆：是的。", "艾达・霍尔姆", "艾达·霍尔姆", "是的。"),
        ("【记者】你好。", "记者", "记者", "你好。"),
        ("[Ida]: So.", "Ida", "ida", "So."),
        ("Q: Last one: why?", "Q", "q", "Last one: why?"),
        ("Q:", "Q", "q", ""),
    ],
)
def test_forms_of_labels(text: str, printed: str, key: str, words: str) -> None:
    label = read_label(text)
    assert label is not None
    assert (label.printed, label.key, text[label.end :]) == (printed, key, words)


@pytest.mark.parametrize(
    "text",
    [
        "No colon here",
        "10:30 was the time",
        "At 10:30 we left",
        "https://example.org is a page",
        "There are two things: one and two",
        "Note: this was translated",
        "有两件事，一是：海",
        "我的意思是：没有",
        "他说：没有",
        "责任编辑：王芳",
        "【笑】好的",
        ": nothing before it",
        "在本周的采访中，他多次拒绝回答所有人心中的主要问题：为什么",
        "A very long beginning of a sentence that goes on and on: then this",
    ],
)
def test_what_has_not_the_form_of_a_label(text: str) -> None:
    assert read_label(text) is None


@pytest.mark.parametrize(
    "name", ["Ida Holm", "IH", "Ida", "张伟", "欧阳明月", "艾达·霍尔姆", "王老师", "老张", "O’Neil", "陈为民"]
)
def test_names(name: str) -> None:
    assert is_name_shaped(name)


@pytest.mark.parametrize("name", ["two things", "灯塔日报", "有两件事", "the keeper", "高兴的是"])
def test_no_names(name: str) -> None:
    assert not is_name_shaped(name)


@pytest.mark.parametrize(
    ("label", "words", "is_one"),
    [
        (Label("Host", "host", 0), "Nora Vale", True),
        (Label("嘉宾", "嘉宾", 0), "张伟，守塔人", True),
        (Label("Host", "host", 0), "Nora Vale is here.", False),
        (Label("Host", "host", 0), "Welcome", False),
        (Label("Nora", "nora", 0), "Ida Holm", False),
    ],
)
def test_credits(label: Label, words: str, is_one: bool) -> None:
    assert is_credit(label, words) is is_one


def test_the_first_name_of_a_credit() -> None:
    assert [credited_name(words) for words in ("Ida Holm and Tomas Reyes", "张伟，守塔人")] == ["Ida Holm", "张伟"]
