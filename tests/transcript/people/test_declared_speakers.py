import pytest

from interview_audio.transcript.layout.paragraphs import split_paragraphs
from interview_audio.transcript.lexicon.label_grammar import read_label
from interview_audio.transcript.people.declared_speakers import (
    DeclaredPerson,
    bare_name,
    declared_keys,
    find_declarations,
    short_forms_in_label,
)

IDA = DeclaredPerson("Ida Holm", "guest")
NORA = DeclaredPerson("Nora Vale", "host")


@pytest.mark.parametrize(
    ("block", "people"),
    [
        ("speakers: [Ida Holm, Nora Vale]", (DeclaredPerson("Ida Holm", None), DeclaredPerson("Nora Vale", None))),
        (
            "speakers:\n  - Ida Holm\n  - Nora Vale",
            (DeclaredPerson("Ida Holm", None), DeclaredPerson("Nora Vale", None)),
        ),
        ("speakers:\n  IH: Ida Holm\ntags: x", (DeclaredPerson("Ida Holm", None, ("IH",)),)),
        ("speakers:\n  Ida Holm: guest\n  Nora Vale: host", (IDA, NORA)),
        ("speakers:\n  - name: Ida Holm\n    role: guest\n  - name: Nora Vale\n    role: host", (IDA, NORA)),
        ("speakers:\n- name: Ida Holm\n  aliases: [IH, Ida]", (DeclaredPerson("Ida Holm", None, ("IH", "Ida")),)),
        ("host: Nora Vale\nguest: Ida Holm", (NORA, IDA)),
        ("guests:\n  - Ida Holm\ntitle: Light", (IDA,)),
        ("嘉宾: 扎西平措", (DeclaredPerson("扎西平措", "guest"),)),
        ("ゲスト: ささき", (DeclaredPerson("ささき", "guest"),)),
        ("guests:\n  - ida-holm", (IDA,)),
        ("guests: ['[Ida Holm](https://example.org)']", (IDA,)),
        ("guest: '[[people/ida|Ida Holm]]'", (IDA,)),
        ("guest: Ida Holm, Keeper of the Light", (IDA,)),
        ("guest_name: Ida Holm", (IDA,)),
        ("guests: [{name: Ida Holm, role: Keeper}]", (IDA,)),
        (
            "guests:\n  - name: Ida Holm\n    url: https://example.org\n    bio: She keeps it.\nhost: Nora Vale",
            (IDA, NORA),
        ),
        ("people:\n  ida:\n    name: Ida Holm\n    role: guest", (IDA,)),
        ("guest: Ida", (DeclaredPerson("Ida", "guest"),)),
        ("author: Nora Vale", (DeclaredPerson("Nora Vale", None, (), "byline"),)),
        ("guest: TBD\nguests: []\nspeakers: null\nhosts: open-source", ()),
    ],
)
def test_front_matter(block: str, people: tuple[DeclaredPerson, ...]) -> None:
    declared = find_declarations(split_paragraphs(f"---\n{block}\n---\n\nQ: Why?"))
    assert declared.people == people


@pytest.mark.parametrize(
    ("lines", "people"),
    [
        ("Host: Nora Vale\nGuest: Ida Holm", (NORA, IDA)),
        (
            "Participants: Mayor Ida Holm (IH), Nora Vale (NV)",
            (DeclaredPerson("Ida Holm", None, ("IH",)), DeclaredPerson("Nora Vale", None, ("NV",))),
        ),
        (
            "嘉宾：\n林若水（语言学家，大学教授）\n赵千山（小说家）",
            (DeclaredPerson("林若水", "guest"), DeclaredPerson("赵千山", "guest")),
        ),
        ("主持人：沈默", (DeclaredPerson("沈默", "host"),)),
        ("By Nora Vale", (DeclaredPerson("Nora Vale", None),)),
        (
            "IH = Ida Holm\n\nNV = Nora Vale",
            (DeclaredPerson("Ida Holm", None, ("IH",)), DeclaredPerson("Nora Vale", None, ("NV",))),
        ),
        (
            "C = 陈小菲，M = 木塔",
            (DeclaredPerson("陈小菲", None, ("C",)), DeclaredPerson("木塔", None, ("M",))),
        ),
        (
            "C：陈小菲\nM：木塔\n\nC：冷吗？\n\nM：冷。\n\nC：那么？\n\nM：烧火。",
            (DeclaredPerson("陈小菲", None, ("C",)), DeclaredPerson("木塔", None, ("M",))),
        ),
        ("C：陈小菲\n\nM：冷。", ()),
        ("Ida Holm | Guest\nNora Vale | Host", (IDA, NORA)),
        (
            "聞き手\n: ささき\n\n語り手\n: ほそださん\n\n日にち\n: 三月",
            (DeclaredPerson("ささき", "host"), DeclaredPerson("ほそだ", "guest")),
        ),
        ("Guests:\n\n- Ida Holm, keeper of the light.\n- Open all day.", (IDA,)),
        ("Host: Hello?\nHost: Nora Vale", ()),
        ("Host: Good evening, Ida Holm.", ()),
        ("A: Ida Holm", ()),
    ],
)
def test_lists(lines: str, people: tuple[DeclaredPerson, ...]) -> None:
    assert find_declarations(split_paragraphs(f"A light\n\n{lines}")).people == people


@pytest.mark.parametrize(
    ("printed", "forms"),
    [
        ("Ida Holm (IH)", ("IH",)),
        ("Samantha Reed, The Evening Post (SR)", ("SR",)),
        ("艾达·霍尔姆（以下简称“霍”）", ("霍",)),
        ("记者（以下简称记）", ("记",)),
        ("Ida Holm (hereafter Ida)", ("Ida",)),
        ("Ida Holm (keeper)", ()),
        ("霍尔姆（守塔人）", ()),
    ],
)
def test_forms_in_a_label(printed: str, forms: tuple[str, ...]) -> None:
    assert short_forms_in_label(printed) == forms


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Dr. Ida Holm", "Ida Holm"),
        ("MAYOR ELLA FROST", "Ella Frost"),
        ("KIRSTEN ADEYEMI, THE COURIER", "Kirsten Adeyemi"),
        ("CHIEF DUNNE", "CHIEF DUNNE"),
        ("Ida Holm (keeper)", "Ida Holm"),
        ("ほそださん", "ほそだ"),
        ("김바다 님", "김바다"),
    ],
)
def test_bare_names(printed: str, name: str) -> None:
    assert bare_name(printed) == name


def test_labels_that_need_no_other_evidence() -> None:
    source = (
        "A light\n\nBy Nora Vale\n\nIda Holm (IH): b.\n\nNora Vale: c?\n\nIH: d.\n\nIH: e.\n\n周砚秋：好。\n\n周砚秋：好。\n\n周：好。"
        "\n\nNote: f."
    )
    paragraphs = split_paragraphs(source)
    candidates = [read_label(paragraph.text) for paragraph in paragraphs]
    assert declared_keys(find_declarations(paragraphs), candidates) == {"idaholm", "ih", "noravale", "周"}
