"""`thucchat link`: one calibration's scale on another's, or several forms calibrated on one scale."""

import argparse
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np

from thucchat.cli.calibrate import calibration_payload, read_bank, read_calibration
from thucchat.cli.files import write_json, write_text
from thucchat.cli.parser import Parser
from thucchat.cli.response_files import number_table, read_responses
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.irt.items import Model
from thucchat.engine.measurement.irt.stored import stated_slopes
from thucchat.engine.measurement.linking.calibrations import (
    FormResponses,
    calibrate_on_anchors,
    calibrate_together,
)
from thucchat.engine.measurement.linking.carry import carry_items, link_covariance
from thucchat.engine.measurement.linking.constants import (
    METHODS,
    Grid,
    Link,
    estimate_link,
    normal_grid,
    uniform_grid,
)
from thucchat.engine.measurement.linking.drift import Drift, StableLink, anchor_drift, stable_link
from thucchat.engine.measurement.linking.items import ItemParameters, common_items
from thucchat.engine.vietnamese import vi_number

JOINT = ("concurrent", "fixed")
MOST_NODES = 1001


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add("--from", dest="source", type=Path, required=True, help="kết quả calibrate --json của lần cần chuyển")
    add("--to", dest="target", type=Path, required=True, help="kết quả calibrate --json của thang đích")
    joint = (
        "concurrent ước lượng chung hai tệp bài làm; fixed ước lượng tệp --from, giữ nguyên các câu của --to"
    )
    add("--method", choices=(*METHODS, *JOINT), default="stocking-lord", help=f"cách nối; {joint}")
    add(
        "--model", choices=[str(model) for model in Model], default="2pl", help="concurrent và fixed: mô hình"
    )
    add("--anchors", metavar="MẪU", help="các câu chung, ví dụ 'N*' hoặc 'c1,c5'; mặc định mọi câu trùng tên")
    add("--keep-drifted", action="store_true", help="giữ cả câu chung bị trôi")
    add("--symmetric", action="store_true", help="haebara, stocking-lord: so đường cong trên cả hai thang")
    add(
        "--reach", type=float, default=4.0, help="haebara, stocking-lord: so từ âm đến dương mức năng lực này"
    )
    add("--nodes", type=int, default=41, help="haebara, stocking-lord: số mức năng lực để so")
    add("--even", action="store_true", help="các mức ấy có trọng số như nhau, thay cho phân bố chuẩn")
    add("--scaling", type=float, default=1.0, help="nhân mọi độ phân biệt với số này, ví dụ 1.7")
    add("--json", action="store_true", help="in JSON")
    add("--out", type=Path, help="ghi ra tệp")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Link and print the constants, the anchors and the carried items."""
    if options.method in JOINT:
        return _calibrate(options)
    source, target = (_scaled(read_items(path), options.scaling) for path in (options.source, options.target))
    pair = common_items(source, target, _chosen(source, target, options.anchors))
    grid = _grid(options.nodes, options.reach, even=options.even)
    if options.keep_drifted:
        link = estimate_link(*pair, method=options.method, grid=grid, symmetric=options.symmetric)
        found = StableLink(link, anchor_drift(*pair, link), (), ())
    else:
        found = stable_link(*pair, method=options.method, grid=grid, symmetric=options.symmetric)
    cautions = [*found.link.cautions, *found.cautions]
    if options.json:
        write_json(_payload(found, carry_items(source, found.link), cautions), options.out)
    else:
        write_text(_page(found, cautions), options.out)
    return 0


def _grid(nodes: int, reach: float, *, even: bool) -> Grid:
    if not (0 < reach < np.inf and 2 <= nodes <= MOST_NODES):
        raise InvalidInput("link.grid", f"--reach phải lớn hơn 0, --nodes từ 2 đến {MOST_NODES}.")
    return uniform_grid(nodes, reach) if even else normal_grid(nodes, reach)


def _scaled(items: ItemParameters, factor: float) -> ItemParameters:
    """Slopes on the logistic metric, where a file has them on that of the normal curve."""
    if not 0 < factor < np.inf:
        raise InvalidInput("link.scaling", "Số nhân độ phân biệt (--scaling) phải lớn hơn 0.")
    count, covariance = len(items.names), items.covariance
    if covariance is not None:
        stretch = np.ones(len(covariance))
        stretch[:count] = factor
        covariance = covariance * np.outer(stretch, stretch)
    return replace(items, slopes=items.slopes * factor, covariance=covariance)


def _calibrate(options: argparse.Namespace) -> int:
    """One calibration in place of a link: the group of --from on the scale of --to."""
    (new, told), model = _form(options.source), Model(options.model)
    if options.method == "fixed":
        calibration = calibrate_on_anchors(new, model, read_bank(options.target))
    else:
        old, of_old = _form(options.target)
        told = [*of_old, *told]
        calibration = calibrate_together([old, new], model)
    cautions = [*told, *calibration.caveats]
    mean, deviation = calibration.latent.mean[-1], calibration.latent.sd[-1]
    payload = calibration_payload(calibration, options.model) | {
        "method": options.method,
        "A": deviation,
        "B": mean,
        "cautions": cautions,
    }
    if options.json:
        write_json(payload, options.out)
        return 0
    shown = vi_number(float(mean), 3), vi_number(float(deviation), 3)
    lines = [
        f"{len(calibration.bank.names)} câu trên một thang.",
        f"Nhóm của {options.source.name}: trung bình {shown[0]}, độ lệch chuẩn {shown[1]} trên thang đích.",
        *(f"Lưu ý: {caution}" for caution in cautions),
    ]
    write_text("\n".join(lines) + "\n", options.out)
    return 0


def _form(path: Path) -> tuple[FormResponses, list[str]]:
    """Responses of one file, and what the reader must know of it."""
    table = read_responses(path, identity=None, pattern=None)
    told = [f"{path.name}: {caveat}" for caveat in table.caveats]
    return FormResponses(path.stem, table.items, number_table(table)), told


def read_items(path: Path) -> ItemParameters:
    """Items of a calibration file, or of a list of them. Errors of parameters are taken as independent.

    Raises:
        InvalidInput: `calibration.invalid`, `calibration.slope`, `items.parameters`.
    """
    content = read_calibration(path)
    # Records without a model of their own have that of the file.
    rows = [{"model": content.get("model")} | row for row in content["items"]]
    names = tuple(str(row.get("item")) for row in rows)
    steps = [_numbers(row.get("d")) or _numbers([row.get("b")]) for row in rows]
    if len(set(names)) != len(names) or not all(steps) or not all("item" in row for row in rows):
        message = f"Tệp “{path.name}” có câu trùng tên, thiếu tên (item) hoặc thiếu độ khó (b, d)."
        raise InvalidInput("items.parameters", message)
    most = max(map(len, steps))
    padded = np.array([step + [np.nan] * (most - len(step)) for step in steps])
    graded = [str(row["model"]).lower() == Model.GRM for row in rows]
    return ItemParameters(
        names=names,
        slopes=np.array(stated_slopes(rows)),
        steps=padded,
        guessing=np.array([_number(row.get("c"), 0.0) for row in rows]),
        cumulative=np.array(graded),
        covariance=_covariance(rows, padded),
    )


def _number(value: Any, otherwise: float) -> float:
    return float(value) if isinstance(value, (int, float)) and np.isfinite(value) else otherwise


def _numbers(values: Any) -> list[float]:
    if not isinstance(values, list):
        return []
    return [float(value) for value in values if isinstance(value, (int, float)) and np.isfinite(value)]


def _covariance(rows: list[Any], steps: np.ndarray[Any, np.dtype[np.float64]]) -> Any:
    """Squares of the standard errors on the diagonal; none when the difficulties have no errors.

    A slope without an error was fixed.
    """
    slope_errors = np.array([_number(row.get("se_a"), 0.0) for row in rows])
    step_errors = np.zeros_like(steps)
    for place, row in enumerate(rows):
        own = _numbers(row.get("se_d")) or _numbers([row.get("se_b")])
        count = int((~np.isnan(steps[place])).sum())
        if len(own) != count:
            return None
        step_errors[place, :count] = own
    return np.diag(np.concatenate([slope_errors, step_errors.ravel()]) ** 2)


def _chosen(source: ItemParameters, target: ItemParameters, patterns: str | None) -> tuple[str, ...] | None:
    if patterns is None:
        return None
    wanted = [part.strip() for part in patterns.split(",")]
    shared = [name for name in source.names if name in target.names]
    return tuple(name for name in shared if any(fnmatchcase(name, pattern) for pattern in wanted))


def _payload(found: StableLink, carried: ItemParameters, cautions: list[str]) -> dict[str, object]:
    link = found.link
    errors = np.sqrt(np.diag(link_covariance(link)))
    return {
        "method": link.method,
        "A": link.slope,
        "B": link.intercept,
        "se_A": float(errors[0]),
        "se_B": float(errors[1]),
        "covariance": link_covariance(link),
        "estimation_covariance": link.estimation_covariance,
        "anchor_covariance": link.anchor_covariance,
        "used": link.anchors,
        "removed": found.removed,
        "cautions": cautions,
        "anchors": [_drift_payload(drift) for drift in found.drifts],
        "items": [_item_payload(carried, place) for place in range(len(carried.names))],
    }


def _drift_payload(drift: Drift) -> dict[str, object]:
    return {
        "item": drift.item,
        "shift": drift.shift,
        "robust_z": drift.robust_z,
        "z": drift.z,
        "p": drift.p,
        "distance": drift.distance,
        "moved": drift.moved,
    }


def _item_payload(items: ItemParameters, place: int) -> dict[str, object]:
    steps = items.steps[place]
    return {
        "item": items.names[place],
        "a": float(items.slopes[place]),
        "b": float(items.locations[place]),
        "c": float(items.guessing[place]),
        "d": [float(step) for step in steps[~np.isnan(steps)]],
    }


def _page(found: StableLink, cautions: list[str]) -> str:
    link: Link = found.link
    errors = np.sqrt(np.diag(link_covariance(link)))
    lines = [
        f"θ trên thang đích = A × θ + B, nối bằng {link.method} qua {len(link.anchors)} câu chung",
        f"A = {vi_number(link.slope, 4)} (sai số {vi_number(float(errors[0]), 4)})",
        f"B = {vi_number(link.intercept, 4)} (sai số {vi_number(float(errors[1]), 4)})",
        "",
        f"{'câu chung':<12}  {'dịch chuyển':>11}  {'z vững':>7}",
    ]
    for drift in found.drifts:
        cells = f"{vi_number(drift.shift, 3):>11}  {vi_number(drift.robust_z, 2):>7}"
        lines.append(f"{drift.item:<12}  {cells}{'  bị trôi' if drift.moved else ''}")
    return "\n".join([*lines, *(f"Lưu ý: {caution}" for caution in cautions)]) + "\n"
