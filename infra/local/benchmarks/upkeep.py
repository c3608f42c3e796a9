"""What an upload pays for the sums that questions are answered from, in books that have grown for years."""

import pathlib
import re
import time

from benchmarks import loads, messy
from benchmarks.workbench import Workbench

ROWS = 100_000
# The statements of data::rollup, as the server's log shows them.
STATEMENT = re.compile(r"duration: ([\d.]+) ms +(?:execute|statement)[^:]*: (-- Sums of rows|DELETE FROM sales_rollup|SELECT wall\.count_orders)")


def seconds(bench: Workbench, inputs: pathlib.Path) -> tuple[float, float]:
    """Seconds of the rollup and all its levels, and of the whole upload."""
    path = inputs / "another sell-out.csv"
    truth = messy.write(path, ROWS)
    log = bench.folder.resolve() / "logs" / "postgres.log"
    size = log.stat().st_size
    _log(bench, "SET log_min_duration_statement = 0")
    started = time.perf_counter()
    _, _, upload = loads.load(bench, path)
    taken = time.perf_counter() - started
    _log(bench, "RESET log_min_duration_statement")
    if upload["status"] != "completed" or upload["rows_accepted"] != truth.rows:
        raise RuntimeError(f"the upload ended {upload['status']} with {upload['rows_accepted']} rows: {upload['questions']}")
    with open(log, encoding="utf-8", errors="replace") as file:
        file.seek(size)
        durations = [float(ms) for ms, _ in STATEMENT.findall(file.read())]
    if not durations:
        raise RuntimeError("the log shows no statement of the rollup")
    return sum(durations) / 1e3, taken


def _log(bench: Workbench, setting: str) -> None:
    bench.sql(f"ALTER SYSTEM {setting}")
    bench.sql("SELECT pg_reload_conf()")
