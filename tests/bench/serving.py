"""A story page: requests a second with 1 and 16 connections, beside nginx serving the same bytes as a static file.

Storykeep is served as `storykeep serve` does it, to a visitor without a cookie. Both answer the same load generator
(`wrk`, five seconds each, median of three), one after the other on the same cores.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 5
ROUNDS = 3


def measure() -> list[dict[str, object]]:
    if not (shutil.which("wrk") and shutil.which("nginx")):
        print("This bench needs wrk and nginx (Debian: apt-get install wrk nginx-light).")
        return []
    with tempfile.TemporaryDirectory(prefix="storykeep-bench-") as folder:
        data = Path(folder)
        data.chmod(0o755)
        with storykeep(data) as address, nginx(data, page(address)) as static:
            return [row(connections, address, static) for connections in (1, 16)]


def row(connections: int, ours: str, static: str) -> dict[str, object]:
    rates: dict[str, list[float]] = {ours: [], static: []}
    for _ in range(ROUNDS):
        for address, seen in rates.items():
            seen.append(rate(address, connections))
    mine, theirs = statistics.median(rates[ours]), statistics.median(rates[static])
    return {"connections": connections, "storykeep/s": mine, "nginx/s": theirs, "share of nginx": mine / theirs}


def rate(address: str, connections: int) -> float:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", address]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in answer:
        raise RuntimeError(answer)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", answer)[1])


@contextmanager
def storykeep(data: Path) -> Iterator[str]:
    """Serve the demo archive and give the address of a story page."""
    port = free_port()
    env = {**os.environ, "STORYKEEP_DATA": str(data / "archive"), "STORYKEEP_PORT": str(port)}
    command = str(Path(sys.executable).with_name("storykeep"))
    pages = next(iter(sorted((ROOT / "examples").glob("*/pages"))))
    given = ["--visibility", "public", "--into", env["STORYKEEP_DATA"]]
    subprocess.run([command, "rescue", str(pages), *given], env=env, check=True)
    with subprocess.Popen([command, "serve"], env=env, stdout=subprocess.DEVNULL) as server:
        try:
            home = waited_for(f"http://127.0.0.1:{port}/")
            yield f"http://127.0.0.1:{port}" + re.search(r'href="(/works/[^"]+)"', home)[1]
        finally:
            server.terminate()


@contextmanager
def nginx(data: Path, content: str) -> Iterator[str]:
    port = free_port()
    (data / "page.html").write_text(content, "utf-8")
    (data / "nginx.conf").write_text(
        f"pid {data}/nginx.pid; error_log /dev/null; worker_processes 2; events {{}}\n"
        f"http {{ access_log off; server {{ listen 127.0.0.1:{port}; root {data}; }} }}\n"
    )
    with subprocess.Popen(["nginx", "-c", str(data / "nginx.conf"), "-g", "daemon off;"]) as server:
        try:
            waited_for(f"http://127.0.0.1:{port}/page.html")
            yield f"http://127.0.0.1:{port}/page.html"
        finally:
            server.terminate()


def page(address: str) -> str:
    with urllib.request.urlopen(address) as answer:  # noqa: S310 — our own server
        return answer.read().decode()


def waited_for(address: str) -> str:
    for _ in range(150):
        try:
            return page(address)
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{address} did not answer")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
