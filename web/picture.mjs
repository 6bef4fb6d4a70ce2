// SPDX-License-Identifier: BSD-2-Clause
//
// node web/picture.mjs: makes docs/browser.png, the page of build/web as a user sees it. Run at the project's top.

import {openBrowser, screenText, typeText} from "../tests/web/browser.mjs";

const WINDOW = {viewport: {width: 1000, height: 680}};
const COMMANDS = ["ver", "ls \\SystemRoot", "ps"];

const {browser, url, close} = await openBrowser();
const page = await browser.newPage(WINDOW);

async function waitForPrompt() {
    while (!(await screenText(page)).endsWith("\nC:\\>"))
        await page.waitForTimeout(200);
    await page.waitForTimeout(500);
}

try {
    await page.goto(url);
    await waitForPrompt();
    for (const command of COMMANDS) {
        await typeText(page, command);
        await page.keyboard.press("Enter");
        await waitForPrompt();
    }
    await page.addStyleTag({content: "#screen .cursor { animation: none !important }"});
    await page.screenshot({path: "docs/browser.png"});
} finally {
    await close();
}
