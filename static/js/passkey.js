/* Passkeys: <form data-passkey="create"> has the browser make one, <form data-passkey="get"> asks for
 * one; the answer goes into the form's field `credential`, and the form is sent. What to ask for stands
 * in the page, <script id="passkey-options" type="application/json">, or else at the form's address.
 * What goes wrong is said in the form, <div role="alert" data-said>. The form's button is disabled until
 * this file is there: a form that is sent without it has nothing to say.
 */

const TRY_AGAIN = "That did not work. Please load the page again and try once more.";
const WRONG = {
  create: {
    NotAllowedError: "No passkey was made: it was cancelled, or it took too long. You can try again.",
    InvalidStateError: "There is a passkey of yours already where you want to keep this one.",
    ConstraintError: "A passkey cannot be kept there without a finger, a face or a PIN. Is there a screen lock?",
    NotSupportedError: "A passkey cannot be kept there. Please choose another place.",
  },
  get: {
    NotAllowedError: "No passkey was used: it was cancelled, it took too long, or there is none. You can try again.",
  },
};

/** Trouble with words for the person in front of the browser. */
class Said extends Error {}

// base64url, which JSON carries, to bytes and back.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const withBytes = (credential) => ({ ...credential, id: bytes(credential.id) });

function readable({ challenge, user, allowCredentials, excludeCredentials, ...rest }) {
  const options = { ...rest, challenge: bytes(challenge) };
  if (user) options.user = withBytes(user);
  if (allowCredentials?.length) options.allowCredentials = allowCredentials.map(withBytes);
  if (excludeCredentials) options.excludeCredentials = excludeCredentials.map(withBytes);
  return options;
}

const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

function sendable(credential) {
  const parts = PARTS.filter((name) => credential.response[name]);
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: Object.fromEntries(parts.map((name) => [name, text(credential.response[name])])),
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

/* What stands in the way, in words. */

function unable() {
  if (!window.isSecureContext) return "Passkeys need https: your browser keeps none for this address.";
  if (!window.PublicKeyCredential) return "Your browser does not know passkeys. Another one may.";
  return "";
}

function elsewhere(host) {
  if (host === location.hostname) return "Passkeys need an address with a name, and this one has only numbers.";
  return `Passkeys of this site work only at ${host}.`;
}

function words(error, kind, host) {
  if (error instanceof Said) return error.message;
  if (error.name === "SecurityError") return elsewhere(host);
  return WRONG[kind][error.name] ?? TRY_AGAIN;
}

function say(form, sentence) {
  const place = form.querySelector("[data-said]");
  place.replaceChildren();
  if (!sentence) return;
  const list = document.createElement("ul");
  list.className = "errors";
  const item = document.createElement("li");
  item.textContent = sentence;
  list.append(item);
  place.append(list);
}

/* The way through. */

async function optionsFor(form) {
  const given = document.getElementById("passkey-options");
  if (given) return JSON.parse(given.textContent).publicKey;
  let answer;
  try {
    answer = await fetch(form.action, { headers: { Accept: "application/json" }, cache: "no-store" });
  } catch {
    throw new Said("The connection is gone. Please try again.");
  }
  if (answer.status === 429) throw new Said("That was a little fast. Please wait a minute, then try again.");
  return (await answer.json()).request_options.publicKey;
}

async function ask(form) {
  const kind = form.dataset.passkey;
  let host;
  try {
    if (unable()) throw new Said(unable());
    const options = await optionsFor(form);
    host = options.rpId ?? options.rp.id;
    form.elements.credential.value = sendable(await navigator.credentials[kind]({ publicKey: readable(options) }));
    return true;
  } catch (error) {
    say(form, words(error, kind, host));
    return false;
  }
}

function asking(form, isAsking) {
  for (const button of form.querySelectorAll("button")) button.disabled = isAsking;
  form.setAttribute("aria-busy", String(isAsking));
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-passkey]")) return;
  event.preventDefault();
  say(form, "");
  asking(form, true);
  if (await ask(form)) form.submit();
  else asking(form, false);
});

function ready() {
  for (const form of document.querySelectorAll("form[data-passkey]")) asking(form, false);
}
ready();
// A page that comes back from the browser's memory was left while it was being sent.
addEventListener("pageshow", ready);

// Whoever comes to add one hears at once that it is not possible.
for (const form of document.querySelectorAll("form[data-passkey=create]")) if (unable()) say(form, unable());
