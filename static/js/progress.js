/* Progress over an endpoint's usual time.
 *
 * <progress data-usual="3.5" data-started="…" data-now="…">: seconds, and two ISO times by the
 * server's clock, since the reader's may be wrong: when the request left, and when this was written.
 * <span data-seconds> in the same card, tile or cell counts the seconds. The bar never claims to be
 * done: only the picture that takes its place does.
 *
 * <span data-until="…" data-now="…"> counts down the seconds until a time, once they are less than
 * 100: of more the server has told the minutes, and a later visit tells them again.
 */

const moments = new WeakMap();

/** Seconds since a time by the server's clock; negative where that is to come. */
function since(element, time) {
  if (!moments.has(element)) {
    const elapsed = new Date(element.dataset.now) - new Date(time);
    moments.set(element, performance.now() - elapsed);
  }
  return (performance.now() - moments.get(element)) / 1000;
}

/** How far the bar is after `share` of the usual time: 90 % when it is over, then ever slower. */
export const fraction = (share) =>
  share <= 1 ? 0.9 * share : 0.9 + 0.09 * (1 - Math.exp(-(share - 1)));

function drawBars() {
  const bars = document.querySelectorAll("progress[data-usual]");
  for (const bar of bars) {
    const seconds = Math.max(0, since(bar, bar.dataset.started));
    bar.value = fraction(seconds / Number(bar.dataset.usual)) * bar.max;
    const counter = bar.closest("article, li, td, section")?.querySelector("[data-seconds]");
    if (counter) counter.textContent = `${Math.floor(seconds)} s`;
  }
  return bars.length;
}

function countDown() {
  const waits = document.querySelectorAll("[data-until]");
  for (const wait of waits) {
    const left = Math.ceil(-since(wait, wait.dataset.until));
    if (left < 100) wait.textContent = left > 0 ? `${left} s` : "a moment";
  }
  return waits.length;
}

function draw() {
  if (drawBars() + countDown() === 0) stop();
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
