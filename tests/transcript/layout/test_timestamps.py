import pytest

from interview_audio.transcript.layout.timestamps import find_times


def times_of(text: str) -> list[str]:
    """The times that are cut, as printed."""
    spans, reached = [], 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            spans.append((reached, reached + len(line.rstrip())))
        reached += len(line)
    return [text[first:last].strip() for ranges in find_times(text, spans).values() for first, last in sorted(ranges)]


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("[01:46] Hello.", ["[01:46]"]),
        (r"\[01:46\] Hello.", [r"\[01:46\]"]),
        ("[Speaker 1] [00:00] Hello.", ["[00:00]"]),
        ("Well [00:12:30] yes.", ["[00:12:30]"]),
        ("【00：12】你好。", ["【00：12】"]),
        ("[30/11/2023, 10:22:31] Ida: Hello.", ["[30/11/2023, 10:22:31]"]),
        ("Ida Holm (00:00:30): Hello.", ["(00:00:30)"]),
        ("Ida Holm (0:30): Hello.", ["(0:30)"]),
        ("Ida Holm (0:30)\nHello.", ["(0:30)"]),
        ("Ida Holm:\t(0:30)\tHello.", ["(0:30)"]),
        ("**Ida Holm:** (0:30) Hello.", ["(0:30)"]),
        ("[00:00:06.120] - Ida Holm\nHello.", ["[00:00:06.120] -"]),
        ("Ida  00:06\nHello.\nTom  00:09\nYes.", ["00:06", "00:09"]),
        ("发言人1   00:06\n你好。\n发言人2   00:09\n好。", ["00:06", "00:09"]),
        ("发言人1   00:06\n你好。\n发言人2   00:09\n好。\n00:48\n再见。", ["00:06", "00:09", "00:48"]),
        ("发言人1   00:06\n你好。\n发言人2   00:09\n几点？\n00:01", ["00:06", "00:09"]),
        (
            "李华 2023-11-30 10:22:31\n你好。\n张伟 2023-11-30 10:22:40\n好。",
            ["2023-11-30 10:22:31", "2023-11-30 10:22:40"],
        ),
        (
            "Ida Holm   0 minutes 6 seconds\nHello.\nTom Reyes   0 minutes 9 seconds\nYes.",
            ["0 minutes 6 seconds", "0 minutes 9 seconds"],
        ),
        ("0:00 · Ida: Hello.\n0:04 · Tom: Yes.", ["0:00 ·", "0:04 ·"]),
        ("Ida: 00:00:01\nHello.\nTom: 00:00:04\nYes.", ["00:00:01", "00:00:04"]),
        ("**0:00** · Ida: Hello.\n**0:04** · Tom: Yes.", ["0:00** ·", "0:04** ·"]),
        ("[0.00 --> 3.20] Hello.\n[3.20 --> 4.1] Yes.", ["[0.00 --> 3.20]", "[3.20 --> 4.1]"]),
        ("[0.0s - 3.2s] Hello.", ["[0.0s - 3.2s]"]),
        ("(0.52, 3.10) A: Hello.\n(3.34, 5.02) B: Yes.", ["(0.52, 3.10)", "(3.34, 5.02)"]),
        ("Ida Holm (guest) 0:06\nHello.\nTom 0:09\nYes.", ["0:06", "0:09"]),
        ("Ida [[00:00:07]]: Hello.", ["[[00:00:07]]"]),
        ("[Ida Holm] 10:02:11\nHello.\n[Tom] 10:02:15\nYes.", ["10:02:11", "10:02:15"]),
        ("00:00:46:12\nIda: Hello.\n00:01:46:12\nTom: Yes.", ["00:00:46:12", "00:01:46:12"]),
        ("[12.5s] Hello, [1h2m3s] you.", ["[12.5s]", "[1h2m3s]"]),
        ("0.000000\t3.200000\tHello.\n3.200000\t4.1\tYes.", ["0.000000\t3.200000", "3.200000\t4.1"]),
        ("0h0m5s Ida: Hello.\n0h1m5s Tom: Yes.", ["0h0m5s", "0h1m5s"]),
        ("李华 00分05秒\n你好。\n张伟 01分05秒\n好。", ["00分05秒", "01分05秒"]),
        ("{00:05} Hello, {00:09} you.", ["{00:05}", "{00:09}"]),
        ("@00:05 Ida: Hello.\n@00:09 Tom: Yes.", ["@00:05", "@00:09"]),
        ("TC 00:05 Ida: Hello.\nTC 00:09 Tom: Yes.", ["TC 00:05", "TC 00:09"]),
        ("[TC: 00:00:05:12] Hello.", ["[TC: 00:00:05:12]"]),
        ("00:00:05:12 Ida: Hello.\n00:00:09:02 Tom: Yes.", ["00:00:05:12", "00:00:09:02"]),
        ("Ida: Hello. (00:05)\nTom: Yes. (00:15)", ["(00:05)", "(00:15)"]),
        ("Ida: Hello. 00:05\nTom: Yes. 00:15", ["00:05", "00:15"]),
        ("0:00\nHello.\n0:04\nYes.", ["0:00", "0:04"]),
        (
            "00:00:01,000 --> 00:00:04,000\nHello.\n00:00:04,000 --> 00:00:06,000\nYes.",
            ["00:00:01,000 --> 00:00:04,000", "00:00:04,000 --> 00:00:06,000"],
        ),
    ],
)
def test_times_of_a_recording(text: str, times: list[str]) -> None:
    assert times_of(text) == times


@pytest.mark.parametrize(
    "text",
    [
        "10:30 was the time\nAt 10:45 we left",
        "We left early (10:30).",
        "We left at 10:30\nShe left at 10:45\nand so on.",
        "Breakfast 08:00\nLunch 12:00\nDinner 18:00",
        "Breakfast: 08:00\nLunch: 12:00\nDinner: 18:00",
        "08:00 was early.\n09:00 was late.\n10:00 was worse.",
        "Ida 00:09\nHello.\nTom 00:06\nYes.\nIda 00:03\nNo.",
        "John 3:16 is on the wall",
        "Blessed are they (Matthew 5:3)\nand so are they (Matthew 5:4)\nAnd he said,\nGo.\nGo.\nGo.\nGo.",
        "It took 12.5 seconds\nand 13.5s the next time",
        "3.5 - 4.5 is what we got.",
        "3.5 - 4.5 is what we got.\n4.5 - 5.5 is what they got.",
        "The odds were 3:1",
    ],
)
def test_times_that_are_said(text: str) -> None:
    assert times_of(text) == []
