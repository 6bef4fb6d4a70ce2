// SPDX-License-Identifier: BSD-2-Clause
/* The OEM and ANSI code pages: built in are 437 and 1252 (unicode.org: VENDORS/MICSFT), until
 * somebody brings tables. */
#include <nt/ntnls.h>
#include <nt/ntrtl.h>

/* The upper halves, from 0x80; 1252 is Latin-1 from 0xa0 on, and its five gaps keep their
 * number. */
static const WCHAR Oem437[] = u"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»"
                              u"░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
                              u"αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";
static const WCHAR Ansi1252[] = u"€\x0081‚ƒ„…†‡ˆ‰Š‹Œ\x008dŽ\x008f"
                                u"\x0090‘’“”•–—˜™š›œ\x009džŸ";

_Static_assert(ARRAYSIZE(Oem437) == 128 + 1, "code page 437");
_Static_assert(ARRAYSIZE(Ansi1252) == 32 + 1, "code page 1252");

typedef struct _CODE_PAGE {
    const WCHAR *Table;
    ULONG Count;           /* from 0x80; what is above is Latin-1 */
    CPTABLEINFO Installed; /* if it has a number */
} CODE_PAGE;

static CODE_PAGE OemCodePage = {Oem437, ARRAYSIZE(Oem437) - 1};
static CODE_PAGE AnsiCodePage = {Ansi1252, ARRAYSIZE(Ansi1252) - 1};

void NTAPI RtlResetRtlTranslations(const NLSTABLEINFO *TableInfo)
{
    OemCodePage.Installed = TableInfo->OemTableInfo;
    AnsiCodePage.Installed = TableInfo->AnsiTableInfo;
    RtlpUseCaseTables(TableInfo->UpperCaseTable, TableInfo->LowerCaseTable);
}

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

static NTSTATUS Widen(CODE_PAGE *Page, PWSTR Destination, ULONG MaximumBytes, PULONG ActualBytes,
                      PCCH Source, ULONG SourceBytes)
{
    ULONG Count = MaximumBytes / sizeof(WCHAR);

    if (Page->Installed.CodePage)
        return RtlCustomCPToUnicodeN(&Page->Installed, Destination, MaximumBytes, ActualBytes,
                                     Source, SourceBytes);
    if (Count > SourceBytes)
        Count = SourceBytes;
    for (ULONG i = 0; i < Count; i++)
        Destination[i] = FromCodePage(Page, (UCHAR)Source[i]);
    if (ActualBytes)
        *ActualBytes = Count * sizeof(WCHAR);
    return STATUS_SUCCESS;
}

static NTSTATUS Narrow(CODE_PAGE *Page, PCHAR Destination, ULONG MaximumBytes, PULONG ActualBytes,
                       PCWCH Source, ULONG SourceBytes)
{
    ULONG Count = SourceBytes / sizeof(WCHAR);

    if (Page->Installed.CodePage)
        return RtlUnicodeToCustomCPN(&Page->Installed, Destination, MaximumBytes, ActualBytes,
                                     Source, SourceBytes);
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

static ULONG WideSize(const CPTABLEINFO *Page, PCCH Source, ULONG SourceBytes)
{
    ULONG Count = 0;

    if (Page->CodePage == CP_UTF8) {
        RtlUTF8ToUnicodeN(NULL, 0, &Count, Source, SourceBytes);
        return Count;
    }
    if (!Page->CodePage || !Page->DBCSCodePage)
        return SourceBytes * sizeof(WCHAR);
    for (ULONG i = 0; i < SourceBytes; i++, Count++) {
        if (Page->DBCSOffsets[(UCHAR)Source[i]])
            i++;
    }
    return Count * sizeof(WCHAR);
}

static ULONG NarrowSize(const CPTABLEINFO *Page, PCWCH Source, ULONG SourceBytes)
{
    ULONG Size = SourceBytes / sizeof(WCHAR);

    if (Page->CodePage == CP_UTF8) {
        RtlUnicodeToUTF8N(NULL, 0, &Size, Source, SourceBytes);
    } else if (Page->CodePage && Page->DBCSCodePage) {
        for (ULONG i = 0; i < SourceBytes / sizeof(WCHAR); i++)
            Size += ((PUSHORT)Page->WideCharTable)[Source[i]] > 0xff;
    }
    return Size;
}

NTSTATUS NTAPI RtlMultiByteToUnicodeSize(PULONG UnicodeBytes, PCCH Source, ULONG SourceBytes)
{
    *UnicodeBytes = WideSize(&AnsiCodePage.Installed, Source, SourceBytes);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlUnicodeToMultiByteSize(PULONG MultiByteBytes, PCWCH Source, ULONG SourceBytes)
{
    *MultiByteBytes = NarrowSize(&AnsiCodePage.Installed, Source, SourceBytes);
    return STATUS_SUCCESS;
}

ULONG RtlpOemToUnicodeSize(PCCH Source, ULONG SourceBytes)
{
    return WideSize(&OemCodePage.Installed, Source, SourceBytes);
}

ULONG RtlpUnicodeToOemSize(PCWCH Source, ULONG SourceBytes)
{
    return NarrowSize(&OemCodePage.Installed, Source, SourceBytes);
}
