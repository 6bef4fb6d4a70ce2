/* SPDX-License-Identifier: BSD-2-Clause */
/* Paths: see ntcmd.h. Pure. */
#include "ntcmd.h"

WCHAR CurrentDirectory[MAXIMUM_PATH] = u"C:\\";

static BOOLEAN IsDrive(PCWSTR Path)
{
    return ((Path[0] | 0x20) >= 'a' && (Path[0] | 0x20) <= 'z') && Path[1] == ':';
}

/* Characters that stand before the first name: "C:\" or "\". */
static ULONG RootLength(PCWSTR Shown)
{
    return IsDrive(Shown) ? 3 : 1;
}

/* Appends "\Name"; ".." takes the last name away. */
static NTSTATUS AppendName(PWSTR Shown, PCWSTR Name, ULONG Length)
{
    ULONG Root = RootLength(Shown), End = (ULONG)wcslen(Shown);

    if (Length == 0 || (Length == 1 && Name[0] == '.'))
        return STATUS_SUCCESS;
    if (Length == 2 && Name[0] == '.' && Name[1] == '.') {
        while (End > Root && Shown[End - 1] != '\\')
            End--;
        Shown[End > Root ? End - 1 : Root] = 0;
        return STATUS_SUCCESS;
    }
    if (End + Length + 2 > MAXIMUM_PATH)
        return STATUS_NAME_TOO_LONG;
    if (End > Root)
        Shown[End++] = '\\';
    memcpy(Shown + End, Name, Length * sizeof(WCHAR));
    Shown[End + Length] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS ResolvePath(PCWSTR Path, WCHAR Shown[MAXIMUM_PATH])
{
    NTSTATUS Status = STATUS_SUCCESS;

    if (IsDrive(Path)) {
        wcscpy(Shown, u"C:\\");
        Shown[0] = Path[0] & ~0x20;
        Path += 2;
    } else if (*Path == '\\') {
        wcscpy(Shown, u"\\");
    } else {
        wcscpy(Shown, CurrentDirectory);
    }
    while (*Path && NT_SUCCESS(Status)) {
        ULONG Length = 0;

        while (Path[Length] && Path[Length] != '\\' && Path[Length] != '/')
            Length++;
        Status = AppendName(Shown, Path, Length);
        Path += Length;
        if (*Path)
            Path++;
    }
    return Status;
}

NTSTATUS NativePath(PCWSTR Shown, WCHAR Native[MAXIMUM_PATH])
{
    ULONG Prefix = IsDrive(Shown) ? 4 : 0, Length = (ULONG)wcslen(Shown);

    if (Prefix + Length + 1 > MAXIMUM_PATH)
        return STATUS_NAME_TOO_LONG;
    memcpy(Native, u"\\??\\", Prefix * sizeof(WCHAR));
    memcpy(Native + Prefix, Shown, (Length + 1) * sizeof(WCHAR));
    return STATUS_SUCCESS;
}
