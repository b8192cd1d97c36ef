"""A finished episode, or a part of it, as a video: MP4 with H.264 and AAC, for YouTube, Bilibili and phones.

Frames lie on a grid of 25 a second, and one is encoded only where the picture differs from the one before: where a
caption, a chapter or the clock changes. Players and the services that take videos show a frame until the next one, as
with what phones record; so an hour of video is some five thousand frames and not ninety thousand.

H.264 comes from x264 in PyAV's wheels. It is under the GPL, and so is FFmpeg as it is built there; both are loaded, as
for every other sound, and are no part of this package.
"""

import bisect
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import numpy as np
from av.subtitles.stream import SubtitleStream
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from PIL import Image

from interview_audio.errors import OutputError
from interview_audio.files.episode_record import RecordedLine
from interview_audio.production.containers.episode_writer import BITEXACT, Tags
from interview_audio.production.containers.mp4 import mend_titles
from interview_audio.production.sidecars.captions import Cue, format_srt
from interview_audio.production.streams import frame_of
from interview_audio.production.timeline import MOST_CHAPTERS, Timeline
from interview_audio.publishing.catalogue import CataloguedEpisode
from interview_audio.publishing.sharing.cut import (
    EpisodePart,
    decoded,
    faded,
    names_in_record,
    read_part,
)
from interview_audio.publishing.sharing.picture import Bar, Shot, Titles, VideoPicture
from interview_audio.script.lines import NARRATOR
from interview_audio.text.characters import space_between
from interview_audio.text.printable import printable
from interview_audio.text.units import playing_time
from interview_audio.verification.audio_file import read_file
from interview_audio.verification.sidecar_reading import Caption, SidecarError, parse_webvtt

CaptionStyle = Literal["burnt", "track", "none"]
_FRAME_RATE = 25
_KEY_FRAMES = 10
"""Seconds from one frame that players can jump to, to the next."""
_ENCODERS = ("libx264", "libopenh264", "h264_videotoolbox", "h264_mf")
"""The first that PyAV has: its wheels have x264; those of conda and of Linux distributions may have another."""
_X264 = {"preset": "veryfast", "tune": "stillimage", "crf": "20", "bf": "0", "rc-lookahead": "10"}
"""Without B-frames the first frame is at 0 in every player, even in those that pass over edit lists."""
_OTHER_BITRATE = 1_500_000
_SOUND_BITRATE = 128_000
"""bit/s: what YouTube asks of mono."""
_MOST_BITS = 5.5
"""Of AAC for a sample: beyond six the format has none."""
_FEWEST_LISTED = 3
"""Chapters of which YouTube makes a list."""
_BT709 = 1
_LIMITED = 1
_BAR_SECONDS = 0.06
"""Seconds of sound of which a bar of the waveform shows the loudness: so short that bars differ as syllables do."""
_LOUDEST = 95
"""Percent of the bars that are lower than the highest ones."""
_LEAST_SPEECH = 100
"""Milliseconds of words that must be heard in a part for them to be its own, unless they are all in it."""
_MILLISECOND = Fraction(1, 1000)
# What the encoder of MP4's text tracks wants to know before it writes a description of them; players choose the looks.
_ASS_HEADER = (
    b"[Script Info]\nScriptType: v4.00+\nPlayResX: 384\nPlayResY: 288\n\n[V4+ Styles]\n"
    b"Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, "
    b"Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, "
    b"MarginV, Encoding\n"
    b"Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0\n\n"
    b"[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)


@dataclass(frozen=True, slots=True)
class VideoRequest:
    """What video to make."""

    episode: CataloguedEpisode
    part: EpisodePart
    captions: tuple[Caption, ...]
    """Of the part, in its time."""
    style: CaptionStyle
    size: tuple[int, int]
    """Pixels: width and height, both even."""
    cover: Image.Image
    tags: Tags
    on_progress: Callable[[float], None] | None = None
    """Called with the part that is done, from 0 to 1."""


def captions_of(episode: CataloguedEpisode, part: EpisodePart, style: CaptionStyle) -> tuple[Caption, ...]:
    """Read the captions of a part of an episode; their times count from its start.

    A part begins in the pause before its words, where the caption of the words before may still be shown: it is none of
    the part's.

    Args:
        episode: With its WebVTT file; where no captions are asked for, its record says as well who speaks when.
        part: Of it.
        style: How they are shown.

    Raises:
        OutputError: The episode has no WebVTT file, or one that cannot be read.
    """
    path = episode.files.get(".vtt")
    if path is not None:
        captions: Sequence[Caption] = _read_captions(path)
    elif style == "none":
        names = names_in_record(episode.record)
        captions = [Caption(names[line.speaker], "", line.start, line.end) for line in episode.record.lines]
    else:
        raise OutputError(f"{episode.stem}.vtt is missing; render the episode again, or use --captions none")
    length = part.end - part.start
    return tuple(
        Caption(one.speaker, one.text, max(one.start - part.start, 0), min(one.end - part.start, length))
        for one in captions
        if one.start < part.end and one.end > part.start and _is_heard_in(part, one, episode.record.lines)
    )


def _is_heard_in(part: EpisodePart, caption: Caption, lines: Sequence[RecordedLine]) -> bool:
    """Tell whether the words of a caption, which reaches into a part, are heard there."""
    first, last = max(caption.start, part.start), min(caption.end, part.end)
    if not lines or (first, last) == (caption.start, caption.end):
        return True
    return sum(_heard_between(first, last, line) for line in lines) >= _LEAST_SPEECH


def _heard_between(start: int, end: int, line: RecordedLine) -> int:
    """Return how many milliseconds of a line are heard from one time of the episode to another."""
    return max(min(line.end, end) - max(line.start, start), 0)


def _read_captions(path: Path) -> tuple[Caption, ...]:
    try:
        return parse_webvtt(path.read_text("utf-8"))
    except SidecarError as error:
        raise OutputError(f"{path}: {error}; correct it, or render the episode again") from error
    except UnicodeDecodeError as error:
        raise OutputError(f"{path}: not UTF-8; save it as UTF-8, or render the episode again") from error


def listed_chapters(episode: CataloguedEpisode) -> list[str]:
    """Return the ``00:00 Title`` lines that YouTube and Bilibili read from the text below a video; none for too few."""
    lines = episode.chapter_lines
    return lines if len(lines) >= _FEWEST_LISTED else []


def captions_as_srt(captions: Sequence[Caption]) -> str:
    """Return captions as a ``.srt``, which YouTube and Bilibili take beside a video."""
    return format_srt([_cue(caption) for caption in captions], Timeline(1000, (), (), 0))


def _cue(caption: Caption) -> Cue:
    first, _, second = caption.text.partition("\n")
    space = space_between(first, second)
    text = f"{first}{space}{second}"
    return Cue(caption.speaker, text, len(first + space) if second else len(text), caption.start, caption.end)


def write_video(request: VideoRequest, path: Path) -> None:
    """Write an MP4 that can be played while it is loaded; memory does not grow with its length.

    Args:
        request: What it shows.
        path: The file to write; whatever its suffix is, this format is written.

    Raises:
        OutputError: PyAV has no encoder of H.264.
        OSError: The file cannot be written.
    """
    options = {**BITEXACT, "movflags": "+faststart", "max_interleave_delta": "0"}
    notify = request.on_progress or (lambda _: None)
    with av.open(f"file:{path}", "w", format="mp4", options=options) as container:
        picture = _PictureTrack(container, request.size)
        sound = _SoundTrack(container, request)
        text = _TextTrack(container, request) if request.style == "track" and request.captions else None
        container.metadata.update(_texts(request.tags))
        container.set_chapters(_chapters(request))
        for frame, image in _frames(request):
            milliseconds = frame * 1000 // _FRAME_RATE
            sound.write(milliseconds)
            if text:
                text.write(milliseconds)
            picture.write(image, frame)
            notify(milliseconds / (request.part.end - request.part.start))
        sound.write(None)
        picture.end()
    mend_titles(path)
    notify(1)


class _PictureTrack:
    """The frames of a video."""

    def __init__(self, container: av.container.OutputContainer, size: tuple[int, int]) -> None:
        name = next((name for name in _ENCODERS if name in av.codecs_available), None)
        if name is None:
            raise OutputError("PyAV has no encoder for H.264 here; install its wheel: pip install --force-reinstall av")
        stream = container.add_stream(name, rate=_FRAME_RATE, options=dict(_X264) if name == "libx264" else {})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.color_range, context.color_primaries, context.color_trc, context.colorspace = _LIMITED, *[_BT709] * 3
        if name != "libx264":
            context.bit_rate = _OTHER_BITRATE
        self._container, self._stream = container, stream
        self._reformatter = VideoReformatter()
        self._key: int | None = None

    def write(self, image: Image.Image, number: int) -> None:
        drawn = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
        frame = self._reformatter.reformat(
            drawn,
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
        )
        frame.pts, frame.time_base = number, Fraction(1, _FRAME_RATE)
        if self._key is None or number - self._key >= _KEY_FRAMES * _FRAME_RATE:
            frame.pict_type = PictureType.I
            self._key = number
        self._container.mux(self._stream.encode(frame))

    def end(self) -> None:
        self._container.mux(self._stream.encode(None))


class _SoundTrack:
    """The sound of a video."""

    def __init__(self, container: av.container.OutputContainer, request: VideoRequest) -> None:
        part = request.part
        rate, blocks = read_part(request.episode, part)
        if part.name:
            blocks = faded(blocks, part.end * rate // 1000 - part.start * rate // 1000, rate)
        stream = container.add_stream("aac", rate=rate, layout="mono", options={"aac_coder": "fast"})
        assert isinstance(stream, av.AudioStream)
        stream.codec_context.bit_rate = min(_SOUND_BITRATE, round(rate * _MOST_BITS))
        stream.metadata["language"] = request.tags.language_code
        self._container, self._stream = container, stream
        self._rate, self._blocks, self._position = rate, blocks, 0

    def write(self, until: int | None) -> None:
        """Write what comes before a time in milliseconds, or all that is left."""
        while until is None or self._position * 1000 < until * self._rate:
            block = next(self._blocks, None)
            if block is None:
                if until is None:
                    self._container.mux(self._stream.encode(None))
                return
            self._container.mux(self._stream.encode(frame_of(block, self._rate, self._position)))
            self._position += len(block)


class _TextTrack:
    """Captions that a player can turn on."""

    def __init__(self, container: av.container.OutputContainer, request: VideoRequest) -> None:
        stream = container.add_stream("mov_text")
        assert isinstance(stream, SubtitleStream)
        stream.codec_context.subtitle_header = _ASS_HEADER
        stream.codec_context.time_base = _MILLISECOND
        stream.metadata["language"] = request.tags.language_code
        self._container, self._stream = container, stream
        self._waiting = deque(request.captions)

    def write(self, until: int) -> None:
        """Write what begins no later than a time in milliseconds."""
        while self._waiting and self._waiting[0].start <= until:
            caption = self._waiting.popleft()
            text = caption.text.encode()
            packet = av.Packet(len(text).to_bytes(2) + text)  # 3GPP TS 26.245, 5.17
            packet.stream = self._stream
            packet.pts = packet.dts = caption.start
            packet.duration, packet.time_base = caption.end - caption.start, _MILLISECOND
            self._container.mux(packet)


def _texts(tags: Tags) -> dict[str, str]:
    texts = {
        "title": tags.title,
        "artist": tags.artist,
        "album": tags.album,
        "date": tags.date.isoformat() if tags.date else None,
        "comment": tags.comment,
    }
    return {name: printable(text) for name, text in texts.items() if text}


def _chapters(request: VideoRequest) -> "list[av.container.core.Chapter]":
    chapters = () if request.part.name else request.episode.record.chapters[:MOST_CHAPTERS]
    return [
        {
            "id": number,
            "start": round(chapter.start * 1000),
            "end": round(chapter.end * 1000),
            "time_base": _MILLISECOND,
            "metadata": {"title": printable(chapter.title)},
        }
        for number, chapter in enumerate(chapters)
    ]


def _frames(request: VideoRequest) -> Iterator[tuple[int, Image.Image]]:
    """Yield the pictures of a video where they change, each with its place on the grid of frames."""
    part = request.part
    length = part.end - part.start
    last = max(-(-length * _FRAME_RATE // 1000) - 1, 0)
    bars = VideoPicture.bars_of(request.size)
    picture = VideoPicture(request.size, _titles(request), request.cover, _wave(request, bars), _people(request))
    captions = _shown_from_the_start(request.captions)
    starts = [_frame_at(caption.start) for caption in captions]
    ends = [_frame_at(caption.end) for caption in captions]
    marks = _chapter_marks(request)
    openings = [frame for frame, _ in marks]
    bar_frames = [_frame_at(round(number * length / bars)) for number in range(bars)]
    seconds = range(0, last + 1, _FRAME_RATE)
    changes = {0, last, *starts, *ends, *openings, *bar_frames, *seconds}
    for frame in sorted(change for change in changes if 0 <= change <= last):
        index = bisect.bisect_right(starts, frame) - 1
        caption = captions[index] if index >= 0 and frame < ends[index] else None
        chapter = bisect.bisect_right(openings, frame) - 1
        yield (
            frame,
            picture.of(
                Shot(
                    speaker=caption.speaker if caption else "",
                    text=caption.text if caption and request.style == "burnt" else "",
                    chapter=marks[chapter][1] if chapter >= 0 else "",
                    bars=bisect.bisect_right(bar_frames, frame),
                    heard=playing_time(part.seconds if frame == last else frame // _FRAME_RATE),
                )
            ),
        )


def _shown_from_the_start(captions: Sequence[Caption]) -> Sequence[Caption]:
    """Return captions of which the first is there from the first frame on, which chats and apps show as a preview."""
    return [replace(one, start=0) if number == 0 else one for number, one in enumerate(captions)]


def _chapter_marks(request: VideoRequest) -> list[tuple[int, str]]:
    """Return at which frame each chapter's title is shown: that of the first words from the first frame on.

    A part ends in the pause behind its words, where the next chapter may have begun: that one is not shown.
    """
    part = request.part
    starts = [round(one.start * 1000) for one in request.episode.record.chapters]
    spoken = [
        line
        for line in request.episode.record.lines
        if _heard_between(part.start, part.end, line) >= min(_LEAST_SPEECH, max(line.end - line.start, 1))
    ]
    first = min((line.start for line in spoken), default=part.start)
    last = max((line.end for line in spoken), default=part.end) if part.name else part.end
    return [
        (0 if start <= first else _frame_at(start - part.start), _unless_said(one.title, request))
        for start, one in zip(starts, request.episode.record.chapters, strict=True)
        if start < last
    ]


def _unless_said(chapter: str, request: VideoRequest) -> str:
    """Return a chapter's title; nothing for the first one, which has the beginning of the episode's."""
    return "" if request.episode.title.startswith(chapter.removesuffix("…")) else chapter


def _frame_at(milliseconds: int) -> int:
    """Return the frame that begins nearest to a time."""
    return (milliseconds * _FRAME_RATE + 500) // 1000


def _titles(request: VideoRequest) -> Titles:
    episode, part = request.episode, request.part
    return Titles(episode.title, episode.record.about.show or "", playing_time(part.seconds))


def _people(request: VideoRequest) -> dict[str, str]:
    """Return the role of each name, in the order of the cast: in all parts of an episode they have the same colours."""
    names = names_in_record(request.episode.record)
    roles = {names[member.speaker]: member.role for member in request.episode.record.cast} | {names[NARRATOR]: NARRATOR}
    # Captions write a few names otherwise, so that every reader of captions finds them.
    return roles | {caption.speaker: roles.get(caption.speaker, "guest") for caption in request.captions}


def _wave(request: VideoRequest, count: int) -> list[Bar]:
    """Return the bars of the waveform: how loud it is in the middle of each, and who speaks there."""
    sound, part = request.episode.sound, request.part
    rate = read_file(sound).sample_rate
    middles = [part.start + (number + 0.5) * (part.end - part.start) / count for number in range(count)]
    half = min(_BAR_SECONDS * 1000, (part.end - part.start) / count) / 2
    stretches = [(round((middle - half) * rate / 1000), round((middle + half) * rate / 1000)) for middle in middles]
    powers, sizes = np.zeros(count), np.zeros(count)
    for index, samples in decoded(sound, stretches):
        powers[index] += float(np.sum(np.square(samples, dtype=np.float64)))
        sizes[index] += len(samples)
    loudness = np.sqrt(powers / np.maximum(sizes, 1))
    loudest = max(float(np.percentile(loudness, _LOUDEST)), 1e-4)  # one shout does not flatten the others
    heights = np.minimum(loudness / loudest, 1)
    starts = [caption.start for caption in request.captions]
    bars = []
    for middle, height in zip(middles, heights.tolist(), strict=True):
        index = bisect.bisect_right(starts, middle - part.start) - 1
        bars.append(Bar(height, request.captions[index].speaker if index >= 0 else ""))
    return bars
