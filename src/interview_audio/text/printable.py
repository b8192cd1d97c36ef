"""Text that is safe to show: nothing in it prints nothing, turns the direction of what follows, or is obeyed.

Names, titles and paths come from anywhere, and go into file formats, tags, JSON and to terminals. What this takes away
is invisible; scripts and emoji that need an invisible character keep theirs.
"""

import json
import re
import unicodedata
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

_REPLACEMENT = "\ufffd"
_SPACES = re.compile(r"\s+")
_NO_BREAK_SPACES = frozenset("\u00a0\u2007\u202f")

_JOINED_SCRIPTS = (
    "\u0600-\u061b\u061d-\u109f\u1780-\u17b3\u17b6-\u180a\u1810-\u18af\u1a20-\u1cff"
    "\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc"
)
"""Letters from Arabic to Mongolian, and their presentation forms, whose shapes the joiners choose."""
_PICTURES = "\u2190-\u2bff\u3030-\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff"
_TURNS = "\u202a-\u202e\u2066-\u2069"
"""Embeddings, overrides and isolates: what they enclose is shown in another order than it is written in."""
_DIRECTION_MARKS = "\u061c\u200e\u200f"
_BLANKS = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
"""What is ignorable by default (Unicode, DerivedCoreProperties) without the variation selectors, and its neighbours."""
_INVISIBLE = re.compile(
    r"(?P<kept>"
    rf"(?<=[{_JOINED_SCRIPTS}{_PICTURES}])[\u200c\u200d]"
    r"|(?<=[\u1820-\u18aa])[\u180b-\u180f]"  # the variants of Mongolian letters
    r"|\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f"  # the flags of Scotland and its like
    rf")|[{_BLANKS}{_TURNS}]"
)
_STRAY_MARK = re.compile(rf"[{_DIRECTION_MARKS}]")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
UNSEEN = re.compile(rf"(?![\u200c\u200d])[\x7f-\x9f\u2028\u2029\ud800-\udfff{_DIRECTION_MARKS}{_BLANKS}{_TURNS}]")
"""What files that keep every character write as an escape; joiners, of which whole languages are full, as they are."""


def printable(text: str) -> str:
    """Return the text on one line, white space folded, fit for any format and any name.

    Control characters, lone surrogates and non-characters, which XML 1.0 forbids and at which other readers stop, are
    shown as U+FFFD. What is invisible is taken away, but for joiners in scripts and emoji that have them, variation
    selectors, and marks of direction in texts of scripts from right to left. No-break spaces inside stay. Doing it
    again changes nothing.
    """
    return _SPACES.sub(_fold, harmless(text)).strip()


def harmless(text: str) -> str:
    """Return the same with its spaces as they are, for a line whose columns are aligned; a line end becomes a space."""
    seen = _INVISIBLE.sub(lambda match: match["kept"] or "", text)
    if not _RIGHT_TO_LEFT.search(seen):
        seen = _STRAY_MARK.sub("", seen)
    return "".join(map(_shown, seen)) if not (seen.isascii() and seen.isprintable()) else seen


def is_seen(text: str) -> bool:
    """Tell whether anything of a text shows; a name of zero-width characters is nobody's."""
    return printable(text) != ""


def json_text(value: Any, indent: int | None = None) -> str:
    """Return the value as JSON that reads well in every language: only what is invisible or obeyed is escaped.

    Args:
        value: Plain data.
        indent: As for ``json.dumps``.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return UNSEEN.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"\\u{ord(half):04x}" for half in _halves(match[0]))


def _halves(character: str) -> str:
    """Return a character beyond the first plane as JSON writes it: two surrogates."""
    point = ord(character) - 0x10000
    return character if point < 0 else f"{chr(0xD800 + (point >> 10))}{chr(0xDC00 + (point & 0x3FF))}"


def _fold(spaces: re.Match[str]) -> str:
    return spaces[0] if _NO_BREAK_SPACES.issuperset(spaces[0]) else " "


def _shown(character: str) -> str:
    if character.isspace():
        return character if unicodedata.category(character) == "Zs" else " "
    return _REPLACEMENT if _is_forbidden(character) else character


def _is_forbidden(character: str) -> bool:
    return (
        unicodedata.category(character) in ("Cc", "Cs")
        or ord(character) & 0xFFFE == 0xFFFE
        or "\ufdd0" <= character <= "\ufdef"
    )


_IN_ADDRESSES = "!$%&'()*+,;=:@/?-._~"
"""What addresses hold as it is beside letters and digits (RFC 3986), and the sign of what is written otherwise."""


def ascii_address(address: str) -> str:
    """Return an address of the web, or the name of a file, as every format takes it; empty where it can be none."""
    try:
        parts = urlsplit(address.strip())  # which takes out line ends and tabs, as browsers do
        host = parts.hostname or ""
        netloc = host if host.isascii() else host.encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # half a bracket, a port that is no number, a name that is none
        return ""
    rest = (quote(part, safe=_IN_ADDRESSES, errors="replace") for part in (parts.path, parts.query, parts.fragment))
    bracketed = f"[{netloc}]" if ":" in netloc else netloc
    return urlunsplit((parts.scheme, f"{bracketed}{port}", *rest))


def without_password(address: str) -> str:
    """Return an address of the web as messages show it: without a user and a password."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
