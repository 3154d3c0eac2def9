/* Blind choices by key: ← and → take the picture on that side, ↓ says "I can't tell". */

const CHOICES = { ArrowLeft: "left", ArrowRight: "right", ArrowDown: "neither" };

document.addEventListener("keydown", (event) => {
  const choice = CHOICES[event.key];
  if (!choice || event.repeat || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest?.("[popover]:popover-open")) return;
  const form = document.querySelector("form[data-choose]");
  const button = form?.querySelector(`button[value="${choice}"]`);
  if (!button || form.classList.contains("htmx-request")) return;
  event.preventDefault();
  button.click();
});
