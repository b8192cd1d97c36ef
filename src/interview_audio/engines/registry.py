"""Which engines there are: the built-in ones, and those that installed packages offer by an entry point."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from interview_audio.configuration.settings import KEY, KeyPath, Settings
from interview_audio.engines.protocol import Engine
from interview_audio.errors import ConfigurationError, EngineError, did_you_mean, nearest

TRIAL_ENGINE = "tone"
"""The engine whose episodes are for trying things out: they never replace spoken ones."""
BUILT_IN_ENGINES = {
    "kokoro": "interview_audio.engines.kokoro.engine:KokoroEngine",
    "edge": "interview_audio.engines.edge.engine:EdgeEngine",
    "openai": "interview_audio.engines.openai.engine:OpenAIEngine",
    TRIAL_ENGINE: "interview_audio.engines.tone:ToneEngine",
}
RECORDINGS = "recording"
"""The engine of turns that are recorded: no settings can choose it, and it has settings of its own."""
_RECORDING_ENGINE = "interview_audio.engines.recording:RecordingEngine"
_ENTRY_POINT_GROUP = "interview_audio.engines"
# A broken package may raise anything; these are what a typing error, a missing file or another version of a library
# raises while the package is imported or its engine is built. What is not here is a bug, and keeps its traceback.
_ERRORS_OF_BROKEN_PACKAGES = (
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
_MAX_REASON_CHARS = 150
_ENGINE_VALUES = {"name": str, "local": bool, "identity": str, "heavy": bool}
_ENGINE_METHODS = ("voices", "check", "speak")


@dataclass(frozen=True, slots=True)
class _Offer:
    """An engine that a package offers."""

    package: str
    """Its name and version."""
    entry_point: EntryPoint


def engine_names() -> tuple[str, ...]:
    """Return the names of all engines: the built-in ones, then those of installed packages."""
    return (*BUILT_IN_ENGINES, *sorted(_offers().keys() - BUILT_IN_ENGINES))


def check_engine_names(settings: Settings) -> tuple[str, ...]:
    """Check the names of engines below voices, pools, engines and pronunciations.

    Returns:
        A warning for each that does not exist here and is not nearly one that does: it may exist on another machine.

    Raises:
        ConfigurationError: One is a slip of the pen, or a pronunciation is for one that does not exist; with its place.
    """
    unknown = [(path, engine) for path, engine in _named_engines(settings) if engine not in BUILT_IN_ENGINES]
    known = engine_names() if unknown else ()
    warnings = []
    for path, engine in unknown:
        if engine in known:
            continue
        place = settings.places.get((*path, KEY)) or settings.places[path]
        message = f"there is no engine {engine!r}"
        if path[0] == "pronunciations":
            message = f"{message} for the pronunciation of {path[2]!r}"
        elif path[-1] == engine and not nearest(engine, known):
            warnings.append(f"{':'.join(map(str, place))}: {message} here; what is said for it is not used")
            continue
        raise ConfigurationError(f"{message}{did_you_mean(engine, known)}", *place)
    return tuple(warnings)


def _named_engines(settings: Settings) -> Iterator[tuple[KeyPath, str]]:
    """Yield the path of every name of an engine, and the name."""
    for engine in settings.engines:
        yield ("engines", engine), engine
    for name, speaker in settings.speakers.items():
        if speaker.engine:
            yield ("speakers", name, "engine"), speaker.engine
        for language, voices in speaker.voices.items():
            yield from ((("speakers", name, "voices", language, engine), engine) for engine in voices)
    for language, offers in settings.pool.items():
        yield from ((("pool", language, engine), engine) for engine in offers)
    for language, given in settings.pronunciations.items():
        for written, said in given.items():
            for engine in said if not isinstance(said, str) else ():
                yield ("pronunciations", language, written, engine), engine


def load_engine(name: str, settings: Mapping[str, Any]) -> Engine:
    """Build an engine; nothing heavy is loaded.

    Args:
        name: One of ``engine_names()``.
        settings: Its part of ``engines:`` in ``voices.yaml``.

    Raises:
        EngineError: There is no such engine, its package is broken, two packages offer one of this name, or a setting
            is wrong.
    """
    if name == RECORDINGS and settings:
        return _built(_RECORDING_ENGINE, settings)
    offers = _offers().get(name, ())
    if name in BUILT_IN_ENGINES:
        if offers:
            raise EngineError(
                f"the package {offers[0].package} offers an engine named {name}, like a built-in one; "
                "uninstall the package, or ask its author for another name"
            )
        return _built(BUILT_IN_ENGINES[name], settings)
    if not offers:
        raise _unknown_engine_error(name)
    return _build_offered(name, offers, settings)


def _built(place: str, settings: Mapping[str, Any]) -> Engine:
    module, _, factory = place.partition(":")
    engine: Engine = getattr(import_module(module), factory)(settings)
    return engine


def _offers() -> Mapping[str, Sequence[_Offer]]:
    """Find the engines that packages offer, by name; nothing of theirs is imported."""
    found: defaultdict[str, list[_Offer]] = defaultdict(list)
    for entry_point in entry_points(group=_ENTRY_POINT_GROUP):
        distribution = entry_point.dist
        package = f"{distribution.name} {distribution.version}" if distribution else entry_point.value
        offer = _Offer(package, entry_point)
        if offer not in found[entry_point.name]:  # a folder that is twice on the path lists its packages twice
            found[entry_point.name].append(offer)
    return found


def _build_offered(name: str, offers: Sequence[_Offer], settings: Mapping[str, Any]) -> Engine:
    if len(offers) > 1:
        packages = " and ".join(offer.package for offer in offers)
        raise EngineError(f"the packages {packages} both offer an engine named {name}; uninstall one")
    offer = offers[0]
    try:
        engine: Engine = offer.entry_point.load()(settings)
    except _ERRORS_OF_BROKEN_PACKAGES as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:_MAX_REASON_CHARS]
        raise EngineError(
            f"the engine {name} of {offer.package} is broken ({reason}); update or uninstall it"
        ) from error
    if problem := _problem(engine, name):
        raise EngineError(f"the engine {name} of {offer.package} is not usable: {problem}; update or uninstall it")
    return engine


def _problem(engine: object, name: str) -> str:
    """Return what keeps an object from being an ``Engine`` of this name; empty if nothing does."""
    for method in _ENGINE_METHODS:
        if not callable(getattr(engine, method, None)):
            return f"it has no method {method}"
    for value, kind in _ENGINE_VALUES.items():
        if not isinstance(getattr(engine, value, None), kind):
            return f"its {value} is not a {kind.__name__}"
    own_name = getattr(engine, "name", name)
    return "" if own_name == name else f"its name is {own_name}, not {name}"


def _unknown_engine_error(name: str) -> EngineError:
    names = engine_names()
    otherwise = f"the engines are: {', '.join(names)}"
    return EngineError(f"there is no engine {name!r}{did_you_mean(name, names, otherwise)}")
