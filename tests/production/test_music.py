import itertools
import math
from contextlib import closing

import av
import numpy as np
import pytest
from PIL import Image

from interview_audio.configuration.settings import Music, Sound
from interview_audio.errors import ConfigurationError
from interview_audio.production.loudness import DUAL_MONO
from interview_audio.production.music import Soundtrack, open_music, play, repeat

ENCODERS = {
    "wav": ("pcm_s16le", "s16"),
    "flac": ("flac", "s16"),
    "mp3": ("libmp3lame", "fltp"),
    "ogg": ("libopus", "flt"),
    "m4a": ("aac", "fltp"),
}


def tone(seconds, rate=48000, frequency=997, peak=0.1):
    return peak * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)


def file(path, samples, rate=48000, channels=1):
    """Both channels alike, in the format of the suffix."""
    codec, kind = ENCODERS[path.suffix[1:]]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout="stereo" if channels == 2 else "mono")
        layout = stream.layout.name
        frame = av.AudioFrame.from_ndarray(
            np.repeat(samples[np.newaxis].astype(np.float32), channels, 0), format="fltp", layout=layout
        )
        frame.sample_rate = rate
        resampler = av.AudioResampler(format=kind, layout=layout, rate=rate, frame_size=stream.frame_size or None)
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path


def music(path, **changes):
    return Music(path.name, path, **{"volume": -4.0, "ducked": -18.0, "fade_in": 0.0, "fade_out": 0.0, **changes})


def intro(path, **changes):
    return open_music(Sound(intro=music(path, **changes))).intro


@pytest.mark.parametrize("suffix", ENCODERS)
def test_any_format_is_opened_with_its_length_and_loudness(tmp_path, suffix):
    piece = intro(file(tmp_path / f"a.{suffix}", tone(3)))
    assert piece.samples / piece.sample_rate == pytest.approx(3, abs=0.06)
    # A sine of -20 dBFS has -20 LUFS as dual mono (EBU Tech 3341); LAME makes it 0.4 dB quieter.
    assert piece.loudness + DUAL_MONO == pytest.approx(-20, abs=0.5)


def test_no_music_is_an_empty_soundtrack():
    assert open_music(Sound()) == Soundtrack()


def test_only_what_is_played_is_measured(tmp_path):
    samples = np.concatenate([tone(2), tone(4, peak=0.5)])
    piece = intro(file(tmp_path / "a.wav", samples), seconds=2.0)
    assert piece.samples == 96000
    assert piece.loudness + DUAL_MONO == pytest.approx(-20, abs=0.2)


def test_of_a_bed_ten_minutes_are_measured(tmp_path):
    path = file(tmp_path / "a.wav", np.concatenate([tone(600, 8000), tone(60, 8000, peak=0.9)]), 8000)
    piece = open_music(Sound(bed=music(path))).bed
    assert piece.samples == 4800000
    assert piece.loudness + DUAL_MONO == pytest.approx(-20, abs=0.2)


def test_a_sting_shorter_than_a_window_of_loudness_has_one(tmp_path):
    assert -27 < intro(file(tmp_path / "a.wav", tone(0.2))).loudness + DUAL_MONO < -19


@pytest.mark.parametrize("rate", [24000, 44100, 48000])
@pytest.mark.parametrize("suffix", ["wav", "mp3"])
def test_a_piece_is_played_at_the_rate_of_the_episode(tmp_path, suffix, rate):
    piece = intro(file(tmp_path / f"a.{suffix}", tone(3)))
    played = np.concatenate(list(play(piece, rate)))
    assert len(played) == pytest.approx(piece.length(rate), abs=1)
    spectrum = np.abs(np.fft.rfft(played))
    assert np.argmax(spectrum) * rate / len(played) == pytest.approx(997, abs=1)


def test_a_piece_is_played_as_far_as_the_settings_say(tmp_path):
    piece = intro(file(tmp_path / "a.wav", tone(3)), seconds=1.25)
    assert sum(map(len, play(piece, 44100))) == 55125


def test_both_channels_of_stereo_are_heard_and_measured_as_they_are_heard(tmp_path):
    piece = intro(file(tmp_path / "a.wav", tone(1), channels=2))
    played = np.concatenate(list(play(piece, 48000)))
    assert np.allclose(played, math.sqrt(2) * tone(1), atol=1e-4)
    assert piece.loudness == pytest.approx(-20, abs=0.1)


def test_a_loop_begins_again_without_a_click(tmp_path):
    # Half a period too many: end and beginning do not fit.
    piece = open_music(Sound(bed=music(file(tmp_path / "a.wav", tone(1.25, frequency=2, peak=0.5))))).bed
    with closing(repeat(piece, 48000)) as loop:
        samples = np.concatenate(list(itertools.islice(loop, 5)))
    assert len(samples) > 3 * 48000
    assert np.abs(np.diff(samples)).max() < 0.01
    assert np.corrcoef(samples[2000:58000], samples[62000:118000])[0, 1] > 0.999


def test_a_loop_of_so_many_seconds_repeats_those(tmp_path):
    samples = np.concatenate([tone(1), tone(1, frequency=3000)])
    piece = open_music(Sound(bed=music(file(tmp_path / "a.wav", samples), seconds=1.0))).bed
    with closing(repeat(piece, 48000)) as loop:
        heard = np.concatenate(list(itertools.islice(loop, 6)))
    assert np.argmax(np.abs(np.fft.rfft(heard[:144000]))) / 3 == pytest.approx(997, abs=1)


def refusal(path, places=None):
    with pytest.raises(ConfigurationError) as caught:
        open_music(Sound(outro=music(path)), places)
    return str(caught.value)


def test_a_missing_file_is_refused_with_its_place(tmp_path):
    path = tmp_path / "a.mp3"
    assert refusal(path, {("sound", "outro", "file"): ("voices.yaml", 7, 12)}) == (
        f"voices.yaml:7:12: sound.outro: {path} cannot be read (No such file or directory); check the file name"
    )
    assert refusal(path, {("sound", "outro"): ("voices.yaml", 7, 3)}).startswith("voices.yaml:7:3: sound.outro: ")
    assert refusal(path).startswith(f"sound.outro: {path} cannot be read")


def test_a_folder_is_refused(tmp_path):
    assert refusal(tmp_path).startswith(f"sound.outro: {tmp_path}: this is a folder")


@pytest.mark.parametrize(
    "text", ["#EXTM3U\n#EXTINF:1,\nendless.mp3\n", "ffconcat version 1.0\nfile endless.mp3\n", "<MPD/>"]
)
def test_a_playlist_is_refused_before_anything_that_it_names_is_opened(tmp_path, text):
    path = tmp_path / "a.mp3"
    path.write_text(text, "utf-8")
    assert refusal(path) == f"sound.outro: {path} is a playlist, not sound; choose the audio file itself"


@pytest.mark.parametrize("content", [b"", b"not music at all", b"RIFF\x24\0\0\0WAVE"])
def test_what_is_no_sound_is_refused(tmp_path, content):
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    assert refusal(path).startswith(f"sound.outro: {path} cannot be decoded")


def test_a_picture_is_refused(tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    assert refusal(tmp_path / "a.png") == (f"sound.outro: {tmp_path / 'a.png'} has no audio; choose another file")


def test_silence_is_refused(tmp_path):
    path = file(tmp_path / "a.wav", np.zeros(48000))
    assert refusal(path) == (f"sound.outro: {path} is silent; choose a file with music, or write null for none")


def test_a_file_that_breaks_off_is_refused_or_played_as_far_as_it_goes(tmp_path):
    path = file(tmp_path / "a.mp3", tone(3))
    path.write_bytes(path.read_bytes()[:20000])
    assert 0.5 < intro(path).samples / 48000 < 3


def test_joined_files_of_different_rates_are_one_piece(tmp_path):
    parts = [file(tmp_path / "a.mp3", tone(2, 44100), 44100), file(tmp_path / "b.mp3", tone(2), 48000, 2)]
    path = tmp_path / "c.mp3"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    piece = intro(path)
    assert sum(map(len, play(piece, 44100))) / 44100 == pytest.approx(4, abs=0.2)


def test_a_colon_in_a_name_is_no_protocol(tmp_path):
    assert intro(file(tmp_path / "a.wav", tone(1)).rename(tmp_path / "pipe:a.wav")).samples == 48000
