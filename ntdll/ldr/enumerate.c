// SPDX-License-Identifier: BSD-2-Clause
/* Lists of what is loaded. */
#include "ldrp.h"
#include "sehp.h"

typedef struct _ENUMERATION {
    PLDR_ENUM_CALLBACK Routine;
    PVOID Context;
} ENUMERATION, *PENUMERATION;

static void CDECL CallForEach(PVOID Argument)
{
    PENUMERATION Enumeration = Argument;
    PLIST_ENTRY Head = &LdrpData.InLoadOrderModuleList;
    BOOLEAN Stop = FALSE;

    for (PLIST_ENTRY Links = Head->Flink; !Stop && Links != Head; Links = Links->Flink)
        Enumeration->Routine(CONTAINING_RECORD(Links, LDR_DATA_TABLE_ENTRY, InLoadOrderLinks),
                             Enumeration->Context, &Stop);
}

static void CDECL LeaveLoader(PVOID Argument)
{
    UNREFERENCED_PARAMETER(Argument);
    RtlLeaveCriticalSection(&LdrpLoaderLock);
}

/* Calls Routine for each module, until it sets *Stop. It may raise, or jump away. */
NTSTATUS NTAPI LdrEnumerateLoadedModules(ULONG Reserved, PLDR_ENUM_CALLBACK Routine, PVOID Context)
{
    ENUMERATION Enumeration = {Routine, Context};

    if (Reserved || !Routine)
        return STATUS_INVALID_PARAMETER;
    RtlEnterCriticalSection(&LdrpLoaderLock);
    SehpCallThenLeave(CallForEach, &Enumeration, LeaveLoader);
    return STATUS_SUCCESS;
}

static USHORT InitOrder(PLDR_DATA_TABLE_ENTRY Entry)
{
    PLIST_ENTRY Head = &LdrpData.InInitializationOrderModuleList;
    USHORT Index = 0;

    for (PLIST_ENTRY Links = Head->Flink; Links != Head; Links = Links->Flink) {
        Index++;
        if (Links == &Entry->InInitializationOrderLinks)
            return Index;
    }
    return 0;
}

static void Describe(PLDR_DATA_TABLE_ENTRY Entry, USHORT Index,
                     PRTL_PROCESS_MODULE_INFORMATION Module)
{
    ULONG Base = (Entry->FullDllName.Length - Entry->BaseDllName.Length) / sizeof(WCHAR), Length;

    memset(Module, 0, sizeof(*Module));
    Module->ImageBase = Entry->DllBase;
    Module->ImageSize = Entry->SizeOfImage;
    Module->Flags = Entry->Flags;
    Module->LoadOrderIndex = Index;
    Module->InitOrderIndex = InitOrder(Entry);
    Module->LoadCount = Entry->ObsoleteLoadCount;
    RtlUnicodeToMultiByteN((PCHAR)Module->FullPathName, sizeof(Module->FullPathName) - 1, &Length,
                           Entry->FullDllName.Buffer, Entry->FullDllName.Length);
    if (Base < sizeof(Module->FullPathName))
        Module->OffsetToFileName = (USHORT)Base;
}

NTSTATUS NTAPI LdrQueryProcessModuleInformation(PRTL_PROCESS_MODULES Modules, ULONG Length,
                                                PULONG ReturnLength)
{
    PLIST_ENTRY Head = &LdrpData.InLoadOrderModuleList;
    ULONG Needed = offsetof(RTL_PROCESS_MODULES, Modules), Count = 0;
    NTSTATUS Status = Length < Needed ? STATUS_INFO_LENGTH_MISMATCH : STATUS_SUCCESS;

    RtlEnterCriticalSection(&LdrpLoaderLock);
    for (PLIST_ENTRY Links = Head->Flink; Links != Head; Links = Links->Flink) {
        Needed += sizeof(Modules->Modules[0]);
        if (Needed <= Length)
            Describe(CONTAINING_RECORD(Links, LDR_DATA_TABLE_ENTRY, InLoadOrderLinks),
                     (USHORT)Count, &Modules->Modules[Count]);
        else
            Status = STATUS_INFO_LENGTH_MISMATCH;
        Count++;
    }
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    if (Length >= offsetof(RTL_PROCESS_MODULES, Modules))
        Modules->NumberOfModules = Count;
    if (ReturnLength)
        *ReturnLength = Needed;
    return Status;
}
