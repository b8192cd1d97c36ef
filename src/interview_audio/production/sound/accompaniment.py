"""Adds the music of a timeline to its speech, as a stream: a piece is decoded while it is heard."""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing

import numpy as np
from numpy.typing import NDArray

from interview_audio.production.sound.ducking import Ducking, duck, music_gain, speech_spans
from interview_audio.production.sound.music import play, repeat
from interview_audio.production.sound.score import MusicPlacement
from interview_audio.production.timeline import Timeline

Block = NDArray[np.float32]


def accompany(blocks: Iterable[Block], timeline: Timeline, speech_loudness: float) -> Iterator[Block]:
    """Add music to blocks that follow one another from the timeline's first sample; they are changed in place.

    Args:
        blocks: Mono speech.
        timeline: Where the music stands.
        speech_loudness: Of the blocks' speech, in LUFS, mono counted once: what the music's levels are relative to.

    Raises:
        ConfigurationError: A music file is not what it was when it was opened.
    """
    spans = speech_spans(timeline.placements, timeline.sample_rate)
    waiting = deque(timeline.music)
    playing: list[_Track] = []
    position = 0
    for block in blocks:
        end = position + len(block)
        while waiting and waiting[0].start < end:
            placement = waiting.popleft()
            ducking = duck(placement, spans, timeline.sample_rate)
            playing.append(_Track(placement, ducking, timeline.sample_rate, speech_loudness))
        for track in playing:
            track.add_to(block, position)
        playing = [track for track in playing if track.placement.end > end]
        position = end
        yield block


class _Track:
    """A piece that is being heard."""

    def __init__(self, placement: MusicPlacement, ducking: Ducking, sample_rate: int, speech_loudness: float) -> None:
        self.placement = placement
        self._ducking = ducking
        self._as_loud_as_speech = 10 ** ((speech_loudness - placement.piece.loudness) / 20)
        self._samples = _reader(placement, sample_rate)
        next(self._samples)

    def add_to(self, block: Block, position: int) -> None:
        """Add what is heard in a block that starts at this sample of the timeline."""
        first = max(self.placement.start, position)
        last = min(self.placement.end, position + len(block))
        if first >= last:
            return
        gain = self._as_loud_as_speech * music_gain(self.placement, self._ducking, np.arange(first, last))
        block[first - position : last - position] += self._samples.send(last - first) * gain.astype(np.float32)


def _reader(placement: MusicPlacement, sample_rate: int) -> Generator[Block, int, None]:
    """Gives as many samples of the piece as are asked for by sending; silence after its end."""
    piece = placement.piece
    made = repeat(piece, sample_rate) if placement.kind == "bed" else play(piece, sample_rate)
    with closing(made):
        rest = np.zeros(0, np.float32)
        wanted = yield rest
        while True:
            parts = [rest]
            missing = wanted - len(rest)
            while missing > 0:
                part = next(made, None)
                if part is None:
                    part = np.zeros(missing, np.float32)
                parts.append(part)
                missing -= len(part)
            samples = np.concatenate(parts)
            rest = samples[wanted:]
            wanted = yield samples[:wanted]
