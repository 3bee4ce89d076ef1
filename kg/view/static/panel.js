/* Details of the chosen node, with links to its record, papers and code, and its neighbours as buttons. */
const MOST_NEIGHBOURS = 60;

function startPanel() {
  byId("panel").hidden = false;
  on("select", showPanel);
  showPanel();
}

function showPanel() {
  const panel = byId("panel");
  panel.replaceChildren(...(state.selected < 0 ? overview() : details(state.selected)));
  panel.scrollTop = 0;
  if (state.selected >= 0) announce(`${NODES[state.selected].label}, ${NEAR[state.selected].length} ${COAUTHORS ? "co-authors" : "related methods"}`);
}

function overview() {
  const hint = COAUTHORS ? "Choose an author in the drawing, in the table, by search, or from this list." : "Choose a method in the drawing, in the table, by search, or from this list.";
  const amount = COAUTHORS ? (node) => node.cells[0] : (node) => node.cells[5];
  const rows = NODES.slice(0, 12).map((node, id) => row(id, number(amount(node) || 0)));
  return [
    make("h2", null, "Details"),
    make("p", { class: "hint" }, hint),
    make("h3", null, COAUTHORS ? "Most papers" : "Most descendants"),
    make("ul", null, ...rows),
  ];
}

function row(id, count) {
  const button = make("button", { type: "button", class: "row", click: () => select(id) }, swatch(DATA.styles[NODES[id].group]));
  button.append(make("span", { class: "text" }, NODES[id].label), make("span", { class: "count" }, count));
  return make("li", null, button);
}

function details(id) {
  const node = NODES[id];
  const close = make("button", { type: "button", class: "close", "aria-label": "Close details", click: () => select(-1) }, "\u00d7");
  const list = make("dl");
  list.append(make("dt", null, "Record"), make("dd", null, linked(node.key, node.link)));
  DATA.columns.forEach(([label], column) => {
    const values = entries(node, column);
    if (!values.length || (values.length === 1 && values[0][0] === "not recorded")) return;
    list.append(make("dt", null, label), fill(make("dd"), values));
  });
  const style = DATA.styles[node.group];
  return [
    make("div", { class: "name" }, make("h2", null, node.label), close),
    make("p", { class: "group" }, swatch(style), style[0]),
    list,
    ...(COAUTHORS ? coauthors(id) : relatives(id)),
  ];
}

function coauthors(id) {
  const near = [...NEAR[id]].sort((a, b) => EDGES[b[1]].value - EDGES[a[1]].value || a[0] - b[0]);
  if (!near.length) return [make("p", { class: "hint" }, "No co-author is recorded.")];
  const rows = near.slice(0, MOST_NEIGHBOURS).map(([other, edge]) => row(other, `${EDGES[edge].value} ${EDGES[edge].value === 1 ? "paper" : "papers"}`));
  const rest = near.length - rows.length;
  return [make("h3", null, `Co-authors (${near.length})`), make("ul", null, ...rows), rest > 0 ? make("p", { class: "hint" }, `${rest} more are in the drawing.`) : ""];
}

function relatives(id) {
  const parts = [];
  [["Builds on", "to", "from"], ["Taken up by", "from", "to"]].forEach(([heading, own, other]) => {
    const near = NEAR[id].filter(([, edge]) => EDGES[edge][own] === id);
    if (!near.length) return;
    const list = make("ul");
    near.forEach(([, number_]) => {
      const edge = EDGES[number_];
      const item = row(edge[other], String(NODES[edge[other]].cells[0] || ""));
      const notes = make("p", { class: "evidence" }, edge.relations.map((relation) => DATA.relations[relation][0]).join(", "));
      if (edge.evidence.length) notes.append(": ");
      item.append(fill(notes, edge.evidence));
      list.append(item);
    });
    parts.push(make("h3", null, `${heading} (${near.length})`), list);
  });
  return parts;
}
