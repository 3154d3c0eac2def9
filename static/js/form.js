/* The form that generates: <form data-generate>.
 *
 * Ctrl+Enter (⌘+Enter) sends it; while it is being sent its button is disabled. In <fieldset
 * data-seed>, the seed's input shows only while the radio button "fixed" is chosen, and
 * <button data-draw-seed> draws one.
 */

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form[data-generate]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("[type=submit], button:not([type])");
  if (!button?.disabled) form.requestSubmit(button);
});

const buttons = (form) => form.querySelectorAll("[type=submit], button:not([type])");

function sending(form, isSending) {
  for (const button of buttons(form)) button.disabled = isSending;
  form.setAttribute("aria-busy", String(isSending));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-generate]")) return;
  // After the browser has gathered the fields: a disabled button would be left out of them.
  setTimeout(() => sending(form, true));
});
for (const ending of ["htmx:afterRequest", "htmx:sendAbort"])
  document.addEventListener(ending, (event) => {
    const form = event.target.closest?.("form[data-generate]");
    if (form && event.detail.elt === form) setTimeout(() => sending(form, false));
  });
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-generate]")) sending(form, false);
});

/** A seed from 0 to 2^64 − 1 as text: JavaScript's numbers round the large ones. */
export function drawSeed() {
  return crypto.getRandomValues(new BigUint64Array(1))[0].toString();
}

function showSeed(root) {
  for (const group of root.querySelectorAll("[data-seed]")) {
    const fixed = group.querySelector("input[type=radio][value=fixed]");
    const shown = group.querySelector("[data-seed-value]");
    if (fixed && shown) shown.hidden = !fixed.checked;
  }
}

document.addEventListener("change", (event) => {
  const group = event.target.closest?.("[data-seed]");
  if (!group || event.target.type !== "radio") return;
  showSeed(document);
  if (event.target.value !== "fixed") return;
  const input = group.querySelector("[data-seed-value] input");
  if (input && !input.value) input.value = drawSeed();
  input?.select();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-draw-seed]");
  if (!button) return;
  const input = button.closest("[data-seed]").querySelector("[data-seed-value] input");
  input.value = drawSeed();
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

showSeed(document);
document.addEventListener("htmx:load", () => showSeed(document));
