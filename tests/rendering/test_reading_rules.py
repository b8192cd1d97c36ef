"""Reading rules of a settings file: heard by every engine, in the key of what they change, never in a caption."""

from dataclasses import replace

import pytest

from interview_audio.engines.protocol import Stretch
from interview_audio.errors import SourceError
from interview_audio.rendering.job import prepare
from interview_audio.rendering.options import RenderOptions
from interview_audio.synthesis.clip_file import read_words
from interview_audio.synthesis.clip_worker import ClipWorker
from interview_audio.synthesis.clips import clip_spec
from interview_audio.synthesis.planning import plan_synthesis

TALK = "Figures\n\nQ: Is it in fig. 2 (whatever)?\n\nIda Holm: It is.\n\nQ: Ahem, ahem.\n\nIda Holm: Yes.\n"
RULES = r"rules: [{match: 'fig\. (\d)', say: 'figure \1'}, {match: '\(whatever\)', skip: true}, {match: '^Ahem.*', skip: true}]"


@pytest.fixture
def job(tmp_path):
    def prepared(settings=RULES):
        (tmp_path / "talk.txt").write_text(TALK, "utf-8")
        (tmp_path / "voices.yaml").write_text(settings, "utf-8")
        return prepare(tmp_path / "talk.txt", RenderOptions(engine="tone", store=tmp_path / "clips"))

    return prepared


def keys(job):
    return {line.text: clip_spec(line, "tone", {}).key for line in job.script.lines}


def test_what_is_said_and_what_is_left_out(job):
    lines = job().script.lines
    assert [(line.text, line.said) for line in lines] == [
        ("Figures", "Figures"),
        ("Is it in fig. 2 (whatever)?", "Is it in figure 2?"),
        ("It is.", "It is."),
        ("Yes.", "Yes."),
    ]


def test_a_rule_is_in_the_key_only_where_it_matches(job):
    with_rules, without = keys(job()), keys(job(""))
    differ = {text for text in with_rules if with_rules[text] != without[text]}
    assert differ == {"Is it in fig. 2 (whatever)?"}
    assert keys(job(RULES.replace("figure", "picture")))["It is."] == with_rules["It is."]


def test_the_engine_hears_what_is_said_and_captions_keep_what_is_written(job):
    made = job(RULES + "\npronunciations: {en: {figure: figger}}")
    lines = [made.script.lines[1]]
    plan = plan_synthesis(lines, made.engine, {}, made.settings.pronunciations_for("tone"), made.store)
    (clip_job,) = plan.jobs.values()
    assert (clip_job.utterance.text, clip_job.utterance.pronunciations) == ("Is it in figure 2?", {"figure": "figger"})
    clip = ClipWorker().make_clip(clip_job).clip
    assert [word.text for word in read_words(clip.path)] == ["Is ", "it ", "in ", "fig. 2 (whatever)?"]


def test_a_marked_stretch_moves_with_its_words(job):
    made = job()
    line = replace(made.script.lines[1], stretches=(Stretch(3, 5, 0.8), Stretch(17, 26, 0.8), Stretch(14, 26, 1.2)))
    plan = plan_synthesis([line], made.engine, {}, {}, made.store)
    (clip_job,) = plan.jobs.values()
    assert [(one.start, one.end) for one in clip_job.utterance.stretches] == [(3, 5), (9, 17)]


def test_rules_that_leave_nothing(job):
    with pytest.raises(SourceError, match=r"the rules of voices\.yaml leave nothing to read"):
        job("rules: [{match: '(?s).+', skip: true}]")
