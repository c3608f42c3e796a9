"""Runs benchmarks and writes docs/benchmarks.md."""

import pathlib
import shutil

import toolbox
from benchmarks import loads, messy, usage, workbench
from benchmarks.report import Report

NAMES = ("load",)
# What docs/benchmarks.md is about; other lengths are only printed.
ROWS = 1_000_000
FOLDER = toolbox.LOCAL / "bench"


def run(options) -> None:
    names = options.names or NAMES
    unknown = set(names) - set(NAMES)
    if unknown:
        raise SystemExit(f"no such benchmark: {', '.join(sorted(unknown))}")
    report = Report()
    toolbox.say("building release code")
    programs = workbench.programs("job-file-ingest", "job-db-migrate", "api-uploads")
    files = FOLDER / "files"
    files.mkdir(parents=True, exist_ok=True)
    try:
        if "load" in names:
            _load(report, programs, files, options.rows)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    report.print()
    if not options.names and options.rows == ROWS:
        report.write()


def _load(report: Report, programs: dict[str, pathlib.Path], files: pathlib.Path, rows: int) -> None:
    path = files / "bench sell-out.csv"
    truth = messy.write(path, rows)
    toolbox.say(f"{path.name}: {rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
    with workbench.opened(FOLDER / "database", programs) as bench:
        used, seconds, upload = loads.load(bench, path)
        loads.check(bench, upload, truth)
        title = f"{rows:,}-row messy CSV to the real tables"
        _again(report, bench, files, rows, title, used)
        baseline, copy_seconds = loads.copy_baseline(bench)
        report.add(title, "CPU against `\\copy` binary of the finished rows", used.cpu, baseline.cpu, "s", "<= 1.6 x")
        report.add(title, "peak memory", used.peak / 2**20, None, "MiB", "<= 128 MiB")
        report.note(f"{title}: {seconds:.1f} s elapsed, `\\copy` {copy_seconds:.1f} s")
        for tool, target in (("polars", ">= 2 x"), ("pandas", ">= 6 x")):
            loads.clear(bench)
            peer = loads.peer(bench, tool, path)
            report.add(title, f"{tool} + COPY, CPU of it against ours", peer.cpu, used.cpu, "s", target)


def _again(report: Report, bench: workbench.Workbench, files: pathlib.Path, rows: int, title: str, first: usage.Used) -> None:
    """The same bytes once more, and a corrected file."""
    used, _, upload = loads.load(bench, files / "bench sell-out.csv")
    if upload["status"] != "duplicate":
        raise RuntimeError(f"the same bytes ended {upload['status']}")
    report.add(title, "the same bytes again, CPU against the first load", used.cpu, first.cpu, "s", "<= 0.1 x")
    path = files / "bench sell-out corrected.csv"
    truth = messy.write(path, rows, changed_share=0.01)
    used, _, upload = loads.load(bench, path)
    loads.check(bench, upload, truth)
    report.add(title, "1 % of the rows changed, CPU against the first load", used.cpu, first.cpu, "s", "<= 0.6 x")
    loads.clear(bench)
    loads.load(bench, files / "bench sell-out.csv")
