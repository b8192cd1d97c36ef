import pytest

from interview_audio.configuration.settings import Speaker
from interview_audio.transcript.parsing import parse_transcript
from interview_audio.transcript.turns import Transcript


def people(transcript: Transcript) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(person.name, person.role, person.aliases) for person in transcript.speakers]


@pytest.mark.parametrize(
    ("introduction", "label"),
    [
        ("We visited the keeper Ida Holm.", "IH"),
        ("We visited the keeper Ida Holm.", "I.H."),
        ("We visited Ida Holm’s tower.", "Holm"),
        ("CEO Ida Holm keeps the tower.", "Ida"),
        ("When they asked Ida Holm to stay, she stayed.", "Holm"),
        ("But Holm, that is Ida Holm, stayed.", "Holm"),
    ],
)
def test_short_labels_take_the_full_name_of_the_introduction(introduction: str, label: str) -> None:
    transcript = parse_transcript(
        f"The light\n\n{introduction}\n\nQ: Why?\n\n{label}: Because.\n\nQ: Who?\n\n{label}: Me."
    )
    assert transcript.turns[-1].speaker == "Ida Holm"


def test_the_first_full_label_gives_the_name() -> None:
    transcript = parse_transcript("Q: a?\nIda Holm: b.\nQ: c?\nHolm: d.\nQ: e?\nIH: f.")
    assert people(transcript) == [("Q", "host", ()), ("Ida Holm", "guest", ("Holm", "IH"))]


def test_words_beside_a_name_are_no_part_of_it() -> None:
    transcript = parse_transcript(
        "Talk\n\nOpenSea CEO Ida Holm and CTO Tomas Reyes met the Gazette.\n\nQ: a?\n\nHolm: b.\n\nReyes: c.\n\nHolm: d.\n\nReyes: e."
    )
    assert {turn.speaker for turn in transcript.turns if turn.label and turn.label != "Q"} == {
        "Ida Holm",
        "Tomas Reyes",
    }


def test_a_label_that_the_text_does_not_explain_stays_as_printed() -> None:
    transcript = parse_transcript("Q: a?\nXY: b.\nQ: c?\nXY: d.")
    assert [name for name, _, _ in people(transcript)] == ["Q", "XY"]


def test_settings_know_people_by_folded_aliases() -> None:
    known = {
        "host": Speaker("host", ("Q",)),
        "Ida Holm": Speaker("Ida Holm", ("keeper", "IH"), gender="female"),
        "Nora Vale": Speaker("Nora Vale", ("NV",)),
    }
    transcript = parse_transcript("ＮＶ: a?\nKEEPER: b.\n\nQ: c?\n\nih: d.", known=known)
    assert [turn.speaker for turn in transcript.turns] == ["Nora Vale", "Ida Holm", "Q", "Ida Holm"]
    assert transcript.speakers[1].gender_reason == "voices.yaml"


def test_a_name_wins_over_a_role() -> None:
    known = {"Nora Vale": Speaker("Nora Vale", ("Q",))}
    transcript = parse_transcript("Q: a?\nHolm: b.\nQ: c?\nHolm: d.", known=known)
    assert people(transcript)[0] == ("Nora Vale", "host", ("Q",))


def test_an_alias_of_the_hosts_role_is_a_host() -> None:
    known = {"host": Speaker("host", ("Gull",)), "narrator": Speaker("narrator", ("Voice",))}
    transcript = parse_transcript("Voice: A tower.\nGull: a?\nHolm: b.\nGull: c?\nHolm: d.", known=known)
    assert people(transcript)[0] == ("Gull", "host", ())
    assert (transcript.turns[0].kind, transcript.turns[0].speaker) == ("narration", None)


@pytest.mark.parametrize("label", ["Q", "问", "记者", "主持人", "Interviewer", "Host"])
def test_host_labels_are_named_as_printed(label: str) -> None:
    transcript = parse_transcript(f"{label}: a?\nHolm: b.\n{label}: c?\nHolm: d.", language="en")
    assert people(transcript)[0] == (label, "host", ())


def test_a_credit_names_the_host() -> None:
    transcript = parse_transcript("Host: Nora Vale\n\nHost: Hello?\n\nHolm: b.\n\nHost: c?\n\nHolm: d.")
    assert people(transcript)[0] == ("Nora Vale", "host", ("Host",))
    assert (transcript.turns[0].kind, transcript.turns[0].text) == ("narration", "Host: Nora Vale")


def test_a_role_with_a_name_is_called_by_the_name() -> None:
    transcript = parse_transcript("主持人李华：你好吗？\n张伟：好。\n主持人李华：真的吗？\n张伟：真的。")
    assert people(transcript)[0] == ("李华", "host", ("主持人李华",))


def test_who_mostly_asks_is_the_host() -> None:
    transcript = parse_transcript("Nora: Why?\nIda: So.\nNora: And now?\nIda: Now too.\nNora: Thanks.\nIda: Bye.")
    assert [(name, role) for name, role, _ in people(transcript)] == [("Nora", "host"), ("Ida", "guest")]


def test_where_nobody_asks_there_is_no_host() -> None:
    transcript = parse_transcript("Nora: It rains.\nIda: It does.\nNora: Still.\nIda: Yes.")
    assert {role for _, role, _ in people(transcript)} == {"guest"}


def test_a_translated_name_that_the_text_pairs_is_the_same_person() -> None:
    transcript = parse_transcript(
        "灯塔\n\n我们拜访了艾达·霍尔姆（Ida Holm）。\n\n问：你好吗？\n\n霍尔姆：我很好。\n\n问：真的吗？\n\nHolm：真的。\n\n霍尔姆：是的。\n\nHolm：对。"
    )
    assert [turn.speaker for turn in transcript.turns if turn.label in ("霍尔姆", "Holm")] == ["艾达·霍尔姆"] * 4
    assert "Holm" in transcript.speakers[1].aliases


def test_a_part_of_a_name_with_middle_dots() -> None:
    transcript = parse_transcript(
        "问：你好吗？\n艾达·霍尔姆：好。\n问：真的吗？\n霍尔姆：真的。\n问：是吗？\n霍尔姆：是。\n问：好。\n霍尔姆：好。"
    )
    assert {turn.speaker for turn in transcript.turns} == {"问", "艾达·霍尔姆"}


def test_two_people_with_one_family_name_stay_two() -> None:
    transcript = parse_transcript("Q: a?\nIda Holm: b.\nNils Holm: c.\nIda Holm: d.\nNils Holm: e.")
    assert [name for name, _, _ in people(transcript)] == ["Q", "Ida Holm", "Nils Holm"]


def speakers_of(source: str) -> list[str]:
    return list(dict.fromkeys(turn.speaker for turn in parse_transcript(source).turns if turn.speaker))


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (
            "The Evening Post met Ida Holm.\n\nTEP: a?\n\nIH: b.\n\nTEP: c?\n\nIH: d.",
            ["The Evening Post", "Ida Holm"],
        ),
        ("GreyGull met Ida Holm.\n\nGG: a?\n\nIH: b.\n\nGG: c?\n\nIH: d.", ["GreyGull", "Ida Holm"]),
        (
            "Salt\n\nIda Holm (IH): b.\n\nQ: a?\n\nIH: b.\n\nQ: c?\n\nIH: d.",
            ["Ida Holm", "Q"],
        ),
        (
            "Salt\n\nMAYOR IDA HOLM: b.\n\nQ: a?\n\nMAYOR HOLM: b.\n\nQ: c?\n\nMAYOR HOLM: d.",
            ["Ida Holm", "Q"],
        ),
        (
            "---\nhost: 唐小雨\nguest: 扎西平措\n---\n\n问：好吗？\n\n答：好。\n\n问：真的吗？\n\n答：真的。",
            ["唐小雨", "扎西平措"],
        ),
        (
            "对话\n\n主持人李牧野：大家好。\n\n佟立冬：好。\n\n李牧野：几岁？\n\n佟立冬：八岁。\n\n主持人：谢谢。\n\n佟立冬：谢谢。",
            ["李牧野", "佟立冬"],
        ),
        (
            "Salt\n\nHost: Welcome, I'm Nora Vale.\n\nHolm: Hi.\n\nHost: Why?\n\nHolm: So.",
            ["Nora Vale", "Holm"],
        ),
        (
            "专访周砚秋\n\n周砚秋说话很慢。\n\n记者：好吗？\n\n周：好。\n\n记者：真的吗？\n\n周：真的。\n\n记者：哦？\n\n周：嗯。",
            ["记者", "周砚秋"],
        ),
        (
            "记者甲：好吗？\n\n韩立军：好。\n\n记者乙：真的吗？\n\n韩立军：真的。\n\n记者甲：是吗？\n\n韩立军：是。",
            ["记者甲", "韩立军", "记者乙"],
        ),
        (
            "**O'Malley Network:** How?\n\n**Rob van Berg:** So.\n\n**OMN:** Why?\n\n**RvB:** So.\n\n**OMN:** And?\n\n**RvB:** So.",
            ["O'Malley Network", "Rob van Berg"],
        ),
        (
            "---\nspeakers: Kathleen Bright\n---\n\nQ: a?\n\nA: b.\n\nQ: c?\n\nA: d.",
            ["Q", "Kathleen Bright"],
        ),
        (
            "---\nspeakers: [Nora Vale, Ida Holm]\nhost: Nora Vale\n---\n\nQ: a?\n\nA: b.\n\nQ: c?\n\nA: d.",
            ["Nora Vale", "Ida Holm"],
        ),
        (
            "---\nspeakers: [Nora Vale, Ida Holm]\n---\n\nQ: a?\n\nA: b.\n\nQ: c?\n\nA: d.",
            ["Q", "A"],
        ),
        (
            "Entrevista a Remedios Olmo\n\nP. ¿Cómo se afina?\n\nR. Despacio.\n\nP. ¿Y después?\n\nR. También despacio.",
            ["P", "Remedios Olmo"],
        ),
        (
            "Q = Nora Vale, A = Ida Holm\n\nQ: a?\n\nA: b.\n\nQ: c?\n\nA: d.",
            ["Nora Vale", "Ida Holm"],
        ),
        (
            "灯\n\nささき：寒いですか？\n\nほそださん：寒いです。\n\nささき：本当に？\n\nほそだ：本当です。",
            ["ささき", "ほそだ"],
        ),
        (
            "Journaliste : Ici ?\n\nMme Marchand : Oui.\n\nJournaliste : Et vous ?\n\nM. Dupont : Oui.\n\nJournaliste : Vraiment ?\n\nMarchand : Oui.",
            ["Journaliste", "Mme Marchand", "M. Dupont"],
        ),
        (
            "**Корреспондент:** Давно?\n\n**Анна Ветрова:** Давно.\n\n**Корреспондент:** А зимой?\n\n**А. В.:** Вяжу.",
            ["Корреспондент", "Анна Ветрова"],
        ),
        (
            "LZ = Leuchtturm-Zeitung\nIH = Ida Holm\n\nLZ: Wie lange?\n\nIH: Lange.\n\nLZ: Und jetzt?\n\nIH: Nicht mehr.",
            ["Leuchtturm-Zeitung", "Ida Holm"],
        ),
        (
            "采访者：陈小菲\n受访者：木塔（守塔人）\n\n陈：冷吗？\n\n木：冷。\n\n陈：冬天呢？\n\n木：更冷。",
            ["陈小菲", "木塔"],
        ),
        (
            "About Mastering Lamps\n\nQ: a?\n\nA: b.\n\nQ: c?\n\nA: d.",
            ["Q", "A"],
        ),
    ],
)
def test_who_the_labels_are(source: str, names: list[str]) -> None:
    assert speakers_of(source) == names


def test_the_same_letters_mean_another_person_in_another_document() -> None:
    body = "Q: a?\n\nIH: b.\n\nQ: c?\n\nIH: d."
    assert speakers_of(f"We met Ida Holm.\n\n{body}") == ["Q", "Ida Holm"]
    assert speakers_of(f"We met Ivar Hagen.\n\n{body}") == ["Q", "Ivar Hagen"]


def test_a_run_that_the_body_happens_to_write_names_nobody() -> None:
    turns = "".join(f"Q: And day {day}?\n\nGull: The same.\n\n" for day in range(5))
    assert speakers_of(f"{turns}Gull: We sat in the Old Gull once.") == ["Q", "Gull"]


def test_several_words_for_an_answer_are_one_persons() -> None:
    text = "# Entrevista a Remedios Olmo\n\nPregunta: ¿Ya?\n\nRespuesta: Ya.\n\nPregunta: ¿Hoy?\n\nAnswer: Hoy.\n"
    assert [person.name for person in parse_transcript(text).speakers] == ["Pregunta", "Remedios Olmo"]
