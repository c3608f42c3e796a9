"""A sell-out file as retailers really export them, of any length, with what it truly says.

Semicolons, four forms of dates, decimal commas, thousands points, currency signs before and after, returns in
parentheses or with a minus, a subtotal every 5,000 lines, the header again every 50,000, a grand total at the end.
"""

import datetime
import pathlib
import random
from dataclasses import dataclass, field
from decimal import Decimal

HEADER = "Belegdatum;Filiale;EAN;Artikel;Menge;Umsatz;Bemerkung"
SUBTOTAL_EVERY = 5_000
HEADER_EVERY = 50_000
START = datetime.date(2026, 1, 1)
DAYS = 90
STORES = 48
PRODUCTS = 1_500
MONTHS = ("Jan", "Feb", "Mar")


@dataclass
class Truth:
    """What the rows add up to."""

    rows: int = 0
    quantity: int = 0
    cents: int = 0
    days: set = field(default_factory=set)

    @property
    def amount(self) -> Decimal:
        return Decimal(self.cents) / 100


def write(path: pathlib.Path, rows: int, seed: int = 1, changed_share: float = 0.0, short: bool = False) -> Truth:
    """Writes the file. With `changed_share`, that share of the rows has another amount than in the file of the same seed;
    a short one has neither names nor remarks."""
    random_ = random.Random(seed)
    changes = random.Random(seed + 1)
    stores = [f"{number:03d} Kaufhaus {name} am Markt" for number, name in enumerate(_names(random_, STORES))]
    products = [(_ean(number), f"Eau de Parfum {name} {random_.choice((10, 30, 50, 100))} ml im Karton", random_.randrange(900, 32_000))
                for number, name in enumerate(_names(random_, PRODUCTS))]  # fmt: skip
    dates = [START + datetime.timedelta(days=day) for day in range(DAYS)]
    forms = [(d.isoformat(), d.strftime("%d.%m.%Y"), d.strftime("%d/%m/%Y"), f"{d.day} {MONTHS[d.month - 1]} {d.year}") for d in dates]
    truth, block_quantity, block_cents = Truth(), 0, 0
    with open(path, "w", encoding="utf-8", newline="") as out:
        lines = [HEADER]
        for row in range(rows):
            ean, name, price = products[random_.randrange(PRODUCTS)]
            quantity = 1 if random_.random() < 0.8 else random_.randrange(2, 6)
            cents = quantity * price - random_.randrange(200)
            if random_.random() < 0.02:
                quantity, cents = -quantity, -cents
            day = random_.randrange(DAYS)
            form, style = random_.randrange(4), random_.randrange(4)
            if changed_share and changes.random() < changed_share:
                cents += 100
            truth.quantity += quantity
            truth.cents += cents
            block_quantity += quantity
            block_cents += cents
            store = stores[random_.randrange(STORES)]
            if short:
                store, name, remark = store[:3], "", ""
            else:
                remark = f"Kasse {row % 9 + 1} Bon {row:08d} Verkauf"
            lines.append(f"{forms[day][form]};{store};{ean};{name};{quantity};{_money(cents, style)};{remark}")
            if (row + 1) % SUBTOTAL_EVERY == 0:
                lines.append(f"Zwischensumme;;;;{block_quantity};{_money(block_cents, 0)};")
                block_quantity = block_cents = 0
            if (row + 1) % HEADER_EVERY == 0:
                lines.append(HEADER)
            if len(lines) >= 20_000:
                out.write("\r\n".join(lines) + "\r\n")
                lines.clear()
        lines.append(f"Gesamtsumme;;;;{truth.quantity};{_money(truth.cents, 0)};")
        out.write("\r\n".join(lines) + "\r\n")
    truth.rows = rows
    return truth


def catalogue() -> list[str]:
    """The EANs that the files sell."""
    return [_ean(number) for number in range(PRODUCTS)]


def _money(cents: int, style: int) -> str:
    whole, fraction = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", ".")
    if style == 0:
        text = f"{grouped},{fraction:02d} €"
    elif style == 1:
        text = f"€ {grouped},{fraction:02d}"
    elif style == 2:
        text = f"{whole},{fraction:02d}"
    else:
        text = f"{grouped},{fraction:02d}"
    if cents >= 0:
        return text
    return f"({text})" if style % 2 == 0 else f"-{text}"


def _ean(number: int) -> str:
    digits = f"4006381{number:05d}"
    check = -sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits)) % 10
    return f"{digits}{check}"


def _names(random_: random.Random, count: int) -> list[str]:
    syllables = ("ka", "lo", "mi", "ren", "tas", "vel", "nor", "bel", "sa", "du", "fi", "gar")
    return ["".join(random_.choice(syllables) for _ in range(3)).capitalize() + f" {index}" for index in range(count)]
