/* Two pictures laid over one another, with a handle between them: <div class="compare" data-compare>. */

function lay(box) {
  const range = box.querySelector("input[type=range]");
  if (!range || box.classList.contains("is-live")) return;
  box.classList.add("is-live");
  const split = () => box.style.setProperty("--split", `${range.value}%`);
  range.addEventListener("input", split);
  split();
}

function layAll() {
  for (const box of document.querySelectorAll("[data-compare]")) lay(box);
}

layAll();
document.addEventListener("htmx:load", layAll);
