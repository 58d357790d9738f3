"""`thucchat dif`: items that favour one of two groups of equal ability, from a table of scored responses."""

import argparse

import numpy as np
from numpy.typing import NDArray

from thucchat.cli.columns import find_column
from thucchat.cli.files import write_json, write_text
from thucchat.cli.parser import Parser
from thucchat.cli.response_files import (
    WORDS,
    add_response_arguments,
    number_table,
    read_responses,
)
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.dif.analysis import KINDS, METHODS, Choice, analyse_dif
from thucchat.engine.measurement.dif.design import GroupedResponses
from thucchat.engine.measurement.dif.likelihood_ratio import MODELS
from thucchat.engine.measurement.dif.results import DELTA, LEVEL, DifAnalysis, ItemDif
from thucchat.engine.vietnamese import vi_number


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    add_response_arguments(parser)
    add = parser.add_argument
    add("--group", required=True, metavar="CỘT", help="cột nhóm")
    add("--focal", required=True, metavar="GIÁ_TRỊ", help="nhóm quan tâm; các giá trị khác là nhóm đối chiếu")
    add("--reference", metavar="GIÁ_TRỊ", help="chỉ so với nhóm này")
    add(
        "--method",
        choices=METHODS,
        default="mh",
        help="mh; logistic; lrt (tỉ số hợp lí); score (kiểm định điểm)",
    )
    add("--no-correction", action="store_true", help="mh: không hiệu chỉnh liên tục")
    add("--type", choices=KINDS, default="both", help="logistic: cả hai kiểu thiên lệch, đều, hoặc không đều")
    add("--model", choices=MODELS, default="rasch", help="lrt và score: mô hình của câu hỏi")
    add(
        "--purify",
        action="store_true",
        help="bỏ câu bị nghi ra khỏi điểm ghép cặp rồi làm lại đến khi ổn định",
    )
    add("--level", type=float, default=LEVEL, help="mức ý nghĩa, cũng là tỉ lệ phát hiện sai; mặc định 0,05")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Test every item and print the list."""
    table = read_responses(
        options.file, identity=options.id, pattern=options.item_pattern, used=(options.group,)
    )
    labels: list[str | None] = table.others[find_column(table.others, options.group)].to_list()
    focal, known, cautions = _groups(labels, options)
    data = GroupedResponses(table.items, number_table(table)[known], focal[known])
    choice = Choice(
        method=options.method,
        corrected=not options.no_correction,
        kind=options.type,
        model=options.model,
        purify=options.purify,
        level=options.level,
    )
    result = analyse_dif(data, choice)
    cautions += [*table.caveats, *result.cautions]
    if options.json:
        write_json(_payload(result, choice, cautions), options.out)
    else:
        write_text(_page(result, cautions), options.out)
    return 0


def _groups(
    labels: list[str | None], options: argparse.Namespace
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], list[str]]:
    """Who is focal, who belongs to either group, and what the reader must know."""
    focal = np.array([_same(label, options.focal) for label in labels])
    blank = np.array([label is None for label in labels])
    others = sorted(
        {label for label, own in zip(labels, focal, strict=True) if label is not None and not own}
    )
    if not focal.any():
        present = ", ".join(f"“{label}”" for label in others[:10])
        message = f"Cột “{options.group}” không có giá trị “{options.focal}”; có: {present}."
        raise InvalidInput("group.absent", message)
    cautions = []
    reference = ~focal & ~blank
    if options.reference is not None:
        reference = np.array([_same(label, options.reference) for label in labels])
    elif len(others) > 1:
        cautions.append(f"Nhóm đối chiếu gồm {len(others)} giá trị: {', '.join(others[:10])}.")
    if blank.any():
        cautions.append(f"Đã bỏ {int(blank.sum())} thí sinh không ghi nhóm.")
    return focal, focal | reference, cautions


def _same(label: str | None, wanted: str) -> bool:
    if label is None:
        return False
    value = wanted.strip()
    value = WORDS.get(value.lower(), value)
    if label == value:
        return True
    try:
        return float(label.replace(",", ".")) == float(value.replace(",", "."))
    except ValueError:
        return False


def _payload(result: DifAnalysis, choice: Choice, cautions: list[str]) -> dict[str, object]:
    return {
        "method": result.method,
        "model": choice.model if result.method in {"lrt", "score"} else None,
        "correction": choice.corrected if result.method == "mh" else None,
        "reference": result.reference,
        "focal": result.focal,
        "purified": choice.purify,
        "rounds": result.rounds,
        "settled": result.settled,
        "level": choice.level,
        "cautions": cautions,
        "items": [_item_payload(item, result.method) for item in result.items],
    }


def _item_payload(item: ItemDif, method: str) -> dict[str, object]:
    return {
        "item": item.item,
        "statistic": item.statistic,
        "df": item.degrees_of_freedom,
        "p": item.p,
        "adjusted_p": item.adjusted_p,
        "flagged": item.flagged,
        "effect": item.effect,
        "se_effect": item.effect_error,
        "class": item.size.value,
        "effect_class": item.effect_size.value,
        "odds_ratio": float(np.exp(item.effect / DELTA))
        if method == "mh" and item.effect_error > 0
        else None,
        "anchor": item.anchor,
        "uniform": item.uniform,
        "non_uniform": item.non_uniform,
    }


def _page(result: DifAnalysis, cautions: list[str]) -> str:
    width = max(5, *(len(item.item) for item in result.items))
    lines = [f"{'câu':<{width}}  {'thống kê':>9}  {'p':>7}  {'p (BH)':>7}  {'độ lớn':>7}  mức"]
    for item in result.items:
        numbers = (item.statistic, 2, 9), (item.p, 4, 7), (item.adjusted_p, 4, 7), (item.effect, 3, 7)
        cells = "  ".join(f"{_cell(value, digits):>{room}}" for value, digits, room in numbers)
        lines.append(f"{item.item:<{width}}  {cells}  {item.size.value}{' *' if item.flagged else ''}")
    lines.append(f"Nhóm quan tâm {result.focal} thí sinh, nhóm đối chiếu {result.reference}.")
    if result.method == "logistic":
        lines.append("Độ lớn là mức tăng R² Nagelkerke.")
    else:
        lines.append("Độ lớn âm: câu khó hơn với nhóm quan tâm so với người cùng năng lực ở nhóm kia.")
    lines.append("* là câu cần xem lại, chưa phải kết luận về câu đó.")
    return "\n".join([*lines, *(f"Lưu ý: {caution}" for caution in cautions)]) + "\n"


def _cell(value: float, digits: int) -> str:
    return vi_number(value, digits) if np.isfinite(value) else "–"
