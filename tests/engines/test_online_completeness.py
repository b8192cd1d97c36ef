"""How long speech of a text can be, and whether its bytes are whole: what is told without word times."""

import io

import av
import numpy as np
import pytest

from interview_audio.engines.online.completeness import check_duration, decode_audio
from interview_audio.engines.online.retries import FailureKind, TransientError

TEXT = "Nobody asks the lamp, and the lamp is glad."
"""Two seconds."""


def sound(voiced, silence=0.0, pause=0.0):
    """At 1000 Hz, with a pause in the middle and silence at the end."""
    half = np.full(round(voiced * 500), 9000, np.int16)
    return np.concatenate(
        [half, np.zeros(round(pause * 1000), np.int16), half, np.zeros(round(silence * 1000), np.int16)]
    )


def failure(samples, text=TEXT, rate=1.0, *, follows_rate=True):
    try:
        check_duration(samples, 1000, text, rate, follows_rate=follows_rate)
    except TransientError as error:
        return error.kind, error.reason
    return None


def test_a_third_of_the_speech_is_found_however_much_silence_follows():
    assert failure(sound(2.0)) is None
    assert failure(sound(1.3)) is None  # a voice that is half as fast again
    assert failure(sound(1.1), follows_rate=False) is None
    assert failure(sound(1.0)) == failure(sound(1.0), follows_rate=False)
    expected = (FailureKind.INCOMPLETE, "incomplete audio (0.7 of about 2.1 s)")
    assert [failure(sound(0.7, silence)) for silence in (0, 2, 20)] == [expected] * 3
    assert failure(sound(0.7, pause=2)) == expected


def test_a_rate_that_follows_rate_narrows_what_passes():
    assert failure(sound(2.0), rate=0.5) == (FailureKind.INCOMPLETE, "incomplete audio (2.0 of about 4.1 s)")
    assert failure(sound(4.0), rate=0.5) is None
    assert failure(sound(1.0), rate=2.0) is None


def test_a_rate_that_may_not_be_followed_only_widens_it():
    assert failure(sound(2.0), rate=0.5, follows_rate=False) is None
    assert failure(sound(1.0), rate=2.0, follows_rate=False) is None
    assert failure(sound(2.0), rate=2.0, follows_rate=False) is None


def test_silence_and_speech_without_end():
    assert failure(sound(0, 3)) == (FailureKind.SILENT, "no speech was received, only silence")
    assert failure(sound(0)) == (FailureKind.SILENT, "no speech was received, only silence")
    assert failure(sound(60)) == (FailureKind.INCOMPLETE, "audio that does not end (60 s for 43 characters)")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [  # as Kokoro says them, without the silence around
        ("No.", 0.66),
        ("a", 0.36),
        ("嗯。", 0.3),
        ("1,000,000", 0.6),
        ("1,234,567", 2.9),
        ("In 1999.", 1.2),
        ("https://www.example.com/a/b?c=d&e=1", 3.6),
        ("NASA, IBM and the FBI.", 2.6),
        ("35.5% of 2,048 km²", 4.3),
        ("好的，谢谢。", 0.76),
        ("「我完全明白为什么人们现在想要一个答案。", 2.7),
        ("Through thoroughly thought-through threads.", 2.2),
        ("……", 0.1),
        ("A. B. C.", 0.8),
    ],
)
def test_lines_of_many_shapes_pass(text, seconds):
    for rate in (0.5, 1.0, 2.0):
        assert failure(sound(seconds / rate, 0.8), text, rate) is None
        assert failure(sound(1.4 * seconds / rate, 0.8), text, rate, follows_rate=False) is None


def mp3_with_a_header(seconds=1.0):
    """Whose first frame states how many there are."""
    content = io.BytesIO()
    with av.open(content, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=24000, layout="mono", format="s16p")
        for start in range(0, round(seconds * 24000), 576):
            frame = av.AudioFrame.from_ndarray(
                np.full((1, 576), 3000 * (-1) ** (start // 576), np.int16), format="s16p", layout="mono"
            )
            frame.sample_rate, frame.pts = 24000, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return content.getvalue()


def test_an_mp3_that_is_cut_anywhere_is_not_whole():
    whole = mp3_with_a_header()
    tag = b"ID3\x04\x00\x00\x00\x00\x02\x00" + bytes(256)
    for content in (whole, tag + whole, whole + b"TAG" + bytes(125)):
        samples, rate = decode_audio(content, "mp3")
        assert (samples.size, rate) == (42 * 576, 24000)
    reasons = set()
    for end in range(len(whole) // 2, len(whole) // 2 + 150):  # a frame and more
        with pytest.raises(TransientError, match=r"^(incomplete|unusable) audio") as caught:
            decode_audio(whole[:end], "mp3")
        reasons.add(str(caught.value).partition("(")[2].lstrip("0123456789"))
    assert "% of what its header states)" in reasons
    assert " bytes of the last frame missing)" in reasons
