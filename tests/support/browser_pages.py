"""The browser of the system and axe-core, for tests of pages: `make oracles` installs Playwright and axe-core."""

import shutil
from contextlib import contextmanager
from pathlib import Path

AXE = Path(__file__).parents[1] / "oracles" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}

MAY_PLAY = "--autoplay-policy=no-user-gesture-required"
"""For pages that are to play without a click."""


@contextmanager
def chromium(*flags):
    """Start the browser; it ends with the context."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *flags])
        yield browser
        browser.close()


def violations(page, part):
    """What axe-core calls serious or critical in a part of the page, in light and dark: a rule and the first elements."""
    found = page.evaluate("part => axe.run(part, {resultTypes: ['violations']})", part)["violations"]
    page.emulate_media(color_scheme="dark")  # changes colours alone
    found += page.evaluate("part => axe.run(part, {runOnly: ['color-contrast']})", part)["violations"]
    page.emulate_media(color_scheme="light")
    return [
        (one["id"], [(node["html"][:160], node["failureSummary"][:300]) for node in one["nodes"][:3]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
