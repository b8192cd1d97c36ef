"""Warnings of commands that are not renders: a line each on standard error."""

from collections.abc import Iterable

from interview_audio.cli.tables import say


def warn(messages: Iterable[str]) -> None:
    """Say what stops nothing and should be known."""
    for message in messages:
        say(f"Warning: {message}", err=True)
