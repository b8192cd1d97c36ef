"""Measure Kokoro's voices: how clear they are, how good they sound, how high they are, and their timbre.

Each voice says sentences of our own. Whisper base writes down what it hears, DNSMOS rates the sound, Praat finds the
pitch, and a network that tells speakers apart hears the timbre. Sound and measures of each sentence are kept in FOLDER,
and nothing is measured twice; after each voice the packaged table is made anew of all of them. docs/voices.md says what
its numbers mean.

usage: measure_voices.py FOLDER
needs speechmos, praat-parselmouth and the extra ``listen`` of this package; FOLDER/whisper-base is the ear's model,
FOLDER/resemblyzer what the wheel of Resemblyzer 0.1.4 holds
"""

import json
import math
import pickle
import sys
import wave
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import librosa
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
_AXES = 16
"""Numbers of timbre: the main axes of the voices' embeddings."""
_EMBEDDING_OF_A_SEMITONE = 0.08
"""How far an embedding moves where its voice speaks a semitone higher: af_heart and am_michael, 2 to 4 semitones."""
_WINDOW = 160
"""Frames of 10 ms that the encoder was trained on."""
_DECIBELS = -30
"""The loudness that the encoder was trained on, in dBFS."""
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


def _measured(
    samples: NDArray[np.int16], text: str, language: str, ear: Whisper, encoder: "_SpeakerEncoder"
) -> Mapping[str, Any]:
    sound = parselmouth.Sound(samples / 32768, 24000)
    resampled = sound.resample(_EAR_RATE).values[0].astype(np.float32)
    return {
        **_clarity_and_quality(resampled, text, language, ear),
        "semitones": [round(float(one), 2) for one in _semitones(sound)],
        "embedding": [round(float(one), 5) for one in encoder.embed(resampled)],
    }


def _clarity_and_quality(samples: Samples, text: str, language: str, ear: Whisper) -> Mapping[str, Any]:
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


def _semitones(sound: parselmouth.Sound) -> NDArray[np.float64]:
    """Return the pitch of a sentence in semitones above 100 Hz: the lowest tenth of it, its median, the highest tenth.

    Found in two passes (Hirst 2011): the second looks from 3/4 of the first quartile to 3/2 of the third.
    """
    low, high = np.percentile(_hertz(sound.to_pitch_ac(None, 60, pitch_ceiling=600)), (25, 75))
    hertz = _hertz(sound.to_pitch_ac(None, max(0.75 * low, 50), pitch_ceiling=1.5 * high))
    return np.asarray(np.percentile(12 * np.log2(hertz / 100), (10, 50, 90)))


def _hertz(pitch: parselmouth.Pitch) -> NDArray[np.float64]:
    frequencies = np.asarray(pitch.selected_array["frequency"], np.float64)
    return frequencies[frequencies > 0]


class _SpeakerEncoder:
    """What tells people apart by their voices: the network of Resemblyzer 0.1.4 (Apache-2.0), trained on real people.

    Wan et al. 2018, "Generalized end-to-end loss for speaker verification"; in numpy, so that no PyTorch is needed.
    """

    def __init__(self, file: Path) -> None:
        self._weights = _read_weights(file)

    def embed(self, samples: Samples) -> NDArray[np.float32]:
        """Return the direction of a voice in 256 dimensions: the mean over windows of 1.6 s that overlap by half."""
        loud = samples * 10 ** (_DECIBELS / 20) / np.sqrt(np.mean(samples**2))
        frames = librosa.util.frame(loud, frame_length=480, hop_length=480)
        energy = np.sqrt((frames**2).mean(axis=0))
        is_speech = np.convolve(energy > 0.05 * np.percentile(energy, 95), np.ones(7), "same") > 0
        mel = librosa.feature.melspectrogram(
            y=frames[:, is_speech].T.ravel(), sr=_EAR_RATE, n_fft=400, hop_length=160, n_mels=40
        ).T.astype(np.float32)
        mel = np.pad(mel, ((0, max(_WINDOW - len(mel), 0)), (0, 0)))
        starts = range(0, len(mel) - _WINDOW + 1, _WINDOW // 2)
        return _unit(self._run(np.stack([mel[start : start + _WINDOW] for start in starts])).mean(axis=0))

    def _run(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        weights = self._weights
        for layer in range(3):
            ahead, back = weights[f"lstm.weight_ih_l{layer}"].T, weights[f"lstm.weight_hh_l{layer}"].T
            gates = inputs @ ahead + weights[f"lstm.bias_ih_l{layer}"] + weights[f"lstm.bias_hh_l{layer}"]
            hidden = cell = np.zeros((len(inputs), back.shape[0]), np.float32)
            steps = []
            for step in range(gates.shape[1]):
                let_in, keep, new, out = np.split(gates[:, step] + hidden @ back, 4, axis=1)
                cell = _sigmoid(keep) * cell + _sigmoid(let_in) * np.tanh(new)
                hidden = _sigmoid(out) * np.tanh(cell)
                steps.append(hidden)
            inputs = np.stack(steps, axis=1)
        raw = np.maximum(inputs[:, -1] @ weights["linear.weight"].T + weights["linear.bias"], 0)
        return np.asarray(raw / np.linalg.norm(raw, axis=1, keepdims=True))


class _Unpickler(pickle.Unpickler):
    """Reads PyTorch's format from before 1.6, and nothing but tensors."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, size, *_: (storage, offset, size)
        if module == "torch" and name.endswith("Storage"):
            return name
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a tensor")

    def persistent_load(self, pid: Any) -> Any:
        return pid[2]


def _read_weights(file: Path) -> Mapping[str, NDArray[np.float32]]:
    storages = {}
    with file.open("rb") as content:
        for _ in range(3):  # a magic number, the version, the sizes of C's types
            _Unpickler(content).load()
        tensors = _Unpickler(content).load()["model_state"]
        for key in _Unpickler(content).load():
            count = int.from_bytes(content.read(8), "little")
            storages[key] = np.frombuffer(content.read(4 * count), np.float32)
    return {
        name: storages[key][offset : offset + math.prod(size)].reshape(size)
        for name, (key, offset, size) in tensors.items()
        if size
    }


def _sigmoid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(0.5 * (1 + np.tanh(values / 2)))


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vector / np.linalg.norm(vector))


def _table(known: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the packaged table: a row for each voice and language."""
    measured = {_voice_and_language(name): list(one.values()) for name, one in known.items() if len(one) >= _FEWEST}
    directions = np.array([_unit(np.mean([one["embedding"] for one in done], axis=0)) for done in measured.values()])
    centred = (directions - directions.mean(axis=0)) / _EMBEDDING_OF_A_SEMITONE
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    timbres = centred @ axes[:_AXES].T
    rows = [_row(*key, done, timbre) for (key, done), timbre in zip(measured.items(), timbres, strict=True)]
    return "\n".join([_HEAD, *sorted(rows)]) + "\n"


def _voice_and_language(name: str) -> tuple[str, str]:
    voice, _, language = name.rpartition(" ")
    return voice, language


def _row(voice: str, language: str, done: Sequence[Mapping[str, Any]], timbre: NDArray[np.float32]) -> str:
    units, errors = (sum(one[key] for one in done) for key in ("units", "errors"))
    low, middle, high = np.mean([one["semitones"] for one in done], axis=0)
    columns = [len(done), units, errors, f"{np.mean([one['quality'] for one in done]):.3f}"]
    columns += [f"{100 * 2 ** (middle / 12):.1f}", f"{high - low:.1f}", *(f"{one:.2f}" for one in timbre)]
    return "\t".join(map(str, (voice, language, *columns)))


def main(folder: Path) -> None:
    """Measure what has not been measured."""
    kept = folder / "measures.json"
    known = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    engine, ear = KokoroEngine({}), Whisper(str(folder / "whisper-base"), is_offline=True, notify=print)
    encoder = _SpeakerEncoder(folder / "resemblyzer" / "pretrained.pt")
    for voice, language, sentences in _voices((range(10), range(10, 17), range(17, 24))):
        measures = known.setdefault(f"{voice} {language}", {})
        for number in sentences:
            if str(number) not in measures:
                samples = _said(engine, folder, voice, language, number)
                measures[str(number)] = _measured(samples, _SENTENCES[language][number], language, ear, encoder)
        write_whole(kept, json.dumps(known, ensure_ascii=False).encode())
        write_whole(_FILE, _table(known).encode())
        done = measures.values()
        rate = sum(one["errors"] for one in done) / sum(one["units"] for one in done)
        quality = float(np.mean([one["quality"] for one in done]))
        print(f"{voice} {language} {len(done)}: {rate:.3f} {quality:.3f}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
