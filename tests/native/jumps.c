/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Leaving frames that are not the program's own: by longjmp over __try, and by exceptions that go
 * through another DLL (sehdll.dll) or through ntdll, which has called the program back.
 */
#include "waiting.h"
#include "jump.h"
#include "sehdll.h"

#define CODE ((NTSTATUS)0xe0000042)
#define NOINLINE __attribute__((noinline))

/* Where a test has come along, as a number: digit by digit. */
static volatile ULONG Trail;
static JUMP_BUFFER Buffer;

static NOINLINE void Step(ULONG Digit)
{
    Trail = Trail * 10 + Digit;
}

static LONG Decide(LONG Answer, ULONG Digit)
{
    Step(Digit);
    return Answer;
}

static NOINLINE void Jump(int Value)
{
    longjmp(&Buffer, Value);
}

static NOINLINE void RaiseCode(void)
{
    RtlRaiseStatus(CODE);
}

/* ---- longjmp over the program's own frames ---- */

/* The second Step keeps clang 14 from making the scopes overlap. */
static NOINLINE void JumpsInside(int Value)
{
    __try {
        __try {
            Jump(Value);
            Step(9);
        } __finally {
            Step(2);
        }
        Step(9);
    } __finally {
        Step(3);
    }
}

static NOINLINE void JumpsOut(void)
{
    int Value = SETJMP(&Buffer);

    if (!Value) {
        Step(1);
        JumpsInside(7);
    }
    Step((ULONG)Value);
}

static NOINLINE void JumpsWithNothing(void)
{
    int Value = SETJMP(&Buffer);

    if (!Value) {
        Step(2);
        JumpsInside(0);
    }
    Step((ULONG)Value);
}

/* No filter is asked. */
static NOINLINE void ExceptInside(void)
{
    __try {
        Jump(4);
        Step(9);
    } __except (Decide(EXCEPTION_EXECUTE_HANDLER, 8)) {
        Step(9);
    }
}

static NOINLINE void JumpsOverExcept(void)
{
    int Value = SETJMP(&Buffer);

    if (!Value)
        ExceptInside();
    Step((ULONG)Value);
}

/* The function itself has entered a scope since, which it leaves. */
static NOINLINE void LeavesOwnScope(void)
{
    if (SETJMP(&Buffer)) {
        Step(3);
        return;
    }
    __try {
        Step(1);
        Jump(1);
        Step(9);
    } __finally {
        Step(2);
    }
}

/* The scope was entered before: it is left at its end. */
static NOINLINE void StaysInScope(void)
{
    __try {
        Step(1);
        if (SETJMP(&Buffer))
            Step(2);
        else
            Jump(1);
        Step(3);
    } __finally {
        Step(4);
    }
    Step(5);
}

static LONG JumpingFilter(void)
{
    Step(1);
    Jump(3);
    return EXCEPTION_CONTINUE_SEARCH;
}

static NOINLINE void FilterInside(void)
{
    __try {
        __try {
            RaiseCode();
            Step(9);
        } __finally {
            Step(2);
        }
        Step(9);
    } __except (JumpingFilter()) {
        Step(9);
    }
}

/* Over the frames of the dispatching, too. */
static NOINLINE void JumpsOutOfFilter(void)
{
    int Value = SETJMP(&Buffer);

    if (!Value)
        FilterInside();
    Step((ULONG)Value);
}

static NOINLINE void HandlerInside(void)
{
    __try {
        RaiseCode();
    } __except (Decide(EXCEPTION_EXECUTE_HANDLER, 1)) {
        Step(2);
        Jump(3);
    }
}

static NOINLINE void JumpsOutOfHandler(void)
{
    int Value = SETJMP(&Buffer);

    if (!Value)
        HandlerInside();
    Step((ULONG)Value);
}

/* An exception afterwards is handled as if nothing had been. */
static NOINLINE void RaisesAfterwards(void)
{
    __try {
        JumpsOut();
        RaiseCode();
    } __except (Decide(EXCEPTION_EXECUTE_HANDLER, 4)) {
        Step(5);
    }
}

/* ---- Another DLL's frames ---- */

static SEHDLL_DESCEND Descend;
static SEHDLL_CATCH Catch;
static SEHDLL_RAISE DllRaise;

static NOINLINE void CatchesDll(void)
{
    volatile ULONG Left = 0;

    __try {
        Step(1);
        Descend(5, DllRaise, (PVOID)(LONG_PTR)CODE, &Left);
        Step(9);
    } __except (Decide(_exception_code() == CODE && !Left, 2)) {
        Step(Left);
    }
}

static ULONG NTAPI RaisesBack(PVOID Argument)
{
    __try {
        RaiseCode();
        Step(9);
    } __finally {
        Step(1);
    }
    return 0;
}

static NOINLINE void DllCatches(void)
{
    Step(Catch(RaisesBack, NULL) == CODE ? 2 : 9);
}

/* Program, DLL, program, DLL: from inside out. */
static ULONG NTAPI DescendsAgain(PVOID Argument)
{
    __try {
        Descend(0, DllRaise, (PVOID)(LONG_PTR)CODE, Argument);
        Step(9);
    } __except (Decide(EXCEPTION_CONTINUE_SEARCH, 1)) {
        Step(9);
    }
    return 0;
}

static NOINLINE void GoesThroughBoth(void)
{
    volatile ULONG Left = 0;

    __try {
        Descend(1, DescendsAgain, (PVOID)&Left, &Left);
        Step(9);
    } __except (Decide(EXCEPTION_EXECUTE_HANDLER, 2)) {
        Step(Left);
    }
}

static ULONG NTAPI JumpsBack(PVOID Argument)
{
    Jump(4);
    return 0;
}

static NOINLINE void JumpsOverDll(void)
{
    static volatile ULONG Left;
    int Value = SETJMP(&Buffer);

    if (!Value) {
        Left = 0;
        Descend(2, JumpsBack, NULL, &Left);
    }
    Step(Left);
    Step((ULONG)Value);
}

/* ---- ntdll calls back ---- */

static ULONG NTAPI RaisingOnce(PRTL_RUN_ONCE RunOnce, PVOID Parameter, PVOID *Context)
{
    Step(1);
    RaiseCode();
    return TRUE;
}

static NOINLINE void OnceRaises(void)
{
    RTL_RUN_ONCE Once = {0};

    __try {
        RtlRunOnceExecuteOnce(&Once, RaisingOnce, NULL, NULL);
        Step(9);
    } __except (Decide(_exception_code() == CODE, 2)) {
        Step(3);
    }
}

static RTL_GENERIC_COMPARE_RESULTS NTAPI RaisingCompare(PRTL_GENERIC_TABLE Table, PVOID First,
                                                        PVOID Second)
{
    Step(1);
    RaiseCode();
    return GenericEqual;
}

static PVOID NTAPI TakeRoom(PRTL_GENERIC_TABLE Table, ULONG Size)
{
    return RtlAllocateHeap(RtlProcessHeap(), 0, Size);
}

static void NTAPI GiveRoom(PRTL_GENERIC_TABLE Table, PVOID Memory)
{
    RtlFreeHeap(RtlProcessHeap(), 0, Memory);
}

static NOINLINE void CompareRaises(void)
{
    RTL_GENERIC_TABLE Table;
    ULONG Value = 1;

    RtlInitializeGenericTable(&Table, RaisingCompare, TakeRoom, GiveRoom, NULL);
    RtlInsertElementGenericTable(&Table, &Value, sizeof(Value), NULL);
    __try {
        RtlInsertElementGenericTable(&Table, &Value, sizeof(Value), NULL);
        Step(9);
    } __except (Decide(EXCEPTION_EXECUTE_HANDLER, 2)) {
        Step(RtlNumberGenericTableElements(&Table) + 2);
    }
    GiveRoom(&Table, RtlEnumerateGenericTable(&Table, TRUE) ? Table.TableRoot : NULL);
}

static NTSTATUS NTAPI TakeLoaderLock(PVOID Argument)
{
    ULONG_PTR Cookie;
    ULONG Disposition = 0;
    NTSTATUS Status = LdrLockLoaderLock(LDR_LOCK_LOADER_LOCK_FLAG_TRY_ONLY, &Disposition, &Cookie);

    if (NT_SUCCESS(Status) && Disposition == LDR_LOCK_LOADER_LOCK_DISPOSITION_LOCK_ACQUIRED)
        return LdrUnlockLoaderLock(0, Cookie);
    return STATUS_UNSUCCESSFUL;
}

static void NTAPI RaisingModule(PLDR_DATA_TABLE_ENTRY Entry, PVOID Context, PBOOLEAN Stop)
{
    Step(1);
    if (Context)
        Jump(2);
    RaiseCode();
}

/* The lock that the list is walked under is given back. */
static NOINLINE void ModuleRaises(void)
{
    __try {
        LdrEnumerateLoadedModules(0, RaisingModule, NULL);
        Step(9);
    } __except (Decide(EXCEPTION_EXECUTE_HANDLER, 2)) {
        Step(3);
    }
    Step(EndOfThread(StartThread(TakeLoaderLock, NULL)) == STATUS_SUCCESS ? 4 : 9);
}

static NOINLINE void ModuleJumps(void)
{
    if (!SETJMP(&Buffer))
        LdrEnumerateLoadedModules(0, RaisingModule, &Buffer);
    Step(2);
    Step(EndOfThread(StartThread(TakeLoaderLock, NULL)) == STATUS_SUCCESS ? 3 : 9);
}

static NTSTATUS NTAPI RaisingHeap(PVOID Heap, PVOID Context)
{
    Step(1);
    RaiseCode();
    return STATUS_SUCCESS;
}

static NOINLINE void HeapRaises(void)
{
    __try {
        RtlEnumProcessHeaps(RaisingHeap, NULL);
        Step(9);
    } __except (Decide(EXCEPTION_EXECUTE_HANDLER, 2)) {
        Step(3);
    }
    Step(RtlGetProcessHeaps(0, NULL) ? 4 : 9);
}

/* Its own exception comes to it again, and goes on to the frames of ntdll and the program. */
static LONG NTAPI RaisingVector(PEXCEPTION_POINTERS Pointers)
{
    if (Pointers->ExceptionRecord->ExceptionCode == CODE) {
        Step(1);
        RtlRaiseStatus(CODE + 1);
    }
    Step(2);
    return EXCEPTION_CONTINUE_SEARCH;
}

static NOINLINE void VectorRaises(void)
{
    PVOID Handler = RtlAddVectoredExceptionHandler(TRUE, RaisingVector);

    __try {
        RaiseCode();
        Step(9);
    } __except (Decide(_exception_code() == CODE + 1, 3)) {
        Step(4);
    }
    RtlRemoveVectoredExceptionHandler(Handler);
}

static LONG NTAPI CatchingVector(PEXCEPTION_POINTERS Pointers)
{
    if (Pointers->ExceptionRecord->ExceptionCode != CODE)
        return EXCEPTION_CONTINUE_SEARCH;
    __try {
        RtlRaiseStatus(CODE + 1);
        Step(9);
    } __except (Decide(EXCEPTION_EXECUTE_HANDLER, 1)) {
        Step(2);
    }
    return EXCEPTION_CONTINUE_SEARCH;
}

static NOINLINE void VectorCatches(void)
{
    PVOID Handler = RtlAddVectoredExceptionHandler(TRUE, CatchingVector);

    __try {
        RaiseCode();
        Step(9);
    } __except (Decide(_exception_code() == CODE, 3)) {
        Step(4);
    }
    RtlRemoveVectoredExceptionHandler(Handler);
}

static void NTAPI RaisingApc(PVOID First, PVOID Second, PVOID Third)
{
    Step(1);
    RaiseCode();
}

/* Through the frame of KiUserApcDispatcher, into the program that was alerted. */
static NOINLINE void ApcRaises(void)
{
    __try {
        NtQueueApcThread(NtCurrentThread(), RaisingApc, NULL, NULL, NULL);
        NtTestAlert();
        Step(9);
    } __except (Decide(EXCEPTION_EXECUTE_HANDLER, 2)) {
        Step(3);
    }
}

static void NTAPI CatchingWork(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_WORK Work)
{
    __try {
        CatchesDll();
        RaiseCode();
        Step(9);
    } __except (Decide(EXCEPTION_EXECUTE_HANDLER, 3)) {
        Step(4);
    }
}

static NOINLINE void WorkCatches(void)
{
    PTP_WORK Work;

    if (!NT_SUCCESS(TpAllocWork(&Work, CatchingWork, NULL, NULL)))
        return;
    TpPostWork(Work);
    TpWaitForWork(Work, FALSE);
    TpReleaseWork(Work);
}

static const struct {
    void (*Run)(void);
    ULONG Trail;
    const char *Name;
} Ways[] = {
    {JumpsOut, 1237, "longjmp runs the __finally blocks that it leaves, inner ones first"},
    {JumpsWithNothing, 2231, "with 0 setjmp returns 1"},
    {JumpsOverExcept, 4, "it asks no filter"},
    {LeavesOwnScope, 123, "it leaves a scope of the function that has called setjmp"},
    {StaysInScope, 12345, "but not one that setjmp was called in"},
    {JumpsOutOfFilter, 123, "out of a filter"},
    {JumpsOutOfHandler, 123, "out of an __except block"},
    {RaisesAfterwards, 123745, "exceptions afterwards are as before"},
    {CatchesDll, 126, "an exception of a DLL, six of its frames below"},
    {DllCatches, 12, "a DLL handles an exception of the program"},
    {GoesThroughBoth, 123, "one goes through frames of both"},
    {JumpsOverDll, 34, "longjmp over frames of a DLL"},
    {OnceRaises, 123, "RtlRunOnceExecuteOnce's routine raises"},
    {CompareRaises, 123, "a generic table's routine raises"},
    {ModuleRaises, 1234, "LdrEnumerateLoadedModules's routine raises"},
    {ModuleJumps, 123, "or jumps"},
    {HeapRaises, 1234, "RtlEnumProcessHeaps's routine raises"},
    {VectorRaises, 1234, "a vectored handler raises"},
    {VectorCatches, 1234, "a vectored handler handles one of its own"},
    {ApcRaises, 123, "an APC raises"},
    {WorkCatches, 12634, "a thread of the pool handles exceptions"},
};

static PVOID LoadRoutines(void)
{
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"\\SystemRoot\\tests\\sehdll.dll");
    ANSI_STRING Names[] = {RTL_CONSTANT_STRING("SehDllDescend"), RTL_CONSTANT_STRING("SehDllCatch"),
                           RTL_CONSTANT_STRING("SehDllRaise")};
    PVOID *Routines[] = {(PVOID *)&Descend, (PVOID *)&Catch, (PVOID *)&DllRaise}, Dll;

    if (!ok_status(LdrLoadDll(NULL, NULL, &Path, &Dll), STATUS_SUCCESS, "load a DLL with frames"))
        return NULL;
    for (ULONG i = 0; i < ARRAYSIZE(Names); i++) {
        if (!NT_SUCCESS(LdrGetProcedureAddress(Dll, &Names[i], 0, Routines[i])))
            return NULL;
    }
    return Dll;
}

void TestJumps(void)
{
    PVOID Dll = LoadRoutines();
    BOOLEAN Kept = TRUE;

    if (!ok(Dll != NULL, "its routines"))
        return;
    for (ULONG i = 0; i < ARRAYSIZE(Ways); i++) {
        Trail = 0;
        Kept &= KeepsRegisters(Ways[i].Run);
        if (!ok(Trail == Ways[i].Trail, Ways[i].Name))
            TapPrint("# trail %u, expected %u\n", Trail, Ways[i].Trail);
    }
    ok(Kept, "all give their callers' registers back");
    LdrUnloadDll(Dll);
}
