// What a page of either renderer can do; without it everything is shown and nothing is lost.
"use strict";
// On paper the tables behind the figures are open.
window.addEventListener("beforeprint", () => {
  for (const table of document.querySelectorAll("details.figure-data")) table.open = true;
});

// Sections that belong to an area can be shown by area.
(function () {
  const place = document.querySelector("main .filter");
  const sections = [...document.querySelectorAll("main section[data-area]")];
  if (!place || sections.length < 2) return;
  const name = (section) => {
    const heading = section.querySelector("h1, h2, h3").cloneNode(true);
    for (const number of heading.querySelectorAll(".number, .header-section-number")) number.remove();
    return heading.textContent.trim();
  };
  const areas = sections.map(name);
  const rows = [...document.querySelectorAll("main tbody tr")].map((row) => {
    const own = [...row.cells].map((cell) => cell.textContent.trim());
    return { row, area: areas.find((area) => own.includes(area)) };
  }).filter((one) => one.area);
  const show = (area) => {
    sections.forEach((section, at) => { section.hidden = area !== "" && areas[at] !== area; });
    for (const one of rows) one.row.hidden = area !== "" && one.area !== area;
  };
  const group = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = place.dataset.label || "";
  group.append(legend);
  ["", ...areas].forEach((area, at) => {
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
  window.addEventListener("afterprint", () => {
    show(["", ...areas][[...group.querySelectorAll("input")].findIndex((one) => one.checked)]);
  });
})();

// Each table can be taken as CSV; from simulated records the file says so.
(function () {
  const spanish = document.documentElement.lang.startsWith("es");
  const band = document.querySelector(".band");
  const plain = (element) => (element ? element.textContent.trim().replace(/\s+/g, " ") : "");
  const quoted = (text) => `"${text.replace(/"/g, '""')}"`;
  const own = (cell) => {
    const text = plain(cell);
    return quoted(/^[=+@]|^-\D/.test(text) ? `'${text}` : text);
  };
  document.querySelectorAll("main table").forEach((table, at) => {
    const rows = [...table.rows].map((row) => [...row.cells].map(own).join(","));
    if (band) rows.unshift(quoted(plain(band)));
    const place = table.closest("[id^='tbl-']") || table.closest(".table-scroll") || table;
    const words = plain(place.querySelector(".table-caption, figcaption"))
      || (table.closest("[aria-label]") || table).getAttribute("aria-label") || String(at + 1);
    const link = document.createElement("a");
    link.href = `data:text/csv;charset=utf-8,${encodeURIComponent("\ufeff" + rows.join("\r\n"))}`;
    link.download = `${place.id || `table-${at + 1}`}${band ? "-simulated" : ""}.csv`;
    link.textContent = spanish ? "Descargar este cuadro (CSV)" : "Download this table (CSV)";
    const name = document.createElement("span");
    name.className = "visually-hidden";
    name.textContent = ` – ${words}`;
    link.append(name);
    const line = document.createElement("p");
    line.className = "take";
    line.append(link);
    const next = place.nextElementSibling;
    (next && next.matches(".source") ? next : place).after(line);
  });
})();

// A figure or an example that is wider than the screen can be scrolled from the keyboard.
(function () {
  const boxes = [...document.querySelectorAll(".figure-scroll, main pre")];
  const mark = () => {
    for (const box of boxes) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  window.addEventListener("load", mark);
  window.addEventListener("resize", mark);
})();
