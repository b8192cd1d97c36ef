"""Runs our command line against an emulator, to see what a user would see.

usage: python -m edge_emulator [--latency S] [--connections N] [--gone-after N] [FAULT[*TIMES] ...] -- render talk.txt ...

A fault is a name of ``FaultKind`` in lower case, or a status: ``429*3 hang no_audio*-1``. Run it in ``tests/support/``.
"""

import argparse
import sys

import edge_tts.communicate
import edge_tts.voices

from interview_audio.cli import main as command_line
from interview_audio.engines.edge.voices import packaged

from .emulator import EdgeEmulator
from .faults import Fault, FaultKind


def main() -> None:
    ours, theirs = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", type=float, default=0.3)
    parser.add_argument("--connections", type=int)
    parser.add_argument("--gone-after", type=int)
    parser.add_argument("faults", nargs="*")
    chosen = parser.parse_args(ours)
    with EdgeEmulator(
        map(_fault, chosen.faults),
        voices=[voice.name for voice in packaged()],
        latency=chosen.latency,
        max_connections=chosen.connections,
        gone_after=chosen.gone_after,
    ) as emulator:
        setattr(edge_tts.communicate, "WSS_URL", emulator.websocket_url)  # noqa: B010 - not exported
        setattr(edge_tts.voices, "VOICE_LIST", emulator.voice_list_url)  # noqa: B010
        sys.argv = ["interview-audio", *theirs]
        try:
            command_line()
        finally:
            sys.stderr.write(f"emulator: {emulator.upgrades} connections, {len(emulator.requests)} turns\n")


def _fault(written: str) -> Fault:
    kind, _, times = written.partition("*")
    count = int(times or 1)
    if kind.isdigit():
        return Fault(FaultKind.HTTP_STATUS, count, status=int(kind))
    return Fault(FaultKind(kind), count)


if __name__ == "__main__":
    main()
