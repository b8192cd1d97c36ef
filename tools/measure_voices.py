"""Measure Kokoro's voices: how clear they are, how good they sound, how high they are, and their timbre.

Each voice says sentences of our own. Whisper base writes down what it hears, DNSMOS rates the sound, Praat finds pitch
and spectrum. Sound and measures of each sentence are kept in FOLDER, and nothing is measured twice; after each voice
the packaged table is made anew of all of them. docs/voices.md says what its numbers mean.

usage: measure_voices.py FOLDER
needs speechmos, praat-parselmouth and the extra ``listen`` of this package; FOLDER/whisper-base is the ear's model
"""

import json
import sys
import wave
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import parselmouth
from numpy.typing import NDArray
from speechmos import dnsmos

from interview_audio.engines.kokoro import voices
from interview_audio.engines.kokoro.engine import KokoroEngine
from interview_audio.engines.protocol import Speech, Utterance
from interview_audio.files.atomic_files import write_whole
from interview_audio.files.episode_record import RecordedLine, RecordedSpeech
from interview_audio.verification.listening import Samples, compare
from interview_audio.verification.whisper import Whisper

_SENTENCES = {
    "en": (
        "The clerk tied a wet ribbon round the brass kettle before lunch.",
        "We paid for the ferry with two coins and a jar of plum jam.",
        "Her brother keeps seven bees in a shed behind the chapel.",
        "Nobody told the baker that the bridge would be shut on Thursday.",
        "A thin layer of frost had settled on the orchard by morning.",
        "He wrote the whole speech on the back of a parking ticket.",
        "What would you have done if the engine had failed at sea?",
        "They measured the depth of the harbour with a rope and a stone.",
        "I was never the fastest student, but I was usually the most stubborn.",
        "The museum lends its oldest maps to schools in the valley.",
        "Please put the cracked bowl on the shelf above the stove.",
        "Half of the village learned to swim in that muddy pond.",
        "Most of our budget went into pumps, pipes and patience.",
        "She laughed, folded the letter twice and threw it in the fire.",
        "The price of copper rose so quickly that thieves took the fence.",
        "Why did you choose a violin instead of something easier to carry?",
        "Our first prototype weighed as much as a small horse.",
        "It rained for nine days, and the goats refused to leave the barn.",
        "You cannot teach judgement, but you can leave room for mistakes.",
        "The judge asked for silence and then sneezed three times.",
        "My grandfather sharpened pencils with the same knife he used for cheese.",
        "Every winter the lake freezes, and the post arrives by sledge.",
        "We tested the valve under pressure until the gasket gave way.",
        "That evening the choir sang to an audience of four and a dog.",
    ),
    "zh": (
        "我们在旧仓库里找到了三箱没拆封的茶叶。",
        "她把湿透的围巾挂在炉子旁边慢慢烤干。",
        "那年冬天河面结冰，邮差只好推着雪橇送信。",
        "你当时为什么不选一件轻一点的乐器？",
        "面包师傅不知道那座桥星期四要封路。",
        "他用停车票的背面写完了整篇演讲稿。",
        "大部分预算都花在水泵、管道和耐心上了。",
        "村里一半的孩子都在那个泥塘里学会了游泳。",
        "我从来不是最聪明的学生，但大概是最固执的。",
        "请把裂了口的碗放到灶台上面的架子里。",
        "铜价涨得太快，连栏杆都被小偷拆走了。",
        "如果发动机在海上坏了，你会怎么办？",
        "外公削铅笔的小刀，也是切奶酪的那一把。",
        "第一台样机的重量跟一匹小马差不多。",
        "博物馆每年把最老的地图借给山里的学校。",
        "雨下了九天，山羊怎么也不肯离开羊圈。",
        "法官请大家安静，然后自己打了三个喷嚏。",
        "判断力教不会，只能给人留出犯错的余地。",
        "早晨果园里薄薄地铺了一层白霜。",
        "他们用绳子和石头量出了港口的深度。",
        "我们把阀门一直加压，直到垫圈裂开为止。",
        "她笑了笑，把信折了两次，扔进火里。",
        "那天晚上合唱团的观众只有四个人和一条狗。",
        "渡船的船票是两枚硬币加一罐梅子酱。",
    ),
}
_BLENDS = ("zf_xiaoxiao*0.7 + af_bella*0.3", "zm_yunxi*0.7 + am_fenrir*0.3")
_FIRST = ("af_heart", "af_bella", "am_michael", "bm_george", "bf_emma", "am_fenrir", "af_sarah", "am_puck")
_FILE = Path(voices.__file__).with_name(voices.MEASURES)
_HEAD = (
    "# Kokoro's voices as tools/measure_voices.py measured them: docs/voices.md\n"
    "voice\tlanguage\tsentences\tunits\terrors\tquality\tpitch\tliveliness\ttimbre"
)
_FEWEST = 10
"""Sentences that a voice in the table has said at least."""
_DIRECTIONS = 6
_EAR_RATE = 16000
_DNSMOS_SECONDS = 9.01
_SILENCE = 0.5


def _voices(rounds: Sequence[range]) -> Iterator[tuple[str, str, range]]:
    """Yield voice, language and sentences in an order in which what is used most is known first."""
    names = voices.names()
    mandarin = [name for name in names if name[0] == "z"]
    english = [*_FIRST, *(name for name in names if name[0] != "z" and name not in _FIRST)]
    for sentences in rounds:
        for name in (*mandarin, *_BLENDS):
            yield name, "zh", sentences
        for name in english:
            yield name, "en", sentences
        for name in (*mandarin, *_BLENDS):
            yield name, "en", sentences


def _said(engine: KokoroEngine, folder: Path, voice: str, language: str, number: int) -> NDArray[np.int16]:
    file = folder / "sound" / f"{voice.replace(' ', '')}.{language}.{number}.wav"
    if not file.exists():
        speech: Speech = engine.speak(Utterance(_SENTENCES[language][number], language, voice))
        file.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(file), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(speech.sample_rate)
            out.writeframes(speech.samples.tobytes())
    with wave.open(str(file), "rb") as found:
        return np.frombuffer(found.readframes(found.getnframes()), np.int16)


def _measured(samples: NDArray[np.int16], text: str, language: str, ear: Whisper) -> Mapping[str, Any]:
    sound = parselmouth.Sound(samples / 32768, 24000)
    heard = _clear(sound.resample(_EAR_RATE).values[0].astype(np.float32), text, language, ear)
    return {**heard, **_pitch_and_timbre(sound)}


def _clear(samples: Samples, text: str, language: str, ear: Whisper) -> Mapping[str, Any]:
    heard = ear.hear(np.pad(samples, round(_SILENCE * _EAR_RATE)), language)
    speech = RecordedSpeech("kokoro", "", "", 1.0, language)
    line = compare(RecordedLine(1, 1, "", 0, 0, speech, text), heard)
    lacking = max(round(_DNSMOS_SECONDS * _EAR_RATE) - len(samples), 0)
    padded = np.clip(np.pad(samples, (lacking // 2, lacking - lacking // 2)), -1, 1)
    return {
        "heard": heard,
        "units": line.units,
        "errors": line.errors,
        "quality": float(dnsmos.run(padded, _EAR_RATE)["ovrl_mos"]),
    }


def _pitch_and_timbre(sound: parselmouth.Sound) -> Mapping[str, Any]:
    """Find pitch in two passes (Hirst 2011: the second looks from 3/4 of the first quartile to 3/2 of the third)."""
    first = _hertz(sound.to_pitch_ac(None, 60, pitch_ceiling=600))
    low, high = np.percentile(first, (25, 75))
    pitch = sound.to_pitch_ac(None, max(0.75 * low, 50), pitch_ceiling=1.5 * high)
    hertz = _hertz(pitch)
    mfcc = sound.to_mfcc(12, 0.025, 0.01)
    frames = mfcc.to_array()[1:]
    is_voiced = np.array([not np.isnan(pitch.get_value_at_time(time)) for time in mfcc.ts()])
    formants = sound.to_formant_burg(0.01, 5, 5000 + 500 * (np.median(hertz) > 165))
    found = [
        [formants.get_value_at_time(which, time) for which in (1, 2, 3, 4)]
        for time, voiced in zip(mfcc.ts(), is_voiced, strict=True)
        if voiced
    ]
    return {
        "semitones": [round(float(one), 2) for one in np.percentile(12 * np.log2(hertz / 100), (10, 25, 50, 75, 90))],
        "mfcc": [round(float(one), 3) for one in frames[:, is_voiced].mean(axis=1)],
        "mfcc_all": [round(float(one), 3) for one in frames.mean(axis=1)],
        "formants": [round(float(one), 1) for one in np.nanmedian(found, axis=0)],
        "seconds": round(sound.duration, 2),
    }


def _hertz(pitch: parselmouth.Pitch) -> NDArray[np.float64]:
    frequencies = np.asarray(pitch.selected_array["frequency"], np.float64)
    return frequencies[frequencies > 0]


def _table(known: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the packaged table: a row for each voice and language."""
    measured = {_voice_and_language(name): list(one.values()) for name, one in known.items() if len(one) >= _FEWEST}
    timbres = _timbres(known, measured)
    rows = [_row(voice, language, done, timbres[voice, language]) for (voice, language), done in measured.items()]
    return "\n".join([_HEAD, *sorted(rows)]) + "\n"


def _voice_and_language(name: str) -> tuple[str, str]:
    voice, _, language = name.rpartition(" ")
    return voice, language


def _row(voice: str, language: str, done: Sequence[Mapping[str, Any]], timbre: NDArray[np.float64]) -> str:
    units, errors = (sum(one[key] for one in done) for key in ("units", "errors"))
    low, _, middle, _, high = np.mean([one["semitones"] for one in done], axis=0)
    columns = [len(done), units, errors, f"{np.mean([one['quality'] for one in done]):.3f}"]
    columns += [f"{100 * 2 ** (middle / 12):.1f}", f"{high - low:.1f}", *(f"{one:.2f}" for one in timbre)]
    return "\t".join(map(str, (voice, language, *columns)))


def _timbres(
    known: Mapping[str, Mapping[str, Any]], measured: Collection[tuple[str, str]]
) -> Mapping[tuple[str, str], NDArray[np.float64]]:
    """Return a few numbers for each voice and language in which voices differ most, for how much each varies by itself.

    Cepstral coefficients of voiced sound, less what each sentence has for all voices of its language, are turned by
    Fisher's linear discriminants (1936). One unit is as much as a semitone, measured by what a voice itself varies
    from sentence to sentence.
    """
    native = [key for key in measured if key[0] in voices.names() and voices.describe(key[0]).languages[0] == key[1]]
    usual = _usual([known[f"{voice} {language}"] for voice, language in native], [language for _, language in native])
    deviations = {key: _deviations(known[f"{key[0]} {key[1]}"], key[1], usual) for key in measured}
    own = [deviations[key] - deviations[key].mean(axis=0) for key in native]
    freedom = sum(len(one) - 1 for one in own)
    within = sum(one.T @ one for one in own) / freedom
    between = np.cov(np.array([deviations[key].mean(axis=0) for key in native]).T)
    values, vectors = np.linalg.eigh(within)
    white = vectors / np.sqrt(values)
    _, turned = np.linalg.eigh(white.T @ between @ white)
    unit = _semitones_within(known, native)
    directions = white @ turned[:, ::-1][:, :_DIRECTIONS] * unit
    return {key: one.mean(axis=0) @ directions for key, one in deviations.items()}


def _usual(native: Sequence[Mapping[str, Any]], languages: Sequence[str]) -> Mapping[tuple[str, str], Any]:
    """Return the mean coefficients and pitch of each sentence over the voices that are made for its language."""
    found: dict[tuple[str, str], list[list[float]]] = {}
    for measures, language in zip(native, languages, strict=True):
        for number, one in measures.items():
            found.setdefault((language, number), []).append(one["mfcc"])
    return {key: np.mean(one, axis=0) for key, one in found.items()}


def _deviations(
    measures: Mapping[str, Any], language: str, usual: Mapping[tuple[str, str], Any]
) -> NDArray[np.float64]:
    return np.array([one["mfcc"] - usual[language, number] for number, one in measures.items()])


def _semitones_within(known: Mapping[str, Mapping[str, Any]], native: Sequence[tuple[str, str]]) -> float:
    """Return by how many semitones the median of a sentence differs from its voice's, as a standard deviation."""
    medians = [[one["semitones"][2] for one in known[f"{voice} {language}"].values()] for voice, language in native]
    return float(np.sqrt(np.mean([np.var(one, ddof=1) for one in medians])))


def main(folder: Path) -> None:
    """Measure what has not been measured."""
    kept = folder / "measures.json"
    known = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    engine, ear = KokoroEngine({}), Whisper(str(folder / "whisper-base"), is_offline=True, notify=print)
    for voice, language, sentences in _voices((range(10), range(10, 17), range(17, 24))):
        measures = known.setdefault(f"{voice} {language}", {})
        for number in sentences:
            if str(number) not in measures:
                samples = _said(engine, folder, voice, language, number)
                measures[str(number)] = _measured(samples, _SENTENCES[language][number], language, ear)
        write_whole(kept, json.dumps(known, ensure_ascii=False).encode())
        write_whole(_FILE, _table(known).encode())
        done = measures.values()
        rate = sum(one["errors"] for one in done) / sum(one["units"] for one in done)
        quality = float(np.mean([one["quality"] for one in done]))
        print(f"{voice} {language} {len(done)}: {rate:.3f} {quality:.3f}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
