/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of the system: the Executive has reached a state that it cannot continue from, or has
 * faulted (rootfault.c). The screen and the serial port say so in every build. Places are written
 * as ntos.elf+0xoffset, for tools/symbolize.
 */
#include "kip.h"

#define MAXIMUM_FRAMES 24

extern const char NtosImageStart[]; /* where the Executive's image begins: init/ntos.ld */

static ULONG CDECL Say(PCSTR Format, ...)
{
    char Text[160];
    va_list Arguments;
    int Length;

    va_start(Arguments, Format);
    Length = _vsnprintf(Text, sizeof(Text), Format, Arguments);
    va_end(Arguments);
    if (Length < 0 || Length > (int)sizeof(Text))
        Length = sizeof(Text);
    HalSerialWrite(Text, (SIZE_T)Length);
    HalDisplayString(Text, (SIZE_T)Length);
    return (ULONG)Length;
}

static void SayFrame(ULONG Number, ULONG_PTR Address)
{
    Say("  #%u ntos.elf+0x%llx\n", Number, (ULONGLONG)(Address - (ULONG_PTR)NtosImageStart));
}

/* The frames of the current service stack. Anything outside of it may be unmapped, so the walk ends
 * there. */
static void SayFrames(ULONG_PTR Frame, ULONG Number)
{
    ULONG_PTR Lowest = KiCurrentStack ? (ULONG_PTR)KiCurrentStack->Base : MAXULONG_PTR;

    for (; Number < MAXIMUM_FRAMES; Number++) {
        const ULONG_PTR *Link = (const ULONG_PTR *)Frame;

        if (Frame < Lowest || Frame % sizeof(ULONG_PTR) ||
            Frame > (ULONG_PTR)KiCurrentStack - 2 * sizeof(ULONG_PTR) || !Link[1])
            return;
        SayFrame(Number, Link[1]);
        Lowest = Frame + 2 * sizeof(ULONG_PTR);
        Frame = Link[0];
    }
}

void KiShowStop(const char *Reason, const seL4_UserContext *Registers)
{
    Say("\n*** STOP: %s\n", Reason);
    if (Registers) {
        KiPrintRegisters(Registers, Say);
        SayFrame(0, KiProgramCounter(Registers));
        SayFrames(KiFramePointer(Registers), 1);
    } else {
        SayFrames((ULONG_PTR)__builtin_frame_address(0), 1);
    }
    Say("*** The system has stopped. Switch the machine off, or end the emulator.\n");
}

void KeBugCheck(const char *Reason)
{
    KiShowStop(Reason, NULL);
    for (;;)
        seL4_TCB_Suspend(seL4_CapInitThreadTCB);
}
