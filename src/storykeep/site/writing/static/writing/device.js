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

export const keep = (record) => ask("readwrite", (store) => store.put(record));
export const forget = (key) => ask("readwrite", (store) => store.delete(key));
export const all = () => ask("readonly", (store) => store.getAll());

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
