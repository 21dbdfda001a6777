// Marks the section being read in the contents list; folds the list away on small screens.
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
