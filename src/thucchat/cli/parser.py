"""An argument parser that speaks Vietnamese."""

import argparse
import sys
from collections.abc import Iterable
from typing import NoReturn


class Formatter(argparse.HelpFormatter):
    """Help text with a Vietnamese usage line."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, prefix or "Cách dùng: ")


class Parser(argparse.ArgumentParser):
    """Used for every command and sub-command; a wrong call ends with exit code 2."""

    def __init__(self, *args: object, **options: object) -> None:
        options.setdefault("formatter_class", Formatter)
        options.setdefault("add_help", False)
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed on as they came
        self.add_argument("-h", "--help", action="help", help="in phần trợ giúp này rồi thoát")
        self._positionals.title = "tham số"
        self._optionals.title = "tuỳ chọn"

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"Lỗi: {message}\n")
