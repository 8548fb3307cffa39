"""The queue of what was sent in, and who may publish here."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from storykeep.site.accounts.guards import for_archivists
from storykeep.site.base.told import watched
from storykeep.site.curating import queries
from storykeep.site.curating.forms import RulesForm, WriterForm
from storykeep.site.submissions import writers
from storykeep.site.submissions.models import Rules, State, Writer

LINK = "invitation of a writer"  # where a session keeps a link until it is shown, once


@require_GET
@for_archivists
def queue(request):
    """List what is in one state, the oldest first."""
    state = request.GET.get("state", State.WAITING)
    if state not in State.values:
        raise Http404
    page = queries.queue(request.user, state, request.GET.get("page"))
    known = {"here": "submissions", "state": state, "counts": queries.counts(request.user), "rules": Rules.current()}
    return render(request, "curating/queue.html", {**known, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@for_archivists
def rules(request):
    form = rules_form(data=request.POST or None)
    row, before = form.instance, form.instance.policy
    if form.is_valid():
        row.version += form.cleaned_data["policy"] != before
        with watched(request.user, "How works come to readers is changed", Rules.objects.all(), Writer.objects.all()):
            form.save()
            Writer.objects.exclude(account__in=form.cleaned_data["writers"]).delete()
            for user in form.cleaned_data["writers"]:
                Writer.objects.get_or_create(account=user)
        messages.success(request, "Saved.")
        return redirect("desk-submission-rules")
    return rules_page(request, form, WriterForm())


def rules_page(request, form: RulesForm, writer: WriterForm, status: int = 200):
    """Answer with the page of rules, and what it says of those who are invited to write."""
    link = request.session.pop(LINK, "") if request.method == "GET" else ""
    known = {"here": "submissions", "form": form, "writer": writer, "link": link, "promised": writers.promised()}
    return render(request, "curating/rules.html", known, status=status)


def rules_form(**given) -> RulesForm:
    invited = "\n".join(Writer.objects.order_by("account__username").values_list("account__username", flat=True))
    return RulesForm(instance=Rules.current(), initial={"writers": invited}, **given)
