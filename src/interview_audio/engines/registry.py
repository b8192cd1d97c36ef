"""Engines of installed packages: found by the entry-point group ``interview_audio.engines``, built, and looked at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from interview_audio.errors import EngineError

GROUP = "interview_audio.engines"
_WHAT_BREAKS = (
    ImportError,
    SyntaxError,
    AttributeError,
    LookupError,
    ArithmeticError,
    TypeError,
    ValueError,
    OSError,
    RuntimeError,
    AssertionError,
)
"""What code of others raises while it is imported or built."""
_VALUES = {"name": str, "local": bool, "identity": str, "heavy": bool}
_METHODS = ("voices", "check", "speak")


@dataclass(frozen=True, slots=True)
class PluggedIn:
    """An engine that a package offers."""

    package: str
    """Its name and version."""
    entry: EntryPoint


def plugged_in() -> Mapping[str, Sequence[PluggedIn]]:
    """What packages offer, by the engine's name; nothing of theirs is imported."""
    found: defaultdict[str, list[PluggedIn]] = defaultdict(list)
    for entry in entry_points(group=GROUP):
        package = f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
        one = PluggedIn(package, entry)
        if one not in found[entry.name]:  # a folder that is twice on the path lists its packages twice
            found[entry.name].append(one)
    return found


def build_plugged_in(name: str, offers: Sequence[PluggedIn], settings: Mapping[str, Any]) -> Any:
    """The engine of a package, which is one by the look of it.

    Args:
        name: The engine's.
        offers: At least one.
        settings: Its part of ``engines:``.

    Raises:
        EngineError: Several offer it, it cannot be imported or built, or it is no engine.
    """
    if len(offers) > 1:
        packages = " and ".join(offer.package for offer in offers)
        raise EngineError(f"the packages {packages} both offer an engine named {name}; uninstall one")
    offer = offers[0]
    try:
        engine = offer.entry.load()(settings)
    except _WHAT_BREAKS as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:150]
        raise EngineError(
            f"the engine {name} of {offer.package} is broken ({reason}); update or uninstall it"
        ) from error
    if flaw := _flaw(engine, name):
        raise EngineError(f"the engine {name} of {offer.package} is not usable: {flaw}; update or uninstall it")
    return engine


def _flaw(engine: object, name: str) -> str:
    """What keeps it from being an ``Engine`` of this name; empty where nothing does."""
    for method in _METHODS:
        if not callable(getattr(engine, method, None)):
            return f"it has no method {method}"
    for value, kind in _VALUES.items():
        if not isinstance(getattr(engine, value, None), kind):
            return f"its {value} is not a {kind.__name__}"
    own = getattr(engine, "name", name)
    return "" if own == name else f"its name is {own}, not {name}"
