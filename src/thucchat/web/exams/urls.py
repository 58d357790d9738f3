"""Addresses of exams and their results."""

from django.urls import path

from thucchat.web.exams.views import exams, imports, national

app_name = "exams"
urlpatterns = [
    path("", exams.exams, name="exams"),
    path("them/", exams.add, name="add"),
    path("<int:exam_id>/", exams.exam, name="exam"),
    path("<int:exam_id>/tai-ve/", exams.download, name="download"),
    path("<int:exam_id>/nhap/", imports.upload, name="upload"),
    path("tep/", imports.imports, name="imports"),
    path("tep/<int:result_import_id>/", imports.result_import, name="import"),
    path("tep/<int:result_import_id>/ghi/", imports.apply, name="import-apply"),
    path("tep/<int:result_import_id>/hoan-tac/", imports.undo, name="import-undo"),
    path("toan-quoc/", national.national, name="national"),
    path("toan-quoc/tai-ve/", national.download_national, name="national-download"),
    path("toan-quoc/nhap/", imports.upload_national, name="national-upload"),
]
