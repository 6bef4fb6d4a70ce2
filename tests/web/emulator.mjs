// SPDX-License-Identifier: BSD-2-Clause
//
// The page's machine without a browser: v86 under node, started by the page's own code.

import fs from "node:fs";
import path from "node:path";
import {pathToFileURL} from "node:url";

export const folder = path.resolve("build/web");
const HANG = 240_000;       // milliseconds, on a busy host

export const read = file => new Uint8Array(fs.readFileSync(path.join(folder, file)));

// Waits until condition() is true, which is asked again and again.
export async function waitUntil(condition, what) {
    for (const end = Date.now() + HANG; !condition();) {
        if (Date.now() > end)
            throw new Error(`no ${what()}`);
        await new Promise(resolve => setTimeout(resolve, 50));
    }
}

// A machine that boots the floppy, with its screen as text and a keyboard.
export class Machine {
    static async start(floppy) {
        const {V86} = await import(pathToFileURL(path.join(folder, "v86/libv86.js")));
        const {startMachine} = await import(pathToFileURL(path.join(folder, "machine.js")));
        const machine = new Machine();
        machine.off = false;
        machine.emulator = await startMachine({
            V86, floppy, module: await WebAssembly.compile(read("v86/v86.wasm")),
            bios: read("bios/bios.bin"), vgaBios: read("bios/vgabios.bin"),
            turnedOff: () => { machine.off = true; },
            options: {disable_speaker: true},
        });
        return machine;
    }

    rows() {
        return this.emulator.screen_adapter.get_text_screen().map(row => row.trimEnd());
    }

    text() {
        return this.rows().join("\n").trimEnd();
    }

    async waitFor(pattern) {
        await waitUntil(() => pattern.test(this.text()), () => `${pattern} on the screen:\n${this.text()}`);
    }

    async waitForPrompt() {
        await this.waitFor(/^C:\\>$/m);
        await this.waitFor(/\nC:\\>$/);
    }

    // What a command prints, if that fits the screen.
    async command(line) {
        this.emulator.keyboard_send_text(`cls\n`);
        await this.waitFor(/^C:\\>$/);
        this.emulator.keyboard_send_text(line);
        await waitUntil(() => this.text().endsWith(`C:\\>${line}`), () => `echo of '${line}':\n${this.text()}`);
        this.emulator.keyboard_send_text("\n");
        await this.waitForPrompt();
        return this.text().split("\n").slice(1, -1).join("\n");
    }

    close() {
        return this.emulator.destroy();
    }
}
