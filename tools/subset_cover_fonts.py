"""Makes the fonts of drawn covers: two faces of Noto, reduced to the characters that titles are written with.

    apt-get download fonts-noto-cjk fonts-noto-core
    for package in fonts-noto-*.deb; do dpkg-deb -x $package noto; done
    pip install "fonttools>=4.55"
    python tools/subset_cover_fonts.py noto/usr/share/fonts

The same fonts and the same fontTools give the same bytes. The character sets are asked of Python's own codecs, so no
list of characters is kept here.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

FOLDER = Path(__file__).parents[1] / "src/interview_audio/production/fonts"
WESTERN, EASTERN = "truetype/noto/NotoSans-Bold.ttf", "opentype/noto/NotoSansCJK-Bold.ttc"
FACE = "Noto Sans CJK SC Bold"
# Latin with its extensions, Greek, Cyrillic, punctuation, currencies.
WESTERN_BLOCKS = (
    range(0x20, 0x530),
    range(0x1E00, 0x2000),
    range(0x2010, 0x2045),
    range(0x20A0, 0x20D0),
    range(0x2100, 0x2150),
)
# GBK rather than GB 2312: people's names are full of what the latter lacks (喆, 堃, 祎, 赟, 镕), and titles of people's
# names. With it come kana and the characters of Taiwan and Japan. Then the syllables of KS X 1001.
EASTERN_ROWS = (("gbk", range(0x81, 0xFF)), ("euc_kr", range(0xB0, 0xC9)))


def eastern_characters() -> Iterator[int]:
    """Code points that two bytes of a codec mean, and ASCII."""
    yield from range(0x20, 0x7F)
    for codec, rows in EASTERN_ROWS:
        for first in rows:
            for second in range(0x40, 0xFF):
                text = bytes((first, second)).decode(codec, "ignore")
                if len(text) == 1:
                    yield ord(text)


def write_subset(font: TTFont, characters: set[int], name: str) -> None:
    """Write a font with these characters, unhinted, for horizontal lines."""
    options = Options(
        hinting=False,
        layout_features=["kern", "mark", "ccmp"],
        drop_tables=["vhea", "vmtx", "VORG", "BASE", "DSIG"],
        name_IDs=[0, 1, 2, 4, 5, 6, 7, 13, 14],
        notdef_outline=True,
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.recalcTimestamp = False
    font.save(FOLDER / name)


def main() -> None:
    """Read the fonts in the folder that the command line names and write theirs into the package."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fonts", type=Path)
    fonts = parser.parse_args().fonts
    western = {point for block in WESTERN_BLOCKS for point in block}
    write_subset(TTFont(fonts / WESTERN), western, "NotoSans-Bold-subset.ttf")
    with TTCollection(fonts / EASTERN, lazy=True) as collection:
        font = next(font for font in collection.fonts if font["name"].getDebugName(4) == FACE)
        write_subset(font, set(eastern_characters()), "NotoSansCJKsc-Bold-subset.otf")


if __name__ == "__main__":
    main()
