// SPDX-License-Identifier: BSD-2-Clause
//
// The emulated PC: v86 with Debian's SeaBIOS, which boots a floppy. The same in the browser and under node.

const MEMORY = 64 << 20, VIDEO_MEMORY = 2 << 20;
const PM1_CONTROL = 0xb004, SLEEP_ENABLE = 1 << 13;     // ACPI: where a write turns the PC off

// v86 knows no sleep states: it keeps what is written there, and we see to the switch.
function watchPower(emulator, turnedOff) {
    const {io, devices} = emulator.v86.cpu, keep = io.ports[PM1_CONTROL].write16;
    io.register_write(PM1_CONTROL, devices.acpi, undefined, value => {
        keep.call(devices.acpi, value & ~SLEEP_ENABLE);
        if (value & SLEEP_ENABLE)
            setTimeout(turnedOff);
    });
}

// Starts a machine. V86: the emulator's class; module: its WebAssembly.Module; bios, vgaBios, floppy: Uint8Arrays;
// state: of a machine to be continued (ArrayBuffer), or nothing; turnedOff: called when the system does that;
// options: more of v86's own. Returns the emulator, running.
export async function startMachine({V86, module, bios, vgaBios, floppy, state, turnedOff, options = {}}) {
    const emulator = new V86({
        wasm_fn: async imports => (await WebAssembly.instantiate(module, imports)).exports,
        memory_size: MEMORY,
        vga_memory_size: VIDEO_MEMORY,
        bios: {buffer: bios.slice().buffer},
        vga_bios: {buffer: vgaBios.slice().buffer},
        fda: {buffer: floppy.slice().buffer},
        acpi: true,
        fastboot: true,
        disable_mouse: true,
        net_device: {type: "none"},
        autostart: false,
        ...state && {initial_state: {buffer: state}},
        ...options,
    });
    await new Promise(resolve => emulator.add_listener("emulator-loaded", resolve));
    watchPower(emulator, turnedOff);
    emulator.run();
    return emulator;
}
