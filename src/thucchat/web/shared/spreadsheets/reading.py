"""Reading a spreadsheet that may be hostile: checked here, parsed by a child process."""

import json
import os
import subprocess
import sys

from thucchat.engine.errors import InvalidInput
from thucchat.web.shared.spreadsheets.checks import RESAVE, check_spreadsheet
from thucchat.web.shared.spreadsheets.model import Sheet
from thucchat.web.shared.spreadsheets.packing import unpack

PATIENCE_S = 90.0
REFUSED = 3
CHILD = "thucchat.web.shared.spreadsheets.child"


def read_spreadsheet(data: bytes) -> list[Sheet]:
    """All sheets of the file, every cell as text.

    Raises:
        InvalidInput: any of `check_spreadsheet`'s; `file.unreadable`, `file.heavy`, `file.sheets`,
            `file.rows`, `file.columns` when the child process refuses it or dies of it.
    """
    kind = check_spreadsheet(data)
    command = [sys.executable, "-P", "-m", CHILD, kind]
    # One thread: a pool would reserve memory for each. No secrets: the environment is not handed on.
    environment = {
        "POLARS_MAX_THREADS": "1",
        "RAYON_NUM_THREADS": "1",
        "LC_ALL": "C.UTF-8",
        "PATH": os.defpath,
    }
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=PATIENCE_S, check=False, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise _too_heavy() from error
    if done.returncode == REFUSED:
        code, message = json.loads(done.stdout)
        raise InvalidInput(code, message)
    if done.returncode < 0:
        raise _too_heavy()
    if done.returncode:
        raise InvalidInput("file.unreadable", f"Tệp bị hỏng, không đọc được. {RESAVE}")
    return unpack(done.stdout)


def _too_heavy() -> InvalidInput:
    return InvalidInput(
        "file.heavy", f"Tệp cần quá nhiều bộ nhớ hoặc thời gian để đọc nên đã bị dừng. {RESAVE}"
    )
