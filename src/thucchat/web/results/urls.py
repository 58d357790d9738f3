"""Addresses of answers, runs, classes, pupils and publication."""

from django.urls import path

from thucchat.web.results.views import answers, classes, exams, runs

app_name = "results"
urlpatterns = [
    path("", exams.exams, name="exams"),
    path("ky-thi/<int:exam_id>/", exams.exam, name="exam"),
    path("ky-thi/<int:exam_id>/xin-cong-bo/", exams.ask, name="publish-ask"),
    path("ky-thi/<int:exam_id>/cong-bo/", exams.publish_exam, name="publish"),
    path("ky-thi/<int:exam_id>/bai-lam/", answers.upload, name="upload"),
    path("bai-lam/<int:response_file_id>/", answers.responses, name="responses"),
    path("bai-lam/<int:response_file_id>/phan-tich/", answers.start_run, name="run-start"),
    path("phan-tich/<int:measure_run_id>/", runs.run, name="run"),
    path("phan-tich/<int:measure_run_id>/thi-sinh/", runs.measures, name="measures"),
    path("phan-tich/<int:measure_run_id>/nhan-xet/", runs.report, name="report"),
    path("phan-tich/<int:measure_run_id>/sai-so/", runs.adopt, name="adopt-error"),
    path("phan-tich/<int:measure_run_id>/rut/", runs.withdraw, name="run-withdraw"),
    path("lop/", classes.classes, name="classes"),
    path("lop/<int:class_id>/", classes.school_class, name="class"),
    path("hoc-sinh/<int:pupil_id>/", classes.pupil, name="pupil"),
]
