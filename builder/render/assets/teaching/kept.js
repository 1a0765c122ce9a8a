/* The verdicts that a reader gives, kept in the browser: they never leave it. In IndexedDB, and not in localStorage,
   which browsers write some seconds later: what a reader has just answered would be lost with a browser that is
   killed. */

const STORE = "verdicts";

/** @type {Promise<IDBDatabase>} */
const database = new Promise((done, fail) => {
  const asked = indexedDB.open("postil-teaching", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
  asked.onsuccess = () => done(asked.result);
  asked.onerror = asked.onblocked = () => fail(asked.error);
});
database.catch(() => {}); // each use of it tells

/* Several sites may share a host; a folder and the file in it are one page. */
const here = () => location.pathname.replace(/index\.html$/, "");

/* Of one page. An array sorts after every text. */
const ofPage = () => IDBKeyRange.bound([here()], [here(), []]);

/**
 * What is done is on disk when the promise is fulfilled; it is rejected where the browser keeps nothing.
 * @template T
 * @param {(store: IDBObjectStore) => IDBRequest<T>} act
 * @returns {Promise<T>}
 */
async function within(act) {
  const change = (await database).transaction(STORE, "readwrite", { durability: "strict" });
  const asked = act(change.objectStore(STORE));
  return new Promise((done, fail) => {
    change.oncomplete = () => done(asked.result);
    change.onabort = () => fail(change.error);
  });
}

/**
 * Gives the verdicts that were given on this page, by note.
 * @returns {Promise<Map<string, string>>}
 */
export async function keptVerdicts() {
  const range = ofPage();
  const keys = await within((store) => store.getAllKeys(range));
  const verdicts = await within((store) => store.getAll(range));
  return new Map(keys.map((key, i) => [/** @type {string[]} */ (key)[1], verdicts[i]]));
}

/** @type {(note: string, verdict: string) => Promise<unknown>} */
export const keepVerdict = (note, verdict) => {
  const key = [here(), note];
  return within((store) => store.put(verdict, key));
};

/** @type {() => Promise<unknown>} */
export const forgetVerdicts = () => {
  const range = ofPage();
  return within((store) => store.delete(range));
};
