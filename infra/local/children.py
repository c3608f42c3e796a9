"""Child processes that always end: with the run that started them, or at the start of the next one."""

import contextlib
import os
import pathlib
import signal
import subprocess
import time

import psutil

# Every child inherits it, Lambda functions included: how a later run recognises what a killed one left behind.
MARK = "SHELFLINE_STATE"


class Children:
    """The processes of one run; `stop` ends them in reverse order of their start."""

    def __init__(self, state: pathlib.Path):
        self.state = state
        self._running: list[tuple[str, subprocess.Popen, signal.Signals]] = []

    def start(self, name: str, command: list, *, env: dict, stop_with=signal.SIGTERM, **options) -> subprocess.Popen:
        """Starts a child as the leader of its own process group, with its output in logs/<name>.log."""
        logs = self.state / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        with open(logs / f"{name}.log", "wb") as log:
            child = subprocess.Popen(
                [str(part) for part in command],
                env={**env, MARK: str(self.state)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **options,
            )
        self._running.append((name, child, stop_with))
        return child

    def check(self) -> None:
        """Raises when a child has ended by itself."""
        for name, child, _ in self._running:
            if child.poll() is not None:
                raise RuntimeError(f"{name} ended with {child.returncode}; see {self.state}/logs/{name}.log")

    def stop(self) -> None:
        """Ends all children and everything they started."""
        while self._running:
            name, child, stop_with = self._running.pop()
            _end_group(child, stop_with)
        end_leftovers(self.state)


def _end_group(child: subprocess.Popen, stop_with: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        # Postgres stops its own children in order; to the rest the signal goes as a group.
        os.kill(child.pid, stop_with) if stop_with == signal.SIGINT else os.killpg(child.pid, stop_with)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(timeout=10)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def end_leftovers(state: pathlib.Path) -> int:
    """Ends processes that an earlier run on this state left behind, and returns how many there were."""
    left = [process for process in psutil.process_iter() if process.pid != os.getpid() and _belongs_to(process, state)]
    for process in left:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    _, stubborn = psutil.wait_procs(left, timeout=5)
    for process in stubborn:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(stubborn, timeout=5)
    return len(left)


def _belongs_to(process: psutil.Process, state: pathlib.Path) -> bool:
    try:
        # Postgres overwrites its environment with its title, but works inside its data folder.
        return process.environ().get(MARK) == str(state) or process.cwd() == str(state / "postgres" / "data")
    except (psutil.Error, OSError):
        return False


def wait_until(condition, what: str, children: Children, seconds: float = 30.0):
    """Calls `condition` until it returns something true, and returns that."""
    deadline = time.monotonic() + seconds
    while True:
        if result := condition():
            return result
        children.check()
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {seconds:.0f} s; see {children.state}/logs")
        time.sleep(0.02)
