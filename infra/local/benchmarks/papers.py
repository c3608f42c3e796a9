"""Reports written to files: ours, beside what Python programs write of the same rows."""

import pathlib
import sys

import toolbox
from benchmarks import paper_peers, usage
from benchmarks.report import Report

PAGES, ROWS = 200, 100_000
# HTML of 200 pages takes two minutes and more than a gigabyte: what a page costs is told by fewer.
HTML_PAGES = 20


def pdf(report: Report, write: pathlib.Path, folder: pathlib.Path) -> None:
    """A cover, charts, and 200 pages with a table of 40 rows and 8 columns each."""
    path = folder / "ours.pdf"
    ours = _best([write, "pages", PAGES, path])
    _check_pages(path, PAGES)
    title = f"PDF of {PAGES} pages, a 40 x 8 table each, cover and charts"
    report.add(title, "CPU", ours.cpu, None, "s", "<= 0.5 s")
    report.add(title, "peak memory", ours.peak / 2**20, None, "MiB", "<= 100 MiB")
    report.add(title, "size of the file", path.stat().st_size / 1e6, None, "MB", "<= 2 MB")
    for tool, pages, target in (("reportlab", PAGES, ">= 5 x"), ("weasyprint", HTML_PAGES, ">= 50 x")):
        path = folder / f"{tool}.pdf"
        peer = _peer(tool, pages, path)
        _check_pages(path, pages)
        report.add(title, f"{tool}, CPU a page of it against ours", peer.cpu / pages * 1e3, ours.cpu / PAGES * 1e3, "ms", target)
        report.note(f"{title}: {tool} takes {peer.peak / 2**20:.0f} MiB for {pages} pages and writes {path.stat().st_size / 1e6:.1f} MB")


def xlsx(report: Report, write: pathlib.Path, folder: pathlib.Path) -> None:
    """A long table, row by row."""
    path = folder / "ours.xlsx"
    ours = _best([write, "rows", ROWS, path])
    truth = paper_peers.revenue(ROWS)
    _check_sheet(path, truth)
    title = f"XLSX of {ROWS:,} x 17"
    report.add(title, "CPU", ours.cpu, None, "s", "<= 1.5 s")
    report.add(title, "peak memory", ours.peak / 2**20, None, "MiB", "<= 64 MiB")
    path = folder / "xlsxwriter.xlsx"
    peer = _peer("xlsxwriter", ROWS, path)
    _check_sheet(path, truth)
    report.add(title, "XlsxWriter in constant_memory, CPU of it against ours", peer.cpu, ours.cpu, "s", ">= 5 x")


def _best(command: list) -> usage.Used:
    """The cheapest of three runs."""
    return min((usage.run(command) for _ in range(3)), key=lambda run: run.cpu)


def _peer(tool: str, count: int, path: pathlib.Path) -> usage.Used:
    toolbox.say(f"{tool} writes {path.name}")
    return usage.run([sys.executable, paper_peers.__file__, tool, count, path])


def _check_pages(path: pathlib.Path, pages: int) -> None:
    """Every page has its table: the last row of each is found."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    words = " ".join(page.get_textpage().get_text_range() for page in document)
    for page in range(pages):
        if f"Eau de Parfum {(page * 40 + 39) % 4_001}" not in words:
            raise RuntimeError(f"{path.name} has lost the last row of table {page + 1}")
    if len(document) < pages:
        raise RuntimeError(f"{path.name} has {len(document)} pages")


def _check_sheet(path: pathlib.Path, truth: float) -> None:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    rows = book.get_sheet_by_name("Transactions").to_python()
    head = next(place for place, row in enumerate(rows) if row[0] == "Product")
    found = sum(row[5] for row in rows[head + 1 : head + 1 + ROWS])
    if abs(found - truth) > 0.01:
        raise RuntimeError(f"{path.name} says {found}, the rows {truth}")
