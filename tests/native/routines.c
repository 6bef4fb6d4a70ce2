/* SPDX-License-Identifier: BSD-2-Clause */
/* Routines of ntdll that nothing else here calls: strings, paths, numbers, parameters, the
 * registry, exceptions, threads, the thread pool, event tracing. (Security and activation contexts:
 * routinesecurity.c) */
#include "registry.h"
#include "routines.h"
#include "waiting.h"
#include "registers.h"

static BOOLEAN IsText(PCUNICODE_STRING String, PCWSTR Text)
{
    UNICODE_STRING Other;

    RtlInitUnicodeString(&Other, Text);
    return RtlEqualUnicodeString(String, &Other, FALSE);
}

/* ---- Strings and memory ---- */

static void TestStrings(void)
{
    CHAR Buffer[4] = "....";
    STRING Short = RTL_CONSTANT_STRING("Abc"), Long = RTL_CONSTANT_STRING("abcdef"),
           Copy = {0, sizeof(Buffer), Buffer};

    ok(RtlCompareString(&Short, &Long, FALSE) < 0 && RtlCompareString(&Long, &Short, FALSE) > 0,
       "strings are compared by their characters");
    Long.Length = 3;
    ok(RtlCompareString(&Short, &Long, TRUE) == 0, "or without their case");
    ok(!RtlEqualString(&Short, &Long, FALSE) && RtlEqualString(&Short, &Long, TRUE), "equal then");
    Long.Length = 6;
    ok(!RtlEqualString(&Short, &Long, TRUE), "not if one is longer");
    RtlCopyString(&Copy, &Long);
    ok(Copy.Length == 4 && !memcmp(Buffer, "abcd", 4), "a copy ends where its buffer does");
    RtlCopyString(&Copy, NULL);
    ok(Copy.Length == 0 && Copy.MaximumLength == 4, "a copy of nothing is empty");
    ok(RtlUpperChar('q') == 'Q' && RtlUpperChar('Q') == 'Q' && RtlUpperChar('1') == '1',
       "a capital letter");
}

static void TestUnicode(void)
{
    UNICODE_STRING String = RTL_CONSTANT_STRING(u"a\u00e4\u20ac"), Made;

    ok(RtlDowncaseUnicodeChar(u'Q') == u'q' && RtlDowncaseUnicodeChar(0xc4) == 0xe4 &&
           RtlDowncaseUnicodeChar(0x416) == 0x436 && RtlDowncaseUnicodeChar(u'1') == u'1',
       "small letters");
    ok(RtlUnicodeStringToAnsiSize(&String) == 4, "the bytes in the ANSI code page, with the end");
    ok(RtlUnicodeStringToOemSize(&String) == 4, "in the OEM code page");
    if (!ok(RtlCreateUnicodeString(&Made, u"made"), "a string on the heap"))
        return;
    ok(IsText(&Made, u"made") && Made.MaximumLength == 10 && !Made.Buffer[4],
       "is a copy, with its end");
    RtlFreeUnicodeString(&Made);
}

static void TestMemoryRoutines(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"ntdll.dll");
    ANSI_STRING Routine = RTL_CONSTANT_STRING("RtlFillMemory");
    void(NTAPI * Fill)(PVOID, SIZE_T, UCHAR) = NULL;
    UCHAR Bytes[8] = {0};
    ULONG Bits[2] = {0};
    RTL_BITMAP Bitmap;
    PVOID Ntdll;

    LdrGetDllHandle(NULL, NULL, &Name, &Ntdll);
    if (ok_status(LdrGetProcedureAddress(Ntdll, &Routine, 0, (PVOID *)&Fill), STATUS_SUCCESS,
                  "RtlFillMemory")) {
        Fill(Bytes + 1, 6, 0xa5);
        ok(!Bytes[0] && Bytes[1] == 0xa5 && Bytes[6] == 0xa5 && !Bytes[7], "fills, no more");
    }
    RtlInitializeBitMap(&Bitmap, Bits, 40);
    RtlSetAllBits(&Bitmap);
    ok(RtlAreBitsSet(&Bitmap, 0, 40) && RtlNumberOfSetBits(&Bitmap) == 40, "all bits of a bitmap");
    ok(RtlImageNtHeader(Ntdll) &&
           ((PIMAGE_NT_HEADERS)RtlImageNtHeader(Ntdll))->Signature == IMAGE_NT_SIGNATURE,
       "the headers of an image");
    ok(!RtlImageNtHeader(NULL) && !RtlImageNtHeader(Bytes), "none of what is none");
}

/* Whether a thousand numbers are in the range, and not few different ones. */
static BOOLEAN IsRandom(ULONG(NTAPI *Routine)(PULONG))
{
    ULONG Seed = 1, Last = 0, Changes = 0, Halves[2] = {0};

    for (ULONG i = 0; i < 1000; i++) {
        ULONG Before = Seed, Number = Routine(&Seed);

        if (Number >= 0x7fffffff || Seed == Before)
            return FALSE;
        Changes += Number != Last;
        Halves[Number >= 0x40000000]++;
        Last = Number;
    }
    return Changes > 990 && Halves[0] > 400 && Halves[1] > 400;
}

static void TestNumbers(void)
{
    ULONG Major = 0, Minor = 1, Build = 0;
    PROCESSOR_NUMBER Processor = {7, 7, 7};

    ok(IsRandom(RtlRandom), "RtlRandom");
    ok(IsRandom(RtlRandomEx), "RtlRandomEx");
    RtlGetNtVersionNumbers(&Major, &Minor, &Build);
    ok(Major == NtCurrentPeb()->OSMajorVersion && Minor == NtCurrentPeb()->OSMinorVersion &&
           (Build & 0xffff) == NtCurrentPeb()->OSBuildNumber,
       "the version");
    ok(Build >> 28 == 0xf || Build >> 28 == 0xc, "of a free or a checked build");
    RtlGetNtVersionNumbers(NULL, NULL, NULL);
    RtlGetCurrentProcessorNumberEx(&Processor);
    ok(!Processor.Group && Processor.Number < NtCurrentPeb()->NumberOfProcessors &&
           !Processor.Reserved,
       "the current processor");
    ok_status(RtlWow64EnableFsRedirection(TRUE), STATUS_NOT_IMPLEMENTED,
              "there is no other architecture whose files to find");
}

/* ---- The process ---- */

static NTSTATUS NTAPI TakesPebLock(PVOID Argument)
{
    RtlAcquirePebLock();
    *(volatile LONG *)Argument = 2;
    RtlReleasePebLock();
    return STATUS_SUCCESS;
}

static void TestPebLock(void)
{
    volatile LONG Turn = 0;
    HANDLE Thread;

    ok(RtlGetCurrentPeb() == NtCurrentPeb(), "the own PEB");
    RtlAcquirePebLock();
    RtlAcquirePebLock();
    ok(NtCurrentPeb()->FastPebLock->OwningThread == NtCurrentTeb()->ClientId.UniqueThread,
       "the lock of the PEB has an owner");
    RtlReleasePebLock();
    Thread = StartThread(TakesPebLock, (PVOID)&Turn);
    if (ok(Thread && ComesToWait(Thread), "another thread waits for it"))
        ok(!Turn, "while it is held");
    RtlReleasePebLock();
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "until it is released");
    ok(Turn == 2, "then it has it");
}

static void TestParameters(void)
{
    UNICODE_STRING Image = RTL_CONSTANT_STRING(u"C:\\image.exe");
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    PWSTR Offset;

    if (!ok_status(RtlCreateProcessParametersEx(&Parameters, &Image, NULL, NULL, &Image, NULL, NULL,
                                                NULL, NULL, NULL, 0),
                   STATUS_SUCCESS, "parameters of a process"))
        return;
    Offset = Parameters->ImagePathName.Buffer;
    ok((ULONG_PTR)Offset < Parameters->Length, "say where strings are by offsets");
    ok(RtlNormalizeProcessParams(Parameters) == Parameters &&
           (Parameters->Flags & RTL_USER_PROC_PARAMS_NORMALIZED) &&
           IsText(&Parameters->ImagePathName, u"C:\\image.exe"),
       "made addresses");
    RtlNormalizeProcessParams(Parameters);
    ok(IsText(&Parameters->CommandLine, u"C:\\image.exe"), "which a second time does not change");
    ok(RtlDeNormalizeProcessParams(Parameters) == Parameters &&
           !(Parameters->Flags & RTL_USER_PROC_PARAMS_NORMALIZED) &&
           Parameters->ImagePathName.Buffer == Offset,
       "and offsets again");
    ok(!RtlNormalizeProcessParams(NULL) && !RtlDeNormalizeProcessParams(NULL),
       "of nothing: nothing");
    RtlDestroyProcessParameters(Parameters);
}

static void TestVariablesAndPaths(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"routine"), Value = RTL_CONSTANT_STRING(u"12");
    WCHAR Buffer[16];
    PWSTR Part = NULL;
    SIZE_T Length = 0;
    ULONG Bytes = 0;

    RtlSetEnvironmentVariable(NULL, &Name, &Value);
    ok_status(RtlExpandEnvironmentStrings(NULL, u"<%ROUTINE%>tail", 11, Buffer, 16, &Length),
              STATUS_SUCCESS, "expand a variable in the first characters");
    ok(Length == 5 && !wcscmp(Buffer, u"<12>"), "of a text");
    ok_status(RtlExpandEnvironmentStrings(NULL, u"<%ROUTINE%>", 11, Buffer, 4, &Length),
              STATUS_BUFFER_TOO_SMALL, "without room for the end");
    ok(Length == 5, "how much that needs");
    RtlSetEnvironmentVariable(NULL, &Name, NULL);
    ok_status(RtlGetFullPathName_UEx(u"C:\\a\\..\\b.txt", sizeof(Buffer), Buffer, &Part, &Bytes),
              STATUS_SUCCESS, "a full path");
    ok(!wcscmp(Buffer, u"C:\\b.txt") && Part == Buffer + 3 && Bytes == 16, "its last part");
    ok_status(RtlGetFullPathName_UEx(u"C:\\a\\..\\b.txt", 16, Buffer, &Part, &Bytes),
              STATUS_BUFFER_TOO_SMALL, "without room for the end");
    ok(Bytes == 18 && !Part, "how much that needs");
    ok_status(RtlGetFullPathName_UEx(u"", sizeof(Buffer), Buffer, &Part, &Bytes),
              STATUS_OBJECT_NAME_INVALID, "of an empty path");
}

/* ---- The registry ---- */

#define ROUTINES_ROOT u"\\Registry\\Machine\\Software\\Neptune routines"

static void TestKeyOptions(HANDLE Key)
{
    ULONG Value = 0, Length = 0;
    WCHAR Text[8];

    ok_status(LdrQueryImageFileKeyOption(Key, u"Number", REG_DWORD, &Value, 4, &Length),
              STATUS_SUCCESS, "an option");
    ok(Value == 77 && Length == 4, "a number");
    Value = 0;
    ok_status(LdrQueryImageFileKeyOption(Key, u"Text", REG_DWORD, &Value, 4, &Length),
              STATUS_SUCCESS, "a number as text");
    ok(Value == 0x1f, "is read");
    ok_status(LdrQueryImageFileKeyOption(Key, u"Text", REG_SZ, Text, sizeof(Text), &Length),
              STATUS_SUCCESS, "the text itself");
    ok(Length == 10 && !wcscmp(Text, u"0x1f"), "as it was set");
    ok_status(LdrQueryImageFileKeyOption(Key, u"Text", REG_SZ, Text, 4, &Length),
              STATUS_BUFFER_OVERFLOW, "too long");
    ok_status(LdrQueryImageFileKeyOption(Key, u"Text", REG_BINARY, Text, sizeof(Text), &Length),
              STATUS_OBJECT_TYPE_MISMATCH, "of another type");
    ok_status(LdrQueryImageFileKeyOption(Key, u"None", REG_SZ, Text, sizeof(Text), &Length),
              STATUS_OBJECT_NAME_NOT_FOUND, "one that there is not");
}

static void TestRegistryRoutines(void)
{
    ULONG Value = 0;
    RTL_QUERY_REGISTRY_TABLE Table[2] = {
        {NULL, RTL_QUERY_REGISTRY_DIRECT, (PWSTR)u"Number", &Value}};
    HANDLE Key;

    DeleteTree(NULL, ROUTINES_ROOT);
    if (!ok_status(CreateKey(NULL, ROUTINES_ROOT, KEY_ALL_ACCESS, 0, &Key), STATUS_SUCCESS,
                   "a key"))
        return;
    SetNumber(Key, u"Number", 77);
    SetValue(Key, u"Text", REG_SZ, u"0x1f", 10);
    ok_status(RtlQueryRegistryValuesEx(RTL_REGISTRY_ABSOLUTE, ROUTINES_ROOT, Table, NULL, NULL),
              STATUS_SUCCESS, "a value by path");
    ok(Value == 77, "stored at once");
    Value = 0;
    ok_status(RtlQueryRegistryValuesEx(RTL_REGISTRY_HANDLE, (PCWSTR)Key, Table, NULL, NULL),
              STATUS_SUCCESS, "by handle");
    ok(Value == 77, "stored too");
    Table[0].Name = (PWSTR)u"None";
    Table[0].Flags |= RTL_QUERY_REGISTRY_REQUIRED;
    ok_status(RtlQueryRegistryValuesEx(RTL_REGISTRY_HANDLE, (PCWSTR)Key, Table, NULL, NULL),
              STATUS_OBJECT_NAME_NOT_FOUND, "one that must be and is not");
    TestKeyOptions(Key);
    NtClose(Key);
    DeleteTree(NULL, ROUTINES_ROOT);
}

/* ---- Debugging and exceptions ---- */

static EXCEPTION_RECORD Seen;
static ULONG Exceptions;

static LONG NTAPI GoOn(PEXCEPTION_POINTERS Pointers)
{
    PCONTEXT Context = Pointers->ContextRecord;

    Exceptions++;
    Seen = *Pointers->ExceptionRecord;
    if (Seen.ExceptionCode == STATUS_BREAKPOINT && *(PUCHAR)PROGRAM_COUNTER(Context) == 0xcc)
        PROGRAM_COUNTER(Context)++;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static LONG NTAPI TopLevel(PEXCEPTION_POINTERS Pointers)
{
    return Pointers->ExceptionRecord == &Seen ? EXCEPTION_EXECUTE_HANDLER
                                              : EXCEPTION_CONTINUE_SEARCH;
}

static void TestExceptionRoutines(void)
{
    CONTEXT Context;
    EXCEPTION_RECORD Record = {.ExceptionCode = (NTSTATUS)0xe0000001};
    EXCEPTION_POINTERS Pointers = {&Seen, &Context};
    PVOID Handler = RtlAddVectoredExceptionHandler(TRUE, GoOn);

    Exceptions = 0;
    DbgBreakPointWithStatus(5);
    ok(Exceptions == 1 && Seen.ExceptionCode == STATUS_BREAKPOINT, "a breakpoint with a status");
    NtCurrentTeb()->ExceptionCode = STATUS_HANDLE_NOT_CLOSABLE;
    ok_status(KiRaiseUserExceptionDispatcher(), STATUS_HANDLE_NOT_CLOSABLE,
              "the system's exception after a service");
    ok(Exceptions == 2 && Seen.ExceptionCode == STATUS_HANDLE_NOT_CLOSABLE, "is raised");
    RtlCaptureContext(&Context);
    ok(RtlDispatchException(&Record, &Context) && Exceptions == 3 &&
           Seen.ExceptionCode == (NTSTATUS)0xe0000001,
       "a handler takes an exception that is dispatched");
    RtlRemoveVectoredExceptionHandler(Handler);
    RtlSetUnhandledExceptionFilter(TopLevel);
    ok(RtlUnhandledExceptionFilter(&Pointers) == EXCEPTION_EXECUTE_HANDLER, "the filter of last");
    RtlSetUnhandledExceptionFilter(NULL);
    ok(RtlUnhandledExceptionFilter(&Pointers) == EXCEPTION_CONTINUE_SEARCH, "without one");
}

static void TestDebugFilter(void)
{
    ok_status(DbgQueryDebugFilterState(DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL), FALSE,
              "what is not printed");
    ok_status(DbgSetDebugFilterState(DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL, TRUE), STATUS_SUCCESS,
              "print it");
    ok_status(DbgQueryDebugFilterState(DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL), TRUE,
              "now it is printed");
    ok_status(DbgSetDebugFilterState(DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL, FALSE), STATUS_SUCCESS,
              "not any more");
    ok_status(DbgQueryDebugFilterState(DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL), FALSE,
              "it is not printed");
}

/* ---- Threads and ends ---- */

static volatile LONG Freed;
static ULONG Index;

static void NTAPI CountFreed(PVOID Data)
{
    Freed += (LONG)(LONG_PTR)Data;
}

/* What is left when the loader has let go of the thread. */
static NTSTATUS NTAPI EndingThread(PVOID Argument)
{
    RtlFlsSetValue(Index, (PVOID)5);
    LdrShutdownThread();
    return NtTerminateThread(NtCurrentThread(), Freed);
}

static NTSTATUS NTAPI NumberThread(PVOID Argument)
{
    return (NTSTATUS)(ULONG_PTR)NtCurrentTeb()->ClientId.UniqueThread;
}

static void TestThreadRoutines(void)
{
    CLIENT_ID Id = {0};
    HANDLE Thread = NULL;

    ok_status(RtlCreateUserThread(NtCurrentProcess(), NULL, TRUE, 0, 0, 0, NumberThread, NULL,
                                  &Thread, &Id),
              STATUS_SUCCESS, "a thread that is suspended");
    ok(Id.UniqueProcess == NtCurrentTeb()->ClientId.UniqueProcess &&
           WaitFor(Thread, 50) == STATUS_TIMEOUT,
       "of this process, does not run");
    NtResumeThread(Thread, NULL);
    ok_status(EndOfThread(Thread), (NTSTATUS)(ULONG_PTR)Id.UniqueThread, "it has this number");
    ok_status(RtlCreateUserThread((HANDLE)0x7770, NULL, FALSE, 0, 0, 0, NumberThread, NULL, &Thread,
                                  NULL),
              STATUS_INVALID_HANDLE, "of no process");
    RtlFlsAlloc(CountFreed, &Index);
    Freed = 0;
    Thread = StartThread(EndingThread, NULL);
    ok_status(EndOfThread(Thread), 5, "LdrShutdownThread frees what a thread has stored");
    ok(Freed == 5, "once");
    RtlFlsFree(Index);
    ok_status(RunSelf(u"umtests exit-process", 10), 0x4321, "RtlExitUserProcess");
    ok_status(RunSelf(u"umtests shut-down", 10), 6, "LdrShutdownProcess frees the same");
}

DECLSPEC_NORETURN void ExitProcessChild(void)
{
    RtlExitUserProcess(0x4321);
}

NTSTATUS ShutDownChild(void)
{
    RtlFlsAlloc(CountFreed, &Index);
    RtlFlsSetValue(Index, (PVOID)6);
    LdrShutdownProcess();
    return NtTerminateProcess(NtCurrentProcess(), Freed);
}

/* ---- The thread pool: what happens when a callback has returned ---- */

static RTL_CRITICAL_SECTION Section;

static void NTAPI HoldsMutex(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_WORK Work)
{
    NtWaitForSingleObject(Context, FALSE, NULL);
    TpCallbackReleaseMutexOnCompletion(Instance, Context);
}

static void NTAPI HoldsSection(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_WORK Work)
{
    RtlEnterCriticalSection(&Section);
    TpCallbackLeaveCriticalSectionOnCompletion(Instance, &Section);
}

static void NTAPI HoldsDll(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_WORK Work)
{
    TpCallbackUnloadDllOnCompletion(Instance, Context);
}

/* Runs it once, to its end. */
static void RunWork(PTP_WORK_CALLBACK Callback, PVOID Context)
{
    PTP_WORK Work;

    if (!ok_status(TpAllocWork(&Work, Callback, Context, NULL), STATUS_SUCCESS, "work"))
        return;
    TpPostWork(Work);
    TpWaitForWork(Work, FALSE);
    TpReleaseWork(Work);
}

static BOOLEAN ComesFree(void)
{
    for (ULONG i = 0; i < 100; i++) {
        if (RtlTryEnterCriticalSection(&Section))
            return TRUE;
        Sleep(20);
    }
    return FALSE;
}

static void TestCompletions(void)
{
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"\\SystemRoot\\tests\\testdll.dll"),
                   Name = RTL_CONSTANT_STRING(u"testdll.dll");
    HANDLE Mutant;
    PVOID Dll;

    NtCreateMutant(&Mutant, MUTANT_ALL_ACCESS, NULL, FALSE);
    RunWork(HoldsMutex, Mutant);
    ok_status(WaitFor(Mutant, 2000), STATUS_SUCCESS, "its mutex is released, not abandoned");
    NtClose(Mutant);
    RtlInitializeCriticalSection(&Section);
    RunWork(HoldsSection, NULL);
    if (ok(ComesFree(), "its critical section is left"))
        RtlLeaveCriticalSection(&Section);
    RtlDeleteCriticalSection(&Section);
    if (!ok_status(LdrLoadDll(NULL, NULL, &Path, &Dll), STATUS_SUCCESS, "load a DLL"))
        return;
    RunWork(HoldsDll, Dll);
    for (ULONG i = 0; i < 100 && NT_SUCCESS(LdrGetDllHandle(NULL, NULL, &Name, &Dll)); i++)
        Sleep(20);
    ok_status(LdrGetDllHandle(NULL, NULL, &Name, &Dll), STATUS_DLL_NOT_FOUND,
              "its DLL is unloaded");
}

/* ---- Event tracing, which has no listeners ---- */

#define WIN32_INVALID_HANDLE 6
#define WIN32_INVALID_PARAMETER 87

static ULONG MessageWithList(ULONG Flags, ...)
{
    va_list Arguments;
    ULONG Error;

    va_start(Arguments, Flags);
    Error = EtwTraceMessageVa(~0ull, Flags, NULL, 1, Arguments);
    va_end(Arguments);
    return Error;
}

static void TestTracing(void)
{
    static const GUID Provider = {0x1234, 5, 6, {7}};
    REGHANDLE Handle = 1;
    TRACEHANDLE Trace = 0;

    ok(EtwEventRegister(NULL, NULL, NULL, &Handle) == WIN32_INVALID_PARAMETER && !Handle,
       "a provider without a name gets no handle");
    ok(!EtwEventWriteString(0, 0, 0, u"text") && !EtwEventUnregister(0),
       "calls with no handle do nothing");
    EtwEventRegister(&Provider, NULL, NULL, &Handle);
    ok(!EtwEventSetInformation(Handle, 2, NULL, 0), "traits of a provider");
    ok(!EtwEventWriteString(Handle, 0, 0, u"text"), "an event of text");
    ok(!EtwEventWriteTransfer(Handle, &Provider, NULL, NULL, 0, NULL), "one with an activity");
    ok(!EtwEventUnregister(Handle), "and its end");
    ok(EtwRegisterTraceGuidsA(NULL, NULL, NULL, 0, NULL, NULL, NULL, &Trace) ==
           WIN32_INVALID_PARAMETER,
       "an older provider without a name");
    ok(!EtwRegisterTraceGuidsA(NULL, NULL, &Provider, 0, NULL, NULL, NULL, &Trace) && Trace,
       "an older provider");
    ok(EtwGetTraceEnableFlags(Trace) == 0, "is not enabled");
    ok(!EtwUnregisterTraceGuids(Trace), "and its end");
    ok(EtwUnregisterTraceGuids(0) == WIN32_INVALID_PARAMETER, "the end of none");
    RtlSetLastWin32Error(0);
    ok(EtwGetTraceLoggerHandle(NULL) == ~0ull && RtlGetLastWin32Error() == WIN32_INVALID_HANDLE,
       "there is no session");
    ok(EtwLogTraceEvent(~0ull, NULL) == WIN32_INVALID_HANDLE, "to log an event with");
    ok(EtwTraceMessage(~0ull, 0, NULL, 1, NULL) == WIN32_INVALID_HANDLE, "or a message");
    ok(MessageWithList(0, NULL) == WIN32_INVALID_HANDLE, "with a list of arguments");
}

void TestRoutineCalls(void)
{
    TestStrings();
    TestUnicode();
    TestMemoryRoutines();
    TestNumbers();
    TestPebLock();
    TestParameters();
    TestVariablesAndPaths();
    TestRegistryRoutines();
    TestExceptionRoutines();
    TestDebugFilter();
    TestThreadRoutines();
    TestCompletions();
    TestTracing();
    TestRoutineSecurity();
    TestRoutineContexts();
}
