"""What a careful data engineer would write for the messy file: polars or pandas, then COPY into the same table.

Run as a program (`peers.py polars FILE URL ORG UPLOAD`), so that its processor time and memory can be measured. It does
the same work as far as the tools allow: dates in four forms, decimal commas, signs and currencies, subtotals and
repeated headers left out but the grand total checked, the same columns, hashes left constant, no rollup.
"""

import io
import sys

COLUMNS = (
    "org_id, upload_id, vendor, cut, period_start, period_end, sale_date, store, product_ean, product_name, quantity, "
    "amount_local, currency, vat_included, amount_eur, rate, rate_month, rate_source, line_class, source_row, key_hash, "
    "content_hash, active"
)
HASH = "\\x00000000000000000000000000000000"


def main() -> None:
    tool, path, url, org, upload = sys.argv[1:]
    csv, total, found = {"polars": with_polars, "pandas": with_pandas}[tool](path, org, upload)
    if round(total, 2) != round(found, 2):
        sys.exit(f"{tool}: the rows sum up to {found}, the file says {total}")
    import psycopg

    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        with cursor.copy(f"COPY sellout_entries ({COLUMNS}) FROM STDIN (FORMAT csv)") as copy:
            while chunk := csv.read(1 << 20):
                copy.write(chunk)


def with_polars(path: str, org: str, upload: str):
    import polars as pl

    raw = pl.read_csv(path, separator=";", infer_schema=False, encoding="utf8")
    raw = raw.with_row_index("source_row", offset=2)

    def money(column: str) -> pl.Expr:
        text = pl.col(column).str.replace_all(r"[€\s]", "")
        negative = text.str.starts_with("(") | text.str.starts_with("-")
        number = text.str.replace_all(r"[().-]", "").str.replace(",", ".", literal=True).cast(pl.Decimal(18, 2))
        return pl.when(negative).then(-number).otherwise(number)

    total = raw.filter(pl.col("Belegdatum") == "Gesamtsumme").select(money("Umsatz")).item()
    words = ["Gesamtsumme", "Zwischensumme", "Belegdatum"]
    rows = raw.filter(~pl.col("Belegdatum").is_in(words)).with_columns(
        pl.coalesce(pl.col("Belegdatum").str.to_date(form, strict=False) for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %b %Y")).alias("day"),
        money("Umsatz").alias("amount"),
        pl.col("Menge").cast(pl.Int64).alias("quantity"),
    )
    if rows["day"].null_count():
        sys.exit("polars: dates were not understood")
    line_class = pl.when(pl.col("quantity") < 0).then(pl.lit("return")).otherwise(pl.lit("sale"))
    month = pl.col("day").dt.truncate("1mo")
    table = rows.select(
        pl.lit(org), pl.lit(upload).alias("u"), pl.lit("bench").alias("v"), pl.lit("main").alias("c"),
        pl.col("day").alias("s"), pl.col("day").alias("e"), "day", "Filiale", "EAN", "Artikel", "quantity", "amount",
        pl.lit("EUR").alias("cur"), pl.lit(True).alias("vat"), pl.col("amount").alias("eur"), pl.lit(1).alias("rate"), month.alias("m"),
        pl.lit("identity").alias("src"), line_class.alias("class"), "source_row", pl.lit(HASH).alias("k"), pl.lit(HASH).alias("h"),
        pl.lit(True).alias("active"),
    )  # fmt: skip
    out = io.BytesIO()
    table.write_csv(out, include_header=False)
    out.seek(0)
    return out, total, rows["amount"].sum()


def with_pandas(path: str, org: str, upload: str):
    from decimal import Decimal

    import pandas as pd

    raw = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False)

    def money(texts: pd.Series) -> pd.Series:
        text = texts.str.replace(r"[€\s]", "", regex=True)
        negative = text.str.startswith("(") | text.str.startswith("-")
        number = text.str.replace(r"[().-]", "", regex=True).str.replace(",", ".", regex=False)
        return number.where(~negative, "-" + number)

    total = Decimal(money(raw.loc[raw["Belegdatum"] == "Gesamtsumme", "Umsatz"]).iloc[0])
    rows = raw[~raw["Belegdatum"].isin(["Gesamtsumme", "Zwischensumme", "Belegdatum"])]
    day = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %b %Y"):
        day = day.fillna(pd.to_datetime(rows["Belegdatum"], format=form, errors="coerce"))
    if day.isna().any():
        sys.exit("pandas: dates were not understood")
    quantity, amount, date = rows["Menge"].astype(int), money(rows["Umsatz"]), day.dt.strftime("%Y-%m-%d")
    columns = {
        "org": org, "upload": upload, "vendor": "bench", "cut": "main", "start": date, "end": date, "date": date, "store": rows["Filiale"],
        "ean": rows["EAN"], "name": rows["Artikel"], "quantity": quantity, "amount": amount, "currency": "EUR", "vat": "true", "eur": amount,
        "rate": 1, "month": day.dt.strftime("%Y-%m-01"), "source": "identity", "class": quantity.lt(0).map({True: "return", False: "sale"}),
        "row": rows.index + 2, "key": HASH, "content": HASH, "active": "true",
    }  # fmt: skip
    out = io.StringIO()
    pd.DataFrame(columns, index=rows.index).to_csv(out, header=False, index=False)
    found = sum(map(Decimal, amount))
    out.seek(0)
    return out, total, found


if __name__ == "__main__":
    main()
