/* SPDX-License-Identifier: BSD-2-Clause */
/* What a call asks for: a service by chance, and for each of its arguments something that it may
 * take, or not. */
#include "svcfuzz.h"
#include <service_kinds.h>

/* A letter an argument (tools/generate/mkservicekinds.py). */
static const char *const Kinds[] = {
#define SERVICE(name, count) SERVICE_KINDS_##name,
#define DRIVER_SERVICE(name, count) SERVICE_KINDS_##name,
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE
};

enum {
#define SERVICE(name, count) Number_##name,
#define DRIVER_SERVICE(name, count) Number_##name,
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE
};

typedef struct _CHANCE {
    ULONG64 State;
    PUCHAR Scratch;
    ULONG Used;
} CHANCE, *PCHANCE;

static ULONG Random(PCHANCE Chance)
{
    Chance->State = Chance->State * 6364136223846793005ull + 1442695040888963407ull;
    return (ULONG)(Chance->State >> 33);
}

static ULONG Below(PCHANCE Chance, ULONG Limit)
{
    return Random(Chance) % Limit;
}

static BOOLEAN OneIn(PCHANCE Chance, ULONG Count)
{
    return Below(Chance, Count) == 0;
}

/* Size bytes of scratch memory that nothing else of this call uses, unless there are no more. */
static PVOID Take(PCHANCE Chance, ULONG Size)
{
    PUCHAR Memory;

    if (Chance->Used + Size > FUZZ_SCRATCH_SIZE / 2)
        Chance->Used = 0;
    Memory = Chance->Scratch + Chance->Used;
    Chance->Used += (Size + 15) & ~15u;
    return Memory;
}

/* Handles of this process are small multiples of four. */
static ULONG_PTR Handle(PCHANCE Chance)
{
    static const LONG Pseudo[] = {0, -1, -2, -3, -4, -5, -6};

    return OneIn(Chance, 6) ? (ULONG_PTR)(LONG_PTR)Pseudo[Below(Chance, ARRAYSIZE(Pseudo))]
                            : 4 * (1 + Below(Chance, 48)) + (OneIn(Chance, 16) ? 1 : 0);
}

static ULONG_PTR Number(PCHANCE Chance)
{
    static const ULONG Words[] = {0x1000,
                                  0x2000,
                                  0x3000,
                                  0x10000,
                                  0x40,
                                  0x100000,
                                  0x1f0003,
                                  0x1f01ff,
                                  0x2000000,
                                  0x80000000,
                                  0xffffffff,
                                  0x7fffffff,
                                  0x00100020,
                                  0x10000000,
                                  0x40000000,
                                  0x8000,
                                  0x4000,
                                  0x08000000,
                                  FSCTL_PIPE_DISCONNECT,
                                  FSCTL_PIPE_LISTEN,
                                  FSCTL_PIPE_PEEK,
                                  FSCTL_PIPE_TRANSCEIVE,
                                  FSCTL_PIPE_WAIT,
                                  FSCTL_PIPE_IMPERSONATE,
                                  FSCTL_PIPE_FLUSH,
                                  FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE,
                                  FILE_PIPE_MESSAGE_TYPE};

    switch (Below(Chance, 4)) {
    case 0:
        return Below(Chance, 8);
    case 1:
        return Below(Chance, 256);
    case 2:
        return 1ul << Below(Chance, 32) | (OneIn(Chance, 2) ? 1ul << Below(Chance, 32) : 0);
    default:
        return Words[Below(Chance, ARRAYSIZE(Words))];
    }
}

static ULONG_PTR WildAddress(PCHANCE Chance)
{
    static const ULONG_PTR Wild[] = {0,
                                     1,
                                     0x10000,
                                     0x7ffe0000,
                                     0x7ffdf000,
                                     (ULONG_PTR)-1,
                                     (ULONG_PTR)-8,
                                     (ULONG_PTR)1 << (8 * sizeof(PVOID) - 1),
                                     0x140000000ull & MAXULONG_PTR};

    return Wild[Below(Chance, ARRAYSIZE(Wild))];
}

/* An address in the scratch memory, sometimes at its very end. */
static ULONG_PTR Buffer(PCHANCE Chance)
{
    if (OneIn(Chance, 12))
        return WildAddress(Chance);
    if (OneIn(Chance, 8))
        return (ULONG_PTR)Chance->Scratch + FUZZ_SCRATCH_SIZE - Below(Chance, 32);
    return (ULONG_PTR)Chance->Scratch + FUZZ_SCRATCH_SIZE / 2 +
           (Below(Chance, FUZZ_SCRATCH_SIZE / 4) & ~7u);
}

static ULONG_PTR Word(PCHANCE Chance)
{
    switch (Below(Chance, 3)) {
    case 0:
        return Handle(Chance);
    case 1:
        return Buffer(Chance);
    default:
        return Number(Chance);
    }
}

static PUNICODE_STRING String(PCHANCE Chance)
{
    static const PCWSTR Names[] = {u"a",
                                   u"b",
                                   u"c",
                                   u"A",
                                   u"d\\e",
                                   u"",
                                   u"\\",
                                   u"\\Device\\Null",
                                   u"x*y",
                                   u"\\SystemRoot\\readme.txt",
                                   u"\\SystemRoot\\tests\\nothing.exe",
                                   u"\\BaseNamedObjects",
                                   FUZZ_KEY,
                                   u"\\Registry\\User\\.Default",
                                   u"\\??\\C:\\",
                                   u"\\KernelObjects",
                                   FUZZ_DIRECTORY,
                                   FUZZ_DIRECTORY u"\\a",
                                   FUZZ_DIRECTORY u"\\b",
                                   FUZZ_DIRECTORY u"\\c",
                                   FUZZ_DIRECTORY u"\\d\\e",
                                   FUZZ_DIRECTORY u"\\A",
                                   u"\\??\\PIPE\\fuzz",
                                   u"\\??\\PIPE\\a",
                                   u"\\Device\\NamedPipe\\",
                                   u"\\??\\MAILSLOT\\fuzz",
                                   u"\\??\\MAILSLOT\\a"};
    PUNICODE_STRING Name = Take(Chance, sizeof(*Name));

    RtlInitUnicodeString(Name, Names[Below(Chance, ARRAYSIZE(Names))]);
    if (OneIn(Chance, 24))
        Name->Length = (USHORT)Number(Chance);
    if (OneIn(Chance, 48))
        Name->Buffer = (PWSTR)Word(Chance);
    return Name;
}

static ULONG_PTR Attributes(PCHANCE Chance)
{
    POBJECT_ATTRIBUTES Attributes = Take(Chance, sizeof(*Attributes));

    if (OneIn(Chance, 4))
        return OneIn(Chance, 4) ? Buffer(Chance) : 0;
    InitializeObjectAttributes(Attributes, OneIn(Chance, 5) ? NULL : String(Chance),
                               OneIn(Chance, 2) ? OBJ_CASE_INSENSITIVE : (ULONG)Number(Chance),
                               OneIn(Chance, 4) ? (HANDLE)Handle(Chance) : NULL, NULL);
    if (OneIn(Chance, 32))
        Attributes->Length = (ULONG)Number(Chance);
    if (OneIn(Chance, 16))
        Attributes->SecurityDescriptor = (PVOID)Buffer(Chance);
    return (ULONG_PTR)Attributes;
}

/* Times and offsets: mostly short ones. */
static ULONG_PTR Quad(PCHANCE Chance)
{
    PLARGE_INTEGER Value = Take(Chance, sizeof(*Value));

    if (OneIn(Chance, 24))
        return OneIn(Chance, 2) ? 0 : Buffer(Chance);
    Value->QuadPart = OneIn(Chance, 2) ? -(LONGLONG)Below(Chance, 20000) : (LONGLONG)Number(Chance);
    return (ULONG_PTR)Value;
}

static ULONG_PTR Scratch(PCHANCE Chance, ULONG Words)
{
    PULONG_PTR Memory = Take(Chance, Words * sizeof(ULONG_PTR));

    if (OneIn(Chance, 24))
        return OneIn(Chance, 2) ? 0 : Buffer(Chance);
    for (ULONG i = 0; i < Words; i++)
        Memory[i] = OneIn(Chance, 2) ? 0 : Word(Chance);
    return (ULONG_PTR)Memory;
}

/* A port's message: mostly a header that is right, with a number that a message may have. */
static ULONG_PTR Message(PCHANCE Chance)
{
    PPORT_MESSAGE Message = Take(Chance, sizeof(*Message) + 64);
    ULONG Data = Below(Chance, 65);

    if (OneIn(Chance, 8))
        return OneIn(Chance, 2) ? 0 : Buffer(Chance);
    *Message = (PORT_MESSAGE){.u1.s1.DataLength = (CSHORT)Data,
                              .u1.s1.TotalLength = (CSHORT)(sizeof(*Message) + Data)};
    if (OneIn(Chance, 8))
        Message->u1.Length = (ULONG)Number(Chance);
    if (OneIn(Chance, 4))
        Message->u2.ZeroInit = (ULONG)Number(Chance);
    if (OneIn(Chance, 3))
        Message->MessageId = OneIn(Chance, 2) ? Below(Chance, 64) : (ULONG)Number(Chance);
    return (ULONG_PTR)Message;
}

/* Attributes of a message: any of the seven that there are, with anything in them. */
static ULONG_PTR MessageAttributes(PCHANCE Chance)
{
    PALPC_MESSAGE_ATTRIBUTES Header = Take(Chance, 192);
    PULONG_PTR Words = (PULONG_PTR)(Header + 1);

    if (OneIn(Chance, 2))
        return OneIn(Chance, 4) ? Buffer(Chance) : 0;
    for (ULONG i = 0; i < 184 / sizeof(*Words); i++)
        Words[i] = OneIn(Chance, 2) ? 0 : Word(Chance);
    Header->AllocatedAttributes = Below(Chance, 128) << 25;
    Header->ValidAttributes = Header->AllocatedAttributes & Random(Chance) << 1;
    return (ULONG_PTR)Header;
}

static ULONG_PTR Argument(PCHANCE Chance, char Kind)
{
    switch (Kind) {
    case 'm':
        return Message(Chance);
    case 'a':
        return MessageAttributes(Chance);
    case 'o':
        return Attributes(Chance);
    case 's':
        return OneIn(Chance, 16) ? Buffer(Chance) : (ULONG_PTR)String(Chance);
    case 'q':
        return Quad(Chance);
    case 'i':
    case 'c':
        return Scratch(Chance, 2);
    case 'h':
    case 'p':
    case 'u':
        return Scratch(Chance, 1);
    case 'b':
        return Below(Chance, 2);
    case 'd':
        return Number(Chance);
    default:
        return Word(Chance);
    }
}

/* Not called: what may rightly stop, change or cover the screen of the whole system. */
static BOOLEAN IsLeft(ULONG Service)
{
    return Service == Number_NtShutdownSystem || Service == Number_NtDisplayString ||
           Service == Number_NepDebugPrint || Service == Number_NepTraceProcess ||
           Service == Number_NtSetDebugFilterState || Service == Number_NtSetSystemTime ||
           Service == Number_NtSetSystemInformation;
}

ULONG ChooseCall(ULONG Seed, ULONG Index, PUCHAR Scratch, ULONG_PTR Arguments[FUZZ_ARGUMENTS])
{
    CHANCE Chance = {((ULONG64)Index << 20 ^ Seed) * 0x9e3779b97f4a7c15ull, Scratch, 0};
    ULONG Service;

    for (ULONG i = 0; i < 8; i++)
        Random(&Chance);
    for (ULONG i = FUZZ_SCRATCH_SIZE / 2; i < FUZZ_SCRATCH_SIZE; i += 8 * sizeof(ULONG_PTR))
        *(PULONG_PTR)(Scratch + i) = Word(&Chance);
    do
        Service = Below(&Chance, ARRAYSIZE(Kinds));
    while (IsLeft(Service));
    for (ULONG i = 0; i < FUZZ_ARGUMENTS; i++)
        Arguments[i] = 0;
    for (ULONG i = 0; Kinds[Service][i]; i++)
        Arguments[i] = Argument(&Chance, Kinds[Service][i]);
    return Service;
}
