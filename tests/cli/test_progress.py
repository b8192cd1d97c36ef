"""What a render says on a pipe: tenths, and a wait at its beginning and then once a minute."""

import pytest

from interview_audio.cli import progress


@pytest.fixture
def told(capsys):
    """Run a listener over what it hears each second; gives the seconds at which it spoke, and what it said."""

    def tell(heard):
        now = [0.0]
        lines = []
        with progress.listener(now=lambda: now[0]) as listener:
            for second, message in enumerate(heard):
                now[0] = float(second)
                if message == "spoken":
                    listener.progress("voices", 1, 1000)
                else:
                    listener.waiting(message)
                lines += [(second, line.removeprefix("Waiting: ")) for line in capsys.readouterr().err.splitlines()]
        return lines

    return tell


def test_a_wait_is_told_at_its_beginning_and_once_a_minute(told):
    heard = [f"refused, {second} s" for second in range(200)]
    assert told(heard) == [(second, f"refused, {second} s") for second in (0, 60, 120, 180)]


def test_attempts_in_between_begin_no_other_wait(told):
    hangs = ([None] * 5 + ["nothing has come"] * 25) * 4
    assert [second for second, _ in told(hangs)] == [5, 65]


def test_a_line_that_is_spoken_or_a_time_without_waiting_ends_a_wait(told):
    assert [second for second, _ in told(["refused", "spoken", "refused", None, "refused"])] == [0, 2]
    assert [second for second, _ in told(["refused"] + [None] * 11 + ["refused"] * 3)] == [0, 12]


def test_nothing_is_said_of_no_wait(told):
    assert told([None] * 100) == []
