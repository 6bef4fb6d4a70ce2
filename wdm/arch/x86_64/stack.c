/* SPDX-License-Identifier: BSD-2-Clause */
/* The first frame of a new thread's stack, as KiSwitchThread will take it off. */
#include "ki.h"

typedef struct _KI_SWITCH_FRAME {
    M128A Xmm[10];
    ULONG MxCsr;
    USHORT ControlWord;
    USHORT Reserved;
    ULONG64 Registers[8];
    VOID (*Return)(VOID);
    ULONG64 NoCaller; /* where Start would find its return address: ends stack traces */
    ULONG64 Home[4];
} KI_SWITCH_FRAME;

C_ASSERT(FIELD_OFFSET(KI_SWITCH_FRAME, MxCsr) == 0xA0);
C_ASSERT(FIELD_OFFSET(KI_SWITCH_FRAME, Registers) == 0xA8);

PVOID KiBuildStack(PVOID Base, VOID (*Start)(VOID))
{
    /* Start expects a stack 8 below a multiple of 16, as after a call. */
    ULONG_PTR Top = (((ULONG_PTR)Base - 0x40) & ~(ULONG_PTR)15) - 8;
    KI_SWITCH_FRAME *Frame = (PVOID)(Top - FIELD_OFFSET(KI_SWITCH_FRAME, NoCaller));

    RtlZeroMemory(Frame, FIELD_OFFSET(KI_SWITCH_FRAME, Home));
    Frame->MxCsr = 0x1F80;
    Frame->ControlWord = 0x27F;
    Frame->Return = Start;
    return Frame;
}
