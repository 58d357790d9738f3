"""Every state table, pair by pair: what is written here is what the documents ask for."""

import pytest
from django.apps import apps

from thucchat.web.bank.models import Draw, Item, Proposal, Round
from thucchat.web.exams.models import Campaign, ResultImport
from thucchat.web.ledger.models import Decision
from thucchat.web.people.models import ImportBatch
from thucchat.web.plans.models import ReportedFigure
from thucchat.web.quality.models import Acceptance, Commitment, Handover, Review, ReviewAction, Target
from thucchat.web.ratings.models import Objection, RuleBook, Run
from thucchat.web.results.models import MeasureRun, ResponseFile
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.states import Stateful

LEGAL = {
    Target: {
        ("proposed", "agreed"), ("proposed", "countered"), ("countered", "agreed"), ("countered", "proposed"),
        ("agreed", "signed"), ("agreed", "proposed"),
    },
    Handover: {
        ("draft", "issued"), ("issued", "accepted"), ("issued", "disputed"), ("issued", "lapsed"),
        ("disputed", "retest"), ("disputed", "adjusted"), ("disputed", "upheld"), ("retest", "adjusted"),
        ("retest", "upheld"), ("adjusted", "accepted"), ("adjusted", "lapsed"), ("upheld", "accepted"),
        ("upheld", "lapsed"),
    },
    Commitment: {("draft", "signed"), ("signed", "in_force"), ("signed", "returned"), ("returned", "signed")},
    Review: {("planned", "held"), ("held", "confirmed"), ("held", "planned")},
    ReviewAction: {("open", "done"), ("open", "dropped")},
    Item: {("draft", "review"), ("review", "ready"), ("review", "draft"), ("ready", "retired")},
    Round: {("preparing", "collecting"), ("collecting", "frozen")},
    Proposal: {("handed_in", "withdrawn"), ("handed_in", "eligible"), ("handed_in", "refused")},
    Draw: {("announced", "closed"), ("closed", "drawn")},
    Campaign: {("planned", "running"), ("running", "closed")},
    ResponseFile: {("uploaded", "read"), ("uploaded", "refused"), ("read", "replaced")},
    MeasureRun: {("waiting", "computed"), ("waiting", "withdrawn"), ("computed", "withdrawn")},
    RuleBook: {("draft", "frozen")},
    Run: {("computed", "published"), ("computed", "withdrawn"), ("published", "withdrawn")},
    ReportedFigure: {
        ("entered", "confirmed"), ("entered", "refused"), ("entered", "superseded"),
        ("confirmed", "superseded"),
    },
    Objection: {("open", "upheld"), ("open", "refused")},
    Decision: {("proposed", "approved"), ("proposed", "refused"), ("approved", "used")},
    ResultImport: {
        ("uploaded", "previewed"), ("uploaded", "refused"), ("previewed", "applied"),
        ("previewed", "refused"), ("applied", "undone"),
    },
    ImportBatch: {
        ("uploaded", "read"), ("uploaded", "refused"), ("read", "read"), ("read", "previewed"),
        ("read", "refused"), ("previewed", "read"), ("previewed", "previewed"), ("previewed", "applied"),
        ("previewed", "refused"), ("applied", "undone"),
    },
    Acceptance: {
        ("prepared", "proposed"), ("proposed", "closed"), ("proposed", "disputed"), ("disputed", "proposed"),
    },
}  # fmt: skip
PAIRS = [(model, now, wanted) for model in LEGAL for now in model.State for wanted in model.State]


@pytest.mark.parametrize(("model", "now", "wanted"), PAIRS)
def test_a_row_moves_only_along_its_table(model, now, wanted):
    row = model(state=now)
    if (now, wanted) in LEGAL[model]:
        row.move_to(wanted)
        assert row.state == wanted
    else:
        with pytest.raises(RuleBroken) as refusal:
            row.move_to(wanted)
        assert refusal.value.code == f"{model.STATE_NAME}.state"
        assert (row.state, wanted.label in refusal.value.message) == (now, True)


def test_no_state_table_is_left_out():
    assert {model for model in apps.get_models() if issubclass(model, Stateful)} == set(LEGAL)
