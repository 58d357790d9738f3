"""`thucchat calibrate`: item parameters of a response model, from a file of scored responses."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thucchat.cli.columns import find_column
from thucchat.cli.executors import add_executor_arguments, executor_of
from thucchat.cli.files import write_json, write_text
from thucchat.cli.item_columns import chosen_columns
from thucchat.cli.parser import Parser
from thucchat.cli.response_files import (
    ResponseTable,
    add_response_arguments,
    number_table,
    read_key,
    read_responses,
    with_keys,
)
from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.measurement.abilities import likelihood_ability, matched
from thucchat.engine.measurement.irt.calibration import Calibration, Errors, ReportedItem, reported_items
from thucchat.engine.measurement.irt.fit import item_fit, residual_correlations
from thucchat.engine.measurement.irt.items import ItemBank, Model
from thucchat.engine.measurement.irt.many import Outcome, Task, calibrate_many, calibration_of
from thucchat.engine.measurement.irt.marginal import Setting
from thucchat.engine.measurement.irt.prior import GuessingPrior
from thucchat.engine.measurement.irt.stored import bank_from_reports
from thucchat.engine.measurement.responses import Responses, responses_from_scores
from thucchat.engine.measurement.scoring import Rule, score_answers
from thucchat.engine.vietnamese import vi_number

NOTABLE_Q3 = 0.2  # above the mean of all pairs


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    add_response_arguments(parser)
    parser.add_argument(
        "--model", required=True, choices=[str(model) for model in Model], help="mô hình ứng đáp"
    )
    parser.add_argument(
        "--method", choices=("mml", "cml"), default="mml", help="hợp lí biên hoặc có điều kiện"
    )
    parser.add_argument("--key", metavar="ĐÁP ÁN", help="tệp đáp án hoặc chuỗi ABCD…, khi tệp là câu trả lời")
    parser.add_argument("--group", metavar="CỘT", help="cột nhóm; mỗi nhóm có phân bố năng lực riêng")
    parser.add_argument("--fixed", type=Path, metavar="JSON", help="giữ nguyên tham số các câu trong tệp này")
    parser.add_argument(
        "--item-model", action="append", default=[], metavar="MẪU=MÔ HÌNH", help="mô hình riêng"
    )
    parser.add_argument("--nodes", type=int, help="số nút cầu phương; mặc định tự chọn, ít nhất 41")
    parser.add_argument(
        "--guess-prior",
        default="6,16",
        metavar="A,B",
        help="tiên nghiệm Beta(A, B) của c trong 3PL; 1,1 là không có",
    )
    parser.add_argument(
        "--errors",
        choices=[str(kind) for kind in Errors],
        default=str(Errors.INFORMATION),
        help="sai số chuẩn từ lượng thông tin, hay kiểu kẹp (sandwich) từ điểm của từng thí sinh",
    )
    parser.add_argument(
        "--fit", action="store_true", help="thêm độ khớp S-X² của câu và các cặp câu phụ thuộc (Q3)"
    )
    parser.add_argument("--by", metavar="CỘT", help="ước lượng riêng từng giá trị của cột này, ví dụ huyện")
    add_executor_arguments(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Calibrate and print."""
    table = read_responses(
        options.file,
        identity=options.id,
        pattern=options.item_pattern,
        letters=options.key is not None,
        used=(options.group, options.by),
    )
    rules = None if options.key is None else read_key(options.key, table.items)
    table = table if rules is None else with_keys(table, rules)
    if options.by:
        return _run_each(table, rules, options)
    task = _task("", table, rules, options)
    calibration = calibration_of(task)
    payload = _whole_payload(task, calibration, table.caveats, options)
    if options.json or (options.out and options.out.suffix == ".json"):
        write_json(payload, options.out)
    else:
        write_text(_readable(calibration), options.out)
    for caveat in [] if options.json else payload["caveats"]:
        print(f"Lưu ý: {caveat}", file=sys.stderr)
    return 0


def _run_each(table: ResponseTable, rules: dict[str, Rule] | None, options: argparse.Namespace) -> int:
    """A calibration for every value of a column, side by side; a refusal concerns that value alone."""
    tasks = [_task(name, part, rules, options) for name, part in _parts(table, options.by)]
    done = []
    with executor_of(options.workers, options.cluster) as executor:
        for task, outcome in zip(tasks, calibrate_many(tasks, executor), strict=True):
            part: dict[str, Any] = {"name": task.name, "refusal": outcome.refusal or None}
            if outcome.calibration is not None:
                part |= _whole_payload(task, outcome.calibration, table.caveats, options)
            done.append((part, outcome))
    if options.json or (options.out and options.out.suffix == ".json"):
        write_json({"by": options.by, "calibrations": [part for part, _ in done]}, options.out)
    else:
        write_text("\n\n".join(_readable_part(outcome) for _, outcome in done), options.out)
    own = [f"{part['name']}: {text}" for part, found in done for text in _caveats(found)]
    for caveat in [] if options.json else [*table.caveats, *own]:
        print(f"Lưu ý: {caveat}", file=sys.stderr)
    return 0


def _caveats(outcome: Outcome) -> Sequence[str]:
    return () if outcome.calibration is None else outcome.calibration.caveats


def _parts(table: ResponseTable, column: str) -> list[tuple[str, ResponseTable]]:
    names, places = _labels(table, column)
    return [
        (name, table.of_rows(np.flatnonzero(places == number).tolist())) for number, name in enumerate(names)
    ]


def _readable_part(outcome: Outcome) -> str:
    found = outcome.refusal if outcome.calibration is None else _readable(outcome.calibration)
    return f"{outcome.name}\n{found}"


def _whole_payload(
    task: Task, calibration: Calibration, caveats: Sequence[str], options: argparse.Namespace
) -> dict[str, Any]:
    payload = calibration_payload(calibration, options.model)
    payload["caveats"] = [*caveats, *calibration.caveats]
    if options.fit:
        _add_fit(payload, calibration, task.responses)
    return payload


def _responses(table: ResponseTable, rules: dict[str, Rule] | None) -> Responses:
    if rules is None:
        return responses_from_scores(table.items, number_table(table))
    answers = {name: table.cells[name].fill_null("").to_list() for name in table.items}
    points = score_answers(rules, answers).points
    points[np.column_stack([table.cells[name].is_null().to_numpy() for name in table.items])] = np.nan
    return responses_from_scores(table.items, points)


def _task(
    name: str, table: ResponseTable, rules: dict[str, Rule] | None, options: argparse.Namespace
) -> Task:
    responses = _responses(table, rules)
    if options.method == "cml":
        if (
            options.model not in {Model.RASCH, Model.PCM}
            or options.group
            or options.fixed
            or options.item_model
            or options.errors != Errors.INFORMATION
        ):
            raise InvalidInput(
                "method.cml",
                "Phương pháp cml chỉ dùng cho mô hình rasch hoặc pcm, một nhóm, không cố định tham số, "
                "sai số từ lượng thông tin.",
            )
        return Task(name, responses)
    groups, group = (("",), None) if options.group is None else _labels(table, options.group)
    fixed = read_bank(options.fixed) if options.fixed else None
    setting = Setting(
        group, groups, fixed, _prior(options.guess_prior), options.nodes, errors=Errors(options.errors)
    )
    return Task(name, responses, tuple(_models(responses, options)), setting)


def _models(responses: Responses, options: argparse.Namespace) -> list[Model]:
    models = dict.fromkeys(responses.items, Model(options.model))
    for choice in options.item_model:
        pattern, equals, name = choice.rpartition("=")
        if not equals or name not in set(Model):
            raise InvalidInput("model.unknown", f"“{choice}” phải có dạng MẪU=MÔ HÌNH, ví dụ 'TL*=gpcm'.")
        models |= dict.fromkeys(chosen_columns(responses.items, pattern), Model(name))
    return list(models.values())


def _labels(table: ResponseTable, column: str) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The values of a column in the order of the file, and which of them each person has."""
    labels = table.others[find_column(table.others, column)].fill_null("(trống)")
    names = labels.unique(maintain_order=True).to_list()
    place = {name: number for number, name in enumerate(names)}
    return tuple(names), np.array([place[label] for label in labels], np.int64)


def _prior(text: str) -> GuessingPrior:
    try:
        alpha, beta = (float(part) for part in text.split(","))
    except ValueError:
        alpha = beta = 0.0
    if alpha < 1 or beta < 1:
        raise InvalidInput("prior.invalid", f"“{text}” phải là hai số từ 1 trở lên, ví dụ 6,16.")
    return GuessingPrior(alpha, beta)


def calibration_payload(calibration: Calibration, model: str) -> dict[str, Any]:
    """The calibration in the keys of the contract."""
    latent, errors = calibration.latent, np.sqrt(np.maximum(np.diag(calibration.covariance), 0))
    free = calibration.free.groups
    group_errors = np.full(free.shape, np.nan)
    group_errors[free] = errors[calibration.free.of_items :]
    return {
        "model": model,
        "method": calibration.method,
        "persons": calibration.persons,
        "log_likelihood": calibration.log_likelihood,
        "iterations": calibration.record.iterations,
        "converged": calibration.record.converged,
        "latent_mean": latent.mean[0],
        "latent_variance": latent.sd[0] ** 2,
        "se_latent_mean": group_errors[0, 0],
        "se_latent_variance": 2 * latent.sd[0] ** 2 * group_errors[0, 1],
        "parameters": int(calibration.free.count) - (calibration.method == "cml"),
        "prior": _stated(calibration.prior),
        "nodes": len(latent.nodes),
        "errors": str(calibration.errors),
        "groups": [
            {
                "group": name,
                "mean": latent.mean[place],
                "variance": latent.sd[place] ** 2,
                "se_mean": group_errors[place, 0],
                "se_variance": 2 * latent.sd[place] ** 2 * group_errors[place, 1],
            }
            for place, name in enumerate(calibration.groups)
        ],
        "items": [item_payload(item) for item in reported_items(calibration)],
    }


def _stated(prior: GuessingPrior | None) -> str | None:
    return None if prior is None else f"c ~ Beta({prior.alpha:g}, {prior.beta:g})"


def _add_fit(payload: dict[str, Any], calibration: Calibration, responses: Responses) -> None:
    """Put S-X² into the items and the dependent pairs beside them, or the reason why not into the caveats."""
    bank = calibration.bank
    own = matched(bank, calibration.points, responses)
    try:
        for item, fit in zip(payload["items"], item_fit(calibration, own), strict=True):
            item |= {"s_x2": fit.statistic, "df": fit.freedom, "p": fit.p}
    except NoResult as reason:
        payload["caveats"].append(str(reason))
    table = residual_correlations(bank, own, likelihood_ability(bank, own, weighted=True))
    first, second = np.nonzero(np.triu(table > np.nanmean(table) + NOTABLE_Q3, 1))
    payload["local_dependence"] = [
        {"items": [bank.names[one], bank.names[two]], "q3": table[one, two]}
        for one, two in zip(first, second, strict=True)
    ]


def item_payload(item: ReportedItem) -> dict[str, Any]:
    """One item in the keys of the contract."""
    return {
        "item": item.name,
        "model": str(item.model),
        "a": item.a,
        "b": item.b,
        "c": item.c,
        "d": item.steps,
        "se_a": item.se_a,
        "se_b": item.se_b,
        "se_c": item.se_c,
        "se_d": item.se_steps,
        "scores": item.points,
    }


def read_bank(path: Path) -> ItemBank:
    """Items of a calibration file."""
    return bank_from_reports(read_calibration(path)["items"])[0]


def read_calibration(path: Path) -> dict[str, Any]:
    """A calibration file as it was written.

    Raises:
        InvalidInput: `calibration.invalid`.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        stored = None
    if isinstance(stored, list):
        stored = {"items": stored}
    items = stored.get("items") if isinstance(stored, dict) else None
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise InvalidInput(
            "calibration.invalid", f"Tệp “{path.name}” không phải kết quả của thucchat calibrate --json."
        )
    return {**stored, "items": items}


def _readable(calibration: Calibration) -> str:
    state = "hội tụ" if calibration.record.converged else "CHƯA HỘI TỤ"
    record, latent = calibration.record, calibration.latent
    fit = f"Thí sinh: {calibration.persons}; log hợp lí: {vi_number(calibration.log_likelihood, 3)}"
    mean, variance = vi_number(latent.mean[0].item(), 3), vi_number(latent.sd[0].item() ** 2, 3)
    lines = [
        f"{fit}; {state} sau {record.iterations} bước",
        f"Năng lực: trung bình {mean}, phương sai {variance}",
        "",
        f"{'Câu':<16}{'mô hình':<8}{'a':>8}{'b':>8}{'c':>7}{'ss(a)':>8}{'ss(b)':>8}  các bậc",
    ]
    return "\n".join([*lines, *map(_item_line, reported_items(calibration))]) + "\n"


def _item_line(item: ReportedItem) -> str:
    numbers = [(item.a, 8), (item.b, 8), (item.c, 7), (item.se_a, 8), (item.se_b, 8)]
    cells = "".join(f"{'–' if np.isnan(value) else vi_number(value, 3):>{width}}" for value, width in numbers)
    steps = " ".join(vi_number(step, 2) for step in item.steps) if len(item.steps) > 1 else ""
    return f"{item.name:<16}{item.model:<8}{cells}  {steps}"
