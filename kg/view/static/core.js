"use strict";
/* Data of the page, what is chosen, and the few helpers that every part uses. */
const DATA = JSON.parse(document.getElementById("graph-data").textContent);
const NODES = DATA.nodes;
const EDGES = DATA.edges;
const COAUTHORS = DATA.kind === "coauthors";
const byId = (id) => document.getElementById(id);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const darkWished = matchMedia("(prefers-color-scheme: dark)");

const state = {
  selected: -1,
  hovered: -1,
  visible: new Uint8Array(NODES.length).fill(1),
  shown: NODES.length,
  theme: null,
  moving: false,
};
const listeners = { select: [], filter: [], theme: [] };
const on = (event, run) => listeners[event].push(run);
const tell = (event) => listeners[event].forEach((run) => run());

/* Neighbours of each node as [other node, edge]. */
const NEAR = NODES.map(() => []);
EDGES.forEach((edge, number) => {
  NEAR[edge.from].push([edge.to, number]);
  NEAR[edge.to].push([edge.from, number]);
});

const theme = () => DATA.themes[themeName()];
function themeName() {
  return state.theme || (darkWished.matches ? "dark" : "light");
}

const format = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });
const number = (value) => format.format(value);
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/* Elements are made from text alone; no part of the page ever parses markup. */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "click") element.addEventListener("click", value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/* A link for web addresses and pages of the site that the page belongs to, plain text for everything else. */
function linked(text, address) {
  if (typeof address === "string" && /^\/[a-z]/.test(address)) return make("a", { href: address }, text);
  if (typeof address === "string" && /^https?:\/\//i.test(address)) {
    try {
      const parsed = new URL(address);
      if (parsed.protocol === "https:" || parsed.protocol === "http:") {
        return make("a", { href: address, rel: "noopener noreferrer" }, text);
      }
    } catch (error) {
      return document.createTextNode(text);
    }
  }
  return document.createTextNode(text);
}

/* The values of one cell as [text, address or null]. */
function entries(node, column) {
  const facet = DATA.columns[column][2];
  if (facet !== null) return node.facets[facet].map((value) => [DATA.facets[facet][1][value], null]);
  const value = node.cells[column];
  if (value === null) return [];
  if (typeof value === "number") return [[column_is_year(column) ? String(value) : number(value), null]];
  return value.map((entry) => (typeof entry === "string" ? [entry, null] : entry));
}
const column_is_year = (column) => /year/i.test(DATA.columns[column][0]);

function fill(cell, values) {
  values.forEach(([text, address], position) => {
    if (position) cell.append(", ");
    cell.append(linked(text, address));
  });
  return cell;
}

function announce(text) {
  byId("state").textContent = text;
}

function select(node, options) {
  const { focus = true, scroll = false } = options || {};
  state.selected = node;
  const hash = node < 0 ? " " : "#" + encodeURIComponent(NODES[node].key);
  try {
    history.replaceState(null, "", hash === " " ? location.pathname + location.search : hash);
  } catch (error) {
    /* Some browsers forbid it for files; the page works without. */
  }
  tell("select");
  if (node >= 0 && focus) showNode(node);
  if (scroll) byId("drawing").scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
}

function nodeOfHash() {
  let wanted = location.hash.slice(1);
  try {
    wanted = decodeURIComponent(wanted);
  } catch (error) {
    return -1;
  }
  if (!wanted) return -1;
  return NODES.findIndex((node) => node.key === wanted || node.record === wanted || node.record.endsWith("/" + wanted));
}
