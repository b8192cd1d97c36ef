"""Reading rules of a user: regular expressions that change what is said of a written text, with the way back.

They come before everything else: what a rule says is ordinary writing, in which numbers are read and words have their
pronunciations. The expressions are those of the package ``regex``, which stops one that would never end; ``re`` cannot,
and re2, which need not, has neither look-around nor back-references.
"""

import functools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from interview_audio.configuration.settings import REFERENCE_TO_GROUP, ReadingRule
from interview_audio.errors import ConfigurationError
from interview_audio.text.units import shortened

if TYPE_CHECKING:
    import re

    import regex

_SECONDS = 2.0
"""Of a processor, for one rule in a whole text: an expression without a trap takes a hundredth of it for a book."""


class Replacement(NamedTuple):
    """A stretch of written text instead of which something else is said."""

    start: int
    end: int
    """One past its last code point; it is never empty."""
    said: str
    """Empty where nothing is said."""


class RuleMatch(NamedTuple):
    """What a rule matches in a text."""

    rule: int
    """Its index."""
    replacement: Replacement


class ReadingRules:
    """Rules for one text, which is given in pieces; compiled at the first."""

    def __init__(self, rules: Sequence[ReadingRule], seconds: float = _SECONDS) -> None:
        """Keep the rules.

        Args:
            rules: In the order in which they count; their expressions are valid.
            seconds: Of a processor, that each rule may take for all pieces.
        """
        self._rules = rules
        self._left = [seconds] * len(rules)
        self._seconds = seconds

    def find(self, text: str) -> tuple[RuleMatch, ...]:
        """Return what the rules match, in order of place; of two that overlap, the match of the earlier rule.

        Raises:
            ConfigurationError: A rule takes too long; with its place.
        """
        if not self._rules or not text:
            return ()
        taken = bytearray(len(text))
        found = []
        for index in range(len(self._rules)):
            for match in self._matches(index, text):
                start, end = match.span()
                if start < end and not any(taken[start:end]):
                    taken[start:end] = b"\1" * (end - start)
                    found.append(RuleMatch(index, Replacement(start, end, self._said(index, match))))
        return tuple(sorted(found, key=lambda one: one.replacement))

    @functools.cached_property
    def _patterns(self) -> "tuple[regex.Pattern[str], ...]":
        import regex

        return tuple(regex.compile(rule.match) for rule in self._rules)

    def _matches(self, index: int, text: str) -> "list[regex.Match[str]]":
        pattern, began = self._patterns[index], time.process_time()
        try:
            matches = list(pattern.finditer(text, timeout=max(self._left[index], 1e-3)))
        except TimeoutError as error:
            rule = self._rules[index]
            message = (
                f"rules.{index} was stopped after {self._seconds:g} s, in {shortened(text)!r}; write {rule.match!r} "
                "without a repetition inside a repetition"
            )
            raise ConfigurationError(message, *(rule.place or ())) from error
        self._left[index] -= time.process_time() - began
        return matches

    def _said(self, index: int, match: "regex.Match[str]") -> str:
        def of_group(reference: "re.Match[str]") -> str:
            name: str = reference[1] or reference[2]
            return match[int(name) if name.isdigit() else name] or ""

        return REFERENCE_TO_GROUP.sub(of_group, self._rules[index].say)


@dataclass(frozen=True, slots=True)
class Rewording:
    """A text as rules have it said, with the way back."""

    text: str
    """What is said, in ordinary writing."""
    _written: tuple[tuple[int, int], ...]
    """For each of its characters, the written range that it stands for."""

    def written_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the written range behind a range of what is said, which must not be empty."""
        return self._written[start][0], self._written[end - 1][1]

    def said_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of what is said for a written range; empty if nothing is."""
        places = [place for place, (first, last) in enumerate(self._written) if first < end and last > start]
        return (places[0], places[-1] + 1) if places else (0, 0)


def reworded(text: str, replacements: Sequence[Replacement]) -> Rewording:
    """Put replacements into a text.

    Args:
        text: As it is written.
        replacements: In order, without overlap.
    """
    said: list[str] = []
    written: list[tuple[int, int]] = []
    position = 0
    for start, end, instead in (*replacements, Replacement(len(text), len(text), "")):
        said += text[position:start]
        written += [(index, index + 1) for index in range(position, start)]
        if start < end and not instead and said[-1:] == [" "] and text[end : end + 1] in _NO_SPACE_BEFORE:
            said.pop()
            written.pop()
        said += instead
        written += [(start, end)] * len(instead)
        position = end
    return Rewording("".join(said), tuple(written))


_NO_SPACE_BEFORE = tuple(" ,.;:!?)")
"""What a space before words that are passed over would be left alone in front of."""


def said_text(text: str, replacements: Sequence[Replacement]) -> str:
    """Return what is said of a text, in ordinary writing."""
    return reworded(text, replacements).text if replacements else text
