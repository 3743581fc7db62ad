/* A list of entries with filters and search beside the one that is read. */

const PAGE = 100;

/*
 * entries: [{key, …}]; facets: [{name, of(entry)}]; words(entry): what search looks in; row(entry) and
 * detail(entry): nodes; noun: what an entry is called. Returns {open(key, part)}, which is false for an unknown key.
 */
function browser(root, { entries, facets, choice, words, row, detail, noun }) {
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  const chosen = new Map();
  let query = [], found = entries, page = 0, current = null;

  const list = el("ol", { class: "rows", onkeydown: move });
  const said = el("p", { class: "count", role: "status" });
  const earlier = el("button", { type: "button", onclick: () => turn(-1) }, "Earlier");
  const later = el("button", { type: "button", onclick: () => turn(1) }, "Later");
  const paging = el("div", { class: "paging" }, earlier, later);
  const reading = el("article", { class: "reading", "aria-label": `The ${noun} being read` });
  const search = el("input", { type: "search", placeholder: "Search", "aria-label": `Search ${noun}s`, autocomplete: "off",
    spellcheck: "false", oninput: (event) => { query = folded(event.target.value).split(/\s+/).filter(Boolean); filter(); } });
  const controls = el("form", { class: "controls", role: "search", "aria-label": `Filter ${noun}s`, onsubmit: (e) => e.preventDefault(), onreset: clear },
    search, choice ? choices(choice) : null, el("div", { class: "facets" }, facets.map(select)), el("button", { type: "reset", class: "quiet" }, "Clear filters"));
  const haystacks = new Map();

  function haystack(entry) {
    if (!haystacks.has(entry.key)) haystacks.set(entry.key, folded(words(entry)));
    return haystacks.get(entry.key);
  }

  function values({ of }) {
    const counts = new Map();
    for (const entry of entries) for (const value of [of(entry)].flat()) if (value) counts.set(value, (counts.get(value) || 0) + 1);
    return [...counts].sort(([a], [b]) => a.localeCompare(b));
  }

  function select(facet) {
    const options = values(facet);
    if (options.length < 2) return null;
    const id = `${root.id}-by-${facets.indexOf(facet)}`;
    return el("div", null, el("label", { for: id }, facet.name),
      el("select", { id, onchange: (event) => { chosen.set(facet, event.target.value); filter(); } },
        el("option", { value: "" }, "all"), options.map(([value, count]) => el("option", { value }, `${value} (${count})`))));
  }

  function choices(facet) {
    const counts = new Map(values(facet));
    const names = ["", ...facet.order.filter((value) => counts.has(value))];
    return el("fieldset", { class: "choice" }, el("legend", { class: "hidden" }, facet.name), names.map((value) =>
      el("label", null, el("input", { type: "radio", name: `${root.id}-choice`, value, checked: value === "", class: "hidden",
        onchange: () => { chosen.set(facet, value); filter(); } }),
      el("span", null, value || "all", " ", el("small", null, String(value ? counts.get(value) : entries.length))))));
  }

  function clear() {
    chosen.clear();
    query = [];
    setTimeout(filter);
  }

  function filter() {
    found = entries.filter((entry) =>
      [...chosen].every(([facet, value]) => !value || [facet.of(entry)].flat().includes(value)) &&
      query.every((word) => haystack(entry).includes(word)));
    page = 0;
    draw();
  }

  function turn(by) {
    page += by;
    draw();
    list.scrollTop = 0;
  }

  function draw() {
    const start = page * PAGE, end = Math.min(found.length, start + PAGE);
    list.replaceChildren(...found.slice(start, end).map((entry) => {
      const mine = current && entry.key === current.key;
      return el("li", null, el("a", { href: link(entry.key), "aria-current": mine ? "true" : null, onclick: (e) => choose(e, entry) }, row(entry)));
    }));
    const all = found.length === entries.length ? "" : ` of ${entries.length.toLocaleString("en")}`;
    const part = found.length > PAGE ? `, ${start + 1} to ${end} shown` : "";
    said.textContent = `${found.length.toLocaleString("en")}${all} ${noun}s${part}`;
    paging.hidden = found.length <= PAGE;
    earlier.disabled = page === 0;
    later.disabled = end >= found.length;
  }

  function choose(event, entry) {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", link(entry.key));
    read(entry, event.detail === 0 || !WIDE.matches);
  }

  function move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (!step || at < 0 || !links[at + step]) return;
    event.preventDefault();
    const next = links[at + step];
    next.focus();
    const entry = found[page * PAGE + at + step];
    if (!WIDE.matches) return;
    history.replaceState(null, "", link(entry.key));
    read(entry, false);
  }

  function read(entry, focus, part) {
    current = entry;
    for (const one of list.querySelectorAll("a")) {
      const mine = one.getAttribute("href") === link(entry.key);
      if (mine) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
      if (mine && (one.offsetTop < list.scrollTop || one.offsetTop > list.scrollTop + list.clientHeight)) list.scrollTop = one.offsetTop - list.clientHeight / 3;
    }
    const back = el("button", { type: "button", class: "back", onclick: leave }, `← All ${noun}s`);
    reading.replaceChildren(back, ...[detail(entry)].flat(Infinity).filter(Boolean));
    reading.scrollTop = 0;
    root.dataset.view = "detail";
    const target = part ? [...reading.querySelectorAll("[data-part]")].find((node) => node.dataset.part === part) : null;
    if (target) {
      target.tabIndex = -1;
      target.focus({ preventScroll: true });
      target.scrollIntoView({ block: "center" });
    } else if (focus) {
      const heading = reading.querySelector("h3");
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      root.scrollIntoView({ block: "start" });
    }
  }

  function leave() {
    root.dataset.view = "list";
    const mine = list.querySelector("[aria-current]") || list.querySelector("a");
    if (mine) mine.focus();
  }

  root.replaceChildren(el("div", { class: "choosing" }, controls, said, list, paging), reading);
  filter();
  reading.append(el("p", { class: "faint empty" }, entries.length ? `Choose one of the ${noun}s; the arrow keys walk through the list.` : "There is nothing here."));

  return {
    open(key, part) {
      const entry = byKey.get(key);
      if (!entry) return false;
      const at = found.indexOf(entry);
      if (at < 0) controls.reset();
      const place = Math.floor(Math.max(0, found.indexOf(entry)) / PAGE);
      if (place !== page) { page = place; draw(); }
      read(entry, true, part);
      return true;
    },
    first() {
      if (WIDE.matches && found.length && !current) read(found[0], false);
    },
  };
}
