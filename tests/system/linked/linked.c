/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver for test_driver_linking.py, which links it as a DLL and as a program. */
#include <wdm.h>

static VOID NTAPI Unload(PDRIVER_OBJECT DriverObject)
{
}

/* Nobody calls it: it would end the driver. */
BOOLEAN NTAPI DllMain(PVOID Module, ULONG Reason, PVOID Reserved)
{
    *(volatile ULONG *)NULL = Reason;
    return TRUE;
}

/* Where a library of the compiler may have the entry point, which prepares things first. */
NTSTATUS NTAPI Start(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    DriverObject->DriverUnload = Unload;
    if (DriverObject->Type != IO_TYPE_DRIVER || DriverObject->Size != sizeof(*DriverObject))
        return STATUS_UNSUCCESSFUL;
    DbgPrint("linked: %wZ of %wZ\n", &DriverObject->DriverName, RegistryPath);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    return Start(DriverObject, RegistryPath);
}
