"""``interview-audio doctor``."""

import platform
from pathlib import Path

import click

from interview_audio import __version__
from interview_audio.cli.options import voices_option
from interview_audio.cli.tables import say


@click.command()
@voices_option
@click.option("--online", is_flag=True, help="Also send a short request to each service that an engine speaks by.")
@click.option("--prepare", is_flag=True, help="Make ready what engines speak faster with, anew where it stands.")
def doctor(voices: Path | None, *, prepare: bool, online: bool) -> None:
    """Show what works on this machine, and what would make it work better.

    Kokoro speaks about twice as fast with a graph that is made for this kind of processor: the first longer render
    prepares it beside its work, `--prepare` does so now. Nothing is sent anywhere without `--online`.
    """
    import os

    from interview_audio.configuration.loading import load_settings
    from interview_audio.configuration.lookup import settings_files
    from interview_audio.engines.availability import Diagnosable
    from interview_audio.engines.engine import Preparing, engine_names, load_engine
    from interview_audio.engines.online.protocol import Online
    from interview_audio.errors import EngineError
    from interview_audio.synthesis.capacity import sensible_jobs

    settings = load_settings(settings_files(None, voices))
    say(f"interview-audio {__version__}, Python {platform.python_version()}, {platform.machine()}")
    say(f"{os.cpu_count()} cores; memory and cores allow {sensible_jobs()} worker processes")
    for name in engine_names():
        title = f"{name} (the engine that is set)" if name == settings.engine else name
        try:
            engine = load_engine(name, settings.engines.get(name, {}))
            # A server may have to be asked for its voices, and nothing is sent unasked.
            voices_known = "" if isinstance(engine, Online) else f", {len(engine.voices())} voices"
        except EngineError as error:
            say(f"{title}: unavailable: {error}")
            continue
        say(f"{title}: speaks {'on this machine' if engine.local else 'over the network'}{voices_known}")
        if isinstance(engine, Diagnosable):
            found = engine.availability(online=online)
            say(f"  {found.state}: {found.how}{'; ' if found.remedy else ''}{found.remedy}")
        if isinstance(engine, Online):
            engine.close()
        if isinstance(engine, Preparing):
            state = engine.prepare(lambda step: say(f"  {step} ...", err=True), again=True) if prepare else None
            say(f"  {state or engine.preparation_state()}")
