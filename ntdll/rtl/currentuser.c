// SPDX-License-Identifier: BSD-2-Clause
/* The key of the user that a thread acts for. (Win32: HKEY_CURRENT_USER) */
#include "rtlp.h"

/* The SID as text, on the heap: of whom the thread acts for, or of the process. */
static NTSTATUS QueryUser(PUNICODE_STRING Sid)
{
    struct {
        TOKEN_USER User;
        UCHAR Room[SECURITY_MAX_SID_SIZE];
    } Buffer;
    ULONG Length;
    HANDLE Token;
    NTSTATUS Status = NtOpenThreadToken(NtCurrentThread(), TOKEN_QUERY, TRUE, &Token);

    if (!NT_SUCCESS(Status))
        Status = NtOpenProcessToken(NtCurrentProcess(), TOKEN_QUERY, &Token);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = NtQueryInformationToken(Token, TokenUser, &Buffer, sizeof(Buffer), &Length);
    NtClose(Token);
    return NT_SUCCESS(Status) ? RtlConvertSidToUnicodeString(Sid, Buffer.User.User.Sid, TRUE)
                              : Status;
}

NTSTATUS NTAPI RtlFormatCurrentUserKeyPath(PUNICODE_STRING KeyPath)
{
    UNICODE_STRING Users = RTL_CONSTANT_STRING(u"\\REGISTRY\\USER\\"), Sid;
    NTSTATUS Status = QueryUser(&Sid);

    if (!NT_SUCCESS(Status))
        return Status;
    KeyPath->Length = 0;
    KeyPath->MaximumLength = Users.Length + Sid.Length + sizeof(WCHAR);
    KeyPath->Buffer = RtlAllocateHeap(RtlProcessHeap(), 0, KeyPath->MaximumLength);
    if (KeyPath->Buffer) {
        RtlAppendUnicodeStringToString(KeyPath, &Users);
        RtlAppendUnicodeStringToString(KeyPath, &Sid);
    }
    RtlFreeUnicodeString(&Sid);
    return KeyPath->Buffer ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

static NTSTATUS OpenByName(PUNICODE_STRING Name, ACCESS_MASK DesiredAccess, PHANDLE Key)
{
    OBJECT_ATTRIBUTES Attributes;

    InitializeObjectAttributes(&Attributes, Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenKey(Key, DesiredAccess, &Attributes);
}

NTSTATUS NTAPI RtlOpenCurrentUser(ACCESS_MASK DesiredAccess, PHANDLE KeyHandle)
{
    UNICODE_STRING Path, Default = RTL_CONSTANT_STRING(u"\\REGISTRY\\USER\\.DEFAULT");
    NTSTATUS Status = RtlFormatCurrentUserKeyPath(&Path);

    if (NT_SUCCESS(Status)) {
        Status = OpenByName(&Path, DesiredAccess, KeyHandle);
        RtlFreeUnicodeString(&Path);
    }
    return NT_SUCCESS(Status) ? Status : OpenByName(&Default, DesiredAccess, KeyHandle);
}
