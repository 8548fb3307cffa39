"""A work on its way to the readers of a curated archive, for tests."""

from __future__ import annotations

from django.urls import reverse


def draft(cast, *bodies, title="The lamp room"):
    """Return a draft of the author's with a chapter for each of ``bodies``."""
    from storykeep.site.works.models import Work
    from storykeep.site.writing import chapters, drafts

    work = drafts.begin(cast.users["author"], "one")
    Work.objects.filter(pk=work.pk).update(title=title, language="en")
    for number, body in enumerate(bodies or ("<p>She lit the lamp.</p>",)):
        if number:
            chapters.add(Work.objects.get(pk=work.pk))
        write(cast, work, body, number)
    return Work.objects.get(pk=work.pk)


def write(cast, work, body, number=0):
    """Let the author save a text of chapter ``number``, 0 for the first."""
    from storykeep.site.writing import queries
    from storykeep.site.writing.revisions import Sent, save

    row = queries.chapters_of(work)[number]
    now = queries.head(row)
    save(row, Sent(body=body, by=cast.users["author"], base=now.pk if now else None))
    return row


def curated(later="free"):
    from storykeep.site.submissions.models import Rules, Way

    return Rules.objects.create(way=Way.CURATED, later=later, policy="<p>Stories of the sea.</p>", version=1)


def sent(cast, work, words="My first."):
    from storykeep.site.submissions.models import Submission

    cast.browsers["author"].post(reverse("write-publish", args=[work.ref]), {"words": words})
    return Submission.objects.get(work=work)


def decide(cast, found, state, words="", mark=None):
    """Let the archivist open ``found`` and decide."""
    address = reverse("desk-submission", args=[found.ref])
    mark = mark_now(cast, found) if mark is None else mark
    return cast.browsers["archivist"].post(address, {"state": state, "words": words, "mark": mark})


def mark_now(cast, found):
    return cast.browsers["archivist"].get(reverse("desk-submission", args=[found.ref])).context["page"].mark


def accepted(cast, *bodies, later="free"):
    """Return a work that was sent in and accepted."""
    curated(later)
    work = draft(cast, *bodies)
    decide(cast, sent(cast, work), "accepted")
    work.refresh_from_db()
    return work
