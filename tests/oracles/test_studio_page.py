"""The pages of the studio and of the gallery in a real browser, as people use them: `make oracles` installs Playwright and axe-core.

The browser is the Chromium of the system; where there is none these tests are skipped. The engine is the test tone.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from browser_pages import AXE, CHROMIUM, DESK, PHONE, chromium, violations

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"

playwright = pytest.importorskip("playwright.sync_api", reason="make oracles has not installed Playwright")
expect = playwright.expect
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def studio(tmp_path):
    """Start the studio on a copy of a source; gives the address of its page."""
    started = []

    def start(source):
        path = tmp_path / source.name
        if source != path:
            path.write_bytes(source.read_bytes())
        (tmp_path / "voices.yaml").write_text("sound: {sample_rate: 16000, bitrate: 16} # small\n", "utf-8")
        folders = ["--store", tmp_path / "clips", "-o", tmp_path / "out"]
        words = ["studio", path, "--engine", "tone", "--no-browser", *folders]
        process = subprocess.Popen(
            [sys.executable, "-m", "interview_audio", *map(str, words)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
        )  # fmt: skip
        started.append(process)
        return process.stdout.readline().strip()

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


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
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
        page.on("request", lambda asked: wrong.append(asked.url) if elsewhere(asked.url, address) else None)
        page.goto(address)
        expect(page.locator(".turn").first).to_be_visible()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def elsewhere(url, address):
    return not url.startswith((address, "blob:", "data:"))


def turn_of(page, text):
    return page.locator(".turn", has_text=text).first


def play_of(page, text):
    return turn_of(page, text).locator(".line .play").first


def heard(page, button):
    expect(button).to_have_attribute("data-phase", "playing")


def select(page, word):
    """Select a word where a line has it, as a double click does."""
    line = page.locator(".line .words", has_text=word).first
    line.scroll_into_view_if_needed()
    line.evaluate(
        """(words, word) => {
        const text = words.firstChild;
        const at = text.data.indexOf(word);
        getSelection().setBaseAndExtent(text, at, text, at + word.length);
    }""",
        word,
    )


def tab(page, name):
    page.get_by_role("tab", name=name).click()


def eventually(page, read, wanted):
    """Wait until something is so: an edit is on its way to its file when the page shows it."""
    for _ in range(100):
        found = read()
        if found == wanted:
            return
        page.wait_for_timeout(50)
    assert found == wanted


def settings_in(folder, *path):
    def read():
        file = folder / "voices.yaml"
        value = yaml.safe_load(file.read_text("utf-8")) if file.is_file() else None
        for key in path:
            value = (value or {}).get(key)
        return value

    return read


SHORT = ["It is.", "Is it?", "Yes.", "Oh.", "Why?", "No."]
PATHS: dict[str, dict[str, Any]] = {
    "en": {
        "source": "lighthouse.en.txt",
        "line": "Mostly I explain to visitors",
        "guess": "Grey Gull Review: slow news",
        "wrong": "I was lonely in the city",
        "right": "Tomas Reyes",
        "fixed": ("The quiet after the foghorn.", "The silence after the foghorn."),
        "cut": ("A door. ", "A proper door"),
        "quote": "Nobody puts that on a postcard.",
        "word": ("keeper", "keep her"),
    },
    "zh": {
        "source": "lighthouse.zh.txt",
        "line": "主要是跟游客解释灯是自动的",
        "guess": "好吧，面包要紧",
        "wrong": "我在城里才孤单呢",
        "right": "Tomas Reyes",
        "fixed": ("雾号响过以后的那阵安静。", "雾号响过以后的那阵寂静。"),
        "cut": ("一扇门。", "一扇真正关得上的门"),
        "quote": "可没有人会把这个印在明信片上。",
        "word": ("灯", "登"),
    },
}


@pytest.mark.parametrize("language", PATHS)
def test_an_interview_is_heard_corrected_cast_and_rendered(studio, visit, tmp_path, language):
    given = PATHS[language]
    page = visit(studio(EXAMPLES / given["source"]))
    script = tmp_path / given["source"].replace(".txt", ".script.yaml")

    # Hear a line, and all that follow.
    play_of(page, given["line"]).click()
    heard(page, play_of(page, given["line"]))
    page.keyboard.press("p")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Pause")
    page.keyboard.press("Escape")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play from here")

    # What is guessed, and what is not read, say why.
    expect(turn_of(page, given["guess"]).locator(".note")).to_contain_text("Guess")
    guesses = page.locator(".note.guessed").count()
    turn_of(page, given["guess"]).hover()
    turn_of(page, given["guess"]).get_by_role("button", name="Right").click()
    expect(page.locator(".note.guessed")).to_have_count(guesses - 1)
    quote = page.locator(".turn.unread", has_text=given["quote"])
    expect(quote.locator(".note")).to_contain_text("repeats a passage")

    # A wrong speaker, a wrong text, a turn split and joined again.
    turn_of(page, given["wrong"]).locator(".name").click()
    page.get_by_role("dialog", name="Who says this?").get_by_role("button", name=given["right"]).click()
    expect(turn_of(page, given["wrong"]).locator(".name")).to_have_text(given["right"])
    before, after = given["fixed"]
    play_of(page, before).focus()
    page.keyboard.press("e")
    area = page.get_by_label("Text of this turn")
    area.fill(area.input_value().replace(before, after))
    page.keyboard.press("Enter")
    expect(turn_of(page, after)).to_be_visible()
    assert after in script.read_text("utf-8")
    turn_of(page, after).hover()
    turn_of(page, after).get_by_role("button", name="Edit the text").click()
    area.evaluate("(area, end) => area.setSelectionRange(0, end)", len(after))
    page.get_by_role("button", name="Slower").click()
    page.get_by_role("button", name="Save").click()
    expect(turn_of(page, after).locator(".mark")).to_have_text(["[slow]", "[/slow]"])
    turns = page.locator(".turn").count()
    head, tail = given["cut"]
    turn_of(page, tail).hover()
    turn_of(page, tail).get_by_role("button", name="Edit the text").click()
    area.evaluate("(area, at) => area.setSelectionRange(at, at)", len(head))
    page.get_by_role("button", name="Split at the caret").click()
    expect(page.locator(".turn")).to_have_count(turns + 1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".turn")).to_have_count(turns)
    page.get_by_role("button", name="Redo").click()
    expect(page.locator(".turn")).to_have_count(turns + 1)
    play_of(page, head.strip()).focus()
    page.keyboard.press("j")
    expect(page.locator(".turn")).to_have_count(turns)

    # The cast.
    card = page.locator(".card", has_text="Ida Holm").first
    card.get_by_role("button", name="Hear Ida Holm").click()
    heard(page, card.locator(".play"))
    card.get_by_role("button", name="Change the voice").click()
    voices = page.locator("#voices")
    voices.get_by_role("button", name="Hear female-3").click()
    heard(page, voices.get_by_role("button", name="Hear female-3"))
    voices.locator(".pick", has_text="female-3").click()
    voices.get_by_role("button", name=re.compile("^Use ")).click()
    expect(card.locator(".voice-name b")).to_have_text("female-3")
    card.locator("summary", has_text="Speed").click()
    card.get_by_role("slider", name="Speed").fill("0.95")
    expect(card.locator("output").first).to_have_text("0.95×")
    wanted = {"voices": {language: {"tone": "female-3"}}, "rate": 0.95}
    eventually(page, settings_in(tmp_path, "speakers", "Ida Holm"), wanted)

    assert "# small" in (tmp_path / "voices.yaml").read_text("utf-8")

    card.get_by_label("Gender").select_option("male")
    expect(card.locator(".what-they-are")).to_have_text("Guest · male")
    card.get_by_label("Also called").fill("Ida, IH, Holm, Mrs Holm")
    card.get_by_label("Name", exact=True).fill("Ida Holm-Brook")
    page.keyboard.press("Tab")
    expect(turn_of(page, given["line"]).locator(".name")).to_have_text("Ida Holm-Brook")
    eventually(page, lambda: "Mrs Holm" in "".join(file.read_text("utf-8") for file in tmp_path.glob("*.yaml")), True)

    # Another take, and a word said otherwise.
    play_of(page, given["line"]).focus()
    page.keyboard.press("t")
    expect(page.locator("#line .takes li")).to_have_count(2)
    page.get_by_role("button", name="Use take 2").click()
    expect(page.locator("#line .takes .used")).to_contain_text("Take 2")
    page.locator("#line summary").click()
    expect(page.locator("#line .sounds")).to_contain_text(given["line"][:6])
    written, said = given["word"]
    select(page, written)
    page.get_by_role("button", name="Say “").click()
    expect(page.get_by_label("This word")).to_have_value(written)
    page.get_by_label("sounds like").first.fill(said)
    page.get_by_role("button", name="Hear the word so").first.click()
    heard(page, page.get_by_role("button", name="Hear the word so").first)
    page.get_by_role("button", name="Say it so everywhere").click()
    tab(page, "Words")
    expect(page.locator(".pronunciations")).to_contain_text(said)
    eventually(page, settings_in(tmp_path, "pronunciations"), {language: {written: said}})

    # A pause, and the way back.
    tab(page, "Sound")
    expect(page.get_by_label("Between speakers", exact=True)).to_have_attribute("max", "60")
    page.get_by_label("Between speakers", exact=True).fill("0.8")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Reset between speakers")).to_be_enabled()
    eventually(page, settings_in(tmp_path, "pauses"), {"turn": 0.8})
    page.get_by_role("button", name="Reset between speakers").click()
    expect(page.get_by_label("Between speakers", exact=True)).to_have_value("0.35")

    # The episode.
    expect(page.locator("#plan-text")).to_contain_text("to speak")
    page.get_by_role("button", name="Render", exact=True).click()
    expect(page.locator("#episode audio")).to_be_visible(timeout=120000)
    expect(page.locator("#plan-text")).to_have_text("The episode is up to date")
    audio = page.locator("#episode audio")
    eventually(page, lambda: audio.evaluate("audio => audio.readyState > 0"), True)
    chapter = page.locator(".episode-chapters button").nth(1)
    chapter.click()
    eventually(page, lambda: audio.evaluate("audio => audio.currentTime > 1"), True)
    expect(page.locator(".episode-chapters li").nth(1)).to_have_class("now")
    names = page.locator(".files a").all_inner_texts()
    assert {Path(name).suffix for name in names} >= {".mp3", ".vtt", ".srt", ".md"}
    assert all((tmp_path / "out" / name).is_file() for name in names)


def test_lines_are_played_one_after_another_while_the_text_is_changed(studio, visit, tmp_path):
    source = tmp_path / "short.en.txt"
    source.write_text(
        "\n\n".join(f"{name}: {text}" for name, text in zip(["Ada", "Ben"] * 3, SHORT, strict=True)), "utf-8"
    )
    page = visit(studio(source))
    page.evaluate("""() => new MutationObserver(changes => {
        for (const { target } of changes) if (target.dataset.phase === 'playing' && target.closest('.line')) (window.heard ??= new Set()).add(target.ariaLabel);
    }).observe(document.querySelector('#turns'), {subtree: true, attributeFilter: ['data-phase']})""")
    play_of(page, SHORT[0]).focus()
    page.keyboard.press("p")
    heard(page, play_of(page, SHORT[1]))
    turn_of(page, SHORT[0]).locator(".name").click()
    page.locator("#who-menu").get_by_role("button", name="Ben").click()
    expect(turn_of(page, SHORT[0]).locator(".name")).to_have_text("Ben")
    expect(page.locator("#now")).to_contain_text(SHORT[-1], timeout=30000)
    expect(page.locator("#play")).to_have_attribute("data-phase", "idle")
    assert page.evaluate("[...window.heard]") == [f"Play: {text}" for text in SHORT]


def test_voices_are_blended_by_shares_that_make_one(studio, visit, tmp_path):
    page = visit(studio(EXAMPLES / "lighthouse.en.txt"))
    page.locator(".card", has_text="Ida Holm").first.get_by_role("button", name="Change the voice").click()
    voices = page.locator("#voices")
    voices.get_by_label("Engine").select_option("kokoro")
    voices.locator(".pick", has_text="af_bella").click()
    voices.get_by_role("button", name="Blend af_nicole in").click()
    voices.get_by_role("button", name="Blend af_sky in").click()
    expect(voices.locator(".mixer output")).to_have_text(["34 %", "33 %", "33 %"])
    expect(voices.get_by_role("button", name="in", exact=True)).to_have_count(0)  # three are enough
    voices.get_by_role("button", name="Take af_sky out").click()
    voices.get_by_role("slider", name="Share of af_bella").fill("0.7")
    expect(voices.locator(".mixer output")).to_have_text(["70 %", "30 %"])
    voices.get_by_role("button", name=re.compile("^Use ")).click()
    eventually(
        page, settings_in(tmp_path, "speakers", "Ida Holm", "voices", "en", "kokoro"), "af_bella*0.7 + af_nicole*0.3"
    )


def test_everything_is_done_by_keyboard_alone(studio, visit, tmp_path):
    page = visit(studio(EXAMPLES / "lighthouse.en.txt"))
    press = page.keyboard.press
    focused = page.locator("*:focus")

    press("Tab")
    expect(focused).to_have_text("Skip to the transcript")
    press("Enter")
    press("Tab")
    expect(focused).to_have_class("name")
    press("Tab")
    press("Space")
    heard(page, focused)
    press("Space")
    expect(focused).to_have_attribute("aria-pressed", "false")
    press("Alt+ArrowDown")
    press("ArrowDown")
    third = page.locator(".line").nth(2).get_attribute("data-line")
    assert focused.evaluate("button => button.closest('.line').dataset.line") == third

    press("g")  # to the guess, and who says it
    guess = page.locator(".turn.current")
    text = guess.locator(".words").first.inner_text()
    press("s")
    press("ArrowDown")
    press("Escape")
    expect(focused).to_have_class("name")
    press("1")
    expect(turn_of(page, text).locator(".name")).to_have_text("Ida Holm")
    press("Control+z")
    expect(turn_of(page, text).locator(".name")).not_to_have_text("Ida Holm")
    press("Control+Shift+z")
    expect(turn_of(page, text).locator(".name")).to_have_text("Ida Holm")

    press("Home")
    press("e")
    page.keyboard.insert_text(" And a cat")
    press("Enter")
    expect(page.locator("h1")).to_contain_text("And a cat")
    assert focused.evaluate("element => Boolean(element.closest('.turn'))")  # the focus is where it was

    press("d")
    expect(page.locator("#line")).to_be_focused()
    press("Shift+Tab")  # the tabs, by arrows
    press("ArrowLeft")
    expect(page.locator("#cast")).to_be_visible()
    while not focused.evaluate("element => element.matches('[data-part^=choose]')"):
        press("Tab")
    press("Enter")
    expect(page.locator("#voices")).to_be_visible()
    press("Tab")
    press("Shift+Tab")
    assert focused.evaluate("element => Boolean(element.closest('#voices'))")
    press("Escape")
    expect(focused).to_have_attribute("data-part", "choose-en")
    for _ in range(60):  # to Render; on the way the focus can always be seen
        press("Tab")
        seen = focused.evaluate(
            "element => element.getClientRects().length > 0 && getComputedStyle(element).outlineStyle !== 'none'"
        )
        assert seen, focused.evaluate("element => element.outerHTML")
        if focused.get_attribute("id") == "render":
            break
    press("Enter")
    expect(focused).to_have_attribute("id", "cancel")
    press("Enter")
    expect(page.locator("#status")).to_contain_text("Cancelled")
    expect(focused).to_have_attribute("id", "render")


def test_a_phone_shows_one_thing_at_a_time_and_never_scrolls_sideways(studio, visit):
    page = visit(studio(EXAMPLES / "lighthouse.zh.txt"), PHONE, has_touch=True, is_mobile=True)
    for name in ("Cast", "Line", "Words", "Sound", "Episode", "Text"):
        page.get_by_role("tab", name=name).tap()
        shown = page.locator("main, .panel").evaluate_all(
            "all => all.filter(one => one.checkVisibility({checkVisibilityCSS: true})).length"
        )
        width = page.evaluate(
            "Math.max(...[...document.querySelectorAll('body, main, .panel, #transcript')].map(one => one.scrollWidth))"
        )
        assert (shown, width <= PHONE["width"]) == (1, True)
    play_of(page, "主要是跟游客解释").tap()
    heard(page, play_of(page, "主要是跟游客解释"))
    turn_of(page, "我在城里才孤单呢").locator(".name").tap()
    page.locator("#who-menu").get_by_role("button", name="Tomas Reyes").tap()
    expect(turn_of(page, "我在城里才孤单呢").locator(".name")).to_have_text("Tomas Reyes")


@pytest.mark.skipif(not AXE.is_file(), reason="make oracles has not installed axe-core")
def test_axe_finds_nothing_serious(studio, visit):
    address = studio(EXAMPLES / "lighthouse.en.txt")
    for size in (DESK, PHONE):
        page = visit(address, size, color_scheme="light")
        page.evaluate(AXE.read_text("utf-8"))
        found = {"whole": violations(page, "html")}
        for name in ("cast", "line", "words", "settings", "episode"):
            page.locator(f"#tab-{name}").click()
            page.locator(f"#{name} details").evaluate_all("all => all.forEach(one => one.open = true)")
            found[name] = violations(page, f"#{name}")
        page.locator("#tab-cast").click()
        page.locator("[data-part^=choose]").first.click()
        expect(page.locator(".pick").first).to_be_visible()
        found["voices"] = violations(page, "#voices")
        page.keyboard.press("Escape")
        if size == PHONE:
            page.locator("#tab-transcript").click()
        page.locator(".name").nth(5).click()
        found["who"] = violations(page, "#who-menu")
        page.keyboard.press("Escape")
        page.locator(".turn.current .acts [data-act=edit]").click()
        found["editor"] = violations(page, ".turn.current")
        assert {place: what for place, what in found.items() if what} == {}


def test_voices_are_found_and_heard_in_the_gallery_by_keyboard_alone(browser, tmp_path):
    words = [
        "voices",
        "gallery",
        "--engine",
        "tone",
        "--store",
        str(tmp_path / "clips"),
        "-o",
        str(tmp_path / "all.html"),
    ]
    subprocess.run([sys.executable, "-m", "interview_audio", *words], check=True, capture_output=True)
    for size in (DESK, PHONE):
        context = browser.new_context(viewport=size, reduced_motion="reduce", color_scheme="light", bypass_csp=True)
        page, asked, wrong = context.new_page(), [], []
        page.on("request", lambda one, asked=asked: asked.append(one.url.partition(":")[0]))
        page.on("pageerror", lambda error, wrong=wrong: wrong.append(str(error)))
        page.goto((tmp_path / "all.html").as_uri())
        cards = page.locator("article")
        expect(cards).to_have_count(48)
        page.keyboard.press("/")
        page.keyboard.type("zh male")
        expect(cards).to_have_count(4)
        page.keyboard.press("Escape")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        expect(cards.nth(1)).to_have_class("playing")
        page.keyboard.press("Escape")
        expect(cards.nth(1)).not_to_have_class("playing")
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
        if AXE.is_file():
            page.evaluate(AXE.read_text("utf-8"))
            assert violations(page, "html") == []
        assert (set(asked) - {"data"}, wrong) == ({"file"}, [])
        context.close()


HOSTILE = [
    "<script>document.title = 'run'</script> & <img src=x onerror=\"document.title='run'\">",
    "\"'></p><style>body{display:none}</style>{{7*7}} ${7*7} javascript:alert(1)",
    "\u202eright to left\u202c and مرحبا بالعالم, then English.",
    "[pause 1] A [slow]slow[/slow] [word]{say: wurd} said so.",
]


def test_what_a_text_says_is_shown_and_never_run(studio, visit, tmp_path):
    names = ["<b onmouseover=alert(1)>Eve</b>", "\u202eevE", 'O\'Brien "Q" & Söhne']
    turns = [{"speaker": names[number % 3], "text": text} for number, text in enumerate(HOSTILE)]
    source = tmp_path / "talk.script.yaml"
    script = {
        "schema": 1,
        "title": "<script>alert(1)</script>",
        "language": "en",
        "speakers": [{"name": name, "role": "guest"} for name in names],
    }
    source.write_text(yaml.safe_dump({**script, "turns": turns}, allow_unicode=True), "utf-8")
    page = visit(studio(source))
    texts = page.locator(".turn .text").evaluate_all("all => all.map(one => one.textContent)")
    assert [text for text in texts if text in HOSTILE] == HOSTILE
    assert page.locator(".turn .name").all_inner_texts()[-4:] == [*names, names[0]]
    assert page.locator("h1").inner_text() == "<script>alert(1)</script>"
    for name in ("cast", "line", "words", "settings", "episode"):
        page.locator(f"#tab-{name}").click()
    page.locator(".name").last.click()
    expect(page.locator("#who-menu bdi").first).to_have_text(names[0])
    page.keyboard.press("Escape")
    page.locator(".turn").nth(1).locator(".play").first.click()
    running = page.locator("script, style, img, iframe, [onerror], [onmouseover]")
    assert running.evaluate_all("all => all.map(one => one.src)") == [page.url + "page/studio.js"]
    assert page.title().startswith("<script>alert(1)</script>")


def test_three_thousand_turns_are_drawn_bit_by_bit_and_an_edit_redraws_one(studio, visit, tmp_path):
    source = tmp_path / "long.en.txt"
    people = ["Ada Brook", "Ben Frost"]
    turns = (f"{people[number % 2]}: This is answer {number}. It says no more than that." for number in range(3000))
    source.write_text("\n\n".join(turns), "utf-8")
    page = visit(studio(source))
    expect(page.locator(".turn")).to_have_count(3000, timeout=30000)
    middle = page.locator(".turn").nth(1500)
    middle.scroll_into_view_if_needed()
    middle.locator(".play").first.focus()
    page.evaluate("""() => {
        window.redrawn = new Set();
        new MutationObserver(changes => {
            for (const change of changes) {
                const turns = [...change.addedNodes, change.target].map(node => (node.parentElement ?? node).closest?.('.turn') ?? node.closest?.('.turn'));
                for (const turn of turns) if (turn) window.redrawn.add(turn);
            }
        }).observe(document.querySelector('#turns'), {childList: true, subtree: true});
    }""")
    top = page.locator("#transcript").evaluate("element => element.scrollTop")
    page.keyboard.press("2")
    expect(page.locator(".turn").nth(1500).locator(".name")).to_have_text("Ben Frost", timeout=20000)
    assert page.evaluate("[...window.redrawn].filter(turn => turn.isConnected).length") <= 2
    assert abs(page.locator("#transcript").evaluate("element => element.scrollTop") - top) < 100
    assert page.evaluate("document.activeElement.closest('.turn') === document.querySelectorAll('.turn')[1500]")
    page.keyboard.press("End")
    expect(page.locator(".turn").last).to_be_in_viewport()


def test_two_windows_and_an_editor_agree(studio, visit, tmp_path):
    address = studio(EXAMPLES / "lighthouse.en.txt")
    one, other = visit(address), visit(address)
    text = "I was lonely in the city"
    play_of(one, text).focus()
    one.keyboard.press("3")
    expect(turn_of(other, text).locator(".name")).to_have_text("Tomas Reyes")

    script = tmp_path / "lighthouse.en.script.yaml"
    good = script.read_text("utf-8")
    script.write_text(good.replace("in a street with", "on a street with"), "utf-8")
    expect(turn_of(one, text)).to_contain_text("on a street with")
    script.write_text(good + "\n  - [", "utf-8")
    expect(one.locator(".banner.error")).to_contain_text("lighthouse.en.script.yaml:")
    expect(turn_of(one, text)).to_be_visible()  # what was understood before
    script.write_text(good, "utf-8")
    expect(one.locator(".banner.error")).to_have_count(0)


def test_an_edit_that_comes_too_late_is_made_where_it_still_fits(studio, visit, tmp_path):
    page = visit(studio(EXAMPLES / "lighthouse.en.txt"))
    settings = tmp_path / "voices.yaml"
    met = []

    def meddle(route):
        if not met:
            settings.write_text("pauses: {turn: 0.5}  # by hand\n", "utf-8")
        met.append(route.request.post_data_json["version"])
        route.continue_()

    page.route("**/edit", meddle)
    card = page.locator(".card", has_text="Ida Holm").first
    card.locator("summary", has_text="Speed").click()
    card.get_by_role("slider", name="Speed").fill("1.1")
    eventually(page, settings_in(tmp_path, "speakers"), {"Ida Holm": {"rate": 1.1}})
    assert len(met) == 2
    assert "by hand" in settings.read_text("utf-8")


def test_a_lost_studio_is_said_and_found_again(studio, visit):
    page = visit(studio(EXAMPLES / "lighthouse.en.txt"))
    page.route("**/events", lambda route: route.abort())
    page.reload()
    expect(page.locator(".banner.lost")).to_be_visible()
    expect(page.locator(".turn").first).to_be_visible()
    page.unroute("**/events")
    expect(page.locator(".banner.lost")).to_have_count(0)
