// The editor: rich text on ProseMirror, with the source beside it, tools, live counts, find and replace.
// Without this file the text is typed into the plain field that stands in its place.

import * as pm from "./prosemirror.js";
import { toHtml } from "./clean.js";
import { docOf, schema } from "./schema.js";
import { Finder, marksOfFinding } from "./finding.js";
import { clipboard } from "./pasting.js";
import { Tools } from "./tools.js";

const WORD = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|(?:(?![\u3040-\u30ff\u3400-\u9fff])[\p{L}\p{N}\p{M}])+(?:['’·\u200c\u200d\u00ad-](?:[\p{L}\p{N}\p{M}])+)*/gu;
const PER_MINUTE = 238, WAY = "storykeep-entry";
const { nodes, marks } = schema;

const keys = {
  "Mod-z": pm.undo, "Mod-y": pm.redo, "Mod-Shift-z": pm.redo,
  "Mod-b": pm.toggleMark(marks.strong), "Mod-i": pm.toggleMark(marks.em), "Mod-u": pm.toggleMark(marks.u),
  "Shift-Enter": pm.chainCommands(pm.exitCode, (state, dispatch) => {
    dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
    return true;
  }),
  Enter: pm.splitListItem(nodes.list_item), Tab: pm.sinkListItem(nodes.list_item), "Shift-Tab": pm.liftListItem(nodes.list_item),
};

const scene = () => nodes.rule.create({ own: { class: "scene" } });
const rules = pm.inputRules({ rules: [
  new pm.InputRule(/^(?:\*\*\*|\* \* \*|---|___|#)$/, (state, match, start, end) => {
    const at = state.doc.resolve(start);
    return at.depth === 1 && match[0] !== "#" ? state.tr.replaceRangeWith(at.before(), at.after(), scene()).insert(at.before() + 1, nodes.paragraph.create()) : null;
  }),
  pm.wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
  pm.textblockTypeInputRule(/^(#{1,4})\s$/, nodes.heading, (match) => ({ level: Math.min(4, match[1].length + 1) })),
] });

export class Pad {
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    this.field = root.querySelector("textarea");
    this.way = root.querySelector("[data-entry]");
    this.counter = root.querySelector("[data-count]");
    this.form = this.field.form;
    this.place();
    this.view = new pm.EditorView(this.place, {
      state: this.stateOf(root.querySelector("template[data-body]").innerHTML),
      attributes: { class: "text pad-text", role: "textbox", "aria-multiline": "true", "aria-labelledby": "pad-label", id: "id_body", dir: "auto", spellcheck: "true" },
      dispatchTransaction: (change) => this.dispatch(change),
      handleDOMEvents: clipboard(this),
    });
    this.tools = new Tools(this);
    this.finder = new Finder(this);
    this.ways();
    this.count();
    this.form.querySelector("[data-bar]")?.append(this.counter.parentElement); // so that it is always in sight
    this.field.addEventListener("input", () => this.countSoon());
  }

  place() {
    const label = this.root.querySelector(".pad-head label");
    label.id = "pad-label";
    label.htmlFor = "id_source";
    this.field.id = "id_source";
    this.place = document.createElement("div");
    this.place.className = "pad-place";
    this.field.before(this.place);
    this.field.hidden = true;
  }

  ways() {
    this.way.add(new Option("In the editor", "editor"), 0);
    this.way.value = "editor";
    this.now = "editor";
    this.way.addEventListener("change", (event) => { event.stopPropagation(); this.turn(this.way.value); });
    const liked = localStorage.getItem(WAY);
    if (liked && liked !== "editor") this.turn(liked);
  }

  stateOf(html) {
    return pm.EditorState.create({
      doc: docOf(html),
      plugins: [pm.history(), rules, pm.keymap(keys), pm.keymap(pm.baseKeymap), pm.gapCursor(), pm.dropCursor(), marksOfFinding()],
    });
  }

  dispatch(change) {
    this.view.updateState(this.view.state.apply(change));
    this.tools?.refresh();
    if (!change.docChanged) return;
    this.countSoon();
    if (!change.getMeta("archive")) this.changed();
  }

  run(command) {
    command(this.view.state, this.view.dispatch, this.view);
    this.view.focus();
  }

  // ── what is sent, and what comes back
  text() {
    return this.now === "editor" ? { body: toHtml(this.view.state.doc), entry: "html" } : { body: this.field.value, entry: this.now };
  }

  toForm() {
    const { body, entry } = this.text();
    this.field.value = body;
    this.way.value = entry;
    if (!this.way.value) this.way.value = "html";
  }

  // Puts a whole text in its place: what was left behind on this device.
  async show({ body, entry }) {
    if (entry !== "html") { await this.turn(entry, false); this.field.value = body; }
    else { await this.turn("editor", false); this.replace(body, false); }
    this.count();
  }

  // Takes the text as the archive has it now, and leaves the cursor where it was.
  async merge(body) {
    if (this.now === "editor") return this.replace(body, true);
    this.field.value = (await this.convert(body, "html", this.now)).source;
  }

  replace(body, quiet) {
    const doc = docOf(body), old = this.view.state.doc;
    const start = old.content.findDiffStart(doc.content);
    if (start === null) return;
    let { a, b } = old.content.findDiffEnd(doc.content);
    const overlap = start - Math.min(a, b);
    if (overlap > 0) { a += overlap; b += overlap; }
    const change = this.view.state.tr.replace(start, a, doc.slice(start, b));
    this.view.dispatch(quiet ? change.setMeta("archive", true).setMeta("addToHistory", false) : change);
  }

  // ── the source beside it
  async turn(to, remember = true) {
    if (to === this.now) return;
    const from = this.now;
    try {
      if (from === "editor") this.field.value = (await this.convert(toHtml(this.view.state.doc), "html", to)).source;
      else if (to === "editor") this.replace((await this.convert(this.field.value, from, "html")).body, false);
      else this.field.value = (await this.convert(this.field.value, from, to)).source;
    } catch {
      this.way.value = from;
      this.root.querySelector("[data-saved]").textContent = "The way of typing can be changed when you are back online.";
      return;
    }
    this.now = to;
    this.way.value = to;
    this.field.hidden = to === "editor";
    this.place.hidden = to !== "editor";
    if (remember) localStorage.setItem(WAY, to);
  }

  async convert(text, from, to) {
    if (from === "html" && to === "html") return { source: text, body: text };
    const data = new FormData();
    for (const [name, value] of Object.entries({ text, from, to })) data.append(name, value);
    const token = this.form.elements.csrfmiddlewaretoken.value;
    const answer = await fetch("/write/convert", { method: "POST", body: data, headers: { Accept: "application/json", "X-CSRFToken": token } });
    if (!answer.ok) throw new Error("not converted");
    return answer.json();
  }

  // ── counts
  countSoon() {
    this.counting ??= setTimeout(() => { this.counting = undefined; this.count(); }, 400);
  }

  count() {
    const text = this.now === "editor" ? this.view.state.doc.textBetween(0, this.view.state.doc.content.size, "\n", " ") : this.field.value.replace(/<[^>]*>/g, " ");
    const words = text.match(WORD)?.length ?? 0;
    const minutes = Math.max(1, Math.round(words / PER_MINUTE));
    this.counter.textContent = `${words.toLocaleString()} ${words === 1 ? "word" : "words"}${words ? ` · about ${minutes} min` : ""}`;
  }
}
