// SPDX-License-Identifier: BSD-2-Clause
/* DOS paths as names of objects: \??\C:\file, \??\UNC\server\share, \??\device. */
#include "rtlp.h"

/* A path that says by its first characters that the rest is to stay as it is. */
static BOOLEAN IsVerbatim(PCWSTR Path)
{
    return Path && Path[0] == '\\' && (Path[1] == '\\' || Path[1] == '?') && Path[2] == '?' &&
           Path[3] == '\\';
}

/* NtPath becomes Prefix and the rest. *FilePart, which is in Rest or NULL, moves into it. */
static NTSTATUS Build(PCWSTR Prefix, PCWSTR Rest, PUNICODE_STRING NtPath, PWSTR *FilePart)
{
    SIZE_T PrefixLength = wcslen(Prefix), RestLength = wcslen(Rest);
    SIZE_T Bytes = (PrefixLength + RestLength) * sizeof(WCHAR);
    PWSTR Text;

    if (Bytes + sizeof(WCHAR) > UNICODE_STRING_MAX_BYTES)
        return STATUS_NAME_TOO_LONG;
    Text = RtlAllocateHeap(RtlProcessHeap(), 0, Bytes + sizeof(WCHAR));
    if (!Text)
        return STATUS_NO_MEMORY;
    memcpy(Text, Prefix, PrefixLength * sizeof(WCHAR));
    memcpy(Text + PrefixLength, Rest, (RestLength + 1) * sizeof(WCHAR));
    if (*FilePart)
        *FilePart = Text + PrefixLength + (*FilePart - Rest);
    *NtPath = (UNICODE_STRING){(USHORT)Bytes, (USHORT)(Bytes + sizeof(WCHAR)), Text};
    return STATUS_SUCCESS;
}

static NTSTATUS ConvertVerbatim(PCWSTR Path, PUNICODE_STRING NtPath, PWSTR *FilePart)
{
    PWSTR Last = wcsrchr(Path + 3, '\\');

    *FilePart = Last[1] ? Last + 1 : NULL;
    return Build(u"\\??\\", Path + 4, NtPath, FilePart);
}

static NTSTATUS Convert(PCWSTR Path, PUNICODE_STRING NtPath, PWSTR *FilePart)
{
    PWSTR FullPath;
    NTSTATUS Status = RtlpFullPath(Path, &FullPath, FilePart);

    if (!NT_SUCCESS(Status))
        return Status;
    switch (RtlDetermineDosPathNameType_U(FullPath)) {
    case RtlPathTypeLocalDevice:
        Status = Build(u"\\??\\", FullPath + 4, NtPath, FilePart);
        break;
    case RtlPathTypeUncAbsolute:
        Status = Build(u"\\??\\UNC\\", FullPath + 2, NtPath, FilePart);
        break;
    default:
        Status = Build(u"\\??\\", FullPath, NtPath, FilePart);
    }
    RtlFreeHeap(RtlProcessHeap(), 0, FullPath);
    return Status;
}

NTSTATUS NTAPI RtlDosPathNameToNtPathName_U_WithStatus(PCWSTR Path, PUNICODE_STRING NtPath,
                                                       PWSTR *FilePart,
                                                       PRTL_RELATIVE_NAME_U RelativeName)
{
    PWSTR Part = NULL;
    NTSTATUS Status;

    Status = IsVerbatim(Path) ? ConvertVerbatim(Path, NtPath, &Part) : Convert(Path, NtPath, &Part);
    if (RelativeName)
        memset(RelativeName, 0, sizeof(*RelativeName));
    if (FilePart)
        *FilePart = NT_SUCCESS(Status) ? Part : NULL;
    return Status;
}

BOOLEAN NTAPI RtlDosPathNameToNtPathName_U(PCWSTR Path, PUNICODE_STRING NtPath, PWSTR *FilePart,
                                           PRTL_RELATIVE_NAME_U RelativeName)
{
    return NT_SUCCESS(
        RtlDosPathNameToNtPathName_U_WithStatus(Path, NtPath, FilePart, RelativeName));
}

/* What may not be looked at is there all the same. */
BOOLEAN NTAPI RtlDoesFileExists_U(PCWSTR Path)
{
    FILE_BASIC_INFORMATION Information;
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING NtPath;
    NTSTATUS Status;

    if (!RtlDosPathNameToNtPathName_U(Path, &NtPath, NULL, NULL))
        return FALSE;
    InitializeObjectAttributes(&Attributes, &NtPath, OBJ_CASE_INSENSITIVE, NULL, NULL);
    Status = NtQueryAttributesFile(&Attributes, &Information);
    RtlFreeUnicodeString(&NtPath);
    return NT_SUCCESS(Status) || Status == STATUS_SHARING_VIOLATION ||
           Status == STATUS_ACCESS_DENIED;
}
