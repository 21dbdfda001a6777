"""What intake asks and tells, in words for an agency. English is the source of translations."""

from __future__ import annotations


def english(message: str) -> str:
    """Words for an agency that no catalogue holds yet: they are shown in English."""
    return message


WHICH_COLUMN = english("{headers}: which of them is {label}?")
NO_COLUMN = english("none of them: {label} stays blank")
TAKE_COLUMN = english("{label} is taken from {header} ({sample})")
WHAT_IT_MEANS = english(
    "The header says {header} (first row {first}): does it hold {label} as the form means it?"
)
AS_IT_STANDS = english("the figures are taken as they stand ({sample})")
NOT_THIS = english("the column is not used, {label} stays blank")
RUNNING_TOTAL = english("The header says {header} (first row {first}): are these running totals?")
DIFFERENCES = english("each row becomes the difference from the row above it ({sample})")
SAYS_ABOVE = english(
    "The line above the table says {title}: are the figures below what the form asks for?"
)
OTHER_YEAR = english(
    "{title} names {years}, the return is for {year}, and the months below carry no year: are they of "
    "{year}?"
)
LEFT_OUT = english("the rows are left out")
UNIT = english(
    "{header} does not stand in the unit of the form ({unit}), first row {first}: in which unit are the figures?"
)
IN_UNIT = english("{first} is {result} {unit}")
MULTIPLIER = english(
    "{header} says that figures stand for {times} each, first row {first}: is it so?"
)
TIMES = english("{first} is {result}")
RUNNING_NUMBER = english("{header} holds {values}: does it number the rows, or count {label}?")
EACH_ROW_ONE = english("each row is one, {rows} in all")
COUNTS = english("it counts, {total} in all")
ROW_EACH = english("No column holds {label}: is each row one?")
PERIOD = english("{header} holds the numbers {values}: what are they?")
MONTHS = english("months: {first} is {month}")
ORDER = english(
    "{header}: the true dates are all of days 1 to 12, as if Excel had changed day and month over "
    "and left the others as texts: did it?"
)
AS_DATED = english("the dates are right: {first} is {month}")
CHANGED_OVER = english("changed over: {first} is {month}")
YEAR_NOT_SHOWN = english(
    "{header} shows dates without their year, and Excel keeps another year than {year}: which is meant?"
)
YEAR_KEPT = english("the year that Excel keeps ({year})")
YEAR_OF_RETURN = english("the return's year ({year})")
COUNTRY_CODE = english("NA stands among two-letter codes of countries in {header}: is it Namibia?")
NAMIBIA = english("Namibia")
NOT_KNOWN = english("not known")
BLANK_BELOW = english(
    "{header} is filled in on the first row of each group only: does it hold for the blank rows below?"
)
FILLED_DOWN = english("blank rows take the value above them")
STAY_BLANK = english("blank rows stay blank")
SHOWN = english("{header}: the sheet shows {shown} where the cell holds {value}: which counts?")
TAKE_STORED = english("what the cell holds ({value})")
HIDDEN_ROWS = english("{number} rows are hidden{how}: do they count?")
HIDDEN_SHEET = english("The sheet is hidden: do its rows count?")
STRUCK = english("{number} rows hold something struck through: do they count?")
COLOUR = english("{number} rows are {colour} and the others are not: do they count?")
COMMENT = english(
    "{number} rows carry a comment, which may say that they are not so: do they count as they stand?"
)
TAKEN_BACK = english("{header} says {values}: do these rows count?")
COUNT_THEM = english("they count")
LEAVE_THEM = english("they are left out")
FORMULA = english("{header} holds a formula that was saved without its value ({formula}).")
FORMULA_REMEDY = english("Open the file in Excel, save it and send it again.")
YEAR_CONFLICT = english(
    "The cover says {cover} and the name of the file {name}: which year is the return for?"
)
FOR_YEAR = english("the rows are of {year}")
SAME_RETURN = english(
    "{later} has the name of a copy of {earlier}, and other contents: does it replace it?"
)
REPLACES_IT = english("{later} is read alone")
BOTH_COUNT = english("both are read")
STILL_OPEN = english(
    "{number} rows waited for an answer when the feedback was written (question {names}): do they "
    "count as they stand here? Once they are put right, empty their cell under {header}."
)
WIDER_ROWS = english(
    "{number} rows have more cells than the header, as a comma that is not in quotation marks makes "
    "them (1,200): do they count as they were read?"
)
WAITS = english("Question {names}")
REMEDY = english("Answer the question, or send the file again with the table as the form has it.")

RECEIPT_TITLE = english("How this file was read")
RECEIPT_FOR = english("return of {agency} for {year}")
RECEIPT_VERSION = english("version {version}")
RECEIPT_READ_AS = english("text in {read_as}")
RECEIPT_REPLACES = english("replaces {file}")
RECEIPT_REPLACED = english("replaced by {file}: not counted")
RECEIPT_SHEET = english(
    "{sheet}: taken for {stream}; {read} rows = {accepted} accepted + {quarantined} set aside + "
    "{duplicate} repeated"
)
RECEIPT_PERIOD = english("; months {first} to {last}")
RECEIPT_NIL = english("nothing to report, as the cover says")
RECEIPT_COLUMN = english("“{header}” for {column}")
RECEIPT_TAKEN = english("columns taken for the form's: {columns}")
RECEIPT_UNUSED = english("columns not used: {columns}")
RECEIPT_MISSING = english("columns of the form that are not there: {columns}")
RECEIPT_LEFT_OUT = english("rows that are no data: {kinds}")
RECEIPT_QUESTION = english("question {id}: {where}{question} Waiting: {rows} rows.")
RECEIPT_ANSWERED = english("answered {id}: {about}: {answer}")
RECEIPT_NOTE = english("note: {note}")
RECEIPT_SUMS = english("Accepted, by month: compare with your own figures")
RECEIPT_HEADINGS = (english("Sheet"), english("Month"), english("Rows"), english("Sum"))
