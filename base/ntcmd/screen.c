/* SPDX-License-Identifier: BSD-2-Clause */
/* Text on the screen: see ntcmd.h. */
#include "ntcmd.h"

static WCHAR Gathered[1024];
static ULONG GatheredCount;

void FlushScreen(void)
{
    UNICODE_STRING String = {(USHORT)(GatheredCount * sizeof(WCHAR)), sizeof(Gathered), Gathered};

    if (GatheredCount)
        NtDisplayString(&String);
    GatheredCount = 0;
}

static void Put(WCHAR Character)
{
    if (GatheredCount == ARRAYSIZE(Gathered))
        FlushScreen();
    Gathered[GatheredCount++] = Character;
}

void PrintWide(PCWSTR Text, ULONG Count)
{
    for (ULONG i = 0; i < Count; i++)
        Put(Text[i]);
}

void Print(const char *Format, ...)
{
    char Text[1024];
    va_list Arguments;

    va_start(Arguments, Format);
    _vsnprintf(Text, sizeof(Text) - 1, Format, Arguments);
    va_end(Arguments);
    Text[sizeof(Text) - 1] = 0;
    for (char *Next = Text; *Next; Next++)
        Put((UCHAR)*Next);
}

static const struct {
    NTSTATUS Status;
    const char *Text;
} StatusTexts[] = {
    {STATUS_OBJECT_NAME_NOT_FOUND, "not found"},
    {STATUS_OBJECT_PATH_NOT_FOUND, "path not found"},
    {STATUS_OBJECT_NAME_INVALID, "not a valid name"},
    {STATUS_OBJECT_NAME_COLLISION, "something has that name already"},
    {STATUS_OBJECT_PATH_SYNTAX_BAD, "not a valid path"},
    {STATUS_OBJECT_TYPE_MISMATCH, "cannot be used like this"},
    {STATUS_NAME_TOO_LONG, "the name is too long"},
    {STATUS_ACCESS_DENIED, "access denied"},
    {STATUS_FILE_IS_A_DIRECTORY, "is a directory"},
    {STATUS_NOT_A_DIRECTORY, "is no directory"},
    {STATUS_INVALID_CID, "no such process"},
    {STATUS_INVALID_IMAGE_NOT_MZ, "is no program"},
    {STATUS_INVALID_IMAGE_FORMAT, "is no program"},
    {STATUS_INVALID_IMAGE_WIN_32, "is for 32-bit systems"},
    {STATUS_INVALID_IMAGE_WIN_64, "is for 64-bit systems"},
    {STATUS_INVALID_DEVICE_REQUEST, "the device cannot do that"},
    {STATUS_IMAGE_ALREADY_LOADED, "it is loaded already"},
    {STATUS_DRIVER_UNABLE_TO_LOAD, "the driver has ended while it started"},
    {STATUS_IO_TIMEOUT, "no answer in time"},
    {STATUS_PRIVILEGE_NOT_HELD, "a privilege is missing"},
    {STATUS_PROCESS_IS_TERMINATING, "it has ended already"},
    {STATUS_NO_MEMORY, "not enough memory"},
    {STATUS_INSUFFICIENT_RESOURCES, "not enough resources"},
    {STATUS_ACCESS_VIOLATION, "access violation"},
    {STATUS_ILLEGAL_INSTRUCTION, "illegal instruction"},
    {STATUS_PRIVILEGED_INSTRUCTION, "privileged instruction"},
    {STATUS_INTEGER_DIVIDE_BY_ZERO, "division by zero"},
    {STATUS_STACK_OVERFLOW, "stack overflow"},
    {STATUS_DLL_NOT_FOUND, "a DLL that it needs is missing"},
    {STATUS_ENTRYPOINT_NOT_FOUND, "a function that it needs is missing"},
    {STATUS_ORDINAL_NOT_FOUND, "a function that it needs is missing"},
    {STATUS_DRIVER_ORDINAL_NOT_FOUND, "a function that it needs is missing"},
    {STATUS_DRIVER_ENTRYPOINT_NOT_FOUND, "a function that it needs is missing"},
    {STATUS_CONTROL_C_EXIT, "interrupted"},
    {STATUS_DEVICE_DOES_NOT_EXIST, "its driver has ended"},
    {STATUS_DEVICE_NOT_CONNECTED, "its driver has ended"},
    {STATUS_NO_SUCH_DEVICE, "its driver has ended"},
    {STATUS_DEVICE_REMOVED, "its driver has ended"},
};

void PrintStatus(const char *What, NTSTATUS Status)
{
    for (ULONG i = 0; i < ARRAYSIZE(StatusTexts); i++) {
        if (StatusTexts[i].Status == Status) {
            Print("%s: %s (%08x)\n", What, StatusTexts[i].Text, Status);
            return;
        }
    }
    Print("%s: status %08x\n", What, Status);
}

void PrintCommandStatus(PCWSTR Command, NTSTATUS Status)
{
    PrintWide(Command, (ULONG)wcslen(Command));
    PrintStatus("", Status);
}
