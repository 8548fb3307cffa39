// The tools above the text: few, named in words, reached by keys.

import * as pm from "./prosemirror.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;
const REL = "nofollow ugc noopener"; // what the sanitiser puts on every link

const STYLES = [
  ["Paragraph", (pad) => pad.run(pm.setBlockType(nodes.paragraph))],
  ["Heading", (pad) => pad.run(pm.setBlockType(nodes.heading, { level: 2 }))],
  ["Smaller heading", (pad) => pad.run(pm.setBlockType(nodes.heading, { level: 3 }))],
  ["Quotation", (pad) => pad.run(pm.wrapIn(nodes.blockquote))],
  ["List", (pad) => pad.run(pm.wrapInList(nodes.bullet_list))],
  ["Numbered list", (pad) => pad.run(pm.wrapInList(nodes.ordered_list))],
  ["No quotation, no list", (pad) => pad.run(pm.chainCommands(pm.liftListItem(nodes.list_item), pm.lift))],
];

export class Tools {
  constructor(pad) {
    this.pad = pad;
    this.bar = element("div", { class: "pad-tools", role: "toolbar", "aria-label": "Text" });
    this.styles();
    this.toggle("B", "Bold", marks.strong, "tool-bold");
    this.toggle("I", "Italic", marks.em, "tool-italic");
    this.button("* * *", "Scene break", () => this.scene());
    this.align("center", "Centre");
    this.button("Note", "Footnote", () => this.footnote());
    this.button("Link", "Link", () => this.link());
    this.button("Undo", "Undo", () => pad.run(pm.undo));
    this.button("Redo", "Redo", () => pad.run(pm.redo));
    this.more();
    pad.place.prepend(this.bar);
    this.bar.addEventListener("keydown", (event) => this.walk(event));
    this.refresh();
  }

  styles() {
    this.select = element("select", { "aria-label": "Style", class: "tool" }, ...STYLES.map(([words], at) => new Option(words, at)));
    this.select.addEventListener("change", (event) => {
      event.stopPropagation();
      STYLES[this.select.value][1](this.pad);
      this.refresh();
    });
    this.select.addEventListener("input", (event) => event.stopPropagation());
    this.bar.append(this.select);
  }

  button(words, name, act, extra = "") {
    const button = element("button", { type: "button", class: `tool ${extra}`, title: name }, words);
    if (words !== name) button.setAttribute("aria-label", name);
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", act);
    this.bar.append(button);
    return button;
  }

  toggle(words, name, mark, extra = "") {
    const button = this.button(words, name, () => this.pad.run(pm.toggleMark(mark)), extra);
    (this.toggles ??= []).push([button, () => marked(this.pad.view.state, mark)]);
  }

  align(side, name) {
    const button = this.button(name, name, () => this.aligned(side));
    (this.toggles ??= []).push([button, () => this.blocks().some((block) => block.node.attrs.align === side)]);
  }

  more() {
    const before = this.bar.children.length;
    this.toggle("U", "Underline", marks.u, "tool-under");
    this.toggle("S", "Struck through", marks.s, "tool-strike");
    this.toggle("sup", "Raised", marks.sup);
    this.align("right", "To the right");
    this.find = this.button("Find", "Find and replace", () => this.pad.finder.open());
    const extra = [...this.bar.children].slice(before);
    const list = element("span", { class: "tool-more" }, ...extra);
    list.hidden = true;
    const button = this.button("More", "More tools", () => {
      list.hidden = !list.hidden;
      button.setAttribute("aria-expanded", String(!list.hidden));
    });
    button.setAttribute("aria-expanded", "false");
    this.bar.append(list);
  }

  refresh() {
    for (const [button, on] of this.toggles) button.setAttribute("aria-pressed", String(on()));
    const { $from } = this.pad.view.state.selection;
    const heading = $from.parent.type === nodes.heading ? ($from.parent.attrs.level > 2 ? 2 : 1) : 0;
    const around = [...Array($from.depth).keys()].map((depth) => $from.node(depth + 1).type);
    const within = around.includes(nodes.bullet_list) ? 4 : around.includes(nodes.ordered_list) ? 5 : around.includes(nodes.blockquote) ? 3 : 0;
    this.select.value = heading || within;
  }

  // Left and right walk along the tools, as in every toolbar.
  walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || event.target === this.select) return;
    const all = [...this.bar.querySelectorAll(".tool")].filter((tool) => tool.offsetParent);
    all[(all.indexOf(event.target) + step + all.length) % all.length].focus();
    event.preventDefault();
  }

  // ── acts
  blocks() {
    const { from, to } = this.pad.view.state.selection;
    const found = [];
    this.pad.view.state.doc.nodesBetween(from, to, (node, at) => { if (node.isTextblock) found.push({ node, at }); });
    return found;
  }

  aligned(side) {
    const change = this.pad.view.state.tr;
    for (const { node, at } of this.blocks()) change.setNodeMarkup(at, null, { ...node.attrs, align: node.attrs.align === side ? "" : side });
    this.pad.view.dispatch(change);
    this.pad.view.focus();
  }

  scene() {
    const { view } = this.pad;
    const { $to } = view.state.selection;
    const at = $to.after(1);
    const change = view.state.tr.insert(at, [nodes.rule.create({ own: { class: "scene" } }), nodes.paragraph.create()]);
    view.dispatch(change.setSelection(pm.TextSelection.near(change.doc.resolve(at + 2))).scrollIntoView());
    view.focus();
  }

  // Puts a number here and its note at the end, each with a way to the other; the cursor goes to the note.
  footnote() {
    const { view } = this.pad;
    let number = 1;
    view.state.doc.descendants((node) => {
      for (const mark of node.marks) number = Math.max(number, Number(/^s-call(\d+)$/.exec(mark.attrs.own?.id ?? "")?.[1] ?? 0) + 1);
    });
    const call = schema.text(String(number), [marks.a.create({ own: { id: `s-call${number}`, href: `#s-note${number}`, rel: REL } }), marks.sup.create()]);
    const back = schema.text(`${number}.`, [marks.a.create({ own: { id: `s-note${number}`, href: `#s-call${number}`, rel: REL } })]);
    const change = view.state.tr.insert(view.state.selection.to, call);
    change.insert(change.doc.content.size, nodes.paragraph.create(null, [back, schema.text(" ")]));
    change.setSelection(pm.TextSelection.atEnd(change.doc)).setStoredMarks([]);
    view.dispatch(change.scrollIntoView());
    view.focus();
  }

  link() {
    const { view } = this.pad;
    if (marked(view.state, marks.a)) return this.pad.run(pm.toggleMark(marks.a));
    this.pad.finder.ask("Address of the link", (address) => {
      if (!/^(https?:|mailto:|#|\/)/i.test(address)) address = `https://${address}`;
      const { from, to, empty } = view.state.selection;
      const mark = marks.a.create({ own: { href: address, rel: REL } });
      view.dispatch(empty ? view.state.tr.insert(from, schema.text(address, [mark])) : view.state.tr.addMark(from, to, mark));
      view.focus();
    });
  }
}

function marked(state, mark) {
  const { from, to, empty, $from } = state.selection;
  return empty ? Boolean(mark.isInSet(state.storedMarks || $from.marks())) : state.doc.rangeHasMark(from, to, mark);
}

export function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}
