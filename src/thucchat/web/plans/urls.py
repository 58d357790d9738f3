"""Addresses of the targets of the documents."""

from django.urls import path

from thucchat.web.plans.views import figures, indicators

app_name = "plans"
urlpatterns = [
    path("", indicators.board, name="board"),
    path("so-lieu/", figures.figures, name="figures"),
    path("so-lieu/<int:figure_id>/xac-nhan/", figures.confirm, name="figure-confirm"),
    path("so-lieu/<int:figure_id>/khong-xac-nhan/", figures.refuse, name="figure-refuse"),
    path("<str:indicator>/", indicators.indicator, name="indicator"),
    path("<str:indicator>/don-vi/", indicators.units, name="units"),
    path("<str:indicator>/don-vi/<int:unit_id>/", indicators.of_unit, name="unit-indicator"),
    path("<str:indicator>/don-vi/<int:unit_id>/nhap/", figures.enter, name="figure-enter"),
]
