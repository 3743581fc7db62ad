/* The views of the corpus page, and which address shows what. */

function simpleRow(sign, text, about, lang) {
  return [el("span", { class: "sign open" }, sign), el("span", { class: "row-title", lang }, text), el("small", null, about)];
}

const labels = { supported: "✓", refuted: "✗", conflicting: "≠", not_enough_info: "?" };
const makers = {
  differences: () => ({
    entries: differing, noun: "difference", detail: differenceDetail,
    facets: [{ name: "kind", of: (one) => RELATIONS[one.relation.type][1] }, { name: "article", of: (one) => one.relation.articles }],
    words: (one) => `${one.fact.id} ${one.fact.statement.en} ${one.relation.explanation}`,
    row: (one) => simpleRow(RELATIONS[one.relation.type][0], one.fact.statement.en, RELATIONS[one.relation.type][1], "en"),
  }),
  propositions: () => ({
    entries: DATA.propositions, noun: "proposition", detail: familyDetail,
    facets: [{ name: "label", of: (one) => words(one.label) }, { name: "edit", of: (one) => one.edit || "" }, { name: "split", of: (one) => one.split },
      { name: "article", of: (one) => [...new Set(one.evidence.flatMap((group) => group.sentences.map((s) => places.get(s)[0])))] }],
    words: (one) => `${one.key} ${one.label} ${Object.values(one.wordings).map((w) => `${w.id} ${w.text}`).join(" ")} ${one.rationale}`,
    row: (one) => simpleRow(labels[one.label], one.wordings.en.text, `${one.key} · ${words(one.label)}${one.edit ? ` · ${one.edit}` : ""}`, "en"),
  }),
  questions: () => ({
    entries: DATA.questions, noun: "question", detail: familyDetail,
    facets: [{ name: "kind", of: (one) => words(one.kind) }, { name: "answerable", of: (one) => (one.answerable ? "yes" : "no") }, { name: "split", of: (one) => one.split },
      { name: "article", of: (one) => [...new Set(one.evidence.flatMap((group) => group.sentences.map((s) => places.get(s)[0])))] }],
    words: (one) => `${one.key} ${Object.values(one.wordings).map((w) => `${w.id} ${w.text}`).join(" ")} ${one.answers.map((a) => a.text).join(" ")}`,
    row: (one) => simpleRow(one.answerable ? "→" : "?", one.wordings.en.text, `${one.key} · ${words(one.kind)}${one.answerable ? "" : " · unanswerable"}`, "en"),
  }),
  facts: () => ({
    entries: DATA.facts.map((fact) => ({ ...fact, key: fact.id })), noun: "fact", detail: factDetail,
    facets: [{ name: "article", of: (one) => one.readings.map((reading) => reading.article) }, { name: "relation", of: (one) => [...new Set(one.relations.map((r) => RELATIONS[r.type][1]))] },
      { name: "articles", of: (one) => String(one.readings.length) }, { name: "component", of: (one) => one.component }],
    words: (one) => `${one.id} ${Object.values(one.statement).join(" ")}`,
    row: (one) => simpleRow(String(one.readings.length), one.statement.en, `${one.id} · in ${one.readings.length} article${one.readings.length > 1 ? "s" : ""}`, "en"),
  }),
  annotation: () => ({
    entries: DATA.passes.settled, noun: "record", detail: recordDetail,
    facets: [{ name: "kind", of: (one) => one.kind }, { name: "decided", of: (one) => (one.kind.startsWith("difference") && one.decision.length < 40 ? one.decision : "") },
      { name: "article", of: (one) => one.about.map((id) => (claims.has(id) ? claims.get(id).article : places.has(id) ? places.get(id)[0] : "")).filter((x, i, all) => all.indexOf(x) === i) }],
    words: (one) => `${one.key} ${one.about.join(" ")} ${one.title} ${one.reason} ${one.decision} ${one.before.flat().join(" ")}`,
    row: (one) => simpleRow("±", (one.before.find(([, said]) => said !== "not marked" && said !== "nothing") || ["", one.decision])[1], `${one.title} · ${one.about.join(", ")}`),
  }),
};
const made = new Map();

function view(name) {
  for (const tab of document.querySelectorAll("#tabs a")) {
    if (tab.getAttribute("href") === `#${name}`) {
      tab.setAttribute("aria-current", "page");
      tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.clientWidth / 3;
    } else tab.removeAttribute("aria-current");
  }
  for (const section of document.querySelectorAll("main > section")) section.hidden = section.id !== `view-${name}`;
  if (name !== "articles" && !made.has(name)) made.set(name, browser(document.getElementById(`${name}-list`), makers[name]()));
  return made.get(name);
}

const viewOf = new Map();
for (const family of DATA.propositions) for (const key of [family.key, ...Object.values(family.wordings).map((w) => w.id)]) viewOf.set(key, ["propositions", family.key]);
for (const family of DATA.questions) for (const key of [family.key, ...Object.values(family.wordings).map((w) => w.id)]) viewOf.set(key, ["questions", family.key]);
for (const one of differing) viewOf.set(one.key, ["differences", one.key]);
for (const fact of DATA.facts) viewOf.set(fact.id, ["facts", fact.id]);
for (const record of DATA.passes.settled) viewOf.set(record.key, ["annotation", record.key]);

/* Show what the address names: a view, an article, a sentence, a claim, a fact, an item or a record. */
function follow() {
  const id = route();
  if (makers[id] && document.getElementById(`view-${id}`)) {
    view(id).first();
  } else if (viewOf.has(id)) {
    const [name, key] = viewOf.get(id);
    view(name).open(key);
  } else if (claims.has(id)) {
    view("articles");
    showArticle(claims.get(id).article);
    pick(id);
    bringIntoView(anchorOf(id));
    document.querySelector("#beside h3").focus({ preventScroll: true });
  } else if (places.has(id)) {
    view("articles");
    showArticle(places.get(id)[0]);
    pick(null);
    const at = [...document.querySelectorAll("#text [data-part]")].find((one) => one.dataset.part === id);
    at.tabIndex = -1;
    at.focus({ preventScroll: true });
    at.scrollIntoView({ block: "center" });
  } else {
    view("articles");
    const before = picked;
    showArticle(DATA.articles[id] ? id : article || Object.keys(DATA.articles)[0]);
    pick(null);
    if (before && claims.get(before).article === article) anchorOf(before).focus({ preventScroll: true });
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && picked) location.hash = link(article);
});
window.addEventListener("hashchange", follow);
window.addEventListener("popstate", follow);
follow();
