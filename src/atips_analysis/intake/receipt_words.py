"""What intake asks and tells, in words for an agency. English is the source of translations."""

from __future__ import annotations

from atips_analysis.words.said import Message

WHICH_COLUMN = Message("{headers}: which of them is {label}?")
NO_COLUMN = Message("none of them: {label} stays blank")
TAKE_COLUMN = Message("{label} is taken from {header} ({sample})")
WHAT_IT_MEANS = Message(
    "The header says {header} (first row {first}): does it hold {label} as the form means it?"
)
AS_IT_STANDS = Message("the figures are taken as they stand ({sample})")
NOT_THIS = Message("the column is not used, {label} stays blank")
RUNNING_TOTAL = Message("The header says {header} (first row {first}): are these running totals?")
DIFFERENCES = Message("each row becomes the difference from the row above it ({sample})")
SAYS_BESIDE = Message(
    "Beside the table it says {title}: are the figures what the form asks for, and of {year}?"
)
OTHER_YEAR = Message(
    "{title} names {years}, the return is for {year}, and the months below carry no year: are they of "
    "{year}?"
)
TURN_OF_YEAR = Message(
    "{header} runs from {first} over the turn of the year to {last} without a year: is it a fiscal "
    "year, or are all months of {year}?"
)
ALL_OF_YEAR = Message("all are of {year}")
INTO_NEXT = Message("{first} to December are of {year}, the rest of {next}")
SECOND_HEADER = Message(
    "In row {row} another header stands ({header}): are the rows below it rows of the same table?"
)
BY_RULE = Message(
    "A rule of conditional formatting strikes rows through or hides them: {number} may be. Do they count?"
)
COMMA = Message("{header} holds {figures}: does the comma part thousands in {thousands}?")
FULL_STOP = Message("{header} holds {figures}: does the full stop part thousands in {thousands}?")
FIGURE_IS = Message("{figure} is {number}")
LEFT_OUT = Message("the rows are left out")
UNIT = Message(
    "{header} does not stand in the unit of the form ({unit}), first row {first}: in which unit are the figures?"
)
IN_UNIT = Message("{first} is {result} {unit}")
MULTIPLIER = Message(
    "{header} says that figures stand for {times} each, first row {first}: is it so?"
)
TIMES = Message("{first} is {result}")
RUNNING_NUMBER = Message("{header} holds {values}: does it number the rows, or count {label}?")
EACH_ROW_ONE = Message("each row is one, {rows} in all")
COUNTS = Message("it counts, {total} in all")
ROW_EACH = Message("No column holds {label}: is each row one?")
PERIOD = Message("{header} holds the numbers {values}: what are they?")
MONTHS = Message("months: {first} is {month}")
ORDER = Message(
    "{header}: the true dates are all of days 1 to 12, as if Excel had changed day and month over "
    "and left the others as texts: did it?"
)
AS_DATED = Message("the dates are right: {first} is {month}")
CHANGED_OVER = Message("changed over: {first} is {month}")
YEAR_NOT_SHOWN = Message(
    "{header} shows dates without their year, and Excel keeps another year than {year}: which is meant?"
)
YEAR_KEPT = Message("the year that Excel keeps ({year})")
YEAR_OF_RETURN = Message("the return's year ({year})")
COUNTRY_CODE = Message("NA stands among two-letter codes of countries in {header}: is it Namibia?")
NAMIBIA = Message("Namibia")
NOT_KNOWN = Message("not known")
LETTER_M = Message("{header} says M and no other letter: is it mujer or masculino?")
MUJER = Message("M is a woman or a girl (mujer)")
MASCULINO = Message("M is a man or a boy (masculino)")
BLANK_BELOW = Message(
    "{header} is filled in on the first row of each group only: does it hold for the blank rows below?"
)
SHEETS_NAME = Message(
    "The sheet is called {name}, and no column holds {label}: does that say the {label} of its rows?"
)
FROM_SHEETS_NAME = Message("{label} is {name} in each row")
NOT_FROM_NAME = Message("{label} stays blank")
SECOND_SHEET = Message(
    "The sheet {sheet} can hold the same as the sheet {other}: do its rows count besides?"
)
FILLED_DOWN = Message("blank rows take the value above them")
STAY_BLANK = Message("blank rows stay blank")
SHOWN = Message("{header}: the sheet shows {shown} where the cell holds {value}: which counts?")
TAKE_STORED = Message("what the cell holds ({value})")
HIDDEN_ROWS = Message("Rows that are hidden: {number}. Do they count?")
FILTERED_ROWS = Message("Rows that a filter hides: {number}. Do they count?")
HIDDEN_SHEET = Message("The sheet is hidden: do its rows count?")
UNSEEN = Message(
    "Hidden, struck-through or white rows and comments could not be looked at in this sheet, as it was "
    "saved: do all of its rows count? (Saved again as .xlsx it is looked through.)"
)
STRUCK = Message("Rows that hold something struck through: {number}. Do they count?")
COLOUR = Message("Rows that are {colour}, unlike the others: {number}. Do they count?")
COMMENT = Message(
    "Rows with a comment, which may say that they are not so: {number}. Do they count as they stand?"
)
TAKEN_BACK = Message("{header} says {values}: do these rows count?")
COUNT_THEM = Message("they count")
LEAVE_THEM = Message("they are left out")
FORMULA = Message("{header} holds a formula that was saved without its value ({formula}).")
FORMULA_REMEDY = Message("Open the file in Excel, save it and send it again.")
YEAR_CONFLICT = Message(
    "The cover says {cover} and the name of the file {name}: which year is the return for?"
)
FOR_YEAR = Message("the rows are of {year}")
SAME_RETURN = Message(
    "{later} has the name of a copy of {earlier}, and other contents: does it replace it?"
)
REPLACES_IT = Message("{later} is read alone")
BOTH_COUNT = Message("both are read")
STILL_OPEN = Message(
    "Rows that waited for an answer when the feedback was written (question {names}): {number}. Do "
    "they count as they stand here? Once they are put right, empty their cell under {header}."
)
WIDER_ROWS = Message(
    "Rows with more cells than the header, as a comma that is not in quotation marks makes them "
    "(1,200): {number}. Do they count as they were read?"
)
NARROWER_ROWS = Message(
    "Rows with fewer cells than the others, as where a cell was left out and those behind it moved to "
    "the left: {number}. Do they count as they were read?"
)
MERGED_COUNTS = Message(
    "Rows whose count stands in a cell that is merged over other rows or columns: {number}. Do they "
    "count as they were read?"
)
OF_THE_PAST = Message(
    "answer {name} ({kind}: {answer}) is about a header that is not in this table; if it is of the "
    "past, take it back: atips answer --take-back {name}"
)
WAITS = Message("Question {names}")
REMEDY = Message("Answer the question, or send the file again with the table as the form has it.")

RECEIPT_TITLE = Message("How this file was read")
RECEIPT_FOR = Message("return of {agency} for {year}")
RECEIPT_VERSION = Message("version {version}")
RECEIPT_READ_AS = Message("text in {read_as}")
RECEIPT_REPLACES = Message("replaces {file}")
RECEIPT_REPLACED = Message("replaced by {file}: not counted")
RECEIPT_SHEET = Message(
    "{sheet}: taken for {stream}; {read} rows = {accepted} accepted + {quarantined} set aside + "
    "{duplicate} repeated"
)
RECEIPT_PERIOD = Message("; months {first} to {last}")
RECEIPT_NIL = Message("nothing to report, as the cover says")
RECEIPT_COLUMN = Message("“{header}” for {column}")
RECEIPT_TAKEN = Message("columns taken for the form's: {columns}")
RECEIPT_UNUSED = Message("columns not used: {columns}")
RECEIPT_MISSING = Message("columns of the form that are not there: {columns}")
RECEIPT_LEFT_OUT = Message("rows that are no data: {kinds}")
RECEIPT_QUESTION = Message("question {id}: {where}{question} {waiting}")
RECEIPT_ANSWERED = Message("answered {id}: {about}: {answer}")
RECEIPT_NOTE = Message("note: {note}")
RECEIPT_SUMS = Message("Accepted, by month: compare with your own figures")
RECEIPT_HEADINGS = (Message("Sheet"), Message("Month"), Message("Rows"), Message("Sum"))
RECEIPT_WAITING = (Message("Waiting: 1 row."), Message("Waiting: {rows} rows."))

N_REPLACED = Message("replaced by {file}: not read")
N_NO_SUBMISSION = Message("not a submission: not read")
N_HIDDEN_BESIDE = Message("hidden sheet beside a visible one of {stream}: not read")
N_HIDDEN_SHEET = Message("hidden sheet: read; unhide it to check it")
N_NO_STREAM = Message("sheet that is no stream: not read")
N_HIDDEN_NO_STREAM = Message("hidden sheet that is no stream: not read")
N_BY_HEADER = Message("taken for {stream} by its header")
N_IN_SPITE = Message("rows in spite of the nil-return tick: read")
N_AGENCY_ABOVE = Message("agency {agency} by the lines above the table")
N_YEAR_ABOVE = Message("year {year} by a sheet's title")
N_TWO_AGENCIES = Message("agency {cover} by the cover, {name} by the name: the cover counts")
N_TWO_YEARS = Message("year {cover} by the cover, {name} by the name: the rows are of {year}")
N_YEAR_ASKED = Message("year {cover} by the cover, {name} by the name: which one is asked")
N_OLD_FORMAT = Message(
    "in this old format (.xls) it was not looked at what comments say, at raised or struck letters "
    "within a text, and at the totals rows of lists; saved as .xlsx they are read"
)
N_MACROS = Message("macros: not run, values read only")
N_LINKS = Message("links to other files: not followed, the saved values are read")
N_RAISED = Message("column {column}: {text} is raised and read as a note mark")
N_HIDDEN_COLUMN = Message("column {header} is hidden: read; unhide it to check it")
N_TWO_ROWS = Message("header of two rows, read together: {said}")
N_TWICE = Message("column {header} stands twice: read once")
N_NOT_USED = Message("column {header}: not used")
N_UNITS = Message("column {header}: {unit} become {own}, times {factor}")
N_TIMES = Message("column {header}: figures stand for {times} each, and are multiplied by it")
N_OFFSET = Message("column {header}: times with an offset are read in the time zone {zone}")
N_DATE_CELLS = Message("column {header}: numbers in cells formatted as dates, read as numbers")
N_1904 = Message("column {header}: the workbook counts days from 1904; dates are read so")
N_AS_TYPED = Message("column {header}: Excel made dates of {said}; read as typed")
N_LETTERS_OF_SEXES = Message("column {header}: M beside H or V is read as mujer, these as hombre")
N_LEFT_OUT = Message("left out by an answer")
N_CONTROLS = Message("control characters taken out of {number} cells")
N_BELOW = Message("text below the table: not read")
N_FORMULA = Message("formula without a saved value: read as text; open in Excel and save again")
N_ERROR = Message("error {error}: read as text")
N_NOTHING_KNOWN = Message("nothing in a known column: not read")
N_NO_HEADER = Message("cells without a header: not read")
N_OTHER_LETTERS = Message(
    "lines {lines} are not in UTF-8 like the rest: read as CP1252; check their accents"
)
N_EXPORT = Message("export of {program}")
N_EXPORT_COLUMNS = Message("export of {program}: columns of its own not used ({columns})")
N_SHARE = Message("column {header} is a share and no count: not used")
N_OTHER_YEAR = Message("column {header} is of another year: not used")
UNITS = {
    "day": Message("days"),
    "week": Message("weeks"),
    "month": Message("months"),
    "year": Message("years"),
}
RECEIPT_ROW = Message("row {rows}")
RECEIPT_ROWS = Message("rows {rows}")
RECEIPT_MORE = Message("{rows} and {number} more")
LEFT_OUT_KINDS = {
    "title": Message("titles and headers: {number}"),
    "blank": Message("blank: {number}"),
    "totals": Message("totals: {number}"),
}
READ_AS = Message("{encoding}, {delimiter} between columns")
COLOURS = {
    "grey": Message("grey"),
    "yellow": Message("yellow"),
    "orange": Message("orange"),
    "red": Message("red"),
    "green": Message("green"),
    "blue": Message("blue"),
    "purple": Message("purple"),
    "coloured": Message("coloured"),
    "white letters": Message("white letters"),
    "grey letters": Message("grey letters"),
    "yellow letters": Message("yellow letters"),
    "orange letters": Message("orange letters"),
    "red letters": Message("red letters"),
    "green letters": Message("green letters"),
    "blue letters": Message("blue letters"),
    "purple letters": Message("purple letters"),
    "coloured letters": Message("coloured letters"),
    "not coloured": Message("not coloured"),
}
N_YEAR_BESIDE = Message("column {header}: months without a year take the year of their row")
