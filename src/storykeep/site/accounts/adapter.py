"""Our answers to django-allauth's questions."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter

from storykeep.site.base.models import Archive


class Adapter(DefaultAccountAdapter):
    """Sign-up is closed until the archivist opens it; an author who holds a letter may always make an account."""

    def is_open_for_signup(self, request) -> bool:
        return Archive.current().sign_up_open or "claiming" in request.session
