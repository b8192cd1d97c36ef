"""Chapter titles: the sentence that asks, cut at a clause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_audio.script.chapter_titles import chapter_title, fitted, has_words
from interview_audio.transcript.lexicon.typography import columns


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("I know it is early. What did you learn?", "What did you learn?"),
        ("先说天气。灯塔里的冬天，你们是怎么过的？", "灯塔里的冬天，你们是怎么过的？"),
        ("Tell me about the lamp.", "Tell me about the lamp"),
        ("关于那盏灯的传说，镇上的人讲过许多不同的版本，可是没有一个人真正见过它亮起来，那是怎么一回事？",
         "关于那盏灯的传说，镇上的人讲过许多不同的版本"),
        ("Why do the keepers of the northern light never ever sleep before the second bell has rung?",
         "Why do the keepers of the northern light never ever sleep…"),
        ("Why?", "Why?"),
        ("?! Is it raining?", "Is it raining?"),
        ("So that is it. ?", "So that is it"),
        ("下雨了吗？ ？", "下雨了吗？"),
        ("—", ""),
        ("***", ""),
        ("？", ""),
        ("You bought a door. On what?", "You bought a door. On what?"),
        ("听说你自己掏了钱。花在哪儿了？", "听说你自己掏了钱。花在哪儿了？"),
    ],
)  # fmt: skip
def test_titles(question, title):
    assert chapter_title(question, 60) == title


def test_columns_count_wide_characters_twice():
    assert columns("GPT 四 é") == 8


@given(st.text(max_size=300), st.integers(8, 80))
def test_a_title_never_exceeds_its_columns(question, most):
    title = chapter_title(question, most)
    assert columns(title) <= most
    assert has_words(title) == has_words(question)


def test_marks_before_the_first_word_do_not_take_its_place():
    assert fitted("— " * 40 + "the rain, and nothing but the rain", 12) == "the rain"
