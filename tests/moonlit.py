"""The archive Moonlit, of which the web tests make as many stories as they need; and who may see what."""

from storykeep.model import story as m

PEOPLE = ("visitor", "member", "author", "archivist", "host")
VISIBILITIES = ("public", "members", "draft", "hidden")
SEEN_BY = {
    "visitor": {"public"},
    "member": {"public", "members"},
    "author": {"public", "members", "draft"},
    "archivist": set(VISIBILITIES),
    "host": set(VISIBILITIES),
}


def story(number: int, title: str, **fields) -> m.Story:
    """Return a small story of the archive Moonlit."""
    given = {
        "credits": (m.Credit(name="Ada Vane"),),
        "chapters": (m.Chapter(key="1", body=f"<p>The text of {title}.</p>"),),
        "addresses": (f"http://www.moonlit.example/fic.html?id={number}",),
        **fields,
    }
    return m.Story(key=f"moonlit/fic/{number}", title=title, archive="Moonlit", **given)
