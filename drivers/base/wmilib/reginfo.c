/* SPDX-License-Identifier: BSD-2-Clause */
/* The blocks that a driver has: a WMIREGINFO made of its list of GUIDs. */
#include "wmilib.h"

typedef struct _WMI_DESCRIPTION {
    ULONG Flags;
    UNICODE_STRING BaseName, MofName;
    PUNICODE_STRING RegistryPath;
    PDEVICE_OBJECT Pdo;
} WMI_DESCRIPTION, *PWMI_DESCRIPTION;

static ULONG WmiStringSize(PUNICODE_STRING String)
{
    return String ? WMI_ALIGN(sizeof(USHORT) + String->Length) : 0;
}

/* A counted string at an offset of the buffer; returns where the next may be. */
static ULONG WmiPutString(PUCHAR Buffer, ULONG Offset, PUNICODE_STRING String)
{
    if (!String)
        return Offset;
    *(PUSHORT)(Buffer + Offset) = String->Length;
    RtlCopyMemory(Buffer + Offset + sizeof(USHORT), String->Buffer, String->Length);
    return Offset + WmiStringSize(String);
}

static VOID WmiPutGuid(PWMIREGGUIDW To, const WMIGUIDREGINFO *From, PWMI_DESCRIPTION Description,
                       ULONG BaseName)
{
    RtlZeroMemory(To, sizeof(*To));
    To->Guid = *From->Guid;
    To->Flags = From->Flags | Description->Flags;
    To->InstanceCount = From->InstanceCount;
    if (To->Flags & WMIREG_FLAG_INSTANCE_PDO) {
        if (Description->Pdo) {
            ObReferenceObject(Description->Pdo); /* whoever asked dereferences it */
            To->Pdo = (ULONG_PTR)Description->Pdo;
        }
    } else {
        To->BaseNameOffset = BaseName;
    }
}

static VOID WmiFill(PWMI_REQUEST Request, PWMI_DESCRIPTION Description, ULONG Needed, ULONG Strings)
{
    PWMIREGINFOW Info = Request->Buffer;
    ULONG BaseName = Strings, i;

    RtlZeroMemory(Info, Needed);
    Info->BufferSize = Needed;
    Info->GuidCount = Request->Context->GuidCount;
    Strings = WmiPutString(Request->Buffer, Strings, &Description->BaseName);
    Info->MofResourceName = Description->MofName.Buffer ? Strings : 0;
    Strings = WmiPutString(Request->Buffer, Strings, &Description->MofName);
    Info->RegistryPath = Description->RegistryPath ? Strings : 0;
    WmiPutString(Request->Buffer, Strings, Description->RegistryPath);
    for (i = 0; i < Info->GuidCount; i++)
        WmiPutGuid(&Info->WmiRegGuid[i], &Request->Context->GuidList[i], Description, BaseName);
}

NTSTATUS WmiDescribe(PWMI_REQUEST Request, PULONG_PTR Information)
{
    WMI_DESCRIPTION Description = {0};
    ULONG Strings = WMI_ALIGN(FIELD_OFFSET(WMIREGINFOW, WmiRegGuid) +
                              Request->Context->GuidCount * sizeof(WMIREGGUIDW));
    ULONG Needed;
    NTSTATUS Status = Request->Context->QueryWmiRegInfo(
        Request->Device, &Description.Flags, &Description.BaseName, &Description.RegistryPath,
        &Description.MofName, &Description.Pdo);

    *Information = 0;
    if (NT_SUCCESS(Status)) {
        Needed = Strings + WmiStringSize(&Description.BaseName) +
                 WmiStringSize(&Description.MofName) + WmiStringSize(Description.RegistryPath);
        if (Request->Size >= Needed) {
            WmiFill(Request, &Description, Needed, Strings);
            *Information = Needed;
        } else {
            Status = STATUS_BUFFER_TOO_SMALL;
            if (Request->Size >= sizeof(ULONG)) {
                *(PULONG)Request->Buffer = Needed;
                *Information = sizeof(ULONG);
            }
        }
    }
    if (Description.BaseName.Buffer)
        ExFreePool(Description.BaseName.Buffer); /* the driver allocated it for us */
    return Status;
}
