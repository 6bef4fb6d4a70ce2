/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a thread finds its environment on i386, and the routines that Microsoft's compiler
 * calls. */
#include "../../tap.h"

LONGLONG NTAPI Multiply(LONGLONG, LONGLONG) __asm__("__allmul");
LONGLONG NTAPI Divide(LONGLONG, LONGLONG) __asm__("__alldiv");
LONGLONG NTAPI Remainder(LONGLONG, LONGLONG) __asm__("__allrem");
ULONGLONG NTAPI DivideUnsigned(ULONGLONG, ULONGLONG) __asm__("__aulldiv");
ULONGLONG NTAPI RemainderUnsigned(ULONGLONG, ULONGLONG) __asm__("__aullrem");
#undef RtlMoveMemory
void NTAPI RtlMoveMemory(PVOID Destination, const VOID *Source, SIZE_T Length);

static PVOID AtFs(ULONG_PTR Offset)
{
    PVOID Value;

    __asm__ volatile("movl %%fs:(%1), %0" : "=r"(Value) : "r"(Offset));
    return Value;
}

#define SHIFT(routine, value, count)                                                               \
    ({                                                                                             \
        LONGLONG Shifted_ = (value);                                                               \
        __asm__ volatile("call " routine : "+A"(Shifted_) : "c"(count) : "cc");                    \
        Shifted_;                                                                                  \
    })

/* The routine takes its four arguments off the stack and leaves the remainder in EBX:ECX. */
#define DIVIDE_WITH_REMAINDER(routine, dividend, divisor, remainder)                               \
    ({                                                                                             \
        LONGLONG Divisor_ = (divisor), Quotient_ = (dividend);                                     \
        ULONG High_, Low_ = 0;                                                                     \
        __asm__ volatile("pushl 4(%3)\n pushl (%3)\n pushl %%edx\n pushl %%eax\n call " routine    \
                         : "+A"(Quotient_), "=&b"(High_), "+c"(Low_)                               \
                         : "S"(&Divisor_)                                                          \
                         : "cc", "memory");                                                        \
        *(remainder) = (LONGLONG)((ULONGLONG)High_ << 32 | Low_);                                  \
        Quotient_;                                                                                 \
    })

static void TestArithmetic(void)
{
    const LONGLONG Large = 0x123456789abcdef0, Small = -0x1234567;
    LONGLONG Rest;

    ok(Multiply(0x100000003, -5) == -0x50000000f, "_allmul");
    ok(Divide(Large, Small) == -0x1000000790, "_alldiv");
    ok(Remainder(-Large, 0x100000000) == -0x9abcdef0ll, "_allrem");
    ok(DivideUnsigned(0xfedcba9876543210, 0x123456789) == 0xe0000000, "_aulldiv");
    ok(RemainderUnsigned(0xfedcba9876543210, 0x100000000) == 0x76543210, "_aullrem");
    ok(DIVIDE_WITH_REMAINDER("__alldvrm", -1000000000007, 1000, &Rest) == -1000000000 && Rest == -7,
       "_alldvrm");
    ok(DIVIDE_WITH_REMAINDER("__aulldvrm", 1000000000007, 1000, &Rest) == 1000000000 && Rest == 7,
       "_aulldvrm");
}

static void TestShifts(void)
{
    const LONGLONG Number = (LONGLONG)0x8123456789abcdef;

    ok(SHIFT("__allshl", Number, 4) == 0x123456789abcdef0 &&
           SHIFT("__allshl", Number, 36) == (LONGLONG)0x9abcdef000000000 &&
           SHIFT("__allshl", Number, 64) == 0,
       "_allshl");
    ok(SHIFT("__aullshr", Number, 4) == 0x08123456789abcde &&
           SHIFT("__aullshr", Number, 36) == 0x08123456 && SHIFT("__aullshr", Number, 64) == 0,
       "_aullshr");
    ok(SHIFT("__allshr", Number, 4) == (LONGLONG)0xf8123456789abcde &&
           SHIFT("__allshr", Number, 36) == (LONGLONG)0xfffffffff8123456 &&
           SHIFT("__allshr", Number, 64) == -1,
       "_allshr");
}

/* The frame that _chkstk makes: as big as asked for, and usable down to its end. */
static ULONG_PTR ProbedFrame(ULONG Bytes)
{
    ULONG_PTR Size;

    __asm__ volatile("movl %%esp, %%esi\n"
                     "call __chkstk\n"
                     "movl %%esi, %0\n"
                     "subl %%esp, %0\n"
                     "movl $1, (%%esp)\n"
                     "movl %%esi, %%esp\n"
                     : "=&d"(Size), "+a"(Bytes)
                     :
                     : "esi", "cc", "memory");
    return Size;
}

void TestEnvironment(void)
{
    PNT_TIB Tib = &NtCurrentTeb()->NtTib;
    char Text[] = "0123456789";

    ok(AtFs(0x18) == Tib && AtFs(0x30) == NtCurrentTeb()->ProcessEnvironmentBlock,
       "TEB and PEB are found through FS");
    ok((PVOID)&Tib > Tib->StackLimit && (PVOID)&Tib < Tib->StackBase,
       "the stack is where the TEB says");
    TestArithmetic();
    TestShifts();
    ok(ProbedFrame(16) == 16 && ProbedFrame(0x1000) == 0x1000 && ProbedFrame(0x5678) == 0x5678,
       "_chkstk");
    RtlMoveMemory(Text + 1, Text, 5);
    ok(strcmp(Text, "0012346789") == 0, "RtlMoveMemory");
}
