/* SPDX-License-Identifier: BSD-2-Clause */
/* What AMD64 alone has: unwinding by tables, tables made at run time, frames on TEB.ExceptionList
 * beside them, jumps and consolidation. */
#include "../../tap.h"

#define NOINLINE __attribute__((noinline))

/* ---- Walking a stack ---- */

static NOINLINE ULONG Walk(PVOID *LastPc)
{
    CONTEXT Context;
    ULONG64 Base, Frame;
    PVOID Data;
    ULONG Count = 0;

    RtlCaptureContext(&Context);
    while (Context.Rip && Count < 100) {
        PRUNTIME_FUNCTION Function = RtlLookupFunctionEntry(Context.Rip, &Base, NULL);

        *LastPc = (PVOID)Context.Rip;
        RtlVirtualUnwind(UNW_FLAG_NHANDLER, Base, Context.Rip, Function, &Context, &Data, &Frame,
                         NULL);
        Count++;
    }
    return Count;
}

static NOINLINE ULONG WalkDeeper(ULONG Depth, PVOID *LastPc)
{
    volatile ULONG Kept = Depth;
    ULONG Count = Depth ? WalkDeeper(Depth - 1, LastPc) : Walk(LastPc);

    return Count + (Kept - Depth);
}

static void TestWalk(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"ntdll.dll");
    PVOID Last = NULL, Base, Ntdll = NULL, Trace[16];
    ULONG Shallow = WalkDeeper(0, &Last), Deep = WalkDeeper(10, &Last);

    LdrGetDllHandle(NULL, NULL, &Name, &Ntdll);
    ok(Shallow > 3 && Deep == Shallow + 10, "a stack is walked to its end");
    ok(Ntdll && RtlPcToFileHeader(Last, &Base) == Ntdll, "which is in ntdll");
    ok(RtlCaptureStackBackTrace(0, ARRAYSIZE(Trace), Trace, NULL) >= 3 &&
           RtlPcToFileHeader(Trace[0], &Base) == NtCurrentPeb()->ImageBaseAddress,
       "RtlCaptureStackBackTrace finds the callers");
}

/* ---- Unwind codes, one by one: functions that never run ---- */

typedef struct _CASE {
    const char *Name;
    UCHAR Code[24]; /* with the program counter at Offset */
    UCHAR Offset;
    UCHAR Info[24];  /* UNWIND_INFO */
    LONG RspAdvance; /* of the context, return address included */
    LONG Frame;      /* the establisher frame - Rsp */
} CASE;

/* The stack has the numbers 0x100, 0x101 ... in its words. RBP is Rsp + 0x30. */
static const CASE Cases[] = {
    {"PUSH and ALLOC_SMALL in the body",
     {0x55, 0x53, 0x48, 0x83, 0xec, 0x20, 0x90, 0x90},
     6,
     {1, 6, 3, 0, 6, 0x32, 2, 0x30, 1, 0x50},
     0x20 + 16 + 8,
     0},
    {"half of the prologue",
     {0x55, 0x53, 0x48, 0x83, 0xec, 0x20, 0x90, 0x90},
     2,
     {1, 6, 3, 0, 6, 0x32, 2, 0x30, 1, 0x50},
     16 + 8,
     0},
    {"before the prologue",
     {0x55, 0x53, 0x48, 0x83, 0xec, 0x20, 0x90, 0x90},
     0,
     {1, 6, 3, 0, 6, 0x32, 2, 0x30, 1, 0x50},
     8,
     0},
    {"ALLOC_LARGE of 16 bits",
     {0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90},
     7,
     {1, 7, 2, 0, 7, 0x01, 0x0c, 0},
     0x60 + 8,
     0},
    {"ALLOC_LARGE of 32 bits",
     {0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90},
     7,
     {1, 7, 3, 0, 7, 0x11, 0x40, 0, 0, 0},
     0x40 + 8,
     0},
    {"a frame pointer",
     {0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90},
     7,
     {1, 7, 2, 0x25, 7, 0x03, 3, 0x12},
     0x10 + 0x10 + 8,
     0x10},
    {"an epilogue",
     {0x90, 0x90, 0x48, 0x83, 0xc4, 0x20, 0x5b, 0x5d, 0xc3},
     2,
     {1, 2, 3, 0, 2, 0x32, 2, 0x30, 1, 0x50},
     0x20 + 16 + 8,
     0},
    {"in the midst of an epilogue",
     {0x90, 0x90, 0x48, 0x83, 0xc4, 0x20, 0x5b, 0x5d, 0xc3},
     7,
     {1, 2, 3, 0, 2, 0x32, 2, 0x30, 1, 0x50},
     8 + 8,
     0},
    {"an epilogue of a tail call",
     {0x90, 0x90, 0x48, 0x83, 0xc4, 0x20, 0x5b, 0xe9, 0, 1, 0, 0},
     2,
     {1, 2, 2, 0, 2, 0x32, 1, 0x30},
     0x20 + 8 + 8,
     0},
    {"a jump within is none",
     {0x90, 0x90, 0xeb, 2, 0x90, 0x90, 0x90, 0x90},
     2,
     {1, 2, 2, 0, 2, 0x32, 1, 0x30},
     0x20 + 8 + 8,
     0},
    {"a machine frame",
     {0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90},
     7,
     {1, 0, 1, 0, 0, 0x0a},
     0x103 - 0x100,
     0},
};

static void CheckCase(const CASE *This, PUCHAR Code, PULONG64 Stack)
{
    RUNTIME_FUNCTION Function = {0x100, 0x100 + sizeof(This->Code), 0x200};
    CONTEXT Context = {0};
    ULONG64 Frame = 0, Rsp = (ULONG64)&Stack[8];
    PVOID Data;
    BOOLEAN Machine = This->Info[5] == 0x0a;

    memcpy(Code + 0x100, This->Code, sizeof(This->Code));
    memcpy(Code + 0x200, This->Info, sizeof(This->Info));
    for (ULONG i = 0; i < 64; i++)
        Stack[i] = 0x100 + i - 8;
    Context.Rsp = Rsp;
    Context.Rbp = Rsp + 0x30;
    RtlVirtualUnwind(UNW_FLAG_NHANDLER, (ULONG64)Code, (ULONG64)Code + 0x100 + This->Offset,
                     &Function, &Context, &Data, &Frame, NULL);
    if (Machine)
        ok(Context.Rip == 0x100 && Context.Rsp == 0x103, This->Name);
    else
        ok(Context.Rsp == Rsp + This->RspAdvance && Frame == Rsp + This->Frame &&
               Context.Rip == 0x100 + (ULONG64)This->RspAdvance / 8 - 1,
           This->Name);
}

static void TestCodes(void)
{
    static ULONG64 Stack[64];
    static UCHAR Code[0x400];

    for (ULONG i = 0; i < ARRAYSIZE(Cases); i++)
        CheckCase(&Cases[i], Code, Stack);
}

/* ---- Tables made at run time ---- */

static RUNTIME_FUNCTION Made[] = {{0x10, 0x20, 0x100}, {0x20, 0x40, 0x100}, {0x80, 0x90, 0x100}};
static RUNTIME_FUNCTION Unsorted[] = {{0x80, 0x90, 0x100}, {0x10, 0x20, 0x100}};

static PRUNTIME_FUNCTION AskedFor(ULONG64 ControlPc, PVOID Context)
{
    return ControlPc % 0x1000 == 0x123 ? Context : NULL;
}

static void TestDynamic(void)
{
    ULONG64 Base = 0x700000000000, Found = 0;
    PVOID Table = NULL;

    ok(!RtlLookupFunctionEntry(Base + 0x15, &Found, NULL), "no entry where nothing is");
    ok(RtlAddFunctionTable(Made, 3, Base) && RtlAddFunctionTable(Unsorted, 2, Base + 0x1000),
       "add two tables");
    ok(RtlLookupFunctionEntry(Base + 0x3f, &Found, NULL) == &Made[1] && Found == Base,
       "an entry is found");
    ok(!RtlLookupFunctionEntry(Base + 0x50, &Found, NULL), "none between two");
    ok(RtlLookupFunctionEntry(Base + 0x1015, &Found, NULL) == &Unsorted[1],
       "one of a table without order");
    ok(RtlDeleteFunctionTable(Made) && !RtlDeleteFunctionTable(Made) &&
           RtlDeleteFunctionTable(Unsorted),
       "a table is deleted once");
    ok(!RtlLookupFunctionEntry(Base + 0x3f, &Found, NULL), "and is gone");
    ok(RtlInstallFunctionTableCallback(Base | 3, Base, 0x1000, AskedFor, Made, NULL) &&
           !RtlInstallFunctionTableCallback(Base, Base, 0x1000, AskedFor, Made, NULL),
       "a routine that is asked");
    ok(RtlLookupFunctionEntry(Base + 0x123, &Found, NULL) == Made && Found == Base, "is asked");
    ok(RtlDeleteFunctionTable((PRUNTIME_FUNCTION)(Base | 3)), "and deleted");
    ok_status(RtlAddGrowableFunctionTable(&Table, Made, 1, 3, Base, Base + 0x100), STATUS_SUCCESS,
              "a table that grows");
    ok(!RtlLookupFunctionEntry(Base + 0x30, &Found, NULL), "does not have all yet");
    RtlGrowFunctionTable(Table, 3);
    ok(RtlLookupFunctionEntry(Base + 0x30, &Found, NULL) == &Made[1], "it has grown");
    RtlDeleteGrowableFunctionTable(Table);
    ok(!RtlLookupFunctionEntry(Base + 0x30, &Found, NULL), "and is gone");
}

/* ---- Frames on TEB.ExceptionList, as DLLs built by mingw push them ---- */

static volatile ULONG Trail;
static CONTEXT Saved;

static EXCEPTION_DISPOSITION Resume(PEXCEPTION_RECORD Record, PVOID Frame, PCONTEXT Context,
                                    PVOID Dispatcher)
{
    if (Record->ExceptionFlags & EXCEPTION_UNWIND) {
        Trail = Trail * 10 + 7;
        return ExceptionContinueSearch;
    }
    Trail = Trail * 10 + 1;
    return Record->ExceptionCode == (NTSTATUS)0xe0000001 ? ExceptionContinueExecution
                                                         : ExceptionContinueSearch;
}

static DECLSPEC_NORETURN void Landing(void)
{
    Trail = Trail * 10 + 3;
    RtlRestoreContext(&Saved, NULL);
}

static EXCEPTION_DISPOSITION Catch(PEXCEPTION_RECORD Record, PVOID Frame, PCONTEXT Context,
                                   PVOID Dispatcher)
{
    if (Record->ExceptionFlags & EXCEPTION_UNWIND)
        return ExceptionContinueSearch;
    Trail = Trail * 10 + 2;
    RtlUnwind(Frame, (PVOID)Landing, Record, NULL);
    return ExceptionContinueSearch;
}

static PVOID *Chain(void)
{
    return &NtCurrentTeb()->NtTib.ExceptionList;
}

static NOINLINE void RaiseCode(NTSTATUS Code)
{
    EXCEPTION_RECORD Record = {.ExceptionCode = Code};

    RtlRaiseException(&Record);
}

static NOINLINE void InnerFrame(NTSTATUS Code)
{
    EXCEPTION_REGISTRATION_RECORD Frame = {*Chain(), Resume};

    *Chain() = &Frame;
    RaiseCode(Code);
    *Chain() = Frame.Next;
}

static NOINLINE void OuterFrame(NTSTATUS Code)
{
    EXCEPTION_REGISTRATION_RECORD Frame = {*Chain(), Catch};
    volatile ULONG Times = 0;

    *Chain() = &Frame;
    RtlCaptureContext(&Saved); /* comes back a second time */
    if (!Times++)
        InnerFrame(Code);
    ok(*Chain() == &Frame, "the list is as the frame left it");
    *Chain() = Frame.Next;
}

static void TestChain(void)
{
    PVOID Before = *Chain();

    Trail = 0;
    OuterFrame((NTSTATUS)0xe0000001);
    ok(Trail == 1, "a frame on the list goes on");
    Trail = 0;
    OuterFrame((NTSTATUS)0xe0000002);
    ok(Trail == 1273, "another one unwinds to itself");
    ok(*Chain() == Before, "the list is as before");
}

/* ---- What RtlUnwindEx does at its end ---- */

static LONG Filter(PEXCEPTION_POINTERS Pointers)
{
    return Pointers->ExceptionRecord->ExceptionCode == (NTSTATUS)0xe0000009;
}

static PVOID NTAPI Consolidated(PEXCEPTION_RECORD Record)
{
    Trail = Trail * 10 + 4;
    return (PVOID)Record->ExceptionInformation[1];
}

static EXCEPTION_DISPOSITION Consolidate(PEXCEPTION_RECORD Record, PVOID Frame, PCONTEXT Context,
                                         PVOID Dispatcher)
{
    EXCEPTION_RECORD Unwind = {
        .ExceptionCode = STATUS_UNWIND_CONSOLIDATE,
        .NumberParameters = 2,
        .ExceptionInformation = {(ULONG_PTR)Consolidated, (ULONG_PTR)Landing}};

    if (Record->ExceptionFlags & EXCEPTION_UNWIND)
        return ExceptionContinueSearch;
    RtlUnwind(Frame, NULL, &Unwind, NULL);
    return ExceptionContinueSearch;
}

static NOINLINE void ConsolidatingFrame(void)
{
    EXCEPTION_REGISTRATION_RECORD Frame = {*Chain(), Consolidate};
    volatile ULONG Times = 0;

    *Chain() = &Frame;
    RtlCaptureContext(&Saved);
    if (!Times++)
        RaiseCode((NTSTATUS)0xe0000003);
    *Chain() = Frame.Next;
}

static NOINLINE void JumpFrame(void)
{
    JUMP_BUFFER Jump = {0};
    volatile ULONG Times = 0;
    CONTEXT Context;
    EXCEPTION_RECORD Record = {.ExceptionCode = STATUS_LONGJUMP,
                               .NumberParameters = 1,
                               .ExceptionInformation = {(ULONG_PTR)&Jump}};

    RtlCaptureContext(&Context);
    Jump.Rsp = Context.Rsp - 0x108; /* as after a call */
    Jump.Rbp = Context.Rbp;
    Jump.Rip = (ULONG64)Landing;
    Jump.MxCsr = 0x1f80;
    Jump.FpCsr = 0x37f;
    RtlCaptureContext(&Saved);
    if (!Times++)
        RtlRestoreContext(&Context, &Record);
}

static void TestFunctionEndings(void)
{
    Trail = 0;
    ConsolidatingFrame();
    ok(Trail == 43, "STATUS_UNWIND_CONSOLIDATE calls its routine and goes on where that says");
    Trail = 0;
    JumpFrame();
    ok(Trail == 3, "STATUS_LONGJUMP goes on at the jump buffer");
    Trail = 0;
    __try {
        RaiseCode((NTSTATUS)0xe0000009);
    } __except (Filter(_exception_info())) {
        Trail = 5;
    }
    ok(Trail == 5, "and frames are found as before");
}

void TestUnwind(void)
{
    TestWalk();
    TestCodes();
    TestDynamic();
    ok(KeepsRegisters(TestChain), "registers are given back by frames on the list");
    ok(KeepsRegisters(TestFunctionEndings), "and by all these");
}
