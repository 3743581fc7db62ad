/* Articles with their claims, and the claim beside the text. */

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

/* The first piece of text under a claim. */
function anchorOf(id) {
  const pieces = [...document.querySelectorAll("#text [data-claims]")].filter((one) => one.dataset.claims.split(" ").includes(id));
  return pieces.find((one) => one.matches("a")) || pieces[0];
}

/* Scroll to a piece of text only where it is not to be seen: under the tabs, outside, or behind the sheet. */
function bringIntoView(node) {
  const box = node.getBoundingClientRect();
  const bottom = WIDE.matches ? innerHeight : innerHeight * 0.36;
  if (box.top < 60 || box.bottom > bottom) node.scrollIntoView({ block: WIDE.matches ? "center" : "start" });
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
