"""A migrated database, the functions in release code, and one organisation: what every benchmark starts from."""

import base64
import contextlib
import pathlib
import secrets
import shutil
import subprocess
import uuid

import build
import children
import postgres
from benchmarks import usage
from benchmarks.host import Aws, Function

BUCKET = "inbox"
QUEUE = "http://127.0.0.1/queue"
# Work in the background would land in whichever measurement is running.
QUIET = ["-c", "autovacuum=off", "-c", "max_wal_size=8GB", "-c", "checkpoint_timeout=1h", "-c", "shared_buffers=512MB"]


class Workbench:
    """Create it with `opened`."""

    def __init__(self, folder: pathlib.Path, server: postgres.Server, postmaster: int, programs: dict[str, pathlib.Path]):
        self.folder, self.server, self.postmaster, self.programs = folder, server, postmaster, programs
        self.org = str(uuid.uuid4())
        passwords = {name: secrets.token_urlsafe(24) for name in ("admin", "app", "reader")}
        wall_key = secrets.token_hex(32)
        server.ensure_database(passwords["admin"])
        self.aws = Aws(
            folder / "objects",
            {
                "application": {"url": server.url("shelfline_app", passwords["app"], postgres.DATABASE), "wall_key": wall_key},
                "admin": {
                    "url": server.url(postgres.ADMIN, passwords["admin"], postgres.DATABASE), "wall_key": wall_key,
                    "app_password": passwords["app"], "reader_password": passwords["reader"],
                },
                "buyers": {"key": secrets.token_urlsafe(32)},
                "token": {"kid": "bench", **{key: base64.b64encode(secrets.token_bytes(32)).decode() for key in ("ed25519_seed", "mfa_key")}},
            },
        )  # fmt: skip
        migrate = self.function("db-migrate")
        migrate.invoke({})
        migrate.stop()
        self.sql(f"INSERT INTO organizations (id, slug, name) VALUES ('{self.org}', 'bench', 'Bench')")

    def sql(self, text: str) -> str:
        return self.server.psql(text, postgres.DATABASE)

    def function(self, name: str) -> Function:
        """Starts a function."""
        return Function(self.programs[name], self.environment())

    def environment(self) -> dict[str, str]:
        """All that template.yaml would give a function."""
        return {
            "AWS_ENDPOINT_URL": self.aws.url, "S3_PATH_STYLE": "true", "DATABASE_SECRET_ARN": "application",
            "ADMIN_DATABASE_SECRET_ARN": "admin", "TOKEN_SECRET_ARN": "token", "BUYER_SECRET_ARN": "buyers", "INBOX_BUCKET": BUCKET,
            "REPORTS_BUCKET": BUCKET, "REPORT_QUEUE_URL": QUEUE, "EMAIL_QUEUE_URL": QUEUE, "INGEST_QUEUE_URL": QUEUE, "PUBLIC_URL": "http://127.0.0.1",
            "LIMIT_SIGN_INS_PER_MINUTE": "100000", "LIMIT_UPLOADS_PER_HOUR": "100000", "LIMIT_CHATS_PER_MINUTE": "100000",
            "LIMIT_REQUESTS_PER_MINUTE": "100000000", "WEB_ORIGINS": "http://127.0.0.1",
            "QUOTA_FILES_PER_DAY": "1000000", "QUOTA_BYTES_PER_DAY": str(1 << 50), "QUOTA_AI_TOKENS_PER_MONTH": "1000000",
        }  # fmt: skip

    def announce(self, path: pathlib.Path, vendor: str) -> tuple[str, dict]:
        """Makes an upload of a file; its id and the message that S3 would send."""
        upload = str(uuid.uuid4())
        key = f"uploads/{self.org}/{upload}"
        target = self.aws.folder / BUCKET / key
        target.parent.mkdir(parents=True, exist_ok=True)
        target.hardlink_to(path)
        size = path.stat().st_size
        self.sql(
            "INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at, vendor_hint) VALUES "
            f"('{upload}', '{self.org}', '{path.name}', {size}, 'api', '{key}', clock_timestamp(), '{vendor}')"
        )
        entity = {"bucket": {"name": BUCKET}, "object": {"key": key, "size": size, "eTag": "1", "sequencer": "1"}}
        record = {"eventName": "ObjectCreated:Put", "eventTime": "2026-05-01T08:00:00.000Z", "s3": entity}
        return upload, {"Records": [record]}

    def cpu(self) -> float:
        """Processor seconds of the database so far."""
        return usage.cpu_of_server(self.postmaster)


def sqs(*bodies: str) -> dict:
    """The event with which SQS calls a function."""
    return {
        "Records": [
            {
                "messageId": str(number), "receiptHandle": "r", "body": body, "md5OfBody": "", "messageAttributes": {},
                "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1767225600000"},
                "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:bench", "awsRegion": "us-east-1",
            }
            for number, body in enumerate(bodies)
        ]
    }  # fmt: skip


@contextlib.contextmanager
def opened(folder: pathlib.Path, programs: dict[str, pathlib.Path]):
    """A workbench in an empty folder, removed afterwards."""
    children.end_leftovers(folder.resolve())
    subprocess.run(["rm", "-rf", folder], check=True)
    folder.mkdir(parents=True)
    running = children.Children(folder.resolve())
    with contextlib.ExitStack() as held:
        import system

        port = system.free_port(held)
    server = postgres.Server(folder.resolve(), port, secrets.token_urlsafe(24))
    try:
        server.start(running, [*postgres.THROWAWAY, *QUIET])
        postmaster = int((server.data / "postmaster.pid").read_text().split()[0])
        yield Workbench(folder, server, postmaster, programs)
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def programs(packages: tuple[str, ...], names: tuple[str, ...], examples: tuple[str, ...]) -> dict[str, pathlib.Path]:
    """Builds functions and examples of these packages in the profile that is measured; name to path."""
    selection = [f"--package={package}" for package in packages]
    selection += [f"--bin={name}" for name in names] + [f"--example={name}" for name in examples]
    return build.programs("--profile", "fast", *selection)
