/* SPDX-License-Identifier: BSD-2-Clause */
/* testlib.sys: an export driver. Its end is told by the event of TESTLIB_EVENT, if there is one. */
#define TESTLIB_API
#include <ntifs.h>
#include "library.h"

static ULONG Initialized, Sum;
static BOOLEAN KeyIsOwn;

NTSTATUS NTAPI DllInitialize(PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING Key =
        RTL_CONSTANT_STRING(L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\testlib");

    Initialized++;
    KeyIsOwn = RtlEqualUnicodeString(&Key, RegistryPath, TRUE);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI DllUnload(VOID)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\BaseNamedObjects\\TestLibUnloaded");
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Event;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (NT_SUCCESS(ZwOpenEvent(&Event, EVENT_MODIFY_STATE, &Attributes))) {
        ZwSetEvent(Event, NULL);
        ZwClose(Event);
    }
    return STATUS_SUCCESS;
}

ULONG NTAPI TestLibInitialized(VOID)
{
    return Initialized;
}

BOOLEAN NTAPI TestLibKnowsItsKey(VOID)
{
    return KeyIsOwn;
}

/* On amd64 the level is set by instructions that are replaced, in each process with this code. */
ULONG NTAPI TestLibAdd(ULONG Number)
{
    KIRQL Irql;

    KeRaiseIrql(DISPATCH_LEVEL, &Irql);
    Sum += Number;
    KeLowerIrql(Irql);
    return Irql == PASSIVE_LEVEL ? Sum : MAXULONG;
}

/* It is no service of its own in the tests. */
NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    return STATUS_UNSUCCESSFUL;
}
