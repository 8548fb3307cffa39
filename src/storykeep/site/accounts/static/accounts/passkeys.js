// Passkeys: the browser makes or uses a key, and the form carries what it said to the server.
// A form says what it wants: data-passkey="make", "ask" (both with their options in the page) or "sign-in"
// (the options are fetched when the button is pressed, so that they are fresh).

const WORDS = {
  NotAllowedError: "That was stopped, or it took too long. You can try again.",
  InvalidStateError: "This device has a passkey for you already.",
  NotSupportedError: "This device can’t make such a passkey.",
  SecurityError: "Passkeys don’t work at this address: they need https, or localhost.",
}

const unpack = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0))
const pack = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
const unpackId = (known) => ({ ...known, id: unpack(known.id) })

for (const form of document.querySelectorAll("form[data-passkey]")) ready(form)

function ready(form) {
  const button = form.querySelector("button")
  const words = form.querySelector("[data-passkey-words]")
  words.setAttribute("role", "status")
  if (!window.PublicKeyCredential) {
    words.textContent = "This browser has no passkeys."
    return
  }
  words.textContent = ""
  button.hidden = false
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return
    event.preventDefault()
    words.textContent = ""
    try {
      form.elements.credential.value = JSON.stringify(await answer(form))
      form.requestSubmit()
    } catch (error) {
      words.textContent = WORDS[error.name] ?? "That did not work. You can try again."
    }
  })
}

async function answer(form) {
  if (form.dataset.passkey === "make") return make(options(form).creation_options.publicKey, form)
  const given = form.dataset.passkey === "ask" ? options(form) : await fresh(form)
  return use(given.request_options.publicKey)
}

const options = (form) => JSON.parse(form.querySelector("#passkey-options").textContent)

async function fresh(form) {
  const response = await fetch(form.action, { headers: { Accept: "application/json" } })
  if (!response.ok) throw new Error("no options")
  return response.json()
}

async function make(given, form) {
  const alone = form.elements.passwordless.checked
  const publicKey = {
    ...given,
    challenge: unpack(given.challenge),
    user: unpackId(given.user),
    excludeCredentials: (given.excludeCredentials ?? []).map(unpackId),
    authenticatorSelection: {
      ...given.authenticatorSelection,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      ...(alone && { userVerification: "required" }),
    },
  }
  const key = await navigator.credentials.create({ publicKey })
  const { response } = key
  return {
    ...common(key),
    response: {
      clientDataJSON: pack(response.clientDataJSON),
      attestationObject: pack(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  }
}

async function use(given) {
  const publicKey = {
    ...given,
    challenge: unpack(given.challenge),
    allowCredentials: (given.allowCredentials ?? []).map(unpackId),
  }
  const key = await navigator.credentials.get({ publicKey })
  const { response } = key
  return {
    ...common(key),
    response: {
      clientDataJSON: pack(response.clientDataJSON),
      authenticatorData: pack(response.authenticatorData),
      signature: pack(response.signature),
      userHandle: response.userHandle && pack(response.userHandle),
    },
  }
}

const common = (key) => ({
  type: key.type,
  id: key.id,
  rawId: pack(key.rawId),
  authenticatorAttachment: key.authenticatorAttachment,
  clientExtensionResults: key.getClientExtensionResults(),
})
