/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Devices with a security descriptor of their own. On Windows the routines are in a library,
 * wdmsec.lib, that is linked into the driver; mingw-w64 has none. Here they are looked up in the
 * system when they are called: a system without them refuses with STATUS_PROCEDURE_NOT_FOUND, and
 * no device is made that is less secure than it was asked for.
 */
#pragma once
#include_next <wdmsec.h>

#undef IoCreateDeviceSecure
#undef IoValidateDeviceIoControlAccess /* the system exports it */
#undef RtlInitUnicodeStringEx

typedef NTSTATUS(NTAPI SUPPLEMENT_CREATE_DEVICE_SECURE)(PDRIVER_OBJECT, ULONG, PUNICODE_STRING,
                                                        DEVICE_TYPE, ULONG, BOOLEAN,
                                                        PCUNICODE_STRING, LPCGUID,
                                                        PDEVICE_OBJECT *);

FORCEINLINE NTSTATUS IoCreateDeviceSecure(PDRIVER_OBJECT DriverObject, ULONG DeviceExtensionSize,
                                          PUNICODE_STRING DeviceName, DEVICE_TYPE DeviceType,
                                          ULONG DeviceCharacteristics, BOOLEAN Exclusive,
                                          PCUNICODE_STRING DefaultSDDLString,
                                          LPCGUID DeviceClassGuid, PDEVICE_OBJECT *DeviceObject)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"IoCreateDeviceSecure");
    SUPPLEMENT_CREATE_DEVICE_SECURE *Routine =
        (SUPPLEMENT_CREATE_DEVICE_SECURE *)(ULONG_PTR)MmGetSystemRoutineAddress(&Name);

    if (!Routine)
        return STATUS_PROCEDURE_NOT_FOUND;
    return Routine(DriverObject, DeviceExtensionSize, DeviceName, DeviceType, DeviceCharacteristics,
                   Exclusive, DefaultSDDLString, DeviceClassGuid, DeviceObject);
}

/* STATUS_NAME_TOO_LONG: over 32,766 characters. */
FORCEINLINE NTSTATUS RtlInitUnicodeStringEx(PUNICODE_STRING DestinationString, PCWSTR SourceString)
{
    SIZE_T Length = 0;

    while (SourceString && SourceString[Length])
        Length++;
    if (Length > MAXUSHORT / sizeof(WCHAR) - 1)
        return STATUS_NAME_TOO_LONG;
    DestinationString->Buffer = (PWSTR)SourceString;
    DestinationString->Length = (USHORT)(Length * sizeof(WCHAR));
    DestinationString->MaximumLength = SourceString ? DestinationString->Length + sizeof(WCHAR) : 0;
    return STATUS_SUCCESS;
}

/* The descriptors that have names; a driver's, not imported. */
#define SUPPLEMENT_SDDL(Name, Text)                                                                \
    static const UNICODE_STRING __attribute__((unused)) Supplement_##Name =                        \
        RTL_CONSTANT_STRING(Text)
SUPPLEMENT_SDDL(SDDL_DEVOBJ_KERNEL_ONLY, L"D:P");
SUPPLEMENT_SDDL(SDDL_DEVOBJ_SYS_ALL, L"D:P(A;;GA;;;SY)");
SUPPLEMENT_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_ALL, L"D:P(A;;GA;;;SY)(A;;GA;;;BA)");
SUPPLEMENT_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_RX, L"D:P(A;;GA;;;SY)(A;;GRGX;;;BA)");
SUPPLEMENT_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R,
                L"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GR;;;WD)");
SUPPLEMENT_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R_RES_R,
                L"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GR;;;WD)(A;;GR;;;RC)");
SUPPLEMENT_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R,
                L"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GRGW;;;WD)(A;;GR;;;RC)");
SUPPLEMENT_SDDL(SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RWX_RES_RWX,
                L"D:P(A;;GA;;;SY)(A;;GRGWGX;;;BA)(A;;GRGWGX;;;WD)(A;;GRGWGX;;;RC)");
#undef SUPPLEMENT_SDDL
#define SDDL_DEVOBJ_KERNEL_ONLY Supplement_SDDL_DEVOBJ_KERNEL_ONLY
#define SDDL_DEVOBJ_SYS_ALL Supplement_SDDL_DEVOBJ_SYS_ALL
#define SDDL_DEVOBJ_SYS_ALL_ADM_ALL Supplement_SDDL_DEVOBJ_SYS_ALL_ADM_ALL
#define SDDL_DEVOBJ_SYS_ALL_ADM_RX Supplement_SDDL_DEVOBJ_SYS_ALL_ADM_RX
#define SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R Supplement_SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R
#define SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R_RES_R                                                  \
    Supplement_SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R_RES_R
#define SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R                                                 \
    Supplement_SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R
#define SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RWX_RES_RWX                                              \
    Supplement_SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RWX_RES_RWX
