"""The audit sub-command: which sheets to compare with the paper, and the verdict on what was found."""

import argparse
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.audit import audit_stages, draw_by_score, draw_order, judge_batch, judge_mean
from thucchat.engine.sheets.audit_papers import AuditState
from thucchat.engine.sheets.batch.table import COLUMNS_AFTER, COLUMNS_BEFORE
from thucchat.engine.vietnamese import vi_number

VERDICT = {True: "Kết luận: đạt", False: "Kết luận: chưa đạt"}
RIGHT, WRONG = {"1", "true", "đúng", "dung", "x"}, {"0", "false", "sai"}
BLANK_MARKS = {"", "-", "–"}
KEPT_AT = ("candidate", "serial", "room")


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit for people, for machines, and as the list of sheets to examine."""

    report: dict[str, Any]
    chosen: pl.DataFrame
    state: AuditState


def sheet_ids(frame: pl.DataFrame) -> list[str]:
    """One name per sheet: column `id` where there is one, else file and page.

    Raises:
        InvalidInput: `audit.columns`, `audit.twice`.
    """
    if "id" in frame.columns:
        names = frame["id"].fill_null("").to_list()
    elif {"file", "page"} <= set(frame.columns):
        names = [f"{file}#{page}" for file, page in frame.select("file", "page").iter_rows()]
    else:
        raise InvalidInput("audit.columns", "Cần cột id, hoặc hai cột file và page, để gọi tên từng phiếu.")
    if len(set(names)) != len(names) or "" in names:
        raise InvalidInput(
            "audit.twice", "Có phiếu trùng tên hoặc không có tên; mỗi phiếu cần một tên riêng."
        )
    return names


def question_columns(frame: pl.DataFrame) -> list[str]:
    """Columns of a reading that hold answers."""
    if not set(COLUMNS_BEFORE) <= set(frame.columns):
        return []
    return [name for name in frame.columns if name not in {*COLUMNS_BEFORE, *COLUMNS_AFTER, "id", "room"}]


def run_audits(frame: pl.DataFrame, results: pl.DataFrame | None, options: argparse.Namespace) -> list[Audit]:
    """The audit of the batch, or of the mean of every school (column `--by`)."""
    if options.mean is None:
        return [audit_batch(frame, results, options)]
    if options.by is None:
        return [audit_mean(frame, results, options, "Điểm trung bình")]
    if options.by not in frame.columns:
        raise InvalidInput("audit.columns", f"Không có cột trường “{options.by}”.")
    schools = frame.partition_by(options.by, as_dict=True, maintain_order=True)
    return [audit_mean(part, results, options, str(name)) for (name,), part in schools.items()]


def audit_batch(frame: pl.DataFrame, results: pl.DataFrame | None, options: argparse.Namespace) -> Audit:
    """The whole batch: a simple random sample in a public order."""
    order = draw_order(options.seed, sheet_ids(frame))
    stages = audit_stages(options.limit, options.risk, options.stages)
    found = agreement(frame, results) if results is not None else {}
    examined = next((place for place, name in enumerate(order) if name not in found), len(order))
    wrong = [place for place, name in enumerate(order[:examined], 1) if not found[name]]
    verdict = judge_batch(stages, wrong, examined)
    everything = examined == len(order) and bool(order)
    passed = verdict.passed or (everything and len(wrong) <= options.limit * len(order))
    needed = min(verdict.needed or len(order), len(order))
    limit = vi_number(options.limit * 100)
    rule = f"tỉ lệ phiếu sai dưới {limit} %, rủi ro {vi_number(options.risk)}"
    text = [f"Cần đối chiếu {needed} trong {len(order)} phiếu; đã xem {examined}, sai {len(wrong)}."]
    text.append(f"{VERDICT[passed]} ({rule}).")
    report = {
        "sheets": len(order),
        "stages": list(stages),
        "examined": examined,
        "wrong": len(wrong),
        "needed": needed,
        "passed": passed,
        "sample": order[:needed],
        "text": text,
    }
    names = tuple(order[place - 1] for place in wrong)
    state = _state("Cả đợt", rule, report, names, options)
    return Audit(report, pl.DataFrame({"draw": range(1, needed + 1), "id": order[:needed]}), state)


def audit_mean(
    frame: pl.DataFrame, results: pl.DataFrame | None, options: argparse.Namespace, subject: str
) -> Audit:
    """One school: draws in proportion to score; a school with fewer sheets than draws is read in full."""
    names = sheet_ids(frame)
    scores = _numbers(frame, options.score)
    mean = float(scores.mean())
    paper = _checked(results, "paper_score") if results is not None else {}
    most = judge_mean(np.zeros(0), mean, options.mean, options.risk).needed
    draws = draw_by_score(options.seed, names, scores, max(most, len(paper) * 4, 1))
    examined = next((place for place, name in enumerate(draws) if name not in paper), len(draws))
    given = dict(zip(names, scores, strict=True))
    taints = [1 - _number(paper[name], "paper_score") / given[name] for name in draws[:examined]]
    verdict = judge_mean(np.array(taints), mean, options.mean, options.risk)
    whole = len(names) <= most
    passed = _read_in_full(given, paper, options.mean) if whole else verdict.passed
    needed = len(names) if whole else verdict.needed
    chosen = sorted(names) if whole or not needed else draw_by_score(options.seed, names, scores, needed)
    rule = f"không thổi phồng từ {vi_number(options.mean)} điểm"
    seen = sum(name in paper for name in names) if whole else examined
    text = [f"{subject}: trung bình {vi_number(mean, 2)}; cần {needed or 'đọc hết'}, đã xem {seen}."]
    text.append(f"{VERDICT[passed]} ({rule}).")
    report = {
        "subject": subject,
        "sheets": len(names),
        "mean": mean,
        "examined": seen,
        "p_value": verdict.p_value,
        "needed": needed,
        "read_in_full": whole,
        "passed": passed,
        "sample": chosen,
        "text": text,
    }
    wrong = tuple(one for one in dict.fromkeys(chosen) if one in paper and _over(given, paper, one))
    rows = {"subject": [subject] * len(chosen), "draw": range(1, len(chosen) + 1), "id": chosen}
    schema = {"subject": pl.String, "draw": pl.Int64, "id": pl.String}
    return Audit(report, pl.DataFrame(rows, schema=schema), _state(subject, rule, report, wrong, options))


def _read_in_full(given: Mapping[str, float], paper: Mapping[str, str], margin: float) -> bool:
    if not set(given) <= set(paper):
        return False
    over = sum(given.values()) - sum(_number(paper[name], "paper_score") for name in given)
    return bool(over < margin * len(given))


def _over(given: Mapping[str, float], paper: Mapping[str, str], name: str) -> bool:
    return abs(_number(paper[name], "paper_score") - given[name]) > 1e-9


def _state(
    subject: str, rule: str, report: Mapping[str, Any], wrong: tuple[str, ...], options: argparse.Namespace
) -> AuditState:
    return AuditState(
        subject,
        options.file.name,
        hashlib.sha256(options.file.read_bytes()).hexdigest(),
        options.seed,
        report["sheets"],
        rule,
        report["needed"],
        report["examined"],
        wrong,
        report["passed"],
        tuple(report["sample"]),
    )


def blind_table(frame: pl.DataFrame, sample: Sequence[str]) -> pl.DataFrame:
    """What auditors key in from the paper: the sheets of the sample with every answer left empty."""
    questions = question_columns(frame)
    columns: dict[str, list[str | None]] = {"id": list(dict.fromkeys(sample))}
    size = len(columns["id"])
    return pl.DataFrame(columns | {name: [None] * size for name in questions})


def kept_at(frame: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """For each sheet what helps to find its paper."""
    there = [name for name in KEPT_AT if name in frame.columns]
    rows = frame.select(there).fill_null("").iter_rows() if there else ((),) * len(frame)
    return {name: tuple(filter(None, row)) for name, row in zip(sheet_ids(frame), rows, strict=True)}


def answer_parts(frame: pl.DataFrame) -> dict[str, int]:
    """How many answers each part of the sheet has."""
    counts: dict[str, int] = {}
    for name in question_columns(frame):
        part = name.split(".")[0] if "." in name else "Câu"
        counts[part] = counts.get(part, 0) + 1
    return counts


def agreement(frame: pl.DataFrame, results: pl.DataFrame) -> dict[str, bool]:
    """Whether paper and reading agree, by sheet: as judged (`ok`), or from the answers keyed in blind."""
    if "ok" in results.columns:
        return {name: _is_right(text) for name, text in _checked(results, "ok").items()}
    questions = [name for name in question_columns(frame) if name in results.columns]
    if "id" not in results.columns or not questions:
        raise InvalidInput(
            "audit.columns", "Tệp đối chiếu cần cột id cùng cột ok, hoặc cột của các câu chép từ giấy."
        )
    read = dict(zip(sheet_ids(frame), frame.select(questions).iter_rows(), strict=True))
    keyed = results.select("id", *questions).filter(~pl.all_horizontal(pl.col(questions).is_null()))
    return {
        name: name in read
        and all(_answer(one) == _answer(other) for one, other in zip(seen, read[name], strict=True))
        for name, *seen in keyed.iter_rows()
    }


def _answer(text: str | None) -> str:
    plain = (text or "").strip().upper()
    return "" if plain in BLANK_MARKS else plain


def _checked(results: pl.DataFrame, column: str) -> dict[str, str]:
    if not {"id", column} <= set(results.columns):
        raise InvalidInput("audit.columns", f"Tệp đối chiếu cần hai cột id và {column}.")
    kept = results.drop_nulls(["id", column])
    return dict(zip(kept["id"].to_list(), kept[column].to_list(), strict=True))


def _is_right(text: str) -> bool:
    word = text.strip().lower()
    if word not in RIGHT | WRONG:
        raise InvalidInput("audit.result", f"“{text}” trong cột ok phải là 1 (khớp) hoặc 0 (sai).")
    return word in RIGHT


def _numbers(frame: pl.DataFrame, column: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if column not in frame.columns:
        raise InvalidInput("audit.columns", f"Không có cột điểm “{column}”.")
    return np.array([_number(text, column) for text in frame[column].fill_null("").to_list()])


def _number(text: str, column: str) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise InvalidInput("audit.number", f"“{text}” trong cột {column} không phải là số.") from None
