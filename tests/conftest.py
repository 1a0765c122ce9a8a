"""How the suite runs: on how many processes, how long Hypothesis looks, and whether expected files are renewed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("snapshots", "fault_cases")

from snapshots import Snapshots  # noqa: E402 - rewritten, so that a failure shows the difference

# The same examples on every run, so that a change is red or green for what it does; by night others, and many more. No
# test fails because the machine has other work: its time is bounded as that of all (faulthandler_timeout).
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("everyday", **PATIENT, derandomize=True)
settings.register_profile("nightly", **PATIENT, max_examples=2_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "everyday"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update",
        action="store_true",
        help="Write anew what tests compare with what the program makes, and run these tests alone. Read the diff.",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update") and config.getoption("numprocesses", None):
        raise pytest.UsageError("--update runs in one process: leave out -n")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Run single files in this process: to start others takes longer than most of them."""
    single = config.args and all(".py" in argument for argument in config.args)
    return 0 if single or config.getoption("--update") else None


@pytest.hookimpl(tryfirst=True)  # before -m looks at the markers
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker("browser")
    if config.getoption("--update"):
        renewing = [item for item in items if "snapshot" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(renewing)])
        # Pages of the guide are made from others of these files, so they come last.
        items[:] = sorted(renewing, key=lambda item: item.path.name == "test_guide.py")


@pytest.fixture
def snapshot(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Iterator[Snapshots]:
    """Files with what the program makes or says, to compare or to renew."""
    snapshots = Snapshots(update=request.config.getoption("--update"))
    yield snapshots
    for name in snapshots.renewed:
        record_property("renewed", name)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = (report for reports in terminalreporter.stats.values() for report in reports)
    properties = (each for report in reports for each in getattr(report, "user_properties", ()))
    renewed = {value for key, value in properties if key == "renewed"}
    if renewed:
        terminalreporter.section("renewed: read the diff")
        for name in sorted(renewed):
            terminalreporter.line(name)
