/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory services with extended parameters. */
#include "tap.h"
#include "addresses.h"

#define GRANULE 0x10000

static PVOID Base;
static SIZE_T Size;

static NTSTATUS AllocateEx(ULONG Type, PMEM_EXTENDED_PARAMETER Parameters, ULONG Count)
{
    return NtAllocateVirtualMemoryEx(NtCurrentProcess(), &Base, &Size, Type, PAGE_READWRITE,
                                     Parameters, Count);
}

static void Release(void)
{
    SIZE_T All = 0;

    NtFreeVirtualMemory(NtCurrentProcess(), &Base, &All, MEM_RELEASE);
}

static NTSTATUS AllocateWithin(ULONG_PTR Low, ULONG_PTR High, SIZE_T Alignment, SIZE_T Wanted,
                               ULONG Type)
{
    MEM_ADDRESS_REQUIREMENTS Requirements = {(PVOID)Low, (PVOID)High, Alignment};
    MEM_EXTENDED_PARAMETER Parameter = {.Type = MemExtendedParameterAddressRequirements,
                                        .Pointer = &Requirements};

    Base = NULL;
    Size = Wanted;
    return AllocateEx(Type, &Parameter, 1);
}

static void TestBounds(void)
{
    static const struct {
        ULONG_PTR Low, High;
        SIZE_T Alignment, Size;
        ULONG Type;
        NTSTATUS Status;
        const char *Name;
    } Cases[] = {
        {0, 0, 0, 0x1000, 0, STATUS_SUCCESS, "no bounds"},
        {0x20000000, 0, 0, 0x1000, 0, STATUS_SUCCESS, "a lower bound"},
        {0, 0x2fffffff, 0, 0x1000, MEM_TOP_DOWN, STATUS_SUCCESS, "an upper bound, from the top"},
        {0x20000000, 0x2002ffff, 0, 0x30000, 0, STATUS_SUCCESS, "just enough room"},
        {0x20000000, 0x2002ffff, 0, 0x31000, 0, STATUS_NO_MEMORY, "not enough room"},
        {0x20010000, 0x3fffffff, 0x200000, 0x1000, 0, STATUS_SUCCESS, "an alignment of 2 MB"},
        {0x20010000, 0x3fffffff, 0x1000000, 0x1000, MEM_TOP_DOWN, STATUS_SUCCESS,
         "an alignment of 16 MB, from the top"},
        {0x20010000, 0x201fffff, 0x200000, 0x1000, 0, STATUS_NO_MEMORY, "nothing so aligned"},
        {1, 0, 0, 0x1000, 0, STATUS_INVALID_PARAMETER, "an odd lower bound"},
        {0x1000, 0, 0, 0x1000, 0, STATUS_INVALID_PARAMETER, "one of a page"},
        {MAXULONG_PTR, 0, 0, 0x1000, 0, STATUS_INVALID_PARAMETER, "one above user space"},
        {0, 0x30020000, 0, 0x1000, 0, STATUS_INVALID_PARAMETER,
         "an upper bound that is no last byte"},
        {0, MAXULONG_PTR, 0, 0x1000, 0, STATUS_INVALID_PARAMETER, "one above user space"},
        {0x30030000, 0x3002ffff, 0, 0x1000, 0, STATUS_INVALID_PARAMETER, "bounds that cross"},
        {0, 0, 0x1000, 0x1000, 0, STATUS_INVALID_PARAMETER, "an alignment of a page"},
        {0, 0, 0x30000, 0x1000, 0, STATUS_INVALID_PARAMETER, "one that is no power of two"},
        {0x20000000, 0, 0, 0, 0, STATUS_INVALID_PARAMETER_4, "no bytes"},
    };

    for (ULONG i = 0; i < ARRAYSIZE(Cases); i++) {
        ULONG_PTR Start;

        if (!ok_status(AllocateWithin(Cases[i].Low, Cases[i].High, Cases[i].Alignment,
                                      Cases[i].Size, MEM_RESERVE | Cases[i].Type),
                       Cases[i].Status, Cases[i].Name) ||
            !NT_SUCCESS(Cases[i].Status))
            continue;
        Start = (ULONG_PTR)Base;
        ok(Start >= Cases[i].Low && !(Start & (GRANULE - 1)) && Size == Cases[i].Size,
           "it begins where it may");
        ok(!Cases[i].High || Start + Size - 1 <= Cases[i].High, "it ends where it may");
        ok(!Cases[i].Alignment || !(Start & (Cases[i].Alignment - 1)), "it is aligned");
        Release();
    }
}

/* Between what is there already. */
static void TestGaps(void)
{
    PVOID Wall = (PVOID)0x20010000, Low;
    SIZE_T WallSize = GRANULE, All = 0;

    if (!ok(NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), &Wall, 0, &WallSize, MEM_RESERVE,
                                               PAGE_NOACCESS)),
            "a wall"))
        return;
    ok_status(AllocateWithin(0x20000000, 0x2003ffff, 0, 0x1000, MEM_RESERVE), STATUS_SUCCESS,
              "below a wall");
    ok(Base == (PVOID)0x20000000, "at the lowest place");
    Low = Base;
    ok_status(AllocateWithin(0x20000000, 0x2003ffff, 0, 0x11000, MEM_RESERVE), STATUS_SUCCESS,
              "a larger range");
    ok(Base == (PVOID)0x20020000, "goes behind it");
    Release();
    ok_status(AllocateWithin(0x20000000, 0x2003ffff, 0, 0x1000, MEM_RESERVE | MEM_TOP_DOWN),
              STATUS_SUCCESS, "from the top");
    ok(Base == (PVOID)0x20030000, "at the highest place");
    Release();
    ok_status(AllocateWithin(0x20000000, 0x2001ffff, 0, 0x1000, MEM_RESERVE), STATUS_NO_MEMORY,
              "where all is taken");
    NtFreeVirtualMemory(NtCurrentProcess(), &Wall, &All, MEM_RELEASE);
    All = 0;
    NtFreeVirtualMemory(NtCurrentProcess(), &Low, &All, MEM_RELEASE);
}

static void TestParameters(void)
{
    MEM_ADDRESS_REQUIREMENTS None = {0}, Some = {.Alignment = GRANULE};
    MEM_EXTENDED_PARAMETER Two[2] = {{.Type = MemExtendedParameterNumaNode},
                                     {.Type = MemExtendedParameterAddressRequirements}};

    Size = 0x1000;
    Base = NULL;
    ok_status(AllocateEx(MEM_RESERVE | MEM_COMMIT, NULL, 0), STATUS_SUCCESS, "no parameters");
    *(volatile UCHAR *)Base = 1;
    Release();
    Base = NULL;
    ok_status(AllocateEx(MEM_RESERVE, NULL, 1), STATUS_INVALID_PARAMETER, "one that is not there");
    ok_status(AllocateEx(MEM_RESERVE, (PVOID)8, 1), STATUS_ACCESS_VIOLATION, "one nowhere");
    ok_status(AllocateEx(MEM_RESERVE, Two, 2), STATUS_ACCESS_VIOLATION, "bounds nowhere");
    Two[1].Pointer = &None;
    ok_status(AllocateEx(MEM_RESERVE, Two, 2), STATUS_SUCCESS, "node 0 and empty bounds");
    Release();
    Base = NULL;
    Two[0].ULong = 1;
    ok_status(AllocateEx(MEM_RESERVE, Two, 2), STATUS_INVALID_PARAMETER, "node 1");
    Two[0] = Two[1];
    ok_status(AllocateEx(MEM_RESERVE, Two, 2), STATUS_INVALID_PARAMETER, "bounds twice");
    Two[0].Type = MemExtendedParameterInvalidType;
    ok_status(AllocateEx(MEM_RESERVE, Two, 1), STATUS_INVALID_PARAMETER, "the type that is none");
    Two[0].Type = MemExtendedParameterMax;
    ok_status(AllocateEx(MEM_RESERVE, Two, 1), STATUS_INVALID_PARAMETER, "an unknown type");
    Two[0].Type = MemExtendedParameterPartitionHandle;
    ok_status(AllocateEx(MEM_RESERVE, Two, 1), STATUS_NOT_IMPLEMENTED, "a partition");
    Two[0].Type = MemExtendedParameterAttributeFlags;
    Two[0].ULong64 = 0x40;
    ok_status(AllocateEx(MEM_RESERVE, Two, 1), STATUS_INVALID_PARAMETER, "attributes");
    Two[1].Pointer = &Some;
    Base = (PVOID)FREE_RANGE;
    ok_status(AllocateEx(MEM_RESERVE, Two + 1, 1), STATUS_INVALID_PARAMETER,
              "bounds for an address that is given");
    ok_status(AllocateEx(MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, NULL, 0), STATUS_NOT_IMPLEMENTED,
              "a placeholder");
    ok_status(AllocateEx(0, NULL, 0), STATUS_INVALID_PARAMETER_5, "no type");
    ok_status(NtAllocateVirtualMemoryEx((HANDLE)0x7ffc, &Base, &Size, MEM_RESERVE, PAGE_READWRITE,
                                        NULL, 0),
              STATUS_INVALID_HANDLE, "no process");
}

static NTSTATUS MapEx(HANDLE Section, ULONG Type, PMEM_EXTENDED_PARAMETER Parameters, ULONG Count)
{
    Size = 0;
    return NtMapViewOfSectionEx(Section, NtCurrentProcess(), &Base, NULL, &Size, Type,
                                PAGE_READWRITE, Parameters, Count);
}

static void TestViews(void)
{
    MEM_ADDRESS_REQUIREMENTS Within = {(PVOID)0x20000000, (PVOID)0x20ffffff, 0x100000};
    MEM_EXTENDED_PARAMETER Parameter = {.Type = MemExtendedParameterAddressRequirements,
                                        .Pointer = &Within};
    LARGE_INTEGER Length = {.QuadPart = 0x3000};
    HANDLE Section;

    ok_status(NtCreateSectionEx(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE,
                                SEC_COMMIT, NULL, &Parameter, 1),
              STATUS_INVALID_PARAMETER, "a section has no bounds");
    ok_status(NtCreateSectionEx(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE,
                                SEC_COMMIT, NULL, NULL, 1),
              STATUS_INVALID_PARAMETER, "nor a parameter that is not there");
    if (!ok_status(NtCreateSectionEx(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE,
                                     SEC_COMMIT, NULL, NULL, 0),
                   STATUS_SUCCESS, "a section"))
        return;
    Base = NULL;
    ok_status(MapEx(Section, 0, &Parameter, 1), STATUS_SUCCESS, "a view within bounds");
    ok(Base == (PVOID)0x20000000 && Size == 0x3000, "at their beginning");
    *(volatile UCHAR *)Base = 1;
    ok_status(NtUnmapViewOfSectionEx(NtCurrentProcess(), Base, 4), STATUS_INVALID_PARAMETER_3,
              "unmap with an unknown flag");
    ok_status(NtUnmapViewOfSectionEx(NtCurrentProcess(), Base, MEM_PRESERVE_PLACEHOLDER),
              STATUS_CONFLICTING_ADDRESSES, "it replaces no placeholder");
    ok_status(NtUnmapViewOfSectionEx(NtCurrentProcess(), Base, MEM_UNMAP_WITH_TRANSIENT_BOOST),
              STATUS_SUCCESS, "unmap it");
    ok_status(NtUnmapViewOfSectionEx(NtCurrentProcess(), Base, 0), STATUS_NOT_MAPPED_VIEW,
              "not twice");
    Base = NULL;
    ok_status(MapEx(Section, MEM_TOP_DOWN, &Parameter, 1), STATUS_SUCCESS, "from the top");
    ok(Base == (PVOID)0x20f00000, "at the highest place");
    NtUnmapViewOfSection(NtCurrentProcess(), Base);
    ok_status(MapEx(Section, 0, &Parameter, 1), STATUS_INVALID_PARAMETER,
              "bounds for an address that is given");
    Base = NULL;
    ok_status(MapEx(Section, MEM_REPLACE_PLACEHOLDER, NULL, 0), STATUS_NOT_IMPLEMENTED,
              "a placeholder");
    ok_status(MapEx(Section, 0x80000000, NULL, 0), STATUS_INVALID_PARAMETER_6, "an unknown type");
    ok_status(MapEx(NULL, 0, NULL, 0), STATUS_INVALID_HANDLE, "no section");
    NtClose(Section);
}

void TestPlacement(void)
{
    TestBounds();
    TestGaps();
    TestParameters();
    TestViews();
}
