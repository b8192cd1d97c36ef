"""Parts of a finished episode: which one is meant, where it may be cut, and the MP3 of it to send to somebody.

A part is encoded anew. Frames of an MP3 could be copied, but each borrows bits from those before it, so that the first
ones of a copy stutter, and borders are 26 ms apart; a second encoding of speech at the same rate is not heard.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from interview_audio.configuration.settings import LIMITS, Sound
from interview_audio.errors import UsageError
from interview_audio.files.episode_record import EpisodeRecord, RecordedLine
from interview_audio.production.containers.episode_writer import Tags
from interview_audio.production.containers.mp3 import Mp3
from interview_audio.production.sidecars.captions import sidecar_words
from interview_audio.production.streams import filter_stream
from interview_audio.production.timeline import Timeline
from interview_audio.publishing.catalogue import CataloguedEpisode
from interview_audio.script.chapter_titles import fit_to_columns
from interview_audio.script.lines import NARRATOR
from interview_audio.text.printable import printable
from interview_audio.text.units import counted, playing_time
from interview_audio.verification.audio_file import AudioFileError, FileContents, read_file

_LEAD, _TAIL = 120, 250
"""Milliseconds of the pauses before the first word and behind the last that belong to a part, where they are so long:
a breath, and what a room would keep of the voice."""
_FADE_IN, _FADE_OUT = 0.008, 0.020
"""Seconds: long enough that a cut does not click, too short to be heard as a fade."""
_REACH = 500
"""Milliseconds around a time that was named in which a pause is looked for: people read whole seconds off a player."""
_REACH_COSTS = 12.0
"""dB that the edge of that reach must be quieter than the time itself to be preferred."""
_WINDOW = 0.020
"""Seconds over which loudness is measured to find a pause."""
_SILENCE = -55.0
"""dBFS below which all is as quiet."""
_MOST_MISSING = 0.01
"""Share of a part by which decoders may differ about its end."""
_BEFORE = Fraction(1, 2)
"""Seconds that are decoded and dropped before a part: decoders need what came before (ISO/IEC 11172-3, 2.4.3.4)."""
_TITLE = 60
"""Columns of what is said that a clip's title takes."""
_CLOCK = r"(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,6}(?:\.\d{1,3})?)"
_TIMES = re.compile(rf"{_CLOCK}\s*[-–—]\s*{_CLOCK}")
_NUMBERED = re.compile(r"(turn|chapter)\s*:\s*(\d{1,6})", re.IGNORECASE)
_FORMS = "turn:14, chapter:3 or 1:23-1:45"
_NEARBY = 3


@dataclass(frozen=True, slots=True)
class EpisodePart:
    """A part of an episode, or all of it."""

    start: int
    """Milliseconds of the episode."""
    end: int
    """Milliseconds of the episode."""
    title: str
    name: str
    """What file names have for it behind the episode's: ``turn-14``; empty for the whole episode."""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.end - self.start) / 1000


def whole(episode: CataloguedEpisode) -> EpisodePart:
    """Return all of an episode as a part."""
    return EpisodePart(0, _length(episode.record), episode.title, "")


def choose_part(episode: CataloguedEpisode, words: str) -> EpisodePart:
    """Return the part that is meant by ``turn:14``, ``chapter:3`` or ``1:23-1:45``.

    Raises:
        UsageError: They name none; says what there is.
        AudioFileError: The sound cannot be read.
    """
    if numbered := _NUMBERED.fullmatch(words.strip()):
        number = int(numbered[2])
        return _turn(episode, number) if numbered[1].lower() == "turn" else _chapter(episode, number)
    if times := _TIMES.fullmatch(words.strip()):
        return _stretch(episode, words, _milliseconds(*times.groups()[:3]), _milliseconds(*times.groups()[3:]))
    raise UsageError(f"--clip {words!r} names no part of an episode; write {_FORMS}")


def _milliseconds(hours: str | None, minutes: str | None, seconds: str) -> int:
    return round(((int(hours or 0) * 60 + int(minutes or 0)) * 60 + float(seconds)) * 1000)


def _turn(episode: CataloguedEpisode, number: int) -> EpisodePart:
    record = episode.record
    lines = [line for line in record.lines if line.turn == number]
    if not lines:
        turns = sorted({line.turn for line in record.lines}, key=lambda turn: (abs(turn - number), turn))
        near = ", ".join(map(str, sorted(turns[:_NEARBY])))
        raise UsageError(f"--clip turn:{number}: nothing of that turn is spoken; near it are {near or 'none'}")
    start, end = _around(record, lines)
    speaker, text = lines[0].speaker, fit_to_columns(printable(lines[0].text), _TITLE)
    colon = sidecar_words(record.language).colon
    title = text if speaker == NARRATOR else f"{names_in_record(record)[speaker]}{colon}{text}"
    return EpisodePart(start, end, title, f"turn-{number}")


def _chapter(episode: CataloguedEpisode, number: int) -> EpisodePart:
    record = episode.record
    if not 1 <= number <= len(record.chapters):
        raise UsageError(f"--clip chapter:{number}: the episode has {counted(len(record.chapters), 'chapter')}")
    chapter = record.chapters[number - 1]
    start, end = round(chapter.start * 1000), round(chapter.end * 1000)
    lines = [line for line in record.lines if start <= line.start < end]
    if lines:
        start, end = _around(record, lines)
    return EpisodePart(start, end, chapter.title, f"chapter-{number}")


def _stretch(episode: CataloguedEpisode, words: str, start: int, end: int) -> EpisodePart:
    length = _length(episode.record)
    end = min(end, length)
    if start >= end:
        raise UsageError(f"--clip {words}: not a part of an episode of {playing_time(length / 1000)}")
    name = "-".join(_in_name(time) for time in (start, end))
    first, last = (_quiet_moment(episode.sound, time, length) for time in (start, end))
    if first >= last:
        first, last = start, end
    spoken = [line for line in episode.record.lines if line.start < last and line.end > first]
    title = fit_to_columns(printable(spoken[0].text), _TITLE) if spoken else episode.title
    return EpisodePart(first, last, title, name)


def _in_name(milliseconds: int) -> str:
    """Write a time for a file name: ``1m23s``, ``1h02m03s``, ``1m23.5s``."""
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    part = f".{thousandths:03}".rstrip("0") if thousandths else ""
    return f"{hours}h{minutes:02}m{seconds:02}{part}s" if hours else f"{minutes}m{seconds:02}{part}s"


def _length(record: EpisodeRecord) -> int:
    return round(record.duration * 1000)


def _around(record: EpisodeRecord, lines: Sequence[RecordedLine]) -> tuple[int, int]:
    """Return where a part with these lines is cut: in the pauses around them."""
    first, last = min(line.start for line in lines), max(line.end for line in lines)
    before = max((line.end for line in record.lines if line.end <= first), default=0)
    after = min((line.start for line in record.lines if line.start >= last), default=_length(record))
    return first - min(_LEAD, (first - before) // 2), last + min(_TAIL, (after - last) // 2)


def _quiet_moment(sound: Path, time: int, length: int) -> int:
    """Return the time of the pause nearest to a time, in milliseconds: a cut there parts no word."""
    if time in (0, length):
        return time
    first = max(time - _REACH, 0)
    rate, blocks = read_sound(sound, first, min(time + _REACH, length))
    samples = np.concatenate([np.zeros(0, np.float32), *blocks])
    width = round(_WINDOW * rate)
    count = len(samples) // width
    if not count:
        return time
    powers = np.mean(np.square(samples[: count * width].reshape(count, width), dtype=np.float64), axis=1)
    levels = np.maximum(10 * np.log10(powers + 1e-12), _SILENCE)
    middles = first + (np.arange(count) + 0.5) * width * 1000 / rate
    costs = levels + _REACH_COSTS * np.abs(middles - time) / _REACH
    return round(float(middles[int(np.argmin(costs))]))


def names_in_record(record: EpisodeRecord) -> dict[str, str]:
    """Return what listeners read for each speaker."""
    names = {member.speaker: member.shown or member.speaker for member in record.cast}
    return names | {NARRATOR: sidecar_words(record.language).narrator}


def read_sound(path: Path, start: int, end: int) -> tuple[int, Iterator[NDArray[np.float32]]]:
    """Decode a part of a sound file, to the sample.

    Args:
        path: Of any format that an episode has.
        start: Milliseconds.
        end: Milliseconds.

    Returns:
        The sample rate, in Hz, and mono blocks.

    Raises:
        AudioFileError: There is no sound in it.
    """
    rate = read_file(path).sample_rate
    return rate, (samples for _, samples in decoded(path, [(start * rate // 1000, end * rate // 1000)]))


def read_part(episode: CataloguedEpisode, part: EpisodePart) -> tuple[int, Iterator[NDArray[np.float32]]]:
    """Decode the sound of a part; see ``read_sound``.

    Raises:
        AudioFileError: There is no sound, or it ends before the part does: it is not the one that was rendered.
    """
    rate, blocks = read_sound(episode.sound, part.start, part.end)
    return rate, _whole(blocks, (part.end - part.start) * rate // 1000, episode.sound)


def _whole(blocks: Iterable[NDArray[np.float32]], length: int, path: Path) -> Iterator[NDArray[np.float32]]:
    missing = length
    for block in blocks:
        missing -= len(block)
        yield block
    if missing > _MOST_MISSING * length:
        raise AudioFileError(str(path), "it ends before what its record says of it")


def decoded(path: Path, stretches: Sequence[tuple[int, int]]) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield the samples of some stretches of a sound file, mono, each block with the index of its stretch.

    What lies between them is passed over without being decoded.

    Args:
        path: Of any format that an episode has.
        stretches: First sample and one past the last, in order, none over another.

    Raises:
        AudioFileError: It is damaged.
    """
    try:
        yield from _decoded(path, stretches)
    except av.error.FFmpegError as error:
        raise AudioFileError(str(path), f"it cannot be decoded ({error.strerror})") from error


def _decoded(path: Path, stretches: Sequence[tuple[int, int]]) -> Iterator[tuple[int, NDArray[np.float32]]]:
    resampler = av.AudioResampler(format="flt", layout="mono")
    with av.open(f"file:{path}") as container:
        stream = container.streams.audio[0]
        assert stream.time_base is not None
        rate, ticks = stream.rate, stream.rate * stream.time_base
        origin, needed, index = None, 0, 0
        for packet in container.demux(stream):
            if packet.pts is not None and packet.duration is not None and packet.pts + packet.duration < needed:
                continue
            position = 0
            for frame in packet.decode():
                assert frame.pts is not None
                origin = frame.pts if origin is None else origin
                position = round((frame.pts - origin) * ticks)
                for mono in resampler.resample(frame):
                    yield from _inside(mono.to_ndarray()[0], position, stretches, index)
                position += frame.samples
            while stretches[index][1] <= position:
                index += 1
                if index == len(stretches):
                    return
            if origin is not None:
                needed = origin + math.floor((stretches[index][0] - _BEFORE * rate) / ticks)


def _inside(
    samples: NDArray[np.float32], position: int, stretches: Sequence[tuple[int, int]], index: int
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield what of some samples is in the stretches from one on, each with the index of its stretch."""
    for number in range(index, len(stretches)):
        first, end = (max(edge - position, 0) for edge in stretches[number])
        if first >= len(samples):
            return
        if first < end:
            yield number, samples[first:end]


def faded(blocks: Iterable[NDArray[np.float32]], length: int, rate: int) -> Iterator[NDArray[np.float32]]:
    """Yield the samples with a short fade at either end.

    Args:
        blocks: Of the whole part.
        length: Samples of it.
        rate: Hz.
    """
    position = 0
    rise, fall = max(_FADE_IN * rate, 1), max(_FADE_OUT * rate, 1)
    for block in blocks:
        places = np.arange(position, position + len(block))
        edge = np.minimum(np.minimum(places / rise, (length - 1 - places) / fall), 1.0)
        yield (block * (0.5 - 0.5 * np.cos(math.pi * np.maximum(edge, 0)))).astype(np.float32)
        position += len(block)


def write_part(
    episode: CataloguedEpisode, contents: FileContents, part: EpisodePart, cover: bytes, link: str | None, path: Path
) -> None:
    """Write a part of an episode as an MP3 with a title, a cover, and the way to the whole.

    Args:
        episode: The whole.
        contents: Of its sound file.
        part: What is written.
        cover: JPEG.
        link: Where the part is heard in the whole; None where that is not known.
        path: The file to write.

    Raises:
        AudioFileError: See ``read_part``.
        OSError: It cannot be written.
    """
    rate, blocks = read_part(episode, part)
    length = part.end * rate // 1000 - part.start * rate // 1000
    sound = Sound(sample_rate=rate, bitrate=_bitrate(contents))
    writer = Mp3()
    # As loud as in the episode, whose levels allow for what the encoder does to them.
    gain = np.float32(10 ** (-writer.added_gain(sound) / 20))
    samples = (block * gain for block in faded(blocks, length, rate))
    frames = filter_stream(samples, rate, [("aformat", "sample_fmts=fltp")])
    writer.write(frames, sound, tags_of(episode, part, cover, link), Timeline(rate, (), (), length), path)


def _bitrate(contents: FileContents) -> int:
    """Return kbit/s: the episode's own where it is an MP3, else what an MP3 gets."""
    own = round(contents.bitrate / 1000)
    allowed = LIMITS["mp3"].bitrates.get(contents.sample_rate, ())
    return own if contents.codec == "mp3" and own in allowed else LIMITS["mp3"].bitrate


def tags_of(episode: CataloguedEpisode, part: EpisodePart, cover: bytes, link: str | None) -> Tags:
    """Return what a file of a part says of it, and of the way to the whole; see ``write_part``."""
    heard = (line.speaker for line in episode.record.lines if line.start < part.end and line.end > part.start)
    names = names_in_record(episode.record)
    span = f"{playing_time(part.start // 1000)}–{playing_time(-(-part.end // 1000))}"
    place = f"{printable(episode.title)}, {span}" if part.name else None
    comment = ". ".join(filter(None, (place, link, episode.disclosure)))
    return Tags(
        title=part.title,
        artists=tuple(dict.fromkeys(names.get(speaker, speaker) for speaker in heard if speaker != NARRATOR)),
        album=episode.title if part.name else episode.record.about.show,
        language=episode.language,
        date=episode.date,
        cover=cover,
        comment=comment,
    )
