// SPDX-License-Identifier: BSD-2-Clause
/* What a program's manifest sets: windowsSettings. (Win32: QueryActCtxSettingsW) */
#include "sxsp.h"

/* The oldest name space is meant where none is given. */
#define NAMESPACE_BEGIN u"http://schemas.microsoft.com/SMI/"
#define NAMESPACE_END u"/WindowsSettings"

static const PCWSTR Years[] = {u"2005", u"2011", u"2013", u"2016", u"2017",
                               u"2019", u"2020", u"2021", u"2024"};

static BOOLEAN IsNamespace(PCUNICODE_STRING Namespace)
{
    UNICODE_STRING Begin = RTL_CONSTANT_STRING(NAMESPACE_BEGIN);
    UNICODE_STRING Rest = *Namespace, Year;

    if (!RtlPrefixUnicodeString(&Begin, Namespace, FALSE) ||
        Namespace->Length < Begin.Length + 4 * sizeof(WCHAR))
        return FALSE;
    Year.Buffer = Namespace->Buffer + Begin.Length / sizeof(WCHAR);
    Year.Length = 4 * sizeof(WCHAR);
    Rest.Buffer = Year.Buffer + 4;
    Rest.Length = Namespace->Length - Begin.Length - Year.Length;
    if (!SxspIsText(&Rest, NAMESPACE_END))
        return FALSE;
    for (ULONG i = 0; i < ARRAYSIZE(Years); i++) {
        if (SxspIsText(&Year, Years[i]))
            return TRUE;
    }
    return FALSE;
}

static NTSTATUS FindSetting(const ACTIVATION_CONTEXT_DATA *Data, PCUNICODE_STRING Namespace,
                            PCUNICODE_STRING Name, PUNICODE_STRING Value)
{
    static const UNICODE_STRING Between = RTL_CONSTANT_STRING(u"^");
    const ACTIVATION_CONTEXT_DATA_APPLICATION_SETTINGS *Record;
    PCUNICODE_STRING Parts[] = {Namespace, &Between, Name};
    SXSP_ARENA Arena = {NULL};
    UNICODE_STRING Key;
    SXSP_FOUND Found;
    SXSP_SECTION Part;
    NTSTATUS Status = SxspJoin(&Arena, Parts, ARRAYSIZE(Parts), &Key);

    if (NT_SUCCESS(Status))
        Status = SxspFindText(Data, ACTIVATION_CONTEXT_SECTION_APPLICATION_SETTINGS, &Key, &Found);
    SxspFreeArena(&Arena);
    if (Status == STATUS_SXS_SECTION_NOT_FOUND)
        Status = STATUS_SXS_KEY_NOT_FOUND;
    if (!NT_SUCCESS(Status))
        return Status;
    Record = Found.Data;
    if (Found.Length < sizeof(*Record))
        return STATUS_SXS_INVALID_ACTCTXDATA_FORMAT;
    Part.Base = Found.Data;
    Part.Length = Found.Section.Length - (ULONG)(Part.Base - Found.Section.Base);
    *Value = SxspTextOf(&Part, Record->SettingValueOffset, Record->SettingValueLength);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlQueryActivationContextApplicationSettings(ULONG Flags, HANDLE Context,
                                                            PCWSTR Namespace, PCWSTR Name,
                                                            PWSTR Buffer, SIZE_T Length,
                                                            PSIZE_T Written)
{
    UNICODE_STRING Space, Setting, Value;
    const ACTIVATION_CONTEXT_DATA *Data;
    SIZE_T Needed;
    NTSTATUS Status;

    if (Written)
        *Written = 0;
    if (Flags || !Name || !NT_SUCCESS(SxspDataOf(Context, &Data)))
        return STATUS_INVALID_PARAMETER;
    RtlInitUnicodeString(&Space, Namespace ? Namespace : NAMESPACE_BEGIN u"2005" NAMESPACE_END);
    RtlInitUnicodeString(&Setting, Name);
    if (!IsNamespace(&Space))
        return STATUS_INVALID_PARAMETER;
    if (!Data)
        return STATUS_SXS_KEY_NOT_FOUND;
    Status = FindSetting(Data, &Space, &Setting, &Value);
    if (!NT_SUCCESS(Status))
        return Status;
    Needed = Value.Length / sizeof(WCHAR) + 1;
    if (Written)
        *Written = Needed;
    if (!Buffer || Length < Needed)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(Buffer, Value.Buffer, Value.Length);
    Buffer[Needed - 1] = UNICODE_NULL;
    return STATUS_SUCCESS;
}
