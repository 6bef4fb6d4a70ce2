// SPDX-License-Identifier: BSD-2-Clause
//
// Adds files to the Executive's image, byte for byte as tools/generate/addfiles.py does, which explains it: a cpio archive
// that becomes one more segment of ntos.elf. Of i686 only.

const FOLDER = 0o040755, FILE = 0o100644, PAGE = 4096;
const HEADER_SIZE = 110, FORBIDDEN = /[\x00-\x1f\\:*?"<>|]|[^\x00-\xff]/;
const LONGEST_PATH = 255;

const alignUp = (value, unit) => Math.ceil(value / unit) * unit;
const latin1 = text => Uint8Array.from(text, character => character.charCodeAt(0));

// Where a file goes in \SystemRoot if nobody says otherwise.
export function defaultPath(name) {
    return (name.toLowerCase().endsWith(".sys") ? "drivers/" : "") + name;
}

// Why \SystemRoot can have no file of that path; nothing if it can.
export function pathProblem(path) {
    const parts = path.split("/");
    if (FORBIDDEN.test(path) || path.length > LONGEST_PATH || path === "TRAILER!!!" || parts.some(part => ["", ".", ".."].includes(part)))
        return `\\SystemRoot can have no '${path}'`;
}

function entry(number, mode, name, data) {
    const bytes = new Uint8Array(alignUp(alignUp(HEADER_SIZE + name.length + 1, 4) + data.length, 4));
    const fields = [number, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, name.length + 1, 0];
    bytes.set(latin1("070701" + fields.map(field => field.toString(16).padStart(8, "0")).join("") + name));
    bytes.set(data, alignUp(HEADER_SIZE + name.length + 1, 4));
    return bytes;
}

function foldersOf(path) {
    const parts = path.split("/").slice(0, -1);
    return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

// The archive of a Map of files: their bytes by path.
export function archive(files) {
    const folders = new Set([...files.keys()].flatMap(foldersOf));
    const names = [...new Set([...folders, ...files.keys()])].sort();
    const entries = names.map((name, index) =>
        entry(index + 1, folders.has(name) ? FOLDER : FILE, name, files.get(name) ?? new Uint8Array()));
    return joined([...entries, entry(0, 0, "TRAILER!!!", new Uint8Array())]);
}

function joined(parts) {
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let offset = 0;
    for (const part of parts) {
        bytes.set(part, offset);
        offset += part.length;
    }
    return bytes;
}

// The 32-bit ELF image with data as one more segment, behind its only one.
export function appendSegment(image, data) {
    const old = new DataView(image.buffer, image.byteOffset, image.byteLength);
    if (old.getUint32(0, true) !== 0x464c457f || image[4] !== 1 || old.getUint16(44, true) !== 1)
        throw new Error("this is no Executive of i686 to which files can be added");
    const table = old.getUint32(28, true), offset = alignUp(image.length, PAGE);
    const address = alignUp(old.getUint32(table + 8, true) + old.getUint32(table + 20, true), PAGE);
    const output = new Uint8Array(offset + data.length), view = new DataView(output.buffer);
    output.set(image);
    output.set(data, offset);
    [1, offset, address, address, data.length, data.length, 4, PAGE].forEach((word, index) =>
        view.setUint32(table + 32 + 4 * index, word, true));
    view.setUint16(44, 2, true);
    return output;
}
