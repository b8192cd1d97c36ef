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
    SOFT_BREAK,
    SourceDocument,
    TextSpan,
    build_document,
    cuts_beside,
    html_spans,
    text_of,
)
from interview_audio.transcript.lexicon.markup import NonTextSpan

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMES = re.compile(rf"[ \t\ufeff]*{_CLOCK}[ \t]*(?:-->|,)[ \t]*{_CLOCK}(?:[ \t][^\n]*)?")
_LINE = re.compile(r"[^\n]+")
_HEADER = re.compile(r"\ufeff?WEBVTT(?![^\s])")
_OWN_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)(?![^\s])")
_NUMBER = re.compile(r"[ \t\ufeff]*\d+[ \t]*")
_REASON = "speaker of the cue"
_TAG = re.compile(
    r"<v(?:\.[^\s<>]{0,80})?[ \t]+([^<>\n]{1,120})>|</?[A-Za-z][^<>\n]{0,200}>|<[\d:.]{5,15}>|\{\\[^{}\n]{0,80}\}"
)
_EVENT = re.compile(r"(?P<kind>Format|Dialogue):[ \t]*(?P<values>[^\n]*)", re.IGNORECASE)
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
    is_dashed = has_dashes([text_of(line, source) for line, _ in event.lines] for event in events)
    fragments = [
        replace(fragment, pause=event.begins - before.ends if before and index == 0 else 0.0)
        for before, event in zip((None, *events), events, strict=False)
        for index, (line, joint) in enumerate(event.lines)
        for fragment in divide_at_changes(source, line, joint, event.actor, is_dashed=is_dashed)
    ]
    named, labels = name_fragments(source, fragments, known)
    blocks = tuple(join_fragments(named))
    return build_document(source, blocks, (*cuts_beside(source, blocks, labels), *labels), _REASON, is_recorded=True)


@dataclass(frozen=True, slots=True)
class _Event:
    """What ASS shows at one time."""

    begins: float
    ends: float
    actor: str | None
    lines: tuple[tuple[tuple[TextSpan, ...], TextSpan], ...]
    """The words of each line, and what ends it."""


def _events(source: str) -> Iterator[_Event]:
    fields: Sequence[str] = _EVENT_FIELDS
    for line in _LINE.finditer(source):
        event = _EVENT.match(source, *line.span())
        if event and event["kind"].lower() == "format":
            listed = tuple(word.strip().lower() for word in event["values"].split(","))
            fields = listed if "text" in listed else fields
        elif event:
            values = event["values"].split(",", len(fields) - 1)
            named = dict(zip(fields, map(str.strip, values), strict=False))
            clocks = [_ASS_CLOCK.fullmatch(named.get(name, "")) for name in ("start", "end")]
            if len(values) == len(fields) and fields[-1] == "text" and not _DRAWING.search(values[-1]):
                begins, ends = (_seconds(clock.groups()) if clock else 0.0 for clock in clocks)
                actor = named.get("name", named.get("actor", ""))
                lines = tuple(_event_lines(source, line.end() - len(values[-1]), line.end()))
                yield _Event(begins, ends, None if actor.lower() in _NO_ACTORS else actor, lines)


def _event_lines(source: str, start: int, end: int) -> Iterator[tuple[tuple[TextSpan, ...], TextSpan]]:
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


def _read_cues(source: str) -> tuple[tuple[_Cue, ...], tuple[NonTextSpan, ...]]:
    """Read the cues of a subtitle file.

    Returns:
        The cues in order, and what else is in the file: times, numbers, notes, styles.
    """
    lines = tuple(_lines(source))
    timed = [_TIMES.fullmatch(source, line.start, line.end) for line in lines]
    is_vtt = _HEADER.match(source) is not None
    own = set(_own_lines(source, lines)) if is_vtt else set()
    own |= {index for index, match in enumerate(timed) if match}
    own |= set(_numbers(source, lines, timed, is_vtt=is_vtt))
    return tuple(_cues(lines, timed, own)), tuple(
        NonTextSpan(lines[index].start, lines[index].end, "markup") for index in sorted(own)
    )


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
        begins_cue = index == 0 or not line.follows or timed[index - 1] is not None
        is_number = _NUMBER.fullmatch(source, line.start, line.end) is not None
        if is_above_time and (is_number or (is_vtt and begins_cue)):
            yield index


def _cues(lines: Sequence[_Line], timed: Sequence[re.Match[str] | None], own: set[int]) -> Iterator[_Cue]:
    """Return the words below each time; words above the first time are a cue at the beginning."""
    begins = ends = 0.0
    found: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        if match := timed[index]:
            if found:
                yield _Cue(begins, ends, tuple(found))
            begins, ends, found = _seconds(match.groups()[:4]), _seconds(match.groups()[4:]), []
        elif index not in own:
            found.append((line.start, line.end))
    if found:
        yield _Cue(begins, ends, tuple(found))


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
    cues, cuts = _read_cues(source)
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
    return build_document(
        source, tuple(join_fragments(named)), (*cuts, *repeated, *lines.cuts, *labels), _REASON, is_recorded=True
    )


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
