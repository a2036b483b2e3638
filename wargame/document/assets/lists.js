// Long lists, filtered and paged: decisions and the whole journal.

const PAGE = 50;

function pager(host, rows, draw, label) {
  const state = { at: 0, size: PAGE, rows };
  const render = () => {
    const part = state.rows.slice(state.at, state.at + state.size);
    const end = Math.min(state.rows.length, state.at + state.size);
    host.replaceChildren(
      el("p", { class: "pager" }, el("span", { role: "status" }, state.rows.length ? `${state.at + 1} to ${end} of ${state.rows.length} ${label}` : `No ${label}`), " ",
        el("button", { type: "button", disabled: state.at === 0, on: { click: () => { state.at = Math.max(0, state.at - state.size); render(); } } }, "Earlier"), " ",
        el("button", { type: "button", disabled: end >= state.rows.length, on: { click: () => { state.at += state.size; render(); } } }, "Later")),
      draw(part));
  };
  return { show: (found) => { state.rows = found; state.at = 0; render(); }, all: (on) => { state.size = on ? 1e6 : PAGE; state.at = 0; render(); } };
}

function startDecisions() {
  if (!$("decision-list")) return;
  const who = $("decision-who"), chance = $("decision-chance"), host = $("decision-list");
  const acts = model.records.filter((r) => r.kind === "decision" && r.about !== "wait");
  const ids = [...new Set(acts.map((r) => r.who))].sort();
  who.append(...ids.map((id) => el("option", { value: id }, government(id))));
  const byChance = (r) => { const c = r.data.candidates ?? [], chosen = c.find((k) => k.option === r.data.choice && k.target === r.data.target); return Boolean(chosen) && c.some((k) => k.score > chosen.score); };
  const pages = pager(host, [], (part) => table("Decisions to act", ["When", "Government", "Decision", "Dossier", "Probability", "Decided by", "Record"],
    part.map((r) => [el("span", { class: "nw" }, date(r.t)), government(r.who), option(r.data.choice) + (r.data.target ? ` (${government(r.data.target)})` : ""), words(r.data.dossier), percent(r.data.chance), el("span", { class: "nw" }, byChance(r) ? "chance" : "best score"), link(r.seq)])), "decisions");
  const draw = () => pages.show(acts.filter((r) => (!who.value || r.who === who.value) && (!chance.checked || byChance(r))));
  for (const control of [who, chance]) control.addEventListener("change", draw);
  addEventListener("beforeprint", () => pages.all(true));
  addEventListener("afterprint", () => pages.all(false));
  draw();
}

// What the journal lists only on demand, or if its kind is chosen.
const isRoutine = (r) => r.kind === "snapshot" || r.kind === "signal" || (r.kind === "decision" && r.about === "wait");

function startJournal() {
  const search = $("search"), kind = $("journal-kind"), who = $("journal-who"), everything = $("journal-all"), host = $("journal-list");
  kind.append(...[...new Set(model.records.map((r) => r.kind))].sort().map((k) => el("option", { value: k }, k)));
  who.append(...Object.keys(model.meta.governments).map((id) => el("option", { value: id }, government(id))));
  const pages = pager(host, [], (part) => table("Journal", ["Record", "When", "Day", "Kind", "Who", "What happened", "Causes"],
    part.map((r) => [link(r.seq), el("span", { class: "nw" }, moment(r.t)), el("span", { class: "nw" }, dDay(r.t)), r.kind, government(r.who), say(r), r.cause.map((c) => [link(c), " "]).flat()])), "records");
  let texts = null;
  const draw = () => {
    const wanted = search.value.trim().toLowerCase(), number = /^#?(\d+)$/.exec(wanted);
    if (wanted && !texts) texts = new Map(model.records.map((r) => [r, `${say(r)} ${r.headline} ${r.about} ${JSON.stringify(r.data)}`.toLowerCase()]));
    const listed = (r) => everything.checked || kind.value === r.kind || number || (r.t >= model.meta.startex && !isRoutine(r));
    pages.show(model.records.filter((r) => listed(r) && (!kind.value || r.kind === kind.value) && (!who.value || r.who === who.value)
      && (!wanted || (number ? r.seq === Number(number[1]) : texts.get(r).includes(wanted)))));
  };
  let waiting = 0;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(draw, 120); });
  for (const control of [kind, who, everything]) control.addEventListener("change", draw);
  draw();
}

// Highlights the section that is read in the list of sections.
function markSection() {
  const links = new Map([...document.querySelectorAll("nav a")].map((a) => [a.hash.slice(1), a]));
  const sections = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  const mark = () => {
    const read = sections.filter((section) => section.getBoundingClientRect().top < innerHeight * 0.3).pop() ?? sections[0];
    for (const [id, a] of links) if (id === read?.id) a.setAttribute("aria-current", "true"); else a.removeAttribute("aria-current");
  };
  let waiting = 0;
  addEventListener("scroll", () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(mark); }, { passive: true });
  mark();
}

function openAddress() {
  const found = /^#r(\d+)$/.exec(location.hash);
  if (!found) return;
  select(Number(found[1]));
  $("timeline").scrollIntoView();
}

async function start() {
  try {
    await unpack();
    startTimeline();
    for (const begin of [startSeats, drawRelations, drawEscalation, startIndicators, drawAttention, drawTalks, startSituation, startDecisions, startJournal, markSection]) begin();
    const first = model.bySeq.get(model.meta.moments[0]);
    if (/^#r\d+$/.test(location.hash)) openAddress();
    else if (first) { view.selected = first; drawLinks(); drawDetail(first); }
    addEventListener("hashchange", openAddress);
    document.documentElement.dataset.ready = "true";
  } catch (error) {
    $("trouble").hidden = false;
    throw error;
  }
}
start();
