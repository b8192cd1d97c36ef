"""List Kokoro's phonemes for every syllable of Mandarin, for ``engines/kokoro/pinyin.txt``.

The syllables are those of pypinyin's dictionaries, each with all five tones; the phonemes are those of misaki, which
Kokoro was trained with. misaki needs Python below 3.13, so it is needed here and not where the table is used: install
the dependency group ``oracles`` to run this.

Run it with ``--write`` when pypinyin knows new syllables (a test says so), and read the difference.
"""

import sys
from importlib import metadata
from pathlib import Path

TABLE = Path(__file__).parent.parent / "src" / "interview_audio" / "engines" / "kokoro" / "pinyin.txt"

HEADER = """\
# Kokoro's phonemes for every syllable of Mandarin, one a line: its pinyin with the number of its tone (5 is the neutral
# one; ü is written v), a space, its phonemes. The arrows are Kokoro's tones.
# Made from misaki {misaki} (Apache-2.0) and pypinyin {pypinyin} (MIT): python tools/list_pinyin_phonemes.py --write
# Compared with both by tests/engines/test_kokoro_pinyin.py.
"""
_UNKNOWN_TO_KOKORO = "\N{COMBINING INVERTED BREVE BELOW}"
"""The mark of a vowel that is not a syllable by itself: misaki's last step removes it, and so does this table."""


def syllables() -> list[str]:
    """Return every syllable of pypinyin's dictionaries, with each tone."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
    from pypinyin.contrib.tone_convert import to_tone3

    single = {sound for sounds in PINYIN_DICT.values() for sound in sounds.split(",")}
    marked = single | {sound for phrase in PHRASES_DICT.values() for sounds in phrase for sound in sounds}
    plain = {to_tone3(sound, neutral_tone_with_five=True)[:-1] for sound in marked}
    return [f"{sound}{tone}" for sound in sorted(plain) for tone in range(1, 6)]


def phonemes(syllable: str) -> str:
    """Return what misaki makes of a syllable."""
    from misaki.zh import ZHG2P

    sounds: str = ZHG2P.py2ipa(syllable)
    return sounds.replace(_UNKNOWN_TO_KOKORO, "")


def listing() -> str:
    """Return the whole file."""
    header = HEADER.format(misaki=metadata.version("misaki"), pypinyin=metadata.version("pypinyin"))
    return header + "".join(f"{syllable} {phonemes(syllable)}\n" for syllable in syllables())


def main() -> None:
    """Print the list, or write it with ``--write``."""
    if "--write" in sys.argv[1:]:
        TABLE.write_text(listing(), encoding="utf-8")
    else:
        sys.stdout.write(listing())


if __name__ == "__main__":
    main()
