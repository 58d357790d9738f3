"""Computing a run: score, calibrate, link, keep; all in one transaction, so that it may be run twice."""

from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import numpy as np
import polars as pl
from django.db import connection, transaction

from thucchat.engine.errors import EngineError
from thucchat.engine.measurement.irt.calibration import ReportedItem
from thucchat.engine.measurement.irt.items import Model
from thucchat.engine.measurement.linking.carry import link_covariance
from thucchat.engine.measurement.linking.drift import StableLink
from thucchat.engine.measurement.scoring import State
from thucchat.web.results.actions.computing import Anchors, Classical, Scale, classical, numbers, scale_of
from thucchat.web.results.models import ItemMeasure, MeasureRun
from thucchat.web.results.queries.answers import AnswerTable, answer_table
from thucchat.web.results.queries.calibrated import common_with, stored_bank, stored_parameters
from thucchat.web.shared.frames import copy_in
from thucchat.web.shared.jobs import Progress

COLUMNS = ("points", "ability", "ability_error", "likely", "likely_error")
INSERT = f"""
INSERT INTO results_pupilmeasure (run_id, sbd, pupil_id, unit_path, waiting, {", ".join(COLUMNS)})
SELECT %s, a.sbd, a.pupil_id, a.unit_path, m.waiting, {", ".join(f"m.{name}" for name in COLUMNS)}
FROM measure_rows m JOIN results_candidateanswers a ON a.file_id = %s AND a.sbd = m.sbd
"""  # noqa: S608  the names are ours


@transaction.atomic
def measure(run_id: int, progress: Progress = lambda *_: None) -> MeasureRun:
    """Compute a run that waits; one that is computed or withdrawn stays as it is.

    Raises:
        EngineError: what scoring refuses; a calibration or a link that is refused is told in the run.
    """
    run = MeasureRun.objects.select_for_update(of=("self",)).select_related("file", "target").get(pk=run_id)
    if run.state != MeasureRun.State.WAITING:
        return run
    progress(0, 4, "Đang chấm điểm")
    table = answer_table(run.file)
    found = classical(table)
    progress(1, 4, "Đang ước lượng tham số câu hỏi và năng lực")
    scale, refusal = _scale(run, table, found)
    progress(3, 4, "Đang ghi kết quả")
    run.summary = _summary(found, scale, refusal)
    run.link = _link(run, scale)
    run.version = version("thucchat")
    _keep_items(run, table, found, scale)
    _keep_measures(run, table, found, scale)
    run.move_to(MeasureRun.State.COMPUTED)
    run.save()
    return run


def _scale(run: MeasureRun, table: AnswerTable, found: Classical) -> tuple[Scale | None, str]:
    """The scale, or why there is none."""
    try:
        anchors = _anchors(run, table)
        return scale_of(found.scored, Model(run.model), anchors), ""
    except EngineError as reason:
        return None, str(reason)


def _anchors(run: MeasureRun, table: AnswerTable) -> Anchors | None:
    """Items in common with the target; None where there is nothing to link by."""
    if run.target is None or run.target.model != run.model:
        return None
    keys = {one.item: one.key for one in table.items}
    common = common_with(run.target, keys, run.anchors)
    if not common:
        return None
    fixed = run.linking == MeasureRun.Linking.FIXED
    return Anchors(stored_bank(common), stored_parameters(common), fixed)


def _summary(found: Classical, scale: Scale | None, refusal: str) -> dict[str, Any]:
    totals, trust = found.scored.totals, found.reliability
    known = totals[~np.isnan(totals)]
    error = None if trust is None else trust.standard_error
    highest = float(found.highest.sum())
    told: dict[str, Any] = {
        "persons": len(totals),
        "scored": len(known),
        "waiting": int((found.scored.states == State.UNREADABLE).any(axis=1).sum()),
        "highest": highest,
        "mean": float(known.mean()) if known.size else None,
        "sd": float(known.std(ddof=1)) if known.size > 1 else None,
        "alpha": None if trust is None else trust.alpha,
        "error": error,
        "error_of_ten": None if error is None else 10 * error / highest,
        "caveats": list(found.caveats),
        "refusal": refusal,
    }
    return told if scale is None else told | _of_scale(scale, told["caveats"])


def _of_scale(scale: Scale, caveats: list[str]) -> dict[str, Any]:
    made = scale.calibration
    return {
        "log_likelihood": made.log_likelihood,
        "iterations": made.record.iterations,
        "converged": bool(made.record.converged),
        "latent_mean": float(made.latent.mean[0]),
        "latent_sd": float(made.latent.sd[0]),
        "caveats": [*caveats, *made.caveats],
    }


def _link(run: MeasureRun, scale: Scale | None) -> dict[str, Any]:
    """How the scale is tied to the target's, or why it is not."""
    if run.target is None:
        return {}
    if run.target.model != run.model:
        return {
            "refusal": "Hai lần phân tích dùng mô hình khác nhau nên không nối được; hãy dùng cùng mô hình."
        }
    if scale is None:
        return {"refusal": "Chưa ước lượng được tham số nên không có gì để nối."}
    if scale.refusal:
        return {"refusal": scale.refusal}
    if scale.link is not None:
        return _constants(scale.link, scale.link_error)
    fixed = [name for name in scale.calibration.bank.names if name in _fixed_names(scale)]
    if run.linking == MeasureRun.Linking.FIXED and fixed:
        return {"method": "fixed", "anchors": fixed, "cautions": []}
    return {"refusal": "Hai lần phân tích không có câu nào cùng tên và cùng đáp án nên không nối được."}


def _fixed_names(scale: Scale) -> set[str]:
    """Items none of whose parameters was estimated."""
    free = scale.calibration.free.items
    return {name for place, name in enumerate(scale.calibration.bank.names) if not free[place].any()}


def _constants(found: StableLink, error: float) -> dict[str, Any]:
    link = found.link
    errors = np.sqrt(np.diag(link_covariance(link)))
    return {
        "method": link.method,
        "slope": link.slope,
        "intercept": link.intercept,
        "slope_error": float(errors[0]),
        "intercept_error": float(errors[1]),
        "error_at_mean": error,
        "anchors": list(link.anchors),
        "removed": list(found.removed),
        "cautions": [*link.cautions, *found.cautions],
    }


def _keep_items(run: MeasureRun, table: AnswerTable, found: Classical, scale: Scale | None) -> None:
    parameters = {} if scale is None else {item.name: _parameters(item) for item in scale.items}
    rows = [
        ItemMeasure(
            run=run,
            place=place,
            name=one.item,
            key=one.key,
            highest=float(highest),
            statistics=_plain(asdict(statistics)),
            parameters=parameters.get(one.item),
        )
        for place, (one, highest, statistics) in enumerate(
            zip(table.items, found.highest, found.items, strict=True), 1
        )
    ]
    ItemMeasure.objects.bulk_create(rows)


def _parameters(item: ReportedItem) -> dict[str, Any]:
    """As `engine.measurement.irt.stored` reads them; an error that does not exist is null."""
    return {
        "item": item.name,
        "model": str(item.model),
        "a": item.a,
        "b": item.b,
        "d": list(item.steps),
        "se_a": numbers([item.se_a])[0],
        "se_b": numbers([item.se_b])[0],
        "se_d": numbers(item.se_steps),
        "scores": list(item.points),
    }


def _plain(value: Any) -> Any:
    """The same value with null for every number that is none."""
    if isinstance(value, dict):
        return {name: _plain(inside) for name, inside in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inside) for inside in value]
    return numbers([value])[0] if isinstance(value, float) else value


def _keep_measures(run: MeasureRun, table: AnswerTable, found: Classical, scale: Scale | None) -> None:
    frame = pl.DataFrame(
        {
            "sbd": table.sbd,
            "points": found.scored.totals,
            "waiting": (found.scored.states == State.UNREADABLE).sum(axis=1),
        }
    )
    nothing = np.full(frame.height, np.nan)
    known = (
        (nothing,) * 4 if scale is None else (scale.eap.theta, scale.eap.se, scale.wle.theta, scale.wle.se)
    )
    frame = frame.with_columns(
        pl.Series(name, values) for name, values in zip(COLUMNS[1:], known, strict=True)
    ).with_columns(pl.col(COLUMNS).fill_nan(None))
    numeric = ", ".join(f"{name} double precision" for name in COLUMNS)
    copy_in(frame, "measure_rows", f"sbd text, waiting smallint, {numeric}")
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [run.pk, run.file_id])
