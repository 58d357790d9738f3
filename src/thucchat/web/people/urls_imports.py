"""Addresses of importing and exporting, part of the app's."""

from django.urls import path

from thucchat.web.people.views import exports, imports

urlpatterns = [
    path("nhap-du-lieu/", imports.imports, name="imports"),
    path("nhap-du-lieu/moi/", imports.upload, name="import-new"),
    path("nhap-du-lieu/mau/<slug:kind>/", imports.template, name="import-template"),
    path("nhap-du-lieu/<int:batch_id>/", imports.detail, name="import"),
    path("nhap-du-lieu/<int:batch_id>/ghep-cot/", imports.map_columns, name="import-map"),
    path("nhap-du-lieu/<int:batch_id>/xem-lai/", imports.preview, name="import-preview"),
    path("nhap-du-lieu/<int:batch_id>/ghi/", imports.apply, name="import-apply"),
    path("nhap-du-lieu/<int:batch_id>/hoan-tac/", imports.undo, name="import-undo"),
    path("nhap-du-lieu/<int:batch_id>/bo/", imports.drop, name="import-drop"),
    path("nhap-du-lieu/<int:batch_id>/loi/", imports.problems, name="import-problems"),
    path("xuat-du-lieu/don-vi/<slug:form>/", exports.units, name="export-units"),
    path("xuat-du-lieu/hoc-sinh/<slug:form>/", exports.pupils, name="export-pupils"),
    path("xuat-du-lieu/can-bo/<slug:form>/", exports.staff, name="export-staff"),
    path("xuat-du-lieu/lop/<slug:form>/", exports.classes, name="export-classes"),
    path("xuat-du-lieu/phan-cong/<slug:form>/", exports.assignments, name="export-assignments"),
    path("xuat-du-lieu/tep/<int:file_id>/", exports.exported, name="exported"),
]
