"""Which proxy is used, by what is set, and that no password is shown."""

import pytest

from edge_emulator.redirection import without_proxies
from interview_audio.engines.online.network import find_proxy
from interview_audio.errors import OutageError

HOST = "speech.example"


def find(setting=None):
    return find_proxy(HOST, setting, "engines.edge.proxy", ("wss", "https", "all"))


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    without_proxies(monkeypatch)


@pytest.mark.parametrize(
    ("variables", "shown"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://one:80"}, "one:80 (HTTPS_PROXY)"),
        ({"https_proxy": "one:80"}, "one:80 (HTTPS_PROXY)"),
        ({"HTTPS_PROXY": "http://one:80", "WSS_PROXY": "http://two:81"}, "two:81 (WSS_PROXY)"),
        ({"ALL_PROXY": "http://me:secret@three:82"}, "three:82 (ALL_PROXY)"),
        ({"ALL_PROXY": "socks5://three:82", "HTTPS_PROXY": "http://one:80"}, "one:80 (HTTPS_PROXY)"),
        ({"HTTPS_PROXY": "http://one:80", "NO_PROXY": "speech.example"}, None),
        ({"HTTP_PROXY": "http://one:80"}, None),
    ],
)
def test_the_environment(monkeypatch, variables, shown):
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    found = find()
    assert (str(found) if found else None) == shown


def test_the_setting_wins_over_all(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://one:80")
    monkeypatch.setenv("NO_PROXY", "*")
    assert str(find("http://me:secret@mine:8080")) == "mine:8080 (engines.edge.proxy)"


@pytest.mark.parametrize("address", ["socks5://me:secret@three:82", "https://three:82", "http://", "http://a:b:c"])
def test_what_cannot_be_used_is_said_without_its_password(monkeypatch, address):
    monkeypatch.setenv("ALL_PROXY", address)
    with pytest.raises(
        OutageError,
        match=r"ALL_PROXY (is not a proxy address|names a \w+ proxy, but only .+); set engines\.edge\.proxy",
    ) as caught:
        find()
    assert "secret" not in str(caught.value)
