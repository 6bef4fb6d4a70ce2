// SPDX-License-Identifier: BSD-2-Clause
// options: -Iinclude -Intos/inc -Intos/ke -Intos/ke/arch/x86_64 -Ilibsel4/include -DDBG=1
// options: -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
//
// Privileged instructions of drivers, with a client memory that holds one instruction at a time.
#include "test.h"
#include "kip.h"

#undef memcpy
void *memcpy(void *Destination, const void *Source, size_t Length);

#define seL4_TCB_WriteRegisters(...) seL4_NoError
#include "../../ntos/ke/arch/x86/privileged.c"
#if defined(__x86_64__)
#include "../../ntos/ke/arch/x86_64/irql.c"
#else
#include "../../ntos/ke/arch/i386/irql.c"
#include <neptune/driver.h>
#endif

#define CODE 0x1000
#define TEB 0x5000
#define PORT_CAP 77

seL4_IPCBuffer *seL4_TheIPCBuffer;
static UCHAR Code[8], Irql;
static ULONG CodeLength;

NTSTATUS MmCopyFromProcess(PEPROCESS Process, PVOID Destination, const void *Source, SIZE_T Length)
{
    ULONG_PTR Offset = (ULONG_PTR)Source - CODE;

    if ((ULONG_PTR)Source == TEB + NEPTUNE_TEB_IRQL) {
        memcpy(Destination, &Irql, 1);
        return STATUS_SUCCESS;
    }
    if (Offset + Length > CodeLength)
        return STATUS_ACCESS_VIOLATION;
    memcpy(Destination, Code + Offset, Length);
    return STATUS_SUCCESS;
}

NTSTATUS MmCopyToProcess(PEPROCESS Process, PVOID Destination, const void *Source, SIZE_T Length)
{
    if ((ULONG_PTR)Destination != TEB + NEPTUNE_TEB_IRQL || Length != 1)
        return STATUS_ACCESS_VIOLATION;
    memcpy(&Irql, Source, 1);
    return STATUS_SUCCESS;
}

/* The driver holds ports 0x60..0x64; a port's value is its number in every byte. */
seL4_CPtr IoHostPortCap(PEPROCESS Process, USHORT Port, ULONG Size)
{
    return Port >= 0x60 && Port + Size <= 0x65 ? PORT_CAP : 0;
}

static ULONG Written, WrittenSize, WrittenPort;

NTSTATUS HalPortAccess(seL4_CPtr Cap, USHORT Port, ULONG Size, BOOLEAN Write, PULONG Value)
{
    if (Cap != PORT_CAP)
        return STATUS_ACCESS_DENIED;
    if (Write) {
        Written = Size == 4 ? *Value : *Value & ((1u << 8 * Size) - 1);
        WrittenSize = Size;
        WrittenPort = Port;
    } else {
        *Value = Port * 0x01010101u & (Size == 4 ? ~0u : (1u << 8 * Size) - 1);
    }
    return STATUS_SUCCESS;
}

static ETHREAD Thread = {.Teb = (PVOID)TEB};
static seL4_UserContext Registers;

static BOOLEAN Run(const char *Bytes, ULONG Length)
{
    memcpy(Code, Bytes, Length);
    CodeLength = Length;
    KiProgramCounter(&Registers) = CODE;
    return KiEmulatePrivileged(&Thread, &Registers);
}

#define RUN(bytes) Run(bytes, sizeof(bytes) - 1)

/* A value with this in its upper half, where a register has one. */
#define UPPER(value) ((seL4_Word)((value) | (ULONGLONG)0x1122334400000000))

TEST(in_replaces_its_part_of_the_accumulator)
{
    KiDataRegister(&Registers) = UPPER(0x34560060);
    KiAccumulator(&Registers) = UPPER(0x55667788);
    CHECK(RUN("\xec")); /* in al, dx */
    CHECK_EQUAL(KiAccumulator(&Registers), UPPER(0x55667760));
    CHECK_EQUAL(KiProgramCounter(&Registers), CODE + 1);
    CHECK(RUN("\x66\xed")); /* in ax, dx */
    CHECK_EQUAL(KiAccumulator(&Registers), UPPER(0x55666060));
    CHECK_EQUAL(KiProgramCounter(&Registers), CODE + 2);
    CHECK(RUN("\xed")); /* in eax, dx clears the upper half */
    CHECK_EQUAL(KiAccumulator(&Registers), 0x60606060);
    CHECK(RUN("\xe4\x64")); /* in al, 0x64 */
    CHECK_EQUAL(KiAccumulator(&Registers), 0x60606064);
    CHECK_EQUAL(KiProgramCounter(&Registers), CODE + 2);
}

TEST(out_writes_its_part_of_the_accumulator)
{
    KiDataRegister(&Registers) = 0x61;
    KiAccumulator(&Registers) = UPPER(0x87654321);
    CHECK(RUN("\xee"));
    CHECK(Written == 0x21 && WrittenSize == 1 && WrittenPort == 0x61);
    CHECK(RUN("\x66\xef"));
    CHECK(Written == 0x4321 && WrittenSize == 2);
    CHECK(RUN("\xef"));
    CHECK(Written == 0x87654321 && WrittenSize == 4);
    CHECK(RUN("\xe6\x60"));
    CHECK(WrittenPort == 0x60 && WrittenSize == 1);
    CHECK_EQUAL(KiAccumulator(&Registers), UPPER(0x87654321));
}

TEST(ports_that_the_driver_does_not_hold_are_refused)
{
    KiDataRegister(&Registers) = 0x3f8;
    CHECK(!RUN("\xec"));
    KiDataRegister(&Registers) = 0x64;
    CHECK(!RUN("\xed")); /* 0x64..0x67 */
    CHECK(!RUN("\xe4\x40"));
    CHECK_EQUAL(KiProgramCounter(&Registers), CODE);
}

#if defined(__x86_64__)
TEST(cr8_is_the_level_in_the_teb_page)
{
    Irql = 2;
    CHECK(RUN("\x44\x0f\x20\xc0")); /* mov rax, cr8 */
    CHECK_EQUAL(KiAccumulator(&Registers), 2);
    CHECK_EQUAL(KiProgramCounter(&Registers), CODE + 4);
    CHECK(RUN("\x45\x0f\x20\xc2")); /* mov r10, cr8 */
    CHECK_EQUAL(Registers.r10, 2);
    Registers.rcx = 5;
    CHECK(RUN("\x44\x0f\x22\xc1")); /* mov cr8, rcx */
    CHECK_EQUAL(Irql, 5);
    Registers.rcx = 16;
    CHECK(!RUN("\x44\x0f\x22\xc1"));
    CHECK_EQUAL(Irql, 5);
}
#else
TEST(there_is_no_level_and_no_rex_prefix)
{
    CHECK(!RUN("\x0f\x20\xc0"));     /* mov eax, cr0 */
    CHECK(!RUN("\x44\x0f\x20\xc0")); /* inc esp; ... */
    KiDataRegister(&Registers) = 0x60;
    CHECK(!RUN("\x40\xec")); /* inc eax; in al, dx: the first is no prefix */
    CHECK_EQUAL(KiProgramCounter(&Registers), CODE);
}
#endif

TEST(nothing_else_is_carried_out)
{
    KiDataRegister(&Registers) = 0x60;
    CHECK(!RUN("\x0f\x20\xc0"));     /* mov rax, cr0 */
    CHECK(!RUN("\x44\x0f\x20\xc8")); /* mov rax, cr9 */
    CHECK(!RUN("\x0f\x30"));         /* wrmsr */
    CHECK(!RUN("\xfa"));             /* cli */
    CHECK(!RUN("\xf4"));             /* hlt */
    CHECK(!RUN("\x6c"));             /* insb */
    CHECK(!RUN("\xf3\x6c"));
    CHECK(!RUN("\x90"));
}

TEST(an_instruction_cut_off_by_the_end_of_memory_is_refused)
{
    CHECK(!RUN(""));
    CHECK(!RUN("\x66"));
    CHECK(!RUN("\x44"));
    CHECK(!RUN("\xe4"));
    CHECK(!RUN("\x44\x0f"));
    CHECK(!RUN("\x44\x0f\x20"));
}
