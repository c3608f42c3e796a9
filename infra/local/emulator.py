"""The AWS emulator (ministack): S3, SQS, Scheduler, Secrets Manager, API Gateway, and Lambda as local processes."""

import os
import pathlib
import shutil
import urllib.error
import urllib.request

import boto3
import children
from botocore.config import Config
from toolbox import VENV

REGION = "us-east-1"
ACCOUNT = "000000000000"
ACCESS_KEY = "test"
SECRET_KEY = "test"


class Emulator:
    """The emulator of one run. Objects in S3 are kept on disk; everything else is deployed anew at every start."""

    def __init__(self, state: pathlib.Path, port: int):
        self.home = state / "aws"
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def start(self, running: children.Children, mail_url: str) -> None:
        """Starts it with a clean environment, because the functions it runs inherit that."""
        scratch = self.home / "tmp"
        # Unpacked functions of the run before.
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        env = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "HOME": str(scratch),
            "TMPDIR": str(scratch),
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_HOST": "127.0.0.1",
            "BIND_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "MINISTACK_REGION": REGION,
            "LOG_LEVEL": "INFO",
            "STATE_DIR": str(self.home / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.home / "s3"),
            # What tells the functions that they are on a laptop: nothing in template.yaml does.
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ENDPOINT_URL_SESV2": mail_url,
            "S3_PATH_STYLE": "true",
        }
        running.start("emulator", [VENV / "bin" / "ministack"], env=env)
        children.wait_until(self._healthy, "the AWS emulator to answer", running)

    def client(self, service: str):
        """A boto3 client of a service of this emulator."""
        return client(service, self.url)

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=1):
                return True
        except (urllib.error.URLError, OSError):
            return False


def client(service: str, url: str):
    """A boto3 client of a service of the emulator at `url`."""
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        config=Config(s3={"addressing_style": "path"}, read_timeout=900, retries={"max_attempts": 1}),
    )
