"""Entries and comments of a journal, from ljdump folders and from export files, damaged ones too.

Who may read an entry stands *behind* its words in these files. So an entry whose end is missing counts as locked:
better one public entry too few than one private entry too many.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from storykeep.text.decode import decode

_TAG = re.compile(r"<(/?)([A-Za-z_][\w.:-]*)((?:\s[^<>]*)?)(/?)>")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_PUBLIC = frozenset(("", "public", "0", "none"))
_KEPT = re.compile(r"\b(?:private|usemask|friends|custom)\b", re.IGNORECASE)
"""Words of a lock whose own tag is garbled: they stand between the elements."""
_GONE = frozenset(("D", "S", "B"))  # deleted, screened, spam


@dataclass(slots=True)
class Node:
    """An element: its words, its attributes, its children in order."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Node] = field(default_factory=list)
    closed: bool = False

    def all(self, name: str) -> Iterator[Node]:
        """Yield every element called ``name`` below this one."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)

    def value(self, *names: str) -> str:
        """Return the words of the first child called one of ``names``."""
        for name in names:
            for child in self.children:
                if child.name == name:
                    return child.text.strip("\n")
        return ""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry. ``event`` is HTML as its writer typed it; ``locked`` when anybody was kept from reading it.

    A ``damaged`` one has lost its end, or run together with another: who might read it is not known, so it is locked.
    """

    itemid: str
    subject: str
    event: str
    date: str
    locked: bool
    damaged: bool = False
    url: str = ""
    anum: str = ""
    poster: str = ""
    tags: tuple[str, ...] = ()
    preformatted: bool = False
    props: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class JournalComment:
    """What a reader said under an entry. ``state`` is A, F (frozen), D (deleted), S (screened) or B (spam)."""

    ident: str
    entry: str
    parent: str
    user: str
    date: str
    subject: str
    body: str
    state: str = "A"

    @property
    def shown(self) -> bool:
        """Say whether everybody could read it."""
        return self.state.upper()[:1] not in _GONE and bool(self.body.strip())


def tree(data: bytes) -> Node:
    """Return the elements of an XML file, however damaged.

    Stray ``&`` and ``<`` are words; what isn't closed is marked.

    >>> tree(b"<event><subject>Salt & <3</subject></event>").children[0].value("subject")
    'Salt & <3'
    """
    text = decode(data).text.replace("\r\n", "\n")
    root = Node("")
    stack = [root]
    at = 0
    for found in _TAG.finditer(text):
        name = found[2].lower()
        if found[1] and name not in [node.name for node in stack]:
            continue  # an end of nothing: a word of the text
        if not found[1] and not _is_element(name):
            continue
        stack[-1].text += text[at : found.start()]
        at = found.end()
        if found[1]:
            while stack[-1].name != name:
                stack.pop()
            stack.pop().closed = True
        else:
            if name == "entry" and any(node.name == "entry" for node in stack):
                _leave_open(stack)
            node = Node(
                name, {key.lower(): entities.unescape(one or other) for key, one, other in _ATTRIBUTE.findall(found[3])}
            )
            stack[-1].children.append(node)
            if found[4] or found[3].rstrip().endswith("/"):
                node.closed = True
            else:
                stack.append(node)
    stack[-1].text += text[at:]
    _unescape(root)
    return root


def _leave_open(stack: list[Node]) -> None:
    """Step out of an entry that was never closed: an entry holds no other."""
    while stack.pop().name != "entry":
        pass


_ELEMENTS = frozenset(
    """event entry entries itemid anum eventtime logtime subject security allowmask url props taglist current_mood
    current_music current_moodid opt_preformatted opt_nocomments poster poster_ip comments comment id parentid
    parent_itemid user date body state author name email livejournal dreamwidth maxid usermaps usermap property
    prop event_timestamp ditemid reply_count can_comment avatar picture_keyword jitemid posterid journal username
    personifi_tags revnum revtime used_rtf hasscreened nextid commentalter replycount editor repost interface
    verticals_list current_location langs client adult_content unknown8bit xpost last_subject statusvis
    parent_user time posttime xml ljdump""".split()
)


def _is_element(name: str) -> bool:
    return name in _ELEMENTS or name.startswith(("opt_", "current_", "give_", "prop_"))


def _unescape(root: Node) -> None:
    todo = [root]
    while todo:
        node = todo.pop()
        node.text = "".join(_pieces(node.text))
        todo.extend(node.children)


def _pieces(text: str) -> Iterator[str]:
    at = 0
    for found in _CDATA.finditer(text):
        yield entities.unescape(text[at : found.start()])
        yield found[1]
        at = found.end()
    yield entities.unescape(text[at:])


def entry_of(node: Node) -> JournalEntry:
    """Return the entry in an ``<event>`` of ljdump or an ``<entry>`` of an export."""
    inner = next((child for child in node.children if child.name in ("event", "body")), None)
    props = next((child for child in node.children if child.name == "props"), node)
    security = node.value("security").strip().lower()
    mask = node.value("allowmask").strip()
    said = {child.name: child.text.strip() for child in props.children}
    kept = security not in _PUBLIC or mask not in ("", "0") or _KEPT.search(node.text) is not None
    damaged = not kept and (not node.closed or inner is None or not inner.closed or _run_together(node))
    return JournalEntry(
        itemid=node.value("itemid", "id", "ditemid").strip(),
        subject=" ".join(node.value("subject").split()),
        event=inner.text if inner is not None else "",
        date=node.value("eventtime", "logtime", "date", "time").strip()[:10],
        locked=kept or damaged,
        damaged=damaged,
        url=node.value("url").strip(),
        anum=node.value("anum").strip(),
        poster=node.value("poster").strip(),
        tags=tuple(
            tag for tag in (piece.strip() for piece in (said.get("taglist") or node.value("taglist")).split(",")) if tag
        ),
        preformatted=(said.get("opt_preformatted") or node.value("opt_preformatted")).strip() not in ("", "0"),
        props=tuple((key, value) for key, value in said.items() if key.startswith("current_") and value),
    )


def _run_together(node: Node) -> bool:
    """Say whether an entry holds what only two have: something between them is lost."""
    names = [child.name for child in node.children if child.name in ("itemid", "event", "subject", "eventtime")]
    return len(set(names)) < len(names)


def comments_of(node: Node, entry: str = "", users: dict[str, str] | None = None) -> Iterator[JournalComment]:
    """Yield the comments below ``node``, in all the forms of the exports."""
    users = users or {}
    for one in node.all("comment"):
        given = one.attributes
        author = next(one.all("author"), None)
        poster = given.get("posterid") or one.value("posterid").strip()
        state = given.get("state") or one.value("state").strip() or "A"
        yield JournalComment(
            ident=given.get("id") or one.value("id", "itemid").strip(),
            entry=given.get("jitemid") or one.value("jitemid").strip() or entry,
            parent=_parent(given.get("parentid") or one.value("parentid", "parent_itemid")),
            user=one.value("user", "username").strip()
            or (author.value("name").strip() if author else "")
            or users.get(poster, ""),
            date=one.value("date", "eventtime", "time").strip(),
            subject=one.value("subject").strip(),
            body=one.value("body", "event"),
            state=state if one.closed else "S",
        )


def _parent(told: str) -> str:
    return "" if told.strip() == "0" else told.strip()


def users_of(node: Node) -> dict[str, str]:
    """Return user names by number, from the ``<usermap>`` of an export."""
    return {one.attributes.get("id", ""): one.attributes.get("user", "") for one in node.all("usermap")}
