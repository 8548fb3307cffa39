// Chapters are moved by dragging, too; the buttons beside them do the same without this file.

for (const form of document.querySelectorAll("form[data-order]")) {
  let dragged = null;
  for (const item of form.querySelectorAll("li")) {
    item.draggable = true;
    item.addEventListener("dragstart", () => { dragged = item; item.classList.add("dragged"); });
    item.addEventListener("dragend", () => { item.classList.remove("dragged"); dragged = null; });
    item.addEventListener("dragover", (event) => {
      if (!dragged || dragged === item) return;
      event.preventDefault();
      const box = item.getBoundingClientRect();
      item[event.clientY > box.top + box.height / 2 ? "after" : "before"](dragged);
    });
    item.addEventListener("drop", (event) => { event.preventDefault(); form.requestSubmit(); });
  }
}
