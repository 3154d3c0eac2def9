/* What every page has: theme, times, copy buttons, toasts, passwords that can be shown.
 *
 * Everything listens on the document or runs again on `htmx:load`, so what arrives later works too.
 */

/* Light, dark, or as the system. The server reads the cookie, so nothing flashes. */

const themeCookie = () => document.cookie.match(/(?:^|; )theme=(light|dark)/)?.[1] ?? "system";

function showTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const button of document.querySelectorAll("[data-theme-form] button"))
    button.setAttribute("aria-pressed", String(button.value === theme));
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-theme-form]")) return;
  event.preventDefault();
  const theme = event.submitter.value;
  const age = theme === "system" ? 0 : 365 * 24 * 3600;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=${age}; samesite=lax${secure}`;
  showTheme(theme);
  event.target.hidePopover();
});

// A page that comes back from the browser's memory may remember another theme.
addEventListener("pageshow", (event) => event.persisted && showTheme(themeCookie()));

/* Days begin at midnight here: the server hears of it in a cookie, once somebody is signed in. */

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && document.querySelector(".tab-bar") && !document.cookie.split("; ").includes(`zone=${zone}`)) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `zone=${zone}; path=/; max-age=${365 * 24 * 3600}; samesite=lax${secure}`;
}

/* <time datetime="…"> in the reader's own zone: data-day without the hour, data-ago as how long ago,
   data-exact to the millisecond. */

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const dayOnly = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const exact = new Intl.DateTimeFormat(undefined, {
  year: "numeric", month: "short", day: "numeric",
  hour: "numeric", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3,
});
const toTheSecond = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

function ago(date) {
  const seconds = (date - Date.now()) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return relative.format(Math.round(seconds), "second");
  if (size < 2700) return relative.format(Math.round(seconds / 60), "minute");
  if (size < 79200) return relative.format(Math.round(seconds / 3600), "hour");
  return day.format(date);
}

function localTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const date = new Date(time.dateTime);
    if (Number.isNaN(date.getTime())) continue;
    const plain = "day" in time.dataset ? dayOnly : "exact" in time.dataset ? exact : day;
    time.textContent = "ago" in time.dataset ? ago(date) : plain.format(date);
    time.title = toTheSecond.format(date);
  }
}

/* <button data-copy="#id"> copies that element's text; <button data-copy-text="…"> those words. */

async function copy(button) {
  const source = button.dataset.copy && document.querySelector(button.dataset.copy);
  const text = button.dataset.copyText ?? (source?.value ?? source?.textContent ?? "").trim();
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied", "success");
  } catch {
    toast("Your browser did not allow copying. Please select the text and copy it.", "warning");
  }
}

/* Toasts. Good news leaves by itself; trouble, and anything that can be undone, stays. */

const STAYS = 8000;

function leaveInTime(element) {
  if (!element.matches(".toast-success, .toast-info") || element.querySelector("form")) return;
  if (element.dataset.timed) return;
  element.dataset.timed = "yes";
  let timer;
  const start = () => (timer = setTimeout(() => element.remove(), STAYS));
  const stop = () => clearTimeout(timer);
  for (const event of ["pointerenter", "focusin"]) element.addEventListener(event, stop);
  for (const event of ["pointerleave", "focusout"]) element.addEventListener(event, start);
  start();
}

export function toast(text, level) {
  const element = document.createElement("div");
  element.className = `toast toast-${level}`;
  element.dataset.toast = "";
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  Object.assign(close, { type: "button", className: "icon-button toast-close", textContent: "×" });
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", "Dismiss this message");
  element.append(words, close);
  document.getElementById("messages")?.append(element);
  leaveInTime(element);
}

// What waits for pictures and is replaced takes its request with it: the answer would find no page.
document.addEventListener("htmx:beforeCleanupElement", (event) => {
  if (event.target.matches?.("#watch, #arriving-watch")) window.htmx.trigger(event.target, "htmx:abort");
});

// A card may be replaced while the answer to one of its buttons is on the way. The answer counts all
// the same, and htmx looks for its places from where the button's form is.
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target;
  if (!form.matches("form")) return;
  const cameBack = () => {
    if (form.isConnected) return;
    form.hidden = true;
    document.body.append(form);
    form.addEventListener("htmx:afterRequest", () => form.remove(), { once: true });
  };
  form.addEventListener("htmx:beforeOnLoad", cameBack, { once: true });
});

document.addEventListener("htmx:sendError", () =>
  toast("The connection is gone. Nothing was lost; please try again.", "error"),
);
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 403) toast("You may not do this, or the page is too old. Please reload it.", "error");
  else if (status === 404) toast("This is no longer here.", "error");
  else toast("That did not work. Please try again.", "error");
});

/* Clicks. */

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (!button) return;
  if ("copy" in button.dataset || "copyText" in button.dataset) copy(button);
  if ("dismiss" in button.dataset) button.closest("[data-toast]").remove();
  if ("reveal" in button.dataset) reveal(button);
});

function reveal(button) {
  const input = document.getElementById(button.dataset.reveal);
  const shown = input.type === "password";
  input.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
}

function arrive(root) {
  localTimes(root);
  for (const element of root.querySelectorAll("[data-toast]")) leaveInTime(element);
}

arrive(document);
// On a phone the settings' own navigation is a strip wider than the page.
document.querySelector(".manage-nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
// htmx names each element that it adds; its relatives in times and toasts are looked through too.
document.addEventListener("htmx:load", (event) => arrive(event.detail.elt.parentElement ?? document));
