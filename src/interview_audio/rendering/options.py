"""What a caller hands in beside a source: what is chosen, and a listener that hears of the progress.

On the command line, options choose; in Python, keywords of the same names.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypedDict

from interview_audio.errors import UsageError
from interview_audio.files.file_names import as_stem, stem_of
from interview_audio.files.input_files import PipedContents
from interview_audio.storage.addresses import Address, Location, location

if TYPE_CHECKING:
    from interview_audio.configuration.settings import Format
    from interview_audio.script.lines import Script
    from interview_audio.synthesis.planning import SynthesisPlan

STRICT = "strict"
"""The option that an episode was checked with, in its fingerprint; it changes no sound."""
_DEFAULT_OUTPUT = Path("output")
"""Folder of episodes, below the working folder."""


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """Everything that may be chosen beside a source."""

    output: Location | None = None
    """Folder of the episode, or an address; None if none is made."""
    voices: Path | None = None
    """A settings file, over all others."""
    engine: str | None = None
    language: str | None = None
    title: str | None = None
    reads_everything: bool = False
    """Whether everything is read but labels, times, front matter, stage marks and markup."""
    is_strict: bool = False
    """A guess, or a sentence that is not read, is an error."""
    format: "Format | None" = None
    fallback: str | None = None
    """The engine that speaks the whole episode if the service of the other one cannot be used."""
    is_offline: bool = False
    """No engine may send anything over the network; what it has spoken before is used."""
    jobs: int | None = None
    """Worker processes, or simultaneous requests to a server, at most; None for what cores and memory allow."""
    store: Location | None = None
    """Folder or address of the clip store; None for the user's own."""
    redo: tuple[str, ...] = ()
    """What is to be spoken in another take: ``turn:14``, ``speaker:NAME``, ``line:88``, ``@12:34``."""
    take: int | None = None
    """Which take that is; None for the next one."""
    name: str | None = None
    """What the files of the episode are called; None for the name of the source."""
    is_forced: bool = False
    """Files of the episode that a person edited are replaced."""
    piped: PipedContents = field(default_factory=dict, repr=False, compare=False)
    """The contents of sources and of ``voices`` that were piped in, by the paths that they go by here."""

    def __post_init__(self) -> None:
        check_reachable(self.store, is_offline=self.is_offline)
        if self.is_offline and isinstance(self.output, Address):
            raise UsageError(f"{self.output} is on the network, where --offline sends nothing; name a folder with -o")

    @property
    def place(self) -> Location:
        """Where the episode goes."""
        return self.output or _DEFAULT_OUTPUT

    @property
    def folder(self) -> Path:
        """The same where it is a folder.

        Raises:
            UsageError: It goes to an address.
        """
        if isinstance(self.place, Address):
            raise UsageError(
                f"{self.place}: this needs a folder; only `render`, `batch` and `feed` write to an address"
            )
        return self.place

    def stem(self, source: Path) -> str:
        """Return how the names of the episode's files begin; raise ``UsageError`` for a name that cannot be one."""
        return stem_of(source) if self.name is None else as_stem(self.name)

    def shaping(self) -> dict[str, str]:
        """Return those that were chosen and change the episode, for its fingerprint."""
        chosen = {"engine": self.engine, "language": self.language, "title": self.title, "format": self.format}
        flags = {"read_everything": self.reads_everything, STRICT: self.is_strict}
        return {name: value for name, value in chosen.items() if value is not None} | {
            name: "yes" for name, is_set in flags.items() if is_set
        }


class RenderKeywords(TypedDict, total=False):
    """The keywords of ``plan`` and ``render``: the options of ``interview-audio render``, under the same names."""

    output: str | Path | Address
    """Folder for the episode and the files beside it; ``output`` if none is given. A batch takes an address, too."""
    name: str
    """Name of the episode's files; that of the source if none is given."""
    format: "Format"
    """``mp3``, ``m4b``, ``m4a``, ``opus`` or ``flac``."""
    engine: str
    """``kokoro``, ``edge``, ``openai``, ``tone`` or an engine of your own."""
    fallback: str
    """Engine for the whole episode if the online service fails."""
    offline: bool
    """Send nothing over the network; stored clips are still used."""
    language: str
    """Language of the text, if it is detected wrongly."""
    title: str
    """Title of the episode, over the one in the text."""
    read_everything: bool
    """Read everything but labels, times, front matter, stage marks and markup."""
    strict: bool
    """Fail if anything was guessed, or if a sentence is not read."""
    voices: str | Path
    """A settings file, over every other."""
    jobs: int
    """Worker processes, or simultaneous requests to a server, at most."""
    store: str | Path
    """Folder or address (``s3://BUCKET/FOLDER``) for stored clips."""
    redo: Sequence[str]
    """What to speak again in another take: ``turn:14``, ``speaker:NAME``, ``line:88``, ``@12:34``."""
    take: int
    """With ``redo``: this take, old or new."""
    force: bool
    """Replace files of this episode that were edited after they were made."""


KEYWORDS = frozenset(RenderKeywords.__annotations__)
"""Their names."""


def refuse_unknown(chosen: RenderKeywords) -> None:
    """Raise ``TypeError`` for a keyword that there is not, as a function does that names its own."""
    for name in chosen.keys() - KEYWORDS:
        raise TypeError(f"there is no keyword {name!r}; known are {', '.join(sorted(KEYWORDS))}")


def options_of(chosen: RenderKeywords) -> RenderOptions:
    """Return the options that keywords stand for.

    Raises:
        TypeError: There is no such keyword.
        UsageError: A take without lines to redo, or an address for clips at which none can be.
    """
    refuse_unknown(chosen)
    store = chosen.get("store")
    if chosen.get("take") is not None and not chosen.get("redo"):
        raise UsageError("--take needs --redo, which says which lines")
    return RenderOptions(
        output=location(chosen.get("output", _DEFAULT_OUTPUT)),
        voices=_path(chosen.get("voices")),
        engine=chosen.get("engine"),
        language=chosen.get("language"),
        title=chosen.get("title"),
        reads_everything=chosen.get("read_everything", False),
        is_strict=chosen.get("strict", False),
        format=chosen.get("format"),
        fallback=chosen.get("fallback"),
        is_offline=chosen.get("offline", False),
        jobs=chosen.get("jobs"),
        store=None if store is None else location(store),
        redo=tuple(chosen.get("redo", ())),
        take=chosen.get("take"),
        name=chosen.get("name"),
        is_forced=chosen.get("force", False),
    )


def check_reachable(store: Location | None, *, is_offline: bool) -> None:
    """Raise ``UsageError`` for a clip store on the network where nothing may be sent."""
    if is_offline and isinstance(store, Address):
        raise UsageError(f"{store} is on the network, where --offline sends nothing; name a folder with --store")


def _path(chosen: str | Path | None) -> Path | None:
    return None if chosen is None else Path(chosen)


Stage = Literal["download", "voices", "sound"]
"""Downloading what an engine lacks, in megabytes; speaking lines, in clips; making the episode of them, in percent."""


class Listener(Protocol):
    """Called with a render's progress. An exception that a method but ``waiting`` raises cancels the render."""

    def planned(self, script: "Script", plan: "SynthesisPlan") -> None:
        """Show the cast and what has to be made; called as soon as both are known."""

    def progress(self, stage: Stage, done: int, total: int) -> None:
        """Show how far a stage is; called when another part of it is done."""

    def notice(self, message: str) -> None:
        """Show a line about this machine or the user's files, which changes nothing in the episode."""

    def waiting(self, message: str | None) -> None:
        """Show what an online engine waits for, None while it works.

        Called every second from another thread, so it must not raise anything.
        """

    def warning(self, message: str) -> None:
        """Show a line that the user should know and that stops nothing."""


class SilentListener:
    """A listener that ignores everything; derive your own from it and override the methods you need."""

    def planned(self, script: "Script", plan: "SynthesisPlan") -> None:
        """Ignore it."""

    def progress(self, stage: Stage, done: int, total: int) -> None:
        """Ignore it."""

    def notice(self, message: str) -> None:
        """Ignore it."""

    def waiting(self, message: str | None) -> None:
        """Ignore it."""

    def warning(self, message: str) -> None:
        """Ignore it."""
