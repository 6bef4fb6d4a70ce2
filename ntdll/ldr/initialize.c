// SPDX-License-Identifier: BSD-2-Clause
/* Calling the modules' entry points and TLS callbacks, in the order of their dependencies. */
#include "ldrp.h"

static PLDRP_MODULE FromInitLinks(PLIST_ENTRY Links)
{
    return CONTAINING_RECORD(Links, LDRP_MODULE, Entry.InInitializationOrderLinks);
}

/* A driver's image has an entry point, but of another kind. */
static BOOLEAN HasDllMain(PLDRP_MODULE Module)
{
    return Module->Entry.EntryPoint && (Module->Entry.Flags & LDRP_IMAGE_DLL);
}

/* Context is not NULL for what is loaded or unloaded with the process. */
static BOOLEAN CallModule(PLDRP_MODULE Module, ULONG Reason, PVOID Context)
{
    PDLL_INIT_ROUTINE Entry = (PDLL_INIT_ROUTINE)Module->Entry.EntryPoint;

    LdrpCallTlsCallbacks(Module, Reason);
    return !HasDllMain(Module) || Entry(Module->Entry.DllBase, Reason, Context);
}

/*
 * Attaches every module that waits for it. A DllMain that fails when the process starts ends it;
 * later it is only the load that fails.
 */
NTSTATUS LdrpInitializeModules(BOOLEAN Static)
{
    PLIST_ENTRY Head = &LdrpData.InInitializationOrderModuleList;

    for (PLIST_ENTRY Links = Head->Flink; Links != Head; Links = Links->Flink) {
        PLDRP_MODULE Module = FromInitLinks(Links);

        if (Module->Entry.Flags & LDRP_ENTRY_PROCESSED)
            continue;
        Module->Entry.Flags |= LDRP_ENTRY_PROCESSED;
        if (!CallModule(Module, DLL_PROCESS_ATTACH, Static ? &LdrpData : NULL)) {
            DbgPrint("LDR: DllMain of %wZ failed\n", &Module->Entry.BaseDllName);
            return STATUS_DLL_INIT_FAILED;
        }
        Module->Entry.Flags |= LDRP_PROCESS_ATTACH_CALLED;
    }
    return STATUS_SUCCESS;
}

void LdrpDetachModule(PLDRP_MODULE Module)
{
    if (Module->Entry.Flags & LDRP_PROCESS_ATTACH_CALLED)
        CallModule(Module, DLL_PROCESS_DETACH, NULL);
    Module->Entry.Flags &= ~LDRP_PROCESS_ATTACH_CALLED;
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
}

void NTAPI LdrShutdownThread(void)
{
    RtlEnterCriticalSection(&LdrpLoaderLock);
    LdrpCallThreadRoutines(DLL_THREAD_DETACH);
    LdrpFreeThreadTls();
    RtlLeaveCriticalSection(&LdrpLoaderLock);
}

/* The other threads are gone by now, perhaps with the lock in their hands. */
void NTAPI LdrShutdownProcess(void)
{
    PLIST_ENTRY Head = &LdrpData.InInitializationOrderModuleList;

    if (LdrpData.ShutdownInProgress)
        return;
    LdrpData.ShutdownInProgress = TRUE;
    LdrpData.ShutdownThreadId = NtCurrentTeb()->ClientId.UniqueThread;
    for (PLIST_ENTRY Links = Head->Blink; Links != Head; Links = Links->Blink) {
        if (FromInitLinks(Links)->Entry.Flags & LDRP_PROCESS_ATTACH_CALLED)
            CallModule(FromInitLinks(Links), DLL_PROCESS_DETACH, &LdrpData);
    }
}
