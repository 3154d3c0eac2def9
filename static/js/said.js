/* What the API said of one field of a request, <p data-said-of="seed" data-typed="…" data-words="…"> on
 * its card, stands at the form's field as well: from when the card arrives for as long as the field
 * holds what was sent.
 */

const fieldOf = (name) =>
  [...document.querySelectorAll(`form[data-generate] [name="${CSS.escape(name)}"]`)].find(
    (each) => each.type !== "hidden" && !each.closest("noscript") && (each.type !== "radio" || each.checked),
  );

const placeOf = (field) => field.closest(".field, fieldset");

// What a screen reader says of it: to radio buttons it belongs as a group.
const described = (field) => (field.type === "radio" ? placeOf(field) : field);

function say({ saidOf: name, typed, words }) {
  const field = fieldOf(name);
  if (!field || field.value.trim() !== typed.trim()) return;
  const place = placeOf(field);
  forget(place);
  const list = document.createElement("ul");
  list.id = `id_${name}_error`;
  list.className = "errors";
  const item = document.createElement("li");
  item.textContent = words;
  list.append(item);
  place.append(list);
  place.classList.add("field-wrong");
  place.dataset.said = "";
  const owner = described(field);
  owner.setAttribute("aria-describedby", `${owner.getAttribute("aria-describedby") ?? ""} ${list.id}`.trim());
  field.setAttribute("aria-invalid", "true");
  const more = place.closest("details");
  if (more) more.open = true;
}

function forget(place) {
  const list = place.querySelector(".errors");
  list?.remove();
  place.classList.remove("field-wrong");
  delete place.dataset.said;
  for (const each of [place, ...place.querySelectorAll("[aria-describedby]")]) {
    const ids = (each.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id !== list?.id);
    if (ids.join("")) each.setAttribute("aria-describedby", ids.join(" "));
    else each.removeAttribute("aria-describedby");
  }
  for (const each of place.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
}

document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  // What the page begins with is past: its form is another one than the one that asked.
  if (elt === document.body) return;
  for (const each of elt.querySelectorAll?.("[data-said-of]") ?? []) say(each.dataset);
});

document.addEventListener("input", (event) => {
  const place = event.target.closest?.("form[data-generate] [data-said]");
  if (place) forget(place);
});
