"""Tables as files that a spreadsheet opens: CSV as French Excel reads it, and .xlsx. No cell is ever a formula.

A cell that begins like one (=, +, -, @, tab, carriage return) gets an apostrophe before it, as OWASP advises: what
a resident typed must not run on the machine of whoever opens the file.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from aiohttp import web
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL_LIMIT = 32_000  # signes; Excel refuses more than 32,767
COLUMN_WIDTH = 22

Cell = str | int | float | None
Rows = Iterable[Sequence[Cell]]


def safe_cell(value: Cell) -> Cell:
    """A value that no spreadsheet takes for a formula, nor refuses; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:CELL_LIMIT]
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_csv(header: Sequence[str], rows: Rows) -> bytes:
    """A CSV file: semicolons, and the mark by which Excel knows UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in (header, *rows))
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(header: Sequence[str], rows: Rows, title: str) -> bytes:
    """An .xlsx file with one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number in range(1, len(header) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = COLUMN_WIDTH
    sheet.append([_cell(sheet, name, bold=True) for name in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def download(name: str, header: Sequence[str], rows: Rows) -> web.Response:
    """The table as a file to save; the end of `name` says which kind (.csv or .xlsx)."""
    stem, _, kind = name.rpartition(".")
    is_csv = kind == "csv"
    body = write_csv(header, rows) if is_csv else write_xlsx(header, rows, stem)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, headers=headers, content_type="text/csv" if is_csv else XLSX_TYPE)


def _cell(sheet: object, value: Cell, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=safe_cell(value))
    if isinstance(value, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
