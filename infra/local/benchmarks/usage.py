"""What processes have used, from the counters that the kernel keeps."""

import os
import pathlib
import resource
import subprocess
from dataclasses import dataclass

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Used:
    """Processor seconds and peak resident memory in bytes."""

    cpu: float
    peak: int = 0


def cpu_of(pid: int, with_ended_children: bool = False) -> float:
    """Processor seconds of a process so far; of its collected children too when asked."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    own = int(fields[11]) + int(fields[12])
    children = int(fields[13]) + int(fields[14]) if with_ended_children else 0
    return (own + children) / TICKS


def cpu_of_server(pid: int) -> float:
    """Processor seconds of a Postgres server: the postmaster, what it has collected, and its living backends."""
    total = cpu_of(pid, with_ended_children=True)
    for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            total += cpu_of(int(child))
        except FileNotFoundError:
            # It ended between the two looks and is counted with the postmaster from now on.
            continue
    return total


def peak_of(pid: int) -> int:
    """The most memory that a living process has ever held, in bytes."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def run(command: list, **options) -> Used:
    """Runs a command to its end."""
    child = subprocess.Popen([str(part) for part in command], **options)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {child.returncode}")
    return Used(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def own() -> float:
    """Processor seconds of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
