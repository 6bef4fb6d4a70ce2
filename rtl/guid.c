// SPDX-License-Identifier: BSD-2-Clause
/* GUIDs as text: {xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}. (WDK: RtlGUIDFromString) */
#include <nt/ntrtl.h>

/* An x is a digit, whatever else stands for itself. */
static const WCHAR Pattern[] = u"{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";

#define GUID_LENGTH (ARRAYSIZE(Pattern) - 1)

NTSTATUS NTAPI RtlGUIDFromString(PCUNICODE_STRING String, PGUID Guid)
{
    UCHAR Bytes[sizeof(GUID)] = {0};
    ULONG Digits = 0;

    if (String->Length != GUID_LENGTH * sizeof(WCHAR))
        return STATUS_INVALID_PARAMETER;
    for (ULONG i = 0; i < GUID_LENGTH; i++) {
        WCHAR Character = String->Buffer[i];
        ULONG Digit = RtlpDigitValue(Character);

        if (Pattern[i] == 'x' ? Digit > 15 : Character != Pattern[i])
            return STATUS_INVALID_PARAMETER;
        if (Pattern[i] == 'x') {
            Bytes[Digits / 2] = (UCHAR)(Bytes[Digits / 2] << 4 | Digit);
            Digits++;
        }
    }
    Guid->Data1 = (ULONG)Bytes[0] << 24 | Bytes[1] << 16 | Bytes[2] << 8 | Bytes[3];
    Guid->Data2 = (USHORT)(Bytes[4] << 8 | Bytes[5]);
    Guid->Data3 = (USHORT)(Bytes[6] << 8 | Bytes[7]);
    memcpy(Guid->Data4, Bytes + 8, sizeof(Guid->Data4));
    return STATUS_SUCCESS;
}
