"""storykeep serve, as it is really started: it says where to look, answers, and stops cleanly."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

STORYKEEP = str(Path(sys.executable).with_name("storykeep"))


@pytest.fixture
def environment(tmp_path):
    """Return a new data folder, SQLite, and a port where nobody listens."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("STORYKEEP", "DJANGO"))}
    return {**kept, "STORYKEEP_DATA": str(tmp_path / "data"), "STORYKEEP_PORT": str(port)}


def test_a_new_archive_is_served_and_stops_cleanly(environment):
    process = subprocess.Popen([STORYKEEP, "serve"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        said = process.stdout.readline().decode()
        where = f"http://localhost:{environment['STORYKEEP_PORT']}/"
        assert where in said
        with urllib.request.urlopen(where, timeout=20) as answer:
            html = answer.read().decode()
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "<h1" in html
        style = html.split('rel="stylesheet" href="')[1].split('"')[0]
        with urllib.request.urlopen(where + style.lstrip("/"), timeout=20) as answer:  # noqa: S310 — our own address
            assert "immutable" in answer.headers["Cache-Control"]
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        second = subprocess.run([STORYKEEP, "serve"], env=environment, capture_output=True, text=True, check=False)
        assert second.returncode == 2
        assert "Nothing can listen at port" in second.stderr
    finally:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert b"Stopped. Everything is saved." in errors
    assert b"Traceback" not in errors


@pytest.mark.parametrize(
    "how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=["Ctrl-C", "kill", "closed terminal"]
)
def test_it_stops_when_the_whole_terminal_is_told_to(environment, how):
    """Ctrl-C and a closed terminal reach every process of the terminal, not only the first one."""
    process = subprocess.Popen([STORYKEEP, "serve"], env=environment, stdout=subprocess.PIPE, start_new_session=True)
    try:
        process.stdout.readline()
        os.killpg(process.pid, how)
        process.communicate(timeout=60)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0


def test_what_another_process_brings_in_is_found_while_the_archive_is_served(environment, tmp_path):
    page = tmp_path / "pages" / "tale.html"
    page.parent.mkdir()
    page.write_text(
        "<html><head><title>The Lamplighter</title></head><body><h1>The Lamplighter</h1><p>by Ada Vane</p>"
        + "<p>The lamplighter walked along the harbour until the zephyranthes closed.</p>" * 12
        + "</body></html>"
    )
    process = subprocess.Popen([STORYKEEP, "serve"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        process.stdout.readline()
        given = ["--visibility", "public", "--into", environment["STORYKEEP_DATA"]]
        rescue = [STORYKEEP, "rescue", str(page.parent), *given]
        done = subprocess.run(rescue, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        where = f"http://localhost:{environment['STORYKEEP_PORT']}/search?q=zephyranthes"
        for _ in range(60):
            with urllib.request.urlopen(where, timeout=20) as answer:
                html = answer.read().decode()
            if "<mark>zephyranthes</mark>" in html:
                break
            time.sleep(0.5)
        assert "<mark>zephyranthes</mark>" in html
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
