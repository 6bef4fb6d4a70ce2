/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Floating-point exceptions as debuggers see them. What kind of exception it was, ntdll finds out;
 * a debugger is asked before that, so here the thread tells its floating-point state (detour.c).
 */
#include "../../kip.h"

#define LONGEST_INSTRUCTION 15

/* In an image of FXSAVE */
#define CONTROL_WORD 0
#define STATUS_WORD 2
#define MXCSR 24

static RTLP_FLOATING_STATUS StatusIn(const KE_FLOATING_STATE *State)
{
    RTLP_FLOATING_STATUS Status;

    memcpy(&Status.FpuControl, &State->FxSave[CONTROL_WORD], sizeof(Status.FpuControl));
    memcpy(&Status.FpuStatus, &State->FxSave[STATUS_WORD], sizeof(Status.FpuStatus));
    memcpy(&Status.MxCsr, &State->FxSave[MXCSR], sizeof(Status.MxCsr));
    return Status;
}

/* With all flags set and unmasked it would be one of SSE. */
static BOOLEAN IsSimd(const EXCEPTION_RECORD *Record, const UCHAR *Code, ULONG Length)
{
    static const RTLP_FLOATING_STATUS All = {.MxCsr = 0x3f};
    EXCEPTION_RECORD Trial = *Record;

    RtlpRefineFloatingException(&Trial, &All, Code, Length);
    return Trial.ExceptionCode != Record->ExceptionCode;
}

void KiRefineForDebugger(PETHREAD Thread, const seL4_UserContext *Registers,
                         PEXCEPTION_RECORD Record)
{
    UCHAR Code[LONGEST_INSTRUCTION];
    RTLP_FLOATING_STATUS Status;
    KE_FLOATING_STATE State;
    ULONG Length;

    if (Record->ExceptionCode != STATUS_FLOAT_INVALID_OPERATION &&
        Record->ExceptionCode != STATUS_ILLEGAL_INSTRUCTION)
        return;
    Length = KiFetchCode(Thread->Process, KiProgramCounter(Registers), Code, sizeof(Code));
    if (Record->ExceptionCode == STATUS_ILLEGAL_INSTRUCTION && !IsSimd(Record, Code, Length))
        return;
    if (KeCaptureFloatingState(Thread, &State) != STATUS_SUCCESS)
        return;
    Status = StatusIn(&State);
    RtlpRefineFloatingException(Record, &Status, Code, Length);
}
