"""What readers see: the addresses."""

from django.urls import path, register_converter

from storykeep.site.reading.views import (
    avoiding,
    downloads,
    favourites,
    home,
    lists,
    log,
    saved,
    saving,
    search,
    stories,
    texts,
    works,
)


class Slug:
    """A readable part of an address: letters of any script and hyphens; a dot begins the suffix of a download."""

    regex = r"[^/.]+"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(Slug, "words")
WORK = "works/<str:ref>/<words:slug>"

urlpatterns = [
    path("", home.home, name="home"),
    path("new", works.newest, name="newest"),
    path("updated", works.updated, name="updated"),
    path("titles", lists.titles, name="titles"),
    path("titles/<str:letter>", lists.titles, name="titles-under"),
    path("authors", lists.authors, name="authors"),
    path("authors/under/<str:letter>", lists.authors, name="authors-under"),
    path("authors/<str:slug>", works.person, name="person"),
    path("series", lists.all_series, name="all-series"),
    path("series/under/<str:letter>", lists.all_series, name="series-under"),
    path("series/<str:ref>/<str:slug>", works.series, name="series"),
    path("browse", lists.browse, name="browse"),
    path("browse/<str:kind>", lists.tags, name="tags"),
    path("browse/<str:kind>/under/<str:letter>", lists.tags, name="tags-under"),
    path("browse/<str:kind>/<str:slug>", works.tag, name="tag"),
    path("browse/<str:kind>/<str:slug>/favourite", favourites.favourite, name="favourite-tag"),
    path("random", home.random, name="random"),
    path("search", works.search, name="search"),
    path("search/names", search.names, name="search-names"),
    path("search/suggest", search.suggest, name="suggest"),
    path("search/saved", saving.saved, name="saved-searches"),
    path("search/saved/new", saving.new, name="saved-search-new"),
    path("search/saved/<str:ref>", saving.look, name="saved-search"),
    path("search/saved/<str:ref>/edit", saving.edit, name="saved-search-edit"),
    path("search/saved/<str:ref>/delete", saving.delete, name="saved-search-delete"),
    path("never", avoiding.listed, name="never"),
    path("never/ask", avoiding.ask, name="never-ask"),
    path("never/again", avoiding.undo, name="never-undo"),
    path("reading-log", log.log, name="reading-log"),
    path("reading-log/as-csv", log.as_csv, name="reading-log-csv"),
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
