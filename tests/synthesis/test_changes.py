"""Every line that is to be made has a reason, and says all that is not as it was."""

from dataclasses import replace

import pytest

from interview_audio.engines.tone import ToneEngine
from interview_audio.script.lines import Line, Voice
from interview_audio.script.takes import SpokenLine
from interview_audio.synthesis.clips import clip_spec
from interview_audio.synthesis.planning import Change, plan_synthesis, why_missing
from interview_audio.synthesis.store import ClipStore

LINE = Line(0, "Ada", "en", "Ask Nguyen.", Voice("tone", "male-1"), 0.1, None, 7)
SPOKEN = SpokenLine("Ada", 0, 7, "Ask Nguyen.", 0, 1000)
BEFORE = clip_spec(LINE, ToneEngine.identity, {"en": {"Nguyen": "win"}})


@pytest.mark.parametrize(
    ("line", "spoken", "before", "changes"),
    [
        (LINE, SPOKEN, BEFORE, (Change("gone"),)),
        (replace(LINE, text="Ask her."), SPOKEN, BEFORE, (Change("text"),)),
        (replace(LINE, voice=Voice("tone", "male-2")), SPOKEN, BEFORE, (Change("voice", "Ada", "male-1", "male-2"),)),
        (replace(LINE, voice=Voice("tone", "male-1", 1.1)), SPOKEN, BEFORE, (Change("rate", "Ada", "1", "1.1"),)),
        (replace(LINE, voice=Voice("tone", "male-1", pitch=-2)), SPOKEN, BEFORE, (Change("pitch", "Ada", "+0", "-2"),)),
        (replace(LINE, take=2), SPOKEN, BEFORE, (Change("take", "", "1", "2"),)),
        (LINE, replace(SPOKEN, speaker="Ben"), BEFORE, (Change("speaker", "", "Ben", "Ada"),)),
        (LINE, SPOKEN, replace(BEFORE, identity="tone 0"), (Change("version", "tone", "tone 0", ToneEngine.identity),)),
        (LINE, SPOKEN, replace(BEFORE, pronunciations=()), (Change("pronunciation", "Nguyen", "", "win"),)),
        (replace(LINE, names=("曾国平",)), SPOKEN, BEFORE, (Change("pronunciation", "曾国平", "", "zeng1"),)),
        (
            replace(LINE, voice=Voice("tone", "male-2", 1.1)),
            SPOKEN,
            replace(BEFORE, engine="kokoro", voice="af_heart", identity="weights"),
            (Change("engine", "", "kokoro", "tone"), Change("rate", "Ada", "1", "1.1")),
        ),
    ],
)
def test_why(line, spoken, before, changes, tmp_path):
    plan = plan_synthesis((line,), ToneEngine({}), {}, {"en": {"Nguyen": "win"}}, ClipStore(tmp_path))
    assert why_missing((line,), plan, (spoken,), (before,)) == {0: changes}


def test_a_damaged_clip_is_the_reason_whatever_else_changed(tmp_path):
    store = ClipStore(tmp_path)
    path = store.path(clip_spec(LINE, ToneEngine.identity, {}).key)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"fLaC")
    plan = plan_synthesis((LINE,), ToneEngine({}), {}, {}, store)
    assert why_missing((LINE,), plan, (), ()) == {0: (Change("damaged"),)}
