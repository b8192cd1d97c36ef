"""``interview-audio store``."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interview_audio.cli.tables import folded_rows, say, terminal_width
from interview_audio.printable import printable
from interview_audio.quantities import format_bytes, parse_bytes, parse_seconds

if TYPE_CHECKING:
    from interview_audio.synthesis.pruning import Contents, Share
    from interview_audio.synthesis.store import ClipStore

store_option = click.option(
    "--store",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder of the clips; default: in the user's cache.",
)


def _quantity(parse: Callable[[str], Any]) -> Callable[[click.Context, click.Parameter, str | None], Any]:
    def parsed(context: click.Context, parameter: click.Parameter, value: str | None) -> Any:  # noqa: ARG001
        if value is None:
            return None
        try:
            return parse(value)
        except ValueError as error:
            raise click.BadParameter(str(error)) from error

    return parsed


@click.group()
def store() -> None:
    """Show and prune the clips that renders share."""


@store.command()
@store_option
def show(folder: Path | None) -> None:
    """Print what is stored: where, how much, for which engine, and when it was used."""
    from interview_audio.synthesis.pruning import contents, shares

    clips = _store(folder)
    held = contents(clips)
    say(f"{clips.folder}")
    click.echo(f"{_clips(len(held.clips))}, {format_bytes(held.bytes)}{_uses(held)}")
    held_by = shares(held.clips)
    if held_by:
        rows = [(_named(share), f"{share.clips}", format_bytes(share.bytes)) for share in held_by]
        click.echo("\n".join(folded_rows(rows, right=(1, 2), width=terminal_width())))
    if any(share.is_outdated for share in held_by):
        say("older format: of an earlier build, made again when needed; `store prune` removes them")
    if any(not (share.engine or share.is_outdated) for share in held_by):
        say("damaged: cannot be read, made again when needed")
    if held.leftovers:
        count = len(held.leftovers)
        files = "1 temporary file" if count == 1 else f"{count} temporary files"
        say(f"{files}, of renders that run or were killed; of the killed ones `store prune` removes them")


@store.command()
@click.option(
    "--older-than",
    metavar="TIME",
    callback=_quantity(parse_seconds),
    help="Remove what was not used for so long: 30d, 12h, 2w.",
)
@click.option(
    "--max-size",
    metavar="SIZE",
    callback=_quantity(parse_bytes),
    help="Keep so much (10GB, 500MB), what was used last; default without --older-than: store.max_size, 10GB.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@store_option
def prune(older_than: float | None, max_size: int | None, folder: Path | None, *, dry_run: bool) -> None:
    """Remove the clips of earlier builds and those that were not used for longest; what a running render needs stays.

    A removed clip is made again when it is needed.
    """
    from interview_audio.configuration.loading import load_settings
    from interview_audio.configuration.lookup import settings_files
    from interview_audio.synthesis import pruning

    if older_than is None and max_size is None:
        max_size = load_settings(settings_files(None, None)).store.max_size
    clips = _store(folder)
    pruned = pruning.prune(clips, pruning.Limits(max_size, older_than, keeps_outdated=False), is_rehearsal=dry_run)
    removed = "would be removed" if dry_run else "removed"
    click.echo(f"{_clips(pruned.clips)}, {format_bytes(pruned.bytes)}, {removed}")
    if pruned.leftovers:
        click.echo(f"temporary files of killed renders {removed}: {pruned.leftovers}")


def _store(folder: Path | None) -> "ClipStore":
    from interview_audio.synthesis.store import ClipStore, default_folder

    return ClipStore(folder or default_folder())


def _named(share: "Share") -> str:
    return printable(share.engine) or ("older format" if share.is_outdated else "damaged")


def _clips(count: int) -> str:
    return "1 clip" if count == 1 else f"{count} clips"


def _uses(held: "Contents") -> str:
    if not held.clips:
        return ""
    return f", used from {_moment(held.clips[0].used)} to {_moment(held.clips[-1].used)}"


def _moment(nanoseconds: int) -> str:
    return f"{datetime.datetime.fromtimestamp(nanoseconds / 1e9).astimezone():%Y-%m-%d %H:%M}"
