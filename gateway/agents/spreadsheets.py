"""Tables as files that a spreadsheet opens: CSV as French Excel reads it, and .xlsx. No cell is ever a formula.

A cell that begins like one (=, +, -, @, tab, carriage return) gets an apostrophe before it, as OWASP advises: what
a resident typed must not run on the machine of whoever opens the file.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from aiohttp import web
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what no .xlsx may hold
CELL_LIMIT = 32_000  # signes; Excel refuses more than 32,767
COLUMN_WIDTH = 22

Cell = str | int | float | None
Rows = Iterable[Sequence[Cell]]


def safe_cell(value: Cell) -> Cell:
    """A value that no spreadsheet takes for a formula, nor refuses; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    # Half of a character (a lone surrogate) can be written in no file.
    text = CONTROL.sub("", value).encode("utf-8", "replace").decode()[:CELL_LIMIT]
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_csv(header: Sequence[str], rows: Rows) -> bytes:
    """A CSV file: semicolons, and the mark by which Excel knows UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in (header, *rows))
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(header: Sequence[str], rows: Rows, title: str) -> bytes:
    """An .xlsx file with one sheet, made in memory: what residents asked must not pass by a temporary file."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(header) - 1, COLUMN_WIDTH)
        bold = book.add_format({"bold": True})
        for column, name in enumerate(header):
            sheet.write_string(0, column, str(safe_cell(name)), bold)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write_cell(sheet, line, column, safe_cell(value))
    return file.getvalue()


def download(name: str, header: Sequence[str], rows: Rows) -> web.Response:
    """The table as a file to save; the end of `name` says which kind (.csv or .xlsx)."""
    stem, _, kind = name.rpartition(".")
    is_csv = kind == "csv"
    body = write_csv(header, rows) if is_csv else write_xlsx(header, rows, stem)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, headers=headers, content_type="text/csv" if is_csv else XLSX_TYPE)


def _write_cell(sheet: Worksheet, line: int, column: int, value: Cell) -> None:
    if isinstance(value, str):
        # Never taken for a formula, a number or a link.
        sheet.write_string(line, column, value)
    elif value is not None:
        sheet.write_number(line, column, value)
