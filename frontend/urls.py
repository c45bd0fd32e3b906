"""URLs of the pages. `OPEN` names the ones that answer without a login; every other one sends strangers to it."""

from allauth.account import views as account_views
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from frontend import accounts, installed, views

OPEN = {
    "account_login", "account_logout", "account_inactive", "account_signup", "mfa_authenticate",
    "set_language", "set_theme", "web_manifest", "service_worker",
}  # fmt: skip

urlpatterns = [
    path("", views.home, name="home"),
    path("desk", views.face_page("desk"), name="desk"),
    path("officer", views.face_page("officer"), name="officer"),
    path("replay", views.face_page("replay"), name="replay"),
    path("auditor", views.face_page("auditor"), name="auditor"),
    path("account/", views.account, name="account"),
    path("language", set_language, name="set_language"),
    path("theme", views.set_theme, name="set_theme"),
    path("officer.webmanifest", installed.web_manifest, name="web_manifest"),
    path("officer-worker.js", installed.service_worker, name="service_worker"),
    path("accounts/login/", account_views.login, name="account_login"),
    path("accounts/logout/", accounts.log_out, name="account_logout"),
    path("accounts/inactive/", account_views.account_inactive, name="account_inactive"),
    # allauth asks for this name; there is no sign-up.
    path("accounts/signup/", RedirectView.as_view(pattern_name="account_login"), name="account_signup"),
    path("accounts/reauthenticate/", account_views.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", account_views.password_change, name="account_change_password"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
