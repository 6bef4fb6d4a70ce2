// SPDX-License-Identifier: BSD-2-Clause
/* What kind of path a DOS path is, and which names in it mean devices. (Microsoft: "Naming files,
 * paths, and namespaces") */
#include <nt/ntpath.h>
#include <nt/ntrtl.h>

static BOOLEAN IsSeparator(WCHAR Character)
{
    return Character == '\\' || Character == '/';
}

RTL_PATH_TYPE NTAPI RtlDetermineDosPathNameType_U(PCWSTR Path)
{
    if (!Path)
        return RtlPathTypeUnknown;
    if (IsSeparator(Path[0])) {
        if (!IsSeparator(Path[1]))
            return RtlPathTypeRooted;
        if (Path[2] != '.' && Path[2] != '?')
            return RtlPathTypeUncAbsolute;
        if (IsSeparator(Path[3]))
            return RtlPathTypeLocalDevice;
        return Path[3] ? RtlPathTypeUncAbsolute : RtlPathTypeRootLocalDevice;
    }
    if (!Path[0] || Path[1] != ':')
        return RtlPathTypeRelative;
    return IsSeparator(Path[2]) ? RtlPathTypeDriveAbsolute : RtlPathTypeDriveRelative;
}

static BOOLEAN IsPortNumber(WCHAR Character)
{
    return (Character >= '1' && Character <= '9') || Character == u'¹' || Character == u'²' ||
           Character == u'³';
}

static BOOLEAN IsDeviceName(PCWCH Name, ULONG Length)
{
    static const WCHAR *const Names[] = {u"CON", u"PRN", u"AUX", u"NUL", u"CONIN$", u"CONOUT$"};

    if (Length == 4 && IsPortNumber(Name[3]))
        return _wcsnicmp(Name, u"COM", 3) == 0 || _wcsnicmp(Name, u"LPT", 3) == 0;
    for (ULONG i = 0; i < ARRAYSIZE(Names); i++) {
        if (wcslen(Names[i]) == Length && _wcsnicmp(Name, Names[i], Length) == 0)
            return TRUE;
    }
    return FALSE;
}

/* The length of the path without what devices' names may have behind them: a colon, dots, blanks.
 */
static ULONG TrimmedLength(PCWSTR Path, ULONG Length)
{
    if (Length && Path[Length - 1] == ':')
        Length--;
    while (Length && (Path[Length - 1] == '.' || Path[Length - 1] == ' '))
        Length--;
    return Length;
}

/* The name that decides is the last component, up to its first dot or colon. */
static ULONG FindDevice(PCWSTR Path, ULONG First)
{
    ULONG Start = TrimmedLength(Path, (ULONG)wcslen(Path)), Length = 0;

    if (Start <= First)
        return 0;
    while (Start > First && !IsSeparator(Path[Start - 1]))
        Start--;
    while (Path[Start + Length] && Path[Start + Length] != '.' && Path[Start + Length] != ':' &&
           !IsSeparator(Path[Start + Length]))
        Length++;
    while (Length && Path[Start + Length - 1] == ' ')
        Length--;
    if (!IsDeviceName(Path + Start, Length))
        return 0;
    return Start * sizeof(WCHAR) << 16 | Length * sizeof(WCHAR);
}

ULONG NTAPI RtlIsDosDeviceName_U(PCWSTR Path)
{
    switch (RtlDetermineDosPathNameType_U(Path)) {
    case RtlPathTypeUnknown:
    case RtlPathTypeUncAbsolute:
    case RtlPathTypeRootLocalDevice:
        return 0;
    case RtlPathTypeLocalDevice: /* the console alone has a name there, too */
        return _wcsicmp(Path + 4, u"CON") == 0 ? 4 * sizeof(WCHAR) << 16 | 3 * sizeof(WCHAR) : 0;
    case RtlPathTypeDriveAbsolute:
    case RtlPathTypeDriveRelative:
        return wcsnlen(Path, MAXUSHORT / 2) < MAXUSHORT / 2 ? FindDevice(Path, 2) : 0;
    default:
        return wcsnlen(Path, MAXUSHORT / 2) < MAXUSHORT / 2 ? FindDevice(Path, 0) : 0;
    }
}
