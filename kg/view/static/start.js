/* Keys, buttons and the order in which the parts come to life: the drawing first. */
const ACTIONS = {
  "zoom-in": () => zoomBy(1.35),
  "zoom-out": () => zoomBy(1 / 1.35),
  fit: () => fitView(true),
  png: savePng,
  svg: saveSvg,
  theme: () => useTheme(themeName() === "dark" ? "light" : "dark"),
};

function useTheme(name) {
  state.theme = name;
  document.documentElement.dataset.theme = name;
  showTheme();
}

function showTheme() {
  markTheme();
  tell("theme");
}

function markTheme() {
  document.querySelector('[data-do="theme"]').setAttribute("aria-pressed", String(themeName() === "dark"));
}

/* The next visible node by importance; inside a search the next match. */
function walk(step) {
  const pool = byId("search").value.trim() && matches.length ? matches : [...NODES.keys()].filter((id) => state.visible[id]);
  if (!pool.length) return;
  const at = pool.indexOf(state.selected);
  select(pool[at < 0 ? (step > 0 ? 0 : pool.length - 1) : (at + step + pool.length) % pool.length]);
}

const KEYS = {
  "/": () => {
    byId("search").focus();
    byId("search").select();
  },
  n: () => walk(1),
  p: () => walk(-1),
  Escape: () => select(-1),
  "+": () => zoomBy(1.35),
  "=": () => zoomBy(1.35),
  "-": () => zoomBy(1 / 1.35),
  0: () => fitView(true),
};
const ON_DRAWING = {
  ArrowLeft: () => panBy(-90, 0),
  ArrowRight: () => panBy(90, 0),
  ArrowUp: () => panBy(0, -90),
  ArrowDown: () => panBy(0, 90),
  Enter: () => (state.selected >= 0 ? byId("panel").focus() : walk(1)),
};

function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox";
    if (typing) return;
    const run = KEYS[event.key] || (drawing.contains(event.target) ? ON_DRAWING[event.key] : null);
    if (!run) return;
    event.preventDefault();
    run();
  });
  document.querySelectorAll("[data-do]").forEach((button) => button.addEventListener("click", ACTIONS[button.dataset.do]));
  darkWished.addEventListener("change", showTheme);
  addEventListener("hashchange", () => {
    const node = nodeOfHash();
    if (node >= 0) select(node);
  });
}

function start() {
  document.querySelectorAll(".toolbar, .stage, #panel, #filters").forEach((part) => (part.hidden = false));
  startStage();
  network.once("afterDrawing", () => performance.mark("first-draw"));
  startKeys();
  markTheme();
  announceCount();
  requestAnimationFrame(() =>
    setTimeout(() => {
      startFilters();
      startPanel();
      startSearch();
      startTable();
      const wanted = nodeOfHash();
      if (wanted >= 0) select(wanted);
      document.documentElement.dataset.ready = "true";
    }, 0),
  );
}

start();
