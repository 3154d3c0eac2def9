/* A picture's file dropped on the playground's page goes to the form's own file field, <input
 * data-recall>, whose change fills in the form. Anywhere on the page: beside the form, the browser
 * would leave for the file, and what was typed would be gone.
 */

const holdsFile = (event) => event.dataTransfer?.types.includes("Files");
const field = () => document.querySelector("input[type=file][data-recall]");

function show(isOver) {
  field()?.form.classList.toggle("is-dropping", isOver);
}

document.addEventListener("dragover", (event) => {
  if (!holdsFile(event) || !field()) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  show(true);
});

document.addEventListener("dragleave", (event) => {
  // Between two elements of the page there is another one; outside of it there is none.
  if (!event.relatedTarget) show(false);
});

// What was filled in is said at the top of the form, and the field may be far below.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.requestConfig?.elt.matches("[data-recall]")) document.querySelector(".recalled")?.focus();
});

document.addEventListener("drop", (event) => {
  const input = field();
  if (!holdsFile(event) || !input) return;
  event.preventDefault();
  show(false);
  const [file] = event.dataTransfer.files;
  if (!file) return;
  const one = new DataTransfer();
  one.items.add(file);
  input.files = one.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
