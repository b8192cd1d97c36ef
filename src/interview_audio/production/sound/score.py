"""Where music stands in an episode, in whole samples: intro, stings and outro around speech, beds under narration."""

from collections.abc import Iterable
from dataclasses import dataclass

from interview_audio.production.sound.music import Kind, Piece

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
