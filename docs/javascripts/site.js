// Wide blocks can be scrolled with the keyboard; tables of keys and options have a look of their own, and long names in
// cells break after a slash, an underscore or a dot.
(() => {
  "use strict";
  const LOOKUP = new Set(["key", "option", "argument"]);
  const mark = () => {
    for (const block of document.querySelectorAll("pre > code, .diagram, .md-typeset__scrollwrap, .md-typeset__table")) {
      if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
      else block.removeAttribute("tabindex");
    }
  };
  const prepare = () => {
    for (const table of document.querySelectorAll(".md-typeset table:not([class])")) {
      const head = table.querySelector("th");
      if (head && LOOKUP.has(head.textContent.trim().toLowerCase())) {
        table.dataset.lookup = "";
        // The rows are blocks on a phone: these roles keep them a table for screen readers.
        table.setAttribute("role", "table");
        for (const row of table.rows) {
          row.setAttribute("role", "row");
          for (const cell of row.cells) cell.setAttribute("role", cell.tagName === "TH" ? "columnheader" : "cell");
        }
        for (const part of [table.tHead, ...table.tBodies]) part?.setAttribute("role", "rowgroup");
      }
      for (const code of table.querySelectorAll("td code")) {
        if (code.childElementCount || code.textContent.length < 16) continue;
        const parts = code.textContent.split(/(?<=[/_.|])(?=[^/_.|])/);
        code.replaceChildren(...parts.flatMap((part, i) => (i ? [document.createElement("wbr"), part] : [part])));
      }
    }
    mark();
  };
  addEventListener("load", prepare);
  addEventListener("resize", mark);
})();

// The theme gives the path above a page the name of the main navigation, and each list in that navigation is one, too.
document.querySelector(".md-path")?.setAttribute("aria-label", "Path");
document.querySelectorAll(".md-nav .md-nav").forEach((list, number) => {
  const title = list.getAttribute("aria-label") ?? list.parentElement.querySelector("a, label")?.textContent.trim();
  list.removeAttribute("aria-labelledby");
  list.setAttribute("aria-label", `${title}, section ${number + 1}`);
});

// The corner of a table of data is no heading, and the buttons of each block of code need a name of their own.
for (const head of document.querySelectorAll("th:empty")) head.replaceWith(document.createElement("td"));
let blocks = 0;
new MutationObserver(() => {
  for (const nav of document.querySelectorAll(".md-code__nav:not([aria-label])")) {
    nav.setAttribute("aria-label", `Code ${++blocks}`);
  }
}).observe(document.body, {childList: true, subtree: true});
