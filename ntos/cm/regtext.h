/* SPDX-License-Identifier: BSD-2-Clause */
/* Text as the registry editor exports it ("Windows Registry Editor Version 5.00"), in UTF-8. */
#pragma once
#include <nt/nt.h>

#define CM_TEXT_PATH 4096  /* characters of a key's path */
#define CM_TEXT_NAME 16383 /* characters of a value's name */
#define CM_TEXT_DATA 16384 /* bytes of a value's data */

/* What a text says, in its order. A status that is no success ends the reading. */
typedef struct _CM_TEXT_SINK {
    NTSTATUS (*OpenKey)(PVOID Context, PCUNICODE_STRING Path);
    NTSTATUS (*DeleteKey)(PVOID Context, PCUNICODE_STRING Path);
    /* Of the key that was opened last. The default value has an empty name. */
    NTSTATUS(*SetValue)
    (PVOID Context, PCUNICODE_STRING Name, ULONG Type, const void *Data, ULONG Length);
    NTSTATUS (*DeleteValue)(PVOID Context, PCUNICODE_STRING Name);
} CM_TEXT_SINK, *PCM_TEXT_SINK;

/* What reading needs besides the text; the caller's, of any content. */
typedef struct _CM_TEXT_BUFFERS {
    WCHAR Path[CM_TEXT_PATH];
    WCHAR Name[CM_TEXT_NAME];
    UCHAR Data[CM_TEXT_DATA];
    UCHAR Raw[CM_TEXT_DATA]; /* a string in UTF-8, without its escapes */
} CM_TEXT_BUFFERS, *PCM_TEXT_BUFFERS;

/*
 * Reads the text, which may hold anything, and tells Sink. *Line becomes the number of the line
 * that was read last. STATUS_REGISTRY_CORRUPT: a line that is none, or something is too long; what
 * came before it was told.
 */
NTSTATUS CmpReadText(const void *Text, SIZE_T Length, PCM_TEXT_BUFFERS Buffers,
                     const CM_TEXT_SINK *Sink, PVOID Context, PULONG Line);
