"""Months that can be read in two ways, seen only when their column is looked at whole."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from atips_analysis.cleaning.months import OFFSET, month_number
from atips_analysis.codebook import fold, words
from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.questions import COUNT, Choice
from atips_analysis.intake.sheet import ISO_DATE, Change, ChosenColumn, in_rows, mapped

DAYS_1904 = 1462  # days from 1899-12-30 to 1904-01-01
MANY_DATES = 8
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?: .*)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_MOMENT = re.compile(
    r"(\d{4})[-/](\d{2})[-/](\d{2})[ T](\d{1,2}):(\d{2})(?::\d{2})?(?:\.\d+)?"
    rf" ?(?:([ap])\.? ?m\.?)? ?({OFFSET})",
    re.I,
)
_FROM_GREENWICH = re.compile(r"\D*?([+-]?)(\d{0,2}):?(\d{0,2})")


def ask_about_months(own: ChosenColumn, with_years: Change | None) -> None:
    """Ask which months are meant; `with_years` adds the years that stand in a column beside."""
    _month_numbers(own)
    if with_years is not None:
        own.then(with_years)
    _order_of_days(own)
    _day_or_month_first(own)
    _year_not_shown(own)
    if with_years is None:
        _turn_of_year(own)
    _since_1904(own)
    _local_time(own)


def _month_numbers(own: ChosenColumn) -> None:
    """1 to 12 under "Period" or "Date" may be months or quarters; under "Month" they are months."""
    header = own.header
    said = {fold(word) for word in words(header)}
    if said & {"month", "months", "mes", "meses"}:
        return
    bare = [str(text) for text in own.values.dropna() if str(text).strip().isdecimal()]
    numbers = [text for text in bare if 1 <= int(text) <= 12]
    if not numbers:
        return
    first = numbers[0]
    values = ", ".join(dict.fromkeys(numbers))
    month = f"{own.sheet.year}-{month_number(first):02d}"
    asked_rows = own.sheet.rows.index[own.values.isin(numbers)]
    own.ask(
        "period",
        say.PERIOD.format(header=header, values=values),
        (Choice("months", say.MONTHS.format(first=first, month=month)),),
        asked_rows,
    )


def _order_of_days(own: ChosenColumn) -> None:
    """Texts that Excel did not take for dates beside true dates of days 1 to 12: it may have turned
    the others over."""
    if not own.sheet.grid.from_workbook:
        return
    values = own.values.dropna()
    dates = {int(row): match for row, text in values.items() if (match := ISO_DATE.fullmatch(text))}
    low = [row for row, match in dates.items() if int(match[3]) <= 12]
    texts = [match for text in values if (match := _DAY_FIRST.fullmatch(text))]
    one_order = any(int(match[1]) > 12 or int(match[2]) > 12 for match in texts)
    turned = [row for row in low if dates[row][2] != dates[row][3]]
    days = {dates[row][3] for row in low}
    many = len(dates) >= MANY_DATES and len(days) >= 4
    if not turned or len(low) < len(dates) or not (one_order or many):
        return
    first = dates[turned[0]]
    text = say.ORDER.format(header=own.header)
    answer = own.ask(
        "order of days",
        text,
        (
            Choice(COUNT, say.AS_DATED.format(first=first[0][:10], month=f"{first[1]}-{first[2]}")),
            Choice(
                "changed",
                say.CHANGED_OVER.format(first=first[0][:10], month=f"{first[1]}-{first[3]}"),
            ),
        ),
        turned,
    )
    if answer == "changed":
        own.then(in_rows(set(turned), lambda text: f"{text[:4]}-{text[8:10]}-{text[5:7]}"))


def _day_or_month_first(own: ChosenColumn) -> None:
    """05/04/2024 is a day of April or of May: asked where 13/02/2024 in another row shows an order."""
    texts = own.values.dropna().astype("str")
    dates = {
        int(row): match for row, text in texts.items() if (match := _DAY_FIRST.fullmatch(text))
    }
    both = {
        row: match
        for row, match in dates.items()
        if 1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 12 and int(match[1]) != int(match[2])
    }
    if not both or all(max(int(one[1]), int(one[2])) <= 12 for one in dates.values()):
        return
    one = next(iter(both.values()))
    day, month = (
        Choice(kind, message.format(first=one[0], month=f"{one[3]}-{int(one[place]):02d}"))
        for kind, message, place in (("day", say.DAY_FIRST, 2), ("month", say.MONTH_FIRST, 1))
    )
    text = say.DAY_OR_MONTH.format(header=own.header, first=one[0])
    answer = own.ask("day or month first", text, (day, month), both)
    if answer:
        place = 2 if answer == "day" else 1
        read = {match[0]: f"{match[3]}-{int(match[place]):02d}" for match in both.values()}
        own.then(in_rows(set(both), lambda text: read.get(text, text)))


def _year_not_shown(own: ChosenColumn) -> None:
    """Dates shown without a year, of another year than the return's: Excel added the year."""
    rows = {}
    for row, text in own.values.dropna().items():
        match = ISO_DATE.fullmatch(str(text))
        if (
            match
            and (row, own.place) in own.sheet.grid.marks.yearless
            and int(match[1]) != own.sheet.year
        ):
            rows[int(row)] = match[1]
    if not rows:
        return
    kept = next(iter(rows.values()))
    answer = own.ask(
        "year not shown",
        say.YEAR_NOT_SHOWN.format(header=own.header, year=own.sheet.year),
        (
            Choice("kept", say.YEAR_KEPT.format(year=kept)),
            Choice("return", say.YEAR_OF_RETURN.format(year=own.sheet.year)),
        ),
        rows,
    )
    if answer == "return":
        own.then(in_rows(set(rows), lambda text: f"{own.sheet.year}{text[4:]}"))


def _turn_of_year(own: ChosenColumn) -> None:
    """Months without a year that run from April to March: a fiscal year, or the calendar's."""
    values = own.values.dropna()
    numbers = {int(row): month_number(str(text).strip(" .")) for row, text in values.items()}
    known = [(row, number) for row, number in numbers.items() if number is not None]
    falls = [at for at, (one, two) in enumerate(pairwise(known), 1) if one[1] > two[1]]
    if len(falls) != 1 or len(known) < len(numbers) or known[-1][1] > known[0][1]:
        return
    after = [row for row, _ in known[falls[0] :]]
    first, last = str(values.iloc[0]), str(values.iloc[-1])
    answer = own.ask(
        "turn of the year",
        say.TURN_OF_YEAR.format(header=own.header, first=first, last=last, year=own.sheet.year),
        (
            Choice("one year", say.ALL_OF_YEAR.format(year=own.sheet.year)),
            Choice(
                "next",
                say.INTO_NEXT.format(first=first, year=own.sheet.year, next=own.sheet.year + 1),
            ),
        ),
        after,
    )
    if answer == "next":
        later = {str(own.values.loc[row]) for row in after}
        dated = {
            text: f"{own.sheet.year + 1}-{month_number(text.strip(' .')):02d}" for text in later
        }
        own.then(in_rows(set(after), lambda text: dated.get(text, text)))


def _since_1904(own: ChosenColumn) -> None:
    """Bare numbers in a workbook that counts days from 1904."""
    if not own.sheet.grid.marks.since_1904:
        return
    texts = [str(text) for text in own.values.dropna().unique()]
    known = {text: str(int(float(text)) + DAYS_1904) for text in texts if _SERIAL.fullmatch(text)}
    if known:
        own.note(say.N_1904)
        own.then(mapped(known))


def _local_time(own: ChosenColumn) -> None:
    """Times with an offset, as the day at home; without a time zone they stay as they are."""
    time_zone = own.asked.time_zone
    try:
        zone = ZoneInfo(time_zone) if time_zone else None
    except (ZoneInfoNotFoundError, ValueError):
        zone = None
    if zone is None:
        return
    known = {}
    for text in own.values.dropna().unique():
        moment = _moment(str(text).strip())
        if moment is not None:
            known[text] = moment.astimezone(zone).date().isoformat()
    if known:
        own.then(mapped(known))
        own.note(say.N_OFFSET, zone=time_zone)


def _moment(text: str) -> datetime | None:
    """A time that says how far it is from Greenwich: 2024-03-01T02:30Z, 2024/03/01 8:30 p.m. GMT-6."""
    match = _MOMENT.fullmatch(text)
    offset = _FROM_GREENWICH.fullmatch(match[7]) if match else None
    if match is None or offset is None:
        return None
    year, month, day, hour, minute = (int(number) for number in match.groups()[:5])
    if half := match[6]:
        hour = hour % 12 + 12 * (half.lower() == "p")
    away = timedelta(hours=int(offset[2] or 0), minutes=int(offset[3] or 0))
    try:
        zone = timezone(-away if offset[1] == "-" else away)
        return datetime(year, month, day, hour, minute, tzinfo=zone)
    except ValueError:
        return None
