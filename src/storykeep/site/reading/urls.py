"""What readers see: the addresses."""

from django.urls import path, register_converter

from storykeep.site.reading.views import downloads, lists, saved, search, stories, texts


class Slug:
    """A readable part of an address: letters of any script and hyphens; a dot begins the suffix of a download."""

    regex = r"[^/.]+"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(Slug, "words")
WORK = "works/<str:ref>/<words:slug>"

urlpatterns = [
    path("", lists.home, name="home"),
    path("new", lists.newest, name="newest"),
    path("updated", lists.updated, name="updated"),
    path("titles", lists.titles, name="titles"),
    path("titles/<str:letter>", lists.titles, name="titles-under"),
    path("authors", lists.authors, name="authors"),
    path("authors/under/<str:letter>", lists.authors, name="authors-under"),
    path("authors/<str:slug>", lists.person, name="person"),
    path("series", lists.all_series, name="all-series"),
    path("series/<str:ref>/<str:slug>", lists.series, name="series"),
    path("browse", lists.browse, name="browse"),
    path("browse/<str:kind>", lists.tags, name="tags"),
    path("browse/<str:kind>/<str:slug>", lists.tag, name="tag"),
    path("random", lists.random, name="random"),
    path("search", search.search, name="search"),
    path("opensearch.xml", search.opensearch, name="opensearch"),
    path(f"{WORK}.<str:suffix>", downloads.download, name="download"),
    path("works/<str:ref>", stories.short, name="work-short"),
    path(WORK, stories.work, name="work"),
    path(f"{WORK}/<int:place>", stories.chapter, name="chapter"),
    path(f"{WORK}/whole", stories.whole, name="whole"),
    path(f"{WORK}/contents", stories.contents, name="contents"),
    path(f"{WORK}/plain", stories.plain, name="plain"),
    path(f"{WORK}/print", stories.printed, name="print"),
    path(f"{WORK}/saved", saved.saved, name="saved"),
    path(f"{WORK}/saved/<str:sha256>", saved.saved, name="saved-copy"),
    path(f"{WORK}/saved/<str:sha256>/page", saved.framed, name="saved-page"),
    path(f"{WORK}/saved/<str:sha256>/bytes", saved.original, name="saved-bytes"),
    path("news", texts.news, name="news"),
    path("news/<str:ref>/<str:slug>", texts.page, name="news-item"),
    path("pages/<str:ref>/<str:slug>", texts.page, name="page"),
    path("favicon.ico", texts.mark),
]
