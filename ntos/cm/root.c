// SPDX-License-Identifier: BSD-2-Clause
/* What \Registry has before anything is read: the roots of what Windows keeps in hives, and links
 * from names that stand for one of several. */
#include "cmp.h"

static CM_NODE CreateFixed(CM_NODE Parent, const WCHAR *Text, ULONG Flags)
{
    UNICODE_STRING Name;
    CM_NODE Node;

    RtlInitUnicodeString(&Name, Text);
    if (!NT_SUCCESS(CmpStore.Operations->CreateChild(Parent, &Name, NULL, CM_FIXED | Flags, &Node)))
        KeBugCheck("no registry");
    *CmpStore.Operations->Security(Node) = *CmpStore.Operations->Security(Parent);
    SeReferenceDescriptor(*CmpStore.Operations->Security(Node));
    return Node;
}

/* Everybody may read what the system makes. */
static void SecureRoot(void)
{
    if (!NT_SUCCESS(SeSystemDescriptor(CmKeyType, SePublicRead,
                                       CmpStore.Operations->Security(CmpStore.Root))))
        KeBugCheck("no registry");
}

static void CreateFixedLink(CM_NODE Parent, const WCHAR *Text, PCUNICODE_STRING Target)
{
    CM_NODE Link = CreateFixed(Parent, Text, CM_VOLATILE | CM_LINK);
    CM_NAME Name;
    PVOID Data = CmpStore.Operations->AllocateData(Target->Length);

    if (!Data)
        KeBugCheck("no registry");
    memcpy(Data, Target->Buffer, Target->Length);
    CmpMakeLinkName(&Name);
    if (!NT_SUCCESS(CmpStore.Operations->SetValue(Link, &Name, REG_LINK, Data, Target->Length)))
        KeBugCheck("no registry");
}

/* S-1-5-18 is the local system, whose settings are the default user's. */
void CmpCreateFixedKeys(void)
{
    static const UNICODE_STRING ControlSet = RTL_CONSTANT_STRING(
                                    u"\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001"),
                                Default = RTL_CONSTANT_STRING(u"\\REGISTRY\\USER\\.DEFAULT");
    CM_NODE Machine, User, System;

    SecureRoot();
    Machine = CreateFixed(CmpStore.Root, u"MACHINE", CM_VOLATILE | CM_MASTER);
    User = CreateFixed(CmpStore.Root, u"USER", CM_VOLATILE | CM_MASTER);
    CreateFixed(Machine, u"HARDWARE", CM_VOLATILE);
    CreateFixed(Machine, u"SAM", 0);
    CreateFixed(Machine, u"SECURITY", 0);
    CreateFixed(Machine, u"SOFTWARE", 0);
    System = CreateFixed(Machine, u"SYSTEM", 0);
    CreateFixed(System, u"ControlSet001", 0);
    CreateFixedLink(System, u"CurrentControlSet", &ControlSet);
    CreateFixed(User, u".DEFAULT", 0);
    CreateFixedLink(User, u"S-1-5-18", &Default);
}
