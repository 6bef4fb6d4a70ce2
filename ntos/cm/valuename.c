// SPDX-License-Identifier: BSD-2-Clause
/* The names of values, and their hashes. */
#include "cmp.h"
#include <hal.h>

#define PIECE 1024 /* characters between giving way */

static ULONG Multiplier, Start;

void CmpInitializeHash(void)
{
    ULONGLONG Now = HalReadTsc() * 0x9e3779b97f4a7c15ull + (ULONGLONG)KeQuerySystemTime();

    Multiplier = (ULONG)(Now >> 20) | 1;
    Start = (ULONG)Now;
}

/* The text in upper case, for comparing. */
static NTSTATUS MakeUpper(PCM_NAME Name)
{
    ULONG Length = Name->Text.Length / sizeof(WCHAR), i;

    Name->Upper = ExAllocatePoolGivingWay(Name->Text.Length);
    if (!Name->Upper)
        return STATUS_INSUFFICIENT_RESOURCES;
    for (i = 0; i < Length; i++) {
        if (i % PIECE == PIECE - 1)
            KeGiveWay();
        Name->Upper[i] = CmpUpcase(Name->Text.Buffer[i]);
    }
    return STATUS_SUCCESS;
}

NTSTATUS CmpPrepareName(PCM_NAME Name)
{
    ULONG Hash = Start, Length = Name->Text.Length / sizeof(WCHAR), i;

    for (i = 0; i < Length; i++) {
        if (i % PIECE == PIECE - 1)
            KeGiveWay();
        Hash = (Hash ^ CmpUpcase(Name->Text.Buffer[i])) * Multiplier;
        Hash ^= Hash >> 15;
    }
    Name->Hash = Hash;
    Name->Upper = NULL;
    return Name->Text.Length > CM_LONG_NAME ? MakeUpper(Name) : STATUS_SUCCESS;
}

void CmpMakeLinkName(PCM_NAME Name)
{
    RtlInitUnicodeString(&Name->Text, u"SymbolicLinkValue");
    CmpPrepareName(Name);
}

/* NULs at its end do not belong to the name. */
static void StripNuls(PUNICODE_STRING Name)
{
    while (Name->Length && !Name->Buffer[Name->Length / sizeof(WCHAR) - 1])
        Name->Length -= sizeof(WCHAR);
}

/* Short texts need no pool. */
static NTSTATUS CaptureText(PCM_NAME Name, CLIENT(PUNICODE_STRING) ClientName)
{
    UNICODE_STRING Client;
    NTSTATUS Status = MmReadClient(&Client, ClientName);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Client.Length > sizeof(Name->Short) || Client.Length % sizeof(WCHAR)) {
        Status = ExCaptureUnicodeString(&Name->Text, ClientName, UNICODE_STRING_MAX_BYTES);
        return Status == STATUS_NAME_TOO_LONG ? STATUS_INVALID_PARAMETER : Status;
    }
    Name->Text = (UNICODE_STRING){Client.Length, sizeof(Name->Short), Name->Short};
    return MmCopyFromClient(Name->Short, (CLIENT(PCVOID))Client.Buffer, Client.Length);
}

NTSTATUS CmpCaptureValueName(PCM_NAME Name, CLIENT(PUNICODE_STRING) ClientName)
{
    NTSTATUS Status = CaptureText(Name, ClientName);

    if (!NT_SUCCESS(Status))
        return Status;
    StripNuls(&Name->Text);
    Name->Upper = NULL;
    Status = Name->Text.Length <= CMP_MAXIMUM_VALUE_NAME ? CmpPrepareName(Name)
                                                         : STATUS_INVALID_PARAMETER;
    if (!NT_SUCCESS(Status))
        CmpFreeValueName(Name);
    return Status;
}

void CmpFreeValueName(PCM_NAME Name)
{
    ExFreePool(Name->Upper);
    if (Name->Text.Buffer != Name->Short)
        ExFreePool(Name->Text.Buffer);
}
