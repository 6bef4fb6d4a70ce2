/* SPDX-License-Identifier: BSD-2-Clause */
/* Text to the debug log: the Executive's own and that of programs. Release builds have no debug
 * log. */
#include "exp.h"

#if DBG

#define CHUNK 64

typedef struct _SERIAL_SINK {
    RTL_PRINT_SINK Sink;
    char Text[CHUNK];
    ULONG Length;
} SERIAL_SINK, *PSERIAL_SINK;

static void Flush(PSERIAL_SINK Serial)
{
    HalSerialWrite(Serial->Text, Serial->Length);
    Serial->Length = 0;
}

static void Put(PRTL_PRINT_SINK Sink, WCHAR Character)
{
    PSERIAL_SINK Serial = CONTAINING_RECORD(Sink, SERIAL_SINK, Sink);

    if (Serial->Length == CHUNK)
        Flush(Serial);
    Serial->Text[Serial->Length++] = Character < 0x80 ? (char)Character : '?';
}

ULONG CDECL DbgPrint(PCSTR Format, ...)
{
    SERIAL_SINK Serial = {.Sink.Put = Put};
    va_list Arguments;

    va_start(Arguments, Format);
    RtlpFormat(&Serial.Sink, Format, FALSE, Arguments);
    va_end(Arguments);
    Flush(&Serial);
    return STATUS_SUCCESS;
}

static void PrintClientText(const char *Text, SIZE_T Length)
{
    HalSerialWrite(Text, Length);
}

#else
#define PrintClientText(text, length) ((void)0)
#endif

/*
 * NepDebugPrint: Length bytes to the debug log; nothing in a release build. Returns
 * STATUS_INVALID_PARAMETER_2 above NEPTUNE_MAX_DEBUG_STRING, STATUS_ACCESS_VIOLATION.
 */
NTSTATUS NepDebugPrint(CLIENT(PCSTR) String, SIZE_T Length)
{
    char Text[NEPTUNE_MAX_DEBUG_STRING];
    NTSTATUS Status;

    if (Length > sizeof(Text))
        return STATUS_INVALID_PARAMETER_2;
    Status = MmCopyFromClient(Text, String, Length);
    if (NT_SUCCESS(Status))
        PrintClientText(Text, Length);
    return Status;
}
