// SPDX-License-Identifier: BSD-2-Clause
/*
 * Epilogues have no unwind codes; they are known by their instructions: the stack pointer is set to
 * above the local variables (or not), registers are popped, and the function returns or jumps to
 * another one. (Microsoft: x64 prolog and epilog)
 */
#include "sehp.h"

#define RSP 4

typedef struct _EPILOGUE {
    const UCHAR *Next;
    ULONG64 Rsp; /* after the first instruction */
} EPILOGUE, *PEPILOGUE;

static LONG Displacement(const UCHAR *At)
{
    LONG Value;

    memcpy(&Value, At, sizeof(Value));
    return Value;
}

/* ADD RSP, constant; LEA RSP, [frame pointer + constant]. */
static void SkipStackAdjustment(PEPILOGUE Epilogue, PUNWIND_INFO Info, PCONTEXT Context)
{
    const UCHAR *Code = Epilogue->Next;
    ULONG Base = (Code[2] & 7) | (Code[0] & 1 ? 8 : 0);

    if (Code[0] == 0x48 && Code[1] == 0x83 && Code[2] == 0xc4) {
        Epilogue->Rsp += (LONG)(signed char)Code[3];
        Epilogue->Next += 4;
    } else if (Code[0] == 0x48 && Code[1] == 0x81 && Code[2] == 0xc4) {
        Epilogue->Rsp += Displacement(Code + 3);
        Epilogue->Next += 7;
    } else if ((Code[0] & 0xfe) == 0x48 && Code[1] == 0x8d && Info->FrameRegister &&
               Base == Info->FrameRegister && (Code[2] & 0x38) == RSP << 3) {
        if (Code[2] >> 6 == 1) {
            Epilogue->Rsp = (&Context->Rax)[Base] + (signed char)Code[3];
            Epilogue->Next += 4;
        } else if (Code[2] >> 6 == 2) {
            Epilogue->Rsp = (&Context->Rax)[Base] + Displacement(Code + 3);
            Epilogue->Next += 7;
        }
    }
}

/* POP of any register: how long it is, or 0. */
static ULONG PopLength(const UCHAR *Code, PULONG Register)
{
    if ((Code[0] & 0xf8) == 0x58) {
        *Register = Code[0] & 7;
        return 1;
    }
    if ((Code[0] & 0xf0) == 0x40 && (Code[1] & 0xf8) == 0x58) {
        *Register = (Code[1] & 7) | (Code[0] & 1 ? 8 : 0);
        return 2;
    }
    return 0;
}

static BOOLEAN LeavesFunction(ULONG64 ImageBase, PRUNTIME_FUNCTION Function, ULONG64 Target)
{
    PRUNTIME_FUNCTION Primary = SehpPrimaryFunction(ImageBase, Function), Other;
    ULONG64 OtherBase;

    if (Target - ImageBase >= Function->BeginAddress && Target - ImageBase < Function->EndAddress)
        return Target - ImageBase == Primary->BeginAddress; /* it calls itself anew */
    Other = RtlLookupFunctionEntry(Target, &OtherBase, NULL);
    if (!Other || OtherBase != ImageBase)
        return TRUE;
    return SehpPrimaryFunction(ImageBase, Other)->BeginAddress != Primary->BeginAddress ||
           Target - ImageBase == Primary->BeginAddress;
}

/* RET, or a jump out of the function. */
static BOOLEAN IsEnd(const UCHAR *Code, ULONG64 ImageBase, PRUNTIME_FUNCTION Function)
{
    if (Code[0] == 0xc3 || Code[0] == 0xc2 || (Code[0] == 0xf3 && Code[1] == 0xc3))
        return TRUE;
    if (Code[0] == 0xeb)
        return LeavesFunction(ImageBase, Function, (ULONG64)Code + 2 + (signed char)Code[1]);
    if (Code[0] == 0xe9)
        return LeavesFunction(ImageBase, Function, (ULONG64)Code + 5 + Displacement(Code + 1));
    if ((Code[0] & 0xf8) == 0x48)
        Code++;
    return Code[0] == 0xff && (Code[1] & 0xf8) == 0x20; /* through memory; no register holds it */
}

static BOOLEAN IsEpilogue(const EPILOGUE *Epilogue, ULONG64 ImageBase, PRUNTIME_FUNCTION Function)
{
    const UCHAR *Code = Epilogue->Next, *End = (const UCHAR *)ImageBase + Function->EndAddress;
    ULONG Register, Length;

    while (Code < End && (Length = PopLength(Code, &Register)) != 0)
        Code += Length;
    return Code < End && IsEnd(Code, ImageBase, Function);
}

BOOLEAN SehpUnwindEpilogue(ULONG64 ImageBase, ULONG64 ControlPc, PRUNTIME_FUNCTION Function,
                           PCONTEXT Context, PKNONVOLATILE_CONTEXT_POINTERS Pointers)
{
    EPILOGUE Epilogue = {(const UCHAR *)ControlPc, Context->Rsp};
    PUNWIND_INFO Info = (PUNWIND_INFO)(ImageBase + Function->UnwindData);
    ULONG Register, Length;

    SkipStackAdjustment(&Epilogue, Info, Context);
    if (!IsEpilogue(&Epilogue, ImageBase, Function))
        return FALSE;
    Context->Rsp = Epilogue.Rsp;
    while ((Length = PopLength(Epilogue.Next, &Register)) != 0) {
        SehpRestoreRegister(Context, Register, (PULONG64)Context->Rsp, Pointers);
        Context->Rsp += 8;
        Epilogue.Next += Length;
    }
    Context->Rip = *(PULONG64)Context->Rsp;
    Context->Rsp += 8;
    return TRUE;
}
