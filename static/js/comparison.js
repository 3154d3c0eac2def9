/* Pictures compared: <section data-comparison> with a [data-stage] of figures.
 *
 * One zoom and one place for all of them, kept as custom properties on the section; the style sheet
 * does the rest. Keys work while the focus is in the section, so they take none from the page.
 */

const STEP = 1.25;
const BLINK = 900;
const CLEARLY_PIXELS = 2;

const section = document.querySelector("[data-comparison]");
const stage = section.querySelector("[data-stage]");
const figures = [...stage.querySelectorAll("figure")];
const images = figures.map((figure) => figure.querySelector("img"));
const says = section.querySelector("[data-says]");
const view = { zoom: 1, x: 0, y: 0 };
let shown = 0;
let playing = null;

/* Zoom and place. x and y are in widths and heights of the frame, from its middle. */

const frames = figures.map((figure) => figure.querySelector(".comparison-frame"));
const mode = () => section.dataset.mode;

/** The zoom at which one pixel of the first picture is one of the screen. */
function pixelZoom() {
  const box = frames[0].getBoundingClientRect();
  // As the page says it, before the picture is there.
  const [width, height] = ["width", "height"].map((side) => Number(images[0].getAttribute(side)));
  return 1 / (Math.min(box.width / width, box.height / height) * devicePixelRatio || 1);
}

const between = (low, value, high) => Math.min(Math.max(value, low), high);

function draw() {
  const pixels = pixelZoom();
  const room = Math.max(0, (view.zoom - 1) / 2);
  view.x = between(-room, view.x, room);
  view.y = between(-room, view.y, room);
  section.style.setProperty("--zoom", view.zoom);
  section.style.setProperty("--x", `${100 * view.x}%`);
  section.style.setProperty("--y", `${100 * view.y}%`);
  section.classList.toggle("is-zoomed", view.zoom > 1);
  section.classList.toggle("is-close", view.zoom >= CLEARLY_PIXELS * pixels);
  section.querySelector(".comparison-zoom").value = `${Math.round((100 * view.zoom) / pixels)} %`;
}

/** Zoom so that the place at `point` (from the frame's middle) stays where it is. */
function zoomTo(zoom, point = { x: 0, y: 0 }) {
  const pixels = pixelZoom();
  const next = between(Math.min(1, pixels), zoom, Math.max(8, 8 * pixels));
  for (const axis of ["x", "y"]) view[axis] = point[axis] - ((point[axis] - view[axis]) * next) / view.zoom;
  view.zoom = next;
  draw();
}

const closeUp = () => Math.max(pixelZoom(), 2);

const ZOOMS = {
  in: () => zoomTo(view.zoom * STEP),
  out: () => zoomTo(view.zoom / STEP),
  fit: () => zoomTo(1),
  pixels: () => zoomTo(pixelZoom()),
};

function pan(x, y) {
  view.x += x;
  view.y += y;
  draw();
}

function frameAt(event) {
  return event.target.closest?.(".comparison-frame") ?? frames[0];
}

function place(clientX, clientY, frame) {
  const box = frame.getBoundingClientRect();
  return { x: (clientX - box.left) / box.width - 0.5, y: (clientY - box.top) / box.height - 0.5 };
}

stage.addEventListener(
  "wheel",
  (event) => {
    // All of it is in sight already: the page scrolls on.
    if (view.zoom <= 1 && event.deltaY > 0 && !event.ctrlKey) return;
    event.preventDefault();
    const frame = frameAt(event);
    const power = event.ctrlKey ? 0.01 : 0.0018;
    zoomTo(view.zoom * Math.exp(-event.deltaY * power), place(event.clientX, event.clientY, frame));
  },
  { passive: false },
);

stage.addEventListener("dblclick", (event) => {
  if (event.target.closest("a, input")) return;
  zoomTo(view.zoom > 1 ? 1 : closeUp(), place(event.clientX, event.clientY, frameAt(event)));
});

/* One finger moves, two pinch. */

const fingers = new Map();

const middle = () => {
  const all = [...fingers.values()];
  const sum = (key) => all.reduce((total, each) => total + each[key], 0) / all.length;
  return { x: sum("x"), y: sum("y") };
};
const spread = () => {
  const [one, other] = [...fingers.values()];
  return Math.hypot(one.x - other.x, one.y - other.y);
};

stage.addEventListener("pointerdown", (event) => {
  if (event.button || event.target.closest("a, input")) return;
  fingers.set(event.pointerId, { x: event.clientX, y: event.clientY, frame: frameAt(event) });
  stage.setPointerCapture(event.pointerId);
  stage.focus({ preventScroll: true });
});

stage.addEventListener("pointermove", (event) => {
  const finger = fingers.get(event.pointerId);
  if (!finger) return;
  const before = { ...middle(), spread: fingers.size > 1 ? spread() : 0 };
  Object.assign(finger, { x: event.clientX, y: event.clientY });
  const now = middle();
  const box = finger.frame.getBoundingClientRect();
  if (fingers.size > 1 && before.spread)
    zoomTo((view.zoom * spread()) / before.spread, place(now.x, now.y, finger.frame));
  pan((now.x - before.x) / box.width, (now.y - before.y) / box.height);
});

for (const end of ["pointerup", "pointercancel"])
  stage.addEventListener(end, (event) => fingers.delete(event.pointerId));

/* Ways to look. */

function showFigure(index) {
  shown = (index + figures.length) % figures.length;
  figures.forEach((figure, at) => figure.classList.toggle("is-shown", at === shown));
  if (mode() === "blink" && !playing) says.textContent = `Picture ${shown + 1} of ${figures.length}`;
}

const playButton = section.querySelector("[data-blink=play]");

function play(on) {
  clearInterval(playing);
  playing = on ? setInterval(() => showFigure(shown + 1), BLINK) : null;
  playButton.setAttribute("aria-pressed", String(on));
  says.textContent = "";
  showFigure(shown);
}

function handle() {
  const input = document.createElement("input");
  Object.assign(input, { type: "range", min: 0, max: 100, value: 50, className: "comparison-handle" });
  input.setAttribute("aria-label", "How much of each picture to show");
  const split = () => section.style.setProperty("--split", `${input.value}%`);
  input.addEventListener("input", split);
  split();
  return input;
}

let slider = null;
let canvas = null;

async function difference() {
  if (!canvas) {
    says.textContent = "Comparing every pixel…";
    const { differenceOf, inWords } = await import(section.dataset.difference);
    const found = await differenceOf(images[0], images[1]);
    canvas = found.canvas;
    canvas.setAttribute("role", "img");
    canvas.dataset.says = inWords(found);
    canvas.setAttribute("aria-label", `Where the two pictures differ. ${canvas.dataset.says}`);
    frames[0].append(canvas);
  }
  if (mode() === "difference") says.textContent = canvas.dataset.says;
}

async function enter(key) {
  section.dataset.mode = key;
  says.textContent = "";
  for (const part of section.querySelectorAll("[data-only]")) part.hidden = part.dataset.only !== key;
  play(false);
  slider?.remove();
  if (key === "slider") stage.append((slider ??= handle()));
  draw();
  if (key !== "difference") return;
  try {
    await difference();
  } catch {
    says.textContent = "The pictures could not be read. Please reload the page.";
  }
}

/* Buttons and keys. */

section.addEventListener("change", (event) => {
  if (event.target.name !== "mode") return;
  const address = new URL(location.href);
  address.searchParams.set("mode", event.target.value);
  history.replaceState(history.state, "", address);
  enter(event.target.value);
});

section.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.zoom) ZOOMS[button.dataset.zoom]();
  if (button?.dataset.blink === "next") showFigure(shown + 1);
  if (button?.dataset.blink === "play") play(!playing);
});

const KEYS = { "+": ZOOMS.in, "=": ZOOMS.in, "-": ZOOMS.out, "−": ZOOMS.out, 0: ZOOMS.fit };
const ARROWS = { ArrowLeft: [0.1, 0], ArrowRight: [-0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] };

section.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const onStage = event.target === stage;
  if (event.key in KEYS) KEYS[event.key]();
  else if (onStage && event.key in ARROWS && view.zoom > 1) pan(...ARROWS[event.key]);
  else if (event.key === " " && mode() === "blink" && !event.target.closest("button, a")) showFigure(shown + 1);
  else return;
  event.preventDefault();
});

new ResizeObserver(draw).observe(stage);
stage.tabIndex = 0;
section.classList.add("is-live");
enter(section.querySelector("input[name=mode]:checked").value);
