"""How names are compared, wherever they are written: in labels, in ``voices.yaml``, in ``--redo speaker:NAME``."""

import functools
import re
import unicodedata

from interview_audio.text.characters import HAN, KANA

_MIDDLE_DOTS = re.compile(rf"[・•‧･∙⋅]|(?<=[{HAN}{KANA}])．(?=[{HAN}{KANA}])")
"""The full-width full stop is a middle dot between Chinese characters only; in ``Ｉ．Ｈ．`` it ends an initial."""
_IGNORED = re.compile(r"[\s.。'’‘‛ʼ`´\"“”„‟«»‹›《》「」『』@\u00ad\u200b-\u200f\u2060\ufeff]+")
"""Spaces, full stops, apostrophes, quotation marks, the sign of a handle, and what is invisible."""
_CACHED = 4096
"""Keys that are kept: a transcript asks for the same few again and again."""


@functools.lru_cache(maxsize=_CACHED)
def name_key(name: str) -> str:
    """Fold a name so that two ways to write it compare equal.

    Case, width, spaces, full stops, apostrophes, quotation marks and the kinds of middle dot do not matter: ``I.H.`` is
    ``IH``, ``“Ida”`` is ``Ida``, ``O’Hara`` is ``O'Hara``, ``艾达・霍尔姆`` is ``艾达·霍尔姆``. The key of a key is the
    key itself. A name of nothing but such marks keeps them: its key is empty only where the name is blank.
    """
    folded = _folded(with_middle_dots(name))
    # What was between two characters is gone, so that they may combine now.
    return _folded(_IGNORED.sub("", folded)) or "".join(folded.split())


def with_middle_dots(name: str) -> str:
    """Return a name with ``·`` in the place of each character that is used as a middle dot."""
    return _MIDDLE_DOTS.sub("·", name)


def _folded(name: str) -> str:
    # Folding the case takes some characters out of their normal form, so the form is restored after it.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
