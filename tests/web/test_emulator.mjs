// SPDX-License-Identifier: BSD-2-Clause
//
// The page's machine under node: no browser is needed to know that v86 boots the floppy. TAP on standard output.

import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import {Machine, read, waitUntil} from "./emulator.mjs";
import {floppyWith} from "../../web/site/floppy.js";

// images: the folder with the build's programs and drivers.
const [images] = process.argv.slice(2);
const image = name => new Uint8Array(fs.readFileSync(`${images}/${name}`));

async function withMachine(floppy, body) {
    const machine = await Machine.start(floppy);
    try {
        await machine.waitForPrompt();
        await body(machine);
    } finally {
        await machine.close();
    }
}

test("v86 boots the floppy, runs programs, and turns off", () => withMachine(read("floppy.img"), async machine => {
    assert.match(await machine.command("ps"), /i8042prt\.sys +running/);
    assert.equal(await machine.command("echo Hello, World!"), "Hello, World!");
    machine.emulator.keyboard_send_text("shutdown\n");
    await waitUntil(() => machine.off, () => "end of the machine");
}));

test("a program, a driver and a text that are added to the floppy", async () => {
    const text = new TextEncoder().encode("This came later.\n");
    const files = new Map([["notes/later.txt", text], ["readme.txt", text], ["drvtest.exe", image("drvtest.exe")],
        ["drivers/wdmtest.sys", image("wdmtest.sys")]]);
    await withMachine(await floppyWith(read("floppy.img"), files), async machine => {
        assert.equal(await machine.command("type \\SystemRoot\\notes\\later.txt"), "This came later.");
        assert.equal(await machine.command("type \\SystemRoot\\readme.txt"), "This came later.");
        assert.match(await machine.command("ls \\SystemRoot"), /drvtest\.exe/);
        assert.match(await machine.command("drvtest wdmtest"), /drvtest: \d\d+ passed, 0 failed/);
    });
});
