// Find and replace, in the editor and in the source.

import { Decoration, DecorationSet, Plugin, PluginKey, TextSelection } from "./prosemirror.js";
import { element } from "./tools.js";

const key = new PluginKey("finding");

export function marksOfFinding() {
  return new Plugin({
    key,
    state: { init: () => DecorationSet.empty, apply: (change, old) => change.getMeta(key) ?? old.map(change.mapping, change.doc) },
    props: { decorations: (state) => key.getState(state) },
  });
}

export class Finder {
  constructor(pad) {
    this.pad = pad;
    this.at = -1;
    this.what = element("input", { type: "search", "aria-label": "Find", placeholder: "Find", dir: "auto" });
    this.by = element("input", { type: "text", "aria-label": "Replace with", placeholder: "Replace with", dir: "auto" });
    this.said = element("span", { role: "status" });
    const acts = [["Next", () => this.next()], ["Replace", () => this.replace()], ["Replace all", () => this.replaceAll()], ["Close", () => this.close()]];
    this.box = element("div", { class: "pad-find", role: "search", "aria-label": "Find and replace" }, this.what, this.by, ...acts.map(([words, act]) => button(words, act)), this.said);
    this.box.hidden = true;
    pad.field.before(this.box);
    for (const name of ["input", "change"]) this.box.addEventListener(name, (event) => event.stopPropagation());
    this.what.addEventListener("input", () => { this.at = -1; this.find(); });
    this.box.addEventListener("keydown", (event) => this.key(event));
    pad.root.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f") { event.preventDefault(); this.open(); }
    });
  }

  open() {
    this.box.hidden = false;
    this.what.focus();
    this.what.select();
    this.find();
  }

  close() {
    this.box.hidden = true;
    this.mark([]);
    if (this.pad.now === "editor") this.pad.view.focus(); else this.pad.field.focus();
  }

  key(event) {
    if (event.key === "Enter") { event.preventDefault(); if (event.target === this.by) this.replace(); else if (event.target === this.what) this.next(); }
    if (event.key === "Escape") this.close();
  }

  // Where the words stand: [from, to], in the editor's positions or the source's.
  find() {
    const wanted = this.what.value.toLowerCase();
    const found = [];
    if (wanted && this.pad.now === "editor") {
      this.pad.view.state.doc.descendants((node, start) => {
        if (!node.isTextblock) return;
        const text = node.textBetween(0, node.content.size, "\ufffc", "\ufffc").toLowerCase();
        for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) found.push([start + 1 + at, start + 1 + at + wanted.length]);
      });
    } else if (wanted) {
      const text = this.pad.field.value.toLowerCase();
      for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) found.push([at, at + wanted.length]);
    }
    this.found = found;
    this.mark(found);
    this.said.textContent = wanted ? (found.length === 1 ? "1 place" : `${found.length || "No"} places`) : "";
    return found;
  }

  mark(found) {
    if (this.pad.now !== "editor") return;
    const { state } = this.pad.view;
    const set = DecorationSet.create(state.doc, found.map(([from, to], at) => Decoration.inline(from, to, { class: at === this.at ? "found here" : "found" })));
    this.pad.view.dispatch(state.tr.setMeta(key, set));
  }

  next() {
    const found = this.find();
    if (!found.length) return;
    this.at = (this.at + 1) % found.length;
    this.choose(found[this.at]);
    this.mark(found);
    this.said.textContent = `${this.at + 1} of ${found.length}`;
  }

  choose([from, to]) {
    if (this.pad.now === "editor") {
      const { state } = this.pad.view;
      this.pad.view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, from, to)).scrollIntoView());
      this.pad.view.domAtPos(from).node.parentElement?.scrollIntoView({ block: "nearest" });
    } else this.pad.field.setSelectionRange(from, to);
  }

  replace() {
    const found = this.find();
    if (this.at < 0 || !found[this.at]) return this.next();
    this.put([found[this.at]]);
    this.at -= 1;
    this.next();
  }

  replaceAll() {
    const found = this.find();
    this.put(found);
    this.find();
    this.said.textContent = found.length === 1 ? "1 replaced" : `${found.length} replaced`;
  }

  put(places) {
    const by = this.by.value;
    if (this.pad.now === "editor") {
      const change = this.pad.view.state.tr;
      for (const [from, to] of [...places].reverse()) change.insertText(by, from, to);
      return this.pad.view.dispatch(change);
    }
    for (const [from, to] of [...places].reverse()) this.pad.field.setRangeText(by, from, to);
    this.pad.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Asks one thing in a small dialog: the address of a link.
  ask(words, answer) {
    const input = element("input", { type: "text", id: "pad-asked", inputmode: "url" });
    const dialog = element("dialog", { class: "pad-dialog", "aria-labelledby": "pad-asking" }, element("label", { for: "pad-asked", id: "pad-asking" }, words), input, button("Take it", () => done()), button("Leave it", () => dialog.close()));
    const done = () => { const value = input.value.trim(); dialog.close(); if (value) answer(value); };
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); done(); } });
    for (const name of ["input", "change"]) dialog.addEventListener(name, (event) => event.stopPropagation());
    dialog.addEventListener("close", () => { dialog.remove(); this.pad.view.focus(); });
    this.pad.root.append(dialog);
    dialog.showModal();
  }
}

function button(words, act) {
  const made = element("button", { type: "button", class: "tool" }, words);
  made.addEventListener("click", act);
  return made;
}
