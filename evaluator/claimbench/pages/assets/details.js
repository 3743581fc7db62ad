/* What is read of an item, a fact, a difference or a record of the annotation. */

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
