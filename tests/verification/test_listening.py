import av
import numpy as np
import pytest

from interview_audio.verification.audio_file import measure_sound

RATE = 48000
TONE = (np.sin(np.arange(RATE * 4) * 2 * np.pi * 997 / RATE) * 0.1).astype(np.float32)


def written(path, channels, codec="pcm_f32le"):
    """A file of these channels, interleaved."""
    samples = np.stack(channels, axis=1).reshape(1, -1)
    layout = "mono" if len(channels) == 1 else "stereo"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE, layout=layout)
        frame = av.AudioFrame.from_ndarray(samples, format="flt", layout=layout)
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def test_a_mono_tone_is_as_loud_as_it_plays_from_two_loudspeakers(tmp_path):
    # BS.1770: a stereo sine of 997 Hz at full scale has 0 LUFS (-3.01 a channel), one at a tenth of it -20.
    heard = measure_sound(written(tmp_path / "mono.wav", [TONE]))
    assert heard.loudness == pytest.approx(-20, abs=0.1)
    assert heard.true_peak == pytest.approx(-20, abs=0.1)
    assert (heard.seconds, heard.milliseconds, heard.fault) == (4, 4000, "")


def test_stereo_is_the_same(tmp_path):
    heard = measure_sound(written(tmp_path / "stereo.wav", [TONE, TONE]))
    assert heard.loudness == pytest.approx(-20, abs=0.1)
    assert heard.seconds == 4


def test_a_peak_between_samples_is_heard(tmp_path):
    quarter = (np.cos(np.arange(RATE) * np.pi / 2 + np.pi / 4) * np.hanning(RATE) * 0.7).astype(np.float32)
    assert np.abs(quarter).max() < 0.5
    assert measure_sound(written(tmp_path / "quarter.wav", [quarter])).true_peak == pytest.approx(
        20 * np.log10(0.7), abs=0.2
    )


def test_silence(tmp_path):
    heard = measure_sound(written(tmp_path / "silence.wav", [TONE * 0]))
    assert (heard.loudness, heard.true_peak) == (-70, -120)


def test_less_than_the_meter_needs(tmp_path):
    assert measure_sound(written(tmp_path / "short.wav", [TONE[:100]])).loudness == -70
