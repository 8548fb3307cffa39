// What is pasted or dropped in is cleaned by the archive first; what that changed is said, and can be taken back.

import { Fragment, Slice, closeHistory, undo } from "./prosemirror.js";
import { docOf, schema } from "./schema.js";
import { element } from "./tools.js";

export function clipboard(pad) {
  return {
    paste(view, event) {
      event.preventDefault();
      take(pad, event.clipboardData);
      return true;
    },
    drop(view, event) {
      if (view.dragging) return false;
      event.preventDefault();
      take(pad, event.dataTransfer);
      return true;
    },
  };
}

async function take(pad, data) {
  const html = data.getData("text/html"), plain = data.getData("text/plain");
  if (!html) return insert(pad, plainDoc(plain));
  try {
    const found = await cleaned(pad, html);
    insert(pad, docOf(found.body));
    told(pad, found.changes, plain, found.program);
  } catch {
    insert(pad, plainDoc(plain));
    told(pad, ["You are offline, so it came in as plain text."], "");
  }
}

async function cleaned(pad, html) {
  const body = new FormData();
  body.append("html", html);
  const token = pad.form.elements.csrfmiddlewaretoken.value;
  const answer = await fetch("/write/paste", { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token } });
  if (!answer.ok) throw new Error("not cleaned");
  return answer.json();
}

// Plain text: one newline is a line break, two begin a paragraph.
function plainDoc(text) {
  const blocks = text.replace(/\r\n?/g, "\n").trim().split(/\n\s*\n/).map((block) => {
    const inside = [];
    block.split("\n").forEach((line, at) => {
      if (at) inside.push(schema.nodes.hard_break.create());
      if (line) inside.push(schema.text(line));
    });
    return schema.nodes.paragraph.create(null, inside);
  });
  return schema.nodes.doc.create(null, blocks.length ? blocks : [schema.nodes.paragraph.create()]);
}

function insert(pad, doc) {
  const alone = doc.childCount === 1 && doc.firstChild.type === schema.nodes.paragraph;
  const slice = alone ? new Slice(doc.firstChild.content, 0, 0) : new Slice(Fragment.from(doc.content), edge(doc.firstChild), edge(doc.lastChild));
  pad.view.dispatch(closeHistory(pad.view.state.tr).replaceSelection(slice).scrollIntoView().setMeta("paste", true));
  pad.view.focus();
}

const edge = (node) => (node.type === schema.nodes.paragraph && !node.attrs.align ? 1 : 0);

function told(pad, changes, plain, program = "") {
  pad.root.querySelector(".pad-pasted")?.remove();
  if (!changes.length) return;
  const note = element("div", { class: "notice pad-pasted", role: "status" }, element("p", {}, program ? `Pasted from ${program}. What was changed:` : "Pasted in. What was changed:"), element("ul", {}, ...changes.map((words) => element("li", {}, words))));
  const act = (words, done) => {
    const button = element("button", { type: "button", class: "quiet" }, words);
    button.addEventListener("click", () => { done(); note.remove(); });
    note.append(button);
  };
  act("That is fine", () => pad.view.focus());
  if (plain) act("Only the words", () => { pad.run(undo); insert(pad, plainDoc(plain)); });
  act("Take it back", () => pad.run(undo));
  pad.place.before(note);
}
