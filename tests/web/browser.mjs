// SPDX-License-Identifier: BSD-2-Clause
//
// Debian's chromium, headless, and a server for the page, which lies in a folder below the server's top.

import {spawn} from "node:child_process";
import {createRequire} from "node:module";
import path from "node:path";

const {chromium} = createRequire(path.resolve("build/npm/package.json"))("playwright-core");

export const DESKTOP = {viewport: {width: 1280, height: 800}};
export const PHONE = {viewport: {width: 390, height: 844}, hasTouch: true, isMobile: true, deviceScaleFactor: 2};

const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=user-gesture-required"];

// A fresh browser, the page's address, and close(), which ends both.
export async function openBrowser() {
    const server = spawn("web/serve.py", ["build", "0"], {stdio: ["ignore", "pipe", "inherit"]});
    const address = await new Promise(resolve => server.stdout.once("data", data => resolve(String(data).trim())));
    const browser = await chromium.launch({executablePath: "/usr/bin/chromium", args: ARGUMENTS}).catch(error => {
        server.kill();
        throw error;
    });
    return {
        browser,
        url: `${address}web/`,
        async close() {
            await browser.close();
            server.kill();
        },
    };
}

// The machine's screen, without blanks at the ends.
export async function screenText(page) {
    const rows = await page.locator("#text > div").allTextContents();
    return rows.map(row => row.trimEnd()).join("\n").trimEnd();
}

// Types as a user does: capitals with Shift, which Playwright's own type() leaves out.
export async function typeText(page, text) {
    for (const character of text)
        await (/[A-Z]/.test(character) ? page.keyboard.press(`Shift+${character}`) : page.keyboard.type(character));
}
