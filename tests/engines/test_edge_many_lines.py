"""A render's worth of lines by many threads, in fair weather and in foul: the same clips, and no request too many."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from edge_emulator.faults import Fault, FaultKind
from interview_audio.engines.protocol import Utterance

LINES = [f"这是第{number}句话，请听。" for number in range(80)]
IN_TURNS = [
    Fault(FaultKind.DISCONNECT, match=LINES[3]),
    Fault(FaultKind.CLOSE, match=LINES[11], after=0),
    Fault(FaultKind.TRUNCATE, match=LINES[20]),
    Fault(FaultKind.HANG, match=LINES[33]),
    Fault(FaultKind.NO_AUDIO, match=LINES[40], times=2),
    Fault(FaultKind.UNKNOWN_PATH, match=LINES[58]),
]
AT_UPGRADES = [
    Fault(FaultKind.HTTP_STATUS, status=429, headers={"Retry-After": "3"}),
    Fault(FaultKind.HTTP_STATUS, status=503),
    Fault(FaultKind.HANDSHAKE_HANG),
]


def speak_all(engine):
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda text: engine.speak(Utterance(text, "zh", "zh-CN-YunxiNeural")), LINES))


def test_eighty_lines_are_the_same_with_a_tenth_of_them_failing(emulator, edge):
    clean = speak_all(edge(sockets=8))
    assert Counter(request.text for request in emulator.requests) == Counter(LINES)
    emulator.requests.clear()
    emulator.upgrades = emulator.peak_connections = 0
    planned = Counter({fault.match: fault.times for fault in IN_TURNS})
    emulator.faults = [*IN_TURNS, *AT_UPGRADES]
    stormy = speak_all(edge(idle=2, sockets=8))
    assert all(np.array_equal(one.samples, other.samples) for one, other in zip(clean, stormy, strict=True))
    assert [one.words for one in stormy] == [one.words for one in clean]
    assert Counter(request.text for request in emulator.requests) == Counter(LINES) + planned
    assert emulator.upgrades == len(LINES) + planned.total() + len(AT_UPGRADES)
    assert emulator.peak_connections <= 8


def test_connections_are_as_many_as_asked_for(emulator, edge):
    emulator.latency = 0.02
    speak_all(edge(sockets=3))
    assert emulator.peak_connections == 3
