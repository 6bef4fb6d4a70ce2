// SPDX-License-Identifier: BSD-2-Clause
/* Calling the modules' entry points and TLS callbacks, in the order of their dependencies. */
#include "ldrp.h"
#include "rtlp.h"

static PLDRP_MODULE FromInitLinks(PLIST_ENTRY Links)
{
    return CONTAINING_RECORD(Links, LDRP_MODULE, Entry.InInitializationOrderLinks);
}

/* A driver's image has an entry point, but of another kind. */
static BOOLEAN HasDllMain(PLDRP_MODULE Module)
{
    return Module->Entry.EntryPoint && (Module->Entry.Flags & LDRP_IMAGE_DLL);
}

/* Context is not NULL for modules that are loaded or unloaded with the process. */
static BOOLEAN CallModule(PLDRP_MODULE Module, ULONG Reason, PVOID Context)
{
    PDLL_INIT_ROUTINE Entry = (PDLL_INIT_ROUTINE)Module->Entry.EntryPoint;
    ULONG_PTR Cookie;
    BOOLEAN Result;

    if (!NT_SUCCESS(LdrpActivate(Module, &Cookie)))
        return FALSE;
    LdrpCallTlsCallbacks(Module, Reason);
    Result = !HasDllMain(Module) || Entry(Module->Entry.DllBase, Reason, Context);
    LdrpDeactivate(Cookie);
    return Result;
}

/* Marks a module and what it needs as far as that is not attached. The status of one of them that
 * has failed. */
static NTSTATUS MarkNeeded(PLDRP_MODULE Module)
{
    PLDRP_MODULE Used = NULL;

    LdrpMarkAll(!Module);
    if (Module)
        LdrpMark(Module, &Used);
    while (Used) {
        Module = Used;
        Used = Module->NextUsed;
        if (!NT_SUCCESS(Module->Status))
            return Module->Status;
        if (Module->Entry.Flags & LDRP_ENTRY_PROCESSED)
            continue;
        for (ULONG i = 0; i < Module->ImportCount; i++)
            LdrpMark(Module->Imports[i], &Used);
    }
    return STATUS_SUCCESS;
}

static PLDRP_MODULE NextMarked(void)
{
    PLIST_ENTRY Head = &LdrpData.InInitializationOrderModuleList;

    for (PLIST_ENTRY Links = Head->Flink; Links != Head; Links = Links->Flink) {
        PLDRP_MODULE Module = FromInitLinks(Links);

        if (Module->Wanted && !(Module->Entry.Flags & LDRP_ENTRY_PROCESSED) && !Module->Unloading)
            return Module;
    }
    return NULL;
}

/* A DllMain that fails hears of its end at once. */
static NTSTATUS Attach(PLDRP_MODULE Module, PVOID Context)
{
    Module->Entry.Flags |= LDRP_ENTRY_PROCESSED;
    Module->Node.State = LdrModulesInitializing;
    if (!CallModule(Module, DLL_PROCESS_ATTACH, Context)) {
        DbgPrint("LDR: DllMain of %wZ failed\n", &Module->Entry.BaseDllName);
        LdrpRaiseFailedInit(Module);
        Module->Status = STATUS_DLL_INIT_FAILED;
        Module->Entry.Flags |= LDRP_PROCESS_ATTACH_FAILED;
        Module->Node.State = LdrModulesInitError;
        CallModule(Module, DLL_PROCESS_DETACH, Context);
        return STATUS_DLL_INIT_FAILED;
    }
    Module->Node.State = LdrModulesReadyToRun;
    Module->Entry.Flags |= LDRP_PROCESS_ATTACH_CALLED;
    return STATUS_SUCCESS;
}

/*
 * Others that wait are another load's affair, which a DllMain may be a part of. When the process
 * starts a failure ends it; later it is only the load that fails. The list and the marks may be
 * others after each call of a DllMain.
 */
NTSTATUS LdrpInitializeModules(PLDRP_MODULE Needing)
{
    PVOID Context = Needing ? NULL : &LdrpData;
    NTSTATUS Status = STATUS_SUCCESS;
    PLDRP_MODULE Module;

    while (NT_SUCCESS(Status) && NT_SUCCESS(Status = MarkNeeded(Needing)) &&
           (Module = NextMarked()) != NULL)
        Status = Attach(Module, Context);
    return Status;
}

void LdrpSkipInitialization(PLDRP_MODULE Needing)
{
    PLDRP_MODULE Module;

    MarkNeeded(Needing);
    while ((Module = NextMarked()) != NULL)
        Module->Entry.Flags |= LDRP_ENTRY_PROCESSED;
}

/* The program has no DllMain, but TLS callbacks: they come after all DLLs. A thread that skips the
 * loader may end the process before the program is loaded. */
static void CallProgram(ULONG Reason)
{
    if (!LdrpData.Initialized)
        return;
    LdrpCallTlsCallbacks(CONTAINING_RECORD(LdrpData.InLoadOrderModuleList.Flink, LDRP_MODULE,
                                           Entry.InLoadOrderLinks),
                         Reason);
}

void LdrpDetachModule(PLDRP_MODULE Module)
{
    BOOLEAN Attached = (Module->Entry.Flags & LDRP_PROCESS_ATTACH_CALLED) != 0;

    Module->Entry.Flags &= ~LDRP_PROCESS_ATTACH_CALLED;
    if (Attached)
        CallModule(Module, DLL_PROCESS_DETACH, NULL);
}

/* DLL_THREAD_ATTACH in the order of initialisation, DLL_THREAD_DETACH in the opposite one. */
void LdrpCallThreadRoutines(ULONG Reason)
{
    PLIST_ENTRY Head = &LdrpData.InInitializationOrderModuleList;
    PLIST_ENTRY Links = Reason == DLL_THREAD_ATTACH ? Head->Flink : Head->Blink;

    while (Links != Head) {
        PLDRP_MODULE Module = FromInitLinks(Links);
        ULONG Flags = Module->Entry.Flags;

        if ((Flags & LDRP_PROCESS_ATTACH_CALLED) && !(Flags & LDRP_DONT_CALL_FOR_THREADS))
            CallModule(Module, Reason, NULL);
        Links = Reason == DLL_THREAD_ATTACH ? Links->Flink : Links->Blink;
    }
    CallProgram(Reason);
}

BOOLEAN LdrpSkipsThreadRoutines(void)
{
    return (NtCurrentTeb()->SameTebFlags & TEB_SKIP_THREAD_ATTACH) != 0;
}

BOOLEAN LdrpSkipsLoader(void)
{
    return (NtCurrentTeb()->SameTebFlags & (TEB_LOADER_WORKER | TEB_SKIP_LOADER_INIT)) != 0;
}

void NTAPI LdrShutdownThread(void)
{
    RtlProcessFlsData(NtCurrentTeb()->FlsData, RTL_FLS_RUN_CALLBACKS | RTL_FLS_FREE_DATA);
    RtlpFreeThreadLanguages();
    RtlpFreeThreadActivations();
    if (LdrpSkipsLoader())
        return;
    RtlEnterCriticalSection(&LdrpLoaderLock);
    if (!LdrpSkipsThreadRoutines())
        LdrpCallThreadRoutines(DLL_THREAD_DETACH);
    LdrpFreeThreadTls();
    RtlLeaveCriticalSection(&LdrpLoaderLock);
}

/* The other threads are gone by now, and one of them may have held the lock. */
void NTAPI LdrShutdownProcess(void)
{
    PLIST_ENTRY Head = &LdrpData.InInitializationOrderModuleList;

    if (LdrpData.ShutdownInProgress)
        return;
    LdrpData.ShutdownInProgress = TRUE;
    LdrpData.ShutdownThreadId = NtCurrentTeb()->ClientId.UniqueThread;
    RtlProcessFlsData(NtCurrentTeb()->FlsData, RTL_FLS_RUN_CALLBACKS);
    for (PLIST_ENTRY Links = Head->Blink; Links != Head; Links = Links->Blink) {
        if (FromInitLinks(Links)->Entry.Flags & LDRP_PROCESS_ATTACH_CALLED)
            CallModule(FromInitLinks(Links), DLL_PROCESS_DETACH, &LdrpData);
    }
    CallProgram(DLL_PROCESS_DETACH);
}
