"""Accounts for every character of a source by walking it: nothing here trusts what the parser believes that it kept."""

from collections.abc import Iterable

from interview_audio.transcript.markup import Cut
from interview_audio.transcript.turns import Receipt, Turn

REASONS = ("label", "whitespace", "markup", "boilerplate", "heading", "quote", "stage")
_UNSEEN = 0
_SPOKEN = 1
_FATES = {reason: code for code, reason in enumerate(REASONS, start=2)}


def account(source: str, turns: Iterable[Turn], cuts: Iterable[Cut]) -> Receipt:
    """Follow every code point of a source to where it went.

    The text of each turn is compared with the source, character by character; a source character that is neither in
    its turn's text nor cut nor whitespace is unaccounted for, and so is one that no turn covers.

    Args:
        source: The decoded text.
        turns: What was understood of it.
        cuts: Ranges that are no words.

    Returns:
        A receipt whose parts were counted independently of its sum.
    """
    fates = bytearray(len(source))
    for cut in cuts:
        fates[cut.start : cut.end] = bytes([_FATES[cut.reason]]) * (cut.end - cut.start)
    for turn in turns:
        _follow(source, turn, fates)
    for offset, character in enumerate(source):
        if fates[offset] == _UNSEEN and character.isspace():
            fates[offset] = _FATES["whitespace"]
    skipped = {reason: fates.count(code) for reason, code in _FATES.items()}
    return Receipt(len(source), fates.count(_SPOKEN), skipped, fates.count(_UNSEEN))


def _follow(source: str, turn: Turn, fates: bytearray) -> None:
    fate = _FATES.get(turn.kind, _SPOKEN)
    start, end = turn.source
    reached = 0
    for offset in range(start, end):
        if fates[offset] != _UNSEEN or reached == len(turn.text):
            continue
        written, read = source[offset], turn.text[reached]
        if written == read or (read == " " and written.isspace()):
            fates[offset] = fate
            reached += 1
