"""Edits one clip with pydub: cuts it to its sound, fades both ends, lowers it to its speaker's level.

Never joins, and never raises: a 16-bit clip would be clipped, so speakers are lowered to the quietest of them here,
and the episode's gain is applied in floating point further on.
"""

import warnings

import numpy as np
from numpy.typing import NDArray

# pydub looks for an ffmpeg when it is imported and warns where there is none; nothing here would run one.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

FADE = 0.005
"""Seconds of fade at each end: what is left at a trimmed edge would click."""

_SAMPLE_WIDTH = 4
_WIDENING = 16
# pydub counts in milliseconds and rounds to them; of a segment that claims 1,000 frames a second, they are our samples.
_FRAMES_A_MILLISECOND = 1000


def edit_clip(
    samples: NDArray[np.int16], sounding: tuple[int, int], gain: float, sample_rate: int
) -> NDArray[np.int32]:
    """Trim, fade and lower a clip.

    Args:
        samples: Mono clip, untrimmed.
        sounding: First sample to keep, and one past the last.
        gain: In dB, not above 0.
        sample_rate: In Hz.

    Returns:
        ``sounding[1] - sounding[0]`` samples of 32 bits, full scale at 2 ** 31.

    Raises:
        ValueError: The gain is positive.
    """
    if gain > 0:
        raise ValueError(f"a clip can only be made quieter, not louder: {gain} dB")
    onset, offset = sounding
    segment = AudioSegment(
        (samples.astype("<i4") << _WIDENING).tobytes(),
        sample_width=_SAMPLE_WIDTH,
        frame_rate=_FRAMES_A_MILLISECOND,
        channels=1,
    )[onset:offset].apply_gain(gain)
    fade = min(round(FADE * sample_rate), (offset - onset) // 2)
    if fade:
        segment = segment.fade_in(fade).fade_out(fade)
    return np.frombuffer(segment.raw_data, "<i4")
