"""Letters about what was sent in: to its writers, and to the archivists."""

from __future__ import annotations

from django.urls import reverse

from storykeep.site.accounts import mail, outgoing
from storykeep.site.claims.words import archivists
from storykeep.site.submissions.gate import authors
from storykeep.site.submissions.models import Submission

TO_WRITERS = mail.Kind(key="submission", words="The archivist answered about a work that I sent in")
TO_ARCHIVISTS = mail.Kind(key="sent-in", words="For archivists: a work was sent in here, or its writer answered")


def tell_writers(found: Submission, words: str, said: str = "") -> None:
    """Write to the authors that there is news of their work, if they wish such mail. ``said`` is the news."""
    found.refresh_from_db()
    address = mail.origin() + reverse("write-submission", args=[found.work.ref])
    known = {"submission": found, "words": words, "said": said, "address": address}
    for user in authors(found.work):
        outgoing.owe(user, TO_WRITERS.key, "submissions/email/answer", known)


def tell_archivists(found: Submission, words: str, said: str, to=None) -> None:
    """Write to archivist ``to``, else to whoever looked at it last, or to all archivists where nobody has."""
    address = mail.origin() + reverse("desk-submission", args=[found.ref])
    known = {"submission": found, "words": words, "said": f"its writer {said}", "address": address}
    whom = to or found.looked_by
    for user in [whom] if whom else archivists():
        outgoing.owe(user, TO_ARCHIVISTS.key, "submissions/email/sent", known)
