import pytest

from interview_audio.production.containers.mp3_frames import InfoHeader
from interview_audio.verification.audio_file import MpegFrames, frame_problems, read_frames

# Of 96, 128 and 96 kbit/s at 44.1 kHz, mono; the third is padded by a byte.
FRAME = (b"\xff\xfb\x70\xc0").ljust(313, b"\x00")
FASTER = (b"\xff\xfb\x90\xc0").ljust(417, b"\x00")
PADDED = (b"\xff\xfb\x72\xc0").ljust(314, b"\x00")
NEVER = "which makes players jump to the wrong place"


def info(frames, size):
    counts = b"Info\x00\x00\x00\x03" + frames.to_bytes(4) + size.to_bytes(4)
    return (b"\xff\xfb\x70\xc0" + bytes(17) + counts + bytes(21) + b"\x24\x00\x64").ljust(313, b"\x00")


@pytest.fixture
def walk(tmp_path):
    def walked(*parts, start=0):
        path = tmp_path / "a.mp3"
        path.write_bytes(b"".join(parts))
        return read_frames(path, start)

    return walked


def test_frames_are_counted_and_their_length_is_known(walk):
    frames = walk(info(3, 1253), FRAME, PADDED, FRAME)
    assert frames == MpegFrames(44100, 1, 1152, (96,), 3, 1253, InfoHeader(3, 1253, 576, 100), 0)
    assert (frames.samples, frame_problems(frames)) == (3 * 1152 - 676, ())


@pytest.mark.parametrize(
    ("parts", "complaint"),
    [
        ([b""], "no MPEG frame follows the tag"),
        ([b"ID3\x04junk"], "no MPEG frame follows the tag"),
        ([FRAME[:312]], "no MPEG frame follows the tag"),
        ([info(1, 626), FRAME, b"TAG" + bytes(125)], "128 bytes follow the last whole frame"),
        ([info(1, 626), FRAME, FRAME[:-1]], "312 bytes follow the last whole frame"),
        ([info(2, 1043), FRAME, FASTER], f"the bit rate varies (96, 128 kbit/s), {NEVER}"),
        ([FRAME, FRAME], "the Info header that states the length is missing, so players guess it"),
        ([info(2, 626), FRAME], "the Info header states 2 frames, but there are 1"),
        ([info(1, 625), FRAME], "the Info header states 625 bytes, but there are 626"),
    ],
)
def test_what_players_stumble_over_is_named(walk, parts, complaint):
    assert frame_problems(walk(*parts)) == (complaint,)


@pytest.mark.parametrize(
    "foreign",
    [
        b"\xff\xf3\x70\xc0",  # MPEG-2
        b"\xff\xfb\x74\xc0",  # 48 kHz
        b"\xff\xfb\x70\x00",  # stereo
        b"\xff\xfd\x70\xc0",  # Layer II
        b"\xff\xeb\x70\xc0",  # no version
        b"\xff\xfb\x00\xc0",  # a free bit rate
        b"\xff\xfb\xf0\xc0",  # no bit rate
        b"\xff\xfb\x7c\xc0",  # no sample rate
        b"\xfe\xfb\x70\xc0",  # no frame
    ],
)
def test_a_stream_ends_where_a_frame_is_of_another_kind_or_none(walk, foreign):
    frames = walk(info(1, 626), FRAME, foreign.ljust(400, b"\x00"))
    assert (frames.count, frames.size, frames.rest) == (1, 626, 400)


def test_frames_are_looked_for_behind_the_tag(walk):
    assert walk(b"tag", FRAME, start=3).count == 1
