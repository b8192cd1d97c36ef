import pytest

from interview_audio.transcript.lexicon.roles import fold, is_speaker_word, part_of, question_key, without_aside


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
    assert fold(left) == fold(right)


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
    assert part_of(fold(label)) == part


@pytest.mark.parametrize("label", ["SPEAKER_00", "Speaker 1", "发言人1", "说话人 2", "Unknown Speaker", "spk0"])
def test_what_recognisers_call_people(label: str) -> None:
    assert is_speaker_word(fold(label))


def test_a_name_is_no_speaker_word() -> None:
    assert not is_speaker_word("holm")


def test_numbered_questions_are_one_label() -> None:
    assert [question_key(key) for key in ("q1", "q12", "问3", "speaker1")] == ["q", "q", "问", "speaker1"]


def test_asides() -> None:
    assert without_aside("Ida Holm (keeper)") == "Ida Holm"
    assert without_aside("艾达（守塔人）") == "艾达"
