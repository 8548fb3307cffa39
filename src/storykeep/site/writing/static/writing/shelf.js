// Chapters and the works of a series are put in order in place: by dragging their grip with mouse, finger or pen, or with the
// arrows beside them. Each move is saved at once and said aloud. Without this file the arrows do the same, a page at a time.

const EDGE = 60, STEP = 12; // pixels: how near to the edge of the window the page begins to move, and how far at once

class Shelf {
  constructor(form) {
    this.form = form;
    this.list = form.querySelector("ol");
    this.said = document.createElement("p");
    this.said.className = "help";
    this.said.setAttribute("role", "status");
    this.list.after(this.said);
    for (const item of this.items) item.prepend(this.grip(item));
    form.addEventListener("click", (event) => this.click(event));
    this.saving = Promise.resolve();
  }

  get items() { return [...this.list.children]; }

  name(item) { return item.querySelector("bdi").textContent; }

  grip(item) {
    const grip = document.createElement("span");
    grip.className = "grip";
    grip.setAttribute("aria-hidden", "true"); // the arrows are for keys and screen readers
    grip.addEventListener("pointerdown", (event) => this.begin(event, item, grip));
    return grip;
  }

  // ── arrows
  click(event) {
    const button = event.target.closest("button[name=move]");
    if (!button) return;
    event.preventDefault();
    const item = button.closest("li"), up = button.value.startsWith("up:");
    const other = up ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    item[up ? "after" : "before"](other); // the others move around it: so it keeps the focus, or the finger
    this.moved(item);
    (button.disabled ? item.querySelector("button[name=move]:not(:disabled)") : button)?.focus();
  }

  // ── dragging
  begin(event, item, grip) {
    if (event.button) return;
    event.preventDefault();
    const before = this.items;
    grip.setPointerCapture(event.pointerId);
    item.classList.add("dragged");
    const move = (at) => this.follow(at.clientY, item);
    const key = (pressed) => { if (pressed.key === "Escape") done(false); };
    const drop = () => done(true), leave = () => done(false);
    const done = (kept) => {
      grip.removeEventListener("pointermove", move);
      grip.removeEventListener("pointerup", drop);
      grip.removeEventListener("pointercancel", leave);
      removeEventListener("keydown", key);
      item.classList.remove("dragged");
      if (!kept) this.around(item, before);
      else if (this.items.indexOf(item) !== before.indexOf(item)) this.moved(item);
    };
    grip.addEventListener("pointermove", move);
    grip.addEventListener("pointerup", drop);
    grip.addEventListener("pointercancel", leave);
    addEventListener("keydown", key);
  }

  follow(y, item) {
    if (y < EDGE) scrollBy(0, -STEP);
    else if (y > innerHeight - EDGE) scrollBy(0, STEP);
    const items = this.items, at = items.indexOf(item);
    const middle = (other) => { const { top, height } = other.getBoundingClientRect(); return top + height / 2; };
    const above = items.filter((other, n) => other !== item && (n < at ? y >= middle(other) : y > middle(other)));
    const order = [...above, item, ...items.filter((other) => other !== item && !above.includes(other))];
    if (order.some((other, n) => other !== items[n])) this.around(item, order);
  }

  // Puts all others before or after an item, which itself stays where the finger holds it.
  around(item, order) {
    const at = order.indexOf(item);
    item.before(...order.slice(0, at));
    item.after(...order.slice(at + 1));
  }

  // ── what became of it
  moved(item) {
    const items = this.items;
    items.forEach((each, at) => {
      const [up, down] = each.querySelectorAll("button[name=move]");
      up.disabled = at === 0;
      down.disabled = at === items.length - 1;
    });
    this.said.textContent = `“${this.name(item)}” is number ${items.indexOf(item) + 1} of ${items.length} now.`;
    this.saving = this.saving.then(() => this.save());
  }

  // Saves the order; where the archive does not take it, the form goes there as a page, which says what to do.
  async save() {
    const answer = await fetch(this.form.action, { method: "POST", body: new FormData(this.form), headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer) { this.said.textContent = "You are offline, so the new order is not saved. Move it once more when you are back."; return; }
    if (!answer.ok) { this.form.requestSubmit(); return; }
    const { names, notes } = await answer.json();
    for (const each of this.items) {
      const ref = each.querySelector("input").value;
      if (names?.[ref]) each.querySelector("bdi").textContent = names[ref];
      if (notes?.[ref]) each.querySelector("small").textContent = notes[ref];
    }
  }
}

for (const form of document.querySelectorAll("form[data-order]")) new Shelf(form);
