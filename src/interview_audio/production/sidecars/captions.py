"""Captions of an episode, timed by the words of the clips, and the files that say who says what when.

SubRip is written so that readers which split at every colon, or take markup for markup, lose nothing. WebVTT has
voices: it is the one transcript from which Apple Podcasts takes the speakers. The Podcasting 2.0 transcript in JSON,
version 1.0.0, has a segment for each caption.

What a reader would obey is written with marks that look alike: SubRip has no escapes, and readers of WebVTT differ in
theirs. Measured with pysubs2 1.8, srt 3.5, webvtt-py 0.6, FFmpeg 8 and our own reader: pysubs2 takes every line with
two clock times for the times of a cue, arrow or not, and drops what is in braces; FFmpeg and pysubs2 break the line at
a backslash before N, n or h; webvtt-py and pysubs2 drop what is between < and >, be it ``1 < 2 and 3 > 2``, and show
``&lt;`` as it is written; ours lets another person speak after >>, as television does, and undoes ``&lt;`` in SubRip
too.
"""

import bisect
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from interview_audio.production.sidecars.line_breaks import SHORTEST, columns_of, cut_text, second_line
from interview_audio.production.timeline import Placement, Timeline, in_seconds
from interview_audio.script.lines import NARRATOR, CastMember, NameAndRole, displayed_names, shown_names
from interview_audio.synthesis.clip_file import read_words
from interview_audio.synthesis.clips import Word
from interview_audio.text.characters import joined
from interview_audio.text.printable import json_text, printable
from interview_audio.text.units import clock

_UNSEEN = "…"
"""For a name of which nothing is seen; readers refuse an empty one."""
# AntennaPod reads no speaker from a WebVTT name with & or >, escaped or not, and cuts one of SRT at the colon.
_NAME_LOOKALIKES = str.maketrans({"&": "＆", "<": "＜", ">": "＞", ":": "："})


@dataclass(frozen=True, slots=True)
class SidecarWords:
    """The few words of their own that sidecar files use, for one language."""

    narrator: str
    host: str
    hosts: str
    guest: str
    guests: str
    date: str
    chapters: str
    colon: str = ": "
    comma: str = ", "


_WORDINGS = {
    "zh": SidecarWords("旁白", "主持", "主持", "嘉宾", "嘉宾", "日期", "章节", "：", "、"),
    "ja": SidecarWords("ナレーター", "聞き手", "聞き手", "ゲスト", "ゲスト", "日付", "チャプター", "：", "、"),
    "en": SidecarWords("Narrator", "Host", "Hosts", "Guest", "Guests", "Date", "Chapters"),
    "de": SidecarWords("Erzählstimme", "Interview", "Interview", "Gast", "Gäste", "Datum", "Kapitel"),
    "fr": SidecarWords("Voix off", "Entretien", "Entretien", "Avec", "Avec", "Date", "Chapitres", " : "),
    "es": SidecarWords("Voz en off", "Entrevista", "Entrevista", "Con", "Con", "Fecha", "Capítulos"),
}


def sidecar_words(language: str) -> SidecarWords:
    """Return the words for a BCP 47 language; English ones for a language that has none."""
    return _WORDINGS.get(language.partition("-")[0].lower(), _WORDINGS["en"])


def caption_names(
    cast: Iterable[NameAndRole], language: str, displayed: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """Return each speaker as captions show them: the same in every format, and read by every player.

    Args:
        cast: Canonical names, or ``narrator``, each with the role.
        language: Of the episode.
        displayed: What settings have listeners read, by speaker.
    """
    people = shown_names(((name, role) for name, role in cast if name != NARRATOR), language, displayed)
    narrator = displayed.get(NARRATOR, sidecar_words(language).narrator)
    shown = people | {NARRATOR: narrator}
    return {name: as_words(printable(text).translate(_NAME_LOOKALIKES)) or _UNSEEN for name, text in shown.items()}


def names_of_cast(cast: Sequence[CastMember], language: str) -> dict[str, str]:
    """Return each member of a cast, and the narrator, as captions show them."""
    return caption_names(((member.speaker, member.role) for member in cast), language, displayed_names(cast))


_BRIDGED = 0.5
"""Seconds of silence below which a caption stays until the next one: a shorter gap only flickers."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption."""

    speaker: str
    """As shown, whatever the format."""
    text: str
    """Written words, on one line."""
    second_line: int
    """Index into the text at which its second line begins; its length if one is enough."""
    start: int
    """Sample of the episode."""
    end: int
    """Sample of the episode, a millisecond or more after the start and not after the start of the next cue."""
    words: tuple[tuple[int, int], ...] = ()
    """Index into the text and sample of the episode of each word whose time is known, both ascending."""

    @property
    def lines(self) -> tuple[str, ...]:
        """One or two, of at most 42 columns or 20 Chinese characters."""
        parts = (self.text[: self.second_line].rstrip(" "), self.text[self.second_line :])
        return tuple(part for part in parts if part)


def make_cues(timeline: Timeline, names: Mapping[str, str]) -> tuple[Cue, ...]:
    """Make the captions of a timeline: each line of the script is one cue or more.

    Args:
        timeline: Where the lines are.
        names: What captions show for each speaker.

    Raises:
        StoreError: The words of a clip cannot be read.
    """
    cues: list[Cue] = []
    speaker = ""
    for placement in timeline.placements:
        name = names[placement.line.speaker]
        label = 0 if name == speaker else columns_of(f"{name}: ")
        cues += _cues_of(placement, read_words(placement.clip.path), timeline.sample_rate, name, label)
        speaker = name
    return tuple(_held(cues, timeline))


def _cues_of(placement: Placement, words: Sequence[Word], rate: int, name: str, label: int) -> Iterator[Cue]:
    text = printable(placement.line.text)
    onsets = _onsets(text, words)
    samples = _samples(placement, len(text), onsets)
    starts = list(onsets)
    for piece in cut_text(text, onsets.keys(), (samples / rate).tolist(), label):
        shown = text[piece.start : piece.end].rstrip(" ")
        inside = starts[bisect.bisect_left(starts, piece.start) : bisect.bisect_left(starts, piece.end)]
        yield Cue(
            speaker=name,
            text=shown,
            second_line=min(piece.second_line - piece.start, len(shown)),
            start=int(samples[piece.start]),
            end=int(samples[piece.end]),
            words=tuple((index - piece.start, int(samples[index])) for index in inside),
        )


def _onsets(text: str, words: Sequence[Word]) -> dict[int, float]:
    """Return when the words begin, in seconds, by their index in the text; nothing if they are not the text's words."""
    spellings = ["".join(printable(word.text).split()) for word in words]
    places = [index for index, character in enumerate(text) if not character.isspace()]
    if "".join(spellings) != "".join(text[place] for place in places):
        return {}
    firsts = itertools.accumulate(map(len, spellings), initial=0)
    return {
        places[first]: word.start for first, spelling, word in zip(firsts, spellings, words, strict=False) if spelling
    }


def _samples(placement: Placement, length: int, onsets: dict[int, float]) -> NDArray[np.int64]:
    """Return when each character of a line is heard, and last the end: a word at its time, others in proportion."""
    known = {0: placement.start, **{index: _position(placement, start) for index, start in onsets.items() if index}}
    known[length] = placement.end
    times = np.minimum(np.maximum.accumulate(list(known.values())), placement.end)
    return np.rint(np.interp(range(length + 1), list(known), times)).astype(np.int64)


def _position(placement: Placement, seconds: float) -> int:
    clip = placement.clip
    part = (seconds * clip.sample_rate - clip.onset) / max(clip.offset - clip.onset, 1)
    return placement.start + round(part * (placement.end - placement.start))


def _held(cues: Sequence[Cue], timeline: Timeline) -> Iterator[Cue]:
    """Yield the cues, each on the screen long enough to be read where there is time, and none over another."""
    millisecond = -(-timeline.sample_rate // 1000)
    earliest = 0
    for cue, following in itertools.zip_longest(cues, cues[1:]):
        latest = following.start if following else timeline.length
        start = max(cue.start, earliest)
        wanted = max(cue.end, start + round(SHORTEST * timeline.sample_rate))
        if latest - wanted < _BRIDGED * timeline.sample_rate and following:
            wanted = latest
        end = max(min(wanted, latest), start + millisecond)
        words = tuple((index, min(max(sample, start), end)) for index, sample in cue.words)
        yield replace(cue, start=start, end=end, words=words)
        earliest = end


_LOOKALIKES = (
    (re.compile(r"-{2,}>"), "→"),
    (re.compile(r">(?=>)|(?<=>)>"), "＞"),
    (re.compile(r"&(?=#?\w{1,32};)"), "＆"),
    (re.compile(r"\\(?=[Nnh])"), "＼"),
    (re.compile(r"(?<=\d):(?=(?:\d{1,2}:)?\d{1,2}[.,]\d)"), "："),  # of 0:12:34.5; 12:30 is not the time of a cue
)
_BRACKETS = str.maketrans({"{": "｛", "}": "｝", "<": "＜"})


def as_words(text: str) -> str:
    """Write a part of a caption so that every reader finds the same words, and no times, styles or line ends."""
    for pattern, lookalike in _LOOKALIKES:
        text = pattern.sub(lookalike, text)
    return text.translate(_BRACKETS)


_SRT_COLON = re.compile(r":(?: |$)")


def format_srt(cues: Sequence[Cue], timeline: Timeline) -> str:
    """Write the ``.srt`` of an episode: a speaker's name where the speaker changes, ``Name: text``.

    AntennaPod takes what comes before ``: `` for a speaker and drops what follows another colon. A colon that it
    would cut at becomes a full-width one, which takes the place of the space after it too.

    Args:
        cues: In order.
        timeline: Theirs; it turns samples into time.
    """
    captions = []
    speaker = ""
    for number, cue in enumerate(cues, start=1):
        span = f"{clock(timeline.milliseconds(cue.start), ',')} --> {clock(timeline.milliseconds(cue.end), ',')}"
        lines = _srt_lines(cue.lines) if cue.speaker == speaker else _srt_lines_with_name(cue)
        captions.append("\n".join((str(number), span, *lines, "")))
        speaker = cue.speaker
    return "\n".join(captions)


def _srt_lines(lines: Sequence[str]) -> list[str]:
    return [_SRT_COLON.sub("：", as_words(line)) for line in lines]


def _srt_lines_with_name(cue: Cue) -> list[str]:
    label = f"{cue.speaker}: "
    text = label + cue.text
    middle = second_line(text, {len(label) + index for index, _ in cue.words}, len(label))
    first, *rest = (part for part in (text[:middle].rstrip(" "), text[middle:]) if part)
    return [label + _without_colon(first[len(label) :]), *map(_without_colon, rest)]


def _without_colon(line: str) -> str:
    return as_words(line).replace(": ", "：").replace(":", "：")


_WEBVTT_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def format_webvtt(cues: Sequence[Cue], timeline: Timeline, language: str, *, words: bool = False) -> str:
    """Write the ``.vtt`` of an episode.

    Args:
        cues: In order.
        timeline: Theirs; it turns samples into time.
        language: Of the episode: BCP 47.
        words: Whether each word but the first of a cue has a time tag.
    """
    captions = [f"WEBVTT Language: {language}\n"]
    for cue in cues:
        span = f"{clock(timeline.milliseconds(cue.start))} --> {clock(timeline.milliseconds(cue.end))}"
        captions.append(f"{span}\n<v {cue.speaker}>{''.join(_webvtt_parts(cue, timeline, words))}\n")
    return "\n".join(captions)


def _webvtt_parts(cue: Cue, timeline: Timeline, words: bool) -> Iterator[str]:  # noqa: FBT001 - the writer's own option
    """Yield the text of a cue in parts; time tags ascend and lie inside the cue, as the format asks."""
    done, earliest = 0, timeline.milliseconds(cue.start)
    for index, sample in cue.words if words else ():
        time = timeline.milliseconds(sample)
        if index > done and earliest < time < timeline.milliseconds(cue.end):
            yield f"{_webvtt_text(cue, done, index)}<{clock(time)}>"
            done, earliest = index, time
    yield _webvtt_text(cue, done, len(cue.text))


def _webvtt_text(cue: Cue, start: int, end: int) -> str:
    """Return a part of a cue's text, with the line end if that is in it."""
    if start < cue.second_line <= end and cue.second_line < len(cue.text):
        lines = (cue.text[start : cue.second_line].rstrip(" "), cue.text[cue.second_line : end])
        return "\n".join(map(_webvtt_escaped, lines))
    return _webvtt_escaped(cue.text[start:end])


def _webvtt_escaped(words: str) -> str:
    return as_words(words).translate(_WEBVTT_ESCAPES)


_LRC_TAG = re.compile(r"\[(?=[^\]\s]*:)")


def format_lrc(cues: Sequence[Cue], timeline: Timeline, about: Mapping[str, str]) -> str:
    """Write the ``.lrc`` of an episode: a line for each caption, a speaker's name where the speaker changes.

    Minutes are counted on beyond 99, as readers have them that know no hours (Lollypop, foobar2000, pylrc); times are
    rounded down, so that no line comes after its first word.

    Args:
        cues: In order.
        timeline: Theirs; it turns samples into time.
        about: What the file says of the episode, by the tag for it (``ti``, ``ar``, ``al``); empty ones are left out.
    """
    told = {key: _lrc_text(printable(text)) for key, text in about.items()}
    told["length"] = _lrc_clock(timeline.milliseconds(timeline.length))[:-3]
    lines = [f"[{key}:{text}]" for key, text in told.items() if text]
    for before, cue in zip((None, *cues), cues, strict=False):
        label = f"{cue.speaker}: " if before is None or before.speaker != cue.speaker else ""
        lines.append(f"[{_lrc_clock(timeline.milliseconds(cue.start))}]{label}{_lrc_text(as_words(cue.text))}")
    return "\n".join(lines) + "\n"


def _lrc_clock(milliseconds: int) -> str:
    minutes, rest = divmod(milliseconds // 10, 6000)
    return f"{minutes:02}:{rest // 100:02}.{rest % 100:02}"


def _lrc_text(text: str) -> str:
    """Write brackets that readers would take for a time or a tag with ones that look alike."""
    return _LRC_TAG.sub("［", text)


def format_lyrics(timeline: Timeline, names: Mapping[str, str]) -> str:
    """Write the whole transcript as music players show lyrics: a paragraph for each speaker, with the name before it.

    Args:
        timeline: Where the lines are.
        names: What captions show for each speaker.
    """
    parts = []
    lines = (placement.line for placement in timeline.placements)
    for speaker, said in itertools.groupby(lines, key=lambda line: line.speaker):
        turns = itertools.groupby(said, key=lambda line: line.turn)
        texts = (joined(printable(line.text) for line in part) for _, part in turns)
        parts.append(f"{names[speaker]}: " + "\n".join(texts))
    return "\n\n".join(parts)


TRANSCRIPT_VERSION = "1.0.0"


def format_transcript_json(cues: Sequence[Cue], timeline: Timeline) -> str:
    """Write the ``.transcript.json`` of an episode, one segment a line of the file.

    Args:
        cues: In order; their text is not broken into lines.
        timeline: Theirs; it turns samples into time.
    """
    segments = [
        {
            "speaker": cue.speaker,
            "startTime": in_seconds(timeline.milliseconds(cue.start)),
            "endTime": in_seconds(timeline.milliseconds(cue.end)),
            "body": cue.text,
        }
        for cue in cues
    ]
    lines = ",\n".join(json_text(segment) for segment in segments)
    return f'{{"version": "{TRANSCRIPT_VERSION}", "segments": [\n{lines}\n]}}\n'
