/* The corpus: its records by id, and small pieces that several views share. */

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
  return text.split(/([a-z][\w-]*(?:#|\.c)\d+|\bf-[a-z][a-z-]+|\b[vq]\d+\b)/).map((part, i) => (i % 2 && (viewOf.has(part) || claims.has(part) || places.has(part)) ? jump(part) : part));
}
