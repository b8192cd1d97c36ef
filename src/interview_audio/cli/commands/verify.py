"""``interview-audio verify``."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from PIL import Image

from interview_audio.cli.options import LocalPath
from interview_audio.cli.terminal import format_rows, print_line, terminal_width, wrap
from interview_audio.text.printable import json_text, printable
from interview_audio.text.units import counted, playing_time
from interview_audio.verification.facts import EpisodeFacts
from interview_audio.verification.report import VerificationReport
from interview_audio.verification.report import verify as verify_file

if TYPE_CHECKING:  # only a command that listens needs what it loads
    from interview_audio.verification.listening import Ear, HeardLine, Hearing

_SUFFIXES = (".mp3", ".m4b", ".m4a", ".opus", ".flac")
_MOST_CHAPTERS = 30
"""Chapters that are listed on a terminal; a pipe and `--json` have all."""
_MOST_HEARD = 20
"""Lines, and words, that were heard otherwise and are listed on a terminal."""
_MOST_PLACES = 3
"""Lines that are named by their start, of those in which the same words were misheard."""


@click.command()
@click.argument("episodes", metavar="EPISODE...", nargs=-1, required=True, type=LocalPath())
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option(
    "--listen",
    is_flag=True,
    help="Also have Whisper write down each line, and compare it with what was to be said (extra: listen).",
)
@click.option(
    "--listen-model",
    metavar="MODEL",
    help="Listen with this model: tiny, base, small, medium, large-v3 (downloaded if it is not on this machine), or "
    "its folder. Default: base, if it is there.",
)
@click.option("--offline", is_flag=True, help="Download no model.")
def verify(episodes: tuple[Path, ...], *, as_json: bool, listen: bool, listen_model: str | None, offline: bool) -> None:
    """Check each EPISODE as players read it: report its problems, and what players will show.

    An EPISODE is an audio file (MP3, M4B, M4A, Opus, FLAC), made by this program or not, or a folder of them. All of
    the audio is decoded, which takes about ten seconds per hour. With --listen, a sentence that is not heard is a
    problem, and words of which others are heard are listed; this takes minutes per hour.
    """
    width = terminal_width()
    files = [file for episode in episodes for file in _sound_files(episode)]
    ear = _ear(listen_model, is_offline=offline) if listen or listen_model else None
    count, reports = 0, []
    for number, path in enumerate(files):
        report = _listened(path, ear) if ear else verify_file(path)
        count += len(report.problems)
        if as_json:
            reports.append(_as_plain_data(report))
        else:
            for line in (*([""] if number else []), *_report_lines(report, width)):
                click.echo(line)
    if as_json:
        click.echo(json_text(reports, indent=2))
    if count:
        where = files[0] if len(files) == 1 else f"{len(files)} episodes"
        raise click.ClickException(f"{where}: {counted(count, 'problem')}")


def _ear(model: str | None, *, is_offline: bool) -> "Ear":
    from interview_audio.verification.whisper import Whisper  # with what it loads

    return Whisper(model, is_offline=is_offline, notify=lambda line: print_line(line, err=True))


def _listened(path: Path, ear: "Ear") -> VerificationReport:
    """Verify a file, with a bar on standard error; where that is no terminal, with a line."""
    with click.progressbar(length=1, label=f"Listening to {printable(path.name)}", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        return verify_file(path, ear=ear, on_heard=show)


def _sound_files(episode: Path) -> list[Path]:
    if not episode.is_dir():
        return [episode]
    found = sorted(path for path in episode.iterdir() if path.suffix.lower() in _SUFFIXES and path.is_file())
    if not found:
        raise click.UsageError(f"{episode} contains no audio file ({', '.join(_SUFFIXES)})")
    return found


def _report_lines(report: VerificationReport, width: int | None) -> Iterator[str]:
    yield printable(str(report.path))
    if report.facts:
        yield from _facts(report.facts, width)
        yield from ("", "What players show")
        yield from format_rows([(view.players, view.shows) for view in report.players], width=width)
    if report.hearing:
        yield from _hearing(report.hearing, width)
    yield ""
    if not report.problems:
        yield "No problems found."
        return
    yield f"Problems: {len(report.problems)}"
    for problem in report.problems:
        yield from wrap(f"  {printable(str(problem))}", width, indent=4)


def _facts(facts: EpisodeFacts, width: int | None) -> Iterator[str]:
    yield from format_rows(list(_sound(facts)), width=width)
    if marks := facts.contents.chapters:
        yield from ("", f"Chapters: {len(marks)}")
        listed = marks[:_MOST_CHAPTERS] if width else marks
        rows = [(_clock(mark.start), printable(mark.title)) for mark in listed]
        yield from format_rows(rows, right=(0,), width=width)
        if len(marks) > len(listed):
            yield f"  and {len(marks) - len(listed)} more"
    if beside := list(_sidecar_files(facts)):
        yield from ("", "Files beside it")
        yield from format_rows(beside, width=width)


def _sound(facts: EpisodeFacts) -> Iterator[tuple[str, str]]:
    contents, heard = facts.contents, facts.sound
    for tag in ("title", "artist", "album", "date", "language", "comment"):
        if text := contents.tags.get(tag):
            yield tag, printable(text)
    yield "length", _clock(facts.milliseconds, precise=True)
    channels = {1: "mono", 2: "stereo"}.get(contents.channels, f"{contents.channels} channels")
    yield "format", ", ".join(filter(None, (contents.format, f"{contents.sample_rate} Hz {channels}", _bitrate(facts))))
    yield "loudness", f"{heard.loudness:.1f} LUFS{' as dual mono' if contents.channels == 1 else ''}"
    yield "true peak", f"{heard.true_peak:.1f} dBTP"
    yield "cover", _cover(contents.cover)


def _bitrate(facts: EpisodeFacts) -> str:
    if facts.mp3 and facts.mp3.frames.bitrates:
        rates = facts.mp3.frames.bitrates
        return f"{rates[0]} kbit/s constant" if len(rates) == 1 else f"{min(rates)} to {max(rates)} kbit/s variable"
    return f"{round(facts.contents.bitrate / 1000)} kbit/s" if facts.contents.bitrate else ""


def _cover(cover: bytes) -> str:

    if not cover:
        return "none"
    try:
        with Image.open(io.BytesIO(cover)) as picture:
            size = "{} x {}".format(*picture.size)
            return f"{size} {picture.format}, {len(cover) / 1000:.0f} kB"
    except OSError:
        return "damaged"


def _sidecar_files(facts: EpisodeFacts) -> Iterator[tuple[str, str]]:
    for suffix, listed in facts.chapter_lists.items():
        yield printable(facts.sidecar(suffix)), listed.fault or counted(len(listed.marks), "chapter")
    for suffix, transcript in facts.transcripts.items():
        speakers = len({caption.speaker for caption in transcript.captions if caption.speaker})
        yield (
            printable(facts.sidecar(suffix)),
            (transcript.fault or f"{counted(len(transcript.captions), 'caption')}, {counted(speakers, 'speaker')}"),
        )


def _hearing(hearing: "Hearing", width: int | None) -> Iterator[str]:
    yield from ("", f"Heard by {printable(hearing.ear)}: errors")
    rows = [
        (
            printable(rate.speaker) or "everybody",
            rate.language,
            _percent(rate.rate),
            f"of {counted(rate.units, rate.unit)}",
        )
        for rate in hearing.rates
    ]
    yield from format_rows(rows, right=(2,), width=width)
    if lines := hearing.shown:
        yield from ("", f"Lines heard otherwise: {len(lines)}")
        listed = lines[:_MOST_HEARD] if width else lines
        for line in listed:
            yield from _heard_line(line, width)
        if len(lines) > len(listed):
            yield f"  and {len(lines) - len(listed)} more"
    if misheard := hearing.misheard:
        yield from ("", f"Words heard otherwise: {len(misheard)}")
        rows_of_words = [
            (
                _places([line.start for line in words.lines]),
                printable(words.said),
                ", ".join(printable(heard) or "(nothing)" for heard in words.heard),
            )
            for words in (misheard[:_MOST_HEARD] if width else misheard)
        ]
        yield from format_rows([("at", "written", "heard"), *rows_of_words], width=width)
        if len(misheard) > len(rows_of_words):
            yield f"  and {len(misheard) - len(rows_of_words)} more"


def _heard_line(heard: "HeardLine", width: int | None) -> Iterator[str]:
    line = heard.line
    yield f"  {_clock(line.start)}  {printable(line.speaker)}, {_percent(heard.rate)}"
    yield from wrap(f"    written  {printable(line.text)}", width, indent=13)
    yield from wrap(f"    heard    {printable(heard.heard) or '(nothing)'}", width, indent=13)


def _places(starts: list[int]) -> str:
    more = f" and {len(starts) - _MOST_PLACES} more" if len(starts) > _MOST_PLACES else ""
    return ", ".join(map(_clock, starts[:_MOST_PLACES])) + more


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _as_plain_data(report: VerificationReport) -> dict[str, Any]:
    return {
        "path": str(report.path),
        **(_facts_as_plain_data(report.facts) if report.facts else {}),
        "players": {view.players: view.shows for view in report.players},
        "problems": [
            {"where": problem.where, "what": problem.what, "remedy": problem.remedy} for problem in report.problems
        ],
        **({"listening": _hearing_as_plain_data(report.hearing)} if report.hearing else {}),
    }


def _hearing_as_plain_data(hearing: "Hearing") -> dict[str, Any]:
    return {
        "ear": hearing.ear,
        "threshold": hearing.threshold,
        "rates": [
            {
                "speaker": rate.speaker or None,
                "language": rate.language,
                "lines": rate.lines,
                "unit": rate.unit,
                "count": rate.units,
                "errors": rate.errors,
                "rate": round(rate.rate, 4),
            }
            for rate in hearing.rates
        ],
        "lines": [_heard_as_plain_data(line) for line in hearing.lines],
    }


def _heard_as_plain_data(heard: "HeardLine") -> dict[str, Any]:
    line = heard.line
    return {
        "line": line.line,
        "start": line.start / 1000,
        "end": line.end / 1000,
        "speaker": line.speaker,
        "language": heard.language,
        "text": line.text,
        "heard": heard.heard,
        "count": heard.units,
        "errors": heard.errors,
        "rate": round(heard.rate, 4),
        "misheard": [{"text": words.said, "heard": words.heard} for words in heard.misheard],
        "lost": list(heard.lost),
    }


def _facts_as_plain_data(facts: EpisodeFacts) -> dict[str, Any]:
    contents, heard = facts.contents, facts.sound
    return {
        "duration": facts.milliseconds / 1000,
        "format": contents.format,
        "codec": contents.codec,
        "sample_rate": contents.sample_rate,
        "channels": contents.channels,
        "bitrate": contents.bitrate,
        "constant_bitrate": len(facts.mp3.frames.bitrates) == 1 if facts.mp3 else None,
        "loudness": round(heard.loudness, 2),
        "true_peak": round(heard.true_peak, 2),
        "tags": dict(contents.tags),
        "cover_bytes": len(contents.cover),
        "chapters": [
            {"title": mark.title, "start": mark.start / 1000, "end": None if mark.end is None else mark.end / 1000}
            for mark in contents.chapters
        ],
        "captions": {suffix: len(transcript.captions) for suffix, transcript in facts.transcripts.items()},
    }


def _clock(milliseconds: int, *, precise: bool = False) -> str:
    """``1:02:03`` or ``2:03``, rounded down as players do, or with its milliseconds."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{playing_time(seconds)}.{rest:03}" if precise else playing_time(seconds)
