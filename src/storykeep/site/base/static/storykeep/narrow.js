// Lists of works with a panel: what is chosen is applied at once, without a reload. Without this file the form does it.
//
// The server answers with the same page; this takes its results and its panel, and leaves focus, scroll and what is
// unfolded as they are. Pages are read with XMLHttpRequest, since Trusted Types let nothing else make nodes of a text.

import { enhance } from "./tagfield.js";

const WIDE = matchMedia("(min-width: 60rem)");
const root = document.querySelector(".narrowed");
let asking = null;
let shown = address();

function address() {
  return location.pathname + location.search;
}

// ── asking
function chosen() {
  const form = document.getElementById("narrow");
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  return `${form.getAttribute("action")}?${query}`;
}

function load(url, { push = true, to = "" } = {}) {
  asking?.abort();
  asking = new XMLHttpRequest();
  const request = asking;
  request.open("GET", url);
  request.responseType = "document";
  request.onload = () => {
    const fresh = request.response?.getElementById("results");
    if (request.status !== 200 || !fresh) return location.assign(url);
    if (push) remember(request.responseURL);
    shown = address();
    swap(request.response);
    if (to) lead(to);
  };
  request.onerror = () => location.assign(url);
  root.setAttribute("aria-busy", "true");
  request.send();
}

function remember(url) {
  history.replaceState({ ...history.state, y: scrollY }, "");
  if (url !== location.href) history.pushState({}, "", url);
}

function lead(to) {
  const target = document.getElementById("count");
  target.focus({ preventScroll: true });
  if (to === "top") document.getElementById("results").scrollIntoView({ block: "start" });
}

// ── showing
function swap(page) {
  const panel = document.getElementById("filters");
  const fresh = page.getElementById("filters");
  const [focus, scroll] = [focused(), panel?.scrollTop || 0];
  document.title = page.title;
  document.getElementById("results").replaceWith(document.adoptNode(page.getElementById("results")));
  if (panel && fresh) refill(panel, fresh);
  if (panel) panel.scrollTop = scroll;
  refocus(focus);
  tell();
  root.removeAttribute("aria-busy");
}

function refill(panel, fresh) {
  for (const fold of panel.querySelectorAll("details[data-group]")) {
    const same = fresh.querySelector(`details[data-group="${CSS.escape(fold.dataset.group)}"]`);
    if (same) same.open = fold.open;
  }
  panel.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
  prepare(panel);
}

function tell() {
  const { said } = document.getElementById("results").dataset;
  document.getElementById("announced").textContent = said;
  for (const button of document.querySelectorAll("[data-show]")) button.textContent = show(said);
}

function show(said) {
  if (/^\d/.test(said)) return `Show ${said}`;
  return said === "One work" ? "Show one work" : "Show what there is";
}

// What has the focus is found again by what it is: its name and value, its id, or where it leads.
function focused() {
  const it = document.activeElement;
  if (!it || it === document.body || !root.contains(it)) return null;
  const summary = it.tagName === "SUMMARY" && it.parentElement.dataset.group;
  return { id: it.id, name: it.name, value: it.value, group: summary, text: isText(it) ? it.value : null, at: it.selectionStart };
}

function isText(it) {
  return it.tagName === "INPUT" && !["checkbox", "radio", "hidden"].includes(it.type);
}

function refocus(was) {
  if (!was) return;
  const all = [...root.querySelectorAll("input, button, summary")];
  const it = (was.id && document.getElementById(was.id))
    || all.find((each) => was.group && each.parentElement.dataset.group === was.group)
    || all.find((each) => was.name && each.name === was.name && (was.text !== null || each.value === was.value));
  if (!it) return void (document.activeElement === document.body && document.getElementById("count").focus({ preventScroll: true }));
  if (was.text !== null && isText(it)) it.value = was.text;
  it.focus({ preventScroll: true });
}

// ── the panel as a sheet, where there is no room beside the list
function sheet(open) {
  const panel = document.getElementById("filters");
  panel.classList.toggle("open", open);
  for (const other of document.querySelectorAll(".site-header, .site-footer, .page-head, .found, .skip, .interview")) other.inert = open;
  document.documentElement.classList.toggle("sheet-open", open);
  if (open) {
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-modal", "true");
    panel.querySelector(".filters-close").focus();
  } else {
    panel.removeAttribute("role");
    panel.removeAttribute("aria-modal");
    document.querySelector(".filters-open")?.focus();
  }
}

function isOpen() {
  return document.getElementById("filters")?.classList.contains("open");
}

// ── what a reader does
function prepare(panel) {
  for (const box of panel.querySelectorAll(".find-more")) box.hidden = false;
  for (const field of panel.querySelectorAll("[data-pick]")) {
    field.dataset.ask = "find";
    enhance(field);
  }
}

function pick(field, tag) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name: "with", value: tag.value });
  field.value = "";
  field.form.append(input);
  load(chosen());
}

function opposite(box) {
  const other = { with: "not", not: "with" }[box.name];
  const twin = box.checked && other && box.form.querySelector(`input[name="${other}"][value="${CSS.escape(box.value)}"]`);
  if (twin) twin.checked = false;
}

document.addEventListener("change", (event) => {
  if (event.target.form?.id !== "narrow" || event.target.dataset.pick !== undefined || event.target.id === "q") return;
  opposite(event.target);
  load(chosen());
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "narrow") return;
  event.preventDefault();
  if (isOpen()) sheet(false);
  load(chosen(), { to: "count" });
});

document.addEventListener("tagfield:choose", (event) => {
  if (event.target.dataset.pick !== undefined && event.detail?.value) pick(event.target, event.detail);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.matches(".filters-open, .filters-close")) {
    event.preventDefault();
    sheet(link.matches(".filters-open"));
  } else if (link.matches("[data-narrow], #results .pagination a")) {
    event.preventDefault();
    load(link.href, { to: link.closest(".pagination") ? "top" : link.closest("#filters") ? "" : "count" });
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest(".dropdown[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (isOpen()) sheet(false);
});

document.addEventListener("pointerdown", (event) => {
  for (const menu of document.querySelectorAll(".dropdown[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

WIDE.addEventListener("change", () => isOpen() && sheet(false));

addEventListener("popstate", (event) => {
  if (address() === shown) return;
  load(location.href, { push: false });
  const { y = 0 } = event.state || {};
  asking.addEventListener("load", () => scrollTo(0, y));
});

if (root) {
  history.scrollRestoration = "manual";
  const panel = document.getElementById("filters");
  if (panel) prepare(panel);
  const { y } = history.state || {};
  if (y && performance.getEntriesByType("navigation")[0]?.type !== "navigate") scrollTo(0, y);
  addEventListener("pagehide", () => history.replaceState({ ...history.state, y: scrollY }, ""));
}
