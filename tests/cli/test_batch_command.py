"""`batch`: which sources are meant, what is shown, and what is tried again; the work itself is a fake's."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from pathlib import Path

import psutil
import pytest
from rich.console import Console

import interview_audio
from interview_audio.cli import batch_progress as progress
from interview_audio.errors import EngineError, SourceError, UsageError
from interview_audio.rendering import batch
from interview_audio.rendering.batch import SourceEnd
from interview_audio.rendering.source_calls import SourcePlan, SourceResult, plan_source
from interview_audio.synthesis import workers
from interview_audio.text.characters import columns
from interview_audio.transcript.turns import NotRead


class Fake:
    """Workers that make an episode of every source at once, but of those whose name begins with `broken`."""

    def __init__(self):
        self.tried = []

    is_elsewhere = False

    def capacity(self, needs):
        return 2

    def waiting(self):
        return None

    def submit(self, call, task):
        future = Future()
        name = task.source.name
        if call is plan_source:
            self.tried.append(name)
            if name.startswith("interrupt"):
                raise KeyboardInterrupt
            if name.startswith("gone"):
                raise EngineError("the workers are gone")
            if not task.source.exists():
                future.set_exception(SourceError("not found", str(task.source)))
                return future
            if name.startswith("broken"):
                future.set_exception(SourceError("nobody speaks", str(task.source), 3))
                return future
            made = SourceResult(Path("old.mp3"), "Old", 60.0, 1, 1000, 4, is_new=False)
            future.set_result(SourcePlan(result=made if name.startswith("old") else None))
            return future
        warnings = (f"{task.source}:1: odd",) if name.startswith("odd") else ()
        path = Path(task.options.folder) / f"{task.source.stem}.mp3"
        future.set_result(SourceResult(path, "Talk", 34.0, 2, 1000, 4, is_new=True, warnings=warnings))
        return future


@pytest.fixture
def fake(monkeypatch):
    faked = Fake()
    monkeypatch.setattr(batch, "local_workers", lambda *_: faked)
    return faked


@pytest.fixture
def texts(tmp_path):
    """Makes files in the folder `texts`."""
    folder = tmp_path / "texts"
    folder.mkdir()

    def make(*names):
        for name in names:
            (folder / name).touch()
        return folder

    return make


# Which sources are meant.


def test_a_folder_gives_its_interviews_and_says_what_is_passed_over(run, fake, texts):
    folder = texts("b.md", "a.TXT", "c.script.yaml", "c.txt", "voices.yaml", "podcast.yaml", ".hidden.txt", "x.png")
    names = ("a.mp3", "a.transcript.json", "a.md")
    record = {"files": [{"name": name, "sha256": "0" * 64, "size": 0} for name in names]}
    (folder / "a.episode.json").write_text(json.dumps(record))
    texts("a.mp3", "a.md", "a.transcript.json", "notes.md", *(f"song{number}.wav" for number in range(7)))
    (folder / "deeper.txt").mkdir()
    result = run("batch", folder)
    assert sorted(fake.tried) == ["a.TXT", "b.md", "c.script.yaml", "notes.md"]
    assert result.code == 0
    passed = (
        "4 files of episodes, 1 text with a script file, song0.wav, song1.wav, song2.wav, song3.wav, song4.wav, 3 more"
    )
    assert f"texts: 4 interviews; passed over: {passed}; 1 folder in it is not looked into\n" in result.err


def test_a_link_to_nowhere_in_a_folder_is_a_source_like_one_in_a_list(run, fake, texts):
    folder = texts("a.txt")
    (folder / "moved.txt").symlink_to(folder / "away.txt")
    result = run("batch", folder)
    assert sorted(fake.tried) == ["a.txt", "moved.txt"]
    assert "texts: 2 interviews\n" in result.err


def test_a_folder_without_an_interview_is_an_error_before_anything_is_done(run, fake, texts, tmp_path):
    (tmp_path / "talk.txt").touch()
    folder = texts("x.png")
    (folder / "2025").mkdir()
    (folder / "2026").mkdir()
    result = run("batch", "talk.txt", folder)
    assert (result.code, result.out, fake.tried) == (2, "", [])
    assert (
        "texts: there is no interview in it; passed over: x.png; 2 folders in it are not looked into; name the files, "
        "or another folder"
    ) in result.err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_list_names_sources_seen_from_its_folder(run, fake, texts, encoding):
    folder = texts("a.txt", "采访.txt")
    (folder / "list.txt").write_bytes(f"# to do\r\na.txt\r\n\r\n  采访.txt\n{folder / 'a.txt'}\n".encode(encoding))
    result = run("batch", "--from", folder / "list.txt")
    assert (result.code, fake.tried) == (0, ["a.txt", "采访.txt"])
    assert "2 sources: 2 made" in result.out


def test_a_list_that_is_no_text_is_an_error_before_anything_is_done(run, fake, texts):
    folder = texts("a.txt", "b.txt")
    (folder / "list.txt").write_bytes(b"a.txt\0b.txt\0")
    result = run("batch", "--from", folder / "list.txt")
    assert (result.code, result.out, fake.tried) == (2, "", [])
    assert "list.txt: this is not a list of sources; write one path a line" in result.err


def test_a_list_comes_through_standard_input_too_and_what_is_not_there_is_a_source_that_fails(
    run, fake, texts, monkeypatch
):
    texts("a.txt")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"texts/a.txt\ntexts/absent.txt\n")))
    result = run("batch", "--from", "-")
    assert result.code == 1
    assert "Error: texts/absent.txt: not found\n" in result.err
    assert "2 sources: 1 made, 1 failed" in result.out


def test_a_source_given_twice_is_one_and_those_of_one_name_fail_while_others_go_on(run, fake, texts):
    folder = texts("a.txt", "a.md", "b.txt")
    result = run("batch", folder, folder / "b.txt", folder / ".." / "texts" / "b.txt")
    assert (result.code, fake.tried) == (1, ["b.txt"])
    clash = f"Error: {folder}/a.md and {folder}/a.txt would both write a.*; rename one of them"
    assert clash in result.err
    assert f"{folder}/a.txt and {folder}/a.md would both write" in result.err
    assert "3 sources: 1 made, 2 failed" in result.out


def test_nothing_named_is_an_error_and_so_are_limits_of_this_machine_on_a_cluster(run, fake, texts):
    assert "name sources, a folder or a list" in run("batch").err
    result = run("batch", texts("a.txt"), "--cluster", "local:2", "--nice", "5", "--limit-cpu", "50")
    assert (result.code, fake.tried) == (2, [])
    assert "processes of this machine, which --nice and --limit-cpu are about; set limits where" in result.err


def test_a_cluster_that_cannot_be_is_an_error_before_anything_is_done_or_remembered(run, fake, texts):
    result = run("batch", texts("a.txt"), "--cluster", "somewhere:8786")
    assert (result.code, result.out, fake.tried) == (2, "", [])
    assert result.err.startswith("Error: --cluster somewhere:8786: give local:4")
    assert "nothing is remembered" in run("batch", "--continue").err


def test_what_is_left_to_others_on_this_machine_reaches_the_workers(run, fake, texts, monkeypatch):
    asked = []

    class Pool(workers.WorkerPool):
        def __init__(self, *words):
            asked.append(words)
            super().__init__(*words)

    monkeypatch.setattr(workers, "WorkerPool", Pool)
    assert run("batch", texts("a.txt"), "--jobs", "3", "--nice", "5", "--limit-cpu", "12.5").code == 0
    assert asked == [(3, workers.Courtesy(niceness=5, percent=12.5))]


# What is shown.


def test_of_a_thousand_sources_with_three_broken_ones_all_others_come_out(run, fake, texts):
    names = [f"{'broken' if number in (3, 500, 998) else 'talk'}{number:03}.txt" for number in range(1000)]
    folder = texts(*names)
    result = run("batch", folder, "-o", "out")
    assert result.code == 1
    *rows, total, advice = result.out.splitlines()
    assert rows == [f"  {folder}/broken{number}.txt  failed  line 3: nobody speaks" for number in ("003", "500", "998")]
    assert total == "1,000 sources: 997 made, 3 failed; 9:24:58 of sound, 0 lines spoken"
    assert advice == "Correct that, and run the same command with --continue: it tries only what is missing."
    lines = result.err.splitlines()
    assert re.fullmatch(r"out/talk\d+\.mp3  0:34  2 chapters  \(done\)  \[1,000/1,000\]", lines[-2])
    assert f"Error: {folder}/broken500.txt:3: nobody speaks" in lines
    tenths = [line for line in lines if re.match(r"\d+ %", line)]
    assert len(tenths) == 10
    assert tenths[4] == "50 %: 497 made, 3 failed, 500 left"
    assert "\x1b" not in result.err + result.out
    again = run("batch", folder, "-o", "out", "--continue")
    assert fake.tried[1000:] == ["broken003.txt", "broken500.txt", "broken998.txt"]
    assert "3 sources: 3 failed; 997 finished before\n" in again.out


def test_only_some_of_many_failures_are_named(run, fake, texts):
    folder = texts(*(f"broken{number:02}.txt" for number in range(30)), "old.txt", "odd.txt")
    result = run("batch", folder, "-o", "out")
    assert result.out.count("nobody speaks") == 20
    memory = next((Path(os.environ["XDG_DATA_HOME"]) / "interview-audio" / "batches").glob("*.jsonl"))
    assert f"  and 10 more: {memory}\n" in result.out
    assert "32 sources: 1 made, 1 unchanged, 30 failed" in result.out
    assert f"Warning: {folder}/odd.txt:1: odd\n" in result.err


def test_the_summary_as_json_has_every_source_and_the_totals(run, fake, texts):
    folder = texts("broken.txt", "odd.txt", "old.txt")
    result = run("batch", folder, "-o", "out", "--json")
    assert result.code == 1
    summary = json.loads(result.out)
    none = dict.fromkeys(("path", "title", "seconds", "chapters", "bytes", "not_read"))
    ends = {Path(end["source"]).name: end for end in summary["sources"]}
    assert ends["broken.txt"] == none | {
        "source": f"{folder}/broken.txt",
        "state": "failed",
        "spoken": 0,
        "reason": f"{folder}/broken.txt:3: nobody speaks",
        "line": 3,
        "warnings": [],
    }
    assert ends["odd.txt"] == {
        "source": f"{folder}/odd.txt",
        "state": "done",
        "path": "out/odd.mp3",
        "title": "Talk",
        "seconds": 34.0,
        "chapters": 2,
        "bytes": 1000,
        "not_read": {"share": 0.0, "words": 0},
        "spoken": 0,
        "reason": None,
        "line": None,
        "warnings": [f"{folder}/odd.txt:1: odd"],
    }
    assert ends["old.txt"]["state"] == "unchanged"
    assert summary["totals"] == {
        "sources": 3,
        "done": 1,
        "unchanged": 1,
        "failed": 1,
        "not_tried": 0,
        "left": 0,
        "finished_before": 0,
        "seconds": 34.0,
        "spoken": 0,
        "interrupted": False,
    }
    assert Path(summary["memory"]).is_file()
    assert result.out.count("\n") == 7


def end_of(number, words, of):
    made = SourceResult(Path("a.mp3"), "A", 60.0, 1, 1000, 4, is_new=True, not_read=NotRead(words, words / of))
    return SourceEnd(Path(f"{number}.txt"), "done", made)


def test_the_summary_names_the_episodes_that_leave_most_out(capsys):
    ends = [end_of(number, number, 200) for number in range(12)]
    report = progress.BatchReport(progress.BatchTotals(12))
    for end in ends:
        report.add(end)
    report.close([end.source for end in ends], is_interrupted=True, memory=None)
    assert " ".join(capsys.readouterr().out.splitlines()[-2:]).endswith(
        "7 episodes leave out more than 2 % of the words: 11.txt (5.5 %), 10.txt (5.0 %), 9.txt (4.5 %), 8.txt (4.0 %), "
        "7.txt (3.5 %), 2 more; `check FILE` says why"
    )


def test_the_summary_has_the_order_of_the_sources_and_says_the_same_reason_once(capsys):
    ends = [end_of(number, 0, 1) for number in range(4)]
    ends += [SourceEnd(Path(f"bad{number}.txt"), "failed", reason="voices.yaml:1: odd") for number in range(30)]
    report = progress.BatchReport(progress.BatchTotals(34))
    for end in reversed(ends):
        report.add(end)
    report.close([end.source for end in ends], is_interrupted=True, memory=Path("memory.jsonl"))
    rows = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows[:5]] == ["0.txt", "1.txt", "2.txt", "3.txt", "bad0.txt"]
    assert rows[4].split("  ")[1:] == ["bad0.txt and 29 more", "failed", "voices.yaml:1: odd"]
    assert rows[5].startswith("34 sources: ")


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_an_error_before_anything_is_begun_leaves_standard_output_empty(run, fake, texts, words):
    result = run("batch", texts("gone.txt"), "-o", "out", *words)
    assert (result.code, result.out) == (1, "")
    assert "the workers are gone" in result.err


class Terminal:
    """Stands in for a live table, and has what it shows."""

    def __init__(self):
        self._shown = io.StringIO()
        self.console = Console(width=80, height=24, file=self._shown)

    def update(self, picture, *, refresh):
        self.console.print(picture)

    @property
    def lines(self):
        return self._shown.getvalue().splitlines()


def test_the_table_is_readable_at_80_columns_with_long_names_and_many_sources():
    seconds = iter(range(1000))
    terminal = Terminal()
    totals = progress.BatchTotals(10_000)
    shown = progress._LiveProgress(totals, terminal, lambda: float(next(seconds)))
    shown._shown = 1e9
    sources = [
        Path(f"第{number:03}期：一位在海边守了三十一年灯塔的人和他写给每一艘过往船只的信.txt") for number in range(64)
    ]
    for source in sources:
        shown.planned(source, 90, 80)
        shown.spoken(source, 40, 80)
    shown.producing(sources[1])
    ended = SourceEnd(sources[2], "done", SourceResult(Path("out.mp3"), "", 60.0, 1, 1, 90, is_new=True), 80)
    totals.add(ended)
    shown.ended(ended)
    totals.add(SourceEnd(sources[3], "failed"))
    shown._shown = 0
    shown.ended(SourceEnd(sources[3], "failed", reason="the sea is too loud"))
    lines = terminal.lines
    assert max(map(columns, lines)) <= 80
    assert lines[:2] == [f"Error: {sources[3]}:", "    the sea is too loud"]
    rows = [line for line in lines if line.startswith(("speaking", "producing"))]
    assert len(rows) == 16
    assert re.match(r"speaking  ━.* 50/90 第000期：一位在海边守了三十一年灯塔的人", rows[0])
    assert rows[1].startswith("producing")
    assert "and 46 more" in lines[-3]
    assert " ".join(lines[-2:]).startswith("2/10,000: 1 made, 1 failed, 9,998 left; 64 lines, ")
    assert re.search(r"about \d+:\d\d:\d\d +left$", " ".join(lines[-2:]))


def test_a_terminal_gets_the_table_and_a_pipe_gets_lines(monkeypatch):
    totals = progress.BatchTotals(1)
    with progress.batch_progress(totals) as shown:
        assert isinstance(shown, progress._PlainProgress)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress.batch_progress(totals) as shown:
        assert isinstance(shown, progress._LiveProgress)
    with progress.batch_progress(totals, is_plain=True) as shown:
        assert isinstance(shown, progress._PlainProgress)


def test_a_pipe_hears_of_a_wait_once_a_minute_and_of_a_download_by_tenths(capsys):
    now = [0.0]
    with progress.batch_progress(progress.BatchTotals(1), now=lambda: now[0]) as shown:
        for second in range(70):
            now[0] = float(second)
            shown.waiting("too many requests" if second % 2 else None)
        for arrived in range(0, 90, 4):
            shown.downloading(arrived, 88)
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == ["Waiting: too many requests"] * 2
    assert lines[2:] == [f"Downloading {tenth}0 %" for tenth in range(1, 11)]


# What is tried again.


def test_continue_tries_what_is_not_finished_and_what_is_new(run, fake, texts):
    folder = texts("a.txt", "broken.txt")
    run("batch", folder, "-o", "out", "--engine", "tone")
    texts("new.txt")
    (folder / "broken.txt").rename(folder / "mended.txt")
    fake.tried.clear()
    result = run("batch", folder, "-o", "out", "--continue", "--engine", "tone")
    assert (result.code, sorted(fake.tried)) == (0, ["mended.txt", "new.txt"])
    assert "1 of 3 sources finished before; 2 to do\n" in result.err
    assert "1 finished before\n" in result.out


def test_continue_with_other_options_is_an_error_before_anything_is_done(run, fake, texts):
    run("batch", texts("a.txt", "broken.txt"), "-o", "out", "--engine", "tone", "--strict")
    fake.tried.clear()
    result = run("batch", "--continue", "-o", "out", "--strict")
    assert (result.code, result.out, fake.tried) == (2, "", [])
    assert "last time it was --engine tone, and now it is not; give the same options, or leave out --continue" in (
        " ".join(result.err.split())
    )


def test_continue_alone_takes_the_sources_of_last_time_and_says_what_was_chosen_otherwise(run, fake, texts, tmp_path):
    run("batch", texts("a.txt", "broken.txt"), "-o", "out", "--engine", "tone", "--strict")
    fake.tried.clear()
    result = run("batch", "--continue", "-o", "out", "--engine", "tone")
    assert (result.code, fake.tried) == (1, ["broken.txt"])
    assert "Last time: --strict; what was finished then stays as it is\n" in result.err
    assert "texts/broken.txt  failed" in result.out
    assert str(tmp_path) not in result.out.splitlines()[0]
    result = run("batch", "--continue", "-o", "elsewhere")
    assert result.code == 2
    assert "nothing is remembered of a batch into elsewhere; name sources or a folder" in result.err


def test_a_source_that_is_gone_since_says_what_to_do(run, fake, texts):
    folder = texts("a.txt", "broken1.txt", "broken2.txt")
    run("batch", folder, "-o", "out")
    (folder / "broken1.txt").rename(folder / "mended.txt")
    fake.tried.clear()
    result = run("batch", "--continue", "-o", "out")
    assert (result.code, fake.tried) == (1, ["broken2.txt"])
    assert "broken1.txt: gone since last time; if it has another name now, name its folder again\n" in result.err
    assert "2 sources: 2 failed; 1 finished before" in result.out


def test_when_all_is_finished_there_is_nothing_to_do(run, fake, texts):
    run("batch", texts("a.txt"), "-o", "out")
    result = run("batch", "--continue", "-o", "out")
    assert (result.code, fake.tried) == (0, ["a.txt"])
    assert result.out == "0 sources: nothing to do; 1 finished before\n"


def test_a_clash_is_over_once_one_of_the_sources_is_gone(run, fake, texts):
    folder = texts("a.txt", "a.md")
    assert run("batch", folder, "-o", "out").code == 1
    (folder / "a.md").unlink()
    assert run("batch", folder, "-o", "out", "--continue").code == 0
    assert fake.tried == ["a.txt"]


def test_a_damaged_memory_is_told_in_a_line_and_everything_is_tried(run, fake, texts):
    folder = texts("a.txt")
    run("batch", folder, "-o", "out")
    memory = next((Path(os.environ["XDG_DATA_HOME"]) / "interview-audio" / "batches").glob("*.jsonl"))
    memory.write_text("what?\n")
    result = run("batch", folder, "-o", "out", "--continue")
    assert f"Warning: {memory}: what it remembers of earlier batches is damaged\n" in result.err
    assert (result.code, fake.tried) == (0, ["a.txt", "a.txt"])
    assert run("batch", "--continue", "-o", "out").code == 0


def test_a_batch_goes_on_where_nothing_can_be_remembered(run, fake, texts, monkeypatch):
    folder = texts("a.txt")
    Path(os.environ["XDG_DATA_HOME"]).mkdir(exist_ok=True)
    (Path(os.environ["XDG_DATA_HOME"]) / "interview-audio").mkdir()
    (Path(os.environ["XDG_DATA_HOME"]) / "interview-audio" / "batches").touch()
    result = run("batch", folder, "-o", "out")
    assert (result.code, fake.tried) == (0, ["a.txt"])
    assert "Warning: what fails is not remembered for --continue: " in result.err


def test_an_interrupted_batch_keeps_what_is_finished_and_its_json_is_whole(run, fake, texts):
    folder = texts("a.txt", "b.txt", *(f"z{number}.txt" for number in range(9)))
    (folder / "c.txt").write_text("")
    (folder / "c.txt").rename(folder / "interrupt.txt")
    result = run("batch", folder, "-o", "out", "--json")
    assert result.code == 130
    assert "Interrupted; finished episodes and clips are kept, continue with --continue.\n" in result.err
    summary = json.loads(result.out)
    assert summary["totals"]["interrupted"] is True
    assert summary["totals"]["left"] == 12 - len(summary["sources"])
    (folder / "interrupt.txt").unlink()
    finished = {Path(end["source"]).name for end in summary["sources"]}
    fake.tried.clear()
    assert run("batch", folder, "-o", "out", "--continue").code == 0
    assert not finished & set(fake.tried)


def test_where_the_workers_are_gone_the_summary_says_what_is_left(run, fake, texts):
    result = run("batch", texts(*(f"a{number}.txt" for number in range(9)), "gone.txt", "z.txt"), "-o", "out")
    assert result.code == 1
    assert result.err.endswith("Error: the workers are gone\n")
    assert re.match(r"11 sources: \d made, \d left; ", result.out.splitlines()[-1])
    assert "11 of 11 sources" not in result.err
    (Path("texts") / "gone.txt").unlink()
    assert "finished before" in run("batch", "texts", "-o", "out", "--continue").out


# What really happens.


@pytest.fixture
def started(tmp_path):
    """Starts `batch` in a process of its own, over a folder of talks."""
    folder = tmp_path / "talks"
    folder.mkdir()
    for number in range(4):
        said = "".join(
            f"Q: Question {number} {line}?\n\nAda: Answer {number} {line}, and {'on ' * 20}\n\n" for line in range(3)
        )
        (folder / f"talk{number:02}.txt").write_text(f"# Talk {number}\n\n{said}", "utf-8")
    running = []

    def start(*words):
        chosen = ["--engine", "tone", "-o", "out", "--store", "clips", "--jobs", "1", *words]
        command = [sys.executable, "-m", "interview_audio", "batch", "talks", *chosen]
        running.append(subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


def episodes():
    return sorted(path.stem for path in Path("out").glob("*.mp3"))


def remembered():
    folder = Path(os.environ["XDG_DATA_HOME"]) / "interview-audio" / "batches"
    return "".join(path.read_text("utf-8") for path in folder.glob("*.jsonl"))


def wait_for_ends(count, process):
    """Wait until so many episodes are made, and that is written down."""
    while remembered().count('"done"') < count:
        assert process.poll() is None
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_killed_batch_is_continued_and_a_killed_worker_costs_nothing(started):
    first = started()
    wait_for_ends(1, first)
    first.kill()
    first.communicate()
    made = {path: path.read_bytes() for path in Path("out").glob("*.mp3")}
    second = started("--continue", "--json")
    wait_for_ends(2, second)
    children = psutil.Process(second.pid).children()
    next(one for one in children if "spawn_main" in " ".join(one.cmdline())).kill()  # the only worker
    out, err = second.communicate(timeout=100)
    assert second.returncode == 0, err
    summary = json.loads(out)
    assert summary["totals"]["finished_before"] + summary["totals"]["sources"] == 4
    assert summary["totals"]["finished_before"] >= 1
    assert episodes() == [f"talk{number:02}" for number in range(4)]
    assert {path: path.read_bytes() for path in made} == made
    assert not list(Path("out").glob(".interview-audio-*"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_ctrl_c_ends_a_batch_and_what_is_finished_is_kept(started):
    process = started()
    wait_for_ends(1, process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert err.endswith("Interrupted; finished episodes and clips are kept, continue with --continue.\n")
    assert '"open"' in remembered()
    assert len(episodes()) < 4


# The library.


def test_the_library_yields_how_sources_end(fake, texts):
    folder = texts("a.txt", "broken.txt")
    ends = list(interview_audio.batch([folder / "a.txt", folder / "a.txt", str(folder / "broken.txt")], output="out"))
    assert {end.source.name: (end.state, end.line) for end in ends} == {
        "a.txt": ("done", None),
        "broken.txt": ("failed", 3),
    }
    with pytest.raises(UsageError, match="title works with one source"):
        list(interview_audio.batch([folder / "a.txt"], title="A"))
