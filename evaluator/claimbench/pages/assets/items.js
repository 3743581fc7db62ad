/* The items of a report or of a comparison. */

const WORDS = { supports: "gold: supports", refutes: "gold: refutes", gold: "gold", predicted: "predicted", item: "the item’s sentence" };
const SYSTEMS = DATA.systems;
Object.assign(WORDS, { a: "A", b: "B" });
const CHANGES = { gained: "↑", lost: "↓", changed: "~", same: "=" };

function sign(right) {
  if (right === null || right === undefined) return el("span", { class: "sign open" }, "○", el("span", { class: "hidden" }, " counts neither way"));
  return right
    ? el("span", { class: "sign good" }, "✓", el("span", { class: "hidden" }, " right"))
    : el("span", { class: "sign bad" }, "✗", el("span", { class: "hidden" }, " wrong"));
}

function changeSign(change) {
  const kind = { gained: "good", lost: "bad" }[change] || "open";
  return el("span", { class: `sign ${kind}` }, CHANGES[change], el("span", { class: "hidden" }, ` ${change}`));
}

function rowOf(entry) {
  const about = [entry.id, LANGUAGES[entry.language] || entry.language, entry.outcome].filter(Boolean).join(" · ");
  return [entry.change ? changeSign(entry.change) : sign(entry.right), el("span", { class: "row-title", lang: entry.language }, shown(entry.title)), el("small", null, el("bdi", null, about))];
}

function table(entry) {
  const head = el("tr", null, el("th", { scope: "col" }, el("span", { class: "hidden" }, "what")), el("th", { scope: "col" }, "gold"),
    SYSTEMS.map((name) => el("th", { scope: "col" }, shown(name))));
  const lines = entry.said.map(({ term, gold, predicted }) =>
    el("tr", null, el("th", { scope: "row" }, term), el("td", { "data-who": "gold" }, shown(gold)), predicted.map((value, i) => el("td", { "data-who": plain(SYSTEMS[i]) }, shown(value)))));
  return el("div", { class: "scroll" }, el("table", { class: "said" }, el("thead", null, head), el("tbody", null, lines)));
}

function tags(one) {
  const ranked = (one.ranks || []).map((rank, i) => rank && tag(SYSTEMS.length > 1 ? "ab"[i] : "predicted", `${plain(SYSTEMS[i])} ${rank}.`));
  return [(one.stances || []).map((stance) => tag(stance, WORDS[stance])), ranked];
}

function evidence(entry) {
  const cited = (entry.evidence || []).filter((one) => places.has(one.sentence));
  if (!cited.length) return null;
  return [el("h4", null, "Evidence"), el("ul", { class: "evidence" }, cited.map((one) => {
    const [article, start, end] = places.get(one.sentence);
    return el("li", null, el("a", { class: "place", href: link(`${entry.key}~${one.sentence}`) }, one.sentence), " ", tags(one),
      el("q", { lang: DATA.articles[article].language }, slice(article, start, end)));
  }))];
}

/* A marked stretch: its kinds as classes, and in words where a mark begins. */
function marked(text, over, from) {
  if (!over.length) return document.createTextNode(text);
  const kinds = [...new Set(over.map((mark) => mark.kind))];
  const begins = over.filter((mark) => mark.start === from).map((mark) => WORDS[mark.kind]);
  return el("mark", { class: kinds.join(" "), title: kinds.map((kind) => WORDS[kind]).join(", ") },
    begins.length ? el("span", { class: "hidden" }, `[${begins.join(", ")}] `) : null, el("span", { "data-text": true }, text));
}

function inContext(entry, id) {
  const article = DATA.articles[id];
  const marks = entry.marks.filter((mark) => mark.article === id);
  const kinds = [...new Set(marks.map((mark) => mark.kind))];
  return el("section", { class: "context", "aria-label": `Article ${id}` },
    el("p", { class: "context-head" }, el("strong", null, id), " ", LANGUAGES[article.language] || article.language, " ",
      kinds.map((kind) => el("mark", { class: `key ${kind}` }, WORDS[kind]))),
    el("div", { class: "article", lang: article.language }, paragraphs(id, (start, end) =>
      bySentence(id, start, end, (sentence, from, to) =>
        el("span", { "data-part": sentence }, cut(id, from, to, marks, marked))))));
}

function detailOf(entry) {
  const about = [entry.task, entry.id, LANGUAGES[entry.language] || entry.language].filter(Boolean).join(" · ");
  const cited = [...new Set((entry.marks || []).map((mark) => mark.article))];
  const verdict = entry.right === null || entry.right === undefined ? "Counts neither way" : entry.right ? "Right" : "Wrong";
  return [
    el("p", { class: "kicker" }, el("bdi", null, about), DATA.runs && DATA.runs.length > 1 ? [" · ", shown(DATA.runs[entry.run || 0])] : null),
    el("h3", { lang: entry.language }, shown(entry.title)),
    entry.change
      ? el("p", { class: "verdict" }, changeSign(entry.change), " ", el("strong", null, entry.change), ` · ${entry.outcome}`)
      : el("p", { class: "verdict" }, sign(entry.right), " ", el("strong", null, verdict), entry.outcome.toLowerCase() === verdict.toLowerCase() ? null : ` · ${entry.outcome}`),
    table(entry),
    el("h4", null, "Why"),
    el("div", { class: "why" }, entry.reason.map((line) => el("p", null, shown(line)))),
    evidence(entry),
    cited.map((id) => inContext(entry, id)),
  ];
}

const runNames = (DATA.runs || []).map(plain);
const fieldNames = [...new Set(DATA.entries.flatMap((entry) => Object.keys(entry.fields)))].filter((name) => name !== "predicted");
const items = browser(document.getElementById("items"), {
  entries: DATA.entries,
  noun: "item",
  choice: DATA.kind === "comparison"
    ? { name: "Change", order: ["gained", "lost", "changed", "same"], of: (entry) => entry.change }
    : { name: "Right or wrong", order: ["right", "wrong", "neither"], of: (entry) => (entry.right === true ? "right" : entry.right === false ? "wrong" : "neither") },
  facets: [
    { name: "task", of: (entry) => entry.task },
    { name: "run", of: (entry) => (runNames.length > 1 ? runNames[entry.run || 0] : "") },
    { name: "language", of: (entry) => LANGUAGES[entry.language] || entry.language },
    ...fieldNames.map((name) => ({ name, of: (entry) => entry.fields[name] || "" })),
    { name: DATA.kind === "comparison" ? "outcome A ⇒ B" : "outcome", of: (entry) => entry.outcome },
  ],
  words: (entry) => [entry.id, plain(entry.title), entry.outcome, ...entry.said.flatMap((one) => [plain(one.gold), ...one.predicted.map(plain)])].join(" "),
  row: rowOf,
  detail: detailOf,
});

function follow() {
  const [key, sentence] = route().split("~");
  if (key) items.open(key, sentence);
}

window.addEventListener("hashchange", follow);
window.addEventListener("popstate", follow);
items.first();
follow();
