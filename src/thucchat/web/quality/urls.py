"""Addresses of the contract of quality."""

from django.urls import path

from thucchat.web.quality.views import (
    acceptances,
    commitments,
    exemptions,
    handovers,
    reviews,
    steps,
    targets,
)

app_name = "quality"
urlpatterns = [
    path("", targets.board, name="board"),
    path("cac-buoc/", steps.steps, name="steps"),
    path("cac-buoc/<str:year>/<slug:step>/", steps.step, name="step"),
    path("chi-tieu/<int:target_id>/", targets.target, name="target"),
    path("chi-tieu/<int:target_id>/nhan/", targets.agree, name="target-agree"),
    path("chi-tieu/<int:target_id>/de-nghi/", targets.counter, name="target-counter"),
    path("chi-tieu/<int:target_id>/giu/", targets.keep, name="target-keep"),
    path("chi-tieu/<int:target_id>/tinh-lai/", targets.rebase, name="target-rebase"),
    path("cam-ket/khong-tinh/<int:exemption_id>/", exemptions.agree, name="exemption-agree"),
    path("cam-ket/<int:commitment_id>/khong-tinh/", exemptions.ask, name="exemption-ask"),
    path("cam-ket/", commitments.commitments, name="commitments"),
    path("cam-ket/<int:commitment_id>/", commitments.commitment, name="commitment"),
    path("cam-ket/<int:commitment_id>/ki/", commitments.sign, name="commitment-sign"),
    path("cam-ket/<int:commitment_id>/ki-nhan/", commitments.receive, name="commitment-receive"),
    path("cam-ket/<int:commitment_id>/ban-in/", commitments.paper, name="commitment-paper"),
    path("ra-soat/", reviews.reviews, name="reviews"),
    path("ra-soat/lap/", reviews.plan, name="review-plan"),
    path("ra-soat/<int:review_id>/", reviews.review, name="review"),
    path("ra-soat/<int:review_id>/hop/", reviews.hold, name="review-hold"),
    path("ra-soat/<int:review_id>/duyet/", reviews.confirm, name="review-confirm"),
    path("ra-soat/<int:review_id>/viec/", reviews.add, name="review-action"),
    path("ra-soat/<int:review_id>/bien-ban/", reviews.minute, name="review-minute"),
    path("ra-soat/viec/<int:action_id>/", reviews.end, name="action-end"),
    path("nghiem-thu/", acceptances.acceptances, name="acceptances"),
    path("nghiem-thu/<int:acceptance_id>/", acceptances.acceptance, name="acceptance"),
    path("nghiem-thu/<int:acceptance_id>/ket-luan/", acceptances.conclude, name="acceptance-conclude"),
    path("nghiem-thu/<int:acceptance_id>/ki/", acceptances.sign, name="acceptance-sign"),
    path("nghiem-thu/<int:acceptance_id>/y-kien/", acceptances.dispute, name="acceptance-dispute"),
    path("nghiem-thu/<int:acceptance_id>/bien-ban/", acceptances.minute, name="acceptance-minute"),
    path("ban-giao/", handovers.handovers, name="handovers"),
    path("ban-giao/<int:handover_id>/", handovers.handover, name="handover"),
    path("ban-giao/<int:handover_id>/phat-hanh/", handovers.issue, name="handover-issue"),
    path("ban-giao/<int:handover_id>/nhan/", handovers.accept, name="handover-accept"),
    path("ban-giao/<int:handover_id>/y-kien/", handovers.dispute, name="handover-dispute"),
    path("ban-giao/<int:handover_id>/khao-sat-lai/", handovers.retest, name="handover-retest"),
    path("ban-giao/<int:handover_id>/ket-luan/", handovers.rule, name="handover-rule"),
    path("ban-giao/<int:handover_id>/bien-ban/", handovers.minute, name="handover-minute"),
]
