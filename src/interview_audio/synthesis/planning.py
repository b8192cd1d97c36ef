"""What has to be synthesized for a script: which clips are stored, which are missing, and why those are.

A line whose clip is missing has changed since the last render; the changes are what ``plan`` shows.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from interview_audio.engines.protocol import Engine, Preparing, Resource, Utterance, resource_of
from interview_audio.engines.registry import RECORDINGS
from interview_audio.normalization.pronunciations import surname_reading
from interview_audio.script.lines import Line
from interview_audio.script.rules import Replacement, reworded
from interview_audio.script.takes import SpokenLine, match_lines, match_lines_by_text
from interview_audio.storage.addresses import Location
from interview_audio.synthesis.clip_file import DamagedClipError
from interview_audio.synthesis.clips import Clip, ClipSpec, clip_spec
from interview_audio.synthesis.store import ClipStore


@dataclass(frozen=True, slots=True)
class ClipJob:
    """An utterance to be said, and where its clip goes."""

    engine: str
    engine_settings: str
    """The engine's part of ``voices.yaml``, as JSON."""
    utterance: Utterance
    key: str
    store: Location
    """Where its clip goes: what ``open_store`` takes."""
    needs: Resource = "cpu"
    """What saying it occupies."""
    is_checked: bool = True
    """Whether its sound is checked beyond what cannot be stored."""
    written: str = ""
    """The line's text, where reading rules have something else said than it; else empty."""
    replaced: tuple[Replacement, ...] = ()
    """That."""


@dataclass(frozen=True, slots=True)
class EnginePreparation:
    """What an engine makes once on a machine, to speak faster from then on."""

    engine: str
    engine_settings: str
    """As in ``ClipJob``."""
    seconds: float = 0.0
    """Of one worker, as the engine estimates it."""


@dataclass(frozen=True, slots=True)
class SynthesisPlan:
    """Which clips a script needs: those that are stored, and those that have to be made."""

    specs: tuple[ClipSpec, ...]
    """Of each line, in order."""
    keys: tuple[str, ...]
    """The clip of each line, in order; lines that say the same share one."""
    stored: Mapping[str, Clip]
    jobs: Mapping[str, ClipJob]
    """The clips that are missing, by key, in the order of the first line that needs each."""
    damaged: Mapping[str, str] = field(default_factory=dict)
    """Stored clips that could not be read and are made again: a message by key."""
    preparation: EnginePreparation | None = None
    """What is made beside the first clips, because their engine speaks faster with it."""

    @property
    def missing_lines(self) -> tuple[int, ...]:
        """Indexes of the lines that have no clip yet."""
        return tuple(index for index, key in enumerate(self.keys) if key in self.jobs)


def plan_synthesis(
    lines: Sequence[Line],
    engine: Engine,
    settings: Mapping[str, Any],
    pronunciations: Mapping[str, Mapping[str, str]],
    store: ClipStore,
    *,
    is_checked: bool = True,
) -> SynthesisPlan:
    """Look every line up in the store.

    Args:
        lines: The script's lines.
        engine: The engine that would speak them.
        settings: Its part of ``voices.yaml``.
        pronunciations: Language to written to spoken form.
        store: Where clips are.
        is_checked: Whether the sound of what is missing is checked when it is made.

    Raises:
        StoreError: A stored clip cannot be opened.
    """
    specs = tuple(clip_spec(line, engine.identity, pronunciations) for line in lines)
    keys = tuple(spec.key for spec in specs)
    settings_json = engine_settings_json(settings)
    where, needs = store.location, resource_of(engine)
    store.prefetch(dict.fromkeys(keys))
    stored, jobs, damaged = {}, {}, {}
    for line, spec, key in _without_repeats(lines, specs, keys):
        try:
            clip = store.find(key)
        except DamagedClipError as error:
            clip = None
            damaged[key] = f"{line.place}: {error.path} is damaged ({error.reason}); it will be spoken again"
        if clip is not None:
            stored[key] = clip
        else:
            jobs[key] = ClipJob(
                engine=engine.name,
                engine_settings=settings_json,
                utterance=_utterance(spec),
                key=key,
                store=where,
                needs=needs,
                is_checked=is_checked,
                written=spec.text if spec.replaced else "",
                replaced=spec.replaced,
            )
    preparation = None
    if jobs and isinstance(engine, Preparing) and engine.worth_preparing([job.utterance for job in jobs.values()]):
        preparation = EnginePreparation(engine.name, settings_json, engine.preparation_seconds)
    return SynthesisPlan(specs, keys, stored, jobs, damaged, preparation)


@dataclass(frozen=True, slots=True)
class EngineInUse:
    """An engine of an episode, with all that shapes its clips beside the lines."""

    engine: Engine
    settings: Mapping[str, Any]
    """Its part of ``voices.yaml``, with what the command line says of it."""
    pronunciations: Mapping[str, Mapping[str, str]]
    """Language to written to spoken form."""

    @property
    def settings_json(self) -> str:
        """Its settings as text that can be pickled and compared."""
        return engine_settings_json(self.settings)


EnginesInUse = Mapping[str, EngineInUse]
"""By name; each line is spoken by the engine of its voice."""


def spec_of(line: Line, engines: EnginesInUse) -> ClipSpec:
    """Return the specification of a line's clip."""
    own = engines[line.voice.engine]
    return clip_spec(line, own.engine.identity, own.pronunciations)


def plan_lines(
    lines: Sequence[Line], engines: EnginesInUse, store: ClipStore, *, is_checked: bool = True
) -> SynthesisPlan:
    """Look every line up in the store, whichever engine speaks it.

    Args:
        lines: The script's lines.
        engines: Those that they name.
        store: Where clips are.
        is_checked: Whether the sound of what is missing is checked when it is made.

    Raises:
        StoreError: A stored clip cannot be opened.
    """
    plans = {
        name: plan_synthesis(
            [line for line in lines if line.voice.engine == name],
            own.engine,
            own.settings,
            own.pronunciations,
            store,
            # Who has recorded something may have paused in it for as long as they liked.
            is_checked=is_checked and name != RECORDINGS,
        )
        for name, own in engines.items()
    }
    if len(plans) == 1:
        return next(iter(plans.values()))
    planned = {name: zip(plan.specs, plan.keys, strict=True) for name, plan in plans.items()}
    of_lines = [next(planned[line.voice.engine]) for line in lines]
    keys = tuple(key for _, key in of_lines)
    jobs = {key: job for plan in plans.values() for key, job in plan.jobs.items()}
    return SynthesisPlan(
        tuple(spec for spec, _ in of_lines),
        keys,
        {key: clip for plan in plans.values() for key, clip in plan.stored.items()},
        {key: jobs[key] for key in keys if key in jobs},
        {key: message for plan in plans.values() for key, message in plan.damaged.items()},
        next((plan.preparation for plan in plans.values() if plan.preparation), None),
    )


def engine_settings_json(settings: Mapping[str, Any]) -> str:
    """Return an engine's part of ``voices.yaml`` as text that can be pickled and compared."""
    return json.dumps(settings, sort_keys=True)


def _without_repeats(
    lines: Sequence[Line], specs: Sequence[ClipSpec], keys: Sequence[str]
) -> Iterator[tuple[Line, ClipSpec, str]]:
    """Yield the first line for each clip."""
    seen: set[str] = set()
    for line, spec, key in zip(lines, specs, keys, strict=True):
        if key not in seen:
            seen.add(key)
            yield line, spec, key


def _utterance(spec: ClipSpec) -> Utterance:
    said = reworded(spec.text, spec.replaced)
    moved = ((one, *said.said_range(one.start, one.end)) for one in spec.stretches)
    return Utterance(
        said.text,
        spec.language,
        spec.voice,
        spec.spoken_rate,
        dict(spec.pronunciations),
        pitch=spec.pitch,
        stretches=tuple(replace(one, start=start, end=end) for one, start, end in moved if start < end),
        names=spec.names,
    )


ChangeKind = Literal[
    "text",
    "engine",
    "version",
    "speaker",
    "voice",
    "rate",
    "pitch",
    "marks",
    "language",
    "pronunciation",
    "rule",
    "take",
    "damaged",
    "gone",
]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing about a line that differs from the last render."""

    what: ChangeKind
    """``version`` of the engine or its weights; ``gone`` from the store, though nothing has changed."""
    subject: str = ""
    """Whose voice, rate or pitch, which word's pronunciation, or what a rule matches."""
    before: str = ""
    """Empty where there was none."""
    after: str = ""
    """Empty where there is none any more."""


def why_missing(
    lines: Sequence[Line], plan: SynthesisPlan, spoken: Sequence[SpokenLine], specs: Sequence[ClipSpec]
) -> dict[int, tuple[Change, ...]]:
    """Say of each line that has no clip, by its index, everything that has changed about it.

    Args:
        lines: The script's.
        plan: What the store has of them.
        spoken: What the last render spoke.
        specs: How it spoke each line in ``spoken``.
    """
    by_speaker, by_text = match_lines(lines, spoken), match_lines_by_text(lines, spoken)
    reasons: dict[int, tuple[Change, ...]] = {}
    for index in plan.missing_lines:
        before = by_speaker[index] if by_speaker[index] is not None else by_text[index]
        if plan.keys[index] in plan.damaged:
            reasons[index] = (Change("damaged"),)
        elif before is None:
            reasons[index] = (Change("text"),)
        else:
            reasons[index] = _changes(lines[index], spoken[before], specs[before], plan.specs[index])
    return reasons


def _changes(line: Line, spoken: SpokenLine, before: ClipSpec, after: ClipSpec) -> tuple[Change, ...]:
    return tuple(_differences(line, spoken, before, after)) or (Change("gone"),)


def _differences(line: Line, spoken: SpokenLine, before: ClipSpec, after: ClipSpec) -> Iterator[Change]:
    if line.speaker != spoken.speaker:
        yield Change("speaker", "", spoken.speaker, line.speaker)
    if before.engine != after.engine:
        # Voices and versions of another engine differ as a matter of course.
        yield Change("engine", "", before.engine, after.engine)
    else:
        if before.identity != after.identity:
            subject = after.voice if after.engine == RECORDINGS else after.engine
            yield Change("version", subject, before.identity, after.identity)
        if before.voice != after.voice and line.speaker == spoken.speaker:
            yield Change("voice", line.speaker, before.voice, after.voice)
    if before.rate != after.rate:
        yield Change("rate", line.speaker, f"{before.rate:g}", f"{after.rate:g}")
    if before.pitch != after.pitch:
        yield Change("pitch", line.speaker, f"{before.pitch:+g}", f"{after.pitch:+g}")
    if before.language != after.language:
        yield Change("language", "", before.language, after.language)
    yield from _pronunciations(dict(before.pronunciations), dict(after.pronunciations))
    if before.text == after.text:
        yield from _pronunciations(_surnames(before), _surnames(after))
    yield from _rules(before, after)
    if before.stretches != after.stretches:
        yield Change("marks")
    if before.take != after.take:
        yield Change("take", "", str(before.take), str(after.take))


def _pronunciations(before: dict[str, str], after: dict[str, str]) -> Iterator[Change]:
    for word in sorted(before.keys() | after.keys()):
        if before.get(word) != after.get(word):
            yield Change("pronunciation", word, before.get(word, ""), after.get(word, ""))


def _surnames(spec: ClipSpec) -> dict[str, str]:
    """Return how each name that is read as one begins."""
    return {name: " ".join(surname_reading(name)) for name in spec.names}


def _rules(before: ClipSpec, after: ClipSpec) -> Iterator[Change]:
    """Yield what reading rules have said otherwise than before, where the text is the same."""
    if before.text != after.text:
        return
    said, says = ({one[:2]: one.said for one in spec.replaced} for spec in (before, after))
    for start, end in sorted(said.keys() | says.keys()):
        written = after.text[start:end]
        was, now = (of.get((start, end), written) for of in (said, says))
        if was != now:
            yield Change("rule", written, was, now)
