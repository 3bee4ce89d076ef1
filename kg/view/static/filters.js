/* Legend and filters: inside one filter any of the chosen values, across filters all of them. */
const chosen = DATA.facets.map(() => new Set());
const hiddenStyles = new Set();
const valueRows = [];
const SVG = "http://www.w3.org/2000/svg";

function swatch(style) {
  const svg = document.createElementNS(SVG, "svg");
  const mark = document.createElementNS(SVG, corners(style[2], 9, 9, 6) ? "polygon" : "circle");
  const points = corners(style[2], 9, 9, 6);
  const attributes = points ? { points: points.map((point) => point.map(round).join(",")).join(" ") } : { cx: 9, cy: 9, r: 6 };
  Object.entries({ width: 18, height: 18, viewBox: "0 0 18 18", class: "swatch", "aria-hidden": "true" }).forEach((pair) => svg.setAttribute(...pair));
  Object.entries(attributes).forEach((pair) => mark.setAttribute(...pair));
  const paint = () => {
    mark.setAttribute("fill", theme().fills[style[1]]);
    mark.setAttribute("stroke", theme().outlines[style[1]]);
  };
  paint();
  if (style.lasting) on("theme", paint);
  svg.append(mark);
  return svg;
}

function startFilters() {
  const box = byId("filters");
  box.append(make("h2", { class: "unseen" }, "Legend and filters"), legend());
  DATA.facets.forEach(([label, values], facet) => box.append(facetBox(label, values, facet)));
  box.append(make("button", { type: "button", class: "reset", id: "reset", click: resetFilters, disabled: true }, "Clear all filters"));
  countValues();
}

function legend() {
  const values = make("div", { class: "values" });
  DATA.styles.forEach((style, position) => {
    style.lasting = true;
    const row = make("button", { type: "button", class: "row", "aria-pressed": "true", "data-style": position }, swatch(style));
    row.append(make("span", { class: "text" }, style[0]), make("span", { class: "count" }, number(style[3])));
    row.addEventListener("click", () => {
      if (!hiddenStyles.delete(position)) hiddenStyles.add(position);
      applyFilters();
    });
    values.append(row);
  });
  const box = make("details", { class: "legend", open: true }, make("summary", null, COAUTHORS ? "Communities" : "Task (colour and shape)"), values);
  if (DATA.relations.length) box.append(relationList());
  return box;
}

function relationList() {
  const list = make("ul", { class: "relations", "aria-label": "Lines" });
  DATA.relations.forEach(([name, dash, width]) => {
    const svg = document.createElementNS(SVG, "svg");
    const line = document.createElementNS(SVG, "path");
    Object.entries({ width: 34, height: 12, viewBox: "0 0 34 12", "aria-hidden": "true" }).forEach((pair) => svg.setAttribute(...pair));
    Object.entries({ d: "M1 6H33", stroke: "currentColor", "stroke-width": width, "stroke-dasharray": dash }).forEach((pair) => line.setAttribute(...pair));
    svg.append(line);
    list.append(make("li", null, svg, name));
  });
  return list;
}

function facetBox(label, values, facet) {
  const list = make("div", { class: facet ? "values" : "values all", role: "group", "aria-label": label });
  const totals = values.map(() => 0);
  NODES.forEach((node) => node.facets[facet].forEach((value) => (totals[value] += 1)));
  const order = [...values.keys()];
  if (facet > 0) order.sort((a, b) => (values[a] === "not recorded") - (values[b] === "not recorded") || totals[b] - totals[a] || a - b);
  order.forEach((value) => {
    const input = make("input", { type: "checkbox", "data-facet": facet, "data-value": value });
    input.addEventListener("change", () => {
      if (input.checked) chosen[facet].add(value);
      else chosen[facet].delete(value);
      applyFilters();
    });
    const count = make("span", { class: "count" });
    const bar = make("span", { class: "bar" });
    const row = make("label", { class: "value" }, input, bar, make("span", { class: "text" }, values[value]), count);
    valueRows.push({ facet, value, count, bar, row, input });
    list.append(row);
  });
  return make("details", { open: facet < 2 }, make("summary", null, label), list);
}

const passes = (node, facet) => !chosen[facet].size || node.facets[facet].some((value) => chosen[facet].has(value));

function applyFilters() {
  state.shown = 0;
  NODES.forEach((node, id) => {
    const fits = !hiddenStyles.has(node.group) && chosen.every((_, facet) => passes(node, facet));
    state.visible[id] = fits ? 1 : 0;
    state.shown += fits ? 1 : 0;
  });
  document.querySelectorAll("[data-style]").forEach((row) => row.setAttribute("aria-pressed", String(!hiddenStyles.has(Number(row.dataset.style)))));
  byId("reset").disabled = !hiddenStyles.size && chosen.every((set) => !set.size);
  countValues();
  if (state.selected >= 0 && !state.visible[state.selected]) select(-1);
  tell("filter");
  announceCount();
}

function announceCount() {
  const what = COAUTHORS ? "authors" : "methods";
  announce(state.shown === NODES.length ? `All ${number(NODES.length)} ${what}` : `${number(state.shown)} of ${number(NODES.length)} ${what} pass the filters`);
}

/* For each value, how many nodes it would show given all other filters. */
function countValues() {
  const counts = DATA.facets.map(([, values]) => values.map(() => 0));
  NODES.forEach((node) => {
    if (hiddenStyles.has(node.group)) return;
    const failed = [...chosen.keys()].filter((facet) => !passes(node, facet));
    DATA.facets.forEach((_, facet) => {
      if (failed.every((other) => other === facet)) node.facets[facet].forEach((value) => (counts[facet][value] += 1));
    });
  });
  const most = counts.map((list) => Math.max(1, ...list));
  valueRows.forEach(({ facet, value, count, bar, row }) => {
    const amount = counts[facet][value];
    count.textContent = number(amount);
    bar.style.width = `calc((100% - 35px) * ${amount / most[facet]})`;
    row.classList.toggle("none", amount === 0);
  });
}

function resetFilters() {
  hiddenStyles.clear();
  chosen.forEach((set) => set.clear());
  valueRows.forEach(({ input }) => (input.checked = false));
  applyFilters();
}
