"""Addresses of exams and their results."""

from django.urls import path

from thucchat.web.exams.views import campaigns, exams, imports, marks, national, papers, sites, sittings

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
    path("khao-sat/<int:campaign_id>/danh-sach/", sittings.freeze, name="campaign-freeze"),
    path("khao-sat/<int:campaign_id>/bo-sung/", sittings.supplement, name="campaign-supplement"),
    path("khao-sat/<int:campaign_id>/lich/", sittings.sittings, name="sittings"),
    path("khao-sat/<int:campaign_id>/doi-soat/", sittings.reconcile, name="reconcile"),
    path("khao-sat/<int:campaign_id>/truong/", sites.sites, name="sites"),
    path("lich/<int:sitting_id>/", sittings.sitting, name="sitting"),
    path("lich/<int:sitting_id>/bo/", sittings.drop, name="sitting-drop"),
    path("diem-thi/<int:site_id>/", sites.site, name="site"),
    path("diem-thi/<int:site_id>/danh-sach-phong/", sites.lists, name="site-lists"),
    path("diem-thi/<int:site_id>/phieu/", sites.sheets, name="site-sheets"),
    path("diem-thi/<int:site_id>/mau/", sites.template, name="site-template"),
    path("diem-thi/<int:site_id>/them/", sites.arrive, name="site-arrive"),
    path("diem-thi/<int:site_id>/bao-cao/", marks.report, name="site-report"),
    path("diem-thi/<int:site_id>/su-co/", marks.incident, name="site-incident"),
    path("diem-thi/<int:site_id>/diem/", marks.enter, name="site-marks"),
    path("diem-thi/<int:site_id>/nop/", marks.hand_in, name="site-hand-in"),
    path("thi-sinh/<int:candidate_id>/", sites.candidate, name="candidate"),
    path("thi-sinh/<int:candidate_id>/doi-phong/", sites.move, name="candidate-move"),
    path("thi-sinh/<int:candidate_id>/bo/", sites.remove, name="candidate-remove"),
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
