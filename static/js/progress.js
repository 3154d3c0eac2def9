/* Progress over an endpoint's usual time.
 *
 * <progress data-usual="3.5" data-started="…" data-now="…">: seconds, and two ISO times by the
 * server's clock, since the reader's may be wrong: when the request left, and when this was written.
 * <span data-seconds> in the same card counts the seconds. The bar never claims to be done: only the
 * picture that takes its place does.
 */

const begun = new WeakMap();

function began(bar) {
  if (!begun.has(bar)) {
    const elapsed = new Date(bar.dataset.now) - new Date(bar.dataset.started);
    begun.set(bar, performance.now() - Math.max(0, elapsed));
  }
  return begun.get(bar);
}

/** How far the bar is after `share` of the usual time: 90 % when it is over, then ever slower. */
export const fraction = (share) =>
  share <= 1 ? 0.9 * share : 0.9 + 0.09 * (1 - Math.exp(-(share - 1)));

function draw() {
  const bars = document.querySelectorAll("progress[data-usual]");
  for (const bar of bars) {
    const seconds = (performance.now() - began(bar)) / 1000;
    bar.value = fraction(seconds / Number(bar.dataset.usual)) * bar.max;
    const counter = bar.closest("article, li, section")?.querySelector("[data-seconds]");
    if (counter) counter.textContent = `${Math.floor(seconds)} s`;
  }
  if (!bars.length) stop();
}

let timer = null;

function stop() {
  clearInterval(timer);
  timer = null;
}

function start() {
  draw();
  timer ??= setInterval(draw, 120);
}

start();
document.addEventListener("htmx:load", start);
