"""The whole system on one machine: Postgres, the AWS emulator with the deployed stack, mail, and one front port."""

import base64
import contextlib
import fcntl
import json
import os
import pathlib
import secrets
import signal
import socket
import time
import urllib.error
import urllib.request

import build
import children
import postgres
import waiting
from deploy import Deployment
from emulator import ACCESS_KEY, SECRET_KEY, Emulator
from front import Front
from identity_provider import ID, IdentityProvider
from mail_sink import MailSink
from toolbox import say

MAIL_FROM = "reports@shelfline.example"
DEMO = {"organization": "Maison Demo", "email": "demo@maison-demo.example"}


class Stopped(BaseException):
    """Ctrl-C or SIGTERM: leave everything in order and end."""


@contextlib.contextmanager
def stoppable():
    """Turns SIGINT, SIGTERM and the end of a calling make into `Stopped`, once; later signals do not disturb the end."""

    def stop(*_):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    parent = os.getppid()

    def look(*_):
        if os.getppid() != parent:
            stop()

    if "MAKELEVEL" in os.environ:
        # A make that was killed cannot tell us.
        signal.signal(signal.SIGALRM, look)
        signal.setitimer(signal.ITIMER_REAL, 1.0, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@contextlib.contextmanager
def bare_database(state: pathlib.Path):
    """A Postgres server alone, for tests that make a database each; what it holds may be lost."""
    state = state.resolve()
    state.mkdir(parents=True, exist_ok=True)
    running = children.Children(state)
    with contextlib.ExitStack() as held:
        port = free_port(held)
    server = postgres.Server(state, port, secrets.token_urlsafe(24))
    try:
        server.start(running, postgres.THROWAWAY)
        yield server
    finally:
        running.stop()


class System:
    """One running system. Create it with `running`."""

    def __init__(self, state: pathlib.Path, port: int):
        self.state = state
        self.children = children.Children(state)
        self.secrets = _kept(state / "secrets.json", _new_secrets)
        ports = _ports(state)
        self.database = postgres.Server(state, ports["postgres"], self.secrets["postgres_password"])
        self.emulator = Emulator(state, ports["aws"])
        self.mail = MailSink(state / "mail", state / "logs" / "sends.jsonl", ports["mail"])
        self.provider = IdentityProvider(ports["identity"])
        self.front = Front(port, ports["aws"])
        self.endpoints = state / "endpoints.json"
        self.stack: dict[str, str] = {}

    def start(self, parameters: dict[str, str], postgres_options: list[str]) -> None:
        """Builds and starts everything and waits until the API says that it is healthy."""
        self.mail.start()
        self.front.start()
        say("building the functions")
        built = build.functions()
        self.database.start(self.children, postgres_options)
        self.database.ensure_database(self.secrets["admin_password"])
        say(f"Postgres 18 on 127.0.0.1:{self.database.port}")
        self.provider.start(self.children)
        self.emulator.start(self.children, self.mail.url)
        say(f"AWS emulator on {self.emulator.url}")
        self._deploy(built, parameters)
        _write_private(self.endpoints, self.describe())

    def stop(self) -> None:
        self.endpoints.unlink(missing_ok=True)
        self.front.stop()
        self.children.stop()
        self.mail.stop()

    def describe(self) -> dict:
        """What tools need to know to talk to the system: the contents of endpoints.json."""
        url, secret = self.database.url, self.secrets
        return {
            "api": self.front.url,
            "database": {
                "admin": self.database.superuser_url(postgres.DATABASE),
                "application": url("shelfline_app", secret["app_password"], postgres.DATABASE),
                "reader": url("shelfline_reader", secret["reader_password"], postgres.DATABASE),
            },
            "s3": {
                "endpoint": self.emulator.url,
                "inbox_bucket": self.stack["InboxBucket"],
                "access_key_id": ACCESS_KEY,
                "secret_access_key": SECRET_KEY,
            },
            "mail_dir": str(self.state / "mail"),
            "demo": {**DEMO, "password": secret["demo_password"]},
            # Beyond the contract: for the end-to-end tests.
            "identity_provider": {"id": ID, "issuer": self.provider.issuer},
            "aws": {
                "endpoint": self.emulator.url,
                "ses_endpoint": self.mail.url,
                "queues": {
                    name: self.stack[f"{output}Url"]
                    for name, output in (
                        ("ingest", "IngestQueue"),
                        ("ingest_dlq", "IngestDlq"),
                        ("email", "EmailQueue"),
                        ("email_dlq", "EmailDlq"),
                        ("export", "ExportQueue"),
                        ("export_dlq", "ExportDlq"),
                        ("report", "ReportQueue"),
                        ("report_dlq", "ReportDlq"),
                    )
                },
                "functions": {"db-migrate": self.stack["DbMigrateFunction"], "upload-sweep": self.stack["UploadSweepFunction"]},
            },
        }

    def _deploy(self, built: dict[str, pathlib.Path], parameters: dict[str, str]) -> None:
        deployment = Deployment(self.emulator)
        url, secret = self.database.url, self.secrets
        application = url("shelfline_app", secret["app_password"], postgres.DATABASE)
        admin = {
            "url": url(postgres.ADMIN, secret["admin_password"], postgres.DATABASE),
            **{name: secret[name] for name in ("app_password", "reader_password", "wall_key")},
        }
        names = {
            "DatabaseSecretArn": deployment.secret("database", {"url": application, "wall_key": secret["wall_key"]}),
            "ReaderSecretArn": deployment.secret(
                "database-reader",
                {"url": url("shelfline_reader", secret["reader_password"], postgres.DATABASE), "wall_key": secret["wall_key"]},
            ),
            "AdminDatabaseSecretArn": deployment.secret("database-admin", admin),
            "TokenSecretArn": deployment.secret("token", {key: secret[key] for key in ("kid", "ed25519_seed", "mfa_key")}),
            "BuyerSecretArn": deployment.secret("buyers", {"key": secret["buyer_key"]}),
            "IdentityProvidersSecretArn": deployment.secret(
                "identity-providers", {"providers": [self.provider.settings(secret["client_secret"])]}
            ),
            "MailFrom": MAIL_FROM,
            "MailIdentity": MAIL_FROM.partition("@")[2],
            "PublicUrl": self.front.url,
            "ApiUrl": self.front.url,
            # The mail sink reports nothing.
            "MailReports": "off",
            "WebOrigin": self.front.url,
            # The usual address of a web development server.
            "SecondWebOrigin": "http://localhost:3000",
            # Ten times the defaults: one machine plays everybody.
            "SignInsPerMinute": "50",
            "UploadsPerHour": "6000",
            "ChatsPerMinute": "300",
            "RequestsPerMinute": "12000",
            "QuotaFilesPerDay": "20000",
            "QuotaBytesPerDay": str(200 << 30),
            "QuotaAiTokensPerMonth": "20000000",
            "Architecture": "arm64" if os.uname().machine in ("arm64", "aarch64") else "x86_64",
        }
        # Who is asked when the first one fails: a JSON list of {"dialect", "base_url", "model", "key"}.
        llm = {"key": os.environ.get("LLM_KEY"), "others": json.loads(os.environ.get("LLM_OTHERS") or "[]")}
        if os.environ.get("LLM_DIALECT"):
            llm["dialect"] = os.environ["LLM_DIALECT"]
        if parameters.get("LlmBaseUrl") and any(llm.values()):
            names["LlmSecretArn"] = deployment.secret("llm", llm)
        done = deployment.run(built, {**names, **parameters})
        self.stack = done.outputs
        if again := waiting.announce(self.emulator, self.database, self.stack["InboxBucket"], self.stack["IngestQueueUrl"]):
            say(f"{again} files were not read to their end and are announced again")
        # The emulator knows a function URL by the first label of its host.
        chat_stream = self.stack["ChatStreamUrl"].removeprefix("https://").partition(".")[0]
        self.front.serve(self.stack["ApiId"], {"/v1/chat/stream": chat_stream})
        children.wait_until(self.provider.answers, "the identity provider to answer", self.children)
        children.wait_until(self._healthy, "GET /v1/health to answer 200", self.children)
        say(f"template.yaml deployed ({done.uploaded} functions changed), database migrated, API healthy")

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.front.url}/v1/health", timeout=10) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
            return False


@contextlib.contextmanager
def running(state: pathlib.Path, port: int, parameters: dict[str, str], postgres_options: list[str] | None = None):
    """Starts a system on a state folder and stops it again, whatever happens."""
    state = state.resolve()
    state.mkdir(parents=True, exist_ok=True)
    with _alone(state):
        if left := children.end_leftovers(state):
            say(f"ended {left} processes that an earlier run left behind")
        (state / "endpoints.json").unlink(missing_ok=True)
        try:
            system = System(state, port)
        except OSError as problem:
            raise SystemExit(f"cannot listen on port {port}: {problem.strerror}; choose another with PORT=") from problem
        try:
            system.start(parameters, postgres_options or [])
            yield system
        finally:
            system.stop()


@contextlib.contextmanager
def _alone(state: pathlib.Path):
    """Holds the state folder; waits a little for a run that is just ending."""
    with open(state / "run.lock", "w") as lock:
        for _ in range(150):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.1)
        else:
            raise SystemExit(f"another run is using {state}; stop it first")
        yield


def _new_secrets() -> dict[str, str]:
    return {
        **{f"{name}_password": secrets.token_urlsafe(24) for name in ("postgres", "admin", "app", "reader", "demo")},
        "client_secret": secrets.token_urlsafe(24),
        "wall_key": secrets.token_hex(32),
        "buyer_key": secrets.token_urlsafe(32),
        "kid": secrets.token_hex(8),
        "ed25519_seed": base64.b64encode(secrets.token_bytes(32)).decode(),
        "mfa_key": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def _kept(path: pathlib.Path, create) -> dict:
    """The contents of a file, made on first use; members that a later version needs are added."""
    kept = json.loads(path.read_text()) if path.exists() else {}
    new = create()
    if new.keys() - kept.keys():
        _write_private(path, {**new, **kept})
    return json.loads(path.read_text())


def _write_private(path: pathlib.Path, contents: dict) -> None:
    """Writes a file for its owner alone; whoever sees it sees all of it."""
    unfinished = path.with_suffix(".part")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(contents, indent=2) + "\n")
    unfinished.replace(path)


def _ports(state: pathlib.Path) -> dict[str, int]:
    """Ports of the servers behind the front: those of the last run, or others where these are taken."""
    path = state / "ports.json"
    wanted = json.loads(path.read_text()) if path.exists() else {}
    with contextlib.ExitStack() as held:
        ports = {name: free_port(held, wanted.get(name, 0)) for name in ("postgres", "aws", "mail", "identity")}
    path.write_text(json.dumps(ports))
    return ports


def free_port(held: contextlib.ExitStack, wanted: int = 0) -> int:
    """A free port, kept taken until all have been chosen."""
    for port in (wanted, 0):
        probe = held.enter_context(socket.socket())
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return probe.getsockname()[1]
    raise RuntimeError("no free port")

