// On the list of my works: what this device still holds and the archive does not have yet.

import * as device from "./device.js";

const place = document.querySelector("[data-left]");

async function show() {
  const records = (await device.all()).filter((record) => record.user === place.dataset.left);
  for (const record of records.sort((a, b) => b.at - a.at)) {
    if (!(await device.leftBehind(record))) continue;
    const link = document.createElement("a");
    const [ref, chapter] = record.work.split("/");
    link.href = record.work ? `/write/works/${ref}${chapter ? `/chapters/${chapter}` : ""}` : "/write/new";
    link.textContent = record.fields.title?.[0] || record.fields.chapter_title?.[0] || "Go on with it";
    const note = document.createElement("p");
    note.className = "notice";
    note.append("This device holds something that was not saved everywhere: ", link);
    place.append(note, words(record, note));
  }
}

// The words themselves, for when the work is no longer there; and a way to be rid of them.
function words(record, note) {
  const details = document.createElement("details"), summary = document.createElement("summary"), text = document.createElement("pre");
  const button = document.createElement("button");
  summary.textContent = "What it says";
  text.className = "left-text";
  text.textContent = record.text ? record.text.body : "";
  Object.assign(button, { type: "button", className: "quiet", textContent: "Throw it away" });
  button.addEventListener("click", async () => { await device.forget(record.key); note.remove(); details.remove(); });
  details.append(summary, text, button);
  return details;
}

if (place) show().catch(() => {});
