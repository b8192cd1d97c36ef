"""Accounts for every character of a source by walking it, and for the words that are not read.

Nothing here trusts what the parser believes that it kept: a rule can take words away and be wrong.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from interview_audio.text.characters import count_words
from interview_audio.text.units import counted, numbered
from interview_audio.transcript.formats.source_document import Escape, can_stand_for
from interview_audio.transcript.lexicon.markup import NonTextSpan
from interview_audio.transcript.lexicon.typography import is_full_sentence
from interview_audio.transcript.turns import (
    KEYS,
    MAX_SKIPPED_SHARE,
    READ_IN_DOUBT,
    REPEATED,
    SPOKEN_KINDS,
    Receipt,
    Turn,
)

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
    # A note stands within the range of the sentence that goes on around it: its characters are not the sentence's.
    for turn in sorted(turns, key=lambda turn: turn.source, reverse=True):
        _follow(shown, turn, fates)
    for run in _UNSEEN_RUN.finditer(bytes(fates)):
        first, last = run.span()
        if shown[first:last].isspace():
            fates[first:last] = bytes([_FATES["whitespace"]]) * (last - first)
            continue
        for offset in range(first, last):
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


_MIN_SENTENCE_WORDS = 3
"""Words of a sentence that somebody may miss; ``Advertisement.`` is a line of the page."""
_MAX_NAMED = 20
"""Lines that a message lists."""


@dataclass(frozen=True, slots=True)
class Unread:
    """The words of a transcript that are not read aloud, front matter aside."""

    share: float
    """Of all words."""
    share_of_body: float
    """Of the words between the first and the last turn that is read: without what the file's format says of itself, and
    without pull quotes, whose words are read elsewhere."""
    longest: tuple[Turn, ...]
    """What is not read, the most words first."""
    missed: tuple[Turn, ...]
    """The turns that make the share of the body."""
    sentences: tuple[Turn, ...]
    """Sentences that are not read and are no boilerplate at an end."""
    doubted: tuple[Turn, ...]
    """What a rule would not read, and is read because there is too much of it."""

    def warnings(self) -> Iterator[str]:
        """Yield what the user should know, a line each."""
        if self.share_of_body > MAX_SKIPPED_SHARE:
            share = f"{100 * self.share_of_body:.1f} % of the words between the first and the last turn"
            yield f"{share} are not read ({_named(self.missed)}); --read-everything reads them"
        elif self.sentences:
            number = counted(len(self.sentences), "sentence")
            yield f"{number} not read ({_named(self.sentences)}); --read-everything reads what is left out"
        if self.doubted:
            doubted = f"{named_lines(self.doubted)} read ({_reasons(self.doubted)})"
            yield f"{doubted}, since too much would be left out otherwise; take out in a script file what nobody says"


def measure_unread(turns: Sequence[Turn], read: Collection[int]) -> Unread:
    """Measure what is not read of a transcript.

    Args:
        turns: All of it.
        read: The identities (``id``) of those that are read aloud.
    """
    sized = [(turn, count_words(turn.text)) for turn in turns if turn.reason not in KEYS]
    places = [place for place, (turn, _) in enumerate(sized) if id(turn) in read]
    body = range(places[0], places[-1] + 1) if places else range(0)
    unread = [place for place, (turn, _) in enumerate(sized) if id(turn) not in read]
    longest = sorted(unread, key=lambda place: -sized[place][1])
    missed = [place for place in unread if place in body and _is_missed(sized[place][0])]
    sentences = [
        turn
        for place in unread
        if (turn := sized[place][0]).kind != "boilerplate" or place in body
        if _is_missed(turn) and is_full_sentence(turn.text) and sized[place][1] >= _MIN_SENTENCE_WORDS
    ]
    return Unread(
        _share(sum(sized[place][1] for place in unread), sum(words for _, words in sized)),
        _share(sum(sized[place][1] for place in missed), sum(sized[place][1] for place in body)),
        tuple(sized[place][0] for place in longest),
        tuple(sized[place][0] for place in missed),
        tuple(sentences),
        tuple(turn for turn in turns if turn.reason.startswith(READ_IN_DOUBT)),
    )


def _is_missed(turn: Turn) -> bool:
    """Tell whether a rule chose not to read it: neither the file's format nor the user says so."""
    return turn.kind not in SPOKEN_KINDS and turn.confidence != "certain" and turn.reason != REPEATED


def _share(part: int, whole: int) -> float:
    return part / max(1, whole)


def _named(turns: Sequence[Turn]) -> str:
    """Name turns by their lines and reasons: ``lines 5, 9: image caption, editor's note``."""
    return f"{named_lines(turns)}: {_reasons(turns)}"


def _reasons(turns: Sequence[Turn]) -> str:
    return ", ".join(dict.fromkeys(turn.reason.removeprefix(READ_IN_DOUBT) for turn in turns))


def named_lines(turns: Sequence[Turn]) -> str:
    """Name turns by their lines, or by their number where they have none, as in a script file."""
    lines = [turn.line for turn in turns if turn.line]
    return numbered("line", lines, _MAX_NAMED) if lines else counted(len(turns), "turn")
