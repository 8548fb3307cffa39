// What a text may be made of in the editor: the same small vocabulary that the server's sanitiser lets through.
// A block with anything else in it (a table, verse, a gap in a rescued story) is kept whole, shown, and not edited.

import { DOMParser, Schema } from "./prosemirror.js";
import { toDom } from "./clean.js";

const MARKS = ["a", "strong", "b", "em", "i", "cite", "q", "u", "s", "del", "ins", "mark", "small", "sub", "sup", "code", "kbd", "samp", "var", "dfn", "abbr", "span", "bdi"];
const ALIGNS = ["center", "right", "justify", "left"];

const own = (element) => Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]));

function blockAttrs(element) {
  const given = own(element);
  const classes = (given.class || "").split(" ").filter(Boolean);
  const align = ALIGNS.find((each) => classes.includes(`align-${each}`)) || "";
  const rest = classes.filter((each) => each !== `align-${align}`).join(" ");
  delete given.class;
  if (rest) given.class = rest;
  return { align, own: given };
}

const attrs = { own: { default: {} }, align: { default: "" } };
const drawn = (tag, node, ...inside) => {
  const given = { ...node.attrs.own };
  const classes = [given.class, node.attrs.align && `align-${node.attrs.align}`].filter(Boolean).join(" ");
  return [tag, classes ? { ...given, class: classes } : given, ...inside];
};

function container(tag, content, group = "block", more = {}) {
  return {
    content, group, attrs, tagOf: () => tag, defining: true,
    parseDOM: [{ tag, getAttrs: blockAttrs }], toDOM: (node) => drawn(tag, node, 0), ...more,
  };
}

const marks = Object.fromEntries(MARKS.map((tag) => [tag, {
  attrs: { own: { default: {} } },
  inclusive: tag !== "a",
  parseDOM: [{ tag, getAttrs: (element) => ({ own: own(element) }) }],
  toDOM: (mark) => [tag, mark.attrs.own, 0],
}]));

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: container("p", "inline*"),
    heading: {
      ...container("h2", "inline*"), attrs: { ...attrs, level: { default: 2 } }, tagOf: (node) => `h${node.attrs.level}`,
      parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, getAttrs: (element) => ({ ...blockAttrs(element), level }) })),
      toDOM: (node) => drawn(`h${node.attrs.level}`, node, 0),
    },
    blockquote: container("blockquote", "block+"),
    division: container("div", "block+"),
    bullet_list: container("ul", "list_item+"),
    ordered_list: container("ol", "list_item+"),
    list_item: container("li", "paragraph block*", "", { defining: true }),
    rule: { group: "block", attrs: { own: { default: {} } }, tagOf: () => "hr", parseDOM: [{ tag: "hr", getAttrs: (element) => ({ own: own(element) }) }], toDOM: (node) => ["hr", node.attrs.own] },
    kept: {
      group: "block", atom: true, attrs: { html: { default: "" } }, tagOf: () => "div",
      toDOM(node) {
        const dom = document.createElement("div");
        dom.className = "kept";
        dom.append(...toDom(node.attrs.html).childNodes);
        return dom;
      },
    },
    text: { group: "inline" },
    hard_break: { group: "inline", inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
    image: { group: "inline", inline: true, attrs: { own: { default: {} } }, parseDOM: [{ tag: "img", getAttrs: (element) => ({ own: own(element) }) }], toDOM: (node) => ["span", { class: "picture" }, `[picture${node.attrs.own.alt ? `: ${node.attrs.own.alt}` : ""}]`] },
  },
  marks,
});

const INLINE = new Set([...MARKS.map((tag) => tag.toUpperCase()), "BR", "IMG"]);
const TEXT = new Set(["P", "H1", "H2", "H3", "H4", "H5", "H6"]);
const HOLDS = { BLOCKQUOTE: "block", DIV: "block", UL: "LI", OL: "LI", LI: "item" };

// Says whether the editor can hold a block without losing anything of it.
function editable(element) {
  const name = element.tagName;
  if (name === "HR") return !element.className.includes("gap");
  if (TEXT.has(name)) return words(element);
  if (name === "DIV" && /\b(lines|poem)\b/.test(element.className)) return false;
  if (!(name in HOLDS)) return false;
  const inside = [...element.childNodes];
  if (name === "LI" && inside.every((node) => node.nodeType === 3 || INLINE.has(node.tagName))) return words(element);
  return element.children.length > 0 && inside.every((node) => (node.nodeType === 3 ? !node.data.trim() : fits(node, HOLDS[name])));
}

const fits = (node, place) => (place === "LI" ? node.tagName === "LI" : place === "block" || node.tagName !== "LI") && editable(node);

function words(element) {
  return [...element.querySelectorAll("*")].every((inner) => INLINE.has(inner.tagName) && !inner.parentElement.closest(inner.tagName.toLowerCase()));
}

// A clean body as a document of the editor.
export function docOf(html) {
  const parser = DOMParser.fromSchema(schema);
  const blocks = [];
  for (const element of toDom(html).childNodes) {
    if (element.nodeType === 3) {
      if (element.data.trim()) blocks.push(schema.nodes.paragraph.create(null, schema.text(element.data.trim())));
    } else if (editable(element)) {
      const holder = document.createElement("div");
      holder.append(element.cloneNode(true));
      parser.parse(holder, { preserveWhitespace: true }).forEach((node) => blocks.push(node));
    } else {
      blocks.push(schema.nodes.kept.create({ html: element.outerHTML }));
    }
  }
  return schema.nodes.doc.create(null, blocks.length ? blocks : [schema.nodes.paragraph.create()]);
}
