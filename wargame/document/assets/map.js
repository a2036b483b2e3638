// The map with the latest actions at a time, and the escalation ladder of each pair until then.

const LATEST = 40, ON_MAP = 6, COLUMNS = 120, PLAY_EVERY = 120, PLAY_STEPS = 240;
const situation = { acts: [], ladders: [], t: 0, timer: 0 };

const actorOf = (r) => (r.kind === "signal" ? r.data.actor : r.who);
const rungOf = (r) => r.data.rung ?? model.meta.ladder.rungs[r.data.option] ?? 0;
const toneOf = (r) => { const weight = r.data.goldstein ?? r.data.perceived ?? 0; return weight < 0 ? "hostile" : weight > 0 ? "friendly" : "neutral"; };
const pairName = (pair) => sentence(pair.map(called).join(" and ")) + (pair.length > 1 ? "" : ", no target");

// Where an action begins and ends on the map, in units of the map; nothing if the map has no place for it.
function endsOf(r) {
  const { sites, seats } = model.meta.ladder;
  const point = (id) => { const node = document.querySelector(`.map [data-place="${id}"]`); return node ? [Number(node.dataset.x), Number(node.dataset.y)] : null; };
  const from = sites[r.data.option] ?? seats[actorOf(r)];
  return from ? [point(from), point(seats[r.data.target] ?? from)] : null;
}

function laddersOf(acts) {
  const found = new Map();
  for (const r of acts) {
    const pair = [...new Set([actorOf(r), r.data.target || actorOf(r)])].sort(), key = pair.join(" ");
    if (rungOf(r) <= 0) continue;
    if (!found.has(key)) found.set(key, { pair, steps: [] });
    found.get(key).steps.push(r);
  }
  const top = ({ steps }) => steps.reduce((a, b) => (rungOf(b) >= rungOf(a) ? b : a));
  return [...found.values()].map((each) => ({ ...each, top: top(each) }))
    .sort((a, b) => (a.pair.length === 1) - (b.pair.length === 1) || rungOf(b.top) - rungOf(a.top) || b.top.t - a.top.t);
}

const levelAt = ({ steps }, t) => Math.max(0, ...steps.filter((r) => r.t <= t).map((r) => rungOf(r) * 0.5 ** ((t - r.t) / model.meta.ladder.half_life)));

// A point of the map holds letters in pixels, so that they keep their size.
function pin([x, y], [width, height], classes, ...content) {
  return svg("svg", { x: `${100 * x / width}%`, y: `${100 * y / height}%`, class: classes }, content);
}

function drawMap(shown) {
  const land = document.querySelector(".map-land");
  if (!land) return;
  const size = land.getAttribute("viewBox").split(" ").slice(2).map(Number), arcs = [], marks = [], seen = [];
  shown.forEach((r, i) => {
    const ends = endsOf(r), newest = i ? "" : " newest", tone = toneOf(r);
    if (!ends) return;
    const [[x0, y0], [x1, y1]] = ends, same = (other) => [ends, [...ends].reverse()].some((e) => String(e) === String(other));
    const before = seen.filter(same).length, still = x0 === x1 && y0 === y1, bend = (0.18 + 0.14 * before) * (x1 >= x0 ? 1 : -1);
    seen.push(ends);
    const [cx, cy] = [(x0 + x1) / 2 + (y1 - y0) * bend, (y0 + y1) / 2 - (x1 - x0) * bend];
    if (!still) arcs.unshift(svg("path", { class: `arc ${tone}${newest}`, "marker-end": `url(#to-${tone})`, d: `M${x0} ${y0}Q${Math.round(cx)} ${Math.round(cy)} ${x1} ${y1}` }));
    const along = 0.5 + Math.ceil(before / 2) * (before % 2 ? -0.14 : 0.14);  // badges of arrows between the same places lie apart
    const at = (from, bent, to) => (1 - along) ** 2 * from + 2 * along * (1 - along) * bent + along ** 2 * to;
    const beside = `translate(${(x0 > 0.7 * size[0] ? -24 : 24) * before} ${y0 < 0.15 * size[1] ? 31 : -31})`;
    marks.unshift(pin([at(x0, cx, x1), at(y0, cy, y1)], size, `act ${tone}${newest}`, still ? svg("circle", { class: "ring" }) : "",
      svg("g", still ? { transform: beside } : {}, svg("circle", { class: "badge" }), svg("text", { dy: ".35em" }, i + 1))));
  });
  document.querySelector(".map-land .acts").replaceChildren(...arcs);
  document.querySelector(".map-marks .acts").replaceChildren(...marks);
}

function drawLadders() {
  const from = model.meta.startex, length = Math.max(1, model.meta.reached - from), { t } = situation;
  $("ladder-list").replaceChildren(...situation.ladders.map((ladder) => {
    const { top } = ladder, bars = Array.from({ length: COLUMNS }, (_, i) => from + length * (i + 1) / COLUMNS);
    return el("li", {}, el("p", { class: "pair" }, `${pairName(ladder.pair)} `, el("small", {}, `highest ${rungOf(top)}, ${date(top.t)}: `, say(top), " ", link(top.seq))),
      svg("svg", { viewBox: `0 0 ${COLUMNS} 10`, preserveAspectRatio: "none", "aria-hidden": "true" },
        svg("path", { class: "rung", d: [2, 4, 6, 8].map((n) => `M0 ${n}H${COLUMNS}`).join("") }),
        ["later", ""].map((look) => svg("path", { class: `level ${look}`, d: bars.map((at, i) => ((at <= t) === !look ? `M${i} 10V${(10 - levelAt(ladder, at)).toFixed(2)}h.86V10z` : "")).join("") })),
        svg("path", { class: "rung violent", d: `M0 ${10 - model.meta.ladder.violent}H${COLUMNS}` })),
      el("p", { class: "now" }, el("span", { class: "silent" }, "now at rung "), Math.round(levelAt(ladder, t))));
  }));
}

function drawSituation() {
  const { t, acts } = situation, latest = acts.filter((r) => r.t <= t).slice(-LATEST).reverse();
  const shown = [...latest].sort((a, b) => rungOf(b) - rungOf(a)).slice(0, ON_MAP).sort((a, b) => b.seq - a.seq);
  $("map-when").textContent = `${moment(t)} (${dDay(t)})`;
  $("map-time").value = t;
  $("map-list").replaceChildren(...shown.map((r, i) => el("li", {}, el("span", { class: `act-number ${toneOf(r)}` }, i + 1), " ",
    el("span", {}, el("span", { class: "when" }, `${date(r.t)} `), say(r), " ", link(r.seq)))));
  drawMap(shown);
  drawLadders();
}

function startSituation() {
  if (!$("map-time")) return;
  const range = $("map-time"), play = $("map-play"), { startex, reached, seat } = model.meta;
  situation.acts = model.records.filter((r) => r.t >= startex && (r.kind === "action" || (seat && r.kind === "signal")));
  situation.ladders = laddersOf(situation.acts);
  Object.assign(range, { min: startex, max: reached, step: Math.max(60, Math.round((reached - startex) / 2000)) });
  const go = (t) => { situation.t = Math.min(reached, Math.max(startex, t)); drawSituation(); };
  const halt = () => { clearInterval(situation.timer); situation.timer = 0; play.textContent = "Play"; play.setAttribute("aria-pressed", "false"); };
  const frame = () => { if (situation.t >= reached) halt(); else go(situation.t + (reached - startex) / PLAY_STEPS); };
  play.addEventListener("click", () => {
    if (situation.timer) return halt();
    if (situation.t >= reached) go(startex);
    play.textContent = "Stop"; play.setAttribute("aria-pressed", "true");
    situation.timer = setInterval(frame, PLAY_EVERY);
  });
  range.addEventListener("input", () => { halt(); go(Number(range.value)); });
  $("map-back").addEventListener("click", () => { halt(); go(situation.acts.filter((r) => r.t < situation.t).pop()?.t ?? startex); });
  $("map-on").addEventListener("click", () => { halt(); go(situation.acts.find((r) => r.t > situation.t)?.t ?? reached); });
  const steps = situation.ladders.flatMap(({ pair, steps }) => steps.map((r) => [pair, r])).sort((a, b) => a[1].t - b[1].t);
  if (steps.length) $("ladder-table").replaceChildren(el("details", {}, el("summary", {}, "All steps as a table"), table("Steps on the ladder", ["When", "Governments", "Rung", "Action", "Record"],
    steps.map(([pair, r]) => [el("span", { class: "nw" }, date(r.t)), pairName(pair), rungOf(r), say(r), link(r.seq)]))));
  go(reached);
}
