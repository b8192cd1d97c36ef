"""Reads a source as text: its size, its encoding, its line ends, and what a file that is no text should have been."""

import re
from collections import Counter
from pathlib import Path

from interview_audio.errors import SourceError
from interview_audio.files.input_files import SOURCE, InputFileError, read_file

BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SIGNATURES = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word document or another ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"ID3", "an audio file"),
    (b"RIFF", "an audio file"),
    (b"OggS", "an audio file"),
)
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
MOST_CONTROLS = 0.01
PLAUSIBLE = 0.95
"""Share of the characters beyond ASCII that must be common in what an encoding is for; of others it makes rare ones."""
MOST_ACCENTED = 0.25
"""Share of the characters beyond ASCII in a Western text, at the most."""


CHINESE = ("gb18030", "big5hkscs")
JAPANESE = ("cp932", "euc_jp")
COMMON_GB = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]|[\xa1-\xa3\xa6\xa8][\xa1-\xfe]")
COMMON_BIG5 = re.compile(rb"[\xa4-\xc5][\x40-\x7e\xa1-\xfe]|\xc6[\x40-\x7e]|[\xa1-\xa3][\x40-\x7e\xa1-\xfe]")
"""Both encodings set common characters and punctuation apart from rare ones, which a text in another becomes."""
EVERYDAY = frozenset("的一是不了我在有人这這他们們说說来來个個你就")
FEWEST_TO_COUNT = 200
EVERYDAY_SHARE = 0.02
"""Share of the everyday characters in a longer Chinese text, at the least; Korean bytes make none."""
KANA = re.compile("[\u3041-\u30fe]")
KANA_SHARE = 0.25
IDEOGRAPHIC = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e\u2010-\u2027]")
BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
ALONE = 0.7
WESTERN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸ\s\d]|[^\w\s]")


def read_source(path: Path) -> str:
    r"""Read a text file as the interview it should be.

    UTF-8 and UTF-16 are recognised with and without their byte order mark, GB18030 and Big5 where the bytes make sense
    as Chinese, Shift JIS and EUC as Japanese, Windows-1252 as a Western language. The mark is removed; ``\r\n`` and
    ``\r`` become ``\n``.

    Args:
        path: The source file.

    Returns:
        Its text.

    Raises:
        SourceError: The file is missing, a folder, unreadable, too large, not text, or has no words.
    """
    content = _read_bytes(path)
    _refuse_other_formats(content, path)
    text = _decode(content, path).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise SourceError("the file is empty; put the text of the interview into it", str(path))
    if len(CONTROLS.findall(text)) > MOST_CONTROLS * len(text) or "\0" in text:
        raise SourceError("this is not text (it has control characters); save the interview as UTF-8 text", str(path))
    return text


def _read_bytes(path: Path) -> bytes:
    try:
        return read_file(path, SOURCE)
    except InputFileError as error:
        raise SourceError(str(error), str(path)) from error
    except FileNotFoundError as error:
        raise SourceError("not found; check the file name", str(path)) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SourceError(f"the file cannot be read ({reason}); check its permissions", str(path)) from error


def _refuse_other_formats(content: bytes, path: Path) -> None:
    for signature, name in SIGNATURES:
        if content.startswith(signature):
            raise SourceError(f"this is {name}, not text; save the interview as UTF-8 text", str(path))


def _decode(content: bytes, path: Path) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decode_marked(content, encoding, path)
    if b"\0" in content and (encoding := _wide_encoding(content)):
        return content.decode(encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    if encoding := _older_encoding(content):
        return content.decode(encoding)
    says = (
        "the encoding is neither UTF-8, UTF-16, GB18030, Big5, Shift JIS nor Windows-1252; save the file as UTF-8 text"
    )
    raise SourceError(says, str(path), line)


def _decode_marked(content: bytes, encoding: str, path: Path) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.removesuffix("-sig").upper()
        raise SourceError(f"the file claims to be {name} but is not; save it as UTF-8 text", str(path)) from error


def _wide_encoding(content: bytes) -> str:
    """UTF-16 without a mark; read from the wrong end it is no text of any language."""
    for encoding in ("utf-16-le", "utf-16-be"):
        if len(content) % 2 == 0 and _decodes(content, encoding):
            text = content.decode(encoding)
            plausible = sum(character < "\u0250" or IDEOGRAPHIC.match(character) is not None for character in text)
            if "\0" not in text and plausible >= PLAUSIBLE * len(text):
                return encoding
    return ""


def _older_encoding(content: bytes) -> str:
    """Return the encoding from before Unicode in which the text makes the most sense; empty where it makes none."""
    if _decodes(content, "cp1252") and _is_western(content):
        return "cp1252"
    for name in JAPANESE:
        if _decodes(content, name) and _is_japanese(content.decode(name)):
            return name
    shares = {name: _share_of_common(content.decode(name)) for name in CHINESE if _decodes(content, name)}
    best = max(shares, key=lambda name: shares[name], default="")
    if best and shares[best] >= PLAUSIBLE and _is_everyday(content.decode(best)):
        return best
    return ""


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _share_of_common(text: str) -> float:
    """Return the share of the characters beyond ASCII that are common in simplified or in traditional Chinese."""
    counts = Counter(character for character in text if character > "\x7f")
    common = sum(count for character, count in counts.items() if _is_common(character))
    return common / max(1, counts.total())


def _is_common(character: str) -> bool:
    in_gb, in_big5 = (character.encode(encoding, "ignore") for encoding in ("gb2312", "big5"))
    return COMMON_GB.fullmatch(in_gb) is not None or COMMON_BIG5.fullmatch(in_big5) is not None


def _is_everyday(text: str) -> bool:
    foreign = [character for character in text if character > "\x7f"]
    everyday = sum(character in EVERYDAY for character in foreign)
    return len(foreign) < FEWEST_TO_COUNT or everyday >= EVERYDAY_SHARE * len(foreign)


def _is_japanese(text: str) -> bool:
    foreign = [character for character in text if character > "\x7f"]
    plausible = len(IDEOGRAPHIC.findall(text))
    return plausible >= PLAUSIBLE * len(foreign) and len(KANA.findall(text)) >= KANA_SHARE * len(foreign)


def _is_western(content: bytes) -> bool:
    """Tell whether the bytes beyond ASCII are few and stand alone, as accents do; those of Chinese come in pairs."""
    beyond = [len(run) for run in BEYOND_ASCII.findall(content)]
    text = content.decode("cp1252")
    foreign = [character for character in text if character > "\x7f"]
    plausible = sum(WESTERN.fullmatch(character) is not None for character in foreign)
    is_sparse = len(foreign) <= MOST_ACCENTED * len(text) and beyond.count(1) >= ALONE * len(beyond)
    return is_sparse and plausible >= PLAUSIBLE * len(foreign)
