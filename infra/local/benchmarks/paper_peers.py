"""What a careful engineer would write in Python for the same reports. Run as a program, so that it can be measured:
`paper_peers.py reportlab|weasyprint|xlsxwriter COUNT FILE`."""

import sys

HEADS = ("Product", "Store", "Date", "Units", "Price (EUR)", "Revenue (EUR)", "Returns (EUR)", "Share")


def row(number: int, width: int) -> list:
    """The cells that examples/report.rs writes."""
    money = number * 31 % 9_973 + number % 100 / 100
    cells = (
        f"Eau de Parfum {number % 4_001}", f"Store {number % 37}", f"2026-10-{number % 31 + 1:02}", number * 7 % 50,
        money, money, money, number % 90 + number % 10 / 10,
    )  # fmt: skip
    return [cells[place % 8] for place in range(width)]


def revenue(rows: int) -> float:
    return sum(row(number, 8)[5] for number in range(rows))


def shown(cells: list) -> list[str]:
    texts = [f"{cell:,.2f}" if isinstance(cell, float) else str(cell) for cell in cells]
    texts[2] = "/".join(reversed(texts[2].split("-")))
    texts[7] = f"{cells[7]:.1f}%"
    return texts


def table(page: int) -> tuple[list[list[str]], list[str]]:
    rows = [row(page * 40 + number, 8) for number in range(40)]
    sums = [sum(cells[place] for cells in rows) for place in (3, 4, 5, 6)]
    return [shown(cells) for cells in rows], ["", "", "", str(sums[0]), *(f"{value:,.2f}" for value in sums[1:]), ""]


def reportlab(count: int, path: str) -> None:
    """Platypus with tables that repeat their heads, as its manual has it, and a numbered canvas for `page x of y`."""
    from reportlab.graphics.charts.linecharts import HorizontalLineChart
    from reportlab.graphics.shapes import Drawing
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

    class Numbered(Canvas):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            self.states = []

        def showPage(self):
            self.states.append(dict(self.__dict__))
            self._startPage()

        def save(self):
            for state in self.states:
                self.__dict__.update(state)
                self.setFont("Helvetica", 7.5)
                self.drawRightString(A4[0] - 48, 30, f"Page {self._pageNumber} of {len(self.states)}")
                super().showPage()
            super().save()

    styles = getSampleStyleSheet()
    look = TableStyle(
        [
            ("FONTSIZE", (0, 0), (-1, -1), 8), ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold"), ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
            ("ROWBACKGROUNDS", (0, 1), (-1, -2), (colors.white, colors.whitesmoke)), ("LINEBELOW", (0, 0), (-1, 0), 1, colors.navy),
            ("LINEABOVE", (0, -1), (-1, -1), 0.8, colors.black), ("FONTNAME", (0, -1), (-1, -1), "Helvetica-Bold"),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ]
    )  # fmt: skip
    story = [Paragraph("Benchmark", styles["Title"]), PageBreak()]
    for _ in range(3):
        drawing, chart = Drawing(500, 180), HorizontalLineChart()
        chart.width, chart.height, chart.x, chart.y = 440, 140, 40, 20
        chart.data = [[100 + month * seed % 70 for month in range(12)] for seed in (17, 29)]
        chart.categoryAxis.categoryNames = [f"{month:02}/2026" for month in range(1, 13)]
        drawing.add(chart)
        story.append(drawing)
    for page in range(count):
        rows, sums = table(page)
        story += [PageBreak(), Paragraph(f"Section {page + 1}", styles["Heading1"])]
        story.append(Table([HEADS, *rows, sums], repeatRows=1, style=look))
    SimpleDocTemplate(path, pagesize=A4, leftMargin=48, rightMargin=48, topMargin=40, bottomMargin=50).build(story, canvasmaker=Numbered)


def weasyprint(count: int, path: str) -> None:
    """HTML with a style sheet for print; charts as SVG."""
    from weasyprint import HTML

    style = """@page { size: A4; margin: 16mm; @bottom-right { content: "Page " counter(page) " of " counter(pages); font-size: 7.5pt } }
      body { font: 8pt sans-serif } h1 { break-before: page; bookmark-level: 1 } table { width: 100%; border-collapse: collapse }
      td, th { padding: 1.5pt 4pt; text-align: right } th { border-bottom: 1pt solid navy } td:first-child { text-align: left }
      tr:nth-child(even) { background: #f6f8fa } tfoot td { border-top: 1pt solid black; font-weight: bold }"""
    parts = [f"<html lang='en'><head><title>Benchmark</title><style>{style}</style></head><body><p>Benchmark</p>"]
    for _ in range(3):
        lines = "".join(
            f"<polyline fill='none' stroke='{colour}' points='{' '.join(f'{month * 40},{180 - month * seed % 70}' for month in range(12))}'/>"
            for seed, colour in ((17, "navy"), (29, "orange"))
        )
        parts.append(f"<svg width='500' height='200' xmlns='http://www.w3.org/2000/svg'>{lines}</svg>")
    for page in range(count):
        rows, sums = table(page)
        body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for cells in rows)
        heads = "".join(f"<th>{head}</th>" for head in HEADS)
        foot = "".join(f"<td>{cell}</td>" for cell in sums)
        parts.append(f"<h1>Section {page + 1}</h1><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody><tfoot><tr>{foot}</tr></tfoot></table>")
    HTML(string="".join(parts)).write_pdf(path)


def xlsxwriter(count: int, path: str) -> None:
    """Row by row in constant memory, typed, with a frozen head and sums."""
    import datetime

    from xlsxwriter import Workbook
    from xlsxwriter.utility import xl_col_to_name

    book = Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Transactions")
    money, percent, date = (book.add_format({"num_format": code}) for code in ("#,##0.00", "0.0%", "dd/mm/yyyy"))
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, [HEADS[place % 8] for place in range(17)])
    for number in range(count):
        for place, cell in enumerate(row(number, 17)):
            kind = place % 8
            if kind < 2:
                sheet.write_string(number + 1, place, cell)
            elif kind == 2:
                sheet.write_datetime(number + 1, place, datetime.datetime.strptime(cell, "%Y-%m-%d"), date)
            elif kind == 7:
                sheet.write_number(number + 1, place, cell / 100, percent)
            else:
                sheet.write_number(number + 1, place, cell, money if kind > 3 else None)
    for place in range(17):
        if 3 <= place % 8 <= 6:
            column = xl_col_to_name(place)
            sheet.write_formula(count + 1, place, f"=SUM({column}2:{column}{count + 1})")
    book.close()


if __name__ == "__main__":
    {"reportlab": reportlab, "weasyprint": weasyprint, "xlsxwriter": xlsxwriter}[sys.argv[1]](int(sys.argv[2]), sys.argv[3])
