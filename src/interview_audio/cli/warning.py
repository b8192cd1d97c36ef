"""How a command that renders nothing warns: on standard error, a line each, as a render does."""

from collections.abc import Iterable

from interview_audio.cli.tables import say


def warn(messages: Iterable[str]) -> None:
    """Show warnings."""
    for message in messages:
        say(f"Warning: {message}", err=True)
