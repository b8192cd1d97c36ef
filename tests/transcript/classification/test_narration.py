import pytest

from interview_audio.transcript.classification.narration import (
    Antecedents,
    SpeakerContext,
    announced_speaker,
    narration_reason,
    speaks_in_first_person,
)
from interview_audio.transcript.lexicon.personal_names import index_names
from interview_audio.transcript.lexicon.typography import requests_words
from interview_audio.transcript.turns import Gender

INDEX = index_names([("Ida Holm", "Ida Holm"), ("Tomas Reyes", "Tomas Reyes")])
GENDERS: dict[str, Gender] = {"Ida Holm": "female", "Tomas Reyes": "male"}


def told_after(said: str, text: str) -> str | None:
    """Why a paragraph is narration if Ida Holm has just said something."""
    return narration_reason(text, SpeakerContext("Ida Holm", "female", lambda: Antecedents().and_then(said), INDEX))


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Holm told us on the telephone:", "Ida Holm"),
        ("Reyes was late. He explained:", "Tomas Reyes"),
        ("Ida met Tomas at the quay. She said:", "Ida Holm"),
        ("After hanging up, Holm called back a few minutes later:", "Ida Holm"),
        ("Ten minutes later Holm called us back.", "Ida Holm"),
        ("挂断电话后, Holm 马上回电。", "Ida Holm"),
        ("Reyes 接过话筒说：", "Tomas Reyes"),
        ("他后来又打来电话。", "Tomas Reyes"),
        ("Holm keeps the tower.", None),
        ("Holm said that she was happy.", None),
        ("Three things matter to Holm:", None),
        ("I called Holm back.", None),
        ("The following is our interview with Ida Holm:", None),
        ("The minister said:", None),
    ],
)
def test_who_is_announced(text: str, person: str | None) -> None:
    assert announced_speaker(text, INDEX, GENDERS, "Tomas Reyes") == person


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Holm puts the kettle on.", "mentions Ida Holm by name"),
        ("（电话铃响了很久）", "in brackets"),
        ("This interview has been edited for length.", "about the text itself"),
        ("What follows is our conversation with Holm:", "introduces the interview"),
        ("以下是我们对 Holm 的采访：", "introduces the interview"),
        ("When the tea was ready, Reyes came in.", "describes what happens"),
        ("说到这里，老人笑了起来。", "describes what happens"),
        ("编者按：灯塔建于一九〇二年。", "editor's note"),
        ("She points at the gulls and pours more tea.", "refers to Ida Holm in the third person"),
        ("“That one was the first.” Then she said it twice.", "reports what Ida Holm says"),
        (
            "Then the light was shown to the reporters, and Holm told the reporter to look up.",
            "mentions Ida Holm by name",
        ),
        ("门外的海鸥向记者走来。", "describes the interview"),
    ],
)
def test_narration(text: str, reason: str) -> None:
    assert told_after("", text) == reason


@pytest.mark.parametrize(
    "text",
    [
        "I always say: Holm, go to bed.",
        "Then we painted the door with Reyes.",
        "It rained for nine days.",
        "Reyes is a good engineer.",
        "你看，Holm 这个姓很少见。",
        "They said “Holm is late” again.",
    ],
)
def test_speech(text: str) -> None:
    assert told_after("", text) is None


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("My mother kept the light before me.", "She pointed at the sea when storms came."),
        ("Her hands were cold.", "She pointed at the sea when storms came."),
        ("I was alone.", "He pointed at the sea when storms came."),
        ("我母亲守过这座灯塔。", "她从来不说累。"),
    ],
)
def test_a_pronoun_that_may_mean_somebody_else_is_speech(said: str, text: str) -> None:
    assert told_after(said, text) is None


def test_the_first_person_outside_quotations() -> None:
    assert speaks_in_first_person("我们走吧")
    assert not speaks_in_first_person("She said “I am here” and left.")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(I mean hens are doomed on this island.)", None),
        ("（我是说岛上的鸡。）", None),
        ("(You should see them swim.)", None),
        ("[I asked her again a week later.]", "in brackets"),
        ("(A telephone rings.)", "in brackets"),
    ],
)
def test_brackets_of_the_speaker_and_of_the_editor(text: str, reason: str | None) -> None:
    assert told_after("", text) == reason


@pytest.mark.parametrize(
    "text",
    [
        "Ida, you are the keeper. So tell us about the fog.",
        "Well, walk us through a night.",
        "再说说雾吧。",
        "Bitte erzählen Sie vom Nebel.",
        "霧について教えてください。",
    ],
)
def test_a_request_is_a_question(text: str) -> None:
    assert requests_words(text)


@pytest.mark.parametrize("text", ["They tell us nothing.", "You give us light.", "雾来了。"])
def test_a_statement_requests_nothing(text: str) -> None:
    assert not requests_words(text)
