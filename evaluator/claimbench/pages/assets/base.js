"use strict";
/* What all pages share. Everything becomes text nodes; no string is ever parsed as HTML. */

const DATA = JSON.parse(document.getElementById("data").textContent);

/* Make an element. Attributes named on… are listeners; null, undefined and false are left out. */
function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/* Text that may have marked and cut pieces, isolated from the direction of what surrounds it. */
function shown(text) {
  if (typeof text === "string") return el("bdi", null, text);
  return el("bdi", null, text.map(piece));
}

function piece(part) {
  if (typeof part === "string") return part;
  if (part.odd) return el("span", { class: "odd", title: "a character that would not be seen" }, part.odd);
  return el("span", { class: "cut" }, `… ${part.cut.toLocaleString("en")} more characters`);
}

function plain(text) {
  if (typeof text === "string") return text;
  return text.map((part) => (typeof part === "string" ? part : part.odd || "…")).join("");
}

/* A word on a ground of its kind. */
function tag(kind, label) {
  return el("span", { class: `tag ${kind}` }, label);
}

/* Letters without case and accents, ß as ss, for searching. */
function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
}

/* Articles as arrays of code points, as all offsets count these. */
const points = new Map();
function pointsOf(id) {
  if (!points.has(id)) points.set(id, Array.from(DATA.articles[id].text));
  return points.get(id);
}

function slice(id, start, end) {
  return pointsOf(id).slice(start, end).join("");
}

/* Every sentence's article and place. */
const places = new Map();
for (const [id, article] of Object.entries(DATA.articles)) {
  for (const [sentence, start, end] of article.sentences) places.set(sentence, [id, start, end]);
}

/* Cut [start, end) of an article at every boundary of its marks and let wrap(text, marks, from) make the nodes. */
function cut(id, start, end, marks, wrap) {
  const inside = marks.filter((mark) => mark.start < end && mark.end > start);
  const edges = new Set([start, end]);
  for (const mark of inside) {
    edges.add(Math.max(start, mark.start));
    edges.add(Math.min(end, mark.end));
  }
  const order = [...edges].sort((a, b) => a - b);
  return order.slice(0, -1).map((from, i) => {
    const to = order[i + 1];
    const over = inside.filter((mark) => mark.start < to && mark.end > from);
    return wrap(slice(id, from, to), over, from);
  });
}

/* The paragraphs of an article: its segments, which may leave nothing but white space between them. */
function paragraphs(id, make) {
  const tags = { title: "h4", heading: "h5" };
  return DATA.articles[id].segments.map(([kind, start, end]) =>
    el(tags[kind] || "p", { class: `segment ${kind}` }, make(start, end)));
}

/* Sentences in [start, end) with the text between them; make(sentence or null, start, end). */
function bySentence(id, start, end, make) {
  const made = [];
  let at = start;
  for (const [name, from, to] of DATA.articles[id].sentences) {
    if (to <= start || from >= end) continue;
    if (from > at) made.push(make(null, at, from));
    made.push(make(name, Math.max(at, from), Math.min(to, end)));
    at = Math.min(to, end);
  }
  if (at < end) made.push(make(null, at, end));
  return made;
}

/* The part of the address after "#", or "" where it is none of ours. */
function route() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

function link(to) {
  return `#${encodeURIComponent(to).replaceAll("%2F", "/").replaceAll("%40", "@")}`;
}

const WIDE = window.matchMedia("(min-width: 60rem)");
const LANGUAGES = { de: "German", nl: "Dutch", en: "English" };

/* Tables whose headings sort them. */
function sortable(table) {
  const body = table.tBodies[0];
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    if (head.classList.contains("plot") || head.hasAttribute("data-fixed")) return;
    const button = el("button", { type: "button", onclick: () => sortBy(table, body, head, column) }, head.textContent);
    head.replaceChildren(button);
  });
}

function sortBy(table, body, head, column) {
  const down = head.getAttribute("aria-sort") !== "descending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const value = (row) => row.cells[column].textContent.trim();
  const number = (text) => (text === "undefined" ? -Infinity : Number(text));
  const numeric = head.classList.contains("n");
  const rows = [...body.rows].sort((a, b) =>
    numeric ? number(value(a)) - number(value(b)) || 0 : value(a).localeCompare(value(b)));
  if (down) rows.reverse();
  body.append(...rows);
}

document.querySelectorAll("table.sortable").forEach(sortable);
