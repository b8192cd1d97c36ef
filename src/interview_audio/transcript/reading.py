"""Reads a source file as text: its encoding, its line ends, and what a file that is no text should have been."""

import re
from pathlib import Path

from interview_audio.errors import SourceError

BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SIGNATURES = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word document or another ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"ID3", "a sound file"),
    (b"RIFF", "a sound file"),
    (b"OggS", "a sound file"),
)
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
PLAUSIBLE_CHINESE = 0.95
"""Share of the characters beyond ASCII that GB2312 must know; Western bytes read as GB18030 give rare characters."""
MOST_CONTROLS = 0.01


def read_source(path: Path) -> str:
    r"""Read a text file as the interview it should be.

    UTF-8 and UTF-16 are recognised by their byte order mark, UTF-8 also without one, and GB18030 where the bytes
    make sense as Chinese. The mark is removed; ``\r\n`` and ``\r`` become ``\n``.

    Args:
        path: The source file.

    Returns:
        Its text.

    Raises:
        SourceError: The file is missing, a folder, unreadable, not text, or has no words.
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
    if path.is_dir():
        raise SourceError("this is a folder; name a text file in it", str(path))
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError("there is no such file; check the name", str(path)) from error
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
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise _unknown_encoding(path, line) from error
    if not _is_plausible_chinese(text):
        raise _unknown_encoding(path, line)
    return text


def _decode_marked(content: bytes, encoding: str, path: Path) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.removesuffix("-sig").upper()
        raise SourceError(f"the file says it is {name} and is not; save it as UTF-8 text", str(path)) from error


def _unknown_encoding(path: Path, line: int) -> SourceError:
    return SourceError("the encoding is neither UTF-8 nor GB18030; save the file as UTF-8 text", str(path), line)


def _is_plausible_chinese(text: str) -> bool:
    foreign = [character for character in text if character > "\x7f"]
    known = len("".join(foreign).encode("gb2312", errors="ignore")) // 2
    return known >= PLAUSIBLE_CHINESE * len(foreign)
