"""`thucchat forensics`: answers and marks that call for a question, from letters and a key."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from thucchat.cli.columns import code_column, number_column
from thucchat.cli.files import write_json, write_text
from thucchat.cli.parser import Parser
from thucchat.cli.response_files import (
    ResponseTable,
    add_response_arguments,
    read_key,
    read_responses,
    with_keys,
)
from thucchat.cli.responses import only_keyed
from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.measurement.forensics.answers import Answers, answers_of
from thucchat.engine.measurement.forensics.discovery import LEVEL, Discovery, discover
from thucchat.engine.measurement.forensics.erasures import changed_answers, room_erasures
from thucchat.engine.measurement.forensics.groups import (
    GroupPattern,
    heaped_everywhere,
    heaping,
    jumps,
    too_even,
)
from thucchat.engine.measurement.forensics.model import OptionCurves, fit_curves
from thucchat.engine.measurement.forensics.similarity import LikePairs, like_pairs
from thucchat.engine.measurement.scoring import Rule
from thucchat.engine.vietnamese import vi_number

INDICES = ("m4", "gbt", "omega")
ENOUGH_FOR_M4 = 100  # sheets; from the curves of fewer it flags clean pairs too often
SEED = 20260801  # of the sample that curves are fitted to, when there are very many persons
PAIR_NUMBERS = ("common", "same_right", "same_wrong", "expected_right", "expected_wrong", "run")
PAIR_CHANCES = ("p_omega", "p_gbt", "p_m4", "p_run")
NOTE = (
    "Mỗi dòng là một câu hỏi, không phải kết luận: cùng thầy cô, cùng chỗ hiểu sai hay học nhóm cũng làm bài "
    "giống nhau. Hãy xem sơ đồ phòng, mã đề, biên bản và nghe người trong cuộc trước khi nghĩ đến điều "
    "gì khác."
)
QUESTIONS = {
    "similarity": "Vì sao hai bài này giống nhau hơn mức thường gặp ở hai người cùng sức?",
    "runs": "Vì sao hai bài này cùng sai một kiểu trên một đoạn liền nhau?",
    "erasures": "Vì sao ở phòng này các câu tẩy chuyển từ sai sang đúng nhiều hơn nơi khác?",
    "spread": "Vì sao điểm của nhóm này đều nhau hơn các nhóm cùng mức điểm?",
    "jumps": "Nhóm này tăng nhiều hơn các nhóm khác: cách dạy nào đáng học, hay đề và cách coi thi khác "
    "nhau?",
    "heaping": "Vì sao nhóm này có nhiều điểm ngay trên mốc hơn ngay dưới mốc so với các nhóm khác?",
}


@dataclass(frozen=True, slots=True)
class _Data:
    """What the file holds, ready to be compared."""

    table: ResponseTable
    rules: dict[str, Rule]
    answers: Answers
    frame: pl.DataFrame  # every column of the file but the names of persons
    room_names: list[str]
    rooms: NDArray[np.int64]  # (persons,) −1 where unknown
    caveats: list[str]


def configure(parser: Parser) -> None:
    """Add the arguments of the command."""
    add_response_arguments(parser)
    add = parser.add_argument
    add("--key", required=True, metavar="ĐÁP ÁN", help="tệp đáp án hoặc chuỗi ABCD…")
    add("--room", metavar="CỘT", help="cột phòng thi; chỉ so các bài cùng phòng")
    add(
        "--index",
        choices=INDICES,
        help="chỉ số giống nhau dùng để lập danh sách; mặc định m4, hoặc gbt khi dưới 100 bài",
    )
    add(
        "--level",
        type=float,
        default=LEVEL,
        help="tỉ lệ báo nhầm cho phép trong mỗi danh sách; mặc định 0,05",
    )
    add(
        "--class",
        dest="group",
        metavar="CỘT",
        help="cột lớp hoặc nhóm để xem phân bố điểm; mặc định là phòng",
    )
    add("--score", metavar="CỘT", help="cột điểm thang 10; mặc định tính từ đáp án")
    add("--prior", metavar="CỘT", help="cột điểm lần trước, để tìm nhóm tăng vọt")
    add("--limits", default="5;8", metavar="MỐC", help="các mốc điểm xem có dồn điểm, cách nhau bởi dấu ;")
    add(
        "--first",
        type=Path,
        metavar="TỆP",
        help="câu trả lời đã bị tẩy, cùng khuôn với TỆP, trống = không tẩy",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Make every list the file allows, and print them."""
    if not 0 < options.level < 1:
        raise InvalidInput(
            "level.range", f"--level phải nằm giữa 0 và 1, không phải {vi_number(options.level)}."
        )
    data = _read(options)
    curves = fit_curves(data.answers, np.random.default_rng(SEED))
    if not curves.converged:
        data.caveats.append("Mô hình lựa chọn chưa hội tụ; hãy đọc danh sách thận trọng.")
    lists = _pair_lists(data, curves, options)
    lists |= _group_lists(data, options)
    if options.first:
        lists["erasures"] = _erasure_list(data, curves, options)
    payload = {
        "persons": len(data.table.persons),
        "items": list(data.answers.items),
        "rooms": len(data.room_names),
        "note": NOTE,
        "caveats": data.caveats,
        "lists": lists,
    }
    if options.json or (options.out and options.out.suffix == ".json"):
        write_json(payload, options.out)
    else:
        write_text(_page(payload), options.out)
    return 0


def _read(options: argparse.Namespace) -> _Data:
    whole = read_responses(
        options.file,
        identity=options.id,
        pattern=options.item_pattern,
        letters=True,
        used=(options.room, options.group, options.score, options.prior),
    )
    frame = pl.concat([whole.cells, whole.others], how="horizontal")
    table = only_keyed(whole, options.key)
    rules = read_key(options.key, table.items)
    table = with_keys(table, rules)
    caveats = list(table.caveats)
    names, rooms = ["cả tệp"], np.zeros(len(table.persons), np.int64)
    if options.room:
        names, rooms = code_column(frame, options.room)
        if (rooms < 0).any():
            caveats.append(f"Không so {int((rooms < 0).sum())} bài không ghi phòng.")
    else:
        caveats.append("Không có --room nên mọi bài được so với nhau, kể cả hai người ngồi khác phòng.")
    if len(table.persons) < 200:
        caveats.append(
            "Dưới 200 bài, mức giống nhau bình thường chưa rõ: chỉ thấy được trường hợp rất nổi bật."
        )
    return _Data(table, rules, answers_of(_texts(table), rules), frame, names, rooms, caveats)


def _texts(table: ResponseTable) -> dict[str, list[str]]:
    return {name: table.cells[name].fill_null("").to_list() for name in table.items}


def _pair_lists(data: _Data, curves: OptionCurves, options: argparse.Namespace) -> dict[str, Any]:
    try:
        like = like_pairs(data.answers, curves, data.rooms)
    except NoResult as reason:
        if reason.code == "pairs.many":
            raise
        data.caveats.append(str(reason))
        return {}
    out = {}
    index = options.index or ("m4" if len(data.table.persons) >= ENOUGH_FOR_M4 else "gbt")
    for kind, chances in (("similarity", getattr(like, f"p_{index}")), ("runs", like.p_run)):
        found = discover(chances, options.level, tests=like.tested)
        rows = [_pair_row(data, like, int(place), float(found.adjusted[place])) for place in found.flagged]
        out[kind] = _listed(kind, found, rows) | {"rooms": like.rooms}
    out["similarity"]["index"] = index
    return out


def _pair_row(data: _Data, like: LikePairs, place: int, adjusted: float) -> dict[str, Any]:
    one, two = like.pairs[place]
    row: dict[str, Any] = {"room": data.room_names[data.rooms[one]]}
    row |= {"one": data.table.persons[one], "two": data.table.persons[two]}
    row |= {name: getattr(like, name)[place] for name in (*PAIR_NUMBERS, "omega", *PAIR_CHANCES)}
    return row | {"adjusted_p": adjusted}


def _listed(kind: str, found: Discovery, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A list with what a reader must know of it."""
    return {
        "question": QUESTIONS[kind],
        "tests": found.tests,
        "level": found.level,
        "flagged": len(rows),
        "cut": found.cut,
        "expected_false_alarms": found.expected_false,
        "calibration": found.calibration
        and [{"p": one.p, "seen": one.seen, "expected": one.expected} for one in found.calibration],
        "rows": rows,
    }


def _group_lists(data: _Data, options: argparse.Namespace) -> dict[str, Any]:
    if not (options.group or options.room):
        return {}
    names, groups = code_column(data.frame, options.group or options.room)
    scores = _scores(data, options.score)
    limits = [_limit(text) for text in options.limits.split(";") if text.strip()]
    out = {}
    try:
        out["spread"] = _group_list("spread", too_even(scores, groups), names, options.level)
        if options.prior:
            prior = number_column(data.frame, options.prior)
            out["jumps"] = _group_list("jumps", jumps(scores, prior, groups), names, options.level)
    except NoResult as reason:
        data.caveats.append(str(reason))
    for limit in limits:
        try:
            found = _group_list("heaping", heaping(scores, groups, limit), names, options.level)
        except NoResult:
            data.caveats.append(f"Quá ít bài quanh mốc {vi_number(limit)} để xem có dồn điểm.")
            continue
        out[f"heaping_{limit:g}"] = found | {"limit": limit, "everywhere": heaped_everywhere(scores, limit)}
    return out


def _scores(data: _Data, column: str | None) -> NDArray[np.float64]:
    """(persons,) points out of 10; from the key when no column of scores is named."""
    if column:
        return number_column(data.frame, column)
    answered = (data.answers.codes >= 0).any(axis=1)
    share = data.answers.is_right.mean(axis=1)
    return np.where(answered, 10 * share, np.nan)


def _limit(text: str) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise InvalidInput("limits.number", f"Mốc “{text.strip()}” không phải là số.") from None


def _group_list(kind: str, pattern: GroupPattern, names: list[str], level: float) -> dict[str, Any]:
    found = discover(pattern.p, level)
    rows = [
        {
            "group": names[pattern.group[place]],
            "persons": pattern.persons[place],
            "seen": pattern.seen[place],
            "expected": pattern.expected[place],
            "p": pattern.p[place],
            "adjusted_p": found.adjusted[place],
        }
        for place in found.flagged
    ]
    return _listed(kind, found, rows)


def _erasure_list(data: _Data, curves: OptionCurves, options: argparse.Namespace) -> dict[str, Any]:
    first = _first_answers(data, options)
    changed = changed_answers(data.answers, first, _texts(data.table))
    was_right = np.column_stack(
        [
            [bool(text) and data.rules[item].score(text) >= data.rules[item].highest for text in first[item]]
            for item in data.answers.items
        ]
    )
    rooms = room_erasures(data.answers, curves, changed, was_right=was_right, rooms=data.rooms)
    pattern = GroupPattern(rooms.room, rooms.persons, rooms.to_right.astype(float), rooms.expected, rooms.p)
    listed = _group_list("erasures", pattern, data.room_names, options.level)
    return listed | {"changed": int(changed.sum()), "to_right": int(rooms.to_right.sum())}


def _first_answers(data: _Data, options: argparse.Namespace) -> dict[str, list[str]]:
    """Erased answers per item, in the order of the persons; "" where nothing was erased."""
    pattern = ",".join(data.answers.items)
    erased = read_responses(options.first, identity=options.id, pattern=pattern, letters=True)
    place = {person: row for row, person in enumerate(erased.persons)}
    rows = [place.get(person, -1) for person in data.table.persons]
    if all(row < 0 for row in rows):
        raise InvalidInput("first.persons", f"Không thí sinh nào của bảng có trong “{options.first.name}”.")
    texts = {item: [*erased.cells[item].fill_null("").to_list(), ""] for item in data.answers.items}
    return {item: [texts[item][row] for row in rows] for item in data.answers.items}


def _page(payload: dict[str, Any]) -> str:
    lines = [f"{payload['persons']} bài, {len(payload['items'])} câu, {payload['rooms']} phòng.", NOTE]
    for name, found in payload["lists"].items():
        kind = name.partition("_")[0]
        limit = f" (mốc {vi_number(found['limit'])})" if "limit" in found else ""
        lines += ["", f"{found['question']}{limit}", _promise(found, pairs=kind in {"similarity", "runs"})]
        lines += [_line(row) for row in found["rows"]]
        if "everywhere" in found and found["everywhere"].low > 1.1:
            times = vi_number(found["everywhere"].ratio, 1)
            lines.append(f"  Cả tệp: số bài ngay trên mốc gấp {times} lần mức nối tiếp đều đặn.")
    return "\n".join([*lines, "", *(f"Lưu ý: {caveat}" for caveat in payload["caveats"])]) + "\n"


def _promise(found: dict[str, Any], *, pairs: bool) -> str:
    """How long the list is, and how much of it chance alone would bring."""
    unit = "cặp" if pairs else "nhóm"
    tested = f"Đã xem {vi_number(int(found['tests']))} {unit}; nêu {found['flagged']}."
    if not found["flagged"]:
        return f"{tested} Không {unit} nào vượt mức thường gặp."
    false = float(found["expected_false_alarms"])
    about = "dưới 0,01" if false < 0.01 else f"khoảng {vi_number(false, 2)}"
    return f"{tested} Nếu không có gì khác thường, riêng ngẫu nhiên cũng làm {about} {unit} bị nêu."


def _line(row: dict[str, Any]) -> str:
    if "one" not in row:
        numbers = f"thấy {vi_number(float(row['seen']), 2)}, chờ đợi {vi_number(float(row['expected']), 2)}"
        return f"  {row['group']} ({row['persons']} bài): {numbers}; p = {row['p']:.1e}".replace(
            "e-", "·10^-"
        )
    return (
        f"  {row['room']}: {row['one']} và {row['two']}: cùng đúng {row['same_right']} câu (chờ đợi "
        f"{vi_number(float(row['expected_right']), 1)}), cùng sai như nhau {row['same_wrong']} câu (chờ đợi "
        f"{vi_number(float(row['expected_wrong']), 1)}), đoạn dài nhất {row['run']} câu cùng sai"
    )
