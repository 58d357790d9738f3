"""Every address of the site."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, URLResolver, include, path

from thucchat.web.org.acting import public
from thucchat.web.ratings.views.guide import year
from thucchat.web.results.views.lookup import lookup

# Only these pages of allauth are open: nobody signs up or changes his name by himself.
accounts = [
    path("dang-nhap/", public(account.login), name="account_login"),
    path("dang-xuat/", public(account.logout), name="account_logout"),
    path("xac-nhan/", public(account.reauthenticate), name="account_reauthenticate"),
    path("mat-khau/", public(account.password_change), name="account_change_password"),
    path("tam-khoa/", public(account.account_inactive), name="account_inactive"),
    path("buoc-hai/", public(mfa.authenticate), name="mfa_authenticate"),
    path("xac-nhan-buoc-hai/", public(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("bao-mat/", public(mfa.index), name="mfa_index"),
    path("bao-mat/ung-dung/", public(totp.activate_totp), name="mfa_activate_totp"),
    path("bao-mat/ung-dung/go/", public(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("bao-mat/ma-du-phong/", public(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "bao-mat/ma-du-phong/tao/", public(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
    path(
        "bao-mat/ma-du-phong/tai/", public(codes.download_recovery_codes), name="mfa_download_recovery_codes"
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("tai-khoan/", include(accounts)),
    path("", include("thucchat.web.org.urls")),
    path("", include("thucchat.web.people.urls")),
    path("ky-thi/", include("thucchat.web.exams.urls")),
    path("chat-luong/", include("thucchat.web.quality.urls")),
    path("mot-nam-hoc/", year, name="year"),
    path("chi-tieu/", include("thucchat.web.plans.urls")),
    path("ket-qua/", include("thucchat.web.results.urls")),
    path("tra-cuu/", lookup, name="lookup"),
    path("xep-loai/", include("thucchat.web.ratings.urls")),
    path("de-thi/", include("thucchat.web.bank.urls")),
]
