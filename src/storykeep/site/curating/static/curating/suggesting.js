// The archivist's copy of a text: the editor of the writers' desk, and a question before a page full of edits is left.
// Without this file the copy is edited in the plain field that stands there.

import { Pad } from "../writing/pad.js";

const form = document.querySelector("form[data-suggesting]");
const root = form?.querySelector("[data-pad]");
let changed = false, sending = false;

if (root) {
  const pad = new Pad(root, () => { changed = true; });
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { pad.toForm(); sending = true; });
  addEventListener("beforeunload", (event) => { if (changed && !sending) event.preventDefault(); });
}
