"""What the user should know before anything is spoken, from every command that reads settings."""

import pytest

SETTINGS = "speakers: {Keeper: {}}\npronunciations: {en: {Nguyen: win}}\n"
KEEPER = "1:12: nobody in talk.en.txt is called Keeper; its speakers are Q and Ada Brook"
NGUYEN = "2:23: no English line of talk.en.txt holds 'Nguyen': this pronunciation changes nothing"
TONE = ("--engine", "tone", "--store", "clips", "-o", "out")


@pytest.mark.usefixtures("small_episodes")
@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("plan", *TONE),
        ("script", "--engine", "tone"),
        ("render", *TONE, "--preview", "3"),
        ("render", *TONE),
    ],
)
def test_names_and_words_that_match_nothing_are_warned_of(run, interview, words):
    file = interview.with_name("voices.yaml")
    file.write_text(SETTINGS, "utf-8")
    outcome = run(*words, interview)
    assert outcome.code == 0
    warnings = [line for line in outcome.err.splitlines() if line.startswith("Warning: ")]
    assert warnings == [f"Warning: {file}:{KEEPER}", f"Warning: {file}:{NGUYEN}"]
