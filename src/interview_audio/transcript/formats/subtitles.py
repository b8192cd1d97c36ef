"""Reads subtitles to paragraphs: SubRip, WebVTT, YouTube's ``0:00:01.000,0:00:04.000``, and ASS with its older SSA.

Who speaks in which cue is told by voice tags, names before a colon, dashes, and ``>>``.
"""

import html
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from interview_audio.transcript.formats.fragments import (
    Fragment,
    divide_at_changes,
    has_dashes,
    join_fragments,
    name_fragments,
)
from interview_audio.transcript.formats.source_document import (
    LEFT_OUT,
    SOFT_BREAK,
    FormattedParagraph,
    SourceDocument,
    TextSpan,
    build_document,
    cuts_beside,
    holds_sentence,
    html_spans,
    text_of,
)
from interview_audio.transcript.lexicon.markup import NonTextSpan
from interview_audio.transcript.turns import COMMENT

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMES = re.compile(rf"[ \t\ufeff]*{_CLOCK}[ \t]*(?:-->|,)[ \t]*{_CLOCK}(?:[ \t](?P<behind>[^\n]*))?")
_SETTING = re.compile(r"[A-Za-z][A-Za-z0-9]{0,15}:\S+")
"""Where a cue is shown: ``align:start``, ``X1:100``."""
_LINE = re.compile(r"[^\n]+")
_HEADER = re.compile(r"\ufeff?WEBVTT(?![^\s])")
_OWN_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)(?![^\s])")
_KEY = re.compile(r"[A-Za-z-]{1,30}[:=][ \t]*\S*")
_NOTE = re.compile(r"NOTE(?:[ \t]+|\Z|(?=\n))")
_NUMBER = re.compile(r"[ \t\ufeff]*\d+[ \t]*")
_REASON = "speaker of the cue"
_TAG = re.compile(
    r"<v(?:\.[^\s<>]{0,80})?[ \t]+([^<>\n]{1,120})>|</?[A-Za-z][^<>\n]{0,200}>|<[\d:.]{5,15}>|\{\\[^{}\n]{0,80}\}"
)
_EVENT = re.compile(
    r"[ \t]*(?:(?P<kind>Format|Dialogue|Comment|Picture|Sound|Movie|Command):[ \t]*(?P<values>[^\n]*)"
    r"|;|!:|\[[A-Za-z0-9+ ]{1,40}\][ \t]*\Z)",
    re.IGNORECASE,
)
"""A line of ASS that is its own; any other one goes on with the words of the event above."""
_ASS_OPENING = re.compile(
    r"\s*(?:\[Script Info\]|(?:Format:[^\n]{1,300}\n\s*)?Dialogue:[^\n,]{1,20},\d+:\d\d:\d\d)", re.IGNORECASE
)
_EVENT_FIELDS = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
"""Of an event, where the file does not list them itself."""
_ASS_CLOCK = re.compile(r"(\d{1,3}):(\d{1,2}):(\d{1,2})[.:](\d{1,3})")
_OVERRIDE = re.compile(r"\{[^{}\n]*\}|\\[Nnh]")
"""How ASS styles the words behind it, and its marks for a line end and a hard space."""
_DRAWING = re.compile(r"\{[^{}\n]{0,400}\\p[1-9][^{}\n]{0,400}\}")
_NO_ACTORS = frozenset(("", "default", "ntp", "nobody", "none", "unknown"))
"""What programs write in the field of who speaks where nobody has filled it in."""
_MIN_ROLLING_SHARE = 0.5
"""Share of the cues that open with the line that closed the cue before, above which captions roll."""


@dataclass(frozen=True, slots=True)
class _Cue:
    """Lines that are shown together."""

    begins: float
    """Seconds."""
    ends: float
    lines: tuple[tuple[int, int], ...]
    """Half-open ranges of the source."""


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    follows: bool
    """Whether it is directly below the line before."""


def is_subtitle_file(source: str) -> bool:
    """Tell whether a text is a subtitle file: it opens with a cue's time, or as WebVTT or ASS does."""
    opening = [line.strip() for line in source[:2000].splitlines() if line.strip()][:2]
    if not opening:
        return False
    timed = [_TIMES.fullmatch(line) is not None for line in opening]
    return (
        _is_ass(source)
        or _HEADER.match(opening[0]) is not None
        or timed[0]
        or (timed[-1] and _NUMBER.fullmatch(opening[0]) is not None)
    )


def _is_ass(source: str) -> bool:
    return _ASS_OPENING.match(source) is not None


def _read_ass(source: str, known: Collection[str]) -> SourceDocument:
    """Read the events of ASS or SSA to paragraphs; the one who acts in an event speaks it."""
    events = tuple(_events(source))
    beside = tuple(_comments(source))
    is_dashed = has_dashes([text_of(line, source) for line, _ in event.lines] for event in events)
    fragments = [
        replace(fragment, pause=event.begins - before.ends if before and index == 0 else 0.0)
        for before, event in zip((None, *events), events, strict=False)
        for index, (line, joint) in enumerate(event.lines)
        for fragment in divide_at_changes(source, line, joint, event.actor, is_dashed=is_dashed)
    ]
    named, labels = name_fragments(source, fragments, known)
    blocks = (*join_fragments(named), *beside)
    return build_document(source, blocks, (*cuts_beside(source, blocks, labels), *labels), _REASON, is_recorded=True)


def _comments(source: str) -> Iterator[FormattedParagraph]:
    """Yield the sentences of events that are comments, and of remarks between the braces of styles."""
    for line in _LINE.finditer(source):
        event = _EVENT.match(source, *line.span())
        kind = (event["kind"] or "").lower() if event else ""
        if kind == "comment":
            words = [(line.end() - len(line[0].rpartition(",,")[2]), line.end())]
        else:
            words = [(mark.start() + 1, mark.end() - 1) for mark in _OVERRIDE.finditer(source, *line.span())]
        for start, end in words:
            if source[start : start + 1] not in ("\\", "*", "") and holds_sentence(source[start:end]):
                yield FormattedParagraph((TextSpan(start, end),), dropped=COMMENT)


_EventLine = tuple[tuple[TextSpan, ...], TextSpan]
"""The words of a line, and what ends it."""


@dataclass(frozen=True, slots=True)
class _Event:
    """What ASS shows at one time."""

    begins: float
    ends: float
    actor: str | None
    lines: tuple[_EventLine, ...]


def _events(source: str) -> Iterator[_Event]:
    """Yield what is said; a line that is none of the format's goes on with the words of the event above."""
    fields: Sequence[str] = _EVENT_FIELDS
    above: _Event | None = None
    below: list[_EventLine] = []
    for line in _LINE.finditer(source):
        event = _EVENT.match(source, *line.span())
        if event is None:
            below += _event_lines(source, *line.span()) if above else ()
            continue
        if above:
            yield replace(above, lines=(*above.lines, *below))
        above, below = None, []
        if event["kind"] and event["kind"].lower() == "format":
            listed = tuple(word.strip().lower() for word in event["values"].split(","))
            fields = listed if "text" in listed else fields
        elif event["kind"] and event["kind"].lower() == "dialogue":
            above = _event(source, event, fields)
    if above:
        yield replace(above, lines=(*above.lines, *below))


def _event(source: str, written: re.Match[str], fields: Sequence[str]) -> _Event | None:
    """Return what an event shows: its words have the commas that no other field has; None for a drawing."""
    values = written["values"].split(",")
    place = fields.index("text")
    behind = len(fields) - place - 1
    if len(values) < len(fields):  # a line that broke, or one that names fewer fields: the last of them is said
        place, behind = min(place, len(values) - 1), 0
    words = ",".join(values[place : len(values) - behind])
    if _DRAWING.search(words):
        return None
    start = written.start("values") + sum(len(value) + 1 for value in values[:place])
    named = dict(zip(fields[:place], map(str.strip, values[:place]), strict=False))
    named |= dict(zip(fields[place + 1 :], map(str.strip, values[len(values) - behind :]), strict=False))
    clocks = [_ASS_CLOCK.fullmatch(named.get(name, "")) for name in ("start", "end")]
    begins, ends = (_seconds(clock.groups()) if clock else 0.0 for clock in clocks)
    actor = named.get("name", named.get("actor", ""))
    lines = tuple(_event_lines(source, start, start + len(words)))
    return _Event(begins, ends, None if actor.lower() in _NO_ACTORS else actor, lines)


def _event_lines(source: str, start: int, end: int) -> Iterator[_EventLine]:
    """Divide the words of an event at its line ends, and leave out what styles them."""
    spans: list[TextSpan] = []
    reached = start
    for mark in _OVERRIDE.finditer(source, start, end):
        if mark.start() > reached:
            spans.append(TextSpan(reached, mark.start()))
        reached = mark.end()
        if mark[0] == "\\h":
            spans.append(TextSpan(*mark.span(), " "))
        elif mark[0][0] == "\\":
            if text_of(spans, source).strip():
                yield tuple(spans), TextSpan(*mark.span(), SOFT_BREAK)
            spans = []
    if end > reached:
        spans.append(TextSpan(reached, end))
    if text_of(spans, source).strip():
        yield tuple(spans), TextSpan(end, end + 1)


def _read_cues(source: str) -> tuple[tuple[_Cue, ...], tuple[FormattedParagraph, ...], tuple[NonTextSpan, ...]]:
    """Read the cues of a subtitle file.

    Returns:
        The cues in order, the sentences that are no words of any, and what else is in the file: times, numbers, styles.
    """
    lines = tuple(_lines(source))
    timed = [_TIMES.fullmatch(source, line.start, line.end) for line in lines]
    is_vtt = _HEADER.match(source) is not None
    own = set(_own_lines(source, lines)) if is_vtt else set()
    own |= {index for index, match in enumerate(timed) if match}
    own |= set(_numbers(source, lines, timed, is_vtt=is_vtt))
    remarks = tuple(_remarks(source, lines, own)) if is_vtt else ()
    words = {span.end: span.start for remark in remarks for span in remark.spans}
    words |= {match.end(): match.start("behind") for match in timed if match and _says(match)}
    ends = (words.get(lines[index].end, lines[index].end) for index in sorted(own))
    cuts = (NonTextSpan(lines[index].start, end, "markup") for index, end in zip(sorted(own), ends, strict=True))
    return tuple(_cues(lines, timed, own)), remarks, tuple(cuts)


def _remarks(source: str, lines: Sequence[_Line], own: Collection[int]) -> Iterator[FormattedParagraph]:
    """Yield the sentences of notes, and those below the header of WebVTT."""
    gathered: list[tuple[int, int]] = []
    reason = ""
    for index, line in enumerate(lines):
        note = _NOTE.match(source, line.start, line.end)
        if not line.follows or index not in own:
            yield from _remark(source, gathered, reason)
            gathered, reason = [], COMMENT if note else "" if index else LEFT_OUT
        if index in own and reason:
            start = note.end() if note and not line.follows else line.start
            is_key = not note and _KEY.fullmatch(source, line.start, line.end) is not None
            gathered += [(start, line.end)] if index and start < line.end and not is_key else []
    yield from _remark(source, gathered, reason)


def _remark(source: str, lines: Sequence[tuple[int, int]], reason: str) -> Iterator[FormattedParagraph]:
    if holds_sentence(" ".join(source[start:end] for start, end in lines)):
        joints = [(TextSpan(start, end), TextSpan(end, end + 1, SOFT_BREAK)) for start, end in lines]
        yield FormattedParagraph(tuple(span for pair in joints for span in pair)[:-1], dropped=reason)


def _lines(source: str) -> Iterator[_Line]:
    previous = -2
    for match in _LINE.finditer(source):
        if match[0].strip():
            yield _Line(match.start(), match.end(), match.start() == previous + 1)
            previous = match.end()


def _own_lines(source: str, lines: Sequence[_Line]) -> Iterator[int]:
    """Return the header, notes and styles of WebVTT: each to the next empty line."""
    is_own = False
    for index, line in enumerate(lines):
        if not line.follows:
            is_own = index == 0 or _OWN_BLOCK.match(source, line.start, line.end) is not None
        if _TIMES.fullmatch(source, line.start, line.end):
            is_own = False
        if is_own:
            yield index


def _numbers(
    source: str, lines: Sequence[_Line], timed: Sequence[re.Match[str] | None], *, is_vtt: bool
) -> Iterator[int]:
    """Return the lines that number or, in WebVTT, name the cue below."""
    for index in range(len(lines) - 1):
        line = lines[index]
        is_above_time = timed[index + 1] is not None and lines[index + 1].follows and timed[index] is None
        is_number = _NUMBER.fullmatch(source, line.start, line.end) is not None
        # A sentence names no cue: it was parted from the words above it.
        is_name = is_vtt and not line.follows and not holds_sentence(source[line.start : line.end])
        if is_above_time and (is_number or is_name):
            yield index


def _cues(lines: Sequence[_Line], timed: Sequence[re.Match[str] | None], own: set[int]) -> Iterator[_Cue]:
    """Return the words below each time; words above the first time are a cue at the beginning."""
    begins = ends = 0.0
    found: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        if match := timed[index]:
            if found:
                yield _Cue(begins, ends, tuple(found))
            begins, ends, found = _seconds(match.groups()[:4]), _seconds(match.groups()[4:8]), []
            found += [match.span("behind")] if _says(match) else []
        elif index not in own:
            found.append((line.start, line.end))
    if found:
        yield _Cue(begins, ends, tuple(found))


def _says(times: re.Match[str]) -> bool:
    """Tell whether words, and not only settings, stand behind the times of a cue."""
    return any(not _SETTING.fullmatch(word) and any(map(str.isalpha, word)) for word in (times["behind"] or "").split())


def _seconds(clock: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = clock
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(f"0.{fraction}")


def read_subtitles(source: str, known: Collection[str]) -> SourceDocument:
    """Read subtitles to paragraphs, one a turn where speakers are named.

    Args:
        source: The decoded source.
        known: Folded names that are labels without further evidence.
    """
    if _is_ass(source):
        return _read_ass(source, known)
    cues, remarks, cuts = _read_cues(source)
    rolled = frozenset(_rolled(source, cues))
    shown = [[_TAG.sub("", source[start:end]) for start, end in cue.lines] for cue in cues]
    lines = _Lines(source, has_dashes(shown))
    fragments = [
        fragment
        for before, cue in zip((None, *cues), cues, strict=False)
        for fragment in _with_pause(lines.of(at for at in cue.lines if at not in rolled), before, cue)
    ]
    named, labels = name_fragments(source, fragments, known)
    repeated = (NonTextSpan(*at, "markup") for at in rolled)
    blocks = (*join_fragments(named), *remarks)
    return build_document(source, blocks, (*cuts, *repeated, *lines.cuts, *labels), _REASON, is_recorded=True)


def _rolled(source: str, cues: Sequence[_Cue]) -> Iterator[tuple[int, int]]:
    """Return the lines of captions that roll: each line is shown below first, and above in the next cue."""
    repeated: list[tuple[int, int]] = []
    opening = 0
    shown: list[str] = []
    for cue in cues:
        lines = [_TAG.sub("", source[start:end]).strip() for start, end in cue.lines]
        opening += bool(shown and lines) and lines[0] == shown[-1]
        repeated += [at for at, line in zip(cue.lines, lines, strict=True) if line in shown]
        shown = lines or shown
    if len(cues) > 2 and opening > _MIN_ROLLING_SHARE * len(cues):
        yield from repeated


def _with_pause(fragments: Iterable[Fragment], before: _Cue | None, cue: _Cue) -> Iterator[Fragment]:
    pause = cue.begins - before.ends if before else 0.0
    for fragment in fragments:
        yield replace(fragment, pause=pause)
        pause = 0.0


class _Lines:
    """Reads the lines of cues, and keeps what it cuts from them."""

    def __init__(self, source: str, is_dashed: bool) -> None:  # noqa: FBT001
        self.source = source
        self.is_dashed = is_dashed
        self.cuts: list[NonTextSpan] = []

    def of(self, places: Iterable[tuple[int, int]]) -> Iterator[Fragment]:
        """Divide the lines of a cue at voice tags and at marks of a change; a voice holds to the cue's end."""
        speaker: str | None = None
        for start, end in places:
            spans: list[TextSpan] = []
            reached = start
            for tag in _TAG.finditer(self.source, start, end):
                spans.extend(html_spans(self.source, reached, tag.start()))
                self.cuts.append(NonTextSpan(tag.start(), tag.end(), "markup"))
                reached = tag.end()
                if tag[1]:
                    yield from self._changes(spans, speaker)
                    spans, speaker = [], html.unescape(tag[1].strip())
                    self.cuts.append(NonTextSpan(*tag.span(1), "label"))
            spans.extend(html_spans(self.source, reached, end))
            yield from self._changes(spans, speaker)

    def _changes(self, spans: Sequence[TextSpan], speaker: str | None) -> Iterator[Fragment]:
        """Divide a line where speakers change; a line of nothing gives nothing."""
        if not spans:
            return
        joint = self._joint(spans[-1].end)
        for fragment in divide_at_changes(self.source, spans, joint, speaker, is_dashed=self.is_dashed):
            if fragment.text.strip():
                yield fragment
            else:
                self.cuts.append(NonTextSpan(fragment.spans[0].start, fragment.spans[-1].end, "markup"))

    def _joint(self, end: int) -> TextSpan:
        """Return the line end or the tag after a line of a cue."""
        tag = _TAG.match(self.source, end)
        return TextSpan(end, tag.end(), SOFT_BREAK) if tag else TextSpan(end, end + 1)
