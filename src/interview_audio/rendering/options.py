"""What the command line adds to a source."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from interview_audio.files.file_names import as_stem, stem_of

if TYPE_CHECKING:
    from interview_audio.configuration.settings import Format


@dataclass(frozen=True, slots=True)
class Options:
    """Everything that a command may be told beside its source."""

    output: Path | None = None
    """Folder of the episode; None where none is made."""
    voices: Path | None = None
    engine: str | None = None
    language: str | None = None
    title: str | None = None
    format: "Format | None" = None
    fallback: str | None = None
    """The engine that speaks the whole episode where the service of the other one cannot be used."""
    is_offline: bool = False
    """No engine that leaves the machine may speak; what it has spoken before is used."""
    jobs: int | None = None
    store: Path | None = None
    redo: tuple[str, ...] = ()
    """What is to be spoken in another take: ``turn:14``, ``speaker:NAME``, ``line:88``, ``@12:34``."""
    take: int | None = None
    """Which take that is; None for the next one."""
    name: str | None = None
    """What the files of the episode are called; None for the name of the source."""
    is_forced: bool = False
    """Files of the episode that a person edited are replaced."""

    @property
    def folder(self) -> Path:
        """Where the episode goes."""
        return self.output or Path("output")

    def stem(self, source: Path) -> str:
        """What the names of the episode's files begin with; raises ``UsageError`` for a name that cannot be one."""
        return stem_of(source) if self.name is None else as_stem(self.name)

    def shaping(self) -> dict[str, str]:
        """Those given that change the episode, for its fingerprint."""
        chosen = {"engine": self.engine, "language": self.language, "title": self.title, "format": self.format}
        return {name: value for name, value in chosen.items() if value is not None}
