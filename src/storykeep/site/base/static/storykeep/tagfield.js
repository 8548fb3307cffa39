// A field for tags, with suggestions. Without this file it is a plain field, and the form works the same.
//
// How a form uses it:
//   <label for="f">Pairings</label>
//   <textarea id="f" name="tags_pairing" data-tagfield="pairing" data-many></textarea>   several: one name a line
//   <input id="g" name="tags_rating" data-tagfield="rating">                             one name
//   <script type="module" src="{% static "storykeep/tagfield.js" %}"></script>
//
//   data-tagfield   key of the kind whose tags are offered; empty for all kinds
//   data-many       several tags: they become a list above the field; the textarea keeps one name a line
//   data-closed     only tags that are offered may be chosen
//   data-ids        the field holds ids of tags, not names; begin with data-names: the names, one a line, same order
//   data-suggest    address that answers ?kind=…&q=… with {"tags": [{id, kind, name, count}]}; /tags/suggest
//   data-ask        parameter of that address that takes what is typed, where it has a kind and a q of its own
//
// A choice sends the event "tagfield:choose" from the field (detail: {id, kind, name, count}), taking one away
// "tagfield:remove"; both bubble, and "input" and "change" follow. Fields that are added later: enhance(element).
//
// Keys (ARIA 1.2 combobox): down and up walk the list, Enter takes, Escape closes it, then empties; a comma or Enter
// takes what is typed as it is; Backspace in an empty field goes to the last tag; on a tag, left and right walk,
// Alt with left or right moves it, Delete takes it away.

const WAIT = 120; // milliseconds of quiet before asking
let count = 0;

export function enhance(field) {
  if (field.dataset.enhanced !== undefined) return;
  field.dataset.enhanced = "";
  if (field.dataset.many !== undefined) new Many(field);
  else new Offers(field, field, (tag) => take(field, field.dataset.ids === undefined ? tag.name : tag.id, tag));
}

function take(field, value, tag) {
  field.value = value;
  tell(field, "tagfield:choose", tag);
}

function tell(field, name, tag) {
  field.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: tag }));
  for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
}

function make(name, attributes = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
}

// The list under a field: what is offered for what is typed.
class Offers {
  constructor(input, field, choose) {
    Object.assign(this, { input, field, choose, tags: [], at: -1, number: (count += 1) });
    const id = `tagfield-${this.number}`;
    this.list = make("ul", { role: "listbox", id, class: "tagfield-offers", "aria-label": "Tags" });
    this.status = make("span", { role: "status", class: "visually-hidden" });
    this.list.hidden = true;
    const box = make("span", { class: "tagfield" });
    input.before(box);
    box.append(input, this.list, this.status);
    for (const [key, value] of Object.entries({
      role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id,
    })) input.setAttribute(key, value);
    input.addEventListener("input", (event) => event.isTrusted && this.soon());
    input.addEventListener("focus", () => this.input.value === "" && this.field.dataset.tagfield && this.soon());
    input.addEventListener("blur", () => this.close());
    input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.pick(Number(option.dataset.at));
    });
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    this.asking?.abort();
    this.asking = new AbortController();
    const address = new URL(this.field.dataset.suggest || "/tags/suggest", location.href);
    if (!this.field.dataset.ask) address.searchParams.set("kind", this.field.dataset.tagfield || "");
    address.searchParams.set(this.field.dataset.ask || "q", this.input.value.trim());
    try {
      const answer = await fetch(address, { signal: this.asking.signal });
      if (answer.ok) this.show((await answer.json()).tags);
    } catch (error) {
      if (error.name !== "AbortError") this.close(); // no answer: the field is a plain one
    }
  }

  show(tags) {
    if (document.activeElement !== this.input) return;
    this.tags = tags;
    this.list.replaceChildren(...tags.map((tag, at) => this.option(tag, at)));
    this.mark(-1);
    this.open(tags.length > 0);
    const how = tags.length === 1 ? "1 tag" : `${tags.length || "No"} tags`;
    this.status.textContent = tags.length ? `${how}. Up and down to choose.` : `${how} called so.`;
  }

  option(tag, at) {
    const kind = this.field.dataset.tagfield ? [] : [make("small", {}, tag.kind)];
    const number = make("span", { class: "count" }, String(tag.count));
    number.append(make("span", { class: "visually-hidden" }, tag.count === 1 ? " work" : " works"));
    const id = `${this.list.id}-${at}`;
    return make("li", { role: "option", id, "data-at": at, "aria-selected": "false" }, make("bdi", {}, tag.name), ...kind, number);
  }

  open(yes) {
    this.list.hidden = !yes;
    this.input.setAttribute("aria-expanded", String(yes));
  }

  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.open(false);
    this.mark(-1);
  }

  mark(at) {
    this.at = at;
    for (const option of this.list.children) option.setAttribute("aria-selected", String(Number(option.dataset.at) === at));
    if (at < 0) this.input.removeAttribute("aria-activedescendant");
    else {
      this.input.setAttribute("aria-activedescendant", `${this.list.id}-${at}`);
      this.list.children[at].scrollIntoView({ block: "nearest" });
    }
  }

  pick(at) {
    this.choose(this.tags[at]);
    this.close();
  }

  key(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !event.altKey) {
      event.preventDefault();
      if (this.list.hidden) this.ask();
      else this.mark((this.at + 1 + step + this.tags.length + 1) % (this.tags.length + 1) - 1);
    } else if (event.key === "Enter" && this.at >= 0) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.pick(this.at);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Escape") {
      this.input.value = "";
    } else if (event.key === "Tab" && this.at >= 0) {
      this.pick(this.at);
    }
  }
}

// Several tags: a list of what was chosen, and a field for one more. The textarea is what the form sends.
class Many {
  constructor(field) {
    this.field = field;
    const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
    const names = field.dataset.ids === undefined ? field.value : field.dataset.names || "";
    const values = lines(field.value);
    this.tags = lines(names).map((name, at) => ({ name, value: values[at] }));
    this.chosen = make("ul", { class: "tagfield-chosen", role: "list" });
    this.input = make("input", { type: "text", class: "tagfield-next", id: `${field.id || "tags"}-next` });
    const label = field.id && document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    if (label) label.htmlFor = this.input.id;
    else this.input.setAttribute("aria-label", field.getAttribute("aria-label") || "Tags");
    for (const name of ["aria-describedby", "aria-invalid", "placeholder"]) {
      if (field.hasAttribute(name)) this.input.setAttribute(name, field.getAttribute(name));
    }
    field.hidden = true;
    field.before(this.chosen, this.input);
    this.offers = new Offers(this.input, field, (tag) => this.add(tag));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.typed());
    this.chosen.addEventListener("keydown", (event) => this.walk(event));
    this.draw();
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && this.input.value.trim()) {
      event.preventDefault();
      this.typed();
    } else if (event.key === "," && this.field.dataset.closed === undefined) {
      event.preventDefault();
      this.typed();
    } else if (event.key === "Backspace" && !this.input.value && this.tags.length) {
      event.preventDefault();
      this.chosen.lastElementChild.querySelector("button").focus();
    }
  }

  typed() {
    const name = this.input.value.trim();
    if (!name) return;
    const same = (tag) => tag.name.toLowerCase() === name.toLowerCase();
    const offered = this.offers.tags.find(same);
    const closed = this.field.dataset.closed !== undefined || this.field.dataset.ids !== undefined;
    if (offered) this.add(offered);
    else if (!closed) this.add({ name, kind: this.field.dataset.tagfield });
    this.offers.close();
  }

  add(tag) {
    const value = String(this.field.dataset.ids === undefined ? tag.name : tag.id);
    this.input.value = "";
    if (this.tags.some((each) => each.value === value)) return;
    this.tags.push({ name: tag.name, value });
    this.keep("tagfield:choose", tag);
    this.offers.status.textContent = `${tag.name} added.`;
  }

  remove(at) {
    const [gone] = this.tags.splice(at, 1);
    this.keep("tagfield:remove", gone);
    this.offers.status.textContent = `${gone.name} taken away.`;
    const next = this.chosen.children[Math.min(at, this.tags.length - 1)];
    (next?.querySelector("button") || this.input).focus();
  }

  move(at, step) {
    const to = at + step;
    if (to < 0 || to >= this.tags.length) return;
    this.tags.splice(to, 0, ...this.tags.splice(at, 1));
    this.keep("tagfield:move", this.tags[to]);
    this.offers.status.textContent = `${this.tags[to].name} is number ${to + 1} of ${this.tags.length}.`;
    this.chosen.children[to].querySelector("button").focus();
  }

  walk(event) {
    const at = [...this.chosen.children].indexOf(event.target.closest("li"));
    const rtl = getComputedStyle(this.chosen).direction === "rtl" ? -1 : 1;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] * rtl;
    if (step && event.altKey) this.move(at, step);
    else if (step) (this.chosen.children[at + step]?.querySelector("button") || (step > 0 ? this.input : null))?.focus();
    else if (event.key === "Delete" || event.key === "Backspace") this.remove(at);
    else return;
    event.preventDefault();
  }

  keep(name, tag) {
    this.field.value = this.tags.map((each) => each.value).join("\n");
    this.draw();
    tell(this.field, name, tag);
  }

  draw() {
    this.chosen.hidden = this.tags.length === 0;
    this.chosen.replaceChildren(...this.tags.map((tag, at) => {
      const button = make("button", { type: "button", "aria-label": `Take away ${tag.name}` }, "×");
      button.addEventListener("click", () => this.remove(at));
      return make("li", {}, make("bdi", {}, tag.name), button);
    }));
  }
}

for (const field of document.querySelectorAll("[data-tagfield]")) enhance(field);
