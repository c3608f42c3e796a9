"""The report that goes out every month, from its message to the file in S3, out of books that have grown for years."""

import datetime
import io
import json
import statistics
import time
import uuid

from benchmarks import brand
from benchmarks.workbench import BUCKET, Workbench, sqs

ROWS = 1_000_000
RUNS = 15
FROM, TO = datetime.date(2026, 9, 1), datetime.date(2026, 9, 30)


def seconds(bench: Workbench) -> tuple[float, int]:
    """The median of many reports, and the pages of one. The first ones open connections and read memory."""
    brand.write(bench, brand.rows(ROWS))
    owner = bench.sql(
        "INSERT INTO users (id, org_id, email, password_hash, role) "
        f"VALUES (uuidv7(), '{bench.org}', 'owner@bench.example', 'none', 'owner') RETURNING id"
    )
    function = bench.function("report-generate")
    function.wait_ready()
    taken, pages = [], 0
    for _ in range(RUNS + 3):
        report = _ask(bench, owner)
        started = time.perf_counter()
        answer = function.invoke(sqs(json.dumps({"org_id": bench.org, "report_id": report})))
        taken.append(time.perf_counter() - started)
        pages = _check(bench, report, answer)
    function.stop()
    return statistics.median(taken[3:]), pages


def _ask(bench: Workbench, owner: str) -> str:
    report = str(uuid.uuid4())
    bench.sql(
        "INSERT INTO reports (id, org_id, requested_by, on_behalf_of, kind, format, locale, first_day, last_day, scope) "
        f"VALUES ('{report}', '{bench.org}', '{owner}', '{owner}', 'sales_summary', 'pdf', 'en', '{FROM}', '{TO}', '{{}}')"
    )
    return report


def _check(bench: Workbench, report: str, answer: dict) -> int:
    """A report only counts when it is there, whole, and shows what the rows add up to."""
    import pypdfium2

    if answer["batchItemFailures"]:
        raise RuntimeError("the report was not made")
    [path] = (bench.aws.folder / BUCKET).rglob(f"*{report}*")
    data = path.read_bytes()
    status, size = bench.sql(f"SELECT status, size_bytes FROM reports WHERE id = '{report}'").split("|")
    if (status, int(size)) != ("ready", len(data)):
        raise RuntimeError(f"the report ended {status} with {size} bytes, the file has {len(data)}")
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    words = " ".join(page.get_textpage().get_text_range() for page in document)
    revenue = bench.sql(f"SELECT to_char(sum(amount_eur), 'FM999,999,999,990.00') FROM sales WHERE counts_on BETWEEN '{FROM}' AND '{TO}'")
    if revenue not in words:
        raise RuntimeError(f"{revenue} is not in the report")
    return len(document)
