"""The page of a show in a real browser, from its server and from disk: `make oracles` installs Playwright and axe-core."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from browser_pages import AXE, CHROMIUM, DESK, MAY_PLAY, PHONE, chromium, violations
from interview_audio.publishing.catalogue import read_catalogue
from interview_audio.publishing.channel import completed, read_channel
from interview_audio.publishing.index_page import FeedLink, index_page

EXAMPLES = Path(__file__).parents[2] / "examples"

playwright = pytest.importorskip("playwright.sync_api", reason="make oracles has not installed Playwright")
expect = playwright.expect
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def browser():
    with chromium(MAY_PLAY) as browser:
        yield browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The two examples as episodes of tones."""
    folder = tmp_path_factory.mktemp("show") / "out"
    settings = folder.parent / "small.yaml"
    settings.write_text("sound: {sample_rate: 16000, bitrate: 16}\n", "utf-8")
    words = ["render", *EXAMPLES.glob("*.txt"), "-o", folder, "--engine", "tone", "--voices", settings]
    command = [sys.executable, "-m", "interview_audio", *map(str, words), "--store", str(folder.parent / "clips")]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    (folder / "podcast.yaml").write_text("title: Grey Gull Review\nauthor: Ida Holm\nlanguage: en\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def address(folder):
    command = [sys.executable, "-m", "interview_audio", "serve", str(folder), "--port", "0", "--host", "0.0.0.0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        yield process.stdout.readline().strip()
        process.kill()


@pytest.fixture
def visit(browser):
    """Open an address; in the end nothing may have failed in the page, and nothing been asked of another server."""
    contexts, wrong = [], []

    def opened(address, size=DESK, **how):
        context = browser.new_context(viewport=size, reduced_motion="reduce", **how)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if line.type in ("error", "warning") else None)
        page.on("request", lambda asked: wrong.append(asked.url) if elsewhere(asked.url, address) else None)
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def elsewhere(url, address):
    return not url.startswith((address.rpartition("/")[0], "blob:", "data:"))


def shown(page):
    return page.locator("#list > li:visible h3").all_inner_texts()


def search(page, words):
    page.get_by_role("searchbox").fill(words)
    page.wait_for_timeout(200)


def test_episodes_are_found_by_what_is_said_of_them(visit, address):
    page = visit(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Grey Gull Review")
    both = shown(page)
    assert len(both) == 2
    search(page, "tomas IDA")
    assert shown(page) == both
    search(page, "灯塔")
    assert len(shown(page)) == 1
    search(page, "nobody says this")
    expect(page.locator("#none")).to_be_visible()
    search(page, "")
    page.get_by_label("Language").select_option(label="Chinese")
    page.wait_for_timeout(200)
    assert len(shown(page)) == 1
    assert "灯" in shown(page)[0]


def test_a_chapter_that_is_found_is_a_link_to_its_moment(visit, address):
    page = visit(address)
    title = page.evaluate("page.episodes.find((one) => one.language === 'en').chapters[2][1]")
    search(page, title[:25])
    hit = page.locator(".hits a").first
    expect(hit).to_have_text(title)
    assert re.fullmatch(r"lighthouse\.en\.html#t=[\d.]+", hit.get_attribute("href"))


def test_how_to_subscribe(visit, address):
    page = visit(address, permissions=["clipboard-read", "clipboard-write"])
    feed = f"{address}feed.xml"
    expect(page.get_by_label("Address of the feed")).to_have_value(feed)
    bare = feed.removeprefix("http://")
    for name, scheme in (
        ("AntennaPod", "antennapod-subscribe"),
        ("Apple Podcasts", "podcast"),
        ("Another app", "pcast"),
    ):
        link = page.get_by_role("link", name=name)
        assert link.evaluate("(link) => link.href") == f"{scheme}://{bare}"  # as the browser would hand it on
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Copied the address")
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Control+V")
    expect(page.get_by_role("searchbox")).to_have_value(feed)
    expect(page.get_by_role("img", name="QR")).to_be_visible()


def test_an_episode_is_heard_from_its_page(visit, address):
    page = visit(address)
    page.get_by_role("link", name="Listen and read").last.click()
    page.wait_for_url("**/lighthouse.*.html")
    page.keyboard.press("Space")
    heard_from(page, 0.3)
    page.evaluate("document.querySelector('audio').currentTime = 60")
    heard_from(page, 60.2)


@pytest.mark.parametrize(("stem", "way"), [("lighthouse.en", "All episodes"), ("lighthouse.zh", "全部节目")])
def test_a_link_to_an_episode_leads_to_the_show_and_how_to_subscribe(visit, address, stem, way):
    page = visit(f"{address}{stem}.html", bypass_csp=True)
    assert page.evaluate("document.querySelector('[rel=canonical]').href") == f"{address}{stem}.html"
    (picture,) = page.locator('[property="og:image"]').all()
    assert page.request.get(picture.get_attribute("content")).headers["content-type"] == "image/jpeg"
    if AXE.is_file():
        page.add_script_tag(path=AXE)
        assert violations(page, "header") == []
    page.get_by_role("link", name=way).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Grey Gull Review")
    expect(page.get_by_label("Address of the feed")).to_have_value(f"{address}feed.xml")


def heard_from(page, moment):
    """Wait until the sound has come so far; ``wait_for_function`` would need a policy that allows ``eval``."""
    for _ in range(150):
        if page.evaluate("document.querySelector('audio').currentTime") > moment:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the sound did not come to {moment} s")


@pytest.mark.skipif(not AXE.is_file(), reason="make oracles has not installed axe-core")
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_out(visit, address, size, scheme):
    page = visit(address, size, color_scheme=scheme, bypass_csp=True)
    search(page, "light")
    page.add_script_tag(path=AXE)
    found = page.evaluate(
        "axe.run(document).then((result) => result.violations.map((one) => [one.id, one.nodes[0].html]))"
    )
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_works_from_disk_and_without_its_script(visit, folder):
    channel, catalogue = read_channel(folder), read_catalogue(folder)
    link = FeedLink("https://example.org/show/feed.xml", "Grey Gull Review")
    text = index_page(completed(channel, catalogue), catalogue.episodes, [link], "lighthouse.en.cover.jpg")
    (folder / "index.html").write_text(text, "utf-8")
    page = visit((folder / "index.html").as_uri())
    page.evaluate("Promise.all([...document.images].map((one) => one.decode()))")  # fails where one cannot be had
    search(page, "lighthouse")
    assert len(shown(page)) == 1
    assert (
        page.get_by_role("link", name="Overcast")
        .get_attribute("href")
        .endswith("?url=https%3A%2F%2Fexample.org%2Fshow%2Ffeed.xml")
    )
    without = visit((folder / "index.html").as_uri(), java_script_enabled=False)
    assert len(shown(without)) == 2
    expect(without.get_by_role("searchbox")).to_be_hidden()
    expect(without.get_by_role("button", name="Copy")).to_be_hidden()
