// Search over the index that stands in this page: every word has to begin a word of the section.
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
  const excerpt = (text, word) => {
    const at = Math.max(0, plain(text).indexOf(word) - 60);
    return (at ? "…" : "") + text.slice(at, at + 180).trim() + (at + 180 < text.length ? "…" : "");
  };
  const search = () => {
    const asked = plain(words.value).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    found.replaceChildren();
    count.textContent = "";
    if (!asked.length || asked.join("").length < 2) return;
    const hits = sections
      .filter((one) => asked.every((word) => one.all.includes(` ${word}`)))
      .map((one) => ({ one, rank: asked.filter((word) => one.heading.includes(` ${word}`)).length }))
      .sort((a, b) => b.rank - a.rank);
    count.textContent = hits.length === 1 ? "1 section" : `${hits.length} sections`;
    for (const { one } of hits.slice(0, 20)) {
      const item = document.createElement("li");
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
