import pytest

from interview_audio.transcript.classification.paragraph_kinds import find_repeated_passages, is_set_apart
from interview_audio.transcript.parsing import parse_transcript
from interview_audio.transcript.turns import Turn

HEAD = "A light\n\nWe met the keeper Ida Holm and the engineer Tomas Reyes at the quay.\n\n"
ENDING = "\n\nQ: And then?\n\nHolm: Then tea.\n\nReyes: With milk."


def understood(text: str) -> list[tuple[str, str | None, str]]:
    return [(turn.kind, turn.speaker, turn.confidence) for turn in parse_transcript(text).turns]


def turn_with(text: str, words: str) -> Turn:
    (found,) = [turn for turn in parse_transcript(text).turns if turn.text == words]
    return found


def judged(body: str, words: str) -> tuple[str, str | None, str]:
    turn = turn_with(HEAD + body + ENDING, words)
    assert turn.reason
    return turn.kind, turn.speaker, turn.confidence


def test_title_introduction_and_speech() -> None:
    assert understood("A light\n\nShe keeps it.\n\nQ: Why?\n\nHolm: So.") == [
        ("heading", None, "certain"),
        ("narration", None, "certain"),
        ("speech", "Q", "certain"),
        ("speech", "Holm", "certain"),
    ]


def test_a_first_paragraph_that_is_a_sentence_is_no_title() -> None:
    assert understood("She keeps the light.\n\nQ: Why?\n\nHolm: So.")[0] == ("narration", None, "certain")


@pytest.mark.parametrize(
    "line",
    [
        "Senator Vale. Thank you, Mr. Chairman. Is the light still on?",
        "so what do we do with all of these lamps",
        "Transcript",
    ],
)
def test_the_first_line_of_talk_is_no_title(line: str) -> None:
    assert parse_transcript(f"{line}\n\nIt is on.\n\nAnd at night?\n\nAt night as well.").title == ""


def test_a_first_line_above_others_without_full_stops_is_no_title() -> None:
    transcript = parse_transcript("Welcome to the lamp\nand to all who keep it\nit burns all night\nand in the day")
    assert [turn.kind for turn in transcript.turns] == ["narration"] * 4


def test_the_first_question_of_a_text_that_labels_only_answers_is_no_title() -> None:
    text = "Is it loud?\n\nIda Holm: It is.\n\nAlways?\n\nIda Holm: At night less."
    assert understood(text) == [
        ("speech", "Interviewer", "guessed"),
        ("speech", "Ida Holm", "certain"),
        ("speech", "Interviewer", "guessed"),
        ("speech", "Ida Holm", "certain"),
    ]


def test_an_answer_goes_on() -> None:
    assert judged("Q: Why?\n\nHolm: So.\n\nAnd also because of the salt.", "And also because of the salt.") == (
        "speech",
        "Ida Holm",
        "inferred",
    )


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("Q: Tomas, why?\n\nIt rained.", "Tomas Reyes"),
        ("Q: Why, Ida?\n\nIt rained.", "Ida Holm"),
        ("Q: Tomas, why?\n\nReyes: So.\n\nQ: And when?\n\nIt rained.", "Tomas Reyes"),
        ("Holm: Hello.\n\nHolm: Hello again.\n\nQ: And when?\n\nIt rained.", "Ida Holm"),
        ("Reyes: Hello.\n\nReyes: Hello again.\n\nQ: And when?\n\nIt rained.", "Tomas Reyes"),
    ],
)
def test_an_unlabelled_answer_is_the_words_of_the_person_asked(body: str, speaker: str) -> None:
    assert judged(body, "It rained.") == ("speech", speaker, "inferred")


def test_a_question_in_two_paragraphs_stays_the_hosts() -> None:
    body = "Q: The storm was loud.\n\nWere you afraid?\n\nHolm: No."
    assert judged(body, "Were you afraid?") == ("speech", "Q", "guessed")


def test_an_unlabelled_question_between_answers_is_the_hosts() -> None:
    assert judged("Q: Why?\n\nHolm: So.\n\nReally?\n\nHolm: Really.", "Really?") == ("speech", "Q", "guessed")


def test_a_question_within_an_answer_stays_the_speakers() -> None:
    body = "Q: Why?\n\nHolm: So.\n\nAnd who would not?\n\nI would do it again."
    assert judged(body, "And who would not?") == ("speech", "Ida Holm", "inferred")


@pytest.mark.parametrize(
    "remark", ["Well then, another time.", "好吧，下次再说。", "Thank you for your time.", "谢谢你接受采访。"]
)
def test_a_remark_that_closes_is_the_hosts_as_a_guess(remark: str) -> None:
    turn = turn_with(f"{HEAD}Q: Why?\n\nHolm: So.\n\n{remark}\n\nHolm hangs up.", remark)
    assert (turn.speaker, turn.confidence) == ("Q", "guessed")


@pytest.mark.parametrize(
    "words", ["好吧，我承认。", "Fine weather helps.", "Thank you, I said to the goose.", "所以就这样了。"]
)
def test_short_words_that_close_nothing_go_on(words: str) -> None:
    assert turn_with(f"{HEAD}Q: Why?\n\nHolm: So.\n\n{words}\n\nHolm hangs up.", words).speaker == "Ida Holm"


def test_a_remark_above_the_hosts_own_label_goes_on() -> None:
    remark = "Thank you for your time."
    assert judged(f"Q: Why?\n\nHolm: So.\n\n{remark}", remark)[1] == "Ida Holm"


def test_narration_between_answers() -> None:
    body = "Q: Why?\n\nHolm: So.\n\nHolm pours the tea."
    assert judged(body, "Holm pours the tea.") == ("narration", None, "inferred")


@pytest.mark.parametrize(
    "announcement",
    ["Ten minutes later Reyes called back.", "On the way out, Reyes added:", "挂断电话后, Reyes 马上回电。"],
)
def test_words_after_narration_that_announces_a_person(announcement: str) -> None:
    body = f"Q: Why?\n\nHolm: So.\n\n{announcement}\n\nOne more thing.\n\nBring milk."
    assert judged(body, announcement) == ("narration", None, "inferred")
    assert judged(body, "One more thing.") == ("speech", "Tomas Reyes", "inferred")
    assert judged(body, "Bring milk.") == ("speech", "Tomas Reyes", "inferred")


def test_words_announced_in_the_introduction() -> None:
    head = "A light\n\nIda Holm was tired. She told us:\n\nI have not slept since spring.\n\n"
    middle = "And I do not mind.\n\nThe tower is old.\n\n"
    text = f"{head}{middle}Q: Why?\n\nHolm: So."
    assert [(kind, speaker) for kind, speaker, _ in understood(text)][1:5] == [
        ("narration", None),
        ("speech", "Ida Holm"),
        ("speech", "Ida Holm"),
        ("narration", None),
    ]


def test_the_lead_in_ends_announced_words() -> None:
    text = "A light\n\nIda Holm told us:\n\nI am up.\n\nWhat follows is our conversation:\n\nQ: Why?\n\nIda Holm: So."
    assert turn_with(text, "What follows is our conversation:").kind == "narration"


def test_pull_quotes() -> None:
    answer = "Holm: The rest is salt. Nobody ever puts that on a postcard."
    body = f"Q: Why?\n\n{answer}\n\nNobody ever puts that on a postcard"
    assert judged(body, "Nobody ever puts that on a postcard") == ("quote", None, "inferred")
    body = f"Q: Why?\n\n{answer}\n\n> The rest is salt … that on a postcard."
    assert judged(body, "The rest is salt … that on a postcard.") == ("quote", None, "inferred")
    body = f"Q: Why?\n\n{answer}\n\n**“Nobody ever puts that …”** — Ida Holm"
    assert judged(body, "“Nobody ever puts that …” — Ida Holm") == ("quote", None, "inferred")


@pytest.mark.parametrize(
    ("printed", "words"), [("「没有人会寄这样的明信片。」",) * 2, ("> Salt everywhere!", "Salt everywhere!")]
)
def test_a_quotation_that_nobody_says_elsewhere_is_read(printed: str, words: str) -> None:
    answer = "Holm: The rest is salt. Nobody ever puts that on a postcard."
    assert judged(f"Q: Why?\n\n{answer}\n\n{printed}", words) == ("speech", "Ida Holm", "inferred")


@pytest.mark.parametrize(
    ("words", "longer"),
    [
        ("We have lamp images.", "We have lamp images, and a chart too."),
        ("Thank you, Mr. Chairman.", "Thank you, Mr. Chairman. I keep the light."),
        ("The light is on, and it has been on all night.", "That is so."),
    ],
)
def test_a_reply_that_somebody_says_again_is_no_pull_quote(words: str, longer: str) -> None:
    body = f"Q: Why?\n\nHolm: So.\n\n{words}\n\nQ: And?\n\nHolm: {longer}"
    assert judged(body, words) == ("speech", "Ida Holm", "inferred")


def test_a_quotation_without_a_full_stop_above_a_question_opens_a_section() -> None:
    assert judged("Q: Why?\n\nHolm: So.\n\n「没有人会寄明信片」", "「没有人会寄明信片」") == ("quote", None, "inferred")


def test_a_description_that_is_not_read_makes_nothing_a_pull_quote() -> None:
    front = "---\ndescription: She says that the light is on and has been on all night long.\n---\n\n"
    words = "**the light is on and has been on all night long.**"
    turn = turn_with(f"{front}Q: Why?\n\nHolm: So.\n\n{words}\n\nQ: And?\n\nHolm: No.", words.strip("*"))
    assert turn.kind == "speech"


def test_without_labels_a_line_that_recurs_is_read() -> None:
    text = "M. Vale. La parole est à Mme Holm, pour une question.\n\nMerci.\n\nM. Vale. La parole est à Mme Holm"
    assert [turn.kind for turn in parse_transcript(text, language="fr").turns] == ["narration"] * 3


def test_a_quotation_that_the_answer_leads_in_is_spoken() -> None:
    body = "Q: Why?\n\nHolm: My mother always said the same thing:\n\n“Salt keeps you honest.”"
    assert judged(body, "“Salt keeps you honest.”") == ("speech", "Ida Holm", "inferred")


def test_a_pull_quote_does_not_change_who_speaks() -> None:
    body = "Q: Tomas, why?\n\n“A quotation that stands alone”\n\nIt rained."
    assert judged(body, "It rained.") == ("speech", "Tomas Reyes", "inferred")


@pytest.mark.parametrize("heading", ["## On boats", "**On boats**", "On boats"])
def test_headings_above_a_question(heading: str) -> None:
    assert judged(f"Q: Why?\n\nHolm: So.\n\n{heading}", "On boats")[0] == "heading"


@pytest.mark.parametrize(
    "body",
    [
        "Q: And why is that\n\nHolm: Because of the salt\n\nYeah exactly that",
        "Q: Why?\n\nHolm: Because of the salt,\n\nYeah exactly that",
        "Q: Why?\n\nHolm: So.\n\nyeah exactly that",
    ],
)
def test_a_short_line_of_somebody_who_goes_on_is_no_heading(body: str) -> None:
    assert judged(body, body.rpartition("\n")[2])[0] == "speech"


def test_a_short_line_with_a_full_stop_is_no_heading() -> None:
    assert judged("Q: Why?\n\nHolm: So.\n\nOn boats.", "On boats.") == ("speech", "Ida Holm", "inferred")


def test_a_printed_label_is_a_fact() -> None:
    body = "Q: Why?\n\nHolm: So.\n\nHolm: Well, we will talk about that another time."
    assert judged(body, "Well, we will talk about that another time.") == ("speech", "Ida Holm", "certain")


@pytest.mark.parametrize("number", ["01", "二", "Part 2", "— 3 —"])
def test_the_number_of_a_section_is_a_heading(number: str) -> None:
    found = [kind for kind, _, _ in understood(f"{HEAD}Q: Why?\n\nHolm: So.\n\n{number}\n\nQ: And?{ENDING}")]
    assert found[2:6] == ["speech", "speech", "heading", "speech"]


def test_a_short_line_that_is_no_sentence_is_a_heading_where_sentences_end() -> None:
    answers = "".join(
        f"Q: And what came on day {day}?\n\nHolm: On that day the wind came, and it was number {day}.\n\n"
        for day in range(4)
    )
    body = f"{answers}Holm: Let me go on about it a while.\n\nThe long winter\n\nIt was dark by three."
    assert judged(body, "The long winter") == ("heading", None, "inferred")
    assert judged(body, "It was dark by three.") == ("speech", "Ida Holm", "inferred")


@pytest.mark.parametrize(
    "aside",
    [
        "[Photo: the tower at noon]",
        "▲ 灯塔。摄影：王一",
        "［译注：此处有删节。］",
        "Read more: The last ferry",
        "ADVERTISEMENT",
    ],
)
def test_an_aside_interrupts_an_answer_and_does_not_end_it(aside: str) -> None:
    source = f"{HEAD}Q: Why?\n\nHolm: So.\n\n{aside}\n\nAnd also because of the salt.{ENDING}"
    assert understood(source)[4:6] == [("boilerplate", None, "inferred"), ("speech", "Ida Holm", "inferred")]


def test_a_remark_in_brackets_does_not_end_an_answer() -> None:
    body = "Q: Why?\n\nHolm: So.\n\n(A telephone rings next door.)\n\nThe salt gets into it."
    assert judged(body, "The salt gets into it.") == ("speech", "Ida Holm", "inferred")


def test_the_front_matter_is_not_read_and_names_the_speakers() -> None:
    source = "---\ntitle: Salt\nhost: Nora Vale\nspeakers:\n  - Nora Vale\n  - Ida Holm\n---\n\nShe keeps it.\n\nNV: Why?\n\nIH: So.\n\nNV: When?\n\nIH: Then."
    assert understood(source) == [
        *[("boilerplate", None, "certain")] * 5,
        ("narration", None, "certain"),
        *[("speech", "Nora Vale", "certain"), ("speech", "Ida Holm", "certain")] * 2,
    ]


def test_a_title_that_the_front_matter_gives() -> None:
    transcript = parse_transcript("---\ntitle: Salt\n---\n\nA note on names\n\n# Salt\n\nQ: Why?\n\nHolm: So.")
    assert transcript.title == "Salt"


def test_a_text_that_labels_only_the_questions() -> None:
    source = "A light\n\nIda Holm keeps it.\n\nQ: Why?\n\nIt is mine.\n\nIt is warm.\n\nQ: Since when?\n\nSince May."
    assert [speaker for _, speaker, _ in understood(source)] == [
        None,
        None,
        "Q",
        "Ida Holm",
        "Ida Holm",
        "Q",
        "Ida Holm",
    ]


def test_a_host_who_has_not_asked_goes_on() -> None:
    body = "Q: Why?\n\nHolm: So.\n\nQ: This talk is brought to you by a soap.\n\nIt floats.\n\nQ: And we are back. When?\n\nHolm: Then."
    assert judged(body, "It floats.") == ("speech", "Q", "guessed")


def test_a_question_above_another_persons_answer_goes_on() -> None:
    body = "Holm: So.\n\nAnd who would not?\n\nReyes: I would."
    assert judged(body, "And who would not?") == ("speech", "Ida Holm", "inferred")


def test_a_reported_interview_has_narration_between_the_answers() -> None:
    source = (
        "A light\n\nIda Holm keeps it.\n\nQ: Why?\n\nIda Holm: So.\n\nHolm pours the tea.\n\nQ: When?\n\nIda Holm: Then."
        "\n\nHolm puts the kettle back.\n\nIda Holm: Now too.\n\nThe sun was low over the quay."
    )
    assert understood(source)[-1] == ("narration", None, "guessed")


def test_lines_that_repeat_themselves_are_no_pull_quotes() -> None:
    lines = "\n".join(f"We went out on day number {day} again." for day in range(6))
    source = f"Q: Why?\nHolm: So.\n{lines}\nThe light was on all night.\nAnd the light was on all night long.\nQ: And?\nHolm: No."
    assert {kind for kind, _, _ in understood(source)} == {"speech"}


SPEECH = "The rest is salt. Salt on the glass, and nobody ever puts that on a postcard."
CHINESE = "剩下的就是盐。玻璃上是盐，门轴里是盐，可没有人会把这个印在明信片上。"


@pytest.mark.parametrize(
    ("speech", "pulled"),
    [
        (SPEECH, "“Salt on the glass, and nobody ever puts that on a postcard”"),
        (SPEECH, "nobody ever puts that on a postcard"),
        (CHINESE, "「可没有人会把这个印在明信片上」"),
    ],
)
def test_repetitions(speech: str, pulled: str) -> None:
    assert find_repeated_passages([speech, pulled], [1]) == {1}


@pytest.mark.parametrize("text", ["Salt again.", "Nobody ever puts that on my stamps or postcards, I think.", "盐。"])
def test_other_words_are_none(text: str) -> None:
    assert find_repeated_passages([SPEECH, CHINESE, text], [2]) == frozenset()


def test_twins_do_not_make_each_other_quotes() -> None:
    refrain = "And the sea said nothing at all."
    assert find_repeated_passages([refrain, SPEECH, refrain], [0, 2]) == frozenset()
    assert find_repeated_passages([refrain, f"I said: {refrain}", refrain], [0, 2]) == {0, 2}


def test_the_longer_of_two_candidates_is_spoken() -> None:
    assert find_repeated_passages([SPEECH, "nobody ever puts that on a postcard"], [0, 1]) == {1}


def test_set_apart() -> None:
    assert is_set_apart("「整段都是引文」", is_quoted=False)
    assert is_set_apart("no marks", is_quoted=True)
    assert not is_set_apart("「一」和「二」", is_quoted=False)


@pytest.mark.parametrize("heading", ["## Afterword", "后记", "**Nachwort**"])
def test_below_an_afterwords_heading_the_author_has_the_word(heading: str) -> None:
    source = f"{HEAD}Q: Why?\n\nHolm: So.\n\nQ: And?\n\nHolm: No.\n\n{heading}\n\nI went home by the last ferry.\n\nIt was late."
    assert [(kind, speaker) for kind, speaker, _ in understood(source)][-3:] == [
        ("heading", None),
        ("narration", None),
        ("narration", None),
    ]


def test_an_answer_to_a_request_without_a_question_mark() -> None:
    text = "Q: Why?\n\nHolm: So.\n\nQ: Tell us about the fog.\n\nIt comes in May.\n\nQ: And then?\n\nHolm: Then tea."
    assert turn_with(text, "It comes in May.").speaker == "Holm"


def test_a_bracket_in_the_first_person_goes_on_with_the_answer() -> None:
    words = "(I mean the hens, not the geese.)"
    assert judged(f"Q: Why?\n\nHolm: So.\n\n{words}", words) == ("speech", "Ida Holm", "inferred")
