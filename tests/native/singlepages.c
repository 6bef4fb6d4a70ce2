/* SPDX-License-Identifier: BSD-2-Clause */
/* Single pages, which are valid as soon as they are allocated; variables of services in odd places;
 * sections whose pages' entries are kept in different ways. */
#include "tap.h"
#include "addresses.h"

#define ROUNDS 64

static PVOID AllocatePage(ULONG Type, ULONG Protect)
{
    PVOID Base = NULL;
    SIZE_T Size = 1;

    return NT_SUCCESS(
               NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, Type, Protect)) &&
                   Size == PAGE_SIZE
               ? Base
               : NULL;
}

static NTSTATUS Release(PVOID Base)
{
    SIZE_T Size = 0;

    return NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
}

static MEMORY_WORKING_SET_EX_BLOCK Describe(PVOID Address)
{
    MEMORY_WORKING_SET_EX_INFORMATION Entry = {.VirtualAddress = Address};

    NtQueryVirtualMemory(NtCurrentProcess(), NULL, MemoryWorkingSetExInformation, &Entry,
                         sizeof(Entry), NULL);
    return Entry.VirtualAttributes;
}

static BOOLEAN IsZero(PVOID Page)
{
    volatile ULONG_PTR *Words = Page;
    ULONG i;

    for (i = 0; i < PAGE_SIZE / sizeof(*Words); i++)
        if (Words[i])
            return FALSE;
    return TRUE;
}

/* Whether a page of this kind is valid before anybody has touched it. */
static BOOLEAN IsValidAtOnce(ULONG Type, ULONG Protect)
{
    PVOID Base = AllocatePage(Type, Protect);
    BOOLEAN Valid = Describe(Base).Valid;

    return NT_SUCCESS(Release(Base)) && Valid;
}

static void TestValidity(void)
{
    ok(IsValidAtOnce(MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE), "a single page is valid at once");
    ok(IsValidAtOnce(MEM_COMMIT | MEM_TOP_DOWN, PAGE_EXECUTE_READWRITE), "one that executes, too");
    ok(!IsValidAtOnce(MEM_RESERVE, PAGE_READWRITE), "not one that is only reserved");
    ok(!IsValidAtOnce(MEM_RESERVE | MEM_COMMIT, PAGE_READONLY), "nor one to read");
    ok(!IsValidAtOnce(MEM_RESERVE | MEM_COMMIT, PAGE_NOACCESS), "nor one without access");
    ok(!IsValidAtOnce(MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD), "nor a guard page");
    ok(!IsValidAtOnce(MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE),
       "nor one that is watched");
}

static void TestReuse(void)
{
    ULONG Round, Zero = 0, Gone = 0;

    for (Round = 0; Round < ROUNDS; Round++) {
        PVOID Base = AllocatePage(MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

        if (!Base)
            break;
        Zero += IsZero(Base);
        memset(Base, 0xa5, PAGE_SIZE);
        if (NT_SUCCESS(Release(Base)))
            Gone += NtQuerySystemTime(Base) == STATUS_ACCESS_VIOLATION;
    }
    ok(Zero == ROUNDS, "a page that was freed is zero when it comes back");
    ok(Gone == ROUNDS, "no service can write there meanwhile");
}

static void TestGuard(void)
{
    PVOID Base = AllocatePage(MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD), Page = Base;
    SIZE_T Size = PAGE_SIZE;

    ok_status(NtLockVirtualMemory(NtCurrentProcess(), &Page, &Size, MAP_PROCESS),
              STATUS_GUARD_PAGE_VIOLATION, "a single guard page guards");
    ok(IsZero(Base), "and is an ordinary one then");
    ok_status(Release(Base), STATUS_SUCCESS, "release it");
}

/* ---- The variables that a service reads and writes ---- */

static NTSTATUS Protect(PVOID Base, ULONG New)
{
    SIZE_T Size = PAGE_SIZE;
    ULONG Old;

    return NtProtectVirtualMemory(NtCurrentProcess(), &Base, &Size, New, &Old);
}

/* Base and size at these places, for a page that is allocated and freed. */
static void TestPlaces(PUCHAR BaseAt, PUCHAR SizeAt, const char *What)
{
    PVOID Base = NULL;
    SIZE_T Size = 1;

    memcpy(BaseAt, &Base, sizeof(Base));
    memcpy(SizeAt, &Size, sizeof(Size));
    ok_status(NtAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)BaseAt, 0, (PSIZE_T)SizeAt,
                                      MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE),
              STATUS_SUCCESS, What);
    memcpy(&Base, BaseAt, sizeof(Base));
    memcpy(&Size, SizeAt, sizeof(Size));
    ok(Base && Size == PAGE_SIZE && IsZero(Base), "both are told");
    ok_status(
        NtFreeVirtualMemory(NtCurrentProcess(), (PVOID *)BaseAt, (PSIZE_T)SizeAt, MEM_RELEASE),
        STATUS_SUCCESS, "and read again");
}

/* Neither the base nor the size may lie where nothing can be written. */
static void TestReadOnlyPlaces(PVOID *Writable, PVOID *ReadOnly)
{
    PVOID Page = AllocatePage(MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    PSIZE_T ReadOnlySize = (PSIZE_T)ReadOnly + 1, WritableSize = (PSIZE_T)Writable + 1;

    *Writable = *ReadOnly = Page;
    *WritableSize = *ReadOnlySize = 0;
    ok_status(Protect(ReadOnly, PAGE_READONLY), STATUS_SUCCESS, "a page becomes read-only");
    ok_status(NtFreeVirtualMemory(NtCurrentProcess(), ReadOnly, ReadOnlySize, MEM_RELEASE),
              STATUS_ACCESS_VIOLATION, "both variables in it");
    ok_status(NtFreeVirtualMemory(NtCurrentProcess(), ReadOnly, WritableSize, MEM_RELEASE),
              STATUS_ACCESS_VIOLATION, "the base in it");
    ok_status(NtFreeVirtualMemory(NtCurrentProcess(), Writable, ReadOnlySize, MEM_RELEASE),
              STATUS_ACCESS_VIOLATION, "the size in it");
    ok(IsZero(Page), "nothing was freed");
    ok_status(Protect(ReadOnly, PAGE_READWRITE), STATUS_SUCCESS, "it becomes writable again");
    ok_status(NtFreeVirtualMemory(NtCurrentProcess(), ReadOnly, ReadOnlySize, MEM_RELEASE),
              STATUS_SUCCESS, "now they will do");
}

static void TestArguments(void)
{
    PVOID Base = NULL;
    SIZE_T Size = 2 * PAGE_SIZE;
    PUCHAR Pages;

    NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_RESERVE | MEM_COMMIT,
                            PAGE_READWRITE);
    Pages = Base;
    TestPlaces(Pages + 3, Pages + 21, "two variables at odd places");
    TestPlaces(Pages + PAGE_SIZE - sizeof(PVOID), Pages + PAGE_SIZE, "in two pages");
    TestPlaces(Pages + PAGE_SIZE - 1, Pages + 64, "the base in parts of two pages");
    TestPlaces(Pages + 64, Pages + PAGE_SIZE - 3, "the size in parts of two pages");
    TestReadOnlyPlaces((PVOID *)Pages, (PVOID *)(Pages + PAGE_SIZE));
    ok_status(Release(Base), STATUS_SUCCESS, "release them");
}

/* ---- Sections ---- */

/* Each page keeps what was written through one view, and a new section has nothing of it. */
static void TestSection(ULONG Pages, const char *What)
{
    LARGE_INTEGER Length = {.QuadPart = (LONGLONG)Pages * PAGE_SIZE};
    ULONG Round, i, Zero = 0, Kept = 0;

    for (Round = 0; Round < 2; Round++) {
        PVOID Base = NULL, Again = NULL;
        SIZE_T Size = 0;
        HANDLE Section;

        if (!NT_SUCCESS(NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE,
                                        SEC_COMMIT, NULL)))
            break;
        NtMapViewOfSection(Section, NtCurrentProcess(), &Base, 0, 0, NULL, &Size, ViewUnmap, 0,
                           PAGE_READWRITE);
        for (i = 0; i < Pages; i++) {
            Zero += IsZero((PUCHAR)Base + i * PAGE_SIZE);
            memset((PUCHAR)Base + i * PAGE_SIZE, (int)i + 1, PAGE_SIZE);
        }
        NtUnmapViewOfSection(NtCurrentProcess(), Base);
        NtMapViewOfSection(Section, NtCurrentProcess(), &Again, 0, 0, NULL, &Size, ViewUnmap, 0,
                           PAGE_READONLY);
        for (i = 0; i < Pages; i++)
            Kept += ((volatile UCHAR *)Again)[i * PAGE_SIZE + i] == (UCHAR)(i + 1);
        NtUnmapViewOfSection(NtCurrentProcess(), Again);
        NtClose(Section);
    }
    ok(Zero == 2 * Pages && Kept == 2 * Pages, What);
}

void TestSinglePages(void)
{
    TestValidity();
    TestReuse();
    TestGuard();
    TestArguments();
    TestSection(1, "a section of one page");
    TestSection(64, "of the most whose entries are kept with the segment");
    TestSection(65, "of one page more");
    TestSection(600, "of so many that their entries take a page");
}
