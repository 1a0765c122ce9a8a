"""How long Hypothesis looks, how many processes share the work, and whether expected files are renewed."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# The same examples on every run, so that a change is red or green for what it does; by night others, and many more. No
# test fails because the machine has other work: its time is bounded as that of all (faulthandler_timeout).
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("everyday", **PATIENT, derandomize=True)
settings.register_profile("nightly", **PATIENT, max_examples=2_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "everyday"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let ``--update`` write what the program makes over the files that tests compare it with."""
    parser.addoption(
        "--update", action="store_true", help="renew expected files; read the difference before you commit"
    )


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Run single files in this process: to start others takes longer than most of them."""
    return 0 if config.args and all(".py" in argument for argument in config.args) else None
