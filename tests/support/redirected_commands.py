"""Commands whose streams are redirected, one a line of the input: its words, its output and its error (`-`: closed).

Each runs in a fork of this process, which has loaded what they need: twenty starts of Python would take seconds.
"""

import functools
import os
import sys

from interview_audio import cli
from interview_audio.cli.commands import check, render
from interview_audio.production import cover
from interview_audio.rendering import render as rendering

LOADED = (check, render)
setattr(rendering, "make_cover", functools.cache(cover.make_cover))  # noqa: B010 - not exported


def redirect(handle, where):
    if where == "-":
        os.close(handle)
    else:
        os.dup2(os.open(where, os.O_RDWR | os.O_CREAT), handle)


def restart(handle, mode):
    # As Python finds its streams when it starts.
    try:
        os.fstat(handle)
    except OSError:
        return None
    return open(handle, mode, closefd=False)


def main():
    """Run what the input says; print the exit code of each."""
    for line in sys.stdin:
        *words, out, err = line.split()
        child = os.fork()
        if not child:
            redirect(2, err)  # first, so that it doesn't get the number of a closed output
            redirect(1, out)
            sys.stdout = sys.__stdout__ = restart(1, "w")  # type: ignore[misc]
            sys.stderr = sys.__stderr__ = restart(2, "w")  # type: ignore[misc]
            sys.argv = ["interview-audio", *words]
            try:
                cli.main()
            except SystemExit as stop:
                code = stop.code
            except BaseException:  # noqa: BLE001 - the exit code says so
                code = 99
            os._exit(code)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
