"""Runs benchmarks and writes docs/benchmarks.md."""

import pathlib
import shutil

import toolbox
from benchmarks import brand, files, loads, messy, monthly, papers, questions, reading, sign_in, starts, upkeep, usage, workbench
from benchmarks.report import Report

NAMES = ("load", "memory", "files", "start", "xlsx", "detect", "sign_in", "pdf", "report_xlsx", "monthly", "questions")
# What docs/benchmarks.md is about; other lengths are only printed.
ROWS = 1_000_000
FOLDER = toolbox.LOCAL / "bench"
PACKAGES = ("job-file-ingest", "job-db-migrate", "api-auth", "api-uploads", "edge", "ingest", "reporting", "api-analytics", "api-reports", "job-report-generate")
FUNCTIONS = (
    "file-ingest", "db-migrate", "uploads-get", "auth-register", "auth-login", "analytics-summary", "analytics-breakdown", "analytics-compare",
    "report-generate", "reports-get",
)  # fmt: skip


def run(options) -> None:
    names = options.names or NAMES
    unknown = set(names) - set(NAMES)
    if unknown:
        raise SystemExit(f"no such benchmark: {', '.join(sorted(unknown))}")
    report = Report()
    toolbox.say("building release code")
    programs = workbench.programs(PACKAGES, FUNCTIONS, examples=("hello", "read", "report"))
    inputs = FOLDER / "files"
    inputs.mkdir(parents=True, exist_ok=True)
    try:
        if "load" in names:
            _load(report, programs, inputs, options.rows)
        if "memory" in names:
            _memory(report, programs, inputs, options.rows)
        if "files" in names:
            _files(report, programs, inputs, options.rows)
        if "start" in names:
            _start(report, programs)
        if "xlsx" in names:
            reading.xlsx(report, programs["read"], inputs)
        if "detect" in names:
            reading.samples(report, programs["read"])
        if "sign_in" in names:
            _sign_in(report, programs)
        if "pdf" in names:
            papers.pdf(report, programs["report"], inputs)
        if "report_xlsx" in names:
            papers.xlsx(report, programs["report"], inputs)
        if "monthly" in names:
            _monthly(report, programs)
        if "questions" in names:
            _questions(report, programs, inputs, options.rows)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    report.print()
    if not options.names and options.rows == ROWS:
        report.write()


def _load(report: Report, programs: dict[str, pathlib.Path], inputs: pathlib.Path, rows: int) -> None:
    path = inputs / "bench sell-out.csv"
    truth = messy.write(path, rows)
    toolbox.say(f"{path.name}: {rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
    with workbench.opened(FOLDER / "database", programs) as bench:
        # Postgres' memory is cold once; what ours is compared with comes later and finds it warm.
        loads.load(bench, path)
        loads.clear(bench)
        used, seconds, upload = loads.load(bench, path)
        loads.check(bench, upload, truth)
        title = f"{rows:,}-row messy CSV to the real tables"
        _again(report, bench, inputs, rows, title, used)
        baseline, copy_seconds = loads.copy_baseline(bench)
        report.add(title, "CPU against `\\copy` binary of the finished rows", used.cpu, baseline.cpu, "s", "<= 1.6 x")
        report.add(title, "peak memory", used.peak / 2**20, None, "MiB", "<= 128 MiB")
        report.note(f"{title}: {seconds:.1f} s elapsed, `\\copy` {copy_seconds:.1f} s")
        for tool, target in (("polars", ">= 2 x"), ("pandas", ">= 6 x")):
            loads.clear(bench)
            peer = loads.peer(bench, tool, path)
            report.add(title, f"{tool} + COPY, CPU of it against ours", peer.cpu, used.cpu, "s", target)


def _again(report: Report, bench: workbench.Workbench, inputs: pathlib.Path, rows: int, title: str, first: usage.Used) -> None:
    """The same bytes once more, and a corrected file."""
    used, _, upload = loads.load(bench, inputs / "bench sell-out.csv")
    if upload["status"] != "duplicate":
        raise RuntimeError(f"the same bytes ended {upload['status']}")
    report.add(title, "the same bytes again, CPU against the first load", used.cpu, first.cpu, "s", "<= 0.1 x")
    path = inputs / "bench sell-out corrected.csv"
    truth = messy.write(path, rows, changed_share=0.01)
    used, _, upload = loads.load(bench, path)
    loads.check(bench, upload, truth)
    report.add(title, "1 % of the rows changed, CPU against the first load", used.cpu, first.cpu, "s", "<= 0.6 x")
    loads.clear(bench)
    loads.load(bench, inputs / "bench sell-out.csv")


def _memory(report: Report, programs: dict[str, pathlib.Path], inputs: pathlib.Path, rows: int) -> None:
    """A file ten times as long takes no more memory."""
    path = inputs / "long sell-out.csv"
    # The limit on files is half a gigabyte: short lines make ten times the rows of it.
    truth = messy.write(path, 10 * rows, short=True)
    with workbench.opened(FOLDER / "database", programs) as bench:
        used, seconds, upload = loads.load(bench, path)
        loads.check(bench, upload, truth)
        title = f"{10 * rows:,} rows in one file, {path.stat().st_size / 1e6:.0f} MB"
        report.add(title, "peak memory", used.peak / 2**20, None, "MiB", "<= 128 MiB")
        report.note(f"{title}: {used.cpu:.1f} s CPU, {seconds:.1f} s elapsed")
    path.unlink()


def _files(report: Report, programs: dict[str, pathlib.Path], inputs: pathlib.Path, rows: int) -> None:
    count, each = rows // 1_000, 5_000
    single = inputs / "single sell-out.csv"
    truth = messy.write(single, rows)
    paths = files.write(inputs, count, each)
    with workbench.opened(FOLDER / "database", programs) as bench:
        _, seconds, upload = loads.load(bench, single)
        loads.check(bench, upload, truth)
        loads.clear(bench)
        rate, alone = count * each / files.load(bench, paths), rows / seconds
        files.check(bench, count, each)
    report.add(f"{count:,} files x {each:,} rows through two workers", "rows a second, against one file", rate, alone, "/s", ">= 0.7 x")
    for path in paths:
        path.unlink()


def _sign_in(report: Report, programs: dict[str, pathlib.Path]) -> None:
    with workbench.opened(FOLDER / "database", programs) as bench:
        wrong, unknown = sign_in.seconds(bench)
    longer, shorter = max(wrong, unknown) * 1e3, min(wrong, unknown) * 1e3
    report.add("refused sign-in", "unknown address against wrong password, the longer against the shorter", longer, shorter, "ms", "<= 1.05 x")


def _start(report: Report, programs: dict[str, pathlib.Path]) -> None:
    with workbench.opened(FOLDER / "database", programs) as bench:
        hello = starts.seconds(bench, "hello")
        for name in ("file-ingest", "uploads-get"):
            taken = starts.seconds(bench, name)
            report.add(f"{name}, start of the process", "to its first request, against a hello-world function", taken * 1e3, hello * 1e3, "ms", "<= 2 x")


def _monthly(report: Report, programs: dict[str, pathlib.Path]) -> None:
    with workbench.opened(FOLDER / "database", programs) as bench:
        seconds, pages = monthly.seconds(bench)
        report.add(f"monthly report of {pages} pages from {monthly.ROWS:,} rows", "message to file in S3, median", seconds * 1e3, None, "ms", "<= 300 ms")
        for name in ("report-generate", "reports-get"):
            report.add(f"{name}, start of the process", "to its first request", starts.seconds(bench, name) * 1e3, None, "ms", "<= 60 ms")


def _questions(report: Report, programs: dict[str, pathlib.Path], inputs: pathlib.Path, rows: int) -> None:
    """Ten rows for each of the messy file."""
    frame = brand.rows(10 * rows)
    with workbench.opened(FOLDER / "database", programs) as bench:
        seconds = brand.write(bench, frame)
        report.note(f"{len(frame):,} rows written and summed up: {seconds}")
        questions.measure(report, bench, frame)
        sums, whole = upkeep.seconds(bench, inputs)
        report.add(f"{upkeep.ROWS:,}-row upload into {len(frame):,} rows", "upkeep of the rollup and its levels", sums, None, "s", "<= 0.5 s")
        report.note(f"{upkeep.ROWS:,}-row upload into {len(frame):,} rows: {whole:.1f} s elapsed")
