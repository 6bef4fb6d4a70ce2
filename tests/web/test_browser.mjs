// SPDX-License-Identifier: BSD-2-Clause
//
// The page in Debian's chromium, headless, with real key, touch and drag events. TAP on standard output.

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {after, test} from "node:test";
import {DESKTOP, openBrowser, PHONE, screenText, typeText} from "./browser.mjs";

const [images] = process.argv.slice(2);
const HANG = 240_000;       // milliseconds, on a busy host
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "neptune-web-"));
const {browser, url, close} = await openBrowser();
after(async () => {
    await close();
    fs.rmSync(folder, {recursive: true});
});

// The page, open in a browser of its own; whatever goes wrong in it fails the test.
async function withPage(options, body) {
    const context = await browser.newContext(options), page = await context.newPage(), problems = [];
    page.setDefaultTimeout(HANG);
    page.on("pageerror", error => problems.push(String(error)));
    page.on("request", request => {
        if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(url))
            problems.push(`asks for ${request.url()}`);
    });
    await context.addInitScript(listenToSpeaker);
    try {
        await page.goto(url);
        await waitForScreen(page, /C:\\>$/);
        await body(page);
        assert.deepEqual(problems, []);
    } catch (error) {
        error.message += `\n--- screen ---\n${await screenText(page).catch(String)}\n---`;
        throw error;
    } finally {
        await context.close();
    }
}

// What the page would play also goes to an analyser.
function listenToSpeaker() {
    const connect = AudioNode.prototype.connect;
    AudioNode.prototype.connect = function (target, ...rest) {
        if (target instanceof AudioDestinationNode) {
            if (window.heard?.context !== this.context)     // each machine has a context of its own
                window.heard = new AnalyserNode(this.context, {fftSize: 4096, smoothingTimeConstant: 0});
            connect.call(this, window.heard);
        }
        return connect.call(this, target, ...rest);
    };
}

async function waitForScreen(page, pattern) {
    await page.waitForFunction(source => new RegExp(source, "m").test(
        [...document.querySelectorAll("#text > div")].map(row => row.textContent.trimEnd()).join("\n").trimEnd()), pattern.source);
}

// Types a line, and waits for the prompt after it.
async function command(page, line) {
    await typeText(page, line);
    await waitForScreen(page, new RegExp(`${RegExp.escape?.(line) ?? line.replace(/[\\.+*?^${}()|[\]]/g, "\\$&")}$`));
    await page.keyboard.press("Enter");
    await page.waitForFunction(typed => {
        const rows = [...document.querySelectorAll("#text > div")].map(row => row.textContent.trimEnd()).filter(Boolean);
        return rows.at(-1) === "C:\\>" && rows.some(row => row.endsWith(typed));
    }, line);
    return screenText(page);
}

const status = (page, pattern) => page.waitForFunction(source => new RegExp(source).test(document.querySelector("#status").textContent), pattern.source);

test("a user types at the prompt: ps, and shutdown, and power again", () => withPage(DESKTOP, async page => {
    assert.match(await command(page, "ps"), /i8042prt\.sys +running/);
    await page.keyboard.type("shutdown\n");
    await status(page, /^Off$/);
    assert.equal(await page.locator("#power").textContent(), "Power on");
    assert.equal(await screenText(page), "");
    await page.click("#power");
    await waitForScreen(page, /C:\\>$/);
    assert.match(await command(page, "echo here again"), /^here again$/m);
    await page.click("#reset");
    await page.waitForFunction(() => !/here again/.test(document.querySelector("#text").textContent));
    await waitForScreen(page, /C:\\>$/);
}));

test("beep is heard at its pitch, and the sound can be switched off", () => withPage(DESKTOP, async page => {
    // The strongest frequency while it sounds, and 0 if there is none. The analyser's steps are 10 to 12 Hz.
    const pitch = () => page.evaluate(() => {
        const levels = new Float32Array(window.heard.frequencyBinCount);
        window.heard.getFloatFrequencyData(levels);
        const best = levels.indexOf(Math.max(...levels));
        return levels[best] > -60 ? best * window.heard.context.sampleRate / window.heard.fftSize : 0;
    });
    async function heard() {
        await page.keyboard.type("beep 1000 2000\n");
        for (let tries = 0; tries < 40; tries++) {
            const found = await pitch();
            if (found)
                return found;
            await page.waitForTimeout(50);
        }
        return 0;
    }
    const found = await heard();
    assert.ok(Math.abs(found - 1000) < 25, `${found} Hz`);
    await page.waitForFunction(() => {
        const samples = new Float32Array(1024);
        window.heard.getFloatTimeDomainData(samples);
        return samples.every(sample => Math.abs(sample) < 0.01);
    });
    await page.click("#sound");
    assert.equal(await page.evaluate(() => window.heard.context.state), "suspended");
    await page.click("#sound");
    await page.waitForFunction(() => window.heard.context.state === "running");
}));

test("the screen is text: it can be selected and copied, and is as large as fits", () => withPage(DESKTOP, async page => {
    await command(page, "echo some words");
    const selected = await page.evaluate(() => {
        const row = [...document.querySelectorAll("#text > div")].find(element => element.textContent.startsWith("some words"));
        getSelection().selectAllChildren(row);
        return String(getSelection()).trim();
    });
    assert.equal(selected, "some words");
    await page.keyboard.press("Control+c");     // not for the machine now
    const width = async () => (await page.locator("#screen").boundingBox()).width;
    const before = await width();
    await page.setViewportSize({width: 1920, height: 1200});
    await page.waitForFunction(old => document.querySelector("#screen").getBoundingClientRect().width > old * 1.2, before);
    await page.keyboard.press("Shift+Tab");     // leaves the machine
    assert.notEqual(await page.evaluate(() => document.activeElement.id), "screen");
}));

test("the page tells how far it has loaded, and shows the machine alone in full screen", () => withPage(DESKTOP, async page => {
    await page.addInitScript(() => addEventListener("DOMContentLoaded", () => {
        window.told = [];
        new MutationObserver(() => window.told.push([document.querySelector("#status").textContent, document.querySelector("#progress").value]))
            .observe(document.querySelector("header"), {subtree: true, childList: true, attributes: true, characterData: true});
    }));
    await page.reload();
    await waitForScreen(page, /C:\\>$/);
    const told = await page.evaluate(() => window.told);
    assert.ok(told.some(([text, value]) => /^Loading: \d+ %$/.test(text) && value > 0 && value < 1), JSON.stringify(told));
    assert.deepEqual(told.at(-1), ["Running", 1]);
    assert.ok(await page.locator("#progress").isHidden());
    const width = async () => (await page.locator("#screen").boundingBox()).width;
    const before = await width();
    await page.click("#fullscreen");
    await page.waitForFunction(old => document.fullscreenElement?.id === "stage" &&
        document.querySelector("#screen").getBoundingClientRect().width > old * 1.2, before);
    assert.match(await command(page, "echo full"), /^full$/m);
    await page.evaluate(() => document.exitFullscreen());
    await page.waitForFunction(old => Math.abs(document.querySelector("#screen").getBoundingClientRect().width - old) < 1, before);
}));

test("the state is saved, and restored after the page was closed", () => withPage(DESKTOP, async page => {
    assert.ok(await page.locator("#restore").isDisabled());
    await command(page, "echo before");
    await page.click("#save");
    await status(page, /^Saved: /);
    await page.reload();
    await waitForScreen(page, /C:\\>$/);
    assert.doesNotMatch(await screenText(page), /before/);
    await page.click("#restore");
    await status(page, /^Restored$/);
    await waitForScreen(page, /^before$/);
    assert.match(await command(page, "echo after"), /^before[^]*^after$/m);
    await page.keyboard.type("reboot\n");       // from the floppy that is part of the state
    await page.waitForFunction(() => !/before/.test(document.querySelector("#text").textContent));
    await waitForScreen(page, /C:\\>$/);
}));

async function drop(page, files) {
    const session = await page.context().newCDPSession(page);
    const data = {items: [], files, dragOperationsMask: 1};
    for (const type of ["dragEnter", "dragOver", "drop"])
        await session.send("Input.dispatchDragEvent", {type, x: 300, y: 300, data});
}

test("a program, a driver and a text are dropped, run, saved, and taken away", () => withPage(DESKTOP, async page => {
    const text = path.join(folder, "note.txt");
    fs.writeFileSync(text, "dropped\n");
    await drop(page, [text, path.resolve(images, "drvtest.exe"), path.resolve(images, "wdmtest.sys")]);
    await status(page, /^Started with note\.txt, drvtest\.exe, drivers\\wdmtest\.sys/);
    await waitForScreen(page, /C:\\>$/);
    assert.match(await command(page, "type \\SystemRoot\\note.txt"), /^dropped$/m);
    assert.match(await command(page, "drvtest wdmtest"), /drvtest: \d\d+ passed, 0 failed/);
    await page.getByLabel("Remove note.txt").click();
    await status(page, /^Running$/);
    await waitForScreen(page, /C:\\>$/);
    await page.click("#screen");
    const listing = await command(page, "ls \\SystemRoot");
    assert.ok(/drvtest\.exe/.test(listing) && !/note\.txt/.test(listing));
}));

test("what does not fit, or can have no place, is refused and changes nothing", () => withPage(DESKTOP, async page => {
    const large = path.join(folder, "large.bin");
    fs.writeFileSync(large, Buffer.from(Array.from({length: 3_000_000}, (_, i) => Math.imul(i ^ i >> 7, 2654435761) >>> 24)));
    await drop(page, [large]);
    await status(page, /too much for a floppy/);
    const nowhere = path.join(folder, "price in \u20ac.txt");
    fs.writeFileSync(nowhere, "5");
    await drop(page, [nowhere]);
    await status(page, /\u20ac/);
    assert.match(await command(page, "echo still there"), /^still there$/m);
    assert.equal(await page.locator("#added li").count(), 0);
}));

test("on a phone: the keyboard on the screen, and nothing beside it", () => withPage(PHONE, async page => {
    const tap = async (...names) => {
        for (const name of names)
            await page.locator(`#keys button[aria-label="${name}"]`).tap();
    };
    assert.ok(await page.locator("#keys").isVisible());
    await tap("e", "c", "h", "o", "Space", "Shift", "a", "b", "x", "Backspace", "Shift", "1", "Enter");
    await waitForScreen(page, /^Ab!$/);
    await tap("Up");
    await waitForScreen(page, /C:\\>echo Ab!$/);
    await tap("Enter", "p", "s", "Enter");
    await waitForScreen(page, /i8042prt\.sys +running/);
    const widths = await page.evaluate(() => [document.documentElement, document.querySelector("#stage")]
        .map(element => [element.scrollWidth, element.clientWidth]));
    for (const [content, room] of widths)
        assert.ok(content <= room, `${content} in ${room}`);
    const text = await page.locator("#text").boundingBox();
    assert.ok(text.width > PHONE.viewport.width * 0.9, `${text.width} of ${PHONE.viewport.width}`);
    for (const key of await page.locator("#keys button").all()) {
        const {width, height} = await key.boundingBox();
        assert.ok(width >= 30 && height >= 44, `${width} x ${height}`);
    }
    await page.locator("#keyboard").tap();
    assert.ok(await page.locator("#keys").isHidden());
}));

test("every link of the page and its documents leads somewhere", async () => {
    const seen = new Set(), open = [""];
    while (open.length) {
        const place = open.pop();
        const response = await fetch(url + place);
        assert.equal(response.status, 200, place);
        if (!/html/.test(response.headers.get("content-type")))
            continue;
        for (const [, target] of (await response.text()).matchAll(/(?:href|src)="([^"#]+)/g)) {
            const next = new URL(target, url + place).href;
            assert.ok(next.startsWith(url), `${place} leads to ${next}`);
            if (!seen.has(next))
                open.push(next.slice(url.length));
            seen.add(next);
        }
    }
    for (const name of ["licences.html", "licences/v86.txt", "licences/lgpl-3.txt", "docs/architecture.html", "web/README.html"])
        assert.ok(seen.has(url + name), name);
});
