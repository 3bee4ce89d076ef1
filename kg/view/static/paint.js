/* Shapes, lines and names: what the drawing and the saved pictures share. */
const LABEL_FONT = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/* Corners of a shape; null for a circle. */
function corners(shape, x, y, r) {
  const points = [];
  if (shape === "square") points.push([x - r, y - r], [x + r, y - r], [x + r, y + r], [x - r, y + r]);
  else if (shape === "diamond") points.push([x, y - r], [x + r, y], [x, y + r], [x - r, y]);
  else if (shape === "triangle" || shape === "triangleDown") {
    const side = r * 1.15;
    const flip = shape === "triangle" ? 1 : -1;
    const middle = y + flip * 0.275 * side;
    const inner = (Math.sqrt(3) / 3) * side;
    const height = Math.sqrt(3) * side;
    points.push([x, middle - flip * (height - inner)], [x + side, middle + flip * inner], [x - side, middle + flip * inner]);
  } else if (shape === "star") {
    const size = r * 0.82;
    for (let n = 0; n < 10; n++) {
      const reach = n % 2 ? size * 0.5 : size * 1.3;
      points.push([x + reach * Math.sin((n * Math.PI) / 5), y + 0.1 * size - reach * Math.cos((n * Math.PI) / 5)]);
    }
  } else if (shape === "hexagon") {
    for (let n = 0; n < 6; n++) points.push([x + r * Math.cos((n * Math.PI) / 3), y + r * Math.sin((n * Math.PI) / 3)]);
  } else return null;
  return points;
}

/* Add a shape to a path or a drawing context. */
function addShape(path, shape, x, y, r) {
  const points = corners(shape, x, y, r);
  if (points) points.forEach(([px, py], n) => (n ? path.lineTo(px, py) : path.moveTo(px, py)));
  else {
    path.moveTo(x + r, y);
    path.arc(x, y, r, 0, 2 * Math.PI);
  }
  path.closePath();
}

function shapeMarkup(shape, x, y, r, fill, line) {
  const points = corners(shape, x, y, r);
  const paint = `fill="${fill}" stroke="${line}" stroke-width="1"`;
  if (!points) return `<circle cx="${round(x)}" cy="${round(y)}" r="${round(r)}" ${paint}/>`;
  return `<polygon points="${points.map((point) => point.map(round).join(",")).join(" ")}" ${paint}/>`;
}
const round = (value) => Math.round(value * 10) / 10;

/* The curve of a lineage edge from the older method to the younger one; against the years only where one is unknown. */
function curve(edge) {
  const a = NODES[edge.from];
  const b = NODES[edge.to];
  const way = b.x > a.x ? 1 : -1;
  const x1 = a.x + way * (a.size + 1);
  const x2 = b.x - way * (b.size + 7);
  const bend = way * Math.max(12, Math.abs(x2 - x1) * 0.45);
  return [x1, a.y, x1 + bend, a.y, x2 - bend, b.y, x2, b.y];
}

const heads = ([, , , , bendX, , x, y]) => {
  const way = bendX > x ? -1 : 1;
  return [[x + way * 6, y], [x - way * 3, y - 4], [x - way * 3, y + 4]];
};

/* How an edge looks: width by shared papers, dashes by kind of relation. */
function look(edge) {
  if (COAUTHORS) return { width: Math.min(4, 0.6 + 0.7 * edge.value), dash: "" };
  const relation = DATA.relations[edge.relations[0]] || ["", "", 1.6];
  return { width: relation[2], dash: relation[1] };
}

const shorten = (text, most) => (text.length > most ? text.slice(0, most - 1).trimEnd() + "\u2026" : text);

const widths = new Map();
const ruler = document.createElement("canvas").getContext("2d");
function widthOf(text) {
  let width = widths.get(text);
  if (width === undefined) {
    ruler.font = `12px ${LABEL_FONT}`;
    width = ruler.measureText(text).width;
    widths.set(text, width);
  }
  return width;
}

/*
 * Choose the names that fit: the first nodes first, none over another.
 * `place` gives the middle of a node and its radius in the units of the labels, or null when it is not in view.
 */
function fittingLabels(nodes, most, size, place) {
  const taken = [];
  const found = [];
  for (const node of nodes) {
    if (found.length >= most) break;
    const spot = place(node);
    if (!spot) continue;
    const text = shorten(NODES[node].label, 30);
    const width = (widthOf(text) * size) / 12;
    const left = COAUTHORS ? spot.x - width / 2 : spot.x + spot.r + size * 0.35;
    const top = COAUTHORS ? spot.y + spot.r + size * 0.15 : spot.y - size * 0.62;
    const box = [left - 3, top + size * 0.1, left + width + 3, top + size * 1.2];
    if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
    taken.push(box);
    found.push({ node, text, x: left, y: top + size });
  }
  return found;
}
