// SPDX-License-Identifier: BSD-2-Clause
//
// The page: loads what the machine is made of, and connects buttons, keys, dropped files and the saved state with it.

import {defaultPath, pathProblem} from "./addfiles.js";
import {floppyWith, piped} from "./floppy.js";
import {createKeyboard} from "./keyboard.js";
import {startMachine} from "./machine.js";
import {isMachineSaved, savedMachine, saveMachine} from "./storage.js";
import {V86} from "./v86/libv86.js";

const COLUMNS = 80, ROWS = 25, LINE_HEIGHT = 1.2;

const $ = id => document.getElementById(id);
const parts = {};               // what the machine is made of, by the names that manifest.json gives
const added = new Map();        // files for \SystemRoot: bytes by path
let emulator = null;            // the machine while it is on
let sound = true;
let work = Promise.resolve();   // power, files and state change one after the other

function say(text, problem = false) {
    $("status").textContent = text;
    $("status").classList.toggle("problem", problem);
}

// Does one thing at a time, and says what went wrong with it.
function queue(action) {
    work = work.then(action).catch(error => say(error.message, true));
    return work;
}

// ---- Loading ----

async function fetchBytes(url, progress) {
    const response = await fetch(url);
    if (!response.ok)
        throw new Error(`${url}: ${response.status} ${response.statusText}`);
    const chunks = [], reader = response.body.getReader();
    for (let part; !(part = await reader.read()).done;) {
        chunks.push(part.value);
        progress(part.value.length);
    }
    return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

async function load() {
    const manifest = await (await fetch("manifest.json")).json();
    const files = [...manifest.parts, ...manifest.added];
    const total = files.reduce((sum, file) => sum + file.bytes, 0);
    let loaded = 0;
    await Promise.all(files.map(async file => {
        file.data = await fetchBytes(file.url, count => {
            loaded += count;
            $("progress").value = loaded / total;
            say(`Loading: ${Math.floor(100 * loaded / total)} %`);
        });
    }));
    for (const {name, data} of manifest.parts)
        parts[name] = data;
    for (const {path, data} of manifest.added)
        added.set(path, data);
    parts.module = await WebAssembly.compile(parts.emulator);
    $("progress").hidden = true;
}

// ---- Power ----

function showPower() {
    const on = Boolean(emulator);
    $("power").textContent = on ? "Power off" : "Power on";
    $("off").hidden = on;
    for (const id of ["reset", "save"])
        $(id).disabled = !on;
    $("power").disabled = false;
}

async function powerOn(state) {
    say("Starting");
    $("off").hidden = true;
    const floppy = await floppyWith(parts.floppy, added);
    emulator = await startMachine({
        V86, ...parts, floppy, state,
        turnedOff: () => queue(powerOff),
        options: {screen_container: $("screen")},
    });
    emulator.keyboard_set_enabled(document.activeElement === $("screen"));
    applySound();
    showPower();
    say("Running");
}

async function powerOff() {
    const old = emulator;
    emulator = null;
    await old?.destroy();
    $("text").replaceChildren();
    showPower();
    say("Off");
}

async function reset() {
    await powerOff();
    await powerOn();
}

// ---- Sound: browsers want a key or a click before any ----

function applySound() {
    const context = emulator?.speaker_adapter?.audio_context;
    if (sound)
        context?.resume();
    else
        context?.suspend();
}

function switchSound() {
    sound = !sound;
    $("sound").setAttribute("aria-pressed", sound);
    applySound();
}

// ---- The screen ----

// Letters as large as 80 x 25 of them fit into the space there is.
function fit() {
    const probe = document.createElement("span"), full = document.fullscreenElement === $("stage");
    const narrow = getComputedStyle($("stage")).flexGrow === "0" && !full;
    probe.textContent = "0".repeat(COLUMNS);
    probe.style = "position: absolute; visibility: hidden; font-size: 100px; white-space: pre";
    $("screen").append(probe);
    const width = probe.getBoundingClientRect().width / 100;
    probe.remove();
    const space = full ? 0 : 16;
    const across = ($("stage").clientWidth - space) / width;
    const down = narrow ? Infinity : ($("stage").clientHeight - space) / (ROWS * LINE_HEIGHT);
    $("screen").style.setProperty("--size", `${Math.min(across, down)}px`);
}

function showCursor() {
    setTimeout(() => document.querySelector("#text .cursor")?.scrollIntoView({block: "nearest", inline: "nearest"}), 100);
}

// Keys go to the machine while its screen has the focus. Shift and Tab together leave it.
function connectScreen() {
    const screen = $("screen");
    screen.addEventListener("focus", () => emulator?.keyboard_set_enabled(true));
    screen.addEventListener("blur", () => {
        window.dispatchEvent(new Event("blur"));    // for v86: no key is held any more
        emulator?.keyboard_set_enabled(false);
    });
    window.addEventListener("keydown", event => {
        applySound();
        if (event.target === screen && event.shiftKey && event.code === "Tab")
            event.stopImmediatePropagation();
        else if (event.target === screen && (event.ctrlKey || event.metaKey) && event.code === "KeyC" && String(getSelection()))
            event.stopImmediatePropagation();       // copies what is selected
    }, true);
    window.addEventListener("pointerdown", applySound, true);
    new ResizeObserver(fit).observe($("stage"));
    screen.focus({preventScroll: true});
}

function showKeyboard(shown) {
    $("keys").hidden = !shown;
    $("keyboard").setAttribute("aria-pressed", shown);
}

// ---- Files ----

function showAdded() {
    $("added").replaceChildren(...[...added.keys()].map(path => {
        const item = document.createElement("li"), remove = document.createElement("button");
        item.textContent = path.replaceAll("/", "\\");
        remove.textContent = "×";
        remove.setAttribute("aria-label", `Remove ${path}`);
        remove.addEventListener("click", () => queue(() => changeFiles(files => files.delete(path))));
        item.append(remove);
        return item;
    }));
}

// Changes the files and starts the machine with them; those that do not fit change nothing.
async function changeFiles(change) {
    const files = new Map(added);
    change(files);
    await floppyWith(parts.floppy, files);
    added.clear();
    files.forEach((bytes, path) => added.set(path, bytes));
    showAdded();
    await reset();
}

function setFile(files, path, bytes) {
    for (const old of files.keys())
        if (old.toLowerCase() === path.toLowerCase())
            files.delete(old);
    files.set(path, bytes);
}

async function addFiles(list) {
    const fresh = await Promise.all([...list].map(async file => [defaultPath(file.name), new Uint8Array(await file.arrayBuffer())]));
    const problem = fresh.map(([path]) => pathProblem(path)).find(Boolean);
    if (problem)
        throw new Error(problem);
    if (!fresh.length)
        return;
    await changeFiles(files => fresh.forEach(([path, bytes]) => setFile(files, path, bytes)));
    say(`Started with ${fresh.map(([path]) => path.replaceAll("/", "\\")).join(", ")} in \\SystemRoot`);
}

function connectDrop() {
    const hasFiles = event => event.dataTransfer?.types.includes("Files");
    window.addEventListener("dragover", event => {
        if (!hasFiles(event))
            return;
        event.preventDefault();
        $("drop").hidden = false;
    });
    window.addEventListener("dragleave", event => { $("drop").hidden ||= !event.relatedTarget; });
    window.addEventListener("drop", event => {
        $("drop").hidden = true;
        if (!hasFiles(event))
            return;
        event.preventDefault();
        const files = [...event.dataTransfer.files];
        queue(() => addFiles(files));
    });
}

// ---- The saved state ----

async function save() {
    say("Saving");
    const state = await piped(new Uint8Array(await emulator.save_state()), new CompressionStream("gzip"));
    await saveMachine({state, files: [...added]});
    $("restore").disabled = false;
    say(`Saved: ${(state.length / 1e6).toFixed(1)} MB in this browser`);
}

async function restore() {
    const saved = await savedMachine();
    say("Restoring");
    const state = await piped(saved.state, new DecompressionStream("gzip"));
    await powerOff();
    added.clear();
    saved.files.forEach(([path, bytes]) => added.set(path, bytes));
    showAdded();
    await powerOn(state.buffer);
    say("Restored");
}

// ---- Buttons ----

function onClick(id, action) {
    $(id).addEventListener("click", event => {
        action();
        if (event.detail)       // by mouse or finger: typing goes on in the machine
            $("screen").focus({preventScroll: true});
    });
}

function connectButtons() {
    onClick("power", () => queue(() => emulator ? powerOff() : powerOn()));
    onClick("reset", () => queue(reset));
    onClick("save", () => queue(save));
    onClick("restore", () => queue(restore));
    onClick("sound", switchSound);
    onClick("keyboard", () => showKeyboard($("keys").hidden));
    onClick("fullscreen", () => $("stage").requestFullscreen?.().catch(error => say(error.message, true)));
    $("fullscreen").hidden = !document.fullscreenEnabled;
    $("add").addEventListener("keydown", event => {
        if (event.code === "Enter" || event.code === "Space")
            $("files").click();
    });
    $("files").addEventListener("change", () => {
        const files = [...$("files").files];
        $("files").value = "";
        queue(() => addFiles(files));
        $("screen").focus({preventScroll: true});
    });
}

async function start() {
    createKeyboard($("keys"), code => {
        emulator?.bus.send("keyboard-code", code);
        showCursor();
    });
    showKeyboard(matchMedia("(pointer: coarse)").matches);
    connectScreen();
    connectButtons();
    connectDrop();
    $("off").hidden = true;
    $("restore").disabled = !await isMachineSaved().catch(() => false);
    await load();
    showAdded();
    await powerOn();
}

queue(start);
