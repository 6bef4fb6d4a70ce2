// SPDX-License-Identifier: BSD-2-Clause
/* The simplest form of a path. (Microsoft: "File path formats on Windows systems", path
 * normalization) */
#include <nt/ntpath.h>
#include <nt/ntrtl.h>

static BOOLEAN IsSeparator(WCHAR Character)
{
    return Character == '\\' || Character == '/';
}

/* Behind the component that begins at Start or after the separators there. */
static ULONG SkipComponent(PCWSTR Path, ULONG Start)
{
    while (IsSeparator(Path[Start]))
        Start++;
    while (Path[Start] && !IsSeparator(Path[Start]))
        Start++;
    return Start;
}

static ULONG ServerRootLength(PCWSTR Path)
{
    ULONG Length = SkipComponent(Path, SkipComponent(Path, 2));

    return IsSeparator(Path[Length]) ? Length + 1 : Length;
}

ULONG RtlpRootLength(PCWSTR Path)
{
    switch (RtlDetermineDosPathNameType_U(Path)) {
    case RtlPathTypeUncAbsolute:
        return ServerRootLength(Path);
    case RtlPathTypeLocalDevice:
        return 4;
    case RtlPathTypeDriveAbsolute:
        return 3;
    default:
        return 0;
    }
}

/* Last: the path ends with this component and no separator. Of such, all dots and blanks at the end
 * go; of another, a dot that stands alone there. */
static ULONG TrimComponent(PCWSTR Component, ULONG Length, BOOLEAN Last)
{
    if (!Last) {
        if (Length > 1 && Component[Length - 1] == '.' && Component[Length - 2] != '.')
            Length--;
        return Length;
    }
    while (Length && (Component[Length - 1] == '.' || Component[Length - 1] == ' '))
        Length--;
    return Length;
}

/* The length of a path without its last component. */
static ULONG Parent(PCWSTR Path, ULONG Length, ULONG RootLength)
{
    if (Length > RootLength && Path[Length - 1] == '\\')
        Length--;
    while (Length > RootLength && Path[Length - 1] != '\\')
        Length--;
    return Length;
}

static ULONG ComponentLength(PCWSTR Path)
{
    ULONG Length = 0;

    while (Path[Length] && !IsSeparator(Path[Length]))
        Length++;
    return Length;
}

static BOOLEAN IsDots(PCWSTR Component, ULONG Length, ULONG Count)
{
    return Length == Count && Component[0] == '.' && Component[Count - 1] == '.';
}

/* What is written never gets ahead of what is read. */
ULONG RtlpCollapsePath(PWSTR Path, ULONG RootLength)
{
    ULONG Read = RootLength, Write = RootLength, Length;

    for (ULONG i = 0; i < RootLength; i++) {
        if (Path[i] == '/')
            Path[i] = '\\';
    }
    while (IsSeparator(Path[Read]))
        Read++;
    for (; Path[Read]; Read += Length) {
        BOOLEAN Separated;
        ULONG Kept;

        Length = ComponentLength(Path + Read);
        Kept = Length;
        Separated = IsSeparator(Path[Read + Length]);
        if (IsDots(Path + Read, Length, 1)) {
            Kept = 0;
        } else if (IsDots(Path + Read, Length, 2)) {
            Write = Parent(Path, Write, RootLength);
            Kept = 0;
        } else {
            Kept = TrimComponent(Path + Read, Length, !Separated);
        }
        memmove(Path + Write, Path + Read, Kept * sizeof(WCHAR));
        Write += Kept;
        while (IsSeparator(Path[Read + Length]))
            Length++;
        if (Kept && Separated)
            Path[Write++] = '\\';
    }
    Path[Write] = UNICODE_NULL;
    return Write;
}
