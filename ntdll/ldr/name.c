// SPDX-License-Identifier: BSD-2-Clause
/*
 * Names of modules as callers give them: a path or a file's name, with or without an extension, or
 * an API set. The names of the system's own files in \SystemRoot and of \??\ become DOS paths,
 * which is what programs read in the lists of modules.
 */
#include "ldrp.h"

#define SYSTEM_ROOT u"\\SystemRoot\\"
#define DOS_ROOT u"C:\\windows\\"

/* What a beginning of a path is replaced by, which is never longer. */
static const struct {
    UNICODE_STRING From;
    UNICODE_STRING To;
} Prefixes[] = {
    {RTL_CONSTANT_STRING(SYSTEM_ROOT), RTL_CONSTANT_STRING(DOS_ROOT)},
    {RTL_CONSTANT_STRING(u"\\??\\"), RTL_CONSTANT_STRING(u"")},
    {RTL_CONSTANT_STRING(u"\\\\?\\"), RTL_CONSTANT_STRING(u"")},
};

BOOLEAN LdrpContains(PCUNICODE_STRING String, WCHAR Character)
{
    for (USHORT i = 0; i < String->Length / sizeof(WCHAR); i++) {
        if (String->Buffer[i] == Character)
            return TRUE;
    }
    return FALSE;
}

UNICODE_STRING LdrpLastPart(PCUNICODE_STRING Path)
{
    UNICODE_STRING Part = *Path;
    USHORT Start = Path->Length / sizeof(WCHAR);

    while (Start && Path->Buffer[Start - 1] != '\\')
        Start--;
    Part.Buffer += Start;
    Part.Length = Part.MaximumLength = Path->Length - Start * sizeof(WCHAR);
    return Part;
}

void LdrpFreeName(PLDRP_NAME Name)
{
    if (Name->String.Buffer != Name->Buffer)
        RtlFreeHeap(RtlProcessHeap(), 0, Name->String.Buffer);
    Name->String.Buffer = Name->Buffer;
}

/* Room for Length bytes and a NUL. */
static NTSTATUS AllocateName(PLDRP_NAME Name, ULONG Length)
{
    Name->String = (UNICODE_STRING){0, sizeof(Name->Buffer), Name->Buffer};
    if (Length + sizeof(WCHAR) <= sizeof(Name->Buffer))
        return STATUS_SUCCESS;
    if (Length + sizeof(WCHAR) > UNICODE_STRING_MAX_BYTES)
        return STATUS_NAME_TOO_LONG;
    Name->String.MaximumLength = (USHORT)(Length + sizeof(WCHAR));
    Name->String.Buffer = RtlAllocateHeap(RtlProcessHeap(), 0, Name->String.MaximumLength);
    if (Name->String.Buffer)
        return STATUS_SUCCESS;
    Name->String.Buffer = Name->Buffer;
    return STATUS_NO_MEMORY;
}

/* Appends a path with backslashes for its slashes. */
static void AppendPath(PUNICODE_STRING Path, PCUNICODE_STRING Rest)
{
    PWSTR End = Path->Buffer + Path->Length / sizeof(WCHAR);

    for (USHORT i = 0; i < Rest->Length / sizeof(WCHAR); i++)
        *End++ = Rest->Buffer[i] == '/' ? '\\' : Rest->Buffer[i];
    *End = UNICODE_NULL;
    Path->Length += Rest->Length & ~1;
}

/* \\?\ goes only before a drive's letter: what else may follow has no other form. */
static BOOLEAN IsReplaced(ULONG Index, PCUNICODE_STRING Name)
{
    PCUNICODE_STRING From = &Prefixes[Index].From;

    return RtlPrefixUnicodeString(From, Name, TRUE) &&
           (Index == 0 || (Name->Length >= From->Length + 2 * sizeof(WCHAR) &&
                           Name->Buffer[From->Length / sizeof(WCHAR) + 1] == ':'));
}

static void CopyName(PLDRP_NAME Complete, PCUNICODE_STRING Name)
{
    UNICODE_STRING Rest = *Name;

    for (ULONG i = 0; i < ARRAYSIZE(Prefixes); i++) {
        if (!IsReplaced(i, Name))
            continue;
        Rest.Buffer += Prefixes[i].From.Length / sizeof(WCHAR);
        Rest.Length -= Prefixes[i].From.Length;
        AppendPath(&Complete->String, &Prefixes[i].To);
        break;
    }
    AppendPath(&Complete->String, &Rest);
}

/* ".dll" where the base name has no dot; a dot at the end stands for no extension. */
static NTSTATUS CompleteExtension(PLDRP_NAME Complete)
{
    static const UNICODE_STRING Extension = RTL_CONSTANT_STRING(u".dll");
    UNICODE_STRING Base = LdrpLastPart(&Complete->String);

    if (!Base.Length)
        return STATUS_OBJECT_NAME_INVALID;
    if (Base.Buffer[Base.Length / sizeof(WCHAR) - 1] == '.') {
        Complete->String.Length -= sizeof(WCHAR);
        Complete->String.Buffer[Complete->String.Length / sizeof(WCHAR)] = UNICODE_NULL;
    } else if (!LdrpContains(&Base, '.')) {
        AppendPath(&Complete->String, &Extension);
    }
    return STATUS_SUCCESS;
}

NTSTATUS LdrpCompleteName(PCUNICODE_STRING Name, PCUNICODE_STRING Importer, PLDRP_NAME Complete)
{
    UNICODE_STRING Host;
    NTSTATUS Status;

    Complete->String.Buffer = Complete->Buffer;
    if (LdrpResolveApiSet(Name, Importer, &Host)) {
        if (!Host.Length)
            return STATUS_DLL_NOT_FOUND;
        Name = &Host;
    }
    Status = AllocateName(Complete, (Name->Length & ~1u) + 4 * sizeof(WCHAR));
    if (!NT_SUCCESS(Status))
        return Status;
    CopyName(Complete, Name);
    Status = CompleteExtension(Complete);
    if (!NT_SUCCESS(Status))
        LdrpFreeName(Complete);
    return Status;
}
