"""`thucchat growth`: value-added mixed models over a file."""

import argparse
from pathlib import Path
from typing import Any

import polars as pl

from thucchat.cli.files import read_frame, write_frame, write_json, write_text
from thucchat.cli.growth_text import growth_text
from thucchat.cli.parser import Parser
from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.valueadded import (
    Growth,
    Request,
    effects_frame,
    fit_growth,
    plain_formula,
    pooled,
    two_views,
    units_without_result,
)
from thucchat.engine.growth.valueadded_recompute import Evidence, evidence

FORMULA_HELP = "công thức như lme4, ví dụ “diem ~ diem_dau + gioi + (1|huyen/truong) + (1|gv)”"
LEVEL_HELP = "nhóm: truong, huyen/truong (lồng nhau), gv1+gv2 hoặc gv1+gv2=tl1+tl2 (nhiều giáo viên, tỉ lệ)"


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("file", type=Path, help="CSV, XLSX hoặc Parquet, mỗi học sinh × kết quả một dòng")
    parser.add_argument("--formula", "--cong-thuc", metavar="CÔNG_THỨC", help=FORMULA_HELP)
    plain = parser.add_argument_group("mô hình bằng tên cột (thay cho --formula)")
    plain.add_argument("--response", metavar="CỘT", help="cột kết quả")
    plain.add_argument(
        "--prior", action="append", default=[], metavar="CỘT", help="cột điểm đầu; ghi nhiều lần được"
    )
    plain.add_argument(
        "--covariate", action="append", default=[], metavar="CỘT", help="cột đặc điểm học sinh"
    )
    plain.add_argument("--level", action="append", default=[], metavar="NHÓM", help=LEVEL_HELP)
    plain.add_argument(
        "--share", action="append", default=[], metavar="CỘT", help="tỉ lệ của nhóm nhiều giáo viên"
    )
    _add_model_options(parser)
    parser.add_argument("--effects", type=Path, metavar="TỆP.csv", help="ghi hiệu ứng của từng đơn vị")
    parser.add_argument(
        "--background", action="append", default=[], metavar="CỘT", help="cột hoàn cảnh cho --views"
    )
    parser.add_argument(
        "--views", type=Path, metavar="TỆP.csv", help="hiệu ứng cùng điểm đầu bên cạnh cùng hoàn cảnh"
    )
    parser.add_argument("--explain", metavar="NHÓM=ĐƠN_VỊ", help="đơn vị cần xuất căn cứ để tự tính lại")
    parser.add_argument("--export", type=Path, metavar="TỆP.csv", help="tệp căn cứ của --explain")
    parser.add_argument("--json", action="store_true", help="in JSON")
    parser.add_argument("--out", type=Path, help="ghi kết quả ra tệp")
    parser.set_defaults(run=run)


def _add_model_options(parser: Parser) -> None:
    parser.add_argument("--ml", action="store_true", help="hợp lý cực đại thay cho REML")
    parser.add_argument("--weights", metavar="CỘT", help="cột trọng số (độ chính xác) của mỗi dòng")
    parser.add_argument(
        "--prior-se",
        action="append",
        default=[],
        metavar="CỘT=CỘT",
        help="điểm đầu = cột sai số chuẩn của nó, để sửa sai số đo",
    )
    parser.add_argument("--year", metavar="CỘT", help="cột năm, dùng với --pool")
    parser.add_argument("--pool", type=int, default=1, metavar="N", help="gộp N năm cuối (mặc định 1)")


def run(options: argparse.Namespace) -> int:
    """Fit the model, write what was asked for."""
    table = read_frame(options.file, as_text=options.file.suffix.lower() != ".parquet")
    table = table.rename(lambda name: name.strip())
    request = _request(options)
    growth = (
        pooled(table, request, options.year, options.pool) if options.year else fit_growth(table, request)
    )
    if options.effects:
        write_frame(effects_frame(growth), options.effects)
    if options.views:
        write_frame(two_views(table, request, options.background), options.views)
    found = _evidence(options, growth)
    if options.json:
        write_json(_payload(table, growth, found), options.out)
    else:
        write_text(growth_text(growth), options.out)
    return 0


def _request(options: argparse.Namespace) -> Request:
    formula = options.formula
    if formula is None:
        if not options.response:
            raise InvalidInput("growth.model", "Cần --formula, hoặc --response cùng --prior và --level.")
        formula = plain_formula(
            options.response,
            priors=options.prior,
            covariates=options.covariate,
            levels=_levels_with_shares(options.level, options.share),
        )
    errors = dict(_pair(text, "--prior-se") for text in options.prior_se)
    return Request(formula, options.weights, errors, restricted=not options.ml)


def _levels_with_shares(levels: list[str], shares: list[str]) -> list[str]:
    """Put the columns of `--share` behind the one level of several members that has none yet."""
    if not shares:
        return levels
    open_levels = [level for level in levels if "+" in level and "=" not in level]
    if len(open_levels) != 1:
        raise InvalidInput("growth.share", "--share cần đúng một --level dạng gv1+gv2.")
    columns = "+".join(name.strip() for text in shares for name in text.replace(",", "+").split("+"))
    return [f"{level}={columns}" if level == open_levels[0] else level for level in levels]


def _pair(text: str, option: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        raise InvalidInput("growth.option", f"“{option} {text}” phải có dạng TÊN=GIÁ TRỊ.")
    return name.strip(), value.strip()


def _evidence(options: argparse.Namespace, growth: Growth) -> Evidence | None:
    if not options.explain:
        return None
    found = evidence(growth.model, growth.fit, _pair(options.explain, "--explain"))
    if options.export:
        shares = {f"share {name}": found.shares[:, place] for place, name in enumerate(found.coefficients)}
        lines = pl.DataFrame(
            {"row": found.rows + 2, "response": found.response, "expected": found.expected}
            | shares
            | {"weight": found.weights}
        )
        write_frame(lines, options.export)
    return found


def _payload(table: pl.DataFrame, growth: Growth, found: Evidence | None) -> dict[str, Any]:
    fit = growth.fit
    kind = "reml_criterion" if fit.restricted else "deviance"
    payload = {
        "formula": growth.formula.text,
        "method": "REML" if fit.restricted else "ML",
        "rows": fit.rows,
        "rows_left_out": growth.model.left_out,
        "fixed": [
            {"term": name, "estimate": estimate, "se": error}
            for name, estimate, error in zip(fit.fixed_names, fit.fixed, fit.fixed_errors, strict=True)
        ],
        "random": _covariances(growth),
        "residual_variance": fit.residual_variance,
        "log_likelihood": fit.log_likelihood,
        kind: fit.criterion,
        "criterion_error": fit.criterion_error,
        "converged": fit.converged,
        "iterations": len(fit.steps),
        "steps": fit.steps,
        "singular": fit.singular,
        "dropped_terms": fit.dropped,
        "standard_deviations": fit.intervals,
        "residual_checks": growth.checks,
        "groups": [{"group": term.name, "levels": len(term.levels)} for term in fit.terms],
        "without_result": units_without_result(table, growth).to_dicts(),
        "baselines": [
            {
                "prior": part.prior,
                "true_variance": part.true_variance,
                "error_variance": part.error_variance,
                "reliability": part.reliability,
            }
            for part in growth.baselines
        ],
    }
    return payload if found is None else payload | {"explained": _explained(found)}


def _covariances(growth: Growth) -> list[dict[str, Any]]:
    """Variances of each term first, then its covariances; a variance names its coefficient twice."""
    rows = []
    for term, covariance in zip(growth.fit.terms, growth.fit.covariances, strict=True):
        width = term.width
        places = [(a, a) for a in range(width)]
        places += [(a, b) for a in range(width) for b in range(a + 1, width)]
        rows += [
            {
                "group": term.name,
                "term": term.coefficients[a],
                "term2": term.coefficients[b],
                "covariance": covariance[a, b],
            }
            for a, b in places
        ]
    return rows


def _explained(found: Evidence) -> dict[str, Any]:
    return {
        "group": found.group,
        "level": found.level,
        "terms": found.coefficients,
        "estimate": found.effect,
        "se": found.error,
        "pupils": len(found.rows),
        "residual_variance": found.residual_variance,
        "covariance": found.covariance,
    }
