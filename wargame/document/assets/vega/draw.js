// Draws a Vega-Lite chart as SVG, without a browser. The libraries beside this file are loaded after it.
globalThis.self = globalThis;
globalThis.console = { log() {}, info() {}, warn() {}, error() {} };
globalThis.structuredClone ??= (value) => JSON.parse(JSON.stringify(value));

// Dates are in UTC, so that a chart is the same in every time zone.
const LocalDate = Date;
const zoned = (text) => (typeof text === "string" && /T[\d:.]+$/.test(text) ? `${text}Z` : text);
globalThis.Date = class Date extends LocalDate {
  constructor(...parts) { super(...(parts.length > 1 ? [LocalDate.UTC(...parts)] : parts.map(zoned))); }
  static parse(text) { return LocalDate.parse(zoned(text)); }
  getTimezoneOffset() { return 0; }
};
for (const part of ["FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds", "Milliseconds"]) {
  for (const verb of ["get", "set"]) Date.prototype[verb + part] = LocalDate.prototype[`${verb}UTC${part}`];
}

// Widths of the characters from the space to the tilde in Liberation Sans, which are those of Arial, in em / 1000.
const REGULAR = [278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556,
  833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
  556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260,
  334, 584];
const BOLD = [278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833,
  722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556,
  333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389,
  584];

function measured(item, text) {
  const widths = item.fontWeight === "bold" || item.fontWeight >= 600 ? BOLD : REGULAR;
  let width = 0;
  for (const character of String(text ?? "")) {
    const code = character.codePointAt(0);
    width += widths[code - 32] ?? (code > 0x2e7f ? 1000 : 600); // signs of East Asia are as wide as high
  }
  return width / 1000 * (item.fontSize ?? 11);
}

let result = null;

// The SVG is ready, as the first element of `result`, when all promises are kept; the second element is an error.
function draw(text) {
  result = null;
  vega.textMetrics.width = measured;
  const view = new vega.View(vega.parse(vegaLite.compile(JSON.parse(text)).spec), { renderer: "none" });
  view.toSVG().then((svg) => { result = [svg, ""]; }, (error) => { result = ["", String(error)]; });
}
