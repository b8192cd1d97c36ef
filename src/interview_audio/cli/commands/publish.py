"""``interview-audio publish``."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interview_audio.cli.options import LocalPath, podcast_option
from interview_audio.cli.terminal import format_rows, print_line, print_warnings, terminal_width
from interview_audio.text.printable import json_text, printable
from interview_audio.text.units import counted, format_bytes

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from interview_audio.publishing.publish import Publication, SendingListener


@click.command()
@click.argument("folder", metavar="DIR", type=LocalPath(file_okay=False))
@click.option(
    "--to",
    metavar="TARGET",
    help="Where to: a folder, s3://BUCKET/FOLDER (extra: s3), or git+URL#BRANCH; gh-pages alone is that branch of "
    "the repository that DIR is in. Default: publish_to in podcast.yaml.",
)
@click.option(
    "--base-url",
    metavar="URL",
    help="Address at which listeners find it; default: base_url in podcast.yaml, or the one that GitHub Pages have.",
)
@click.option("--private", is_flag=True, help="Publish under a path that nobody can guess, and list it nowhere.")
@click.option("--replace", is_flag=True, help="Also replace files there that this command did not send.")
@click.option("--dry-run", is_flag=True, help="Only show what would be sent.")
@podcast_option
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def publish(
    folder: Path,
    to: str | None,
    base_url: str | None,
    podcast: Path | None,
    *,
    private: bool,
    replace: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Send the episodes in DIR, their pages and their feed to where listeners get them.

    Only what is new or changed is sent, the feed last; nothing there is deleted. A run that was interrupted continues
    when it is run again.
    """
    # Loaded for this command alone.
    from interview_audio.publishing.publish import PublishOptions
    from interview_audio.publishing.publish import publish as publish_folder

    options = PublishOptions(to, base_url, podcast, is_private=private, is_dry=dry_run, is_replacing=replace)
    with _listener() as listener:
        publication = publish_folder(folder, options, listener)
    if as_json:
        click.echo(json_text(_as_plain_data(publication), indent=2))
        return
    print_warnings(publication.notices)
    for line in _summary(publication):
        print_line(line)


def _summary(publication: "Publication") -> Iterator[str]:
    sent, unchanged = publication.sent, len(publication.files) - len(publication.sent)
    if publication.is_dry:
        rows = [(state.value, format_bytes(file.size), printable(file.name)) for file, state in sent]
        yield from format_rows(rows, right=(1,), width=terminal_width()) if rows else ()
    verb = "Would send" if publication.is_dry else "Sent"
    amount = f"{counted(len(sent), 'file')}, {format_bytes(publication.bytes)}" if sent else "nothing"
    yield f"{verb} {amount} to {publication.target}; unchanged: {unchanged:,}"
    for address in publication.feeds:
        yield f"Feed: {address}"
    yield f"Page: {publication.page}"


def _as_plain_data(publication: "Publication") -> dict[str, Any]:
    return {
        "target": publication.target,
        "base_url": publication.base_url,
        "feeds": list(publication.feeds),
        "page": publication.page,
        "dry_run": publication.is_dry,
        "sent": [{"name": file.name, "bytes": file.size, "was": state.value} for file, state in publication.sent],
        "unchanged": len(publication.files) - len(publication.sent),
        "notices": list(publication.notices),
    }


@contextmanager
def _listener() -> Iterator["SendingListener"]:
    """Open the listener that suits standard error: a bar on a terminal, lines elsewhere."""
    if not sys.stderr.isatty():
        yield _PlainListener()
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:9}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True))
    try:
        yield _BarListener(bar)
    finally:
        bar.stop()


class _PlainListener:
    """A line for each tenth of the bytes."""

    def __init__(self) -> None:
        self._size, self._tenth = 0, 0

    def begin(self, files: int, size: int) -> None:
        self._size = size
        click.echo(f"Sending {counted(files, 'file')}, {format_bytes(size)}", err=True)

    def sent(self, size: int) -> None:
        tenth = size * 10 // max(self._size, 1)
        if tenth > self._tenth:
            self._tenth = tenth
            click.echo(f"Sending {tenth * 10} %", err=True)

    def finishing(self) -> None:
        pass


class _BarListener:
    """A bar of bytes; there is none while Git or ssh may ask for a password."""

    def __init__(self, bar: "Progress") -> None:
        self._bar = bar
        self._task: TaskID | None = None

    def begin(self, files: int, size: int) -> None:  # noqa: ARG002 - see ``SendingListener``
        self._bar.start()
        self._task = self._bar.add_task("Sending", total=size)

    def sent(self, size: int) -> None:
        if self._task is not None:
            self._bar.update(self._task, completed=size)

    def finishing(self) -> None:
        self._bar.stop()
