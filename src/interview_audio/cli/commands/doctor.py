"""``interview-audio doctor``."""

import os
import platform
from pathlib import Path

import click

from interview_audio import __version__
from interview_audio.cli.options import piped_contents, voices_option
from interview_audio.cli.progress import listener
from interview_audio.cli.terminal import print_line
from interview_audio.configuration.loading import settings_from
from interview_audio.configuration.lookup import read_settings_files
from interview_audio.engines.protocol import DeviceChoosing, Diagnosable, Downloading, Online, Preparing
from interview_audio.engines.registry import engine_names, load_engine
from interview_audio.errors import EngineError
from interview_audio.machine import sensible_jobs
from interview_audio.rendering.render import download_missing
from interview_audio.text.units import counted


@click.command()
@voices_option
@click.option("--online", is_flag=True, help="Also send a short request to each online service.")
@click.option("--prepare", is_flag=True, help="Prepare engines to speak faster, even if that was done before.")
def doctor(voices: Path | None, *, prepare: bool, online: bool) -> None:
    """Show what works on this machine, and what would make it work better.

    Kokoro speaks about twice as fast with a graph made for this kind of processor: the first long render prepares it
    in the background; `--prepare` does so now. Nothing is sent over the network without `--online`, except that
    `--prepare` downloads Kokoro's weights where the installation has none.
    """
    settings = settings_from(read_settings_files(None, voices, piped_contents()))
    print_line(f"interview-audio {__version__}, Python {platform.python_version()}, {platform.machine()}")
    workers = counted(sensible_jobs(), "worker process", "worker processes")
    print_line(f"{counted(os.cpu_count() or 1, 'core')}; up to {workers}")
    for name in engine_names():
        title = f"{name} (selected)" if name == settings.engine else name
        try:
            engine = load_engine(name, settings.engines.get(name, {}))
            # A server may have to be asked for its voices, and nothing is sent unasked.
            voices_known = "" if isinstance(engine, Online) else f", {counted(len(engine.voices()), 'voice')}"
        except EngineError as error:
            print_line(f"{title}: unavailable: {error}")
            continue
        print_line(f"{title}: speaks {'on this machine' if engine.local else 'over the network'}{voices_known}")
        if isinstance(engine, Diagnosable):
            found = engine.availability(online=online)
            print_line(f"  {found.state}: {found.how}{'; ' if found.remedy else ''}{found.remedy}")
        if isinstance(engine, Online):
            engine.close()
        if prepare and isinstance(engine, Downloading):
            with listener() as progress:
                download_missing(engine, progress)
        if isinstance(engine, Preparing):
            state = engine.prepare(lambda step: print_line(f"  {step} ...", err=True), again=True) if prepare else None
            print_line(f"  {state or engine.preparation_state()}")
        if isinstance(engine, DeviceChoosing):
            print_line(f"  {engine.device_state()}")
