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

// On a phone a very long page is shown by its chapters, each opened by its heading; whoever searches
// in the page, follows a link into a chapter, or prints finds all of it.
(function () {
  const longest = 12000;
  const narrow = window.matchMedia("(max-width: 40rem)");
  if (!narrow.matches || document.documentElement.scrollHeight <= longest) return;
  const chapters = [...document.querySelectorAll("main > section[id]")]
    .map((section) => ({ section, heading: section.querySelector(":scope > h2") }))
    .filter((chapter) => chapter.heading);
  if (chapters.length < 3) return;
  for (const chapter of chapters) {
    const { section, heading } = chapter;
    const body = document.createElement("div");
    body.append(...[...section.childNodes].filter((node) => node !== heading));
    section.append(body);
    const button = document.createElement("button");
    button.className = "chapter";
    button.append(...heading.childNodes);
    heading.append(button);
    chapter.show = (open) => {
      button.setAttribute("aria-expanded", String(open));
      if (open) body.removeAttribute("hidden");
      else body.setAttribute("hidden", "until-found");
    };
    button.addEventListener("click", () => chapter.show(body.hasAttribute("hidden")));
    body.addEventListener("beforematch", () => chapter.show(true));
    chapter.show(chapter === chapters[0]);
  }
  if (document.documentElement.scrollHeight > longest) chapters[0].show(false);
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    const chapter = target && chapters.find((one) => one.section.contains(target));
    if (!chapter) return;
    chapter.show(true);
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", follow);
  follow();
  window.addEventListener("beforeprint", () => { for (const chapter of chapters) chapter.show(true); });
})();
