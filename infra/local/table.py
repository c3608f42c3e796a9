"""Plain text tables."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Column:
    """A column: its title, what stands in it, and the width at which a value is shortened in the middle."""

    title: str
    value: Callable
    width: int = 60
    right: bool = False


def show(columns: list[Column], rows: list) -> None:
    """Prints the rows under their titles."""
    cells = [[_shortened(column.value(row), column.width) for column in columns] for row in rows]
    titles = [column.title for column in columns]
    widths = [max(len(line[i]) for line in [titles, *cells]) for i in range(len(columns))]
    for line in [titles, ["-" * width for width in widths], *cells]:
        padded = (c.rjust(w) if column.right else c.ljust(w) for column, c, w in zip(columns, line, widths, strict=True))
        print("  ".join(padded).rstrip())


def _shortened(text: str, width: int) -> str:
    if len(text) <= width:
        return text
    half = (width - 1) // 2
    return f"{text[:half]}…{text[len(text) - (width - 1 - half) :]}"
