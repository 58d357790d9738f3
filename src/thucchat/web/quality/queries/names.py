"""What targets are called."""

from collections.abc import Iterable, Mapping
from typing import Any

from thucchat.engine.vietnamese import vi_number
from thucchat.web.people.models import SchoolClass, Subject
from thucchat.web.quality.models import Target


def target_names(rows: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """What each target is called: subject, class, threshold; by key of the target."""
    kept = list(rows)
    fields = dict(Subject.objects.filter(level="THCS").values_list("field", "name"))
    classes = SchoolClass.objects.in_bulk([row["class"] for row in kept if row["class"]])
    found = {}
    for row in kept:
        where = classes.get(row["class"])
        place = f", lớp {where.name}" if where else ""
        points = vi_number(row["threshold"] / 100, 1)
        found[row["target"]] = f"{fields.get(row['field'], row['field'])}{place}: từ {points} điểm trở lên"
    return found


def names_of(targets: Iterable[Target]) -> dict[int, str]:
    """The same of targets themselves."""
    return target_names(
        {"target": one.pk, "field": one.field, "class": one.school_class_id, "threshold": one.threshold}
        for one in targets
    )
