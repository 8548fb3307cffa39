"""The wrangling desk's addresses, and where forms ask for tags. The desk is for wranglers; everybody else gets 404."""

from django.urls import path

from storykeep.site.wrangling import choosing, listing, pairs, views

urlpatterns = [
    path("tags/suggest", choosing.suggest, name="suggest-tags"),
    path("desk/wrangling", views.home, name="wrangling"),
    path("desk/wrangling/tags", views.tags, name="wrangling-tags"),
    path("desk/wrangling/tags/<int:pk>", views.tag, name="wrangling-tag"),
    path("desk/wrangling/effect", views.tell, name="wrangling-effect"),
    path("desk/wrangling/deeds", views.do, name="wrangling-do"),
    path("desk/wrangling/alike", pairs.alike, name="wrangling-alike"),
    path("desk/wrangling/alike/look", pairs.look, name="wrangling-look"),
    path("desk/wrangling/alike/<int:pk>", pairs.decide, name="wrangling-decide"),
    path("desk/wrangling/list", listing.tables_page, name="wrangling-list"),
    path("desk/wrangling/list/preview", listing.preview, name="wrangling-preview"),
    path("desk/wrangling/list/in", listing.take_in, name="wrangling-take-in"),
    path("desk/wrangling/list/long/<str:ref>", listing.long_list, name="wrangling-long-list"),
    path("desk/wrangling/list/long/<str:ref>/progress", listing.progress, name="wrangling-progress"),
    path("desk/wrangling/list/long/<str:ref>/left-out", listing.left_out, name="wrangling-left-out"),
    path("desk/wrangling/list/out", listing.out, name="wrangling-out"),
    path("desk/wrangling/log", views.log, name="wrangling-log"),
    path("desk/wrangling/log/<str:ref>", views.turned, name="wrangling-turning"),
    path("desk/wrangling/log/<str:ref>/progress", views.turning_progress, name="wrangling-turning-progress"),
    path("desk/wrangling/log/<str:ref>/undoing", views.undo, name="wrangling-undo"),
    path("desk/wrangling/log/<str:ref>/redoing", views.redo, name="wrangling-redo"),
]
