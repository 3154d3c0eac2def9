/* The form that generates, <form data-generate>: Ctrl+Enter (⌘+Enter) sends it, while it is being
 * sent its button is disabled, and what is typed while an answer is on its way stays typed.
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

// The server writes fields as they were when it was asked; the reader may have gone on typing.
const TYPED = "textarea, input[type=text], input[type=number]";
const inForms = (fields) => document.querySelectorAll(`form[data-generate] :is(${fields})`);
let typed = new Map();
let restored = [];

document.addEventListener("htmx:beforeSwap", () => {
  typed = new Map(Array.from(inForms(TYPED), (field) => [field.name, field.value]));
});

document.addEventListener("htmx:afterSwap", () => {
  for (const field of inForms(`${TYPED}, input[type=hidden]`)) {
    if (!typed.has(field.name) || field.value === typed.get(field.name)) continue;
    field.value = typed.get(field.name);
    restored.push(field);
  }
});

// Now that the new fields are listened to: the bill is to say what is typed.
document.addEventListener("htmx:afterSettle", () => {
  for (const field of restored) field.dispatchEvent(new Event("input", { bubbles: true }));
  restored = [];
});
