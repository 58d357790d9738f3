"""Keeps the web server and the worker running: whichever ends, for whatever reason, is started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from types import FrameType

SHORTEST_LIFE_S = 2.0  # one that ends sooner is started again after a pause


def commands(host: str, port: int) -> dict[str, list[str]]:
    """The programs of an installation, by name."""
    granian = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--no-ws",
        "--host",
        host,
        "--port",
        str(port),
    ]
    return {
        "web": [
            *granian,
            "--workers",
            "2",
            "--blocking-threads",
            "8",
            "--log-level",
            "warning",
            "thucchat.web.config.wsgi:application",
        ],
        "worker": [sys.executable, "-m", "thucchat.cli", "worker"],
    }


class Supervisor:
    """Runs programs until told to stop."""

    def __init__(self, programs: Mapping[str, list[str]], environment: Mapping[str, str]) -> None:
        self.programs, self.environment = programs, {**os.environ, **environment}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.stopping = False

    def run(self) -> None:
        """Start everything; return after SIGTERM or SIGINT, when everything has ended."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        while not self.stopping:
            for name in self.programs:
                self.look_after(name)
            time.sleep(0.2)
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait()

    def look_after(self, name: str) -> None:
        """Start the program if it is not running; one that fails at once waits before the next try."""
        process = self.running.get(name)
        if process is not None and process.poll() is None:
            return
        if time.monotonic() - self.started.get(name, -SHORTEST_LIFE_S) < SHORTEST_LIFE_S:
            return
        self.running[name] = subprocess.Popen(self.programs[name], env=self.environment)
        self.started[name] = time.monotonic()

    def stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002  as signals are handled
        self.stopping = True
