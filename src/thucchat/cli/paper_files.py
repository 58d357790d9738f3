"""What the commands about papers share: arguments, a separate key, and how a paper is printed."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from thucchat.cli.files import write_json
from thucchat.cli.parser import Parser
from thucchat.engine.papers.model import Paper, Question
from thucchat.engine.papers.reading.answers import AnswerList
from thucchat.engine.papers.reading.key_files import read_key_file

KINDS = {"choice": "lựa chọn", "true_false": "đúng/sai", "short_answer": "trả lời ngắn", "essay": "tự luận"}


def add_key(parser: Parser) -> None:
    """Arguments for a key that stands in a file of its own."""
    parser.add_argument("--key", type=Path, help="tệp đáp án riêng: .docx, .xlsx, .csv hoặc .txt")
    parser.add_argument("--code", help="mã đề cần lấy trong tệp đáp án có nhiều mã")


def add_output(parser: Parser) -> None:
    """Arguments for where the result goes."""
    parser.add_argument("--out", type=Path, help="tệp ghi kết quả thay vì in ra")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def key_of(options: argparse.Namespace) -> AnswerList | None:
    """The separate key, when one was named."""
    if options.key is None:
        return None
    return read_key_file(options.key.read_bytes(), options.key.name, options.code)


def as_json(paper: Paper) -> dict[str, Any]:
    """A paper as the command line prints it."""
    return {
        "heading": paper.heading,
        "equations": paper.equations,
        "mathtype": paper.objects,
        "flags": [asdict(flag) for flag in paper.flags],
        "questions": [asdict(question) for question in paper.questions],
    }


def show_paper(paper: Paper, options: argparse.Namespace) -> None:
    """Print the paper for people, or give it as JSON where that was asked for."""
    if options.json or options.out:
        write_json(as_json(paper), options.out)
        return
    for question in paper.questions:
        _print_question(question)
    print_file_flags(paper)


def _print_question(question: Question) -> None:
    part = f" (phần {question.part})" if question.part else ""
    print(f"Câu {question.number}{part}, {KINDS[question.type]}: {question.stem}")
    for letter, text in question.options.items():
        print(f"  {letter}. {text}")
    print(f"  Đáp án: {question.key or 'chưa có'}")
    for flag in question.flags:
        print(f"  ! {flag.message}")


def print_file_flags(paper: Paper) -> None:
    """Print the doubts about the file as a whole."""
    for flag in paper.flags:
        print(f"! {flag.message}")
