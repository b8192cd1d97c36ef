import pytest

from interview_audio.text.characters import name_key
from interview_audio.transcript.lexicon.label_grammar import (
    Label,
    credited_name,
    is_credit,
    is_name_shaped,
    is_speaker_word,
    name_parts,
    part_of,
    question_key,
    read_label,
    without_aside,
)


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
        ("IDA HOLM: So.", "IDA HOLM", "idaholm", "So."),
        ("S.A.: So.", "S.A.", "sa", "So."),
        ("Dr. Ida Holm: So.", "Dr. Ida Holm", "dridaholm", "So."),
        ("Ida Holm, keeper: So.", "Ida Holm, keeper", "idaholm", "So."),
        ("Ida Holm, The Evening Gull (IH): So.", "Ida Holm, The Evening Gull (IH)", "idaholm", "So."),
        ("霍尔姆（灯塔守护人）：是。", "霍尔姆（灯塔守护人）", "霍尔姆", "是。"),
        ("王芳，灯塔管理员：是。", "王芳，灯塔管理员", "王芳", "是。"),
        ("GGR记者：怎么？", "GGR记者", "ggr记者", "怎么？"),
        ("《灰鸥晚报》：怎么？", "灰鸥晚报", "灰鸥晚报", "怎么？"),
        ("《灰鸥晚报》记者：怎么？", "《灰鸥晚报》记者", "灰鸥晚报记者", "怎么？"),
        ("SPEAKER_00: So.", "SPEAKER_00", "speaker_00", "So."),
        ("发言人1：是。", "发言人1", "发言人1", "是。"),
        ("gull_fan: So.", "gull_fan", "gull_fan", "So."),
        ("1. Q: How?", "Q", "q", "How?"),
        ("3、问：怎么？", "问", "问", "怎么？"),
        ("——记者：怎么？", "记者", "记者", "怎么？"),
        (">> IDA HOLM: So.", "IDA HOLM", "idaholm", "So."),
        ("我：怎么？", "我", "我", "怎么？"),
        ("Tomas & Ida: Never.", "Tomas & Ida", "tomas&ida", "Never."),
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
        "Step 2: fold the sail",
        "Photo: the tower at night",
        "std::map is a map",
        "arXiv:2401.00001 says so",
        "C:\\gulls is a folder",
        "John 3:16 hangs over the door",
        "The odds were 3:1 at most",
        "Last Sunday, when I came home: nothing",
        "第3步：折好",
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
    ("printed", "name"),
    [("Ida Holm (keeper)", "Ida Holm"), ("Ida Holm, keeper", "Ida Holm"), ("Well, Ida", "Well, Ida")],
)
def test_the_name_in_a_label(printed: str, name: str) -> None:
    assert Label(printed, "", 0).name == name


def test_what_a_label_without_a_name_calls_its_speaker() -> None:
    assert Label(">>", "speaker1", 3, "Speaker 1").name == "Speaker 1"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Dr. Ida Holm", {"ida", "holm"}),
        ("IDA HOLM", {"ida", "holm"}),
        ("艾达·霍尔姆", {"艾达", "霍尔姆"}),
        ("《灰鸥周报》高原", {"灰鸥周报", "高原"}),
        ("主播阿澈", {"主播阿澈", "阿澈"}),
    ],
)
def test_the_parts_by_which_a_fuller_and_a_shorter_label_are_one(name: str, parts: set[str]) -> None:
    assert name_parts(name) == parts


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


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("ＱＡ", "qa"),
        ("S. A.", "SA"),
        ("Ida  Holm", "ida holm"),
        ("艾达•霍尔姆", "艾达·霍尔姆"),
        ("O’Neil", "O'Neil"),
        ("《灰鸥》", "灰鸥"),
    ],
)
def test_names_match_after_folding(left: str, right: str) -> None:
    assert name_key(left) == name_key(right)


@pytest.mark.parametrize(
    ("label", "part"),
    [
        ("Q", "host"),
        ("问", "host"),
        ("记者", "host"),
        ("主持人", "host"),
        ("Interviewer", "host"),
        ("Host", "host"),
        ("记者2", "host"),
        ("晚报记者", "host"),
        ("Gazette reporter", "host"),
        ("A", "guest"),
        ("嘉宾", "guest"),
        ("旁白", "narrator"),
        ("记者甲", "host"),
        ("聞き手", "host"),
        ("All", "narrator"),
        ("众人", "narrator"),
        ("录音", "narrator"),
        ("Speaker 1", None),
        ("Ida Holm", None),
        ("Holm", None),
    ],
)
def test_parts(label: str, part: str | None) -> None:
    assert part_of(name_key(label)) == part


@pytest.mark.parametrize("label", ["SPEAKER_00", "Speaker 1", "发言人1", "说话人 2", "Unknown Speaker", "spk0"])
def test_what_recognisers_call_people(label: str) -> None:
    assert is_speaker_word(name_key(label))


def test_a_name_is_no_speaker_word() -> None:
    assert not is_speaker_word("holm")


def test_numbered_questions_are_one_label() -> None:
    assert [question_key(key) for key in ("q1", "q12", "问3", "speaker1")] == ["q", "q", "问", "speaker1"]


def test_asides() -> None:
    assert without_aside("Ida Holm (keeper)") == "Ida Holm"
    assert without_aside("艾达（守塔人）") == "艾达"
