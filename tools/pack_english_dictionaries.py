"""Pack misaki's English dictionaries, for ``engines/kokoro/english/us.zlib`` and ``gb.zlib``.

Each file is one compressed text: a line a word, in the order of its bytes, with a tab and its phonemes in the notation
of Kokoro 1.0; a word with several readings has the others after spaces, each with its part of speech (``VERB=…``).
misaki looks a word up in "gold", then with its first letter in the other case, then in "silver": a silver word that
this never reaches is left out, so that one file answers as its two do.

misaki needs Python below 3.13, so it is needed here and not where the dictionaries are used: install the dependency
group ``oracles`` to run this. ``--write`` writes the files; without it they are compared with what it would write.
"""

import json
import sys
import zlib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "src" / "interview_audio" / "engines" / "kokoro" / "english"
ACCENTS = ("us", "gb")
_NOTATION = str.maketrans("ɾʔ", "Tt")
"""What misaki replaces at its end for every version of Kokoro before 2.0."""

Reading = str | Mapping[str, str | None]


def _other_case(word: str) -> str:
    """Return the word that misaki takes for this one: ``word`` for ``Word``, ``Word`` for ``word``."""
    if len(word) < 2:
        return word
    if word == word.lower():
        return word.capitalize()
    return word.lower() if word == word.capitalize() else word


def _entry(reading: Reading) -> str:
    readings = {"DEFAULT": reading} if isinstance(reading, str) else reading
    known = {tag: phonemes.translate(_NOTATION) for tag, phonemes in readings.items() if phonemes}
    default = known.pop("DEFAULT", "")
    others = (f"{tag}={phonemes}" for tag, phonemes in sorted(known.items()) if phonemes != default)
    return " ".join([default, *others]) if default else ""


def text(accent: str) -> str:
    """Return the whole dictionary of an accent."""
    data = resources.files("misaki.data")
    gold, silver = (json.loads((data / f"{accent}_{kind}.json").read_text("utf-8")) for kind in ("gold", "silver"))
    reached = {word: reading for word, reading in silver.items() if word not in gold and _other_case(word) not in gold}
    entries = {word: _entry(reading) for word, reading in (reached | gold).items()}
    return "".join(f"{word}\t{entry}\n" for word, entry in sorted(entries.items()) if entry)


def main() -> int:
    """Compare the files, or write them with ``--write``."""
    differ = []
    for accent in ACCENTS:
        packed, path = text(accent).encode("utf-8"), FOLDER / f"{accent}.zlib"
        if "--write" in sys.argv[1:]:
            path.write_bytes(zlib.compress(packed, 9))
        elif zlib.decompress(path.read_bytes()) != packed:
            differ.append(path.name)
    print("differ: " + ", ".join(differ) if differ else "as they should be")
    return len(differ)


if __name__ == "__main__":
    sys.exit(main())
