// SPDX-License-Identifier: BSD-2-Clause
//
// One saved machine in the browser's own database, for this page's address.

const NAME = `neptune-os ${new URL(".", location).pathname}`, STORE = "machines", KEY = "saved";

const finished = request => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
});

async function store(mode) {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    const database = await finished(opening);
    const transaction = database.transaction(STORE, mode);
    transaction.oncomplete = transaction.onabort = () => database.close();
    return transaction.objectStore(STORE);
}

export async function saveMachine(machine) {
    await finished((await store("readwrite")).put(machine, KEY));
}

// What was saved last, or undefined.
export async function savedMachine() {
    return finished((await store("readonly")).get(KEY));
}

export async function isMachineSaved() {
    return Boolean(await finished((await store("readonly")).count(KEY)));
}
