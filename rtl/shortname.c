// SPDX-License-Identifier: BSD-2-Clause
/* Names of eight characters and three. (WDK: RtlIsNameLegalDOS8Dot3) */
#include <nt/ntpath.h>
#include <nt/ntrtl.h>

#define SHORT_NAME_LENGTH 12

static BOOLEAN IsLegal(CHAR Character)
{
    return (UCHAR)Character >= ' ' && !strchr("*?<>|\"+=,;[]:/\\", Character);
}

/* Eight characters, a dot, three; blanks only inside, and neither part empty but the second with
 * its dot. */
static BOOLEAN IsLegalName(const CHAR *Name, ULONG Length, PBOOLEAN Spaces)
{
    LONG Dot = -1;

    for (ULONG i = 0; i < Length; i++) {
        if (Name[i] == ' ') {
            *Spaces = TRUE;
            if (i == 0 || i == Length - 1 || Name[i + 1] == '.')
                return FALSE;
        } else if (Name[i] == '.') {
            if (Dot != -1 || i == 0 || i == Length - 1 || Length - i > 4)
                return FALSE;
            Dot = (LONG)i;
        } else if (!IsLegal(Name[i])) {
            return FALSE;
        }
    }
    return (Dot == -1 ? Length : (ULONG)Dot) <= 8;
}

BOOLEAN NTAPI RtlIsNameLegalDOS8Dot3(PCUNICODE_STRING Name, POEM_STRING OemName,
                                     PBOOLEAN NameContainsSpaces)
{
    ULONG Length = Name->Length / sizeof(WCHAR), Bytes;
    WCHAR Upper[SHORT_NAME_LENGTH];
    CHAR Oem[SHORT_NAME_LENGTH];
    BOOLEAN Spaces = FALSE;

    if (Length < 1 || Length > SHORT_NAME_LENGTH)
        return FALSE;
    for (ULONG i = 0; i < Length; i++)
        Upper[i] = RtlUpcaseUnicodeChar(Name->Buffer[i]);
    RtlUnicodeToOemN(Oem, sizeof(Oem), &Bytes, Upper, Length * sizeof(WCHAR));
    if (OemName && OemName->MaximumLength < Bytes)
        return FALSE;
    if (OemName) {
        memcpy(OemName->Buffer, Oem, Bytes);
        OemName->Length = (USHORT)Bytes;
    }
    /* The directories' own names */
    if (Oem[0] == '.' && (Bytes == 1 || (Bytes == 2 && Oem[1] == '.'))) {
        if (NameContainsSpaces)
            *NameContainsSpaces = FALSE;
        return TRUE;
    }
    if (!IsLegalName(Oem, Bytes, &Spaces))
        return FALSE;
    if (NameContainsSpaces)
        *NameContainsSpaces = Spaces;
    return TRUE;
}
