// How the page looks, as this device remembers it. Runs before the first paint, so that nothing flashes or moves;
// the panel that changes it is wired once the page is there.
"use strict";
(() => {
  const NAMES = ["theme", "size", "face", "measure", "leading", "paragraphs", "justify", "keys"];
  const root = document.documentElement;
  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem("look")) || {};
    } catch {
      return {};
    }
  };
  const keep = (look) => {
    try {
      localStorage.setItem("look", JSON.stringify(look));
    } catch {
      // A browser that keeps nothing shows the choice until the page is left.
    }
  };
  const show = (look) => {
    for (const name of NAMES) {
      if (typeof look[name] === "string" && /^-?\w{1,12}$/.test(look[name])) root.dataset[name] = look[name];
      else delete root.dataset[name];
    }
  };

  root.dataset.scripted = "";
  show(kept());

  document.addEventListener("DOMContentLoaded", () => {
    const panel = document.querySelector("[data-look-panel]");
    if (!panel) return;
    const form = panel.querySelector("form");
    const fill = () => {
      for (const name of NAMES) form.elements[name].value = root.dataset[name] || "";
    };
    fill();
    form.addEventListener("change", () => {
      const look = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
      keep(look);
      show(look);
    });
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      keep({});
      show({});
      fill();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("storage", (event) => {
      if (event.key === "look") show(kept()), fill();
    });
    document.addEventListener("click", (event) => {
      if (panel.open && !panel.contains(event.target)) panel.open = false;
    });
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      panel.open = false;
      panel.querySelector("summary").focus();
    });
  });
})();
