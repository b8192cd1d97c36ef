import numpy as np

from interview_audio.configuration.settings import Pauses, Sound
from interview_audio.production.text.cues import Cue, make_cues
from interview_audio.production.timeline import lay_out
from interview_audio.synthesis.clips import Word

RATE = 24000
SENTENCE = "我们为此工作了很多年，突然之间全世界都在看；人们期待的是产品，而我们手里只有一个研究预览版。"


def cues_of(studio, lines, clips):
    settings = studio.settings(pauses=Pauses(head=0.5, tail=1), sound=Sound(sample_rate=RATE))
    return make_cues(lay_out(studio.script(lines), clips, settings))


def test_a_short_line_is_one_cue_from_its_start_to_its_end(studio):
    clip = studio.clip(studio.click(1), [Word("Hello.", 0.1, 0.9)])
    assert cues_of(studio, [studio.line("Hello.", speaker="Ada")], [clip]) == (Cue("Ada", ("Hello.",), 12000, 36000),)


def test_a_cue_begins_with_its_first_word(studio):
    words = [
        Word("我们为此工作了很多年，", 0.0, 1.0),
        Word("突然之间全世界都在看；", 1.0, 2.5),
        Word("人们期待的是产品，", 2.5, 3.0),
        Word("而我们手里只有一个研究预览版。", 3.0, 4.0),
    ]
    clip = studio.clip(studio.click(4), words)
    first, second = cues_of(studio, [studio.line(SENTENCE)], [clip])
    assert (first.lines, first.start, first.end) == (
        ("我们为此工作了很多年，", "突然之间全世界都在看；人们期待的是产品，"),
        12000,
        12000 + 3 * RATE,
    )
    assert (second.start, second.end) == (first.end, 12000 + 4 * RATE)


def test_word_times_count_from_before_the_trimming(studio):
    words = [Word(SENTENCE[:31], 1.0, 2.0), Word(SENTENCE[31:], 2.0, 3.0)]
    clip = studio.clip(np.concatenate([np.zeros(RATE, np.int16), studio.click(2)]), words)
    first, second = cues_of(studio, [studio.line(SENTENCE)], [clip])
    assert clip.onset == round(0.98 * RATE)
    assert second.start == first.end == first.start + round(1.02 * RATE)


def test_without_words_the_cues_share_the_time_by_their_length(studio):
    clip = studio.clip(studio.click(4))
    first, second = cues_of(studio, [studio.line(SENTENCE)], [clip])
    assert second.start == first.end == 12000 + round(4 * RATE * 31 / len(SENTENCE))


def test_words_of_another_text_are_not_believed(studio):
    clip = studio.clip(studio.click(4), [Word("完全不同", 0, 0.1)])
    first, second = cues_of(studio, [studio.line(SENTENCE)], [clip])
    assert second.start == first.end == 12000 + round(4 * RATE * 31 / len(SENTENCE))


def test_cues_never_go_back_whatever_the_word_times(studio):
    text = " ".join(f"word{number}" for number in range(60))
    chaos = np.random.default_rng(1).uniform(-3, 9, 60)
    words = [Word(word, start, start + 1) for word, start in zip(text.split(), chaos, strict=True)]
    lines = [studio.line(text), studio.line("Yes.")]
    cues = cues_of(studio, lines, [studio.clip(studio.click(3), words), studio.clip(studio.click(1))])
    times = [time for cue in cues for time in (cue.start, cue.end)]
    assert times == sorted(times)
    assert len(cues) > 4


def test_cues_join_to_the_text_but_for_spaces(studio):
    text = "  A line\nbreak,  and “quotes” & <tags>; 中文 too. " * 5
    cues = cues_of(studio, [studio.line(text)], [studio.clip(studio.click(3))])
    assert "".join("".join(cue.lines) for cue in cues).replace(" ", "") == "".join(text.split())


def test_a_line_without_text_has_no_cue(studio):
    assert cues_of(studio, [studio.line(" ")], [studio.clip(studio.click(1))]) == ()
