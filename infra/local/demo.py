"""The main job on files of this repository: uploads, a drop, a file whose total was altered and one that was cut off."""

import concurrent.futures
import hashlib
import json
import pathlib
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from decimal import Decimal

from emulator import client
from table import Column, show
from toolbox import ROOT, say

HERE = pathlib.Path(__file__).resolve().parent
EXPECTED = HERE / "demo" / "expected.json"
SAMPLES = ROOT / "shared" / "ingest" / "test_data" / "vendors"
REFERENCE = (("products", "catalogue.csv"), ("prices", "prices.csv"), ("fx-rates", "fx.csv"))
FINAL = {"completed", "needs_review", "duplicate", "rejected", "failed", "undone", "expired"}
# From the first byte to the last mail; far more than any file here takes.
PATIENCE_SECONDS = 60.0
POLL_SECONDS = 0.1
# Files under way at the same time: no two of them are about the same period.
AT_ONCE = 3


@dataclass
class Line:
    """One file: what was expected of it and what became of it."""

    expected: dict
    upload: dict
    mail: str
    seconds: float
    problems: list[str] = field(default_factory=list)
    # Name of the file that brought the same bytes first.
    first: str | None = None


def run(endpoints: dict) -> bool:
    """Does the demo, prints the table, and says whether every line was as expected."""
    api = Api(endpoints["api"])
    organization = api.enter(endpoints["demo"])
    say(f"demo organisation {organization['name']}; importing catalogue, prices and rates")
    for route, name in REFERENCE:
        api.call("POST", f"/v1/{route}/import", (SAMPLES / name).read_bytes(), "text/csv")
    before = {upload["id"]: upload for upload in api.list("/v1/uploads")}
    inbox = Inbox(endpoints["s3"], organization["slug"])
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        lines = list(pool.map(lambda expected: _take(api, inbox, expected, before), json.loads(EXPECTED.read_text())))
    print()
    show(COLUMNS, lines)
    wrong = [line for line in lines if line.problems]
    print(f"\n{len(lines) - len(wrong)} of {len(lines)} files as expected", flush=True)
    return not wrong


class Api:
    """The public API, as a client outside would use it."""

    def __init__(self, url: str):
        self.url = url
        self.token: str | None = None

    def enter(self, demo: dict) -> dict:
        """Logs the demo user in, or registers the organisation on first use; returns the organisation."""
        login = {name: demo[name] for name in ("email", "password")}
        try:
            session = self.call("POST", "/v1/auth/login", login)
        except urllib.error.HTTPError as refused:
            if refused.code != 401:
                raise
            session = self.call("POST", "/v1/auth/register", {**login, "organization": demo["organization"]})
        self.token = session["access_token"]
        return session["organization"]

    def call(self, method: str, path: str, body: dict | bytes | None = None, content_type: str = "application/json") -> dict:
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        request = urllib.request.Request(self.url + path, data=data, method=method)
        if data is not None:
            request.add_header("Content-Type", content_type)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as refused:
            if refused.code != 401:
                say(f"{method} {path} answered {refused.code}: {refused.read().decode(errors='replace')[:500]}")
            raise

    def list(self, path: str) -> list[dict]:
        """Everything in a list, page by page."""
        found, cursor = [], None
        while True:
            page = self.call("GET", f"{path}?limit=100" + (f"&cursor={urllib.parse.quote(cursor)}" if cursor else ""))
            found += page["data"]
            if not (cursor := page["next_cursor"]):
                return found


class Inbox:
    """The bucket, as a partner who drops files knows it."""

    def __init__(self, s3: dict, slug: str):
        self.bucket = s3["inbox_bucket"]
        self.slug = slug
        self.s3 = client("s3", s3["endpoint"])

    def drop(self, name: str, content: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=f"drops/{self.slug}/{name}", Body=content)


def _take(api: Api, inbox: Inbox, expected: dict, before: dict[str, dict]) -> Line:
    """Sends one file the way it says and waits for its final state and its mail."""
    path = ROOT / expected["file"]
    content = path.read_bytes()
    known = {upload["id"] for upload in api.list("/v1/uploads")}
    started = time.monotonic()
    if expected["how"] == "drop":
        inbox.drop(path.name, content)
        find = lambda: _dropped(api, path.name, known)  # noqa: E731
    else:
        announced = api.call("POST", "/v1/uploads", {"file_name": path.name, "size_bytes": len(content)})
        put = announced["upload"]
        request = urllib.request.Request(put["url"], data=content, method=put["method"], headers=put["headers"])
        urllib.request.urlopen(request, timeout=PATIENCE_SECONDS).close()
        find = lambda: api.call("GET", f"/v1/uploads/{announced['id']}")  # noqa: E731
    upload = _wait(lambda: (found := find()) and found["status"] in FINAL and found, started)
    if upload is None:
        say(f"{path.name}: not finished after {PATIENCE_SECONDS:.0f} s")
        return Line(expected, {"status": "unfinished"}, "-", time.monotonic() - started, ["not finished"])
    seconds = time.monotonic() - started
    mail = _mail(api, upload, started)
    line = Line(expected, upload, mail, seconds)
    if upload["status"] == "duplicate":
        line.first = api.call("GET", f"/v1/uploads/{upload['duplicate_of']}")["file_name"]
    line.problems = _problems(line, hashlib.sha256(content).hexdigest(), before)
    say(f"{path.name}: {upload['status']}" + "".join(f" — {problem}" for problem in line.problems))
    return line


def _dropped(api: Api, name: str, known: set[str]) -> dict | None:
    fresh = [u for u in api.call("GET", "/v1/uploads?limit=100")["data"] if u["id"] not in known and u["file_name"] == name]
    return fresh[0] if fresh else None


def _mail(api: Api, upload: dict, started: float) -> str:
    """Status of the mail about an upload."""

    def sent():
        mails = [mail for mail in api.call("GET", "/v1/emails?limit=100")["data"] if mail.get("upload_id") == upload["id"]]
        return next((mail["status"] for mail in mails if mail["status"] in ("sent", "failed")), None)

    return _wait(sent, started) or "missing"


def _wait(look, started: float):
    while time.monotonic() - started < PATIENCE_SECONDS:
        if found := look():
            return found
        time.sleep(POLL_SECONDS)
    return None


def _problems(line: Line, sha256: str, before: dict[str, dict]) -> list[str]:
    """What is not as expected. Of the same bytes as in an earlier run it is expected that they change nothing."""
    expected, upload = line.expected, line.upload
    problems = [] if line.mail == "sent" else [f"mail {line.mail}"]
    if upload["status"] == "duplicate" and any(earlier["sha256"] == sha256 for earlier in before.values()):
        return problems
    if upload["status"] != expected["status"]:
        return [f"expected {expected['status']}", *problems]
    for name in ("vendor", "rows"):
        actual = upload["rows"]["accepted"] if name == "rows" else upload.get(name)
        if name in expected and actual != expected[name]:
            problems.append(f"expected {name} {expected[name]}, got {actual}")
    if "totals" in expected and _amounts(upload["totals"]) != _amounts(expected["totals"]):
        problems.append(f"expected {_totals(expected['totals'])}")
    broken = [control for control in upload["controls"] if not control["ok"]]
    if expected["status"] == "completed" and broken:
        problems.append(f"{len(broken)} controls do not tie")
    if expected["status"] == "needs_review" and not broken:
        problems.append("expected a control that does not tie")
    return problems


def _amounts(totals: list[dict]) -> list[tuple]:
    return sorted((t["currency"], Decimal(t["quantity"]), Decimal(t["amount_local"])) for t in totals)


def _totals(totals: list[dict]) -> str:
    return " + ".join(f"{Decimal(t['amount_local']):,.2f} {t['currency']}" for t in totals)


def _name(expected: dict) -> str:
    return pathlib.PurePath(expected["file"]).name


def _periods(line: Line) -> str:
    periods = line.upload.get("periods") or []
    if not periods:
        return "-"
    first, last = min(p["start"] for p in periods), max(p["end"] for p in periods)
    return f"{len(periods)}: {first} … {last}"


def _rows(line: Line) -> str:
    rows = line.upload.get("rows")
    return f"{rows['accepted']}/{rows['rejected']}" if rows else "-"


def _controls(line: Line) -> str:
    controls = line.upload.get("controls") or []
    return f"{sum(c['ok'] for c in controls)}/{len(controls)}" if controls else "-"


def _outcome(line: Line) -> str:
    upload = line.upload
    text = f"duplicate of {line.first}" if line.first else upload["status"]
    if upload.get("error"):
        text += f" ({upload['error']['code']})"
    return text + (f" UNEXPECTED: {'; '.join(line.problems)}" if line.problems else "")


COLUMNS = [
    Column("file", lambda line: _name(line.expected), 44),
    Column("by", lambda line: line.expected["how"]),
    Column("vendor", lambda line: line.upload.get("vendor") or "-"),
    Column("periods", _periods),
    Column("rows ok/rej", _rows, right=True),
    Column("totals", lambda line: _totals(line.upload.get("totals") or []) or "-", right=True),
    Column("controls", _controls, right=True),
    Column("mail", lambda line: line.mail),
    Column("s", lambda line: f"{line.seconds:.1f}", right=True),
    Column("outcome", _outcome, 200),
]
