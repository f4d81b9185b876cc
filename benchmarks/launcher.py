"""Starts one command and tells its seconds, its peak memory in kilobytes and its exit status, as one line of JSON.

`python -I -S launcher.py OUTPUT COMMAND ...`. A process is charged with the memory of the one that started it, so that
is a small one: this, and not the benchmark with its million goods.
"""

import os
import sys
import time

output = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
files = [(os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_DUP2, output, 2)]
started = time.perf_counter()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ, file_actions=files)
_, status, usage = os.wait4(child, 0)
elapsed = time.perf_counter() - started
os.write(1, f"[{elapsed}, {usage.ru_maxrss}, {os.waitstatus_to_exitcode(status)}]".encode())
