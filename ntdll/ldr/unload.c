// SPDX-License-Identifier: BSD-2-Clause
/*
 * Unloading. A module is needed if it is pinned, has been loaded more often than unloaded, or is
 * imported by one that is needed; what is left goes, also where modules import each other in a
 * circle.
 */
#include "ldrp.h"

static LONG LoadsInProgress;
static BOOLEAN Active, Again, Postponed;

static PLDRP_MODULE FromLoadLinks(PLIST_ENTRY Links)
{
    return CONTAINING_RECORD(Links, LDRP_MODULE, Entry.InLoadOrderLinks);
}

void LdrpLoading(LONG Change)
{
    LoadsInProgress += Change;
    if (!LoadsInProgress && Postponed)
        LdrpUnloadUnused();
}

static BOOLEAN IsRoot(PLDRP_MODULE Module)
{
    return Module->Pinned || Module->LoadCount || Module->Held ||
           (LoadsInProgress && !(Module->Entry.Flags & LDRP_ENTRY_PROCESSED));
}

/* Marks what is needed. */
static void MarkWanted(void)
{
    PLIST_ENTRY Head = &LdrpData.InLoadOrderModuleList;
    PLDRP_MODULE Used = NULL;

    LdrpMarkAll(FALSE);
    for (PLIST_ENTRY Links = Head->Flink; Links != Head; Links = Links->Flink) {
        if (IsRoot(FromLoadLinks(Links)))
            LdrpMark(FromLoadLinks(Links), &Used);
    }
    while (Used) {
        PLDRP_MODULE Module = Used;

        Used = Module->NextUsed;
        for (ULONG i = 0; i < Module->ImportCount; i++)
            LdrpMark(Module->Imports[i], &Used);
    }
}

static BOOLEAN CollectUnused(void)
{
    PLIST_ENTRY Head = &LdrpData.InLoadOrderModuleList;
    BOOLEAN Any = FALSE;

    MarkWanted();
    for (PLIST_ENTRY Links = Head->Flink; Links != Head; Links = Links->Flink) {
        PLDRP_MODULE Module = FromLoadLinks(Links);

        if (Module->Wanted)
            continue;
        Module->Unloading = Any = TRUE;
        Module->Node.State = LdrModulesUnloading;
    }
    return Any;
}

/* The one that was initialised last. The list may be another one after each call of a DllMain. */
static PLDRP_MODULE NextToDetach(void)
{
    PLIST_ENTRY Head = &LdrpData.InInitializationOrderModuleList;

    for (PLIST_ENTRY Links = Head->Blink; Links != Head; Links = Links->Blink) {
        PLDRP_MODULE Module =
            CONTAINING_RECORD(Links, LDRP_MODULE, Entry.InInitializationOrderLinks);

        if (Module->Unloading && (Module->Entry.Flags & LDRP_PROCESS_ATTACH_CALLED))
            return Module;
    }
    return NULL;
}

static void DestroyUnloading(void)
{
    PLIST_ENTRY Head = &LdrpData.InLoadOrderModuleList, Links = Head->Blink;

    while (Links != Head) {
        PLDRP_MODULE Module = FromLoadLinks(Links);
        PVOID Base = Module->Entry.DllBase;

        Links = Links->Blink;
        if (!Module->Unloading)
            continue;
        if (Module->Entry.Flags & LDRP_LOAD_NOTIFICATIONS_SENT)
            LdrpNotify(LDR_DLL_NOTIFICATION_REASON_UNLOADED, Module);
        LDR_TRACE("%wZ leaves %p\n", &Module->Entry.BaseDllName, Base);
        LdrpFreeTls(Module);
        LdrpRemoveModule(Module);
        NtUnmapViewOfSection(NtCurrentProcess(), Base);
        Links = Head->Blink; /* who was told may have loaded or unloaded something */
    }
}

void LdrpUnloadUnused(void)
{
    Again = TRUE;
    Postponed = LoadsInProgress != 0;
    if (Active)
        return;
    Active = TRUE;
    while (Again) {
        PLDRP_MODULE Module;

        Again = FALSE;
        if (!CollectUnused())
            break;
        while ((Module = NextToDetach()) != NULL)
            LdrpDetachModule(Module);
        DestroyUnloading();
    }
    Active = FALSE;
}

NTSTATUS NTAPI LdrUnloadDll(PVOID DllHandle)
{
    PLDRP_MODULE Module;

    if (LdrpIsDataFile(DllHandle)) {
        LdrpForgetSatellite(DllHandle);
        return LdrpUnloadData(DllHandle);
    }
    RtlEnterCriticalSection(&LdrpLoaderLock);
    Module = LdrpFindModuleByBase(DllHandle);
    if (Module && !Module->Pinned && Module->LoadCount) {
        Module->LoadCount--;
        LdrpShowCount(Module);
        if (!Module->LoadCount && !LdrpData.ShutdownInProgress)
            LdrpUnloadUnused();
    }
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Module ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
}
