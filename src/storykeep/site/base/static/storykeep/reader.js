// A story page with a script: keys, the place where one stopped, the next chapter fetched ahead.
// Everything here is a help; the page is whole without it. Nothing is sent anywhere.
const story = document.querySelector("[data-work]");
if (story) {
  keys(story);
  place(story);
  ahead(story);
}

// ── keys: n/→ next, p/← previous, t contents, e whole story, d download, a look, ? help. Off in fields, and by choice.
function keys(story) {
  const go = (url) => url && location.assign(url);
  const contents = story.querySelector("[data-contents]");
  const acts = {
    n: () => go(story.dataset.next),
    ArrowRight: () => go(rtl() ? story.dataset.previous : story.dataset.next),
    p: () => go(story.dataset.previous),
    ArrowLeft: () => go(rtl() ? story.dataset.next : story.dataset.previous),
    t: () => contents && toggle(contents),
    e: () => go(story.querySelector("[data-whole-link]")?.href),
    a: () => toggle(document.querySelector("[data-look-panel]")),
    "?": () => help(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.documentElement.dataset.keys === "off") return;
    if (event.target.closest?.("input, textarea, select, [contenteditable], dialog, pre")) return;
    const act = Object.hasOwn(acts, event.key) && acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

const rtl = () => story.querySelector(".text")?.matches(":dir(rtl)");

function toggle(paper) {
  paper.open = !paper.open;
  if (!paper.open) return;
  paper.querySelector("summary").focus();
  paper.scrollIntoView({ block: "nearest" });
}

function help() {
  const known = document.querySelector("dialog.keys");
  if (known) return known.showModal();
  const dialog = make("dialog", { className: "keys" });
  const list = make("dl");
  const words = [
    ["n →", "next chapter"],
    ["p ←", "previous chapter"],
    ["t", "contents"],
    ["e", "the whole story on one page"],
    ["a", "how the page looks; keys can be switched off there"],
    ["?", "this list"],
  ];
  for (const [key, meaning] of words) {
    list.append(make("dt", {}, make("kbd", { textContent: key })), make("dd", { textContent: meaning }));
  }
  const close = make("button", { className: "button", textContent: "Close", type: "button" });
  close.addEventListener("click", () => dialog.close());
  const title = make("h2", { textContent: "Keys", id: "keys-title" });
  dialog.setAttribute("aria-labelledby", "keys-title");
  dialog.append(title, list, close);
  document.body.append(dialog);
  dialog.showModal();
}

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// ── the place: chapter and block, so that it survives another size or face
function place(story) {
  const texts = [...story.querySelectorAll(".text")];
  const blocks = texts.flatMap((text) => [...text.children].map((block) => ({ block, text })));
  if (!blocks.length) return;
  const line = story.appendChild(make("p", { className: "progress-line", hidden: true }));
  line.setAttribute("aria-hidden", "true");
  offer(story, texts);

  let waiting = 0;
  const note = () => {
    waiting = 0;
    const seen = blocks.findIndex(({ block }) => block.getBoundingClientRect().bottom > 8);
    const at = seen < 0 ? blocks.length - 1 : seen;
    show(line, texts);
    if (scrollY > 300) keep(story, blocks[at], at / blocks.length);
  };
  addEventListener("scroll", () => (waiting ||= setTimeout(note, 250)), { passive: true });
  addEventListener("pagehide", () => waiting && note());
}

function show(line, texts) {
  const top = texts[0].getBoundingClientRect().top;
  const bottom = texts.at(-1).getBoundingClientRect().bottom;
  const part = Math.min(1, Math.max(0, (innerHeight - top) / (bottom - top)));
  const left = Math.ceil(Number(story.dataset.minutes) * (1 - part));
  line.hidden = top > 0 || part >= 1;
  line.style.setProperty("--part", part);
  line.textContent = `${Math.round(part * 100)} % · ${left} min left`;
}

function read() {
  try {
    return JSON.parse(localStorage.getItem("places")) || {};
  } catch {
    return {};
  }
}

const MOST = 200; // works whose places a device remembers; the oldest is forgotten first

function keep(story, { block, text }, part) {
  const places = read();
  delete places[story.dataset.work];
  const chapter = text.closest("[data-chapter]");
  places[story.dataset.work] = {
    url: location.pathname,
    chapter: Number(chapter.dataset.chapter),
    block: [...text.children].indexOf(block),
    part: Math.round(part * 1000) / 1000,
    title: chapter.querySelector("h2")?.textContent || "",
  };
  const names = Object.keys(places);
  for (const old of names.slice(0, Math.max(0, names.length - MOST))) delete places[old];
  try {
    localStorage.setItem("places", JSON.stringify(places));
  } catch {
    // A device that keeps nothing keeps no place either.
  }
}

function offer(story, texts) {
  const kept = read()[story.dataset.work];
  if (!kept || location.hash || !Number.isInteger(kept.block)) return;
  const here = texts.find((text) => text.closest(`[data-chapter="${Number(kept.chapter)}"]`));
  const target = here?.children[kept.block];
  if (here && (!target || (kept.block < 2 && story.dataset.whole === undefined))) return;
  const bar = make("p", { className: "resume" });
  const words = kept.title ? `Go on at ${kept.title}` : `Go on where you stopped (${Math.round(kept.part * 100)} %)`;
  const on = make("button", { type: "button", className: "link-like", textContent: words });
  const away = make("button", { type: "button", className: "link-like", textContent: "Stay here" });
  on.addEventListener("click", () => {
    if (!here) {
      sessionStorage.setItem("resume", story.dataset.work);
      return location.assign(kept.url);
    }
    bar.remove();
    arrive(target);
  });
  away.addEventListener("click", () => bar.remove());
  if (here && sessionStorage.getItem("resume") === story.dataset.work) {
    sessionStorage.removeItem("resume");
    return arrive(target);
  }
  bar.append(on, " ", away);
  story.append(bar);
}

function arrive(block) {
  block.scrollIntoView({ block: "start", behavior: "instant" });
  block.tabIndex = -1;
  block.focus({ preventScroll: true });
}

// ── the next chapter is fetched when its link comes near, so that turning the page is instant
function ahead(story) {
  if (!story.dataset.next || navigator.connection?.saveData) return;
  const link = story.querySelector('a[rel="next"]');
  new IntersectionObserver((seen, watch) => {
    if (!seen.some((each) => each.isIntersecting)) return;
    watch.disconnect();
    document.head.append(make("link", { rel: "prefetch", href: story.dataset.next }));
  }, { rootMargin: "800px" }).observe(link);
}
