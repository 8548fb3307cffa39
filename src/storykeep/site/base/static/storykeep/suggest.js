// The search box tells, while one types, which titles, authors, series and subjects may be meant. Enter still searches.
//
//   <input type="search" data-suggest="/search/suggest">   the address answers ?q=… with {"names": [{kind, words, by, url, count}]}
//
// Keys (ARIA 1.2 combobox): down and up walk the list, Enter opens what is marked or searches, Escape closes the list.

const WAIT = 120; // milliseconds of quiet before asking
let count = 0;

function make(name, attributes = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
}

class Suggestions {
  constructor(input) {
    count += 1;
    Object.assign(this, { input, names: [], at: -1, id: `suggested-${count}` });
    this.list = make("ul", { role: "listbox", id: this.id, class: "tagfield-offers suggested", "aria-label": "Suggestions" });
    this.list.hidden = true;
    this.status = make("span", { role: "status", class: "visually-hidden" });
    const box = make("span", { class: "tagfield" });
    input.before(box);
    box.append(input, this.list, this.status);
    for (const [key, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.id,
    })) input.setAttribute(key, value);
    input.addEventListener("input", () => this.soon());
    input.addEventListener("blur", () => this.close());
    input.addEventListener("keydown", (event) => this.key(event));
    input.form?.addEventListener("submit", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.go(Number(option.dataset.at));
    });
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    this.asking?.abort();
    const typed = this.input.value.trim();
    if (typed.length < 2 && !/[^\u0000-\u2fff]/.test(typed)) return this.close();
    this.asking = new AbortController();
    const address = new URL(this.input.dataset.suggest, location.href);
    address.searchParams.set("q", typed);
    try {
      const answer = await fetch(address, { signal: this.asking.signal });
      if (answer.ok) this.show((await answer.json()).names);
    } catch (error) {
      if (error.name !== "AbortError") this.close(); // no answer: the box is a plain one
    }
  }

  show(names) {
    if (document.activeElement !== this.input) return;
    this.names = names;
    this.list.replaceChildren(...names.map((name, at) => this.option(name, at)));
    this.mark(-1);
    this.open(names.length > 0);
    this.status.textContent = names.length ? `${names.length === 1 ? "1 suggestion" : `${names.length} suggestions`}. Up and down to choose.` : "";
  }

  option(name, at) {
    const words = make("span", { class: "words" }, make("bdi", {}, name.words));
    if (name.by) words.append(" ", make("small", {}, "by ", make("bdi", {}, name.by)));
    const after = make("span", { class: "count" }, name.count ? `${name.kind} · ${name.count}` : name.kind);
    return make("li", { role: "option", id: `${this.id}-${at}`, "data-at": at, "aria-selected": "false" }, words, after);
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
      this.input.setAttribute("aria-activedescendant", `${this.id}-${at}`);
      this.list.children[at].scrollIntoView({ block: "nearest" });
    }
  }

  go(at) {
    location.assign(this.names[at].url);
  }

  key(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !this.list.hidden) {
      event.preventDefault();
      this.mark((this.at + 1 + step + this.names.length + 1) % (this.names.length + 1) - 1);
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      this.ask();
    } else if (event.key === "Enter" && this.at >= 0) {
      event.preventDefault();
      this.go(this.at);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    }
  }
}

for (const input of document.querySelectorAll("input[data-suggest][type=search]")) new Suggestions(input);
