"""Values of a column that can be read in two ways, seen only when the column is looked at whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from atips_analysis.cleaning.months import EXCEL_EPOCH, month_number, month_of
from atips_analysis.cleaning.values import is_placeholder
from atips_analysis.codebook import Column, fold, words
from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.columns import Columns, Sheet, differences, number_of
from atips_analysis.intake.header_reading import says_nothing
from atips_analysis.intake.naming import stream_of_sheet
from atips_analysis.intake.questions import COUNT, Asked, Choice, Kind
from atips_analysis.intake.year_beside import year_beside
from atips_analysis.words.said import Message

WITHOUT_NUMBER = ("inspections", "reports", "screenings", "counts")
"""Streams whose rows have no number of their own: a row a total, or a row an event."""
BARE = set(words("No N Num Number Numero Total Totals Count Quantity Qty Cantidad Cant Conteo"))
"""Headers of a count, folded, that may as well number the rows."""
SPANISH_SEX = {fold("Sexo"), fold("Género")}
DAYS_1904 = 1462  # days from 1899-12-30 to 1904-01-01
LAST_SMALL = date(1990, 1, 1)
MANY_NUMBERS = 4
OWN_NAMES = 4  # headers that are the codebook's own names: then "n" is its column of counts
MANY_DATES = 8
OUTLINE = 0.3  # share of blank cells from which a column may be filled in a group's first row only
MARKS: tuple[tuple[Kind, Message, str], ...] = (
    ("comma", say.COMMA, ","),
    ("full stop", say.FULL_STOP, "."),
)
"""What may part thousands or decimals, and how it is asked about."""
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: .*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?: .*)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_OFFSET = re.compile(
    r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})", re.I
)
_TWO_LETTERS = re.compile(r"[A-Za-z]{2}")


def ask_about_values(sheet: Sheet, chosen: Columns, asked: Asked) -> None:
    """Ask about each column that was chosen, and set down how its values are to be changed."""
    _no_count(sheet, chosen, asked)
    _named_by_sheet(sheet, chosen, asked)
    beside = year_beside(sheet, chosen)
    for name, place in list(chosen.places.items()):
        column = sheet.stream.column(name)
        values = sheet.rows[place]
        if column.type == "month":
            _month_numbers(sheet, column, place, asked)
            _then(chosen, name, beside)
            _order_of_days(sheet, column, place, chosen, asked)
            _year_not_shown(sheet, column, place, chosen, asked)
            if beside is None:
                _turn_of_year(sheet, column, place, chosen, asked)
            _then(chosen, name, _since_1904(sheet, place, chosen))
            local = _local_time(values, asked.time_zone)
            _then(chosen, name, local)
            if local is not None:
                note = say.N_OFFSET.format(header=repr(sheet.text(place)), zone=asked.time_zone)
                chosen.notes.append((sheet.header.row, "", note))
        elif column.type in ("count", "age"):
            _running_number(sheet, column, place, chosen, asked)
            _shown(sheet, column, place, asked)
            if column.type == "count":
                _parted(sheet, column, place, chosen, asked)
            _numbers_in_dates(sheet, column, place, chosen)
        elif column.type in ("code", "codes"):
            _bands_in_dates(sheet, column, place, chosen)
            if column.codelist == "country_iso3":
                _country_na(sheet, column, place, chosen, asked)
            if column.codelist == "sex":
                _letters_of_sexes(sheet, column, place, chosen, asked)
        _outline(sheet, column, place, chosen, asked)


def _then(chosen: Columns, name: str, change: Callable[[pd.Series], pd.Series] | None) -> None:
    """Do `change` after what is to be done to the column already."""
    if change is None:
        return
    before = chosen.change.get(name)
    chosen.change[name] = change if before is None else lambda values: change(before(values))


def _mapped(known: dict[str, str]) -> Callable[[pd.Series], pd.Series]:
    return lambda values: values.map(lambda text: known.get(text, text), na_action="ignore").astype(
        "str"
    )


def _at(rows: set[int], change: Callable[[str], str]) -> Callable[[pd.Series], pd.Series]:
    def changed(values: pd.Series) -> pd.Series:
        found = [
            change(text) if row in rows and isinstance(text, str) else text
            for row, text in values.items()
        ]
        return pd.Series(found, index=values.index, dtype="str")

    return changed


# counts


def _no_count(sheet: Sheet, chosen: Columns, asked: Asked) -> None:
    """A list of events without a column of counts: a row each?"""
    counts = [column for column in sheet.stream.columns if column.type == "count"]
    if (
        sheet.stream.name not in WITHOUT_NUMBER
        or len(counts) != 1
        or counts[0].name in chosen.places
        or not len(sheet.rows)
    ):
        return
    label, number = counts[0].label_en, len(sheet.rows)
    answer = asked.ask(
        "row each",
        f"no column of {label}",
        say.ROW_EACH.format(label=label),
        (Choice(COUNT, say.EACH_ROW_ONE.format(rows=number)),),
        column=counts[0].name,
    )
    if answer == COUNT:
        chosen.constant[counts[0].name] = "1"


def _named_by_sheet(sheet: Sheet, chosen: Columns, asked: Asked) -> None:
    """A sheet a district or a month: its name says what no column holds."""
    name = sheet.grid.name.strip()
    of_a_stream = stream_of_sheet(name, sheet.codebook) is not None  # "Awareness" is a theme too
    if not sheet.grid.from_workbook or not len(sheet.rows) or of_a_stream:
        return
    for column in sheet.stream.columns:
        said = None
        if column.name in chosen.places:
            continue
        if column.type == "month":
            number = None if name.isdecimal() else month_number(name)
            said = month_of(name) or (number and f"{sheet.year}-{number:02d}")
        elif column.codelist:
            said = sheet.codebook.code_of(column.codelist, name) and name
        if not said:
            continue
        label = column.label_en
        answer = asked.ask(
            "name of the sheet",
            label,
            say.SHEETS_NAME.format(name=repr(name), label=label),
            (
                Choice("fill", say.FROM_SHEETS_NAME.format(label=label, name=said)),
                Choice(COUNT, say.NOT_FROM_NAME.format(label=label)),
            ),
            column=column.name,
        )
        if answer == "fill":
            chosen.constant[column.name] = said


def _running_number(
    sheet: Sheet, column: Column, place: int, chosen: Columns, asked: Asked
) -> None:
    """ "No." over 1, 2, 3 numbers the rows, or counts."""
    readings = sheet.header.readings
    own_names = sum(sheet.text(other) == readings[other].match.column for other in readings)
    if fold(sheet.text(place)) not in BARE or (
        sheet.text(place) == column.name and own_names >= OWN_NAMES
    ):
        return
    numbers = [number_of(str(text)) for text in sheet.rows[place].dropna()]
    if len(numbers) < 2 or None in numbers:
        return
    whole = [int(number) for number in numbers if number is not None]
    spread = sorted(whole)
    without_gap = spread == list(range(spread[0], spread[0] + len(spread))) and (
        spread[0] == 1 or len(spread) >= MANY_NUMBERS
    )
    rising = len(whole) >= MANY_NUMBERS and all(a < b for a, b in pairwise(whole))
    if not (without_gap or rising):
        return
    label = column.label_en
    answer = asked.ask(
        "running number",
        sheet.text(place),
        say.RUNNING_NUMBER.format(
            header=sheet.text(place), values=", ".join(map(str, whole[:3])) + " …", label=label
        ),
        (
            Choice("rows", say.EACH_ROW_ONE.format(rows=len(whole))),
            Choice(COUNT, say.COUNTS.format(total=sum(whole))),
        ),
        column=column.name,
    )
    if answer == "rows":
        del chosen.places[column.name]
        chosen.constant[column.name] = "1"


def _shown(sheet: Sheet, column: Column, place: int, asked: Asked) -> None:
    """The number format shows another figure than the cell holds."""
    shown = sheet.grid.marks.shown
    values = sheet.rows[place]
    rows = [
        int(row)
        for row in sheet.rows.index
        if (row, place) in shown
        and not says_nothing(shown[row, place].replace(str(values.loc[row]), "", 1))
    ]
    if not rows:
        return
    value = str(sheet.rows[place].loc[rows[0]])
    text = say.SHOWN.format(header=sheet.text(place), shown=shown[rows[0], place], value=value)
    choices = (Choice("stored", say.TAKE_STORED.format(value=value)),)
    asked.ask("shown", sheet.text(place), text, choices, rows, column.name)


def _numbers_in_dates(sheet: Sheet, column: Column, place: int, chosen: Columns) -> None:
    """24 in a cell formatted as a date is 1900-01-24: the number is meant."""
    known = {}
    for text in sheet.rows[place].dropna().unique():
        match = _ISO.fullmatch(str(text))
        if match and sheet.grid.from_workbook:
            number = _serial_of(str(text)[:10], sheet.grid.marks.since_1904)
            if number is not None:
                known[text] = str(number)
    if known:
        _then(chosen, column.name, _mapped(known))
        note = say.N_DATE_CELLS.format(header=repr(sheet.text(place)))
        chosen.notes.append((sheet.header.row, "", note))


def _serial_of(text: str, since_1904: bool) -> int | None:
    day = date.fromisoformat(text)
    if since_1904:
        number = (day - date(1904, 1, 1)).days
        return number if 0 <= number < 32_000 and day < date(1991, 8, 1) else None
    if day >= LAST_SMALL:
        return None
    # Excel's 1900 has a 29 February; up to it, days are counted from 1899-12-31.
    return (day - EXCEL_EPOCH).days - (day < date(1900, 3, 1))


# months


def _month_numbers(sheet: Sheet, column: Column, place: int, asked: Asked) -> None:
    """1 to 12 under "Period" or "Date" may be months or quarters; under "Month" they are months."""
    header = sheet.text(place)
    said = {fold(word) for word in words(header)}
    if said & {"month", "months", "mes", "meses"}:
        return
    bare = [str(text) for text in sheet.rows[place].dropna() if str(text).strip().isdecimal()]
    numbers = [text for text in bare if 1 <= int(text) <= 12]
    if not numbers:
        return
    first = numbers[0]
    values = ", ".join(dict.fromkeys(numbers))
    month = f"{sheet.year}-{month_number(first):02d}"
    asked_rows = sheet.rows.index[sheet.rows[place].isin(numbers)]
    asked.ask(
        "period",
        header,
        say.PERIOD.format(header=header, values=values),
        (Choice("months", say.MONTHS.format(first=first, month=month)),),
        asked_rows,
        column.name,
    )


def _order_of_days(sheet: Sheet, column: Column, place: int, chosen: Columns, asked: Asked) -> None:
    """Texts that Excel did not take for dates beside true dates of days 1 to 12: it may have turned
    the others over."""
    if not sheet.grid.from_workbook:
        return
    values = sheet.rows[place].dropna()
    dates = {int(row): match for row, text in values.items() if (match := _ISO.fullmatch(text))}
    low = [row for row, match in dates.items() if int(match[3]) <= 12]
    texts = [match for text in values if (match := _DAY_FIRST.fullmatch(text))]
    one_order = any(int(match[1]) > 12 or int(match[2]) > 12 for match in texts)
    turned = [row for row in low if dates[row][2] != dates[row][3]]
    days = {dates[row][3] for row in low}
    many = len(dates) >= MANY_DATES and len(days) >= 4
    if not turned or len(low) < len(dates) or not (one_order or many):
        return
    first = dates[turned[0]]
    text = say.ORDER.format(header=sheet.text(place))
    answer = asked.ask(
        "order of days",
        sheet.text(place),
        text,
        (
            Choice(COUNT, say.AS_DATED.format(first=first[0][:10], month=f"{first[1]}-{first[2]}")),
            Choice(
                "changed",
                say.CHANGED_OVER.format(first=first[0][:10], month=f"{first[1]}-{first[3]}"),
            ),
        ),
        turned,
        column.name,
    )
    if answer == "changed":
        _then(
            chosen,
            column.name,
            _at(set(turned), lambda text: f"{text[:4]}-{text[8:10]}-{text[5:7]}"),
        )


def _year_not_shown(
    sheet: Sheet, column: Column, place: int, chosen: Columns, asked: Asked
) -> None:
    """Dates shown without a year, of another year than the return's: Excel added the year."""
    rows = {}
    for row, text in sheet.rows[place].dropna().items():
        match = _ISO.fullmatch(str(text))
        if match and (row, place) in sheet.grid.marks.yearless and int(match[1]) != sheet.year:
            rows[int(row)] = match[1]
    if not rows:
        return
    kept = next(iter(rows.values()))
    answer = asked.ask(
        "year not shown",
        sheet.text(place),
        say.YEAR_NOT_SHOWN.format(header=sheet.text(place), year=sheet.year),
        (
            Choice("kept", say.YEAR_KEPT.format(year=kept)),
            Choice("return", say.YEAR_OF_RETURN.format(year=sheet.year)),
        ),
        rows,
        column.name,
    )
    if answer == "return":
        _then(chosen, column.name, _at(set(rows), lambda text: f"{sheet.year}{text[4:]}"))


def _turn_of_year(sheet: Sheet, column: Column, place: int, chosen: Columns, asked: Asked) -> None:
    """Months without a year that run from April to March: a fiscal year, or the calendar's."""
    values = sheet.rows[place].dropna()
    numbers = {int(row): month_number(str(text).strip(" .")) for row, text in values.items()}
    known = [(row, number) for row, number in numbers.items() if number is not None]
    falls = [at for at, (one, two) in enumerate(pairwise(known), 1) if one[1] > two[1]]
    if len(falls) != 1 or len(known) < len(numbers) or known[-1][1] > known[0][1]:
        return
    after = [row for row, _ in known[falls[0] :]]
    first, last = str(values.iloc[0]), str(values.iloc[-1])
    answer = asked.ask(
        "turn of the year",
        sheet.text(place),
        say.TURN_OF_YEAR.format(header=sheet.text(place), first=first, last=last, year=sheet.year),
        (
            Choice("one year", say.ALL_OF_YEAR.format(year=sheet.year)),
            Choice("next", say.INTO_NEXT.format(first=first, year=sheet.year, next=sheet.year + 1)),
        ),
        after,
        column.name,
    )
    if answer == "next":
        later = {str(sheet.rows[place].loc[row]) for row in after}
        dated = {text: f"{sheet.year + 1}-{month_number(text.strip(' .')):02d}" for text in later}
        _then(chosen, column.name, _at(set(after), lambda text: dated.get(text, text)))


def _parted(sheet: Sheet, column: Column, place: int, chosen: Columns, asked: Asked) -> None:
    """11,000 and 11.000 may be eleven thousand, or eleven with decimals.

    Figures that are clear by themselves are read (1,234,567; 11,5 is no count). So is 1,234 where
    the program is one whose decimal sign is the full stop: only such a program parts columns by
    commas, and agencies' Excel is one (en_BZ, and es of Central America but Costa Rica), so that a
    text in a workbook counts as its own. Programs with a decimal comma part columns by semicolons;
    a tab or a bar tells nothing. A full stop before three digits is the decimal sign of the former
    and parts thousands by the latter and by hand: it is always asked about.
    """
    values = sheet.rows[place].dropna().astype("str").str.strip()
    by_point = sheet.grid.delimiter in ("", ",")
    in_units = chosen.change.get(column.name) not in (None, differences)  # thousands, years
    for kind, said, mark in MARKS:
        decimal = values[values.str.fullmatch(rf"\d+[{mark}]\d{{1,2}}")]
        parted = values[values.str.fullmatch(rf"[1-9]\d{{0,2}}[{mark}]\d{{3}}")]
        clear = decimal.empty if kind == "comma" else in_units
        if parted.empty or (by_point and clear):
            continue
        seen = (kind, said, decimal, parted)
        given = _thousands_or_decimals(sheet, column, place, asked, seen, in_units)
        if given is not None:
            known = {text: _read_as(text, given) for text in parted.unique()}
            _first(chosen, column.name, known)


def _first(chosen: Columns, name: str, known: dict[str, str]) -> None:
    """Put figures in place of others before what is to be done to the column already."""
    then = chosen.change.get(name, lambda values: values)
    chosen.change[name] = lambda values: then(_mapped(known)(values.str.strip()))


def _thousands_or_decimals(
    sheet: Sheet,
    column: Column,
    place: int,
    asked: Asked,
    seen: tuple[Kind, Message, pd.Series, pd.Series],
    in_units: bool,
) -> str | None:
    """What was answered, if anything; decimals are a choice where they can make a count."""
    kind, said, decimal, parted = seen
    whole = parted[parted.str.endswith("000")]
    one = str((whole if len(whole) else parted).iloc[0])
    readings = ["thousands", *(["decimals"] if len(whole) or in_units else [])]
    choices = [
        Choice(answer, say.FIGURE_IS.format(figure=one, number=_read_as(one, answer)))
        for answer in readings
    ]
    figures = ", ".join([*decimal.iloc[:1], one])
    text = said.format(header=sheet.text(place), figures=figures, thousands=one)
    return asked.ask(kind, sheet.text(place), text, choices, parted.index, column.name)


def _read_as(figure: str, answer: str) -> str:
    """A figure with one mark, as thousands or as decimals: 11,000 is 11000 or 11."""
    before, after = re.split("[.,]", figure)
    return before + after if answer == "thousands" else f"{before}.{after}".removesuffix(".000")


def _since_1904(
    sheet: Sheet, place: int, chosen: Columns
) -> Callable[[pd.Series], pd.Series] | None:
    """Bare numbers in a workbook that counts days from 1904."""
    if not sheet.grid.marks.since_1904:
        return None
    texts = [str(text) for text in sheet.rows[place].dropna().unique()]
    known = {text: str(int(float(text)) + DAYS_1904) for text in texts if _SERIAL.fullmatch(text)}
    if not known:
        return None
    note = say.N_1904.format(header=repr(sheet.text(place)))
    chosen.notes.append((sheet.header.row, "", note))
    return _mapped(known)


def _local_time(values: pd.Series, time_zone: str) -> Callable[[pd.Series], pd.Series] | None:
    """Times with an offset, as the day at home; without a time zone they stay as they are."""
    try:
        zone = ZoneInfo(time_zone) if time_zone else None
    except (ZoneInfoNotFoundError, ValueError):
        zone = None
    if zone is None:
        return None
    known = {}
    for text in values.dropna().unique():
        if match := _OFFSET.fullmatch(str(text).strip()):
            offset = "+00:00" if match[3].upper() == "Z" else match[3]
            try:
                moment = datetime.fromisoformat(f"{match[1]}T{match[2]}{offset}")
            except ValueError:
                continue
            known[text] = moment.astimezone(zone).date().isoformat()
    return _mapped(known) if known else None


# codes


def _bands_in_dates(sheet: Sheet, column: Column, place: int, chosen: Columns) -> None:
    """9-11 that Excel made the 11th of September: the code, when one reading alone is in the list."""
    if not sheet.grid.from_workbook:
        return
    known = {}
    for text in sheet.rows[place].dropna().unique():
        match = _ISO.fullmatch(str(text))
        if not match:
            continue
        month, day, year = int(match[2]), int(match[3]), int(match[1]) % 100
        typed = [f"{month}-{day}", f"{day}-{month}", f"{month}-{year:02d}"]
        codes = {
            code: band
            for band in reversed(typed)
            if (code := sheet.codebook.code_of(column.codelist, band))
        }
        if len(codes) == 1:
            ((_, band),) = codes.items()
            known[str(text)] = band
        else:
            known[str(text)] = f"{typed[0]} (a date in Excel)"
    if known:
        _then(chosen, column.name, _mapped(known))
        said = ", ".join(sorted(set(known.values())))
        note = say.N_AS_TYPED.format(header=repr(sheet.text(place)), said=said)
        chosen.notes.append((sheet.header.row, "", note))


def _country_na(sheet: Sheet, column: Column, place: int, chosen: Columns, asked: Asked) -> None:
    """NA is Namibia's code among codes of two letters, and "not available" elsewhere."""
    values = sheet.rows[place].dropna().astype("str").str.strip()
    na = values.index[values == "NA"]
    others = [
        text
        for text in values.unique()
        if text != "NA"
        and _TWO_LETTERS.fullmatch(text)
        and sheet.codebook.code_of(column.codelist, text)
    ]
    if not len(na) or not others:
        return
    answer = asked.ask(
        "country code",
        sheet.text(place),
        say.COUNTRY_CODE.format(header=sheet.text(place)),
        (Choice("Namibia", say.NAMIBIA), Choice("unknown", say.NOT_KNOWN)),
        na,
        column.name,
    )
    if answer == "Namibia":
        _then(chosen, column.name, _mapped({"NA": "NAM"}))


def _letters_of_sexes(
    sheet: Sheet, column: Column, place: int, chosen: Columns, asked: Asked
) -> None:
    """M is mujer beside H (hombre) or V (varón); alone below a Spanish header it is either."""
    values = sheet.rows[place].dropna().astype("str")
    letters = {text: fold(text) for text in values.unique() if not is_placeholder(text)}
    found = set(letters.values())
    if "m" not in found or any(
        letter != "m" and sheet.codebook.code_of("sex", text) == "F"
        for text, letter in letters.items()
    ):
        return
    women = {text: "F" for text, letter in letters.items() if letter == "m"}
    header = sheet.text(place)
    if found & {"h", "v"}:
        men = {text: "M" for text, letter in letters.items() if letter in ("h", "v")}
        _then(chosen, column.name, _mapped(women | men))
        note = say.N_LETTERS_OF_SEXES.format(header=repr(header))
        chosen.notes.append((sheet.header.row, "", note))
    elif found == {"m"} and fold(header) in SPANISH_SEX:
        choices = (Choice("woman", say.MUJER), Choice("man", say.MASCULINO))
        text = say.LETTER_M.format(header=header)
        rows = values.index[values.isin(list(women))]
        if asked.ask("letter of a sex", header, text, choices, rows, column.name) == "woman":
            _then(chosen, column.name, _mapped(women))


# blanks


def _outline(sheet: Sheet, column: Column, place: int, chosen: Columns, asked: Asked) -> None:
    """A column filled in on the first row of each group only, as people write lists."""
    values = sheet.rows[place]
    if column.type not in ("code", "month", "id") or len(values) < 3 or pd.isna(values.iloc[0]):
        return
    blank = values.isna()
    if blank.mean() < OUTLINE:
        return
    filled = [text for text in values.dropna() if not is_placeholder(str(text))]
    repeats = any(a == b for a, b in pairwise(filled))
    if repeats or len(filled) < 2:
        return
    # Left of all others a column groups; elsewhere only where every value heads blanks of its own.
    heads = not (values.notna() & values.shift(-1).notna()).any()
    apart = column.type == "code" and heads and len(set(filled)) == len(filled)
    if not (apart or place == min(chosen.places.values())):
        return
    answer = asked.ask(
        "blank below",
        sheet.text(place),
        say.BLANK_BELOW.format(header=sheet.text(place)),
        (Choice("fill", say.FILLED_DOWN), Choice(COUNT, say.STAY_BLANK)),
        values.index[blank],
        column.name,
    )
    if answer == "fill":
        _then(chosen, column.name, lambda column_: column_.ffill())
