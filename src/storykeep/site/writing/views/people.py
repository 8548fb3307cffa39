"""Who writes with whom: asking, answering, leaving."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from storykeep.model.errors import UsageError
from storykeep.model.story import Role
from storykeep.site.base import limits
from storykeep.site.writing import invitation_mail, inviting, names
from storykeep.site.writing.doors import for_writers, own_work
from storykeep.site.writing.models import Answer
from storykeep.site.writing.queries import pen_names_of

ROLES = {
    Role.AUTHOR.value: "Author",
    Role.TRANSLATOR.value: "Translator",
    Role.ARTIST.value: "Artist",
    Role.BETA.value: "Beta reader",
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def people(request, ref):
    """Show who writes this, and who was asked; ask one more, or take a question back."""
    found = own_work(request, ref)
    if request.method == "POST":
        ask(request, found)
        return redirect("write-people", found.ref)
    context = {
        "work": found,
        "credits": found.credits.filter(chapter=None).select_related("person"),
        "asked": found.invitations.filter(answer=Answer.ASKED),
        "roles": ROLES.items(),
    }
    return render(request, "writing/people.html", context)


def ask(request, found) -> None:
    if back := request.POST.get("back"):
        inviting.answered(get_object_or_404(found.invitations, ref=back, answer=Answer.ASKED), Answer.TAKEN_BACK)
        messages.success(request, "Taken back.")
        return
    name, role = " ".join(request.POST.get("name", "").split())[:150], request.POST.get("role", "")
    if not limits.allow(request, "invite", most=40, seconds=3600):
        messages.warning(request, "That was often enough for now. Try again in an hour.")
        return
    try:
        asked = inviting.invite(found, request.user, name, role if role in ROLES else Role.AUTHOR.value)
        invitation_mail.tell_asked(asked)
        messages.success(request, f"{name} was asked. Their name stands under the title once they say yes.")
    except UsageError as error:
        messages.warning(request, str(error))


@require_POST
@for_writers
def answer(request, ref):
    """Say yes, under which of one's names, or no."""
    invitation = get_object_or_404(request.user.writing_invitations, ref=ref, answer=Answer.ASKED)
    if "accept" not in request.POST:
        inviting.answered(invitation, Answer.DECLINED)
        invitation_mail.tell_answered(invitation)
        messages.success(request, "You said no. Nobody else sees that you were asked.")
        return redirect("writing")
    chosen = pen_names_of(request.user).filter(slug=request.POST.get("pen_name", "")).first()
    try:
        inviting.accept(invitation, chosen or names.usual(request.user))
    except UsageError as error:
        messages.warning(request, str(error))
        return redirect("writing")
    invitation_mail.tell_answered(invitation)
    messages.success(request, f"You write “{invitation.work}” together now.")
    return redirect("write-work", invitation.work.ref)


@require_POST
@for_writers
def leave(request, ref):
    found = own_work(request, ref)
    try:
        inviting.leave(found, request.user)
    except UsageError as error:
        messages.warning(request, str(error))
        return redirect("write-people", found.ref)
    messages.success(request, f"You no longer stand under “{found}”.")
    return redirect("writing")
