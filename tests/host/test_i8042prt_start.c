// SPDX-License-Identifier: BSD-2-Clause
// The hardware's part of i8042prt.sys, from its start on, against tests/host/i8042/model.c.
// sources: drivers/input/i8042prt/controller.c drivers/input/i8042prt/keyboard.c
// sources: drivers/input/i8042prt/hardware.c drivers/input/i8042prt/interrupt.c
// sources: drivers/input/i8042prt/scancode.c drivers/input/i8042prt/command.c
// sources: drivers/input/i8042prt/ring.c drivers/input/i8042prt/typematic.c
// sources: tests/host/i8042/model.c
// options: -Itests/host/i8042 -Idrivers/input/i8042prt -Wno-multichar
#include "test.h"
#include "i8042prt.h"
#include "i8042/model.h"

#define MILLISECOND 1000u
#define SECOND 1000000u
#define DATA_PORT ((PUCHAR)0x60)
#define COMMAND_PORT ((PUCHAR)0x64)
#define START_LIMIT (9 * SECOND) /* the Executive waits 10 s for a device to start */

static DEVICE_EXTENSION Extension;
static bool Connected;
static KEY_EVENT Taken[2 * MODEL_EVENTS]; /* what the class driver was given */
static unsigned TakenCount, Warnings;

/* ---- The system ---- */

UCHAR READ_PORT_UCHAR(PUCHAR Port)
{
    return model_read(Port == COMMAND_PORT);
}

VOID WRITE_PORT_UCHAR(PUCHAR Port, UCHAR Value)
{
    model_write(Port == COMMAND_PORT, Value);
}

ULONGLONG KeQueryInterruptTime(VOID)
{
    return model_now / 15625 * 156250;
}

KIRQL KeGetCurrentIrql(VOID)
{
    return 0;
}

VOID KeStallExecutionProcessor(ULONG Microseconds)
{
    model_pass(Microseconds);
}

/* Until the clock's next tick, as NT has it. */
NTSTATUS KeDelayExecutionThread(int Mode, BOOLEAN Alertable, LARGE_INTEGER *Interval)
{
    model_pass(15625 - model_now % 15625);
    return STATUS_SUCCESS;
}

BOOLEAN KeInsertQueueDpc(PKDPC Dpc, PVOID Argument1, PVOID Argument2)
{
    Dpc->Queued = true;
    return TRUE;
}

BOOLEAN KeSetTimer(KTIMER *Timer, LARGE_INTEGER DueTime, PKDPC Dpc)
{
    return FALSE;
}

BOOLEAN KeCancelTimer(KTIMER *Timer)
{
    return FALSE;
}

KIRQL KeAcquireInterruptSpinLock(PKINTERRUPT Interrupt)
{
    return 0;
}

VOID KeReleaseInterruptSpinLock(PKINTERRUPT Interrupt, KIRQL Irql)
{
}

BOOLEAN KeSynchronizeExecution(PKINTERRUPT Interrupt, BOOLEAN (*Routine)(PVOID), PVOID Context)
{
    return Routine(Context);
}

/* An edge that came earlier is lost. */
NTSTATUS IoConnectInterrupt(PKINTERRUPT *Interrupt, PKSERVICE_ROUTINE Routine, PVOID Context,
                            PVOID Lock, ULONG Vector, KIRQL Irql, KIRQL SynchronizeIrql,
                            KINTERRUPT_MODE Mode, BOOLEAN Share, KAFFINITY Affinity, BOOLEAN Save)
{
    *Interrupt = (PKINTERRUPT)&Connected;
    Connected = true;
    model_pass(model_random(5000));
    model_interrupt();
    return STATUS_SUCCESS;
}

VOID IoDisconnectInterrupt(PKINTERRUPT Interrupt)
{
    Connected = false;
}

VOID I8xAbortCommand(PDEVICE_EXTENSION Unused)
{
}

ULONG DbgPrint(const char *Format, ...)
{
    Warnings++;
    return 0;
}

static VOID ClassService(PVOID Device, PVOID Start, PVOID End, PULONG Consumed)
{
    for (PKEYBOARD_INPUT_DATA Packet = Start; Packet < (PKEYBOARD_INPUT_DATA)End; Packet++) {
        if (TakenCount < 2 * MODEL_EVENTS)
            Taken[TakenCount++] = (KEY_EVENT){Packet->MakeCode, Packet->Flags, model_now};
        ++*Consumed;
    }
}

/* Interrupts and DPCs run for so long. */
static void Run(uint64_t Microseconds)
{
    for (uint64_t End = model_now + Microseconds; model_now < End;) {
        model_pass(100);
        if (Connected && model_interrupt())
            I8xInterruptService(Extension.Interrupt, &Extension);
        if (Extension.PacketDpc.Queued) {
            Extension.PacketDpc.Queued = false;
            I8xPacketDpc(&Extension.PacketDpc, &Extension, 0, 0);
        }
    }
}

/* Starts the device during typing, which stops half a second later at most. */
static NTSTATUS Start(const QUIRKS *Quirks, uint64_t Seed, uint32_t TypingInterval)
{
    NTSTATUS Status;
    uint64_t Before;

    memset(&Extension, 0, sizeof(Extension));
    Extension.Controller = (I8X_CONTROLLER){.DataPort = DATA_PORT, .CommandPort = COMMAND_PORT};
    Extension.Class.ClassService = (PVOID)ClassService;
    Connected = false;
    TakenCount = Warnings = 0;
    model_begin(Quirks, Seed);
    if (TypingInterval)
        model_type(model_now + 10 * SECOND, TypingInterval);
    model_pass(200 * MILLISECOND);
    Before = model_now;
    Status = I8xStartHardware(&Extension);
    CHECK(model_now - Before < START_LIMIT);
    Run(300 * MILLISECOND);
    model_type(model_now, 1);
    Run(4 * SECOND); /* whatever is late comes now */
    return Status;
}

/* Whether an event is one that answers look like: the release of keys that were not pressed types
 * nothing. */
static bool IsHarmless(const KEY_EVENT *Event)
{
    return Event->make == I8X_OVERRUN || (Event->flags == I8X_BREAK && Event->make >= 0x7A) ||
           (Event->flags == I8X_BREAK && Event->make == (I8X_RESET_PASSED & 0x7F));
}

/* The events that were received must have happened to keys, in this order. */
static void CheckTaken(uint64_t Seed)
{
    unsigned Next = 0;

    for (unsigned i = 0; i < TakenCount; i++) {
        unsigned Found = Next;

        while (Found < model_typed_count && (model_typed[Found].make != Taken[i].make ||
                                             model_typed[Found].flags != Taken[i].flags))
            Found++;
        if (Found < model_typed_count) {
            Next = Found + 1;
        } else if (!IsHarmless(&Taken[i])) {
            FAIL("seed %llu: key %x, flags %x, was not typed (%u of %u)", (unsigned long long)Seed,
                 Taken[i].make, Taken[i].flags, i, TakenCount);
            return;
        }
    }
}

/* From now on each key arrives, and nothing else. */
static void CheckTyping(uint64_t Seed)
{
    unsigned First = model_typed_count;

    TakenCount = 0;
    model_type(model_now + SECOND, 40 * MILLISECOND);
    Run(SECOND + 100 * MILLISECOND);
    REQUIRE(model_typed_count - First > 10 || model_typed_count == MODEL_EVENTS);
    if (TakenCount != model_typed_count - First) {
        FAIL("seed %llu: %u of %u keys arrive", (unsigned long long)Seed, TakenCount,
             model_typed_count - First);
        return;
    }
    for (unsigned i = 0; i < TakenCount; i++)
        if (Taken[i].make != model_typed[First + i].make ||
            Taken[i].flags != model_typed[First + i].flags)
            FAIL("seed %llu: key %u is another", (unsigned long long)Seed, i);
}

static const QUIRKS Ordinary = {
    .configuration = 0x61, .self_test_time = 500 * MILLISECOND, .delay = 2 * MILLISECOND};

/* The machine starts, typed at fast, slowly and not at all; typing works afterwards. */
static void CheckMachine(const QUIRKS *Quirks, bool Warned)
{
    static const uint32_t Intervals[] = {0, 5 * MILLISECOND, 30 * MILLISECOND, 300 * MILLISECOND};

    for (uint64_t Seed = 0; Seed < 16; Seed++) {
        CHECK_EQUAL(Start(Quirks, Seed, Intervals[Seed % 4]), STATUS_SUCCESS);
        CHECK_EQUAL(Warnings != 0, Warned);
        CheckTaken(Seed);
        CheckTyping(Seed);
    }
}

#define MACHINE(name, warned, ...)                                                                 \
    TEST(name)                                                                                     \
    {                                                                                              \
        QUIRKS Quirks = Ordinary;                                                                  \
        __VA_ARGS__;                                                                               \
        CheckMachine(&Quirks, warned);                                                             \
    }

/* ---- One quirk each ---- */

MACHINE(an_ordinary_machine, false)
MACHINE(keyboard_translates_early, false, Quirks.translates_early = Quirks.answers_first = true)
MACHINE(answers_overtake_codes, false, Quirks.answers_first = true)
MACHINE(translation_was_off, false, Quirks.configuration = 0x21)
MACHINE(everything_was_off, false, Quirks.configuration = 0x30; Quirks.not_scanning = true)
MACHINE(everything_was_on, false, Quirks.configuration = 0x43)
MACHINE(a_mouse_was_on, false, Quirks.configuration = 0x43; Quirks.mouse_interval = 3000)
MACHINE(a_mouse_cannot_be_switched_off, true, Quirks.stuck_clear = 0x20;
        Quirks.mouse_interval = 3000)
MACHINE(translation_cannot_be_had, true, Quirks.stuck_clear = 0x40)
MACHINE(a_byte_was_left_over, false, Quirks.leftover = 0xE0)
MACHINE(output_blocks_commands, false, Quirks.leftover = 0x1C; Quirks.blocks_when_full = true)
MACHINE(self_test_is_late, false, Quirks.self_test_delay = 400 * MILLISECOND)
MACHINE(self_test_is_later_than_we_wait, true, Quirks.self_test_delay = 800 * MILLISECOND)
MACHINE(self_test_is_wrong_once, false, Quirks.self_test = TEST_WRONG_ONCE)
MACHINE(self_test_is_always_wrong, true, Quirks.self_test = TEST_WRONG)
MACHINE(self_test_never_answers, true, Quirks.self_test = TEST_SILENT)
MACHINE(self_test_resets_configuration, false, Quirks.self_test_resets = true;
        Quirks.self_test_leaves = 0x30)
MACHINE(self_test_switches_all_on, false, Quirks.self_test_resets = true;
        Quirks.self_test_leaves = 0x43)
MACHINE(configuration_is_secret, true, Quirks.silent_configuration = true)
MACHINE(error_bits_are_always_set, false, Quirks.status_bits = 0xC0)
MACHINE(keyboard_is_not_scanning, false, Quirks.not_scanning = true)
MACHINE(keyboard_answers_after_150_ms, false, Quirks.delay = 150 * MILLISECOND)
MACHINE(keyboard_answers_after_400_ms, false, Quirks.delay = 400 * MILLISECOND)
MACHINE(keyboard_does_not_hear_the_first_command, false, Quirks.ignored = 1;
        Quirks.self_test_time = 2500 * MILLISECOND)
MACHINE(keyboard_fails_its_reset, true, Quirks.ignored = 1; Quirks.fails_reset = true)
MACHINE(keyboard_asks_again, false, Quirks.resends = 2)
MACHINE(keyboard_asks_again_too_often, true, Quirks.resends = 12; Quirks.delay = 500)
MACHINE(keyboard_is_in_its_self_test, true, Quirks.powered = 3 * SECOND)

TEST(the_controller_ignores_that_the_keyboard_is_to_be_quiet)
{
    QUIRKS Quirks = Ordinary;

    Quirks.ignores_disable = true;
    for (uint64_t Seed = 0; Seed < 16; Seed++) {
        CHECK_EQUAL(Start(&Quirks, Seed, 100 * MILLISECOND), STATUS_SUCCESS);
        CheckTaken(Seed);
        CheckTyping(Seed);
    }
}

TEST(no_controller)
{
    QUIRKS Quirks = Ordinary;

    Quirks.absent = true;
    CHECK_EQUAL(Start(&Quirks, 1, 0), STATUS_NO_SUCH_DEVICE);
}

TEST(no_keyboard)
{
    QUIRKS Quirks = Ordinary;

    Quirks.unplugged = true;
    CHECK_EQUAL(Start(&Quirks, 1, 0), STATUS_SUCCESS);
    CHECK_EQUAL(Warnings, 1);
    Quirks.unplugged = false;
    Quirks.dead = true;
    CHECK_EQUAL(Start(&Quirks, 1, 0), STATUS_SUCCESS);
    CHECK_EQUAL(Warnings, 1);
    CHECK_EQUAL(TakenCount, 0);
}

/* Errors on the wire lose keys, and do not make others. */
TEST(a_garbled_byte_is_no_key)
{
    QUIRKS Quirks = Ordinary;

    Quirks.garbled = 10;
    for (uint64_t Seed = 0; Seed < 16; Seed++) {
        Start(&Quirks, Seed, 0);
        TakenCount = 0;
        model_type(model_now + SECOND, 40 * MILLISECOND);
        Run(SECOND + 100 * MILLISECOND);
        CheckTaken(Seed);
    }
}

/* ---- All of them together ---- */

static bool Chance(void)
{
    return model_random(4) == 0;
}

static QUIRKS RandomQuirks(void)
{
    static const uint32_t Delays[] = {500, 5000, 150 * MILLISECOND, 400 * MILLISECOND};
    QUIRKS Quirks = {.configuration = (uint8_t)model_random(0x80),
                     .stuck_clear = (Chance() ? 0x40 : 0) | (Chance() ? 0x20 : 0),
                     .stuck_set = Chance() ? 0x04 : 0,
                     .self_test = (SELF_TEST)model_random(4),
                     .self_test_delay = model_random(900 * MILLISECOND),
                     .self_test_resets = Chance(),
                     .self_test_leaves = (uint8_t)model_random(0x80),
                     .blocks_when_full = Chance(),
                     .translates_early = Chance(),
                     .status_bits = Chance() ? 0x40 : 0,
                     .leftover = Chance() ? (uint8_t)model_random(256) : 0,
                     .mouse_interval = Chance() ? 1000 + model_random(20000) : 0,
                     .delay = Delays[model_random(4)],
                     .self_test_time = model_random(2500 * MILLISECOND),
                     .not_scanning = Chance(),
                     .resends = model_random(3),
                     .answers_first = Chance()};

    if (Quirks.delay < 100 * MILLISECOND)
        Quirks.ignored = model_random(2);
    return Quirks;
}

TEST(any_mixture_of_misbehaviour)
{
    for (uint64_t Seed = 1; Seed <= 400 && !check_failures; Seed++) {
        QUIRKS Quirks;

        model_begin(&Ordinary, Seed * 7919);
        Quirks = RandomQuirks();
        CHECK_EQUAL(Start(&Quirks, Seed, Seed % 3 ? 3000 + (uint32_t)(Seed % 50) * 8000 : 0),
                    STATUS_SUCCESS);
        CheckTaken(Seed);
        CheckTyping(Seed);
    }
}
