/* Deciding and going on by key: <button data-key="p">, <a data-key="ArrowRight">.
 *
 * A key presses the one control that names it. While somebody types, or holds a modifier, keys are
 * theirs; and Enter on a link or button does what it always does.
 */

const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "Enter" && event.target.closest("a, button")) return;
  const control = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!control) return;
  event.preventDefault();
  control.click();
});
