"""From a prepared source to a finished episode: the clips that are missing are made, then all are put together."""

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from interview_audio.engines.protocol import Downloading, Engine, Online
from interview_audio.errors import OutageError, OutputError, StoreError
from interview_audio.files.app_folders import tell_of_fallback
from interview_audio.files.atomic_files import TemporaryFiles, make_folder, sweep, write_whole
from interview_audio.files.episode_record import SkippedTurn
from interview_audio.files.ownership import Destination, assign_names, episode_suffixes
from interview_audio.files.staged_files import complete_published, folder_lock
from interview_audio.production.cover.artwork import make_cover
from interview_audio.production.episode import Episode, EpisodeRequest, produce
from interview_audio.rendering.job import Prepared, look_up, prepare
from interview_audio.rendering.options import Options
from interview_audio.script.lines import Line, Script, artists_of
from interview_audio.synthesis.clip_file import DamagedClipError, MissingClipError, read_samples
from interview_audio.synthesis.clip_keys import clip_spec
from interview_audio.synthesis.clip_worker import ClipResult, LoadedEngines
from interview_audio.synthesis.clips import Clip
from interview_audio.synthesis.planning import SynthesisPlan, engine_settings_json
from interview_audio.synthesis.pruning import prune_when_due
from interview_audio.synthesis.store import ClipStore
from interview_audio.synthesis.store import open_store as store_in
from interview_audio.synthesis.synthesizing import synthesize
from interview_audio.synthesis.throughput import Stopwatch, remember_speeds
from interview_audio.synthesis.workers import WorkerPool
from interview_audio.text.units import counted
from interview_audio.transcript.layout.front_matter import source_date
from interview_audio.transcript.turns import Transcript, Turn

_MEGABYTE = 1_000_000


class Listener(Protocol):
    """Hears how a render goes."""

    def prepared(self, script: Script, work: SynthesisPlan) -> None:
        """The script and its cast stand; ``work`` is what is to be made."""

    def progress(self, stage: str, done: int, total: int) -> None:
        """So many parts of a stage (``download`` in megabytes, ``voices``, ``sound``) are done."""

    def notice(self, message: str) -> None:
        """Something about this machine that is worth a line and changes nothing in the episode."""

    def waiting(self, message: str | None) -> None:
        """What the engine waits for, in a line; None while it works. Comes from another thread, every second."""

    def warning(self, message: str) -> None:
        """Something that the user should know and that stops nothing."""


def render(prepared: Prepared, options: Options, listener: Listener, pool: WorkerPool) -> Episode:
    """Make the clips that are missing and produce the episode into ``options.output`` (default: ``output``).

    Raises:
        SpeechError: Lines that cannot be said, named; all other clips are stored.
        EngineError: The engine failed.
        StoreError: The clip store cannot be written.
        OutputError: The episode cannot be written; the previous one is intact.
    """
    check_output(prepared.destination, episode_suffixes(prepared.settings.sound.format))
    for message in prepared.warnings:
        listener.warning(message)
    store = open_store(prepared, options, listener)
    try:
        with store.lease(clip_keys(prepared)):
            episode = _render(prepared, options, listener, pool)
            _prune(store, prepared.settings.store.max_size, listener)  # while the lease keeps this episode's clips
    except OutageError as error:
        pool.engines.close()  # one that has lost its service does not try again
        if options.fallback is None:
            raise
        listener.warning(f"{error}; {options.fallback} speaks the whole episode (--fallback)")
        options = replace(options, engine=options.fallback, fallback=None)
        again = replace(prepare(prepared.source, options, pool.engines), warnings=())  # they have been told
        return render(again, options, listener, pool)
    for message in episode.warnings:
        listener.warning(message)
    for edited, new in episode.kept.items():
        listener.notice(f"{options.folder / edited} was edited and is kept; the new one is {options.folder / new}")
    return episode


def _render(
    prepared: Prepared,
    options: Options,
    listener: Listener,
    pool: WorkerPool,
    made_again: frozenset[str] = frozenset(),
) -> Episode:
    script, settings = prepared.script, prepared.settings
    with ThreadPoolExecutor(1) as artist:
        cover = artist.submit(make_cover, script.title, settings.show.cover)  # while the lines are spoken
        work, clips = speak(prepared, script.lines, options, listener, pool)
    request = EpisodeRequest(
        destination=prepared.destination,
        artists=_artists(prepared),
        date=source_date(prepared.transcript.turns),
        fingerprint=prepared.fingerprint,
        soundtrack=prepared.soundtrack,
        skipped=_skipped(prepared.transcript, script),
        specs=work.specs,
        cover=cover.result(),
        on_progress=lambda part: listener.progress("sound", round(part * 100), 100),
    )
    try:
        return produce(script, clips, settings, request)
    except (DamagedClipError, MissingClipError) as error:  # gone where another render is about to make it again
        if error.path in made_again:  # what is written to this disk does not come back
            raise
        discarded = discard_damaged([clip.path for clip in clips], options, listener)
        return _render(prepared, options, listener, pool, made_again | discarded | {error.path})


def open_store(prepared: Prepared, options: Options, listener: Listener) -> ClipStore:
    """The clip store, once it is certain that clips can be written there; a line says where it is if not at home.

    Raises:
        StoreError: Nothing can be written to it.
    """
    if options.store is None or prepared.engine.heavy:  # such an engine keeps there what it prepares
        tell_of_fallback(listener.notice)
    store = store_in(options.store)
    store.prepare()
    return store


def clip_keys(prepared: Prepared) -> Iterator[str]:
    """The keys of all clips that a script is made of."""
    for line in prepared.script.lines:
        yield clip_spec(line, prepared.engine.identity, prepared.settings.pronunciations).key


def _prune(store: ClipStore, most_bytes: int, listener: Listener) -> None:
    try:
        pruned = prune_when_due(store, most_bytes)
    except StoreError as error:
        listener.warning(str(error))
    else:
        if pruned.clips:
            listener.notice(
                f"The clip store was full; {counted(pruned.clips, 'clip')} removed, the least recently used"
            )


def speak(
    prepared: Prepared, lines: Sequence[Line], options: Options, listener: Listener, pool: WorkerPool
) -> tuple[SynthesisPlan, tuple[Clip, ...]]:
    """Give each line its clip, from the store or made, and remember how fast that went.

    Args:
        prepared: Where the lines come from.
        lines: All of its script, or some.
        options: Where the store is.
        listener: Hears of it.
        pool: Makes what is missing.

    Raises:
        SpeechError: Lines that cannot be said, named; all other clips are stored.
        EngineError: The engine failed.
        StoreError: The clip store cannot be written.
    """
    store = store_in(options.store)
    store.prepare()
    work = look_up(prepared, lines, store)
    listener.prepared(replace(prepared.script, lines=tuple(lines)), work)
    for message in work.damaged.values():
        listener.warning(message)
    clips = _made(prepared, lines, work, options, listener, pool) if work.jobs else _stored(work, pool)
    for message in _unspoken(lines, clips):
        listener.warning(message)
    return work, clips


def _stored(work: SynthesisPlan, pool: WorkerPool) -> tuple[Clip, ...]:
    pool.stop_unused()
    return tuple(work.stored[key] for key in work.keys)


def _made(
    prepared: Prepared,
    lines: Sequence[Line],
    work: SynthesisPlan,
    options: Options,
    listener: Listener,
    pool: WorkerPool,
) -> tuple[Clip, ...]:
    jobs = pool.jobs_for(prepared.engine, len(work.jobs))
    engine = prepared.engine
    if options.is_offline and not engine.local:
        raise OutageError(
            f"{len(work.missing_lines)} of {counted(len(lines), 'line')} not stored, "
            f"and --offline forbids {engine.name}",
            "leave out --offline, or choose an engine that needs no network",
        )
    download_missing(engine, listener, is_offline=options.is_offline)
    is_loading = not (pool.has_worked or work.preparation)
    began = time.monotonic() if is_loading else None
    languages = {task.utterance.language for task in work.jobs.values()}
    executor = pool.executor(prepared.engine, prepared.engine_settings, languages, jobs)
    watch = Stopwatch(dict(zip(work.keys, work.specs, strict=True)), jobs, began)
    done = 0

    def on_clip(made: ClipResult) -> None:
        nonlocal done
        done += 1
        if made.is_ours:
            watch.record(made.clip, time.monotonic())
        listener.progress("voices", done, len(work.jobs))

    if work.preparation:
        listener.notice(
            f"Preparing {prepared.engine.name} for this machine, once; the first lines are spoken meanwhile"
        )
    with _telling_of_waits(prepared, pool.engines, listener):
        clips = synthesize(lines, work, executor, on_clip, listener.notice)
    _remember(watch, options, listener)
    return clips


def download_missing(engine: Engine, listener: Listener, *, is_offline: bool = False) -> None:
    """Have an engine download what it lacks: here, and not in a worker, so that the listener hears of it.

    Raises:
        EngineError: It cannot be downloaded, or must not be.
    """
    if not isinstance(engine, Downloading):
        return
    what = engine.needs_download()
    if what and not is_offline:
        listener.notice(f"Downloading {what}, once")
    engine.download(
        lambda arrived, size: listener.progress("download", arrived // _MEGABYTE, size // _MEGABYTE),
        is_offline=is_offline,
    )


@contextmanager
def _telling_of_waits(prepared: Prepared, engines: LoadedEngines, listener: Listener) -> Iterator[None]:
    """While the block runs, tell every second what an online engine waits for."""
    speaking = engines.get(prepared.engine.name, engine_settings_json(prepared.engine_settings))
    if not isinstance(speaking, Online):
        yield
        return
    is_over = threading.Event()

    def tell() -> None:
        while not is_over.wait(1):
            listener.waiting(speaking.waiting())

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        is_over.set()
        teller.join()
        listener.waiting(None)


def _remember(watch: Stopwatch, options: Options, listener: Listener) -> None:
    measured = watch.speeds()
    if not measured:
        return
    try:
        remember_speeds(store_in(options.store).home, measured)
    except StoreError as error:
        listener.warning(str(error))


def discard_damaged(paths: Iterable[Path], options: Options, listener: Listener) -> frozenset[str]:
    """Remove the clips of which only their sound shows that they are damaged, so that they are made again.

    Returns:
        Their paths.
    """
    damaged = set()
    for path in dict.fromkeys(paths):
        try:
            read_samples(path)
        except DamagedClipError as error:
            store_in(options.store).discard(path)
            listener.warning(f"{path} is damaged ({error.reason}); it will be spoken again")
            damaged.add(str(path))
        except MissingClipError:
            continue  # another render has found the damage too
    return frozenset(damaged)


def is_stored(prepared: Prepared, options: Options) -> bool:
    """Whether every line has its clip, so that no engine is needed."""
    return not look_up(prepared, prepared.script.lines, store_in(options.store)).missing_lines


def check_output(destination: Destination, suffixes: Sequence[str]) -> None:
    """See that the files of an episode or a preview can be written, before anything is spoken for it.

    Raises:
        OccupiedError: A file is there that this source's last render did not write.
        OutputError: The folder cannot be written.
    """
    check_writable(destination.folder)
    complete_published(destination.folder)
    try:
        with folder_lock(destination.folder):  # another render of the same source may move its files just now
            assign_names(destination, suffixes)
    except OSError as error:
        raise _unwritable(destination.folder, error) from error


def check_writable(folder: Path) -> None:
    """Raise ``OutputError`` where no file can be made in ``folder``, which is made if it is missing."""
    try:
        make_folder(folder)
        with TemporaryFiles(folder) as temporaries:
            temporaries.new().touch()
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> OutputError:
    return OutputError(f"cannot write to {folder}: {error.strerror}; choose another folder with -o DIR")


def write_text(path: Path, text: str) -> None:
    """Write a whole file or none. Raises ``OutputError``."""
    check_writable(path.parent)
    try:
        sweep(path.parent)
        write_whole(path, text.encode())
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}; choose another file with -o") from error


def _unspoken(lines: Sequence[Line], clips: Sequence[Clip]) -> list[str]:
    """A named warning for each word that an engine has no sound for."""
    return list(
        dict.fromkeys(
            f"line {line.source_line}: {word!r} cannot be spoken; add its pronunciation to voices.yaml"
            for line, clip in zip(lines, clips, strict=True)
            for word in clip.unspoken
        )
    )


def _artists(prepared: Prepared) -> tuple[str, ...]:
    host = prepared.settings.speakers.get("host")
    return artists_of(prepared.script.cast, host.aliases if host else (), prepared.script.language)


def _skipped(transcript: Transcript, script: Script) -> tuple[SkippedTurn, ...]:
    """The turns that are not read aloud, and why."""
    read = {line.turn for line in script.lines}
    return tuple(
        SkippedTurn(turn.line, turn.kind, _why_skipped(turn), turn.text)
        for index, turn in enumerate(transcript.turns)
        if index not in read
    )


def _why_skipped(turn: Turn) -> str:
    if turn.kind not in ("speech", "narration"):
        return turn.reason
    return "read.narration is off" if any(map(str.isalnum, turn.text)) else "no words to speak"
