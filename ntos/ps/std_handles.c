/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The standard handles that a new process gets though it inherits none
 * (PS_ATTRIBUTE_STD_HANDLE_INFO): its parent's are duplicated, and the process finds the
 * duplicates' values in its parameters.
 */
#include "psp.h"

/* A bit for each: input, output, error. */
static ULONG Wanted(const PS_STD_HANDLE_INFO *Info, ULONG Subsystem)
{
    switch (Info->Flags & PS_STD_STATE_MASK) {
    case PS_STD_ALWAYS_DUPLICATE:
        return PS_STD_HANDLES;
    case PS_STD_REQUEST_DUPLICATE:
        return Subsystem == Info->StdHandleSubsystemType
                   ? ~(Info->Flags >> PS_STD_PSEUDO_SHIFT) & PS_STD_HANDLES
                   : 0;
    default:
        return 0;
    }
}

/* What cannot be duplicated is not there; pseudo handles would mean another object. */
static void Duplicate(PEPROCESS Source, PEPROCESS Target, PHANDLE Handle)
{
    HANDLE Copy;

    if ((LONG_PTR)*Handle <= 0 || !NT_SUCCESS(ObDuplicateHandle(Source, *Handle, Target, &Copy)))
        Copy = NULL;
    *Handle = Copy;
}

void PspDuplicateStandardHandles(PEPROCESS Process, const PS_CREATE_ARGUMENTS *Arguments)
{
    PRTL_USER_PROCESS_PARAMETERS Parameters = Arguments->Parameters;
    ULONG Handles = Wanted(&Arguments->StandardHandles, Process->ImageInformation.SubSystemType);

    if (!Parameters || !Arguments->Parent)
        return;
    if (Handles & PS_STD_INPUT)
        Duplicate(Arguments->Parent, Process, &Parameters->StandardInput);
    if (Handles & PS_STD_OUTPUT)
        Duplicate(Arguments->Parent, Process, &Parameters->StandardOutput);
    if (Handles & PS_STD_ERROR)
        Duplicate(Arguments->Parent, Process, &Parameters->StandardError);
}
