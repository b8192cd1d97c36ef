"""What ends a command: Ctrl-C, SIGTERM (``kill``, a service manager) or SIGHUP (a terminal that was closed).

While the command is being loaded there is nothing to clean up, and it ends without a message. Later a
``KeyboardInterrupt`` is raised in the main thread, which cleans up; it is given a moment for that and no more, because
it may be where nothing interrupts it: in a system call that looks up a name in the network, for example. Imports
nothing that takes time: until ``end_at_once`` has been called, Ctrl-C shows a traceback.

Signals belong to a process, and so does what this module keeps; only the command line uses it.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_TIME_TO_CLEAN_UP = {"SIGINT": 5.0, "SIGTERM": 0.7, "SIGHUP": 0.7}
"""Seconds after which the process ends, cleaned up or not. What sends SIGTERM often sends SIGKILL soon after; whoever
has pressed Ctrl-C can press it again. What a killed run leaves behind is removed by the next one."""
_SAME_PRESS = 0.3
"""Seconds within which a second interrupt is the first one, passed on: ``uv run`` and the like pass on a terminal's."""
_LONGEST_IMPORT = 0.3
"""Seconds to wait for the end of an import; unless the machine is busy, every import takes less."""
_LOOK_AGAIN = 0.01
"""Seconds between two looks at whether an import has ended."""

_heard: list[tuple[int, float]] = []
"""The signal that interrupted the main thread, and when; at most one."""
_put_off: list[int] = []
"""A signal that has to be sent again, because it came while a module was being imported."""


def end_at_once() -> None:
    """Have every signal that ends a command end it at once, with the exit code that shells give: 128 and its number."""
    for number in _unclaimed():
        signal.signal(number, _on_early_signal)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let these signals interrupt the main thread in this context, and end the process if that takes too long.

    A second one, from someone who does not want to wait, ends it at once.
    """
    _heard.clear()
    _put_off.clear()
    before = {number: signal.getsignal(number) for number in _unclaimed()}
    watching = _start_watching() if before and os.name != "nt" else None  # Windows knows Ctrl-C alone
    try:
        for number in before:
            signal.signal(number, _on_signal)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if watching is not None:
            signal.set_wakeup_fd(-1)
            os.close(watching)  # which ends its thread


def was_interrupted() -> bool:
    """Tell whether a signal interrupted the last command."""
    return bool(_heard)


def exit_code() -> int:
    """Return the exit code of a command that was interrupted: 130 for Ctrl-C, 143 for SIGTERM, 129 for SIGHUP."""
    return 128 + (_heard[0][0] if _heard else signal.SIGINT)


def _unclaimed() -> tuple[int, ...]:
    """Return the signals to handle; not those that whoever started us has us ignore (``nohup``, ``&`` in a script)."""
    ours = (signal.default_int_handler, signal.SIG_DFL, _on_early_signal)
    numbers = [getattr(signal, name) for name in _TIME_TO_CLEAN_UP if hasattr(signal, name)]
    return tuple(number for number in numbers if signal.getsignal(number) in ours)


def _on_early_signal(number: int, _: FrameType | None) -> None:
    os._exit(128 + number)


def _on_signal(number: int, frame: FrameType | None) -> None:
    now = time.monotonic()
    if _heard:
        if now - _heard[0][1] > _SAME_PRESS:
            _end(number)
    elif _is_importing(frame) and os.name != "nt":
        _put_off.append(number)  # an interrupted import may swallow the interrupt, print it or fail with another error
    else:
        _heard.append((number, now))
        raise KeyboardInterrupt


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _start_watching() -> int:
    """Start a thread that learns of every signal; return the file descriptor whose closing ends it."""
    import threading

    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(reading,), daemon=True, name="interrupts").start()
    return writing


def _watch(pipe: int) -> None:
    """Wait for a signal, then for the process to end by itself, then end it.

    The system writes the signal into the pipe, whatever the main thread is doing and whether or not it ever returns.
    """
    names = {getattr(signal, name): name for name in _TIME_TO_CLEAN_UP}
    try:
        while signals := os.read(pipe, 1):
            if signals[0] in names:
                _end_in_time(signals[0], _TIME_TO_CLEAN_UP[names[signals[0]]], pipe)
    finally:
        os.close(pipe)


def _end_in_time(number: int, seconds: float, pipe: int) -> None:
    os.set_blocking(pipe, False)
    began, sent_again = time.monotonic(), 0
    while (passed := time.monotonic() - began) < seconds:
        time.sleep(_LOOK_AGAIN)
        count = _count_signals(pipe)
        if count > sent_again and passed > _SAME_PRESS:  # the main thread may be where a second one does not reach it
            break
        sent_again -= min(count, sent_again)
        if _put_off:
            if passed > _LONGEST_IMPORT:
                break
            sent_again += 1
            os.kill(os.getpid(), _put_off.pop())
    _end(number)


def _count_signals(pipe: int) -> int:
    """Count the signals that have come since."""
    try:
        return len(os.read(pipe, 100))
    except BlockingIOError:
        return 0


def _end(number: int) -> None:
    """End the process and its workers without a message: it may be waiting for the very reader of its messages."""
    if "multiprocessing.process" in sys.modules:
        from multiprocessing import active_children

        for worker in active_children():
            worker.kill()
    os._exit(128 + number)
