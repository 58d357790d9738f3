from django.db import migrations

from thucchat.web.shared.history import append_only, fixed, keep_history
from thucchat.web.shared.scope import also_show, protect

PROTECTED = (
    "bank_sourcefile",
    "bank_item",
    "bank_itemreview",
    "bank_proposal",
    "bank_proposalreview",
    "bank_pledge",
)
SPOKEN = ("bank_itemreview", "bank_proposalreview")
TEXT = "({row}.stem, {row}.options, {row}.key, {row}.context, {row}.kind, {row}.source_id, {row}.place)"


class Migration(migrations.Migration):
    dependencies = [("bank", "0001_initial"), ("people", "0002_locks"), ("shared", "0002_locks")]
    operations = [
        *map(protect, PROTECTED),
        *map(append_only, SPOKEN),
        keep_history("bank_item"),
        also_show("bank_item", "shared_by_all", "is_shared"),
        also_show(
            "bank_sourcefile",
            "of_shared_items",
            "EXISTS (SELECT FROM bank_item WHERE bank_item.source_id = bank_sourcefile.id AND is_shared)",
        ),
        fixed(
            "bank_item",
            "item_as_pupils_saw_it",
            f"OLD.exposure > 0 AND {TEXT.format(row='OLD')} IS DISTINCT FROM {TEXT.format(row='NEW')}",
        ),
        fixed(
            "bank_proposal",
            "proposal_as_handed_in",
            "OLD.sha256 <> NEW.sha256 OR (OLD.state <> 'handed_in' AND OLD.sealed <> NEW.sealed)",
        ),
        fixed(
            "bank_draw",
            "draw_as_published",
            "OLD.announcement <> NEW.announcement OR OLD.announced <> NEW.announced "
            "OR (OLD.state = 'drawn' AND (OLD.minutes, OLD.fingerprint) <> (NEW.minutes, NEW.fingerprint))",
        ),
        fixed("bank_pledge", "pledge_opened_once", "OLD.value <> '' AND OLD.value <> NEW.value"),
    ]
