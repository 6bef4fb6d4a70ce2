/* SPDX-License-Identifier: BSD-2-Clause */
/* The first frame of a new thread's stack, as KiSwitchThread will take it off. */
#include "ki.h"

#define KI_NO_HANDLER 0xFFFFFFFF /* ends the chain of exception handlers */

typedef struct _KI_SWITCH_FRAME {
    ULONG MxCsr;
    USHORT ControlWord;
    USHORT Reserved;
    ULONG ExceptionList;
    ULONG Registers[4];
    VOID (*Return)(VOID);
    ULONG NoCaller; /* where Start would find its return address: ends stack traces */
} KI_SWITCH_FRAME;

C_ASSERT(FIELD_OFFSET(KI_SWITCH_FRAME, ExceptionList) == 8);
C_ASSERT(FIELD_OFFSET(KI_SWITCH_FRAME, Return) == 28);

PVOID KiBuildStack(PVOID Base, VOID (*Start)(VOID))
{
    KI_SWITCH_FRAME *Frame = (KI_SWITCH_FRAME *)((ULONG_PTR)Base & ~(ULONG_PTR)15) - 1;

    RtlZeroMemory(Frame, sizeof(*Frame));
    Frame->MxCsr = 0x1F80;
    Frame->ControlWord = 0x27F;
    Frame->ExceptionList = KI_NO_HANDLER;
    Frame->Return = Start;
    return Frame;
}
