// Clean HTML (what the server's sanitiser gives) becomes DOM, and the editor's text becomes clean HTML again.
// Trusted Types forbid innerHTML and its like: the markup is regular, so it is read here, tag by tag.

const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"]*")*)\s*\/?>/g;
const ATTRIBUTE = /([a-z-]+)="([^"]*)"/g;
const VOID = new Set(["br", "hr", "img", "wbr"]);
const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0", "#39": "'" };

const decoded = (text) => text.replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name) => NAMED[name]);
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

export function toDom(html) {
  const root = document.createElement("div");
  let open = root, at = 0;
  for (const found of html.matchAll(TAG)) {
    if (found.index > at) open.append(decoded(html.slice(at, found.index)));
    at = found.index + found[0].length;
    const [, closing, name, attributes] = found;
    if (!closing) {
      const element = document.createElement(name);
      for (const [, key, value] of attributes.matchAll(ATTRIBUTE)) if (!key.startsWith("on")) element.setAttribute(key, decoded(value));
      open.append(element);
      if (!VOID.has(name)) open = element;
    } else if (open !== root) {
      const ended = open.closest(name);
      if (ended && root.contains(ended)) open = ended.parentElement;
    }
  }
  if (at < html.length) open.append(decoded(html.slice(at)));
  return root;
}

const attributes = (own) => Object.keys(own).sort().map((key) => ` ${key}="${escaped(own[key]).replaceAll('"', "&quot;")}"`).join("");

export function toHtml(doc) {
  const blocks = [];
  doc.forEach((node) => blocks.push(block(node)));
  return blocks.join("\n").trim();
}

function block(node) {
  if (node.type.name === "kept") return node.attrs.html;
  const tag = node.type.spec.tagOf(node);
  const opening = `<${tag}${attributes(ownOf(node))}>`;
  if (VOID.has(tag)) return opening;
  const bare = node.type.name === "list_item" && node.childCount === 1 && node.firstChild.type.name === "paragraph" && !hasOwn(node.firstChild);
  const inside = bare ? inline(node.firstChild) : node.isTextblock ? inline(node) : inner(node);
  return `${opening}${inside}</${tag}>`;
}

function inner(node) {
  const parts = [];
  node.forEach((child) => parts.push(block(child)));
  return parts.join(node.type.name.endsWith("list") ? "" : "\n");
}

const hasOwn = (node) => Object.keys(ownOf(node)).length > 0;

export function ownOf(node) {
  const own = { ...node.attrs.own };
  const classes = [node.attrs.align && `align-${node.attrs.align}`, own.class].filter(Boolean).join(" ");
  if (classes) own.class = classes;
  return own;
}

// Marks of neighbouring words are opened once and closed once; what reaches further stands outside, as people write it.
function inline(node) {
  const children = [];
  node.forEach((child) => children.push(child));
  let out = "";
  const open = [];
  children.forEach((child, at) => {
    const stays = open.findIndex((mark) => !mark.isInSet(child.marks));
    while (stays >= 0 && open.length > stays) out += `</${open.pop().type.name}>`;
    const reach = (mark) => { let end = at; while (end < children.length && mark.isInSet(children[end].marks)) end += 1; return end; };
    const opening = child.marks.filter((mark) => !mark.isInSet(open)).sort((a, b) => reach(b) - reach(a));
    for (const mark of opening) {
      out += `<${mark.type.name}${attributes(mark.attrs.own)}>`;
      open.push(mark);
    }
    if (child.isText) out += escaped(child.text);
    else out += `<${child.type.name === "hard_break" ? "br" : "img"}${attributes(child.attrs.own ?? {})}>`;
  });
  while (open.length) out += `</${open.pop().type.name}>`;
  return out;
}
