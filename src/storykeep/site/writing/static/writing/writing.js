// The page on which a text is written: the editor, saving by itself, moving chapters by hand.

import "./clock.js";
import { Autosave } from "./autosave.js";
import { Pad } from "./pad.js";
import "./shelf.js";

const form = document.querySelector("form[data-writing]");
if (form) {
  let saving;
  const root = form.querySelector("[data-pad]");
  const pad = root ? new Pad(root, () => saving?.changed()) : null;
  saving = new Autosave(form, pad);
}
