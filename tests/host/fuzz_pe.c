// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/mm/image.c ntos/mm/protect.c
// sources: rtl/memory.c rtl/arch/x86_64/copy.c
// options: -DNEPTUNE_HOST_TEST -Iinclude -Intos/inc -Ilibsel4/include -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
//
// The headers of PE files, as the Executive reads them when it makes an image section. Whatever a
// file says, what comes out lies within the image and within the file.
#include "fuzz.h"
#include "../../ntos/mm/mi.h"
#include <io.h>
#include "pool.h"

static const UCHAR *File;
static SIZE_T FileSize;
static IO_FILE FileObject;

#include "imagefile.h"

/* The parts of an image follow one another, and none wants what the file does not have. */
static void CheckParts(PMI_SEGMENT Segment)
{
    ULONG Page = 0;

    for (ULONG i = 0; i < Segment->SubsectionCount; i++) {
        PMI_SUBSECTION Part = &Segment->Subsections[i];

        FUZZ_REQUIRE(Part->FirstPage == Page && Part->Pages);
        FUZZ_REQUIRE(!Part->FileBytes || Part->FileOffset < FileSize);
        FUZZ_REQUIRE(Part->FileBytes <= (ULONGLONG)Part->Pages << PAGE_SHIFT);
        Page += Part->Pages;
    }
    FUZZ_REQUIRE(Page == Segment->Pages);
}

int LLVMFuzzerTestOneInput(const UCHAR *Data, __SIZE_TYPE__ Size)
{
    PMI_SEGMENT Segment;

    File = Data;
    FileSize = Size;
    if (NT_SUCCESS(MiParseImage(&FileObject, &Segment))) {
        CheckParts(Segment);
        MiDereferenceSegment(Segment);
    }
    FUZZ_REQUIRE(PoolBlocks == 0);
    return 0;
}
