"""`thucchat abilities`: abilities of persons from calibrated items."""

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from thucchat.cli.calibrate import read_calibration
from thucchat.cli.files import write_frame, write_json, write_text
from thucchat.cli.parser import Parser
from thucchat.cli.response_files import ResponseTable, number_table, read_responses
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.abilities import Abilities, Method, eap, likelihood_ability, matched
from thucchat.engine.measurement.irt.fit import PersonFit, person_fit
from thucchat.engine.measurement.irt.latent import FEWEST_NODES, even_grid
from thucchat.engine.measurement.irt.stored import bank_from_reports
from thucchat.engine.measurement.responses import responses_from_scores
from thucchat.engine.vietnamese import vi_number


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("file", type=Path, metavar="TỆP", help="bảng thí sinh × câu hỏi (CSV, XLSX, Parquet)")
    parser.add_argument(
        "--items", required=True, type=Path, metavar="JSON", help="kết quả của thucchat calibrate"
    )
    parser.add_argument(
        "--method", choices=[str(method) for method in Method], default="eap", help="cách ước lượng"
    )
    parser.add_argument("--group", metavar="NHÓM", help="dùng phân bố năng lực của nhóm này (với eap)")
    parser.add_argument("--id", metavar="CỘT", help="cột mã thí sinh; mặc định tự nhận")
    parser.add_argument("--fit", action="store_true", help="thêm độ khớp l_z* của từng thí sinh")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    parser.add_argument("--out", type=Path, metavar="TỆP", help="ghi bảng CSV vào tệp")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Estimate and print."""
    stored = read_calibration(options.items)
    bank, points = bank_from_reports(stored["items"])
    table = read_responses(options.file, identity=options.id, pattern=None, names=bank.names)
    scores = number_table(table) if table.items else np.empty((len(table.persons), 0))
    responses = matched(bank, points, responses_from_scores(table.items, scores))
    if options.method == Method.EAP:
        mean, variance = _distribution(stored, options.group)
        found = eap(bank, responses, even_grid(np.array([mean]), np.sqrt([variance]), FEWEST_NODES))
    else:
        found = likelihood_ability(bank, responses, weighted=options.method == Method.WLE)
    _write(options, table, found, person_fit(bank, responses) if options.fit else None)
    for caveat in table.caveats:
        print(f"Lưu ý: {caveat}", file=sys.stderr)
    _warn(found, np.asarray(responses.presented.any(axis=0)))
    return 0


def _distribution(stored: dict[str, Any], group: str | None) -> tuple[float, float]:
    """Mean and variance of abilities, of one group of the calibration where it is named."""
    if group is None:
        return stored.get("latent_mean") or 0.0, stored.get("latent_variance") or 1.0
    groups = {own["group"]: own for own in stored.get("groups", [])}
    if group not in groups:
        raise InvalidInput("group.unknown", f"Tệp tham số không có nhóm “{group}”; có: {', '.join(groups)}.")
    return groups[group]["mean"], groups[group]["variance"]


def _write(
    options: argparse.Namespace, table: ResponseTable, found: Abilities, fit: PersonFit | None
) -> None:
    columns = {"person": table.persons, "theta": found.theta, "se": found.se}
    frame = pl.DataFrame(columns if fit is None else columns | {"lz_star": fit.lz_star, "p": fit.p})
    frame = frame.fill_nan(None)
    if options.json:
        payload: dict[str, Any] = {
            "method": options.method,
            "count": frame.height,
            "persons": frame.to_dicts(),
        }
        write_json(payload, options.out)
    elif options.out:
        write_frame(frame, options.out)
    else:
        heads = ("năng lực", "sai số", "l_z*", "p")[: frame.width - 1]
        lines = [f"{'Thí sinh':<20}" + "".join(f"{head:>10}" for head in heads)]
        lines += [
            f"{row[0]:<20}" + "".join(f"{_shown(cell):>10}" for cell in row[1:]) for row in frame.iter_rows()
        ]
        write_text("\n".join(lines) + "\n")


def _shown(value: float | None) -> str:
    return "–" if value is None else vi_number(value, 3)


def _warn(found: Abilities, answered: np.ndarray[Any, Any]) -> None:
    if unknown := int(np.isnan(found.theta[answered]).sum()):
        print(
            f"Lưu ý: {unknown} thí sinh đúng hết hoặc sai hết: mle không có giá trị hữu hạn.", file=sys.stderr
        )
    if empty := int((~answered).sum()):
        print(f"Lưu ý: {empty} thí sinh không có câu trả lời nào.", file=sys.stderr)
