/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The boot option for tracing: programs that are traced from their first instruction on, as `trace`
 * does with one that is started at the prompt. They are named in the registry, which is read from
 * files of the boot archive: in the key Session Manager the value TraceServices, names with spaces
 * between them, or * for all.
 */
#include "boottrace.h"
#include <cm.h>

static UNICODE_STRING Names; /* pool; Buffer NULL: there is no such option */

void PspInitializeBootTrace(void)
{
    if (CmQuerySetting(u"Machine\\System\\CurrentControlSet\\Control\\Session Manager",
                       u"TraceServices", &Names))
        DbgPrint("ps: tracing %wZ\n", (PVOID)&Names);
}

/* The next name in Rest, which it leaves. Length 0: there is none. */
static UNICODE_STRING NextName(PUNICODE_STRING Rest)
{
    UNICODE_STRING Name;

    while (Rest->Length && *Rest->Buffer == ' ') {
        Rest->Buffer++;
        Rest->Length -= sizeof(WCHAR);
    }
    Name = (UNICODE_STRING){0, 0, Rest->Buffer};
    while (Rest->Length && *Rest->Buffer != ' ') {
        Rest->Buffer++;
        Rest->Length -= sizeof(WCHAR);
        Name.Length += sizeof(WCHAR);
    }
    return Name;
}

static BOOLEAN IsNamed(PCUNICODE_STRING Image)
{
    UNICODE_STRING Rest = Names, Name;

    while ((Name = NextName(&Rest)).Length)
        if ((Name.Length == sizeof(WCHAR) && *Name.Buffer == '*') ||
            RtlEqualUnicodeString(&Name, Image, TRUE))
            return TRUE;
    return FALSE;
}

void PspTraceFromStart(PEPROCESS Process)
{
    UNICODE_STRING Image;

    if (!Names.Buffer)
        return;
    RtlInitUnicodeString(&Image, Process->ImageName);
    if (IsNamed(&Image))
        KeTraceProcess(Process, TRUE);
}
