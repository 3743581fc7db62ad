/* The corpus: articles, what they say differently, items with their evidence, and how it was annotated. */

const claims = new Map(DATA.claims.map((claim) => [claim.id, claim]));
const facts = new Map(DATA.facts.map((fact) => [fact.id, fact]));
const families = new Map([...DATA.propositions, ...DATA.questions].map((family) => [family.key, family]));
const stating = grouped(DATA.claims, (claim) => [claim.fact]);
const tested = grouped([...DATA.propositions, ...DATA.questions], (family) => family.facts);
const settled = grouped(DATA.passes.settled, (record) => record.about);

const RELATIONS = {
  contradicts: ["≠", "contradiction"],
  error: ["!", "slip"],
  translation_divergence: ["≈", "divergence in translation"],
  supersedes: ["»", "later stage"],
  refines: ["⊂", "more precise"],
  near: ["~", "near"],
};
const SIGNED = ["contradicts", "error", "translation_divergence"];
const WORTH = ["truism or furniture", "checkable background", "a desk would check it"];

function grouped(records, keys) {
  const found = new Map();
  for (const record of records) {
    for (const key of keys(record)) {
      if (!found.has(key)) found.set(key, []);
      found.get(key).push(record);
    }
  }
  return found;
}

const listed = (map, key) => map.get(key) || [];
const words = (name) => String(name).replaceAll("_", " ");
const langOf = (claim) => DATA.articles[claim.article].language;

/* The relations of a fact that bear on one article; those to itself name the articles that differ. */
function relationsOf(fact, article) {
  return fact.relations.filter((one) => !article || !one.articles.length || one.articles.includes(article));
}

function jump(id, label) {
  return el("a", { href: link(id) }, label || id);
}

/* A note with the ids in it as links. */
function linked(text) {
  return text.split(/([a-z][\w-]*(?:#|\.c)\d+|\bf-[a-z][a-z-]+|\b[vq]\d+\b)/).map((part, i) => (i % 2 && viewOf.has(part) || claims.has(part) || places.has(part) ? jump(part) : part));
}

function tag(kind, label) {
  return el("span", { class: `tag ${kind}` }, label);
}

/* --- articles ------------------------------------------------------------------------------------------- */

let article = null;
let picked = null;

function spansOf(id) {
  return DATA.claims.filter((claim) => claim.article === id).flatMap((claim) => {
    const last = claim.spans.length - 1;
    return claim.spans.map((span, i) => ({ start: span.start, end: span.end, claim: claim.id, first: i === 0, last: i === last }));
  });
}

const length = (id) => claims.get(id).spans.reduce((sum, span) => sum + span.end - span.start, 0);
const shortest = (ids) => [...new Set(ids)].sort((a, b) => length(a) - length(b));

/* A piece of text under one or more claims. Where a claim begins it is a link, so that the keyboard finds it. */
function underClaims(text, over, from) {
  if (!over.length) return document.createTextNode(text);
  const ids = shortest(over.map((span) => span.claim));
  const begin = shortest(over.filter((span) => span.first && span.start === from).map((span) => span.claim));
  const to = from + Array.from(text).length;
  const signs = [...new Set(over.filter((span) => span.last && span.end === to)
    .flatMap((span) => relationsOf(facts.get(claims.get(span.claim).fact), claims.get(span.claim).article))
    .filter((one) => SIGNED.includes(one.type)).map((one) => one.type))];
  const kind = `claim depth-${Math.min(3, ids.length)} worth-${Math.max(...ids.map((id) => claims.get(id).checkworthiness))}`;
  const made = begin.length
    ? el("a", { class: kind, href: link(begin[0]), "data-claims": ids.join(" ") }, text)
    : el("span", { class: kind, "data-claims": ids.join(" "), onclick: () => { location.hash = link(ids[0]); } }, text);
  return signs.length
    ? [made, el("sup", { class: "signs" }, signs.map((type) => el("span", { title: RELATIONS[type][1], role: "img", "aria-label": RELATIONS[type][1] }, RELATIONS[type][0])))]
    : made;
}

function showArticle(id) {
  document.querySelectorAll("#shelf a").forEach((one) => {
    if (one.dataset.article === id) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  });
  if (article === id) return;
  article = id;
  const one = DATA.articles[id];
  const spans = spansOf(id);
  const text = el("article", { class: "article reading-text", lang: one.language, "aria-label": one.title }, paragraphs(id, (start, end) =>
    bySentence(id, start, end, (sentence, from, to) => el("span", { "data-part": sentence }, cut(id, from, to, spans, underClaims)))));
  document.getElementById("text").replaceChildren(provenance(id, one), text);
  pick(null);
}

function provenance(id, one) {
  const rows = Object.entries(one.provenance).filter(([, found]) => found.value);
  const from = one.translation;
  return el("div", { class: "origin" },
    el("p", { class: "faint" }, `${id} · ${LANGUAGES[one.language]} · ${listed(grouped(DATA.claims, (c) => [c.article]), id).length} claims · as of ${one.reference_time.value}`,
      from.status === "none_found" ? "" : ` · translation: ${from.status}${from.machine === "none_found" ? "" : `, by machine: ${from.machine}`}`),
    el("details", null, el("summary", null, "Where it comes from"),
      el("dl", { class: "terms" }, rows.map(([name, found]) => [el("dt", null, words(name)), el("dd", null, found.value, el("small", null, ` ${found.basis}`))]),
        from.note ? [el("dt", null, "translation"), el("dd", null, from.note)] : null,
        el("dt", null, "as of"), el("dd", null, one.reference_time.note))),
    el("p", { class: "legend" }, el("span", { class: "claim worth-2" }, "a desk would check it"), el("span", { class: "claim worth-1" }, "background"),
      SIGNED.map((type) => el("span", null, el("span", { class: "sign-key" }, RELATIONS[type][0]), ` ${RELATIONS[type][1]}`))));
}

function pick(id) {
  picked = id;
  for (const one of document.querySelectorAll("#text [data-claims]")) one.classList.toggle("picked", Boolean(id) && one.dataset.claims.split(" ").includes(id));
  const beside = document.getElementById("beside");
  beside.classList.toggle("full", Boolean(id));
  beside.replaceChildren(...(id ? [claimCard(claims.get(id))] : [el("p", { class: "faint hint" }, "Choose a claim in the text: what it says, the fact behind it, what other articles make of it, and what is asked about it.")]).flat(Infinity).filter(Boolean));
  beside.scrollTop = 0;
}

function attribution(one) {
  return one ? `${one.speaker}${one.via ? `, via ${one.via}` : ""}` : null;
}

function quantity(one) {
  const number = Number.isInteger(one.value) ? one.value.toLocaleString("en") : String(one.value);
  return `${one.approximator ? `${words(one.approximator)} ` : ""}${one.unit === "year" ? one.value : number} ${one.currency || (one.unit === "money" ? "" : one.unit === "year" ? "" : words(one.unit))}`.trim();
}

function terms(pairs) {
  return el("dl", { class: "terms" }, pairs.filter(([, value]) => value !== null && value !== undefined && value !== "" && (!Array.isArray(value) || value.length))
    .map(([name, value]) => [el("dt", null, name), el("dd", null, value)]));
}

function claimCard(claim) {
  const fact = facts.get(claim.fact);
  const here = claim.spans[0];
  const also = shortest(DATA.claims.filter((other) => other.article === claim.article && other.id !== claim.id &&
    other.spans.some((a) => claim.spans.some((b) => a.start < b.end && b.start < a.end))).map((other) => other.id));
  const elsewhere = fact.readings.filter((reading) => reading.article !== claim.article);
  const again = listed(stating, claim.fact).filter((other) => other.article === claim.article && other.id !== claim.id);
  const items = listed(tested, claim.fact);
  return [
    el("button", { type: "button", class: "close", onclick: () => { location.hash = link(article); } }, "Close"),
    el("p", { class: "kicker" }, `${claim.id} · ${words(claim.kind)} · ${claim.certainty}`),
    el("h3", { lang: langOf(claim), tabindex: "-1" }, claim.text),
    el("p", { class: "english" }, claim.text_en),
    terms([
      ["worth checking", `${claim.checkworthiness} of 2: ${WORTH[claim.checkworthiness]}`],
      ["said by", attribution(claim.attribution)],
      ["quantities", claim.quantities.map((one) => el("span", { class: "line" }, quantity(one), el("small", null, ` “${one.quote}”`)))],
      ["time", claim.time ? [claim.time.value || "vague", el("small", null, ` “${claim.time.quote}”`)] : null],
      ["presupposed", claim.presupposed ? "yes: optional in scoring" : null],
      ["repeats", claim.duplicate_of ? jump(claim.duplicate_of) : null],
      ["again here", again.map((other) => el("span", { class: "line" }, jump(other.id)))],
    ]),
    el("h4", null, "The fact"),
    el("p", null, jump(fact.id, fact.statement.en)),
    elsewhere.length ? [el("h4", null, "In other articles"), elsewhere.map(readingOf)] : el("p", { class: "note" }, "No other article states it."),
    relations(relationsOf(fact, claim.article)),
    items.length ? [el("h4", null, `Asked about it (${items.length})`), familyList(items)] : null,
    also.length ? [el("h4", null, "Claims that share words with it"), el("ul", { class: "lines" }, also.map((id) => el("li", null, jump(id, claims.get(id).text))))] : null,
    annotation(claim),
  ];
}

/* What one article makes of a fact, with its own words. */
function readingOf(reading) {
  const said = attribution(reading.attribution);
  return el("div", { class: "elsewhere" },
    el("p", { class: "kicker" }, `${reading.article} · ${LANGUAGES[DATA.articles[reading.article].language]} · ${reading.status}, ${reading.certainty}${said ? ` · ${said}` : ""}${reading.as_of ? ` · as of ${reading.as_of}` : ""}`),
    reading.claims.map((id) => el("p", { class: "quote", lang: langOf(claims.get(id)) }, jump(id, claims.get(id).spans.map((span) => span.quote).join(" … ")))),
    el("p", { class: "note" }, reading.value));
}

function relations(found) {
  const shownOnes = found.filter((one) => one.type !== "near");
  const near = found.filter((one) => one.type === "near" && one.fact);
  return [
    shownOnes.length ? [el("h4", null, "How they differ"), shownOnes.map((one) => el("div", { class: `relation ${one.type}` },
      el("p", null, el("span", { class: "sign-key" }, RELATIONS[one.type][0]), el("strong", null, RELATIONS[one.type][1]), one.fact ? [" · ", jump(one.fact, facts.get(one.fact).statement.en)] : null),
      el("p", null, linked(one.explanation))))] : null,
    near.length ? el("details", { class: "near" }, el("summary", null, `Near facts (${near.length})`), el("ul", { class: "lines" }, near.map((one) => el("li", null, jump(one.fact, facts.get(one.fact).statement.en), el("small", null, one.explanation))))) : null,
  ];
}

function familyList(found) {
  return el("ul", { class: "lines" }, found.map((family) => el("li", null, family.label ? tag(family.label, words(family.label)) : tag("asked", "question"), jump(family.key, family.wordings.en.text))));
}

/* --- how it was annotated -------------------------------------------------------------------------------- */

function annotation(claim) {
  const both = DATA.passes.claims[claim.id];
  const records = listed(settled, claim.id);
  if (!both && !records.length && !Object.keys(DATA.passes.claims).length) return null;
  const names = ["kind", "certainty", "checkworthiness", "presupposed"];
  const gold = Object.fromEntries(names.map((name) => [name, claim[name]]));
  const value = (pass, name) => (both && both[pass] ? String(both[pass].fields[name]) : "–");
  const quotes = (pass) => (both && both[pass] ? both[pass].quotes.join(" … ") : "not marked with these words");
  return el("details", { class: "near annotation", open: records.length > 0 }, el("summary", null, `How it was annotated${records.length ? ` (${records.length} settled)` : ""}`),
    el("table", { class: "said" }, el("thead", null, el("tr", null, ["", "gold", "pass a", "pass b"].map((head) => el("th", { scope: "col" }, head || el("span", { class: "hidden" }, "field"))))),
      el("tbody", null, names.map((name) => el("tr", null, el("th", { scope: "row" }, words(name)), el("td", null, String(gold[name])), el("td", null, value("a", name)), el("td", null, value("b", name)))))),
    terms([["pass a", quotes("a")], ["pass b", quotes("b")]]),
    records.map(recordOf));
}

function recordOf(record) {
  return el("div", { class: "record" }, el("p", { class: "kicker" }, jump(record.key, record.kind), ` · ${record.title}`),
    terms([...record.before, ["decided", el("strong", null, record.decision)]]), el("p", null, linked(record.reason)));
}

function aboutOf(record) {
  const known = record.about.map((id) => {
    if (claims.has(id)) return el("li", null, jump(id), " ", el("span", { lang: langOf(claims.get(id)) }, claims.get(id).text));
    if (places.has(id)) return el("li", null, jump(id), " ", el("q", { lang: DATA.articles[places.get(id)[0]].language }, slice(...places.get(id))));
    if (families.has(id)) return el("li", null, jump(id), " ", families.get(id).wordings.en.text);
    return DATA.articles[id] ? el("li", null, jump(id)) : null;
  });
  return el("ul", { class: "lines" }, known);
}

/* --- propositions and questions -------------------------------------------------------------------------- */

function evidenceOf(family) {
  if (!family.evidence.length) return el("p", { class: "note" }, family.label ? "No sentence decides it: the articles neither support nor refute it." : "No sentence answers it.");
  return family.evidence.map((group, i) => el("div", { class: "set" },
    el("p", { class: "kicker" }, tag(group.stance, group.stance), family.evidence.length > 1 ? `set ${i + 1} of ${family.evidence.length}, enough by itself` : "enough by itself"),
    group.sentences.map((sentence) => {
      const [id, start, end] = places.get(sentence);
      return el("p", { class: "quote", lang: DATA.articles[id].language }, el("mark", { class: group.stance }, slice(id, start, end)), " ", el("a", { class: "place", href: link(sentence) }, sentence));
    })));
}

/* The renderings beside the English one, which is the heading. */
function wordings(by, text) {
  return el("dl", { class: "wordings" }, ["de", "nl"].filter((language) => by[language]).map((language) =>
    [el("dt", null, language.toUpperCase()), el("dd", { lang: language }, text(by[language]))]));
}

function passesOf(family) {
  const rows = ["a", "b"].map((pass) => {
    const said = Object.entries(family.wordings).map(([language, { id }]) => [language, (DATA.passes.items[id] || {})[pass]]).filter(([, found]) => found);
    const verdict = ([, found]) => ("label" in found ? words(found.label) : found.answer === null ? "unanswerable" : found.answer);
    const same = new Set(said.map(verdict)).size === 1;
    const sets = said.length ? said[0][1].evidence.map((group) => group.sentences.join(" + ")).join(" or ") || "none" : "";
    return said.length ? el("tr", null, el("th", { scope: "row" }, `pass ${pass}`), el("td", null, same ? verdict(said[0]) : said.map((one) => el("span", { class: "line" }, `${one[0]}: ${verdict(one)}`))), el("td", null, sets)) : null;
  }).filter(Boolean);
  const records = listed(settled, family.key);
  if (!rows.length && !records.length) return null;
  const head = el("tr", null, el("th", { scope: "col" }, el("span", { class: "hidden" }, "who")), el("th", { scope: "col" }, family.label ? "verdict" : "answer"), el("th", { scope: "col" }, "evidence"));
  return [el("h4", null, "How the passes judged it"), el("div", { class: "scroll" }, el("table", { class: "said" }, el("thead", null, head), el("tbody", null, rows))), records.map(recordOf)];
}

function partners(family) {
  const found = [...family.contrasts, ...DATA.propositions.filter((other) => other.contrasts.includes(family.key)).map((other) => other.key)].filter((key) => families.has(key));
  if (!found.length) return null;
  return [el("h4", null, "Contrast partners"), el("ul", { class: "lines" }, [...new Set(found)].map((key) => {
    const other = families.get(key);
    const edit = family.contrasts.includes(key) ? family.edit : other.edit;
    return el("li", null, tag(other.label, words(other.label)), jump(key, other.wordings.en.text), edit ? el("small", null, `edited: ${edit}`) : null);
  }))];
}

function factList(ids) {
  return [el("h4", null, ids.length > 1 ? "The facts" : "The fact"), el("ul", { class: "lines" }, ids.map((id) => el("li", null, jump(id, facts.get(id).statement.en))))];
}

function familyDetail(family) {
  const about = [family.key, family.split, family.edit ? `edited: ${family.edit}` : "", family.kind ? words(family.kind) : "", family.sources_needed > 1 ? `needs ${family.sources_needed} sources` : ""].filter(Boolean).join(" · ");
  return [
    el("p", { class: "kicker" }, about),
    el("h3", { lang: "en" }, family.wordings.en.text),
    family.label ? el("p", { class: "verdict" }, tag(family.label, words(family.label))) : null,
    wordings(family.wordings, (wording) => wording.text),
    family.label ? null : answersOf(family),
    el("h4", null, "Evidence"), evidenceOf(family),
    el("h4", null, "Why"), el("p", null, linked(family.rationale)),
    family.label ? partners(family) : null,
    factList(family.facts),
    passesOf(family),
  ];
}

function answersOf(family) {
  if (!family.answerable) return el("p", { class: "verdict" }, tag("not_enough_info", "unanswerable"), "the articles do not say");
  return [el("h4", null, "Accepted answers"), el("dl", { class: "wordings" }, family.answers.map((answer) => [el("dt", null, answer.language.toUpperCase()),
    el("dd", { lang: answer.language }, el("strong", null, answer.text), answer.variants.length ? el("small", null, ` also ${answer.variants.join(" · ")}`) : null)]))];
}

/* --- facts and where articles differ --------------------------------------------------------------------- */

function factDetail(fact) {
  return [
    el("p", { class: "kicker" }, `${fact.id} · component ${fact.component} · ${fact.split}`),
    el("h3", { lang: "en" }, fact.statement.en),
    wordings(fact.statement, (statement) => statement),
    el("h4", null, "As the articles have it"), fact.readings.map(readingOf),
    relations(fact.relations),
    listed(tested, fact.id).length ? [el("h4", null, "Asked about it"), familyList(listed(tested, fact.id))] : null,
  ];
}

const differing = DATA.facts.flatMap((fact) => fact.relations.map((relation, i) => ({ key: `${fact.id}~${i + 1}`, fact, relation })))
  .filter((one) => one.relation.type !== "near")
  .sort((a, b) => Object.keys(RELATIONS).indexOf(a.relation.type) - Object.keys(RELATIONS).indexOf(b.relation.type));

function differenceDetail({ fact, relation }) {
  const other = relation.fact ? facts.get(relation.fact) : null;
  const within = (one) => one.readings.filter((reading) => !relation.articles.length || relation.articles.includes(reading.article));
  return [
    el("p", { class: "kicker" }, `${RELATIONS[relation.type][1]} · ${fact.id}`),
    el("h3", { lang: "en" }, el("span", { class: "sign-key" }, RELATIONS[relation.type][0]), fact.statement.en),
    el("p", { class: "lead" }, linked(relation.explanation)),
    el("div", { class: "sides" }, within(fact).map(readingOf), other ? [el("p", { class: "other" }, "and of ", jump(other.id, other.statement.en)), within(other).map(readingOf)] : null),
    el("p", null, jump(fact.id, "The whole fact")),
  ];
}

function recordDetail(record) {
  return [el("p", { class: "kicker" }, `${record.key} · ${record.kind}`), el("h3", null, record.title),
    terms([...record.before, ["decided", el("strong", null, record.decision)]]), el("h4", null, "Why"), el("p", null, linked(record.reason)), el("h4", null, "About"), aboutOf(record)];
}

/* --- views ------------------------------------------------------------------------------------------------ */

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
    const at = [...document.querySelectorAll("#text [data-claims]")].find((one) => one.dataset.claims.split(" ").includes(id));
    at.scrollIntoView({ block: WIDE.matches ? "center" : "start" });
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
    showArticle(DATA.articles[id] ? id : article || Object.keys(DATA.articles)[0]);
    if (DATA.articles[id]) pick(null);
  }
}

window.addEventListener("hashchange", follow);
window.addEventListener("popstate", follow);
follow();
