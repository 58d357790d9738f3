"""Addresses of exams and their results."""

from django.urls import path

from thucchat.web.exams.views import campaigns, exams, imports, national, papers

app_name = "exams"
urlpatterns = [
    path("", exams.exams, name="exams"),
    path("them/", exams.add, name="add"),
    path("<int:exam_id>/", exams.exam, name="exam"),
    path("<int:exam_id>/tai-ve/", exams.download, name="download"),
    path("<int:exam_id>/nhap/", imports.upload, name="upload"),
    path("khao-sat/", campaigns.campaigns, name="campaigns"),
    path("khao-sat/them/", campaigns.add, name="campaign-add"),
    path("khao-sat/<int:campaign_id>/", campaigns.campaign, name="campaign"),
    path("khao-sat/<int:campaign_id>/mo/", campaigns.start, name="campaign-start"),
    path("khao-sat/<int:campaign_id>/chot/", campaigns.close, name="campaign-close"),
    path("khao-sat/<int:campaign_id>/nhac/", campaigns.remind, name="campaign-remind"),
    path("khao-sat/<int:campaign_id>/ke-hoach/", papers.plan, name="campaign-plan"),
    path("khao-sat/<int:campaign_id>/tham-gia/", papers.participation, name="campaign-participation"),
    path("tep/", imports.imports, name="imports"),
    path("tep/<int:result_import_id>/", imports.result_import, name="import"),
    path("tep/<int:result_import_id>/ghi/", imports.apply, name="import-apply"),
    path("tep/<int:result_import_id>/hoan-tac/", imports.undo, name="import-undo"),
    path("toan-quoc/", national.national, name="national"),
    path("toan-quoc/tai-ve/", national.download_national, name="national-download"),
    path("toan-quoc/nhap/", imports.upload_national, name="national-upload"),
]
