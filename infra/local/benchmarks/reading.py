"""Reading alone, without a database: a long workbook, and the files of all vendors."""

import json
import pathlib
import subprocess
import sys

import toolbox
from benchmarks import sheets, usage
from benchmarks.report import Report
from benchmarks.usage import Used

SHEET_ROWS = 100_000
SAMPLES = toolbox.ROOT / "shared" / "ingest" / "test_data" / "vendors" / "files"
# One reading is too short for the clock of the kernel.
TIMES = 20


def xlsx(report: Report, read: pathlib.Path, inputs: pathlib.Path) -> None:
    """A workbook read to typed rows, beside unpacking its sheets and beside calamine."""
    path = inputs / "sales.xlsx"
    truth = sheets.write(path, SHEET_ROWS)
    ours, printed = _best([read, path, "--vendor", "modehaus", "--json"], inputs)
    answer = json.loads(printed)
    [said] = answer["totals"]
    if (said["records"], int(said["quantity"]), float(said["amount"])) != (truth.rows, truth.quantity, float(truth.amount)):
        raise RuntimeError(f"the workbook says {truth}, we read {said}")
    unzip, _ = _best(["unzip", "-p", path, "xl/worksheets/*"], None)
    calamine, printed = _best([sys.executable, "-m", "benchmarks.sheets", path], inputs)
    if printed.split() != [str(truth.rows), str(truth.quantity), str(truth.amount)]:
        raise RuntimeError(f"the workbook says {truth}, calamine {printed}")
    title = f"{SHEET_ROWS:,} x {len(sheets.HEADER)} XLSX to typed rows"
    report.add(title, "CPU against unzip of its sheets", ours.cpu, unzip.cpu, "s", "<= 3 x")
    # Its own count: that of its parent begins with what the parent held.
    report.add(title, "peak memory", answer["peak_kib"] / 1024, None, "MiB", "<= 100 MiB")
    report.add(title, "python-calamine, CPU of it against ours", calamine.cpu, ours.cpu, "s", ">= 1 x")
    path.unlink()


def samples(report: Report, read: pathlib.Path) -> None:
    """What the vendors' files take from opening to the last row: the first look is a part of it."""
    for kind, target in (("csv", "<= 5 ms"), ("xls?", "<= 30 ms")):
        paths = sorted(SAMPLES.rglob(f"*.{kind}"))
        taken = sorted(_seconds(read, path) for path in paths)
        p95 = taken[-(-95 * len(taken) // 100) - 1]
        name = "CSV" if kind == "csv" else "XLSX"
        report.add(f"{len(paths)} {name} files of vendors", "first look and reading, p95 CPU", p95 * 1e3, None, "ms", target)


def _seconds(read: pathlib.Path, path: pathlib.Path) -> float:
    """Processor seconds of one reading, without those of the process' start."""
    once, often = (usage.run([read, path, "--times", times], stdout=subprocess.DEVNULL).cpu for times in (1, TIMES + 1))
    return (often - once) / TIMES


def _best(command: list, folder: pathlib.Path | None) -> tuple[Used, str]:
    """The cheapest of three runs, and what it printed where there is a folder to keep it in."""
    used = []
    printed = folder / "printed" if folder else pathlib.Path("/dev/null")
    for _ in range(3):
        with open(printed, "wb") as out:
            used.append(usage.run(command, stdout=out, cwd=pathlib.Path(__file__).parents[1]))
    return min(used, key=lambda run: run.cpu), printed.read_text()
