from interview_audio.transcript.layout.paragraphs import split_paragraphs, tell_apart
from interview_audio.transcript.people.capitalised_names import NameRuns, collect_runs, heaviest, split_runs


def runs_of(source: str, *names: str) -> NameRuns:
    return collect_runs([tell_apart(paragraph, None) for paragraph in split_paragraphs(source)], names)


def test_runs_are_found_by_their_words_and_initials() -> None:
    runs = runs_of("The Evening Post met Ida Holm. CEO Ida Holm’s light. GreyGull called.")
    assert heaviest(runs.by_initials["ih"]) == "Ida Holm"
    assert heaviest(runs.by_initials["ep"]) == "Evening Post"
    assert heaviest(runs.by_initials["gg"]) == "GreyGull"
    assert heaviest(runs.by_last["holm"]) == "Ida Holm"
    assert heaviest(runs.by_first["ida"]) == "Ida Holm"
    assert runs.by_whole["ida holm"] == "Ida Holm"


def test_a_printed_name_weighs_most() -> None:
    assert heaviest(runs_of("Ivar Hagen and Ivar Hagen.", "Ida Holm").by_initials["ih"]) == "Ida Holm"


def test_the_run_that_begins_at_an_index() -> None:
    assert list(split_runs("with Ida Holm today", 5)) == [["Ida", "Holm"]]
    assert list(split_runs("with Ida Holm today", 0)) == []
    run = "International Weather Museum Saltburn Founder Alexandra Featherstonehaugh"
    assert list(split_runs(run, 0)) == [run.split()[:4], run.split()[5:]]
