/* Sorting pictures out: choosing many, what is done with them, dragging onto a collection.
 *
 * In the gallery <form id="selection"> holds the actions; each tile's <input type="checkbox" name="ids"
 * form="selection"> says whether it is chosen, so that all of it works without this file too. Keys on
 * a tile: arrows move, Space chooses, Shift+arrows extend, Delete deletes; Ctrl+A chooses all that is
 * shown, Escape nothing.
 */

import "./marks.js";

const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog, .pswp";
const bar = () => document.getElementById("selection");
const box = (tile) => tile.querySelector('input[name="ids"]');
const link = (tile) => tile.querySelector("a");
const tiles = () => [...document.querySelectorAll(".tile")].filter((tile) => box(tile));
const chosen = () => tiles().filter((tile) => box(tile).checked);
const plain = (event) => !event.altKey && !event.ctrlKey && !event.metaKey;

/* Choosing. */

let anchor = null;
let before = new Set();

function show() {
  const form = bar();
  if (!form) return;
  const number = chosen().length;
  const all = form.elements.all.checked;
  form.hidden = !number;
  document.body.classList.toggle("is-selecting", number > 0);
  const every = document.querySelector("#page-count [data-number]")?.dataset.number;
  const matching = every ? `All ${every}` : "All";
  form.querySelector("[data-count]").textContent = all ? `${matching} that match` : `${number.toLocaleString()} selected`;
  for (const button of form.querySelectorAll("[data-only-few]")) button.disabled = all || number < 2 || number > 4;
  const button = form.querySelector("[data-all-matching]");
  button.textContent = `${matching} that match`;
  button.hidden = all || number < tiles().length || !("more" in form.dataset);
}

function choose(some, on = true) {
  for (const tile of some) box(tile).checked = on;
  if (!on && bar()) bar().elements.all.checked = false;
  show();
}

function range(from, to) {
  const every = tiles();
  const ends = [every.indexOf(from), every.indexOf(to)].sort((a, b) => a - b);
  return ends[0] < 0 ? [to] : every.slice(ends[0], ends[1] + 1);
}

function clear() {
  choose(tiles(), false);
  anchor = null;
}

/* The tile in the row above or below whose middle is nearest. */
function across(tile, down) {
  const here = tile.getBoundingClientRect();
  const middle = here.left + here.width / 2;
  let row = null;
  let best = null;
  const every = tiles();
  const rest = down ? every.slice(every.indexOf(tile) + 1) : every.slice(0, every.indexOf(tile)).reverse();
  for (const other of rest) {
    const place = other.getBoundingClientRect();
    if (Math.abs(place.top - here.top) < 2) continue;
    row ??= place.top;
    if (Math.abs(place.top - row) > 2) break;
    const off = Math.abs(place.left + place.width / 2 - middle);
    if (!best || off < best.off) best = { other, off };
  }
  return best?.other;
}

function neighbour(tile, key) {
  const every = tiles();
  const at = every.indexOf(tile);
  if (key === "ArrowRight") return every[at + 1];
  if (key === "ArrowLeft") return every[at - 1];
  return across(tile, key === "ArrowDown");
}

function move(event, tile) {
  const to = neighbour(tile, event.key);
  if (!to) return;
  if (event.shiftKey) {
    if (!anchor || !box(tile).checked) {
      anchor = tile;
      before = new Set(chosen());
    }
    for (const each of tiles()) box(each).checked = before.has(each);
    choose(range(anchor, to));
  } else anchor = null;
  link(to).focus({ preventScroll: true });
  to.scrollIntoView({ block: "nearest" });
}

function onTile(event, tile) {
  if (event.key.startsWith("Arrow")) move(event, tile);
  else if (event.key === " " && event.target === link(tile)) {
    choose([tile], !box(tile).checked);
    anchor = tile;
    before = new Set(chosen());
  } else if (event.key === "Delete") {
    if (!chosen().length) choose([tile]);
    bar().querySelector('[value="delete"]')?.click();
  } else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.target.closest?.(TYPING) || document.querySelector(".pswp--open")) return;
  const tile = event.target.closest?.(".tile");
  const form = bar();
  let done = false;
  if (form && (event.ctrlKey || event.metaKey) && event.key === "a" && tiles().length) {
    choose(tiles());
    done = true;
  } else if (form && event.key === "Escape" && chosen().length && !document.querySelector(":popover-open")) {
    clear();
    done = true;
  } else if (plain(event)) done = form && tile && box(tile) && onTile(event, tile);
  if (done) event.preventDefault();
});

/* Before the lightbox hears of the click: with Shift, or once something is chosen, clicks choose. */
document.addEventListener(
  "click",
  (event) => {
    const tile = bar() && event.target.closest?.(".tile");
    if (!tile || !box(tile) || event.button || !plain(event)) return;
    const onBox = event.target === box(tile);
    const onLink = event.target.closest("a");
    if (!onBox && !(onLink && (event.shiftKey || chosen().length))) return;
    if (onLink) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    const on = onBox ? box(tile).checked : event.shiftKey || !box(tile).checked;
    choose(event.shiftKey && anchor ? range(anchor, tile) : [tile], on);
    anchor = tile;
    before = new Set(chosen());
  },
  { capture: true },
);

/* The bar. */

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-clear]")) clear();
  const zip = event.target.closest?.("[data-export]");
  if (zip) {
    // It leads to a page of its own, so htmx has no part in it. And `form.action` is a button here.
    event.preventDefault();
    zip.form.setAttribute("action", zip.getAttribute("formaction"));
    HTMLFormElement.prototype.submit.call(zip.form);
  }
  if (event.target.closest?.("[data-all-matching]")) {
    bar().elements.all.checked = true;
    show();
  }
});
document.addEventListener("change", (event) => event.target.form?.id === "selection" && show());
// A menu that opens is there to be typed in, instead of what was typed last.
const typeIn = (field) => (field?.focus(), field?.select());
document.addEventListener(
  "toggle",
  (event) => event.newState === "open" && event.target.matches(".selection-menu") && typeIn(event.target.querySelector("input:not([type=hidden])")),
  { capture: true },
);
// A field's own button, not the form's first one.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("#selection [popover] input")) return;
  event.preventDefault();
  event.target.closest("[popover]").querySelector("button").click();
});

/* What went into the bin leaves the page, and comes back to its place when it is undone. */

const removed = new Map();
/* How many there are is asked of the server, which alone knows what else has changed. */
const recount = () => htmx.trigger(document.body, "recount");

function takeOut(ids, undo) {
  const gone = ids.map((id) => document.getElementById(`tile-${id}`)).filter(Boolean);
  const every = tiles();
  const last = every.indexOf(gone.at(-1));
  const stays = (tile) => !gone.includes(tile);
  const heir = every.slice(last + 1).find(stays) ?? every.slice(0, last).findLast(stays);
  const places = gone.map((tile) => {
    const place = { tile, parent: tile.parentElement, next: tile.nextElementSibling };
    if (box(tile)) box(tile).checked = false;
    tile.remove();
    return place;
  });
  if (undo) removed.set(undo, places);
  clear();
  recount();
  if (heir) link(heir).focus({ preventScroll: true });
}

addEventListener("binned", (event) => takeOut(event.detail.ids, event.detail.undo));
addEventListener("gone", (event) => takeOut(event.detail.ids));

addEventListener("restored", (event) => {
  const places = removed.get(event.detail.undo) ?? [];
  for (const { tile, parent, next } of places.reverse()) parent.insertBefore(tile, next?.parentElement === parent ? next : null);
  removed.delete(event.detail.undo);
  recount();
  const first = places.at(-1)?.tile;
  if (first) link(first).focus({ preventScroll: true });
});

/* What was tagged, starred or collected stays chosen: the next thing is often for the same pictures. */
addEventListener("sorted", () => {
  for (const open of document.querySelectorAll(":popover-open")) open.hidePopover();
  show();
});

/* Dragging a tile, or all that are chosen, onto a collection. */

document.addEventListener("dragstart", (event) => {
  const tile = event.target.closest?.(".tile");
  if (!bar() || !tile || !box(tile)) return;
  const dragged = box(tile).checked ? chosen() : [tile];
  event.dataTransfer.setData("application/x-pictures", dragged.map((each) => box(each).value).join(","));
  event.dataTransfer.effectAllowed = "copy";
  document.body.classList.add("is-dragging");
});
document.addEventListener("dragend", () => document.body.classList.remove("is-dragging"));

const onto = (event) =>
  event.dataTransfer?.types.includes("application/x-pictures") ? event.target.closest?.("[data-collect]") : null;

document.addEventListener("dragover", (event) => {
  for (const each of document.querySelectorAll(".is-over")) if (each !== onto(event)) each.classList.remove("is-over");
  if (!onto(event)) return;
  event.preventDefault();
  onto(event).classList.add("is-over");
});
document.addEventListener("drop", (event) => {
  const place = onto(event);
  if (!place) return;
  event.preventDefault();
  place.classList.remove("is-over");
  const ids = event.dataTransfer.getData("application/x-pictures").split(",");
  // Not `.action`: that is what the buttons are called.
  htmx.ajax("POST", bar().getAttribute("action"), { source: place, swap: "none", values: { action: "collect", collection: place.dataset.collect, ids } });
});

/* The bars of what is on its way move by a script of their own, fetched once there is one. */
const moveBars = () => document.querySelector("progress[data-usual]") && import(new URL("progress.js", import.meta.url));
moveBars();

/* Back leads to where one was: as many rows as there were, and the same picture in sight. */

const MOST_PAGES = 20;
const key = () => `place:${location.pathname}${location.search}`;

function remember() {
  const top = bar() && tiles().find((tile) => tile.getBoundingClientRect().bottom > 80);
  if (!top) return;
  const place = { tile: top.id, offset: top.getBoundingClientRect().top, focus: document.activeElement?.closest?.(".tile")?.id };
  sessionStorage.setItem(key(), JSON.stringify(place));
}

function moreTiles() {
  const reach = document.querySelector(".sentinel-reach");
  if (!reach) return Promise.resolve(false);
  return new Promise((resolve) => {
    document.addEventListener("htmx:afterSettle", () => resolve(true), { once: true });
    htmx.trigger(reach, "revealed");
  });
}

async function returnTo({ tile, offset, focus }) {
  for (let page = 0; page < MOST_PAGES && !document.getElementById(tile); page += 1) if (!(await moreTiles())) break;
  const there = document.getElementById(tile);
  if (!there) return;
  scrollBy({ top: there.getBoundingClientRect().top - offset, behavior: "instant" });
  if (focus) document.getElementById(focus)?.querySelector("a")?.focus({ preventScroll: true });
}

addEventListener("pagehide", remember);

/* The filter's panel stays open while it is used, and the focus in it where it was. */
let open = false;
let focused = "";
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "gallery") return;
  remember();
  open = document.getElementById("filter-panel")?.open ?? false;
  focused = document.activeElement?.id ?? "";
});
document.addEventListener("htmx:load", () => {
  const panel = document.getElementById("filter-panel");
  if (panel && open) {
    panel.open = true;
    const field = focused && document.getElementById(focused);
    if (field && panel.contains(field)) field.focus({ preventScroll: true });
  }
  open = false;
  if (bar()?.elements.all.checked) choose(tiles());
  else show();
  moveBars();
});
document.addEventListener("keydown", (event) => {
  const panel = event.key === "Escape" && document.querySelector("#filter-panel[open]");
  if (!panel) return;
  panel.open = false;
  panel.querySelector("summary").focus();
});

if (bar()) {
  show();
  const [navigation] = performance.getEntriesByType("navigation");
  const place = ["back_forward", "reload"].includes(navigation?.type) && sessionStorage.getItem(key());
  if (place) {
    history.scrollRestoration = "manual";
    returnTo(JSON.parse(place)).finally(() => (history.scrollRestoration = "auto"));
  }
}

{
  /* The rail of months and days beside the gallery: where one is, and its keys.
   *
   * Up and down lead from entry to entry, Home and End to the first and the last; Enter is a link's own.
   */

  const TOP = 80;
  const rail = () => document.querySelector("[data-rail]");
  const entries = () => [...rail().querySelectorAll("[data-day]")];

  /* The day of the first picture in sight. */
  function here() {
    const tiles = [...document.querySelectorAll(".tile[data-at]")];
    const day = tiles.find((tile) => tile.getBoundingClientRect().bottom > TOP)?.dataset.at;
    if (!day || !rail()) return;
    const every = entries();
    const now = every.find((entry) => entry.dataset.day === day) ?? every.find((entry) => entry.dataset.day === day.slice(0, 7));
    for (const entry of every) {
      if (entry === now) entry.setAttribute("aria-current", "true");
      else entry.removeAttribute("aria-current");
    }
  }

  let asked = 0;
  function lookAround() {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      here();
    });
  }
  addEventListener("scroll", lookAround, { passive: true });
  document.addEventListener("htmx:load", lookAround);
  lookAround();

  const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

  document.addEventListener("keydown", (event) => {
    const entry = event.target.closest?.("[data-day]");
    if (!entry || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const every = entries();
    let to = every[every.indexOf(entry) + STEPS[event.key]];
    if (event.key === "Home") to = every[0];
    if (event.key === "End") to = every.at(-1);
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
}
