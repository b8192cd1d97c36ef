"""How long the silence is between two utterances, by what kind of turn ends and what kind begins."""

from interview_audio.configuration.settings import Pauses
from interview_audio.script.sentences import estimate_tokens
from interview_audio.transcript.turns import Role, Turn

SHORT_REPLY_TOKENS = 32
"""A reply below this (six Chinese characters, four English words) takes about 1.5 seconds to say."""


def pause_between(before: Turn, after: Turn, roles: dict[str, Role], pauses: Pauses) -> float:
    """Seconds of silence between two spoken turns that follow each other.

    Args:
        before: The turn that ends.
        after: The turn that begins.
        roles: Role of each speaker by canonical name.
        pauses: The settings.
    """
    if before.kind == "heading":
        return pauses.heading
    if after.kind == "heading":
        return pauses.section
    if before.kind == after.kind == "narration":
        return pauses.paragraph
    if before.kind != "speech" or after.kind != "speech":
        return pauses.narration
    if before.speaker == after.speaker:
        return pauses.paragraph
    return _between_speakers(roles.get(before.speaker or ""), roles.get(after.speaker or ""), after, pauses)


def _between_speakers(before: Role | None, after: Role | None, turn: Turn, pauses: Pauses) -> float:
    if before == "host" and after == "guest":
        return pauses.short_reply if estimate_tokens(turn.text) < SHORT_REPLY_TOKENS else pauses.question_to_answer
    if before == "guest" and after == "host":
        return pauses.answer_to_question
    return pauses.turn
