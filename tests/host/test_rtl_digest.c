// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/memory.c rtl/arch/x86_64/copy.c rtl/digest.c rtl/md4.c rtl/md5.c rtl/sha1.c
// sources: rtl/crc32.c rtl/random.c rtl/cstring.c rtl/ctype.c
// options: -Iinclude -DNEPTUNE_HOST_TEST -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include <nt/ntdigest.h>
#include <nt/ntrtl.h>

static const char *Hex(const void *Bytes, ULONG Length)
{
    static char Text[48];

    for (ULONG i = 0; i < Length; i++) {
        Text[2 * i] = "0123456789abcdef"[((const UCHAR *)Bytes)[i] >> 4];
        Text[2 * i + 1] = "0123456789abcdef"[((const UCHAR *)Bytes)[i] & 15];
    }
    Text[2 * Length] = 0;
    return Text;
}

/* Fed in pieces of Step bytes. */
static const char *Md4(const char *Text, ULONG Length, ULONG Step)
{
    MD4_CTX Context;

    MD4Init(&Context);
    for (ULONG i = 0; i < Length; i += Step)
        MD4Update(&Context, (const UCHAR *)Text + i, Length - i < Step ? Length - i : Step);
    MD4Final(&Context);
    return Hex(Context.digest, 16);
}

static const char *Md5(const char *Text, ULONG Length, ULONG Step)
{
    MD5_CTX Context;

    MD5Init(&Context);
    for (ULONG i = 0; i < Length; i += Step)
        MD5Update(&Context, (const UCHAR *)Text + i, Length - i < Step ? Length - i : Step);
    MD5Final(&Context);
    return Hex(Context.digest, 16);
}

static const char *Sha(const char *Text, ULONG Length, ULONG Step)
{
    SHA_CTX Context;
    ULONG Result[5];

    A_SHAInit(&Context);
    for (ULONG i = 0; i < Length; i += Step)
        A_SHAUpdate(&Context, (const UCHAR *)Text + i, Length - i < Step ? Length - i : Step);
    A_SHAFinal(&Context, Result);
    CHECK_EQUAL(Context.Count[0] | Context.Count[1], 0);
    return Hex(Result, 20);
}

/* The message of 80 digits that both RFCs have. */
static const char Digits[] =
    "12345678901234567890123456789012345678901234567890123456789012345678901234567890";

TEST(md4_is_that_of_rfc_1320)
{
    CHECK_TEXT(Md4("", 0, 1), "31d6cfe0d16ae931b73c59d7e0c089c0");
    CHECK_TEXT(Md4("abc", 3, 3), "a448017aaf21d8525fc10ae87aa6729d");
    CHECK_TEXT(Md4(Digits, 80, 80), "e33b4ddc9c38f2199c3e7b164fcc0536");
    CHECK_TEXT(Md4(Digits, 80, 7), "e33b4ddc9c38f2199c3e7b164fcc0536");
}

TEST(md5_is_that_of_rfc_1321)
{
    CHECK_TEXT(Md5("", 0, 1), "d41d8cd98f00b204e9800998ecf8427e");
    CHECK_TEXT(Md5("message digest", 14, 5), "f96b697d7cb7938d525a2f31aaf161d0");
    CHECK_TEXT(Md5(Digits, 80, 80), "57edf4a22be3c955ac49da2e2107b67a");
    CHECK_TEXT(Md5(Digits, 80, 64), "57edf4a22be3c955ac49da2e2107b67a");
}

TEST(sha1_is_that_of_rfc_3174)
{
    CHECK_TEXT(Sha("", 0, 1), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    CHECK_TEXT(Sha("abc", 3, 1), "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK_TEXT(Sha("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, 9),
               "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
}

TEST(lengths_around_a_block_end_well)
{
    static char Text[130];
    ULONG Different = 0;

    memset(Text, 'a', sizeof(Text));
    for (ULONG Length = 50; Length < 130; Length++) {
        char Whole[48];

        strcpy(Whole, Sha(Text, Length, Length));
        Different += strcmp(Whole, Sha(Text, Length, 3)) != 0;
        strcpy(Whole, Md5(Text, Length, Length));
        Different += strcmp(Whole, Md5(Text, Length, 3)) != 0;
    }
    CHECK_EQUAL(Different, 0);
}

TEST(crc32_goes_on_where_it_was)
{
    CHECK_EQUAL(RtlComputeCrc32(0, "123456789", 9), 0xcbf43926);
    CHECK_EQUAL(RtlComputeCrc32(RtlComputeCrc32(0, "1234", 4), "56789", 5), 0xcbf43926);
    CHECK_EQUAL(RtlComputeCrc32(0, NULL, 0), 0);
}

TEST(uniform_stays_in_range)
{
    ULONG Seed = 0, Outside = 0;

    CHECK_EQUAL(RtlUniform(&Seed), 0x7fffffc3);
    Seed = 1;
    CHECK_EQUAL(RtlUniform(&Seed), 0x7fffffb1);
    Seed = MAXULONG;
    for (ULONG i = 0; i < 1000; i++)
        Outside += RtlUniform(&Seed) >= 0x7fffffff;
    CHECK_EQUAL(Outside, 0);
}
