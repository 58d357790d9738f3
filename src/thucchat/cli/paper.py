"""`thucchat paper`: reads, checks, shuffles and writes exam papers."""

import argparse
import secrets
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from thucchat.cli.files import write_json
from thucchat.cli.paper_assemble import configure as configure_assemble
from thucchat.cli.paper_files import add_key, add_output, key_of, print_file_flags, show_paper
from thucchat.cli.paper_interchange import configure_export, configure_import
from thucchat.cli.parser import Parser
from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.papers.model import Paper
from thucchat.engine.papers.reading.reader import read_paper

EXIT_FLAGGED = 1
OFFICE_TIMEOUT = 300  # seconds


def configure(parser: Parser) -> None:
    """Add the sub-commands."""
    actions = parser.add_subparsers(title="việc cần làm", required=True, metavar="VIỆC")
    for name, (help_text, configure_action) in ACTIONS.items():
        configure_action(actions.add_parser(name, help=help_text, description=help_text))


def _configure_read(parser: Parser) -> None:
    _add_paper(parser)
    add_output(parser)
    parser.set_defaults(run=run_read)


def _configure_check(parser: Parser) -> None:
    _add_paper(parser)
    add_output(parser)
    parser.add_argument("--strict", action="store_true", help="mã thoát 1 khi còn điểm nghi vấn")
    parser.set_defaults(run=run_check)


def _configure_variants(parser: Parser) -> None:
    _add_paper(parser)
    parser.add_argument("--count", "-n", type=int, default=4, help="số mã đề (mặc định 4)")
    parser.add_argument("--codes", help="các mã đề, cách nhau bằng dấu phẩy; bỏ trống: 101, 102, …")
    parser.add_argument("--seed", help="hạt giống; bỏ trống: ngẫu nhiên, ghi lại trong sơ đồ")
    parser.add_argument("--statements", action="store_true", help="hoán vị cả các ý của câu đúng/sai")
    parser.add_argument("--pdf", action="store_true", help="xuất thêm PDF cho từng mã đề")
    parser.add_argument("--out", type=Path, default=Path(), help="thư mục ghi kết quả")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    parser.set_defaults(run=run_variants)


def _configure_write(parser: Parser) -> None:
    parser.add_argument(
        "file", type=Path, help="JSON như `paper read --json`, hoặc danh sách câu lấy từ tệp Word"
    )
    parser.add_argument("--out", type=Path, required=True, help="tệp Word hoặc PDF sẽ ghi")
    parser.add_argument("--with-key", action="store_true", help="in thêm bảng đáp án ở cuối")
    parser.set_defaults(run=run_write)


ACTIONS: dict[str, tuple[str, Callable[[Parser], None]]] = {
    "read": ("đọc đề Word ra câu hỏi, phương án, đáp án", _configure_read),
    "check": ("nêu những chỗ nghi vấn trong đề", _configure_check),
    "variants": ("trộn đề thành nhiều mã", _configure_variants),
    "write": ("viết đề từ JSON ra Word hoặc PDF", _configure_write),
    "assemble": ("ghép đề tương đương từ ngân hàng theo ma trận", configure_assemble),
    "export": ("xuất đề Word hoặc JSON thành gói QTI", configure_export),
    "import": ("nhập đề từ QTI, Moodle XML hoặc GIFT", configure_import),
}


def _add_paper(parser: Parser) -> None:
    parser.add_argument("file", type=Path, help="đề thi (.docx)")
    add_key(parser)


def run_read(options: argparse.Namespace) -> int:
    """Print what the paper holds."""
    show_paper(_read(options), options)
    return 0


def run_check(options: argparse.Namespace) -> int:
    """Print what is doubtful."""
    paper = _read(options)
    if options.json or options.out:
        write_json(_check_json(paper), options.out)
    else:
        known = sum(question.key is not None for question in paper.questions)
        print(f"{len(paper.questions)} câu, {known} câu có đáp án, {paper.doubtful} câu còn điểm nghi vấn.")
        for flag in (flag for question in paper.questions for flag in question.flags):
            page = f"trang {flag.page}" if flag.page else "không rõ trang"
            print(f"- {flag.message} ({page}: “{flag.text}”)")
        print_file_flags(paper)
    return EXIT_FLAGGED if options.strict and (paper.doubtful or paper.flags) else 0


def run_variants(options: argparse.Namespace) -> int:
    """Write the variants, their key table and their map."""
    from thucchat.engine.papers.shuffle import shuffle

    codes = _codes(options)
    seed = options.seed or secrets.token_hex(16)
    content = options.file.read_bytes()
    shuffled = shuffle(content, codes, seed, key=key_of(options), statements=options.statements)
    options.out.mkdir(parents=True, exist_ok=True)
    names = [options.out / f"{options.file.stem}-{code}.docx" for code in codes]
    for name, file in zip(names, shuffled.files, strict=True):
        name.write_bytes(file)
    keys, places = (
        options.out / f"{options.file.stem}-dap-an.xlsx",
        options.out / f"{options.file.stem}-so-do.json",
    )
    keys.write_bytes(shuffled.keys)
    summary: dict[str, Any] = {
        "seed": shuffled.seed,
        "fingerprint": shuffled.fingerprint,
        "kept": shuffled.kept,
        "variants": [asdict(variant) for variant in shuffled.maps],
    }
    write_json(summary, places)
    pdfs = _write_pdfs(names) if options.pdf else []
    if options.json:
        write_json(summary | {"files": [str(name) for name in (*names, *pdfs, keys, places)]})
    else:
        print(f"Đã ghi {len(names)} mã đề vào {options.out}, đáp án “{keys.name}”, sơ đồ “{places.name}”.")
    return 0


def _write_pdfs(names: list[Path]) -> list[Path]:
    """PDF beside each Word file: by Typst, or by LibreOffice where it is installed and objects need it."""
    from thucchat.engine.papers.writing.pdf import papers_to_pdf

    targets = [name.with_suffix(".pdf") for name in names]
    try:
        pdfs = papers_to_pdf([name.read_bytes() for name in names])
    except NoResult as refusal:
        office = shutil.which("soffice")
        if refusal.code != "pdf.opaque" or office is None:
            raise
        command = [
            office,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(names[0].parent),
            *map(str, names),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=OFFICE_TIMEOUT)
        return targets
    for target, content in zip(targets, pdfs, strict=True):
        target.write_bytes(content)
    return targets


def run_write(options: argparse.Namespace) -> int:
    """Write a paper from its JSON, or from items of Word files that the JSON names."""
    from thucchat.engine.papers.writing.pdf import papers_to_pdf

    suffix = options.out.suffix.lower()
    if suffix not in {".docx", ".pdf"}:
        raise InvalidInput("out.type", f"“{options.out.name}” phải là tệp .docx hoặc .pdf.")
    content = _written(options.file, with_key=options.with_key)
    options.out.write_bytes(papers_to_pdf([content])[0] if suffix == ".pdf" else content)
    print(f"Đã ghi {options.out}.")
    return 0


def _written(path: Path, *, with_key: bool) -> bytes:
    from thucchat.engine.papers.writing.fragments import composed, fragments_of
    from thucchat.engine.papers.writing.from_json import items_from_json, paper_from_json
    from thucchat.engine.papers.writing.word_paper import word_paper

    text = path.read_text("utf-8")
    chosen = items_from_json(text)
    if chosen is None:
        return word_paper(paper_from_json(text), with_key=with_key)
    files = {item.file: fragments_of((path.parent / item.file).read_bytes()) for item in chosen.items}
    for item in chosen.items:
        if not 1 <= item.question <= len(files[item.file]):
            message = f"“{item.file}” có {len(files[item.file])} câu, không có câu thứ {item.question}."
            raise InvalidInput("items.question", message)
    return composed([files[item.file][item.question - 1] for item in chosen.items], chosen.heading)


def _codes(options: argparse.Namespace) -> list[str]:
    if options.codes:
        return [code.strip() for code in options.codes.split(",") if code.strip()]
    return [str(101 + place) for place in range(options.count)]


def _read(options: argparse.Namespace) -> Paper:
    return read_paper(options.file.read_bytes(), key_of(options))


def _check_json(paper: Paper) -> dict[str, Any]:
    return {
        "count": len(paper.questions),
        "with_key": sum(question.key is not None for question in paper.questions),
        "doubtful": paper.doubtful,
        "flags": [asdict(flag) for flag in paper.flags],
        "questions": [
            {
                "number": question.number,
                "part": question.part,
                "flags": [asdict(flag) for flag in question.flags],
            }
            for question in paper.questions
            if question.flags
        ],
    }
