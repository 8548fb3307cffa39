// What is typed into a small form stays on this device until it is sent: closing the tab, going back, a crash or a lost
// session takes none of it. (The text of a work has more than that: see autosave.js.)

const DAYS = 7, WAIT = 300, BEGINNING = "storykeep-kept|";
const secret = (field) => !field.name || field.type === "hidden" || field.type === "file" || field.dataset.notKept !== undefined;

function typed(form) {
  const found = {};
  for (const field of form.elements) {
    if (secret(field) || field.tagName === "BUTTON") continue;
    const ticks = field.type === "checkbox" || field.type === "radio";
    if (!ticks) found[field.name] = [field.value];
    else if (field.checked) (found[field.name] ??= []).push(field.value);
    else found[field.name] ??= [];
  }
  return found;
}

function fill(form, values) {
  for (const field of form.elements) {
    if (secret(field) || !(field.name in values)) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = values[field.name].includes(field.value);
    else field.value = values[field.name][0] ?? "";
  }
}

class Kept {
  constructor(form) {
    this.form = form;
    this.key = `${BEGINNING}${location.pathname}|${form.dataset.kept}`;
    this.shown = JSON.stringify(typed(form));
    for (const name of ["input", "change"]) form.addEventListener(name, () => { this.later ??= setTimeout(() => this.keep(), WAIT); });
    form.addEventListener("submit", () => this.keep(true));
    addEventListener("pagehide", () => this.later && this.keep());
    this.bringBack();
  }

  keep(sent = false) {
    clearTimeout(this.later);
    this.later = undefined;
    const values = JSON.stringify(typed(this.form));
    try {
      if (values === this.shown) localStorage.removeItem(this.key);
      else localStorage.setItem(this.key, JSON.stringify({ values, sent, at: Date.now() }));
    } catch { /* no room, or not allowed: the form works as every form does */ }
  }

  // What was sent is done with, unless one comes back to this very page: then it may not have arrived.
  bringBack() {
    let record = null;
    try { record = JSON.parse(localStorage.getItem(this.key)); } catch { return; }
    if (!record) return;
    const [entry] = performance.getEntriesByType("navigation");
    const back = entry?.type === "back_forward" || entry?.type === "reload";
    const over = Date.now() - record.at > DAYS * 86_400_000 || (record.sent && !back) || record.values === this.shown;
    if (over) { localStorage.removeItem(this.key); return; }
    fill(this.form, JSON.parse(record.values));
    this.tell();
  }

  tell() {
    const note = document.createElement("p"), button = document.createElement("button");
    note.className = "notice";
    note.setAttribute("role", "status");
    Object.assign(button, { type: "button", className: "link-like", textContent: "Throw it away" });
    button.addEventListener("click", () => { localStorage.removeItem(this.key); location.replace(location.pathname); });
    note.append("What you typed here was not sent. It is back, just as you left it. ", button);
    this.form.prepend(note);
  }
}

for (const form of document.querySelectorAll("form[data-kept]")) new Kept(form);
