/* An experiment's page while it changes: whoever goes by keyboard keeps their place.
 *
 * htmx gives the focus back to what has the same id. A button that was pressed may be gone, though:
 * then the focus goes to what stands in its place, a cell's picture or the next thing to do.
 */

const PLACES = "#progress, .cell";

let held = "";

document.addEventListener("htmx:beforeSwap", () => {
  held = document.activeElement?.closest(PLACES)?.id ?? "";
});

function giveBack() {
  const place = held && document.getElementById(held);
  if (!place || document.activeElement !== document.body) return;
  const next = place.matches(".cell") && place.querySelector("a, button");
  (next || place).focus({ preventScroll: true });
}

for (const swapped of ["htmx:afterSwap", "htmx:oobAfterSwap"]) document.addEventListener(swapped, giveBack);
