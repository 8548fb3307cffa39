"""One's own account: what it is, its name, its mail, where it is signed in, everything in one download."""

from __future__ import annotations

from allauth.account import views as allauth
from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from storykeep.site.accounts import belongings, export, invitations, mail, parcels, sessions
from storykeep.site.accounts.forms import NameForm, WishesForm
from storykeep.site.accounts.guards import afresh, for_members
from storykeep.site.accounts.pages import account_page, sessions_page
from storykeep.site.base import limits
from storykeep.site.base.errors import too_often

DOWNLOADS = 10  # a day
FILE = "everything-of-mine.zip"


@for_members
def account(request):
    return render(request, "account/account.html", {"page": account_page(request.user)})


@for_members
@afresh
def name(request):
    """Give the account another name; the old one stays reserved for its owner."""
    form = NameForm(request.POST or None, initial={"name": request.user.username})
    if request.method == "POST" and form.is_valid():
        invitations.reserve(request.user.username, request.user)
        request.user.username = form.cleaned_data["name"]
        request.user.save(update_fields=["username"])
        messages.success(request, f"You sign in as {request.user.username} from now on.")
        return redirect("account")
    return render(request, "account/name.html", {"form": form})


@for_members
@afresh
def address(request):
    """Change the address; in an archive that sends no mail there is nothing to prove one with."""
    if mail.can_send():
        return allauth.email(request)
    return render(request, "account/no_mail.html")


@for_members
def wishes(request):
    """Say which mail one wants."""
    form = WishesForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        request.user.mail_wishes = {**request.user.mail_wishes, **form.cleaned_data}
        request.user.save(update_fields=["mail_wishes"])
        messages.success(request, "Your wishes are kept.")
        return redirect("account_mail")
    return render(request, "account/mail.html", {"form": form, "can_send": mail.can_send()})


@for_members
def signed_in(request):
    """Where the account is signed in; sign out of one place, or of all others."""
    living = sessions.living(request.user)
    if request.method == "POST":
        return _sign_out(request, living)
    return render(request, "account/sessions.html", {"page": sessions_page(living)})


def _sign_out(request, living):
    key = request.session.session_key
    if "others" in request.POST:
        sessions.end_all(request.user, but=key)
        messages.success(request, "You are signed in here only.")
        return redirect("account_sessions")
    chosen = next((each for each in living if str(each.pk) == request.POST.get("session")), None)
    if chosen is None or chosen.session_key == key:
        raise Http404
    chosen.end()
    messages.success(request, "That session has ended.")
    return redirect("account_sessions")


@for_members
@afresh
def everything(request):
    """Offer, and give, everything of mine in one file."""
    if request.method == "POST":
        return download(request)
    rooms = [each.words for each in belongings.BELONGINGS.values() if each.export]
    last = parcels.last(request.user)
    context = {
        "rooms": rooms,
        "parcel": last,
        "there": bool(last and parcels.is_there(last)),
        "ends": parcels.ends_at(last) if last and last.ready_at else None,
        "days": parcels.DAYS,
    }
    return render(request, "account/everything.html", context)


@require_POST
def download(request):
    """Give the file at once, or have it packed when that would take long."""
    if not limits.allow(request, "everything", most=DOWNLOADS, seconds=86_400):
        return too_often(request)
    if parcels.is_large(request.user):
        parcels.ask(request.user)
        return redirect("account_everything")
    return FileResponse(export.everything(request.user), as_attachment=True, filename=FILE)


@for_members
@afresh
def parcel(request, ref):
    """Give a file that was packed before, to its owner, while it is there."""
    found = get_object_or_404(request.user.parcels, ref=ref)
    if not parcels.is_there(found):
        raise Http404
    return FileResponse(parcels.path_of(found).open("rb"), as_attachment=True, filename=FILE)
