"""What a careful data engineer would write for the messy file: polars or pandas, then COPY into the same table.

Run as a program (`peers.py polars FILE URL ORG UPLOAD`), so that its processor time and memory can be measured. It does
the same work: dates in four forms, decimal commas, signs and currencies, repeated headers left out, every subtotal and the
grand total checked, exact amounts, a key and a content hash a row, the rows and the rollup by COPY. It knows the layout
beforehand, matches no products and compares with no earlier file: that much less than ours.
"""

import io
import sys
from hashlib import sha256

ROWS = (
    "sellout_entries (org_id, upload_id, vendor, cut, period_start, period_end, sale_date, store, product_ean, product_name, "
    "quantity, amount_local, currency, vat_included, amount_eur, rate, rate_month, rate_source, line_class, source_row, "
    "key_hash, content_hash, active)"
)
SUMS = (
    "sales_rollup (org_id, vendor, counts_on, store, product_ean, currency, line_class, records, quantity, with_quantity, "
    "amount_local, with_amount, amount_eur, with_euro, unconverted)"
)
TOTALS = ("Zwischensumme", "Gesamtsumme")


def main() -> None:
    tool, path, url, org, upload = sys.argv[1:]
    rows, sums = {"polars": with_polars, "pandas": with_pandas}[tool](path, org, upload)
    import psycopg

    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for table, csv in ((ROWS, rows), (SUMS, sums)):
            csv.seek(0)
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy:
                while chunk := csv.read(1 << 20):
                    copy.write(chunk)


def hashes(texts) -> list[str]:
    return ["\\x" + sha256(text.encode()).hexdigest()[:32] for text in texts]


def with_polars(path: str, org: str, upload: str):
    import polars as pl

    raw = pl.read_csv(path, separator=";", infer_schema=False, encoding="utf8").with_row_index("source_row", offset=2)

    def money(column: str) -> pl.Expr:
        text = pl.col(column).str.replace_all(r"[€\s]", "")
        negative = text.str.starts_with("(") | text.str.starts_with("-")
        number = text.str.replace_all(r"[().-]", "").str.replace(",", ".", literal=True).cast(pl.Decimal(18, 2))
        return pl.when(negative).then(-number).otherwise(number)

    first = pl.col("Belegdatum")
    lines = raw.filter(first != "Belegdatum").with_columns(
        (first == "Zwischensumme").cum_sum().shift(1, fill_value=0).alias("block"), money("Umsatz").alias("amount"),
        pl.col("Menge").cast(pl.Int64).alias("quantity"),
    )  # fmt: skip
    totals, rows = lines.filter(first.is_in(TOTALS)), lines.filter(~first.is_in(TOTALS))
    blocks = rows.group_by("block").agg(pl.col("amount").sum(), pl.col("quantity").sum())
    stated = totals.filter(first == "Zwischensumme").join(blocks, on="block", suffix="_found")
    if stated.filter((pl.col("amount") != pl.col("amount_found")) | (pl.col("quantity") != pl.col("quantity_found"))).height:
        sys.exit("polars: a subtotal does not tie")
    if totals.filter(first == "Gesamtsumme")["amount"].item() != rows["amount"].sum():
        sys.exit("polars: the total does not tie")
    rows = rows.with_columns(
        pl.coalesce(first.str.to_date(form, strict=False) for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %b %Y")).alias("day")
    )
    if rows["day"].null_count():
        sys.exit("polars: dates were not understood")
    class_ = pl.when(pl.col("quantity") < 0).then(pl.lit("return")).otherwise(pl.lit("sale"))
    rows = rows.with_columns(class_.alias("class"), pl.concat_str("day", "Filiale", "Artikel", separator="|").alias("key"))
    content = rows.select(pl.concat_str("key", "EAN", "quantity", "amount", separator="|"))
    rows = rows.with_columns(pl.Series("k", hashes(rows["key"])), pl.Series("h", hashes(content.to_series())))
    table = rows.select(
        pl.lit(org), pl.lit(upload).alias("u"), pl.lit("bench").alias("v"), pl.lit("main").alias("c"),
        pl.col("day").alias("s"), pl.col("day").alias("e"), "day", "Filiale", "EAN", "Artikel", "quantity", "amount",
        pl.lit("EUR").alias("cur"), pl.lit(True).alias("vat"), pl.col("amount").alias("eur"), pl.lit(1).alias("rate"),
        pl.col("day").dt.truncate("1mo").alias("m"), pl.lit("identity").alias("src"), "class", "source_row", "k", "h",
        pl.lit(True).alias("active"),
    )  # fmt: skip
    kept = rows.group_by("day", "Filiale", "EAN", "class").agg(pl.len().alias("n"), pl.col("quantity").sum(), pl.col("amount").sum())
    kept = kept.select(
        pl.lit(org), pl.lit("bench").alias("v"), "day", "Filiale", "EAN", pl.lit("EUR").alias("cur"), "class", "n", "quantity",
        pl.col("n").alias("n1"), "amount", pl.col("n").alias("n2"), pl.col("amount").alias("eur"), pl.col("n").alias("n3"), pl.lit(0).alias("gap"),
    )  # fmt: skip
    out, sums = io.BytesIO(), io.BytesIO()
    table.write_csv(out, include_header=False)
    kept.write_csv(sums, include_header=False)
    return out, sums


def with_pandas(path: str, org: str, upload: str):
    from decimal import Decimal

    import pandas as pd

    raw = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False)
    lines = raw[raw["Belegdatum"] != "Belegdatum"].copy()
    text = lines["Umsatz"].str.replace(r"[€\s]", "", regex=True)
    negative = text.str.startswith("(") | text.str.startswith("-")
    number = text.str.replace(r"[().-]", "", regex=True).str.replace(",", ".", regex=False)
    # Exact: pandas has no decimals of its own.
    lines["amount"] = number.where(~negative, "-" + number).map(Decimal)
    lines["quantity"] = lines["Menge"].astype(int)
    lines["block"] = (lines["Belegdatum"] == "Zwischensumme").shift(fill_value=False).cumsum()
    is_total = lines["Belegdatum"].isin(TOTALS)
    totals, rows = lines[is_total], lines[~is_total].copy()
    blocks = rows.groupby("block")[["amount", "quantity"]].sum()
    stated = totals[totals["Belegdatum"] == "Zwischensumme"].set_index("block")[["amount", "quantity"]]
    if not (stated == blocks.reindex(stated.index)).all().all():
        sys.exit("pandas: a subtotal does not tie")
    if totals.loc[totals["Belegdatum"] == "Gesamtsumme", "amount"].iloc[0] != rows["amount"].sum():
        sys.exit("pandas: the total does not tie")
    day = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %b %Y"):
        day = day.fillna(pd.to_datetime(rows["Belegdatum"], format=form, errors="coerce"))
    if day.isna().any():
        sys.exit("pandas: dates were not understood")
    rows["date"], rows["class"] = day.dt.strftime("%Y-%m-%d"), rows["quantity"].lt(0).map({True: "return", False: "sale"})
    key = rows["date"] + "|" + rows["Filiale"] + "|" + rows["Artikel"]
    content = key + "|" + rows["EAN"] + "|" + rows["quantity"].astype(str) + "|" + rows["amount"].astype(str)
    columns = {
        "org": org, "upload": upload, "vendor": "bench", "cut": "main", "start": rows["date"], "end": rows["date"], "date": rows["date"],
        "store": rows["Filiale"], "ean": rows["EAN"], "name": rows["Artikel"], "quantity": rows["quantity"], "amount": rows["amount"],
        "currency": "EUR", "vat": "true", "eur": rows["amount"], "rate": 1, "month": day.dt.strftime("%Y-%m-01"), "source": "identity",
        "class": rows["class"], "row": rows.index + 2, "key": hashes(key), "content": hashes(content), "active": "true",
    }  # fmt: skip
    grouped = rows.groupby(["date", "Filiale", "EAN", "class"])
    kept = grouped.agg(n=("quantity", "size"), quantity=("quantity", "sum"), amount=("amount", "sum")).reset_index()
    sums_of = {
        "org": org, "vendor": "bench", "day": kept["date"], "store": kept["Filiale"], "ean": kept["EAN"], "currency": "EUR",
        "class": kept["class"], "n": kept["n"], "quantity": kept["quantity"], "n1": kept["n"], "amount": kept["amount"], "n2": kept["n"],
        "eur": kept["amount"], "n3": kept["n"], "unconverted": 0,
    }  # fmt: skip
    out, sums = io.StringIO(), io.StringIO()
    pd.DataFrame(columns, index=rows.index).to_csv(out, header=False, index=False)
    pd.DataFrame(sums_of).to_csv(sums, header=False, index=False)
    return out, sums


if __name__ == "__main__":
    main()
