"""What is called while an episode is made: how far it is, and what the user should know."""

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from interview_audio.script.lines import Script
    from interview_audio.synthesis.planning import SynthesisPlan

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
