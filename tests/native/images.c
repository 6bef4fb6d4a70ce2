/* SPDX-License-Identifier: BSD-2-Clause */
/* PE images of unusual kinds, which tools/generate/mkimages.py makes, and what Windows does with
 * them. */
#include "tap.h"

#define FOLDER "\\SystemRoot\\tests\\pe\\"
#define SERVICES "\\Registry\\Machine\\System\\CurrentControlSet\\Services\\"
#define CONSTANT 0x600d                  /* mkimages.py: what Check and programs return */
#define AS_DRIVER ((NTSTATUS)0xe0000001) /* DriverEntry was called as such, and once */

typedef ULONG_PTR(NTAPI *CHECK)(void);

typedef enum _RESULT {
    None,     /* there is no Check */
    Constant, /* Check returns CONSTANT */
    Import,   /* the address of NtYieldExecution */
    Self,     /* its own address */
} RESULT;

static const struct {
    const char *Name;
    NTSTATUS Status;
    RESULT Result;
} Dlls[] = {
    {"raw420.dll", STATUS_SUCCESS, Constant},
    {"shorthdr.dll", STATUS_SUCCESS, Constant},
    {"longhdr.dll", STATUS_SUCCESS, Constant},
    {"overlap.dll", STATUS_SUCCESS, Constant},
    {"farhdr.dll", STATUS_SUCCESS, Constant},
    {"oddtable.dll", STATUS_SUCCESS, Constant},
    {"moved.dll", STATUS_SUCCESS, Self},
    {"base0.dll", STATUS_SUCCESS, Self},
    {"highbase.dll", STATUS_SUCCESS, Self},
    {"flat.dll", STATUS_SUCCESS, Self},
    {"flatmove.dll", STATUS_SUCCESS, Self},
    {"tiny.dll", STATUS_SUCCESS, None},
    {"import0.dll", STATUS_SUCCESS, Import},
    {"import5.dll", STATUS_SUCCESS, Import},
    {"importff.dll", STATUS_SUCCESS, Import},
    {"noorig.dll", STATUS_SUCCESS, Import},
    {"badorig.dll", STATUS_SUCCESS, Import},
    {"farorig.dll", STATUS_SUCCESS, Import},
    {"noterm.dll", STATUS_SUCCESS, Import},
    {"bound.dll", STATUS_SUCCESS, Import},
    {"missing.dll", STATUS_ENTRYPOINT_NOT_FOUND, None},
    {"export0.dll", STATUS_SUCCESS, Constant},
    {"noentry.dll", STATUS_SUCCESS, Constant},
    {"taken.dll", STATUS_SUCCESS, Constant},
    {"fixed.dll", STATUS_CONFLICTING_ADDRESSES, None},
    {"hundred.dll", STATUS_SUCCESS, Constant},
};

/* Programs whose entry point is Check: its result is the exit status. */
static const struct {
    const char *Name;
    RESULT Result;
} Programs[] = {
    {"raw420.exe", Constant},  {"shorthdr.exe", Constant}, {"longhdr.exe", Constant},
    {"overlap.exe", Constant}, {"farhdr.exe", Constant},   {"oddtable.exe", Constant},
    {"export0.exe", Constant}, {"hundred.exe", Constant},  {"import0.exe", Import},
    {"import5.exe", Import},   {"importff.exe", Import},   {"bound.exe", Import},
    {"missing.exe", None},
};

static const struct {
    const char *Name;
    NTSTATUS Status;
} Drivers[] = {
    {"pedll", AS_DRIVER},
    {"peraw", AS_DRIVER},
    {"peshort", AS_DRIVER},
    {"peflat", AS_DRIVER},
    {"penames", STATUS_DRIVER_ENTRYPOINT_NOT_FOUND},
    {"peordinal", STATUS_DRIVER_ORDINAL_NOT_FOUND},
    {"pemany", STATUS_DRIVER_ENTRYPOINT_NOT_FOUND},
    {"penodll", STATUS_DLL_NOT_FOUND},
    {"pefar", STATUS_INVALID_IMAGE_FORMAT},
    {"pepast", STATUS_INVALID_IMAGE_FORMAT},
    {"penoterm", AS_DRIVER},
};

static void Path(PUNICODE_STRING String, PWSTR Buffer, const char *Folder, const char *Name)
{
    ULONG Length = 0;

    while (*Folder)
        Buffer[Length++] = (UCHAR)*Folder++;
    while (*Name)
        Buffer[Length++] = (UCHAR)*Name++;
    Buffer[Length] = 0;
    RtlInitUnicodeString(String, Buffer);
}

static NTSTATUS LoadDll(const char *Name, PVOID *Dll)
{
    UNICODE_STRING String;
    WCHAR Buffer[64];

    Path(&String, Buffer, FOLDER, Name);
    return LdrLoadDll(NULL, NULL, &String, Dll);
}

static NTSTATUS Find(PVOID Dll, const char *Name, ULONG Ordinal, PVOID *Address)
{
    ANSI_STRING String;

    *Address = NULL;
    RtlInitAnsiString(&String, Name);
    return LdrGetProcedureAddress(Dll, Name ? &String : NULL, Ordinal, Address);
}

static PVOID Yield(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"ntdll.dll");
    PVOID Ntdll, Address = NULL;

    if (NT_SUCCESS(LdrGetDllHandle(NULL, NULL, &Name, &Ntdll)))
        Find(Ntdll, "NtYieldExecution", 0, &Address);
    return Address;
}

static BOOLEAN IsRight(PVOID Dll, RESULT Result)
{
    PVOID Check;

    if (Result == None)
        return TRUE;
    if (!NT_SUCCESS(Find(Dll, "Check", 0, &Check)))
        return FALSE;
    switch (Result) {
    case Constant:
        return ((CHECK)Check)() == CONSTANT;
    case Import:
        return ((CHECK)Check)() == (ULONG_PTR)Yield();
    default:
        return ((CHECK)Check)() == (ULONG_PTR)Check;
    }
}

static void TestDlls(void)
{
    for (ULONG i = 0; i < ARRAYSIZE(Dlls); i++) {
        PVOID Dll;
        NTSTATUS Status = LoadDll(Dlls[i].Name, &Dll);

        if (!ok_status(Status, Dlls[i].Status, Dlls[i].Name) || !NT_SUCCESS(Status))
            continue;
        ok(IsRight(Dll, Dlls[i].Result), Dlls[i].Name);
        ok_status(LdrUnloadDll(Dll), STATUS_SUCCESS, Dlls[i].Name);
    }
}

/* Forwarders name modules that are loaded already. */
static void TestForwarders(void)
{
    static const char *const Names[] = {"forward3.dll", "forward2.dll", "forward1.dll",
                                        "circle.dll"};
    PVOID Dlls[ARRAYSIZE(Names)], Address;

    for (ULONG i = 0; i < ARRAYSIZE(Names); i++) {
        if (!ok_status(LoadDll(Names[i], &Dlls[i]), STATUS_SUCCESS, Names[i]))
            return;
    }
    ok(NT_SUCCESS(Find(Dlls[2], "Check", 0, &Address)) && Address == Yield(),
       "a chain of forwarders, one by ordinal");
    ok(!NT_SUCCESS(Find(Dlls[3], "Check", 0, &Address)), "forwarders in a circle");
}

static void TestGaps(void)
{
    PVOID Dll, Routine, Address;

    if (!ok_status(LoadDll("gaps.dll", &Dll), STATUS_SUCCESS, "ordinals with gaps"))
        return;
    ok(NT_SUCCESS(Find(Dll, "Check", 0, &Routine)) && NT_SUCCESS(Find(Dll, NULL, 300, &Address)) &&
           Address == Routine && NT_SUCCESS(Find(Dll, NULL, 5, &Address)) && Address == Routine,
       "those that are there");
    ok_status(Find(Dll, NULL, 6, &Address), STATUS_ORDINAL_NOT_FOUND, "in a gap");
    ok_status(Find(Dll, NULL, 301, &Address), STATUS_ORDINAL_NOT_FOUND, "behind the last");
    ok_status(Find(Dll, NULL, 4, &Address), STATUS_ORDINAL_NOT_FOUND, "before the first");
    LdrUnloadDll(Dll);
}

static void TestPrograms(void)
{
    NTSTATUS Imported = (NTSTATUS)(ULONG_PTR)Yield(); /* ntdll is at one address everywhere */

    for (ULONG i = 0; i < ARRAYSIZE(Programs); i++) {
        RESULT Result = Programs[i].Result;
        UNICODE_STRING String;
        WCHAR Buffer[64];

        Path(&String, Buffer, FOLDER, Programs[i].Name);
        ok_status(RunProgram(Buffer, u"", 10),
                  Result == Constant ? CONSTANT
                  : Result == Import ? Imported
                                     : STATUS_ENTRYPOINT_NOT_FOUND,
                  Programs[i].Name);
    }
    ok_status(RunProgram(u"" FOLDER "packed.exe", u"packed", 10), CONSTANT,
              "a program that unpacks itself");
    ok_status(RunProgram(u"" FOLDER "tls.exe", u"tls", 10), DLL_PROCESS_ATTACH + DLL_THREAD_DETACH,
              "a program's TLS callbacks, with a directory that has no size");
}

static void TestDriverImages(void)
{
    for (ULONG i = 0; i < ARRAYSIZE(Drivers); i++) {
        UNICODE_STRING String;
        WCHAR Buffer[96];

        Path(&String, Buffer, SERVICES, Drivers[i].Name);
        ok_status(NtLoadDriver(&String), Drivers[i].Status, Drivers[i].Name);
    }
}

void TestImages(void)
{
    TestDlls();
    TestForwarders();
    TestGaps();
    TestPrograms();
    TestDriverImages();
}
