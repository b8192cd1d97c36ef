import pytest

from interview_audio.transcript.lexicon.typography import (
    are_utterances,
    ends_sentence,
    ends_with_colon,
    ends_with_question,
    is_conversational,
    is_whole_bracket,
    is_whole_quotation,
    last_sentence,
    without_quotations,
)


@pytest.mark.parametrize("text", ["Really?", "真的吗？」", "你住在哪儿呢", "(why?)"])
def test_questions(text: str) -> None:
    assert ends_with_question(text)


@pytest.mark.parametrize("text", ["Why? Because.", "她问我为什么。", ""])
def test_no_questions(text: str) -> None:
    assert not ends_with_question(text)


def test_ends() -> None:
    assert ends_sentence("It is so.”")
    assert not ends_sentence("On boats")
    assert ends_with_colon("He said:")
    assert not ends_with_colon("He said: yes")


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("A. Then Ida called back:", " Then Ida called back:"),
        ("风停了。他说：", "他说："),
        ("One sentence.", "One sentence."),
    ],
)
def test_last_sentence(text: str, last: str) -> None:
    assert last_sentence(text) == last


def test_quotations_are_blanked_in_place() -> None:
    assert without_quotations("she said “I am”, and 「我」 too") == "she said       , and     too"


def test_one_pair_around_the_whole() -> None:
    assert is_whole_quotation("「整段」")
    assert not is_whole_quotation("「一」和「二」")
    assert is_whole_bracket("（电话铃响）")
    assert not is_whole_bracket("(a) and (b)")


def test_people_who_talk_ask_or_say_i_and_you() -> None:
    assert is_conversational(["Why", "So", "It rained on you"])
    assert is_conversational(["灯塔很高", "你不怕"])
    assert not is_conversational(["12 crowns", "grey"])
    assert not is_conversational([])


def test_utterances_are_sentences_mostly() -> None:
    assert are_utterances(["It rained.", "12 crowns"])
    assert are_utterances([])
    assert not are_utterances(["It rained.", "12 crowns", "grey"])
