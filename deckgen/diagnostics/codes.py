"""Every diagnostic deckgen can give. Each has a page in ``docs/diagnostics`` and a case in ``tests/cases``.

The texts are English templates, filled by name and marked for extraction by ``N_``, so
that a catalogue can translate them. The first digit tells the part that speaks: 0 reading,
1 shape, 2 the deck as a whole, 3 text, 4 the essay, 5 building, 6 translations, 7 media.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much it matters: an error stops the build of its deck, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding. ``near`` is the hint where the diagnostic knows what was meant."""

    id: str
    message: str
    hint: str
    near: str = ""
    level: Level = Level.ERROR


def N_(text: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Mark a text for extraction and return it as it is."""
    return text


_DID_YOU_MEAN = N_('did you mean "{near}"?')

# Reading ------------------------------------------------------------------------------

UNREADABLE = Code("D001", N_("this file cannot be read: {reason}"), N_("check its name and its permissions"))
TOO_LARGE = Code(
    "D002",
    N_("this file has {size} kB; {limit} kB are the most"),
    N_("split it: a section can have several files, such as items/10-garden.yaml and items/11-garden.yaml"),
)
NOT_UTF8 = Code(
    "D003",
    N_("this is not {encoding}: byte {byte}"),
    N_("save the file as UTF-8 (in most editors: “Save with encoding”)"),
)
CONTROL_CHARACTER = Code(
    "D004",
    N_("the character {character} may not stand in a text"),
    N_("delete it; it is invisible in most editors"),
)
UNBALANCED_BIDI = Code(
    "D005",
    N_("the direction mark {character} is not closed where it should be"),
    N_("pair it with {partner} in the same line, or delete it"),
)
TAB = Code("D006", N_("a tab cannot indent YAML"), N_("use spaces, two for each step"))
SYNTAX = Code("D007", N_("this is not YAML: {problem}"), N_("{advice}"))
DUPLICATE_KEY = Code(
    "D008",
    N_('"{key}" stands here a second time; it was given in line {line}'),
    N_("keep one of the two"),
    N_("if a new item begins here, put “- ” before it; else keep one of the two"),
)
TAG = Code(
    "D009",
    N_("the YAML tag {tag} is not allowed"),
    N_("delete it, or put a text that begins with an exclamation mark in quotation marks"),
)
ALIASES = Code(
    "D010",
    N_("more than {limit} YAML aliases in one file, or ones that stand for too much"),
    N_("write the values out, and put a text that begins with a star in quotation marks"),
)
NESTING = Code(
    "D011",
    N_("nested more than {limit} levels deep"),
    N_("a deck needs four levels at most; check the indentation"),
)
LONG_SCALAR = Code(
    "D012",
    N_("a text of {size} characters; {limit} is the most"),
    N_("is a quotation mark missing? else split it"),
)
TOO_MANY_VALUES = Code(
    "D013",
    N_("more than {limit} values in one file"),
    N_("split it: a section can have several files, such as items/10-garden.yaml and items/11-garden.yaml"),
)
DOCUMENTS = Code(
    "D014",
    N_("a second YAML document begins here"),
    N_("delete the line with “---” or move the rest to its own file"),
)
COMPLEX_KEY = Code(
    "D015", N_("the name of a field must be plain text"), N_("write “name: text”, without “?” and brackets")
)
EMPTY_FILE = Code(
    "D016", N_("this file is empty"), N_("write something into it; an item file can also be deleted")
)
MORE = Code(
    "D017",
    N_("there is more to mend in this file; only its first findings are shown"),
    N_("mend these and run the command again"),
    level=Level.WARNING,
)

COMMENT = Code(
    "D018",
    N_("“{comment}” and the rest of the line are a comment, and no part of the text"),
    N_("put the text in quotation marks; if a comment is meant, write a space after #"),
    level=Level.WARNING,
)

# Shape --------------------------------------------------------------------------------

WRONG_TYPE = Code("D101", N_("{what} must be {expected}, not {actual}"), N_("{example}"))
MISSING = Code("D102", N_('{what} has no "{field}"'), N_("add “{field}: …”"))
UNKNOWN_FIELD = Code("D103", N_('unknown field "{field}"'), N_("possible here: {fields}"), _DID_YOU_MEAN)
UNKNOWN_KIND = Code("D104", N_('unknown kind "{kind}"'), N_("there are {kinds}"), _DID_YOU_MEAN)
EMPTY = Code(
    "D105",
    N_("{what} is empty"),
    N_("write its text, or delete the line; a text that begins with # needs quotation marks"),
)
TOO_FEW = Code("D106", N_("{what} has too few entries: {count}; the least is {limit}"), N_("add another"))
TOO_MANY = Code(
    "D107",
    N_("{what} has too many entries: {count}; the most is {limit}"),
    N_("delete some, or make two items"),
)
BAD_ID = Code(
    "D108",
    N_('"{id}" cannot be an id'),
    N_("use small letters a-z, digits and single hyphens, 60 at most: “songdo-sensors”"),
    N_("for example “{near}”"),
)
BAD_WORD = Code(
    "D109", N_('"{word}" is not possible for "{field}"'), N_("choose one of {words}"), _DID_YOU_MEAN
)
OTHER_KIND = Code(
    "D110",
    N_('an item of the kind “{kind}” has no "{field}"'),
    N_("possible here: {fields}"),
    N_("the fields are those of the kind “{near}”: write “kind: {near}”"),
)
BAD_LANGUAGE = Code(
    "D111",
    N_('"{tag}" is not a language tag'),
    N_("use a tag of BCP 47: “de”, “en”, “ar”, “de-simple”"),
)
BAD_COLOUR = Code(
    "D112", N_('"{colour}" is not a colour'), N_('write it as #rrggbb, in quotation marks: "#9b1c31"')
)
PALE_COLOUR = Code(
    "D113",
    N_("the accent {colour} has a contrast of {ratio} to 1 on tinted boxes; 4.5 is needed for reading"),
    N_("choose a darker one"),
)
BAD_URL = Code("D114", N_('"{url}" is not a web address'), N_("write it whole: https://…"))
BAD_FINGERPRINT = Code(
    "D115",
    N_('"{field}" is not what deckgen writes there'),
    N_("run “deckgen outline” on the essay and copy its lines"),
)
BAD_TAG = Code(
    "D116", N_('"{tag}" cannot be a tag'), N_("use letters, digits, “-”, “_” and “::” between two levels")
)
BAD_PATTERN = Code("D117", N_('"{value}" is not possible for "{field}"'), N_("write {pattern}"))

# The deck -----------------------------------------------------------------------------

DUPLICATE_ID = Code(
    "D201", N_('the id "{id}" was given to another item in {place}'), N_("give one of them another id")
)
UNKNOWN_SECTION = Code(
    "D202",
    N_('this file is named for a section "{section}", which {file} does not have'),
    N_("name it for one of {sections}: “10-{first}.yaml”"),
    N_("did you mean “10-{near}.yaml”?"),
)
UNKNOWN_PARAGRAPH = Code(
    "D203",
    N_('the essay has no paragraph "{source}"'),
    N_("there are {paragraphs}"),
    N_("did you mean “{near}”?"),
)
BAD_SOURCE = Code(
    "D204",
    N_('"{source}" does not name a paragraph'),
    N_("write section and number, “kritik 2”, and several in brackets: “[kritik 1, kritik 2]”"),
)
NO_ITEMS = Code("D205", N_("this deck has no items"), N_("write some into items/10-….yaml"))
NO_DECK = Code(
    "D206",
    N_('no deck "{name}"'),
    N_("run it where the folder “cards” is, or make a deck: “deckgen new my-deck”"),
    N_("did you mean “{near}”?"),
)
DUPLICATE_SECTION = Code(
    "D207", N_('the section "{section}" stands here a second time'), N_("give it another id")
)
UNCOVERED = Code(
    "D208",
    N_("no item rests on {paragraph}"),
    N_("write one, or leave it: “deckgen status” shows the whole"),
    level=Level.WARNING,
)
SAME_SOURCE = Code("D209", N_('"{source}" is named twice'), N_("delete one of the two"), level=Level.WARNING)
STRAY_FILE = Code(
    "D210",
    N_("this is no item file, and is not read"),
    N_("item files end in “.yaml” and stand directly in items/"),
    level=Level.WARNING,
)
DUPLICATE_DECK = Code(
    "D211",
    N_('the deck {other} has the id "{id}" as well'),
    N_("give one of them another “id” in its deck.yaml"),
)
SAME_FRONT = Code(
    "D212",
    N_("the same question as “{id}” in {place}"),
    N_("a learner cannot tell the two apart: say in the question what differs"),
    level=Level.WARNING,
)
FORMER_ID = Code(
    "D213",
    N_("“{id}” is named in renamed_from, but it is the id of another item or its former one"),
    N_("keep it with one of the two: translations and learners' progress go to one item only"),
)
SAME_NAME = Code(
    "D214",
    N_('the deck {other} has the name "{name}" as well'),
    N_("Anki shows the cards of both as one deck: unless that is meant, give one of them another “name”"),
    level=Level.WARNING,
)

EVENING_TOO_SHORT = Code(
    "D220",
    N_("opening, break and closing take {taken} minutes, and the evening has {minutes}"),
    N_("lengthen “minutes”, or shorten one of them: opening {opening}, break {pause}, closing {closing}"),
)
NO_SUCH_SECTION = Code(
    "D221",
    N_('the text has no section "{section}"'),
    N_("name one of these: {sections}"),
    _DID_YOU_MEAN,
)

# Text ---------------------------------------------------------------------------------

NO_CLOZE = Code(
    "D301", N_("a cloze without a gap makes no card"), N_("mark what is asked for: {{{{c1::answer}}}}")
)
BROKEN_CLOZE = Code(
    "D302",
    N_("the gap “{marker}” is broken: {reason}"),
    N_("write {{{{c1::answer}}}} or {{{{c1::answer::hint}}}}"),
)
STRAY_CLOZE = Code(
    "D303",
    N_('a gap has no meaning in "{field}"'),
    N_("use “kind: cloze” with a “text”"),
)
RAW_HTML = Code(
    "D304",
    N_("{tag} is shown as it stands: HTML is not read here"),
    N_("use Markdown: *emphasis*, **strong**, - lists"),
    level=Level.WARNING,
)
BAD_LINK = Code(
    "D305", N_("a link to {target} is not allowed"), N_("links begin with https://, http:// or mailto:")
)
REMOTE_PICTURE = Code(
    "D306",
    N_("the picture {target} would be fetched from elsewhere"),
    N_("put the file into media/ and name it"),
)
NO_PICTURE = Code("D307", N_("no file {target} in media/"), N_("there is {files}"), _DID_YOU_MEAN)
BAD_PICTURE = Code(
    "D308",
    N_("{target} cannot be the name of a picture or of a sound"),
    N_("a file directly in media/: letters, digits, “-”, “_”, ending in {endings}"),
)
NO_ALT = Code(
    "D309",
    N_("the picture {target} has no description"),
    N_("describe it for those who cannot see it: ![a map of …]({target})"),
)
BROKEN_EMPHASIS = Code(
    "D310",
    N_("“{marker}” has no effect here"),
    N_("no space belongs inside the marks; a star that is meant as a star is written \\*"),
    level=Level.WARNING,
)
OPEN_MATH = Code(
    "D311",
    N_("the formula “{marker}” is not closed"),
    N_("close it with {close}, or write a mark that is meant as it stands with a backslash: \\\\( or \\$"),
)
SAME_OPTION = Code("D312", N_("the option “{option}” stands here twice"), N_("every option must differ"))
DEEP_MARKUP = Code(
    "D313", N_("lists and quotations nested more than {limit} levels deep"), N_("write it flatter")
)
CROSSED_CLOZE = Code(
    "D314",
    N_("the gap “{marker}” begins inside other markup than it ends in"),
    N_("put the marks wholly inside or wholly around it"),
)
SELF_ANSWER = Code(
    "D315",
    N_('"{field}" gives “{words}” away'),
    N_("say it in other words: this card is asked both ways"),
    level=Level.WARNING,
)
INWORD_EMPHASIS = Code(
    "D316",
    N_("the stars in “{marker}” make emphasis inside a word"),
    N_("write a star that is meant as a star as \\*"),
    level=Level.WARNING,
)

# The essay ----------------------------------------------------------------------------

CHANGED = Code(
    "D401", N_("{paragraph} reads differently in {file}"), N_("look at {place}; are its items still right?")
)
NOT_FOUND = Code("D402", N_("{paragraph} is not in {file}"), N_("is this the same text, and all of it?"))
NO_ESSAY_TEXT = Code("D403", N_("no text can be read from {file}: {reason}"), N_("{advice}"))
BAD_MARK = Code(
    "D405",
    N_("“{mark}” does not number a paragraph"),
    N_("begin each paragraph with its section and number: [section 1], [section 2], …"),
    N_("the next number is “{near}”"),
)

# Building -----------------------------------------------------------------------------

BAD_LEDGER = Code(
    "D501",
    N_("the ledger cannot be used: {reason}"),
    N_("take it back from version control, or rebuild it from the last package: deckgen ledger --from FILE"),
)
FROZEN = Code(
    "D502",
    N_("the ledger would change: {changes}"),
    N_("run “deckgen build” without --frozen and commit ledger.json"),
)
UNWRITABLE = Code(
    "D503", N_("{file} cannot be written: {reason}"), N_("choose another name or folder, or free this one")
)
NO_GLYPH = Code(
    "D504",
    N_("no font has the character {character} in {field}"),
    N_("use another character, or put the word in a picture"),
)
LAYOUT = Code(
    "D505",
    N_("the page layout says: {message}"),
    N_("look at the page; is it as you meant it?"),
    level=Level.WARNING,
)
NO_LANGUAGE = Code(
    "D506",
    N_('this deck does not exist in "{language}"'),
    N_("there is {languages}"),
)
NO_PANGO = Code(
    "D507",
    N_("PDFs need Pango, which is not on this machine"),
    N_("run “deckgen doctor”; it names the command that installs it"),
)
BAD_TEMPLATE = Code(
    "D508",
    N_("this template cannot be used: {reason}"),
    N_("mend it, or delete it to use the one that comes with deckgen"),
)
BAD_KIND = Code(
    "D509", N_("this kind cannot be used: {reason}"), N_("compare it with one that comes with deckgen")
)
NO_CATALOGUE = Code(
    "D510",
    N_('the words of the interface do not exist in "{language}" yet; English ones are used'),
    N_("run “deckgen translate {language}” and translate templates/locale/{language}.po"),
    level=Level.WARNING,
)
NO_FONT = Code(
    "D511",
    N_("no font that is installed has the script {script}"),
    N_("build the package for Anki alone, which needs no font: deckgen build -p anki"),
    N_('install one: pip install "deckgen[{near}]"'),
)
WORDS_LACK = Code(
    "D512",
    N_('of the words of the interface, {count} are not translated into "{language}"; English ones are used'),
    N_("translate the rest of templates/locale/{file}"),
    level=Level.WARNING,
)
CARD_FULL = Code(
    "D513",
    N_("the {side} of the card “{item}” does not fit at {size} points"),
    N_("shorten its text, or print fewer and larger cards: --grid a7, the usual one, or 2x3"),
)
NO_GRID = Code(
    "D514",
    N_("cards in the grid “{grid}” do not fit on {paper}"),
    N_("print fewer and larger cards: --grid {near} at most, or the default"),
)
ENDED = Code(
    "D519",
    N_("the system has ended a process that made files; {file} is not made"),
    N_("if the machine is short of memory, make one file after the other: deckgen build -j 1"),
)
POSTER_FULL = Code(
    "D520",
    N_("the poster is full: {count} sections do not fit on {paper}, even with their titles alone"),
    N_("shorten the titles, set “poster: a3” if it is smaller, or build the other products alone (-p)"),
)
LATE = Code(
    "D521",
    N_("the ledger is ahead of the clock, which says {now}: {names}"),
    N_("set the clock right; if it is the ledger that is wrong, take it back from version control"),
    level=Level.WARNING,
)
LOST_LEDGER = Code(
    "D522",
    N_('the ledger knows nothing of "{language}", but {file} has been built'),
    N_("take ledger.json back from version control, or rebuild it: deckgen ledger {deck} --from {file}"),
)
NO_VERSION = Code(
    "D523",
    N_("no version “{version}” of this deck has been built"),
    N_("name a day, as in 2026-11-23, or a version that was built: {versions}"),
)

# Translations -------------------------------------------------------------------------

BAD_CATALOGUE = Code(
    "D601",
    N_("this is not a catalogue of translations: {reason}"),
    N_("take the last good version back, or mend the line; each entry has msgctxt, msgid and msgstr"),
)
TWICE = Code(
    "D602",
    N_("“{name}” stands here a second time; it was given in line {line}"),
    N_("keep the better one of the two entries and delete the other"),
)
NAMELESS = Code(
    "D603",
    N_("this entry has no msgctxt, so it belongs to no card: “{text}”"),
    N_("delete it; “deckgen sync” adds all entries that the cards need"),
)
OTHER_LANGUAGE = Code(
    "D604",
    N_("the header says “{language}”, the file's name “{tag}”"),
    N_("correct the line “Language:”, or give the file its language's name"),
)
FILE_NAME = Code(
    "D605",
    N_("“{tag}” is not a language tag"),
    N_("name the language by its BCP 47 tag, such as fr, pt-BR or de-simple, and the file after it: fr.po"),
)
SOURCE_CATALOGUE = Code(
    "D606",
    N_("the deck is written in “{language}” itself"),
    N_("change the cards; a deck is not translated into its own language"),
)
NOT_SYNCED = Code(
    "D607",
    N_("the cards have changed since the last “deckgen sync”: {names}"),
    N_("run “deckgen sync”, so that translators see what changed"),
    level=Level.WARNING,
)
STALE_CARDS = Code(
    "D608",
    N_("{language}: cards that changed since they were translated ({count}): {names}"),
    N_("{done}; translate anew what “deckgen sync” marks as fuzzy"),
    level=Level.WARNING,
)
MISSING_CARDS = Code(
    "D609",
    N_("{language}: cards that are not translated yet ({count}): {names}"),
    N_("{done}; translate what is empty in the catalogue"),
    level=Level.WARNING,
)
FAILED_CARDS = Code(
    "D610",
    N_("{language}: cards whose translation has errors ({count}): {names}"),
    N_("{done}; correct the entries in which the errors are"),
    level=Level.WARNING,
)
MIXED_CARDS = Code(
    "D611",
    N_("{language}: cards that are half renewed ({count}): {names}"),
    N_("{done}, for an old answer may not fit a new question; translate the rest of them"),
    level=Level.WARNING,
)
OLD_STALE = Code(
    "D612",
    N_("{language}: “{name}” has been stale for {days} days"),
    N_("translate it anew; if the translation still fits, take away its mark “fuzzy”"),
    level=Level.WARNING,
)
GENERAL_TEXTS = Code(
    "D613",
    N_("{language}: the deck's own texts are not all translated and current: {names}"),
    N_("translate them; what is empty or has errors stays in the language of the cards"),
    level=Level.WARNING,
)
NO_MESSAGE = Code(
    "D614",
    N_("there is no text “{name}” to translate"),
    N_("name an item's field as the catalogue does: item.answer, item.wrong.2, @deck.title"),
    N_("did you mean “{near}”?"),
)
NOTHING_TRANSLATED = Code(
    "D615",
    N_("{language}: no card is translated yet, so nothing is built"),
    N_("translate some in {file}"),
    level=Level.WARNING,
)

# A message and its translation --------------------------------------------------------

OTHER_GAPS = Code(
    "D620",
    N_("the gaps are {here} here and {there} in the source"),
    N_("use each of the source's gap numbers: {{{{c1::…}}}} stays {{{{c1::…}}}}, wherever it stands"),
)
OTHER_HINT = Code(
    "D621",
    N_("the gap {gap} has {here} here and {there} in the source"),
    N_("a hint stands in the gap behind two colons, {{{{c1::answer::hint}}}}, where the source has one"),
)
UNBALANCED_BRACES = Code(
    "D622",
    N_("{opened} braces are opened here and {closed} are closed"),
    N_("delete the one too many, or write its partner"),
)
OTHER_PLACEHOLDER = Code(
    "D623",
    N_("placeholders or formulas differ: {here} here, {there} in the source"),
    N_("copy them from the source as they stand there: they are not translated"),
)
OTHER_LINK = Code(
    "D624",
    N_("web addresses differ: {here} here, {there} in the source"),
    N_("copy them from the source; only the same site's pages in your language may stand for them"),
)
OTHER_PICTURE = Code(
    "D625",
    N_("pictures differ: {here} here, {there} in the source"),
    N_("copy its file's name from the source, and translate the description in the brackets before it"),
)
NO_WORDS = Code(
    "D626",
    N_("there is no word in this translation"),
    N_("translate the text, or delete all of it: it is then still to be translated"),
)
UNCHANGED = Code(
    "D630",
    N_("this is the source's text"),
    N_("translate it; names, and titles of works, may stay as they are"),
    level=Level.WARNING,
)
OTHER_FIGURES = Code(
    "D631",
    N_("the figures differ: {here} here, {there} in the source"),
    N_("compare them, also their commas and points, which differ by language"),
    level=Level.WARNING,
)
LOST_EMPHASIS = Code(
    "D632",
    N_("emphasised parts: {here} here, {there} in the source"),
    N_("put the same words between stars: *emphasis*, **strong**"),
    level=Level.WARNING,
)
OTHER_LIST = Code(
    "D633",
    N_("entries of lists and tables: {here} here, {there} in the source"),
    N_("begin each entry with “- ” in a line of its own; write 20\\. for a number that begins none"),
    level=Level.WARNING,
)
OTHER_LENGTH = Code(
    "D634",
    N_("this is {percent} % as long as the source, which is more than languages differ"),
    N_("is something missing, or does something of another text stand here?"),
    level=Level.WARNING,
)
OTHER_END = Code(
    "D635",
    N_("this ends with {here}, the source with {there}"),
    N_("end it as the source ends, with the mark of your language"),
    level=Level.WARNING,
)
FOREIGN_MARK = Code(
    "D636",
    N_("this language does not write “{mark}” here"),
    N_("write {right}"),
    level=Level.WARNING,
)
FOREIGN_QUOTES = Code(
    "D637",
    N_("the quotation mark {mark} does not stand so in this language"),
    N_("write {right}"),
    level=Level.WARNING,
)
OTHER_TERM = Code(
    "D638",
    N_("“{term}” is called “{translation}” in this deck, and that does not stand here"),
    N_("use the same word everywhere: learners meet it as a term of its own"),
    level=Level.WARNING,
)
GIVEN_AWAY = Code(
    "D639",
    N_("“{words}”, which a gap asks for, stands in this text once more"),
    N_("say it in other words outside of the gap, or put that place into the same gap"),
    level=Level.WARNING,
)

# The translators' spreadsheet ---------------------------------------------------------

NOT_OUR_SHEET = Code(
    "D640",
    N_("this is not a spreadsheet for translators: {reason}"),
    N_("import the file that “deckgen translate --xlsx” wrote, saved as .xlsx"),
)
OTHER_SHEET = Code(
    "D641",
    N_("this spreadsheet is for the deck “{deck}” in “{tag}”"),
    N_("import it with “deckgen translate {tag} {deck} --import FILE”"),
)
NO_SUCH_ROW = Code(
    "D642",
    N_("no text of the deck has the id “{name}” (any more)"),
    N_("this row was not taken; if the card has another id now, export the spreadsheet again"),
)
ROW_TWICE = Code(
    "D643",
    N_("“{name}” stands in several rows: {rows}"),
    N_("none of them was taken; delete all but one"),
)
LOCKED_CELL = Code(
    "D644",
    N_("“{name}”: the column “{column}” has been changed"),
    N_("this row was not taken; say what is wrong in the note: only translation, status and note come back"),
)
NOT_TEXT = Code(
    "D645",
    N_("“{name}”: what stands in the column “{column}” is not text, but a number, a date or a formula"),
    N_("this row was not taken; format the cell as text and write it again"),
)
SOURCE_CHANGED = Code(
    "D646",
    N_("“{name}” was translated from words that have changed since"),
    N_("this row was not taken; export the spreadsheet again, and copy the translation if it still fits"),
)
BOTH_CHANGED = Code(
    "D647",
    N_("“{name}” has been changed in the catalogue as well since the spreadsheet was made"),
    N_("this row was not taken; see which of the two is better, and change the catalogue by hand"),
)
BAD_STATUS = Code(
    "D648",
    N_("“{name}”: “{status}” is no status"),
    N_("this row was not taken; set “done” or “needs work”"),
    N_("this row was not taken; did you mean “{near}”?"),
)
EMPTIED = Code(
    "D649",
    N_("“{name}” has no translation in the spreadsheet"),
    N_("the catalogue was left as it is; there a translation can be deleted"),
    level=Level.WARNING,
)

# Media --------------------------------------------------------------------------------

MEDIA_NAME = Code(
    "D701",
    N_("no text can name this: {reason}"),
    N_("a file directly in media/: letters, digits, “-”, “_”, ending in {endings}"),
    level=Level.WARNING,
)
MEDIA_ELSEWHERE = Code(
    "D702",
    N_("this cannot be used: {reason}"),
    N_("put a copy of the file itself into media/, which everybody may read"),
)
MEDIA_CASE = Code(
    "D703",
    N_("{name} differs from {other} in large and small letters alone"),
    N_("rename one of them: on Windows and on macOS only one of the two could exist"),
)
SAME_MEDIA = Code(
    "D704",
    N_("{name} has the same content as {other}"),
    N_("delete one of them, and name the other in its place"),
    level=Level.WARNING,
)
UNUSED_MEDIA = Code(
    "D705",
    N_("no text names {name}"),
    N_("delete it, or name it in a text: ![what it is]({name})"),
    N_("delete it, or begin that language with “deckgen translate {near}”: it is a variant of {base}"),
    level=Level.WARNING,
)
LARGE_MEDIA = Code(
    "D706",
    N_("this file has {size} MB"),
    N_("make it smaller: every learner downloads it, and telephones show no more than 2000 pixels"),
    level=Level.WARNING,
)
HUGE_MEDIA = Code(
    "D707",
    N_("this file has {size} MB; {limit} MB are the most"),
    N_("make it smaller, or cut it into parts"),
)
OTHER_CONTENT = Code(
    "D708",
    N_("by its name this is {told}, by its content {seen}"),
    N_("save it as what its name says, or give it the ending that it should have"),
)
BROKEN_MEDIA = Code(
    "D709",
    N_("this file is broken: {reason}"),
    N_("take a whole copy of it, or save it anew"),
)
MANY_PIXELS = Code(
    "D710",
    N_("this picture has {width} × {height} pixels; {limit} millions are the most, and {side} a side"),
    N_("make it smaller: shown on a telephone, it would take all of the memory"),
)
BROKEN_SVG = Code(
    "D711",
    N_("this is no SVG that can be read: {reason}"),
    N_("save it anew as “plain SVG”"),
)
ACTIVE_SVG = Code(
    "D712",
    N_("{what} may not stand in a picture"),
    N_("delete it: it could run a program, or show a page, in the place of the picture"),
)
REMOTE_SVG = Code(
    "D713",
    N_("{target} lies outside of this picture"),
    N_("delete it, or put it into the picture: “embed” in a drawing program, text as paths"),
)

# What learners have -------------------------------------------------------------------

UNREADABLE_PACKAGE = Code(
    "D801",
    N_("this package cannot be read: {reason}"),
    N_("name a file that ends in .apkg, as “deckgen build” or Anki has written it"),
)
NOT_OURS = Code(
    "D802",
    N_("no deck here has a note of this package"),
    N_("name the deck's package, or a second package to compare it with"),
)
PART_GONE = Code(
    "D803",
    N_('the {what} "{name}" of the kind "{kind}" is gone; learners have it'),
    N_("put it back with the id {id}; if you mean it, say so: deckgen build --breaking"),
)
PART_MOVED = Code(
    "D804",
    N_('the {what} "{name}" of the kind "{kind}" has another id; Anki takes it for another one'),
    N_("give it the id {id} again; if you mean it, say so: deckgen build --breaking"),
)
TYPE_CHANGED = Code(
    "D805",
    N_('the kind "{kind}" is another note type for Anki now: its id, or whether it has gaps, has changed'),
    N_("its id was {id}; if you mean it, say so: deckgen build --breaking"),
)
GAPS_GONE = Code(
    "D806",
    N_("“{item}” has lost its gap {gaps}; learners keep an empty card"),
    N_("put it back, or give the new text an id of its own; if you mean it: deckgen build --breaking"),
)
KIND_CHANGED = Code(
    "D807",
    N_('“{item}” was of the kind "{old}" and is of the kind "{new}" now; learners cannot get it'),
    N_("give it an id of its own; if you mean it, say so: deckgen build --breaking"),
)
DECK_RENAMED = Code(
    "D808",
    N_("the deck was called “{old}”; Anki makes a new one called “{new}”, and the old cards stay behind"),
    N_("give it its old name; if you mean it, say so: deckgen build --breaking"),
)
FIELD_ADDED = Code(
    "D809",
    N_('the field "{name}" of the kind "{kind}" is new; Anki holds corrections back when it adds a field'),
    N_("tell learners to import this version with “Update notes: Always”, which replaces their own words"),
    level=Level.WARNING,
)
SECTION_RENAMED = Code(
    "D810",
    N_("the subdeck “{old}” is called “{new}” now; the cards that learners have stay in the old one"),
    N_('give it its old name, or tell them to move the cards in Anki\'s browser: deck:"{old}"'),
    level=Level.WARNING,
)

CODES: dict[str, Code] = {code.id: code for code in list(globals().values()) if isinstance(code, Code)}
