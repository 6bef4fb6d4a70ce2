// SPDX-License-Identifier: BSD-2-Clause
//
// The boot floppy, a FAT12 file system in a Uint8Array: reading and replacing a file of its root directory.
// Only that file's own clusters move, as SYSLINUX knows where its files lie.  (Microsoft FAT specification)

import {appendSegment, archive} from "./addfiles.js";

const LAST = 0xff8, FIRST_CLUSTER = 2, ENTRY_SIZE = 32;
const SYSTEM = "NTOS    GZ ";

function layout(image) {
    const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
    const sector = view.getUint16(11, true), reserved = view.getUint16(14, true), fats = image[16];
    const entries = view.getUint16(17, true), fatBytes = view.getUint16(22, true) * sector;
    const root = reserved * sector + fats * fatBytes, data = root + entries * ENTRY_SIZE, cluster = image[13] * sector;
    const clusters = Math.floor((view.getUint16(19, true) * sector - data) / cluster);
    return {view, fat: reserved * sector, fats, fatBytes, root, entries, data, cluster, end: FIRST_CLUSTER + clusters};
}

// 12 bits an entry: two entries share the middle byte of three.
function link(disk, cluster) {
    const pair = disk.view.getUint16(disk.fat + (cluster * 3 >> 1), true);
    return cluster & 1 ? pair >> 4 : pair & 0xfff;
}

function setLink(disk, cluster, value) {
    for (let copy = 0; copy < disk.fats; copy++) {
        const at = disk.fat + copy * disk.fatBytes + (cluster * 3 >> 1), pair = disk.view.getUint16(at, true);
        disk.view.setUint16(at, cluster & 1 ? pair & 0xf | value << 4 : pair & 0xf000 | value, true);
    }
}

function chain(disk, first) {
    const clusters = [];
    for (let cluster = first; cluster >= FIRST_CLUSTER && cluster < LAST && clusters.length < disk.end; cluster = link(disk, cluster))
        clusters.push(cluster);
    return clusters;
}

function findEntry(image, disk, name) {
    for (let at = disk.root; at < disk.data; at += ENTRY_SIZE)
        if (String.fromCharCode(...image.subarray(at, at + 11)) === name)
            return at;
    throw new Error(`the floppy has no ${name}`);
}

const place = (disk, cluster) => disk.data + (cluster - FIRST_CLUSTER) * disk.cluster;

// The bytes of a file; name as in the directory, 11 characters.
export function readFile(image, name) {
    const disk = layout(image), at = findEntry(image, disk, name), bytes = [];
    for (const cluster of chain(disk, disk.view.getUint16(at + 26, true)))
        bytes.push(...image.subarray(place(disk, cluster), place(disk, cluster) + disk.cluster));
    return Uint8Array.from(bytes).subarray(0, disk.view.getUint32(at + 28, true));
}

// A copy of the image in which the file has other bytes.
export function replaceFile(original, name, bytes) {
    const image = original.slice(), disk = layout(image), at = findEntry(image, disk, name);
    for (const cluster of chain(disk, disk.view.getUint16(at + 26, true)))
        setLink(disk, cluster, 0);
    const free = [];
    for (let cluster = FIRST_CLUSTER; cluster < disk.end; cluster++)
        if (!link(disk, cluster))
            free.push(cluster);
    const wanted = free.slice(0, Math.ceil(bytes.length / disk.cluster));
    if (wanted.length * disk.cluster < bytes.length)
        throw new Error(`too much for a floppy: packed, it has ${bytes.length} bytes, and ${free.length * disk.cluster} are free`);
    wanted.forEach((cluster, index) => {
        setLink(disk, cluster, wanted[index + 1] ?? 0xfff);
        image.set(bytes.subarray(index * disk.cluster, (index + 1) * disk.cluster), place(disk, cluster));
    });
    disk.view.setUint16(at + 26, wanted[0] ?? 0, true);
    disk.view.setUint32(at + 28, bytes.length, true);
    return image;
}

// Through CompressionStream or DecompressionStream.
export async function piped(bytes, stream) {
    return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

// The floppy with a Map of files (bytes by path) added to \SystemRoot.
export async function floppyWith(floppy, files) {
    if (!files.size)
        return floppy.slice();
    const system = await piped(readFile(floppy, SYSTEM), new DecompressionStream("gzip"));
    const packed = await piped(appendSegment(system, archive(files)), new CompressionStream("gzip"));
    return replaceFile(floppy, SYSTEM, packed);
}
