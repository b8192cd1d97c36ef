"""Where everything in an episode is, in whole samples of the sound file: nothing is rounded before it is written.

Lines and their pauses come first; music is placed around and under them (intro, stings, outro, beds under narration).
Chapters open where lines may open one, less those that are too short to be worth a mark. Files have chapters in whole
milliseconds: ``chapter_marks``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from interview_audio.configuration.settings import Chapters, Settings
from interview_audio.production.music import Kind, MusicPiece, Soundtrack
from interview_audio.script.chapter_titles import preface_title
from interview_audio.script.lines import NARRATOR, Line, Script
from interview_audio.synthesis.clips import HEAD, TAIL, Clip
from interview_audio.text.printable import ascii_address, printable
from interview_audio.transcript.turns import Reference

MOST_CHAPTERS = 255
"""What the table of contents of an ID3 tag can count."""
CLOSEST_IN_LIST = 10
"""Seconds from mark to mark below which YouTube takes none of a list (support.google.com/youtube/answer/9884579)."""


_SHORTEST_BED = 1.0


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of the episode with a title."""

    title: str
    start: int
    """First sample, at the episode's rate."""
    end: int
    """One past the last sample."""
    image: Reference | None = None
    link: Reference | None = None


@dataclass(frozen=True, slots=True)
class ChapterRules:
    """Which openings become chapters; all lengths in samples."""

    shortest: int = 0
    """Below this a chapter is too short."""
    spacing: int | None = None
    """One chapter for each stretch of this length; None to take every opening."""
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class MarkedChapters:
    """The chapters of an episode, and what the listener should be told about them."""

    chapters: tuple[Chapter, ...]
    """Contiguous: the first starts at 0, each ends where the next starts, the last ends with the episode."""
    warnings: tuple[str, ...]


def chapter_rules(chapters: Chapters, sample_rate: int) -> ChapterRules:
    """Convert the settings to samples at this rate.

    A numbered chapter is long enough for every list: one that show notes must leave out would leave a gap in theirs.
    """
    spacing = round(chapters.minutes * 60 * sample_rate) if chapters.by == "minutes" else None
    shortest = max(chapters.min_seconds, CLOSEST_IN_LIST) if chapters.numbered else chapters.min_seconds
    return ChapterRules(round(shortest * sample_rate), spacing, chapters.numbered)


def mark_chapters(
    openings: Sequence[tuple[int, str]], length: int, rules: ChapterRules, *, has_preface: bool = False
) -> MarkedChapters:
    """Turn the places where a chapter may open into chapters.

    Chapters that are too short join those after them until they are long enough together, else the one before. What
    begins them is their title; only a preface that is too short has the title of the chapter that it joins.

    Args:
        openings: Samples in ascending order, each with a title.
        length: Of the episode, in samples.
        rules: Which of the openings become chapters.
        has_preface: Whether the first opening is what comes before the interview, under its title: the next says more.
    """
    chosen = _spaced(openings, rules.spacing) if rules.spacing else openings
    ends = [start for start, _ in chosen[1:]] + [length]
    starts = [0, *ends[:-1]]
    spans = zip(chosen, starts, ends, strict=False)
    chapters = [Chapter(title, start, end) for (_, title), start, end in spans]
    merged = _without_short_ones(_with_preface(chapters, rules.shortest) if has_preface else chapters, rules.shortest)
    if len(merged) <= MOST_CHAPTERS:
        return MarkedChapters(_titled(merged, rules), ())
    warning = (
        f"{len(merged)} chapters, but players show at most {MOST_CHAPTERS}; the shortest were merged into the one "
        f"before; raise chapters.min_seconds for fewer"
    )
    return MarkedChapters(_titled(_without_surplus(merged), rules), (warning,))


def _spaced(openings: Sequence[tuple[int, str]], spacing: int) -> list[tuple[int, str]]:
    """Return the first opening, and the first in each further stretch of so many samples."""
    chosen = list(openings[:1])
    for opening in openings:
        if opening[0] // spacing > chosen[-1][0] // spacing:
            chosen.append(opening)
    return chosen


def _titled(chapters: Sequence[Chapter], rules: ChapterRules) -> tuple[Chapter, ...]:
    if not rules.numbered:
        return tuple(chapters)
    return tuple(replace(chapter, title=f"{number}. {chapter.title}") for number, chapter in enumerate(chapters, 1))


def _with_preface(chapters: Sequence[Chapter], shortest: int) -> Sequence[Chapter]:
    """Join a preface that is too short to the next chapter, whose title stays."""
    if len(chapters) < 2 or _length(chapters[0]) >= shortest:
        return chapters
    preface, first, *others = chapters
    return [Chapter(first.title, preface.start, first.end), *others]


def _without_short_ones(chapters: Sequence[Chapter], shortest: int) -> list[Chapter]:
    """Join short chapters that follow one another into one; one that is still short joins its neighbour."""
    runs: list[Chapter] = []
    for chapter in chapters:
        if runs and _length(runs[-1]) < shortest and (_length(chapter) < shortest or len(runs) == 1):
            runs[-1] = Chapter(runs[-1].title, runs[-1].start, chapter.end)
        else:
            runs.append(chapter)
    merged: list[Chapter] = []
    for run in runs:
        if merged and _length(run) < shortest:
            merged[-1] = Chapter(merged[-1].title, merged[-1].start, run.end)
        else:
            merged.append(run)
    return merged


def _without_surplus(chapters: list[Chapter]) -> list[Chapter]:
    merged = list(chapters)
    while len(merged) > MOST_CHAPTERS:
        shortest = min(range(1, len(merged)), key=lambda index: _length(merged[index]))
        before, short = merged[shortest - 1], merged[shortest]
        merged[shortest - 1 : shortest + 1] = [Chapter(before.title, before.start, short.end)]
    return merged


def _length(chapter: Chapter) -> int:
    return chapter.end - chapter.start


@dataclass(frozen=True, slots=True)
class MusicPlacement:
    """A piece in its place; all values in samples at the timeline's rate."""

    kind: Kind
    piece: MusicPiece
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


def place(kind: Kind, piece: MusicPiece, start: int, sample_rate: int) -> MusicPlacement:
    """Place a whole piece that begins at this sample."""
    return _faded(kind, piece, start, start + piece.length(sample_rate), sample_rate)


def overlap(piece: MusicPiece, sample_rate: int) -> int:
    """Return the samples that an intro or outro shares with speech: the settings', but at most half of the piece."""
    return min(round(piece.music.overlap * sample_rate), piece.length(sample_rate) // 2)


def lay_beds(piece: MusicPiece, narrations: Iterable[Narration], sample_rate: int) -> tuple[MusicPlacement, ...]:
    """Place a bed under each run of narration.

    It comes in before the first word and goes after the last by at most the length of its fades, and never lies under
    somebody else's words or other music. A bed shorter than a second is left out.
    """
    fade_in, fade_out = (round(piece.music.fade_in * sample_rate), round(piece.music.fade_out * sample_rate))
    spans = [(max(run.earliest, run.start - fade_in), min(run.latest, run.end + fade_out)) for run in narrations]
    shortest = round(_SHORTEST_BED * sample_rate)
    return tuple(_faded("bed", piece, *span, sample_rate) for span in spans if span[1] - span[0] >= shortest)


def _faded(kind: Kind, piece: MusicPiece, start: int, end: int, sample_rate: int) -> MusicPlacement:
    wished = (round(piece.music.fade_in * sample_rate), round(piece.music.fade_out * sample_rate))
    # Fades that do not fit share the piece in the proportion in which they were asked for.
    length = end - start
    fade_in, fade_out = (min(fade, length * fade // max(sum(wished), 1)) for fade in wished)
    return MusicPlacement(kind, piece, start, end, fade_in, fade_out)


_SHORT_REPLY = 1.5
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
        """Return a position in seconds, rounded to a millisecond: the one rounding, for every format."""
        return self.milliseconds(position) / 1000

    def milliseconds(self, position: int) -> int:
        """Return a position in whole milliseconds, rounded half up."""
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
    before the head is over. A sting is in the middle of its pause, which is as much longer. The last line is
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
        _with_references(marks.chapters, speech.placements, script.references),
        length,
        marks.warnings,
        tuple(sorted(music, key=lambda piece: piece.start)),
    )


def _has_preface(script: Script, chapters: Chapters) -> bool:
    """Tell whether the narrator or the show opens, under the episode's title."""
    first = script.lines[0] if script.lines else None
    is_around = first is not None and (first.speaker == NARRATOR or first.is_announced)
    return first is not None and is_around and first.chapter == preface_title(script.title, script.language, chapters)


def _with_references(
    chapters: Sequence[Chapter], placements: Sequence[Placement], references: Mapping[int, tuple[Reference, ...]]
) -> tuple[Chapter, ...]:
    """Return the chapters, each with the first image and the first link of the turns that are heard in it."""
    found: list[dict[str, Reference]] = [{} for _ in chapters]
    number = 0
    for placed in placements if references and chapters else ():
        while number + 1 < len(chapters) and placed.start >= chapters[number + 1].start:
            number += 1
        for reference in references.get(placed.line.turn, ()):
            found[number].setdefault(reference.kind, reference)
    return tuple(
        replace(chapter, image=own.get("image"), link=own.get("link")) if own else chapter
        for chapter, own in zip(chapters, found, strict=True)
    )


def audible_length(clip: Clip, sample_rate: int) -> int:
    """Return a trimmed clip's samples at another rate: a part of a sample counts, as in the resampler."""
    return -(-(clip.offset - clip.onset) * sample_rate // clip.sample_rate)


def _speech(
    script: Script, clips: Sequence[Clip], first_sound: int, sting: MusicPiece | None, intro_end: int, rate: int
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


def _outro(piece: MusicPiece | None, speech: _Speech, intro_end: int, rate: int) -> MusicPlacement | None:
    if piece is None:
        return None
    return place("outro", piece, max(intro_end, speech.end - overlap(piece, rate)), rate)


def _pause(line: Line, following: Clip) -> float:
    """Return the seconds between a line and the clip that comes next."""
    is_short = following.offset - following.onset < _SHORT_REPLY * following.sample_rate
    if is_short and line.pause_before_short_reply is not None:
        return line.pause_before_short_reply
    return line.pause


def _beds(piece: MusicPiece | None, speech: _Speech, room: tuple[int, int], rate: int) -> tuple[MusicPlacement, ...]:
    return lay_beds(piece, _narrations(speech, *room), rate) if piece else ()


def _narrations(speech: _Speech, earliest: int, latest: int) -> Iterator[Narration]:
    """Yield the narrator's lines in a row, separated by stings, each with the room up to its neighbours."""
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
    image: str = ""
    """Address of its image, or the name of a file of the episode, as addresses write it; empty where it has none."""
    link: str = ""
    """Address that belongs to it; empty where it has none."""
    image_text: str = field(default="", compare=False)
    """What the source says of the image to those who do not see it; no list of chapters has a place for it."""


def chapter_marks(timeline: Timeline) -> tuple[ChapterMark, ...]:
    """Return the chapters of a timeline as files have them."""
    return tuple(
        ChapterMark(
            printable(chapter.title) or _UNTITLED,
            timeline.milliseconds(chapter.start),
            timeline.milliseconds(chapter.end),
            ascii_address(chapter.image.target) if chapter.image else "",
            ascii_address(chapter.link.target) if chapter.link else "",
            printable(chapter.image.text) if chapter.image else "",
        )
        for chapter in timeline.chapters
    )


def in_seconds(milliseconds: int) -> int | float:
    """Return seconds for JSON, exact to the millisecond."""
    return milliseconds // 1000 if milliseconds % 1000 == 0 else milliseconds / 1000
