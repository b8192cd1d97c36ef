import os
import subprocess
import sys

import numpy as np
import pytest

from interview_audio.production.mixing import edit_clip

RATE = 24000
FADE = 120
LOUD = np.full(24011, 20000, np.int16)


@pytest.mark.parametrize("sounding", [(0, 24011), (1000, 23457), (7, 8), (5, 5), (100, 200)])
def test_a_clip_has_exactly_the_samples_between_its_edges(sounding):
    assert len(edit_clip(LOUD, sounding, 0, RATE)) == sounding[1] - sounding[0]


def test_the_middle_is_what_was_stored_at_32_bits():
    ramp = np.arange(-12000, 12000, dtype=np.int16)
    edited = edit_clip(ramp, (0, len(ramp)), 0, RATE)
    assert np.array_equal(edited[FADE:-FADE] >> 16, ramp[FADE:-FADE])


def test_gain_keeps_what_16_bits_would_round_away():
    edited = edit_clip(np.full(1000, 3, np.int16), (0, 1000), -20, RATE)
    assert edited[500] == pytest.approx(3 * 65536 / 10, abs=1)


def test_both_ends_fade_over_5_ms():
    edited = edit_clip(LOUD, (0, len(LOUD)), 0, RATE) / (20000 * 65536)
    assert edited[0] == pytest.approx(0, abs=1e-4)
    assert edited[-1] == pytest.approx(0, abs=0.01)
    assert np.all(np.diff(edited[: FADE + 1]) > 0)
    assert np.all(np.diff(edited[-FADE:]) < 0)
    assert edited[FADE] == edited[-FADE - 1] == pytest.approx(1)


def test_a_clip_is_never_raised():
    with pytest.raises(ValueError, match=r"only be made quieter, not louder: 0\.1 dB"):
        edit_clip(LOUD, (0, 100), 0.1, RATE)


def test_importing_says_nothing_where_there_is_no_ffmpeg():
    environment = {**os.environ, "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-W", "default", "-c", "import interview_audio.production.mixing"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("", "")
