// Names become codes in the browser, as `atips pseudonymise` makes them: the same rules in the
// same order (intake/pseudonyms.py, intake/pseudonymised_files.py), whose tables stand in DATA.
// A test runs both over the same names. Nothing is kept, nothing is sent.
"use strict";

const DATA = JSON.parse(document.getElementById("rules").textContent);
const PARTICLES = new Set(DATA.particles);
const FIRST_NAMES = new Set(DATA.first_names);
const SURNAMES = new Set(DATA.surnames);
const BIRTH = new Set(DATA.birth);
const NEEDED = { first_names: FIRST_NAMES, surnames: SURNAMES, birth: BIRTH };
const TELLS_WHO = new RegExp(DATA.tells_who);
const SIMULATED = new RegExp(DATA.simulated, "i");
const SOUNDS = DATA.sounds.map(([pattern, letters]) => [new RegExp(pattern, "g"), letters]);
const COMBINING = new RegExp(`[${DATA.combining}]`, "gu");
const MONTHS = new Map(Object.entries(DATA.months));
const LEFT_OUT_LISTS = new Map(
  Object.entries(DATA.headers).map(([header, lists]) => [header, lists]),
);
const LISTS = new Map(Object.entries(DATA.lists).map(([name, values]) => [name, new Set(values)]));

// ---- SHA-256 (FIPS 180-4) and HMAC (RFC 2104): the browser's own are not to be had from every file

const PRIMES = [];
for (let number = 2; PRIMES.length < 64; number += 1) {
  if (PRIMES.every((prime) => number % prime)) PRIMES.push(number);
}
const fraction = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
const ROUND = PRIMES.map((prime) => fraction(Math.cbrt(prime)));
const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));

function sha256(bytes) {
  const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0);
  const state = START.slice();
  const words = new Int32Array(64);
  const turn = (word, by) => (word >>> by) | (word << (32 - by));
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(block + 4 * i);
    for (let i = 16; i < 64; i += 1) {
      const a = words[i - 15];
      const b = words[i - 2];
      const small0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
      const small1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
      words[i] = (words[i - 16] + small0 + words[i - 7] + small1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const large1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const first = (h + large1 + ((e & f) ^ (~e & g)) + ROUND[i] + words[i]) | 0;
      const large0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
      const second = (large0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] = (state[i] + word) | 0; });
  }
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => digest.setInt32(4 * i, word));
  return new Uint8Array(digest.buffer);
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

function hmac(key, message) {
  const block = new Uint8Array(64);
  block.set(key.length > 64 ? sha256(key) : key);
  const inner = sha256(joined(block.map((byte) => byte ^ 0x36), message));
  return sha256(joined(block.map((byte) => byte ^ 0x5c), inner));
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

// ---- the rules of pseudonyms.py

const BLANKS = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const OUTER_BLANKS = new RegExp(`^${BLANKS}|${BLANKS}$`, "g");
const strip = (text) => text.replace(OUTER_BLANKS, "");

function plain(text) {
  const letters = Array.from(text.normalize("NFKD"), (letter) =>
    Object.prototype.hasOwnProperty.call(DATA.folds, letter)
      ? DATA.folds[letter]
      : letter.toLowerCase(),
  ).join("").replace(COMBINING, "");
  return letters.replace(/['’`´.]/g, "").replace(/[^\p{L}\p{N}]+/gu, " ").replace(/^ | $/g, "");
}

function nameParts(name) {
  const words = plain(name).split(" ").filter(Boolean);
  const kept = words.filter((word) => !PARTICLES.has(word));
  return kept.length ? kept : words;
}

function sound(word) {
  return SOUNDS.reduce((said, [pattern, letters]) => said.replace(pattern, letters), word);
}

// Python sorts by code point, JavaScript by halves of them.
function byCodePoint(one, other) {
  const [a, b] = [Array.from(one), Array.from(other)];
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    if (a[i] !== b[i]) return a[i].codePointAt(0) - b[i].codePointAt(0);
  }
  return a.length - b.length;
}

function keyed(key, purpose, ...parts) {
  const message = new TextEncoder().encode([purpose, ...parts].join("\x1f"));
  const code = hex(hmac(key, message)).slice(0, DATA.code_length);
  return /[abcdf]/.test(code) ? code : keyed(key, purpose, ...parts, "again");
}

const two = (number) => String(number).padStart(2, "0");
const iso = (born) =>
  born ? `${String(born.year).padStart(4, "0")}-${two(born.month)}-${two(born.day)}` : "unknown";

function personCode(person, key) {
  const names = [...nameParts(person.first), ...nameParts(person.last)].sort(byCodePoint);
  return keyed(key, "person", ...names, iso(person.born));
}

function partialKeys(person, key) {
  const first = nameParts(person.first)[0];
  const surname = nameParts(person.last)[0];
  const { born } = person;
  const year = born ? born.year : person.year;
  const keys = ["", "", ""];
  if (first && surname && year) {
    keys[0] = keyed(key, "name-year", sound(first), sound(surname), String(year));
  }
  if (surname && born) keys[1] = keyed(key, "surname-dob", surname, iso(born));
  if (first && born) {
    const [low, high] = [born.day, born.month].sort((a, b) => a - b);
    keys[2] = keyed(key, "first-dob", first, String(born.year), String(low), String(high));
  }
  return keys;
}

function realDate(year, month, day) {
  if (year < 1 || month < 1 || month > 12 || day < 1) return null;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return day <= days ? { year, month, day } : null;
}

const SMALL_WORDS = new Set(["de", "del", "of", "the"]);

function plainDate(text) {
  const day = strip(text).replace(/[T ][0-9]{1,2}:[0-9]{2}.*$/, "").toLowerCase();
  const words = day.split(/([^\p{L}\p{N}_]+)/u);
  return strip(words.map((word) => (SMALL_WORDS.has(word) ? " " : word)).join(""));
}

function dateOf(text) {
  if (/^[0-9]{4,5}$/.test(text)) {
    const day = new Date(Date.UTC(1899, 11, 30) + Number(text) * 86400000);
    return { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() };
  }
  const parts = text
    .split(/[\s/.,-]+/)
    .filter(Boolean)
    .map((part) => part.replace(/^([0-9]{1,2})(st|nd|rd|th)$/, "$1"));
  if (parts.length !== 3) return null;
  const digits = (part) => /^[0-9]{1,4}$/.test(part);
  const named = parts.filter((part) => MONTHS.has(plain(part)));
  if (named.length) {
    const rest = parts.filter((part) => !named.includes(part));
    if (rest.length !== 2 || !rest.every(digits)) return null;
    const [day, year] = rest.map(Number).sort((a, b) => a - b);
    return realDate(year, MONTHS.get(plain(named[0])), day);
  }
  if (!parts.every(digits)) return null;
  const [a, b, c] = parts.map(Number);
  if (parts[0].length === 4) return realDate(a, b, c);
  if (parts[2].length !== 4) return null;
  return realDate(c, b, a) || realDate(c, a, b);
}

function orderOfDay(value) {
  const parts = plainDate(value).split(/[/.-]/);
  if (parts.length !== 3 || parts[2].length !== 4 || !parts.every((part) => /^[0-9]{1,4}$/.test(part))) return "";
  const [first, second] = parts.map(Number);
  if (first > 12 || second > 12) return first > 12 ? "day" : "month";
  return first !== second ? "either" : "";
}

function birthDate(value) {
  const text = plainDate(value.normalize("NFKC")).replace(/\.0$/, "");
  if (/^(19|20)[0-9]{2}$/.test(text)) return [null, Number(text)];
  const found = dateOf(text);
  if (!found || found.year < 1900 || found.year > 2100) return [null, null];
  return [found, found.year];
}

function decodedKey(content) {
  let bytes = content;
  const order = { "255,254": "utf-16le", "254,255": "utf-16be" }[bytes.slice(0, 2).join()];
  if (order) {
    try {
      bytes = new TextEncoder().encode(new TextDecoder(order, { fatal: true }).decode(bytes));
    } catch { return content; }
  }
  let text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  text = text.replace(/^\xef\xbb\xbf/, "").replace(/^[\t-\r ]+|[\t-\r ]+$/g, "");
  if (/^([0-9a-fA-F]{2})+$/.test(text)) {
    return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
  }
  if (/^[\x20-\x7e\t-\r]*$/.test(text)) return new TextEncoder().encode(text);
  return content;
}

const markOf = (bytes) => keyed(bytes, "mark").slice(0, 4);

function weaknessOf(key) {
  if (key.length % 2 && /^[0-9a-fA-F]+$/.test(String.fromCharCode(...key))) return "odd";
  if (key.length < DATA.shortest_key) return "too_short";
  const runs = Array.from({ length: key.length - 2 }, (_, i) => key.slice(i, i + 3).join());
  const saidBefore = 1 - new Set(runs).size / runs.length;
  if (saidBefore > DATA.most_said_before || new Set(key).size < DATA.fewest_values) return "repeats";
  const steps = new Set(Array.from(key.slice(1), (byte, i) => (byte - key[i] + 256) % 256));
  if (steps.size < DATA.fewest_steps) return "sequence";
  const text = String.fromCharCode(...key);
  const random = !text.includes(" ") && text.length >= 40
    && [/[a-z]/, /[A-Z]/, /[0-9]/].every((kind) => kind.test(text));
  return /^[\x20-\x7e]+$/.test(text) && !random ? "words" : null;
}

// ---- the table: as csv.reader reads and csv.writer writes

function delimiterOf(text) {
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/).slice(0, DATA.first_rows);
  const count = (sign) => lines.join("\n").split(sign).length - 1;
  return [",", ";", "\t", "|"].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

function rowsOf(text) {
  const delimiter = delimiterOf(text);
  const rows = [];
  let row = [];
  let field = "";
  let quoted = false;
  let started = false; // something of this field stood there, if only a quote
  const endField = () => { row.push(field); field = ""; started = false; };
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i];
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (text[i + 1] === '"') {
        field += '"';
        i += 1;
      } else {
        quoted = false;
        if (i + 1 < text.length && ![delimiter, "\n", "\r"].includes(text[i + 1])) throw said("not_closed");
      }
    } else if (sign === '"' && !started) {
      quoted = true;
      started = true;
    } else if (sign === delimiter) {
      endField();
    } else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && text[i + 1] === "\n") i += 1;
      if (row.length || started) endField();
      rows.push(row);
      row = [];
    } else {
      field += sign;
      started = true;
    }
  }
  if (quoted) throw said("not_closed");
  if (row.length || started) { endField(); rows.push(row); }
  // ="2024-02" is how some programs keep Excel from changing a text
  return rows.map((one) => one.map((cell) => cell.replace(/^="([^"]*)"$/, "$1")));
}

// what a spreadsheet would take for a formula is a text: `uncomputed` in files.py
const COMPUTED = /^(?:[\t\r\n]|[\s\x00-\x1f\x7f\x85\u200b\u2060\ufeff]*(?:[=@\uff1d\uff20]|[+\-\uff0b\uff0d](?![0-9.,\s]*(?:e[+\-]?[0-9]+)?%?$)))/;

const written = (rows) => rows
  .map((row) => row
    .map((cell) => (COMPUTED.test(cell) ? `'${cell}` : cell))
    .map((cell) => (/[",\r\n]/.test(cell) || (row.length === 1 && !cell)
      ? `"${cell.replace(/"/g, '""')}"` : cell))
    .join(","))
  .map((line) => `${line}\n`)
  .join("");

function decodedText(bytes) {
  const order = { "255,254": "utf-16le", "254,255": "utf-16be" }[bytes.slice(0, 2).join()];
  if (order) return new TextDecoder(order).decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch { return new TextDecoder("windows-1252").decode(bytes); }
}

// ---- the rules of pseudonymised_files.py

function codeColumn(name) {
  const words = ` ${plain(name)} `;
  return DATA.person_streams.some((stream) => words.includes(` ${stream} `))
    ? "person_id" : "victim_id";
}

function noHeader(lacking) {
  const least = Math.min(...lacking.map((what) => what.length));
  if (!(least < Object.keys(NEEDED).length)) return said("no_header");
  const row = lacking.findIndex((what) => what.length === least);
  return said("half_header", { row: row + 1, columns: { words: lacking[row] } });
}

function pseudonymised(name, rows, key, own) {
  const lacking = rows.slice(0, DATA.first_rows).map((row) => {
    const held = row.map((cell) => plain(strip(cell)));
    return Object.keys(NEEDED).filter((what) => !held.some((one) => NEEDED[what].has(one)));
  });
  const position = lacking.findIndex((what) => !what.length);
  if (position < 0) throw noHeader(lacking);
  const header = rows[position].map(strip);
  const words = header.map(plain);
  const places = (known) => words.flatMap((word, i) => (known.has(word) ? [i] : []));
  const [first, last, birth] = [FIRST_NAMES, SURNAMES, BIRTH].map(places);
  if (birth.length > 1) throw said("two_births");
  const given = places(new Set([...DATA.code_labels[own], ...DATA.partial_labels]));
  const taken = new Set([...first, ...last, ...birth, ...given]);
  const others = header.map((_, i) => i).filter((i) => !taken.has(i));
  const tells = (text) => !text || TELLS_WHO.test(plain(text));
  const body = rows
    .map((row, i) => ({ number: i + 1, cells: header.map((_, j) => row[j] || "").concat(row.slice(header.length)) }))
    .slice(position + 1)
    .filter(({ cells }) => cells.some((cell) => strip(cell)));
  if (!body.length) throw said("no_rows");
  for (const row of body) {
    const [born, year] = birthDate(row.cells[birth[0]]);
    const name_ = (columns) => columns.map((i) => strip(row.cells[i])).join(" ");
    row.person = { first: name_(first), last: name_(last), born, year };
    row.names = new Set(
      [...nameParts(row.person.first), ...nameParts(row.person.last)].filter((one) => Array.from(one).length > 2),
    );
  }
  const kept = [];
  const leftOut = others.filter((i) => tells(header[i]) && header[i]);
  for (const i of others.filter((one) => !tells(header[one]))) {
    const lists = LEFT_OUT_LISTS.get(words[i]);
    const allowed = (value) => lists && lists.some((list) => LISTS.get(list)?.has(value));
    const named = body.find(({ cells, names }) => {
      const cell = plain(strip(cells[i]));
      return !allowed(cell) && cell.split(" ").some((word) => names.has(word));
    });
    if (named && lists) throw said("name_in_column", { column: header[i], row: named.number });
    (named ? leftOut : kept).push(i);
  }
  const made = { rows: body.length, leftOut: leftOut.map((i) => header[i]), noName: [], noBirth: [], monthFirst: [], eitherFirst: [] };
  const table = [[own, ...DATA.partial_keys, ...kept.map((i) => header[i])]];
  const surnamesOf = new Map();
  const codes = new Set();
  for (const { number, cells, person } of body) {
    const order = orderOfDay(cells[birth[0]]);
    if (order === "month") made.monthFirst.push(number);
    if (order === "either") made.eitherFirst.push(number);
    let codesOfRow = ["", "", "", ""];
    if (nameParts(person.first).length && nameParts(person.last).length) {
      codesOfRow = [personCode(person, key), ...partialKeys(person, key)];
      codes.add(codesOfRow[0]);
      for (const one of nameParts(person.first)) {
        const surnames = surnamesOf.get(one) || new Set();
        nameParts(person.last).forEach((surname) => surnames.add(surname));
        surnamesOf.set(one, surnames);
      }
      if (!person.born) made.noBirth.push(number);
    } else made.noName.push(number);
    table.push([...codesOfRow, ...kept.map((i) => strip(cells[i]))]);
  }
  table.forEach((row, i) => row.forEach((cell) => {
    const held = plain(cell).split(" ");
    const full = held.some((word) => surnamesOf.has(word)
      && held.some((other) => other !== word && surnamesOf.get(word).has(other)));
    if (full) throw said("full_name", { row: i + 1 });
  }));
  const mark = rows.slice(0, position).some((row) => row.some((cell) => SIMULATED.test(cell)));
  made.persons = codes.size;
  made.csv = written(mark ? [["SIMULATED RECORDS"], ...table] : table);
  made.table = table;
  return made;
}

// ---- the page

const at = (id) => document.getElementById(id);
let lang = DATA.words[(navigator.language || "").slice(0, 2)] ? navigator.language.slice(0, 2) : "en";
let key = null;
let text = null;
let source = "";
let made = null;

const word = (name, values = {}) => Object.entries(values).reduce(
  (sentence, [field, value]) => sentence.split(`{${field}}`).join(
    value.words ? value.words.map((one) => word(one)).join(", ") : value,
  ),
  DATA.words[lang][name],
);
function said(name, values = {}) {
  const error = new Error(name);
  error.said = { name, values };
  return error;
}

function sayAll() {
  document.documentElement.lang = lang;
  document.title = word("title");
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = word(element.dataset.word);
  }
  at("lang").value = lang;
  show();
}

function lines(target, found) {
  target.replaceChildren(...found.map(([kind, sentence]) => {
    const line = document.createElement("p");
    line.className = kind;
    line.textContent = sentence;
    return line;
  }));
}

const some = (numbers) => numbers.slice(0, 20).join(", ")
  + (numbers.length > 20 ? ` ${word("and_more", { number: numbers.length - 20 })}` : "");

let keySaid = null;
let tableSaid = null;

function show() {
  lines(at("key-said"), keySaid ? [[keySaid.kind, word(keySaid.name, keySaid.values)]] : []);
  const found = tableSaid ? [[tableSaid.kind, word(tableSaid.name, tableSaid.values)]] : [];
  if (made) {
    found.push(["good", word("done", { rows: made.rows, persons: made.persons })]);
    if (made.leftOut.length) found.push(["", word("left_out", { columns: made.leftOut.join(", ") })]);
    if (made.noBirth.length) found.push(["", word("no_birth", { rows: some(made.noBirth) })]);
    if (made.monthFirst.length && made.eitherFirst.length) {
      found.push(["bad", word("month_first", { rows: some(made.monthFirst), others: some(made.eitherFirst) })]);
    }
    if (made.noName.length) found.push(["bad", word("no_name", { rows: some(made.noName) })]);
  }
  lines(at("result-said"), found);
  at("result").hidden = !found.length;
  at("save").hidden = !made;
  at("preview").replaceChildren(...(made ? made.table.slice(0, 6) : []).map((row, i) => {
    const line = document.createElement("tr");
    line.append(...row.map((cell) => {
      const box = document.createElement(i ? "td" : "th");
      box.textContent = cell;
      return box;
    }));
    return line;
  }));
}

function make() {
  made = null;
  tableSaid = null;
  if (key && text !== null) {
    try {
      const own = at("code-column").value || codeColumn(source);
      made = pseudonymised(source, rowsOf(text), key, own);
    } catch (error) {
      tableSaid = { kind: "bad", ...(error.said || { name: "unreadable", values: {} }) };
    }
  } else if (text !== null) tableSaid = { kind: "bad", name: "key_first", values: {} };
  show();
}

function takeKey(bytes) {
  const found = decodedKey(bytes);
  const weakness = weaknessOf(found);
  key = weakness ? null : found;
  keySaid = weakness
    ? { kind: "bad", name: `key_${weakness}`, values: { bytes: found.length, least: DATA.shortest_key } }
    : { kind: "good", name: "key_good", values: { mark: markOf(found) } };
  make();
}

async function bytesOf(file) { return new Uint8Array(await file.arrayBuffer()); }

at("key-file").addEventListener("change", async ({ target }) => {
  if (target.files[0]) takeKey(await bytesOf(target.files[0]));
});
at("key-text").addEventListener("input", ({ target }) => {
  if (target.value.trim()) takeKey(new TextEncoder().encode(target.value));
});
at("table-file").addEventListener("change", async ({ target }) => {
  const file = target.files[0];
  if (!file) return;
  const bytes = await bytesOf(file);
  if (["80,75", "208,207"].includes(bytes.slice(0, 2).join())) { // .xlsx and .ods, .xls
    text = null;
    made = null;
    tableSaid = { kind: "bad", name: "workbook", values: {} };
    show();
    return;
  }
  source = file.name.replace(/\.[^.]*$/, "");
  text = decodedText(bytes);
  make();
});
at("table-text").addEventListener("input", ({ target }) => {
  source = source || "names";
  text = target.value.trim() ? target.value : null;
  make();
});
at("code-column").addEventListener("change", make);
at("lang").addEventListener("change", ({ target }) => { lang = target.value; sayAll(); });
function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "text/plain" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
at("save-table").addEventListener("click", () => save(made.csv, `${source}_codes.csv`));
at("new-key").addEventListener("click", () => {
  const bytes = crypto.getRandomValues(new Uint8Array(DATA.shortest_key));
  save(`${hex(bytes)}\n`, `atips-${markOf(bytes)}.key`);
  takeKey(bytes);
});
// What a browser would fill in again when the page is opened once more.
window.addEventListener("pageshow", () => { document.querySelectorAll("form").forEach((form) => form.reset()); });
document.querySelectorAll("form").forEach((form) => form.addEventListener("submit", (event) => event.preventDefault()));

sayAll();
