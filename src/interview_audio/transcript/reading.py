"""Reads a source as text, from a file or the web: its size, its encoding, its line ends; the text of a document.

A file that is not text, or has marks that would be spoken, is refused with the name of what it is; fetching a page
needs the optional extra ``web``.
"""

import re
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from interview_audio.errors import SourceError
from interview_audio.files.input_files import NOTHING_PIPED, SOURCE, InputFileError, PipedContents, read_file
from interview_audio.transcript.document_text import document_text, is_document

SUFFIXES = (
    *(".txt", ".text", ".md", ".markdown", ".docx", ".odt", ".epub", ".pdf"),
    *(".srt", ".vtt", ".ass", ".ssa", ".sbv", ".ttml", ".dfxp", ".trs"),
    *(".json", ".jsonl", ".csv", ".tsv", ".tab", ".html", ".htm", ".xhtml", ".xml", ".tei"),
)
"""Of files that are taken for interviews where only their folder is named; the format is told from the content."""
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_IMAGE = "an image; recognise its text, and save that as UTF-8 text"
_RECORDING = "an audio or video file; transcribe it, and save the transcript as text or subtitles"
_ARCHIVE = "a compressed file; unpack it and choose the interview"
_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0", "an old Word document, or one with a password; save it as .docx without a password"),
    (b"{\\rtf", "an RTF document; save it as .docx or as UTF-8 text"),
    (b"bplist00", "a web archive; save the page as HTML"),
    (b"\x89PNG", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"ID3", _RECORDING),
    (b"RIFF", _RECORDING),
    (b"OggS", _RECORDING),
    (b"fLaC", _RECORDING),
    (b"\x1aE\xdf\xa3", _RECORDING),
    (b"\x1f\x8b", _ARCHIVE),
    (b"7z\xbc\xaf", _ARCHIVE),
    (b"Rar!", _ARCHIVE),
)
"""How files begin that are not text, what they are, and what to do instead."""
_MPEG_4 = re.compile(rb"....ftyp", re.DOTALL)
_MARKED_UP = (
    (
        re.compile(r"\s*(?:%[^\n]*\n\s*){0,200}\\(?:documentclass|documentstyle|input\{|begin\{document\})"),
        "LaTeX; save it as Markdown or as text, without its commands",
    ),
    (
        re.compile(r"(?:[\w-]{1,40}:[^\n]*\n(?:[ \t][^\n]*\n)*){0,40}Content-Type:\s*multipart/related", re.IGNORECASE),
        "a web archive; save the page as HTML",
    ),
)
"""How texts begin whose marks would be spoken."""
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MAX_CONTROL_SHARE = 0.01
"""Share of control characters: a text may have a stray form feed or two, a binary file has many."""
_MIN_PLAUSIBLE_SHARE = 0.95
"""Share of the characters beyond ASCII that must be common in what an encoding is for; of others it makes rare ones."""
_MAX_ACCENTED_SHARE = 0.25
"""Share of the characters beyond ASCII in a Western text, at the most."""
_CHINESE_ENCODINGS = ("gb18030", "big5hkscs")
_JAPANESE_ENCODINGS = ("cp932", "euc_jp")
_COMMON_IN_GB = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]|[\xa1-\xa3\xa6\xa8][\xa1-\xfe]")
_COMMON_IN_BIG5 = re.compile(rb"[\xa4-\xc5][\x40-\x7e\xa1-\xfe]|\xc6[\x40-\x7e]|[\xa1-\xa3][\x40-\x7e\xa1-\xfe]")
"""Both encodings set common characters and punctuation apart from rare ones, which a text in another becomes."""
_EVERYDAY_CHARACTERS = frozenset("的一是不了我在有人这這他们們说說来來个個你就")
_MIN_CHARACTERS_TO_COUNT = 200
"""Characters beyond ASCII: a shorter text may have none of the everyday ones."""
_MIN_EVERYDAY_SHARE = 0.02
"""Share of the everyday characters in a longer Chinese text, at the least; Korean decoded as Chinese has few."""
_FULL_WIDTH_KANA = re.compile("[\u3041-\u30fe]")
"""Half-width kana are left out: Chinese bytes that are read as Shift JIS are full of them."""
_MIN_KANA_SHARE = 0.25
_EAST_ASIAN = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e\u2010-\u2027]")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_MIN_LONE_SHARE = 0.7
"""Share of the runs of bytes beyond ASCII that are one byte long in a Western text."""
_WESTERN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸ\s\d]|[^\w\s]")
_WEB_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_NOT_IN_FILE_NAME = re.compile(r"[^\w.-]+")
_INSTALL = "reading a web page needs: pip install 'interview-audio[web]'; or save the page and render that file"


def read_source(path: Path) -> str:
    """Read a text file as the interview it should be: ``decode_source`` of its bytes.

    Raises:
        SourceError: The file is missing, a folder, unreadable, too large, not text, or has no words.
    """
    return decode_source(read_bytes(path), path)


def decode_source(content: bytes, path: Path) -> str:
    r"""Decode the bytes of a source as the interview it should be.

    UTF-8 and UTF-16 are recognised with and without their byte order mark, GB18030 and Big5 where the bytes make sense
    as Chinese, Shift JIS and EUC as Japanese, Windows-1252 as a Western language. The mark is removed; ``\r\n`` and
    ``\r`` become ``\n``.

    Args:
        content: All of the source.
        path: What messages call it.

    Returns:
        Its text.

    Raises:
        SourceError: The content is not text, or has no words.
    """
    if is_document(content):
        text = _extracted(content, path)
    else:
        _refuse_other_formats(content, path)
        text = _decode(content, path)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for beginning, what in _MARKED_UP:
        if beginning.match(text):
            raise SourceError(f"this is {what}", str(path))
    if not text.strip():
        raise SourceError("the file is empty; put the text of the interview into it", str(path))
    if len(_CONTROLS.findall(text)) > _MAX_CONTROL_SHARE * len(text) or "\0" in text:
        raise SourceError("this is not text (it has control characters); save the interview as UTF-8 text", str(path))
    return text


def read_bytes(path: Path, piped: PipedContents = NOTHING_PIPED) -> bytes:
    """Read the bytes of a source, a file or one of those that were piped in.

    Raises:
        SourceError: The file is missing, a folder, unreadable or too large.
    """
    try:
        return read_file(path, SOURCE, piped)
    except InputFileError as error:
        raise SourceError(str(error), str(path)) from error
    except FileNotFoundError as error:
        raise SourceError("not found; check the file name", str(path)) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SourceError(f"the file cannot be read ({reason}); check its permissions", str(path)) from error


def _refuse_other_formats(content: bytes, path: Path) -> None:
    for signature, name in _SIGNATURES:
        if content.startswith(signature):
            raise SourceError(f"this is {name}", str(path))
    if _MPEG_4.match(content):
        raise SourceError(f"this is {_RECORDING}", str(path))


def _extracted(content: bytes, path: Path) -> str:
    try:
        return document_text(content)
    except SourceError as error:
        raise SourceError(error.message, str(path)) from error


def _decode(content: bytes, path: Path) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
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
    """Recognise UTF-16 without a mark: read from the wrong end it is not text of any language."""
    for encoding in ("utf-16-le", "utf-16-be"):
        if len(content) % 2 == 0 and _decodes(content, encoding):
            text = content.decode(encoding)
            plausible = sum(character < "\u0250" or _EAST_ASIAN.match(character) is not None for character in text)
            if "\0" not in text and plausible >= _MIN_PLAUSIBLE_SHARE * len(text):
                return encoding
    return ""


def _older_encoding(content: bytes) -> str:
    """Return the encoding from before Unicode in which the text makes the most sense; empty where it makes none."""
    if _decodes(content, "cp1252") and _is_western(content):
        return "cp1252"
    for name in _JAPANESE_ENCODINGS:
        if _decodes(content, name) and _is_japanese(content.decode(name)):
            return name
    shares = {name: _share_of_common(content.decode(name)) for name in _CHINESE_ENCODINGS if _decodes(content, name)}
    best = max(shares, key=lambda name: shares[name], default="")
    if best and shares[best] >= _MIN_PLAUSIBLE_SHARE and _is_everyday(content.decode(best)):
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
    return _COMMON_IN_GB.fullmatch(in_gb) is not None or _COMMON_IN_BIG5.fullmatch(in_big5) is not None


def _is_everyday(text: str) -> bool:
    foreign = [character for character in text if character > "\x7f"]
    everyday = sum(character in _EVERYDAY_CHARACTERS for character in foreign)
    return len(foreign) < _MIN_CHARACTERS_TO_COUNT or everyday >= _MIN_EVERYDAY_SHARE * len(foreign)


def _is_japanese(text: str) -> bool:
    foreign = [character for character in text if character > "\x7f"]
    plausible = len(_EAST_ASIAN.findall(text))
    return plausible >= _MIN_PLAUSIBLE_SHARE * len(foreign) and len(
        _FULL_WIDTH_KANA.findall(text)
    ) >= _MIN_KANA_SHARE * len(foreign)


def _is_western(content: bytes) -> bool:
    """Tell whether the bytes beyond ASCII are few and stand alone, as accents do; those of Chinese come in pairs."""
    beyond = [len(run) for run in _BEYOND_ASCII.findall(content)]
    text = content.decode("cp1252")
    foreign = [character for character in text if character > "\x7f"]
    plausible = sum(_WESTERN.fullmatch(character) is not None for character in foreign)
    is_sparse = len(foreign) <= _MAX_ACCENTED_SHARE * len(text) and beyond.count(1) >= _MIN_LONE_SHARE * len(beyond)
    return is_sparse and plausible >= _MIN_PLAUSIBLE_SHARE * len(foreign)


def is_web_address(source: str) -> bool:
    """Tell whether a source is named by an address of the web."""
    return _WEB_ADDRESS.fullmatch(source) is not None


def file_name_of(address: str) -> str:
    """Return the name of the file that a page at an address would be: the last part of its path, else its host."""
    parts = urlsplit(address)
    last = unquote(parts.path).rstrip("/").rpartition("/")[2]
    name = _NOT_IN_FILE_NAME.sub("-", last.rpartition(".")[0] or last or parts.hostname or "")
    return f"{name.strip('-.') or 'episode'}.html"


def fetch_page(address: str) -> bytes:
    """Fetch a page.

    Raises:
        SourceError: The extra ``web`` is not installed, or the page cannot be fetched.
    """
    if find_spec("trafilatura") is None:
        raise SourceError(_INSTALL, address)
    from trafilatura import fetch_response

    response = fetch_response(address)
    if response is None or not response.data:
        raise SourceError("the page cannot be fetched; check the address and the network, or save the page", address)
    if response.status >= 400:
        raise SourceError(
            f"the server answered with error {response.status}; open the page in a browser and save it", address
        )
    return bytes(response.data)
