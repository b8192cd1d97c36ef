"""Every planted fault is found, what engines make is not taken for one, and a line that fails is spoken again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from interview_audio.engines.protocol import Speech, SpokenWord, Stretch, Utterance
from interview_audio.engines.registry import BUILT_IN_ENGINES
from interview_audio.engines.tone import ToneEngine
from interview_audio.errors import EngineError, SpeechError
from interview_audio.script.lines import Line, Voice
from interview_audio.synthesis.clip_checks import cut_in_two, find_fault, find_unusable, join_parts, ways_to_speak
from interview_audio.synthesis.clip_file import read_samples, read_words
from interview_audio.synthesis.clip_worker import ClipWorker, ThreadExecutor
from interview_audio.synthesis.planning import plan_synthesis
from interview_audio.synthesis.store import ClipStore
from interview_audio.synthesis.synthesizing import synthesize

ENGINE = ToneEngine({})
ENGLISH = Utterance("We kept the lamp burning all through the winter", "en", "male-1")
CHINESE = Utterance("我们整个冬天都让灯亮着直到春天才把它熄灭", "zh", "female-1")


def said(utterance):
    return ENGINE.speak(utterance)


def later(words, after, by):
    return tuple(
        SpokenWord(word.start + by * (word.start > after), word.end + by * (word.end > after), word.written)
        for word in words
    )


def with_gap(speech, seconds):
    at = (len(speech.words) // 2, speech.sample_rate)
    time = (speech.words[at[0]].start + speech.words[at[0]].end) / 2
    cut, gap = round(time * speech.sample_rate), np.zeros(round(seconds * speech.sample_rate), np.int16)
    samples = np.concatenate([speech.samples[:cut], gap, speech.samples[cut:]])
    return replace(speech, samples=samples, words=later(speech.words, time, seconds))


def cut_off(speech, share=0.6):
    return replace(speech, samples=speech.samples[: round(share * speech.samples.size)])


def forgetful(speech):
    """The second half is neither heard nor told of."""
    short = cut_off(speech, 0.5)
    end = short.samples.size / speech.sample_rate
    return replace(short, words=tuple(word for word in speech.words if word.end < end))


def muted_end(speech, part=0.5):
    last = speech.words[-1]
    samples = speech.samples.copy()
    samples[round((last.start + part * (last.end - last.start)) * speech.sample_rate) :] = 0
    return replace(speech, samples=samples)


def overdriven(speech):
    louder = speech.samples.astype(np.float64) * 12
    return replace(speech, samples=np.clip(louder, -32768, 32767).astype(np.int16))


def twice(speech):
    return replace(speech, samples=np.concatenate([speech.samples, speech.samples]))


def stretched(speech, by):
    """The same words, as many times as long, and the word times with them."""
    samples = np.interp(np.arange(0, speech.samples.size, 1 / by), np.arange(speech.samples.size), speech.samples)
    words = tuple(SpokenWord(word.start * by, word.end * by, word.written) for word in speech.words)
    return replace(speech, samples=samples.astype(np.int16), words=words)


FAULTS = {
    "no sound": lambda speech: replace(speech, samples=speech.samples[:0]),
    "silence": lambda speech: replace(speech, samples=np.zeros_like(speech.samples)),
    "silence ": lambda speech: replace(speech, samples=np.full_like(speech.samples, 12000)),
    "silence  ": lambda speech: replace(speech, samples=np.full_like(speech.samples, -32768)),
    "overdriven sound": overdriven,
    "a sound that is cut off": cut_off,
    "a sound that is cut off ": muted_end,
    "a sound that is cut off  ": lambda speech: muted_end(speech, 0),
    "nothing of": forgetful,
    "s of silence after": lambda speech: with_gap(speech, 1.0),
    "s of sound after its last word": twice,
    "s of speech where": lambda speech: stretched(speech, 3.0),
    "s of speech where ": lambda speech: stretched(speech, 0.3),
    "impossible word times": lambda speech: replace(speech, words=speech.words[::-1]),
}


@pytest.mark.parametrize("utterance", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_and_said(utterance, fault):
    assert fault.strip() in find_fault(FAULTS[fault](said(utterance)), utterance)


@pytest.mark.parametrize(
    "utterance",
    [
        ENGLISH,
        CHINESE,
        Utterance("No.", "en", "male-1"),
        Utterance("嗯。", "zh", "male-1"),
        Utterance("Well… (laughs) on 31/03/2024 it was $1,000,000 — 3.5% of NASA's budget!", "en", "male-1", 0.8),
        Utterance("2024年3月31日，GPT-4 占了40%。", "zh", "male-1", 1.3),
        Utterance("Guten Tag, wie geht es Ihnen?", "de", "male-1", 2.0),
        Utterance("We met at MIT", "en", "male-1", pronunciations={"MIT": "the institute in Massachusetts"}),
        Utterance("Slowly now", "en", "male-1", 0.5, stretches=(Stretch(0, 6, rate=0.7),)),
    ],
    ids=str,
)
def test_what_an_engine_makes_has_no_fault(utterance):
    assert find_fault(said(utterance), utterance) == ""


def test_a_pause_that_the_text_has_is_no_gap():
    utterance = replace(ENGLISH, text="We kept the lamp burning, all through the winter")
    speech = with_gap(said(utterance), 1.0)
    assert find_fault(speech, utterance) == ""
    assert "silence after" in find_fault(speech, replace(utterance, text=utterance.text.replace(",", " ")))
    assert "silence after" in find_fault(with_gap(said(utterance), 2.0), utterance)


def test_words_that_have_no_sound_are_not_missed():
    utterance = replace(ENGLISH, text=f"{ENGLISH.text} Привет, добрый день")
    speech = said(ENGLISH)
    assert "nothing of" in find_fault(speech, utterance)
    assert find_fault(replace(speech, unspoken=("Привет", "добрый", "день")), utterance) == ""


def test_only_what_cannot_be_a_clip_is_found_where_checks_are_off():
    speech = said(ENGLISH)
    assert find_unusable(overdriven(speech), ENGLISH) == find_unusable(twice(speech), ENGLISH) == ""
    assert find_unusable(FAULTS["silence"](speech), ENGLISH) == "silence"


class FaultyTones(ToneEngine):
    """Tones that go wrong while something holds of what they are asked."""

    name = "faulty"
    identity = "faulty 1"

    def __init__(self, settings):
        super().__init__({})
        self.varies = settings.get("varies", False)
        self.fault = FAULTS[settings["fault"]]
        self.helps = settings["helps"]
        self.asked = 0

    def speak(self, utterance):
        self.asked += 1
        speech = super().speak(utterance)
        is_well = {
            "a cut": len(utterance.text) < 30,
            "again": self.asked > 1,
            "slower": utterance.rate < 1,
            "nothing": False,
        }[self.helps]
        return speech if is_well or "lamp" not in utterance.text else self.fault(speech)


def line(text, number):
    return Line(0, "Ada", "en", text, Voice("faulty", "male-1"), 0.1, None, number)


LINES = (line("The first line.", 3), line("We kept the lamp burning, all through the winter.", 8), line("The last.", 9))


@pytest.fixture
def spoken(tmp_path, monkeypatch):
    monkeypatch.setitem(BUILT_IN_ENGINES, "faulty", f"{__name__}:FaultyTones")

    def speak(*, is_checked=True, **settings):
        store = ClipStore(tmp_path)
        planned = plan_synthesis(LINES, FaultyTones(settings), settings, {}, store, is_checked=is_checked)
        with ThreadPoolExecutor(1) as pool:
            return synthesize(LINES, planned, ThreadExecutor(pool, ClipWorker()), lambda _: None)

    return speak


@pytest.mark.parametrize("fault", ["silence", "overdriven sound", "a sound that is cut off", "s of silence after"])
@pytest.mark.parametrize("helps", ["a cut", "slower"])
def test_a_line_that_fails_is_spoken_otherwise(spoken, fault, helps):
    clip = spoken(fault=fault, helps=helps)[1]
    words = read_words(clip.path)
    assert "".join(word.text for word in words) == LINES[1].text
    utterance = Utterance(LINES[1].text, "en", "male-1")
    times = tuple(
        SpokenWord(word.start, word.end, one.written) for word, one in zip(words, said(utterance).words, strict=True)
    )
    assert find_fault(Speech(read_samples(clip.path), clip.sample_rate, times), utterance) == ""


def test_an_engine_that_varies_is_asked_for_the_same_again(spoken):
    clips = spoken(fault="silence", helps="again", varies=True)
    assert clips[1].samples == said(Utterance(LINES[1].text, "en", "male-1")).samples.size


def test_a_line_that_fails_each_time_is_named_and_all_others_are_stored(spoken, tmp_path):
    with pytest.raises(
        SpeechError,
        match=r"^line 8: faulty said 'We kept the lamp.*' wrong in 3 attempts \(overdriven sound\); change the text or the voice "
        r"male-1, or keep it as it is: check_clips: false in voices\.yaml$",
    ):
        spoken(fault="overdriven sound", helps="nothing")
    assert len(list(tmp_path.rglob("*.flac"))) == 2
    assert len(spoken(fault="overdriven sound", helps="nothing", is_checked=False)) == 3


def test_silence_is_refused_where_checks_are_off(spoken):
    with pytest.raises(SpeechError, match=r"^line 8: faulty said .* \(silence\); change the text or the voice male-1$"):
        spoken(fault="silence", helps="nothing", is_checked=False)


def test_a_worker_that_was_cancelled_does_not_speak_again(tmp_path, monkeypatch):
    worker = ClipWorker()

    class Cancelled(FaultyTones):
        def speak(self, utterance):
            worker.cancel()
            return super().speak(utterance)

    monkeypatch.setitem(BUILT_IN_ENGINES, "faulty", f"{__name__}:FaultyTones")
    settings = {"fault": "silence", "helps": "nothing"}
    plan = plan_synthesis(LINES[1:2], FaultyTones(settings), settings, {}, ClipStore(tmp_path))
    engine = Cancelled(settings)
    monkeypatch.setattr(worker._engines, "get", lambda *_: engine)
    with pytest.raises(EngineError, match=r"^stopped before it had finished"):
        worker.make_clip(next(iter(plan.jobs.values())))
    assert engine.asked == 1


def test_a_cut_keeps_words_stretches_and_their_places():
    text = "I am told, they say, that Zoë (the keeper), left in May; nobody knows."
    utterance = Utterance(text, "en", "male-1", stretches=(Stretch(text.index("May"), text.index("May") + 3),))
    parts = cut_in_two(utterance)
    assert "".join(part.utterance.text for part in parts) == text
    (stretch,) = (one for part in parts for one in part.utterance.stretches)
    assert [part.utterance.text[stretch.start : stretch.end] for part in parts if part.utterance.stretches] == ["May"]
    joined = join_parts(parts, [said(part.utterance) for part in parts])
    assert [word.written for word in joined.words] == [word.written for word in said(utterance).words]
    assert find_fault(joined, utterance) == ""


@pytest.mark.parametrize("text", ["No.", "Yes, …!", "a lamp without a mark", "嗯"])
def test_what_has_no_place_for_a_cut_is_only_slower(text):
    ways = list(ways_to_speak(ENGINE, Utterance(text, "en", "male-1")))
    assert [[part.utterance.rate for part in parts] for parts in ways] == [[1.0], [0.97]]


def test_at_the_slowest_rate_the_last_attempt_is_faster():
    *_, (last,) = ways_to_speak(ENGINE, replace(ENGLISH, rate=0.5))
    assert last.utterance.rate == 0.5155
