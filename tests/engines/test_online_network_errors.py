"""What answers and headers of a service mean."""

import aiohttp
import pytest
from multidict import CIMultiDict
from yarl import URL

from interview_audio.engines.online.network import Proxy, Route, parse_retry_after, translate_error
from interview_audio.engines.online.retries import FailureKind, TransientError

PROXY = Proxy("http://me:secret@gate:3128", "HTTPS_PROXY")
ROUTE = Route("edge", "speech.example", PROXY, lambda: "upgrade", "upgrade it")
REQUEST = aiohttp.RequestInfo(URL("wss://speech.example/"), "GET", CIMultiDict(), URL("wss://speech.example/"))


def proxy_answers(status):
    return aiohttp.ClientHttpProxyError(REQUEST, (), status=status, message="no")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": " 0 "}, 0),
        ({"Retry-After": "Sun, 22 Nov 2026 10:02:00 GMT", "Date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 120),
        ({"Retry-After": "Sun, 22 Nov 2026 09:00:00 GMT", "Date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 0),
        ({"Retry-After": "Sun, 22 Nov 2026 10:02:00 GMT"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "9" * 400}, 1e9),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "٧"}, None),
        ({}, None),
    ],
)
def test_retry_after(headers, seconds):
    assert parse_retry_after(headers) == seconds


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (407, "the proxy gate:3128 (HTTPS_PROXY) answered 407; add the user name and password to its address"),
        (403, "the proxy gate:3128 (HTTPS_PROXY) answered 403; allow speech.example there"),
    ],
)
def test_a_proxy_that_refuses(status, message):
    assert str(translate_error(proxy_answers(status), ROUTE)) == message


def test_a_proxy_that_does_not_reach_the_service_is_asked_again():
    found = translate_error(proxy_answers(502), ROUTE)
    assert isinstance(found, TransientError)
    assert (found.kind, found.reason) == (FailureKind.UNREACHABLE, "the proxy gate:3128 (HTTPS_PROXY) answered 502")


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (aiohttp.ServerDisconnectedError(), FailureKind.INCOMPLETE),
        (ConnectionResetError(104, "Connection reset by peer"), FailureKind.INCOMPLETE),
        (aiohttp.ConnectionTimeoutError("slow"), FailureKind.UNREACHABLE),
        (aiohttp.WSServerHandshakeError(REQUEST, (), status=504), FailureKind.THROTTLED),
    ],
)
def test_what_may_pass(error, trouble):
    found = translate_error(error, ROUTE)
    assert isinstance(found, TransientError)
    assert found.kind is trouble
