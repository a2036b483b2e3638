"use strict";
/* The page of every screen. It follows one stream of events, replaces the parts of the page that have changed, sends
   forms as commands exactly once, and keeps the clocks of the room. Other scripts of a screen use `window.wargame`. */

(() => {
const API = "/api/1/";
const SILENCE = 40000;            // milliseconds without a byte after which a stream is taken for dead
const LONGEST_WAIT = 8000;        // milliseconds between attempts
const TOASTS = 6000;              // milliseconds for which a message at the edge of the page is shown
const PENDING = "wargame.pending";
const NEWS = "wargame.news";
const SEEN = "wargame.seen";
const SIGNED_OUT = "You are no longer signed in to this exercise.";

const body = document.body;
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);
const sleep = (time) => new Promise((done) => { setTimeout(done, time); addEventListener("online", done, {once: true}); });
const state = {epoch: Number(body.dataset.epoch), k: Number(body.dataset.k), over: false};

async function post(path, data) {
  return fetch(API + path, {
    method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(data),
    credentials: "same-origin", cache: "no-store",
  });
}

async function read(answer) {
  try { return await answer.json(); } catch { return {}; }
}

/* The commands that an answer names: a button gives one, or leads to the view that has the form for it. */
function offer(place, hints = []) {
  for (const {label, verb, args, view} of hints) {
    const press = document.createElement(view ? "a" : "button");
    press.className = "offer button";
    press.textContent = label;
    if (view) { press.href = `?view=${view}`; press.dataset.view = ""; }
    else {
      press.type = "button";
      press.addEventListener("click", async () => {
        press.disabled = true;
        const {ok, text, hints: more} = await command(verb, args);
        press.remove();
        toast(text || `${label}: done.`, ok ? "good" : "bad", {stays: !ok, hints: more});
        refresh();
      });
    }
    place.append(" ", press);
  }
}

const problem = (data, answer) => answer.status === 423 ? "NO PLAY: the exercise is stopped. Nothing was sent." :
  data.error?.message || `The server answered with an error (${answer.status}).`;

/* ---- what the page says ----------------------------------------------------------------------------------------- */

function announce(text) {
  const line = document.createElement("p");
  line.textContent = text;
  const log = one("#announce");
  log.append(line);
  while (log.childElementCount > 20) log.firstElementChild.remove();
}

function toast(text, kind = "", {go = "", stays = false, time = TOASTS, hints = []} = {}) {
  const place = one("#toasts"), box = document.createElement("div");
  box.className = `toast ${kind}`;
  box.setAttribute("role", kind === "bad" ? "alert" : "status");
  const words = document.createElement(go ? "a" : "p");
  words.textContent = text;
  if (go) { words.href = `#${go}`; words.dataset.go = go; }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "quiet";
  close.setAttribute("aria-label", "Close this message");
  close.textContent = "×";
  close.addEventListener("click", () => box.remove());
  box.append(words);
  offer(box, hints);
  box.append(close);
  place.append(box);
  const fold = () => {
    const more = document.createElement("button");
    more.type = "button";
    more.className = "quiet small";
    more.textContent = "more";
    more.addEventListener("click", () => { box.classList.remove("folded"); words.classList.add("whole"); more.remove(); close.focus(); });
    close.before(more);
  };
  if (words.scrollHeight > words.clientHeight + 2) fold();
  while (place.childElementCount > 3) place.firstElementChild.remove();
  if (!stays) setTimeout(() => box.remove(), time);
  else setTimeout(() => {  // a line of it is left, unless somebody reads it
    if (box.matches(":hover, :focus-within")) return;
    if (!one("button.small", box)) fold();
    words.classList.remove("whole");
    box.classList.add("folded");
  }, 2 * TOASTS);
}

new ResizeObserver(([{contentRect: {height}}]) => {
  document.documentElement.style.setProperty("--toasts", `${Math.ceil(height)}px`);
  document.documentElement.style.scrollPaddingBottom = height ? `${Math.ceil(height) + 80}px` : "";
}).observe(one("#toasts"));

let lost = 0;

function connection(text, kind = "", button = "", action = null) {
  const place = one("#connection");
  place.className = text ? `notice ${kind}` : "";
  place.textContent = text;
  if (!button) return;
  const press = document.createElement("button");
  press.type = "button";
  press.textContent = button;
  press.addEventListener("click", action);
  place.append(" ", press);
}

/* ---- parts: the old ones become the new ones in place, so that focus and what is being typed stay ---------------- */

const keyOf = (node) => node.nodeType === 1 ? node.id || node.dataset.id || "" : "";
const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && !keyOf(a) && !keyOf(b);

/* Attributes that a page sets itself: they stay when its parts are drawn again. */
const OF_PAGE = new Set(["tabindex", "data-busy"]);

function morph(from, to) {
  if (from.isEqualNode(to) || from.nodeType === 1 && "own" in from.dataset) return;
  if (from.nodeType !== 1) { from.nodeValue = to.nodeValue; return; }
  for (const {name} of [...from.attributes]) {
    if (!to.hasAttribute(name) && !OF_PAGE.has(name) && !(name === "open" && from.nodeName === "DETAILS")) from.removeAttribute(name);
  }
  for (const {name, value} of [...to.attributes]) {
    if (from.getAttribute(name) !== value && !(name === "open" && from.nodeName === "DETAILS")) from.setAttribute(name, value);
  }
  if (from.nodeName === "SELECT" && from === document.activeElement) return;
  morphChildren(from, to);
}

function morphChildren(from, to) {
  const wanted = [...to.childNodes], keys = new Set(wanted.map(keyOf).filter(Boolean)), present = new Map();
  for (const child of [...from.children]) {
    const key = keyOf(child);
    if (key && !keys.has(key)) child.remove();
    else if (key) present.set(key, child);
  }
  const active = document.activeElement, id = active?.id, field = id && `#${CSS.escape(id)}`;
  const mine = id && [...from.children].find((each) => each !== active && !keyOf(each) && each.contains(active));
  const its = mine && wanted.find((each) => each.nodeType === 1 && alike(mine, each) && each.querySelector(field));
  let place = from.firstChild;
  for (const node of wanted) {
    const key = keyOf(node), other = !its || place !== mine;
    const same = its && node === its ? mine : key ? present.get(key) : place && other && alike(place, node) ? place : null;
    if (!same) { from.insertBefore(node, place); continue; }
    /* What has the focus is not moved, since it would lose it: what is before it goes to the end, to be placed or removed. */
    while (same !== place && same.contains(active)) { const next = place.nextSibling; from.append(place); place = next; }
    if (same === place) place = place.nextSibling;
    else from.insertBefore(same, place);
    morph(same, node);
  }
  while (place) { const next = place.nextSibling; place.remove(); place = next; }
}

/* Puts the focus at an element that need not be a control. */
function focus(element) {
  if (!element.matches("a, button, summary, input, select, textarea")) element.tabIndex = -1;
  element.focus({preventScroll: true});
}

/* Where the focus goes on when what had it is gone: to the heading of the first of these places that is in view. */
function refocus(...places) {
  if (document.activeElement !== body || !places[0]) return;
  for (const place of places) {
    const next = place?.isConnected && all("h1, h2, h3, summary", place).find((each) => each.offsetParent);
    if (next) { focus(next); return; }
  }
}

function section(key) {
  const found = all("[data-part]").find((each) => each.dataset.part === key);
  if (found) return found;
  const name = key.split(".")[0], made = document.createElement("section");
  let group = all("[data-group]").find((each) => each.dataset.group === name);
  if (!group) {
    group = document.createElement("div");
    group.className = "group";
    group.dataset.group = name;
    one("#main").append(group);
  }
  made.dataset.part = key;
  group.append(made);
  return made;
}

function show({parts, order, hashes}) {
  const within = document.activeElement?.closest("[data-part]"), column = within?.closest("[data-group]");
  for (const [key, html] of Object.entries(parts)) {
    const place = section(key);
    const template = document.createElement("template");
    template.innerHTML = html;
    morphChildren(place, template.content);
    place.dataset.hash = hashes[key];
  }
  for (const each of all("[data-part]")) {
    if (!order.includes(each.dataset.part)) each.remove();
  }
  refocus(within, column);
  personal();
  tabs();
  tick();
  document.dispatchEvent(new CustomEvent("wargame:parts", {detail: Object.keys(parts)}));
}

/* A seat is rendered once for all its people: what is for some of them, and who is writing, is decided here. */
let writers = [], wrote = -Infinity;

function personal() {
  for (const each of all("[data-for]")) each.hidden = !each.dataset.for.split(" ").includes(body.dataset.person);
  for (const each of all("[data-not-for]")) each.hidden = each.dataset.notFor === body.dataset.person;
  for (const each of all("[data-writing]")) each.hidden = each.dataset.writing === body.dataset.person || !writers.includes(each.dataset.writing);
}
personal();
document.addEventListener("input", ({target}) => {
  if (body.dataset.screen !== "seat" || !target.matches("textarea, input:not([type])") || performance.now() - wrote < 3000) return;
  wrote = performance.now();
  post("writing", {}).then(read).catch(() => {});
});

/* Ends when the page shows what the server has now: a request that is under way may be too early, so another follows. */
let asking = null, next = null;

function refresh() {
  if (asking) return next ??= asking.catch(() => {}).then(() => { next = null; return refresh(); });
  return asking = fetchParts().finally(() => { asking = null; });
}

async function fetchParts() {
  const have = Object.fromEntries(all("[data-part]").map((each) => [each.dataset.part, each.dataset.hash]));
  let answer;
  try { answer = await post("parts", {have, query: location.search.slice(1)}); } catch { return; }
  if (answer.status === 401) {
    if (stream) await sleep(2000);  // the stream says why
    if (!state.over) ended(SIGNED_OUT, true);
    return;
  }
  if (!answer.ok) return;
  const data = await read(answer);
  if (!data.order) return;
  if (!data.order.some((key) => key in have)) { location.reload(); return; }
  state.epoch = data.epoch;
  state.k = Math.max(state.k, data.k);
  show(data);
}

/* ---- the stream ------------------------------------------------------------------------------------------------- */

let stream = null, wait = 500, missing = "";

async function listen() {
  if (stream || state.over || document.hidden || body.dataset.stream === "none" || one("form[data-join]")) return;
  const control = stream = new AbortController();
  let silence = setTimeout(() => control.abort(), SILENCE);
  try {
    const answer = await fetch(API + "events", {
      headers: {Accept: "text/event-stream", "Last-Event-ID": `${state.epoch}.${state.k}`},
      credentials: "same-origin", cache: "no-store", signal: control.signal,
    });
    if (answer.status === 401 || answer.status === 403) return ended(SIGNED_OUT, true);
    if (answer.status === 410) { missing = problem(await read(answer), answer); throw new Error(missing); }
    if (!answer.ok) throw new Error(answer.status);
    missing = "";
    if (lost) { connection(""); announce("Connected again."); }
    lost = 0;
    wait = 500;
    refresh();
    resend();
    const reader = answer.body.getReader(), decoder = new TextDecoder();
    for (let text = "";;) {
      const {value, done} = await reader.read();
      if (done) break;
      clearTimeout(silence);
      silence = setTimeout(() => control.abort(), SILENCE);
      text = (text + decoder.decode(value, {stream: true})).replace(/\r\n?/g, "\n");
      for (let end; (end = text.indexOf("\n\n")) >= 0; text = text.slice(end + 2)) event(text.slice(0, end));
    }
  } catch { /* the connection is lost; it is opened again below */ } finally {
    clearTimeout(silence);
    if (stream === control) stream = null;
  }
  if (state.over || document.hidden) return;
  lost += 1;
  if (missing) connection(missing, "bad");
  else if (lost > 1) connection("No connection. Trying again. Nothing you sent is lost.", "warn");
  await sleep(wait + Math.random() * wait / 2);
  wait = Math.min(wait * 2, LONGEST_WAIT);
  listen();
}

function event(text) {
  let name = "message", id = "", data = "";
  for (const line of text.split("\n")) {
    const [, field, value] = /^(\w*): ?(.*)$/s.exec(line) || [];
    if (field === "event") name = value;
    else if (field === "id") id = value;
    else if (field === "data") data += value;
  }
  if (id) [state.epoch, state.k] = id.split(".").map(Number);
  if (!data && name === "message") return;
  let detail = {};
  try { detail = data ? JSON.parse(data) : {}; } catch { return; }
  (EVENTS[name] || (() => {}))(detail);
  document.dispatchEvent(new CustomEvent(`wargame:${name}`, {detail}));
}

const EVENTS = {
  view: () => refresh(),
  presence: ({people = []}) => { writers = people.filter((each) => each.writing).map((each) => each.id); personal(); refresh(); },
  clock: (fields) => {
    setClock(fields.timer || "");
    for (const [name, value] of Object.entries(fields)) {
      for (const each of all(`[data-clock="${CSS.escape(name)}"]`)) if (each.textContent !== String(value)) each.textContent = value;
    }
  },
  entry: (entry) => { if (entry.text && entry.k > repeated && arrived.push(entry) === 1) setTimeout(tell, 250); },
  epoch: ({epoch, text, k}) => {
    if (epoch !== undefined) state.epoch = epoch;
    repeated = k || 0;
    arrived = [];
    opened = new Set();
    if (body.dataset.screen !== "lobby") toast(text || "The exercise went back in time. This page shows the new state.", "warn", {time: 10 * TOASTS});
    refresh();
  },
  elsewhere: () => {
    state.over = true;
    connection("This exercise is open in too many other windows, so this one has stopped.", "warn", "Use this window",
      () => { state.over = false; connection(""); listen(); });
    stream?.abort();
  },
  notice: ({lines = [], hints = [], about = ""}) => {
    if (!lines.length) return;
    const screen = body.dataset.screen, time = hints.length ? 3 * TOASTS : TOASTS;
    if (about) toast(lines[0], "", {time, hints});  // a part of the page has the rest: the summary, the list of people
    else if (screen === "control") toast(lines.join("\n"), "", {time: 2 * TOASTS, hints});  // the answers keep it
    else toast(lines.join("\n"), "", {stays: screen !== "screen", time: 20 * TOASTS, hints});
  },
  closed: ({text, reason}) => ended(text || reason || "The exercise has been closed.", reason === "removed"),
};
const NOTEWORTHY = /^(inject|message|offer|vote|demand|rfi|ruling|procedure)/;
let arrived = [];
let repeated = 0;  // the entries up to this number are those of a past that has changed, and not news

/* What has come, at once: each item if there are few, else how many there are. */
function tell() {
  const items = arrived.map(({label, body: text, kind}) => ({text: label ? `${label}: ${text}` : text, kind}));
  const count = `${items.length} new items in your inbox`, few = items.length <= 4;
  arrived = [];
  if (few) items.forEach(({text}) => announce(text));
  else announce(count);
  const inbox = one('[data-group="inbox"]'), letters = items.filter(({kind}) => NOTEWORTHY.test(kind || ""));
  if (!inbox || inbox.offsetParent || !letters.length) return;
  if (underWay.size || performance.now() - answered < 1000) return;  // what this page has sent
  if (body.dataset.tab !== "inbox") news(true);
  if (body.dataset.tab === "todo") return;
  if (few) letters.forEach(({text}) => toast(text, "brief", {go: "inbox"}));
  else toast(count, "brief", {go: "inbox"});
}

/* The dot at the inbox: something has come since it was last open. It stays when the page is loaded again. */
function news(some) {
  body.toggleAttribute("data-news", some);
  try {
    if (some) sessionStorage.setItem(NEWS, body.dataset.person); else sessionStorage.removeItem(NEWS);
  } catch { /* private mode: until the page is loaded again */ }
}

/* The messages of others that have come since the inbox was last in view: one line in the list of what to do. */
let seen = "";

function unseen() {
  const card = one("[data-written]");
  if (!card) return;
  const written = JSON.parse(card.dataset.written), place = ([id]) => Number(id.slice(1));
  const last = place(written[written.length - 1]), mine = `${body.dataset.person}:`;
  try { seen ||= sessionStorage.getItem(SEEN) || ""; } catch { /* private mode: until the page is loaded again */ }
  let until = seen.startsWith(mine) ? Math.min(Number(seen.slice(mine.length)), last) : 0;  // less after a rewind
  if (one('[data-group="inbox"]')?.offsetParent) until = last;
  seen = `${mine}${until}`;
  try { sessionStorage.setItem(SEEN, seen); } catch { /* private mode */ }
  const fresh = written.filter((each) => place(each) > until), link = one("a", card);
  card.hidden = !fresh.length;
  if (!fresh.length) return;
  news(true);
  const from = [...new Set(fresh.map(([, writer]) => writer))].join(", ");
  link.textContent = `${fresh.length} new message${fresh.length === 1 ? "" : "s"} from ${from}`;
  link.setAttribute("href", `#${fresh[0][0]}`);
}

/* The messages that the person has opened: they are in view, and the person has done something since. */
let opened = new Set();

function open() {
  const inbox = one('[data-group="inbox"]');
  if (!inbox?.offsetParent || document.hidden || location.search || state.over) return;
  const place = inbox.getBoundingClientRect(), top = Math.max(0, place.top), bottom = Math.min(innerHeight, place.bottom);
  const numbers = all("[data-number]", inbox).filter((each) => {
    const {top: start, bottom: end} = each.getBoundingClientRect();
    return !opened.has(each.dataset.number) && each.offsetParent && start < bottom - 40 && end > top + 40;
  }).map((each) => each.dataset.number);
  if (!numbers.length) return;
  numbers.forEach((each) => opened.add(each));
  post("opened", {numbers: numbers.map(Number)}).then(read).catch(() => numbers.forEach((each) => opened.delete(each)));
}
let opening = 0;
for (const name of ["pointermove", "pointerdown", "keyup", "wheel", "touchmove"]) {
  addEventListener(name, () => { opening ||= setTimeout(() => { opening = 0; open(); }, 300); }, {passive: true});
}

function ended(text, gone = false) {
  state.over = true;
  if (gone) { one("#main").replaceChildren(); drafts.clear(); }  // who is no longer one of us keeps nothing of the exercise
  stream?.abort();
  connection(text, "bad", "Try again", () => location.reload());
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) { stream?.abort(); stream = null; } else { wait = 500; listen(); }
});
addEventListener("pagehide", () => stream?.abort());
addEventListener("pageshow", (shown) => { if (shown.persisted) listen(); });

/* ---- commands: each has a key until it is answered, so that a second attempt does nothing twice ------------------- */

const newKey = () => [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");

function pending(change) {
  let kept = {};
  try { kept = JSON.parse(sessionStorage.getItem(PENDING) || "{}"); } catch { /* unreadable: as if empty */ }
  if (change) {
    change(kept);
    try { sessionStorage.setItem(PENDING, JSON.stringify(kept)); } catch { /* private mode: kept in memory alone */ }
  }
  return kept;
}

const underWay = new Set();
let answered = -Infinity;  // when the server last answered a command

async function command(verb, args, say = () => {}) {
  const data = {key: newKey(), epoch: state.epoch, verb, args};
  pending((kept) => { kept[data.key] = {person: body.dataset.person, data}; });
  return deliver(data, say);
}

async function deliver(data, say) {
  if (underWay.has(data.key)) return {ok: false, text: ""};
  underWay.add(data.key);
  try {
    for (let delay = 400;; delay = Math.min(delay * 2, LONGEST_WAIT)) {
      let answer;
      try { answer = await post("commands", data); } catch {
        say("No connection. This will be sent when the connection is back.", "warn");
        await sleep(delay);
        continue;
      }
      if (answer.status === 429 || answer.status === 502 || answer.status === 503) { await sleep(delay); continue; }
      const content = await read(answer);
      if (lost) dispatchEvent(new Event("online"));  // so that the stream does not wait any longer
      pending((kept) => { delete kept[data.key]; });
      const {lines = [], hints = content.error?.hints} = content;
      if (answer.ok) return {ok: true, text: lines.join("\n"), lines, hints, data: content};
      if (answer.status === 409) { refresh(); return {ok: false, text: problem(content, answer), past: true}; }
      return {ok: false, text: problem(content, answer), hints};
    }
  } finally { underWay.delete(data.key); answered = performance.now(); }
}

async function resend() {
  for (const [key, {person, data}] of Object.entries(pending())) {
    if (person !== body.dataset.person) { pending((kept) => { delete kept[key]; }); continue; }  // of who was here before
    if (underWay.has(key)) continue;
    const {ok, text} = await deliver(data, () => {});
    const words = ok ? "" : `\nNot sent: ${[data.args].flat().map((each) => each.line ?? each).join(" ")}`;
    if (text) toast(`${text}${words}`, ok ? "good" : "bad", {stays: !ok});
  }
}

/* The fields in their order, with the button that was pressed; older browsers leave the button out of FormData. */
const fieldsOf = (form, submitter) => [...form.elements].filter((each) => each.name && !each.matches(":disabled") &&
  (each.nodeName === "BUTTON" ? each === submitter : !/^(radio|checkbox)$/.test(each.type) || each.checked));

function argsOf(form, submitter) {
  const args = [], lists = new Map();
  for (const {name, value} of fieldsOf(form, submitter)) {
    const text = String(value).trim() || (form.dataset.verb === "finding" && name.startsWith("--") ? "-" : "");
    if (!text) continue;
    if (name.startsWith("--") && !lists.has(name)) { args.push(name, text); lists.set(name, args.length - 1); }
    else if (name.startsWith("--")) args[lists.get(name)] += `,${text}`;
    else if (name.startsWith("list") && lists.has(name)) args[lists.get(name)] += `,${text}`;
    else { if (name.startsWith("list")) lists.set(name, args.length); args.push(text); }
  }
  return args;
}

/* An order with a condition is a standing order. */
const verbOf = (form) => form.dataset.verb === "order" && form.elements["--when"]?.value.trim() ? "standing" : form.dataset.verb;

async function submit(form, submitter) {
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  const said = one("output", form), say = (text, kind = "", hints = []) => {
    if (said) { said.className = kind; said.textContent = text; offer(said, hints); }
  };
  say("");
  const within = form.contains(document.activeElement) && (form.closest("details.form") || form.closest("[data-part]"));
  const column = form.closest("[data-group]");
  drafts.forget(form);  // a page that is loaded again sends it, so that it is not in the field as well
  const slow = setTimeout(() => say("Sending …"), 400);
  const {ok, text, past, hints} = await command(verbOf(form), argsOf(form, submitter), say);
  clearTimeout(slow);
  delete form.dataset.busy;
  if (ok) {
    say("");
    form.reset();
    drafts.forget(form);
    form.closest("details.form")?.removeAttribute("open");
    const pressed = submitter?.getAttribute("aria-label") || submitter?.textContent.trim();
    if (form.dataset.answer === "lines") say(text, "", hints);
    else toast(text || (pressed ? `${pressed}: done.` : "Done."), "good", {hints});
    await refresh();
    refocus(within, column);
    return;
  }
  drafts.keep(form);
  if (form.isConnected && said && !past) {
    say(text, "bad", hints);
    said.scrollIntoView({block: "nearest"});
  } else toast(text, "bad", {stays: true, hints});
}

document.addEventListener("submit", (sent) => {
  const form = sent.target;
  if (form.dataset.verb !== undefined) { sent.preventDefault(); submit(form, sent.submitter); }
  else if (form.dataset.join !== undefined) { sent.preventDefault(); join(form); }
});

/* A required group of boxes: the first one carries the rule, so that the browser says what is missing. */
document.addEventListener("change", ({target}) => {
  const group = target.closest?.("[data-need]");
  if (!group || target.type !== "checkbox") return;
  const boxes = all("input[type=checkbox]", group);
  if (target.dataset.alone !== undefined && target.checked) for (const each of boxes) if (each !== target) each.checked = false;
  if (target.dataset.alone === undefined && target.checked) for (const each of boxes) if (each.dataset.alone !== undefined) each.checked = false;
  need(group);
});
document.addEventListener("click", ({target}) => {
  const group = target.closest?.("button:not([type=button])")?.form?.querySelector("[data-need]");
  if (group) need(group);
});
function need(group) {
  const boxes = all("input[type=checkbox]", group);
  boxes[0]?.setCustomValidity(boxes.some((each) => each.checked) ? "" : group.dataset.need);
}
document.addEventListener("reset", ({target}) => all("output", target).forEach((each) => { each.textContent = ""; }));

/* ---- join ------------------------------------------------------------------------------------------------------- */

async function join(form) {
  const said = one("output", form), {code, name} = form.elements;
  said.className = "";
  said.textContent = "One moment …";
  try {
    let answer;
    for (let left = 20; left; left -= 1) {
      answer = await post("join", {code: code.value.trim(), name: name.value.trim()});
      if (answer.status !== 429) break;
      said.textContent = "Many people are joining. Trying again …";
      await sleep(1000 * (Number(answer.headers.get("Retry-After")) + Math.random()));
    }
    const content = await read(answer);
    if (answer.ok) {
      drafts.forget(form);
      location.replace(content.room ? `${content.room}#${[code.value.trim(), name.value.trim()].map(encodeURIComponent).join("&")}` : "/");
      return;
    }
    said.textContent = problem(content, answer);
  } catch { said.textContent = "No connection to the exercise. Check that you are on its network, then try again."; }
  said.className = "bad";
  said.focus();
}

document.addEventListener("click", async ({target}) => {
  if (target.dataset?.leave === undefined || location.search.includes("view=screen")) return;
  if (!confirm("Sign out of this exercise? To come back, you need a code.")) return;
  const answer = await post("leave", {}).catch(() => null);
  if (!answer) { toast("No connection. You are still signed in.", "bad"); return; }
  state.over = true;
  drafts.clear();
  location.assign("/j");
});

function takeCode() {
  const form = one("form[data-join]"), [code, name] = location.hash.slice(1).split("&").map(decodeURIComponent);
  if (form && !code) form.elements.code.focus();
  if (!form || !code) return;
  history.replaceState(null, "", location.pathname);
  form.elements.code.value = code;
  if (name) { form.elements.name.value = name; join(form); return; }  // typed in the lobby of several rooms
  drafts.keep(form);
  form.elements.name.focus();
}

/* ---- tabs, links to other tabs, scrubber ------------------------------------------------------------------------ */

function tabs(chosen = "") {
  const links = all("a[data-tab]"), names = links.map((link) => link.dataset.tab);
  if (!names.length) return;
  if (chosen) body.dataset.tab = chosen;
  else if (!names.includes(body.dataset.tab)) {
    const [first] = location.hash.slice(1).split(".");
    body.dataset.tab = names.includes(first) ? first : names[0];
  }
  if (body.dataset.tab === "inbox") news(false);
  for (const link of links) {
    if (link.dataset.tab === body.dataset.tab) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  for (const group of all("[data-group]")) group.toggleAttribute("data-current", group.dataset.group === body.dataset.tab);
  unseen();
  for (const each of all("[data-person-id]")) each.toggleAttribute("data-me", each.dataset.personId === body.dataset.person);
  const count = one("a[data-tab] [data-due]")?.dataset.due, plain = document.title.replace(/^\(\d+\) /, "");
  document.title = Number(count) ? `(${count}) ${plain}` : plain;
}

document.addEventListener("click", (click) => {
  const link = click.target.closest?.("a[data-tab], a[data-go]");
  if (!link) return;
  click.preventDefault();
  tabs(link.dataset.tab || link.dataset.go);
  if (location.hash !== `#${body.dataset.tab}`) history.pushState(null, "", `#${body.dataset.tab}`);
  const group = one(`[data-group="${CSS.escape(body.dataset.tab)}"]`), name = link.getAttribute("href").slice(1);
  const target = link.dataset.go && (document.getElementById(name) || one(`[data-id="${CSS.escape(name)}"]`, group || body));
  if (target) {
    if (target.matches(".item") && !target.offsetParent) one("#f-all")?.click();
    for (let each = target; each; each = each.parentElement) if (each.nodeName === "DETAILS") each.open = true;
    target.scrollIntoView({block: "start"});
    focus((!target.matches(".item") && one("summary, h2, h3", target)) || target);
  } else if (link.dataset.tab) { scrollTo(0, 0); group?.scrollTo?.(0, 0); }
});

addEventListener("popstate", () => {
  delete body.dataset.tab;  // the address names it
  tabs();
  scrollTo(0, 0);
});

/* Links at the beginning of the page to a column of it; the one in the middle is the tab that is open. */
document.addEventListener("click", (click) => {
  const link = click.target.closest?.("a[data-skip]");
  if (!link) return;
  click.preventDefault();
  const name = link.dataset.skip, groups = all("[data-group]");
  let group = groups.find((each) => each.dataset.group === name);
  group ||= groups.findLast((each) => each.offsetParent && !["top", "todo", "inbox"].includes(each.dataset.group)) ||
    one("[data-group][data-current]");
  if (!group.offsetParent) tabs(name);
  focus(one("h2", group));
  group.scrollIntoView({block: "nearest"});
});

let scrub = 0;
document.addEventListener("input", ({target}) => {
  if (target.dataset?.past === undefined) return;
  const mine = ++scrub, place = one("[data-past-shown]");
  setTimeout(async () => {
    if (mine !== scrub) return;
    const answer = await fetch(`${API}view?at=${encodeURIComponent(target.value)}`, {cache: "no-store"}).catch(() => null);
    if (mine !== scrub || !answer) return;
    const data = await read(answer);
    if (!answer.ok) { place.textContent = problem(data, answer); return; }
    place.innerHTML = data.past || "";
    target.setAttribute("aria-valuetext", one("[data-when]", place)?.textContent || target.value);
  }, 120);
});
document.addEventListener("click", ({target}) => {
  const step = target.closest?.("button[data-step]"), range = step && one("input[data-past]");
  if (!range) return;
  range.value = Number(range.value) + Number(step.dataset.step);
  range.dispatchEvent(new Event("input", {bubbles: true}));
});

/* ---- clocks of the room ----------------------------------------------------------------------------------------- */

const two = (number) => String(number).padStart(2, "0");
const length = (left) => {
  const total = Math.max(0, Math.ceil(left)), hours = Math.floor(total / 3600), minutes = Math.floor(total / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
};
let ahead = 0;  // milliseconds by which the clock of the server is ahead of this one, as far as the timer shows it

function setClock(timer) {
  const ends = one("[data-timer]")?.dataset.ends, left = timer.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);
  if (!ends || !left) return;
  const difference = 1000 * (Number(ends) - left) - Date.now();
  ahead = Math.abs(difference) < 2500 ? 0 : difference;
}

function tick() {
  const now = new Date(), time = `${two(now.getHours())}:${two(now.getMinutes())}`;
  for (const each of all("[data-wall]")) if (each.textContent !== time) each.textContent = time;
  for (const each of all("[data-ends]")) {
    const left = Number(each.dataset.ends) - (Date.now() + ahead) / 1000, text = left > 0 ? length(left) : "time is up";
    if (each.textContent !== text) each.textContent = text;
    each.toggleAttribute("data-soon", left < 60);
  }
}

window.wargame = {command, refresh, toast, announce, all, one, post, read, problem, state, tabs, argsOf};
history.scrollRestoration = "manual";
setInterval(tick, 1000);
addEventListener("hashchange", takeCode);
takeCode();
try { if (body.dataset.person && sessionStorage.getItem(NEWS) === body.dataset.person) news(true); } catch { /* private mode */ }
tabs();
tick();
if (location.hash && one("a[data-tab]")) history.replaceState(null, "", `#${body.dataset.tab}`);
document.documentElement.dataset.ready = "true";
listen();
})();
