"""Engines of other packages: found, built, and refused in one line where they are broken."""

import os
import re
import subprocess
import sys

import pytest

from interview_audio.engines.registry import BUILT_IN_ENGINES, engine_names, load_engine
from interview_audio.errors import EngineError
from interview_audio.testing import check_engine

ENGINE = """
from interview_audio.engines.tone import ToneEngine

class Choir(ToneEngine):
    name = "choir"

def no_engine(settings):
    return 3

def own_name(settings):
    engine = Choir(settings)
    engine.name = "kokoro"
    return engine
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Puts a package with an engine on the path, as an installed one looks."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))

    def install(package, engines, code=ENGINE):
        module = f"{package}_{abs(hash(str(tmp_path)))}"
        (folder / f"{module}.py").write_text(code, "utf-8")
        information = folder / f"{package}-1.2.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2\n", "utf-8")
        lines = [f"{name} = {module}:{where}" for name, where in engines.items()]
        (information / "entry_points.txt").write_text("\n".join(["[interview_audio.engines]", *lines]), "utf-8")
        return folder

    return install


def test_an_engine_of_another_package(install):
    install("choirs", {"choir": "Choir"})
    assert engine_names() == (*BUILT_IN_ENGINES, "choir")
    check_engine(load_engine("choir", {}), "en", "female-1")
    with pytest.raises(EngineError, match="has no settings"):
        load_engine("choir", {"x": 1})
    with pytest.raises(EngineError, match="there is no engine 'chor'; did you mean 'choir'"):
        load_engine("chor", {})


@pytest.mark.parametrize(
    ("where", "code", "message"),
    [
        (
            "Missing",
            ENGINE,
            r"the engine choir of choirs 1\.2 is broken \(AttributeError: .+\); update or uninstall it",
        ),
        ("x", "import no_such_module", "is broken .ModuleNotFoundError: No module named 'no_such_module'.; update"),
        ("x", "def (", "is broken .SyntaxError: "),
        ("x", "1 / 0", "is broken .ZeroDivisionError: division by zero"),
        ("x", "raise RuntimeError('two\\nlines')", "is broken .RuntimeError: two lines"),
        ("x", "x = 5", "is broken .TypeError: 'int' object is not callable"),
        ("no_engine", ENGINE, "is not usable: it has no method voices; update or uninstall it"),
        ("own_name", ENGINE, "is not usable: its name is kokoro, not choir"),
    ],
)
def test_a_broken_one_is_one_line(install, where, code, message):
    install("choirs", {"choir": where}, code)
    with pytest.raises(EngineError, match=message) as caught:
        load_engine("choir", {})
    assert "\n" not in str(caught.value)


def test_a_name_of_ours_is_not_taken(install):
    install("thieves", {"kokoro": "Choir"})
    with pytest.raises(EngineError, match=r"the package thieves 1\.2 offers an engine named kokoro, like a"):
        load_engine("kokoro", {})
    assert engine_names() == tuple(BUILT_IN_ENGINES)
    assert load_engine("tone", {}).name == "tone"


def test_two_of_one_name(install):
    install("choirs", {"choir": "Choir"})
    install("quires", {"choir": "Choir"})
    with pytest.raises(
        EngineError, match=r"the packages \w+ 1\.2 and \w+ 1\.2 both offer an engine named choir; uninstall"
    ):
        load_engine("choir", {})


def test_the_page_of_an_own_engine_says_what_runs(install, page):
    """The engine that ``docs/own-engine.md`` shows, as it stands there."""
    code = page("own-engine.md").partition("```python\n")[2].partition("```")[0]
    assert len(code.splitlines()) < 40
    folder = install("beeps", {"beep": "BeepEngine"}, code)
    check_engine(load_engine("beep", {}), "en", "low")
    script = "from interview_audio.engines.registry import load_engine; print(load_engine('beep', {}).name)"
    environment = {"PYTHONPATH": os.pathsep.join([str(folder), *sys.path])}
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    assert shown.stdout == "beep\n"


def test_the_page_names_every_setting_of_the_engines(page):
    from interview_audio.engines.openai.server import SETTINGS

    online = page("online.md")
    assert [name for name in SETTINGS if name != "offline" and f"| `{name}` |" not in online] == []


def test_the_page_that_helps_to_choose_names_every_engine_is_a_page_and_leads_on(page, request):
    choosing = page("engines.md")
    assert [name for name in BUILT_IN_ENGINES if f"`{name}`" not in choosing.splitlines()[4]] == []
    assert len(choosing.splitlines()) <= 60
    links = [
        target
        for name in ("engines.md", "online.md", "own-engine.md")
        for target in re.findall(r"\]\(([^)#]+)", page(name))
    ]
    assert [target for target in links if not (request.config.rootpath / "docs" / target).is_file()] == []


@pytest.fixture
def page(request):
    return lambda name: (request.config.rootpath / "docs" / name).read_text("utf-8")
