/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The window: the Executive's view of frames. It is as large as the address space allows; where
 * RAM is larger, frames of high memory that share a place take turns.
 */
#include "mi.h"

#define PART 512

BOOLEAN MiLeaveWindow(ULONG Frame)
{
    PMI_FRAME Entry = MiFrameEntry(Frame);

    if (!(Entry->Flags & MI_FRAME_WINDOW))
        return TRUE;
    if (seL4_X86_Page_Unmap(MiFrameCap(Frame)) != seL4_NoError)
        return FALSE;
    Entry->Flags &= ~MI_FRAME_WINDOW;
    return TRUE;
}

BOOLEAN MiEnterWindow(ULONG Frame)
{
    PMI_FRAME Entry = MiFrameEntry(Frame);
    ULONG Rival = MiWindowRival(Frame);

    if (Entry->Flags & MI_FRAME_WINDOW)
        return TRUE;
    if (Rival && MiIsFrameKnown(Rival) && !MiLeaveWindow(Rival))
        return FALSE;
    if (!NT_SUCCESS(
            MiMapSystemPage(MiFrameCap(Frame), (ULONG_PTR)MiWindow(Frame), seL4_X86_ExecuteNever)))
        return FALSE;
    Entry->Flags |= MI_FRAME_WINDOW;
    return TRUE;
}

/* Copies between two frames that cannot be in the window at once. */
static void CopyInTurns(ULONG Destination, ULONG Source)
{
    CHAR Buffer[PART];
    ULONG Offset;

    for (Offset = 0; Offset < PAGE_SIZE; Offset += PART) {
        memcpy(Buffer, (PCHAR)MiMapFrame(Source) + Offset, PART);
        memcpy((PCHAR)MiMapFrame(Destination) + Offset, Buffer, PART);
    }
}

void MiCopyFrame(ULONG Destination, ULONG Source)
{
    if (MiWindowRival(Destination) == Source)
        CopyInTurns(Destination, Source);
    else
        MiCopyPage(MiMapFrame(Destination), MiMapFrame(Source));
}
