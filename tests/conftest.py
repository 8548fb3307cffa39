"""What all tests share: where the data beside the repository is, and an honest list of what could not run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NEEDED_IN_CI = ("browser", "java", "postgres")


def shared_folder() -> Path | None:
    """Return the folder of public test data, when it lies beside the repository or is named by the environment."""
    folder = Path(os.environ.get("STORYKEEP_SHARED", ROOT.parent / "shared"))
    return folder if (folder / "data").is_dir() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = shared_folder()
    if folder is None:
        pytest.skip("the shared test data is not beside the repository (STORYKEEP_SHARED names another place)")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    return found


@pytest.fixture(scope="session")
def java() -> str:
    found = shutil.which("java")
    if found is None:
        pytest.skip("Java is not installed (Debian: apt-get install default-jre-headless)")
    return found


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """With CI=true a part that is missing is a failure, not a skip."""
    outcome = yield
    report = outcome.get_result()
    needed = [name for name in NEEDED_IN_CI if item.get_closest_marker(name)]
    if report.skipped and not hasattr(report, "wasxfail") and needed and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} must run in CI: {report.longrepr[-1]}"


def pytest_terminal_summary(terminalreporter):
    """Name at the end what could not run, and why, in one line each."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[reason] = reasons.get(reason, 0) + 1
    for reason, count in reasons.items():
        terminalreporter.write_line(f"COULD NOT RUN: {count} tests. {reason}")
