"""``interview-audio studio``."""

import threading
import webbrowser
from pathlib import Path

import click

from interview_audio.cli.options import engine_option, offline_option, output_option, store_option
from interview_audio.cli.terminal import print_line
from interview_audio.rendering.options import RenderOptions
from interview_audio.storage.addresses import Location

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("source", type=_FILE)
@output_option
@click.option("--voices", type=_FILE, metavar="FILE", help="Settings file; overrides every other, and is edited.")
@engine_option
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Port of the page; default: one that is free."
)
@click.option("--no-browser", is_flag=True, help="Only print the address of the page.")
@store_option
@offline_option
def studio(
    source: Path,
    output: Location,
    voices: Path | None,
    engine: str | None,
    port: int,
    store: Location | None,
    *,
    no_browser: bool,
    offline: bool,
) -> None:
    """Open SOURCE in the browser, to hear and edit it line by line: who speaks, with which voice, which words.

    The page is on this machine alone. What you change there is written into a script file and a voices.yaml beside
    SOURCE, which `interview-audio render` reads. Ctrl-C ends it.
    """
    from interview_audio.studio.server import serve  # the server is loaded for this command alone

    options = RenderOptions(output=output, voices=voices, engine=engine, is_offline=offline, store=store)

    def show(address: str) -> None:
        click.echo(address)
        print_line("Press Ctrl-C to end the studio; everything is in your files.", err=True)
        if not no_browser:
            # Some browsers run in the terminal, until they are ended.
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    serve(source, options, port, show)
