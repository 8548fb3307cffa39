// The wrangling desk: ticks a page at once, remembers which tag was meant where two have one name, goes on where
// one was in a list of pairs. Everything here also works without this file.
const tick = document.querySelector("[data-tick-page]");
if (tick) {
  tick.hidden = false;
  tick.addEventListener("click", () => {
    const boxes = [...tick.form.querySelectorAll("input[name=tag]")];
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
  });
}

document.addEventListener("tagfield:choose", (event) => {
  const field = event.target;
  const name = `${field.name}_id`;
  let id = field.form?.elements[name];
  if (!id) {
    id = Object.assign(document.createElement("input"), { type: "hidden", name });
    field.form.append(id);
  }
  id.value = event.detail.id ?? "";
});

// Enter in a field means the button beside it, not the first of the form.
document.addEventListener("keydown", (event) => {
  const deed = event.target.closest(".deed");
  if (event.key !== "Enter" || !deed || event.defaultPrevented || event.target.matches("button, textarea")) return;
  event.preventDefault();
  deed.querySelector("button").click();
});

const pairs = document.querySelector("[data-start]");
const start = pairs?.children[Number(pairs.dataset.start)];
if (start) start.querySelector("button").focus({ preventScroll: Number(pairs.dataset.start) === 0 });
