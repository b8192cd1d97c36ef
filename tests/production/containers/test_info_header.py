import io
import re

import pytest

from interview_audio.production.containers.mp3_frames import InfoHeader, first_frame, read_info_header, with_length

# An MPEG-1 Layer III frame of 96 kbit/s at 44.1 kHz, mono, as FFmpeg writes it before two frames of sound.
HEAD = b"\xff\xfb\x70\xc0" + bytes(17) + b"Info\x00\x00\x00\x0f\x00\x00\x00\x02\x00\x00\x03\xab" + bytes(100) + bytes(4)
FRAME = (HEAD + b"Lavf" + bytes(17) + b"\x24\x00\x00" + bytes(10) + b"\xab\xcd").ljust(313, b"\x00")


def test_a_header_says_how_much_of_the_sound_is_the_encoders():
    assert read_info_header(FRAME) == InfoHeader(frames=2, size=939, delay=576, padding=0)


def test_a_header_may_count_nothing():
    bare = HEAD[:21] + b"Xing" + bytes(4) + b"LAME3.100" + bytes(12) + b"\x24\x04\xb1"
    assert read_info_header(bare.ljust(313, b"\x00")) == InfoHeader(None, None, 576, 1201)


def test_a_frame_of_sound_has_no_header():
    assert read_info_header(FRAME.replace(b"Info", b"\x12nfo")) is None


@pytest.mark.parametrize(
    ("start", "side"), [(b"\xff\xfb\x70\x00", 32), (b"\xff\xf3\x70\x00", 17), (b"\xff\xf3\x70\xc0", 9)]
)
def test_a_header_stands_behind_the_side_information_of_its_kind(start, side):
    moved = start + bytes(side) + FRAME[21:]
    assert read_info_header(moved) == read_info_header(FRAME)
    with_checksum = start[:1] + bytes([start[1] & 0xFE]) + start[2:] + bytes(2 + side) + FRAME[21:]
    assert read_info_header(with_checksum) == read_info_header(FRAME)


def test_a_length_becomes_padding_and_nothing_moves():
    mended = with_length(FRAME, 1152, 1000)
    assert read_info_header(mended) == InfoHeader(frames=2, size=939, delay=576, padding=2304 - 576 - 1000)
    changed = [number for number, (old, new) in enumerate(zip(FRAME, mended, strict=True)) if old != new]
    assert changed == [163, 164, 175, 176]  # the low bytes of delay and padding; the checksum


def test_the_checksum_is_that_of_the_bytes_before_it():
    # What such a checksum is made for: taken over itself as well, the remainder is 0.
    mended = with_length(FRAME, 1152, 1000)
    remainder = 0
    for byte in mended[:175] + mended[176:174:-1]:
        remainder ^= byte
        for _ in range(8):
            remainder = remainder >> 1 ^ (0xA001 if remainder & 1 else 0)
    assert remainder == 0


@pytest.mark.parametrize("length", [1729, 1728 - 4096])
def test_a_length_that_the_frames_do_not_have_is_refused(length):
    with pytest.raises(ValueError, match=re.escape(f"2 frames for {length} samples")):
        with_length(FRAME, 1152, length)


def test_a_frame_without_a_count_is_refused():
    with pytest.raises(ValueError, match="does not count"):
        with_length(bytes([0xFF, 0xFB]) + bytes(400), 1152, 1)


def test_the_first_frame_comes_with_its_length():
    padded = (b"\xff\xfb\x72\xc0").ljust(314, b"\x00")
    file = io.BytesIO(padded + FRAME)
    assert first_frame(file) == (padded, 1152)
    assert first_frame(file) == (FRAME, 1152)
    with pytest.raises(ValueError, match="no MPEG frame"):
        first_frame(file)
