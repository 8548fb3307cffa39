"""What readers say and keep: the addresses."""

from django.urls import path

from storykeep.site.talk import blocking, conversations, liking, moderating, own, shelves

urlpatterns = [
    path("kudos/<str:ref>", liking.kudos, name="kudos"),
    path("comments/mine", own.mine, name="my-comments"),
    path("comments/waiting", moderating.waiting, name="waiting-comments"),
    path("comments/blocked", blocking.blocked, name="blocked-people"),
    path("comments/on/<str:ref>", conversations.comments, name="comments"),
    path("comments/<str:ref>", conversations.comment, name="comment"),
    path("comments/<str:ref>/answer", conversations.answer, name="comment-answer"),
    path("comments/<str:ref>/edit", own.edit, name="comment-edit"),
    path("comments/<str:ref>/delete", own.delete, name="comment-delete"),
    path("comments/<str:ref>/settle", moderating.settle, name="comment-settle"),
    path("comments/<str:ref>/block", blocking.block, name="comment-block"),
    path("shelves", shelves.mine, name="my-shelves"),
    path("shelves/keep", shelves.keep, name="keep"),
    path("shelves/of/<str:ref>", shelves.of, name="shelves-of"),
    path("shelves/kept/<str:ref>", shelves.kept, name="kept"),
    path("shelves/<str:ref>", shelves.shelf, name="shelf"),
    path("shelves/<str:ref>/edit", shelves.edit, name="shelf-edit"),
]
