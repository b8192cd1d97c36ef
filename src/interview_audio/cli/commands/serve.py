"""``interview-audio serve``."""

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interview_audio.cli.options import LocalPath, podcast_option
from interview_audio.cli.terminal import print_line, print_warnings, terminal_width

if TYPE_CHECKING:
    from interview_audio.publishing.server import Addresses

_HALVES = " ▄▀█"
"""A character is two modules, one above the other: dark where it is drawn."""
_DARK_ON_LIGHT = "\x1b[38;5;16;48;5;231m{}\x1b[0m"
"""Black on white, whatever the colours of the terminal: not every camera reads a code that is light on dark."""


@click.command()
@click.argument("folder", metavar="DIR", type=LocalPath(file_okay=False))
@click.option(
    "--host",
    metavar="ADDRESS",
    help="Address of this machine to listen at; 0.0.0.0 for all: then a phone in the same network can subscribe. "
    "Default: 127.0.0.1, this machine alone.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    help="Port; default: 8468, always the same, as subscriptions have it in their address.",
)
@click.option(
    "--token/--no-token",
    default=None,
    help="Put a secret in the address; default: where others can reach it. It stays the same for this folder.",
)
@podcast_option
def serve(folder: Path, host: str | None, port: int | None, podcast: Path | None, *, token: bool | None) -> None:
    """Serve the episodes in DIR: a page with all of them, each with its own, and a feed to subscribe to.

    Only finished episodes go out. New ones, and those that are rendered again, appear by themselves. Ctrl-C ends it.
    """
    # The server is loaded for this command alone.
    from interview_audio.publishing.server import PORT, ServeOptions, serve
    from interview_audio.web_server import LOOPBACK

    options = ServeOptions(host or LOOPBACK, PORT if port is None else port, token, podcast)
    serve(
        folder,
        options,
        lambda addresses: _show(addresses, folder),
        warn=lambda line: print_warnings([line]),
        tell=lambda line: print_line(line, err=True),
    )


def _show(addresses: "Addresses", folder: Path) -> None:
    for address in (addresses.page, *addresses.feeds):
        click.echo(address)
    if addresses.others:
        print_line(f"The page by other addresses of this machine: {', '.join(addresses.others)}", err=True)
    if addresses.is_open:
        _show_code(addresses.page)
        who = "everybody who has this address" if addresses.has_token else "everybody"
        print_warnings([f"while this runs, {who} can get these episodes from within the network"])
    else:
        command = shlex.join(["interview-audio", "serve", str(folder), "--host", "0.0.0.0"])  # noqa: S104 - a hint
        print_line(f"For a phone in the same network: {command}", err=True)
    print_line("Press Ctrl-C to end.", err=True)


def _show_code(address: str) -> None:
    """Draw the code that leads a phone to the page; nothing where there is no terminal, or none that can show it."""
    from interview_audio.publishing.server import QR_MARGIN, qr_code

    rows = [bytes(map(bool, row)) for row in qr_code(address).matrix_iter(border=QR_MARGIN)]
    width = terminal_width()
    if width is None or width < len(rows[0]) or not _can_draw():
        return
    for line in _drawn(rows):
        click.echo(_DARK_ON_LIGHT.format(line), color=True)
    print_line("Scan it with a phone in the same network, then choose your podcast app on the page.", err=True)


def _can_draw() -> bool:
    try:
        _HALVES.encode(sys.stdout.encoding or "ascii")
    except (UnicodeError, LookupError):
        return False
    return True


def _drawn(rows: list[bytes]) -> Iterator[str]:
    light = bytes(len(rows[0]))
    for above, below in zip(rows[::2], [*rows[1::2], light], strict=False):
        yield "".join(_HALVES[2 * up + down] for up, down in zip(above, below, strict=True))
