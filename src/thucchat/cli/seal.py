"""`thucchat seal`: keys of custodians, sealing and opening of files, on a machine without a network."""

import argparse
import os
from pathlib import Path

from thucchat.cli.parser import Parser
from thucchat.engine.custody.ciphers import CIPHERS, Age
from thucchat.engine.custody.sealed_file import Custodian, from_bytes, to_bytes
from thucchat.engine.custody.sealing import seal, unseal
from thucchat.engine.errors import InvalidInput

PRIVATE = 0o600


def configure(parser: Parser) -> None:
    """Add the sub-commands."""
    actions = parser.add_subparsers(title="việc cần làm", required=True, metavar="VIỆC")
    key = actions.add_parser("key", help="tạo khoá của một người giữ khoá; khoá bí mật không rời máy này")
    key.add_argument("file", type=Path, help="tệp sẽ chứa khoá bí mật, nên ở trên thẻ nhớ")
    key.set_defaults(run=run_key)
    close = actions.add_parser("close", help="niêm phong một tệp cho k trong n người giữ khoá")
    close.add_argument("file", type=Path, help="tệp cần niêm phong")
    close.add_argument(
        "--keeper", action="append", required=True, metavar="TÊN=KHOÁ", help="một người giữ khoá"
    )
    close.add_argument("--needed", type=int, required=True, help="số người phải có mặt để mở")
    close.add_argument("--label", required=True, help="nhãn ai cũng đọc được")
    close.add_argument("--out", type=Path, required=True, help="tệp niêm phong sẽ ghi")
    close.set_defaults(run=run_close)
    opened = actions.add_parser("open", help="mở tệp niêm phong bằng khoá của đủ số người")
    opened.add_argument("file", type=Path, help="tệp niêm phong")
    opened.add_argument("--key", type=Path, action="append", required=True, help="tệp khoá bí mật")
    opened.add_argument("--out", type=Path, required=True, help="tệp sẽ ghi nội dung")
    opened.set_defaults(run=run_open)


def run_key(options: argparse.Namespace) -> int:
    """Make a key; an existing file is never overwritten."""
    cipher = CIPHERS[Age.name]
    secret = cipher.new_secret()
    try:
        handle = os.open(options.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    except FileExistsError:
        raise InvalidInput("seal.exists", f"Đã có tệp “{options.file}”; không ghi đè khoá.") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{secret}\n")
    print(cipher.recipient(secret))
    return 0


def run_close(options: argparse.Namespace) -> int:
    """Seal a file."""
    keepers = [_keeper(text) for text in options.keeper]
    sealed = seal(options.file.read_bytes(), keepers, options.needed, label=options.label)
    options.out.write_bytes(to_bytes(sealed))
    print(f"Đã niêm phong vào {options.out}: cần {options.needed} trong {len(keepers)} người.")
    return 0


def run_open(options: argparse.Namespace) -> int:
    """Open a sealed file and say by whose keys."""
    secrets = [path.read_text("ascii", "replace").strip() for path in options.key]
    opened = unseal(from_bytes(options.file.read_bytes()), secrets)
    options.out.write_bytes(opened.content)
    print(f"Đã mở bằng khoá của {', '.join(opened.by)}, ghi vào {options.out}.")
    return 0


def _keeper(text: str) -> Custodian:
    name, sign, recipient = text.rpartition("=")
    if not sign or not name.strip():
        raise InvalidInput("seal.keeper", f"“{text}” phải có dạng TÊN=KHOÁ, ví dụ “Phòng khảo thí=age1…”.")
    return Custodian(name.strip(), recipient.strip())
