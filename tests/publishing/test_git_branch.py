"""A branch of a Git repository as a target: what arrives there, and what of the user's is left alone."""

import os
import shutil
import subprocess
import tempfile

import pytest

from interview_audio.errors import OutputError, UsageError
from interview_audio.files.atomic_files import file_lock
from interview_audio.publishing import publish as publishing
from interview_audio.publishing.git_branch import GitBranch
from interview_audio.publishing.publish import PublishOptions, publish
from interview_audio.storage.targets import LIST_NAME, TargetError
from served_folder import put_episode, sound

BASE = "https://example.org/show/"
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


class Silent:
    def begin(self, files, size):
        pass

    def sent(self, size):
        pass

    def finishing(self):
        pass


def git(*words, cwd="."):
    return subprocess.run(["git", *map(str, words)], cwd=cwd, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def remote(tmp_path, monkeypatch):
    """A bare repository, as a service has it: it sends names without contents to those who ask for them."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        f'[user]\nname = Ada\nemail = ada@example.org\n[url "{tmp_path}/"]\ninsteadOf = https://github.com/ada/\n'
        "[init]\ndefaultBranch = main\n"
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    git("init", "--bare", tmp_path / "show.git")
    git("config", "uploadpack.allowFilter", "true", cwd=tmp_path / "show.git")
    git("config", "uploadpack.allowAnySHA1InWant", "true", cwd=tmp_path / "show.git")
    return tmp_path / "show.git"


def published(folder, to="git+show.git", base_url=BASE, **options):
    return publish(folder, PublishOptions(to, base_url, **options), Silent())


def names(publication):
    return [file.name for file, _ in publication.sent]


def content(remote, path, branch="gh-pages"):
    return subprocess.run(["git", "show", f"{branch}:{path}"], cwd=remote, check=True, capture_output=True).stdout


def commits(remote, branch="gh-pages"):
    return git("log", "--format=%an: %s", branch, cwd=remote).splitlines()


def test_a_branch_gets_everything_in_one_commit_and_nothing_the_second_time(episodes, remote, tmp_path):
    assert len(names(published(episodes))) == 17
    assert content(remote, "a.mp3") == (episodes / "a.mp3").read_bytes()
    assert {".nojekyll", LIST_NAME, "feed.xml"} < set(git("ls-tree", "--name-only", "gh-pages", cwd=remote).split())
    assert names(published(episodes)) == []
    assert commits(remote) == ["Ada: Publish 17 files"]


def test_what_else_the_branch_has_stays(episodes, remote, tmp_path):
    git("clone", remote, "work")
    (tmp_path / "work/talks").mkdir()
    (tmp_path / "work/talks/old.mp3").write_text("theirs")
    git("add", ".", cwd="work")
    git("commit", "-m", "Talks", cwd="work")
    git("push", "origin", "HEAD:refs/heads/pages/live", cwd="work")
    published(episodes, "git+show.git#pages/live:podcast/one")
    assert content(remote, "talks/old.mp3", "pages/live") == b"theirs"
    assert content(remote, "podcast/one/a.mp3", "pages/live") == (episodes / "a.mp3").read_bytes()
    assert commits(remote, "pages/live") == ["Ada: Publish 17 files", "Ada: Talks"]
    put_episode(episodes, "b", sound("another", 4000))
    assert names(published(episodes, "git+show.git#pages/live:podcast/one")) == ["b.mp3", "feed.xml"]
    put_episode(episodes, "old", sound("old", 3000))
    with pytest.raises(OutputError, match=r"old\.mp3 was put there by somebody else"):
        published(episodes, "git+show.git#pages/live:talks")


def test_the_users_own_clone_and_index_are_not_touched(episodes, remote, tmp_path, monkeypatch):
    git("clone", remote, "work")
    shutil.move(episodes, tmp_path / "work" / "out")
    (tmp_path / "work" / "half").write_text("staged")
    git("add", "half", cwd="work")
    before = git("status", "--porcelain", cwd="work"), (tmp_path / "work/.git/index").read_bytes()
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "work/.git"))  # as in a hook
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "work/.git/index"))
    publication = published(tmp_path / "work" / "out", "gh-pages")
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert publication.target == f"git+{remote}#gh-pages"
    assert (git("status", "--porcelain", cwd="work"), (tmp_path / "work/.git/index").read_bytes()) == before
    assert git("branch", "--all", cwd="work") == ""
    assert len(commits(remote)) == 1


def test_who_is_overtaken_looks_again_and_both_arrive(episodes, remote, tmp_path, monkeypatch):
    shutil.copytree(episodes, tmp_path / "other")
    put_episode(tmp_path / "other", "c", sound("c", 3000))
    finish, overtaken = GitBranch.finish, []

    def overtake(self):
        if not overtaken:
            overtaken.append(True)
            published(tmp_path / "other")
        finish(self)

    monkeypatch.setattr(GitBranch, "finish", overtake)
    (episodes / "b.episode.json").unlink()
    published(episodes)
    assert len(commits(remote)) == 2
    assert content(remote, "c.mp3") == (tmp_path / "other/c.mp3").read_bytes()
    assert b"c.mp3" not in content(remote, "feed.xml")  # of who came last


def test_who_is_always_overtaken_is_told(episodes, remote, monkeypatch):
    monkeypatch.setattr(publishing, "_ATTEMPTS", 2)
    published(episodes)
    git("clone", "--branch", "gh-pages", remote, "work")
    finish = GitBranch.finish

    def overtake(self):
        git("commit", "--allow-empty", "-m", "Faster", cwd="work")
        git("push", cwd="work")
        finish(self)

    monkeypatch.setattr(GitBranch, "finish", overtake)
    put_episode(episodes, "b", sound("another", 4000))
    with pytest.raises(TargetError, match="somebody else published meanwhile; publish again"):
        published(episodes)


def test_an_address_at_github_has_a_page_that_is_known(episodes, remote, tmp_path):
    assert published(episodes, "git+https://github.com/ada/show.git", None).feeds == (
        "https://ada.github.io/show/feed.xml",
    )
    git("clone", "--branch", "gh-pages", remote, "work")
    (tmp_path / "work/CNAME").write_text("lights.example\n")
    git("add", ".", cwd="work")
    git("commit", "-m", "A name", cwd="work")
    git("push", cwd="work")
    private = published(episodes, "git+https://github.com/ada/show.git", None, is_private=True)
    assert private.page.startswith("https://lights.example/")
    assert content(remote, f"{private.base_url.split('/')[-2]}/a.mp3") == (episodes / "a.mp3").read_bytes()


def test_a_file_that_github_refuses_is_named_before_anything_is_sent(episodes, remote):
    os.truncate(episodes / "b.mp3", 101 * 1024**2)
    with pytest.raises(TargetError, match=r"b.mp3 has 106 MB, and git\+https://github.com/ada/show.git#gh-pages takes"):
        published(episodes, "git+https://github.com/ada/show.git")
    assert git("branch", cwd=remote) == ""
    limits = {
        address: GitBranch(f"git+{address}").max_file_size
        for address in ("git@github.com:ada/show.git", "git@work:ada/show", "https://codeberg.org/ada/show", "show.git")
    }
    assert [limit is not None for limit in limits.values()] == [True, True, False, False]


def test_what_a_killed_run_left_is_removed_and_what_a_living_one_has_is_not(episodes, remote, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("dead", "living"):
        (tmp_path / f"interview-audio-publish-{name}").mkdir()
    (tmp_path / "interview-audio-publish-dead.lock").touch()
    with file_lock(tmp_path / "interview-audio-publish-living.lock"):
        published(episodes)
        left = {path.name for path in tmp_path.glob("interview-audio-publish-*")}
        assert left == {"interview-audio-publish-living", "interview-audio-publish-living.lock"}


def test_what_cannot_be_used_is_one_line(episodes, remote, tmp_path, monkeypatch):
    with pytest.raises(
        TargetError, match=r"git\+.*none.git#gh-pages: .* does not appear to be a git repository; check"
    ):
        published(episodes, "git+none.git")
    with pytest.raises(UsageError, match=r"gh-pages: .*out is in no Git repository with an `origin`"):
        published(episodes, "gh-pages")
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'error: files are too large' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(TargetError, match="#gh-pages: files are too large; check the address and your rights"):
        published(episodes)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(TargetError, match="needs git; install it"):
        published(episodes)
