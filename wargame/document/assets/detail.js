// One record in full: its causes back to the origin, and its consequences.

function select(seq, { scroll = false } = {}) {
  const record = model.bySeq.get(seq);
  if (!record) return;
  view.selected = record;
  if (record.t < view.from || record.t > view.to) {
    const half = (view.to - view.from) / 2;
    look_at(record.t - half, record.t + half);
  } else drawLinks();
  drawDetail(record);
  const address = `#r${seq}`;
  if (location.hash !== address) history.replaceState(null, "", address);
  if (scroll) $("detail").scrollIntoView({ block: "nearest" });
}

function drawDetail(record) {
  const chain = chainOf(record), next = model.effects.get(record.seq) ?? [];
  const last = chain[chain.length - 1], missing = last.cause.length ? last.cause[0] : null;
  $("detail").replaceChildren(
    el("h3", {}, say(record)),
    el("p", { class: "meta" }, `${moment(record.t)} · ${dDay(record.t)} · record #${record.seq} · ${record.kind}`),
    el("div", { class: "columns" },
      el("div", {}, el("h4", {}, "Causes"), chain.length > 1 || missing !== null
        ? el("ol", { class: "chain" }, chain.slice(1).map((each, place) => step(each, bond(chain[place]))),
          missing !== null && !model.meta.seat ? el("li", {}, `record #${missing}, which is not in this journal`) : null)
        : el("p", {}, `${sentence(origin(record))}.`),
        chain.length > 1 && missing === null ? el("p", { class: "origin" }, `${chain.slice(0, -1).some((each) => each.kind === "decision") ? "It goes back to" : "It began with"} ${origin(last)}.`) : null,
        contributions(record)),
      el("div", {}, el("h4", {}, "Consequences"), next.length
        ? el("ul", { class: "chain" }, next.slice(0, 12).map((seq) => step(model.bySeq.get(seq))),
          next.length > 12 ? el("li", {}, `and ${next.length - 12} more`) : null)
        : el("p", {}, "No record in the journal has it as a cause."))),
    ...facts(record),
    model.meta.run ? el("p", { class: "command" }, el("code", {}, `wargame why ${model.meta.run} ${record.seq}`)) : "");
  $("said").textContent = shown(`${say(record)}, ${date(record.t)}`);
}

// A decision responds to what it sees: an earlier event is considered, but does not trigger it.
function bond(record) { return record.kind === "decision" ? "in view of " : "because of "; }

function step(record, before = "") {
  const chance = record.kind === "decision" && record.data.chance !== undefined ? `, chance ${percent(record.data.chance)}` : "";
  return el("li", {}, before ? el("span", { class: "when" }, before) : "", link(record.seq), ` ${say(record)}`, el("span", { class: "when" }, ` ${date(record.t)}${chance}`));
}

function contributions(record) {
  const others = record.cause.slice(1).filter((seq) => model.bySeq.has(seq));
  return others.length ? el("div", {}, el("h4", {}, "Contributions"),
    el("ul", { class: "chain" }, others.slice(0, 8).map((seq) => step(model.bySeq.get(seq))))) : null;
}

// The origin of a chain, by its first record, as text from Python.
const origin = (record) => model.meta.origins[record.seq] ?? "a record without an earlier cause";

const MEETINGS = { routine: "a routine meeting", salience: "an extraordinary meeting", deadline: "a meeting before a deadline",
  demand: "a meeting on a demand", invitation: "a meeting on an invitation",
  commitment: "a meeting on a commitment", resumed: "a resumed meeting" };
const meeting = (record) => MEETINGS[record.data.meeting] ?? `a meeting (${record.data.meeting ?? ""})`;

function facts(record) {
  const d = record.data;
  if (record.kind === "decision") return decisionFacts(record);
  const rows = [];
  if (d.message) rows.push(["Message", d.message]);
  if (d.channel) rows.push(["Channel", `${d.channel}, to ${(d.audience ?? []).map(government).join(", ") || "all"}`]);
  if (record.kind === "action") rows.push(["Goldstein weight, severity, rung", `${signed(d.goldstein, 1)}, ${plain(d.severity)}, ${d.rung}`]);
  if (record.kind === "signal") rows.push(["As perceived", `Goldstein weight ${signed(d.perceived)}, surprise ${signed(d.surprise)}, trust ${signed(d.trust?.[0])} to ${signed(d.trust?.[1])}`]);
  for (const [path, change] of Object.entries(d.effects ?? {})) rows.push([path, change.map((x) => plain(typeof x === "number" ? Number(x.toFixed(3)) : x)).join(" to ")]);
  for (const key of ["why", "text", "reason", "status", "source"]) if (d[key]) rows.push([words(key), d[key]]);
  return rows.length ? [el("dl", { class: "facts" }, rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]))] : [];
}

function decisionFacts(record) {
  const d = record.data, parts = [el("p", {}, `Decided at ${meeting(record)}, after ${(d.took / 3600).toFixed(1)} hours of work. `
    + `Probability of acting ${percent(d.p)}; accumulated hazard ${d.hazard}, random draw ${d.draw}.`)];
  const listed = d.candidates ?? [];
  if (!listed.length) return parts;
  const names = [...new Set(listed.flatMap((c) => Object.keys(c.terms)))];
  const best = listed.reduce((a, b) => (b.score > a.score ? b : a));
  const chosen = listed.find((c) => c.option === d.choice && c.target === d.target);
  parts.push(el("p", { class: "verdict" }, listed.length === 1 ? "It was the only candidate."
    : chosen === best ? `It was also the best by score; its probability was ${percent(d.chance)}.`
    : `Chance decided: it scored ${signed(chosen?.score, 3)} against ${signed(best.score, 3)} for “${option(best.option)}”; its probability was ${percent(d.chance)}, that of the best ${percent(best.chance)}.`));
  parts.push(table("The best candidates and the terms of their scores", ["Candidate", "Score", ...names.map(words), "Noise", "Probability"],
    listed.map((c) => [el(c === chosen ? "b" : "span", {}, option(c.option) + (c.target ? ` (${government(c.target)})` : "") + (c === chosen ? " ← chosen" : "")),
      signed(c.score, 3), ...names.map((n) => signed(c.terms[n], 3)), signed(c.noise), percent(c.chance)]), "numbers"));
  return parts;
}
