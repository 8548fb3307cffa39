"""Lists of tags go out as tables, and come in after a look at what they would change."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from pathlib import Path

from django.contrib import messages
from django.http import JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from storykeep.model.errors import StorykeepError, UsageError
from storykeep.site.accounts.guards import for_wranglers
from storykeep.site.tags.models import TagKind
from storykeep.site.wrangling import actions, effects, in_background, table_lines, tables
from storykeep.site.wrangling.bringing_in import bring_in, of_lines, summary
from storykeep.site.wrangling.models import LongList
from storykeep.site.wrangling.sheet import Sheet
from storykeep.site.wrangling.table_lines import Line
from storykeep.site.wrangling.views import say

LARGEST = 256 * 1024  # bytes that come in while a page waits; more come in in the background
SHOWN = 30  # lines
MOST_LINKS = 20_000  # of more, nobody is told one by one
LOOKED_AT = 2_000  # lines of a long table that are looked at before it comes in
RECENT = 5  # long tables that are listed


@require_safe
@for_wranglers
def tables_page(request):
    known = {"here": "list", "kinds": TagKind.objects.all(), "columns": tables.COLUMNS}
    return render(request, "wrangling/list.html", known | {"long": LongList.objects.all()[:RECENT]})


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
    """Show what a table would change, without changing anything; of a long one, what its first lines would."""
    try:
        file = request.FILES.get("file")
        if file is None:
            raise UsageError("Choose a file.")
        if file.size > LARGEST:
            return redirect("wrangling-long-list", in_background.keep(file, request.user).ref)
        text = table_lines.text_of(file.read())
        known = looked_at(list(table_lines.lines(text)))
    except StorykeepError as error:
        messages.warning(request, str(error))
        return redirect("wrangling-list")
    return render(request, "wrangling/preview.html", known | {"text": text})


def looked_at(lines: list[Line]) -> dict[str, object]:
    """Return what ``lines`` would change, for a template."""
    sheet = Sheet()
    bringing = of_lines(sheet, lines)
    wrong, told = bringing.wrong[:SHOWN], effects.of_sheet(sheet, summary(bringing))
    more = len(bringing.left_out) - len(wrong)
    return {"here": "list", "told": told, "wrong": wrong, "more": more, "changes": changes(sheet)}


@require_POST
@for_wranglers
def take_in(request):
    text = request.POST.get("text", "")
    try:
        if len(text) > 2 * LARGEST:
            raise UsageError("This list is too long for that. Choose its file again.")
        say(request, take(request.user, text))
    except StorykeepError as error:
        messages.warning(request, str(error))
        return redirect("wrangling-list")
    return redirect("wrangling-log")


def take(user, text: str):
    """Bring a table in as one action; what is wrong in it is left out."""
    return actions.do(user, "import", lambda sheet: summary(bring_in(sheet, text)))


# ── long tables
@for_wranglers
def long_list(request, ref: str):
    """Show what the first lines of a long table would change, or how far it is; on POST let it come in."""
    row = get_object_or_404(LongList, ref=ref)
    if request.method == "POST":
        in_background.start(row)
        return redirect("wrangling-long-list", ref)
    known = {"here": "list", "row": row, "running": in_background.runs(row), "wrong": row.wrong[:SHOWN]}
    known["more"] = len(row.wrong) - len(known["wrong"])
    if row.state == LongList.State.WAITING and Path(row.path).exists():
        known |= looked_at(list(islice(table_lines.lines_of_file(Path(row.path)), LOOKED_AT)))
    return render(request, "wrangling/long_list.html", known)


@require_safe
@for_wranglers
def progress(request, ref: str):
    """Tell how far a long table is: {running, done, total}."""
    row = get_object_or_404(LongList, ref=ref)
    return JsonResponse({"running": in_background.runs(row), "done": row.done, "total": row.total})


@require_safe
@for_wranglers
def left_out(request, ref: str):
    """Send the lines that were left out, with the reasons, as CSV."""
    row = get_object_or_404(LongList, ref=ref)
    lines = (tables.written((str(number), words)) for number, words in [("line", "why it was left out"), *row.wrong])
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="left-out.csv"'
    return answer


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
        if len(sheet.links) < MOST_LINKS
        else ()
    )
    parts += [f"under “{sheet.name(each)}”" for each in sorted(over)]
    if was and was["settled"] != row["settled"]:
        parts.append("good as it is" if row["settled"] else "to be looked at again")
    return f"“{row['name']}”: {', '.join(part for part in parts if part)}"
