"""Runs `interview-audio publish` in forks of this process, which has loaded what it needs, so that they can be killed.

Each line of the input is the words of a run; answered with the number of its process, then with how it ended.
"""

import os
import sys
from pathlib import Path

import s3fs

from interview_audio import cli
from interview_audio.cli.commands import publish as _command
from interview_audio.publishing import publish as publishing

LOADED = (s3fs, _command)
setattr(publishing, "cover_of", lambda feed: b"\xff\xd8cover")  # noqa: B010 - not drawn in each fork


def main():
    for line in sys.stdin:
        child = os.fork()
        if not child:
            sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - open until the child ends
            sys.argv = ["interview-audio", "publish", *line.split()]
            try:
                cli.main()
            except SystemExit as stop:
                os._exit(stop.code or 0)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
