/*
 * The drawing. vis-network owns the canvas and moves the view by mouse, touch and wheel; what is on the canvas is
 * painted here from paths made once for each filter, which for thousands of nodes is far quicker than its own nodes.
 */
const drawing = byId("drawing");
let network = null;
let batches = [];
let dots = [];
const cells = new Map();
const CELL = 48;
let fitScale = 1;
const manyEdges = NODES.length > DATA.fewerEdgesAbove;

function colourOf(node) {
  const colour = DATA.styles[node.group][1];
  return { background: theme().fills[colour], border: theme().outlines[colour] };
}

function startStage() {
  batchEdges();
  batchNodes();
  network = new vis.Network(drawing, { nodes: [], edges: [] }, DATA.options);
  drawing.querySelector(".vis-network").tabIndex = -1;
  fitView(false);
  network.on("beforeDrawing", paintBelow);
  network.on("afterDrawing", paintAbove);
  network.on("click", (event) => select(nodeAt(event.pointer.canvas), { focus: false }));
  drawing.addEventListener("mousemove", (event) => {
    const box = drawing.getBoundingClientRect();
    if (!event.buttons) hover(nodeAt(network.DOMtoCanvas({ x: event.clientX - box.left, y: event.clientY - box.top })));
  });
  drawing.addEventListener("mouseleave", () => hover(-1));
  network.on("dragStart", () => moving(true));
  network.on("dragEnd", () => moving(false));
  let still = 0;
  network.on("zoom", () => {
    moving(true);
    clearTimeout(still);
    still = setTimeout(() => moving(false), 160);
  });
}

function hover(node) {
  if (state.hovered === node) return;
  state.hovered = node;
  drawing.style.cursor = node < 0 ? "" : "pointer";
  network.redraw();
}

function moving(is) {
  if (state.moving === is) return;
  state.moving = is;
  if (!is) network.redraw();
}

/* The visible node under a point, with a few pixels of grace; -1 when there is none. */
function nodeAt({ x, y }) {
  if (!cells.size) {
    NODES.forEach((node, id) => {
      const key = `${Math.floor(node.x / CELL)} ${Math.floor(node.y / CELL)}`;
      if (cells.has(key)) cells.get(key).push(id);
      else cells.set(key, [id]);
    });
  }
  const grace = Math.min(30, 4 / network.getScale());
  let best = -1;
  let least = Infinity;
  for (let i = Math.floor((x - CELL) / CELL); i <= Math.floor((x + CELL) / CELL); i++) {
    for (let j = Math.floor((y - CELL) / CELL); j <= Math.floor((y + CELL) / CELL); j++) {
      for (const id of cells.get(`${i} ${j}`) || []) {
        const distance = Math.hypot(NODES[id].x - x, NODES[id].y - y) - NODES[id].size;
        if (state.visible[id] && distance < grace && distance < least) [best, least] = [id, distance];
      }
    }
  }
  return best;
}

/* Nodes as paths, one colour and shape each; the important ones come last, on top. */
function batchNodes() {
  dots = [];
  const open = new Map();
  for (let id = NODES.length - 1; id >= 0; id--) {
    if (!state.visible[id]) continue;
    const node = NODES[id];
    let batch = open.get(node.group);
    if (!batch || batch.size > 250) {
      batch = { group: node.group, size: 0, path: new Path2D() };
      open.set(node.group, batch);
      dots.push(batch);
    }
    addShape(batch.path, node.shape, node.x, node.y, node.size);
    batch.size += 1;
  }
}

/* Edges as a few hundred paths, made anew only when the filters change. */
function batchEdges() {
  batches = [];
  const open = new Map();
  EDGES.forEach((edge) => {
    if (!state.visible[edge.from] || !state.visible[edge.to]) return;
    const same = COAUTHORS && NODES[edge.from].group === NODES[edge.to].group;
    const { width, dash } = look(edge);
    const colour = same ? DATA.styles[NODES[edge.from].group][1] : -1;
    const key = `${width}|${dash}|${colour}`;
    let batch = open.get(key);
    if (!batch || batch.size > 250) {
      batch = { width, dash, colour, size: 0, path: new Path2D(), tips: new Path2D() };
      open.set(key, batch);
      batches.push(batch);
    }
    addEdge(batch, edge);
    batch.size += 1;
  });
}

function addEdge(batch, edge) {
  if (COAUTHORS) {
    batch.path.moveTo(NODES[edge.from].x, NODES[edge.from].y);
    batch.path.lineTo(NODES[edge.to].x, NODES[edge.to].y);
    return;
  }
  const line = curve(edge);
  batch.path.moveTo(line[0], line[1]);
  batch.path.bezierCurveTo(...line.slice(2));
  heads(line).forEach(([x, y], n) => (n ? batch.tips.lineTo(x, y) : batch.tips.moveTo(x, y)));
  batch.tips.closePath();
}

function strokeBatch(ctx, batch, scale, colour, opacity) {
  ctx.globalAlpha = opacity;
  ctx.strokeStyle = ctx.fillStyle = colour;
  const zoom = Math.max(1, (COAUTHORS ? 0.75 : 0.6) / scale);
  ctx.lineWidth = batch.width * zoom;
  ctx.setLineDash(batch.dash ? batch.dash.split(" ").map((part) => part * zoom) : []);
  ctx.stroke(batch.path);
  ctx.setLineDash([]);
  if (!COAUTHORS) ctx.fill(batch.tips);
  ctx.globalAlpha = 1;
}

function paintBelow(ctx) {
  const scale = network.getScale();
  if (DATA.years.length) paintYears(ctx);
  const still = !(state.moving && manyEdges);
  for (const batch of still ? batches : []) {
    const opacity = COAUTHORS ? Math.min(0.5, 0.16 + 0.1 * batch.width * Math.min(1, scale)) : 0.75;
    strokeBatch(ctx, batch, scale, batch.colour < 0 ? theme().line : theme().fills[batch.colour], opacity);
  }
  paintNodes(ctx, scale);
}

function paintNodes(ctx, scale) {
  ctx.lineWidth = Math.min(1, 0.6 / scale);
  dots.forEach(({ group, path }) => {
    const colour = DATA.styles[group][1];
    ctx.fillStyle = theme().fills[colour];
    ctx.strokeStyle = theme().outlines[colour];
    ctx.fill(path);
    ctx.stroke(path);
  });
}

/* Bands for the years; their names are painted above everything, at the upper edge of the view. */
function paintYears(ctx) {
  const at = ctx.getTransform();
  const height = ctx.canvas.height;
  const ratio = at.a / network.getScale();
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  DATA.years.forEach(([year, left, width], position) => {
    const x = left * at.a + at.e;
    const wide = width * at.a;
    ctx.fillStyle = position % 2 ? theme().ground : theme().band;
    ctx.fillRect(x, 0, wide, height);
    ctx.strokeStyle = theme().rule;
    ctx.lineWidth = ratio;
    ctx.setLineDash(year === null ? [4 * ratio, 4 * ratio] : []);
    ctx.strokeRect(Math.round(x) + 0.5, -2, wide, height + 4);
  });
  ctx.restore();
}

function paintYearNames(ctx, at, ratio) {
  ctx.font = `600 ${12 * ratio}px ${LABEL_FONT}`;
  ctx.textAlign = "center";
  ctx.fillStyle = theme().muted;
  DATA.years.forEach(([year, left, width]) => {
    const wide = width * at.a;
    const names = year === null ? ["year unknown", "unknown", "?"] : [String(year), "\u2019" + String(year).slice(2), ""];
    const fitting = names.find((name) => ctx.measureText(name).width + 4 * ratio < wide);
    ctx.fillText(fitting || "", left * at.a + at.e + wide / 2, 18 * ratio);
  });
  ctx.textAlign = "start";
}

function paintAbove(ctx) {
  const at = ctx.getTransform();
  const scale = network.getScale();
  const ratio = at.a / scale;
  const chosen = state.selected >= 0 && state.visible[state.selected] ? state.selected : -1;
  if (chosen >= 0) paintEmphasis(ctx, chosen, scale);
  const width = ctx.canvas.width;
  const height = ctx.canvas.height;
  const place = (node) => {
    if (!state.visible[node]) return null;
    const x = NODES[node].x * at.a + at.e;
    const y = NODES[node].y * at.d + at.f;
    const edge = 60 * ratio;
    return x < -edge || y < -edge || x > width + edge || y > height + edge ? null : { x, y, r: NODES[node].size * at.a };
  };
  const near = chosen >= 0 ? [chosen, ...NEAR[chosen].map(([other]) => other).sort((a, b) => a - b)] : [];
  const first = state.hovered >= 0 ? [state.hovered, ...near] : near;
  const zoomed = scale / fitScale;
  const most = COAUTHORS ? Math.round(26 * zoomed * zoomed) : scale > 0.4 ? NODES.length : Math.round(120 * zoomed * zoomed);
  const order = near.length ? first : [...first, ...NODES.keys()].slice(0, most + first.length);
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  if (DATA.years.length) paintYearNames(ctx, at, ratio);
  const size = (scale > 1.6 ? 14 : COAUTHORS || scale > 0.4 ? 12 : 10.5) * ratio;
  paintLabels(ctx, fittingLabels(order, 160, size, place), size);
  ctx.restore();
}

function paintLabels(ctx, labels, size) {
  ctx.lineJoin = "round";
  ctx.textBaseline = "alphabetic";
  labels.forEach(({ node, text, x, y }) => {
    ctx.font = `${node === state.selected || node === state.hovered ? "600 " : ""}${size}px ${LABEL_FONT}`;
    ctx.lineWidth = size * 0.28;
    ctx.strokeStyle = theme().ground;
    ctx.strokeText(text, x, y);
    ctx.fillStyle = theme().ink;
    ctx.fillText(text, x, y);
  });
}

/* The chosen node and its neighbours stand out; a veil in the colour of the ground lies over the rest. */
function paintEmphasis(ctx, chosen, scale) {
  ctx.save();
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.globalAlpha = 0.78;
  ctx.fillStyle = theme().ground;
  ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  ctx.restore();
  const near = NEAR[chosen].filter(([other]) => state.visible[other]);
  for (const [, edge] of near) {
    const batch = { ...look(EDGES[edge]), path: new Path2D(), tips: new Path2D() };
    addEdge(batch, EDGES[edge]);
    strokeBatch(ctx, batch, scale, theme().line, 0.9);
  }
  for (const node of [...near.map(([other]) => other), chosen]) {
    const { background, border } = colourOf(NODES[node]);
    ctx.beginPath();
    addShape(ctx, NODES[node].shape, NODES[node].x, NODES[node].y, NODES[node].size);
    ctx.fillStyle = background;
    ctx.strokeStyle = node === chosen ? theme().ink : border;
    ctx.lineWidth = node === chosen ? Math.max(2.5, 1.6 / scale) : 1;
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

/* The rectangle around all visible nodes. */
function bounds() {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  NODES.forEach((node, id) => {
    if (!state.visible[id]) return;
    box[0] = Math.min(box[0], node.x - node.size);
    box[1] = Math.min(box[1], node.y - node.size);
    box[2] = Math.max(box[2], node.x + node.size + (COAUTHORS ? 0 : 150));
    box[3] = Math.max(box[3], node.y + node.size + (COAUTHORS ? 16 : 0));
  });
  return state.shown ? box : [-100, -100, 100, 100];
}

function fitView(animated) {
  const [left, top, right, bottom] = bounds();
  const head = DATA.years.length ? 30 : 8;
  const foot = 34;
  const wide = Math.max(50, drawing.clientWidth - 24);
  const high = Math.max(50, drawing.clientHeight - head - foot);
  const scale = Math.min(1.4, wide / Math.max(1, right - left), high / Math.max(1, bottom - top));
  if (state.shown === NODES.length) fitScale = scale;
  const shift = (head - foot) / 2 / scale;
  moveView({ x: (left + right) / 2, y: (top + bottom) / 2 - shift }, scale, animated);
}

function moveView(position, scale, animated = true) {
  const animation = animated && !calm.matches ? { duration: 320, easingFunction: "easeInOutQuad" } : false;
  network.moveTo({ position, scale, animation });
}

/* Move so that the node and its neighbours are in view, as far as they stay legible; the node is always in view. */
function showNode(node) {
  const { x, y } = NODES[node];
  const near = NEAR[node].filter(([other]) => state.visible[other]).map(([other]) => NODES[other]);
  const reachX = Math.max(60, ...near.map((other) => Math.abs(other.x - x) + (COAUTHORS ? 40 : 120)));
  const reachY = Math.max(60, ...near.map((other) => Math.abs(other.y - y) + 40));
  const fitting = Math.min((drawing.clientWidth - 40) / (2 * reachX), (drawing.clientHeight - 80) / (2 * reachY));
  moveView({ x, y }, Math.min(1.1, Math.max(fitting, COAUTHORS ? 0.45 : 0.4, fitScale)));
}

function zoomBy(factor) {
  moveView(network.getViewPosition(), Math.min(6, Math.max(fitScale / 2, network.getScale() * factor)));
}

function panBy(x, y) {
  const at = network.getViewPosition();
  const scale = network.getScale();
  moveView({ x: at.x + x / scale, y: at.y + y / scale }, scale, false);
}

on("select", () => network.redraw());
on("filter", () => {
  batchEdges();
  batchNodes();
  network.redraw();
});
on("theme", () => network.redraw());
