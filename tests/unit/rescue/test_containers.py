"""Containers give up what is good in them, name what is not, and never write where they say."""

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile

import pytest

from storykeep.model.errors import InputError
from storykeep.model.provenance import Finding
from storykeep.sources.zipped import Budget, Names, members, unsafe

PAGE = b"<html><body><p>Hark. She comes.</p></body></html>"


def opened(path, **limits):
    """Return what comes out of a container: {name: bytes or the error's code}, and the codes of its findings."""
    got, codes = {}, []
    for each in members(path, path.name, Budget(path.stat().st_size, **limits)):
        if isinstance(each, Finding):
            codes.append(each.code)
            continue
        try:
            got[each.name] = b"".join(iter(lambda stream=each.stream: stream.read(65536), b""))
        except InputError as error:
            got[each.name] = error.code
    return got, codes


@pytest.fixture
def zipped(tmp_path):
    def make(*entries, name="site.zip"):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, data in entries:
                archive.writestr(entry, data)
        return tmp_path / name

    return make


def test_a_sound_zip(zipped):
    got, codes = opened(zipped(("a/fic.html?id=1", PAGE), ("b.txt", b"x")))
    assert got == {"a/fic.html?id=1": PAGE, "b.txt": b"x"}
    assert codes == []


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "..\\x",
        "/abs",
        "C:\\x",
        "C:/x",
        "\\\\server\\x",
        "a/../../x",
        "....//x",
        "..%2fx",
        "\u2024\u2024/x",
        "a\nb",
        "a/../b",
    ],
)
def test_a_name_that_leads_outside_is_refused_and_the_rest_goes_on(zipped, name):
    assert unsafe(name)
    got, codes = opened(zipped((name, b"evil"), ("ok.html", PAGE)))
    assert got == {"ok.html": PAGE}
    assert codes == ["input.hostile"]


@pytest.mark.parametrize(
    "name", ["con", "aux.html", "-rf.html", "~/x.html", ".htaccess", "story.html:stream", "x" * 300, "\u202egnp.html"]
)
def test_an_odd_name_comes_in_under_a_safe_path(name):
    assert not unsafe(name)
    path = Names().path(name)
    assert path
    assert not path.startswith(("/", "~", "-", "../"))
    assert all(len(part.encode()) <= 120 for part in path.split("/"))


def test_names_that_differ_only_by_case_or_not_at_all_are_both_kept():
    names = Names()
    paths = [names.path(name) for name in ("A.html", "a.html", "a.html", "A~2.html", "x/CAFÉ.html", "x/café.html")]
    assert len({path.casefold() for path in paths}) == 6


def test_links_are_named_and_not_followed(zipped):
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    got, codes = opened(zipped((link, b"/etc/passwd"), ("ok.html", PAGE)))
    assert got == {"ok.html": PAGE}
    assert codes == ["input.link"]


def test_a_bomb_is_stopped_by_what_comes_out_and_the_rest_goes_on(zipped):
    got, _ = opened(zipped(("bomb", b"\0" * (40 << 20)), ("ok.html", PAGE)))
    assert got == {"bomb": "input.hostile", "ok.html": PAGE}


def test_the_total_is_limited_too(zipped):
    path = zipped(*((f"{number}.txt", bytes(range(256)) * 40) for number in range(50)))
    got, codes = opened(path, total=100_000)
    assert list(got.values()).count("input.too-large") == 1
    assert codes == ["input.too-large"]


def test_too_many_members_are_refused_before_anything_is_unpacked(zipped):
    path = zipped(*((f"{number}", b"x") for number in range(30)))
    got, codes = opened(path, members=20)
    assert got == {}
    assert codes == ["input.too-large"]


def test_members_that_share_their_bytes_are_refused(zipped):
    path = zipped(("a.html", PAGE * 9), ("b.html", PAGE))
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 42 : at + 46] = (0).to_bytes(4, "little")  # the second member points at the first one's bytes
    path.write_bytes(data)
    got, codes = opened(path)
    assert got == {}
    assert codes == ["input.hostile"]


def test_a_password_is_said_in_words(zipped):
    path = zipped(("secret.html", PAGE), ("ok.html", PAGE))
    data = bytearray(path.read_bytes())
    data[data.find(b"PK\x03\x04") + 6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    findings = [each for each in members(path, path.name, Budget(1000)) if isinstance(each, Finding)]
    assert [finding.code for finding in findings] == ["input.encrypted"]
    assert "password" in findings[0].evidence


def test_a_zip_without_its_end_gives_its_whole_members(zipped):
    path = zipped(("a.html", PAGE), ("b.txt", b"two"), ("c.html", PAGE * 50))
    data = path.read_bytes()
    path.write_bytes(data[: data.find(b"PK\x01\x02") - 20])
    got, codes = opened(path)
    assert got == {"a.html": PAGE, "b.txt": b"two", "c.html": "input.unreadable"}
    assert codes == ["input.damaged"]


def test_a_damaged_member_does_not_stop_the_others(zipped):
    path = zipped(("a.html", PAGE), ("b.html", PAGE))
    data = bytearray(path.read_bytes())
    data[40] ^= 0xFF
    path.write_bytes(data)
    got, _ = opened(path)
    assert got == {"a.html": "input.unreadable", "b.html": PAGE}


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tars_are_opened_whatever_packs_them(tmp_path, mode):
    path = tmp_path / "site.tar"
    with tarfile.open(path, mode) as archive:
        for name, kind in (
            ("ok.html", tarfile.REGTYPE),
            ("s", tarfile.SYMTYPE),
            ("p", tarfile.FIFOTYPE),
            ("../x", tarfile.REGTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            info.size = len(PAGE) if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(PAGE))
    got, codes = opened(path)
    assert got == {"ok.html": PAGE}
    assert codes == ["input.link", "input.special", "input.hostile"]


def test_a_truncated_tar_says_so(tmp_path):
    path = tmp_path / "site.tar"
    with tarfile.open(path, "w") as archive:
        for name in ("a.html", "b.html"):
            info = tarfile.TarInfo(name)
            info.size = len(PAGE)
            archive.addfile(info, io.BytesIO(PAGE))
    path.write_bytes(path.read_bytes()[:1100])
    got, codes = opened(path)
    assert got["a.html"] == PAGE
    assert codes == ["input.damaged"]


@pytest.mark.parametrize(("pack", "suffix"), [(gzip.compress, "gz"), (bz2.compress, "bz2"), (lzma.compress, "xz")])
def test_a_compressed_page_gives_what_is_readable(tmp_path, pack, suffix):
    path = tmp_path / f"fic.html.{suffix}"
    path.write_bytes(pack(PAGE))
    assert opened(path) == ({"fic.html": PAGE}, [])
    path.write_bytes(pack(PAGE)[:-6])
    got, codes = opened(path)
    assert PAGE.startswith(got["fic.html"])
    assert codes == ["input.damaged"]


def test_a_compressed_bomb_is_stopped(tmp_path):
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b"\0" * (60 << 20)))
    got, _ = opened(path)
    assert got == {"bomb": "input.hostile"}
