import pytest

from interview_audio.transcript.people.misprints import Misprint, edit_distance, misprints_of_labels, misprints_of_names


def nearest(printed: str, *declared: str) -> list[str]:
    return [near.meant for near in misprints_of_names([(printed, 88)], declared)]


def test_the_message_names_the_line_and_what_was_meant() -> None:
    labels = [("Q", 1), ("Ida Holm", 2), ("Q", 87), ("Ida Hlom", 88), ("Ida Hlom", 90)]
    (found,) = misprints_of_names(labels, ["Ida Holm", "Tomas Reyes"])
    assert found == Misprint("Ida Hlom", 88, "Ida Holm")
    assert str(found) == "line 88: nobody is declared as 'Ida Hlom'; did you mean 'Ida Holm'?"


@pytest.mark.parametrize(
    ("printed", "declared"),
    [
        ("Ida Hlom", "Ida Holm"),
        ("ida holmm", "Ida Holm"),
        ("Tomas Rayez", "Tomas Reyes"),
        ("Thomas Reyes", "Tomas Reyes"),
        ("Hlom", "Holm"),
        ("Hollm", "Holm"),
        ("Reyse", "Reyes"),
        ("林海声", "林海生"),
        ("艾达·霍尔母", "艾达·霍尔姆"),
    ],
)
def test_slips(printed: str, declared: str) -> None:
    assert nearest(printed, declared) == [declared]


@pytest.mark.parametrize(
    ("printed", "declared"),
    [
        ("Ida Holm", "Ida Holm"),
        ("IDA  HOLM", "Ida Holm"),
        ("Note", "Nate"),
        ("IH", "IK"),
        ("Ida", "Ada"),
        ("Anna Holm", "Ida Holm"),
        ("Speaker 2", "Speaker 1"),
        ("SPEAKER_01", "SPEAKER_00"),
        ("Panel B", "Panel A"),
        ("Mrs. Holm", "Mr. Holm"),
        ("J. Holm", "I. Holm"),
        ("记者", "笔者"),
        ("主持人", "支持人"),
        ("林海", "林涛"),
        ("林海声音", "林海生"),
        ("女观察员", "男观察员"),
        ("委员甲", "委员乙"),
        ("Interviewr", "Interviewer"),
        ("x" * 400_000, "Ida Holm"),
    ],
)
def test_no_slips(printed: str, declared: str) -> None:
    assert nearest(printed, declared) == []


def test_two_names_that_both_recur_are_two_people() -> None:
    labels = [("Joan Smith", 1), ("John Smith", 2)] * 3
    assert misprints_of_names(labels, ["John Smith"]) == ()
    assert misprints_of_names(labels, ["Jhon Smith"])[-1] == Misprint("John Smith", 2, "Jhon Smith")


def test_a_label_that_occurs_once_is_a_misprint_of_one_that_recurs() -> None:
    labels = [("Q", 1), ("Ida Holm", 2), ("Q", 3), ("Ida Holm", 4), ("Q", 5), ("Ida Holm", 6), ("Ida Hokm", 8)]
    assert misprints_of_labels(labels) == (Misprint("Ida Hokm", 8, "Ida Holm"),)
    assert misprints_of_labels(labels[2:]) == ()


def test_a_chinese_misprint_sounds_the_same() -> None:
    labels = [("林海生", line) for line in (1, 3, 5)]
    assert misprints_of_labels([*labels, ("林海声", 7)]) == (Misprint("林海声", 7, "林海生"),)
    assert misprints_of_labels([*labels, ("林海波", 7)]) == ()


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("", "", 0), ("holm", "holm", 0), ("hlom", "holm", 1), ("hom", "holm", 1), ("holms", "holm", 1), ("ab", "", 2)],
)
def test_distance(one: str, other: str, count: int) -> None:
    assert edit_distance(one, other) == edit_distance(other, one) == count


def test_a_hundred_thousand_labels() -> None:
    labels = [(f"Person {number:05} of the town", number) for number in range(100_000)]
    assert misprints_of_names(labels, [f"Keeper {number}" for number in range(1000)]) == ()
