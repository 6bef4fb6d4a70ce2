/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A model of an 8042 controller and the keyboard behind it, in virtual time. It behaves as
 * documented, apart from the quirks it is given: what controllers, keyboards, firmware and
 * emulators have been seen to do. Keys are pressed and released by a plan, whatever the driver is
 * doing meanwhile.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define MODEL_EVENTS 400

typedef enum { TEST_GOOD, TEST_WRONG_ONCE, TEST_SILENT, TEST_WRONG } SELF_TEST;

typedef struct {
    /* The controller */
    bool absent;           /* no controller: all ones */
    uint8_t configuration; /* as firmware has left it */
    uint8_t stuck_clear;   /* bits of the configuration that stay 0 */
    uint8_t stuck_set;     /* and those that stay 1 */
    bool ignores_disable;  /* the command that holds the keyboard off does nothing */
    SELF_TEST self_test;
    uint32_t self_test_delay;  /* microseconds, here and below */
    bool self_test_resets;     /* the configuration */
    uint8_t self_test_leaves;  /* is then this */
    bool blocks_when_full;     /* takes no command while its output is not fetched */
    bool translates_early;     /* when the key is pressed, as emulators do, not when it is sent */
    bool silent_configuration; /* does not answer when asked for it */
    uint8_t status_bits;       /* always set: some use the error bits for other things */
    uint8_t leftover;          /* a byte in the output buffer at first, or 0 */
    uint32_t mouse_interval;   /* an auxiliary device that sends a byte so often, or 0 */

    /* The keyboard */
    bool unplugged;          /* the controller says "resend" and timeout for it */
    bool dead;               /* it never answers and sends nothing */
    uint32_t delay;          /* until it answers */
    uint32_t self_test_time; /* of the keyboard */
    bool fails_reset;        /* FC */
    uint32_t powered;        /* its self-test after power-on ends then; it is deaf before */
    bool not_scanning;       /* at first */
    unsigned ignored;        /* commands that it does not hear at first */
    unsigned resends;        /* bytes that it asks for once more at first */
    bool answers_first;      /* before codes that wait already, even in the middle of one */
    unsigned garbled;        /* of how many bytes one comes through with an error, 0: none */
} QUIRKS;

typedef struct {
    uint16_t make, flags; /* as KEYBOARD_INPUT_DATA has them */
    uint64_t time;
} KEY_EVENT;

extern uint64_t model_now;
extern KEY_EVENT model_typed[MODEL_EVENTS]; /* what was done to keys so far */
extern unsigned model_typed_count;
extern unsigned model_overflows; /* the keyboard's own buffer */

void model_begin(const QUIRKS *Quirks, uint64_t seed);

/* Presses and releases keys at random until virtual time stops_at, most of interval apart. */
void model_type(uint64_t stops_at, uint32_t interval);

/* Lets time pass. */
void model_pass(uint64_t microseconds);

/* Whether the interrupt has been raised since it was asked last. */
bool model_interrupt(void);
bool model_idle(void);

uint8_t model_read(bool command_port);
void model_write(bool command_port, uint8_t value);
unsigned model_random(unsigned limit);
