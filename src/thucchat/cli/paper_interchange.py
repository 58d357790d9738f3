"""`thucchat paper export` and `thucchat paper import`: papers for, and from, other programs."""

import argparse
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from thucchat.cli.files import write_json
from thucchat.cli.paper_files import add_key, add_output, key_of, show_paper
from thucchat.cli.parser import Parser
from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.interchange.qti_names import Version
from thucchat.engine.papers.model import Paper

FORMS = ("qti", "moodle", "gift")
VERSIONS: dict[str, Version] = {"qti22": "2.2", "qti30": "3.0"}


def configure_export(parser: Parser) -> None:
    """Add the arguments."""
    parser.add_argument("file", type=Path, help="đề Word (.docx), hoặc JSON như `paper read --json`")
    add_key(parser)
    parser.add_argument("--format", choices=VERSIONS, required=True, help="phiên bản QTI của gói")
    parser.add_argument("--out", type=Path, required=True, help="gói nén (.zip) sẽ ghi")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    parser.set_defaults(run=run_export)


def configure_import(parser: Parser) -> None:
    """Add the arguments."""
    parser.add_argument("file", type=Path, help="gói QTI (.zip), câu QTI (.xml), Moodle XML hoặc GIFT")
    parser.add_argument("--format", choices=FORMS, help="dạng của tệp; bỏ trống: nhận theo nội dung")
    add_output(parser)
    parser.set_defaults(run=run_import)


def run_export(options: argparse.Namespace) -> int:
    """Write the package and print what it could not carry."""
    from thucchat.engine.papers.interchange.qti_out import qti_package

    paper, images = _paper(options)
    exported = qti_package(paper, VERSIONS[options.format], images)
    options.out.write_bytes(exported.content)
    if options.json:
        flags = [asdict(flag) for flag in exported.flags]
        write_json({"file": str(options.out), "count": len(paper.questions), "flags": flags})
        return 0
    print(f"Đã ghi {len(paper.questions)} câu vào {options.out}.")
    for flag in exported.flags:
        print(f"! {flag.message}" + (f" (“{flag.text}”)" if flag.text else ""))
    return 0


def _paper(options: argparse.Namespace) -> tuple[Paper, Mapping[str, bytes]]:
    """The paper, and the parts of its file that pictures are taken from."""
    from thucchat.engine.papers.reading.package import open_package
    from thucchat.engine.papers.reading.reader import read_paper
    from thucchat.engine.papers.writing.from_json import paper_from_json

    content = options.file.read_bytes()
    if content.removeprefix(BOM_UTF8).lstrip().startswith(b"{"):
        return paper_from_json(_decoded(content, options.file.name)), {}
    return read_paper(content, key_of(options)), open_package(content).parts


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput("paper.json", f"“{name}” sai bảng mã; hãy lưu lại bằng UTF-8.") from error


def run_import(options: argparse.Namespace) -> int:
    """Print what the file holds, or write it as JSON."""
    from thucchat.engine.papers.interchange.recognition import imported

    show_paper(imported(options.file.read_bytes(), options.file.name, options.format), options)
    return 0
