"""A web capture is sent from the browser over a line that breaks, rescued, and read: with real Chromium."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
BUILD = """
from storykeep.site import open_archive
open_archive()
from django.contrib.auth import get_user_model
get_user_model().objects.create_superuser("mara", password="kept for the browser tests")
print("{}")
"""


@pytest.fixture(scope="module")
def remains(tmp_path_factory):
    folder = tmp_path_factory.mktemp("remains")
    subprocess.run([sys.executable, ROOT / "examples/lower-ferry/capture.py", folder], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def empty(serve, tmp_path_factory):
    with serve(tmp_path_factory.mktemp("empty"), BUILD) as running:
        yield running


def test_a_capture_comes_in_over_a_line_that_breaks(browser, empty, remains):
    context = browser.new_context(base_url=empty.base)
    page = context.new_page()
    page.goto("/account/login/")
    page.get_by_label("Name or e-mail").fill("mara")
    page.get_by_label("Password").fill("kept for the browser tests")
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/")
    page.goto("/desk/bring")
    broken = []

    def breaks(route):
        """The first piece is lost on the way; the second try goes through."""
        if route.request.method == "POST" and not broken:
            broken.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    page.route("**/desk/bring/upload*", breaks)
    page.get_by_label("A file from this computer").set_input_files(remains / "lower-ferry.warc.gz")
    page.get_by_role("button", name="Send it").click()
    page.get_by_text("The line broke; trying again (1)").wait_for()
    page.get_by_role("button", name="Start the rescue").click()
    page.get_by_role("link", name="Look it over, and open it").click(timeout=90_000)
    assert "14 works" in page.get_by_role("main").inner_text()
    page.goto("/story.html?id=12")
    assert page.url.endswith("/low-water")
    assert "Edith Carrow read the gauge" in page.get_by_role("main").inner_text()
    assert len(broken) == 1
    context.close()
