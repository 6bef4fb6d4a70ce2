/* SPDX-License-Identifier: BSD-2-Clause */
/* The model: see model.h. */
#include "model.h"
#include <string.h>

#define STEP 50 /* microseconds */
#define BYTE_TIME 1000
#define KEYBOARD_BUFFER 16
#define QUEUE 64

typedef struct {
    uint8_t bytes[QUEUE];
    unsigned count;
} FIFO;

/* A key: set 2 without its release prefix, and what the driver is to make of it. */
typedef struct {
    uint8_t prefix, code;
    uint16_t make, flags;
} KEY;

static const KEY keys[] = {
    {0, 0x1C, 0x1E, 0},    {0, 0x23, 0x20, 0},    {0, 0x5A, 0x1C, 0},    {0, 0x12, 0x2A, 0},
    {0, 0x29, 0x39, 0},    {0xE0, 0x75, 0x48, 2}, {0xE0, 0x5A, 0x1C, 2}, {0, 0x83, 0x41, 0},
    {0, 0x7E, 0x46, 0},    {0, 0x55, 0x0D, 0},    {0, 0x16, 0x02, 0},    {0xE0, 0x4A, 0x35, 2},
    {0xE0, 0x14, 0x1D, 2}, {0, 0x66, 0x0E, 0},
};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

/* The controller's table, from another source than the driver's: columns are make codes. */
static uint8_t to_set1(uint8_t code)
{
    for (unsigned i = 0; i < KEYS; i++)
        if (keys[i].code == code)
            return (uint8_t)keys[i].make;
    return code;
}

static QUIRKS quirks;
static uint64_t seed;
uint64_t model_now;
KEY_EVENT model_typed[MODEL_EVENTS];
unsigned model_typed_count, model_overflows;

/* The controller */
static uint8_t configuration, output, output_status, parameter_of;
static bool output_full, input_full, input_is_command, interrupt_raised, release_seen;
static uint8_t input;
static uint8_t answer;
static uint64_t answer_due, next_mouse;
static unsigned self_tests;

/* The keyboard */
static FIFO answers, codes;
static uint64_t answers_due, next_byte, deaf_until;
static uint8_t command;
static bool scanning, in_reset;
static unsigned held; /* bit n: key n is down */

static uint64_t type_until, next_key;
static uint32_t type_interval;

unsigned model_random(unsigned limit)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(seed >> 33) % limit;
}

static void put(FIFO *fifo, uint8_t byte)
{
    if (fifo->count < QUEUE)
        fifo->bytes[fifo->count++] = byte;
}

static uint8_t take(FIFO *fifo)
{
    uint8_t byte = fifo->bytes[0];

    memmove(fifo->bytes, fifo->bytes + 1, --fifo->count);
    return byte;
}

void model_begin(const QUIRKS *Quirks, uint64_t Seed)
{
    quirks = *Quirks;
    seed = Seed;
    model_now = 1000000;
    model_typed_count = model_overflows = 0;
    configuration = (quirks.configuration & ~quirks.stuck_clear) | quirks.stuck_set;
    output_full = quirks.leftover != 0;
    output = quirks.leftover;
    output_status = 0;
    interrupt_raised = release_seen = in_reset = input_full = false;
    parameter_of = command = 0;
    answer_due = 0;
    next_mouse = model_now;
    self_tests = 0;
    answers.count = codes.count = 0;
    answers_due = next_byte = 0;
    deaf_until = model_now + quirks.powered;
    scanning = !quirks.not_scanning;
    in_reset = quirks.powered != 0;
    held = 0;
    type_until = 0;
}

/* ---- The keyboard ---- */

static void forget_codes(void)
{
    codes.count = 0;
    release_seen = false;
}

/* As the keyboard would send it: a code that does not fit is lost, and a 00 says so. */
static void send_code(const KEY *key, bool down)
{
    unsigned length = 1u + (key->prefix != 0) + !down;
    bool early = quirks.translates_early && (configuration & 0x40);

    if (codes.count + length > KEYBOARD_BUFFER) {
        if (codes.count < KEYBOARD_BUFFER && codes.bytes[codes.count - 1] != 0)
            put(&codes, early ? 0xFF : 0);
        model_overflows++;
        return;
    }
    if (key->prefix)
        put(&codes, key->prefix);
    if (early) {
        put(&codes, (uint8_t)(to_set1(key->code) | (down ? 0 : 0x80)));
        return;
    }
    if (!down)
        put(&codes, 0xF0);
    put(&codes, key->code);
}

static void touch_key(void)
{
    unsigned index = model_random(KEYS);
    const KEY *key = &keys[index];
    bool down = !(held >> index & 1);

    if (model_typed_count == MODEL_EVENTS)
        return;
    held ^= 1u << index;
    model_typed[model_typed_count++] =
        (KEY_EVENT){key->make, (uint16_t)(key->flags | !down), model_now};
    if (scanning && !in_reset && !quirks.dead && !quirks.unplugged)
        send_code(key, down);
}

static void respond(uint8_t byte)
{
    if (!answers.count)
        answers_due = model_now + quirks.delay;
    put(&answers, byte);
}

static void reset_keyboard(void)
{
    forget_codes();
    in_reset = true;
    scanning = true;
    deaf_until = model_now + quirks.delay + quirks.self_test_time;
}

static void keyboard_command(uint8_t byte)
{
    respond(0xFA);
    switch (byte) {
    case 0xED:
    case 0xF3:
        command = byte;
        break;
    case 0xF4:
        forget_codes();
        scanning = true;
        break;
    case 0xF5:
        forget_codes();
        scanning = false;
        break;
    case 0xFF:
        reset_keyboard();
        break;
    default:
        answers.bytes[answers.count - 1] = 0xFE;
    }
}

static void keyboard_receive(uint8_t byte)
{
    if (quirks.unplugged) {
        respond(0xFE);
        return;
    }
    if (quirks.dead || in_reset)
        return;
    if (quirks.ignored) {
        quirks.ignored--;
    } else if (quirks.resends) {
        quirks.resends--;
        respond(0xFE);
    } else if (command && byte < 0x80) {
        command = 0;
        respond(0xFA);
    } else {
        command = 0;
        keyboard_command(byte);
    }
}

/* ---- From the keyboard through the controller ---- */

static void fill(uint8_t byte, uint8_t status)
{
    output = byte;
    output_status = status;
    output_full = true;
    interrupt_raised |= (configuration & (status & 0x20 ? 2 : 1)) != 0;
}

static void deliver(uint8_t byte)
{
    uint8_t status = quirks.unplugged ? 0x40 : 0;

    if (quirks.garbled && model_random(quirks.garbled) == 0) {
        byte ^= 1u << model_random(7);
        status = 0x80;
        release_seen = false;
    }
    if ((configuration & 0x40) && !quirks.translates_early && !status) {
        if (byte == 0xF0) {
            release_seen = true;
            return;
        }
        if (byte < 0x84)
            byte = byte == 0 ? 0xFF : to_set1(byte) | (release_seen ? 0x80 : 0);
        release_seen = false;
    }
    fill(byte, status);
}

static void keyboard_send(void)
{
    bool answered = answers.count && model_now >= answers_due;

    if (output_full || model_now < next_byte)
        return;
    if ((configuration & 0x10) && !quirks.ignores_disable)
        return;
    if (answered && (quirks.answers_first || !codes.count))
        deliver(take(&answers));
    else if (codes.count)
        deliver(take(&codes));
    else
        return;
    next_byte = model_now + BYTE_TIME;
}

static void controller_answer(void)
{
    if (!answer_due || model_now < answer_due || output_full)
        return;
    answer_due = 0;
    fill(answer, 0);
}

static void controller_say(uint8_t byte, uint32_t delay)
{
    answer = byte;
    answer_due = model_now + STEP + delay;
}

static void set_configuration(uint8_t value)
{
    configuration = (uint8_t)((value & ~quirks.stuck_clear) | quirks.stuck_set);
}

static void self_test(void)
{
    bool wrong = quirks.self_test == TEST_WRONG ||
                 (quirks.self_test == TEST_WRONG_ONCE && self_tests++ == 0);

    if (quirks.self_test_resets)
        set_configuration(quirks.self_test_leaves);
    if (quirks.self_test != TEST_SILENT)
        controller_say(wrong ? 0xFF : 0x55, quirks.self_test_delay);
}

static void controller_command(uint8_t value)
{
    switch (value) {
    case 0x20:
        if (!quirks.silent_configuration)
            controller_say(configuration, 0);
        break;
    case 0x60:
    case 0xD4:
        parameter_of = value;
        break;
    case 0xA7:
        set_configuration(configuration | 0x20);
        break;
    case 0xAA:
        self_test();
        break;
    case 0xAD:
        set_configuration(configuration | 0x10);
        break;
    case 0xAE:
        set_configuration(configuration & ~0x10);
        break;
    }
}

static uint8_t status_register(void)
{
    return (uint8_t)(quirks.status_bits | 0x04 | (output_full ? 1 | output_status : 0) |
                     (input_full ? 2 : 0));
}

static void take_data(uint8_t value)
{
    if (parameter_of == 0x60) {
        set_configuration(value);
    } else if (parameter_of == 0xD4) {
        if (value == 0xF5)
            quirks.mouse_interval = 0;
    } else {
        set_configuration(configuration & ~0x10); /* else it could not answer */
        keyboard_receive(value);
    }
    parameter_of = 0;
}

static void take_input(void)
{
    if (!input_full || (quirks.blocks_when_full && output_full))
        return;
    input_full = false;
    if (input_is_command) {
        parameter_of = 0;
        controller_command(input);
    } else {
        take_data(input);
    }
}

static void step(void)
{
    model_now += STEP;
    if (in_reset && model_now >= deaf_until) {
        in_reset = false;
        respond(quirks.fails_reset ? 0xFC : 0xAA);
    }
    if (model_now < type_until && model_now >= next_key) {
        touch_key();
        next_key = model_now + 1 + model_random(type_interval);
    }
    take_input();
    controller_answer();
    if (quirks.mouse_interval && !(configuration & 0x20) && !output_full &&
        model_now >= next_mouse) {
        fill((uint8_t)model_random(256), 0x20);
        next_mouse = model_now + quirks.mouse_interval;
    }
    keyboard_send();
}

/* ---- What the host sees ---- */

void model_type(uint64_t stops_at, uint32_t interval)
{
    type_until = stops_at;
    type_interval = interval;
    next_key = model_now;
}

void model_pass(uint64_t microseconds)
{
    for (uint64_t end = model_now + microseconds; model_now < end;)
        step();
}

bool model_interrupt(void)
{
    bool raised = interrupt_raised;

    interrupt_raised = false;
    return raised;
}

bool model_idle(void)
{
    return !output_full && !answers.count && !codes.count && !in_reset;
}

uint8_t model_read(bool command_port)
{
    step();
    if (quirks.absent)
        return 0xFF;
    if (command_port)
        return status_register();
    output_full = false;
    return output;
}

void model_write(bool command_port, uint8_t value)
{
    step();
    if (quirks.absent || input_full)
        return;
    input = value;
    input_is_command = command_port;
    input_full = true;
    take_input();
}
