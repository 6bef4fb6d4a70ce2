// SPDX-License-Identifier: BSD-2-Clause
//
// What the page does to the floppy's bytes: the same as the tools do. TAP on standard output.

import assert from "node:assert/strict";
import {execFileSync, spawnSync} from "node:child_process";
import {createHash} from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import test from "node:test";
import {appendSegment, archive, defaultPath, pathProblem} from "../../web/site/addfiles.js";
import {floppyWith, piped, readFile} from "../../web/site/floppy.js";

const [images] = process.argv.slice(2);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "neptune-web-"));
process.on("exit", () => fs.rmSync(folder, {recursive: true}));

const floppy = new Uint8Array(fs.readFileSync(`${images}/floppy.img`));
const system = new Uint8Array(fs.readFileSync(`${images}/ntos.elf`));

// Bytes that do not pack, the same in each run.
function noise(length) {
    const blocks = [];
    for (let i = 0; i < length; i += 32)
        blocks.push(createHash("sha256").update(String(i)).digest());
    return new Uint8Array(Buffer.concat(blocks)).subarray(0, length);
}

const FILES = new Map([["hello.txt", new TextEncoder().encode("hello")], ["a/b/c.bin", noise(5001)],
    ["drivers/extra.sys", noise(64)], ["a/empty", new Uint8Array()], ["caf\xe9.txt", noise(3)]]);

function addedByTool(files) {
    const output = path.join(folder, "ntos.elf");
    const words = [...files].map(([name, bytes], index) => {
        const file = path.join(folder, `file${index}`);
        fs.writeFileSync(file, bytes);
        return `${file}=${name}`;
    });
    execFileSync("tools/generate/addfiles.py", [`${images}/ntos.elf`, output, ...words]);
    return new Uint8Array(fs.readFileSync(output));
}

test("page and tool make the same image", () => {
    assert.deepEqual(appendSegment(system, archive(FILES)), addedByTool(FILES));
});

test("files are added once to one image", () => {
    assert.throws(() => appendSegment(appendSegment(system, archive(FILES)), archive(FILES)));
    assert.throws(() => appendSegment(noise(5000), archive(FILES)));
    const twice = path.join(folder, "twice");
    fs.writeFileSync(twice, addedByTool(FILES));
    assert.equal(spawnSync("tools/generate/addfiles.py", [twice, path.join(folder, "x"), "README.md"]).status, 1);
});

test("mtools read what was written, and the rest is as it was", async () => {
    const changed = path.join(folder, "floppy.img");
    fs.writeFileSync(changed, await floppyWith(floppy, FILES));
    const file = name => execFileSync("mtype", ["-i", changed, `::${name}`], {maxBuffer: 1 << 24});
    const old = name => execFileSync("mtype", ["-i", `${images}/floppy.img`, `::${name}`], {maxBuffer: 1 << 24});
    const unpacked = await piped(file("ntos.gz"), new DecompressionStream("gzip"));
    assert.deepEqual(unpacked, addedByTool(FILES));
    for (const name of ["kernel.gz", "mboot.c32", "libcom32.c32", "syslinux.cfg", "ldlinux.sys"])
        assert.deepEqual(file(name), old(name), name);
});

test("a floppy takes what fits, to the last cluster, and says so of the rest", async () => {
    const one = size => new Map([["big", noise(size)]]);
    let fits = 0, large = 2_000_000;
    while (large - fits > 512) {
        const middle = (fits + large) >> 1;
        await floppyWith(floppy, one(middle)).then(() => { fits = middle; }, () => { large = middle; });
    }
    assert.ok(fits > 400_000, `only ${fits}`);
    const full = await floppyWith(floppy, one(fits));
    const unpacked = await piped(readFile(full, "NTOS    GZ "), new DecompressionStream("gzip"));
    assert.deepEqual(unpacked, appendSegment(system, archive(one(fits))));
    await assert.rejects(floppyWith(floppy, one(large + 512)), /too much for a floppy/);
});

test("places of files", () => {
    assert.equal(defaultPath("tool.exe"), "tool.exe");
    assert.equal(defaultPath("Disk.SYS"), "drivers/Disk.SYS");
    for (const good of ["a", "a/b", "A b.txt", "caf\xe9", ".hidden", "a..b"])
        assert.equal(pathProblem(good), undefined, good);
    for (const bad of ["", "/a", "a/", "a//b", "..", "a/../b", "./a", "a\\b", "a:b", "a\nb", "\u20ac", "TRAILER!!!", "a".repeat(256)])
        assert.ok(pathProblem(bad), bad);
});
