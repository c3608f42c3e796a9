"""The least that a function needs to run: the Runtime API, and stand-ins for the AWS services it calls.

The emulator of `make run` costs 50–95 ms a call and shares the processor; this host costs next to nothing, so that what
is measured is the function and the database.
"""

import collections
import json
import os
import pathlib
import subprocess
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NEXT = "/2018-06-01/runtime/invocation/next"
CHUNK = 256 * 1024


class Aws:
    """S3 over a folder (`/bucket/key` is a file), Secrets Manager over a dictionary, SQS that swallows everything."""

    def __init__(self, folder: pathlib.Path, secrets: dict[str, dict]):
        aws = self
        self.folder, self.secrets = folder, secrets
        self.sent: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                path = aws.folder / self.path.split("?")[0].lstrip("/")
                size = path.stat().st_size
                self.send_response(200)
                for name, value in (("Content-Length", size), ("ETag", '"1"'), ("Content-Type", "application/octet-stream")):
                    self.send_header(name, str(value))
                self.end_headers()
                with open(path, "rb") as file:
                    self.connection.sendfile(file)

            def do_PUT(self):
                data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if "aws-chunked" in self.headers.get("Content-Encoding", ""):
                    data = _unchunked(data)
                path = aws.folder / self.path.split("?")[0].lstrip("/")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                self.send_response(200)
                for name, value in (("Content-Length", "0"), ("ETag", '"1"')):
                    self.send_header(name, value)
                self.end_headers()

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
                if self.headers.get("X-Amz-Target", "").endswith("GetSecretValue"):
                    secret = body["SecretId"]
                    answer = {"ARN": secret, "Name": secret, "SecretString": json.dumps(aws.secrets[secret])}
                else:
                    aws.sent.append(body.get("MessageBody", ""))
                    answer = {"MessageId": str(uuid.uuid4())}
                data = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/x-amz-json-1.0")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self.server = _serve(Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


class Function:
    """One process of a function under a Runtime API of its own."""

    def __init__(self, binary: pathlib.Path, environment: dict[str, str]):
        function = self
        self.waiting = collections.deque()
        self.answers: dict[str, object] = {}
        self.changed = threading.Condition()
        self.ready = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                assert self.path == NEXT, self.path
                function.ready.set()
                with function.changed:
                    function.changed.wait_for(lambda: function.waiting)
                    request, event = function.waiting.popleft()
                if event is None:
                    self.close_connection = True
                    return
                self.send_response(200)
                deadline = int((time.time() + 900) * 1000)
                for name, value in (
                    ("Lambda-Runtime-Aws-Request-Id", request), ("Lambda-Runtime-Deadline-Ms", deadline), ("Content-Length", len(event)),
                    ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:bench"),
                ):  # fmt: skip
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(event)

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                request = self.path.split("/")[-2]
                with function.changed:
                    function.answers[request] = (self.path.rsplit("/", 1)[-1], body)
                    function.changed.notify_all()
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self.server = _serve(Handler)
        self.started = time.perf_counter()
        self.process = process(binary, self.server.server_port, environment)

    def wait_ready(self) -> float:
        """Seconds from the start of the process to its first request for work."""
        if not self.ready.wait(30):
            raise RuntimeError(f"{self.process.args[0]} did not start: {self.process.poll()}")
        return time.perf_counter() - self.started

    def invoke(self, event: dict):
        """Hands over an event and waits for the answer."""
        request = str(uuid.uuid4())
        with self.changed:
            self.waiting.append((request, json.dumps(event).encode()))
            self.changed.notify_all()
            while request not in self.answers:
                self.changed.wait(1.0)
                if self.process.poll() is not None:
                    raise RuntimeError(f"{self.process.args[0]} ended with {self.process.returncode}")
            kind, body = self.answers.pop(request)
        if kind == "error":
            raise RuntimeError(body.decode())
        return json.loads(body or b"null")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        with self.changed:
            self.waiting.append(("", None))
            self.changed.notify_all()
        self.server.shutdown()


def process(binary: pathlib.Path, port: int, environment: dict[str, str]) -> subprocess.Popen:
    """A function under the Runtime API at this port."""
    return subprocess.Popen(
        [binary],
        env={
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
            "AWS_LAMBDA_FUNCTION_NAME": binary.name, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024", "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_LOG_STREAM_NAME": "bench", "AWS_LAMBDA_LOG_GROUP_NAME": "bench",
            "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
            "TMPDIR": os.environ.get("TMPDIR", "/tmp"), "LOG_LEVEL": "error", **environment,
        },
    )  # fmt: skip


def _unchunked(data: bytes) -> bytes:
    """A body in chunks with their lengths, as the SDK sends one whose checksum comes last."""
    whole, place = b"", 0
    while True:
        end = data.index(b"\r\n", place)
        length = int(data[place:end].split(b";")[0], 16)
        if not length:
            return whole
        whole += data[end + 2 : end + 2 + length]
        place = end + 2 + length + 2


def _serve(handler) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
