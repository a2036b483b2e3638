// Who knew what when: one seat, one time, and only what had reached the seat by then.

const scrub = { seat: "", t: 0 };

// Who receives what is decided in Python (journal.visibility).
const reaches = (record, seat) => model.received[seat]?.has(record.seq) ?? false;

function inboxOf(seat, t) {
  return model.records.filter((r) => r.t <= t && reaches(r, seat));
}

function trustOf(seat, t) {
  const latest = {};
  for (const r of model.records) {
    if (r.t > t) break;
    if (r.kind === "snapshot" && r.data.values) {
      for (const [path, value] of Object.entries(r.data.values)) {
        const pair = /^trust\[(.+), (.+)\]$/.exec(path);
        if (pair && pair[1] === seat) latest[pair[2]] = { value, seq: r.seq };
      }
    } else if (r.kind === "signal" && r.who === seat && r.data.trust) {
      latest[r.data.actor] = { value: r.data.trust[1], seq: r.seq };
    }
  }
  return latest;
}

function lastSnapshot(t) {
  let found = null;
  for (const r of model.records) { if (r.t > t) break; if (r.kind === "snapshot" && r.data.values) found = r; }
  return found;
}

function knowsPath(path, seat) {
  const [name, index] = [path.split("[")[0], /\[([^\],]+)/.exec(path)?.[1]];
  const spec = model.meta.indicators[name];
  return Boolean(spec) && spec.known !== "derived" && (spec.known === "at_once" || index === seat);
}

function knownValues({ values, seen }, seat) {
  if (!seen) return Object.entries(values); // the review of one seat has its values alone
  const own = Object.entries(values).filter(([path]) => path.startsWith(`belief of ${seat} in `) || knowsPath(path, seat));
  return Object.entries({ ...seen.public, ...Object.fromEntries(own), ...seen[seat] });
}

function drawSeat() {
  const { seat, t } = scrub, letters = inboxOf(seat, t), week = t - 7 * DAY;
  $("scrub-when").textContent = `${government(seat)}, ${moment(t)} (${dDay(t)})`;
  const recent = letters.slice(-40).reverse();
  $("inbox").replaceChildren(
    el("p", { class: "meta" }, `${letters.length} received, ${letters.filter((r) => r.t > week).length} of them in the last seven days`),
    el("ul", { class: "inbox" }, recent.map((r) => el("li", { class: r.t > week ? "new" : "" },
      el("span", { class: "when" }, `${date(r.t)} `), link(r.seq), " ",
      el("b", {}, r.kind === "signal" ? learned(r) : r.data.title ?? say(r)),
      r.data.message || r.data.text ? el("span", {}, ` ${r.data.message ?? r.data.text}`) : "",
      r.kind === "signal" ? el("span", { class: "meta" }, ` perceived as ${signed(r.data.perceived, 1)}, surprise ${signed(r.data.surprise, 1)}`) : ""))));
  const now = trustOf(seat, t), before = trustOf(seat, t - 30 * DAY), snapshot = lastSnapshot(t);
  const change = (whom, value) => (before[whom] ? `${signed(before[whom].value)} → ${signed(value)}` : `→ ${signed(value)}`);
  const blocks = !Object.keys(now).length ? [] : [table(`Trust of ${called(seat)}`, ["In", "30 days ago → now", "Record"], Object.entries(now).sort()
    .map(([whom, { value, seq }]) => [government(whom), el("span", { class: "nw" }, change(whom, value)), link(seq)]), "numbers")];
  if (snapshot) {
    const own = [], beliefs = new Map(), mark = `belief of ${seat} in `, about = new Set();
    for (const [path, value] of knownValues(snapshot.data, seat)) {
      if (!path.startsWith(mark)) { if (!path.startsWith("trust[")) own.push([path, value]); continue; }
      const [name, index] = [path.slice(mark.length).split("[")[0], /\[(.+)\]/.exec(path)?.[1] ?? "all"];
      if (!beliefs.has(name)) beliefs.set(name, {});
      beliefs.get(name)[index] = value;
      about.add(index);
    }
    const columns = [...about].sort();
    if (beliefs.size) blocks.push(table(`Estimates of unknown indicators, as of ${date(snapshot.t)}`, ["Of", ...columns],
      [...beliefs].map(([name, of]) => [model.meta.indicators[name]?.title ?? words(name), ...columns.map((c) => level(of[c]))]), "numbers"));
    if (own.length) blocks.push(el("details", {}, el("summary", {}, `Known indicators, as of ${date(snapshot.t)}`),
      table("Known indicators", ["Indicator", "Value"], own.map(([path, value]) => [path, level(value)]), "numbers")));
  }
  showPart("beliefs", blocks);
  const acts = model.records.filter((r) => r.t <= t && r.kind === "decision" && r.who === seat && r.about !== "wait").slice(-8).reverse();
  showPart("own-decisions", acts.length ? [el("ul", { class: "chain" }, acts.map((r) => step(r)))] : []);
}

// Shows a part of the page; an empty one is not printed, nor is its heading.
function showPart(id, parts) {
  $(id).replaceChildren(...(parts.length ? parts : [el("p", {}, "None yet.")]));
  for (const each of [$(id), $(id).previousElementSibling]) each.classList.toggle("screen", !parts.length);
}

function learned(r) {
  const to = r.data.target ? ` (${government(r.data.target)})` : "";
  return `${sentence(called(r.data.actor))} ${option(r.data.option)}${to}`;
}

function moveTo(t) {
  scrub.t = Math.min(model.meta.reached, Math.max(model.meta.startex, Math.round(t)));
  $("scrub-time").value = String(Math.round((scrub.t - model.meta.startex) / 3600));
  $("scrub-time").setAttribute("aria-valuetext", moment(scrub.t));
  drawSeat();
}

function startSeats() {
  const chooser = $("scrub-seat"), slider = $("scrub-time");
  const ids = model.meta.seat ? [model.meta.seat] : Object.keys(model.meta.governments);
  chooser.replaceChildren(...ids.map((id) => el("option", { value: id }, government(id))));
  scrub.seat = ids[0] ?? "";
  slider.max = String(Math.floor((model.meta.reached - model.meta.startex) / 3600));
  chooser.addEventListener("change", () => { scrub.seat = chooser.value; drawSeat(); });
  slider.addEventListener("input", () => { scrub.t = model.meta.startex + Number(slider.value) * 3600; slider.setAttribute("aria-valuetext", moment(scrub.t)); drawSeat(); });
  for (const [id, days] of [["back-week", -7], ["back-day", -1], ["on-day", 1], ["on-week", 7]]) $(id).addEventListener("click", () => moveTo(scrub.t + days * DAY));
  $("next-news").addEventListener("click", () => {
    const next = model.records.find((r) => r.t > scrub.t && reaches(r, scrub.seat));
    if (next) moveTo(next.t);
  });
  const first = model.bySeq.get(model.meta.moments[0]);
  moveTo(first ? first.t : model.meta.startex + 30 * DAY);
}
