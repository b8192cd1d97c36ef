"""Checks an episode as players read it: what is wrong with it, and what each family of players will show.

Facts about players are from their sources and documents, gathered in 2026; no closed player was tried here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from interview_audio.text.units import counted
from interview_audio.verification.audio_file import AudioFileError
from interview_audio.verification.facts import EDITED, NOTES, EpisodeFacts, read_episode
from interview_audio.verification.problems import LARGEST_FRAME, Problem, find_problems

_FEWEST_MARKS = 3
"""Below which YouTube takes no list for chapters."""


@dataclass(frozen=True, slots=True)
class PlayerView:
    """What a family of players shows."""

    players: str
    shows: str


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
    return sum(chapter.largest_frame <= LARGEST_FRAME for chapter in tag.chapters)


def _chapters(count: int) -> str:
    return "no chapters" if count == 0 else counted(count, "chapter")


def _cover(facts: EpisodeFacts) -> str:
    return "cover" if facts.contents.cover else "no cover"


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """A sound file, what was read of it and of the files beside it, and what is wrong with them."""

    path: Path
    facts: EpisodeFacts | None = field(repr=False)
    """None if it cannot be read at all, which is its one problem."""
    players: tuple[PlayerView, ...]
    """What players will show."""
    problems: tuple[Problem, ...]

    @property
    def is_valid(self) -> bool:
        """Tell whether no problem was found."""
        return not self.problems


def verify(path: str | Path) -> VerificationReport:
    """Check an episode, made by this program or not; all of its sound is decoded.

    Args:
        path: The sound file; captions, chapter lists and the record are looked for beside it.
    """
    path = Path(path)
    try:
        facts = read_episode(path)
    except AudioFileError as error:
        unreadable = Problem(path.name, error.reason, "choose another file or render it again")
        return VerificationReport(path, None, (), (unreadable,))
    return VerificationReport(path, facts, tuple(players_show(facts)), tuple(find_problems(facts)))
