// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/memory.c rtl/arch/x86_64/copy.c rtl/access.c rtl/sid.c rtl/acl.c rtl/ace.c
// sources: rtl/descriptor.c rtl/selfrelative.c rtl/wstring.c rtl/upcase.c rtl/ctype.c
// options: -Iinclude -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
//
// Self-relative security descriptors: one that is found valid can be taken apart and put together
// again.
#include "fuzz.h"
#include <nt/ntrtl.h>
#include <nt/ntse.h>

#define PARTS 0x10000

static UCHAR Parts[5][PARTS], Again[PARTS];

static void CheckAcl(PACL Acl, BOOLEAN Present)
{
    PVOID Ace;

    if (!Present || !Acl)
        return;
    FUZZ_REQUIRE(RtlValidAcl(Acl));
    for (ULONG i = 0; i < Acl->AceCount; i++)
        FUZZ_REQUIRE(NT_SUCCESS(RtlGetAce(Acl, i, &Ace)));
}

static void CheckParts(PSECURITY_DESCRIPTOR Descriptor)
{
    BOOLEAN Present = FALSE, Defaulted;
    PACL Acl = NULL;
    PSID Sid;

    FUZZ_REQUIRE(NT_SUCCESS(RtlGetOwnerSecurityDescriptor(Descriptor, &Sid, &Defaulted)));
    FUZZ_REQUIRE(!Sid || RtlValidSid(Sid));
    FUZZ_REQUIRE(NT_SUCCESS(RtlGetGroupSecurityDescriptor(Descriptor, &Sid, &Defaulted)));
    FUZZ_REQUIRE(!Sid || RtlValidSid(Sid));
    FUZZ_REQUIRE(NT_SUCCESS(RtlGetDaclSecurityDescriptor(Descriptor, &Present, &Acl, &Defaulted)));
    CheckAcl(Acl, Present);
    Acl = NULL;
    FUZZ_REQUIRE(NT_SUCCESS(RtlGetSaclSecurityDescriptor(Descriptor, &Present, &Acl, &Defaulted)));
    CheckAcl(Acl, Present);
}

static void RoundTrip(PSECURITY_DESCRIPTOR Descriptor)
{
    ULONG Sizes[5] = {PARTS, PARTS, PARTS, PARTS, PARTS}, Size = PARTS;

    if (!NT_SUCCESS(RtlSelfRelativeToAbsoluteSD(Descriptor, Parts[0], &Sizes[0], (PACL)Parts[1],
                                                &Sizes[1], (PACL)Parts[2], &Sizes[2], Parts[3],
                                                &Sizes[3], Parts[4], &Sizes[4])))
        return;
    FUZZ_REQUIRE(RtlValidSecurityDescriptor(Parts[0]));
    if (!NT_SUCCESS(RtlAbsoluteToSelfRelativeSD(Parts[0], Again, &Size)))
        return;
    FUZZ_REQUIRE(RtlValidRelativeSecurityDescriptor(Again, Size, 0));
}

int LLVMFuzzerTestOneInput(const UCHAR *Data, __SIZE_TYPE__ Size)
{
    PSECURITY_DESCRIPTOR Descriptor = (PSECURITY_DESCRIPTOR)Data;

    if (((ULONG_PTR)Data & 3) || Size > PARTS / 2)
        return 0;
    if (!RtlValidRelativeSecurityDescriptor(Descriptor, (ULONG)Size, 0))
        return 0;
    FUZZ_REQUIRE(RtlLengthSecurityDescriptor(Descriptor) <= 2 * Size + 0x40);
    CheckParts(Descriptor);
    RoundTrip(Descriptor);
    return 0;
}
