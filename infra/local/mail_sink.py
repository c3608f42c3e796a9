"""Stands in for SESv2 `SendEmail` and `GetAccount`: keeps every mail whole, attachments included, as an .eml file."""

import base64
import email
import email.policy
import hashlib
import http.server
import json
import pathlib
import re
import sys
import threading
import time

SEND_EMAIL = "/v2/email/outbound-emails"
GET_ACCOUNT = "/v2/email/account"
# Far more than a laptop sends.
QUOTA = {"Max24HourSend": 1e6, "MaxSendRate": 1000.0, "SentLast24Hours": 0.0}


class MailSink:
    """A server whose mails lie in `folder`, named by their Message-ID: the same mail sent twice is one file.

    `sends` gets a line for every call, so that a repeated send can be seen all the same.
    """

    def __init__(self, folder: pathlib.Path, sends: pathlib.Path, port: int):
        for needed in (folder, sends.parent):
            needed.mkdir(parents=True, exist_ok=True)
        self.url = f"http://127.0.0.1:{port}"
        handler = type("Handler", (_Handler,), {"folder": folder, "sends": sends, "lock": threading.Lock()})
        self._server = _Server(("127.0.0.1", port), handler)

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, daemon=True, name="mail-sink").start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address) -> None:
        """A caller that was killed while it sent or listened is what tests do, and no news."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder: pathlib.Path
    sends: pathlib.Path
    lock: threading.Lock

    def do_GET(self) -> None:
        if self.path != GET_ACCOUNT:
            return self._answer(404, {"message": f"the mail sink only knows {GET_ACCOUNT}"})
        return self._answer(200, {"SendingEnabled": True, "ProductionAccessEnabled": True, "SendQuota": QUOTA})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != SEND_EMAIL:
            return self._answer(404, {"message": f"the mail sink only knows {SEND_EMAIL}"})
        request = json.loads(body)
        raw = request.get("Content", {}).get("Raw", {}).get("Data")
        if raw is None:
            return self._answer(400, {"message": "the mail sink only takes raw mails"})
        message_id = self._keep(base64.b64decode(raw), request)
        return self._answer(200, {"MessageId": message_id})

    def _keep(self, mail: bytes, request: dict) -> str:
        headers = email.message_from_bytes(mail, policy=email.policy.default)
        name = re.sub(r"[^A-Za-z0-9.@_-]", "_", (headers["Message-ID"] or "").strip().strip("<>"))
        name = name or hashlib.sha256(mail).hexdigest()
        with self.lock:
            # Beside the folder, which never holds half a mail.
            unfinished = self.folder.with_suffix(".part")
            unfinished.write_bytes(mail)
            unfinished.replace(self.folder / f"{name}.eml")
            with open(self.sends, "a", encoding="utf-8") as log:
                to = request.get("Destination", {}).get("ToAddresses", [])
                log.write(json.dumps({"at": time.time(), "message_id": name, "to": to}) + "\n")
        return name

    def _answer(self, status: int, body: dict) -> None:
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_) -> None:
        pass
