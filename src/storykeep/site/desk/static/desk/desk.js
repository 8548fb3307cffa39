// The desk by keyboard, for hundreds of findings. Everything here also works with a mouse, and without this file.
// A key belongs to what bears it: data-key="a" on a button or link. Inside the list of [data-item] it belongs to the
// one that is current; elsewhere to the page.
const items = [...document.querySelectorAll("[data-item]")];
const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
let at = items.findIndex((item) => item.contains(document.activeElement));

function show(number) {
  at = number;
  items.forEach((item, each) => item.classList.toggle("here", each === at));
}

function go(step) {
  if (!items.length) return;
  show(Math.min(Math.max(at + step, 0), items.length - 1));
  const first = items[at].querySelector("input:not([type=hidden]), button, a");
  (first ?? items[at]).focus({ preventScroll: true });
  items[at].scrollIntoView({ block: "nearest" });
}

function press(key) {
  const inside = `[data-key="${CSS.escape(key)}"]`;
  const found = items[at]?.querySelector(inside) ?? [...document.querySelectorAll(inside)].find((each) => !each.closest("[data-item]"));
  if (!found || found.disabled || found.hidden) return false;
  if (found.matches("[data-focus]")) found.focus();
  else found.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  if (items.length && (event.key === "j" || event.key === "k")) go(event.key === "j" ? 1 : -1);
  else if (!press(event.key)) return;
  event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const number = items.findIndex((item) => item.contains(event.target));
  if (number >= 0 && number !== at) show(number);
});

if (items.length) show(Math.max(at, 0));

for (const all of document.querySelectorAll("[data-tick-all]")) {
  all.hidden = false;
  all.addEventListener("click", () => {
    for (const box of all.form.querySelectorAll("input[name=finding]")) box.checked = true;
  });
}

const here = document.querySelector(".desk-menu [aria-current]");
const row = here?.closest("ul");
if (row) row.scrollLeft = here.offsetLeft - row.offsetLeft - row.clientWidth / 3; // on a narrow screen the menu scrolls
