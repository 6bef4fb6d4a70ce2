/* SPDX-License-Identifier: BSD-2-Clause */
/* What is in memory and stays there: locking, working sets, regions, hints, flushing. */
#include "security.h"
#include "addresses.h"

#define PAGES 4

static PUCHAR Memory;

static NTSTATUS Lock(ULONG_PTR Offset, SIZE_T Size, ULONG Type)
{
    PVOID Base = Memory + Offset;
    SIZE_T Length = Size;
    NTSTATUS Status = NtLockVirtualMemory(NtCurrentProcess(), &Base, &Length, Type);

    if (NT_SUCCESS(Status) && (((ULONG_PTR)Base | Length) & (PAGE_SIZE - 1)))
        return STATUS_UNSUCCESSFUL;
    return Status;
}

static NTSTATUS Unlock(ULONG_PTR Offset, SIZE_T Size)
{
    PVOID Base = Memory + Offset;

    return NtUnlockVirtualMemory(NtCurrentProcess(), &Base, &Size, MAP_PROCESS);
}

static MEMORY_WORKING_SET_EX_BLOCK Describe(PVOID Address)
{
    MEMORY_WORKING_SET_EX_INFORMATION Entry = {.VirtualAddress = Address};

    NtQueryVirtualMemory(NtCurrentProcess(), NULL, MemoryWorkingSetExInformation, &Entry,
                         sizeof(Entry), NULL);
    return Entry.VirtualAttributes;
}

static ULONG SetProtection(ULONG_PTR Offset, ULONG Protect)
{
    PVOID Base = Memory + Offset;
    SIZE_T Size = 1;
    ULONG Old = 0;

    NtProtectVirtualMemory(NtCurrentProcess(), &Base, &Size, Protect, &Old);
    return Old;
}

static void TestLocking(void)
{
    PVOID Base = (PVOID)KERNEL_ADDRESS;
    SIZE_T Size = 1;

    ok(!Describe(Memory).Valid, "a page that was not touched is not resident");
    ok_status(Lock(0x10, PAGE_SIZE, MAP_PROCESS), STATUS_SUCCESS, "lock two pages");
    ok(Describe(Memory).Valid && Describe(Memory).Locked && Describe(Memory + PAGE_SIZE).Locked,
       "they are resident and locked");
    ok(!Describe(Memory + 2 * PAGE_SIZE).Locked, "the next is not");
    ok_status(Lock(PAGE_SIZE, 2 * PAGE_SIZE, MAP_PROCESS), STATUS_WAS_LOCKED, "one of them again");
    ok_status(Unlock(0, 4 * PAGE_SIZE), STATUS_NOT_LOCKED, "unlock one that is not locked too");
    ok(Describe(Memory).Locked, "then none is unlocked");
    ok_status(Unlock(0, 3 * PAGE_SIZE), STATUS_SUCCESS, "unlock all");
    ok_status(Unlock(PAGE_SIZE, 1), STATUS_NOT_LOCKED, "locks do not nest");
    ok_status(Lock(0, 1, 0), STATUS_INVALID_PARAMETER, "no type");
    ok_status(Lock(0, 1, 4), STATUS_INVALID_PARAMETER, "an unknown type");
    SetPrivilege(SE_LOCK_MEMORY_PRIVILEGE, FALSE);
    ok_status(Lock(0, 1, MAP_SYSTEM), STATUS_PRIVILEGE_NOT_HELD, "a type that wants a privilege");
    SetPrivilege(SE_LOCK_MEMORY_PRIVILEGE, TRUE);
    ok_status(Lock(0, 1, MAP_SYSTEM), STATUS_SUCCESS, "with that it locks");
    ok(Describe(Memory).Locked, "like the other");
    ok_status(Unlock(0, 1), STATUS_SUCCESS, "and is unlocked");
    ok_status(Lock(0, 0, MAP_PROCESS), STATUS_INVALID_PARAMETER_3, "no bytes");
    ok_status(NtLockVirtualMemory(NtCurrentProcess(), &Base, &Size, MAP_PROCESS),
              STATUS_INVALID_PARAMETER_2, "a kernel address");
    ok_status(NtLockVirtualMemory(NtCurrentProcess(), (PVOID *)8, &Size, MAP_PROCESS),
              STATUS_ACCESS_VIOLATION, "an address nowhere");
    ok_status(Lock(PAGES * PAGE_SIZE - 1, 2, MAP_PROCESS), STATUS_ACCESS_VIOLATION,
              "a page that is not there");
    ok(!Describe(Memory + 3 * PAGE_SIZE).Locked, "then none is locked");
    SetProtection(0, PAGE_NOACCESS);
    ok_status(Lock(0, 1, MAP_PROCESS), STATUS_ACCESS_VIOLATION, "a page without access");
    SetProtection(0, PAGE_READWRITE | PAGE_GUARD);
    ok_status(Lock(0, 1, MAP_PROCESS), STATUS_GUARD_PAGE_VIOLATION, "a guard page");
    ok_status(Lock(0, 1, MAP_PROCESS), STATUS_SUCCESS, "which is ordinary then");
    ok_status(Unlock(0, 1), STATUS_SUCCESS, "unlock it");
}

static void TestWorkingSetEx(void)
{
    MEMORY_WORKING_SET_EX_INFORMATION Entries[3] = {
        {.VirtualAddress = Memory},
        {.VirtualAddress = NtCurrentPeb()->ImageBaseAddress},
        {.VirtualAddress = (PVOID)KERNEL_ADDRESS}};
    SIZE_T Length = 0;

    Memory[0] = 1;
    ok_status(NtQueryVirtualMemory(NtCurrentProcess(), NULL, MemoryWorkingSetExInformation, Entries,
                                   sizeof(Entries), &Length),
              STATUS_SUCCESS, "ask about three addresses");
    ok(Length == sizeof(Entries), "all are answered");
    ok(Entries[0].VirtualAttributes.Valid &&
           Entries[0].VirtualAttributes.Win32Protection == PAGE_READWRITE &&
           !Entries[0].VirtualAttributes.Shared && !Entries[0].VirtualAttributes.ShareCount,
       "a private page");
    ok(Entries[1].VirtualAttributes.Shared, "a page of an image");
    ok(!Entries[2].VirtualAttributes.Flags, "an address of the kernel");
    ok_status(NtQueryVirtualMemory(NtCurrentProcess(), NULL, MemoryWorkingSetExInformation, Entries,
                                   sizeof(Entries[0]) - 1, NULL),
              STATUS_INFO_LENGTH_MISMATCH, "less than one address");
}

static void TestWorkingSet(void)
{
    static MEMORY_WORKING_SET_BLOCK Blocks[4096];
    PMEMORY_WORKING_SET_INFORMATION Set = (PVOID)Blocks;
    BOOLEAN Found = FALSE, Ascending = TRUE;
    ULONG_PTR Few;
    SIZE_T Length = 0;

    Memory[0] = 1;
    ok_status(NtQueryVirtualMemory(NtCurrentProcess(), NULL, MemoryWorkingSetInformation, &Few,
                                   sizeof(Few), NULL),
              STATUS_INFO_LENGTH_MISMATCH, "a buffer that is too small");
    ok(Few > PAGES && Few < ARRAYSIZE(Blocks), "learns how many pages there are");
    ok_status(NtQueryVirtualMemory(NtCurrentProcess(), NULL, MemoryWorkingSetInformation, &Few,
                                   sizeof(Few) - 1, NULL),
              STATUS_INFO_LENGTH_MISMATCH, "one that is smaller still");
    ok_status(NtQueryVirtualMemory(NtCurrentProcess(), NULL, MemoryWorkingSetInformation, Blocks,
                                   sizeof(Blocks), &Length),
              STATUS_SUCCESS, "the working set");
    ok(Length == (Set->NumberOfEntries + 1) * sizeof(ULONG_PTR), "its length");
    for (ULONG_PTR i = 0; i < Set->NumberOfEntries; i++) {
        Found |= Set->WorkingSetInfo[i].VirtualPage == (ULONG_PTR)Memory >> PAGE_SHIFT &&
                 Set->WorkingSetInfo[i].Protection == 4 && !Set->WorkingSetInfo[i].Shared;
        Ascending &=
            !i || Set->WorkingSetInfo[i].VirtualPage > Set->WorkingSetInfo[i - 1].VirtualPage;
    }
    ok(Found && Ascending, "the page is there, as private and writable");
}

static NTSTATUS Region(PVOID Address, MEMORY_REGION_INFORMATION *Information, SIZE_T Length)
{
    memset(Information, 0xff, sizeof(*Information));
    return NtQueryVirtualMemory(NtCurrentProcess(), Address, MemoryRegionInformation, Information,
                                Length, NULL);
}

static void TestRegion(void)
{
    MEMORY_REGION_INFORMATION Information;
    PVOID Base = Memory + PAGE_SIZE;
    SIZE_T Size = PAGE_SIZE;

    ok_status(Region(Memory + 2 * PAGE_SIZE + 5, &Information, sizeof(Information)), STATUS_SUCCESS,
              "the region of an address");
    ok(Information.AllocationBase == Memory && Information.RegionSize == PAGES * PAGE_SIZE &&
           Information.AllocationProtect == PAGE_READWRITE,
       "is the whole allocation");
    ok(Information.RegionType == 1 && Information.CommitSize == PAGES * PAGE_SIZE,
       "private and committed");
    NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_DECOMMIT);
    Region(Memory, &Information, sizeof(Information));
    ok(Information.CommitSize == (PAGES - 1) * PAGE_SIZE, "less when a page is decommitted");
    NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_COMMIT, PAGE_READWRITE);
    ok_status(Region(Memory, &Information, FIELD_OFFSET(MEMORY_REGION_INFORMATION, CommitSize)),
              STATUS_SUCCESS, "the older structure");
    ok(Information.RegionSize == PAGES * PAGE_SIZE && Information.CommitSize == MAXULONG_PTR,
       "and nothing behind it");
    ok_status(Region(Memory, &Information, FIELD_OFFSET(MEMORY_REGION_INFORMATION, CommitSize) - 1),
              STATUS_INFO_LENGTH_MISMATCH, "less than that");
    ok_status(Region((PVOID)FREE_RANGE, &Information, sizeof(Information)), STATUS_INVALID_ADDRESS,
              "where nothing is");
    Region(NtCurrentPeb()->ImageBaseAddress, &Information, sizeof(Information));
    ok(Information.RegionType == 4, "an image");
}

static NTSTATUS Hint(ULONG Class, ULONG_PTR Count, PMEMORY_RANGE_ENTRY Ranges, PULONG Flags,
                     ULONG Length)
{
    return NtSetInformationVirtualMemory(NtCurrentProcess(), Class, Count, Ranges, Flags, Length);
}

static void TestPrefetch(void)
{
    MEMORY_RANGE_ENTRY Ranges[2] = {{Memory, PAGE_SIZE}, {Memory + PAGE_SIZE, 1}};
    ULONG None = 0, Some = 1;

    ok_status(Hint(VmPrefetchInformation, 2, Ranges, &None, 4), STATUS_SUCCESS, "prefetch");
    ok_status(Hint(99, 2, Ranges, &None, 4), STATUS_INVALID_PARAMETER_2, "an unknown class");
    ok_status(Hint(VmPrefetchInformation, 0, NULL, NULL, 0), STATUS_INVALID_PARAMETER_5,
              "no flags");
    ok_status(Hint(VmPrefetchInformation, 1, Ranges, &None, 8), STATUS_INVALID_PARAMETER_6,
              "too many");
    ok_status(Hint(VmPrefetchInformation, 1, Ranges, &None, 2), STATUS_INVALID_PARAMETER_6,
              "too few");
    ok_status(Hint(VmPrefetchInformation, 1, Ranges, &Some, 4), STATUS_INVALID_PARAMETER_5,
              "unknown ones");
    ok_status(Hint(VmPrefetchInformation, 0, Ranges, &None, 4), STATUS_INVALID_PARAMETER_3,
              "no ranges");
    ok_status(Hint(VmPrefetchInformation, 1, NULL, &None, 4), STATUS_ACCESS_VIOLATION,
              "ranges nowhere");
    Ranges[1].NumberOfBytes = 0;
    ok_status(Hint(VmPrefetchInformation, 2, Ranges, &None, 4), STATUS_INVALID_PARAMETER_4,
              "an empty range");
}

static NTSTATUS Flush(PVOID Base, PSIZE_T Size)
{
    IO_STATUS_BLOCK Iosb;

    return NtFlushVirtualMemory(NtCurrentProcess(), &Base, Size, &Iosb);
}

static HANDLE FileSection(ULONG Attributes, ULONG Protect)
{
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"\\SystemRoot\\ntcmd.exe");
    OBJECT_ATTRIBUTES Object;
    IO_STATUS_BLOCK Iosb;
    HANDLE File, Section = NULL;

    InitializeObjectAttributes(&Object, &Path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (!NT_SUCCESS(NtOpenFile(&File, FILE_READ_DATA | FILE_EXECUTE | SYNCHRONIZE, &Object, &Iosb,
                               FILE_SHARE_READ, FILE_SYNCHRONOUS_IO_NONALERT)))
        return NULL;
    NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, NULL, Protect, Attributes, File);
    NtClose(File);
    return Section;
}

static PVOID MapAll(HANDLE Section, ULONG Protect)
{
    PVOID Base = NULL;
    SIZE_T Size = 0;

    NtMapViewOfSection(Section, NtCurrentProcess(), &Base, 0, 0, NULL, &Size, ViewUnmap, 0,
                       Protect);
    return Base;
}

static void TestFlush(void)
{
    HANDLE Section = FileSection(SEC_COMMIT, PAGE_READONLY);
    PUCHAR View = MapAll(Section, PAGE_READONLY);
    MEMORY_REGION_INFORMATION Information;
    LARGE_INTEGER Length = {.QuadPart = 1};
    SIZE_T Size = 0;

    if (!ok(View != NULL, "a view of a file"))
        return;
    ok_status(Flush(View, &Size), STATUS_SUCCESS, "flush it all");
    Region(View, &Information, sizeof(Information));
    ok(Size == Information.RegionSize && Information.RegionType == 2, "that is its size");
    Size = 5;
    ok_status(Flush(View + 0x10, &Size), STATUS_SUCCESS, "flush five bytes");
    ok(Size == PAGE_SIZE, "that is a page");
    Size = (SIZE_T)1 << 30;
    ok_status(Flush(View, &Size), STATUS_INVALID_PARAMETER_3, "more than the view");
    ok_status(Flush(Memory, &Size), STATUS_NOT_MAPPED_VIEW, "private memory");
    ok_status(Flush(NtCurrentPeb()->ImageBaseAddress, &Size), STATUS_NOT_MAPPED_DATA, "an image");
    ok_status(Flush((PVOID)KERNEL_ADDRESS, &Size), STATUS_INVALID_PARAMETER_2, "a kernel address");
    ok_status(NtExtendSection(Section, &Length), STATUS_SUCCESS, "extend a section by nothing");
    ok(Length.QuadPart > PAGE_SIZE, "its size is told");
    Length.QuadPart++;
    ok_status(NtExtendSection(Section, &Length), STATUS_SECTION_NOT_EXTENDED,
              "a file that would grow, by a section that cannot write");
    NtUnmapViewOfSection(NtCurrentProcess(), View);
    NtClose(Section);
    Length.QuadPart = PAGE_SIZE;
    NtCreateSection(&Section, SECTION_MAP_READ, NULL, &Length, PAGE_READWRITE, SEC_COMMIT, NULL);
    ok_status(NtExtendSection(Section, &Length), STATUS_ACCESS_DENIED, "the right to extend");
    NtClose(Section);
    NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE, SEC_COMMIT, NULL);
    ok_status(NtExtendSection(Section, &Length), STATUS_SECTION_NOT_EXTENDED, "memory cannot grow");
    View = MapAll(Section, PAGE_READWRITE);
    Size = 0;
    ok_status(Flush(View, &Size), STATUS_NOT_MAPPED_DATA, "a view of memory");
    NtUnmapViewOfSection(NtCurrentProcess(), View);
    NtClose(Section);
}

static void TestSameFiles(void)
{
    HANDLE First = FileSection(SEC_IMAGE, PAGE_EXECUTE),
           Second = FileSection(SEC_IMAGE, PAGE_EXECUTE),
           Data = FileSection(SEC_COMMIT, PAGE_READONLY);
    PUCHAR A = MapAll(First, PAGE_EXECUTE), B = MapAll(Second, PAGE_EXECUTE),
           C = MapAll(Data, PAGE_READONLY);

    ok_status(NtAreMappedFilesTheSame(A, A + PAGE_SIZE), STATUS_SUCCESS, "one view");
    ok_status(NtAreMappedFilesTheSame(A, B), STATUS_SUCCESS, "two views of an image");
    ok_status(NtAreMappedFilesTheSame(A, C), STATUS_SUCCESS, "an image and its file");
    ok_status(NtAreMappedFilesTheSame(C, A), STATUS_NOT_SAME_DEVICE, "the first is to be an image");
    ok_status(NtAreMappedFilesTheSame(A, NtCurrentPeb()->ImageBaseAddress), STATUS_NOT_SAME_DEVICE,
              "two images");
    ok_status(NtAreMappedFilesTheSame(A, Memory), STATUS_CONFLICTING_ADDRESSES, "private memory");
    ok_status(NtAreMappedFilesTheSame(A, (PVOID)FREE_RANGE), STATUS_INVALID_ADDRESS, "nothing");
    NtUnmapViewOfSection(NtCurrentProcess(), A);
    NtUnmapViewOfSection(NtCurrentProcess(), B);
    NtUnmapViewOfSection(NtCurrentProcess(), C);
    NtClose(First);
    NtClose(Second);
    NtClose(Data);
}

static NTSTATUS AllocateType(ULONG Type, ULONG Protect)
{
    PVOID Base = Type & MEM_RESERVE ? NULL : Memory;
    SIZE_T Size = PAGE_SIZE;

    return NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, Type, Protect);
}

static void TestTypes(void)
{
    PVOID Base = Memory;
    SIZE_T Size = 0;

    ok_status(AllocateType(MEM_RESET, PAGE_READWRITE), STATUS_SUCCESS, "reset");
    ok_status(AllocateType(MEM_RESET_UNDO, PAGE_READWRITE), STATUS_SUCCESS, "undo it");
    ok_status(AllocateType(MEM_RESET | MEM_COMMIT, PAGE_READWRITE), STATUS_INVALID_PARAMETER_5,
              "reset and commit");
    ok_status(AllocateType(MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE), STATUS_NOT_IMPLEMENTED,
              "physical pages");
    ok_status(AllocateType(MEM_RESERVE | MEM_COMMIT, PAGE_WRITECOPY),
              STATUS_INVALID_PAGE_PROTECTION, "private pages that copy on write");
    ok_status(AllocateType(MEM_RESERVE, PAGE_NOACCESS | PAGE_GUARD), STATUS_INVALID_PAGE_PROTECTION,
              "a guard without access");
    ok_status(NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size,
                                  MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER),
              STATUS_CONFLICTING_ADDRESSES, "it is no placeholder");
    ok_status(NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE | MEM_DECOMMIT),
              STATUS_INVALID_PARAMETER_4, "release and decommit");
}

/* Refused for want of a privilege; with it, for another reason. */
static void TestPrivileged(BOOLEAN Held)
{
    NTSTATUS Large = Held ? STATUS_NOT_SUPPORTED : STATUS_PRIVILEGE_NOT_HELD;
    LARGE_INTEGER Length = {.QuadPart = 0x200000};
    ULONG_PTR Count = 1, Frame;
    HANDLE Section;

    SetPrivilege(SE_LOCK_MEMORY_PRIVILEGE, Held);
    ok_status(AllocateType(MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES, PAGE_READWRITE), Large,
              "large pages");
    ok_status(NtAllocateUserPhysicalPages(NtCurrentProcess(), &Count, &Frame),
              Held ? STATUS_NOT_IMPLEMENTED : STATUS_PRIVILEGE_NOT_HELD, "frames");
    ok_status(NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE,
                              SEC_COMMIT | SEC_LARGE_PAGES, NULL),
              Large, "a section of large pages");
}

static NTSTATUS NTAPI Forget(PVOID Address, SIZE_T Size)
{
    return Address == Memory && Size == 5 ? STATUS_SUCCESS : STATUS_ACCESS_DENIED;
}

static void TestStack(void)
{
    MEMORY_BASIC_INFORMATION Basic;
    INITIAL_TEB Stack;

    ok_status(RtlCreateUserStack(0x3000, 0x20000, 0, 1, 1, &Stack), STATUS_SUCCESS, "a stack");
    ok((PUCHAR)Stack.StackBase - (PUCHAR)Stack.StackAllocationBase == 0x20000, "of its size");
    ok((PUCHAR)Stack.StackBase - (PUCHAR)Stack.StackLimit == 0x3000, "committed so far");
    NtQueryVirtualMemory(NtCurrentProcess(), (PUCHAR)Stack.StackLimit - PAGE_SIZE,
                         MemoryBasicInformation, &Basic, sizeof(Basic), NULL);
    ok(Basic.Protect == (PAGE_READWRITE | PAGE_GUARD) && Basic.RegionSize == PAGE_SIZE,
       "with a guard page below");
    RtlFreeUserStack(Stack.StackAllocationBase);
    ok_status(RtlCreateUserStack(0x11000, 0x10000, 0, 1, 0x10000, &Stack), STATUS_SUCCESS,
              "more committed than reserved");
    ok((PUCHAR)Stack.StackBase - (PUCHAR)Stack.StackAllocationBase == 0x100000,
       "makes it a megabyte");
    RtlFreeUserStack(Stack.StackAllocationBase);
    ok_status(RtlCreateUserStack(0, 0, 0, 0, 1, &Stack), STATUS_INVALID_PARAMETER,
              "pages of no size");
    ok(!RtlFlushSecureMemoryCache(Memory, 5), "nobody keeps anything in memory");
    ok_status(RtlRegisterSecureMemoryCacheCallback(Forget), STATUS_SUCCESS, "now somebody does");
    ok(RtlFlushSecureMemoryCache(Memory, 5) && !RtlFlushSecureMemoryCache(Memory, 6),
       "and is told");
    ok_status(RtlDeregisterSecureMemoryCacheCallback(Forget), STATUS_SUCCESS, "no longer");
    ok_status(RtlDeregisterSecureMemoryCacheCallback(Forget), STATUS_INVALID_PARAMETER,
              "not twice");
}

void TestResidence(void)
{
    PVOID Base = NULL;
    SIZE_T Size = PAGES * PAGE_SIZE, All = 0;

    NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_RESERVE | MEM_COMMIT,
                            PAGE_READWRITE);
    Memory = Base;
    TestLocking();
    TestWorkingSetEx();
    TestWorkingSet();
    TestRegion();
    TestPrefetch();
    TestFlush();
    TestSameFiles();
    TestTypes();
    TestPrivileged(FALSE);
    TestPrivileged(TRUE);
    TestStack();
    NtFreeVirtualMemory(NtCurrentProcess(), &Base, &All, MEM_RELEASE);
}
