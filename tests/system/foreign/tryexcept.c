/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The __try and __except that include/ddk has for gcc, in a native program: the same headers, but
 * what raises is ntdll's
 * (-DExRaiseStatus=RtlRaiseStatus).
 */
#include <ntddk.h>

NTSYSAPI NTSTATUS NTAPI RtlIntegerToUnicodeString(ULONG, ULONG, PUNICODE_STRING);

NTSYSAPI NTSTATUS NTAPI NtDisplayString(PUNICODE_STRING);
NTSYSAPI NTSTATUS NTAPI NtTerminateProcess(HANDLE, NTSTATUS);

#define APART __attribute__((noinline))
#define ROUNDS 20000

static ULONG Passed, Failed;

static void Show(PCWSTR Text)
{
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Text);
    NtDisplayString(&String);
}

static void ShowNumber(ULONG Number)
{
    WCHAR Digits[12];
    UNICODE_STRING String = {.Buffer = Digits, .MaximumLength = sizeof(Digits)};

    RtlIntegerToUnicodeString(Number, 10, &String);
    NtDisplayString(&String);
}

static void Is(ULONG Value, ULONG Expected, PCWSTR What)
{
    if (Value == Expected) {
        Passed++;
        return;
    }
    Failed++;
    Show(L"not ok: ");
    Show(What);
    Show(L"\n");
}

static APART int Load(volatile int *Address)
{
    return *Address;
}

static APART int Deep(volatile int *Address, int Depth)
{
    volatile char Room[64];

    Room[0] = (char)Depth;
    return Depth ? Deep(Address, Depth - 1) + Room[0] : Load(Address);
}

static APART ULONG Code(int *Address)
{
    __try {
        Deep(Address, 5);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return 1;
}

/* As drivers have it: a break of the handler leaves the switch. */
static APART ULONG InSwitch(int *Address, int Case)
{
    volatile ULONG Result = 0;

    switch (Case) {
    case 1:
        try {
            Result = 5;
            Deep(Address, 2);
            Result = 6;
        }
        except(EXCEPTION_EXECUTE_HANDLER)
        {
            Result += 0x100;
            break;
        }
        Result += 0x1000;
        break;
    default:
        Result = 77;
        break;
    }
    return Result;
}

static APART ULONG Nested(int *Address)
{
    volatile ULONG Result = 0;

    __try {
        __try {
            Load(Address);
            Result = 1;
        } __except (GetExceptionCode() == STATUS_BREAKPOINT ? EXCEPTION_EXECUTE_HANDLER
                                                            : EXCEPTION_CONTINUE_SEARCH) {
            Result = 2;
        }
        Result |= 0x10;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        Result |= 0x100;
        if (GetExceptionCode() == STATUS_ACCESS_VIOLATION)
            Result |= 0x1000;
    }
    return Result;
}

static APART ULONG Leaves(void)
{
    volatile ULONG Result = 0;

    __try {
        for (;;) {
            for (;;) {
                Result = 3;
                __leave;
            }
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        Result = 99;
    }
    return Result;
}

static APART ULONG Returns(int *Address)
{
    __try {
        if (Address)
            return 8;
        Load(Address);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return 9;
    }
    return 10;
}

/* One that is over catches nothing any more. */
static APART ULONG After(int *Address)
{
    volatile ULONG Result = 0;

    __try {
        __try {
            Result = 1;
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            Result = 2;
        }
        Deep(Address, 1);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        Result |= 0x10;
    }
    return Result;
}

static APART ULONG Raised(void)
{
    __try {
        ExRaiseStatus(0xc0001234);
    } __except (GetExceptionInformation()->ExceptionRecord->ExceptionCode == 0xc0001234) {
        return GetExceptionCode();
    }
    return 1;
}

static APART void PassesOn(int *Address)
{
    __try {
        Load(Address);
    } __except (EXCEPTION_CONTINUE_SEARCH) {
        Is(0, 1, L"a handler whose filter refuses");
    }
}

static APART ULONG FromCallee(void)
{
    __try {
        PassesOn(NULL);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return 1;
}

static APART ULONG Often(int *Address)
{
    volatile ULONG Caught = 0;
    ULONG i;

    for (i = 0; i < ROUNDS; i++) {
        __try {
            Deep(i % 3 ? Address : NULL, i % 7);
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            Caught++;
        }
    }
    return Caught;
}

void start(void)
{
    int Number = 4;

    Is(Code(NULL), STATUS_ACCESS_VIOLATION, L"a fault below is caught, with its code");
    Is(Code(&Number), 1, L"no fault");
    Is(InSwitch(NULL, 1), 0x105, L"break in a handler");
    Is(InSwitch(&Number, 1), 0x1006, L"no fault in a switch");
    Is(InSwitch(&Number, 2), 77, L"another case");
    Is(Nested(NULL), 0x1100, L"the inner filter refuses, the outer takes");
    Is(Nested(&Number), 0x11, L"no fault in two");
    Is(Leaves(), 3, L"__leave from two loops");
    Is(Returns(&Number), 8, L"return from the body");
    Is(Returns(NULL), 9, L"return from the handler");
    Is(After(NULL), 0x11, L"an inner one that is over");
    Is(After(&Number), 1, L"the same without a fault");
    Is(Raised(), 0xc0001234, L"a raised status, with its record");
    Is(FromCallee(), STATUS_ACCESS_VIOLATION, L"a callee's filter refuses");
    Is(Often(&Number), (ROUNDS + 2) / 3, L"many times, with deep stacks");
    Is(Nested(NULL), 0x1100, L"and once more");
    Show(PROGRAM);
    Show(L": ");
    ShowNumber(Passed);
    Show(L" passed, ");
    ShowNumber(Failed);
    Show(L" failed\n");
    NtTerminateProcess((HANDLE)-1, 0);
}
