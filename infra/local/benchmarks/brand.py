"""A brand of any size, straight in the tables: what people ask questions about when the books have grown for years.

Forty retailers and web shops with six hundred stores sell 150 products in four currencies, a fifth of it as order lines.
The rows are made here and copied as they are, so that every total is known without asking the database.
"""

import datetime
import hashlib
import io
import time
import uuid

import postgres
from benchmarks import messy
from benchmarks.workbench import Workbench

VENDORS, SHOPS, STORES, PRODUCTS = 40, 2, 600, 150
CATEGORIES = ("Bath", "Body", "Candle", "Discovery Set", "Hair", "Home", "Perfume", "Travel")
FIRST, LAST = datetime.date(2023, 11, 1), datetime.date(2026, 10, 31)
DAYS = (LAST - FIRST).days + 1
# One row of so many is a line of an order; an order has two, and one order of a hundred has them on two days.
ONLINE, LINES, SPREAD = 5, 2, 100
# Currency and country of a vendor, and what a unit costs in ten thousandths of a euro, for good.
PLACES = (("EUR", "DE", 10_000), ("GBP", "GB", 11_500), ("EUR", "FR", 10_000), ("PLN", "PL", 2_300), ("EUR", "ES", 10_000), ("SEK", "SE", 900))
CHUNK = 1_000_000
SHARED = (
    "org_id, upload_id, vendor, period_start, period_end, sale_date, store_kind, product_ean, quantity, amount_local, currency, vat_included, "
    "amount_eur, rate, rate_month, rate_source, line_class, country, source_row, key_hash, content_hash, active"
)


def rows(count: int, seed: int = 5):
    """The rows as a polars frame. Amounts are whole numbers: cents, and millionths of a euro."""
    import numpy
    import polars as pl

    random = numpy.random.default_rng(seed)
    draw = lambda high, size=count: random.integers(0, high, size, dtype=numpy.int32)
    number = numpy.arange(count)
    line = number % ONLINE == 0
    order = (number // ONLINE // LINES).astype("int32")
    # An order has one shop, and one day unless it spreads.
    order_day, order_shop = draw(DAYS, int(order[-1]) + 1), draw(SHOPS, int(order[-1]) + 1)
    late = (order % SPREAD == 0) & (number // ONLINE % LINES == 1)
    day = numpy.where(line, (order_day[order] + late) % DAYS, draw(DAYS))
    store = draw(STORES)
    vendor = numpy.where(line, VENDORS - SHOPS + order_shop[order], store % (VENDORS - SHOPS))
    product, quantity = draw(PRODUCTS), 1 + (draw(10) >= 8) * draw(4)
    cents = (900 + product.astype("int64") * 131 % 24_000) * quantity - draw(200)
    back = draw(50) == 0
    sign = numpy.where(back, -1, 1)
    names = [f"Store {number:03d}" for number in range(STORES)]
    place = lambda column: [PLACES[vendor % len(PLACES)][column] for vendor in range(VENDORS)]
    frame = pl.DataFrame({
        "line": line, "order": order, "day": day.astype("int32"), "vendor": vendor.astype("int32"), "store": store, "product": product,
        "quantity": (quantity * sign).astype("int32"), "cents": (cents * sign).astype("int64"), "back": back, "row": (number % 1_000_000).astype("int32"),
    })  # fmt: skip
    pick = lambda values, column: pl.Series(values).gather(frame[column]).alias(column)
    vendors = frame["vendor"]
    return frame.with_columns(
        (pl.lit(FIRST) + pl.duration(days="day")).cast(pl.Date).alias("day"),
        pick([f"vendor_{number:02d}" for number in range(VENDORS)], "vendor"),
        pl.when("line").then(None).otherwise(pick(names, "store")).alias("store"),
        pick(messy.catalogue()[:PRODUCTS], "product"), pick([CATEGORIES[number % len(CATEGORIES)] for number in range(PRODUCTS)], "product").alias("category"),
        pl.Series("currency", place(0)).gather(vendors), pl.Series("country", place(1)).gather(vendors), pl.Series("rate", place(2)).gather(vendors),
    ).with_columns((pl.col("cents") * pl.col("rate")).alias("euro"))  # fmt: skip


def write(bench: Workbench, frame) -> str:
    """Books the rows as if files had brought them: a statement a vendor and month, order lines as they came. Says how long it took."""
    import psycopg

    started = time.perf_counter()

    _catalogue(bench)
    with psycopg.connect(bench.server.superuser_url(postgres.DATABASE)) as connection, connection.cursor() as cursor:
        for start in range(0, len(frame), CHUNK):
            part = _columns(bench, frame.slice(start, CHUNK))
            for table, more, lines in (("sellout_entries", "store, cut", False), ("ecommerce_orders", "order_id, line_key, is_gift", True)):
                chosen = part.filter(line=lines).select([name.strip() for name in f"{SHARED}, {more}".split(",")])
                text = io.BytesIO()
                chosen.write_csv(text, include_header=False)
                with cursor.copy(f"COPY {table} ({SHARED}, {more}) FROM STDIN (FORMAT csv)") as copy:
                    copy.write(text.getvalue())
    bench.sql(f"""
        INSERT INTO reporting_periods (org_id, upload_id, vendor, cut, period_start, period_end, currency, version, stated_at, document_kind,
            records, quantity, change, active)
        SELECT '{bench.org}', upload_id, vendor, 'main', period_start, period_end, min(currency), max(version), now(), max(kind), count(*), 0, 'new', true
        FROM (SELECT upload_id, vendor, period_start, period_end, currency, 1 AS version, 'snapshot' AS kind FROM sellout_entries
              UNION ALL SELECT upload_id, vendor, period_start, period_end, currency, NULL, 'increment' FROM ecommerce_orders) AS said
        GROUP BY upload_id, vendor, period_start, period_end""")  # fmt: skip
    written = time.perf_counter()
    for year in range(FIRST.year, LAST.year + 1):
        bench.sql(f"""
            SET work_mem = '1GB';
            INSERT INTO sales_rollup (org_id, vendor, counts_on, channel, store, store_kind, product_ean, currency, country, line_class,
                records, quantity, with_quantity, amount_local, with_amount, amount_eur, with_euro, unconverted, paired_quantity, paired_eur)
            SELECT org_id, vendor, counts_on, channel, store, store_kind, product_ean, currency, country, line_class, count(*), sum(quantity), count(*),
                sum(amount_local), count(*), sum(amount_eur), count(*), 0, sum(quantity), sum(amount_eur)
            FROM sales WHERE counts_on BETWEEN '{year}-01-01' AND '{year}-12-31'
            GROUP BY org_id, vendor, counts_on, channel, store, store_kind, product_ean, currency, country, line_class
            ORDER BY org_id, counts_on, vendor, store, store_kind, product_ean, currency, country, line_class, channel""")  # fmt: skip
    bench.sql(f"SELECT wall.count_orders('{bench.org}', vendor, NULL) FROM (SELECT DISTINCT vendor FROM ecommerce_orders) AS shops; VACUUM ANALYZE")
    return f"{written - started:.0f} s and {time.perf_counter() - written:.0f} s"


def _catalogue(bench: Workbench) -> None:
    products = ", ".join(
        f"('{bench.org}', '{ean}', 'SKU{number:03d}', 'Product {number}', '{CATEGORIES[number % len(CATEGORIES)]}', 'regular', true)"
        for number, ean in enumerate(messy.catalogue()[:PRODUCTS])
    )
    vendors = ", ".join(f"('{bench.org}', 'vendor_{number:02d}', 'Vendor {number}')" for number in range(VENDORS))
    bench.sql(
        f"INSERT INTO products (org_id, ean, sku, name, category, kind, active) VALUES {products};"
        f"INSERT INTO vendors (org_id, key, name) VALUES {vendors};"
        "INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at, vendor, status, finished_at, rows_accepted) "
        f"SELECT md5(v || ' ' || m::date)::uuid, '{bench.org}', v || '.csv', 1, 'api', v || m, m + interval '5 weeks', v, 'completed', now(), 1 "
        f"FROM unnest(ARRAY(SELECT key FROM vendors)) v, generate_series(date '{FIRST}', date '{LAST}', interval '1 month') m"
    )


def _columns(bench: Workbench, part):
    """Rows as the tables have them."""
    import polars as pl

    months = pl.select(pl.date_range(FIRST, LAST, "1mo")).to_series().to_list()
    upload = {
        f"vendor_{number:02d} {month}": str(uuid.UUID(hashlib.md5(f"vendor_{number:02d} {month}".encode()).hexdigest()))
        for number in range(VENDORS) for month in months
    }  # fmt: skip
    part = part.with_columns(period_start=pl.col("day").dt.month_start(), period_end=pl.col("day").dt.month_end())
    return part.select(
        pl.col("line"), org_id=pl.lit(bench.org), vendor="vendor", store="store", product_ean="product", quantity="quantity", currency="currency", country="country",
        upload_id=(pl.col("vendor") + " " + pl.col("period_start").cast(pl.String)).replace_strict(upload), period_start="period_start", period_end="period_end", sale_date="day",
        store_kind=pl.when("line").then(pl.lit("online")).otherwise(pl.lit("physical")), amount_local=_shifted("cents", 2), amount_eur=_shifted("euro", 6),
        vat_included=pl.lit(True), rate=_shifted("rate", 4), rate_month="period_start", rate_source=pl.lit("fixed"),
        line_class=pl.when("back").then(pl.lit("return")).otherwise(pl.lit("sale")), source_row="row", key_hash=pl.lit("\\x"), content_hash=pl.lit("\\x"), active=pl.lit(True),
        cut=pl.lit("main"), order_id=pl.lit("o") + pl.col("order").cast(pl.String), line_key=pl.col("order").cast(pl.String) + "-" + pl.int_range(pl.len()).cast(pl.String),
        is_gift=pl.lit(False),
    )  # fmt: skip


def _shifted(column: str, digits: int):
    """A whole number as a decimal fraction, without a float on the way."""
    import polars as pl

    whole, rest = pl.col(column).abs() // 10**digits, pl.col(column).abs() % 10**digits
    sign = pl.when(pl.col(column) < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return sign + whole.cast(pl.String) + "." + rest.cast(pl.String).str.zfill(digits)
