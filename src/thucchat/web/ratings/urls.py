"""Addresses of ratings."""

from django.urls import path

from thucchat.web.ratings.views import papers, rules, runs, writing

app_name = "ratings"
urlpatterns = [
    path("", runs.runs, name="runs"),
    path("quy-tac/lap/", writing.write, name="rules-write"),
    path("quy-tac/<int:rulebook_id>/chot/", writing.freeze, name="rules-freeze"),
    path("quy-tac/<int:rulebook_id>/", rules.rules, name="rules"),
    path("quy-tac/<int:rulebook_id>/tinh/", rules.start, name="run-start"),
    path("<int:run_id>/", runs.run, name="run"),
    path("<int:run_id>/giao-vien/", runs.teachers, name="run-teachers"),
    path("<int:run_id>/thong-bao/", papers.notice, name="run-notice"),
    path("<int:run_id>/quyet-dinh/", papers.decision, name="run-decision"),
    path("<int:run_id>/xin-cong-bo/", runs.ask, name="run-ask"),
    path("<int:run_id>/cong-bo/", runs.publish_run, name="run-publish"),
    path("ket-qua/<int:rating_id>/", runs.rating, name="rating"),
    path("ket-qua/<int:rating_id>/giai-thich/", papers.explanation, name="rating-explanation"),
    path("ket-qua/<int:rating_id>/hoc-sinh/", papers.pupils, name="rating-pupils"),
    path("ket-qua/<int:rating_id>/khieu-nai/", runs.make_objection, name="rating-object"),
    path("khieu-nai/<int:objection_id>/tra-loi/", runs.answer, name="objection-answer"),
]
