/* SPDX-License-Identifier: BSD-2-Clause */
/* The global atoms. */
#include "tap.h"

#define NAME u"Neptune test atom"
#define NAME_BYTES (sizeof(NAME) - sizeof(WCHAR))

static void TestNames(void)
{
    RTL_ATOM Atom = 0, Other = 0;
    WCHAR Long[257];

    ok_status(NtFindAtom(NAME, NAME_BYTES, &Atom), STATUS_OBJECT_NAME_NOT_FOUND,
              "a name that is no atom");
    ok_status(NtAddAtom(NAME, NAME_BYTES, &Atom), STATUS_SUCCESS, "add it");
    ok(Atom >= RTL_ATOM_FIRST, "its number");
    ok_status(NtFindAtom(u"NEPTUNE TEST ATOM", NAME_BYTES, &Other), STATUS_SUCCESS,
              "find it in upper case");
    ok(Other == Atom, "it is the same");
    ok_status(NtAddAtom(NAME, NAME_BYTES, NULL), STATUS_SUCCESS, "add it again");
    ok_status(NtDeleteAtom(Atom), STATUS_SUCCESS, "delete it once");
    ok_status(NtFindAtom(NAME, NAME_BYTES, NULL), STATUS_SUCCESS, "it is still there");
    ok_status(NtDeleteAtom(Atom), STATUS_SUCCESS, "delete it twice");
    ok_status(NtFindAtom(NAME, NAME_BYTES, &Atom), STATUS_OBJECT_NAME_NOT_FOUND, "it is gone");
    ok_status(NtDeleteAtom(Atom), STATUS_INVALID_HANDLE, "and cannot be deleted");
    ok_status(NtAddAtom(u"ab\0c", 8, &Atom), STATUS_SUCCESS, "a name ends at a NUL");
    ok_status(NtFindAtom(u"ab", 4, &Other), STATUS_SUCCESS, "it is found without");
    NtDeleteAtom(Atom);
    for (ULONG i = 0; i < 257; i++)
        Long[i] = 'x';
    ok_status(NtAddAtom(Long, 256 * sizeof(WCHAR), &Atom), STATUS_INVALID_PARAMETER,
              "256 characters");
    ok_status(NtAddAtom(Long, 255 * sizeof(WCHAR), &Atom), STATUS_SUCCESS, "255 characters");
    NtDeleteAtom(Atom);
    ok_status(NtAddAtom(Long, 0, &Atom), STATUS_OBJECT_NAME_INVALID, "no character");
    ok_status(NtAddAtom((PCWSTR)0x123450, 8, &Atom), STATUS_ACCESS_VIOLATION, "a bad address");
    ok_status(NtAddAtom(NAME, NAME_BYTES, (PRTL_ATOM)8), STATUS_ACCESS_VIOLATION,
              "a bad place for the atom");
}

static void TestIntegers(void)
{
    RTL_ATOM Atom = 0;

    ok_status(NtAddAtom((PCWSTR)123, 0, &Atom), STATUS_SUCCESS, "a number");
    ok(Atom == 123, "is its own atom");
    ok_status(NtAddAtom(u"#456", 8, &Atom), STATUS_SUCCESS, "a number as text");
    ok(Atom == 456, "too");
    ok_status(NtAddAtom((PCWSTR)0xc000, 0, &Atom), STATUS_INVALID_PARAMETER, "too large a number");
    ok_status(NtAddAtom(u"#0", 4, &Atom), STATUS_INVALID_PARAMETER, "0");
    ok_status(NtDeleteAtom(456), STATUS_SUCCESS, "deleting one does nothing");
    ok_status(NtDeleteAtom(0), STATUS_INVALID_HANDLE, "but 0 is none");
}

static void TestQuery(void)
{
    union {
        ATOM_BASIC_INFORMATION Basic;
        ATOM_TABLE_INFORMATION Table;
        UCHAR Bytes[0x8100];
    } *Buffer = RtlAllocateHeap(RtlProcessHeap(), 0, sizeof(*Buffer));
    const ULONG Fixed = offsetof(ATOM_BASIC_INFORMATION, Name);
    ULONG Length = 0, Count, i;
    RTL_ATOM Atom;

    NtAddAtom(NAME, NAME_BYTES, &Atom);
    memset(Buffer, 0xcc, sizeof(*Buffer));
    ok_status(NtQueryInformationAtom(Atom, AtomBasicInformation, Buffer, sizeof(*Buffer), &Length),
              STATUS_SUCCESS, "about an atom");
    ok(Buffer->Basic.NameLength == NAME_BYTES && !wcscmp(Buffer->Basic.Name, NAME) &&
           Buffer->Basic.UsageCount == 1 && Buffer->Basic.Flags == 0,
       "name and count");
    ok(Length == Fixed + sizeof(NAME) && Buffer->Bytes[Length] == 0xcc, "and no more");
    ok_status(NtQueryInformationAtom(Atom, AtomBasicInformation, Buffer,
                                     sizeof(ATOM_BASIC_INFORMATION), NULL),
              STATUS_BUFFER_TOO_SMALL, "room for no character");
    ok(Buffer->Basic.NameLength == NAME_BYTES, "the length that is needed");
    ok_status(NtQueryInformationAtom(Atom, AtomBasicInformation, Buffer,
                                     sizeof(ATOM_BASIC_INFORMATION) + 8, NULL),
              STATUS_SUCCESS, "room for four");
    ok(Buffer->Basic.NameLength == 8 && !memcmp(Buffer->Basic.Name, NAME, 8), "comes these");
    ok_status(NtQueryInformationAtom(Atom, AtomBasicInformation, Buffer, 4, NULL),
              STATUS_INFO_LENGTH_MISMATCH, "room for nothing");
    ok_status(NtQueryInformationAtom(Atom, (ATOM_INFORMATION_CLASS)5, Buffer, 64, NULL),
              STATUS_INVALID_INFO_CLASS, "an unknown class");
    ok_status(NtQueryInformationAtom(7, AtomBasicInformation, Buffer, 64, NULL), STATUS_SUCCESS,
              "about a number");
    ok(!wcscmp(Buffer->Basic.Name, u"#7") && Buffer->Basic.Flags == 1, "its name");
    ok_status(NtQueryInformationAtom(0, AtomTableInformation, Buffer, sizeof(*Buffer), &Length),
              STATUS_SUCCESS, "all atoms");
    Count = Buffer->Table.NumberOfAtoms;
    for (i = 0; i < Count && Buffer->Table.Atoms[i] != Atom; i++)
        continue;
    ok(i < Count && Length == 4 + 2 * Count, "ours is among them");
    ok_status(NtQueryInformationAtom(0, AtomTableInformation, Buffer, 4, NULL),
              STATUS_INFO_LENGTH_MISMATCH, "without room");
    NtDeleteAtom(Atom);
    ok_status(NtQueryInformationAtom(Atom, AtomBasicInformation, Buffer, 64, NULL),
              STATUS_INVALID_HANDLE, "about one that is gone");
    RtlFreeHeap(RtlProcessHeap(), 0, Buffer);
}

static RTL_ATOM AddNumbered(ULONG Number, NTSTATUS *Status)
{
    WCHAR Text[16] = u"neptune";
    UNICODE_STRING Digits = {0, 18, Text + 7};
    RTL_ATOM Atom = 0;

    RtlIntegerToUnicodeString(Number, 16, &Digits);
    *Status = NtAddAtom(Text, 14 + Digits.Length, &Atom);
    return Atom;
}

static void TestMany(void)
{
    PRTL_ATOM Atoms = RtlAllocateHeap(RtlProcessHeap(), 0, 0x4000 * sizeof(RTL_ATOM));
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG Count = 0, Wrong = 0;

    while (Count < 0x4000) {
        Atoms[Count] = AddNumbered(Count, &Status);
        if (!NT_SUCCESS(Status))
            break;
        Count++;
    }
    ok(Count > 0x3f00 && (Status == STATUS_NO_MEMORY || Count == 0x4000), "as many as there are");
    while (Count)
        Wrong += NtDeleteAtom(Atoms[--Count]) != STATUS_SUCCESS;
    ok(!Wrong, "and delete them");
    NtDeleteAtom(AddNumbered(1, &Status));
    ok_status(Status, STATUS_SUCCESS, "there is room again");
    RtlFreeHeap(RtlProcessHeap(), 0, Atoms);
}

void TestAtoms(void)
{
    TestNames();
    TestIntegers();
    TestQuery();
    TestMany();
}
