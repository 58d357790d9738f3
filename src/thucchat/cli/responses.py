"""`thucchat analyse responses`: classical analysis of responses, scored or as letters with a key."""

import argparse
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thucchat.cli.files import to_plain, write_json, write_text
from thucchat.cli.item_report import add_report_options, check_report_options, write_item_report
from thucchat.cli.parser import Parser
from thucchat.cli.response_files import (
    ResponseTable,
    add_response_arguments,
    number_table,
    read_key,
    read_responses,
    with_keys,
)
from thucchat.engine.errors import NoResult
from thucchat.engine.measurement.classical import ItemStatistics, item_statistics, totals
from thucchat.engine.measurement.listing import MOST_OPTIONS, key_text, listed_answers
from thucchat.engine.measurement.reliability import Reliability, conditional_error, reliability
from thucchat.engine.measurement.scoring import Rule, score_answers
from thucchat.engine.vietnamese import vi_number


@dataclass(frozen=True, slots=True)
class _Data:
    """What the statistics are computed from."""

    scores: NDArray[np.float64]  # (persons, items) points, NaN = not presented
    highest: NDArray[np.float64]  # (items,) points
    answers: list[NDArray[np.str_] | None]
    keys: list[str | None]
    caveats: list[str]


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    add_response_arguments(parser)
    parser.add_argument("--key", metavar="ĐÁP ÁN", help="tệp đáp án hoặc chuỗi ABCD…, khi tệp là câu trả lời")
    parser.add_argument(
        "--blank",
        choices=("missing", "wrong"),
        default="missing",
        help="ô trống: không làm (bỏ qua) hay tính là sai",
    )
    add_report_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Analyse and print."""
    check_report_options(options)
    table = read_responses(
        options.file, identity=options.id, pattern=options.item_pattern, letters=options.key is not None
    )
    table = only_keyed(table, options.key)
    rules = None if options.key is None else read_key(options.key, table.items)
    if rules is not None:
        table = with_keys(table, rules)
    data = _data(table, rules, blank_wrong=options.blank == "wrong")
    items = item_statistics(table.items, data.scores, data.highest, data.answers, data.keys)
    payload = _payload(data, items)
    if options.report:
        write_item_report(options, payload, list(zip(items, data.highest.tolist(), strict=True)))
    if options.json or (options.out and options.out.suffix == ".json"):
        write_json(payload, options.out)
    else:
        write_text(_readable(payload), options.out)
        for caveat in payload["caveats"]:
            print(f"Lưu ý: {caveat}", file=sys.stderr)
    return 0


def only_keyed(table: ResponseTable, key: str | None) -> ResponseTable:
    """Without the columns that hold one and the same text or free text, when letters were expected."""
    if key is None:
        return table
    kept = [
        name
        for name in table.items
        if table.cells[name].n_unique() <= max(MOST_OPTIONS, len(table.persons) // 2)
    ]
    if len(kept) == len(table.items):
        return table
    left = [name for name in table.items if name not in kept]
    caveats = (*table.caveats, f"Không dùng các cột: {', '.join(left)}.")
    return ResponseTable(table.persons, tuple(kept), table.cells.select(kept), table.others, caveats)


def _data(table: ResponseTable, rules: dict[str, Rule] | None, *, blank_wrong: bool) -> _Data:
    caveats = list(table.caveats)
    empty = np.column_stack([table.cells[name].is_null().to_numpy() for name in table.items])
    if empty.any():
        meaning = (
            "tính là sai"
            if blank_wrong
            else "coi là không được hỏi và bỏ qua (dùng --blank wrong để tính là sai)"
        )
        caveats.append(f"Có {int(empty.sum())} ô trống, {meaning}.")
    absent = empty.all(axis=1)
    if rules is None:
        scores = number_table(table)
        with np.errstate(all="ignore"):
            highest = np.array(
                [np.nanmax(column) if (~np.isnan(column)).any() else 0.0 for column in scores.T]
            )
        answers: list[NDArray[np.str_] | None] = [None] * len(table.items)
        keys: list[str | None] = [None] * len(table.items)
    else:
        texts = {name: table.cells[name].fill_null("").to_list() for name in table.items}
        scores = score_answers(rules, texts).points
        highest = np.array([rule.highest for rule in rules.values()])
        answers = [listed_answers(texts[name]) for name in table.items]
        keys = [key_text(rule) for rule in rules.values()]
        caveats += _unseen_keys(table, keys)
    scores[empty] = 0.0 if blank_wrong else np.nan
    scores[absent] = np.nan
    return _Data(scores, highest, answers, keys, caveats)


def _unseen_keys(table: ResponseTable, keys: list[str | None]) -> list[str]:
    """Keys that no pupil chose are most often keys of another paper."""
    unseen = [
        name
        for name, key in zip(table.items, keys, strict=True)
        if key is not None and len(key) == 1 and key not in set(table.cells[name].str.to_uppercase())
    ]
    return (
        [f"Không thí sinh nào chọn đáp án của: {', '.join(unseen)}; hãy kiểm tra đáp án."] if unseen else []
    )


def _payload(data: _Data, items: tuple[ItemStatistics, ...]) -> dict[str, Any]:
    caveats, found = data.caveats, None
    try:
        found = reliability(data.scores)
    except NoResult as reason:
        caveats.append(str(reason))
    caveats += _item_caveats(items)
    sums = totals(data.scores).total
    known = sums[~np.isnan(sums)]
    return {
        "persons": len(data.scores),
        "alpha": found and found.alpha,
        "sem": found and found.standard_error,
        "mean": known.mean() if known.size else None,
        "sd": known.std(ddof=1) if known.size > 1 else None,
        "guttman": found
        and {key: getattr(found, key) for key in ("lambda_1", "lambda_2", "lambda_5", "lambda_6")},
        "conditional_sem": _conditional(data, found),
        "items": [to_plain(item) for item in items],
        "caveats": caveats,
    }


def _item_caveats(items: tuple[ItemStatistics, ...]) -> list[str]:
    still = [item.item for item in items if not item.sd > 0]
    turned = [item.item for item in items if item.item_rest < 0]
    caveats = [f"Mọi thí sinh như nhau ở: {', '.join(still)}; không có độ phân biệt."] if still else []
    if turned:
        caveats.append(f"Độ phân biệt âm ở: {', '.join(turned)}; hãy kiểm tra đáp án và câu chữ.")
    return caveats


def _conditional(data: _Data, found: Reliability | None) -> list[dict[str, float]] | None:
    """Standard error at each score, when every item is right or wrong and was presented to everybody."""
    if found is None or not np.isin(data.scores, (0.0, 1.0)).all() or len(data.highest) < 2:
        return None
    right = data.scores.sum(axis=1).astype(np.int64)
    error = conditional_error(right, len(data.highest), found.alpha)
    return [
        {"score": int(s), "sem": float(e)} for s, e in zip(error.score, error.standard_error, strict=True)
    ]


def _readable(payload: dict[str, Any]) -> str:
    summary = {"Thí sinh": payload["persons"], "trung bình": payload["mean"], "độ lệch": payload["sd"]}
    summary |= {"alpha": payload["alpha"], "sai số đo": payload["sem"]}
    lines = ["; ".join(f"{name} {_shown(value)}" for name, value in summary.items()), ""]
    lines.append(f"{'Câu':<16}{'độ khó':>8}{'r tổng':>8}{'r còn lại':>10}  lựa chọn: tỉ lệ (r)")
    for item in payload["items"]:
        options = "  ".join(
            f"{'*' if option['key'] else ''}{option['option'] or 'trống'}: {_shown(option['share'], 2)} "
            f"({_shown(option['item_rest'], 2)})"
            for option in item["options"]
        )
        lines.append(
            f"{item['item']:<16}{_shown(item['difficulty'], 2):>8}{_shown(item['item_total'], 2):>8}"
            f"{_shown(item['item_rest'], 2):>10}  {options}"
        )
    return "\n".join(lines) + "\n"


def _shown(value: float | int | None, digits: int = 3) -> str:
    if isinstance(value, int):
        return str(value)
    return "–" if value is None else vi_number(float(value), digits)
