// SPDX-License-Identifier: BSD-2-Clause
//
// An on-screen keyboard of a US layout, which sends scan codes of set 1 as a PC's keyboard does: shift and Ctrl hold until
// the next key, a key that is held repeats.

const SHIFT = 0x2a, CONTROL = 0x1d, RELEASED = 0x80, EXTENDED = 0xe0;
const REPEAT_AFTER = 500, REPEAT_EACH = 60;     // milliseconds

// Characters of a row, without and with shift, from the given scan code on.
const run = (code, plain, shifted) => [...plain].map((label, index) => ({label, shifted: [...shifted][index], code: code + index}));
const key = (label, code, more = {}) => ({label, code, ...more});

// Rows of eleven, so that a finger finds a key on a narrow phone; width: in keys, 1 where not told.
const ROWS = [
    [key("Esc", 0x01), key("Tab", 0x0f), key("`", 0x29, {shifted: "~"}), key("\\", 0x2b, {shifted: "|"}), ...run(0x1a, "[]", "{}"),
        key("=", 0x0d, {shifted: "+"}), key("←", 0x4b, {name: "Left", extended: true}), key("↑", 0x48, {name: "Up", extended: true}),
        key("↓", 0x50, {name: "Down", extended: true}), key("→", 0x4d, {name: "Right", extended: true})],
    run(0x02, "1234567890-", "!@#$%^&*()_"),
    [...run(0x10, "qwertyuiop", "QWERTYUIOP"), key("⌫", 0x0e, {name: "Backspace"})],
    run(0x1e, "asdfghjkl;'", "ASDFGHJKL:\""),
    [key("⇧", SHIFT, {name: "Shift", held: true}), ...run(0x2c, "zxcvbnm,./", "ZXCVBNM<>?")],
    [key("Ctrl", CONTROL, {held: true, width: 2}), key("Space", 0x39, {width: 6}), key("⏎", 0x1c, {name: "Enter", width: 3})],
];

// Fills element with the keys. send(code) takes the bytes one by one.
export function createKeyboard(element, send) {
    const holding = new Map();      // keys that stay down until the next: their buttons by scan code

    function bytes({code, extended}, released) {
        if (extended)
            send(EXTENDED);
        send(released ? code | RELEASED : code);
    }

    function hold(definition, button) {
        const down = !holding.delete(definition.code);
        if (down)
            holding.set(definition.code, button);
        bytes(definition, !down);
        show();
    }

    function releaseHeld() {
        for (const code of holding.keys())
            bytes({code}, true);
        holding.clear();
        show();
    }

    function show() {
        for (const button of element.querySelectorAll("button")) {
            const {label, shifted, code} = button.definition;
            button.textContent = holding.has(SHIFT) && shifted ? shifted : label;
            button.classList.toggle("down", holding.has(code));
        }
    }

    function press(definition, button) {
        let timer = setTimeout(function again() {
            bytes(definition, false);
            timer = setTimeout(again, REPEAT_EACH);
        }, REPEAT_AFTER);
        bytes(definition, false);
        button.classList.add("down");
        return () => {
            clearTimeout(timer);
            bytes(definition, true);
            button.classList.remove("down");
            releaseHeld();
        };
    }

    function createKey(definition) {
        const button = document.createElement("button");
        let release;
        Object.assign(button, {definition, type: "button", tabIndex: -1, textContent: definition.label});
        button.style.flexGrow = definition.width ?? 1;
        button.setAttribute("aria-label", definition.name ?? definition.label);
        button.addEventListener("pointerdown", event => {
            event.preventDefault();     // the screen keeps the focus
            if (definition.held)
                hold(definition, button);
            else
                release ??= press(definition, button);
        });
        for (const type of ["pointerup", "pointercancel", "pointerleave"])
            button.addEventListener(type, () => { release?.(); release = undefined; });
        button.addEventListener("contextmenu", event => event.preventDefault());
        return button;
    }

    element.replaceChildren(...ROWS.map(row => {
        const line = document.createElement("div");
        line.append(...row.map(createKey));
        return line;
    }));
}
