import math

import av
import numpy as np
import pytest

from interview_audio.production.loudness import DUAL_MONO, gated_loudness
from interview_audio.synthesis.clips import measure

RATE = 24000


def tone(seconds, amplitude=0.1):
    return (np.sin(2 * np.pi * 997 * np.arange(round(seconds * RATE)) / RATE) * amplitude * 32767).astype(np.int16)


def silence(seconds):
    return np.zeros(round(seconds * RATE), np.int16)


def integrated(samples):
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="s16", layout="mono")
    meter = graph.add("ebur128", "metadata=1:dualmono=1:framelog=quiet")
    graph.link_nodes(source, meter, graph.add("abuffersink")).configure()
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="s16", layout="mono")
    frame.sample_rate = RATE
    graph.push(frame)
    graph.push(None)
    metadata = {}
    try:
        while True:
            metadata |= graph.pull().metadata
    except (av.error.BlockingIOError, av.error.EOFError):
        return float(metadata["lavfi.r128.I"])


def test_padding_is_trimmed_to_20_ms_before_and_50_ms_after_the_sound():
    measured = measure(np.concatenate([silence(0.5), tone(2), silence(0.8)]), RATE)
    assert (measured.onset, measured.offset) == (round(0.48 * RATE), round(2.55 * RATE))


def test_padding_too_short_to_keep_all_is_kept_whole():
    measured = measure(np.concatenate([silence(0.01), tone(2), silence(0.03)]), RATE)
    assert (measured.onset, measured.offset) == (0, round(2.04 * RATE))


def test_no_more_than_a_second_and_a_half_is_trimmed():
    measured = measure(np.concatenate([silence(3), tone(1), silence(4)]), RATE)
    assert (measured.onset, measured.offset) == (round(1.5 * RATE), round(6.5 * RATE))


def test_what_is_40_db_below_the_peak_is_silence():
    hiss = tone(1, 0.004)
    measured = measure(np.concatenate([hiss, tone(1, 0.9), hiss]), RATE)
    assert (measured.onset, measured.offset) == (round(0.98 * RATE), round(2.05 * RATE))


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param(np.concatenate([silence(0.1), tone(0.05), silence(0.1)]), id="short"),
        pytest.param(silence(2), id="silent"),
        pytest.param(silence(0), id="empty"),
    ],
)
def test_a_clip_without_edges_is_kept_whole(samples):
    measured = measure(samples, RATE)
    assert (measured.onset, measured.offset) == (0, len(samples))


def test_a_silent_clip_is_far_below_every_gate():
    loudness = measure(silence(1), RATE).loudness
    assert len(loudness) == 13
    assert max(loudness) < -100


def test_loudness_of_a_tone_is_what_the_standard_says():
    loudness = measure(tone(1.0), RATE).loudness
    assert len(loudness) == 10 + 3
    assert loudness[3:10] == pytest.approx([20 * math.log10(0.1) - 3.01] * 7, abs=0.05)


def test_loudness_at_the_edges_counts_the_silence_around():
    loudness = measure(tone(1.0), RATE).loudness
    assert loudness[0] == pytest.approx(loudness[3] - 6.02, abs=0.05)
    assert loudness[-1] == pytest.approx(loudness[3] - 6.02, abs=0.05)


def test_series_of_clips_gate_to_the_loudness_of_the_clips_with_pauses_between():
    clips = [tone(1.3, 0.2), tone(0.35, 0.05), tone(2.27, 0.12), tone(0.8, 0.3)]
    series = [momentary for clip in clips for momentary in measure(clip, RATE).loudness]
    joined = np.concatenate([part for clip in clips for part in (clip, silence(0.5))])
    assert gated_loudness(series) + DUAL_MONO == pytest.approx(integrated(joined), abs=0.1)
