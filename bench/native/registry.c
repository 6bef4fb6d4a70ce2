/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the registry costs: opening a key, reading and closing it; setting a value; and the same
 * beside 10 and 10,000 others, and a look-up among 100 and 100,000 subkeys.
 */
#include "nbench.h"

#define FEW 10
#define HUNDRED 100
#define MANY 10000
#define HUNDRED_THOUSAND 100000

static HANDLE Root, Crowd;
static ULONG Made;
static UNICODE_STRING ValueName = RTL_CONSTANT_STRING(u"Value");

static void Describe(POBJECT_ATTRIBUTES Attributes, PUNICODE_STRING Name, HANDLE Directory,
                     PCWSTR Path)
{
    RtlInitUnicodeString(Name, Path);
    InitializeObjectAttributes(Attributes, Name, OBJ_CASE_INSENSITIVE, Directory, NULL);
}

static void NumberedName(ULONG Number, WCHAR Text[16])
{
    memcpy(Text, u"Key", 6);
    for (ULONG i = 0; i < 8; i++, Number >>= 4)
        Text[10 - i] = u"0123456789abcdef"[Number & 15];
    Text[11] = UNICODE_NULL;
}

static NTSTATUS Create(HANDLE Directory, PCWSTR Path, PHANDLE Key)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;

    Describe(&Attributes, &Name, Directory, Path);
    return NtCreateKey(Key, KEY_ALL_ACCESS, &Attributes, 0, NULL, REG_OPTION_VOLATILE, NULL);
}

static void SetValue(PVOID Argument)
{
    static const UCHAR Data[16];

    NtSetValueKey(Root, &ValueName, 0, REG_BINARY, (PVOID)Data, sizeof(Data));
}

static void OpenQueryClose(PVOID Argument)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    UCHAR Buffer[64];
    ULONG Length;
    HANDLE Key;

    Describe(&Attributes, &Name, NULL, Argument);
    NtOpenKey(&Key, KEY_READ, &Attributes);
    NtQueryValueKey(Key, &ValueName, KeyValuePartialInformation, Buffer, sizeof(Buffer), &Length);
    NtClose(Key);
}

/* ---- Among others ---- */

static BOOLEAN AddKey(void)
{
    WCHAR Text[16];
    HANDLE Key;

    NumberedName(Made * 2, Text);
    if (!NT_SUCCESS(Create(Crowd, Text, &Key)))
        return FALSE;
    NtClose(Key);
    Made++;
    return TRUE;
}

static BOOLEAN AddKeys(ULONG Count)
{
    while (Made < Count)
        if (!AddKey())
            return FALSE;
    return TRUE;
}

/* One in the middle. */
static void OpenAmong(PVOID Argument)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    WCHAR Text[16];
    HANDLE Key;

    NumberedName(Made / 2 * 2, Text);
    Describe(&Attributes, &Name, Crowd, Text);
    NtOpenKey(&Key, KEY_READ, &Attributes);
    NtClose(Key);
}

static void CreateAmong(PVOID Argument)
{
    WCHAR Text[16];
    HANDLE Key;

    NumberedName(Made + 1, Text);
    Create(Crowd, Text, &Key);
    NtDeleteKey(Key);
    NtClose(Key);
}

static void EnumerateAmong(PVOID Argument)
{
    UCHAR Buffer[128];
    ULONG Length;

    NtEnumerateKey(Crowd, Made / 2, KeyBasicInformation, Buffer, sizeof(Buffer), &Length);
}

static void SetAmong(PVOID Argument)
{
    UNICODE_STRING Name;
    WCHAR Text[16];

    NumberedName(Made, Text);
    RtlInitUnicodeString(&Name, Text);
    NtSetValueKey(Crowd, &Name, 0, REG_DWORD, &Made, sizeof(Made));
    NtDeleteValueKey(Crowd, &Name);
}

static BOOLEAN AddValues(ULONG Count)
{
    UNICODE_STRING Name;
    WCHAR Text[16];

    for (ULONG i = 0; i < Count; i++) {
        NumberedName(i * 2 + 1, Text);
        RtlInitUnicodeString(&Name, Text);
        if (!NT_SUCCESS(NtSetValueKey(Crowd, &Name, 0, REG_DWORD, &i, sizeof(i))))
            return FALSE;
    }
    return TRUE;
}

static void MeasureBeside(ULONG Count)
{
    if (!AddKeys(Count) || !AddValues(Count)) {
        Print("registry-%u: failed\n", Count);
        return;
    }
    Print("registry-open-%u %llu\n", Count, Measure(OpenAmong, NULL));
    Print("registry-create-delete-%u %llu\n", Count, Measure(CreateAmong, NULL));
    Print("registry-enumerate-%u %llu\n", Count, Measure(EnumerateAmong, NULL));
    Print("registry-set-delete-value-%u %llu\n", Count, Measure(SetAmong, NULL));
}

static void MeasureAmong(ULONG Count)
{
    if (AddKeys(Count))
        Print("registry-open-among-%u %llu\n", Count, Measure(OpenAmong, NULL));
    else
        Print("registry-open-among-%u: failed\n", Count);
}

static void DeleteCrowd(void)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    WCHAR Text[16];
    HANDLE Key;

    while (Made) {
        NumberedName(--Made * 2, Text);
        Describe(&Attributes, &Name, Crowd, Text);
        if (!NT_SUCCESS(NtOpenKey(&Key, DELETE, &Attributes)))
            continue;
        NtDeleteKey(Key);
        NtClose(Key);
    }
    NtDeleteKey(Crowd);
    NtClose(Crowd);
}

void MeasureRegistry(void)
{
    static const WCHAR Path[] = u"\\Registry\\Machine\\Software\\Benchmark";

    if (!NT_SUCCESS(Create(NULL, Path, &Root)) || !NT_SUCCESS(Create(Root, u"Crowd", &Crowd))) {
        Print("registry: failed\n");
        return;
    }
    Print("registry-set-value %llu\n", Measure(SetValue, NULL));
    Print("registry-open-query-close %llu\n", Measure(OpenQueryClose, (PVOID)Path));
    MeasureBeside(FEW);
    MeasureAmong(HUNDRED);
    MeasureBeside(MANY);
    MeasureAmong(HUNDRED_THOUSAND);
    DeleteCrowd();
    NtDeleteKey(Root);
    NtClose(Root);
}
