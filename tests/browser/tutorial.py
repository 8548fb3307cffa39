"""The clicks of the tutorial “Bring back an archive”, in its order: for a test, and for the tutorial’s pictures.

    python tests/browser/tutorial.py          makes docs/images/bring-back-*.png anew

Every word on which a step clicks stands in the tutorial, set **so**.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "tutorial" / "bring-back-an-archive.md"
IMAGES = ROOT / "docs" / "images"
PASSWORD = "the gauge reads nought point three"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"http://localhost:\d+/account/once/\S+")


def blocks():
    """Return the commands of the tutorial, block by block."""
    return BLOCK.findall(PAGE.read_text("utf-8"))


def named():
    """Return every word of the tutorial on which its reader clicks, or that the reader looks for."""
    return set(re.findall(r"\*\*([^*\n]+)\*\*", PAGE.read_text("utf-8")))


class Folder:
    """An empty folder in which the tutorial is followed: a clone, as its reader has one, and nothing else."""

    def __init__(self, path, port):
        self.path = Path(path)
        shutil.copytree(ROOT / "examples", self.path / "examples")
        (self.path / ".venv").symlink_to(sys.prefix)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("STORYKEEP_")}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.environment = {**environment, "STORYKEEP_PORT": str(port), "PYTHONDONTWRITEBYTECODE": "1"}
        self.base = f"http://localhost:{port}"
        self.settings = ""

    def run(self, block):
        """Run a block of commands; settings that it exports hold for the later ones, as in one terminal."""
        exports = "".join(f"{line}\n" for line in block.splitlines() if line.startswith("export "))
        script = f"set -e\n. .venv/bin/activate\n{self.settings}{block}"
        done = subprocess.run(
            ["sh", "-c", script], cwd=self.path, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        self.settings += exports
        return done.stdout + done.stderr

    @contextmanager
    def serving(self, block):
        """Run the block that serves the archive, until the reader is done with it."""
        exports = "".join(f"{line}\n" for line in block.splitlines() if line.startswith("export "))
        command = next(line for line in block.splitlines() if line.startswith("storykeep serve"))
        script = f"set -e\n. .venv/bin/activate\n{self.settings}{exports}exec {command}"
        with (self.path / "serve.log").open("w") as log:
            server = subprocess.Popen(["sh", "-c", script], cwd=self.path, env=self.environment, stdout=log, stderr=log)
            try:
                self._wait(server)
                yield
            finally:
                server.terminate()
                server.wait(20)

    def _wait(self, server):
        for _ in range(300):
            assert server.poll() is None, (self.path / "serve.log").read_text()
            try:
                with urllib.request.urlopen(f"{self.base}/search", timeout=5):  # noqa: S310 — our own address
                    return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        raise AssertionError((self.path / "serve.log").read_text())


class Reader:
    """Somebody who follows the tutorial in a browser: clicks on what it names, and may take pictures on the way."""

    def __init__(self, browser, base, pictures=None):
        self.context = browser.new_context(base_url=base, viewport={"width": 1120, "height": 760})
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.pictures, self.used = pictures, set()
        self.said, self.whole, self.led_to = [], "", ""

    @property
    def main(self):
        """What stands on the page between its head and its foot."""
        return self.page.get_by_role("main")

    def link(self, name, within=None):
        self._click("link", name, within)

    def press(self, name, within=None):
        self._click("button", name, within)

    def _click(self, role, name, within):
        self.used.add(name if isinstance(name, str) else "Open … to everybody")
        found = (within or self.main).get_by_role(role, name=name, exact=role == "link" and isinstance(name, str))
        with self.page.expect_navigation():
            found.first.click()

    def desk(self, name):
        """Go to a page of the desk by its menu."""
        self.link(name, self.page.get_by_role("navigation", name="Desk", exact=True))

    def report(self, path):
        """Look at the report, as a file."""
        if self.pictures:
            self.page.goto(path.as_uri())
            self.picture("report", height=900)

    def fill(self, label, words):
        self.used.add(label)
        self.page.get_by_label(label).fill(words)

    def choose(self, label, option):
        self.used |= {label, option}
        self.page.get_by_label(label).select_option(label=option)

    def go(self, path):
        self.page.goto(path)

    def picture(self, name, *, height=0, top=True):
        """Take a picture of the page from its top, ``height`` pixels high, small enough to keep."""
        if self.pictures is None:
            return
        if top:
            self.page.evaluate("scrollTo(0, 0)")
        if height:
            self.page.set_viewport_size({"width": 1120, "height": height})
        path = self.pictures / f"bring-back-{name}.png"
        self.page.screenshot(path=path)
        self.page.set_viewport_size({"width": 1120, "height": 760})
        small(path)


def small(path):
    """Write a picture anew with 64 colours, which a page of text never misses."""
    from PIL import Image

    with Image.open(path) as picture:
        few = picture.convert("RGB").quantize(64, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def free_port():
    """Return a port at which nobody listens."""
    with closing(socket.socket()) as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def sign_in(reader, said):
    """Follow the link that the command printed, and choose a password."""
    reader.go(LINK.search(said)[0])
    reader.press("Sign in")
    for label in ("New password", "The same once more"):
        reader.fill(label, PASSWORD)
    reader.press("Keep it")


def look_round(reader):
    """See what waits at the desk."""
    reader.go("/desk")
    reader.picture("desk", height=860)
    reader.link("Works shorter than the old site said")
    reader.link("Go through them one by one")
    reader.picture("finding", height=900)


def teach(reader):
    """Teach what the old site meant by “Setting”, on one page for all."""
    reader.desk("Works")
    reader.choose("Show", "All")
    reader.press("Show")
    reader.link("Exact Fare")
    reader.link("Correct it on all pages like it")
    reader.choose("This is", "Fandom")
    reader.fill("Type it as it is printed there", "The Number Nine")
    reader.press("See what changes")
    reader.picture("teach", height=900)
    reader.press("Apply it to all of them")


def bring_in(reader, file):
    """Send the reader's zip, and wait until it is rescued."""
    reader.desk("Bring in")
    reader.used.add("A file from this computer")
    reader.page.get_by_label("A file from this computer").set_input_files(file)
    reader.press("Send it")
    reader.picture("bring", height=860)
    reader.press("Start the rescue")
    reader.used.add("Look it over, and open it")
    reader.main.get_by_role("link", name="Look it over, and open it").wait_for(timeout=60_000)


def one_text(reader):
    """Make one text of two copies, and see what readers see of it."""
    reader.desk("Copies")
    reader.link("Look at both")
    reader.picture("copies", height=1000)
    reader.press("One text from both")


def whole_again(reader):
    """See the work as readers see it, with what was restored."""
    all_works(reader)
    reader.link("Slack Water")
    reader.link("as readers see it")
    reader.whole = reader.main.inner_text()


def all_works(reader):
    reader.desk("Works")
    reader.choose("Show", "All")
    reader.press("Show")


def one_person(reader):
    """Say of two names that stand in the archive twice that each is one person."""
    reader.go("/desk")
    reader.desk("People")
    for _ in range(2):
        reader.press("One person")


def what_is_missing(reader):
    """See the line that nobody has any more."""
    reader.desk("Works")
    reader.link("How My Aunt Bridie Sold the Bog")
    reader.link("as readers see it")
    mark = "mark => mark.scrollIntoView({block: 'center', behavior: 'instant'})"
    reader.main.get_by_text("a line is missing").evaluate(mark)
    reader.picture("gap", top=False)


def approve(reader):
    """Approve all works that have something to settle."""
    reader.go("/desk")
    reader.desk("Works")
    reader.press("Approve all")


def write_to_authors(reader):
    """Write one letter to all authors who left an address."""
    reader.desk("Letters")
    reader.press("Keep, and look at it")
    reader.picture("letter")
    reader.press("Send it to all who have not had it")


def set_the_day(reader):
    """Say on which day the works open."""
    reader.desk("Opening")
    said = reader.main.locator(".desk-lead").inner_text()
    day = datetime.strptime(re.search(r"(\d+ \w+ \d{4}) would leave", said)[1], "%d %B %Y").replace(tzinfo=UTC)
    reader.fill("Open them on", day.date().isoformat())
    reader.press("Set")


def open_now(reader):
    """Open both rescues at once, and see the archive as everybody does."""
    for name in ("The Lower Ferry", "from-a-reader"):
        reader.desk("Bring in")
        reader.link(name)
        reader.link(re.compile(r"Open \d+ to everybody"))
        reader.press(re.compile(r"Open \d+ works? to everybody"))


def as_everybody(reader):
    """Look at the archive as somebody who has no account."""
    reader.context.clear_cookies()
    reader.go("/story.html?id=27")
    reader.led_to = reader.page.url
    reader.go("/")
    reader.picture("public")


def main():
    """Follow the tutorial and take its pictures; return the exit code."""
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(exist_ok=True)
    path = Path(tempfile.gettempdir()) / "storykeep"  # stands in a picture, so it is always the same
    path.mkdir()
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        follow(Folder(path, free_port()), browser, IMAGES)
        browser.close()
    shutil.rmtree(path)
    return 0


def follow(folder, browser, pictures=None):
    """Do all that the tutorial says, and return the reader."""
    make, rescue, account, serve = blocks()
    said = [folder.run(block) for block in (make, rescue, account)]
    with folder.serving(serve):
        reader = Reader(browser, folder.base, pictures)
        reader.said = said
        reader.report(folder.path / "ferry" / "report.html")
        sign_in(reader, said[-1])
        look_round(reader)
        teach(reader)
        bring_in(reader, folder.path / "remains" / "from-a-reader.zip")
        one_text(reader)
        whole_again(reader)
        one_person(reader)
        what_is_missing(reader)
        approve(reader)
        write_to_authors(reader)
        set_the_day(reader)
        open_now(reader)
        as_everybody(reader)
    return reader


if __name__ == "__main__":
    sys.exit(main())
