// SPDX-License-Identifier: BSD-2-Clause
/*
 * Tables out of .nls files. A code page is a header, whose first word is its own length; the
 * distance to the table from UTF-16; 256 characters; as many again if a word says that there are
 * glyphs; ranges of lead bytes and, if there are any, what they lead to.
 */
#include <nt/ntnls.h>
#include <nt/ntrtl.h>

typedef struct _CODE_PAGE_HEADER {
    USHORT HeaderWords;
    USHORT CodePage;
    USHORT MaximumCharacterSize;
    USHORT DefaultChar;
    USHORT UniDefaultChar;
    USHORT TransDefaultChar;
    USHORT TransUniDefaultChar;
    UCHAR LeadByte[MAXIMUM_LEADBYTES];
} CODE_PAGE_HEADER;

void NTAPI RtlInitCodePageTable(PUSHORT TableBase, PCPTABLEINFO CodePageTable)
{
    const CODE_PAGE_HEADER *Header = (const CODE_PAGE_HEADER *)TableBase;
    PUSHORT Body = TableBase + Header->HeaderWords, Ranges;

    if (Header->CodePage == CP_UTF8) {
        *CodePageTable = (CPTABLEINFO){CP_UTF8, 4, '?', 0xfffd, '?', '?'};
        return;
    }
    *CodePageTable = (CPTABLEINFO){
        .CodePage = Header->CodePage,
        .MaximumCharacterSize = Header->MaximumCharacterSize,
        .DefaultChar = Header->DefaultChar,
        .UniDefaultChar = Header->UniDefaultChar,
        .TransDefaultChar = Header->TransDefaultChar,
        .TransUniDefaultChar = Header->TransUniDefaultChar,
        .MultiByteTable = Body + 1,
        .WideCharTable = Body + 1 + Body[0],
    };
    memcpy(CodePageTable->LeadByte, Header->LeadByte, MAXIMUM_LEADBYTES);
    Ranges = Body + 1 + 256;
    Ranges += *Ranges ? 1 + 256 : 1;
    CodePageTable->DBCSRanges = Ranges;
    CodePageTable->DBCSCodePage = *Ranges != 0;
    CodePageTable->DBCSOffsets = *Ranges ? Ranges + 1 : NULL;
}

/* The file of case tables: a version, the length of the first table with this word, the table to
 * upper case, another length, the table to lower case. */
void NTAPI RtlInitNlsTables(PUSHORT AnsiNlsBase, PUSHORT OemNlsBase, PUSHORT LanguageNlsBase,
                            PNLSTABLEINFO TableInfo)
{
    RtlInitCodePageTable(AnsiNlsBase, &TableInfo->AnsiTableInfo);
    RtlInitCodePageTable(OemNlsBase, &TableInfo->OemTableInfo);
    TableInfo->UpperCaseTable = LanguageNlsBase + 2;
    TableInfo->LowerCaseTable = LanguageNlsBase + 2 + LanguageNlsBase[1];
}

/* The characters behind a lead byte, or NULL if it is none. */
static const USHORT *TrailTable(PCPTABLEINFO Page, UCHAR Lead)
{
    USHORT Offset = Page->DBCSCodePage ? Page->DBCSOffsets[Lead] : 0;

    return Offset ? Page->DBCSOffsets + Offset : NULL;
}

/* A lead byte that nothing follows becomes the code page's default. */
NTSTATUS NTAPI RtlCustomCPToUnicodeN(PCPTABLEINFO CustomCP, PWSTR Destination, ULONG MaximumBytes,
                                     PULONG ActualBytes, PCCH Source, ULONG SourceBytes)
{
    ULONG Room = MaximumBytes / sizeof(WCHAR), Length = 0, Read = 0;

    if (CustomCP->CodePage == CP_UTF8)
        return RtlUTF8ToUnicodeN(Destination, MaximumBytes, ActualBytes, Source, SourceBytes);
    while (Read < SourceBytes && Length < Room) {
        UCHAR Byte = (UCHAR)Source[Read++];
        const USHORT *Trail = TrailTable(CustomCP, Byte);

        if (!Trail)
            Destination[Length++] = CustomCP->MultiByteTable[Byte];
        else if (Read < SourceBytes)
            Destination[Length++] = Trail[(UCHAR)Source[Read++]];
        else
            Destination[Length++] = CustomCP->UniDefaultChar;
    }
    if (ActualBytes)
        *ActualBytes = Length * sizeof(WCHAR);
    return STATUS_SUCCESS;
}

/* The code of a character; above 0xff are two bytes, the lead byte higher. */
static USHORT FromUnicode(PCPTABLEINFO Page, WCHAR Character)
{
    return Page->DBCSCodePage ? ((PUSHORT)Page->WideCharTable)[Character]
                              : ((PUCHAR)Page->WideCharTable)[Character];
}

NTSTATUS NTAPI RtlUnicodeToCustomCPN(PCPTABLEINFO CustomCP, PCHAR Destination, ULONG MaximumBytes,
                                     PULONG ActualBytes, PCWCH Source, ULONG SourceBytes)
{
    ULONG Length = 0;

    if (CustomCP->CodePage == CP_UTF8)
        return RtlUnicodeToUTF8N(Destination, MaximumBytes, ActualBytes, Source, SourceBytes);
    for (ULONG i = 0; i < SourceBytes / sizeof(WCHAR); i++) {
        USHORT Code = FromUnicode(CustomCP, Source[i]);

        if (MaximumBytes - Length < (Code > 0xff ? 2 : 1))
            break;
        if (Code > 0xff)
            Destination[Length++] = (CHAR)(Code >> 8);
        Destination[Length++] = (CHAR)Code;
    }
    if (ActualBytes)
        *ActualBytes = Length;
    return STATUS_SUCCESS;
}
