import pytest

from interview_audio.text.units import (
    counted,
    format_bytes,
    numbered,
    parse_bytes,
    parse_seconds,
    playing_time,
    shortened,
    times,
)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("512B", 512),
        ("0B", 0),
        ("4000000000B", 4_000_000_000),
        ("10GB", 10_000_000_000),
        ("10 gb", 10_000_000_000),
        ("500M", 500_000_000),
        ("1.5kB", 1500),
        ("2TB", 2_000_000_000_000),
        ("1KiB", 1024),
        ("1.5GiB", 1_610_612_736),
    ],
)
def test_sizes(text, size):
    assert parse_bytes(text) == size


@pytest.mark.parametrize(
    ("text", "meant"),
    [("10", "10 GB"), ("1.5", "1.5 GB"), ("10 ", "10 GB"), ("4000000000", "4 GB"), ("500000000", "500 MB")],
)
def test_a_size_without_a_unit_is_asked_for(text, meant):
    with pytest.raises(ValueError, match=f" has no unit; did you mean '{meant}'\\?$"):
        parse_bytes(text)


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "1e9", "10 G B", "1iB", "1,5GB", "nan", "٣GB", "9" * 400 + "GB"])
def test_what_is_no_size(text):
    with pytest.raises(ValueError, match="is not a size such as 10GB"):
        parse_bytes(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("5m", 300), ("12h", 43_200), ("30d", 2_592_000), ("1.5d", 129_600), ("2w", 1_209_600), ("0d", 0)],
)
def test_lengths_of_time(text, seconds):
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "30", "d", "-1d", "30 days", "1d2h", "1y", "9" * 400 + "d"])
def test_what_is_no_length_of_time(text):
    with pytest.raises(ValueError, match="is not a length of time such as 30d"):
        parse_seconds(text)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (40_630, "40.6 kB"),
        (135_000, "135 kB"),
        (999_400, "999 kB"),
        (999_600, "1.0 MB"),
        (1_234_567_890, "1.2 GB"),
        (5 * 10**15, "5000 TB"),
    ],
)
def test_sizes_are_written_in_the_unit_that_fits(size, text):
    assert format_bytes(size) == text


def test_numbers_agree_with_their_nouns():
    assert [counted(count, "clip") for count in (0, 1, 2, 1200)] == ["0 clips", "1 clip", "2 clips", "1,200 clips"]
    assert [counted(count, "process", "processes") for count in (1, 2)] == ["1 process", "2 processes"]


def test_how_often():
    assert [times(count) for count in (1, 2, 6, 12)] == ["once", "twice", "six times", "12 times"]


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (59.6, "1:00"), (3600, "1:00:00"), (150, "2:30")])
def test_playing_times(seconds, shown):
    assert playing_time(seconds) == shown


def test_a_long_text_is_shortened_on_one_line():
    assert shortened("a\nb  c") == "a b c"
    assert shortened("x" * 99, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [([3], "line 3"), ([3, 3], "line 3"), ([3, 5], "lines 3, 5"), ([3, 5, 5, 7, 8], "lines 3, 5 and 2 more")],
)
def test_things_are_named_by_their_numbers(numbers, shown):
    assert numbered("line", numbers, 2) == shown
