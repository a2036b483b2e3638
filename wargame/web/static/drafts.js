"use strict";
/* Drafts: what a person has typed and not sent is in its field again after the page was loaded again. They are kept for
   one person in this tab alone, until they are sent or the person leaves; a page of anybody else removes them. */

(() => {
const DRAFTS = "wargame.drafts";
const FIELDS = "textarea, select, input:not([type=hidden], [type=button], [type=submit], [type=range])";
const owner = `${document.body.dataset.screen} ${document.body.dataset.person}`;
const isBox = (field) => /^(radio|checkbox)$/.test(field.type);
const valueOf = (field) => isBox(field) ? field.checked : field.value;
let fields = read();

function read() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(DRAFTS) || "{}");
    if (kept.owner === owner) return kept.fields;
  } catch { /* unreadable: as if empty */ }
  return {};
}

function write() {
  try {
    if (Object.keys(fields).length) sessionStorage.setItem(DRAFTS, JSON.stringify({owner, fields}));
    else sessionStorage.removeItem(DRAFTS);
  } catch { /* private mode: until the page is loaded again */ }
}

/* What the server has written into a field. A draft is only put into a field that still has what it had then. */
function initial(field) {
  if (isBox(field)) return field.defaultChecked;
  if (field.nodeName !== "SELECT") return field.defaultValue;
  return ([...field.options].find((each) => each.defaultSelected) || field.options[0])?.value;
}

/* A field by its command, the hidden words of its form, and its name. */
function keyOf(field) {
  const hidden = [...field.form.elements].filter((each) => each.type === "hidden").map((each) => each.value);
  const form = field.form.dataset.verb ?? "join", box = isBox(field) ? field.value : "";
  return JSON.stringify([form, ...hidden, field.id || field.name, box]);
}

const fieldsOf = (form) => [...form.elements].filter((each) => each.name && each.matches(FIELDS));

function note(field) {
  const key = keyOf(field), of = initial(field), value = valueOf(field);
  if (value === of) delete fields[key]; else fields[key] = {of, value};
}

function keep(form) { fieldsOf(form).forEach(note); write(); }

function forget(form) {
  for (const each of fieldsOf(form)) delete fields[keyOf(each)];
  write();
}

function clear() { fields = {}; write(); }

/* A form that gets its draft back is unfolded; a menu is not, nor one of several that are open in turn, unless the page is new. */
function restore(all) {
  if (!Object.keys(fields).length) return;
  for (const field of [...document.querySelectorAll("form[data-verb], form[data-join]")].flatMap(fieldsOf)) {
    const draft = fields[keyOf(field)];
    if (!draft || draft.of !== initial(field) || draft.of !== valueOf(field)) continue;
    if (isBox(field)) field.checked = draft.value; else field.value = draft.value;
    for (let each = field; each; each = each.parentElement) if (each.matches(all ? "details" : "details:not(.menu, [name])")) each.open = true;
  }
}

/* Some boxes uncheck others of their form, so that its boxes are read together, once all have changed. */
for (const happens of ["input", "change"]) {
  addEventListener(happens, ({target}) => {
    if (!target.name || !target.matches(FIELDS) || !target.form?.matches("[data-verb], [data-join]")) return;
    if (isBox(target)) fieldsOf(target.form).filter(isBox).forEach(note); else note(target);
    write();
  });
}
document.addEventListener("wargame:parts", () => restore(false));
window.drafts = {keep, forget, clear};
restore(document.body.dataset.screen === "seat");
write();  // not what somebody else has left here
})();
