"""The six questions that everybody asks, of a brand with millions of rows: through the functions, in raw SQL and in DuckDB.

An answer counts only when it says what the rows add up to, which is known before the database has seen them.
"""

import datetime
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import postgres
import toolbox
from benchmarks import brand, usage
from benchmarks.crowd import Crowd
from benchmarks.workbench import Workbench

CLIENTS = 16
# Answers of each client that are measured.
REPEATED, FIRST = 200, 6
WARM_UP = 20
FROM, TO = datetime.date(2026, 9, 1), datetime.date(2026, 9, 30)
YEAR, QUARTER, RECENT = datetime.date(2026, 1, 1), datetime.date(2026, 7, 1), datetime.date(2026, 10, 2)
PERMISSIONS = "analytics:read audit:read catalogue:write costs:read sales:read uploads:read uploads:write users:manage"


@dataclass
class Question:
    title: str
    function: str
    query: str
    # What the rows say, what an answer says, and the same in SQL over `sales` and `products`.
    truth: Callable
    said: Callable[[dict], list]
    sql: str

    def event(self, org: str, user: str) -> bytes:
        path = "/v1/analytics/" + self.function.removeprefix("analytics-")
        event = json.loads(next((toolbox.ROOT / "events" / self.function).glob("*.json")).read_text())
        event["rawQueryString"] = self.query
        event["queryStringParameters"] = dict(pair.split("=") for pair in self.query.split("&"))
        event["requestContext"]["authorizer"]["lambda"] |= {"org_id": org, "user_id": user, "permissions": PERMISSIONS}
        assert event["rawPath"] == path, path
        return json.dumps(event).encode()


def questions() -> list[Question]:
    days = lambda first, last: f"counts_on BETWEEN '{first}' AND '{last}'"
    span = lambda first, last: f"from={first}&to={last}"
    year_ago = lambda day: day.replace(year=day.year - 1)
    revenue = lambda answer: [answer["revenue_eur"]]
    return [
        Question(
            "month revenue", "analytics-summary", f"metric=revenue_eur&{span(FROM, TO)}",
            lambda rows: [_euro(_within(rows, FROM, TO))], revenue, f"SELECT sum(amount_eur) FROM sales WHERE {days(FROM, TO)}",
        ),
        Question(
            "store x category of a month", "analytics-breakdown", f"by=store,category&metric=revenue_eur&limit=100&{span(FROM, TO)}",
            _stores_and_categories, lambda answer: [[row["store"], row["category"], row["revenue_eur"]] for row in answer["data"]],
            f"SELECT store, category, sum(amount_eur) FROM sales LEFT JOIN products ON ean = product_ean WHERE {days(FROM, TO)} "
            "GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 100",
        ),
        Question(
            "nine months against last year's", "analytics-compare", f"metric=revenue_eur&with=last_year&{span(YEAR, TO)}",
            lambda rows: [_euro(_within(rows, YEAR, TO)), _euro(_within(rows, year_ago(YEAR), year_ago(TO)))],
            lambda answer: [answer["now"]["revenue_eur"], answer["before"]["revenue_eur"]],
            f"SELECT sum(amount_eur) FILTER (WHERE {days(YEAR, TO)}), sum(amount_eur) FILTER (WHERE {days(year_ago(YEAR), year_ago(TO))}) FROM sales "
            f"WHERE {days(year_ago(YEAR), TO)}",
        ),
        Question(
            "key figures of 30 days", "analytics-summary", span(RECENT, brand.LAST),
            _key_figures, lambda answer: [answer[name] for name in ("revenue_eur", "units", "orders", "returns_eur")],
            "SELECT sum(amount_eur), sum(quantity), count(DISTINCT (vendor, order_id)) FILTER (WHERE order_id IS NOT NULL AND line_class <> 'return'), "
            f"sum(amount_eur) FILTER (WHERE line_class = 'return') FROM sales WHERE {days(RECENT, brand.LAST)}",
        ),
        Question(
            "top 20 products of a quarter", "analytics-breakdown", f"by=product&metric=revenue_eur&limit=20&{span(QUARTER, TO)}",
            _top_products, lambda answer: [[row["product"], row["revenue_eur"]] for row in answer["data"]],
            f"SELECT product_ean, sum(amount_eur) FROM sales WHERE {days(QUARTER, TO)} GROUP BY 1 ORDER BY 2 DESC LIMIT 20",
        ),
        Question(
            "distinct orders of nine months", "analytics-summary", f"metric=orders&{span(YEAR, TO)}",
            lambda rows: [_orders(_within(rows, YEAR, TO))], lambda answer: [answer["orders"]],
            f"SELECT count(DISTINCT (vendor, order_id)) FROM sales WHERE order_id IS NOT NULL AND line_class <> 'return' AND {days(YEAR, TO)}",
        ),
    ]  # fmt: skip


def measure(report, bench: Workbench, frame, clients: int = CLIENTS) -> None:
    """Asks everything and adds it to the report."""
    user, title = _asker(bench), f"{len(frame):,} rows, {clients} clients"
    engines = {"raw SQL on the same Postgres": _Postgres(bench), "DuckDB in memory": _DuckDb(bench, frame)}
    for question in questions():
        truth = question.truth(frame)
        with Crowd(bench.programs[question.function], bench.environment(), clients) as crowd:
            event = question.event(bench.org, user)
            first = _first(bench, crowd, event, clients)
            _check(question, truth, crowd)
            crowd.ask([[event] * WARM_UP] * clients)
            before, started = _used(bench, crowd), time.perf_counter()
            repeated = crowd.ask([[event] * REPEATED] * clients)
            each, rate = (_used(bench, crowd) - before) / len(repeated), len(repeated) / (time.perf_counter() - started)
            _check(question, truth, crowd)
        for name, taken, most in (("asked again, p50", statistics.median(repeated), 3), ("asked again, p95", _p95(repeated), 10)):
            report.add(f"{question.title}: {title}", name, taken * 1e3, None, "ms", f"<= {most} ms")
        for name, taken in (("first answers after a change, p50", statistics.median(first)), ("first answers after a change, p95", _p95(first))):
            report.add(f"{question.title}: {title}", name, taken * 1e3, None, "ms", "<= 10 ms")
        peers = ", ".join(f"{name} {engine.seconds(question, truth) * 1e3:.1f} ms" for name, engine in engines.items())
        report.note(f"{question.title}: {each * 1e3:.2f} ms CPU an answer that was given before, {rate:.0f} a second; one client alone: {peers}")


def _first(bench: Workbench, crowd: Crowd, event: bytes, clients: int) -> list[float]:
    """What answers take that nothing was kept for: the books change before each."""
    crowd.ask([[event] * 3] * clients)
    taken = []
    for _ in range(FIRST):
        bench.sql(f"UPDATE data_versions SET version = version + 1 WHERE org_id = '{bench.org}'")
        taken += crowd.ask([[event]] * clients)
    return taken


def _used(bench: Workbench, crowd: Crowd) -> float:
    return bench.cpu() + sum(usage.cpu_of(child.pid) for child in crowd.processes)


def _check(question: Question, truth: list, crowd: Crowd) -> None:
    for answer in crowd.answers():
        body = json.loads(answer["body"])
        if answer["statusCode"] != 200 or not _same(question.said(body), truth):
            raise RuntimeError(f"{question.title}: answered {answer['body'][:2000]}, the rows say {truth}")


def _same(said: list, truth: list) -> bool:
    """Equal, money to the cent."""
    if isinstance(truth, list):
        return isinstance(said, (list, tuple)) and len(said) == len(truth) and all(map(_same, said, truth))
    if isinstance(truth, (Decimal, int)):
        return said is not None and abs(Decimal(str(said)) - truth) <= Decimal("0.005")
    return said == truth


def _p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def _asker(bench: Workbench) -> str:
    return bench.sql(
        "INSERT INTO users (id, org_id, email, password_hash, role) "
        f"VALUES (uuidv7(), '{bench.org}', 'asker@bench.example', 'none', 'owner') RETURNING id"
    )


class _Postgres:
    """The rows themselves, by an index on vendor and day."""

    def __init__(self, bench: Workbench):
        import psycopg

        self.connection = psycopg.connect(bench.server.superuser_url(postgres.DATABASE), autocommit=True)

    def seconds(self, question: Question, truth: list) -> float:
        return _timed(question, truth, lambda sql: self.connection.execute(sql).fetchall())


class _DuckDb:
    def __init__(self, bench: Workbench, frame):
        import duckdb
        import polars as pl

        path = bench.folder.resolve() / "sales.parquet"
        frame.select(
            pl.col("day").alias("counts_on"), "vendor", "store", "category", pl.col("product").alias("product_ean"), "quantity", "euro",
            pl.when("back").then(pl.lit("return")).otherwise(pl.lit("sale")).alias("line_class"),
            pl.when("line").then(pl.lit("o") + pl.col("order").cast(pl.String)).alias("order_id"),
        ).write_parquet(path)  # fmt: skip
        self.connection = duckdb.connect()
        self.connection.execute(
            f"CREATE TABLE sales AS SELECT * EXCLUDE (euro, category), (euro::DECIMAL(28, 6) / 1000000)::DECIMAL(28, 6) AS amount_eur FROM read_parquet('{path}')"
        )
        self.connection.execute(f"CREATE TABLE products AS SELECT DISTINCT product_ean AS ean, category FROM read_parquet('{path}')")
        path.unlink()

    def seconds(self, question: Question, truth: list) -> float:
        return _timed(question, truth, lambda sql: self.connection.execute(sql).fetchall())


def _timed(question: Question, truth: list, ask) -> float:
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        rows = ask(question.sql)
        taken.append(time.perf_counter() - started)
    said = list(rows[0]) if not isinstance(truth[0], list) else [list(row) for row in rows]
    if not _same(said, truth):
        raise RuntimeError(f"{question.title}: {ask} says {said}, the rows say {truth}")
    return min(taken)


def _within(rows, first: datetime.date, last: datetime.date):
    import polars as pl

    return rows.filter(pl.col("day").is_between(first, last))


def _euro(rows) -> Decimal:
    return Decimal(rows["euro"].sum()) / 1_000_000


def _orders(rows) -> int:
    return rows.filter(rows["line"] & ~rows["back"]).select("vendor", "order").unique().height


def _key_figures(rows) -> list:
    rows = _within(rows, RECENT, brand.LAST)
    return [_euro(rows), int(rows["quantity"].sum()), _orders(rows), _euro(rows.filter(rows["back"]))]


def _stores_and_categories(rows) -> list:
    sums = _within(rows, FROM, TO).group_by("store", "category").agg(_sum()).sort("euro", descending=True).head(100)
    return [[row["store"], row["category"], Decimal(row["euro"]) / 1_000_000] for row in sums.to_dicts()]


def _top_products(rows) -> list:
    sums = _within(rows, QUARTER, TO).group_by("product").agg(_sum()).sort("euro", descending=True).head(20)
    return [[row["product"], Decimal(row["euro"]) / 1_000_000] for row in sums.to_dicts()]


def _sum():
    import polars as pl

    return pl.col("euro").sum()
