"""Accounts for every character of a source by walking it: nothing here trusts what the parser believes that it kept."""

import re
from collections.abc import Iterable

from interview_audio.transcript.formats.source_document import Escape, can_stand_for
from interview_audio.transcript.lexicon.markup import NonTextSpan
from interview_audio.transcript.turns import Receipt, Turn

REASONS = ("label", "whitespace", "markup", "boilerplate", "heading", "quote", "stage")
_UNSEEN = 0
_UNSEEN_RUN = re.compile(b"\0+")
_SPOKEN = 1
_FATES = {reason: code for code, reason in enumerate(REASONS, start=2)}


def audit_characters(
    source: str, turns: Iterable[Turn], cuts: Iterable[NonTextSpan], escapes: Iterable[Escape] = ()
) -> Receipt:
    """Follow every code point of a source to where it went.

    The text of each turn is compared with the source, character by character; a source character that is neither in
    its turn's text nor cut nor whitespace is unaccounted for, and so is one that no turn covers. Of an escape
    (``&amp;``) the first code points count where the characters went that it stands for; the others are markup.

    Args:
        source: The decoded text.
        turns: What was understood of it.
        cuts: Ranges that are no words.
        escapes: What is written in another way; one that stands for something else is read as it is written.

    Returns:
        A receipt whose parts were counted independently of its sum.
    """
    fates = bytearray(len(source))
    for cut in cuts:
        fates[cut.start : cut.end] = bytes([_FATES[cut.reason]]) * (cut.end - cut.start)
    shown = _unescaped(source, escapes, fates)
    for turn in turns:
        _follow(shown, turn, fates)
    for run in _UNSEEN_RUN.finditer(bytes(fates)):
        for offset in range(*run.span()):
            if shown[offset].isspace():
                fates[offset] = _FATES["whitespace"]
    skipped = {reason: fates.count(code) for reason, code in _FATES.items()}
    return Receipt(len(source), fates.count(_SPOKEN), skipped, fates.count(_UNSEEN))


def _unescaped(source: str, escapes: Iterable[Escape], fates: bytearray) -> str:
    """Return the source with each escape's characters in the place of the first that it is written with."""
    parts: list[str] = []
    reached = 0
    for escape in sorted(escapes, key=lambda escape: escape.start):
        written = source[escape.start : escape.end]
        if escape.start < reached or len(escape.text) > len(written) or not can_stand_for(written, escape.text):
            continue
        parts += (source[reached : escape.start], escape.text, written[len(escape.text) :])
        reached = escape.end
        rest = escape.start + len(escape.text)
        fates[rest : escape.end] = bytes([_FATES["markup"]]) * (escape.end - rest)
    return "".join((*parts, source[reached:])) if parts else source


def _follow(shown: str, turn: Turn, fates: bytearray) -> None:
    """Follow the text of a turn through what nothing has cut from its range."""
    fate = _FATES.get(turn.kind, _SPOKEN)
    start, end = turn.source
    reached = 0
    for run in _UNSEEN_RUN.finditer(bytes(fates[start:end])):
        first, last = start + run.start(), start + run.end()
        if shown[first:last] == turn.text[reached : reached + last - first]:
            fates[first:last] = bytes([fate]) * (last - first)
            reached += last - first
            continue
        for offset in range(first, last):
            read = turn.text[reached : reached + 1]
            if shown[offset] == read or (read == " " and shown[offset].isspace()):
                fates[offset] = fate
                reached += 1
