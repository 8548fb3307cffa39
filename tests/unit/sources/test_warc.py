# ruff: noqa: E501 — records stand on one line
"""Web captures: whole, packed in every way, and damaged between, before and inside their records."""

from __future__ import annotations

import gzip
import tracemalloc
import zipfile

import brotli
import pytest

from storykeep.model.errors import InputError
from storykeep.model.provenance import Capture
from storykeep.rescue.pipeline import rescue
from storykeep.sources.warc import SOURCE
from storykeep.sources.warc.records import WebRecord, records

PAGE = (
    "<html><head><title>{0}</title></head><body><h2>{0}</h2><p>By Wren Hallow</p>"
    + "<p>The lamp went out at six, and nobody had asked it to.</p>" * 4
    + "</body></html>"
)


def http(body: bytes, *, status: str = "200 OK", headers: str = "Content-Type: text/html; charset=utf-8\r\n") -> bytes:
    return f"HTTP/1.1 {status}\r\n{headers}\r\n".encode() + body


def record(  # noqa: PLR0913 — a small form
    address: str,
    block: bytes,
    *,
    kind: str = "response",
    date: str = "2005-05-05T10:00:00Z",
    length: str = "",
    more: str = "",
) -> bytes:
    told = length or f"Content-Length: {len(block)}\r\n"
    media = "application/http; msgtype=response" if kind in ("response", "revisit") else "text/html"
    return (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: {date}\r\nContent-Type: {media}\r\n{told}{more}\r\n".encode()
        + block
        + b"\r\n\r\n"
    )


def page(name: str, **how) -> bytes:
    return record(f"http://old.example/{name}.html", http(PAGE.format(name).encode()), **how)


INFO = record("", b"software: x\r\n", kind="warcinfo")
THREE = [INFO, page("one"), page("two"), page("three")]


def captured(read, tmp_path, data: bytes, name: str = "site.warc") -> dict[str, bytes]:
    path = tmp_path / name
    path.write_bytes(data)
    brought = read(SOURCE, path)
    return {capture.address: brought.kept[capture.sha256] for capture in brought.of(Capture)}


def names(found: dict[str, bytes]) -> list[str]:
    return [address.rsplit("/", 1)[-1].removesuffix(".html") for address in found]


@pytest.mark.parametrize(
    "pack",
    [
        b"".join,
        lambda rs: b"".join(map(gzip.compress, rs)),
        lambda rs: gzip.compress(b"".join(rs)),
        b"\r\n\r\n".join,
    ],
    ids=["plain", "gzip per record", "gzip around", "spaces between"],
)
def test_every_way_to_pack(read, tmp_path, pack):
    found = captured(read, tmp_path, pack(THREE))
    assert names(found) == ["one", "two", "three"]
    assert found["http://old.example/two.html"] == PAGE.format("two").encode()


@pytest.mark.parametrize(
    "bad",
    [
        page("bad", length="Content-Length: 99999\r\n"),
        page("bad", length="Content-Length: 99999999999\r\n"),
        page("bad", length="Content-Length: 40\r\n"),
        page("bad", length="Content-Length: -7\r\n"),
        page("bad", length="Content-Length: many\r\n"),
        page("bad", length=" "),
        page("bad").removesuffix(b"\r\n\r\n"),
        page("bad") + b"\x00\xffrubbish\n" * 50,
        b"WARC/1.0\r\n" + b"X: y\r\n" * 90_000,
        record("http://old.example/bad.html", b"no status line <html><body>" + PAGE.format("bad").encode()),
        record("http://old.example/big.bin", b"z" * 30_000_000),
    ],
)
def test_what_is_beside_a_bad_record_survives(read, tmp_path, bad):
    found = captured(read, tmp_path, page("one") + bad + page("two"))
    assert {"one", "two"} <= set(names(found))


@pytest.mark.parametrize("packed", [False, True])
def test_damage_at_any_place_costs_one_record(read, tmp_path, packed):
    parts = [gzip.compress(one) if packed else one for one in THREE]
    data = b"".join(parts)
    for at in range(0, len(data), 37):
        spoilt = data[:at] + b"\xff\x00" * 8 + data[at + 16 :]
        try:
            found = captured(read, tmp_path, spoilt)
        except InputError:
            continue
        whole = {name for name, part in zip(("one", "two", "three"), parts[1:], strict=True) if part in spoilt}
        assert whole <= set(names(found)), at


def test_a_file_that_is_cut_off_anywhere(read, tmp_path):
    data = b"".join(map(gzip.compress, THREE))
    for end in range(200, len(data), 53):
        try:
            found = captured(read, tmp_path, data[:end])
        except InputError:
            continue
        assert len(found) <= 3


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n", b"5\r\n<p>It\r\n4;x=y\r\n lit\r\n0\r\n\r\n"),
        ("Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n", b"<p>It lit"),
        ("Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n", b"FFFFFFFF\r\n<p>It lit"),
        ("Content-Type: text/html\r\nContent-Encoding: gzip\r\n", gzip.compress(b"<p>It lit", mtime=0)),
        ("Content-Type: text/html\r\nContent-Encoding: gzip\r\n", b"<p>It lit"),
        ("Content-Type: text/html\r\nContent-Encoding: br\r\n", brotli.compress(b"<p>It lit")),
        (
            "Content-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
            b"%x\r\n" % len(gzip.compress(b"<p>It lit", mtime=0))
            + gzip.compress(b"<p>It lit", mtime=0)
            + b"\r\n0\r\n\r\n",
        ),
        ("", b"<p>It lit"),
    ],
)
def test_bodies_are_unpacked_and_lies_are_seen(read, tmp_path, headers, body):
    found = captured(read, tmp_path, record("http://old.example/x.html", http(body, headers=headers)))
    assert found == {"http://old.example/x.html": b"<p>It lit"}


def test_only_found_text_is_a_page(read, tmp_path):
    others = [
        record("http://old.example/gone.html", http(b"<p>x", status="404 Not Found")),
        record("http://old.example/moved.html", http(b"", status="302 Found", headers="Location: /one.html\r\n")),
        record("http://old.example/soft.html", http(b"<html><body><h1>Page not found</h1></body></html>")),
        record("http://old.example/x.gif", http(b"GIF89a", headers="Content-Type: image/gif\r\n")),
        record("dns:old.example", b"x", kind="resource").replace(b"text/html", b"text/dns"),
        record("http://old.example/one.html", b"GET / HTTP/1.0", kind="request"),
    ]
    assert names(captured(read, tmp_path, page("one") + b"".join(others))) == ["one"]


def test_of_many_captures_the_newest_good_one_is_taken(read, tmp_path):
    address = "http://old.example/x.html"
    versions = [
        record(address, http(PAGE.format("old").encode()), date="2003-01-01T00:00:00Z"),
        record(address, http(PAGE.format("new").encode()), date="2006-01-01T00:00:00Z"),
        record("http://www.old.example:80/x.html", http(PAGE.format("middle").encode()), date="2004-01-01T00:00:00Z"),
        record(address, http(b"<html><body>Parked.</body></html>"), date="2009-01-01T00:00:00Z"),
    ]
    found = captured(read, tmp_path, b"".join(versions))
    assert len(found) == 1
    assert b"<h2>new</h2>" in found[address]


def test_a_revisit_of_another_address_gives_the_same_page(read, tmp_path):
    more = "WARC-Payload-Digest: sha1:ABC\r\n"
    data = (
        page("one", more=more)
        + record("http://old.example/copy.html", http(b""), kind="revisit", more=more)
        + record("http://old.example/lost.html", http(b""), kind="revisit", more="WARC-Payload-Digest: sha1:X\r\n")
    )
    found = captured(read, tmp_path, data)
    assert names(found) == ["one", "copy"]
    assert len(set(found.values())) == 1


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://old.example/" + "a" * 100_000,
        "http://old.example/\u202egnp.exe",
    ],
)
def test_strange_addresses_are_never_links(read, tmp_path, address):
    found = captured(read, tmp_path, record(address, http(PAGE.format("x").encode())) + page("one"))
    assert set(found) == {"", "http://old.example/one.html"}


def test_days_and_charsets_are_kept(read, tmp_path):
    path = tmp_path / "x.warc"
    path.write_bytes(page("one", date="2005-05-05T10:11:12Z"))
    (capture,) = read(SOURCE, path).of(Capture)
    assert (capture.captured_at, capture.declared_encoding, capture.media_type) == (
        "2005-05-05T10:11:12Z",
        "utf-8",
        "text/html",
    )


def test_arc_files(read, tmp_path):
    body = http(PAGE.format("one").encode())
    data = (
        b"filedesc://x.arc 0.0.0.0 20030101000000 text/plain 5\n1 0 x\n\n"
        + f"http://old.example/one.html 1.2.3.4 20030405060708 text/html {len(body)}\n".encode()
        + body
        + b"\n"
    )
    assert names(captured(read, tmp_path, gzip.compress(data), "x.arc.gz")) == ["one"]


def test_bombs_cost_neither_memory_nor_the_rest(tmp_path, read):
    inner = gzip.compress(b"<p>" + b"\0" * 200_000_000)
    bomb = record(
        "http://old.example/bomb.html", http(inner, headers="Content-Type: text/html\r\nContent-Encoding: gzip\r\n")
    )
    data = (
        gzip.compress(page("one"))
        + gzip.compress(bomb)
        + gzip.compress(record("http://old.example/y", b"\0" * 60_000_000))
        + gzip.compress(page("two"))
    )
    tracemalloc.start()
    found = captured(read, tmp_path, data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert {"one", "two"} <= set(names(found))
    assert peak < 150_000_000


def test_damage_is_told_with_its_place():
    skipped, found = records([b"rubbish\r\n", page("one")])
    assert (skipped.at, skipped.size) == (0, 7)
    assert isinstance(found, WebRecord)


def test_a_warc_and_a_wacz_become_stories(tmp_path):
    with zipfile.ZipFile(tmp_path / "site.wacz", "w") as archive:
        archive.writestr("archive/data.warc.gz", b"".join(map(gzip.compress, THREE)))
        archive.writestr("datapackage.json", "{}")
        archive.writestr("indexes/index.cdx", "x")
    assert rescue(tmp_path / "site.wacz", tmp_path / "a").stories == 3
    (tmp_path / "site.warc").write_bytes(b"".join(THREE))
    assert rescue(tmp_path / "site.warc", tmp_path / "b").stories == 3


@pytest.mark.shared
def test_the_shared_site(read, shared):
    found = read(SOURCE, shared / "data" / "sources" / "warc" / "site.warc.gz")
    assert len(found.of(Capture)) == 16


@pytest.mark.parametrize(
    "how", ["WARC-Payload-Digest: sha1:A", "WARC-Refers-To-Target-URI: http://old.example/two.html"]
)
def test_a_revisit_may_come_before_its_page(read, tmp_path, how):
    answer = http(b"", headers="Content-Type: text/html\r\n")
    again = record("http://old.example/copy.html", answer, kind="revisit", more=f"{how}\r\n")
    found = captured(read, tmp_path, INFO + again + page("one") + page("two", more="WARC-Payload-Digest: sha1:A\r\n"))
    assert found["http://old.example/copy.html"] == PAGE.format("two").encode()


def test_a_file_whose_line_ends_were_changed_keeps_every_page(read, tmp_path):
    assert names(captured(read, tmp_path, b"".join(THREE).replace(b"\r\n", b"\n"))) == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("told", "pack"), [("", gzip.compress), ("gzip", brotli.compress), ("deflate", brotli.compress)]
)
def test_packing_that_is_not_told_or_told_wrong(read, tmp_path, told, pack):
    coding = f"Content-Encoding: {told}\r\n" if told else ""
    headers = f"Content-Type: text/html; charset=utf-8\r\n{coding}"
    packed = record("http://old.example/two.html", http(pack(PAGE.format("two").encode()), headers=headers))
    found = captured(read, tmp_path, INFO + page("one") + packed)
    assert found["http://old.example/two.html"] == PAGE.format("two").encode()
