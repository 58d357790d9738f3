"""`thucchat ledger`: seals and exports the ledger, and checks an export against printed roots."""

import argparse
from pathlib import Path

from thucchat.cli.files import write_json
from thucchat.cli.parser import Parser
from thucchat.engine.custody.ledger_check import check, read_root
from thucchat.engine.errors import InvalidInput

NOT_PROVED = 1


def configure(parser: Parser) -> None:
    """Add the sub-commands."""
    actions = parser.add_subparsers(title="việc cần làm", required=True, metavar="VIỆC")
    export = actions.add_parser("export", help="chốt sổ rồi ghi ra tệp, kèm các mã gốc")
    export.add_argument("file", type=Path, help="tệp sẽ ghi; mã gốc vào tệp cùng tên đuôi .roots")
    export.set_defaults(run=run_export)
    verify = actions.add_parser("verify", help="kiểm tra tệp sổ, nêu và chỉ chỗ mọi sai khác")
    verify.add_argument("file", type=Path, help="tệp do `ledger export` ghi")
    verify.add_argument("--root", action="append", default=[], help="mã gốc in trong biên bản")
    verify.add_argument("--roots", type=Path, help="tệp mã gốc, mỗi dòng một mã")
    verify.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    verify.set_defaults(run=run_verify)


def run_export(options: argparse.Namespace) -> int:
    """Seal what waits, then write every event and every root as the owner, who sees all units."""
    from thucchat.web.config.entry import set_up

    set_up()
    from django.db import connections, transaction
    from django.utils import timezone

    from thucchat.web.ledger.actions.sealing import seal_all
    from thucchat.web.ledger.queries.export import ledger_lines, root_lines

    seal_all(at=timezone.now())
    # One snapshot: events and roots of the same moment.
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with options.file.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in ledger_lines(cursor))
        roots = list(root_lines(cursor))
    options.file.with_suffix(".roots").write_text("".join(f"{root}\n" for root in roots), "utf-8")
    print(roots[-1] if roots else "Sổ chưa có sự kiện nào.")
    return 0


def run_verify(options: argparse.Namespace) -> int:
    """Say whether the export holds; exit code 1 where it does not."""
    texts = [*options.root, *(options.roots.read_text("utf-8").splitlines() if options.roots else ())]
    with options.file.open("rb") as lines:
        verdict = check(lines, map(_root, texts))
    if options.json:
        faults = [
            {"code": one.code, "first": one.first, "last": one.last, "message": one.message}
            for one in verdict.faults
        ]
        write_json({"valid": not faults, "size": verdict.size, "root": verdict.root, "faults": faults})
    else:
        for fault in verdict.faults:
            print(f"! {fault.message}")
        print(f"{'SAI' if verdict.faults else 'ĐÚNG'}: THUCCHAT-SO {verdict.size} {verdict.root}")
    return NOT_PROVED if verdict.faults else 0


def _root(text: str) -> tuple[int, str]:
    root = read_root(text)
    if root is None:
        raise InvalidInput("ledger.root", f"“{text}” không có dạng “THUCCHAT-SO số mã”.")
    return root
