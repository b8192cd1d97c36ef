import av
import numpy as np
import pytest

from interview_audio.production.timeline import ChapterMark
from interview_audio.verification.audio_file import AudioFileError, FileContents, read_file


def test_a_file_is_told_whole(press):
    sound = press.sound("mp3")
    timeline = press.timeline(["One", "二"], sound.sample_rate, extra=22)
    contents = read_file(press.write(sound, timeline, press.bare_tags))
    assert contents == FileContents(
        format="mp3",
        codec="mp3",
        channels=1,
        sample_rate=44100,
        bitrate=96000,
        samples=44122,
        chapters=(ChapterMark("One", 0, 500), ChapterMark("二", 500, 1000)),
        tags={"encoder": "Lavf", "title": "Talk", "language": "und", "tlen": "1000"},
        cover=b"",
    )
    assert contents.milliseconds == 1000


def test_a_file_of_another_maker_is_read_too(tmp_path):
    path = tmp_path / "a.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1600), np.int16), format="s16", layout="stereo")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
    contents = read_file(path)
    assert (contents.format, contents.codec, contents.channels, contents.sample_rate) == ("wav", "pcm_s16le", 2, 8000)
    assert (contents.samples, contents.milliseconds, contents.chapters, contents.cover) == (800, 100, (), b"")


@pytest.mark.parametrize("name", ["no: such.mp3", "folder", "text.mp3", "picture.png"])
def test_what_is_no_sound_is_an_error_that_says_so(press, name):
    path = press.folder / name
    reason = {
        "no: such.mp3": "No such file",
        "folder": "folder, not an audio file",
        "picture.png": "it has no audio",
    }.get(name, "")
    (press.folder / "folder").mkdir()
    (press.folder / "text.mp3").write_text("Q: Is this sound?\n" * 50, "utf-8")
    (press.folder / "picture.png").write_bytes(press.tags.cover)
    with pytest.raises(
        AudioFileError, match=rf"{name}: .*{reason}.*; choose another file or render the episode again$"
    ):
        read_file(path)
