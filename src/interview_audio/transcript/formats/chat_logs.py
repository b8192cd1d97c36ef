"""Reads saved chats in which each message has a head, as those of Zoom, Discord and WhatsApp.

Zoom writes ``09:01:53 From Nora Vale to Everyone:``, or the time, the name and the text between tabs; WhatsApp writes
``12/03/24, 09:15 - Nora Vale: text``. What a program writes into a message for itself, whom it replies to and who liked
it, is not words of the sender.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from interview_audio.transcript.formats.source_document import (
    FormattedParagraph,
    SourceDocument,
    TextSpan,
    build_document,
    cuts_beside,
)
from interview_audio.transcript.lexicon.markup import NonTextSpan

_REASON = "sender of the message"
_DATE = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}"
_CLOCK = r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?[AaPp]\.?\s?[Mm]\.?)?"
_MESSENGER = rf"^[\u200e\u200f]?(?:\[{_DATE},? {_CLOCK}\] |{_DATE},? {_CLOCK} [-–] )"
"""The date and the time before each message of WhatsApp, of its two kinds of telephones."""
_HEADS = (
    re.compile(
        r"^[ \t]*(?:- )?\d{1,2}:\d\d:\d\d[ \t]+(?:from|von|de|da|来自|从|從|開始)[ \t]+(?P<name>[^\n:：]{1,120}?)"
        r"(?:[ \t]+(?:to|an|à|a|para|到)[ \t]+[^\n:：]{1,80}?)?[ \t]*[:：]",
        re.IGNORECASE | re.MULTILINE,
    ),
    re.compile(
        r"^\[\d{1,4}[-/.]\w{1,3}[-/.]\d{2,4},? \d{1,2}:\d\d(?::\d\d)?(?: ?[AP]M)?\] (?P<name>[^\n:]{1,80})$",
        re.MULTILINE,
    ),
    re.compile(r"^\d{1,2}:\d\d:\d\d\t[ ]?(?P<name>[^\n\t:：]{1,80}):\t", re.MULTILINE),
    re.compile(rf"{_MESSENGER}(?P<name>[^\n:]{{1,60}}): ", re.MULTILINE),
)
_NOTICE = re.compile(rf"{_MESSENGER}[^\n:]{{0,400}}$|(?<=: )[\u200e\u200f]?<[^<>\n]{{1,40}}>[ \t]*$", re.MULTILINE)
"""What WhatsApp says itself, in a line with a time and without a sender, or in the place of a picture."""
_MIN_MESSAGES = 2
_OPENING = 1000
"""Characters before the first message: how the program names the channel."""
_AFTER_NAME = re.compile(r"\s*[(/|（].*", re.DOTALL)
_BY_PROGRAM = re.compile(
    # Zoom quotes what somebody reacted to, and shows with which sign.
    r"(?:^[ \t]*|(?<=\t))(?:"
    r"(?:reacted to|removed an?) [^\n]{0,2000}(?:[\"“”][^\n]{0,200}|[^\x00-\u2100\n][^\n]{0,20})"
    r"|replying to \"[^\n]{0,2000}|\{(?:attachments|reactions|embed)\})$",
    re.IGNORECASE | re.MULTILINE,
)


def is_chat_log(source: str) -> bool:
    """Tell whether a text is a saved chat: a head of a message is at its beginning, and another one follows."""
    return _heads(source) is not None


def _heads(source: str) -> list[re.Match[str]] | None:
    for pattern in _HEADS:
        if pattern.search(source, 0, _OPENING):
            found = list(pattern.finditer(source))
            return found if len(found) >= _MIN_MESSAGES else None
    return None


def read_chat_log(source: str) -> SourceDocument:
    """Read a saved chat to its messages.

    Args:
        source: The decoded source.
    """
    heads = _heads(source)
    assert heads, "it has been recognised"
    cuts = [NonTextSpan(*head.span("name"), "label") for head in heads]
    cuts.append(NonTextSpan(0, heads[0].start(), "boilerplate"))
    notes = sorted(
        (
            NonTextSpan(*note.span(), "markup")
            for pattern in (_BY_PROGRAM, _NOTICE)
            for note in pattern.finditer(source, heads[0].start())
        ),
        key=lambda note: note.start,
    )
    cuts += notes
    begins = [note.start for note in notes]
    blocks: list[FormattedParagraph] = []
    ends = [*(head.start() for head in heads), len(source)]
    for head, (_, end) in zip(heads, pairwise(ends), strict=True):
        own = notes[bisect_left(begins, head.end()) : bisect_left(begins, end)]
        spans = tuple(_message(head.end(), end, own))
        if any(source[span.start : span.end].strip() for span in spans):
            blocks.append(FormattedParagraph(spans, _sender(head["name"]), keeps_lines=True))
    return build_document(source, blocks, (*cuts_beside(source, blocks, cuts), *cuts), _REASON, is_recorded=True)


def _sender(printed: str) -> str:
    """Return a name without what people add to it: pronouns, a function, an institute."""
    return _AFTER_NAME.sub("", printed).strip() or printed.strip()


def _message(start: int, end: int, notes: Sequence[NonTextSpan]) -> Iterator[TextSpan]:
    """Yield what a message says between what the program wrote."""
    for note in notes:
        if start < note.start < end:
            yield TextSpan(start, note.start)
        start = max(start, min(note.end, end))
    if start < end:
        yield TextSpan(start, end)
