/* The form that generates, <form data-generate>: Ctrl+Enter (⌘+Enter) sends it, and while it is being
 * sent its button is disabled.
 */

const buttons = (form) => form.querySelectorAll("[type=submit], button:not([type])");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form[data-generate]");
  if (!form) return;
  event.preventDefault();
  const [button] = buttons(form);
  if (!button.disabled) form.requestSubmit(button);
});

function sending(form, isSending) {
  for (const button of buttons(form)) button.disabled = isSending;
  form.setAttribute("aria-busy", String(isSending));
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-generate]")) return;
  // After the browser has gathered the fields: a disabled button would be left out of them.
  setTimeout(() => sending(event.target, true));
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (form.matches("form[data-generate]")) setTimeout(() => sending(form, false));
});

// A page that comes back from the browser's memory was left while it was being sent.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-generate]")) sending(form, false);
});
