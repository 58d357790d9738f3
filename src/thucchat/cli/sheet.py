"""`thucchat sheet`: prints answer sheets, reads them, audits the reading, makes labelled hard cases."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import polars as pl

from thucchat.cli.documents import add_document_options, letterhead, wants_documents, write_documents
from thucchat.cli.files import read_frame, write_frame, write_json, write_text
from thucchat.cli.parser import Parser
from thucchat.cli.sheet_audit import Audit
from thucchat.cli.sheet_compare import configure_compare
from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.batch.records import PageRecord
from thucchat.engine.sheets.batch.table import BatchResult
from thucchat.engine.sheets.layout import Layout
from thucchat.engine.sheets.layout_files import layout_names, load_layout

JOURNAL_SUFFIX = ".journal"


def configure(parser: Parser) -> None:
    """Add the sub-commands."""
    actions = parser.add_subparsers(title="việc cần làm", required=True, metavar="VIỆC")
    for name, (help_text, configure_action) in ACTIONS.items():
        configure_action(actions.add_parser(name, help=help_text, description=help_text))


def _add_layout(parser: Parser) -> None:
    names = ", ".join(layout_names())
    parser.add_argument("--layout", "-l", required=True, help=f"mẫu phiếu ({names}) hoặc tệp .toml, .json")
    parser.add_argument("--candidate-digits", type=int, default=0, help="số chữ số của số báo danh")
    parser.add_argument("--code-digits", type=int, default=0, help="số chữ số của mã đề")


def _layout(options: argparse.Namespace) -> Layout:
    return load_layout(options.layout, candidate=options.candidate_digits, code=options.code_digits)


def _configure_print(parser: Parser) -> None:
    parser.add_argument(
        "candidates",
        type=Path,
        nargs="?",
        help="danh sách thí sinh (CSV, XLSX, Parquet); bỏ trống: phiếu trắng",
    )
    _add_layout(parser)
    parser.add_argument("--count", "-n", type=int, default=1, help="số phiếu trắng khi không có danh sách")
    parser.add_argument("--fonts", type=Path, metavar="THƯ_MỤC", help="thư mục phông chữ")
    parser.add_argument(
        "--lists", type=Path, metavar="TỆP_PDF", help="in thêm danh sách phòng, điểm danh, nhãn túi"
    )
    parser.add_argument("--out", type=Path, required=True, help="tệp PDF sẽ ghi")
    parser.set_defaults(run=run_print)


def _configure_read(parser: Parser) -> None:
    parser.add_argument(
        "path", type=Path, help="thư mục, tệp ảnh, PDF, hoặc nhật ký của lần đọc trước (không cần ảnh)"
    )
    _add_layout(parser)
    parser.add_argument("--out", type=Path, help="tệp CSV sẽ ghi; nhật ký để đọc tiếp nằm cạnh đó")
    parser.add_argument("--json", action="store_true", help="in hoặc ghi kết quả dạng JSON")
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="số tiến trình đọc song song"
    )
    parser.add_argument("--roster", type=Path, help="danh sách thí sinh, để nêu phiếu thiếu và phiếu lạ")
    parser.add_argument(
        "--evidence", type=Path, metavar="THƯ_MỤC", help="ghi ảnh từng chỗ nghi vấn vào thư mục này"
    )
    for name, help_text in THRESHOLDS.items():
        parser.add_argument(f"--{name}", type=float, help=help_text)
    parser.set_defaults(run=run_read)


def _configure_audit(parser: Parser) -> None:
    parser.add_argument("file", type=Path, help="kết quả đọc (CSV); với --mean cần thêm cột điểm")
    parser.add_argument("--seed", required=True, help="hạt giống gieo công khai, ít nhất 16 ký tự")
    parser.add_argument(
        "--limit", type=float, default=0.001, help="tỉ lệ phiếu sai cho phép (mặc định 0,001)"
    )
    parser.add_argument("--risk", type=float, default=0.05, help="rủi ro chấp nhận nhầm (mặc định 0,05)")
    parser.add_argument("--stages", type=int, default=1, help="số bậc nới mẫu khi gặp phiếu sai")
    parser.add_argument(
        "--mean", type=float, metavar="ĐIỂM", help="kiểm điểm trung bình: mức thổi phồng cần phát hiện"
    )
    parser.add_argument("--score", default="score", help="cột điểm, dùng với --mean")
    parser.add_argument(
        "--results",
        type=Path,
        help="kết quả đối chiếu giấy: cột id cùng ok (1/0), bài chép từ giấy, hoặc paper_score",
    )
    parser.add_argument("--out", type=Path, help="ghi danh sách phiếu phải đối chiếu (CSV)")
    parser.add_argument("--by", metavar="CỘT", help="kiểm riêng từng trường theo cột này, dùng với --mean")
    parser.add_argument("--form", type=Path, metavar="TỆP_PDF", help="in phiếu đọc giấy cho người kiểm toán")
    parser.add_argument("--blank", type=Path, metavar="TỆP", help="ghi bảng trống để nhập bài chép từ giấy")
    add_document_options(parser)
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    parser.set_defaults(run=run_audit)


def _configure_fit(parser: Parser) -> None:
    parser.add_argument("image", type=Path, help="ảnh phiếu trắng (PDF, TIFF, JPEG, PNG)")
    parser.add_argument(
        "--points", type=Path, required=True, help="tệp JSON chỉ các góc, ô đen và khối câu (điểm ảnh)"
    )
    parser.add_argument("--out", type=Path, required=True, help="tệp mẫu phiếu .json sẽ ghi")
    parser.set_defaults(run=run_fit)


def _configure_distort(parser: Parser) -> None:
    _add_layout(parser)
    parser.add_argument(
        "--kind", default="scan", help="kiểu làm khó, cách nhau bằng dấu phẩy; “all” là mọi kiểu"
    )
    parser.add_argument("--severity", type=float, default=1.0, help="mức độ, 1 (thường) đến 3 (nặng)")
    parser.add_argument("--count", "-n", type=int, default=10, help="số phiếu mỗi kiểu")
    parser.add_argument("--seed", type=int, default=1, help="hạt giống của phiếu đầu tiên")
    parser.add_argument("--fonts", type=Path, metavar="THƯ_MỤC", help="thư mục phông chữ")
    parser.add_argument("--out", type=Path, required=True, help="thư mục ghi ảnh và nhãn labels.jsonl")
    parser.set_defaults(run=run_distort)


THRESHOLDS = {
    "mark": "mực tương đối từ đó là một dấu tô",
    "blank": "mực tương đối dưới đó là ô trống",
    "rival": "mực của ô thứ hai từ đó phải có người xem",
}
ACTIONS: dict[str, tuple[str, Callable[[Parser], None]]] = {
    "print": ("in phiếu trả lời cho từng thí sinh", _configure_print),
    "read": ("đọc phiếu từ ảnh quét hoặc ảnh chụp", _configure_read),
    "fit": ("lập mẫu cho phiếu do nơi khác in, từ ảnh phiếu trắng", _configure_fit),
    "compare": ("so hai lần đọc: ảnh mất, ảnh mới, câu trả lời khác", configure_compare),
    "audit": ("chọn phiếu đối chiếu giấy và kết luận kiểm toán", _configure_audit),
    "distort": ("làm phiếu mẫu khó có nhãn để thử việc đọc", _configure_distort),
}


def run_print(options: argparse.Namespace) -> int:
    """Write the sheets of a list of candidates, or blank ones."""
    from thucchat.engine.sheets.printing.lists import room_documents
    from thucchat.engine.sheets.printing.roster import blank_sheets, seats_from
    from thucchat.engine.sheets.printing.sheets import print_sheets

    layout = _layout(options)
    fonts = [options.fonts] if options.fonts else []
    seats = seats_from(read_frame(options.candidates, as_text=True), layout) if options.candidates else []
    sheets = [seat.sheet for seat in seats] or blank_sheets(options.count)
    _write_bytes(options.out, print_sheets(layout, sheets, fonts))
    print(f"Đã ghi {len(sheets)} phiếu vào {options.out}.", file=sys.stderr)
    if options.lists:
        _write_bytes(options.lists, room_documents(seats, fonts))
    return 0


def _write_bytes(path: Path, content: bytes) -> None:
    draft = path.with_name(path.name + ".part")
    draft.write_bytes(content)
    draft.replace(path)


def run_read(options: argparse.Namespace) -> int:
    """Read a batch, or decide a journal again."""
    from thucchat.engine.sheets.batch.journal import is_journal, read_journal
    from thucchat.engine.sheets.batch.table import settle_batch
    from thucchat.engine.sheets.reading.settings import Thresholds

    layout = _layout(options)
    changed = {name: value for name in THRESHOLDS if (value := getattr(options, name)) is not None}
    records = (
        read_journal(options.path, layout) if is_journal(options.path) else _read_images(options, layout)
    )
    result = settle_batch(layout, records, Thresholds(**changed), _roster(options.roster))
    _write_result(options, result)
    if options.evidence:
        from thucchat.engine.sheets.batch.pictures import write_pictures

        written = write_pictures(options.path, options.evidence, result)
        print(f"Đã ghi {written} ảnh chỗ nghi vấn vào {options.evidence}.", file=sys.stderr)
    return 0


def _read_images(options: argparse.Namespace, layout: Layout) -> list[PageRecord]:
    from thucchat.engine.sheets.batch.journal import Journal
    from thucchat.engine.sheets.batch.run import read_batch

    with tempfile.TemporaryDirectory() as folder:
        name = options.out.name if options.out else "result"
        place = options.out.parent if options.out else Path(folder)
        with Journal(place / (name + JOURNAL_SUFFIX), layout) as journal:
            read_batch(options.path, journal, layout, options.workers, _show_progress)
            if sys.stderr.isatty():
                print(file=sys.stderr)
            return list(journal.records)


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\rĐã đọc {done}/{total} trang", end="", file=sys.stderr, flush=True)


def _roster(path: Path | None) -> list[str] | None:
    if path is None:
        return None
    from thucchat.engine.sheets.printing.roster import candidate_column

    frame = read_frame(path, as_text=True)
    return [text.strip() for text in frame[candidate_column(frame)].drop_nulls().to_list()]


def _write_result(options: argparse.Namespace, result: BatchResult) -> None:
    from thucchat.engine.sheets.batch.roots import batch_roots
    from thucchat.engine.sheets.batch.table import batch_frame, batch_json

    roots = batch_roots(batch_frame(result))
    if options.json:
        write_json(batch_json(result) | {"roots": asdict(roots)}, options.out)
    elif options.out:
        write_frame(batch_frame(result), options.out)
    else:
        _print_sheets(batch_frame(result))
    counts = result.counts
    print(
        f"{counts['pages']} trang: đọc được {counts['read']}, cần người xem {counts['review']}, "
        f"để riêng {counts['set_aside']}, trùng {counts['duplicate']}, lạ {counts['foreign']}, "
        f"thiếu {counts['missing']}.",
        file=sys.stderr,
    )
    print(f"Ghi vào biên bản: mã gốc ảnh {roots.images}", file=sys.stderr)
    print(f"                  mã gốc kết quả đọc {roots.marks}", file=sys.stderr)


def _print_sheets(frame: pl.DataFrame) -> None:
    for row in frame.iter_rows(named=True):
        who = f"SBD {row['candidate'] or '?'}, mã đề {row['code'] or '?'}"
        print(f"{row['file']} trang {row['page']}: {who}; {row['flags'] or 'không có nghi vấn'}")


def run_fit(options: argparse.Namespace) -> int:
    """Write the layout of a form that somebody else printed."""
    from thucchat.engine.sheets.fitting import fit_layout
    from thucchat.engine.sheets.reading.images import capture, decode, pages

    shot = capture(options.image)
    image = decode(shot, full=True) if shot.format in {"jpeg", "png"} else next(pages(shot))
    if isinstance(image, InvalidInput):
        raise image
    try:
        pointed = json.loads(options.points.read_text("utf-8-sig"))
    except ValueError as error:
        raise InvalidInput("fit.unreadable", f"Không đọc được “{options.points.name}”: {error}") from error
    data = fit_layout(image, pointed)
    write_json(data, options.out)
    print(f"Đã ghi mẫu “{data['name']}” vào {options.out}.", file=sys.stderr)
    return 0


def run_audit(options: argparse.Namespace) -> int:
    """Choose the sheets to compare with the paper, and judge what was found."""
    from thucchat.cli.sheet_audit import blind_table, run_audits

    frame = read_frame(options.file, as_text=True)
    results = read_frame(options.results, as_text=True) if options.results else None
    audits = run_audits(frame, results, options)
    chosen = pl.concat([one.chosen for one in audits])
    if options.out:
        write_frame(chosen, options.out)
    if options.blank:
        write_frame(blind_table(frame, chosen["id"].to_list()), options.blank)
    _write_audit_papers(options, frame, audits)
    if options.json:
        reports = [one.report for one in audits]
        write_json(reports[0] if options.by is None else {"audits": reports})
    else:
        write_text("".join(line + "\n" for one in audits for line in one.report["text"]))
    return 0


def _write_audit_papers(options: argparse.Namespace, frame: pl.DataFrame, audits: list[Audit]) -> None:
    from thucchat.cli.sheet_audit import answer_parts, kept_at
    from thucchat.engine.documents.pdf import to_pdf
    from thucchat.engine.sheets.audit_papers import audit_minutes, auditors_form

    head = letterhead(options, options.title or "Kiểm toán việc đọc phiếu trả lời")
    if wants_documents(options):
        write_documents(audit_minutes([one.state for one in audits], head), options)
    if options.form:
        form = auditors_form([one.state for one in audits], kept_at(frame), answer_parts(frame), head)
        _write_bytes(options.form, to_pdf(form, [options.fonts] if options.fonts else []))


def run_distort(options: argparse.Namespace) -> int:
    """Write labelled cases."""
    from thucchat.engine.sheets.distort.suite import KINDS, make_cases, write_cases

    layout = _layout(options)
    kinds = list(KINDS) if options.kind == "all" else options.kind.split(",")
    if options.count < 1:
        raise InvalidInput("distort.count", f"Số phiếu {options.count} phải từ 1 trở lên.")
    seeds = range(options.seed, options.seed + options.count)
    fonts = [options.fonts] if options.fonts else []
    written = sum(
        write_cases(options.out, make_cases(layout, kind.strip(), options.severity, seeds, fonts))
        for kind in kinds
    )
    print(f"Đã ghi {written} ảnh và nhãn vào {options.out}.", file=sys.stderr)
    return 0
