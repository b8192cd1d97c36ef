"""Captions of an episode, timed by the words of the clips, and the few words of their own that sidecar files use.

What a reader of captions would obey is written with marks that look alike: SubRip has no escapes, and readers of
WebVTT differ in theirs. Measured with pysubs2 1.8, srt 3.5, webvtt-py 0.6, FFmpeg 8 and our own reader: pysubs2 takes
every line with two clock times for the times of a cue, arrow or not, and drops what is in braces; FFmpeg and pysubs2
break the line at a backslash before N, n or h; webvtt-py and pysubs2 drop what is between < and >, be it
``1 < 2 and 3 > 2``, and show ``&lt;`` as it is written; ours lets another person speak after >>, as television does,
and undoes ``&lt;`` in SubRip too.
"""

import bisect
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from interview_audio.production.sidecars.caption_splitting import SHORTEST, cut_text
from interview_audio.production.sidecars.line_breaks import columns_of
from interview_audio.production.timeline import Placement, Timeline
from interview_audio.script.lines import NARRATOR, NameAndRole, shown_names
from interview_audio.synthesis.clip_file import read_words
from interview_audio.synthesis.clips import Word
from interview_audio.text.printable import printable

_UNSEEN = "…"
"""For a name of which nothing is seen; readers refuse an empty one."""
# AntennaPod reads no speaker from a WebVTT name with & or >, escaped or not, and cuts one of SRT at the colon.
_NAME_LOOKALIKES = str.maketrans({"&": "＆", "<": "＜", ">": "＞", ":": "："})
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


@dataclass(frozen=True, slots=True)
class SidecarWords:
    """The words for one language."""

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


def caption_names(cast: Iterable[NameAndRole], language: str) -> dict[str, str]:
    """Return each speaker as captions show them: the same in every format, and read by every player.

    Args:
        cast: Canonical names, or ``narrator``, each with the role.
        language: Of the episode.
    """
    people = shown_names(((name, role) for name, role in cast if name != NARRATOR), language)
    shown = {name: as_words(printable(text).translate(_NAME_LOOKALIKES)) or _UNSEEN for name, text in people.items()}
    return shown | {NARRATOR: sidecar_words(language).narrator}


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
