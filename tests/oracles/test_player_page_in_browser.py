"""The page of an episode in a real browser, as people read and hear it: `make oracles` installs Playwright and axe-core.

The browser is the Chromium of the system; where there is none these tests are skipped. The engine is the test tone.
"""

import functools
import http.server
import random
import re
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from browser_pages import AXE, CHROMIUM, DESK, MAY_PLAY, PHONE, chromium, violations
from builders import RATE as CLIP_RATE
from builders import Studio
from interview_audio.files.ownership import Destination
from interview_audio.production.episode import EpisodeRequest, produce
from interview_audio.synthesis.clips import Word

EXAMPLES = Path(__file__).parents[2] / "examples"
TITLES = {"en": "The last lamp on Grey Gull Rock", "zh": "灰鸥礁的最后一盏灯"}

playwright = pytest.importorskip("playwright.sync_api", reason="make oracles has not installed Playwright")
expect = playwright.expect
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def episodes(tmp_path_factory):
    """A folder with an English and a Chinese episode of tones."""
    folder = tmp_path_factory.mktemp("episodes")
    settings = folder / "small.yaml"
    settings.write_text("sound: {sample_rate: 16000, bitrate: 16}\ncaptions: {words: true}\n", "utf-8")
    sources = [str(EXAMPLES / f"lighthouse.{language}.txt") for language in TITLES]
    words = ["render", *sources, "--engine", "tone", "--voices", str(settings), "--store", str(folder / "clips")]
    command = [sys.executable, "-m", "interview_audio", *words, "-o", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def browser():
    with chromium(MAY_PLAY) as browser:
        yield browser


@pytest.fixture
def visit(browser):
    """Open an address; in the end nothing may have been logged as wrong, and nothing asked for but the files beside it."""
    contexts, wrong = [], []

    def opened(address, size=DESK, **how):
        context = browser.new_context(viewport=size, reduced_motion="reduce", color_scheme="light", **how)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if line.type in ("error", "warning") else None)
        page.on("request", lambda asked: wrong.append(asked.url) if not is_beside(asked.url, address) else None)
        page.goto(address)
        wait(page, "sound.readyState > 0")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def is_beside(url, address):
    here, stem = address.partition("#")[0], address.partition("#")[0].removesuffix(".html")
    return url.partition("#")[0] == here or url in (f"{stem}.mp3", f"{stem}.cover.jpg")


@pytest.fixture
def page(episodes, visit):
    return visit((episodes / "lighthouse.en.html").as_uri())


class RangeHandler(http.server.SimpleHTTPRequestHandler):
    """Gives parts of files as every static host does, without which a browser cannot seek."""

    def do_GET(self):
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not asked:
            return super().do_GET()
        content = Path(self.translate_path(self.path)).read_bytes()
        start, end = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
        self.send_response(206)
        self.send_header("Content-Type", self.guess_type(self.path))
        self.send_header("Content-Range", f"bytes {start}-{end}/{len(content)}")
        self.send_header("Content-Length", str(end - start + 1))
        self.end_headers()
        with suppress(ConnectionError):  # a browser that has seeked elsewhere
            self.wfile.write(content[start : end + 1])
        return None

    def log_message(self, *_):
        pass


@contextmanager
def given_out(folder):
    """A folder as a static host gives it out."""
    handler = functools.partial(RangeHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def hosted(episodes):
    with given_out(episodes) as address:
        yield address


def wait(page, condition):
    """Wait until an expression is true; Playwright's own way needs `eval`, which the page's policy forbids."""
    for _ in range(300):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(30)
    pytest.fail(f"never: {condition}")


def lit(page):
    """The word that is lit."""
    return page.evaluate("[...CSS.highlights.get('word')].map(String).join('|')")


def seconds(page):
    return page.evaluate("now() / 1000")


def spoken_words(path):
    """Each word of a WebVTT file with word times, and when it begins: what another writer says of the same sound."""
    found = []
    for start, body in re.findall(
        r"^(\S+) --> \S+\n<v [^>]+>(.*?)\n(?:\n|\Z)", path.read_text("utf-8"), re.MULTILINE | re.DOTALL
    ):
        parts = re.split(r"<(\d\d:\d\d:\d\d\.\d{3})>", f"<{start}>{body}")[1:]
        found += [
            (" ".join(text.split()), in_seconds(time)) for time, text in zip(parts[::2], parts[1::2], strict=True)
        ]
    return found


def in_seconds(text):
    hours, minutes, rest = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def middle_of(page, text):
    """Where the first occurrence of these words is on the screen, scrolled into view."""
    return page.evaluate(
        """text => {
        const paragraph = [...document.querySelectorAll('.words')].find(one => one.textContent.includes(text));
        const range = document.createRange(), start = paragraph.textContent.indexOf(text);
        range.setStart(paragraph.firstChild, start);
        range.setEnd(paragraph.firstChild, start + text.length);
        scrollBy({top: range.getClientRects()[0].top - innerHeight / 2, behavior: 'instant'});
        const box = range.getClientRects()[0];
        return [box.left + box.width / 2, box.top + box.height / 2];
    }""",
        text,
    )


def test_it_plays_and_shows_where_it_is(page):
    page.get_by_role("button", name="Play", exact=True).click()
    wait(page, "sound.currentTime > 0.5")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Pause")
    page.locator("#chapters a").nth(2).click()
    start = page.evaluate("page.chapters[2][0] / 1000")
    wait(page, f"sound.currentTime > {start} && !sound.paused")
    expect(page.locator("#chapters [aria-current]")).to_have_text(re.compile("Tomas, you have spent"))
    expect(page.locator("#chapter")).to_have_text(re.compile("^Tomas, you have spent"))
    expect(page.locator("#seek")).to_have_attribute("aria-valuetext", re.compile(r"^1 min \d+ s of 2 min \d+ s$"))
    page.get_by_role("button", name="Pause").click()
    before = seconds(page)
    page.get_by_role("button", name="Forward 15 seconds").click()
    assert seconds(page) == pytest.approx(before + 15, abs=0.01)
    page.get_by_role("button", name="Back 15 seconds").click()
    assert seconds(page) == pytest.approx(before, abs=0.01)
    page.get_by_label("Speed").select_option("2.5")
    assert page.evaluate("[sound.playbackRate, sound.preservesPitch]") == [2.5, True]
    assert page.evaluate("navigator.mediaSession.metadata.title").startswith("Tomas, you have spent")


@pytest.mark.parametrize("language", TITLES)
def test_the_right_word_is_lit_at_twenty_moments(episodes, visit, language):
    page = visit((episodes / f"lighthouse.{language}.html").as_uri())
    spoken = spoken_words(episodes / f"lighthouse.{language}.vtt")
    chosen = random.Random(17)
    numbers = sorted(chosen.sample(range(len(spoken) - 1), 20))
    for number in numbers:
        word, start = spoken[number]
        end = spoken[number + 1][1]
        moment = chosen.uniform(start + 0.002, max(end - 0.002, start + 0.003))
        page.evaluate("moment => seek(moment * 1000)", moment)
        assert lit(page) == word, (number, moment)
    # The same while it plays: what is lit is what the sound has reached.
    page.evaluate("jump(40000, {play: true})")
    for _ in range(20):
        page.wait_for_timeout(150)
        time, now = page.evaluate(AT_A_FRAME)
        last = max(index for index, (_, start) in enumerate(spoken) if start <= time + 0.001)
        assert now == spoken[last][0], time


AT_A_FRAME = """new Promise(done => requestAnimationFrame(() => {
    done([now() / 1000, String([...CSS.highlights.get('word')][0])]);
}))"""


def test_a_clicked_word_is_played_from_its_beginning(episodes, page):
    spoken = dict(spoken_words(episodes / "lighthouse.en.vtt"))
    for word in ("lunchbox.", "telephone.", "hinges,", "inspector", "foghorn."):
        page.mouse.click(*middle_of(page, word))
        wait(page, "!sound.paused && !sound.seeking")
        page.evaluate("sound.pause()")
        assert spoken[word] <= seconds(page) < spoken[word] + 0.7  # it has played meanwhile
        assert lit(page) == word or seconds(page) > spoken[word] + 0.1


def test_a_click_beside_words_does_nothing_and_a_selection_is_no_click(page):
    page.evaluate("seek(1000)")
    x, y = middle_of(page, "told us:")
    page.mouse.click(x + 200, y)
    assert (seconds(page), page.evaluate("sound.paused")) == (1, True)
    page.mouse.move(x - 60, y)
    page.mouse.down()
    page.mouse.move(x + 10, y, steps=4)
    page.mouse.up()
    assert (seconds(page), page.evaluate("sound.paused")) == (1, True)


RATE = 44100


def sound_of_no_two_moments_alike(length: float) -> NDArray[np.float32]:
    """A new tone every tenth of a second: wherever a recording of half a second was made, it is found again."""
    tones = np.random.default_rng(17).uniform(300, 3000, round(length * 10)).repeat(CLIP_RATE // 10)
    return (0.5 * np.sin(2 * np.pi * np.cumsum(tones / CLIP_RATE))).astype(np.float32)


RECORD = """async () => {
    const context = new AudioContext({sampleRate: 44100}), heard = [];
    const tap = context.createScriptProcessor(1024, 1, 1);
    tap.onaudioprocess = event => heard.push(...event.inputBuffer.getChannelData(0));
    context.createMediaElementSource(sound).connect(tap).connect(context.destination);
    await context.resume();
    window.take = () => heard.splice(0);
}"""


def began_at(heard: list[float], whole: NDArray[np.float32], near: float) -> float:
    """Find at which second of the sound a recording begins, after the silence before it."""
    samples = np.array(heard, np.float32)
    first = int(np.argmax(np.abs(samples) > 0.02))
    part = samples[first : first + RATE // 3]
    assert len(part) == RATE // 3, "nothing was heard"
    start = round((near - 1) * RATE)
    around = whole[start : start + 3 * RATE]
    spectra = np.fft.rfft(around), np.fft.rfft(part, len(around))
    likeness = np.fft.irfft(spectra[0] * np.conj(spectra[1]), len(around))[: len(around) - len(part)]
    return (start + int(np.argmax(likeness))) / RATE


def test_the_sound_of_a_clicked_word_begins_within_fifty_milliseconds_of_its_time(browser, tmp_path):
    folder = tmp_path / "clips"
    folder.mkdir()
    studio = Studio(folder)
    said = [Word(f"word{number} ", 0.47 * number, 0.47 * (number + 1)) for number in range(250)]
    samples = (20000 * sound_of_no_two_moments_alike(117.5)).astype(np.int16)
    script = studio.script([studio.line("".join(word.text for word in said).strip())])
    request = EpisodeRequest(Destination(tmp_path / "out", "coded"))
    episode = produce(script, [studio.clip(samples, said)], studio.settings(), request)
    whole = decoded(episode.path)
    with given_out(tmp_path / "out") as address:
        page = browser.new_page(reduced_motion="reduce")
        page.goto(f"{address}/coded.html")
        wait(page, "sound.readyState > 0")
        page.evaluate(RECORD)
        error_of(page, 5, whole)  # the first sound of an audio context comes late, whatever plays it
        errors = [error_of(page, number, whole) for number in random.Random(5).sample(range(10, 240), 16)]
        page.close()
    assert max(map(abs, errors)) < 0.05, errors


def error_of(page, number, whole):
    """How much behind its time a clicked word begins to sound; a busy machine, which misses a beat, has another try."""
    for _ in range(2):
        page.evaluate("sound.pause()")
        page.wait_for_timeout(100)
        page.evaluate("take()")
        page.mouse.click(*middle_of(page, f"word{number} "))
        time = page.evaluate("starts[lit] / 1000")
        wait(page, f"sound.currentTime > {time} + 0.5")
        error = began_at(page.evaluate("take()"), whole, time) - time
        if abs(error) < 0.15:
            break
    return error


def decoded(path: Path) -> NDArray[np.float32]:
    """The samples of an MP3, as PyAV has them."""
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])


def test_the_lit_word_stays_in_view_until_the_reader_scrolls_away(page):
    page.evaluate("sound.playbackRate = 3; jump(30000, {play: true})")
    for _ in range(6):
        page.wait_for_timeout(400)
        assert page.evaluate(IN_VIEW)
    page.mouse.move(800, 400)
    page.mouse.wheel(0, 6000)
    expect(page.get_by_role("button", name="Follow along")).to_be_visible()
    page.wait_for_timeout(600)
    assert not page.evaluate(IN_VIEW)
    page.get_by_role("button", name="Follow along").click()
    expect(page.get_by_role("button", name="Follow along")).to_be_hidden()
    assert page.evaluate(IN_VIEW)


IN_VIEW = """() => {
    const box = [...CSS.highlights.get('word')][0].getBoundingClientRect();
    return box.top > document.querySelector('#finder').getBoundingClientRect().bottom
        && box.bottom < document.querySelector('.deck').getBoundingClientRect().top;
}"""


def test_position_and_speed_survive_a_reload_from_disk_and_from_a_host(episodes, hosted, visit):
    for where in ((episodes / "lighthouse.en.html").as_uri(), f"{hosted}/lighthouse.en.html"):
        page = visit(where)
        page.get_by_label("Speed").select_option("1.5")
        page.evaluate("jump(83200, {play: true})")
        wait(page, "sound.currentTime > 83.5")
        page.evaluate("sound.pause()")
        before, word = seconds(page), lit(page)
        page.reload()
        wait(page, "sound.readyState > 0 && !sound.seeking")
        assert seconds(page) == pytest.approx(before, abs=0.01)
        assert (lit(page), page.evaluate(IN_VIEW)) == (word, True)
        assert page.evaluate("[sound.paused, sound.playbackRate]") == [True, 1.5]


def test_it_works_where_nothing_may_be_stored(episodes, visit):
    page = visit((episodes / "lighthouse.en.html").as_uri())
    page.context.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }})")
    page.reload()
    page.keyboard.press("Space")
    wait(page, "sound.currentTime > 0.3")
    page.keyboard.press("Space")
    assert page.evaluate("sound.paused")


def test_a_link_leads_to_a_moment_and_to_a_quote(episodes, visit):
    address = (episodes / "lighthouse.en.html").as_uri()
    page = visit(f"{address}#t=1:23.2")
    assert seconds(page) == pytest.approx(83.2, abs=0.001)
    assert (page.evaluate("sound.paused"), page.evaluate(IN_VIEW)) == (True, True)
    page.evaluate("location.hash = '#t=12.5'")
    wait(page, "now() === 12500")
    for nonsense in ("#t=", "#t=99999", "#t=1:x", "#transcript"):
        page.evaluate("hash => { location.hash = hash; }", nonsense)
    page.wait_for_timeout(100)
    assert seconds(page) == 12.5

    quote = "nobody puts that on a postcard."
    page.evaluate(
        """quote => {
        const paragraph = [...document.querySelectorAll('.words')].find(one => one.textContent.includes(quote));
        const start = paragraph.textContent.indexOf(quote);
        getSelection().setBaseAndExtent(paragraph.firstChild, start + 2, paragraph.firstChild, start + quote.length - 1);
    }""",
        quote,
    )
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy a link to this quote").click()
    expect(page.locator("#toast")).to_have_text("The link is copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(re.escape(address) + r"#t=[\d.]+,[\d.]+", link)
    friend = visit(link)
    assert friend.evaluate("[...CSS.highlights.get('quote')].map(String)") == [quote]
    assert friend.evaluate(IN_VIEW)
    start, end = map(float, link.partition("=")[2].split(","))
    assert seconds(friend) == start
    friend.evaluate("sound.playbackRate = 3")
    friend.keyboard.press("k")
    wait(friend, "sound.currentTime > 0 && sound.paused && until === null")
    assert end <= seconds(friend) < end + 0.3


def test_a_selection_over_several_turns_is_a_quote_of_all_of_them(page):
    page.evaluate("""() => {
        const [first, , third] = document.querySelectorAll('.words');
        getSelection().setBaseAndExtent(first.firstChild, 4, third.firstChild, 8);
    }""")
    first, last = page.evaluate("selectedWords()")
    ends = page.evaluate("words => words.map(word => String(rangeOfWord(word)))", [first, last])
    assert ends == ["last", "Holm"]
    page.evaluate("getSelection().selectAllChildren(document.querySelector('header'))")
    assert page.evaluate("selectedWords()") is None
    page.evaluate("getSelection().selectAllChildren(document.body)")
    assert page.evaluate("selectedWords()") == [0, page.evaluate("count - 1")]


def test_words_are_searched(page):
    page.keyboard.press("/")
    page.keyboard.type("the GOOSE")
    expect(page.locator("#count")).to_have_text(re.compile(r"^1 of \d$"))
    hits = page.evaluate("[...CSS.highlights.get('hit')].map(range => String(range).toLowerCase())")
    assert set(hits) == {"the goose"}
    count = len(hits)
    page.keyboard.press("Shift+Enter")
    expect(page.locator("#count")).to_have_text(f"{count} of {count}")
    page.keyboard.press("Enter")
    expect(page.locator("#count")).to_have_text(f"1 of {count}")
    page.get_by_role("button", name="Next hit").click()
    expect(page.locator("#count")).to_have_text(f"2 of {count}")
    page.get_by_role("searchbox").fill("(no such words]")
    expect(page.locator("#count")).to_have_text("No hits")
    page.get_by_role("searchbox").press("Escape")
    assert page.evaluate("[...CSS.highlights.get('hit')].length") == 0


def test_everything_is_done_by_keyboard_alone(page):
    press, focused = page.keyboard.press, page.locator("*:focus")
    press("Tab")
    expect(focused).to_have_text("Skip to the transcript")
    press("Enter")
    press("Tab")
    expect(focused).to_have_attribute("type", "search")
    press("Tab")
    expect(focused).to_have_attribute("href", "#t=0.48")
    press("Tab")
    press("Enter")
    wait(page, "!sound.paused && sound.currentTime > 3")
    press("Space")
    assert page.evaluate("sound.paused")
    press("n")
    assert page.evaluate("chapter") == 1
    press("n")
    press("p")
    assert page.evaluate("chapter") == 1
    before = seconds(page)
    press("ArrowRight")
    assert seconds(page) == pytest.approx(before + 15, abs=0.01)
    press("ArrowLeft")
    press(">")
    assert page.evaluate("sound.playbackRate") == 1.1
    press("<")
    press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    page.get_by_label("Shortcuts of a single key").uncheck()
    press("Escape")
    expect(dialog).to_be_hidden()
    press("n")
    assert page.evaluate("chapter") == 1  # they are turned off
    page.reload()
    press("n")
    page.wait_for_timeout(50)
    assert page.evaluate("chapter") == 1


def test_without_a_script_all_of_it_is_there(episodes, browser):
    context = browser.new_context(java_script_enabled=False, viewport=DESK)
    page = context.new_page()
    page.goto((episodes / "lighthouse.en.html").as_uri())
    expect(page.locator("audio")).to_be_visible()
    expect(page.locator(".deck")).to_be_hidden()
    expect(page.locator(".words").last).to_have_text(re.compile(r"The goose is coming with us\.$"))
    expect(page.get_by_role("searchbox")).to_be_hidden()
    context.close()


def test_a_sound_that_is_not_there_is_said(episodes, browser, tmp_path):
    (tmp_path / "lighthouse.en.html").write_bytes((episodes / "lighthouse.en.html").read_bytes())
    context = browser.new_context(viewport=DESK)
    page = context.new_page()
    page.goto((tmp_path / "lighthouse.en.html").as_uri())
    expect(page.get_by_role("alert")).to_contain_text("lighthouse.en.mp3 is not beside this page")
    expect(page.locator("#cover")).to_be_hidden()
    context.close()


@pytest.mark.skipif(not AXE.is_file(), reason="make oracles has not installed axe-core")
@pytest.mark.parametrize("language", TITLES)
def test_axe_finds_nothing_serious(episodes, visit, language):
    for size in (DESK, PHONE):
        page = visit((episodes / f"lighthouse.{language}.html").as_uri(), size, bypass_csp=True)
        page.evaluate(AXE.read_text("utf-8"))
        found = {"top": violations(page, "html")}
        page.evaluate("jump(60000); paint('quote', rangesBetween(lit, lit + 5))")
        page.locator("#query").fill("a" if language == "en" else "的")
        page.wait_for_timeout(400)
        found["playing"] = violations(page, "html")
        page.evaluate("get('keys').showModal()")
        found["help"] = violations(page, "dialog")
        assert {place: what for place, what in found.items() if what} == {}


def test_a_screen_reader_finds_landmarks_headings_and_whole_sentences(page):
    tree = page.locator("body").aria_snapshot()
    for landmark in ('- region "Player"', '- navigation "Chapters"', '- main "Transcript"', "- banner"):
        assert landmark in tree
    assert '- heading "And the famous goose?" [level=2]' in tree
    assert "- paragraph: I forgot to answer you. I will miss being needed by ships that don't know my name." in tree


def test_a_phone_scrolls_down_only(episodes, visit):
    for language in TITLES:
        page = visit((episodes / f"lighthouse.{language}.html").as_uri(), PHONE, has_touch=True, is_mobile=True)
        for moment in (0, 60000, 120000):
            page.evaluate("moment => jump(moment)", moment)
            page.wait_for_timeout(60)
            assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        small = page.evaluate("""[...document.querySelectorAll('.deck button, .deck select')].filter(one => one.offsetParent)
            .map(one => one.getBoundingClientRect()).filter(box => box.width < 36 || box.height < 36).length""")
        assert small == 0


def test_it_prints_as_a_transcript(episodes, visit, tmp_path):
    page = visit((episodes / "lighthouse.en.html").as_uri())
    page.emulate_media(media="print")
    for hidden in (".deck", "nav", "#finder", ".files"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".notice").first).to_be_visible()
    expect(page.locator(".words").last).to_be_visible()
    paper = tmp_path / "transcript.pdf"
    page.pdf(path=str(paper), format="A4")
    import pypdf

    text = " ".join(" ".join(sheet.extract_text() for sheet in pypdf.PdfReader(paper).pages).split())
    assert "The goose is coming with us." in text
    assert "Search the transcript" not in text


def test_the_word_is_marked_in_a_browser_without_highlights(episodes, visit):
    page = visit((episodes / "lighthouse.en.html").as_uri())
    page.context.add_init_script("delete CSS.highlights; delete window.Highlight")
    page.context.add_init_script("Object.defineProperty(CSS, 'highlights', {value: undefined})")
    page.reload()
    wait(page, "sound.readyState > 0")
    whole = page.locator(".words").all_inner_texts()
    for moment in (6000, 6500, 7000):
        page.evaluate("moment => jump(moment)", moment)
        expect(page.locator("mark")).to_have_count(1)
    expected = page.evaluate("words[homes[lit]].textContent.slice(...spanOf(lit))")
    expect(page.locator("mark")).to_have_text(expected)
    assert page.locator(".words").all_inner_texts() == whole
    x, y = page.evaluate(
        "(box => [box.left + box.width / 2, box.top + box.height / 2])(document.querySelector('mark').getBoundingClientRect())"
    )
    start = page.evaluate("starts[lit] / 1000")
    page.mouse.click(x, y)
    wait(page, "!sound.paused")
    assert start <= seconds(page) < start + 1
