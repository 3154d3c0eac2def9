/* The form that generates, <form data-generate>: Ctrl+Enter (⌘+Enter) sends it, while it is being
 * sent its button is disabled, and what is typed while an answer is on its way stays typed. Recent
 * prompts come back by arrow key and from their menu.
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

document.addEventListener("htmx:beforeSwap", (event) => {
  typed = new Map();
  // Asked for to fill the form in: what comes is what is wanted.
  if (event.detail.requestConfig.elt.matches("[data-refills]")) return;
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

/* Recent prompts: ↑ and ↓ walk through them in a field that is empty or as they left it. */

const FIELD = "id_positive_prompt";

const field = () => document.getElementById(FIELD);
const list = () => document.querySelector("[data-prompts]"); // where a page offers them

// The prompts as they were when the walk through them began, newest first; none while nobody walks.
let walk = null;
let steps = Promise.resolve();

function put(text) {
  const prompt = field();
  prompt.value = text;
  prompt.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

async function load() {
  const menu = list();
  await window.htmx.ajax("GET", menu.dataset.prompts, { target: menu, swap: "innerHTML" });
  return [...menu.querySelectorAll("[data-prompt]")].map((link) => link.textContent);
}

const untouched = (prompt) => !prompt.value || prompt.value === (walk?.shown ?? prompt.defaultValue);

const atAnEdge = ({ selectionStart, selectionEnd, value }) =>
  selectionStart === selectionEnd && (selectionStart === 0 || selectionEnd === value.length);

async function step(older) {
  if (!walk) {
    const typed = field().value;
    const prompts = await load();
    walk = { prompts: [typed, ...prompts.filter((each) => each !== typed)], at: 0, shown: typed };
  }
  const at = walk.at + (older ? 1 : -1);
  if (at < 0 || at >= walk.prompts.length) return;
  walk.at = at;
  walk.shown = walk.prompts[at];
  put(walk.shown);
  field().setSelectionRange(older ? 0 : walk.shown.length, older ? 0 : walk.shown.length);
}

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (target.id !== FIELD || !list() || (key !== "ArrowUp" && key !== "ArrowDown")) return;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
  if (!untouched(target) || !atAnEdge(target) || (!walk && key === "ArrowDown")) return;
  event.preventDefault();
  // One after the other: who presses twice while the prompts are fetched goes two steps.
  const next = () => step(key === "ArrowUp");
  steps = steps.then(next, next);
});

document.addEventListener("input", (event) => {
  if (event.target.id === FIELD && walk && event.target.value !== walk.shown) walk = null;
});

// What was just sent is the newest; the next walk begins with it.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt.matches("form[data-generate]")) walk = null;
});

// A prompt by chance takes the field; what was typed in it is an arrow key away.
let replaced = "";

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === FIELD) replaced = event.detail.target.value;
});

document.addEventListener("htmx:load", ({ detail }) => {
  if (detail.elt.id !== FIELD) return;
  const shown = detail.elt.value;
  walk = { prompts: [shown, ...(walk?.prompts ?? (replaced ? [replaced] : []))], at: 0, shown };
  put(shown);
});

document.addEventListener(
  "toggle",
  (event) => {
    if (event.newState === "open" && event.target.querySelector("[data-prompts]")) load();
  },
  true,
);

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[popover] [data-prompt]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  walk = null;
  put(link.textContent);
  link.closest("[popover]").hidePopover();
  field().focus();
});

/* What will be sent is shown under the form where a style or alternatives make it something else. */

let wording;
document.addEventListener("input", (event) => {
  const prompt = event.target.closest?.(".prompt");
  if (!prompt) return;
  const differs = prompt.querySelector("select")?.value || /[{\\]|__/.test(field().value);
  if (!differs && !document.querySelector(".sent-as")) return;
  clearTimeout(wording);
  wording = setTimeout(() => prompt.dispatchEvent(new CustomEvent("wording")), 250);
});

/* What the API said of one field of a request, <p data-said-of="seed" data-typed="…" data-words="…"> on
 * its card, stands at that field too: from when the card arrives, for as long as the field holds what
 * was sent.
 */

const shownField = (name) =>
  [...document.querySelectorAll(`form[data-generate] [name="${CSS.escape(name)}"]`)].find(
    (each) => each.type !== "hidden" && !each.closest("noscript") && (each.type !== "radio" || each.checked),
  );

const placeOf = (field) => field.closest(".field, fieldset");

// What a screen reader says of it: to radio buttons it belongs as a group.
const described = (field) => (field.type === "radio" ? placeOf(field) : field);

function say({ saidOf: name, typed, words }) {
  const field = shownField(name);
  if (!field || field.value.trim() !== typed.trim()) return;
  const place = placeOf(field);
  forget(place);
  const list = document.createElement("ul");
  list.id = `id_${name}_error`;
  list.className = "errors";
  const item = document.createElement("li");
  item.textContent = words;
  list.append(item);
  place.append(list);
  place.classList.add("field-wrong");
  place.dataset.said = "";
  const owner = described(field);
  owner.setAttribute("aria-describedby", `${owner.getAttribute("aria-describedby") ?? ""} ${list.id}`.trim());
  field.setAttribute("aria-invalid", "true");
  const more = place.closest("details");
  if (more) more.open = true;
  reveal(place);
}

// Where the form scrolls by itself, its foot may lie over a message; the page is not moved.
function reveal(place) {
  const form = place.closest("form");
  const { top, bottom } = place.getBoundingClientRect();
  const below = bottom - form.querySelector(".form-foot").getBoundingClientRect().top;
  const above = form.getBoundingClientRect().top - top;
  if (below > 0) form.scrollTop += below;
  else if (above > 0) form.scrollTop -= above;
}

function forget(place) {
  const list = place.querySelector(".errors");
  list?.remove();
  place.classList.remove("field-wrong");
  delete place.dataset.said;
  for (const each of [place, ...place.querySelectorAll("[aria-describedby]")]) {
    const ids = (each.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id !== list?.id);
    if (ids.join("")) each.setAttribute("aria-describedby", ids.join(" "));
    else each.removeAttribute("aria-describedby");
  }
  for (const each of place.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
}

document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  if (elt === document.body || elt.matches?.("form[data-generate]")) {
    const wrong = document.querySelector("form[data-generate] .errors:not(noscript *)");
    const place = wrong && placeOf(wrong);
    if (place) reveal(place);
  }
  // What the page begins with is past: its form is another one than the one that asked.
  if (elt === document.body) return;
  for (const each of elt.querySelectorAll?.("[data-said-of]") ?? []) say(each.dataset);
});

document.addEventListener("input", (event) => {
  const place = event.target.closest?.("form[data-generate] [data-said]");
  if (place) forget(place);
});
