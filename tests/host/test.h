/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Unit tests on the host, under the address and undefined-behaviour sanitizers.
 *
 * A program is one tests/host/test_SUBJECT.c, which includes this header once. tests/host/run.sh
 * compiles it with what it names in comments of its own, paths relative to the top of the tree:
 *     // sources: rtl/list.c rtl/bitmap.c
 *     // options: -Irtl/inc -DDBG=1 -fshort-wchar
 *     // only: x86_64
 * and runs it (the last: not with 32 bits). It holds any number of
 *     TEST(name_says_what_is_true)
 *     {
 *         CHECK(condition);
 *         CHECK_EQUAL(actual, expected);
 *         CHECK_TEXT(actual, expected);
 *     }
 * A CHECK that fails is reported and the test goes on; REQUIRE ends the test. Output is TAP.
 *
 * Sources under test may clash with the host's C library in names and types: this header includes
 * none of it.
 */
#pragma once

int dprintf(int file, const char *format, ...);
int strcmp(const char *a, const char *b);

/* Most tests also run as 32-bit programs, with arch/i386 in place of arch/x86_64. */
#define WORDS64 (sizeof(void *) == 8)

/* Unbuffered, so that nothing is lost in a crash. */
#define test_print(...) dprintf(1, __VA_ARGS__)

struct test {
    const char *name;
    void (*body)(void);
    struct test *next;
};

static struct test *first_test, **last_test = &first_test;
static int check_failures;

/* Constructors run in the order of the file, so the tests do too. */
#define TEST(function)                                                                             \
    static void function(void);                                                                    \
    static struct test function##_test = {#function, function, 0};                                 \
    __attribute__((constructor)) static void function##_register(void)                             \
    {                                                                                              \
        *last_test = &function##_test;                                                             \
        last_test = &function##_test.next;                                                         \
    }                                                                                              \
    static void function(void)

#define FAIL(...)                                                                                  \
    (check_failures++, test_print("# %s:%d: ", __FILE__, __LINE__), test_print(__VA_ARGS__),       \
     test_print("\n"))

#define CHECK(condition) ((condition) ? (void)0 : (void)FAIL("not so: %s", #condition))

#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            FAIL("not so: %s", #condition);                                                        \
            return;                                                                                \
        }                                                                                          \
    } while (0)

/* For integers and pointers. */
#define CHECK_EQUAL(actual, expected)                                                              \
    do {                                                                                           \
        long long actual_ = (long long)(actual), expected_ = (long long)(expected);                \
        if (actual_ != expected_)                                                                  \
            FAIL("%s is %lld (%#llx), not %lld (%#llx)", #actual, actual_, actual_, expected_,     \
                 expected_);                                                                       \
    } while (0)

/* For NUL-terminated strings of char. */
#define CHECK_TEXT(actual, expected)                                                               \
    do {                                                                                           \
        const char *actual_ = (actual), *expected_ = (expected);                                   \
        if (strcmp(actual_, expected_))                                                            \
            FAIL("%s is \"%s\", not \"%s\"", #actual, actual_, expected_);                         \
    } while (0)

int main(void)
{
    int count = 0, failed = 0;

    for (struct test *test = first_test; test; test = test->next) {
        check_failures = 0;
        test->body();
        failed += check_failures != 0;
        test_print("%s %d - %s\n", check_failures ? "not ok" : "ok", ++count, test->name);
    }
    test_print("1..%d\n", count);
    return failed != 0;
}
