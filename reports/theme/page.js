// Marks the section being read in the contents list; folds the list away on small screens.
"use strict";
// On paper the tables behind the figures are open.
window.addEventListener("beforeprint", () => {
  for (const table of document.querySelectorAll("details.figure-data")) table.open = true;
});
(function () {
  const list = document.querySelector("nav.contents");
  if (!list) return;
  const details = list.querySelector("details");
  const narrow = window.matchMedia("(max-width: 62rem)");
  const fold = () => { details.open = !narrow.matches; };
  fold();
  narrow.addEventListener("change", fold);
  list.addEventListener("click", (event) => {
    if (event.target.closest("a") && narrow.matches) details.open = false;
  });
  window.addEventListener("beforeprint", () => { details.open = true; });

  const links = new Map();
  for (const link of list.querySelectorAll('a[href^="#"]')) {
    links.set(decodeURIComponent(link.hash.slice(1)), link);
  }
  const sections = [...document.querySelectorAll("main section[id]")].filter((s) => links.has(s.id));
  let marked = null;
  const mark = () => {
    const line = window.innerHeight * 0.25;
    let reading = sections[0];
    for (const section of sections) {
      if (section.getBoundingClientRect().top <= line) reading = section;
    }
    const link = reading && links.get(reading.id);
    if (!link || link === marked) return;
    if (marked) marked.removeAttribute("aria-current");
    link.setAttribute("aria-current", "location");
    marked = link;
    if (!narrow.matches && list.scrollHeight > list.clientHeight) {
      list.scrollTop = link.offsetTop - list.clientHeight / 3;
    }
  };
  let waiting = false;
  window.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    window.requestAnimationFrame(() => { waiting = false; mark(); });
  }, { passive: true });
  mark();
})();

// Sections that belong to an area can be shown by area; without this script all of them stand there.
(function () {
  const place = document.querySelector("main .filter");
  const sections = [...document.querySelectorAll("main section[data-area]")];
  if (!place || sections.length < 2) return;
  const name = (section) => {
    const heading = section.querySelector("h2, h3").cloneNode(true);
    for (const number of heading.querySelectorAll(".number")) number.remove();
    return heading.textContent.trim();
  };
  const group = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = place.dataset.label || "";
  group.append(legend);
  const rows = [...document.querySelectorAll("main .table-figure tbody tr")];
  const show = (area) => {
    for (const section of sections) section.hidden = area !== "" && name(section) !== area;
    for (const row of rows) {
      row.hidden = area !== "" && ![...row.cells].some((cell) => cell.textContent.trim() === area);
    }
  };
  ["", ...sections.map(name)].forEach((area, at) => {
    const label = document.createElement("label");
    const choice = document.createElement("input");
    choice.type = "radio";
    choice.name = "area";
    choice.checked = at === 0;
    choice.addEventListener("change", () => show(area));
    label.append(choice, " ", area || place.dataset.all || "all");
    group.append(label);
  });
  place.append(group);
  window.addEventListener("beforeprint", () => show(""));
})();

// Each table can be taken as CSV; from simulated records the file says so.
(function () {
  const spanish = document.documentElement.lang === "es";
  const simulated = document.body.classList.contains("simulated");
  const band = document.querySelector(".band");
  const quoted = (cell) => `"${cell.textContent.trim().replace(/\s+/g, " ").replace(/"/g, '""')}"`;
  document.querySelectorAll("main .table-scroll").forEach((box, at) => {
    const table = box.querySelector("table");
    const rows = [...table.rows].map((row) => [...row.cells].map(quoted).join(","));
    if (simulated && band) rows.unshift(`"${band.textContent.trim()}"`);
    const link = document.createElement("a");
    const id = (box.closest("[id]") || {}).id || `table-${at + 1}`;
    link.href = `data:text/csv;charset=utf-8,${encodeURIComponent("\ufeff" + rows.join("\r\n"))}`;
    link.download = `${id}${simulated ? "-simulated" : ""}.csv`;
    link.textContent = spanish ? "Descargar esta tabla (CSV)" : "Download this table (CSV)";
    const line = document.createElement("p");
    line.className = "take";
    const name = document.createElement("span");
    name.className = "visually-hidden";
    name.textContent = ` – ${box.getAttribute("aria-label") || document.getElementById(box.getAttribute("aria-labelledby") || "")?.textContent.trim() || at + 1}`;
    link.append(name);
    line.append(link);
    box.after(line);
  });
})();
