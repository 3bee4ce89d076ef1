/* Search for names, and for authors also by the names of their methods. */
let folded = null;
let byMethod = [];
const MOST_MATCHES = 12;
let matches = [];
let active = -1;

function find(query) {
  const wanted = fold(query.trim());
  if (!wanted) return [];
  if (!folded) {
    folded = NODES.map((node) => fold(node.label));
    byMethod = COAUTHORS ? NODES.map((node) => fold(entries(node, 4).map(([text]) => text).join(" \u00b7 "))) : [];
  }
  const found = [];
  folded.forEach((name, id) => {
    if (!state.visible[id]) return;
    let rank = -1;
    if (name.startsWith(wanted)) rank = 0;
    else if (name.includes(" " + wanted) || name.includes("-" + wanted)) rank = 1;
    else if (name.includes(wanted)) rank = 2;
    else if (COAUTHORS && byMethod[id].includes(wanted)) rank = 3;
    if (rank >= 0) found.push([rank, id]);
  });
  return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, id]) => id);
}

function startSearch() {
  const input = byId("search");
  input.addEventListener("input", () => offer(find(input.value)));
  input.addEventListener("focus", () => offer(find(input.value), true));
  input.addEventListener("blur", () => setTimeout(closeMatches, 150));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && matches.length) {
      event.preventDefault();
      take(Math.max(0, active));
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (byId("matches").hidden) byId("drawing").focus();
      input.value = "";
      offer([]);
    }
  });
}

function offer(found, quiet) {
  matches = found;
  active = -1;
  const list = byId("matches");
  list.replaceChildren(
    ...found.slice(0, MOST_MATCHES).map((id, position) => {
      const item = make("li", { role: "option", id: `match-${position}`, "aria-selected": "false" }, NODES[id].label, make("small", null, secondLine(id)));
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => take(position));
      return item;
    }),
  );
  list.hidden = !found.length;
  byId("search").setAttribute("aria-expanded", String(Boolean(found.length)));
  byId("search").removeAttribute("aria-activedescendant");
  if (quiet) return;
  if (!byId("search").value.trim()) announceCount();
  else announce(found.length > MOST_MATCHES ? `${number(found.length)} matches, the first ${MOST_MATCHES} listed` : `${found.length} ${found.length === 1 ? "match" : "matches"}`);
}

function secondLine(id) {
  const column = COAUTHORS ? 4 : 1;
  return entries(NODES[id], column).map(([text]) => text).join(", ");
}

function mark(position) {
  const items = [...byId("matches").children];
  if (!items.length) return;
  active = (position + items.length) % items.length;
  items.forEach((item, number_) => item.setAttribute("aria-selected", String(number_ === active)));
  items[active].scrollIntoView({ block: "nearest" });
  byId("search").setAttribute("aria-activedescendant", items[active].id);
}

function closeMatches() {
  byId("matches").hidden = true;
  byId("search").setAttribute("aria-expanded", "false");
}

function take(position) {
  const id = matches[position];
  closeMatches();
  select(id);
  byId("drawing").focus({ preventScroll: true });
}
