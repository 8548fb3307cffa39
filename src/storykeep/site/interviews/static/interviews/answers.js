// The page on which an author answers: an editor for each question, and saving by itself, as at the writing desk.

import { Autosave } from "../writing/autosave.js";
import { Pad } from "../writing/pad.js";

// All the editors of a page, as the one that saving asks. Each keeps its plain field up to date, and that is sent.
class Pads {
  constructor(form, changed) {
    this.pads = [...form.querySelectorAll("[data-pad]")].map((root) => {
      const pad = new Pad(root, () => { pad.toForm(); changed(); });
      pad.toForm();
      return pad;
    });
  }

  text() { return null; }
  toForm() {}

  // What was left behind on this device stands in the plain fields; the editors show it.
  filled() {
    for (const pad of this.pads) pad.show({ body: pad.field.value, entry: "html" });
  }
}

const form = document.querySelector("form[data-answers]");
if (form) {
  let saving;
  const pads = new Pads(form, () => saving?.changed());
  saving = new Autosave(form, pads);
}
