// The timeline: a lane for each government, one for exercise control, one for talks and outcomes.

const SHOWN = { injects: true, actions: true, people: true, talks: true, decisions: false, history: false };
const view = { from: 0, to: 1, marks: [], selected: null, width: 0 };
const LANE = 74, ROWS = 4, LABEL_ROWS = 4, LABEL = 21, TOP = LABEL_ROWS * LABEL + 26, LEFT = 132, PITCH = 13, BADGE = 9, LETTERS = 30;
const STEPS = new Set(["forum", "agreement"]);

const lanes = () => ["EXCON", ...Object.keys(model.meta.governments), "TALKS"];
const laneTitle = (id) => model.meta.lanes[id] ?? government(id);
const x = (t) => LEFT + (t - view.from) / (view.to - view.from) * (view.width - LEFT - 14);
const laneTop = (id) => TOP + lanes().indexOf(id) * LANE;

function radius(record) {
  if (record.kind === "signal") return 3.5 + Math.abs(record.data.perceived ?? 0) * 0.4;
  return model.meta.marks[record.mark].size || 3.5 + Math.sqrt(Math.max(0, record.data.severity ?? 0)) * 0.75;
}

function layOut() {
  const ends = {};
  view.marks = [];
  for (const record of model.records) {
    if (!record.mark || !SHOWN[model.meta.marks[record.mark].shown_by] || record.t < view.from || record.t > view.to) continue;
    if (record.t < model.meta.startex && !SHOWN.history) continue;
    const { lane } = record, at = x(record.t), size = radius(record);
    let row = ROWS;
    if (record.kind !== "decision") {
      const rows = ends[lane] ??= new Array(ROWS).fill(-1e9);
      row = rows.findIndex((end) => end < at - size);
      if (row < 0) row = rows.indexOf(Math.min(...rows));
      rows[row] = at + size;
    }
    view.marks.push({ record, lane, x: at, y: laneTop(lane) + 11 + row * PITCH, size });
  }
}

// Actions have the colour of their Goldstein weight, the others that of their kind. The path is one of a unit circle.
function markNode({ record, x, y, size }) {
  const { path, fill: colour, stroke, shown_by } = model.meta.marks[record.mark];
  const weight = record.data.goldstein ?? record.data.perceived ?? 0;
  return svg("path", { d: path, transform: `translate(${x.toFixed(1)},${y}) scale(${size})`,
    fill: shown_by === "actions" ? diverging(weight, 10) : colour, stroke, class: "mark", "data-seq": record.seq });
}

function drawTimeline() {
  const host = $("timeline-figure");
  view.width = Math.max(640, host.clientWidth);
  layOut();
  const height = TOP + lanes().length * LANE + 8;
  const drawing = figure(view.width, height, "Timeline",
    `${view.marks.length} events from ${date(view.from)} to ${date(view.to)} in ${lanes().length} lanes.`);
  drawing.setAttribute("height", height);
  for (const [i, lane] of lanes().entries()) {
    drawing.append(svg("rect", { x: 0, y: laneTop(lane), width: view.width, height: LANE, class: i % 2 ? "lane odd" : "lane" }));
    drawing.append(svg("text", { x: 10, y: laneTop(lane) + 24, class: "lane-name" }, lane in model.meta.governments ? lane : ""));
    drawing.append(svg("text", { x: 10, y: laneTop(lane) + (lane in model.meta.governments ? 41 : 30), class: "lane-title" },
      short(laneTitle(lane), 19)));
  }
  for (const [t, label] of ticks(view.from, view.to, view.width - LEFT)) {
    drawing.append(svg("line", { x1: x(t), x2: x(t), y1: TOP, y2: height - 8, class: "tick" }));
    if (x(t) < view.width - 3.5 * label.length) drawing.append(svg("text", { x: x(t), y: TOP - 7, class: "tick-text" }, label));
  }
  const labels = momentLabels();
  for (const { at, badge, y } of labels) drawing.append(svg("path", { d: `M${badge},${y}L${at},${TOP - 20}V${height - 8}`, class: "moment-line" }));
  for (const { number, seq, text, badge, y, start, width } of labels) {
    if (text) drawing.append(svg("rect", { x: start, y: y - 10, width, height: 20, class: "lane" }),
      svg("text", { x: start > badge - BADGE - 1 ? badge + BADGE + 4 : badge - BADGE - 4, y: y + 4, "data-seq": seq,
        class: `moment-label${start > badge - BADGE - 1 ? "" : " end"}` }, text));
    drawing.append(svg("circle", { cx: badge, cy: y, r: BADGE, class: "moment-badge", "data-seq": seq }));
    drawing.append(svg("text", { x: badge, y: y + 4, class: "moment-text", "data-seq": seq }, number));
  }
  for (const mark of view.marks) drawing.append(markNode(mark));
  drawing.append(svg("g", { id: "links" }));
  host.replaceChildren(drawing);
  drawLinks();
}

// The numbers of the turning points with their labels, in rows above the lanes; where there is no room, only the number.
function momentLabels() {
  const ends = new Array(LABEL_ROWS).fill(-1e9);
  return model.meta.moments.map((seq, i) => ({ number: i + 1, seq, record: model.bySeq.get(seq) }))
    .filter(({ record }) => record && record.t >= view.from && record.t <= view.to)
    .map((each) => ({ ...each, at: x(each.record.t) }))
    .sort((a, b) => a.at - b.at || a.number - b.number)
    .map((each) => {
      let text = short(each.record.kind === "outcome" ? each.record.data.title : each.record.headline, LETTERS);
      let width = 2 * BADGE + 8 + 6.2 * text.length;
      let start = each.at - BADGE + width > view.width ? each.at + BADGE - width : each.at - BADGE;
      let row = ends.findIndex((end) => end < start - 4);
      if (row < 0) {
        row = ends.indexOf(Math.min(...ends));
        [text, width] = ["", 2 * BADGE];
        start = Math.min(Math.max(each.at - BADGE, ends[row] + 3), view.width - width);
      }
      ends[row] = Math.max(ends[row], start + width);
      return { ...each, text, start, width, badge: text ? each.at : start + BADGE, y: 13 + row * LABEL };
    });
}

const short = (text, most) => (shown(text).length > most ? `${shown(text).slice(0, most - 1)}…` : shown(text));

function position(record) {
  const mark = view.marks.find((m) => m.record.seq === record.seq);
  return mark ?? { record, x: x(record.t), y: laneTop(record.lane) + 11 + ROWS * PITCH, hidden: true };
}

// The causes of a record back to the origin, and its consequences.
function chainOf(record) {
  const chain = [];
  for (let r = record; r; r = model.bySeq.get(r.cause[0])) { chain.push(r); if (chain.length > 60) break; }
  return chain;
}

function followers(record, most) {
  const found = [], queue = [[record.seq, 0]];
  while (queue.length && found.length < most) {
    const [seq, depth] = queue.shift();
    for (const next of model.effects.get(seq) ?? []) {
      const r = model.bySeq.get(next);
      if (r.cause[0] !== seq || found.some((f) => f.to === r)) continue;
      found.push({ from: model.bySeq.get(seq), to: r });
      if (depth < 2) queue.push([next, depth + 1]);
      if (found.length >= most) break;
    }
  }
  return found;
}

function drawLinks() {
  const layer = $("links"), record = view.selected;
  if (!layer) return;
  layer.replaceChildren();
  if (!record) return;
  const chain = chainOf(record);
  for (const { from, to } of followers(record, 24)) layer.append(...arrow(from, to, "follows"));
  for (const cause of record.cause.slice(1)) if (model.bySeq.has(cause)) layer.append(...arrow(model.bySeq.get(cause), record, "contributes"));
  for (let i = 0; i + 1 < chain.length; i++) layer.append(...arrow(chain[i + 1], chain[i], "causes"));
  const at = position(record);
  layer.append(svg("circle", { cx: at.x, cy: at.y, r: 11, class: "selected" }));
}

function arrow(from, to, kind) {
  if (from.t < view.from || to.t > view.to || (from.t < model.meta.startex && !SHOWN.history && from.t < view.from)) return [];
  const a = position(from), b = position(to), bend = Math.max(18, Math.min(90, Math.abs(b.x - a.x) / 2));
  const nodes = [svg("path", { d: `M${a.x},${a.y}C${a.x + bend},${a.y} ${b.x - bend},${b.y} ${b.x},${b.y}`, class: `link ${kind}` })];
  for (const end of [a, b]) if (end.hidden) nodes.push(svg("circle", { cx: end.x, cy: end.y, r: 2.5, class: `link-dot ${kind}`, "data-seq": end.record.seq }));
  return nodes;
}

function zoom(factor, about) {
  const span = Math.max(3 * DAY, (view.to - view.from) * factor);
  const middle = about ?? view.selected?.t ?? (view.from + view.to) / 2;
  const share = Math.min(1, Math.max(0, (middle - view.from) / (view.to - view.from)));
  look_at(middle - span * share, middle + span * (1 - share));
}

function look_at(from, to) {
  const first = SHOWN.history ? model.records[0]?.t ?? 0 : model.meta.startex, last = model.meta.reached;
  const span = Math.min(to - from, last - first);
  view.from = Math.round(Math.min(Math.max(from, first), last - span));
  view.to = Math.round(view.from + span);
  drawTimeline();
}

function stepMark(direction, sameLane) {
  const marks = [...view.marks].sort((a, b) => a.record.t - b.record.t || a.record.seq - b.record.seq);
  if (!marks.length) return;
  const here = marks.findIndex((m) => m.record === view.selected);
  if (here < 0) return select(marks[direction > 0 ? 0 : marks.length - 1].record.seq);
  if (!sameLane) return select(marks[Math.min(marks.length - 1, Math.max(0, here + direction))].record.seq);
  const order = lanes(), lane = order.indexOf(marks[here].lane);
  for (let l = lane + direction; l >= 0 && l < order.length; l += direction) {
    const inLane = marks.filter((m) => m.lane === order[l]);
    if (!inLane.length) continue;
    const distance = (m) => Math.abs(m.record.t - view.selected.t);
    return select(inLane.reduce((best, m) => (distance(m) < distance(best) ? m : best)).record.seq);
  }
}

function startTimeline() {
  view.from = model.meta.startex;
  view.to = Math.max(model.meta.reached, view.from + DAY);
  const host = $("timeline-figure");
  const events = model.records.filter((r) => r.mark && !["decision", "history"].includes(r.mark) && r.t >= model.meta.startex && !r.data.inherited).length;
  result(host, `${events} event${events === 1 ? "" : "s"}, ${model.meta.moments.length} turning point${model.meta.moments.length === 1 ? "" : "s"}`);
  host.addEventListener("click", (event) => {
    const seq = event.target.dataset?.seq;
    if (seq) select(Number(seq));
  });
  host.addEventListener("pointermove", (event) => tip(event));
  host.addEventListener("pointerleave", () => { $("tip").hidden = true; });
  host.addEventListener("keydown", (event) => {
    const act = { ArrowRight: () => stepMark(1), ArrowLeft: () => stepMark(-1), ArrowDown: () => stepMark(1, true),
      ArrowUp: () => stepMark(-1, true), "+": () => zoom(0.5), "-": () => zoom(2), Home: () => look_at(0, Infinity) }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  for (const name of Object.keys(SHOWN)) {
    const box = $(`show-${name}`);
    box?.addEventListener("change", () => { SHOWN[name] = box.checked; if (name === "history") look_at(box.checked ? -1e12 : view.from, view.to); else drawTimeline(); });
  }
  $("zoom-in").addEventListener("click", () => zoom(0.5));
  $("zoom-out").addEventListener("click", () => zoom(2));
  $("zoom-all").addEventListener("click", () => look_at(-1e12, 1e12));
  $("pan-left").addEventListener("click", () => look_at(view.from - (view.to - view.from) / 2, view.to - (view.to - view.from) / 2));
  $("pan-right").addEventListener("click", () => look_at(view.from + (view.to - view.from) / 2, view.to + (view.to - view.from) / 2));
  let waiting = 0;
  new ResizeObserver(() => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(() => {
    if (Math.max(640, host.clientWidth) !== view.width) drawTimeline();
  }); }).observe(host);
  drawTimeline();
}

function tip(event) {
  const seq = Number(event.target.dataset?.seq), record = model.bySeq.get(seq), box = $("tip");
  box.hidden = !record;
  if (!record) return;
  box.replaceChildren(el("b", {}, say(record)), el("br"), `${moment(record.t)} · ${dDay(record.t)} · #${seq}`);
  box.style.left = `${Math.min(event.clientX + 14, innerWidth - 330)}px`;
  box.style.top = `${event.clientY + 16}px`;
}
