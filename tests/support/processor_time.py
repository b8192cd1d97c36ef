"""Processor time of each test, the processes that it started included: `python -m pytest -p processor_time`.

A wall time says little on a machine with other work; this is what the suite costs. Time is counted when a process has
been waited for, so what a fixture of the session leaves running is counted with the test that ends it.
"""

import os
from collections.abc import Generator

import pytest

_NAME = "processor_seconds"
_SHOWN = 60
_started: dict[str, float] = {}
_costs: dict[str, float] = {}


def _seconds() -> float:
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the seconds since the test began to its last report, which pytest-xdist carries to the main process."""
    report = yield
    if call.when == "teardown":
        report.user_properties.append((_NAME, _seconds() - _started.pop(item.nodeid)))
    return report


def pytest_runtest_logstart(nodeid: str) -> None:
    """Remember when a test begins."""
    _started[nodeid] = _seconds()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Collect what the tests cost."""
    for name, value in report.user_properties:
        if name == _NAME and isinstance(value, float):
            _costs[report.nodeid] = value


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the total, the costliest files and the costliest tests."""
    if not _costs:
        return
    files: dict[str, float] = {}
    for test, cost in _costs.items():
        file = test.partition("::")[0]
        files[file] = files.get(file, 0) + cost
    terminalreporter.section("processor time")
    terminalreporter.write_line(f"{sum(_costs.values()) / 60:.1f} processor minutes in {len(_costs)} tests")
    for costs in (files, _costs):
        for name, cost in sorted(costs.items(), key=lambda pair: -pair[1])[:_SHOWN]:
            terminalreporter.write_line(f"{cost:7.2f} s  {name}")
