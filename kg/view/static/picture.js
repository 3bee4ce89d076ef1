/* Save what is drawn, with title and legend, as SVG; the PNG is that SVG painted on a canvas. */
const escaped = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`).replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");

function pictureSvg() {
  const [left, top, right, bottom] = bounds();
  const width = 1600;
  const margin = 40;
  const scale = Math.min(2, (width - 2 * margin) / (right - left), 1400 / (bottom - top));
  const head = 96;
  const high = (bottom - top) * scale;
  const used = DATA.styles.map((style, position) => [style, position]).filter(([, position]) => NODES.some((node, id) => node.group === position && state.visible[id]));
  const lines = Math.ceil((used.length + DATA.relations.length) / 4);
  const height = Math.ceil(head + high + 60 + lines * 24 + 40);
  const colours = theme();
  const shiftX = margin + (width - 2 * margin - (right - left) * scale) / 2 - left * scale;
  const shiftY = head - top * scale;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, Segoe UI, Roboto, Helvetica, Arial, sans-serif">`,
    `<title>${escaped(DATA.page.title)}</title><rect width="${width}" height="${height}" fill="${colours.ground}"/>`,
    pictureYears(shiftX, scale, head, high, colours),
    text(margin, 40, 24, colours.ink, DATA.page.title, "600"),
    text(margin, 64, 14, colours.muted, pictureNote()),
    `<g transform="translate(${round(shiftX)} ${round(shiftY)}) scale(${scale.toFixed(4)})">${pictureEdges(colours)}${pictureNodes(colours)}</g>`,
    pictureLabels(shiftX, shiftY, scale, colours),
    pictureLegend(used, margin, head + high + 50, (width - 2 * margin) / 4, colours),
  ];
  return { markup: parts.join("") + "</svg>", width, height };
}

function text(x, y, size, fill, content, weight) {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${fill}"${weight ? ` font-weight="${weight}"` : ""}>${escaped(content)}</text>`;
}

function pictureNote() {
  const what = COAUTHORS ? "authors" : "methods";
  const amount = state.shown === NODES.length ? `${number(NODES.length)} ${what}` : `${number(state.shown)} of ${number(NODES.length)} ${what} (filtered)`;
  return [amount, `data version ${DATA.page.version}`, ...DATA.page.statements].join(" \u00b7 ");
}

function pictureYears(shiftX, scale, head, high, colours) {
  return DATA.years
    .map(([year, left, width], position) => {
      const x = left * scale + shiftX;
      const name = year === null ? "year unknown" : String(year);
      const band = `<rect x="${round(x)}" y="${head - 18}" width="${round(width * scale)}" height="${round(high + 40)}" fill="${position % 2 ? colours.ground : colours.band}" stroke="${colours.rule}"${year === null ? ' stroke-dasharray="4 4"' : ""}/>`;
      return band + `<text x="${round(x + (width * scale) / 2)}" y="${head - 4}" font-size="12" font-weight="600" text-anchor="middle" fill="${colours.muted}">${name}</text>`;
    })
    .join("");
}

function pictureEdges(colours) {
  return EDGES.filter((edge) => state.visible[edge.from] && state.visible[edge.to])
    .map((edge) => {
      const { width, dash } = look(edge);
      const a = NODES[edge.from];
      const b = NODES[edge.to];
      const colour = COAUTHORS && a.group === b.group ? colours.fills[DATA.styles[a.group][1]] : colours.line;
      const paint = `fill="none" stroke="${colour}" stroke-width="${round(width)}" stroke-opacity="${COAUTHORS ? 0.28 : 0.8}"${dash ? ` stroke-dasharray="${dash}"` : ""}`;
      if (COAUTHORS) return `<path d="M${a.x} ${a.y}L${b.x} ${b.y}" ${paint}/>`;
      const line = curve(edge);
      const [x, y, ...rest] = line.map(round);
      return `<path d="M${x} ${y}C${rest.join(" ")}" ${paint}/><polygon points="${heads(line).map((point) => point.map(round).join(",")).join(" ")}" fill="${colour}"/>`;
    })
    .join("");
}

function pictureNodes(colours) {
  return NODES.map((node, id) => {
    if (!state.visible[id]) return "";
    const colour = DATA.styles[node.group][1];
    return shapeMarkup(node.shape, node.x, node.y, node.size, colours.fills[colour], colours.outlines[colour]);
  }).join("");
}

function pictureLabels(shiftX, shiftY, scale, colours) {
  const place = (id) => (state.visible[id] ? { x: NODES[id].x * scale + shiftX, y: NODES[id].y * scale + shiftY, r: NODES[id].size * scale } : null);
  const size = COAUTHORS ? 11 : Math.max(8, Math.min(12, 22 * scale));
  return fittingLabels(NODES.keys(), COAUTHORS ? 70 : NODES.length, size, place)
    .map(({ text: name, x, y }) => `<text x="${round(x)}" y="${round(y)}" font-size="${round(size)}" fill="${colours.ink}" stroke="${colours.ground}" stroke-width="3" stroke-linejoin="round" paint-order="stroke">${escaped(name)}</text>`)
    .join("");
}

function pictureLegend(used, left, top, step, colours) {
  const spot = (position) => [left + (position % 4) * step, top + Math.floor(position / 4) * 24];
  const marks = used.map(([style], position) => {
    const [x, y] = spot(position);
    return shapeMarkup(style[2], x + 8, y - 4, 6.5, colours.fills[style[1]], colours.outlines[style[1]]) + text(x + 24, y, 13, colours.ink, `${style[0]} (${number(style[3])})`);
  });
  const lines = DATA.relations.map(([name, dash, width], position) => {
    const [x, y] = spot(used.length + position);
    return `<path d="M${round(x)} ${y - 4}h34" stroke="${colours.line}" stroke-width="${width}"${dash ? ` stroke-dasharray="${dash}"` : ""}/>` + text(x + 44, y, 13, colours.ink, name);
  });
  return [...marks, ...lines].join("");
}

function save(blob, ending) {
  const address = URL.createObjectURL(blob);
  const link = make("a", { href: address, download: `stkg-${DATA.kind}-${DATA.page.version.replace(/[^\w.-]+/g, "-")}.${ending}` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

function saveSvg() {
  save(new Blob([pictureSvg().markup], { type: "image/svg+xml" }), "svg");
  announce("SVG saved");
}

function savePng() {
  const { markup, width, height } = pictureSvg();
  const image = new Image();
  const address = URL.createObjectURL(new Blob([markup], { type: "image/svg+xml" }));
  image.onload = () => {
    const canvas = make("canvas", { width: width * 2, height: height * 2 });
    canvas.getContext("2d").drawImage(image, 0, 0, width * 2, height * 2);
    URL.revokeObjectURL(address);
    canvas.toBlob((blob) => {
      save(blob, "png");
      announce("PNG saved");
    }, "image/png");
  };
  image.onerror = () => announce("The PNG could not be made; save the SVG instead.");
  image.src = address;
}
