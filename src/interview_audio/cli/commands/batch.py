"""``interview-audio batch``."""

import codecs
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interview_audio.cli.options import batch_options, render_options_of, standard_input
from interview_audio.cli.terminal import print_line
from interview_audio.errors import InterviewAudioError, StoreError, UsageError
from interview_audio.files.episode_record import RECORD_SUFFIX, read_manifest
from interview_audio.files.file_names import SCRIPT_MARK
from interview_audio.files.input_files import is_read_once
from interview_audio.text.units import counted

if TYPE_CHECKING:
    from interview_audio.cli.batch_progress import BatchReport, BatchTotals
    from interview_audio.rendering.batch import BatchListener, SourceEnd
    from interview_audio.rendering.batch_memory import BatchMemory, RememberedBatches
    from interview_audio.rendering.options import RenderOptions
    from interview_audio.synthesis.workers import Workers

_STANDARD_INPUT = Path("-")
_SETTINGS = ("voices.yaml", "cast.yaml", "podcast.yaml")
"""What is not an interview, and is not said to be passed over: it may well count."""
_SCRIPTS = (f"{SCRIPT_MARK}.yaml", f"{SCRIPT_MARK}.yml")
_PREVIEW_RECORD_SUFFIX = ".preview.json"
_MAX_NAMED = 5
"""Files of a folder that are passed over and named."""


@click.command()
@click.argument("sources", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[SOURCE|DIR]...")
@click.option(
    "--from",
    "listed",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="List of sources, one path a line, seen from its folder; - reads it from standard input.",
)
@batch_options
@click.option(
    "--continue", "is_continued", is_flag=True, help="Leave out what earlier batches into the same output finished."
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Have the work done by the workers of a Dask scheduler (tcp://HOST:8786), or of one here (local:4).",
)
@click.option(
    "--nice", type=click.IntRange(1, 19), metavar="N", help="Lower the priority of worker processes; 19 is the lowest."
)
@click.option(
    "--limit-cpu",
    type=click.FloatRange(0, 100, min_open=True),
    metavar="PERCENT",
    help="Of this machine's processors, what worker processes use at most, on average.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON, a line for each source as it ends.")
def batch(
    sources: tuple[Path, ...],
    listed: Path | None,
    cluster: str | None,
    nice: int | None,
    limit_cpu: float | None,
    *,
    is_continued: bool,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Make an episode from each SOURCE, and from each interview that is directly in DIR.

    All lines go to one pool of workers, and episodes are finished one by one. A source that fails stops no other: it is
    named at the end, the exit code is 1, and --continue tries only what is missing.
    """
    if not (sources or listed or is_continued):
        raise UsageError("name sources, a folder or a list (--from FILE), or go on with --continue")
    _check_cluster(cluster, {"--jobs": chosen["jobs"], "--nice": nice, "--limit-cpu": limit_cpu})
    options = render_options_of(chosen)
    from interview_audio.cli.batch_progress import BatchReport, BatchTotals, JsonReport, batch_progress
    from interview_audio.rendering.batch import distinct, run_batch

    given = distinct(_given(sources, listed))
    memory = _memory_of(options)
    todo, finished = given, 0
    gone: dict[Path, None] = {}
    if is_continued:
        todo, finished = _unfinished(given if sources or listed else None, options, memory)
        if not (sources or listed):
            gone = dict.fromkeys(source for source in todo if not os.path.lexists(source))
    if memory:
        memory = _begun(memory, todo, options, is_continued=is_continued)
    totals = BatchTotals(len(todo), finished)
    report = (JsonReport if as_json else BatchReport)(totals)
    with (
        _closed(report, totals, todo, memory),
        batch_progress(totals, is_plain=as_json and sys.stdout.isatty()) as progress,
    ):
        if todo:
            with _workers(cluster, options, (nice, limit_cpu), progress) as workers:
                there = [source for source in todo if source not in gone]
                ends = chain(map(_gone, gone), run_batch(there, options, workers, progress))
                for end in _remembered(ends, memory):
                    totals.add(end)
                    progress.ended(end)
                    report.add(end)
    if not totals.is_successful:
        click.get_current_context().exit(1)


def _gone(source: Path) -> "SourceEnd":
    """Return the end of a source that an earlier batch has left over, and that is not there any more."""
    from interview_audio.rendering.batch import SourceEnd

    return SourceEnd(
        source, "failed", reason=f"{source}: gone since last time; if it has another name now, name its folder again"
    )


def _check_cluster(cluster: str | None, of_this_machine: Mapping[str, object]) -> None:
    named = [option for option, value in of_this_machine.items() if value is not None]
    if cluster is not None and named:
        raise UsageError(
            f"with --cluster the work is not done by processes of this machine, which {' and '.join(named)} "
            f"{'is' if len(named) == 1 else 'are'} about; set limits where the workers are started"
        )
    if cluster is not None:
        from interview_audio.synthesis.cluster import check_cluster

        check_cluster(cluster)


@contextmanager
def _workers(
    cluster: str | None, options: "RenderOptions", limits: tuple[int | None, float | None], listener: "BatchListener"
) -> Iterator["Workers"]:
    """Open the workers: those of a cluster, or processes of this machine with a niceness and a percentage."""
    if cluster is not None:
        from interview_audio.synthesis.cluster import open_cluster
        from interview_audio.synthesis.store import open_store

        with open_cluster(cluster, listener.notice) as workers:
            for place in (options.place, open_store(options.store).location):
                workers.require(place)
            yield workers
        return
    from interview_audio.rendering.batch import local_workers
    from interview_audio.synthesis.workers import Courtesy, WorkerPool

    niceness, percent = limits
    with WorkerPool(options.jobs, Courtesy(niceness or 0, percent)) as pool:
        yield local_workers(pool, options, listener)


@contextmanager
def _closed(
    report: "BatchReport", totals: "BatchTotals", sources: Sequence[Path], memory: "BatchMemory | None"
) -> Iterator[None]:
    """Write the end of the summary, however the batch ends; none beside an error before any source has ended."""
    is_interrupted = is_begun = True
    try:
        yield
        is_interrupted = False
    except InterviewAudioError:
        is_begun = totals.ended.total() > 0
        raise
    finally:
        if is_begun:
            report.close(sources, is_interrupted=is_interrupted, memory=memory.path if memory else None)


# What an earlier batch has left over.


def _memory_of(options: "RenderOptions") -> "BatchMemory | None":
    from interview_audio.rendering.batch_memory import BatchMemory

    try:
        return BatchMemory(options.place)
    except StoreError as error:
        _warn(f"what fails is not remembered for --continue: {error}")
        return None


def _unfinished(
    given: Sequence[Path] | None, options: "RenderOptions", memory: "BatchMemory | None"
) -> tuple[list[Path], int]:
    """Return the sources that are to be tried again, of those given or of all, and how many that leaves out.

    Raises:
        UsageError: Other options would make other episodes of them, or nothing is known of any source.
    """
    known = _known(memory) if memory else None
    if known is None or not known.sources:
        if given is None:
            raise UsageError(f"nothing is remembered of a batch into {options.place}; name sources or a folder")
        _say(f"Nothing is remembered of a batch into {options.place}; all sources are tried")
        return list(given), 0
    if given is None:
        todo, everything = [_from_here(source) for source in known.unfinished()], len(known.sources)
    else:
        todo, everything = [source for source in given if not known.is_finished(source)], len(given)
    _say(f"{everything - len(todo):,} of {counted(everything, 'source')} finished before; {len(todo):,} to do")
    changed, of_what_fails = known.changed_options(todo, options)
    if changed:
        raise UsageError(
            f"last time it was {', '.join(changed)}, and now it is not; give the same options, or leave out --continue"
        )
    if of_what_fails:
        _say(f"Last time: {', '.join(of_what_fails)}; what was finished then stays as it is")
    return todo, everything - len(todo)


def _known(memory: "BatchMemory") -> "RememberedBatches | None":
    try:
        return memory.read()
    except OSError as error:
        _warn(f"{memory.path} cannot be read: {error.strerror}")
    except StoreError as error:
        _warn(str(error))
    return None


def _begun(
    memory: "BatchMemory", sources: Sequence[Path], options: "RenderOptions", *, is_continued: bool
) -> "BatchMemory | None":
    try:
        memory.begin(sources, options, is_continued=is_continued)
    except OSError as error:
        _warn(f"what fails is not remembered for --continue: {memory.path}: {error.strerror}")
        return None
    return memory


def _remembered(ends: Iterable["SourceEnd"], memory: "BatchMemory | None") -> Iterator["SourceEnd"]:
    """Write down each end before it is shown."""
    for end in ends:
        if memory:
            try:
                memory.add(end)
            except OSError as error:
                _warn(f"what fails from now on is not remembered for --continue: {memory.path}: {error.strerror}")
                memory = None
        yield end


# Which sources are meant.


def _given(sources: Iterable[Path], listed: Path | None) -> Iterator[Path]:
    for source in sources:
        if source.is_dir():
            yield from _interviews_in(source)
        else:
            yield source
    if listed:
        yield from _in_list(listed)


def _in_list(file: Path) -> Iterator[Path]:
    """Yield the sources of a list; one that is not there is a source that fails.

    Raises:
        UsageError: It is no text.
    """
    content = standard_input() if file == _STANDARD_INPUT else file.read_bytes()
    folder = Path() if file == _STANDARD_INPUT or is_read_once(file) else file.parent
    # Windows writes lists in UTF-16; names that are in no encoding are passed on as they are.
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = content.decode("utf-16" if is_utf16 else "utf-8-sig", "replace" if is_utf16 else "surrogateescape")
    if "\0" in text:
        raise UsageError(f"{file}: this is not a list of sources; write one path a line (find -print, and not -print0)")
    for line in map(str.strip, text.splitlines()):
        if line and not line.startswith("#"):
            yield folder / line


def _interviews_in(folder: Path) -> list[Path]:
    """Return the interviews directly in a folder, and say what else is there.

    A script file is taken instead of the text that it was made from. A link to nowhere is a source that fails.

    Raises:
        UsageError: There is none.
    """
    from interview_audio.transcript.reading import SUFFIXES

    with os.scandir(folder) as entries:
        seen = [one for one in entries if not one.name.startswith(".")]
        names = sorted(one.name for one in seen if one.is_file() or not Path(one).exists())
        folders = sum(one.is_dir() for one in seen)
    own = _files_of_episodes(folder, names)
    scripts = {name for name in names if _stem_and_suffix(name)[1] in _SCRIPTS}
    edited = {_stem_and_suffix(name)[0] for name in scripts}
    texts = {name for name in names if Path(name).suffix.lower() in SUFFIXES}.difference(own)
    found = sorted(scripts | {name for name in texts if Path(name).stem not in edited})
    passed = [*_counted(own, "file of episodes", "files of episodes")]
    passed += _counted(texts.difference(found), "text with a script file", "texts with script files")
    others = sorted(set(names).difference(own, texts, found, _SETTINGS))
    passed += [*others[:_MAX_NAMED], *_counted(others[_MAX_NAMED:], "more", "more")]
    without = f"; passed over: {', '.join(passed)}" if passed else ""
    if folders:
        without += f"; {counted(folders, 'folder')} in it {'is' if folders == 1 else 'are'} not looked into"
    if not found:
        raise UsageError(f"{folder}: there is no interview in it{without}; name the files, or another folder")
    _say(f"{folder}: {counted(len(found), 'interview')}{without}")
    return [folder / name for name in found]


def _stem_and_suffix(name: str) -> tuple[str, str]:
    """Part ``talk.script.yaml`` before its last two suffixes."""
    stem, mark, _ = name.rpartition(SCRIPT_MARK)
    return (stem, name[len(stem) :]) if mark else (name, "")


def _counted(names: Collection[str], noun: str, plural: str) -> list[str]:
    return [counted(len(names), noun, plural)] if names else []


def _files_of_episodes(folder: Path, names: Sequence[str]) -> set[str]:
    """Return the files of a folder that the records in it list as those of episodes and previews."""
    own: set[str] = set()
    for name in names:
        if name.endswith((RECORD_SUFFIX, _PREVIEW_RECORD_SUFFIX)) and (record := read_manifest(folder / name)):
            own |= {name, *record.written}
    return own.intersection(names)


def _from_here(source: Path) -> Path:
    """Return a path as it would be written here."""
    here = Path.cwd()
    return source.relative_to(here) if source.is_relative_to(here) else source


def _say(line: str) -> None:
    print_line(line, err=True)


def _warn(line: str) -> None:
    print_line(f"Warning: {line}", err=True)
