"""Our program, called through a process that has it imported (see `warm`): `call.py SOCKET ARGUMENTS`."""

import json
import os
import socket
import sys
from pathlib import Path


def main() -> int:
    """Run it with this process's folder, environment and streams; its exit code."""
    told = json.dumps({"arguments": sys.argv[2:], "folder": str(Path.cwd()), "environment": dict(os.environ)})
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as program:
        program.connect(sys.argv[1])
        socket.send_fds(program, [told.encode()], [0, 1, 2])
        return int(program.recv(8) or b"1")


sys.exit(main())
