// Search over the index that stands in this page. Each word of the question, or one that means the
// same, has to begin a word of the section; where no section has all, those that have most are shown.
// A word that no section has is taken for the nearest that one has.
"use strict";
(function () {
  const box = document.getElementById("search");
  const words = document.getElementById("search-words");
  const count = document.getElementById("search-count");
  const found = document.getElementById("search-found");
  const index = JSON.parse(document.getElementById("search-index").textContent);
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const sections = index.sections.map(([page, anchor, title, text]) => ({
    page: index.pages[page], anchor, title, text,
    heading: ` ${plain(title)} ${plain(index.pages[page][1])}`,
    all: ` ${plain(`${title} ${index.pages[page][1]} ${text}`)}`.replace(/[^\p{L}\p{N}]+/gu, " "),
  }));
  const skip = new Set(index.skip.map(plain));
  const groups = index.same.map((group) => group.map(plain));
  const singular = (word) => [
    word,
    ...(word.length > 3 && word.endsWith("s") ? [word.slice(0, -1)] : []),
    ...(word.length > 6 && word.endsWith("es") ? [word.slice(0, -2)] : []), // tribunales
  ];
  const alike = (word) => {
    const own = singular(word);
    const same = groups.filter((group) => group.some((one) => own.includes(one)));
    return [...new Set([...own, ...same.flat()])];
  };
  const has = (text, words) => words.some((word) => text.includes(` ${word}`));
  const known = [...new Set([...sections.flatMap((one) => one.all.split(" ")), ...groups.flat()])];
  const apart = (one, other) => {
    let row = [...Array(other.length + 1).keys()];
    [...one].forEach((letter, at) => {
      row = row.reduce((next, above, j) => [...next, !j ? at + 1
        : Math.min(next[j - 1], above, row[j - 1] - (letter === other[j - 1] ? 1 : 0)) + 1], []);
    });
    return row[other.length];
  };
  const spelled = (word) => {
    const own = alike(word);
    if (word.length < 4 || sections.some((one) => has(one.all, own))) return own;
    const most = word.length < 8 ? 1 : 2;
    const near = known.filter((one) => Math.abs(one.length - word.length) <= most);
    return [...own, ...near.filter((one) => apart(word, one) <= most).flatMap(alike)];
  };
  const excerpt = (text, word) => {
    const found = word.map((one) => plain(text).indexOf(one)).filter((place) => place >= 0);
    const at = Math.max(0, Math.min(...found, text.length) - 60) % Math.max(text.length, 1);
    return (at ? "…" : "") + text.slice(at, at + 180).trim() + (at + 180 < text.length ? "…" : "");
  };
  const search = () => {
    const all = plain(words.value).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    const asked = all.filter((word) => !skip.has(word)).map(spelled);
    found.replaceChildren();
    count.textContent = "";
    if (!asked.length || all.join("").length < 2) return;
    const counted = sections
      .map((one) => ({
        one,
        words: asked.filter((word) => has(one.all, word)).length,
        rank: (one.page[0] ? 0 : 9) - one.page[3] + asked.filter((word) => has(one.heading, word)).length,
      }))
      .filter((hit) => hit.words > 0);
    const most = Math.max(0, ...counted.map((hit) => hit.words));
    const hits = counted.filter((hit) => hit.words === most).sort((a, b) => b.rank - a.rank);
    const said = index.said;
    count.textContent = !hits.length ? said.none
      : hits.length === 1 ? said.one : said.many.replace("{number}", hits.length);
    for (const { one } of hits.slice(0, 20)) {
      const item = document.createElement("li");
      if (one.page[2]) item.lang = one.page[2];
      const link = document.createElement("a");
      link.href = one.page[0] + (one.anchor ? `#${one.anchor}` : "");
      link.textContent = one.title;
      const where = document.createElement("small");
      where.textContent = ` ${one.page[1]}`;
      const text = document.createElement("p");
      text.textContent = excerpt(one.text, asked[0]);
      item.append(link, where, text);
      found.append(item);
    }
  };
  let waiting = 0;
  words.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(search, 120);
  });
  box.hidden = false;
})();
