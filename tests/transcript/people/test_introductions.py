import pytest

from interview_audio.transcript.parsing import parse_transcript
from interview_audio.transcript.people.introductions import Introduction, Opening, find_introduced


def named(head: list[str]) -> str | None:
    opening = Opening((head[0],), tuple((text, line) for line, text in enumerate(head[1:], 3)))
    found = find_introduced(opening, ["Nora Vale"])
    return found.name if found else None


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (["The light: an interview with Ida Holm"], "Ida Holm"),
        (["A Conversation With Ida Park About Salt", "Salt is old."], "Ida Park"),
        (["The light on Elm Street", "Ida Holm has kept it since 1971."], "Ida Holm"),
        (
            ["Interview with Bartholomew Featherstonehaugh-Cholmondeley Wriothesley-Fitzwilliam"],
            "Bartholomew Featherstonehaugh-Cholmondeley Wriothesley-Fitzwilliam",
        ),
        (["The light", "We met the keeper. It rained."], None),
        (["The light", "Ida Holm keeps it. Tomas Reyes paints it."], None),
        (["The light", "Xun Reyes is a keeper. He is late."], "Xun Reyes"),
        (["Nora Vale interviews Ida Holm"], "Ida Holm"),
        (["Ida Holm on salt"], "Ida Holm"),
        (["Ida Holm, keeper"], "Ida Holm"),
        (["Ida Holm and Tomas Reyes"], None),
        (["Lamp talk - an interview with ida d holm"], "ida d holm"),
        (["Entretien avec Odile Marchand"], "Odile Marchand"),
        (["Entrevista a Remedios Olmo"], "Remedios Olmo"),
        (["Im Gespräch mit der Knopfmacherin Friederike Lüders"], "Friederike Lüders"),
        (["Intervista a Chiara Conti"], "Chiara Conti"),
        (["Entrevista com Rui Duarte"], "Rui Duarte"),
        (["Ida Holm, 68, and the light"], "Ida Holm"),
        (["The light", "It was lit, which Xun Reyes, 68, calls an instruction."], "Xun Reyes"),
        (["김바다 인터뷰: 등대지기"], "김바다"),
        (["灰田さんに聞く", "海の話。"], "灰田"),
        (["حوار مع سلمى حداد"], "سلمى حداد"),
        (["对话守塔人周砚秋：灯不会骗人", "周砚秋，一九七五年生。"], "周砚秋"),
        (["专访艾达·霍尔姆"], "艾达·霍尔姆"),
        (["灯塔", "本刊采访了著名作家余华，请他谈谈海。"], "余华"),
        (["灯塔", "周砚秋，守塔人，今年六十岁。"], "周砚秋"),
        (["灯塔", "海边有一座灯塔。"], None),
        # Books, products, places, headings: they have capitals as well.
        (["Salt", "We talk to brian about Mastering Lamps second edition."], None),
        (["Salt", "Software developer (Lamp Search App, iLamp2)"], None),
        (["Salt", "An interview with Mastering Lamps author Ida Holm."], "Ida Holm"),
        (["INTERVIEW WITH IDA HOLM"], "Ida Holm"),
        (["Salt", "Lamp Search App is a program. It is fast."], None),
        (["Salt", "The Virginia Museum opened in May."], None),
        (["灯塔", "近日，记者采访了灯塔应用程序的开发者陈小菲，请她谈谈灯。"], "陈小菲"),
        (["关于应用程序", "关于灯的应用程序，用户是程序员。"], None),
        (["Weighing Lamps"], None),
    ],
)
def test_the_person_whom_the_head_presents(head: list[str], name: str | None) -> None:
    assert named(head) == name


def test_a_name_is_not_made_of_words_that_the_document_writes_small() -> None:
    titles = ("Ten questions for Red Hat",)
    assert find_introduced(Opening(titles, small=frozenset(("red", "hat"))), []) is None
    assert find_introduced(Opening(("Interview with ida d holm",), small=frozenset(("ida", "d", "holm"))), [])


def test_where_somebody_is_named() -> None:
    opening = Opening(("Salt",), (("We met Ida Holm.", 3), ("Our guest is Ida Holm.", 5)), (("I'm Ida Holm.", 9),))
    assert find_introduced(opening, []) == Introduction("Ida Holm", "named in the introduction, line 5")
    assert find_introduced(Opening((), (), opening.answers), []) == Introduction(
        "Ida Holm", "says their own name, line 9"
    )


ASKED = "**Is it cold?**\n\nIt is.\n\n**And wet?**\n\nThat too."


@pytest.mark.parametrize(
    ("source", "people"),
    [
        (
            f"# Salt\n\nThe sea is near.\n\n{ASKED}",
            {
                "Interviewer": "asks the questions; the text does not name them for sure",
                "Guest": "answers the questions; the text does not name them for sure",
            },
        ),
        (
            f"---\nguest: Ida Holm\nhost: Nora Vale\n---\n\n{ASKED}",
            {
                "Nora Vale": "declared in the front matter, line 3",
                "Ida Holm": "declared in the front matter, line 2",
            },
        ),
        (
            "# Interview with Ida Holm\n\nQ: Is it cold?\n\nA: It is.\n\nQ: And wet?\n\nA: That too.",
            {
                "Q": "label, 2 turns; the text does not name them for sure",
                "Ida Holm": "label, 2 turns; named in the title",
            },
        ),
    ],
)
def test_the_evidence_for_each_person(source: str, people: dict[str, str]) -> None:
    assert {person.name: person.evidence for person in parse_transcript(source).speakers} == people
