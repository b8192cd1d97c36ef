"""``check``: the receipt, who speaks, what was inferred and guessed, and what is not read."""

import pytest

from interview_audio.text.characters import columns

BY_HAND = '{"language": "en", "turns": [{"speaker": "Ida", "text": "So."}], "receipt": %s}'
SCRIPT = """\
title: The light
language: en
speakers:
- {name: Q, role: host}
- {name: Ida Holm, aliases: [IH]}
turns:
- {kind: heading, text: The light, at: {line: 1}}
- {kind: narration, text: She told us how., at: {line: 3, reason: introduction}}
- {speaker: Q, text: "Why?", at: {line: 5, label: Q}}
- {speaker: Ida Holm, text: To see the sea., at: {line: 7, label: IH}}
- {speaker: Ida Holm, text: And to be seen., at: {line: 9, confidence: inferred, reason: continues from line 7}}
- {speaker: Q, text: "Until next time, then.", at: {line: 11, confidence: guessed, reason: closes the answer}}
- {kind: quote, text: To see the sea., at: {line: 13, reason: repeats a passage of the text}}
- {kind: boilerplate, text: Follow us on everything., at: {line: 15, confidence: inferred, reason: asks to follow}}
receipt: {characters: 1500, spoken: 1200, skipped: {label: 30, whitespace: 70, boilerplate: 200}, unaccounted: 0}
"""


def written(tmp_path, content=SCRIPT):
    path = tmp_path / "talk.script.yaml"
    path.write_text(content, "utf-8")
    return path


def test_check_shows_everything(run, tmp_path, monkeypatch):
    monkeypatch.setattr("interview_audio.cli.commands.check.terminal_width", lambda: 72)
    outcome = run("check", written(tmp_path))
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [
        "The light",
        "English",
        "",
        "Where the characters went",
        "  spoken       1,200   80.0 %",
        "  label           30    2.0 %",
        "  whitespace      70    4.7 %",
        "  boilerplate    200   13.3 %",
        "  unaccounted      0    0.0 %",
        "  all          1,500  100.0 %",
        "",
        "Who speaks",
        "                    turns  characters  labels",
        "  Q          host       2          26  Q (1), none (1)",
        "  Ida Holm   guest      2          30  IH (1), none (1)",
        "  narration             1          16  none (1)",
        "",
        "Guessed: 1",
        "  line 11  Q  closes the answer  Until next time, then.",
        "",
        "Inferred: 1",
        "  line 9  Ida Holm  continues from line 7  And to be seen.",
        "",
        "Not read aloud: 2, 29.6 % of the words",
        "  line 13  quote        repeats a passage of the text  To see the sea.",
        "  line 15  boilerplate  inferred, asks to follow       Follow us on eve…",
    ]


def test_a_text_is_checked_too(run, interview):
    outcome = run("check", interview)
    assert (outcome.code, outcome.err) == (0, "")
    assert "  unaccounted    0    0.0 %" in outcome.out
    assert "  line 15  boilerplate  inferred, asks to follow" in outcome.out


def test_where_another_language_is_spoken(run, tmp_path):
    source = tmp_path / "talk.txt"
    source.write_text("Q: What did he tell you then?\nIda: He said:\nQ: And?\nIda: 我在灯塔上住了三十年。\n", "utf-8")
    assert run("check", source).out.splitlines()[1] == "English, Chinese in line 4"


def test_strict_fails_for_guesses_and_names_their_lines(run, tmp_path):
    source = written(tmp_path)
    outcome = run("check", source, "--strict")
    assert outcome.code == 1
    assert (
        outcome.err == f"Error: {source}: guessed in line 11; label the speaker there, or correct it in a script file\n"
    )


def test_a_guess_is_settled_by_deleting_its_origin(run, tmp_path):
    settled = SCRIPT.replace(", at: {line: 11, confidence: guessed, reason: closes the answer}", "")
    assert run("check", written(tmp_path, settled), "--strict").code == 0


@pytest.mark.parametrize(
    ("receipt", "code", "shows"),
    [
        ("{}", 0, ["  spoken       3  100.0 %", "  unaccounted  0    0.0 %", "  all          3  100.0 %"]),
        (
            '{"characters": 9, "spoken": 3, "unaccounted": 6}',
            1,
            ["  spoken       3   33.3 %", "  unaccounted  6   66.7 %", "  all          9  100.0 %"],
        ),
    ],
)
def test_a_script_file_and_its_receipt(run, tmp_path, receipt, code, shows):
    (tmp_path / "talk.json").write_text(BY_HAND % receipt, "utf-8")
    outcome = run("check", "talk.json")
    assert outcome.code == code
    assert outcome.out.splitlines()[3:7] == ["Where the characters went", *shows]
    assert outcome.err == ("Error: talk.json: 6 characters unaccounted for; please report this text\n" if code else "")


LONG = "我们等了很久，" * 40


def long_talk(tmp_path):
    source = tmp_path / "talk.txt"
    source.write_text(f"Q: 为什么？\n林海：{LONG}\n{LONG}\n\nQ: 真的？\n林海：真的。\n", "utf-8")
    return source


@pytest.mark.parametrize("width", [40, 60, 80])
def test_lines_fit_the_terminal(run, tmp_path, monkeypatch, width):
    monkeypatch.setattr("interview_audio.cli.commands.check.terminal_width", lambda: width)
    lines = run("check", long_talk(tmp_path)).out.splitlines()
    assert max(map(columns, lines)) <= width
    assert any("我们等了" in line for line in lines)
    assert any(line.endswith("…") for line in lines)
    assert "…" not in "".join(lines).partition("Inferred")[0]


def test_nothing_is_cut_or_folded_in_a_pipe(run, tmp_path):
    assert any(line.endswith(f"  {LONG}") for line in run("check", long_talk(tmp_path)).out.splitlines())


def test_a_reason_is_whole_on_a_narrow_terminal(run, tmp_path, monkeypatch):
    monkeypatch.setattr("interview_audio.cli.commands.check.terminal_width", lambda: 40)
    assert run("check", written(tmp_path)).out.splitlines()[-7:] == [
        "Not read aloud: 2, 29.6 % of the words",
        "  line 13  quote",
        "    repeats a passage of the text: To",
        "    see the sea.",
        "  line 15  boilerplate",
        "    inferred, asks to follow: Follow us",
        "    on everything.",
    ]


def test_a_text_with_nothing_to_read_is_shown_too(run, tmp_path):
    (tmp_path / "talk.txt").write_text("Follow us on Twitter\n\nSubscribe to our newsletter!\n", "utf-8")
    outcome = run("check", "talk.txt")
    assert outcome.code == 1
    assert outcome.err == (
        "Error: talk.txt: nothing in this text can be read aloud; put the text of the interview into it\n"
    )
    assert outcome.out.splitlines()[2:] == [
        "",
        "Where the characters went",
        "  spoken        0    0.0 %",
        "  whitespace    3    5.9 %",
        "  boilerplate  48   94.1 %",
        "  unaccounted   0    0.0 %",
        "  all          51  100.0 %",
        "",
        "Who speaks",
        "  nobody",
        "",
        "Not read aloud: 2, 100.0 % of the words",
        "  line 1  boilerplate  inferred, asks to follow or subscribe  Follow us on Twitter",
        "  line 3  boilerplate  inferred, asks to follow or subscribe  Subscribe to our newsletter!",
    ]


def test_what_the_settings_leave_unread_is_shown_too(run, tmp_path):
    (tmp_path / "talk.txt").write_text("It was late. She slept.\n", "utf-8")
    (tmp_path / "voices.yaml").write_text("read: {narration: false}\n", "utf-8")
    outcome = run("check", tmp_path / "talk.txt")
    assert (outcome.code, "Not read aloud: 1" in outcome.out) == (1, True)


CAPTIONED = """\
Q: Why do you keep the light?
Ida Holm: Somebody has to, and I like it here.
▲ The stairs at dawn. Photograph by Lena Fisk
Q: And at night?
Ida Holm: At night the light keeps me.
"""
NOT_READ = "1 sentence not read (line 3: image caption); --read-everything reads what is left out"


def captioned(tmp_path, more=""):
    source = tmp_path / "talk.txt"
    source.write_text(CAPTIONED.replace("Fisk", f"Fisk{more}"), "utf-8")
    return source


def test_more_than_a_fiftieth_of_the_body_that_is_not_read_is_a_warning_and_strict_an_error(run, tmp_path):
    source = captioned(tmp_path)
    lost = "25.8 % of the words between the first and the last turn are not read (line 3: image caption)"
    assert f"Warning: {source}: {lost}; --read-everything reads them\n" == run("check", source).err
    outcome = run("check", source, "--strict")
    assert (outcome.code, outcome.err.splitlines()[-1]) == (
        1,
        f"Error: {source}: {lost}; --read-everything reads them",
    )


def test_everything_is_read_where_that_is_asked_for(run, tmp_path):
    outcome = run("check", captioned(tmp_path), "--read-everything", "--strict")
    assert (outcome.code, outcome.err, "Not read aloud" in outcome.out) == (0, "", False)


def test_one_skipped_sentence_is_a_warning(run, tmp_path):
    source = tmp_path / "talk.txt"
    more = "Somebody has to keep it in the night, and in the day, and when it storms. " * 30
    source.write_text(CAPTIONED.replace("Fisk", "Fisk.").replace("Somebody", f"{more}Somebody"), "utf-8")
    assert run("check", source).err == f"Warning: {source}: {NOT_READ}\n"


def test_the_longest_passages_that_are_not_read_come_first(run, tmp_path):
    source = tmp_path / "talk.txt"
    source.write_text(f"By Nora Vale\n{CAPTIONED}Follow us on the web and everywhere else.\n© Grey Gull\n", "utf-8")
    lines = run("check", source).out.splitlines()
    at = lines.index("The longest passages that are not read aloud")
    assert [line.split()[1] for line in lines[at + 1 : at + 4]] == ["4", "7", "1"]
    assert lines[at + 5].startswith("Not read aloud: 4, ")


@pytest.mark.parametrize("command", ["check", "plan", "render", "script"])
def test_every_command_that_reads_a_text_can_be_strict_or_read_everything(run, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    source = captioned(tmp_path)
    engine = ("--engine", "tone")
    refused = run(command, source, "--strict", *engine)
    assert (refused.code, "Error: " in refused.err, "--read-everything" in refused.err) == (1, True, True)
    read = run(command, source, "--strict", "--read-everything", *engine)
    assert (read.code, "Warning" in read.err) == (0, False)
