"""What an ear hears, compared with what was to be said; the ears are planted."""

import av
import numpy as np
import pytest

from interview_audio.files.episode_record import RecordedLine, RecordedSpeech, RecordedStretch, read_record
from interview_audio.verification.listening import SAMPLE_RATE, Hearing, Misheard, compare, listen
from interview_audio.verification.report import verify


def line(text, language="en", *, speaker="Ada", start=0, end=1000, **others):
    speech = RecordedSpeech("tone", "1", "tone", 1.0, language)
    return RecordedLine(1, 3, speaker, start, end, speech, text, **others)


class PlantedEar:
    """Says what it was given, one after the other, and keeps what it was played."""

    name = "planted"

    def __init__(self, *heard):
        self._heard = iter(heard)
        self.played = []

    def hear(self, samples, language):
        self.played.append((samples, language))
        return next(self._heard)


class PerfectEar(PlantedEar):
    def __init__(self, episode):
        record = read_record(episode.with_name("talk.en.episode.json"))
        super().__init__(*(one.text for one in record.lines))


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("She has kept it for 31 years.", "she has kept it for thirty-one years"),
        ("“It’s the café!”", "Its the cafe"),
        ("The lighthouse is alright.", "The light house is all right."),
        ("Their colour, not there.", "There color, not their."),
        ("The organisers realised it.", "The organizers realized it."),
        ("His e-mail was long.", "His email was long."),
        ("", "…"),
    ],
)
def test_what_sounds_the_same_is_right(said, heard):
    assert compare(line(said), heard).errors == 0


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("他们在2019年来过三次。", "她們在二零一九年來過3次"),
        ("我用OpenAI的模型。", "我用 openai 的模型"),
        ("校长说得很对。", "校长说的很对"),
    ],
)
def test_what_sounds_the_same_in_chinese_is_right(said, heard):
    assert compare(line(said, "zh-CN"), heard).errors == 0


def test_a_mispronounced_name_is_no_lost_sentence():
    result = compare(line("We met Nguyen, and he sang. I left."), "We met new yen and he sang. I left.")
    assert result.misheard == (Misheard("Nguyen", "new yen"),)
    assert (result.units, result.errors, result.lost) == (8, 2, ())


def test_words_that_are_written_apart_do_not_hide_their_neighbours():
    result = compare(line("Read Nguyen's e-mail."), "Read nines email.")
    assert (result.misheard, result.errors) == ((Misheard("Nguyen's", "nines"),), 1)


def test_a_misread_character_is_shown_by_itself():
    result = compare(line("银行的行长来了。", "zh"), "银行的型长来了")
    assert result.misheard == (Misheard("行", "型"),)
    assert (result.units, result.errors) == (7, 1)


def test_a_misheard_number_is_shown_as_it_is_written():
    assert compare(line("It took 31 years."), "It took thirteen years.").misheard == (Misheard("31", "thirteen"),)


def test_a_word_that_was_not_heard():
    assert compare(line("I saw the very old light."), "I saw the old light.").misheard == (Misheard("very", ""),)


def test_a_sentence_that_is_missing_is_lost():
    result = compare(line("I look at the sea. The geese are hungry. Then I sleep."), "I look at the see. Then I sleep.")
    assert result.lost == ("The geese are hungry.",)
    assert (result.errors, result.misheard) == (4, ())


def test_a_sentence_in_whose_place_something_else_is_heard_is_lost():
    result = compare(line("I look at the sea every day. Yes."), "Thank you for watching this big video. Yes.")
    assert result.lost == ("I look at the sea every day.",)


def test_a_short_sentence_of_names_is_only_misheard():
    assert compare(line("Xuan Phuc Tran. He sang."), "Swan fook trunk. He sang.").lost == ()


def test_one_that_hums_is_not_lost():
    result = compare(line("嗯。我知道了。", "zh"), "我知道了。")
    assert (result.lost, result.misheard) == ((), (Misheard("嗯", ""),))


def test_a_pronunciation_may_be_heard_and_so_may_what_is_written():
    given = line("We use OpenXR.", pronunciations={"OpenXR": "open X R"})
    assert compare(given, "We use open X R.").errors == 0
    assert compare(given, "We use OpenXR.").errors == 0
    assert compare(given, "We use openers.").errors > 0


def test_reading_rules_decide_what_is_to_be_heard():
    given = line("We use it [1]. See fig. 2.", replaced=((10, 13, ""), (19, 23, "figure")))
    assert compare(given, "We use it. See figure two.").errors == 0
    assert compare(given, "We use it one. See figure two.").errors == 1


def test_words_that_were_added_are_errors():
    result = compare(line("I left."), "I left I left I left.")
    assert (result.errors, result.rate, result.misheard) == (4, 2, ())


@pytest.mark.parametrize(("language", "text"), [("ja", "海を見る"), ("ko", "바다를 본다"), ("fr", "J’ai 3 chats.")])
def test_other_languages_are_compared_as_they_are_written(language, text):
    assert compare(line(text, language), text).errors == 0
    assert compare(line(text, language), "").lost


def test_rates_are_those_of_speakers_in_languages():
    lines = (
        compare(line("I look at the sea."), "I look at a sea."),
        compare(line("你好吗？", "zh", speaker="Ben"), "你好在"),
        compare(line("I left the house.", speaker="Ben"), "I left the house."),
    )
    hearing = Hearing("planted", lines)
    rates = [(rate.speaker, rate.language, rate.units, rate.unit, rate.errors) for rate in hearing.rates]
    assert rates == [
        ("Ada", "en", 5, "word", 1),
        ("Ben", "zh", 3, "character", 1),
        ("Ben", "en", 4, "word", 0),
        ("", "en", 9, "word", 1),
        ("", "zh", 3, "character", 1),
    ]
    assert hearing.rates[0].rate == pytest.approx(0.2)
    assert [one.line.text for one in hearing.shown] == ["你好吗？"]


def test_words_that_are_misheard_again_and_again_come_first():
    texts = {
        "I saw geese.": "I saw peas.",
        "I met Nguyen.": "I met new yen.",
        "Nguyen sang.": "Nine sang.",
        "So did nguyen.": "So did New Yen.",
    }
    first, second = Hearing("planted", tuple(compare(line(said), heard) for said, heard in texts.items())).misheard
    assert (first.said, first.heard) == ("Nguyen", ("new yen", "Nine"))
    assert [one.text for one in first.lines] == list(texts)[1:]
    assert (second.said, second.heard) == ("geese", ("peas",))


@pytest.fixture
def tones(tmp_path):
    """Three seconds: low, high, low, in a file of 44.1 kHz."""
    rate = 44100
    seconds = [np.sin(np.arange(rate) * 2 * np.pi * pitch / rate) * 0.3 for pitch in (200, 1000, 200)]
    with av.open(str(tmp_path / "tones.flac"), "w") as container:
        stream = container.add_stream("flac", rate=rate, layout="mono")
        samples = (np.concatenate(seconds) * 32767).astype(np.int16)[np.newaxis]
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return tmp_path / "tones.flac"


def pitch(samples):
    return np.argmax(np.abs(np.fft.rfft(samples))) * SAMPLE_RATE / len(samples)


def test_each_line_is_cut_where_the_record_has_it_with_silence_around(tones):
    ear = PlantedEar("two", "one", "end")
    steps = []
    # Out of order, overlapping and beyond the end.
    lines = [line("one", start=1100, end=1900), line("two", "zh", start=0, end=900), line("end", start=2500, end=9000)]
    hearing = listen(tones, lines, ear, lambda *step: steps.append(step))
    assert [one.heard for one in hearing.lines] == ["two", "one", "end"]
    assert [language for _, language in ear.played] == ["zh", "en", "en"]
    assert [len(samples) / SAMPLE_RATE for samples, _ in ear.played] == pytest.approx([1.95, 1.9, 1.55], abs=0.01)
    assert [pitch(samples) for samples, _ in ear.played] == pytest.approx([200, 1000, 200], abs=2)
    assert not np.concatenate([ear.played[1][0][:8000], ear.played[1][0][-8000:]]).any()
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_a_lost_sentence_is_listened_to_again_in_more_silence(tones):
    ear = PlantedEar("I left.", "I left. The geese sang.")
    (heard,) = listen(tones, [line("I left. The geese sang.")], ear).lines
    assert (heard.errors, heard.lost) == (0, ())
    assert len(ear.played[1][0]) - len(ear.played[0][0]) == SAMPLE_RATE


def test_an_episode_that_is_heard_well_has_no_problem(episode):
    report = verify(episode, ear=PerfectEar(episode))
    assert report.is_valid
    assert {rate.errors for rate in report.hearing.rates} == {0}


def test_a_lost_sentence_is_a_problem(episode):
    record = read_record(episode.with_name("talk.en.episode.json"))
    texts = [one.text for one in record.lines]
    texts[1] = "Thank you."
    report = verify(episode, ear=PlantedEar(texts[0], texts[1], *texts[1:]))
    first = report.problems[0]
    assert first.where == "talk.en.mp3"
    assert first.what.endswith("is lost: 'Thank you.' was heard")
    assert first.remedy == f"listen to it; for another take, render again with --redo line:{record.lines[1].line}"


def test_without_a_record_there_is_nothing_to_compare_with(episode):
    episode.with_name("talk.en.episode.json").unlink()
    report = verify(episode, ear=PlantedEar())
    assert report.hearing is None
    assert [problem.what for problem in report.problems] == [
        "no .episode.json beside it lists its lines, so what is heard has nothing to be compared with"
    ]


def test_what_a_mark_says_instead_of_a_word_is_right():
    marked = line("Ask Nguyen now.", stretches=(RecordedStretch(4, 10, say="win"),))
    assert compare(marked, "ask win now").errors == 0
