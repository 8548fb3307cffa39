"""A real archive, served as a host would serve it, read with real Chromium."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
PASSWORD = "kept for the browser tests"
BUILD = f"""
import json
from pathlib import Path
from storykeep.site import open_archive
open_archive()
import quay
from django.contrib.auth import get_user_model
works = quay.build()
get_user_model().objects.create_superuser("mara", password={PASSWORD!r})
print(json.dumps({{name: work.get_absolute_url() for name, work in works.items()}}))
"""


class Site:
    """An archive that runs: ``base`` is its address, ``works`` the paths of its works by their short names."""

    def __init__(self, base: str, works: dict[str, str]) -> None:
        self.base, self.works = base, works

    def __getitem__(self, name: str) -> str:
        return self.base + self.works[name]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    with served(tmp_path_factory.mktemp("quay"), BUILD) as running:
        yield running


@pytest.fixture(scope="session")
def serve():
    """Another archive for a module that changes what is in it: ``with serve(folder, program)``."""
    return served


@contextmanager
def served(data, build):
    """Serve an archive that the program ``build`` fills; it prints the paths of its works as JSON."""
    port = free_port()
    paths = os.pathsep.join(filter(None, [str(TESTS), os.environ.get("PYTHONPATH", "")]))
    environment = {**os.environ, "STORYKEEP_DATA": str(data), "STORYKEEP_PORT": str(port), "PYTHONPATH": paths}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    built = subprocess.run([sys.executable, "-c", build], env=environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    log = (data / "log").open("w")
    command = [str(Path(sys.executable).with_name("storykeep")), "serve"]
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(base, server, data / "log")
        yield Site(base, json.loads(built.stdout))
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def free_port() -> int:
    with closing(socket.socket()) as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def wait_for(base, server, log):
    for _ in range(300):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{base}/search", timeout=5):  # noqa: S310 — our own address
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def open_page(browser, site):
    """Open a page in a browser of its own; whatever its console complains of fails the test.

    A page that shows something ``sealed`` is meant to complain: that it blocked what the old page tried.
    """
    contexts, complaints = [], []

    def opened(path="/", *, width=1280, height=800, expect=200, sealed=False, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, base_url=site.base, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if counts(said, sealed) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        answer = page.goto(path)
        assert answer.status == expect, (path, answer.status)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def counts(said, sealed):
    return said.type in {"error", "warning"} and not (sealed and re.search("[Bb]locked|Content Security", said.text))


@pytest.fixture(scope="session")
def archivist_state(browser, site):
    """The cookies of somebody who signed in by the form."""
    context = browser.new_context(base_url=site.base)
    page = context.new_page()
    page.goto("/account/login/")
    page.get_by_label("Name or e-mail").fill("mara")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/")
    state = context.storage_state()
    context.close()
    return state
