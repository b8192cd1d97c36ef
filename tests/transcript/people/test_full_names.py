import pytest

from interview_audio.transcript.layout.paragraphs import separate_label, split_paragraphs
from interview_audio.transcript.lexicon.personal_names import words_in_small_letters
from interview_audio.transcript.people.full_names import (
    CapitalisedNames,
    ChineseNames,
    bilingual_forms,
    capitalised_words_at,
    chinese_family_name,
    count_capitalised_names,
    find_bilingual_names,
    join_bilingual_labels,
    likeliest_name,
    transliterated_names,
    without_chinese_title,
)


@pytest.mark.parametrize(
    ("printed", "head", "form", "name"),
    [
        (["周砚秋"], [], "周", "周砚秋"),
        (["周砚秋"], [], "砚秋", "周砚秋"),
        (["周砚秋"], [], "周老师", "周砚秋"),
        (["欧阳晴"], [], "欧阳", "欧阳晴"),
        (["周砚秋", "周小满"], [], "周", None),
        (["艾达·霍尔姆"], [], "霍尔姆", "艾达·霍尔姆"),
        (["艾达·霍尔姆"], [], "霍", "艾达·霍尔姆"),
        ([], ["专访周砚秋", "周砚秋说话很慢。"], "周", "周砚秋"),
        ([], ["我们拜访了艾达·霍尔姆。", "后来艾达·霍尔姆走了。"], "霍尔姆", "艾达·霍尔姆"),
        ([], ["灯塔", "店主灰田ノリコさん。"], "灰田", "灰田ノリコ"),
        ([], ["周末的灯塔", "到了周末就关门。"], "周", None),
        ([], ["灯塔"], "周", None),
    ],
)
def test_full_names(printed: list[str], head: list[str], form: str, name: str | None) -> None:
    assert ChineseNames(printed, head, [], [form]).full_name(form) == name


def test_titles_and_family_names() -> None:
    assert [without_chinese_title(form) for form in ("周老师", "周总", "老周", "周砚秋")] == [
        "周",
        "周",
        "周",
        "周砚秋",
    ]
    assert [chinese_family_name(name) for name in ("欧阳晴", "欧阳", "周砚秋")] == ["欧阳", "欧", "周"]


def test_names_with_middle_dots_without_the_words_around_them() -> None:
    assert list(transliterated_names(["我们拜访了艾达·霍尔姆。", "后来艾达·霍尔姆说，她累了。"])) == ["艾达·霍尔姆"]


def runs_of(source: str, *names: str) -> CapitalisedNames:
    passages = [separate_label(paragraph, None) for paragraph in split_paragraphs(source)]
    return count_capitalised_names(passages, names, words_in_small_letters(passage.text for passage in passages))


def test_runs_are_found_by_their_words_and_initials() -> None:
    runs = runs_of("The Evening Post met Ida Holm. CEO Ida Holm’s light. GreyGull called.")
    assert likeliest_name(runs.by_initials["ih"]) == "Ida Holm"
    assert likeliest_name(runs.by_initials["ep"]) == "Evening Post"
    assert likeliest_name(runs.by_initials["gg"]) == "GreyGull"
    assert likeliest_name(runs.by_last["holm"]) == "Ida Holm"
    assert likeliest_name(runs.by_first["ida"]) == "Ida Holm"
    assert runs.by_whole["ida holm"] == "Ida Holm"


def test_a_printed_name_weighs_most() -> None:
    assert likeliest_name(runs_of("Ivar Hagen and Ivar Hagen.", "Ida Holm").by_initials["ih"]) == "Ida Holm"


def test_the_run_that_begins_at_an_index() -> None:
    assert list(capitalised_words_at("with Ida Holm today", 5)) == [["Ida", "Holm"]]
    assert list(capitalised_words_at("with Ida Holm today", 0)) == []
    run = "International Weather Museum Saltburn Founder Alexandra Featherstonehaugh"
    assert list(capitalised_words_at(run, 0)) == [run.split()[:4], run.split()[5:]]


def test_pairs_join_two_labels_of_one_person() -> None:
    pairs = find_bilingual_names(["我们拜访了霍尔姆（Ida Holm）。", "Reyes（雷耶斯）也来了。"])
    assert pairs == (("我们拜访了霍尔姆", "Ida Holm"), ("雷耶斯", "Reyes"))
    assert join_bilingual_labels({"q": "Q", "霍尔姆": "霍尔姆", "idaholm": "Ida Holm", "n": None}, pairs) == {
        "q": "Q",
        "霍尔姆": "霍尔姆",
        "idaholm": "霍尔姆",
        "n": None,
    }
    assert list(bilingual_forms(["霍尔姆"], pairs)) == [("霍尔姆", "Ida Holm")]
