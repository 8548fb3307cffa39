"""The desk of a writer. Visitors are asked to sign in; a work that is not theirs is not there for anybody else."""

from django.urls import path

from storykeep.site.writing.views import (
    bringing,
    chapters,
    history,
    names,
    people,
    publishing,
    saving,
    series,
    ties,
    together,
    works,
)

WORK = "write/works/<str:ref>"
CHAPTER = f"{WORK}/chapters/<str:chapter>"

urlpatterns = [
    path("write", works.desk, name="writing"),
    path("write/new", works.new, name="write-new"),
    path("write/token", saving.token, name="write-token"),
    path("write/convert", saving.convert, name="write-convert"),
    path("write/paste", saving.pasted, name="write-paste"),
    path("write/together", together.together, name="write-together"),
    path("write/together/<str:ref>", together.sweep, name="write-sweep"),
    path("write/names", names.pen_names, name="pen-names"),
    path("write/names/new", names.new, name="new-pen-name"),
    path("write/names/<str:slug>", names.one, name="pen-name"),
    path("write/ties", ties.ties, name="write-ties"),
    path("gifts", ties.gifts, name="gifts"),
    path("write/series/<str:ref>", series.series, name="write-series"),
    path("write/bring", bringing.bring, name="write-bring"),
    path("write/bring/<str:ref>", bringing.brought, name="write-brought"),
    path("write/invitations/<str:ref>", people.answer, name="write-answer"),
    path(WORK, works.work, name="write-work"),
    path(f"{WORK}/preview", works.preview, name="write-preview"),
    path(f"{WORK}/publication", publishing.publish, name="write-publish"),
    path(f"{WORK}/schedule", publishing.schedule, name="write-schedule"),
    path(f"{WORK}/withdrawal", publishing.withdraw, name="write-withdraw"),
    path(f"{WORK}/trash", publishing.trash, name="write-trash"),
    path(f"{WORK}/copy", works.copy, name="write-copy"),
    path(f"{WORK}/return", publishing.bring_back, name="write-return"),
    path(f"{WORK}/unsaved", saving.forget, name="write-forget"),
    path(f"{WORK}/people", people.people, name="write-people"),
    path(f"{WORK}/people/leaving", people.leave, name="write-leave"),
    path(f"{WORK}/chapters", chapters.add, name="write-add-chapter"),
    path(f"{WORK}/order", chapters.order, name="write-order"),
    path(CHAPTER, chapters.chapter, name="write-chapter"),
    path(f"{CHAPTER}/preview", works.preview, name="write-preview-chapter"),
    path(f"{CHAPTER}/publication", chapters.publish, name="write-publish-chapter"),
    path(f"{CHAPTER}/schedule", chapters.schedule, name="write-schedule-chapter"),
    path(f"{CHAPTER}/withdrawal", chapters.withdraw, name="write-withdraw-chapter"),
    path(f"{CHAPTER}/trash", chapters.trash, name="write-trash-chapter"),
    path(f"{CHAPTER}/return", chapters.bring_back, name="write-return-chapter"),
    path(f"{CHAPTER}/history", history.history, name="write-history"),
    path(f"{CHAPTER}/history/restored", history.restore, name="write-restore"),
    path(f"{CHAPTER}/history/name", history.name, name="write-name-revision"),
    path(f"{CHAPTER}/conflicts", history.conflicts, name="write-conflicts"),
]
