"""``interview-audio feed``."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from interview_audio.cli.options import EXISTING_PLACE, podcast_option
from interview_audio.cli.terminal import print_line, print_warnings, terminal_width, wrap
from interview_audio.errors import OutputError, UsageError
from interview_audio.storage.addresses import Address, Location
from interview_audio.text.printable import json_text, printable
from interview_audio.text.units import counted

if TYPE_CHECKING:  # loaded by the command alone
    from interview_audio.publishing.catalogue import Catalogue
    from interview_audio.publishing.channel import Channel
    from interview_audio.publishing.feed import WrittenFeed
    from interview_audio.publishing.feed_check import Finding
    from interview_audio.publishing.remote_show import RemoteShow

_HEAD = 4096
"""Bytes within which a feed says that it is one; comments come before it."""
_FEED_NAME = re.compile(r"feed(?:\.(?!psc\.)[\w-]+)*\.xml")
"""``feed.xml``, ``feed.zh.xml``, ``feed.new.xml``; not the chapters of an episode called ``feed`` or ``feedback``."""
_Findings = dict[Path, list["Finding"]]


@click.command()
@click.argument("place", metavar="DIR", type=EXISTING_PLACE)
@click.option("--base-url", metavar="URL", help="Address to which DIR is uploaded: https://example.org/show/.")
@podcast_option
@click.option("--check", is_flag=True, help="Only check the feed of DIR, or a feed file: what directories refuse.")
@click.option("--init", is_flag=True, help="Only write a podcast.yaml to fill in.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def feed(
    place: Location, base_url: str | None, podcast: Path | None, *, check: bool, init: bool, as_json: bool
) -> None:
    """Write the podcast feed of the episodes in DIR: feed.xml, for every podcast app and directory.

    Identifiers and dates of an earlier feed are kept; running it again changes nothing. With --check, nothing is
    written: what would be written now is checked by the rules of Apple, Spotify, YouTube and 小宇宙. DIR may then also
    be a feed file, of any program. An address, such as s3://BUCKET/FOLDER, is written to like a folder.
    """
    if check and init:
        raise UsageError("--check and --init are two commands; give one of them")
    if isinstance(place, Address):
        _write_there(place, base_url, podcast, is_only_written=not (check or init), as_json=as_json)
        return
    folder = place
    if check:
        _check(folder, base_url, podcast, as_json=as_json)
        return
    if not folder.is_dir():
        raise UsageError(f"{folder} is a file; name the folder of the episodes, or add --check to check this feed")
    if init:
        if podcast:
            raise UsageError(f"--init writes a podcast.yaml into {folder}; leave out --podcast")
        _init(folder, base_url)
        return
    _write(folder, base_url, podcast, as_json=as_json)


def _read(folder: Path, podcast: Path | None, show: "RemoteShow | None" = None) -> "tuple[Catalogue, Channel]":
    from interview_audio.publishing.catalogue import read_catalogue
    from interview_audio.publishing.channel import read_channel, unknown_episodes

    channel, catalogue = read_channel(folder, podcast), read_catalogue(folder)
    if show:
        show.fetch_covers(channel)
    print_warnings(unknown_episodes(channel, catalogue))
    return catalogue, channel


def _address(folder: Path, given: str | None, channel: "Channel", catalogue: "Catalogue") -> str:
    """Return the address of the folder: as given, as ``podcast.yaml`` says, or as the feed that is there says."""
    if address := _known_address(folder, given, channel, catalogue):
        return address
    raise UsageError(
        f"where will {folder} be? give --base-url URL, such as https://example.org/show/, or write base_url: into "
        "podcast.yaml"
    )


def _known_address(folder: Path, given: str | None, channel: "Channel", catalogue: "Catalogue") -> str:
    from interview_audio.publishing.channel import given_base_url
    from interview_audio.publishing.feed import feeds_of, remembered_address

    if given is not None:
        return given_base_url(given)
    return channel.base_url or remembered_address(folder, feeds_of(channel, catalogue))


def _write(folder: Path, base_url: str | None, podcast: Path | None, *, as_json: bool) -> None:
    from interview_audio.publishing.feed import left_out, write_feeds
    from interview_audio.publishing.feed_check import check_feed

    catalogue, channel = _read(folder, podcast)
    written = write_feeds(catalogue, channel, _address(folder, base_url, channel, catalogue))
    findings = {one.path: check_feed(one.path) for one in written}
    _report_written(folder, channel, [*left_out(channel, catalogue)], findings, written, as_json=as_json)


def _write_there(
    address: Address, base_url: str | None, podcast: Path | None, *, is_only_written: bool, as_json: bool
) -> None:
    """Write the feed of the episodes at an address, and put it there."""
    from interview_audio.publishing.feed import left_out, write_feeds
    from interview_audio.publishing.feed_check import check_feed_text
    from interview_audio.publishing.remote_show import remote_show

    if not is_only_written:
        raise UsageError(f"{address}: --check and --init need a folder; copy the files to one, or name a feed file")
    with remote_show(address) as show:
        catalogue, channel = _read(show.folder, podcast, show)
        base_url = _address(show.folder, base_url, channel, catalogue)
        written = write_feeds(catalogue, channel, base_url)
        show.send(path.name for one in written for path in (one.cover, one.path))
        # The files beside it are not here, and were checked when they were made.
        findings = {one.path: check_feed_text(one.path.read_bytes(), show.folder / "none") for one in written}
        missing = [*left_out(channel, catalogue)]
        _report_written(address, channel, missing, findings, written, as_json=as_json, shown=show.shown)


def _report_written(
    place: Location,
    channel: "Channel",
    missing: list[str],
    findings: _Findings,
    written: "Sequence[WrittenFeed]",
    *,
    as_json: bool,
    shown: Callable[[str], str] = str,
) -> None:
    if as_json:
        click.echo(shown(json_text(_as_plain_data(written, missing, findings), indent=2)))
        return
    print_warnings(map(shown, [*missing, *(notice for one in written for notice in one.notices)]))
    for one in written:
        state = "written" if one.is_changed else "unchanged"
        print_line(f"{shown(str(one.path))}  {counted(one.episodes, 'episode')}, {state}: {one.address}")
    for line in _advice(place, channel, findings):
        print_line(line, err=True)


def _advice(place: Location, channel: "Channel", findings: _Findings) -> Iterator[str]:
    """Yield what would make the feed better."""
    refused = sum(finding.is_refused for some in findings.values() for finding in some)
    quoted = quote(str(place))
    if isinstance(place, Address):
        if channel.file is None:
            yield "Name, description and address of the show: write a podcast.yaml here, or name one with --podcast"
        return
    if refused:
        yield printable(f"{counted(refused, 'thing')} would be refused; see: interview-audio feed {quoted} --check")
    if channel.file is None:
        yield printable(f"Name, description and address of the show: interview-audio feed {quoted} --init")


def _check(folder: Path, base_url: str | None, podcast: Path | None, *, as_json: bool) -> None:
    """Check the feed that was named, those that would be written into a folder of ours, or those in another one."""
    from interview_audio.publishing.catalogue import records_in
    from interview_audio.publishing.feed_check import check_feed

    paths = [folder] if not folder.is_dir() else [] if records_in(folder) else _feeds_in(folder)
    notices: list[str] = []
    findings = {path: check_feed(path) for path in paths} or _check_ours(folder, base_url, podcast, notices)
    refused = sum(finding.is_refused for some in findings.values() for finding in some)
    if as_json:
        feeds = [_checked(path, some) for path, some in findings.items()]
        click.echo(json_text({"feeds": feeds, "notices": notices}, indent=2))
    else:
        print_warnings(notices)
        for number, (path, some) in enumerate(findings.items()):
            for line in (*([""] if number else []), *_report(path, some)):
                click.echo(line)
    if refused:
        raise click.ClickException(f"{folder}: {counted(refused, 'thing')} would be refused")


def _feeds_in(folder: Path) -> list[Path]:
    """Return the feeds in a folder: those by our names, else whatever else is RSS."""
    files = sorted(path for path in folder.glob("*.xml") if path.is_file())
    return [path for path in files if _FEED_NAME.fullmatch(path.name)] or [path for path in files if _is_rss(path)]


def _is_rss(path: Path) -> bool:
    with path.open("rb") as file:
        return b"<rss" in file.read(_HEAD)


def _check_ours(folder: Path, base_url: str | None, podcast: Path | None, notices: list[str]) -> _Findings:
    """Check the feeds that would be written now, and those that would be kept; say how the files there differ."""
    from interview_audio.publishing.feed import feeds_of, plan_feed, read_earlier, stale_feeds, stale_notice
    from interview_audio.publishing.feed_check import check_feed, check_feed_text

    catalogue, channel = _read(folder, podcast)
    feeds, findings = feeds_of(channel, catalogue), {}
    if not any(one.episodes for one in feeds):
        raise OutputError(f"there is no episode to publish in {folder}; render one into it with -o")
    notices += map(stale_notice, stale_feeds(folder, feeds))
    for one in feeds:
        path = folder / one.name
        try:
            read_earlier(path)
        except OutputError as error:  # nothing would be written
            notices.append(str(error))
            findings[path] = check_feed(path)
            continue
        plan = plan_feed(one, folder, _address(folder, base_url, channel, catalogue))
        if plan.path != path:
            notices.append(f"{path} was changed after it was written, and is checked as it is; a new feed is beside it")
            findings[path] = check_feed(path)
        elif path.exists() and plan.is_changed:
            quoted = quote(str(folder))
            notices.append(f"{path} is older than what is checked here; to write it: interview-audio feed {quoted}")
        findings[plan.path] = check_feed_text(plan.text.encode(), folder)
    return findings


def _report(path: Path, findings: "Sequence[Finding]") -> Iterator[str]:
    width = terminal_width()
    yield printable(str(path))
    if not findings:
        yield "Nothing would be refused."
    for heading, is_refused in (("Refused", True), ("Warnings", False)):
        some = [finding for finding in findings if finding.is_refused == is_refused]
        if some:
            yield f"{heading}: {len(some)}"
        for finding in some:
            yield from wrap(f"  {finding}", width, indent=4)
            yield f"    {finding.source}"


def _checked(path: Path, findings: "Sequence[Finding]") -> dict[str, Any]:
    return {"path": str(path), "findings": [asdict(finding) for finding in findings]}


def _as_plain_data(written: "Sequence[WrittenFeed]", missing: list[str], findings: _Findings) -> dict[str, Any]:
    feeds = [
        {
            "path": str(one.path),
            "address": one.address,
            "title": one.title,
            "episodes": one.episodes,
            "changed": one.is_changed,
            "cover": str(one.cover),
            "notices": list(one.notices),
            "findings": _checked(one.path, findings[one.path])["findings"],
        }
        for one in written
    ]
    return {"feeds": feeds, "left_out": missing}


def _init(folder: Path, base_url: str | None) -> None:
    from interview_audio.publishing.catalogue import read_catalogue
    from interview_audio.publishing.channel import NAME, Channel, channel_file
    from interview_audio.publishing.feed import write_beside

    path = folder / NAME
    if path.exists():
        raise OutputError(f"{path} exists and is not replaced; edit it, or move it away")
    catalogue = read_catalogue(folder)
    address = _known_address(folder, base_url, Channel(), catalogue)
    write_beside(path, channel_file(Channel(base_url=address), catalogue).encode())
    needed = "" if address else " (base_url: is needed)"
    print_line(f"{path}  fill it in{needed}, then: interview-audio feed {quote(str(folder))}")
