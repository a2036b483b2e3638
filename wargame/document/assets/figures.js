// Relations, escalation, indicators, attention and talks over time.

function snapshots() {
  return model.records.filter((r) => r.kind === "snapshot" && r.data.values && r.t >= model.meta.startex);
}

// A figure begins with its result, after what it shows.
const result = (host, text) => host.closest("figure").querySelector("figcaption").append(shown(`: ${text}`));
// The width of a figure is that of its place, so that its letters keep their size; on a telephone names are above their bars.
const WIDEST = 980;
const widthOf = (host) => Math.min(WIDEST, Math.max(280, host.clientWidth || WIDEST));
const narrow = (width) => width < 560;
const greatest = (rows, value) => rows.reduce((best, row) => (value(row) > value(best) ? row : best));

function drawRelations() {
  const host = $("relations-figure");
  if (!host) return;
  const states = snapshots(), ids = Object.keys(model.meta.governments);
  const pairs = ids.flatMap((a) => ids.filter((b) => b !== a).map((b) => [a, b]))
    .filter(([a]) => !model.meta.seat || a === model.meta.seat);
  const value = (r, a, b) => r.data.values[`trust[${a}, ${b}]`] ?? 0;
  if (!states.length) return host.replaceChildren(el("p", {}, "This journal has no monthly snapshots, so relations over time cannot be shown."));
  const name = (a, b) => `${government(a)} in ${government(b)}`, longest = Math.max(...pairs.map(([a, b]) => name(a, b).length));
  const last = states[states.length - 1], of = (sign) => greatest(pairs, ([a, b]) => sign * value(last, a, b)), end = (pair) => `${name(...pair)}, ${signed(value(last, ...pair))}`;
  result(host, `at the end lowest of ${end(of(-1))}, and highest of ${end(of(1))}`);
  const width = widthOf(host), small = narrow(width), cell = 20, gap = 8, left = small ? 82 : Math.min(280, 20 + longest * 6.4);
  const right = small ? 46 : 70, wide = (width - left - right) / states.length;
  const rowY = (i) => 30 + i * cell + Math.floor(i / Math.max(1, ids.length - 1)) * gap;
  const drawing = figure(width, rowY(pairs.length - 1) + cell + 40, "Relations",
    "Trust of each government in each other government by month: orange is distrust, purple is trust, white is neutral.");
  pairs.forEach(([a, b], i) => {
    drawing.append(svg("text", { x: left - 8, y: rowY(i) + 14, class: "axis end" }, small ? `${a} in ${b}` : name(a, b)));
    states.forEach((r, j) => drawing.append(svg("rect", { x: left + j * wide, y: rowY(i), width: wide - 0.6, height: cell - 1,
      fill: diverging(value(r, a, b), 1), class: "cell", "data-seat": a, "data-t": r.t },
      svg("title", {}, `${name(a, b)}, ${month(r.t)}: ${signed(value(r, a, b))} (record ${r.seq})`))));
    drawing.append(svg("text", { x: width - right + 6, y: rowY(i) + 14, class: "axis" }, signed(value(last, a, b))));
  });
  const every = Math.max(1, Math.ceil(70 / wide));
  states.forEach((r, j) => { if (j % every === 0 && left + j * wide < width - right - 55) drawing.append(svg("text", { x: left + j * wide, y: 20, class: "axis" }, month(r.t).replace(" 20", " ’"))); });
  drawing.append(svg("text", { x: width - right + 6, y: 20, class: "axis" }, "at end"));
  const base = rowY(pairs.length - 1) + cell + 14;
  const from = small ? 0 : left, step = small ? 7 : 12;
  for (let i = 0; i <= 20; i++) drawing.append(svg("rect", { x: from + i * step, y: base, width: step, height: 10, fill: diverging(i / 10 - 1, 1) }));
  drawing.append(svg("text", { x: from + 21 * step + 8, y: base + 10, class: "axis" }, "−1 distrust to +1 trust"));
  drawing.addEventListener("click", (event) => {
    const { seat, t } = event.target.dataset;
    if (!seat) return;
    $("scrub-seat").value = scrub.seat = seat;
    moveTo(Number(t));
    $("seats").scrollIntoView();
  });
  host.replaceChildren(drawing, el("details", {}, el("summary", {}, "Table"),
    table("Trust by month", ["Month", ...pairs.map(([a, b]) => name(a, b)), "Record"],
      states.map((r) => [month(r.t), ...pairs.map(([a, b]) => signed(value(r, a, b))), link(r.seq)]), "numbers")));
}

function weeks() {
  const found = new Map();
  for (const r of model.records) {
    if (r.kind !== "action" || r.t < model.meta.startex) continue;
    const week = Math.floor((r.t - model.meta.startex) / (7 * DAY));
    const entry = found.get(week) ?? { severity: 0, rung: 0, actions: 0, top: r };
    entry.severity += r.data.severity ?? 0;
    entry.actions += 1;
    if ((r.data.rung ?? 0) >= entry.rung) { entry.rung = r.data.rung ?? 0; entry.top = r; }
    found.set(week, entry);
  }
  return found;
}

function drawEscalation() {
  const host = $("escalation-figure"), found = [...weeks()].sort((a, b) => a[0] - b[0]);
  if (!found.length) return host.replaceChildren(el("p", {}, "No actions."));
  const [first, gravest] = greatest(found, ([, w]) => w.severity), when = (week) => date(model.meta.startex + week * 7 * DAY);
  result(host, `most severe is the week of ${when(first)}, with a sum of ${plain(gravest.severity.toFixed(1))}; the highest rung is ${Math.max(...found.map(([, w]) => w.rung))}`);
  const width = widthOf(host), left = 44, top = 22, base = 150, rungTop = 190, rungBase = 290, count = Math.ceil((model.meta.reached - model.meta.startex) / (7 * DAY));
  const least = Math.min(0, ...found.map(([, w]) => w.severity)), most = Math.max(10, ...found.map(([, w]) => w.severity)), highest = Math.max(7, ...found.map(([, w]) => w.rung));
  const step = (width - left - 10) / Math.max(1, count), y = (v) => base - (v - least) / (most - least) * (base - top), rungY = (v) => rungBase - v / highest * (rungBase - rungTop);
  const drawing = figure(width, 326, "Escalation", "Upper bars: severity of all actions of a week after Rivera and others, below zero where friendly actions prevail. Lower bars: the highest rung of the week on the ladder of the scenario.");
  for (const v of nice(least, most)) drawing.append(svg("line", { x1: left, x2: width - 10, y1: y(v), y2: y(v), class: "grid" }), svg("text", { x: left - 6, y: y(v) + 4, class: "axis end" }, v));
  for (let v = 0; v <= highest; v += 2) drawing.append(svg("line", { x1: left, x2: width - 10, y1: rungY(v), y2: rungY(v), class: "grid" }), svg("text", { x: left - 6, y: rungY(v) + 4, class: "axis end" }, v));
  for (const [week, w] of found) {
    const at = left + week * step, text = `week of ${when(week)}: severity ${plain(w.severity.toFixed(1))} in ${w.actions} actions, highest rung ${w.rung} (record ${w.top.seq})`;
    drawing.append(svg("rect", { x: at + 0.5, y: Math.min(y(0), y(w.severity)), width: Math.max(1, step - 1.5), height: Math.max(0.5, Math.abs(y(w.severity) - y(0))), fill: model.meta.scale[w.severity < 0 ? 8 : 2] }, svg("title", {}, text)),
      svg("rect", { x: at + 0.5, y: rungY(w.rung), width: Math.max(1, step - 1.5), height: Math.max(1, rungBase - rungY(w.rung)), fill: "var(--c0)", "fill-opacity": 0.85 }, svg("title", {}, text)));
  }
  for (const [t, label] of ticks(model.meta.startex, model.meta.reached, width)) {
    const at = left + (t - model.meta.startex) / (7 * DAY) * step;
    if (at < width - 7 * label.length) drawing.append(svg("text", { x: at, y: 312, class: "axis" }, label));
  }
  drawing.append(svg("text", { x: 0, y: 12, class: "axis strong" }, "Severity of actions, sum"), svg("text", { x: 0, y: rungTop - 10, class: "axis strong" }, "Highest rung, of 10"));
  host.replaceChildren(drawing, el("details", {}, el("summary", {}, "Table"), table("Escalation by week", ["Week of", "Actions", "Severity", "Highest rung", "Record"],
    found.map(([week, w]) => [when(week), w.actions, plain(w.severity.toFixed(1)), w.rung, link(w.top.seq)]), "numbers")));
}

function nice(low, high) {
  const raw = (high - low) / 4, power = 10 ** Math.floor(Math.log10(raw || 1));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= raw) ?? power * 10, found = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-6; v += step) found.push(Number(v.toFixed(6)));
  return found;
}

// Every number over time: monthly snapshots, and between them each change by an action, an inject or chance.
function seriesOf() {
  const found = new Map(), paths = new Set(), states = snapshots();
  for (const r of states) for (const path of Object.keys(r.data.values)) paths.add(path);
  const put = (path, r, value) => { if (!found.has(path)) found.set(path, []); found.get(path).push({ t: r.t, value, seq: r.seq }); };
  for (const r of model.records) {
    if (r.t < model.meta.startex) continue;
    if (r.kind === "snapshot" && r.data.values) for (const path of paths) put(path, r, r.data.values[path] ?? 0);
    else if (r.data.effects && r.kind !== "decision") for (const [path, change] of Object.entries(r.data.effects)) { put(path, r, change[0]); put(path, r, change[1]); }
  }
  return found;
}

function indicatorGroups() {
  const groups = new Map();
  for (const [path, points] of seriesOf()) {
    const name = path.split("[")[0], spec = model.meta.indicators[name];
    if (!spec || path.startsWith("trust[") || spec.scope === "pair" || points.length < 2) continue;
    if (!groups.has(name)) groups.set(name, { name, spec, lines: [] });
    groups.get(name).lines.push({ path, index: /\[(.+)\]/.exec(path)?.[1] ?? "", points });
  }
  const moved = (g) => Math.max(...g.lines.map((l) => Math.max(...l.points.map((p) => p.value)) - Math.min(...l.points.map((p) => p.value)))) / ((g.spec.high - g.spec.low) || 1);
  return [...groups.values()].map((g) => ({ ...g, moved: moved(g) * Math.min(1, new Set(g.lines.flatMap((l) => l.points.map((p) => p.value))).size / 25) })).sort((a, b) => b.moved - a.moved || (a.name < b.name ? -1 : 1));
}

// The first and the last value, or which line is highest and which is lowest at the end.
function ofLines(lines) {
  const last = (l) => l.points[l.points.length - 1].value, text = (v) => plain(Number(v.toFixed(2)));
  if (lines.length === 1) return `from ${text(lines[0].points[0].value)} to ${text(last(lines[0]))}`;
  const [low, high] = [-1, 1].map((sign) => greatest(lines, (l) => sign * last(l)));
  if (text(last(low)) === text(last(high))) return `at the end all ${text(last(high))}`;
  return `at the end ${high.index} is highest, ${text(last(high))}, and ${low.index} lowest, ${text(last(low))}`;
}

function drawIndicator({ name, spec, lines }) {
  const width = 420, height = 190, left = 40, right = 44, top = 12, base = 150;
  const values = lines.flatMap((l) => l.points.map((p) => p.value)), low = Math.min(...values), high = Math.max(...values), pad = (high - low || Math.abs(high) || 1) * 0.08;
  const a = Math.max(spec.low, low - pad), b = Math.min(spec.high, high + pad) > a ? Math.min(spec.high, high + pad) : a + 1;
  const px = (t) => left + (t - model.meta.startex) / (model.meta.reached - model.meta.startex) * (width - left - right), py = (v) => base - (v - a) / (b - a) * (base - top);
  const drawing = figure(width, height, spec.title, `${spec.title} from ${date(model.meta.startex)} to ${date(model.meta.reached)}, ${lines.length} line${lines.length > 1 ? "s" : ""}.`);
  for (const v of nice(a, b)) drawing.append(svg("line", { x1: left, x2: width - right, y1: py(v), y2: py(v), class: "grid" }), svg("text", { x: left - 5, y: py(v) + 4, class: "axis end" }, v));
  for (const [t, label] of ticks(model.meta.startex, model.meta.reached, width * 0.75)) {
    if (px(t) < width - 7 * label.length) drawing.append(svg("text", { x: px(t), y: base + 18, class: "axis" }, label));
  }
  const ends = lines.map((l) => ({ l, y: py(l.points[l.points.length - 1].value) })).sort((m, n) => m.y - n.y);
  ends.forEach((end, i) => { if (i && end.y < ends[i - 1].y + 11) end.y = ends[i - 1].y + 12; });
  for (const { l, y } of ends) {
    const i = place(l.index), own = l.index in model.meta.governments;
    drawing.append(svg("path", { d: l.points.map((p, n) => `${n ? "L" : "M"}${px(p.t).toFixed(1)},${py(p.value).toFixed(1)}`).join(""), fill: "none", stroke: own ? HUES[i] : "var(--ink)", "stroke-width": 1.8, "stroke-dasharray": own ? DASHES[i] : "" }));
    drawing.append(svg("text", { x: width - right + 4, y: y + 4, class: "axis name" }, l.index));
  }
  return el("figure", { class: "small" }, el("figcaption", {}, `${spec.title}, ${spec.unit || plain(`${spec.low} to ${spec.high}`)}: ${ofLines(lines)}`), drawing,
    el("details", {}, el("summary", {}, "Table"), table(spec.title, ["Date", "Indicator", "Value", "Record"],
      lines.flatMap((l) => l.points.filter((p, n) => n === 0 || n === l.points.length - 1 || p.value !== l.points[n - 1].value).slice(-60).map((p) => [date(p.t), l.path, p.value, link(p.seq)])), "numbers")));
}

function startIndicators() {
  const groups = indicatorGroups(), host = $("indicator-figures"), chooser = $("indicator");
  if (!groups.length) { $("indicator-choice").hidden = true; return host.replaceChildren(el("p", {}, "This journal has no snapshots of the indicators.")); }
  chooser.replaceChildren(el("option", { value: "" }, "The six that changed most"), ...[...groups].sort((a, b) => (a.spec.title < b.spec.title ? -1 : 1)).map((g) => el("option", { value: g.name }, g.spec.title)));
  const draw = () => host.replaceChildren(...(chooser.value ? groups.filter((g) => g.name === chooser.value) : groups.slice(0, 6)).map(drawIndicator));
  chooser.addEventListener("change", draw);
  draw();
}

// Colours of dossiers, by their order in the scenario: the same for every government and in every version.
function dossierLook(id) {
  const known = model.meta.dossiers[id], i = known?.place ?? 0;
  return { title: known?.title ?? words(id), hue: HUES[i % HUES.length], dash: DASHES[Math.floor(i / HUES.length)] };
}
const swatch = ({ hue, dash }, box) => svg("rect", { ...box, fill: hue, "fill-opacity": 0.22, stroke: hue, "stroke-width": 1.5, "stroke-dasharray": dash });

function drawAttention() {
  const host = $("attention-figure"), rows = model.meta.attention, ids = [...new Set(rows.map((r) => r.who))];
  if (!host || !ids.length) return;
  const top = greatest(rows, (r) => r.share);
  result(host, `the largest share is ${percent(top.share)}, ${government(top.who)} on '${dossierLook(top.dossier).title}'`);
  const width = widthOf(host), small = narrow(width), left = small ? 2 : 150, bar = 30, full = width - left - (small ? 2 : 10);
  const row = small ? 58 : 44, above = small ? 22 : 8;
  const dossiers = Object.keys(model.meta.dossiers).sort((a, b) => model.meta.dossiers[a].place - model.meta.dossiers[b].place);
  const names = dossiers.map((id) => short(`${words(id)}: ${dossierLook(id).title}`, Math.floor((full - 22) / 6.2))), places = flow(names, full), base = ids.length * row + 14;
  const drawing = figure(width, base + (places.at(-1)?.row + 1 || 0) * 22 + 4, "Attention", "Each bar is the working time of one leadership since STARTEX, divided by dossier, with the shares.");
  ids.forEach((id, i) => {
    drawing.append(small ? label(government(id), left, i * row + 16, 50, "axis strong") : label(government(id), left - 10, i * row + 27, 17, "axis end strong"));
    let at = left;
    for (const each of rows.filter((r) => r.who === id)) {
      const look = dossierLook(each.dossier), wide = each.share * full, share = percent(each.share), text = `${words(each.dossier)} ${share}`;
      const box = swatch(look, { x: at, y: i * row + above, width: Math.max(0, wide - 2), height: bar, class: "share" });
      box.append(svg("title", {}, `${government(id)}, ${text}: ${look.title}`));
      drawing.append(box);
      const inside = text.length * 6.6 + 10 < wide ? text : share.length * 6.6 + 8 < wide ? share : "";
      if (inside) drawing.append(svg("text", { x: at + 6, y: i * row + above + 19, class: "axis" }, inside));
      at += wide;
    }
  });
  dossiers.forEach((id, i) => {
    const { x, row: line } = places[i], y = base + line * 22;
    drawing.append(swatch(dossierLook(id), { x: left + x, y, width: 16, height: 12 }), svg("text", { x: left + x + 22, y: y + 11, class: "axis key" }, names[i]));
  });
  host.replaceChildren(drawing);
}

// Positions of the entries of a legend, from left to right in as many rows as needed.
function flow(names, width) {
  let x = 0, row = 0;
  return names.map((name) => {
    const wide = name.length * 6.8 + 44;
    if (x && x + wide > width) { x = 0; row += 1; }
    const found = { x, row };
    x += wide;
    return found;
  });
}

// Bars of states: the colour of the mark, the colour of the frame, and its dashes.
const FRAMES = { convened: ["#1f5f86", ""], suspended: ["#7a5400", "2 2"], agreed: ["#005c43", ""], collapsed: ["var(--mark)", ""] };
const SAME = { in_force: "agreed", broken: "collapsed", offered: "proposed" };
function stateLook(state) {
  if (state === "verified") return ["#005c43", "#003b2b", ""];
  const known = SAME[state] ?? state;
  if (known === "proposed") return ["var(--paper)", "var(--soft)", "3 2"];
  return known in FRAMES ? [known === "collapsed" ? "#555" : model.meta.marks[known].fill, ...FRAMES[known]] : null;
}

// A text in at most two lines; what does not fit even then ends in an ellipsis.
function wrapped(text, most) {
  if (text.length <= most) return [text];
  const cut = text.lastIndexOf(" ", most), at = cut > most / 2 ? cut : most;
  return [text.slice(0, at), short(text.slice(at).trim(), most)];
}

// A name beside a figure, centred at height y; pointing at it shows all of it.
function label(name, x, y, most, classes) {
  const lines = wrapped(shown(name), most), first = lines.length > 1 ? y - 6 : y;
  return svg("text", { x, class: classes }, svg("title", {}, name), lines.map((line, n) => svg("tspan", { x, y: first + n * 13 }, line)));
}

function drawTalks() {
  const host = $("talks-figure"), names = new Map();
  for (const r of model.records) if (STEPS.has(r.kind)) {
    if (!names.has(r.about)) names.set(r.about, { title: r.data.title ?? words(r.about), steps: [] });
    names.get(r.about).steps.push(r);
  }
  if (!host || !names.size) return;
  const reached = [...names.values()].filter(({ steps }) => steps.some((r) => ["agreed", "in_force", "verified"].includes(r.data.to))).length;
  result(host, `${reached} of ${names.size} agreed or in force at some time`);
  const width = widthOf(host), small = narrow(width), left = small ? 2 : 336, row = small ? 48 : 30, top = small ? 22 : 5, from = model.meta.startex, to = model.meta.reached, px = (t) => left + (Math.max(from, t) - from) / (to - from) * (width - left - 10);
  const base = 46 + names.size * row;
  const states = { proposed: "proposed, offered", convened: "convened", suspended: "suspended", agreed: "agreed, in force", verified: "verified", collapsed: "collapsed, broken" };
  const places = flow(Object.values(states), width - left);
  const drawing = figure(width, base + (places.at(-1).row + 1) * 20 + 4, "Forums and agreements", "A bar for each forum or agreement; its colour is the state, from proposed to agreed or collapsed.");
  for (const [t, label] of ticks(from, to, width - left)) drawing.append(svg("line", { x1: px(t), x2: px(t), y1: 26, y2: 30 + names.size * row, class: "tick" }), px(t) < width - 6 * label.length ? svg("text", { x: px(t), y: 18, class: "axis" }, label) : "");
  [...names.values()].forEach(({ title, steps }, i) => {
    drawing.append(small ? label(short(shown(title), 52), left, 30 + i * row + 16, 52, "axis") : label(title, left - 10, 30 + i * row + 18, 48, "axis end forum"));
    steps.forEach((r, j) => {
      const style = stateLook(r.data.to), end = steps[j + 1]?.t ?? to;
      if (style && end > from) drawing.append(svg("rect", { x: px(r.t), y: 30 + i * row + top, width: Math.max(2, px(end) - px(r.t)), height: 18, fill: style[0], stroke: style[1], "stroke-dasharray": style[2], class: "cell", "data-seq": r.seq },
        svg("title", {}, `${r.headline}, ${date(r.t)} (record ${r.seq})`)));
    });
  });
  Object.entries(states).forEach(([state, name], i) => {
    const [fillColour, stroke, dash] = stateLook(state), { x, row: line } = places[i], y = base + line * 20;
    drawing.append(svg("rect", { x: left + x, y, width: 18, height: 12, fill: fillColour, stroke, "stroke-dasharray": dash }),
      svg("text", { x: left + 24 + x, y: y + 11, class: "axis" }, name));
  });
  drawing.addEventListener("click", (event) => { if (event.target.dataset?.seq) select(Number(event.target.dataset.seq), { scroll: true }); });
  host.replaceChildren(drawing);
}
