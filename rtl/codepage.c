// SPDX-License-Identifier: BSD-2-Clause
/* The code pages of one byte: 437 (OEM) and 1252 (ANSI). (unicode.org: VENDORS/MICSFT) */
#include <nt/ntrtl.h>

/* The upper halves, from 0x80; 1252 is Latin-1 from 0xa0 on, and its five gaps keep their number.
 */
static const WCHAR Oem437[] = u"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»"
                              u"░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
                              u"αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";
static const WCHAR Ansi1252[] = u"€\x0081‚ƒ„…†‡ˆ‰Š‹Œ\x008dŽ\x008f"
                                u"\x0090‘’“”•–—˜™š›œ\x009džŸ";

_Static_assert(ARRAYSIZE(Oem437) == 128 + 1, "code page 437");
_Static_assert(ARRAYSIZE(Ansi1252) == 32 + 1, "code page 1252");

typedef struct _CODE_PAGE {
    const WCHAR *Table;
    ULONG Count; /* from 0x80; what is above is Latin-1 */
} CODE_PAGE;

static const CODE_PAGE OemCodePage = {Oem437, ARRAYSIZE(Oem437) - 1};
static const CODE_PAGE AnsiCodePage = {Ansi1252, ARRAYSIZE(Ansi1252) - 1};

static WCHAR FromCodePage(const CODE_PAGE *Page, UCHAR Character)
{
    return Character >= 0x80 && Character - 0x80u < Page->Count ? Page->Table[Character - 0x80]
                                                                : Character;
}

static CHAR ToCodePage(const CODE_PAGE *Page, WCHAR Character)
{
    if (Character < 0x80)
        return (CHAR)Character;
    for (ULONG i = 0; i < Page->Count; i++) {
        if (Page->Table[i] == Character)
            return (CHAR)(0x80 + i);
    }
    return (CHAR)(Character >= 0x80 + Page->Count && Character <= 0xff ? Character : '?');
}

static NTSTATUS Widen(const CODE_PAGE *Page, PWSTR Destination, ULONG MaximumBytes,
                      PULONG ActualBytes, PCCH Source, ULONG SourceBytes)
{
    ULONG Count = MaximumBytes / sizeof(WCHAR);

    if (Count > SourceBytes)
        Count = SourceBytes;
    for (ULONG i = 0; i < Count; i++)
        Destination[i] = FromCodePage(Page, (UCHAR)Source[i]);
    if (ActualBytes)
        *ActualBytes = Count * sizeof(WCHAR);
    return STATUS_SUCCESS;
}

static NTSTATUS Narrow(const CODE_PAGE *Page, PCHAR Destination, ULONG MaximumBytes,
                       PULONG ActualBytes, PCWCH Source, ULONG SourceBytes)
{
    ULONG Count = SourceBytes / sizeof(WCHAR);

    if (Count > MaximumBytes)
        Count = MaximumBytes;
    for (ULONG i = 0; i < Count; i++)
        Destination[i] = ToCodePage(Page, Source[i]);
    if (ActualBytes)
        *ActualBytes = Count;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlUnicodeToOemN(PCHAR Destination, ULONG MaximumBytes, PULONG ActualBytes,
                                PCWCH Source, ULONG SourceBytes)
{
    return Narrow(&OemCodePage, Destination, MaximumBytes, ActualBytes, Source, SourceBytes);
}

NTSTATUS NTAPI RtlOemToUnicodeN(PWSTR Destination, ULONG MaximumBytes, PULONG ActualBytes,
                                PCCH Source, ULONG SourceBytes)
{
    return Widen(&OemCodePage, Destination, MaximumBytes, ActualBytes, Source, SourceBytes);
}

NTSTATUS NTAPI RtlUnicodeToMultiByteN(PCHAR Destination, ULONG MaximumBytes, PULONG ActualBytes,
                                      PCWCH Source, ULONG SourceBytes)
{
    return Narrow(&AnsiCodePage, Destination, MaximumBytes, ActualBytes, Source, SourceBytes);
}

NTSTATUS NTAPI RtlMultiByteToUnicodeN(PWSTR Destination, ULONG MaximumBytes, PULONG ActualBytes,
                                      PCCH Source, ULONG SourceBytes)
{
    return Widen(&AnsiCodePage, Destination, MaximumBytes, ActualBytes, Source, SourceBytes);
}
