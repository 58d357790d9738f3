"""The program of the child process: a file on its input, sheets on its output, and no way to anything else.

Run as `python -m thucchat.web.shared.spreadsheets.child KIND`. It limits itself before it reads.
"""

import codecs
import json
import resource
import sys

import polars as pl

from thucchat.engine.errors import InvalidInput
from thucchat.web.shared.spreadsheets.checks import MEBIBYTE
from thucchat.web.shared.spreadsheets.packing import frame_to_bytes, pack
from thucchat.web.shared.spreadsheets.parsing import read_csv, read_excel

CPU_S = 30
MEMORY = 700 * MEBIBYTE
REFUSED = 3  # exit code: the reason stands on the output


def limit_self() -> None:
    """No more time or memory than a large honest file needs; no new file, no socket, no core dump."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    for unwanted in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
        resource.setrlimit(unwanted, (0, 0))


def warm_up() -> None:
    """Load what the libraries open late, while files can still be opened."""
    frame_to_bytes(pl.DataFrame({"0": ["a"]}))
    for encoding in ("cp437", "utf-8-sig", "utf-16", "latin-1"):
        codecs.lookup(encoding)


def main() -> int:
    data = sys.stdin.buffer.read()
    warm_up()
    limit_self()
    try:
        sheets = read_csv(data) if sys.argv[1] == "csv" else read_excel(data, zipped=sys.argv[1] == "xlsx")
    except InvalidInput as error:
        sys.stdout.write(json.dumps([error.code, error.message]))
        return REFUSED
    sys.stdout.buffer.write(pack(sheets))
    return 0


if __name__ == "__main__":
    sys.exit(main())
