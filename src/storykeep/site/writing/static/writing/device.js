// What is typed is kept on this device until the archive has it: one record for each page that is open.

const NAME = "storykeep-writing", STORE = "pads";
let opened;

function database() {
  opened ??= new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  return opened;
}

async function ask(mode, act) {
  const base = await database();
  return new Promise((done, failed) => {
    const change = base.transaction(STORE, mode, { durability: "strict" });
    const request = act(change.objectStore(STORE));
    change.oncomplete = () => done(request.result);
    change.onerror = change.onabort = () => failed(change.error);
  });
}

const LAST = `${NAME}|`;

export const keep = (record) => ask("readwrite", (store) => store.put(record));

// A page that is left has no time to wait for the database: its last words go where they are written at once.
export function keepAtOnce(record) {
  try { localStorage.setItem(LAST + record.key, JSON.stringify(record)); } catch { /* no room there: the database may be in time */ }
}

export function forget(key) {
  try { localStorage.removeItem(LAST + key); } catch { /* not allowed: then nothing is there */ }
  return ask("readwrite", (store) => store.delete(key));
}

export async function all() {
  const found = new Map((await ask("readonly", (store) => store.getAll())).map((record) => [record.key, record]));
  for (const record of lastWords()) if (!(found.get(record.key)?.at > record.at)) found.set(record.key, record);
  return [...found.values()];
}

function lastWords() {
  try { return Object.keys(localStorage).filter((name) => name.startsWith(LAST)).map((name) => JSON.parse(localStorage.getItem(name))); }
  catch { return []; }
}

export function random() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(36).padStart(2, "0")).join("");
}

// Each page that is open holds a lock by its own name, so that others can tell what was left behind.
export const page = random();
if (navigator.locks) navigator.locks.request(`${NAME}-${page}`, () => new Promise(() => {}));

export async function leftBehind(record) {
  if (record.page === page) return false;
  if (!navigator.locks) return Date.now() - record.at > 15_000;
  const { held } = await navigator.locks.query();
  return !held.some((lock) => lock.name === `${NAME}-${record.page}`);
}
