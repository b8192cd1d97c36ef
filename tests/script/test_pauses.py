"""The silence between two turns depends on what ends and what begins."""

import pytest

from interview_audio.configuration.settings import Pauses
from interview_audio.script.pauses import pause_between
from interview_audio.transcript.turns import Turn

ROLES = {"Q": "host", "Ada": "guest", "Ben": "guest"}
LONG = "这是一个足够长的回答，说明了一切。"


def turn(kind, speaker=None, text=LONG):
    return Turn(kind, speaker, None, "zh", text, 1, (0, 1), "certain", "")


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (turn("heading"), turn("narration"), "heading"),
        (turn("narration"), turn("narration"), "paragraph"),
        (turn("narration"), turn("speech", "Q"), "narration"),
        (turn("speech", "Ada"), turn("narration"), "narration"),
        (turn("speech", "Ada"), turn("heading"), "section"),
        (turn("speech", "Q"), turn("speech", "Ada"), "question_to_answer"),
        (turn("speech", "Q"), turn("speech", "Ada", "是的。"), "short_reply"),
        (turn("speech", "Ada"), turn("speech", "Q"), "answer_to_question"),
        (turn("speech", "Ada"), turn("speech", "Ada"), "paragraph"),
        (turn("speech", "Ada"), turn("speech", "Ben"), "turn"),
        (turn("speech", "Ada"), turn("speech", "Ben", "是的。"), "turn"),
    ],
)
def test_each_transition_has_its_pause(before, after, name):
    pauses = Pauses(0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11)
    assert pause_between(before, after, ROLES, pauses) == getattr(pauses, name)
