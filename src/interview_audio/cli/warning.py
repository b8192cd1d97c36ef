"""How a command that renders nothing warns: on standard error, a line each, as a render does."""

from collections.abc import Iterable

import click

from interview_audio.cli.tables import one_line


def warn(messages: Iterable[str]) -> None:
    """Show warnings."""
    for message in messages:
        click.echo(f"Warning: {one_line(message)}", err=True)
