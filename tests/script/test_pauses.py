"""The silence between two turns depends on what ends and what begins."""

import pytest

from interview_audio.configuration.settings import Pauses
from interview_audio.script.building import Pause, Transition, pause_between, vary_pause
from interview_audio.transcript.turns import Turn

ROLES = {"Q": "host", "Ada": "guest", "Ben": "guest"}
PAUSES = Pauses(0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11)


def turn(kind, speaker=None):
    return Turn(kind, speaker, None, "zh", "是的。", 1, (0, 1), "certain", "")


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (turn("heading"), turn("narration"), "heading"),
        (turn("narration"), turn("narration"), "paragraph"),
        (turn("narration"), turn("speech", "Q"), "narration"),
        (turn("speech", "Ada"), turn("narration"), "narration"),
        (turn("speech", "Q"), turn("speech", "Ada"), "question_to_answer"),
        (turn("speech", "Ada"), turn("speech", "Q"), "answer_to_question"),
        (turn("speech", "Ada"), turn("speech", "Ada"), "paragraph"),
        (turn("speech", "Ada"), turn("speech", "Ben"), "turn"),
    ],
)
def test_each_transition_has_its_pause(before, after, name):
    assert pause_between(Transition(before, after), ROLES, PAUSES) == Pause(getattr(PAUSES, name))


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (turn("speech", "Ada"), turn("speech", "Ada"), "heading"),
        (turn("speech", "Ada"), turn("speech", "Q"), "section"),
        (turn("narration"), turn("narration"), "section"),
        (turn("speech", "Ada"), turn("heading"), "section"),
    ],
)
def test_a_section_begins_after_a_longer_pause_and_the_same_speaker_goes_on_sooner(before, after, name):
    assert pause_between(Transition(before, after, is_section=True), ROLES, PAUSES) == Pause(getattr(PAUSES, name))


def test_a_section_never_shortens_a_pause():
    transition = Transition(turn("speech", "Q"), turn("speech", "Ada"), is_section=True)
    assert pause_between(transition, ROLES, Pauses(question_to_answer=3)) == Pause(3)


def test_only_a_whole_answer_to_a_question_may_come_faster():
    question, answer = turn("speech", "Q"), turn("speech", "Ada")
    whole = pause_between(Transition(question, answer, is_whole_answer=True), ROLES, PAUSES)
    assert whole == Pause(PAUSES.question_to_answer, PAUSES.short_reply)
    others = [
        Transition(answer, question, is_whole_answer=True),
        Transition(answer, turn("speech", "Ben"), False, True),
    ]
    assert [pause_between(other, ROLES, PAUSES).before_short_reply for other in others] == [None, None]


def test_a_varied_pause_is_the_same_every_time_and_within_its_share():
    texts = [f"line {number}" for number in range(500)]
    pauses = [vary_pause(0.5, text, 0.2) for text in texts]
    assert pauses == [vary_pause(0.5, text, 0.2) for text in texts]
    assert 0.4 <= min(pauses) < 0.405
    assert 0.595 < max(pauses) <= 0.6
    assert sum(pauses) / 500 == pytest.approx(0.5, abs=0.01)
    assert vary_pause(0.5, "line 1", 0) == 0.5


def test_a_speaker_with_a_pause_of_their_own_is_followed_after_it_and_never_sooner_by_a_short_reply():
    question, answer = turn("speech", "Q"), turn("speech", "Ada")
    assert pause_between(Transition(question, answer, False, True, 1.5), ROLES, PAUSES) == Pause(1.5)
    assert pause_between(Transition(question, turn("narration"), pause_after=1.5), ROLES, PAUSES) == Pause(1.5)
    goes_on = Transition(question, turn("speech", "Q"), pause_after=1.5)
    assert pause_between(goes_on, ROLES, PAUSES) == Pause(PAUSES.paragraph)


def test_a_section_never_begins_sooner_than_its_pause_for_a_speaker_with_one_of_their_own():
    transition = Transition(turn("speech", "Q"), turn("speech", "Ada"), is_section=True, pause_after=0.01)
    assert pause_between(transition, ROLES, Pauses(section=1.3)) == Pause(1.3)
