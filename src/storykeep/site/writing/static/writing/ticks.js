// A long list of works: find some by their titles, tick all that are shown. Without this file each is ticked by hand.

const tools = document.querySelector("[data-tick-tools]"), list = document.querySelector("[data-ticks]");
const told = document.querySelector("[data-ticked]");
const items = list ? [...list.querySelectorAll("li")] : [];
const box = (item) => item.querySelector("input");

function tick(yes) {
  for (const item of items) if (!item.hidden) box(item).checked = yes;
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

function count() {
  const ticked = items.filter((item) => box(item)?.checked).length;
  told.textContent = `${ticked.toLocaleString()} ticked`;
}

if (tools && list) {
  const find = tools.querySelector("input");
  tools.hidden = false;
  find.addEventListener("input", () => {
    const wanted = find.value.trim().toLowerCase();
    for (const item of items) item.hidden = !item.textContent.toLowerCase().includes(wanted);
  });
  find.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  tools.querySelector("[data-tick-all]").addEventListener("click", () => tick(true));
  tools.querySelector("[data-tick-none]").addEventListener("click", () => { for (const item of items) item.hidden = false; find.value = ""; tick(false); });
  list.addEventListener("change", count);
  count();
}
