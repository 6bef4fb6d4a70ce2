/* SPDX-License-Identifier: BSD-2-Clause */
/* What i386 alone has: the list of frames, with its checks. */
#include "../../tap.h"

static volatile ULONG Trail;

static EXCEPTION_DISPOSITION CDECL Resume(PEXCEPTION_RECORD Record, PVOID Frame, PCONTEXT Context,
                                          PVOID Dispatcher)
{
    Trail = Trail * 10 + (Record->ExceptionFlags & EXCEPTION_UNWIND ? 7 : 1);
    if (Record->ExceptionFlags & EXCEPTION_UNWIND)
        return ExceptionContinueSearch;
    return Record->ExceptionCode == (NTSTATUS)0xe0000001 ? ExceptionContinueExecution
                                                         : ExceptionContinueSearch;
}

static PVOID *Chain(void)
{
    return &NtCurrentTeb()->NtTib.ExceptionList;
}

static void RaiseCode(NTSTATUS Code)
{
    EXCEPTION_RECORD Record = {.ExceptionCode = Code};

    RtlRaiseException(&Record);
}

static void TestFrames(void)
{
    EXCEPTION_REGISTRATION_RECORD Outer = {*Chain(), Resume}, Inner = {&Outer, Resume};
    PVOID Before = *Chain();

    if (&Inner > &Outer) { /* the compiler decides */
        Inner.Next = Outer.Next;
        Outer.Next = &Inner;
    }
    Trail = 0;
    *Chain() = &Inner > &Outer ? &Outer : &Inner;
    RaiseCode((NTSTATUS)0xe0000001);
    ok(Trail == 1, "a frame on the list goes on");
    Trail = 0;
    RtlUnwind(&Inner > &Outer ? &Inner : &Outer, NULL, NULL, NULL);
    ok(Trail == 7 && *Chain() == (&Inner > &Outer ? (PVOID)&Inner : (PVOID)&Outer),
       "RtlUnwind takes off the frames below its target");
    *Chain() = Before;
    ok(Trail == 7, "and comes back");
}

/* The child's half: a list that cannot be. */
NTSTATUS ChainChild(ULONG Number)
{
    static EXCEPTION_REGISTRATION_RECORD Elsewhere = {NULL, Resume};
    EXCEPTION_REGISTRATION_RECORD Frame = {*Chain(), (PEXCEPTION_ROUTINE)(PVOID)&Frame};

    *Chain() = Number == 0 ? &Elsewhere : Number == 1 ? (PVOID)((ULONG_PTR)&Frame + 1) : &Frame;
    RaiseCode((NTSTATUS)0xe0000001);
    return STATUS_SUCCESS;
}

static void TestChecks(void)
{
    ok_status(RunSelf(u"umtests exception 10", 5), (NTSTATUS)0xe0000001,
              "a frame that is not on the stack is not asked");
    ok_status(RunSelf(u"umtests exception 11", 5), (NTSTATUS)0xe0000001,
              "nor one that is not aligned");
    ok_status(RunSelf(u"umtests exception 12", 5), (NTSTATUS)0xe0000001,
              "nor a handler on the stack");
}

void TestUnwind(void)
{
    TestFrames();
    TestChecks();
}
