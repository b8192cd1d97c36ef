"""Checks an episode as players read it: what is wrong with it, and what each family of players will show.

Facts about players are from their sources and documents, gathered in 2026; no closed player was tried here.
"""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from interview_audio.files.episode_record import RECORD_SUFFIX, EpisodeRecord
from interview_audio.production.sidecars.captions import caption_names
from interview_audio.production.sidecars.sidecar_files import listed_marks
from interview_audio.production.timeline import MOST_CHAPTERS, ChapterMark
from interview_audio.script.lines import formerly_shown, people_without_a_name
from interview_audio.text.printable import printable
from interview_audio.text.units import clock, counted, shortened
from interview_audio.verification.audio_file import SILENCE, AudioFileError, frame_problems
from interview_audio.verification.facts import EDITED, NOTES, EpisodeFacts, Mp3Facts, read_episode
from interview_audio.verification.sidecar_reading import Caption

if TYPE_CHECKING:  # only a report of somebody who listens needs what it loads
    from interview_audio.verification.listening import Ear, HeardLine, Hearing

_LOUDNESS_TOLERANCE = 1.0
"""LU that Apple Podcasts allows (podcasters.apple.com/support/893)."""
_HIGHEST_PEAK = -1.0
"""dBTP that Apple Podcasts allows."""
_LARGEST_FRAME = 127
"""Bytes above which ID3v2.4 writes a frame's size otherwise than v2.3: readers that overlook it lose the chapter."""
_ROUNDED = 0.05
"""Half of the last digit shown: what is printed as -1.0 is -1.0."""
_REMEASURED = 0.3
"""LU by which two meters of the same sound may differ."""
_RENDER = "render the episode again"
_LENGTH_TOLERANCE = 30
"""Milliseconds: an MP3 without an Info header is longer by its encoder's delay."""
_WRITTEN_OTHERWISE = re.compile(r"[\s:：<＜>＞{｛}｝&＆\\＼→-]+")
"""What captions may write with lookalikes, each format in its way (``production/sidecars/captions.py``)."""
_FEWEST_MARKS = 3
"""Below which YouTube takes no list for chapters."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong."""

    where: str
    """The file."""
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class PlayerView:
    """What a family of players shows."""

    players: str
    shows: str


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """A sound file, what was read of it and of the files beside it, and what is wrong with them."""

    path: Path
    facts: EpisodeFacts | None = field(repr=False)
    """None if it cannot be read at all, which is its one problem."""
    players: tuple[PlayerView, ...]
    """What players will show."""
    problems: tuple[Problem, ...]
    hearing: "Hearing | None" = field(default=None, repr=False)
    """What an ear heard; None if nobody listened, or there is nothing to compare with."""

    @property
    def is_valid(self) -> bool:
        """Tell whether no problem was found."""
        return not self.problems


def verify(
    path: str | Path, *, ear: "Ear | None" = None, on_heard: Callable[[int, int], None] = lambda *_: None
) -> VerificationReport:
    """Check an episode, made by this program or not; all of its sound is decoded.

    Args:
        path: The sound file; captions, chapter lists and the record are looked for beside it.
        ear: Listens to each line of the record; a sentence that it does not hear is a problem.
        on_heard: Called with the lines that were listened to and all lines.
    """
    path = Path(path)
    try:
        facts = read_episode(path)
    except AudioFileError as error:
        unreadable = Problem(path.name, error.reason, "choose another file or render it again")
        return VerificationReport(path, None, (), (unreadable,))
    problems = list(find_problems(facts))
    hearing = None
    if ear:
        from interview_audio.verification.listening import listen

        lines = facts.record.lines if facts.record else ()
        if lines:
            hearing = listen(path, lines, ear, on_heard)
            problems += (problem for line in hearing.lines for problem in _problems_of_hearing(path.name, line))
        else:
            what = f"no {RECORD_SUFFIX} beside it lists its lines, so what is heard has nothing to be compared with"
            problems.append(Problem(path.name, what, _again(facts)))
    return VerificationReport(path, facts, tuple(players_show(facts)), tuple(problems), hearing)


def _problems_of_hearing(name: str, heard: "HeardLine") -> Iterator[Problem]:
    line = heard.line
    instead = f"{shortened(heard.heard)!r} was heard" if heard.heard else "nothing was heard"
    which = f"line:{line.line}" if line.line else f"turn:{line.turn}"
    for sentence in heard.lost:
        yield Problem(
            name,
            f"the sentence {shortened(sentence)!r} of {line.speaker} at {clock(line.start)} is lost: {instead}",
            f"listen to it; for another take, render again with --redo {which}",
        )


def find_problems(facts: EpisodeFacts) -> tuple[Problem, ...]:
    """Find everything that is wrong with an episode, the sound file first.

    A file that we did not make is held to what players need; one of ours also to what its record says.
    """
    problems = [*_problems_of_interruption(facts), *_problems_of_sound_file(facts)]
    if facts.record_fault:
        problems.append(Problem(facts.sidecar(RECORD_SUFFIX), facts.record_fault, _RENDER))
    if facts.record:
        problems += _against_record(facts, facts.record)
    problems += _problems_of_chapter_lists(facts)
    problems += _problems_of_transcripts(facts)
    return tuple(problems)


def _problems_of_interruption(facts: EpisodeFacts) -> Iterator[Problem]:
    if facts.waiting:
        what = f"an interrupted render has left {counted(len(facts.waiting), 'finished file')} to be moved into place"
        yield Problem(facts.path.name, what, _RENDER)


def _problems_of_sound_file(facts: EpisodeFacts) -> Iterator[Problem]:
    name = facts.path.name
    yield from (Problem(name, what, remedy) for what, remedy in _problems_of_sound(facts))
    if facts.mp3:
        yield from (Problem(name, what, remedy) for what, remedy in _problems_of_mp3(facts, facts.mp3))
    yield from (Problem(name, what, _again(facts)) for what in _problems_of_marks(facts))
    if what := _problems_of_cover(facts.contents.cover):
        yield Problem(name, what, "embed a square JPEG of 600 x 600 pixels")


def _problems_of_sound(facts: EpisodeFacts) -> Iterator[tuple[str, str]]:
    heard, contents = facts.sound, facts.contents
    target = facts.record.levels.target if facts.record else -16.0
    if heard.fault:
        yield f"the audio cannot be decoded after {clock(heard.milliseconds)} ({heard.fault})", _again(facts)
    if heard.loudness <= SILENCE:
        yield "the audio is silent", _again(facts)
    elif abs(heard.loudness - target) > _LOUDNESS_TOLERANCE + _ROUNDED:
        yield (
            f"its loudness is {heard.loudness:.1f} LUFS, not {target:.1f} ± {_LOUDNESS_TOLERANCE:.0f}",
            _RENDER if facts.record else f"change its volume by {target - heard.loudness:+.1f} dB",
        )
    if heard.true_peak > _HIGHEST_PEAK + _ROUNDED:
        yield f"its true peak is {heard.true_peak:.1f} dBTP, above {_HIGHEST_PEAK:.0f}", "limit it before encoding"
    if contents.samples and abs(heard.milliseconds - contents.milliseconds) > _LENGTH_TOLERANCE:
        yield (
            f"it claims a length of {clock(contents.milliseconds)}, but has {clock(heard.milliseconds)} of audio",
            _again(facts),
        )


def _problems_of_mp3(facts: EpisodeFacts, mp3: Mp3Facts) -> Iterator[tuple[str, str]]:
    yield from ((what, "encode it again at a constant bit rate") for what in frame_problems(mp3.frames))
    tag = mp3.tag
    if tag.faults and facts.record:
        yield tag.faults[0], _RENDER  # others may only follow from the first
    if tag.damage:
        yield f"its ID3 tag is damaged ({tag.damage})", _again(facts)
    if not tag.chapters:
        return
    if tag.version == 4:
        for number, chapter in enumerate(tag.chapters, start=1):
            if chapter.largest_frame > _LARGEST_FRAME:
                what = f"chapter {number} ({chapter.title[:20]}…) has a frame of {chapter.largest_frame:,} bytes"
                yield f"{what}; in ID3v2.4, players lose frames above {_LARGEST_FRAME}", "write the tag as ID3v2.3"
    if any(not chapter.has_byte_order for chapter in tag.chapters):
        yield (
            "chapter titles in UTF-16 without a byte order mark are shown as garbage",
            "write the tag as ID3v2.3 with it",
        )
    if len(tag.contents) != 1:
        yield (
            f"{len(tag.contents) or 'no'} top-level tables of contents (CTOC), so some players show no chapters",
            "write exactly one",
        )
    elif sorted(tag.contents[0]) != sorted(chapter.element for chapter in tag.chapters):
        yield "its table of contents (CTOC) does not match its chapters", "write the tag again"
    if len(tag.chapters) > MOST_CHAPTERS:
        yield f"{len(tag.chapters)} chapters, but players read at most {MOST_CHAPTERS}", "merge some"


def _problems_of_marks(facts: EpisodeFacts) -> Iterator[str]:
    starts = [mark.start for mark in facts.contents.chapters]
    ends = [mark.end for mark in facts.contents.chapters if mark.end is not None]
    if starts != sorted(starts):
        yield "its chapters are not in order of time, and many players do not sort them"
    length = facts.milliseconds
    if starts and (max(starts) >= length or max(ends, default=0) > length + _LENGTH_TOLERANCE):
        yield f"a chapter lasts to {clock(max(starts + ends))}, but the audio ends at {clock(length)}"


def _problems_of_cover(cover: bytes) -> str:
    if not cover:
        return ""
    try:
        with Image.open(io.BytesIO(cover)) as picture:
            width, height = picture.size
    except OSError:
        return "its cover is not a picture"
    return "" if width == height else f"its cover is not square ({width} x {height} pixels)"


def _again(facts: EpisodeFacts) -> str:
    """Say what to do about a file that came out wrong."""
    return _RENDER if facts.record else "create the file again"


def _against_record(facts: EpisodeFacts, record: EpisodeRecord) -> Iterator[Problem]:
    name = facts.path.name
    for file in record.files:
        size = facts.sizes[file.name]
        if size is None:
            yield Problem(file.name, "it is missing", _RENDER)
        elif file.name == name and size != file.size:  # the text of the others may be edited
            yield Problem(name, f"it has {size:,} bytes, not {file.size:,} as rendered", _RENDER)
    if name not in facts.sizes:
        yield Problem(facts.sidecar(RECORD_SUFFIX), f"it does not list {name}", _RENDER)
    title = facts.contents.tags.get("title", "")
    if title != printable(record.title):
        yield Problem(name, f"its title is {title!r}, not {printable(record.title)!r} as rendered", _RENDER)
    milliseconds = round(record.duration * 1000)
    if facts.milliseconds != milliseconds:
        lengths = f"{clock(facts.milliseconds)}, not {clock(milliseconds)} as rendered"
        yield Problem(name, f"it lasts {lengths}", _RENDER)
    if abs(facts.sound.loudness - record.levels.integrated) > _REMEASURED:
        heard = f"{facts.sound.loudness:.1f} LUFS, not {record.levels.integrated:.1f} as rendered"
        yield Problem(name, f"its loudness is {heard}", _RENDER)
    if what := _difference(facts.recorded_chapters or (), facts.contents.chapters):
        yield Problem(name, what, _RENDER)
    if not facts.contents.cover:
        yield Problem(name, "it has no cover", _RENDER)


def _problems_of_chapter_lists(facts: EpisodeFacts) -> Iterator[Problem]:
    recorded = facts.recorded_chapters
    expected = facts.contents.chapters if recorded is None else recorded
    for suffix, chapter_list in facts.chapter_lists.items():
        wanted = listed_marks(expected) if suffix == NOTES else expected
        what = chapter_list.fault or _difference(wanted, chapter_list.marks)
        if what:
            yield Problem(facts.sidecar(suffix), what, _again(facts))


def _difference(expected: Sequence[ChapterMark], found: Sequence[ChapterMark]) -> str:
    """How chapters differ from those that should be there; empty if they do not."""
    if len(expected) != len(found):
        return f"it has {counted(len(found), 'chapter')}, but the episode has {len(expected)}"
    differing = [number for number, pair in enumerate(zip(expected, found, strict=True), start=1) if _differ(*pair)]
    if not differing:
        return ""
    number = differing[0]
    wanted, mark = expected[number - 1], found[number - 1]
    if wanted.title != mark.title:
        what = f"chapter {number} is called {mark.title!r}, but {wanted.title!r} in the episode"
    elif wanted.start != mark.start:
        what = f"chapter {number} begins at {clock(mark.start)}, but in the episode at {clock(wanted.start)}"
    else:
        what = f"chapter {number} ends at {clock(mark.end or 0)}, but in the episode at {clock(wanted.end or 0)}"
    return what + (f" ({len(differing)} chapters differ)" if len(differing) > 1 else "")


def _differ(wanted: ChapterMark, mark: ChapterMark) -> bool:
    has_both_ends = wanted.end is not None and mark.end is not None
    return (wanted.title, wanted.start) != (mark.title, mark.start) or (has_both_ends and wanted.end != mark.end)


def _problems_of_transcripts(facts: EpisodeFacts) -> Iterator[Problem]:
    faults = {
        suffix: file.fault or _problems_of_captions(file.captions, facts) for suffix, file in facts.transcripts.items()
    }
    reference = next((suffix for suffix, fault in faults.items() if not fault), None)
    for suffix, file in facts.transcripts.items():
        what = faults[suffix]
        if not what and reference and suffix != reference:
            what = _other_words(reference, facts.transcripts[reference].captions, file.captions)
        if what:
            yield Problem(facts.sidecar(suffix), what, _again(facts))


def _problems_of_captions(captions: Sequence[Caption], facts: EpisodeFacts) -> str:
    length = facts.milliseconds
    record = facts.record
    known = _shown_speakers(record) if record else set()
    for number, caption in enumerate(captions, start=1):
        if caption.end > length:
            return f"caption {number} ends at {clock(caption.end)}, but the episode at {clock(length)}"
        if record and caption.speaker not in known:
            return f"caption {number} is spoken by {caption.speaker!r}, who is not in the cast"
    return "it has no captions" if record and not captions else ""


def _shown_speakers(record: EpisodeRecord) -> set[str]:
    """Return who speaks, as captions show them, the narrator among them if somebody narrates."""
    parts = [(member.speaker, member.role) for member in record.cast]
    names = caption_names(parts, record.language, {one.speaker: one.shown for one in record.cast if one.shown})
    shown = {names[member.speaker] for member in record.cast}
    if any(member.shown for member in record.cast):
        return shown
    # Of an earlier version, which called the unnamed otherwise.
    return shown | {formerly_shown(role, record.language) for role in people_without_a_name(parts).values()}


def _other_words(suffix: str, expected: Sequence[Caption], captions: Sequence[Caption]) -> str:
    """How captions differ from those of the file with this suffix; empty if they do not."""
    if len(expected) != len(captions):
        return f"it has {counted(len(captions), 'caption')}, but the {suffix} has {len(expected)}"
    for number, (wanted, caption) in enumerate(zip(expected, captions, strict=True), start=1):
        if (wanted.start, wanted.end) != (caption.start, caption.end):
            times = f"{clock(caption.start)} to {clock(caption.end)}"
            others = f"{clock(wanted.start)} to {clock(wanted.end)}"
            return f"caption {number} is from {times}, but in the {suffix} from {others}"
        if wanted.speaker != caption.speaker:
            return f"caption {number} is spoken by {caption.speaker!r}, but in the {suffix} by {wanted.speaker!r}"
        if _WRITTEN_OTHERWISE.sub("", wanted.text) != _WRITTEN_OTHERWISE.sub("", caption.text):
            return f"caption {number} has another text than in the {suffix}"
    return ""


def players_show(facts: EpisodeFacts) -> tuple[PlayerView, ...]:
    """Say in a line for each family of players what it shows."""
    return tuple(
        PlayerView(players, ", ".join(shows(facts)))
        for players, shows in (
            ("Apple Podcasts", _apple),
            ("Overcast, Castro, Pocket Casts", _listing_players),
            ("AntennaPod", _antennapod),
            ("Spotify, YouTube", _described),
            ("VLC 3", _vlc),
            ("cars, plain MP3 players", _plain),
        )
    )


def _apple(facts: EpisodeFacts) -> Iterator[str]:
    if facts.contents.format not in ("mp3", *EDITED):
        yield f"does not play {facts.contents.format}"
        return
    yield _chapters(_surviving(facts))
    yield _apple_transcript(facts)
    yield "cover from the feed"
    if not facts.path.name.isascii():
        yield "needs an ASCII file name"


def _apple_transcript(facts: EpisodeFacts) -> str:
    transcript = facts.transcripts.get(".vtt")
    if transcript is None or transcript.fault:
        return "its own automatic transcript"
    named = any(caption.speaker for caption in transcript.captions)
    return f"transcript {'with' if named else 'without'} speakers (.vtt in the feed)"


def _listing_players(facts: EpisodeFacts) -> Iterator[str]:
    if facts.contents.format not in ("mp3", *EDITED):
        yield f"{facts.contents.format} only on devices that play it"
        return
    count = _surviving(facts)
    is_unlisted = facts.mp3 is not None and not facts.mp3.tag.contents
    yield _chapters(count) + (" (not listed by Overcast)" if count and is_unlisted else "")
    yield _cover(facts)


def _antennapod(facts: EpisodeFacts) -> Iterator[str]:
    # ChapterMerger.java: the longer list wins. M4AChapterReader and VorbisCommentChapterReader read the other formats.
    inside = 0 if facts.contents.format == "flac" else len(facts.contents.chapters)
    if facts.mp3:
        inside = len(facts.mp3.tag.chapters)
    lists = facts.chapter_lists.get(".chapters.json")
    beside = len(lists.marks) if lists else 0
    yield _chapters(max(inside, beside)) + (" (.chapters.json in the feed)" if beside > inside else "")
    transcripts = [suffix for suffix in (".transcript.json", ".vtt", ".srt") if suffix in facts.transcripts]
    yield f"transcript ({transcripts[0]} in the feed)" if transcripts else "no transcript"
    yield _cover(facts)


def _described(facts: EpisodeFacts) -> Iterator[str]:
    notes = facts.chapter_lists.get(NOTES)
    count = len(notes.marks) if notes else 0
    if count >= _FEWEST_MARKS:
        yield f"{_chapters(count)} (from {facts.sidecar(NOTES)} in the description)"
    elif count:
        yield f"no chapters: the description has {count}, but needs {_FEWEST_MARKS}"
    else:
        yield "no chapters: no show notes with 00:00 lines"


def _vlc(facts: EpisodeFacts) -> Iterator[str]:
    yield "no chapters for MP3" if facts.mp3 else _chapters(len(facts.contents.chapters))
    yield _cover(facts)


def _plain(facts: EpisodeFacts) -> Iterator[str]:
    if facts.contents.format != "mp3":
        yield f"{facts.contents.format} only on devices that play it"
        return
    tags = facts.contents.tags
    named = [what for what in ("title", "artist", "album") if tags.get(what)]
    yield ", ".join(named) or "the file name"
    yield _cover(facts)
    yield "no chapters"
    if named and facts.mp3 and facts.mp3.tag.version == 4:
        yield "only the file name if it cannot read ID3v2.4"


def _surviving(facts: EpisodeFacts) -> int:
    """Count the chapters of the file that readers in the manner of FFmpeg keep."""
    tag = facts.mp3.tag if facts.mp3 else None
    if tag is None or tag.version != 4:
        return len(facts.contents.chapters)
    return sum(chapter.largest_frame <= _LARGEST_FRAME for chapter in tag.chapters)


def _chapters(count: int) -> str:
    return "no chapters" if count == 0 else counted(count, "chapter")


def _cover(facts: EpisodeFacts) -> str:
    return "cover" if facts.contents.cover else "no cover"
