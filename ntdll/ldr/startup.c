// SPDX-License-Identifier: BSD-2-Clause
/*
 * Where every thread of a process begins. The Executive has mapped the image and ntdll, made PEB,
 * TEB, process parameters and stack; the loader does the rest, and continues at the context that
 * the Executive left on the stack.
 */
#include "ldrp.h"
#include "rtlp.h"
#include "sehp.h"
#include "sxsp.h"

enum { NotStarted, Starting, Started };

PLDRP_THREAD_START LdrpThreadStart;
static LONG ProcessState = NotStarted;
static RTL_BITMAP TlsBitMap, TlsExpansionBitMap;

static const UNICODE_STRING NtdllName = RTL_CONSTANT_STRING(LDRP_SYSTEM_DIRECTORY u"\\ntdll.dll");

static void InitializePeb(PPEB Peb)
{
    RtlInitializeBitMap(&TlsBitMap, Peb->TlsBitmapBits, TLS_MINIMUM_AVAILABLE);
    RtlInitializeBitMap(&TlsExpansionBitMap, Peb->TlsExpansionBitmapBits, TLS_EXPANSION_SLOTS);
    RtlSetBits(&TlsBitMap, 0, 1); /* slot 0 is never given out */
    Peb->TlsBitmap = &TlsBitMap;
    Peb->TlsExpansionBitmap = &TlsExpansionBitMap;
    RtlpInitializeFls(Peb);
    Peb->FastPebLock = &RtlpPebLock;
    Peb->LoaderLock = &LdrpLoaderLock;
    Peb->Ldr = &LdrpData;
    RtlpInitializeNls(Peb);
    Peb->ApiSetMap = (PVOID)LdrpApiSetSchema;
}

/* An image that the Executive has mapped: as big as its headers say. */
static NTSTATUS AddMappedImage(PVOID Base, PCUNICODE_STRING Name, PLDRP_MODULE *Module)
{
    LDRP_IMAGE Image;
    NTSTATUS Status = LdrpOpenImage(Base, MAXLONG, &Image);

    if (!NT_SUCCESS(Status))
        return Status;
    *Module = LdrpAddModule(&Image, Name);
    if (!*Module)
        return STATUS_NO_MEMORY;
    (*Module)->Pinned = TRUE;
    return STATUS_SUCCESS;
}

static NTSTATUS AddFirstModules(PPEB Peb, PVOID NtdllBase, PLDRP_MODULE *Program)
{
    PLDRP_MODULE Ntdll;
    NTSTATUS Status =
        AddMappedImage(Peb->ImageBaseAddress, &Peb->ProcessParameters->ImagePathName, Program);

    if (NT_SUCCESS(Status))
        Status = AddMappedImage(NtdllBase, &NtdllName, &Ntdll);
    if (!NT_SUCCESS(Status))
        return Status;
    Ntdll->Bound = TRUE;
    Ntdll->Entry.Flags |= LDRP_ENTRY_PROCESSED;
    Ntdll->Node.State = (*Program)->Node.State = LdrModulesReadyToRun;
    InsertTailList(&LdrpData.InInitializationOrderModuleList,
                   &Ntdll->Entry.InInitializationOrderLinks);
    return STATUS_SUCCESS;
}

/* What the program imports is there for as long as it runs. */
static void PinAll(void)
{
    PLIST_ENTRY Head = &LdrpData.InLoadOrderModuleList;

    for (PLIST_ENTRY Links = Head->Flink; Links != Head; Links = Links->Flink) {
        PLDRP_MODULE Module = CONTAINING_RECORD(Links, LDRP_MODULE, Entry.InLoadOrderLinks);

        Module->Pinned = TRUE;
        Module->Entry.Flags |= LDRP_PROCESS_STATIC_IMPORT;
        LdrpShowCount(Module);
    }
}

/*
 * In Win32's processes threads begin in kernel32, which is there whether the program imports it or
 * not, if the system has it.
 */
static NTSTATUS FindThreadStart(PPEB Peb)
{
    static const UNICODE_STRING Name = RTL_CONSTANT_STRING(u"kernel32.dll");
    LDRP_LOAD Load = {.SearchPath = u""}; /* the system's own, of \KnownDlls */
    PLDRP_MODULE Kernel32 = LdrpFindModule(&Name);
    LDRP_EXPORT Export;
    NTSTATUS Status;

    if (!Kernel32 && Peb->ImageSubsystem != IMAGE_SUBSYSTEM_NATIVE) {
        Status = LdrpLoadModule(&Load, &Name, &Kernel32);
        if (Status == STATUS_DLL_NOT_FOUND)
            return STATUS_SUCCESS;
        if (!NT_SUCCESS(Status))
            return Status;
    }
    if (Kernel32 &&
        NT_SUCCESS(LdrpFindExport(&Kernel32->Image, "BaseThreadInitThunk", 0, 0, &Export)))
        LdrpThreadStart = (PLDRP_THREAD_START)Export.Address;
    return STATUS_SUCCESS;
}

static NTSTATUS LoadProgram(PPEB Peb, PVOID NtdllBase)
{
    LDRP_LOAD Load = {0};
    PLDRP_MODULE Program;
    NTSTATUS Status = AddFirstModules(Peb, NtdllBase, &Program);

    if (NT_SUCCESS(Status))
        Status = LdrpRelocate(&Program->Image);
    if (NT_SUCCESS(Status))
        Status = SxspSetProcessDefault();
    if (NT_SUCCESS(Status))
        Status = LdrpBindImports(Program, &Load);
    if (NT_SUCCESS(Status))
        Status = FindThreadStart(Peb);
    if (NT_SUCCESS(Status))
        Status = LdrpAllocateTls(Program);
    if (NT_SUCCESS(Status))
        Status = LdrpCreateThreadTls();
    if (!NT_SUCCESS(Status))
        return Status;
    PinAll();
    LdrpData.Initialized = TRUE;
    if (Peb->BeingDebugged)
        SehpBreakSafely();
    Status = LdrpInitializeModules(NULL);
    if (NT_SUCCESS(Status))
        LdrpCallTlsCallbacks(Program, DLL_PROCESS_ATTACH);
    return Status;
}

static NTSTATUS StartProcess(PVOID NtdllBase)
{
    PPEB Peb = NtCurrentPeb();
    NTSTATUS Status;

    InitializePeb(Peb);
    Peb->ProcessHeap = RtlCreateHeap(HEAP_GROWABLE, NULL, 0, 0, NULL, NULL);
    if (!Peb->ProcessHeap)
        return STATUS_NO_MEMORY;
    Status = RtlpInitializeEnvironment(Peb->ProcessParameters);
    if (!NT_SUCCESS(Status))
        return Status;
    RtlEnterCriticalSection(&LdrpLoaderLock);
    Status = LoadProgram(Peb, NtdllBase);
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Status;
}

/* A thread that comes before the first one has finished waits for it. */
static NTSTATUS StartThread(void)
{
    LARGE_INTEGER Interval = {.QuadPart = -10 * 10000};
    NTSTATUS Status;

    while (__atomic_load_n(&ProcessState, __ATOMIC_ACQUIRE) != Started)
        NtDelayExecution(FALSE, &Interval);
    RtlEnterCriticalSection(&LdrpLoaderLock);
    Status = LdrpCreateThreadTls();
    if (NT_SUCCESS(Status) && !LdrpSkipsThreadRoutines())
        LdrpCallThreadRoutines(DLL_THREAD_ATTACH);
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Status;
}

/* The process, if nobody has yet, or the thread. If the program cannot be loaded the process ends,
 * with the reason as its exit status. */
static void Initialize(PVOID NtdllBase)
{
    LONG Expected = NotStarted;
    NTSTATUS Status;

    if (__atomic_compare_exchange_n(&ProcessState, &Expected, Starting, FALSE, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE)) {
        Status = StartProcess(NtdllBase);
        if (!NT_SUCCESS(Status)) {
            DbgPrint("LDR: %wZ cannot be started: status %08x\n",
                     &NtCurrentPeb()->ProcessParameters->ImagePathName, Status);
            LdrpRaiseFailedStart(Status);
            NtTerminateProcess(NtCurrentProcess(), Status);
        }
        __atomic_store_n(&ProcessState, Started, __ATOMIC_RELEASE);
    } else {
        Status = StartThread();
        if (!NT_SUCCESS(Status))
            NtTerminateThread(NtCurrentThread(), Status);
    }
}

/* The first code of every thread. Context lies on its stack, and is where it goes on. It may have
 * the kernel's thread object of one that has ended, with what that has left in the FPU. */
DECLSPEC_NORETURN void NTAPI LdrInitializeThunk(PCONTEXT Context, PVOID NtdllBase)
{
    NTSTATUS Status;

    LdrpResetFloatingState();
    if (!LdrpSkipsLoader())
        Initialize(NtdllBase);
    Status = NtContinue(Context, TRUE); /* what was queued meanwhile comes first */
    DbgPrint("LDR: NtContinue: status %08x\n", Status);
    NtTerminateProcess(NtCurrentProcess(), Status);
    __builtin_trap();
}
