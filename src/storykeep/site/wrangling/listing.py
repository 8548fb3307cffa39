"""Lists of tags go out as tables, and come in after a look at what they would change."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from storykeep.model.errors import StorykeepError, UsageError
from storykeep.site.accounts.guards import for_wranglers
from storykeep.site.tags.models import TagKind
from storykeep.site.wrangling import actions, effects, tables
from storykeep.site.wrangling.bringing_in import Bringing, bring_in
from storykeep.site.wrangling.sheet import Sheet
from storykeep.site.wrangling.views import say

LARGEST = 2 * 1024 * 1024  # bytes; `storykeep tags import` takes tables of any size
SHOWN = 30  # lines


@require_safe
@for_wranglers
def tables_page(request):
    known = {"here": "list", "kinds": TagKind.objects.all(), "columns": tables.COLUMNS}
    return render(request, "wrangling/list.html", known)


@require_safe
@for_wranglers
def out(request):
    """Send all tags, or those of one kind, as CSV, a part at a time."""
    kind = request.GET.get("kind", "").replace("\0", "")
    answer = StreamingHttpResponse(tables.table(kind), content_type="text/csv; charset=utf-8")
    name = f"tags-{dt.datetime.now(dt.UTC):%Y-%m-%d}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@for_wranglers
def preview(request):
    """Show what a table would change, without changing anything."""
    try:
        text = text_in(request)
        sheet = Sheet()
        bringing = bring_in(sheet, text)
    except StorykeepError as error:
        messages.warning(request, str(error))
        return redirect("wrangling-list")
    told = effects.of_sheet(sheet, summary(bringing))
    known = {"here": "list", "told": told, "text": text, "wrong": bringing.wrong[:SHOWN]}
    known["more"] = len(bringing.wrong) - len(known["wrong"])
    return render(request, "wrangling/preview.html", known | {"changes": changes(sheet)})


@require_POST
@for_wranglers
def take_in(request):
    text = request.POST.get("text", "")
    try:
        say(request, take(request.user, text))
    except StorykeepError as error:
        messages.warning(request, str(error))
        return redirect("wrangling-list")
    return redirect("wrangling-log")


def take(user, text: str):
    """Bring a table in as one action; what is wrong in it is left out."""
    return actions.do(user, "import", lambda sheet: summary(bring_in(sheet, text)))


def summary(bringing: Bringing) -> str:
    wrong = len({number for number, _ in bringing.wrong})
    words = f"A list of {bringing.lines} line{'' if bringing.lines == 1 else 's'} brought in: {bringing.new} new"
    return f"{words}, {wrong} left out" if wrong else words


def text_in(request) -> str:
    file = request.FILES.get("file")
    if file is None:
        raise UsageError("Choose a file.")
    if file.size > LARGEST:
        raise UsageError("This list is too long for a page. `storykeep tags import` takes lists of any length.")
    return tables.text_of(file.read())


def changes(sheet: Sheet) -> list[str]:
    """Return in words what is different for the first tags of a sheet."""
    found = []
    for tag, row in sheet.rows.items():
        if row and row != sheet.were[tag] and len(found) < SHOWN:
            found.append(said(sheet, tag, row))
    return found


def said(sheet: Sheet, tag: int, row) -> str:
    was = sheet.were[tag]
    parts = ["new" if was is None else ""]
    if row["synonym_of"] and (was is None or was["synonym_of"] != row["synonym_of"]):
        parts.append(f"stands for “{sheet.name(row['synonym_of'])}”")
    if was and was["synonym_of"] and not row["synonym_of"]:
        parts.append("stands for itself")
    over = (
        {parent for child, parent in sheet.links - sheet.links_were if child == tag}
        if len(sheet.links) < LARGEST
        else ()
    )
    parts += [f"under “{sheet.name(each)}”" for each in sorted(over)]
    if was and was["settled"] != row["settled"]:
        parts.append("good as it is" if row["settled"] else "to be looked at again")
    return f"“{row['name']}”: {', '.join(part for part in parts if part)}"
