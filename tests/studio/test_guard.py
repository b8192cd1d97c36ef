"""Who may drive a studio: its own page, and nobody else's."""

import json

from interview_audio.studio.server import page_files
from studio_page import PORT, TOKEN

JSON = ("content-type", "application/json")
READ = ("", "state", "plan", "episode", "voices", "lines/l0.wav", "sample.wav?speaker=Q&language=en&voice=x")
HOSTS = ("rebound.example:8123", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8123.evil.example", "[::1]:8123", "")
ELSEWHERE = (
    ("origin", "https://evil.example"),
    ("origin", "http://127.0.0.1:9999"),
    ("origin", f"https://127.0.0.1:{PORT}"),
    ("origin", "null"),
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-site", "same-site"),
)
WITHOUT_THE_TOKEN = ("/", "/state", "//state", f"/{TOKEN}", f"/{TOKEN}x/state", f"/{TOKEN[:-1]}/state", "/é/", "*", "")
BODIES = (
    (b"{" + b" " * 1_000_001, [JSON], 413),
    (b"{", [JSON], 400),
    (b"[]", [JSON], 400),
    (b'{"action": "\\ud800"}', [JSON], 400),
    (b"[" * 100_000, [JSON], 400),
    (b"{}", [("content-type", "text/plain")], 415),
    (b"{}", [("content-type", "application/x-www-form-urlencoded")], 415),
    (b"{}", [], 415),
)
DONE = ("edit", "undo", "redo", "say", "redo-line", "render")


def test_another_host_s_name_is_refused(page):
    for host in HOSTS:
        assert page.get("state", host=host).status == 403
    assert page.get("state", host=f"localhost:{PORT}").status == 200


def test_another_site_s_page_is_refused(page):
    for header in ELSEWHERE:
        for path in DONE:
            assert page.post(path, {}, [JSON, header]).status == 403
        assert page.get("state", headers=[header]).status == 403
    own = [("origin", f"http://127.0.0.1:{PORT}"), ("sec-fetch-site", "same-origin")]
    assert page.get("state", headers=own).status == 200


def test_without_the_token_there_is_nothing(page):
    for path in WITHOUT_THE_TOKEN:
        answer = page.ask("GET", path)
        assert (answer.status, answer.body) == (404, b"")


def test_every_answer_says_what_a_browser_may_do(page):
    answers = [
        page.get("state"),
        page.get("nothing"),
        page.ask("GET", "/"),
        page.get("", host="x"),
        page.post("edit", {}),
    ]
    for answer in answers:
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; ")
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_looking_changes_nothing(page, tmp_path):
    def files():
        return {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and "clips" not in path.parts}

    before = files()
    for path in READ:
        page.get(path)
    for path in DONE:
        assert page.get(path).status in (404, 405)
        assert page.ask("PUT", f"/{TOKEN}/{path}", b"{}", [JSON]).status == 405
    assert files() == before


def test_only_files_of_the_episode_are_given_out(page, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "secret.txt").write_text("secret", "utf-8")
    (out / "talk.en.vtt").symlink_to(out / "secret.txt")
    record = {
        "schema": 2,
        "files": [{"name": name, "size": 1, "sha256": ""} for name in ("../talk.en.txt", "talk.en.vtt")],
    }
    (out / "talk.en.episode.json").write_text(json.dumps(record), "utf-8")
    for name in ("../talk.en.txt", "..%2ftalk.en.txt", "..", "secret.txt", "talk.en.vtt", "%00", "talk.en.txt"):
        assert page.get(f"episode/{name}").status == 404
    for name in ("../server.py", "/etc/passwd", "..", "", "server.py", "__init__.py"):
        assert page.get(f"page/{name}").status == 404


def test_the_page_s_files_are_given_out(page):
    assert page.get("").headers["content-type"] == "text/html; charset=utf-8"
    for name, path in page_files().items():
        answer = page.get(f"page/{name}")
        assert (answer.status, answer.body) == (200, path.read_bytes())
    assert {"index.html", "studio.js", "studio.css"} <= set(page_files())


def test_a_body_that_is_no_action_is_refused(page):
    for body, headers, status in BODIES:
        assert page.post("edit", body, headers).status == status


def test_text_is_data(page):
    hostile = "</script><script>alert(1)</script> \u202e\u2028 \"'`${}&amp;"
    turn = page.turn("No.")
    text = f"So {hostile}: #x, - y\n\n... --- and\t{{{{z}}}}"
    assert page.edit("text", turn=turn["id"], text=text).status == 200
    assert page.turn("So ")["text"] == text
    assert page.get("state").headers["content-type"] == "application/json"
    assert page.edit("pronunciation", language="en", written=hostile, said="because").status == 200
    assert page.state["pronunciations"] == [{"language": "en", "written": hostile, "said": "because"}]
