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

let asked = false;
function lookAround() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
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

/* The link at the top leads past all the pictures to what stands beside them. */

document.addEventListener("click", (event) => {
  if (!event.target.closest?.(".side-skip")) return;
  event.preventDefault();
  const first = document.querySelector("[data-rail] [aria-current], #gallery-side a");
  first.focus();
});

/* Days begin at midnight here: the server hears of it in a cookie, as it does of the theme. */

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.split("; ").includes(`zone=${zone}`)) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `zone=${zone}; path=/; max-age=${365 * 24 * 3600}; samesite=lax${secure}`;
}
