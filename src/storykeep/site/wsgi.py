"""The door for a WSGI server: ``granian --interface wsgi storykeep.site.wsgi:application``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storykeep.site.settings")
application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402 — after Django is ready

from storykeep.site.accounts import clock as accounts  # noqa: E402 — the same
from storykeep.site.feeds import digests  # noqa: E402 — the same
from storykeep.site.readership import counting  # noqa: E402 — the same
from storykeep.site.reading import clock as indexes  # noqa: E402 — the same
from storykeep.site.search.following import follow  # noqa: E402 — the same
from storykeep.site.search.indexing import engine  # noqa: E402 — the same
from storykeep.site.works import changes  # noqa: E402 — the same
from storykeep.site.writing import clock as writing  # noqa: E402 — the same

get_resolver().url_patterns  # noqa: B018 — all views are loaded now, so that the first reader need not wait
engine()
follow()
for clock in (*accounts.CLOCKS, *writing.CLOCKS, *digests.CLOCKS, *counting.CLOCKS, *changes.CLOCKS, *indexes.CLOCKS):
    clock.begin()
