"""What intake asks and tells, in words for an agency. English is the source of translations."""

from __future__ import annotations


def _(message: str) -> str:
    """Marks a message for the catalogues; `reporting.language` translates where it is shown."""
    return message


WHICH_COLUMN = _("{headers}: which of them is {label}?")
NO_COLUMN = _("none of them: {label} stays blank")
TAKE_COLUMN = _("{label} is taken from {header} ({sample})")
WHAT_IT_MEANS = _(
    "The header says {header} (first row {first}): does it hold {label} as the form means it?"
)
AS_IT_STANDS = _("the figures are taken as they stand ({sample})")
NOT_THIS = _("the column is not used, {label} stays blank")
RUNNING_TOTAL = _("The header says {header} (first row {first}): are these running totals?")
DIFFERENCES = _("each row becomes the difference from the row above it ({sample})")
SAYS_ABOVE = _(
    "The line above the table says {title}: are the figures below what the form asks for?"
)
OTHER_YEAR = _(
    "{title} names {years}, the return is for {year}, and the months below carry no year: are they of "
    "{year}?"
)
LEFT_OUT = _("the rows are left out")
UNIT = _(
    "{header} does not stand in the unit of the form ({unit}), first row {first}: in which unit are the figures?"
)
IN_UNIT = _("{first} is {result} {unit}")
MULTIPLIER = _("{header} says that figures stand for {times} each, first row {first}: is it so?")
TIMES = _("{first} is {result}")
RUNNING_NUMBER = _("{header} holds {values}: does it number the rows, or count {label}?")
EACH_ROW_ONE = _("each row is one, {rows} in all")
COUNTS = _("it counts, {total} in all")
ROW_EACH = _("No column holds {label}: is each row one?")
PERIOD = _("{header} holds the numbers {values}: what are they?")
MONTHS = _("months: {first} is {month}")
ORDER = _(
    "{header}: the true dates are all of days 1 to 12, as if Excel had changed day and month over "
    "and left the others as texts: did it?"
)
AS_DATED = _("the dates are right: {first} is {month}")
CHANGED_OVER = _("changed over: {first} is {month}")
YEAR_NOT_SHOWN = _(
    "{header} shows dates without their year, and Excel keeps another year than {year}: which is meant?"
)
YEAR_KEPT = _("the year that Excel keeps ({year})")
YEAR_OF_RETURN = _("the return's year ({year})")
COUNTRY_CODE = _("NA stands among two-letter codes of countries in {header}: is it Namibia?")
NAMIBIA = _("Namibia")
NOT_KNOWN = _("not known")
BLANK_BELOW = _(
    "{header} is filled in on the first row of each group only: does it hold for the blank rows below?"
)
FILLED_DOWN = _("blank rows take the value above them")
STAY_BLANK = _("blank rows stay blank")
SHOWN = _("{header}: the sheet shows {shown} where the cell holds {value}: which counts?")
TAKE_STORED = _("what the cell holds ({value})")
HIDDEN_ROWS = _("{number} rows are hidden{how}: do they count?")
HIDDEN_SHEET = _("The sheet is hidden: do its rows count?")
STRUCK = _("{number} rows hold something struck through: do they count?")
COLOUR = _("{number} rows are {colour} and the others are not: do they count?")
COMMENT = _(
    "{number} rows carry a comment, which may say that they are not so: do they count as they stand?"
)
TAKEN_BACK = _("{header} says {values}: do these rows count?")
COUNT_THEM = _("they count")
LEAVE_THEM = _("they are left out")
FORMULA = _("{header} holds a formula that was saved without its value ({formula}).")
FORMULA_REMEDY = _("Open the file in Excel, save it and send it again.")
YEAR_CONFLICT = _(
    "The cover says {cover} and the name of the file {name}: which year is the return for?"
)
FOR_YEAR = _("the rows are of {year}")
SAME_RETURN = _(
    "{later} has the name of a copy of {earlier}, and other contents: does it replace it?"
)
REPLACES_IT = _("{later} is read alone")
BOTH_COUNT = _("both are read")
STILL_OPEN = _(
    "{number} rows waited for an answer when the feedback was written (question {names}): do they "
    "count as they stand here? Once they are put right, empty their cell under {header}."
)
WIDER_ROWS = _(
    "{number} rows have more cells than the header, as a comma that is not in quotation marks makes "
    "them (1,200): do they count as they were read?"
)
WAITS = _("Question {names}")
REMEDY = _("Answer the question, or send the file again with the table as the form has it.")

RECEIPT_TITLE = _("How this file was read")
RECEIPT_FOR = _("return of {agency} for {year}")
RECEIPT_VERSION = _("version {version}")
RECEIPT_READ_AS = _("text in {read_as}")
RECEIPT_REPLACES = _("replaces {file}")
RECEIPT_REPLACED = _("replaced by {file}: not counted")
RECEIPT_SHEET = _(
    "{sheet}: taken for {stream}; {read} rows = {accepted} accepted + {quarantined} set aside + "
    "{duplicate} repeated"
)
RECEIPT_PERIOD = _("; months {first} to {last}")
RECEIPT_NIL = _("nothing to report, as the cover says")
RECEIPT_COLUMN = _("“{header}” for {column}")
RECEIPT_TAKEN = _("columns taken for the form's: {columns}")
RECEIPT_UNUSED = _("columns not used: {columns}")
RECEIPT_MISSING = _("columns of the form that are not there: {columns}")
RECEIPT_LEFT_OUT = _("rows that are no data: {kinds}")
RECEIPT_QUESTION = _("question {id}: {where}{question} Waiting: {rows} rows.")
RECEIPT_ANSWERED = _("answered {id}: {about}: {answer}")
RECEIPT_NOTE = _("note: {note}")
RECEIPT_SUMS = _("Accepted, by month: compare with your own figures")
RECEIPT_HEADINGS = (_("Sheet"), _("Month"), _("Rows"), _("Sum"))
