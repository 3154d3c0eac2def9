/* Deciding and going on by key: <button data-key="p">, <a data-key="ArrowRight">.
 *
 * A key presses the one control that names it, once, however long it is held: each decision leads to
 * the next picture. While somebody types, or holds a modifier, keys are theirs; and Enter on a link or
 * button does what it always does. <input type="checkbox" data-keys> switches keys of one letter off:
 * who talks to a computer, or whose hands tremble, presses some unawares.
 */

const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const lettersWork = () => localStorage.getItem("keys") !== "off";

function showSwitch() {
  for (const toggle of document.querySelectorAll("[data-keys]")) toggle.checked = lettersWork();
}
showSwitch();
document.addEventListener("htmx:load", showSwitch);
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-keys]")) localStorage.setItem("keys", event.target.checked ? "on" : "off");
});

document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.target.matches(TYPING)) return;
  const letter = event.key.length === 1;
  if (letter && !lettersWork()) return;
  const key = letter ? event.key.toLowerCase() : event.key;
  if (key === "Enter" && event.target.closest("a, button")) return;
  const control = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!control) return;
  event.preventDefault();
  control.click();
});
