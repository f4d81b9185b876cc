"""Our program, started quickly: a process that has it imported forks one for each `call`. A pipeline calls it dozens of
times, and most of a start is importing. `warm.py SOCKET` serves until its stdin ends."""

import importlib
import json
import os
import select
import socket
import sys
from typing import Any

from catalog_sync.cli import COMMANDS, catalog_sync
from catalog_sync.cli.border import run

LATE = ("catalog_sync.state.opening", "catalog_sync.report.markdown", "catalog_sync.wechat.token", "alembic.command")
"""What commands import when they need it."""


def serve(path: str) -> None:
    """Fork for each call, and answer with its exit code."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
        server.bind(path)
        server.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while server in select.select([server, sys.stdin], [], [])[0]:
            caller, _address = server.accept()
            with caller:
                told, streams, _flags, _from = socket.recv_fds(caller, 1 << 20, 3)
                child = os.fork()
                if child == 0:
                    _become(json.loads(told), streams)
                for stream in streams:
                    os.close(stream)
                caller.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def _become(told: dict[str, Any], streams: list[int]) -> None:
    """The forked process: our program, as its caller sees it."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.chdir(told["folder"])
    os.environ.clear()
    os.environ.update(told["environment"])
    sys.argv = ["catalog-sync", *told["arguments"]]
    code = run(catalog_sync, sys.argv[1:])
    sys.stderr.flush()
    os._exit(code)


for name in (*(f"catalog_sync.cli.{each.replace('-', '_')}" for each in COMMANDS), *LATE):
    importlib.import_module(name)
serve(sys.argv[1])
