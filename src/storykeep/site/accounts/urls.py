"""Signing in and out, and passwords: the doors of django-allauth that this archive uses, under its own names."""

from allauth.account import views as allauth
from django.urls import path

from storykeep.site.accounts import views

urlpatterns = [
    path("account/login/", allauth.login, name="account_login"),
    path("account/logout/", allauth.logout, name="account_logout"),
    path("account/signup/", allauth.signup, name="account_signup"),
    path("account/inactive/", allauth.account_inactive, name="account_inactive"),
    path("account/reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("account/password/change/", allauth.password_change, name="account_change_password"),
    path("account/password/set/", allauth.password_set, name="account_set_password"),
    path("account/password/reset/", views.forgotten, name="account_reset_password"),
    path("account/once/<str:ref>/<str:token>/", views.sign_in_once, name="sign_in_once"),
]
