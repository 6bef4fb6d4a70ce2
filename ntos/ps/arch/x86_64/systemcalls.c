/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where ntdll's stubs call the kernel, which keeps no stack pointer then: it shows the one of the
 * thread's last trap, or 0. At the call and right behind it, the stack pointer is in RAX.
 */
#include "../../psp.h"

#define PIECE 256 /* bytes */

enum {
#define SERVICE(name, count) Number##name,
#define DRIVER_SERVICE(name, count) Number##name,
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE
    Stubs
};

static const UCHAR SystemCall[] = {0x0f, 0x05, 0x48, 0x89, 0xc4}; /* and MOVQ %RAX, %RSP */
static ULONG Rvas[Stubs];                                         /* ascending */
static ULONG Count;

static void NoteIn(const UCHAR *Code, ULONG Length, ULONG Rva)
{
    for (ULONG i = 0; i + sizeof(SystemCall) <= Length && Count < Stubs; i++)
        if (memcmp(Code + i, SystemCall, sizeof(SystemCall)) == 0)
            Rvas[Count++] = Rva + i;
}

void PspNoteSystemCalls(struct _MM_SECTION *Ntdll, ULONG First, ULONG Last)
{
    UCHAR Code[PIECE + sizeof(SystemCall) - 1];

    for (ULONG Rva = First; Rva < Last + PIECE; Rva += PIECE) /* a stub has less */
        if (MmReadImage(Ntdll, Rva, Code, sizeof(Code)))
            NoteIn(Code, sizeof(Code), Rva);
    if (Count != Stubs)
        KeBugCheck("ntdll.dll has other stubs than there are services");
}

BOOLEAN PsIsAtSystemCall(PEPROCESS Process, ULONG_PTR Address)
{
    ULONG Low = 0, High = Count;
    ULONG_PTR Rva = Address - (ULONG_PTR)Process->NtdllBase;

    while (Low < High) {
        ULONG Middle = (Low + High) / 2;

        if (Rva == Rvas[Middle] || Rva == Rvas[Middle] + 2)
            return TRUE;
        if (Rva < Rvas[Middle])
            High = Middle;
        else
            Low = Middle + 1;
    }
    return FALSE;
}
