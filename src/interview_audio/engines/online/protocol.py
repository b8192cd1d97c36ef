"""What an engine offers besides speaking when a service on the network speaks for it."""

from typing import Protocol, runtime_checkable

MOST_SOCKETS = 8
"""Connections to a service at a time: more would be impolite."""


@runtime_checkable
class Online(Protocol):
    """An engine whose ``speak`` waits for a network: it is called by several threads at once."""

    sockets: int
    """Most connections at a time: more threads than these only wait."""

    def waiting(self) -> str | None:
        """What it waits for and for how many seconds, in a line; None while it works. For any thread, at any time."""

    def close(self) -> None:
        """End every request under way and leave no connection and no thread behind; for good, and any number of times.

        A ``speak`` under way or to come raises ``EngineError``.
        """


@runtime_checkable
class Listing(Protocol):
    """What such an engine may be besides: one whose service may not say which voices it has."""

    def no_voices(self) -> str:
        """Why ``voices`` gives none, and what to do, in a line."""
