// Saves by itself: to this device within a second of typing, to the archive every few seconds; and brings back what a
// crash, a lost line or a lost session left behind. The archive merges what others wrote; nothing is overwritten.

import * as device from "./device.js";

const DEVICE = 500, SERVER = 2000, LONGEST = 5000, RETRY = [3000, 5000, 10_000, 30_000];
const HIDDEN = new Set(["csrfmiddlewaretoken", "was", "request", "body", "base", "entry", "begun"]);

export class Autosave {
  constructor(form, pad) {
    Object.assign(this, { form, pad, failed: 0, changes: 0, sent: 0, kept: 0, working: false });
    this.token = form.elements.csrfmiddlewaretoken.value;
    this.base = form.elements.base ? form.elements.base.value : "";
    this.status = document.querySelector("[data-saved]") ?? document.createElement("span");
    this.request = device.random();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", () => this.submitting());
    addEventListener("online", () => this.save());
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
    this.ready = this.restore();
  }

  get work() { return this.form.dataset.work || ""; }
  get key() { return `${this.form.dataset.user}|${this.work || `new:${this.form.elements.begun?.value}`}|${device.page}`; }

  changed() {
    this.changes += 1;
    this.first ??= Date.now();
    this.keepSoon ??= setTimeout(() => this.keep(), DEVICE);
    clearTimeout(this.saveSoon);
    this.saveSoon = setTimeout(() => this.save(), Math.max(0, Math.min(SERVER, this.first + LONGEST - Date.now())));
  }

  flush() {
    if (this.changes > this.kept) this.keep();
    if (this.changes > this.sent) this.save();
  }

  fields() {
    const found = {};
    for (const [name, value] of new FormData(this.form)) if (!HIDDEN.has(name)) found[name] = [...(found[name] ?? []), value];
    return found;
  }

  // ── this device
  async keep() {
    clearTimeout(this.keepSoon);
    this.keepSoon = undefined;
    if (this.changes === this.kept || this.changes === this.sent) return;
    const changes = this.changes;
    try {
      await device.keep(this.record());
      this.kept = changes;
      if (this.failed) this.say("Kept on this device.");
    } catch { this.say("This device has no room to keep a copy."); }
  }

  leave() {
    if (this.changes !== this.kept && this.changes !== this.sent) device.keepAtOnce(this.record());
    this.keep();
  }

  record() {
    const text = this.pad ? this.pad.text() : null;
    return { key: this.key, page: device.page, user: this.form.dataset.user, work: this.work, begun: this.form.elements.begun?.value, fields: this.fields(), was: this.form.elements.was.value, base: this.base, text, at: Date.now() };
  }

  // Brings back what a page left behind that did not reach the archive.
  async restore() {
    let records = [];
    try { records = (await device.all()).filter((record) => record.user === this.form.dataset.user); } catch { return; }
    const mine = records.filter((record) => (this.work ? record.work === this.work : !record.work));
    const left = [];
    for (const record of mine) if (await device.leftBehind(record)) left.push(record);
    left.sort((a, b) => b.at - a.at);
    if (this.changes) return;
    const [newest, ...older] = left;
    if (newest && this.differs(newest)) await this.bringBack(newest);
    else if (newest) await device.forget(newest.key);
    for (const record of older) await this.send(record).catch(() => {});
  }

  differs(record) {
    const text = this.pad?.text();
    if (text && record.text && (record.text.body !== text.body || record.text.entry !== text.entry)) return true;
    const now = this.fields();
    return [...new Set([...Object.keys(now), ...Object.keys(record.fields)])].some((name) => `${now[name] ?? ""}` !== `${record.fields[name] ?? ""}`);
  }

  async bringBack(record) {
    if (record.begun && this.form.elements.begun) this.form.elements.begun.value = record.begun;
    this.fill(record.fields);
    this.form.elements.was.value = record.was || this.form.elements.was.value;
    if (record.text && this.pad && record.text.body !== this.pad.text().body) {
      this.base = record.base;
      await this.pad.show(record.text);
    }
    await device.forget(record.key);
    this.tell("What you typed here last was not saved everywhere yet. It is back, just as you left it.");
    this.changed();
    await this.keep();
  }

  fill(fields) {
    for (const field of this.form.elements) {
      if (!field.name || HIDDEN.has(field.name)) continue;
      const values = fields[field.name] ?? [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (field.name in fields) field.value = values[0];
    }
  }

  // ── the archive
  formData(fields, text, base, was, request) {
    const data = new FormData();
    for (const [name, values] of Object.entries(fields)) for (const value of values) data.append(name, value);
    for (const [name, value] of Object.entries({ was, base, request, auto: "1" })) data.append(name, value);
    if (text) { data.append("body", text.body); data.append("entry", text.entry); }
    return data;
  }

  async send(record) {
    const address = record.work ? this.addressOf(record.work) : "/write/new";
    const data = this.formData(record.fields, record.text, record.base, record.was, device.random());
    if (record.begun) data.append("begun", record.begun);
    const answer = await this.post(address, data);
    if (answer.ok) await device.forget(record.key);
    return answer;
  }

  addressOf(work) {
    const [ref, chapter] = work.split("/");
    return chapter ? `/write/works/${ref}/chapters/${chapter}` : `/write/works/${ref}`;
  }

  post(address, body) {
    return fetch(address, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": this.token }, redirect: "error" });
  }

  async save() {
    clearTimeout(this.saveSoon);
    await this.ready;
    if (this.working || this.changes === this.sent || this.leaving) return;
    this.working = true;
    const changes = this.changes;
    const text = this.pad ? this.pad.text() : null;
    if (this.asked !== changes) { this.asked = changes; this.request = device.random(); }
    const data = this.formData(this.fields(), text, this.base, this.form.elements.was.value, this.request);
    const begun = this.work ? null : this.form.elements.begun?.value;
    if (begun) data.append("begun", begun);
    try {
      this.say("Saving …");
      const answer = await this.post(this.work ? this.addressOf(this.work) : "/write/new", data);
      if (answer.ok) await this.saved(await answer.json(), changes, text);
      else await this.refused(answer);
    } catch { this.later("You are offline. What you type is kept on this device, and saved when you are back."); }
    this.working = false;
    if (this.changes > this.sent && !this.failed) this.changed();
  }

  async saved(answer, changes, text) {
    this.failed = 0;
    this.first = this.changes > changes ? Date.now() : undefined;
    this.sent = changes;
    const before = this.key;
    if (!this.work) this.settled(answer.url);
    this.take(answer);
    if (answer.base) await this.goOn(answer, changes, text);
    if (this.changes === changes) await device.forget(before).catch(() => {});
    if (before !== this.key && this.changes > changes) { await device.forget(before).catch(() => {}); this.kept = 0; await this.keep(); }
    const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    this.say(answer.published ? `Saved ${time}. Readers see it once you show it.` : `Saved ${time}.`);
    if (answer.settle && answer.body) this.tell("Somebody else changed the same paragraphs. Both versions stand in the text now.", answer.settle, "Settle it");
    else if (answer.body) this.tell("Somebody else saved this text, too. Both are brought together here.");
  }

  // What goes on from here: the text as it stands at the archive, or what was sent, when more was typed meanwhile.
  async goOn(answer, changes, text) {
    if (answer.body === undefined) this.base = String(answer.base);
    else if (this.changes === changes) { this.base = String(answer.base); await this.pad.merge(answer.body); }
    else this.base = String(answer.mine);
    if (this.form.elements.base) this.form.elements.base.value = this.base;
    if (text && this.changes === changes) this.form.elements.request.value = device.random();
  }

  take(answer) {
    const shown = JSON.parse(this.form.elements.was.value || "{}");
    const was = Object.fromEntries(Object.entries(answer.was).map(([name, value]) => [name, name in answer.conflicts ? shown[name] ?? "" : value]));
    this.form.elements.was.value = JSON.stringify(was);
    const names = Object.keys(answer.conflicts);
    if (names.length) this.tell("Somebody else changed a field that you changed, too. Save to see both.");
  }

  settled(url) {
    this.form.dataset.work = url.split("/")[3];
    this.form.action = url;
    this.form.elements.begun?.remove();
    history.replaceState(null, "", url);
  }

  async refused(answer) {
    const told = await answer.json().catch(() => ({}));
    if (answer.status === 401) return this.later("You are signed out. What you type is kept on this device.", "/account/login/", "Sign in in another tab");
    if (answer.status === 409 && told.token) return this.later("Trying once more …");
    this.later(told.told || "The archive could not save this. It is kept on this device.");
  }

  later(words, address, link) {
    this.failed += 1;
    this.say(words, address, link);
    this.keep();
    clearTimeout(this.saveSoon);
    this.saveSoon = setTimeout(() => this.again(), RETRY[Math.min(this.failed, RETRY.length) - 1]);
  }

  async again() {
    const answer = await fetch("/write/token", { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) {
      this.token = (await answer.json()).token;
      this.form.elements.csrfmiddlewaretoken.value = this.token;
      await this.save();
    } else {
      this.saveSoon = setTimeout(() => this.again(), RETRY[Math.min(this.failed, RETRY.length) - 1]);
    }
  }

  submitting() {
    this.pad?.toForm();
    if (this.form.elements.base) this.form.elements.base.value = this.base;
    this.leaving = true;
    setTimeout(() => { this.leaving = false; }, 8000);
    if (this.changes > this.sent) this.keep();
  }

  say(words, address, link) {
    this.status.replaceChildren(words);
    if (address) this.status.append(" ", anchor(address, link));
  }

  tell(words, address, link) {
    const note = document.createElement("p");
    note.className = "notice pad-told";
    note.setAttribute("role", "status");
    note.append(words);
    if (address) note.append(" ", anchor(address, link, false));
    document.querySelector("[data-told]")?.remove();
    note.dataset.told = "";
    this.form.prepend(note);
  }
}

function anchor(address, words, away = true) {
  const link = document.createElement("a");
  link.href = address;
  if (away) Object.assign(link, { target: "_blank", rel: "noopener" });
  link.textContent = words;
  return link;
}
