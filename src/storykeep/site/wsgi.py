"""The door for a WSGI server: ``granian --interface wsgi storykeep.site.wsgi:application``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storykeep.site.settings")
application = get_wsgi_application()

from storykeep.site.search.indexing import follow  # noqa: E402 — after Django is ready

follow()
