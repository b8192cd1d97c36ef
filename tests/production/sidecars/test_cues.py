import numpy as np

from interview_audio.configuration.settings import Pauses, Sound
from interview_audio.production.sidecars.captions import Cue, caption_names, make_cues
from interview_audio.production.timeline import lay_out
from interview_audio.synthesis.clips import Word

RATE = 24000
SENTENCE = "我们为此工作了很多年，突然之间全世界都在看；人们期待的是产品，而我们手里只有一个研究预览版。"
HEAD = 12000


def cues_of(studio, lines, clips, **pauses):
    settings = studio.settings(pauses=Pauses(head=0.5, tail=1, **pauses), sound=Sound(sample_rate=RATE))
    names = caption_names([(line.speaker, "guest") for line in lines], "en")
    return make_cues(lay_out(studio.script(lines), clips, settings), names)


def test_a_short_line_is_one_cue_from_its_start_to_its_end(studio):
    clip = studio.clip(studio.click(2), [Word("Hello.", 0.1, 1.9)])
    assert cues_of(studio, [studio.line("Hello.", speaker="Ada")], [clip]) == (
        Cue("Ada", "Hello.", 6, HEAD, HEAD + 2 * RATE, ((0, HEAD),)),
    )


def test_a_cue_has_two_lines_at_most():
    assert Cue("Ada", "Hello, world.", 7, 0, 1).lines == ("Hello,", "world.")
    assert Cue("Ada", "Hello, world.", 13, 0, 1).lines == ("Hello, world.",)


def test_the_narrator_has_a_name(studio):
    clip = studio.clip(studio.click(2))
    assert [cue.speaker for cue in cues_of(studio, [studio.line("Then.", speaker="narrator")], [clip])] == ["Narrator"]


def test_a_cue_begins_with_its_first_word(studio):
    words = [
        Word("我们为此工作了很多年，", 0.0, 2.5),
        Word("突然之间全世界都在看；", 2.5, 5.0),
        Word("人们期待的是产品，", 5.0, 7.0),
        Word("而我们手里只有一个研究预览版。", 7.0, 10.0),
    ]
    clip = studio.clip(studio.click(10), words)
    assert cues_of(studio, [studio.line(SENTENCE)], [clip]) == (
        Cue("Ada", SENTENCE[:22], 11, HEAD, HEAD + 5 * RATE, ((0, HEAD), (11, HEAD + 60000))),
        Cue("Ada", SENTENCE[22:], 9, HEAD + 5 * RATE, HEAD + 10 * RATE, ((0, HEAD + 5 * RATE), (9, HEAD + 7 * RATE))),
    )


def test_word_times_count_from_before_the_trimming(studio):
    words = [Word(SENTENCE[:31], 1.0, 2.0), Word(SENTENCE[31:], 2.0, 3.0)]
    clip = studio.clip(np.concatenate([np.zeros(RATE, np.int16), studio.click(2)]), words)
    cues = cues_of(studio, [studio.line(SENTENCE)], [clip])
    assert clip.onset == round(0.98 * RATE)
    assert [time for cue in cues for _, time in cue.words] == [cues[0].start, cues[0].start + round(1.02 * RATE)]


def test_without_words_the_cues_share_the_time_by_their_length(studio):
    clip = studio.clip(studio.click(4))
    first, second = cues_of(studio, [studio.line(SENTENCE)], [clip])
    assert (first.words, second.words) == ((), ())
    assert second.start == first.end == HEAD + round(4 * RATE * len(first.text) / len(SENTENCE))


def test_words_of_another_text_are_not_believed(studio):
    said, unsaid = (studio.clip(studio.click(4), words) for words in ([Word("完全不同", 0, 0.1)], []))
    assert cues_of(studio, [studio.line(SENTENCE)], [said]) == cues_of(studio, [studio.line(SENTENCE)], [unsaid])


def test_a_short_cue_stays_until_it_can_be_read_but_not_over_the_next(studio):
    clips = [studio.clip(studio.click(0.3)) for _ in range(3)]
    lines = [studio.line("No.", pause=4), studio.line("Yes.", pause=0.8), studio.line("Oh.")]
    first, second, third = cues_of(studio, lines, clips)
    assert (first.end - first.start) / RATE == 1.2
    assert second.end == third.start
    assert (third.end - third.start) / RATE == 1.2


def test_a_cue_stays_over_a_pause_that_would_only_flicker(studio):
    clips = [studio.clip(studio.click(2)) for _ in range(3)]
    lines = [studio.line("No.", pause=0.45), studio.line("Yes.", pause=0.55), studio.line("Oh.")]
    first, second, third = cues_of(studio, lines, clips)
    assert first.end == second.start
    assert third.start - second.end == round(0.55 * RATE)


def test_cues_never_go_back_whatever_the_word_times(studio):
    text = " ".join(f"word{number}" for number in range(60))
    chaos = np.random.default_rng(1).uniform(-3, 9, 60)
    words = [Word(word, start, start + 1) for word, start in zip(text.split(), chaos, strict=True)]
    clips = [studio.clip(studio.click(3), words), studio.clip(studio.click(1))]
    cues = cues_of(studio, [studio.line(text), studio.line("Yes.")], clips)
    times = [time for cue in cues for time in (cue.start, *(sample for _, sample in cue.words), cue.end)]
    assert times == sorted(times)
    assert min(cue.end - cue.start for cue in cues) >= RATE / 1000
    assert len(cues) > 4


def test_cues_join_to_the_text_but_for_spaces(studio):
    text = "  A line\nbreak,  and “quotes” & <tags>; 中文 too. " * 5
    cues = cues_of(studio, [studio.line(text)], [studio.clip(studio.click(3))])
    assert " ".join(cue.text for cue in cues) == " ".join(text.split())


def test_a_line_without_text_has_no_cue(studio):
    assert cues_of(studio, [studio.line(" ")], [studio.clip(studio.click(1))]) == ()
