"""The audit sub-command: which sheets to compare with the paper, and the verdict on what was found."""

import argparse
from typing import Any

import numpy as np
import polars as pl

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.audit import audit_stages, draw_by_score, draw_order, judge_batch, judge_mean
from thucchat.engine.vietnamese import vi_number

VERDICT = {True: "Kết luận: đạt", False: "Kết luận: chưa đạt"}
RIGHT, WRONG = {"1", "true", "đúng", "dung", "x"}, {"0", "false", "sai"}


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


def audit_batch(
    frame: pl.DataFrame, results: pl.DataFrame | None, options: argparse.Namespace
) -> tuple[dict[str, Any], pl.DataFrame]:
    """The whole batch: a simple random sample in a public order."""
    order = draw_order(options.seed, sheet_ids(frame))
    stages = audit_stages(options.limit, options.risk, options.stages)
    found = _checked(results, "ok") if results is not None else {}
    examined = next((place for place, name in enumerate(order) if name not in found), len(order))
    wrong = [place for place, name in enumerate(order[:examined], 1) if not _is_right(found[name])]
    verdict = judge_batch(stages, wrong, examined)
    everything = examined == len(order) and bool(order)
    passed = verdict.passed or (everything and len(wrong) <= options.limit * len(order))
    needed = min(verdict.needed or len(order), len(order))
    limit = vi_number(options.limit * 100)
    text = [f"Cần đối chiếu {needed} trong {len(order)} phiếu; đã xem {examined}, sai {len(wrong)}."]
    text.append(f"{VERDICT[passed]} (tỉ lệ phiếu sai dưới {limit} %, rủi ro {vi_number(options.risk)}).")
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
    return report, pl.DataFrame({"draw": range(1, needed + 1), "id": order[:needed]})


def audit_mean(
    frame: pl.DataFrame, results: pl.DataFrame | None, options: argparse.Namespace
) -> tuple[dict[str, Any], pl.DataFrame]:
    """One school: draws in proportion to score."""
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
    needed = verdict.needed
    chosen = draw_by_score(options.seed, names, scores, max(needed, 1)) if needed else []
    text = [f"Điểm trung bình {vi_number(mean, 2)}; cần {needed or 'đọc hết'} lượt rút, đã xem {examined}."]
    text.append(f"{VERDICT[verdict.passed]} (không thổi phồng từ {vi_number(options.mean)} điểm).")
    report = {
        "sheets": len(names),
        "mean": mean,
        "examined": examined,
        "p_value": verdict.p_value,
        "needed": needed,
        "passed": verdict.passed,
        "sample": chosen,
        "text": text,
    }
    return report, pl.DataFrame(
        {"draw": range(1, len(chosen) + 1), "id": chosen}, schema={"draw": pl.Int64, "id": pl.String}
    )


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
