import subprocess
import sys
import threading

import numpy as np
import pytest
from mutagen.mp3 import MP3, BitrateMode

from interview_audio.configuration.settings import Sound
from interview_audio.errors import StoreError
from interview_audio.production.containers.episode_writer import Tags
from interview_audio.production.loudness import measure_episode, set_levels
from interview_audio.production.mastering import TRUE_PEAK_LIMIT, MasteringRun, master_episode
from interview_audio.production.timeline import lay_out
from interview_audio.verification.id3_tags import read_tag

TAGS = Tags("A talk", ("Ada",), None, "en", None, b"")
FORMATS = [Sound(), Sound(bitrate=64, sample_rate=24000), Sound(bitrate=128, sample_rate=48000), Sound(bitrate=64)]


def formats(sound):
    return f"{sound.sample_rate}-{sound.bitrate}"


def encoded(studio, clips, path, sound=Sound(), on_progress=None):  # noqa: B008 - frozen
    lines = [studio.line(speaker=("Ada", "Ben")[index % 2]) for index in range(len(clips))]
    timeline = lay_out(studio.script(lines), clips, studio.settings(sound=sound))
    levels = set_levels(lines, clips, sound.loudness)
    return timeline, master_episode(timeline, levels, sound, TAGS, path, MasteringRun(on_progress))


def talk(studio):
    return [studio.clip(studio.speech(2 + seed / 3, seed=seed, peak=0.2 + 0.1 * (seed % 2))) for seed in range(6)]


@pytest.mark.parametrize("sound", FORMATS, ids=formats)
def test_the_decoded_file_is_as_long_as_loud_and_as_tame_as_asked(studio, tmp_path, decode, sound):
    timeline, mastering = encoded(studio, talk(studio), tmp_path / "a.mp3", sound)
    assert len(decode(tmp_path / "a.mp3")) == timeline.length
    assert mastering.loudness == measure_episode(tmp_path / "a.mp3")
    assert mastering.loudness.integrated == pytest.approx(sound.loudness, abs=0.3)
    assert mastering.loudness.true_peak <= TRUE_PEAK_LIMIT


def clicks(seconds):
    return [np.where(np.arange(round(seconds * 24000)) % 6000 == 0, 31000, 150)]


def bursts(seconds):
    instants = np.arange(round(seconds * 24000))
    return [np.random.default_rng(1).normal(0, 12000, len(instants)) * (instants % 6000 < 1000)]


def square(seconds):
    return [np.sign(np.sin(np.arange(round(seconds * 24000)) * (0.05 + 0.03 * n))) * 32000 for n in range(3)]


@pytest.mark.parametrize("material", [clicks, bursts, square])
@pytest.mark.parametrize("sound", [Sound(), Sound(loudness=-9, bitrate=64), Sound(-12, 48, 24000)], ids=str)
def test_hot_and_peaky_sound_stays_below_the_ceiling(studio, tmp_path, material, sound):
    clips = [studio.clip(np.clip(samples, -32768, 32767).astype(np.int16)) for samples in material(4)]
    _, mastering = encoded(studio, clips, tmp_path / "a.mp3", sound)
    assert mastering.loudness.true_peak <= TRUE_PEAK_LIMIT


def test_the_file_is_a_constant_bit_rate_mp3_with_an_info_header(studio, tmp_path):
    encoded(studio, talk(studio), tmp_path / "a.mp3")
    content = (tmp_path / "a.mp3").read_bytes()
    assert b"Info" in content[read_tag(tmp_path / "a.mp3").size :][:200]
    info = MP3(tmp_path / "a.mp3").info
    assert (info.bitrate_mode, info.bitrate, info.channels, info.sample_rate) == (BitrateMode.CBR, 96000, 1, 44100)


def test_every_clip_starts_where_the_timeline_says_at_the_end_as_at_the_beginning(studio, tmp_path, decode):
    clip = studio.clip(studio.click(0.31))
    timeline, _ = encoded(studio, [clip] * 100, tmp_path / "a.mp3")
    samples = np.abs(decode(tmp_path / "a.mp3"))
    for placement in timeline.placements:
        around = samples[placement.start - 4410 : placement.start + 4410]
        heard = np.argmax(around > 0.25 * around.max()) - 4410
        # The fade takes 5 ms to full level, and so 1.25 ms to a quarter of it.
        assert heard / 44.1 == pytest.approx(1.25, abs=1)


def test_the_same_sound_is_the_same_bytes(studio, tmp_path):
    clips = talk(studio)
    for name in ("a.mp3", "b.mp3"):
        encoded(studio, clips, tmp_path / name)
    assert (tmp_path / "a.mp3").read_bytes() == (tmp_path / "b.mp3").read_bytes()


def test_progress_goes_from_nothing_to_all(studio, tmp_path):
    parts = []
    encoded(studio, talk(studio), tmp_path / "a.mp3", on_progress=parts.append)
    assert parts == sorted(parts)
    assert len(parts) > 3
    assert 0 < parts[0] < parts[-1] == 1


def test_silence_is_encoded_as_silence(studio, tmp_path):
    _, mastering = encoded(studio, [studio.clip(np.zeros(48000, np.int16))], tmp_path / "a.mp3")
    assert (mastering.loudness.integrated, mastering.loudness.true_peak < -80) == (-70, True)


def test_a_damaged_clip_is_a_store_error_and_leaves_no_thread(studio, tmp_path):
    clips = talk(studio)
    content = clips[-1].path.read_bytes()
    clips[-1].path.write_bytes(content[: len(content) // 2])
    threads = threading.active_count()
    with pytest.raises(StoreError, match="damaged"):
        encoded(studio, clips, tmp_path / "a.mp3")
    assert threading.active_count() == threads


PEAK_MEMORY = """
import sys
from pathlib import Path
import psutil
from interview_audio.configuration.settings import Sound
from interview_audio.production.containers.episode_writer import Tags
from interview_audio.production import mastering
from interview_audio.production.loudness import set_levels
from interview_audio.production.timeline import Placement, Timeline
from interview_audio.script.lines import Line, Voice
from interview_audio.synthesis.clip_file import read_clip

mastering._SHORTEST_EPISODE = 30  # each is rehearsed
clip = read_clip("clip", Path(sys.argv[1]))
line = Line(0, "Ada", "en", "Hello.", Voice("tone", "a"), 0.35, None, 1)
sound = Sound(bitrate=32, sample_rate=24000)
count = int(sys.argv[3]) * 60 // 5
placements = tuple(Placement(line, clip, i * 120000, i * 120000 + clip.offset - clip.onset) for i in range(count))
levels = set_levels([line] * count, [clip] * count, -16)
process, sizes = psutil.Process(), []
timeline = Timeline(24000, placements, (), count * 120000)
tags = Tags("A talk", (), None, "en", None, b"")
sizes_of = lambda part: sizes.append(process.memory_info().rss)
run = mastering.MasteringRun(sizes_of, cores=2)  # each core holds a part in memory
mastering.master_episode(timeline, levels, sound, tags, Path(sys.argv[2]), run)
print(max(sizes))
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_episode(studio, tmp_path):
    clip = studio.clip(studio.speech(4.5))

    def peak(minutes):
        command = [sys.executable, "-c", PEAK_MEMORY, str(clip.path), str(tmp_path / "a.mp3"), str(minutes)]
        return int(subprocess.run(command, capture_output=True, check=True).stdout)

    short, long = map(peak, (2, 5))
    assert long - short < 4e6  # three minutes of samples are 9 MB


@pytest.mark.slow
def test_a_longer_episode_is_rehearsed_so_that_one_encoding_is_enough(studio, tmp_path, monkeypatch):
    # What the encoder takes from noise no measure of the clips foretells.
    clips = [studio.clip((bursts(4)[0] / 4).astype(np.int16)), studio.clip(studio.speech(3, peak=0.9))] * 15
    sound = Sound(bitrate=24, sample_rate=16000)
    monkeypatch.setattr("interview_audio.production.mastering._SHORTEST_EPISODE", 60.0)
    timeline, rehearsed = encoded(studio, clips, tmp_path / "a.mp3", sound)
    assert timeline.seconds(timeline.length) > 100
    monkeypatch.setattr("interview_audio.production.mastering.trial_excerpts", lambda _: None)
    _, unrehearsed = encoded(studio, clips, tmp_path / "b.mp3", sound)
    assert (rehearsed.encodings, unrehearsed.encodings) == (1, 2)
    assert rehearsed.loudness.integrated == pytest.approx(-16, abs=0.2)
