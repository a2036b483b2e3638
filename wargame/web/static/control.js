"use strict";
/* The control room and the screen of evaluators: links that choose what the page looks at, the command line with its
   answers, and dragging in the Gantt chart. `page.js` does everything else. */

(() => {
const {command, refresh, toast, announce, all, one, read, problem, post, argsOf, state} = window.wargame;

/* ---- what the page looks at is the query of its address --------------------------------------------------------- */

async function showView(query, focus = "") {
  const known = location.search === query, from = document.activeElement;
  if (!known) history.pushState(null, "", query);
  for (const menu of all("details.menu[open]")) menu.open = false;
  log(false);
  await refresh();
  const target = focus && document.getElementById(focus);
  if (target) { target.focus({preventScroll: true}); target.scrollIntoView({block: "nearest"}); return; }
  const now = document.activeElement;
  if (known || now !== from && now.matches("input, textarea, select")) return;  // somebody types there already
  const heading = one('[data-group="view"] h2');
  scrollTo(0, 0);
  if (heading) { heading.tabIndex = -1; heading.focus({preventScroll: true}); }
}

document.addEventListener("click", (click) => {
  const link = click.target.closest?.("a[data-view]");
  if (!link || click.ctrlKey || click.metaKey || click.shiftKey) return;
  click.preventDefault();
  showView(new URL(link.href.baseVal ?? link.href, location.href).search, link.dataset.focus || "");
});
document.addEventListener("submit", (sent) => {
  const form = sent.target;
  if (form.dataset.viewForm === undefined) return;
  sent.preventDefault();
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => String(value).trim()));
  showView(`?${query}`);
});
addEventListener("popstate", () => refresh());
const reveal = () => one(".views a[aria-current]")?.scrollIntoView({inline: "center", block: "nearest"});
document.addEventListener("wargame:parts", ({detail}) => { if (detail.includes("nav.views")) reveal(); });
reveal();

/* ---- menus close on Escape and on a click beside them ------------------------------------------------------------ */

document.addEventListener("click", ({target}) => {
  for (const menu of all("details.menu[open]")) if (!menu.contains(target)) menu.open = false;
  if (!target.closest?.(".console, #toasts")) log(false);
});
document.addEventListener("keydown", (key) => {
  if (key.key !== "Escape") return;
  for (const menu of all("details.menu[open]")) { menu.open = false; one("summary", menu).focus(); }
});

/* ---- the command line -------------------------------------------------------------------------------------------- */

const HISTORY = "wargame.lines";
let typed = [], place = 0;
try { typed = JSON.parse(sessionStorage.getItem(HISTORY) || "[]"); } catch { /* unreadable: as if empty */ }
place = typed.length;

function log(open) {
  const box = one("#console-log"), toggle = one("[data-console-toggle]");
  if (!box) return;
  box.hidden = !open;
  toggle.setAttribute("aria-expanded", String(open));
}

function answer(line, text, kind = "") {
  const box = one("#console-log"), entry = document.createElement("div");
  entry.className = `entry ${kind}`;
  if (line) {
    const asked = document.createElement("p");
    asked.className = "asked";
    asked.textContent = line;
    entry.append(asked);
  }
  const said = document.createElement("pre");
  said.textContent = text;
  entry.append(said);
  box.append(entry);
  while (box.childElementCount > 100) box.firstElementChild.remove();
  box.scrollTop = box.scrollHeight;
}

document.addEventListener("submit", async (sent) => {
  const form = sent.target;
  if (form.dataset.console === undefined) return;
  sent.preventDefault();
  const field = form.elements.line, line = field.value.trim();
  if (!line || form.dataset.busy) return;
  form.dataset.busy = "yes";
  typed = [...typed.filter((each) => each !== line), line].slice(-100);
  place = typed.length;
  try { sessionStorage.setItem(HISTORY, JSON.stringify(typed)); } catch { /* private mode */ }
  field.value = "";
  log(true);
  const [, verb, rest] = /^(\S+)\s*([^]*)$/.exec(line);
  const {ok, text} = await command(verb, {line: rest}, (words) => announce(words));
  delete form.dataset.busy;
  answer(line, text || (ok ? "Done." : "Not done."), ok ? "" : "bad");
  field.focus();
  refresh();
});
document.addEventListener("click", ({target}) => {
  if (target.closest?.("[data-console-toggle]")) log(one("#console-log").hidden);
});
document.addEventListener("keydown", (key) => {
  const field = one("#console-line");
  if (!field) return;
  if (key.target === field) {
    if (key.key === "ArrowUp" || key.key === "ArrowDown") {
      const next = place + (key.key === "ArrowUp" ? -1 : 1);
      if (next < 0 || next > typed.length) return;
      key.preventDefault();
      place = next;
      field.value = typed[place] ?? "";
    } else if (key.key === "Escape") log(false);
  } else if (key.key === "/" && !key.target.closest?.("input, textarea, select")) {
    key.preventDefault();
    field.focus();
  }
});
document.addEventListener("wargame:reply", ({detail}) => {
  if (one("#console-log")) answer("", (detail.lines || []).join("\n"));
});
document.addEventListener("wargame:notice", ({detail}) => {
  const text = (detail.lines || []).join("\n");
  if (text && one("#console-log")) answer("", text, "soft");
});

/* ---- a sheet is chosen or dropped: the server reads it, and the page shows what it understood ---------------------- */

const sendFile = (path, file) => fetch(`/api/1/${path}?name=${encodeURIComponent(file.name)}`, {
  method: "POST", headers: {"Content-Type": "application/octet-stream"}, body: file, credentials: "same-origin", cache: "no-store",
});

async function upload(form, file) {
  const said = one("output", form), say = (text, kind = "") => { said.className = kind; said.textContent = text; };
  if (file.size > Number(form.dataset.upload)) return say(`This file is larger than ${form.dataset.upload / 1e6} MB.`, "bad");
  say("Reading …");
  let answer;
  try {
    answer = await sendFile("sheet", file);
  } catch { return say("No connection. Nothing was sent; choose the file again.", "bad"); }
  const content = await read(answer);
  form.reset();
  if (!answer.ok) return say(problem(content, answer), "bad");
  await refresh();
  say("");
  const heading = one('[data-part="view.import-read"] h2') || one('[data-part="view.import-injects"] h2');
  if (heading) { heading.tabIndex = -1; heading.focus(); }
}
document.addEventListener("change", ({target}) => {
  if (target.type === "file" && target.dataset.attach) attach(target);
  else if (target.type === "file" && target.files[0]) upload(target.form, target.files[0]);
});

/* ---- the composer of injects: a file is sent when it is chosen, and the server renders the preview ------------------ */

async function attach(input) {
  const box = input.closest(".field"), said = one("output", box), kept = one("input[type=hidden]", box), file = input.files[0];
  const say = (text, kind = "hint") => { said.className = kind; said.textContent = text; };
  kept.value = "";
  if (!file) return say("");
  if (file.size > Number(input.dataset.attach)) { input.value = ""; return say(`This file is larger than ${input.dataset.attach / 1e6} MB.`, "bad"); }
  say("Sending …");
  let answer;
  try { answer = await sendFile("file", file); } catch { input.value = ""; return say("No connection. Choose the file again.", "bad"); }
  const content = await read(answer);
  if (!answer.ok) { input.value = ""; return say(problem(content, answer), "bad"); }
  kept.value = content.text;
  say(`${file.name} is ready.`);
}
document.addEventListener("click", async ({target}) => {
  const form = target.closest?.("[data-preview]")?.form, box = form && one(".preview", form);
  if (!box || !form.reportValidity()) return;
  const answer = await post("preview", {key: "preview", epoch: state.epoch, verb: "inject", args: argsOf(form)}), content = await read(answer);
  box.hidden = false;
  if (answer.ok) box.innerHTML = content.text;  // rendered and escaped by the server, as in an inbox
  else box.textContent = problem(content, answer);
});
document.addEventListener("reset", ({target}) => { for (const box of all(".preview", target)) box.hidden = true; for (const each of all("[data-attach]", target)) { one("input[type=hidden]", each.parentNode).value = ""; one("output", each.parentNode).textContent = ""; } });
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const form = event.target.closest?.("[data-upload]");
    form?.toggleAttribute("data-over", name === "dragover");
    if (!form) return;
    event.preventDefault();
    if (name === "drop" && event.dataTransfer.files[0]) upload(form, event.dataTransfer.files[0]);
  });
}
document.addEventListener("click", (click) => {
  const link = click.target.closest?.("a[data-to]"), place = link && document.getElementById(link.hash.slice(1));
  if (!place) return;
  click.preventDefault();
  place.scrollIntoView({block: "center"});
  place.focus({preventScroll: true});
});

/* ---- to act for a seat that people play takes a second click ------------------------------------------------------- */

function seconds() {
  for (const box of all("[data-second]")) {
    const asks = box.dataset.seats.split(" ").includes(document.getElementById(box.dataset.second).value), input = one("input", box);
    if (box.hidden && asks || !asks) input.checked = false;
    box.hidden = !asks;
    input.required = asks;
  }
}
document.addEventListener("change", ({target}) => { if (target.nodeName === "SELECT") seconds(); });
document.addEventListener("reset", () => setTimeout(seconds));
document.addEventListener("wargame:parts", seconds);
seconds();

/* ---- questions to the look-ahead can be withdrawn ----------------------------------------------------------------- */

document.addEventListener("click", async ({target}) => {
  const stop = target.closest?.("button[data-stop]");
  if (!stop) return;
  stop.disabled = true;
  await fetch(`/api/1/ask/${stop.dataset.stop}`, {method: "DELETE", headers: {"Content-Type": "application/json"}, credentials: "same-origin"})
    .catch(() => null);
  refresh();
});

/* ---- Gantt: a mark with a date is dragged to another one ---------------------------------------------------------- */

let drag = null;
const PER_HOUR = 24;

function dragged(event) {
  const box = drag.strip.getBoundingClientRect(), days = Number(drag.strip.closest("table").dataset.days);
  const moved = (event.clientX - drag.start) / box.width;
  const step = days > 60 ? PER_HOUR : days > 20 ? 6 : 1;
  const hours = Math.round(moved * days * 24 / step) * step;
  return {hours, x: drag.from + 100 * hours / 24 / days};
}

const spoken = (hours) => {
  const size = Math.abs(hours), days = Math.floor(size / 24), rest = size % 24;
  return `${hours < 0 ? "−" : "+"}${days ? `${days}d` : ""}${rest || !days ? `${days ? " " : ""}${rest}h` : ""}`;
};

document.addEventListener("pointerdown", (event) => {
  const mark = event.target.closest?.("[data-drag]");
  if (!mark || event.button) return;
  const strip = mark.closest("svg");
  drag = {mark, strip, start: event.clientX, from: Number(mark.dataset.drag), label: document.createElementNS("http://www.w3.org/2000/svg", "text")};
  drag.label.setAttribute("y", "11");
  drag.label.setAttribute("class", "moving");
  strip.append(drag.label);
  strip.closest("[data-part]").dataset.own = "";
  mark.setPointerCapture(event.pointerId);
  event.preventDefault();
});
document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const {hours, x} = dragged(event);
  drag.mark.setAttribute("cx", `${x}%`);
  drag.label.setAttribute("x", `${x}%`);
  drag.label.setAttribute("dx", x > 80 ? "-64" : "10");
  drag.label.textContent = hours ? spoken(hours) : "";
});

async function drop(event, given) {
  if (!drag) return;
  const {hours} = dragged(event), {mark, strip, from, label} = drag;
  drag = null;
  label.remove();
  const back = () => mark.setAttribute("cx", `${from}%`);
  delete strip.closest("[data-part]").dataset.own;
  if (!given || !hours) { back(); return; }
  const {ok, text} = await command("delay", [strip.dataset.inject, `${hours}h`]);
  if (!ok) back();
  toast(text, ok ? "good" : "bad");
  refresh();
}
document.addEventListener("pointerup", (event) => drop(event, true));
document.addEventListener("pointercancel", (event) => drop(event, false));
document.addEventListener("keydown", (key) => { if (key.key === "Escape" && drag) drop({clientX: drag.start}, false); });
})();
