import av
import numpy as np
import pytest

from interview_audio.production.loudness import Loudness, measure_episode


def wave(path, samples, rate=48000):
    with av.open(str(path), "w", format="wav") as container:
        stream = container.add_stream("pcm_f32le", rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis].astype(np.float32), format="flt", layout="mono")
        frame.sample_rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def test_a_tone_measures_as_dual_mono(tmp_path):
    tone = 0.1 * np.sin(2 * np.pi * 997 * np.arange(48000 * 3) / 48000)
    assert measure_episode(wave(tmp_path / "a.wav", tone)) == Loudness(
        pytest.approx(-20, abs=0.1), pytest.approx(-20, abs=0.1)
    )


def test_a_peak_between_two_samples_is_seen(tmp_path):
    quarter = 0.5 * np.sin(2 * np.pi * 12000 * np.arange(48000) / 48000 + np.pi / 4) * np.hanning(48000)
    assert measure_episode(wave(tmp_path / "a.wav", quarter)).true_peak == pytest.approx(-6.02, abs=0.2)


def test_silence_has_floors(tmp_path):
    assert measure_episode(wave(tmp_path / "a.wav", np.zeros(48000))) == Loudness(-70.0, pytest.approx(-120))


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        measure_episode(tmp_path / "a.mp3")
