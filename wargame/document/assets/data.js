"use strict";
// The journal is unpacked once and then used by every figure. Text is inserted as text only, never as markup.

const model = { meta: null, records: [], bySeq: new Map(), effects: new Map(), received: {} };
const $ = (id) => document.getElementById(id);
const DAY = 86400;

function shown(text) {
  return String(text ?? "").replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, " ");
}

const plain = (x) => String(x).replace("-", "−");

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(shown(typeof child === "number" ? plain(child) : child)));
  }
  return node;
}

const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

async function unpack() {
  const packed = $("journal-data").textContent.trim();
  const text = atob(packed);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const whole = JSON.parse(await new Response(stream).text());
  model.meta = whole.meta;
  for (const [seat, seqs] of Object.entries(model.meta.received)) model.received[seat] = new Set(seqs);
  model.records = whole.records.map(([seq, t, kind, who, about, cause, data, headline]) =>
    ({ seq, t, kind, who, about, cause, data, headline, mark: "", lane: who in model.meta.governments ? who : "EXCON" }));
  for (const record of model.records) {
    model.bySeq.set(record.seq, record);
    for (const cause of record.cause) {
      if (!model.effects.has(cause)) model.effects.set(cause, []);
      model.effects.get(cause).push(record.seq);
    }
  }
  for (const [seq, mark, lane] of model.meta.drawn) Object.assign(model.bySeq.get(seq), { mark, lane });
}

// Times: seconds of the run's clock as local time of the scenario, by the offsets in the journal.
function offsetAt(t) {
  let current = 0;
  for (const [since, minutes] of model.meta.offsets) if (since <= t) current = minutes;
  return current;
}
const local = (t) => new Date(model.meta.start + (t + offsetAt(t) * 60) * 1000);
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (n) => String(n).padStart(2, "0");
function date(t) {
  const d = local(t);
  return `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}`;
}
const moment = (t) => `${date(t)}, ${two(local(t).getUTCHours())}:${two(local(t).getUTCMinutes())}`;
const month = (t) => `${MONTHS[local(t).getUTCMonth()]} ${local(t).getUTCFullYear()}`;
const dayOf = (t) => Math.floor((t - model.meta.startex) / DAY);
const dDay = (t) => (dayOf(t) < 0 ? `D−${-dayOf(t)}` : `D+${dayOf(t)}`);

const government = (id) => model.meta.governments[id] ?? id;
const called = (id) => model.meta.called[id] ?? id;
const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const words = (id) => String(id ?? "").replace(/[_-]/g, " ");
const option = (id) => model.meta.options[id] ?? words(id);
const percent = (p) => (typeof p !== "number" ? "" : p > 0 && p < 0.005 ? "under 1 %" : `${Math.round(p * 100)} %`);
const level = (x) => (typeof x !== "number" ? (x ?? "") : plain(x.toFixed(Math.abs(x) < 10 ? 2 : 1)));
const signed = (x, digits = 2) => (typeof x !== "number" ? "" : (x < 0 ? "−" : "+") + Math.abs(x).toFixed(digits));

// Colours: Okabe and Ito's palette for categories, from the style sheet (lighter in dark mode); purple to orange for relations and Goldstein weights.
const HUES = Array.from({ length: 8 }, (_, i) => `var(--c${i})`);
const DASHES = ["", "6 3", "2 3", "8 3 2 3", "1 2", "10 4", "4 2 1 2 1 2", "12 2"];
const place = (id) => Math.max(0, Object.keys(model.meta.governments).indexOf(id)) % HUES.length;
const channels = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
function diverging(value, most) {
  const scale = model.meta.scale, at = (Math.min(1, Math.max(-1, value / most)) + 1) / 2 * (scale.length - 1);
  const low = Math.min(scale.length - 2, Math.floor(at)), above = channels(scale[low + 1]);
  const mix = channels(scale[low]).map((c, i) => Math.round(c + (above[i] - c) * (at - low)));
  return `rgb(${mix.join(",")})`;
}

// A record in words, as Python wrote it.
const say = (r) => r.headline;

function link(seq, text) {
  return el("a", { href: `#r${seq}`, class: "record", "aria-label": `${text ?? ""} record ${seq}`.trim() }, text ?? `#${seq}`);
}

// The class of a column: numbers are aligned to the right, long texts get a minimum width on phones.
const NUMBER = /^[+−]?[\d,.]+( ?[a-z%]{1,3})?$|^under \d+%$/;
const textOf = (cell) => (cell instanceof Node ? cell.textContent : Array.isArray(cell) ? cell.map(textOf).join("") : String(cell ?? ""));
function columnClass(cells) {
  const texts = cells.map(textOf).filter(Boolean);
  if (texts.length && texts.every((text) => NUMBER.test(text))) return "n";
  return texts.some((text) => text.length > 24) ? "text" : null;
}

function table(caption, heads, rows, classes) {
  if (!rows.length) return el("p", { class: "meta" }, `${caption}: none.`);
  const kinds = heads.map((_, i) => columnClass(rows.map((row) => row[i])));
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    el("table", { class: classes ?? (heads.length > 4 ? "stack" : null) },
      el("caption", {}, caption),
      el("thead", {}, el("tr", {}, heads.map((h, i) => el("th", { scope: "col", class: kinds[i] === "n" ? "n" : null }, h)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, i) => el("td", { class: kinds[i], "data-label": heads[i] }, cell)))))));
}

function figure(width, height, title, description, ...content) {
  const id = `f${figure.count = (figure.count ?? 0) + 1}`;
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-labelledby": `${id}t ${id}d` },
    svg("title", { id: `${id}t` }, title), svg("desc", { id: `${id}d` }, description), ...content);
}

// Ticks of a time axis: whole months or days, as many as fit.
function ticks(from, to, width) {
  const days = (to - from) / DAY, most = Math.max(2, width / 80), found = [];
  const perMonth = [1, 2, 3, 6, 12, 24].find((n) => days / 30.4 / n <= most) ?? 48;
  const perDay = [1, 2, 7, 14].find((n) => days / n <= most);
  for (let t = from - from % DAY; t <= to + DAY; t += DAY) {
    const d = local(t), at = t - d.getUTCHours() * 3600 - d.getUTCMinutes() * 60;
    if (at < from || at > to) continue;
    const whole = perDay ? Math.round((at - model.meta.startex) / DAY) % perDay === 0
      : local(at).getUTCDate() === 1 && (local(at).getUTCMonth()) % perMonth === 0;
    if (whole) found.push([at, perDay ? `${local(at).getUTCDate()} ${MONTHS[local(at).getUTCMonth()]}`
      : local(at).getUTCMonth() === 0 || found.length === 0 ? month(at) : MONTHS[local(at).getUTCMonth()]]);
  }
  return found;
}
