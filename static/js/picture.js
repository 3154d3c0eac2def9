/* The arrow keys lead from picture to picture, as the links beside it do; what is made of it has keys, too. */

import "./marks.js";

const LEADS = { ArrowLeft: "prev", ArrowRight: "next" };
const HOLDS_ARROWS = "input, textarea, select, pre, [popover]:popover-open, .pswp";

document.addEventListener("keydown", (event) => {
  const rel = LEADS[event.key];
  if (!rel || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest?.(HOLDS_ARROWS)) return;
  document.querySelector(`a[rel="${rel}"]`)?.click();
});
