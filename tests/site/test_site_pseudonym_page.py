"""The page that makes codes without Python, in a real browser, beside the library."""

import csv
import io
import json
import random
import re
from datetime import date, timedelta

import pytest

from atips_analysis.cli import run
from atips_analysis.intake.agency.pseudonymised_files import pseudonymise_file
from atips_analysis.intake.agency.pseudonymising_page import pseudonym_page
from atips_analysis.intake.agency.pseudonyms import (
    _decoded,
    birth_date,
    mark_of,
    plain,
    read_key,
    sound,
    weakness_of,
)

KEY = "5f0d9c1be27a4483aa61ce02f7b85d394be1760cd8a2f35e91c4680db7f2a35c"  # for tests alone
FIRST = "Ana María;José;Ximena;Jimena;Zoë;Renée;İpek;Straße;Łukasz;Dean O'Neil;Marleni;Iván;𝒜da;Nguyễn;Σοφία;Ꮳali"
LAST = "de la Cruz-Pérez;Núñez;Gonzáles;Gonsalez;Castañeda y Gómez;O´Brien;Müller;Coc;Teul;Del Valle;van der Meer;ΠΑΠΑΔΟΠΟΥΛΟΣ"
SEPARATED = (
    "{d:%d/%m/%Y}",
    "{d:%Y-%m-%d}",
    "{d.day} de {m} de {d.year}",
    "{d:%d.%m.%Y}",
    "{n}",
    "{d.year}",
    "",
)
SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"


def invented_people(number: int) -> list[list[str]]:
    """Rows of first names, surnames, birth date as people write it, and an age group; invented."""
    chance = random.Random(20241231)
    rows = []
    for _ in range(number):
        first = " ".join(chance.sample(FIRST.split(";"), chance.choice((1, 1, 2))))
        last = " ".join(chance.sample(LAST.split(";"), chance.choice((1, 2))))
        born = date(1950, 1, 1) + timedelta(days=chance.randrange(25_000))
        written = chance.choice(SEPARATED).format(
            d=born, m=SPANISH.split()[born.month - 1], n=(born - date(1899, 12, 30)).days
        )
        if chance.random() < 0.3:
            first, last = first.upper(), last.lower()
        rows.append([first, last, written, chance.choice(("", "18+", 'with "quotes", commas'))])
    return rows


def table(rows: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([["Nombres", "Apellidos", "Fecha de nacimiento", "Age group"], *rows])
    return text.getvalue()


@pytest.fixture
def page(browser, tmp_path):
    file = tmp_path / "names to codes.html"
    assert run(["pseudonymise", "--page", str(file), "--quiet"]) == 0
    browser.open(file, 1280)
    return browser


def in_the_page(browser, names: str, key: str = KEY, column: str = "victim_id") -> dict:
    """What the page makes of a pasted table."""
    return browser.value(
        f"""(() => {{
          const put = (id, text, event) => {{
            const field = document.getElementById(id);
            field.value = text;
            field.dispatchEvent(new Event(event));
          }};
          put("key-text", {json.dumps(key)}, "input");
          put("code-column", {json.dumps(column)}, "change");
          put("table-text", {json.dumps(names)}, "input");
          return {{csv: made && made.csv, said: document.getElementById("result-said").innerText,
                   key: document.getElementById("key-said").innerText}};
        }})()"""
    )


def in_the_library(tmp_path, names: str, column: str = "victim_id", key: str = KEY) -> str:
    (tmp_path / "names.csv").write_text(names, encoding="utf-8", newline="")
    (tmp_path / "the.key").write_text(key)
    pseudonymise_file(tmp_path / "names.csv", tmp_path / "the.key", tmp_path / "codes.csv", column)
    return (tmp_path / "codes.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_five_hundred_invented_people_get_the_codes_of_the_library_to_the_byte(
    page, tmp_path, delimiter
):
    names = table(invented_people(500), delimiter)
    made = in_the_page(page, names)
    assert made["csv"] == in_the_library(tmp_path, names)
    assert "500" in made["said"]


def test_a_cell_that_a_spreadsheet_would_compute_is_a_text_as_in_the_library(page, tmp_path):
    cells = ("=1+1", "@SUM(1)", "+cmd|x", "-2+3", "-5", "-1.5e-05", "\uff1d1", '="2024-02"', "a=b")
    names = table([["Ana", "Coc", '="2001-04-03"', cell] for cell in cells], "\t")
    made = in_the_page(page, names)["csv"]
    assert made == in_the_library(tmp_path, names)
    assert made.count(",'") == 5 and made.count(",2024-02\n") == 1


def test_nothing_is_asked_of_a_network_and_nothing_goes_wrong(page):
    in_the_page(page, table(invented_people(5)))
    assert page.visit.errors == []
    assert [url for url in page.visit.requests if not url.startswith("file:")] == []
    assert page.value("localStorage.length + sessionStorage.length") == 0


def test_the_page_s_own_policy_lets_it_reach_nothing(page):
    answer = "fetch('file:///etc/hostname').then(() => 'reached', () => 'refused')"
    assert page.value(answer) == "refused"
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', pseudonym_page())
    assert policy and "default-src &#39;none&#39;" in policy[1] and "unsafe" not in policy[1]


def test_names_are_made_plain_and_heard_as_the_library_does(page):
    names = [
        *FIRST.split(";"),
        *LAST.split(";"),
        "ﬁona",
        "ŉ",
        "Ａｎａ",
        "S'tefany",
        "Llesenia",
        "Hechicera",
    ]
    found = page.value(f"{json.dumps(names)}.map((name) => [plain(name), sound(plain(name))])")
    assert found == [[plain(name), sound(plain(name))] for name in names]


DATES = """2001-04-03;3/4/2001;13/4/2001;4/13/2001;2001;36984;36984.0;3 abril 2001;April 3rd, 2001;3 de
abril del 2001;31/02/2001;29/02/2000;29/02/2001;3/4/01;03-ABR-2001;2001/4/3 00:00:00;2001-04-03T10:00;
１９９９-04-03;unknown;0/0/2000;99999;1/1/1899;12/31/2100;2101-01-01;123456789 may 12;may""".replace(
    "\n", ""
).split(";")


def test_dates_of_birth_are_read_as_the_library_reads_them(page):
    found = page.value(f"{json.dumps(DATES)}.map((text) => birthDate(text))")
    read = [
        (iso and f"{iso['year']:04}-{iso['month']:02}-{iso['day']:02}", year) for iso, year in found
    ]
    assert read == [(born and born.isoformat(), year) for born, year in map(birth_date, DATES)]


KEYS = [
    KEY.encode(), bytes.fromhex(KEY), KEY.encode("utf-16"), b"\xef\xbb\xbf" + KEY.encode() + b"\r\n",
    b"short", KEY[:-1].encode(), b"ab" * 32, bytes(range(64)), b"correct horse battery staple and more words", b"0" * 64,
    b"k3JbX9vQe7mRZ0tLwPz5uYhCq1dNfG8sVaT2oKi4xBE",
]  # fmt: skip
WEAK = {
    None: None,
    "is too": "too_short",
    "repeat": "repeats",
    "is a s": "sequence",
    "is mad": "words",
    "lacks ": "odd",
}


@pytest.mark.parametrize("content", KEYS)
def test_a_key_is_decoded_and_judged_as_the_library_does(page, content):
    decoded = page.value(f"Array.from(decodedKey(Uint8Array.from({list(content)})))")
    assert bytes(decoded) == _decoded(content)
    weakness = weakness_of(_decoded(content))
    found = page.value(f"weaknessOf(decodedKey(Uint8Array.from({list(content)})))")
    assert found == WEAK[weakness and weakness[:6]]


def test_the_digests_are_those_of_the_standard(page):
    """FIPS 180-4 and RFC 4231, test cases 2 and 6."""
    text = "(t) => new TextEncoder().encode(t)"
    assert page.value(f"hex(sha256(({text})('abc')))").startswith(
        "ba7816bf8f01cfea414140de5dae2223"
    )
    assert page.value(f"hex(hmac(({text})('Jefe'), ({text})('what do ya want for nothing?')))") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )
    long_key = "Uint8Array.from({length: 131}, () => 0xaa)"
    words = "Test Using Larger Than Block-Size Key - Hash Key First"
    assert page.value(f"hex(hmac({long_key}, ({text})('{words}')))").startswith(
        "60e431591ee0b67f0d8a26aacbf5b77f"
    )


HEADLESS = table(invented_people(500)).partition("\r\n")[2]


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (HEADLESS, "copy the table together with its header row"),
        ("Name,Surname,Dob\n", "No row stands below the header"),
        (
            "Full name,Dob\nAna Pech,2001\n",
            "row 1 has no column of its own for: first names, surnames.",
        ),
        ("Name,Surname,Dob,Birthday\nA,B,2001,2001\n", "keep one"),
        ('Name,Surname,Dob\n"A,B,2001\n', "quotation mark"),
        ("Name,Surname,Dob,District\nRosa,Chan,2001-01-01,Rosa\n", "row 2"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(page, names, says):
    made = in_the_page(page, names)
    assert made["csv"] is None
    assert says in made["said"] and len(made["said"].splitlines()) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_file_that_excel_saved_is_read_as_the_library_reads_it(page, tmp_path, encoding):
    people = [["Ana\nMaría", "Núñez", "15/03/1999", "18+"], ["José", "Coc", "15-Mar-1999", ""]]
    content = table(people, ";").encode(encoding)
    (tmp_path / "names.csv").write_bytes(content)
    (tmp_path / "the.key").write_text(KEY)
    pseudonymise_file(tmp_path / "names.csv", tmp_path / "the.key", tmp_path / "codes.csv")
    in_the_page(page, "", column="")
    page.value(
        f"""(() => {{
          const chosen = new DataTransfer();
          chosen.items.add(new File([Uint8Array.from({list(content)})], "names.csv"));
          document.getElementById("table-file").files = chosen.files;
          document.getElementById("table-file").dispatchEvent(new Event("change"));
          return new Promise((done) => setTimeout(done, 200));
        }})()"""
    )
    assert page.value("made.csv") == (tmp_path / "codes.csv").read_text("utf-8")
    assert page.value("made.persons") == 2


def test_dates_that_excel_shows_in_part_or_month_first_are_said_with_what_to_do(page):
    names = "Name,Surname,Dob\nA,Be,3/15/1999\nB,Ce,3/4/1999\nC,De,15-Mar-99\n"
    said = in_the_page(page, names)["said"].splitlines()
    assert any("first in rows 2" in line and "read day first: 3." in line for line in said)
    assert any("rows 4. Write it with its year in four digits" in line for line in said)


def test_the_page_makes_a_key_that_the_library_takes_and_saves_it_as_a_file(page, tmp_path):
    kept = page.value(
        """(() => {
          const kept = {};
          URL.createObjectURL = (blob) => { kept.blob = blob; return "blob:"; };
          HTMLAnchorElement.prototype.click = function () { kept.name = this.download; };
          document.getElementById("new-key").click();
          return kept.blob.text().then((text) => ({ text, name: kept.name,
            said: document.getElementById("key-said").innerText,
            shown: document.body.innerText.includes(text.trim()) }));
        })()"""
    )
    (tmp_path / kept["name"]).write_text(kept["text"])
    key = read_key(tmp_path / kept["name"])
    assert len(key) == 32 and mark_of(key) in kept["said"] and mark_of(key) in kept["name"]
    assert not kept["shown"]
    names = table(invented_people(3))
    page.value("document.getElementById('new-key').click()")
    assert in_the_page(page, names, kept["text"])["csv"] == in_the_library(
        tmp_path, names, key=kept["text"]
    )


def test_columns_that_tell_who_a_person_is_are_left_out_and_said_to_be(page, tmp_path):
    names = "Name,Surname,Dob,Phone,Sex,Remarks,Odd\nRosa,Chan,2001-01-01,600,F,tall,Rosa C.\n"
    made = in_the_page(page, names)
    assert made["csv"] == in_the_library(tmp_path, names)
    assert "Phone, Remarks, Odd" in made["said"] and "600" not in made["csv"]


def test_a_weak_key_makes_no_codes_and_the_page_speaks_spanish(page):
    made = in_the_page(page, table(invented_people(3)), key="0123456789")
    assert made["csv"] is None and "too short" in made["key"]
    page.value(
        "(() => { const box = document.getElementById('lang'); box.value = 'es';"
        " box.dispatchEvent(new Event('change')); })()"
    )
    assert "demasiado corta" in page.value("document.getElementById('key-said').innerText")
    assert page.value("document.documentElement.scrollWidth <= innerWidth")


def test_the_command_refuses_what_does_not_go_together(tmp_path, capsys):
    assert run(["pseudonymise", "--page", str(tmp_path / "a.txt")]) == 2
    assert "ends in .html" in capsys.readouterr().err
    assert run(["pseudonymise", "names.csv", "--page", str(tmp_path / "a.html")]) == 2
    assert run(["pseudonymise", "names.csv"]) == 2
    assert "--key-file" in capsys.readouterr().err
