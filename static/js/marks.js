/* What is made of a picture, press by press, by hand and by key: stars, ratings, tags, collections, comments.
 *
 * An answer brings a place anew: a picture's panel (<section class="marks">), its comments, or the marks
 * on its tile. What is pressed before it has come is sent in its turn, and only the last answer is
 * shown. A star turns at once, so that a second press takes it back; a field is empty at once, and what
 * is typed into it meanwhile stays. <button data-leaves> is the browser's. The document hears of every
 * change by `marked`, whose detail is the address.
 */

const PLACE = ".marks, .tile-marks, #comments";
const FIELD = "input[name=name], textarea";
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog, .pswp";

/** What a request says that htmx does not send. */
export const headers = () => ({ "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers")) });

/** A place's id → how many of its requests are open, the last one's promise, and the newest answer if that is not shown. */
const turns = new Map();
/** What has not been sent yet. */
const waiting = new Set();
/** A place as it is by now; nothing, once another picture is shown there. */
const now = (place) => (place.isConnected ? place : document.getElementById(place.id));

/** POST in the turn of the place that shows the answer. If it fails, `takeBack` is called. */
function send(place, address, values, takeBack) {
  const turn = turns.get(place.id) ?? { open: 0, last: Promise.resolve(), answer: "" };
  turns.set(place.id, turn);
  turn.open += 1;
  const request = { address, values };
  waiting.add(request);
  const begin = async () => {
    const { status, answer } = waiting.delete(request) ? await post(address, values) : { status: 200 };
    turn.open -= 1;
    turn.answer = answer || turn.answer;
    if (turn.answer && (status !== 200 || !turn.open)) {
      show(place, turn.answer);
      turn.answer = "";
    }
    if (status === 200) document.dispatchEvent(new CustomEvent("marked", { detail: address }));
    else if (status !== 422) takeBack?.();
  };
  turn.last = turn.last.then(begin, begin);
}

/** By htmx, which tells what goes wrong; on behalf of nothing that may leave the page meanwhile. */
async function post(address, values) {
  const errand = document.body.appendChild(Object.assign(document.createElement("div"), { hidden: true }));
  let [status, answer] = [0, ""];
  errand.addEventListener("htmx:beforeSwap", ({ detail }) => {
    status = detail.xhr.status;
    if (detail.shouldSwap) answer = detail.serverResponse;
    detail.shouldSwap = false;
  });
  await htmx.ajax("POST", address, { source: errand, values }).catch(() => null);
  errand.remove();
  return { status, answer };
}

function show(place, answer) {
  const there = now(place);
  if (!there) return;
  const typed = Array.from(there.querySelectorAll(FIELD), ({ id, value }) => ({ id, value }));
  htmx.swap(there, answer, { swapStyle: "outerHTML" });
  for (const { id, value } of typed) {
    const field = value && document.getElementById(id);
    if (field) field.value = value;
  }
}

// Who leaves the page has pressed all the same.
addEventListener("pagehide", () => {
  for (const { address, values } of waiting)
    fetch(address, { method: "POST", keepalive: true, headers: headers(), body: new URLSearchParams(values) });
  waiting.clear();
});

/** Send what pressing `button` would, whether it is on the page or not. */
export function sendForm(button) {
  const [place, form] = [button.closest(PLACE), button.form];
  const inTile = place.matches(".tile-marks");
  const address = button.getAttribute("formaction") ?? form.getAttribute("action");
  // A tile's button belongs to the form of all tiles.
  const values = inTile ? { part: "tile", on: button.value } : Object.fromEntries(new FormData(form, button));
  if ("star" in button.dataset) {
    const was = button.value === "0";
    turnStar(button, !was);
    return send(place, address, values, () => turnStar(now(place)?.querySelector("[data-star]"), was));
  }
  const field = inTile ? null : form.querySelector(FIELD);
  if (field) field.value = "";
  send(place, address, values, () => {
    const again = now(place)?.querySelector(`form[action="${address}"] :is(${FIELD})`);
    if (again) again.value ||= values[again.name];
  });
}

function turnStar(star, on) {
  star?.setAttribute("aria-pressed", String(on));
  if (star) star.value = on ? "0" : "1";
}

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.("button");
    if (!button?.closest(PLACE) || "leaves" in button.dataset) return;
    // What is missing is the browser's to point at.
    if (button.form.id !== "selection" && !button.form.checkValidity()) return;
    event.preventDefault();
    sendForm(button);
  },
  { capture: true },
);

/* `s` stars, 1 to 5 rate, 0 takes the rating back: the tile that has the focus, or the picture whose page it is. */

document.addEventListener("keydown", (event) => {
  const { key, target, altKey, ctrlKey, metaKey, shiftKey, repeat } = event;
  if (!/^[s0-5]$/.test(key) || altKey || ctrlKey || metaKey || shiftKey || repeat) return;
  if (target.closest?.(TYPING) || document.querySelector(".pswp--open")) return;
  const tile = target.closest?.(".tile")?.querySelector(".tile-marks");
  const place = tile ?? document.querySelector(".marks");
  // On a picture's page they work wherever the focus is, and so can be switched off (keys.js).
  if (!place || (!tile && localStorage.getItem("keys") === "off")) return;
  event.preventDefault();
  const star = place.querySelector("[data-star]");
  if (key === "s") star.click();
  else if (!tile) place.querySelector(`[data-rate="${key}"]`).click();
  else send(place, star.getAttribute("formaction").replace(/star\/$/, "rate/"), { part: "tile", stars: key });
});
