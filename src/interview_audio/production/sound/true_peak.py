"""True peak (ITU-R BS.1770-4, annex 2): the highest value between the samples, looked for only where it can be."""

import math

import numpy as np
from numpy.typing import NDArray

_OVERSAMPLING = 4
_TAPS = 24
_KAISER = 6.0
_STRETCH = 64
_AROUND = _TAPS - 1
_QUIETEST = 1e-6
_FIRST_LOOK = 4
_LOOK = 64
_WORTHWHILE = 10 ** (0.05 / 20)


def _interpolator() -> NDArray[np.float32]:
    """Windowed sinc as a matrix: what lies at each quarter between the two middle ones of `_TAPS` samples."""
    quarters = np.arange(1, _OVERSAMPLING) / _OVERSAMPLING
    distances = np.arange(_TAPS)[:, np.newaxis] - (_TAPS // 2 - 1) - quarters
    window = np.i0(_KAISER * np.sqrt(np.maximum(1 - (distances / (_TAPS / 2)) ** 2, 0))) / np.i0(_KAISER)
    taps = np.sinc(distances) * window
    # Constants and straight lines are kept exactly, as the bound below needs it.
    taps /= taps.sum(axis=0)
    error = (taps * distances).sum(axis=0)
    taps[_TAPS // 2 - 1] += error
    taps[_TAPS // 2] -= error
    return np.asarray(taps, np.float32)


def _bend() -> float:
    """By how much, at most, the curve leaves the line between two samples, per highest second difference around."""
    quarters = np.arange(1, _OVERSAMPLING) / _OVERSAMPLING
    rest = np.asarray(_BETWEEN, np.float64)
    rest[_TAPS // 2 - 1] -= 1 - quarters
    rest[_TAPS // 2] -= quarters
    # The rest is nothing for constants and lines, and so a filter of the second differences: sum its taps twice.
    return float(np.abs(rest.cumsum(axis=0).cumsum(axis=0)).sum(axis=0).max())


_BETWEEN = _interpolator()
_BEND = _bend()


class TruePeakMeter:
    """Hears a mono stream block by block and keeps its highest value, to within 0.05 dB of interpolating all.

    Interpolating is costly, and most of a stream cannot hold a new highest value: a stretch of samples that stays
    below the present one by more than its curve can bend is passed over.
    """

    def __init__(self) -> None:
        self._highest = 0.0
        self._before = np.zeros(_STRETCH + _AROUND, np.float32)

    @property
    def dbtp(self) -> float:
        """In dB relative to full scale; -120 for silence."""
        return 20 * math.log10(max(self._highest, _QUIETEST))

    def heard(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Count a block and return it as it is."""
        samples = np.concatenate([self._before, block])
        self._before = samples[-len(self._before) :]
        self._highest = max(self._highest, float(np.abs(block).max(initial=0.0)))
        self._look_between(samples)
        return block

    def _look_between(self, samples: NDArray[np.float32]) -> None:
        starts = np.arange(0, len(samples) - _AROUND, _STRETCH)
        bends = np.abs(samples[2:] - 2 * samples[1:-1] + samples[:-2])
        bounds = _with_next(np.maximum.reduceat(np.abs(samples), starts))
        bounds += _BEND * _with_next(np.maximum.reduceat(bends, starts))
        # The most promising first: what they give rules out most of the others.
        order = np.argsort(-bounds, kind="stable")
        for chosen in np.array_split(order, range(_FIRST_LOOK, len(order), _LOOK)):
            if bounds[chosen[0]] <= self._highest * _WORTHWHILE:
                return
            first = np.minimum(starts[chosen], len(samples) - _STRETCH - _AROUND)
            stretches = samples[first[:, np.newaxis] + np.arange(_STRETCH + _AROUND)]
            windows = np.lib.stride_tricks.sliding_window_view(stretches, _TAPS, axis=1)
            self._highest = max(self._highest, float(np.abs(windows @ _BETWEEN).max()))


def _with_next(highest: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of each stretch and the next, into which its last windows reach."""
    return np.maximum(highest, np.append(highest[1:], np.float32(0)))
