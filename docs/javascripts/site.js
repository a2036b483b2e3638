// Blocks that are wider than the screen can be scrolled with the keyboard.
(() => {
  "use strict";
  const mark = () => {
    for (const block of document.querySelectorAll("pre > code, .diagram, .md-typeset__scrollwrap, .md-typeset__table")) {
      if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
      else block.removeAttribute("tabindex");
    }
  };
  addEventListener("load", mark);
  addEventListener("resize", mark);
})();
