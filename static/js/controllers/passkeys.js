/* Passkeys: hands the server's options to the browser and the browser's answer to the form.
   <button data-passkey="get|create" data-passkey-form="ID" data-passkey-options="JSON-SCRIPT-ID" …>
   With data-passkey-url instead of data-passkey-options the options are fetched when pressed. */

import { on } from "../lib/dom.js";

async function optionsOf(button) {
  const { passkeyUrl, passkeyOptions } = button.dataset;
  if (!passkeyUrl) return JSON.parse(document.getElementById(passkeyOptions).textContent);
  const answer = await fetch(passkeyUrl, { headers: { Accept: "application/json" }, redirect: "error" });
  return (await answer.json()).request_options;
}

async function credential(kind, options) {
  const { publicKey } = options;
  if (kind === "create") {
    return navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey),
    });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

/* A passkey that opens without a second question needs the flag in the options, so it is set on the fly. */
function adapt(options, form) {
  const without = form.elements.passwordless;
  if (without && options.publicKey?.authenticatorSelection) {
    options.publicKey.authenticatorSelection.residentKey = without.checked ? "required" : "discouraged";
    options.publicKey.authenticatorSelection.requireResidentKey = without.checked;
  }
  return options;
}

async function use(button) {
  const form = document.getElementById(button.dataset.passkeyForm);
  const problem = document.getElementById(button.dataset.passkeyProblem);
  try {
    const options = adapt(await optionsOf(button), form);
    const answer = await credential(button.dataset.passkey, options);
    form.elements.credential.value = JSON.stringify(answer);
    form.submit();
  } catch (error) {
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    if (problem) problem.hidden = false; // cancelled or unknown: say so, the password still works
  }
}

export function start() {
  on("click", "[data-passkey]", (event, button) => {
    event.preventDefault();
    use(button);
  });
}
