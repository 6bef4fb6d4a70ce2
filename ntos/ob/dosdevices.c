/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * \??: a session has DOS device names of its own, behind which those of \GLOBAL?? are found. There
 * is one session, number 0. The system and drivers, which belong to none, mean \GLOBAL??.
 */
#include "obp.h"

static POBP_SYMBOLIC_LINK ObpDosDevicesLink;
static const UNICODE_STRING ObpSessionDevices = RTL_CONSTANT_STRING(u"\\Sessions\\0\\DosDevices");

PCUNICODE_STRING ObpLinkTarget(POBP_SYMBOLIC_LINK Link)
{
    PETHREAD Thread = KeGetCurrentThread();

    return Link == ObpDosDevicesLink && Thread && !Thread->Process->DriverHost ? &ObpSessionDevices
                                                                               : &Link->Target;
}

static NTSTATUS ObpCreateLinks(void)
{
    static const UNICODE_STRING Links[][2] = {
        {RTL_CONSTANT_STRING(u"\\??"), RTL_CONSTANT_STRING(u"\\GLOBAL??")},
        {RTL_CONSTANT_STRING(u"\\DosDevices"), RTL_CONSTANT_STRING(u"\\??")},
        {RTL_CONSTANT_STRING(u"\\GLOBAL??\\GLOBALROOT"), RTL_CONSTANT_STRING(u"")},
        {RTL_CONSTANT_STRING(u"\\GLOBAL??\\Global"), RTL_CONSTANT_STRING(u"\\GLOBAL??")},
        {RTL_CONSTANT_STRING(u"\\BaseNamedObjects\\Global"),
         RTL_CONSTANT_STRING(u"\\BaseNamedObjects")},
        {RTL_CONSTANT_STRING(u"\\BaseNamedObjects\\Local"),
         RTL_CONSTANT_STRING(u"\\BaseNamedObjects")},
        {RTL_CONSTANT_STRING(u"\\BaseNamedObjects\\Session"),
         RTL_CONSTANT_STRING(u"\\Sessions\\BNOLINKS")},
        {RTL_CONSTANT_STRING(u"\\Sessions\\BNOLINKS\\0"),
         RTL_CONSTANT_STRING(u"\\BaseNamedObjects")},
        {RTL_CONSTANT_STRING(u"\\Sessions\\0\\BaseNamedObjects"),
         RTL_CONSTANT_STRING(u"\\BaseNamedObjects")},
    };
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG i;

    for (i = 0; i < ARRAYSIZE(Links) && NT_SUCCESS(Status); i++)
        Status =
            ObCreateSymbolicLinkAt((PUNICODE_STRING)&Links[i][0], (PUNICODE_STRING)&Links[i][1]);
    return Status;
}

/* A permanent object of the initial names: the reference is given back at once. */
static PVOID ObpInitialObject(const WCHAR *Path, POBJECT_TYPE Type)
{
    UNICODE_STRING Name;
    PVOID Object;

    RtlInitUnicodeString(&Name, Path);
    if (!NT_SUCCESS(ObReferenceObjectByName(&Name, Type, 0, NULL, &Object)))
        return NULL;
    ObDereferenceObject(Object);
    return Object;
}

NTSTATUS ObpCreateDosDevices(void)
{
    NTSTATUS Status = ObpCreateLinks();
    POBP_DIRECTORY Session;

    if (!NT_SUCCESS(Status))
        return Status;
    Session = ObpInitialObject(ObpSessionDevices.Buffer, ObDirectoryType);
    Session->Shadow = ObpInitialObject(u"\\GLOBAL??", ObDirectoryType);
    ObReferenceObject(Session->Shadow);
    ObpDosDevicesLink = ObpInitialObject(u"\\??", ObSymbolicLinkType);
    return STATUS_SUCCESS;
}
