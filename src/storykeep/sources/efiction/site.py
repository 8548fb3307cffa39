"""The place itself: its name, its series, news, custom pages, challenges and what its members loved."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from storykeep.model.story import Archive, Page, PageKind, Series, TagKind
from storykeep.sources.efiction.house import House, date, line, words
from storykeep.sources.efiction.people import People
from storykeep.sources.efiction.shelves import Record
from storykeep.sources.efiction.talk import Talk

_KINDS = {
    PageKind.ABOUT: ("welcome", "about", "help", "faq"),
    PageKind.POLICY: ("rules", "tos", "submission", "privacy", "policy"),
    PageKind.FOOTER: ("copyright", "footer", "disclaimer"),
    PageKind.LINKS: ("links",),
}
_KIND_OF = {name: kind for kind, names in _KINDS.items() for name in names}
_LETTERS = frozenset(("thankyou", "nothankyou", "maintenance", "printercopyright"))
"""Texts of mails and of the machinery, never shown as a page."""


def archive(house: House, settings: Record | None, kinds: tuple[TagKind, ...]) -> Archive:
    """Return the archive as its settings describe it."""
    return Archive(
        name=house.archive,
        slogan=line(settings, "slogan") if settings else "",
        addresses=(house.url,) if house.url else (),
        language=line(settings, "language") if settings else "",
        software=f"eFiction {house.version}".strip(),
        tag_kinds=kinds,
    )


def series(house: House, people: People, talk: Talk) -> Iterator[Series]:
    """Yield the series; one inside another names it as its parent."""
    members: dict[str, list[str]] = {}
    parents: dict[str, str] = {}
    for row in house.all("inseries", by="inorder"):
        outer, inner, sid = row.id("seriesid"), row.id("subseriesid"), row.id("sid")
        if row.id("confirmed") == "0":
            continue
        if sid not in ("", "0"):
            members.setdefault(outer, []).append(house.key("viewstory", sid))
        elif inner not in ("", "0", outer):
            members.setdefault(outer, []).append(house.key("viewseries", inner))
            parents.setdefault(inner, outer)
    for record in house.all("series"):
        number = record.id("seriesid")
        credit = people.credit(record.id("uid"))
        owners = (credit,) if credit else ()
        yield Series(
            key=house.key("viewseries", number),
            title=line(record, "title") or f"series {number}",
            summary=words(record, "summary"),
            credits=owners,
            members=tuple(dict.fromkeys(members.get(number, ()))),
            parent=house.key("viewseries", parents[number]) if number in parents else "",
            open=record.id("isopen") in ("1", "2"),
            addresses=house.addresses(f"viewseries.php?seriesid={number}"),
            reviews=tuple(talk.of_series(number, owners)),
        )


def pages(house: House, settings: Record | None, people: People) -> Iterator[Page]:
    """Yield everything to read that is no story."""
    yield from _news(house, people)
    yield from _messages(house)
    yield from _old_messages(house, settings)
    yield from _challenges(house, people)
    yield from _favourites(house, people)


def _news(house: House, people: People) -> Iterator[Page]:
    for record in house.all("news"):
        number = record.id("nid")
        said = [_comment(comment, people) for comment in house.all("comments", nid=number)]
        author = line(record, "author")
        yield Page(
            key=house.key("news", number),
            kind=PageKind.NEWS,
            title=line(record, "title"),
            body="\n".join(
                filter(None, (words(record, "story"), f"<p>— {escape(author)}</p>" if author else "", *said))
            ),
            date=date(record.get("time")),
            addresses=house.addresses(f"news.php?nid={number}"),
        )


def _comment(record: Record, people: People) -> str:
    name = line(record, "uname") or people.name(record.id("uid"))
    said = words(record, "comment")
    return f"<blockquote>{said}<p>— {escape(name)}</p></blockquote>" if name else f"<blockquote>{said}</blockquote>"


def _messages(house: House) -> Iterator[Page]:
    for record in house.all("messages"):
        name, body = line(record, "message_name").lower(), words(record, "message_text")
        if body and name not in _LETTERS:
            yield Page(
                key=house.key("messages", name or record.id("message_id")),
                kind=_KIND_OF.get(name, PageKind.OTHER),
                title=line(record, "message_title"),
                body=body,
                addresses=house.addresses(f"viewpage.php?page={name}"),
            )


def _old_messages(house: House, settings: Record | None) -> Iterator[Page]:
    """Yield the texts that eFiction 1 kept in its settings."""
    for name in ("welcome", "rules", "copyright", "help"):
        if settings is not None and (body := words(settings, name)):
            yield Page(key=house.key("messages", name), kind=_KIND_OF[name], title=name.capitalize(), body=body)


def _challenges(house: House, people: People) -> Iterator[Page]:
    for record in house.all("challenges"):
        number = record.id("chalid")
        by = line(record, "challenger") or people.name(record.id("uid"))
        yield Page(
            key=house.key("challenges", number),
            title=line(record, "title") or f"challenge {number}",
            body="\n".join(filter(None, (words(record, "summary"), f"<p>— {escape(by)}</p>" if by else ""))),
            addresses=house.addresses(f"challenges.php?chalid={number}"),
        )


def _favourites(house: House, people: People) -> Iterator[Page]:
    """Yield a page per member with what they recommended, as it stood on their own page."""
    fans = dict.fromkeys(
        uid for kind in ("favorites", "favstor", "favauth") for uid in house.shelves.values(house.code, kind, "uid")
    )
    for uid in fans:
        if not people.name(uid):
            continue
        items = [item for item in _loved(house, people, uid) if item]
        if items:
            yield Page(
                key=house.key("favourites", uid),
                kind=PageKind.LINKS,
                title=f"Favourites of {people.name(uid)}",
                body=f"<ul>{''.join(items)}</ul>",
                addresses=house.addresses(f"viewuser.php?uid={uid}&action=favst"),
            )


def _loved(house: House, people: People, uid: str) -> Iterator[str]:
    for record in house.all("favorites", uid=uid):
        yield _item(house, people, record.id("type").upper(), record.id("item"), words(record, "comments"))
    for record in house.all("favstor", uid=uid):
        yield _item(house, people, "ST", record.id("sid"), "")
    for record in house.all("favauth", uid=uid):
        yield _item(house, people, "AU", record.id("favuid"), "")


def _item(house: House, people: People, kind: str, number: str, comment: str) -> str:
    if kind == "AU":
        label, path = people.name(number), f"viewuser.php?uid={number}"
    elif kind == "SE":
        found = house.first("series", seriesid=number)
        label, path = line(found, "title") if found else "", f"viewseries.php?seriesid={number}"
    else:
        found = house.first("stories", sid=number)
        label, path = line(found, "title") if found else "", f"viewstory.php?sid={number}"
    address = house.addresses(path)[0]
    link = f'<a href="{escape(address)}">{escape(label)}</a>' if house.url else escape(label)
    return f"<li>{link}{comment}</li>" if label else ""
