"""``interview-audio store``."""

import datetime
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from interview_audio import interrupts
from interview_audio.cli.options import PLACE
from interview_audio.cli.terminal import format_rows, print_line, terminal_width
from interview_audio.configuration.loading import settings_from
from interview_audio.configuration.lookup import read_settings_files
from interview_audio.errors import UsageError
from interview_audio.storage.addresses import Location
from interview_audio.synthesis import pruning
from interview_audio.synthesis.pruning import EngineShare, PruningPlan, StoredFile, contents, shares
from interview_audio.synthesis.store import SharedClipStore, open_store
from interview_audio.text.printable import printable
from interview_audio.text.units import counted, format_bytes, parse_bytes, parse_seconds

_place_option = click.option(
    "--store",
    "place",
    type=PLACE,
    metavar="PLACE",
    help="Folder or address (s3://BUCKET/FOLDER) of the stored clips; default: in your cache folder.",
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
    """Show and prune the stored clips, which all renders share."""


@store.command()
@_place_option
def show(place: Location | None) -> None:
    """Print where the store is, how large it is and what is in it.

    For each engine it shows the number of clips and their size, and when they were used. Of a store at an address it
    shows the number of clips there and their size, then what this machine has of them.
    """
    clips = open_store(place)
    if isinstance(clips, SharedClipStore):
        there = clips.contents_there()
        print_line(f"{clips.location}")
        click.echo(f"{_clips(there.clips)}, {format_bytes(there.bytes)}")
        click.echo("On this machine:")
    held = contents(clips)
    print_line(f"{clips.folder}")
    click.echo(f"{_clips(len(held.clips))}, {format_bytes(held.bytes)}{_uses(held.clips)}")
    held_by = shares(held.clips)
    if held_by:
        rows = [(_named(share), f"{share.clips}", format_bytes(share.bytes)) for share in held_by]
        click.echo("\n".join(format_rows(rows, right=(1, 2), width=terminal_width())))
    if any(share.is_outdated for share in held_by):
        print_line("older format: written by an earlier version, spoken again when needed; `store prune` removes them")
    if any(not (share.engine or share.is_outdated) for share in held_by):
        print_line("damaged: cannot be read, spoken again when needed")
    if held.leftovers:
        files = counted(len(held.leftovers), "temporary file")
        print_line(f"{files} of renders that are running or were killed; `store prune` removes those of killed ones")


@store.command()
@click.option(
    "--older-than",
    metavar="TIME",
    callback=_quantity(parse_seconds),
    help="Remove clips not used for this long: 30d, 12h, 2w.",
)
@click.option(
    "--max-size",
    metavar="SIZE",
    callback=_quantity(parse_bytes),
    help="Keep the last used clips, up to this size (10GB, 500MB); default without --older-than: store.max_size, 10GB.",
)
@click.option("--all", "is_all", is_flag=True, help="Also remove the clips of episodes rendered in the last day.")
@click.option("--yes", is_flag=True, help="Do not ask, even if more than half of the store is removed.")
@click.option("--dry-run", is_flag=True, help="Only show what would be removed.")
@_place_option
def prune(
    older_than: float | None, max_size: int | None, place: Location | None, *, is_all: bool, yes: bool, dry_run: bool
) -> None:
    """Remove clips that are no longer needed.

    These are clips of earlier versions, and those that have not been used for longest. What a running render needs is
    kept, and a removed clip is spoken again when it is needed. The command asks before it removes more than half of
    the store. Of a store at an address, only what this machine has of it is pruned.
    """
    if older_than is None and max_size is None:
        max_size = settings_from(read_settings_files(None, None)).store.max_size
    clips = open_store(place)
    limits = pruning.StoreLimits(max_size, older_than, keeps_outdated=False, recent=0 if is_all else pruning.RECENT)
    plan = pruning.plan_pruning(clips, limits)
    if dry_run:
        click.echo(f"{_share(plan)}: would be removed")
        _print_leftovers(len(plan.held.leftovers), "would be removed")
    elif yes or not plan.is_most or _is_confirmed(plan):
        pruned = pruning.carry_out(clips, plan)
        click.echo(f"{_clips(pruned.clips)}, {format_bytes(pruned.bytes)}, removed")
        _print_leftovers(pruned.leftovers, "removed")
    else:
        click.echo("Nothing was removed.", err=True)
        click.get_current_context().exit(1)
    if plan.spared:
        size = format_bytes(sum(clip.bytes for clip in plan.spared))
        click.echo(f"kept: {_clips(len(plan.spared))}, {size}, used in the last day; --all removes them too")
    if isinstance(clips, SharedClipStore):
        print_line(
            f"{clips.location} is as it was, for others may need its clips: a rule of the bucket can remove old ones"
        )


def _is_confirmed(plan: PruningPlan) -> bool:
    """Show what would be removed and ask; raise ``UsageError`` if nobody can answer."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            f"more than half of the store would be removed: {_share(plan)}; "
            "add --yes to do it, or --dry-run to see what would go"
        )
    click.echo(_share(plan), err=True)
    try:
        return click.confirm("That is more than half of the store. Remove it?", err=True)
    except click.Abort:
        click.echo(err=True)  # ends the line of the question
        if interrupts.was_interrupted():
            raise
        return False  # Ctrl-D: there is no answer


def _print_leftovers(count: int, done: str) -> None:
    if count:
        click.echo(f"temporary files of killed renders {done}: {count}")


def _share(plan: PruningPlan) -> str:
    """Describe what is removed: ``5 of 7 clips, 1.2 GB of 1.5 GB, used from … to …``."""
    held = plan.held
    whole = f"of {_clips(len(held.clips))}, {format_bytes(plan.bytes)} of {format_bytes(held.bytes)}"
    return f"{len(plan.clips)} {whole}{_uses(plan.clips)}"


def _named(share: EngineShare) -> str:
    return printable(share.engine) or ("older format" if share.is_outdated else "damaged")


def _clips(count: int) -> str:
    return counted(count, "clip")


def _uses(clips: Sequence[StoredFile]) -> str:
    """Say when these clips, ordered by their last use, were used."""
    if not clips:
        return ""
    first, last = _moment(clips[0].used), _moment(clips[-1].used)
    return f", used {first}" if first == last else f", used from {first} to {last}"


def _moment(nanoseconds: int) -> str:
    return f"{datetime.datetime.fromtimestamp(nanoseconds / 1e9).astimezone():%Y-%m-%d %H:%M}"
