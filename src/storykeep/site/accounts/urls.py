"""Signing in and out, passwords, and the rest of what django-allauth offers."""

from django.urls import include, path

from storykeep.site.accounts import views

urlpatterns = [
    path("account/once/<str:ref>/<str:token>/", views.sign_in_once, name="sign_in_once"),
    path("account/password/reset/", views.forgotten, name="account_reset_password"),
    path("account/", include("allauth.account.urls")),
]
