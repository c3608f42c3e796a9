"""A workbook of 100,000 order lines in 17 columns, and what others need to read it."""

import datetime
import pathlib
import random
import sys
from decimal import Decimal

from benchmarks import messy

HEADER = (
    "Order Date", "Order ID", "Store", "City", "Country", "EAN", "SKU", "Product Name", "Category", "Size", "Season", "Quantity", "Unit Price",
    "Net Sales", "VAT", "Currency", "Sales Person Team",
)  # fmt: skip
SEED = 3


def write(path: pathlib.Path, rows: int) -> messy.Truth:
    """Writes the workbook as Excel would: shared strings, dates as numbers with a format."""
    import xlsxwriter

    random_ = random.Random(SEED)
    cities = [("Paris", "FR"), ("Lyon", "FR"), ("Berlin", "DE"), ("Hamburg", "DE"), ("Madrid", "ES"), ("Wien", "AT")]
    eans = messy.catalogue()[:800]
    prices = [random_.randrange(900, 32_000) for _ in eans]
    book = xlsxwriter.Workbook(path, {"constant_memory": False})
    day_format, money_format = book.add_format({"num_format": "dd.mm.yyyy"}), book.add_format({"num_format": "#,##0.00"})
    sheet = book.add_worksheet("Sales")
    sheet.write_row(0, 0, HEADER)
    truth = messy.Truth(rows=rows)
    for row in range(1, rows + 1):
        product, quantity = random_.randrange(len(eans)), random_.randrange(1, 4)
        city, country = cities[random_.randrange(len(cities))]
        cents = prices[product] * quantity
        day = datetime.datetime(2026, 1, 1) + datetime.timedelta(days=random_.randrange(90))
        truth.quantity += quantity
        truth.cents += cents
        sheet.write_datetime(row, 0, day, day_format)
        sheet.write_string(row, 1, f"SO-{row:07d}")
        texts = (f"{city} Flagship {product % 9}", city, country, eans[product], f"SKU{product:05d}", f"Eau de Parfum No. {product}", "Fragrance",
                 f"{(30, 50, 100)[product % 3]} ml", "SS26")  # fmt: skip
        for column, text in enumerate(texts, 2):
            sheet.write_string(row, column, text)
        sheet.write_number(row, 11, quantity)
        sheet.write_number(row, 12, prices[product] / 100, money_format)
        sheet.write_number(row, 13, cents / 100, money_format)
        sheet.write_number(row, 14, round(cents / 500) / 100, money_format)
        sheet.write_string(row, 15, "EUR")
        sheet.write_string(row, 16, f"Team {product % 4}")
    book.close()
    return truth


def with_calamine(path: str) -> tuple[int, int, Decimal]:
    """What a Python program on calamine makes of it: rows of date, store, EAN, quantity and amount."""
    from python_calamine import CalamineWorkbook

    header, *lines = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    place = {name: header.index(name) for name in ("Order Date", "Store", "EAN", "Quantity", "Net Sales")}
    rows = [
        (line[place["Order Date"]], line[place["Store"]], line[place["EAN"]], int(line[place["Quantity"]]), Decimal(repr(line[place["Net Sales"]])))
        for line in lines
    ]
    return len(rows), sum(row[3] for row in rows), sum(row[4] for row in rows)


if __name__ == "__main__":
    print(*with_calamine(sys.argv[1]))
