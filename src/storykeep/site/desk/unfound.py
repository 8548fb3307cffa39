"""Works that no rescue makes any more: an archivist keeps them, hides them, or lets their address lead elsewhere."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from storykeep.model.errors import UsageError
from storykeep.site.accounts.guards import for_archivists
from storykeep.site.desk import answers, decisions, ledger, together
from storykeep.site.desk.models import Decision
from storykeep.site.desk.places import Place
from storykeep.site.works.models import Finding, FindingState, Visibility


@require_POST
@for_archivists
def say(request, pk):
    """Decide about a work that is no longer found."""
    finding = get_object_or_404(Finding.objects.select_related("work"), pk=pk, code=ledger.UNFOUND)
    if finding.state != FindingState.OPEN:
        theirs = decisions.last_about([f"finding:{finding.pk}.state"])
        return answers.overtaken(request, theirs, f"“{finding.work}”", {}, finding.work.get_absolute_url())
    try:
        answers.say(request, decide(request.user, finding, request.POST.get("said", "")))
    except UsageError as error:
        messages.warning(request, str(error))
    return answers.back(request, "desk-one")


def decide(user, finding: Finding, said: str) -> Decision:
    """Keep the work, hide it, or lead its address to the work that has its pages now."""
    work, home = finding.work, ledger.heir(finding.work)
    settled = [(Place(finding, "state"), FindingState.ACCEPTED.value)]
    if said == "keep":
        return decisions.decide(user, "unfound", f"“{work}” is kept, though no rescue makes it now", settled, work=work)
    if said == "hide":
        hidden = (Place(work, "visibility"), Visibility.HIDDEN.value)
        return decisions.decide(
            user, "unfound", f"“{work}” is hidden: no rescue makes it now", [hidden, *settled], work=work
        )
    if said == "lead" and home:
        words = f"“{work}” is part of “{home}” now; its address leads there"
        return decisions.decide(user, "unfound", words, [*together.led(work, home), *settled], work=work)
    raise UsageError("Say whether to keep it, to hide it, or to let it lead to the work that has its pages.")
