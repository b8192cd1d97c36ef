"""How long the silence is between two utterances, by what kind of turn ends and what kind begins."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from interview_audio.configuration.settings import Pauses
from interview_audio.transcript.turns import Role, Turn


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence after an utterance."""

    seconds: float
    before_short_reply: float | None = None
    """Seconds instead, if what follows is a whole answer that turns out to be short when it is spoken."""
    is_exact: bool = False
    """Whether a mark asks for it: then it is not varied."""


@dataclass(frozen=True, slots=True)
class Transition:
    """Two spoken turns that follow each other."""

    before: Turn
    after: Turn
    is_section: bool = False
    """Whether a heading is between them, or is the second one: a section begins."""
    is_whole_answer: bool = False
    """Whether the second turn is one utterance, and its speaker says no more."""


def pause_between(transition: Transition, roles: Mapping[str, Role], pauses: Pauses) -> Pause:
    """Decide how long the silence between two turns is.

    Args:
        transition: What ends and what begins.
        roles: Role of each speaker by canonical name.
        pauses: The settings.
    """
    ordinary = _between_turns(transition, roles, pauses)
    if not transition.is_section:
        return ordinary
    goes_on = transition.before.kind == "speech" and transition.before.speaker == transition.after.speaker
    return Pause(max(ordinary.seconds, pauses.heading if goes_on else pauses.section))


def vary_pause(seconds: float, text: str, share: float) -> float:
    """Return a pause up to this share longer or shorter; the text before it decides which, the same every time.

    Args:
        seconds: The pause as the settings have it.
        text: The words before it.
        share: Of the pause, from 0.
    """
    position = int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:4]) / 0xFFFFFFFF
    return seconds * (1 + share * (2 * position - 1))


def _between_turns(transition: Transition, roles: Mapping[str, Role], pauses: Pauses) -> Pause:
    before, after = transition.before, transition.after
    if before.kind == "heading":
        return Pause(pauses.heading)
    if before.kind == after.kind == "narration":
        return Pause(pauses.paragraph)
    if before.kind != "speech" or after.kind != "speech":
        return Pause(pauses.narration)
    if before.speaker == after.speaker:
        return Pause(pauses.paragraph)
    return _between_speakers(transition, roles, pauses)


def _between_speakers(transition: Transition, roles: Mapping[str, Role], pauses: Pauses) -> Pause:
    before, after = (roles.get(turn.speaker or "") for turn in (transition.before, transition.after))
    if before == "host" and after == "guest":
        return Pause(pauses.question_to_answer, pauses.short_reply if transition.is_whole_answer else None)
    if before == "guest" and after == "host":
        return Pause(pauses.answer_to_question)
    return Pause(pauses.turn)
