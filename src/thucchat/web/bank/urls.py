"""Addresses of items, blueprints, rounds, proposals and draws."""

from django.urls import path

from thucchat.web.bank.views import blueprints, ceremony, items, proposals, rounds

app_name = "bank"
urlpatterns = [
    path("cau-hoi/", items.items, name="items"),
    path("cau-hoi/nhap/", items.take_in_file, name="item-take-in"),
    path("cau-hoi/thong-ke/", items.statistics, name="item-statistics"),
    path("cau-hoi/<int:item_id>/", items.item, name="item"),
    path("cau-hoi/<int:item_id>/sua/", items.tag, name="item-tag"),
    path("cau-hoi/<int:item_id>/gui/", items.send, name="item-send"),
    path("cau-hoi/<int:item_id>/phan-bien/", items.review, name="item-review"),
    path("cau-hoi/<int:item_id>/chia-se/", items.share, name="item-share"),
    path("cau-hoi/<int:item_id>/thoi-dung/", items.retire, name="item-retire"),
    path("cau-hoi/<int:item_id>/phien-ban/", items.renew, name="item-renew"),
    path("ma-tran/", blueprints.blueprints, name="blueprints"),
    path("ma-tran/them/", blueprints.add, name="blueprint-add"),
    path("ma-tran/<int:blueprint_id>/", blueprints.blueprint, name="blueprint"),
    path("ma-tran/<int:blueprint_id>/sua/", blueprints.edit, name="blueprint-edit"),
    path("ma-tran/<int:blueprint_id>/tep/", blueprints.download, name="blueprint-file"),
    path("ma-tran/<int:blueprint_id>/ghep/", blueprints.assemble, name="blueprint-assemble"),
    path("ma-tran/<int:blueprint_id>/lay-de/", blueprints.take, name="blueprint-take"),
    path("", rounds.rounds, name="rounds"),
    path("them/", rounds.add, name="round-add"),
    path("<int:round_id>/", rounds.round_page, name="round"),
    path("<int:round_id>/nguoi-giu-khoa/", rounds.custodian, name="round-custodian"),
    path("<int:round_id>/mo/", rounds.open_to_units, name="round-open"),
    path("<int:round_id>/chot/", rounds.freeze_list, name="round-freeze"),
    path("<int:round_id>/nop/", proposals.hand_in_paper, name="hand-in"),
    path("<int:round_id>/cam-ket/", ceremony.make_pledge, name="pledge"),
    path("<int:round_id>/boc-lai/", ceremony.again, name="draw-again"),
    path("de-xuat/<int:proposal_id>/", proposals.proposal, name="proposal"),
    path("de-xuat/<int:proposal_id>/sua/", proposals.settle_paper, name="proposal-settle"),
    path("de-xuat/<int:proposal_id>/phan-bien/", proposals.review, name="proposal-review"),
    path("de-xuat/<int:proposal_id>/rut/", proposals.take_back, name="proposal-withdraw"),
    path("boc-tham/<int:draw_id>/", ceremony.draw, name="draw"),
    path("boc-tham/<int:draw_id>/mo-cam-ket/", ceremony.reveal_value, name="draw-reveal"),
    path("boc-tham/<int:draw_id>/dong/", ceremony.close, name="draw-close"),
    path("boc-tham/<int:draw_id>/ket-qua/", ceremony.hold, name="draw-hold"),
    path("boc-tham/<int:draw_id>/tep/", ceremony.download, name="draw-file"),
    path("boc-tham/<int:draw_id>/xin-mo/", ceremony.ask, name="draw-ask"),
    path("boc-tham/<int:draw_id>/mo-niem-phong/", ceremony.open_seal, name="draw-open"),
]
