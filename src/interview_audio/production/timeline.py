"""Where music stands in an episode, in whole samples: intro, stings and outro around speech, beds under narration.

Where everything in an episode stands, in whole samples of the MP3: nothing is rounded before it is written.

The chapters of an episode in whole milliseconds, as every format writes them and gives them back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from interview_audio.configuration.settings import Chapters, Settings
from interview_audio.production.audio.music import Kind, Piece, Soundtrack
from interview_audio.production.chapters import Chapter, chapter_rules, mark_chapters
from interview_audio.script.chapter_titles import fallback_title
from interview_audio.script.lines import NARRATOR, Line, Script
from interview_audio.synthesis.clips import HEAD, TAIL, Clip
from interview_audio.text.printable import printable

_SHORTEST_BED = 1.0


@dataclass(frozen=True, slots=True)
class MusicPlacement:
    """A piece in its place; all values in samples at the timeline's rate."""

    kind: Kind
    piece: Piece
    start: int
    end: int
    """One past the last sample; a bed is repeated up to here."""
    fade_in: int
    fade_out: int
    """Both lie inside ``start:end`` and do not meet."""


@dataclass(frozen=True, slots=True)
class Narration:
    """Lines of the narrator in a row, and the room around them that a bed may take; in samples."""

    start: int
    end: int
    earliest: int
    latest: int


def place(kind: Kind, piece: Piece, start: int, sample_rate: int) -> MusicPlacement:
    """A whole piece that begins at this sample."""
    return _faded(kind, piece, start, start + piece.length(sample_rate), sample_rate)


def overlap(piece: Piece, sample_rate: int) -> int:
    """Samples that an intro or outro shares with speech: as the settings say, but at most half of the piece."""
    return min(round(piece.music.overlap * sample_rate), piece.length(sample_rate) // 2)


def lay_beds(piece: Piece, narrations: Iterable[Narration], sample_rate: int) -> tuple[MusicPlacement, ...]:
    """A bed under each run of narration.

    It comes in before the first word and goes after the last by at most the length of its fades, and never lies under
    somebody else's words or other music. Less than a second of bed is none.
    """
    fade_in, fade_out = (round(piece.music.fade_in * sample_rate), round(piece.music.fade_out * sample_rate))
    spans = [(max(run.earliest, run.start - fade_in), min(run.latest, run.end + fade_out)) for run in narrations]
    shortest = round(_SHORTEST_BED * sample_rate)
    return tuple(_faded("bed", piece, *span, sample_rate) for span in spans if span[1] - span[0] >= shortest)


def _faded(kind: Kind, piece: Piece, start: int, end: int, sample_rate: int) -> MusicPlacement:
    wished = (round(piece.music.fade_in * sample_rate), round(piece.music.fade_out * sample_rate))
    # Fades that do not fit share the piece in the proportion in which they were asked for.
    length = end - start
    fade_in, fade_out = (min(fade, length * fade // max(sum(wished), 1)) for fade in wished)
    return MusicPlacement(kind, piece, start, end, fade_in, fade_out)


SHORT_REPLY = 1.5
"""Seconds of sound below which an answer is a short reply."""

_NO_MUSIC = Soundtrack()


@dataclass(frozen=True, slots=True)
class Placement:
    """A clip in its place: the sound from ``clip.onset`` to ``clip.offset`` fills ``start:end``."""

    line: Line
    clip: Clip
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """An episode as placed clips with silence or music around them; all positions in samples at ``sample_rate``."""

    sample_rate: int
    placements: tuple[Placement, ...]
    chapters: tuple[Chapter, ...]
    length: int
    warnings: tuple[str, ...] = ()
    music: tuple[MusicPlacement, ...] = ()
    """In order of their starts."""

    def seconds(self, position: int) -> float:
        """A position in seconds, rounded to a millisecond: the one rounding, for every format that is written."""
        return self.milliseconds(position) / 1000

    def milliseconds(self, position: int) -> int:
        """A position in whole milliseconds, rounded half up."""
        return (position * 2000 + self.sample_rate) // (2 * self.sample_rate)


@dataclass(frozen=True, slots=True)
class _Speech:
    """The clips in their places, and the stings by the number of the clip that they announce."""

    placements: tuple[Placement, ...]
    stings: Mapping[int, MusicPlacement]
    end: int
    """One past the last sample of sound, after which the tail or the outro is counted."""


def lay_out(script: Script, clips: Sequence[Clip], settings: Settings, soundtrack: Soundtrack = _NO_MUSIC) -> Timeline:
    """Place the clips of a script one after the other, and the music around and under them.

    A pause lasts from the last sound of an utterance to the first of the next: the little silence that trimming leaves
    at the edges of a clip is part of it. With an intro, speech begins before its end by what the two share, but not
    before the head is over. A sting stands in the middle of its pause, which is as much longer. The last line is
    followed by the tail, whatever its own pause, or by the outro, with which the episode ends.

    Args:
        script: Lines to place.
        clips: One for each line, in the same order.
        settings: Pauses, chapters and output rate.
        soundtrack: Music that has been opened.
    """
    rate = settings.sound.sample_rate
    intro = place("intro", soundtrack.intro, 0, rate) if soundtrack.intro else None
    intro_end = intro.end if intro else 0
    first_sound = round(settings.pauses.head * rate)
    if intro:
        first_sound = max(first_sound, intro_end - overlap(intro.piece, rate))
    speech = _speech(script, clips, first_sound, soundtrack.sting, intro_end, rate)
    outro = _outro(soundtrack.outro, speech, intro_end, rate)
    end = outro.end if outro else speech.end + round(settings.pauses.tail * rate)
    length = max(end, intro_end, speech.placements[-1].end if speech.placements else 0)
    beds = _beds(soundtrack.bed, speech, (intro_end, outro.start if outro else length), rate)
    music = [piece for piece in (intro, *speech.stings.values(), outro, *beds) if piece]
    openings = [(placed.start, placed.line.chapter) for placed in speech.placements if placed.line.chapter is not None]
    rules = chapter_rules(settings.chapters, rate)
    marks = mark_chapters(openings, length, rules, has_preface=_has_preface(script, settings.chapters))
    return Timeline(
        rate,
        speech.placements,
        marks.chapters,
        length,
        marks.warnings,
        tuple(sorted(music, key=lambda piece: piece.start)),
    )


def _has_preface(script: Script, chapters: Chapters) -> bool:
    """Whether the narrator opens, under the episode's title."""
    first = script.lines[0] if script.lines else None
    return first is not None and first.speaker == NARRATOR and first.chapter == fallback_title(script.title, chapters)


def audible_length(clip: Clip, sample_rate: int) -> int:
    """Samples that a trimmed clip has at another rate: a sample begun counts, as the resampler has it."""
    return -(-(clip.offset - clip.onset) * sample_rate // clip.sample_rate)


def _speech(
    script: Script, clips: Sequence[Clip], first_sound: int, sting: Piece | None, intro_end: int, rate: int
) -> _Speech:
    placements: list[Placement] = []
    stings: dict[int, MusicPlacement] = {}
    sound_end, pause = 0, first_sound
    for number, (line, clip) in enumerate(zip(script.lines, clips, strict=True)):
        if placements:
            pause = round(_pause(placements[-1].line, clip) * rate)
        # As much silence on either side: the words before end, the sting ends, and only then somebody speaks. An
        # intro that is still to be heard has announced the section already.
        if placements and line.opens_section and sting and sound_end + pause // 2 >= intro_end:
            stings[number] = place("sting", sting, sound_end + pause // 2, rate)
            pause += sting.length(rate)
        earliest = placements[-1].end if placements else 0
        start = max(earliest, sound_end + pause - _kept_head(clip, rate))
        placements.append(Placement(line, clip, start, start + audible_length(clip, rate)))
        sound_end = placements[-1].end - _kept_tail(clip, rate)
    return _Speech(tuple(placements), stings, sound_end if placements else first_sound)


def _outro(piece: Piece | None, speech: _Speech, intro_end: int, rate: int) -> MusicPlacement | None:
    if piece is None:
        return None
    return place("outro", piece, max(intro_end, speech.end - overlap(piece, rate)), rate)


def _pause(line: Line, following: Clip) -> float:
    """Seconds between a line and the clip that comes next."""
    is_short = following.offset - following.onset < SHORT_REPLY * following.sample_rate
    if is_short and line.pause_before_short_reply is not None:
        return line.pause_before_short_reply
    return line.pause


def _beds(piece: Piece | None, speech: _Speech, room: tuple[int, int], rate: int) -> tuple[MusicPlacement, ...]:
    return lay_beds(piece, _narrations(speech, *room), rate) if piece else ()


def _narrations(speech: _Speech, earliest: int, latest: int) -> Iterator[Narration]:
    """The narrator's lines in a row, parted by stings, each with the room up to what is heard before and after."""
    placements = speech.placements
    first = None
    for number, placed in enumerate(placements):
        if placed.line.speaker != NARRATOR:
            continue
        if first is None:
            first = number
        following = number + 1
        sting = speech.stings.get(following)
        is_last = following == len(placements) or placements[following].line.speaker != NARRATOR
        if is_last or sting:
            before = placements[first - 1].end if first else 0
            announced = speech.stings[first].end if first in speech.stings else before
            after = placements[following].start if following < len(placements) else latest
            yield Narration(
                placements[first].start,
                placed.end,
                max(earliest, announced),
                min(latest, sting.start if sting else after),
            )
            first = None


def _kept_head(clip: Clip, sample_rate: int) -> int:
    return round(HEAD * sample_rate) if clip.onset > 0 else 0


def _kept_tail(clip: Clip, sample_rate: int) -> int:
    return round(TAIL * sample_rate) if clip.offset < clip.samples else 0


_UNTITLED = "…"


@dataclass(frozen=True, slots=True)
class ChapterMark:
    """A chapter as a file has it."""

    title: str
    start: int
    """Milliseconds; whole seconds where the format has no more."""
    end: int | None
    """Milliseconds; None where the format has none."""


def chapter_marks(timeline: Timeline) -> tuple[ChapterMark, ...]:
    """The chapters of a timeline, for the writers."""
    return tuple(
        ChapterMark(
            printable(chapter.title) or _UNTITLED,
            timeline.milliseconds(chapter.start),
            timeline.milliseconds(chapter.end),
        )
        for chapter in timeline.chapters
    )


def in_seconds(milliseconds: int) -> int | float:
    """Seconds for JSON, exact to the millisecond."""
    return milliseconds // 1000 if milliseconds % 1000 == 0 else milliseconds / 1000
