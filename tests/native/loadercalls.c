/* SPDX-License-Identifier: BSD-2-Clause */
/* Handles, names and lists of modules, the loader lock, and what programs read in the PEB. */
#include "tap.h"

static UNICODE_STRING NtdllName = RTL_CONSTANT_STRING(u"ntdll.dll");

static ULONG CountOf(PVOID Base)
{
    PLDR_DATA_TABLE_ENTRY Entry;

    return NT_SUCCESS(LdrFindEntryForAddress(Base, &Entry)) ? Entry->ObsoleteLoadCount : 0xbad;
}

static void TestHandles(void)
{
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"\\SystemRoot\\tests\\testdll.dll"),
                   Name = RTL_CONSTANT_STRING(u"TESTDLL"),
                   None = RTL_CONSTANT_STRING(u"C:\\none\\testdll.dll");
    PVOID Dll, Found;

    if (!ok_status(LdrLoadDll(NULL, NULL, &Path, &Dll), STATUS_SUCCESS, "load a DLL"))
        return;
    ok_status(LdrGetDllHandleEx(4, NULL, NULL, &Name, &Found), STATUS_INVALID_PARAMETER,
              "an unknown flag");
    ok_status(LdrGetDllHandleEx(0, NULL, NULL, &Name, NULL), STATUS_INVALID_PARAMETER,
              "no place for the handle");
    ok_status(
        LdrGetDllHandleEx(LDR_GET_DLL_HANDLE_EX_UNCHANGED_REFCOUNT, NULL, NULL, &Name, &Found),
        STATUS_SUCCESS, "its handle");
    ok(Found == Dll && CountOf(Dll) == 1, "it is not counted");
    ok_status(LdrGetDllHandleEx(0, NULL, NULL, &Path, &Found), STATUS_SUCCESS, "by its path");
    ok(Found == Dll && CountOf(Dll) == 2, "it is counted");
    ok_status(LdrGetDllHandleEx(0, NULL, NULL, &None, &Found), STATUS_DLL_NOT_FOUND,
              "another path");
    ok_status(LdrAddRefDll(0, Dll), STATUS_SUCCESS, "count it once more");
    ok(CountOf(Dll) == 3, "it is");
    ok_status(LdrAddRefDll(2, Dll), STATUS_INVALID_PARAMETER, "an unknown flag to count it");
    ok_status(LdrAddRefDll(0, (PUCHAR)Dll + 1), STATUS_INVALID_PARAMETER, "no module");
    LdrUnloadDll(Dll);
    LdrUnloadDll(Dll);
    LdrUnloadDll(Dll);
    ok_status(LdrGetDllHandle(NULL, NULL, &Name, &Found), STATUS_DLL_NOT_FOUND, "it is gone");
    LdrGetDllHandle(NULL, NULL, &NtdllName, &Found);
    ok(CountOf(Found) == MAXUSHORT, "ntdll never goes");
    ok_status(LdrUnloadDll(Found), STATUS_SUCCESS, "unloading it does nothing");
}

static void TestFullNames(void)
{
    WCHAR Buffer[64];
    UNICODE_STRING Name = {0, sizeof(Buffer), Buffer};
    PVOID Ntdll;

    LdrGetDllHandle(NULL, NULL, &NtdllName, &Ntdll);
    ok_status(LdrGetDllFullName(Ntdll, &Name), STATUS_SUCCESS, "ntdll's full name");
    ok(_wcsicmp(Buffer, u"C:\\windows\\system32\\ntdll.dll") == 0, "as a DOS path");
    ok_status(LdrGetDllFullName(NULL, &Name), STATUS_SUCCESS, "the program's");
    ok(RtlEqualUnicodeString(&Name, &NtCurrentPeb()->ProcessParameters->ImagePathName, TRUE),
       "as in its parameters");
    Name.MaximumLength = 10;
    ok_status(LdrGetDllFullName(Ntdll, &Name), STATUS_BUFFER_TOO_SMALL, "without room");
    ok(Name.Length == 10 && Buffer[0] == 'C', "as much as fits");
    ok_status(LdrGetDllFullName(Buffer, &Name), STATUS_DLL_NOT_FOUND, "of no module");
}

static void TestProcedures(void)
{
    ANSI_STRING Name = RTL_CONSTANT_STRING("NtClose");
    PVOID Ntdll, One = NULL, Two = NULL;

    LdrGetDllHandle(NULL, NULL, &NtdllName, &Ntdll);
    ok_status(LdrGetProcedureAddressEx(Ntdll, &Name, 0, &One, 0), STATUS_SUCCESS, "an address");
    ok_status(LdrGetProcedureAddressForCaller(
                  Ntdll, &Name, 0, &Two, LDR_GET_PROCEDURE_ADDRESS_DONT_RECORD_FORWARDER, NULL),
              STATUS_SUCCESS, "for somebody else");
    ok(One && One == Two, "is the same");
    ok_status(LdrGetProcedureAddressEx(Ntdll, &Name, 0, &One, 2), STATUS_INVALID_PARAMETER,
              "an unknown flag");
    ok_status(LdrGetProcedureAddress(&One, &Name, 0, &One), STATUS_DLL_NOT_FOUND, "no module");
}

static void TestLock(void)
{
    ULONG Disposition = 9;
    ULONG_PTR Cookie = 9;

    ok_status(LdrLockLoaderLock(4, &Disposition, &Cookie), STATUS_INVALID_PARAMETER_1,
              "unknown flags");
    ok(Disposition == LDR_LOCK_LOADER_LOCK_DISPOSITION_INVALID && !Cookie, "results are zero");
    ok_status(LdrLockLoaderLock(0, &Disposition, NULL), STATUS_INVALID_PARAMETER_3, "no cookie");
    ok_status(LdrLockLoaderLock(LDR_LOCK_LOADER_LOCK_FLAG_TRY_ONLY, NULL, &Cookie),
              STATUS_INVALID_PARAMETER_2, "an attempt without a result");
    ok_status(LdrLockLoaderLock(0, NULL, &Cookie), STATUS_SUCCESS, "take the loader lock");
    ok(Cookie != 0, "a cookie");
    ok_status(LdrUnlockLoaderLock(2, Cookie), STATUS_INVALID_PARAMETER_1,
              "unknown flags to give it back");
    ok_status(LdrUnlockLoaderLock(0, Cookie + 1), STATUS_INVALID_PARAMETER_2,
              "somebody else's cookie");
    ok_status(LdrUnlockLoaderLock(0, 0), STATUS_SUCCESS, "none");
    ok_status(LdrUnlockLoaderLock(0, Cookie), STATUS_SUCCESS, "its own");
    ok_status(LdrLockLoaderLock(LDR_LOCK_LOADER_LOCK_FLAG_TRY_ONLY, &Disposition, &Cookie),
              STATUS_SUCCESS, "try");
    ok(Disposition == LDR_LOCK_LOADER_LOCK_DISPOSITION_LOCK_ACQUIRED, "it was free");
    LdrUnlockLoaderLock(0, Cookie);
}

static void NTAPI CountModules(PLDR_DATA_TABLE_ENTRY Entry, PVOID Context, PBOOLEAN Stop)
{
    PULONG Counts = Context;

    if (!Counts[0]++)
        Counts[1] = Entry->DllBase == NtCurrentPeb()->ImageBaseAddress;
    *Stop = Counts[0] == Counts[2];
}

static void TestEnumeration(void)
{
    static UCHAR Buffer[16 * sizeof(RTL_PROCESS_MODULE_INFORMATION)];
    PRTL_PROCESS_MODULES Modules = (PRTL_PROCESS_MODULES)Buffer;
    ULONG Counts[3] = {0, 0, 0}, Length = 0, Least = offsetof(RTL_PROCESS_MODULES, Modules);

    ok_status(LdrEnumerateLoadedModules(1, CountModules, Counts), STATUS_INVALID_PARAMETER,
              "what is reserved");
    ok_status(LdrEnumerateLoadedModules(0, NULL, Counts), STATUS_INVALID_PARAMETER, "no routine");
    ok_status(LdrEnumerateLoadedModules(0, CountModules, Counts), STATUS_SUCCESS,
              "enumerate modules");
    ok(Counts[0] >= 2 && Counts[1], "program and ntdll at least, the program first");
    Counts[0] = 0;
    Counts[2] = 1;
    LdrEnumerateLoadedModules(0, CountModules, Counts);
    ok(Counts[0] == 1, "the routine can stop it");
    ok_status(LdrQueryProcessModuleInformation(NULL, 0, &Length), STATUS_INFO_LENGTH_MISMATCH,
              "query modules without room");
    ok(Length >= Least + 2 * sizeof(Modules->Modules[0]), "the room that they need");
    ok_status(LdrQueryProcessModuleInformation(Modules, sizeof(Buffer), &Length), STATUS_SUCCESS,
              "query modules");
    ok(Length == Least + Modules->NumberOfModules * sizeof(Modules->Modules[0]) &&
           Modules->Modules[0].ImageBase == NtCurrentPeb()->ImageBaseAddress &&
           strcmp((PCHAR)Modules->Modules[0].FullPathName + Modules->Modules[0].OffsetToFileName,
                  "umtests.exe") == 0,
       "the program is the first");
    ok_status(
        LdrQueryProcessModuleInformation(Modules, Least + sizeof(Modules->Modules[0]), &Length),
        STATUS_INFO_LENGTH_MISMATCH, "room for one");
}

/* Whether a list has this entry, and as many links backwards as forwards. */
static BOOLEAN IsListed(PLIST_ENTRY Head, PLIST_ENTRY Entry)
{
    BOOLEAN Found = FALSE;
    LONG Balance = 0;

    for (PLIST_ENTRY Links = Head->Flink; Links != Head; Links = Links->Flink) {
        Balance++;
        Found |= Links == Entry;
    }
    for (PLIST_ENTRY Links = Head->Blink; Links != Head; Links = Links->Blink)
        Balance--;
    return Found && !Balance;
}

static void TestPeb(void)
{
    PPEB_LDR_DATA Data = NtCurrentPeb()->Ldr;
    PLDR_DATA_TABLE_ENTRY Program, Ntdll;
    PLDR_DDAG_NODE Node;
    PVOID Base;
    ULONG Hash;

    LdrGetDllHandle(NULL, NULL, &NtdllName, &Base);
    if (!ok(NT_SUCCESS(LdrFindEntryForAddress(Base, &Ntdll)) &&
                NT_SUCCESS(LdrFindEntryForAddress(NtCurrentPeb()->ImageBaseAddress, &Program)),
            "the entries of ntdll and the program"))
        return;
    ok(Data->Initialized && Data->Length == sizeof(*Data), "the loader's data in the PEB");
    ok(Data->InLoadOrderModuleList.Flink == &Program->InLoadOrderLinks &&
           Program->InLoadOrderLinks.Flink == &Ntdll->InLoadOrderLinks,
       "load order: the program, ntdll");
    ok(IsListed(&Data->InMemoryOrderModuleList, &Ntdll->InMemoryOrderLinks), "memory order");
    ok(IsListed(&Data->InInitializationOrderModuleList, &Ntdll->InInitializationOrderLinks) &&
           !IsListed(&Data->InInitializationOrderModuleList, &Program->InInitializationOrderLinks),
       "order of initialisation, without the program");
    ok(IsListed(&Ntdll->HashLinks, Ntdll->HashLinks.Flink) ||
           Ntdll->HashLinks.Flink->Flink != Ntdll->HashLinks.Flink,
       "links by hash");
    RtlHashUnicodeString(&Ntdll->BaseDllName, TRUE, 0, &Hash);
    ok(Ntdll->BaseNameHashValue == Hash, "the hash of its name");
    Node = Ntdll->DdagNode;
    ok(Node && Node->LoadCount == MAXULONG && Node->State == LdrModulesReadyToRun &&
           Node->Modules.Flink == &Ntdll->NodeModuleLink,
       "its node");
    ok(!Ntdll->EntryPointActivationContext && Ntdll->OriginalBase && Ntdll->SizeOfImage &&
           Ntdll->LoadTime.QuadPart,
       "the other fields");
    ok((Ntdll->Flags & (LDRP_IMAGE_DLL | LDRP_ENTRY_PROCESSED | LDRP_PROCESS_STATIC_IMPORT)) ==
           (LDRP_IMAGE_DLL | LDRP_ENTRY_PROCESSED | LDRP_PROCESS_STATIC_IMPORT),
       "its flags");
}

static void TestOptions(void)
{
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"C:\\windows\\none.exe");
    ULONG Value, Length;
    HANDLE Key;

    LdrSetDllManifestProber(NULL);
    ok_status(LdrOpenImageFileOptionsKey(&Path, FALSE, &Key), STATUS_OBJECT_NAME_NOT_FOUND,
              "options of a program that has none");
    ok_status(LdrQueryImageFileExecutionOptions(&Path, u"GlobalFlag", REG_DWORD, &Value,
                                                sizeof(Value), &Length),
              STATUS_OBJECT_NAME_NOT_FOUND, "one of them");
}

static void TestSameFiles(void)
{
    PVOID Ntdll, Program = NtCurrentPeb()->ImageBaseAddress, Heap = RtlProcessHeap();

    LdrGetDllHandle(NULL, NULL, &NtdllName, &Ntdll);
    ok_status(NtAreMappedFilesTheSame(Ntdll, (PUCHAR)Ntdll + 0x1000), STATUS_SUCCESS,
              "an image is the same as itself");
    ok_status(NtAreMappedFilesTheSame(Ntdll, Program), STATUS_NOT_SAME_DEVICE, "not as another");
    ok_status(NtAreMappedFilesTheSame(Ntdll, Heap), STATUS_CONFLICTING_ADDRESSES,
              "memory is no file");
    ok_status(NtAreMappedFilesTheSame(NULL, Ntdll), STATUS_INVALID_ADDRESS, "nothing is there");
}

void TestLoaderCalls(void)
{
    TestHandles();
    TestFullNames();
    TestProcedures();
    TestLock();
    TestEnumeration();
    TestPeb();
    TestOptions();
    TestSameFiles();
}
