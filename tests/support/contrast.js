// Returns [ratio, html] of one text of each look whose contrast is below that of WCAG 2, AA: 4.5, or 3 for large text.
for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish(); // of the colors of a scheme

const pixel = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
const known = new Map();

function rgba(color) { // of any notation: [0 to 255, 0 to 255, 0 to 255, 0 to 1]
  if (!known.has(color)) {
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = color;
    pixel.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pixel.getImageData(0, 0, 1, 1).data;
    known.set(color, [r, g, b, a / 255]);
  }
  return known.get(color);
}

const over = ([r, g, b, a], below) => [r, g, b].map((value, i) => value * a + below[i] * (1 - a));

function luminance(color) {
  const [r, g, b] = color.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const grounds = new Map(); // of an element: the color behind its text, or null if it is a picture; and its opacity

function ground(element) {
  if (!element) return {behind: rgba("canvas").slice(0, 3), opacity: 1};
  if (!grounds.has(element)) {
    const style = getComputedStyle(element), outer = ground(element.parentElement);
    const opacity = outer.opacity * style.opacity;
    const [r, g, b, a] = rgba(style.backgroundColor);
    const picture = style.backgroundImage !== "none" || (outer.behind === null && a < 1);
    grounds.set(element, {behind: picture ? null : over([r, g, b, a * opacity], outer.behind ?? [0, 0, 0]), opacity});
  }
  return grounds.get(element);
}

const UNUSED = ":disabled, [aria-disabled=true], label:has(:disabled), [aria-disabled=true] *, svg *, option";
const looks = new Map();
for (const element of document.querySelectorAll("body *")) {
  const field = element.matches("input:not([type=checkbox], [type=radio], [type=file], [type=range]), select, textarea");
  if (!field && ![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
  if (element.matches(UNUSED) || !element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
  const box = element.getBoundingClientRect();
  if (box.width <= 1 || box.height <= 1 || box.right < 0 || box.bottom + scrollY < 0) continue;
  const style = getComputedStyle(element), {behind, opacity} = ground(element);
  if (behind === null || style.clipPath !== "none") continue;
  const [r, g, b, a] = rgba(style.color);
  if (a * opacity === 0) continue;
  const size = parseFloat(style.fontSize), least = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
  const look = [r, g, b, a * opacity, behind, least].join();
  if (!looks.has(look)) looks.set(look, [ratio(over([r, g, b, a * opacity], behind), behind), least, element]);
}
return [...looks.values()].filter(([value, least]) => value < least).map(([value, , e]) => [value, e.outerHTML]);
