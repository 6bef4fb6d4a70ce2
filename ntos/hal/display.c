/* SPDX-License-Identifier: BSD-2-Clause */
/* NtDisplayString: text on the screen from programs that run before there is a console. */
#include "halp.h"
#include <neptune/abi.h>

#define HALP_PIECE 256 /* characters converted at a time */

static BOOLEAN HalpIsControl(WCHAR Character)
{
    return Character == '\b' || Character == '\t' || Character == '\n' || Character == '\r' ||
           Character == '\f';
}

static NTSTATUS HalpDisplayPiece(CLIENT(PCWSTR) ClientText, ULONG Bytes)
{
    WCHAR Text[HALP_PIECE];
    char Oem[HALP_PIECE];
    ULONG OemBytes, i;
    NTSTATUS Status = MmCopyFromClient(Text, ClientText, Bytes);

    if (!NT_SUCCESS(Status))
        return Status;
    for (i = 0; i < Bytes / sizeof(WCHAR); i++)
        if (Text[i] < ' ' && !HalpIsControl(Text[i]))
            Text[i] = '?';
    RtlUnicodeToOemN(Oem, sizeof(Oem), &OemBytes, Text, Bytes);
    HalDisplayGivingWay(Oem, OemBytes);
    return STATUS_SUCCESS;
}

/*
 * NtDisplayString: writes String on the text screen; \b also goes back over the start of a line, \f
 * clears. A string longer than NEPTUNE_MAX_DISPLAY_STRING bytes is refused. Returns
 * STATUS_ACCESS_VIOLATION, STATUS_INVALID_PARAMETER.  (Windows Internals: native applications)
 */
NTSTATUS NTAPI NtDisplayString(CLIENT(PUNICODE_STRING) String)
{
    UNICODE_STRING Text;
    ULONG Offset, Bytes;
    NTSTATUS Status = MmReadClient(&Text, String);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Text.Length % sizeof(WCHAR) || Text.Length > NEPTUNE_MAX_DISPLAY_STRING)
        return STATUS_INVALID_PARAMETER;
    for (Offset = 0; Offset < Text.Length && NT_SUCCESS(Status); Offset += Bytes) {
        Bytes = Text.Length - Offset;
        if (Bytes > HALP_PIECE * sizeof(WCHAR))
            Bytes = HALP_PIECE * sizeof(WCHAR);
        Status = HalpDisplayPiece((CLIENT(PCWSTR))Text.Buffer + Offset / sizeof(WCHAR), Bytes);
    }
    return Status;
}
