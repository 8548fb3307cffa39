// The desk by keyboard, for hundreds of findings. Everything here also works with a mouse, and without this file.
const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
const findings = [...document.querySelectorAll(".finding")];
const form = document.querySelector("form[data-queue]");
let at = -1;

function go(step) {
  if (!findings.length) return;
  at = Math.min(Math.max(at + step, 0), findings.length - 1);
  findings.forEach((finding, number) => finding.classList.toggle("here", number === at));
  findings[at].querySelector("input").focus();
  findings[at].scrollIntoView({ block: "nearest" });
}

const keys = {
  j: () => go(1),
  k: () => go(-1),
  x: () => findings[at]?.querySelector("input").click(),
  o: () => findings[at]?.querySelector("a")?.click(),
  n: () => document.querySelector("[data-next]")?.click(),
  e: () => document.querySelector("[data-correct]")?.click(),
  a: () => {
    const approval = document.querySelector("[data-approve]");
    if (form?.querySelector("input:checked")) form.querySelector("[name=state][value=accepted]")?.click();
    else approval?.requestSubmit();
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
});

const all = document.querySelector("[data-tick-all]");
if (all && form) {
  all.hidden = false;
  all.addEventListener("click", () => {
    for (const box of form.querySelectorAll("input[name=finding]")) box.checked = true;
  });
}
