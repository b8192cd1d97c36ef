import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview_audio.text.units import clock, clock_of_seconds
from interview_audio.verification.sidecar_reading import SidecarError, parse_clock


def test_times_have_hours_and_milliseconds():
    assert (clock(3_725_004), clock(0, ","), clock(360_000_000)) == ("01:02:05.004", "00:00:00,000", "100:00:00.000")
    assert clock_of_seconds(3725) == "01:02:05"


@settings(deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(".,"))
def test_they_are_read_back(milliseconds, mark):
    assert parse_clock(clock(milliseconds, mark), mark, 1) == milliseconds


@pytest.mark.parametrize("text", ["1:00:00.000", "00:60.000", "00:00.00", "00:00,000", "0:00:00.000", "٠٠:٠٠.٠٠٠", ""])
def test_anything_else_is_refused(text):
    with pytest.raises(SidecarError, match=f"^line 7: {text!r} is not a time$"):
        parse_clock(text, ".", 7)
