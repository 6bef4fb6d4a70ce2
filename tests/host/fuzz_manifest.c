// SPDX-License-Identifier: BSD-2-Clause
// sources: ntdll/sxs/arena.c ntdll/sxs/blob.c ntdll/sxs/build.c ntdll/sxs/comelements.c
// sources: ntdll/sxs/generate.c ntdll/sxs/identity.c ntdll/sxs/locate.c ntdll/sxs/lookup.c
// sources: ntdll/sxs/manifest.c ntdll/sxs/records.c ntdll/sxs/tables.c ntdll/sxs/text.c
// sources: ntdll/sxs/values.c ntdll/sxs/xml.c
// sources: rtl/memory.c rtl/arch/x86_64/copy.c rtl/cstring.c rtl/string.c rtl/wstring.c rtl/ctype.c
// sources: rtl/upcase.c rtl/utf.c rtl/guid.c rtl/integer.c rtl/md5.c rtl/digest.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
//
// Manifests, and the data of activation contexts. A manifest that is taken makes data in which all
// that is listed is found; of data that are anything, whatever is found is inside.
#include "fuzz.h"
#include "process.h"
#include "sxs.h"

static ULONG Sum; /* of what was found, so that it is read */

static void Read(const void *Data, ULONG Length)
{
    for (ULONG i = 0; i < Length; i++)
        Sum += ((const UCHAR *)Data)[i];
}

/* Every assembly and file; of made data each file is found by its name. */
static void Walk(const ACTIVATION_CONTEXT_DATA *Data, BOOLEAN Made)
{
    ULONG Count = SxspAssemblyCount(Data);
    SXSP_ROSTER_ITEM Item;
    UNICODE_STRING Name;
    SXSP_FOUND Found;

    for (ULONG i = 1; i <= Count && i < 100; i++) {
        if (!SxspFindAssembly(Data, i, &Item)) {
            FUZZ_REQUIRE(!Made);
            continue;
        }
        Read(Item.Information, sizeof(*Item.Information));
        Name = SxspTextOf(&Item.Section, Item.Information->ManifestPathOffset,
                          Item.Information->ManifestPathLength);
        Read(Name.Buffer, Name.Length);
        for (ULONG j = 0; j < 100 && SxspFindFile(Data, i, j, &Name); j++) {
            NTSTATUS Status =
                SxspFindText(Data, ACTIVATION_CONTEXT_SECTION_DLL_REDIRECTION, &Name, &Found);

            FUZZ_REQUIRE(!Made || NT_SUCCESS(Status));
            if (NT_SUCCESS(Status))
                Read(Found.Data, Found.Length);
        }
    }
}

static void FindSome(const ACTIVATION_CONTEXT_DATA *Data)
{
    static const UNICODE_STRING Name = RTL_CONSTANT_STRING(u"a.dll");
    static const GUID Guid;
    SXSP_FOUND Found;

    for (ULONG Id = 0; Id < 13; Id++) {
        if (NT_SUCCESS(SxspFindText(Data, Id, &Name, &Found)))
            Read(Found.Data, Found.Length);
        if (NT_SUCCESS(SxspFindGuid(Data, Id, &Guid, &Found)))
            Read(Found.Data, Found.Length);
    }
}

static void UseData(const UCHAR *Bytes, SIZE_T Size)
{
    PACTIVATION_CONTEXT_DATA Data = RtlAllocateHeap(NULL, 0, Size);

    memcpy(Data, Bytes, Size);
    Data->TotalSize = (ULONG)Size;
    if (SxspIsData(Data)) {
        Walk(Data, FALSE);
        FindSome(Data);
    }
    RtlFreeHeap(NULL, 0, Data);
}

int LLVMFuzzerTestOneInput(const UCHAR *Bytes, __SIZE_TYPE__ Size)
{
    PACTIVATION_CONTEXT_DATA Data;

    NtCurrentTeb();
    if (Size >= sizeof(*Data) && *(const ULONG *)Bytes == ACTIVATION_CONTEXT_DATA_MAGIC)
        UseData(Bytes, Size);
    if (NT_SUCCESS(MakeTestData(Bytes, Size, &Data))) {
        FUZZ_REQUIRE(SxspIsData(Data));
        Walk(Data, TRUE);
        FindSome(Data);
        RtlFreeHeap(NULL, 0, Data);
    }
    FUZZ_REQUIRE(HeapBlocks == 0);
    return 0;
}
