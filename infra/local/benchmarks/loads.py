"""The main job at length: a messy CSV file into the real tables, against Postgres' own COPY of the finished rows."""

import json
import pathlib
import sys
import time

import postgres
from benchmarks import messy, usage
from benchmarks.usage import Used
from benchmarks.workbench import BUCKET, Workbench, sqs

# Nobody has seen a file of this vendor: the generic reader has to understand it.
VENDOR = "kaufhaus"


def load(bench: Workbench, path: pathlib.Path) -> tuple[Used, float, dict]:
    """Loads a file with `file-ingest`: what it used with the database, seconds, and the upload as it ended."""
    upload, event = bench.announce(path, VENDOR)
    function = bench.function("file-ingest")
    function.wait_ready()
    before, started = bench.cpu() + usage.cpu_of(function.process.pid), time.perf_counter()
    answer = function.invoke(sqs(json.dumps(event)))
    seconds = time.perf_counter() - started
    used = Used(bench.cpu() + usage.cpu_of(function.process.pid) - before, usage.peak_of(function.process.pid))
    function.stop()
    if answer["batchItemFailures"]:
        raise RuntimeError(f"{path.name} was not taken")
    row = bench.sql(f"SELECT row_to_json(u) FROM uploads u WHERE id = '{upload}'")
    return used, seconds, json.loads(row)


def check(bench: Workbench, upload: dict, truth: messy.Truth) -> None:
    """A load only counts when all three of the upload, the rows and the rollup say what the file says."""
    if upload["status"] != "completed":
        raise RuntimeError(f"the upload ended {upload['status']}: {upload['questions']} {upload['error']}")
    expected = f"{truth.rows}|{truth.quantity}|{truth.amount}"
    for table, count in (("sales", "count(*)"), ("sales_daily", "sum(records)")):
        said = bench.sql(f"SELECT {count}, sum(quantity), sum(amount_local) FROM {table} WHERE org_id = '{bench.org}'")
        if said != expected:
            raise RuntimeError(f"{table} says {said}, the file {expected}")
    untied = bench.sql(f"SELECT count(*) FILTER (WHERE ok), count(*) FILTER (WHERE NOT ok) FROM upload_controls WHERE upload_id = '{upload['id']}'")
    tied, broken = map(int, untied.split("|"))
    if broken or tied < truth.rows // messy.SUBTOTAL_EVERY:
        raise RuntimeError(f"{tied} controls tie, {broken} do not")


def copy_baseline(bench: Workbench) -> tuple[Used, float]:
    """Empties the tables and copies the same finished rows and sums back with `psql \\copy` in binary."""
    psql = [postgres.binaries() / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", bench.server.superuser_url(postgres.DATABASE)]
    copies = []
    for table in ("sellout_entries", "sales_rollup"):
        path = bench.folder.resolve() / f"{table}.bin"
        columns = bench.sql(
            "SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute "
            f"WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
        )
        usage.run([*psql, "-c", f"\\copy {table} ({columns}) TO '{path}' (FORMAT binary)"])
        copies += ["-c", f"\\copy {table} ({columns}) FROM '{path}' (FORMAT binary)"]
    bench.sql("TRUNCATE sellout_entries, reporting_periods, period_versions, sales_rollup, sales_levels; CHECKPOINT")
    before, started = bench.cpu(), time.perf_counter()
    client = usage.run([*psql, *copies])
    seconds = time.perf_counter() - started
    used = Used(client.cpu + bench.cpu() - before, client.peak)
    for path in bench.folder.resolve().glob("*.bin"):
        path.unlink()
    return used, seconds


def clear(bench: Workbench) -> None:
    """An empty organisation."""
    bench.sql("TRUNCATE sellout_entries, reporting_periods, period_versions, sales_rollup, sales_levels, upload_controls, upload_rejects, email_logs, uploads CASCADE; CHECKPOINT")
    for path in (bench.aws.folder / BUCKET).rglob("*"):
        if path.is_file():
            path.unlink()


def peer(bench: Workbench, tool: str, path: pathlib.Path) -> Used:
    """Loads the same file with another tool and COPY."""
    upload, _ = bench.announce(path, VENDOR)
    before = bench.cpu()
    program = pathlib.Path(__file__).with_name("peers.py")
    client = usage.run([sys.executable, program, tool, path, bench.server.superuser_url(postgres.DATABASE), bench.org, upload])
    return Used(client.cpu + bench.cpu() - before, client.peak)
