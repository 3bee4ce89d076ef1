/* The table: the same rows as the drawing, sortable, one page at a time. */
const ROWS = 50;
const SHOWN_COLUMNS = DATA.columns.map((column, position) => [column, position]).filter(([column]) => column[3]);
const sorting = { column: -2, down: false };
let page = 0;

function startTable() {
  const heads = [...byId("table").tHead.rows[0].cells];
  heads.forEach((cell, position) => {
    const column = position === 0 ? -1 : SHOWN_COLUMNS[position - 1][1];
    const button = make("button", { type: "button", "data-column": column }, cell.textContent.trim(), make("span", { "aria-hidden": "true", class: "arrow" }, ""));
    button.addEventListener("click", () => sortBy(column));
    cell.replaceChildren(button);
  });
  byId("pages").hidden = false;
  on("filter", () => {
    page = 0;
    showTable();
  });
  on("select", markRow);
  showTable();
}

function sortBy(column) {
  const numeric = column >= 0 && DATA.columns[column][1];
  if (sorting.column === column) sorting.down = !sorting.down;
  else Object.assign(sorting, { column, down: numeric });
  page = 0;
  showTable();
}

const keyOf = (node, column) => {
  if (column < 0) return fold(node.label);
  if (DATA.columns[column][1]) return node.cells[column];
  return fold(entries(node, column).map(([text]) => text).join(", ")) || null;
};

function sortedRows() {
  const ids = [...NODES.keys()].filter((id) => state.visible[id]);
  const { column, down } = sorting;
  if (column === -2) return ids;
  const keys = new Map(ids.map((id) => [id, keyOf(NODES[id], column)]));
  return ids.sort((a, b) => {
    const x = keys.get(a);
    const y = keys.get(b);
    if (x === null || y === null) return (x === null) - (y === null) || a - b;
    const order = x < y ? -1 : x > y ? 1 : 0;
    return (down ? -order : order) || a - b;
  });
}

function showTable() {
  const ids = sortedRows();
  const pages = Math.max(1, Math.ceil(ids.length / ROWS));
  page = Math.min(page, pages - 1);
  const shown = ids.slice(page * ROWS, (page + 1) * ROWS);
  byId("table").tBodies[0].replaceChildren(...shown.map(tableRow));
  byId("table").setAttribute("aria-rowcount", String(ids.length + 1));
  [...byId("table").tHead.rows[0].cells].forEach((cell) => {
    const sorted = Number(cell.firstChild.dataset.column) === sorting.column;
    if (sorted) cell.setAttribute("aria-sort", sorting.down ? "descending" : "ascending");
    else cell.removeAttribute("aria-sort");
    cell.querySelector(".arrow").textContent = sorted ? (sorting.down ? "\u00a0\u2193" : "\u00a0\u2191") : "";
  });
  const what = COAUTHORS ? "authors" : "methods";
  const of = ids.length === NODES.length ? `all ${number(ids.length)} ${what} drawn` : `${number(ids.length)} ${what} that pass the filters; ${number(NODES.length)} are drawn without filters`;
  byId("table-note").textContent = ids.length ? `Rows ${page * ROWS + 1} to ${page * ROWS + shown.length} of ${of}.` : "No row passes the filters.";
  showPages(pages);
  markRow();
}

function tableRow(id) {
  const node = NODES[id];
  const show = make("button", { type: "button", class: "show", "aria-label": `Show ${node.label} in the drawing`, click: () => select(id, { scroll: true }) }, "Show");
  const line = make("tr", { "data-node": id }, make("th", { scope: "row" }, linked(node.label, node.link), show));
  SHOWN_COLUMNS.forEach(([column, position]) => line.append(fill(make("td", { class: column[1] ? "number" : "list" }), entries(node, position))));
  return line;
}

function showPages(pages) {
  const go = (target) => () => {
    page = target;
    showTable();
    byId("table-section").scrollIntoView({ block: "start" });
  };
  const step = (text, label, target, off) => make("button", { type: "button", "aria-label": label, disabled: off, click: go(target) }, text);
  byId("pages").replaceChildren(
    step("First", "First page of the table", 0, page === 0),
    step("Previous", "Previous page of the table", page - 1, page === 0),
    make("span", null, `Page ${page + 1} of ${pages}`),
    step("Next", "Next page of the table", page + 1, page >= pages - 1),
    step("Last", "Last page of the table", pages - 1, page >= pages - 1),
  );
}

function markRow() {
  byId("table").querySelectorAll("tr[data-node]").forEach((line) => {
    if (Number(line.dataset.node) === state.selected) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  });
}
