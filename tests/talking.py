"""How the tests talk: as a browser sends what somebody wrote or pressed."""

from __future__ import annotations

from django.urls import reverse


def kudos(browser, work, **given):
    return browser.post(reverse("kudos", args=[work.ref]), given)


def say(browser, work, words, **given):
    from storykeep.site.talk import forms

    form = {"words": words, "once": forms.token(), "name": "A guest", **given}
    return browser.post(reverse("comments", args=[work.ref]), form)


def answer(browser, comment, words):
    from storykeep.site.talk import forms

    given = {"words": words, "once": forms.token(), "name": "A guest"}
    return browser.post(reverse("comment-answer", args=[comment.ref]), given)


def number(work, field="kudos_count"):
    from storykeep.site.works.models import Work

    return getattr(Work.objects.get(pk=work.pk), field)


def page(browser, work, **given):
    return browser.get(reverse("comments", args=[work.ref]), given).content.decode()
