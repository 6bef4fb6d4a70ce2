/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hard errors: what a program wants the user told, and perhaps asked. A process that has given its
 * port (NtSetDefaultHardErrorPort; smss) is sent each as a message, and answers it. Until there is
 * one the error is shown here.
 */
#include "exp.h"
#include <lpc.h>

#define MAXIMUM_TEXT 128 /* characters of a string that are shown */

static void Show(const char *Format, ...)
{
    char Text[64];
    va_list Arguments;
    int Length;

    va_start(Arguments, Format);
    Length = _vsnprintf(Text, sizeof(Text), Format, Arguments);
    va_end(Arguments);
    HalDisplayString(Text, Length < 0 ? sizeof(Text) : (SIZE_T)Length);
}

/* Of a string that can be read, as much as there is room for. */
static void ShowString(CLIENT(PUNICODE_STRING) Client)
{
    UNICODE_STRING String;
    WCHAR Wide[MAXIMUM_TEXT];
    char Text[MAXIMUM_TEXT];
    ULONG Length, i;

    if (!NT_SUCCESS(MmReadClient(&String, Client)))
        return;
    Length =
        String.Length / sizeof(WCHAR) < MAXIMUM_TEXT ? String.Length / sizeof(WCHAR) : MAXIMUM_TEXT;
    if (!NT_SUCCESS(MmCopyFromClient(Wide, (CLIENT(PVOID))String.Buffer, Length * sizeof(WCHAR))))
        return;
    for (i = 0; i < Length; i++)
        Text[i] = Wide[i] >= ' ' && Wide[i] < 0x7f ? (char)Wide[i] : '?';
    Show(" \"");
    HalDisplayString(Text, Length);
    Show("\"");
}

static void ShowError(const HARDERROR_MSG *Error)
{
    Show("\nprocess %u: error %08x", (ULONG)(ULONG_PTR)PsGetCurrentProcess()->UniqueProcessId,
         (ULONG)Error->Status);
    for (ULONG i = 0; i < Error->NumberOfParameters; i++)
        if (Error->UnicodeStringParameterMask >> i & 1)
            ShowString((CLIENT(PUNICODE_STRING))Error->Parameters[i]);
        else
            Show(" %lx", (unsigned long)Error->Parameters[i]);
    Show("\n");
}

static PVOID ErrorPort; /* referenced; NULL: nobody handles errors yet */
static PEPROCESS ErrorPortProcess;

/*
 * NtSetDefaultHardErrorPort: what NtRaiseHardError is called with is sent to this port from then
 * on, as messages LPC_ERROR_EVENT (HARDERROR_MSG), each of which its sender waits for the reply to.
 * Once for all: STATUS_UNSUCCESSFUL. Returns STATUS_PRIVILEGE_NOT_HELD (SeTcbPrivilege), and what
 * handles may give.  (phnt: ntexapi.h)
 */
NTSTATUS NtSetDefaultHardErrorPort(HANDLE PortHandle)
{
    PVOID Port;
    NTSTATUS Status;

    if (!SeSinglePrivilegeCheck(SE_TCB_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    if (ErrorPort)
        return STATUS_UNSUCCESSFUL;
    Status = ObReferenceObjectByHandle(PortHandle, 0, LpcPortObjectType, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    ErrorPort = Port;
    ErrorPortProcess = PsGetCurrentProcess();
    ObReferenceObject(ErrorPortProcess);
    return STATUS_SUCCESS;
}

/* The stop screen of an error that nobody is left to handle. */
static DECLSPEC_NORETURN void Stop(const HARDERROR_MSG *Error)
{
    char Reason[64];

    ShowError(Error);
    _snprintf(Reason, sizeof(Reason), "0000004c FATAL_UNHANDLED_HARD_ERROR: %08x",
              (ULONG)Error->Status);
    KeBugCheck(Reason);
}

/* The error modes of the process, which an error may override, and of the thread. */
static BOOLEAN IsToBeTold(NTSTATUS Error)
{
    CLIENT(PCHAR) Teb = (CLIENT(PCHAR))PsGetCurrentThread()->Teb;
    ULONG Mode;

    if (!(PsGetCurrentProcess()->HardErrorMode & 1) && !(Error & HARDERROR_OVERRIDE_ERRORMODE))
        return FALSE;
    return !NT_SUCCESS(
               MmReadClient(&Mode, (CLIENT(PULONG))(Teb + FIELD_OFFSET(TEB, HardErrorMode)))) ||
           !(Mode & RTL_ERRORMODE_FAILCRITICALERRORS);
}

static NTSTATUS Ask(PHARDERROR_MSG Error)
{
    NTSTATUS Status;

    Error->h.u1.s1.DataLength = sizeof(*Error) - sizeof(Error->h);
    Error->h.u1.s1.TotalLength = sizeof(*Error);
    Error->h.u2.ZeroInit = LPC_ERROR_EVENT;
    Error->ErrorTime.QuadPart = KeQuerySystemTime();
    Error->Response = ResponseReturnToCaller;
    Status = LpcRequestWaitReply(ErrorPort, &Error->h, sizeof(*Error));
    if (Status == STATUS_SUCCESS && Error->Response > ResponseContinue)
        Error->Response = ResponseReturnToCaller;
    return Status;
}

static NTSTATUS Raise(PHARDERROR_MSG Error)
{
    BOOLEAN Told = IsToBeTold(Error->Status);

    Error->Status &= ~HARDERROR_OVERRIDE_ERRORMODE;
    Error->Response = ResponseReturnToCaller;
    if (Error->ValidResponseOptions == OptionShutdownSystem &&
        !SeSinglePrivilegeCheck(SE_SHUTDOWN_PRIVILEGE)) {
        Error->Response = ResponseNotHandled;
        return STATUS_PRIVILEGE_NOT_HELD;
    }
    if (NT_ERROR(Error->Status) && (Error->ValidResponseOptions == OptionShutdownSystem ||
                                    PsGetCurrentProcess() == ErrorPortProcess))
        Stop(Error);
    if (!Told || PsGetCurrentProcess() == ErrorPortProcess)
        return STATUS_SUCCESS;
    if (ErrorPort)
        return Ask(Error);
    ShowError(Error);
    return STATUS_SUCCESS;
}

/* Strings stay where they are: whoever handles the error reads them there. */
static NTSTATUS ProbeStrings(const HARDERROR_MSG *Error)
{
    UNICODE_STRING String;
    NTSTATUS Status = STATUS_SUCCESS;

    for (ULONG i = 0; NT_SUCCESS(Status) && i < Error->NumberOfParameters; i++)
        if (Error->UnicodeStringParameterMask >> i & 1)
            Status = MmReadClient(&String, (CLIENT(PUNICODE_STRING))Error->Parameters[i]);
    return Status;
}

/*
 * NtRaiseHardError: has the user told of an error, with its parameters (those of
 * UnicodeStringParameterMask are UNICODE_STRINGs), and waits for the answer of whoever handles
 * errors: Response. It is ResponseReturnToCaller where nobody does, and where the process's or the
 * thread's error mode forbids it. OptionShutdownSystem stops the system with an error of that
 * severity; it wants SeShutdownPrivilege: STATUS_PRIVILEGE_NOT_HELD, ResponseNotHandled. Returns
 * STATUS_INVALID_PARAMETER_2 (more than 5 parameters), STATUS_INVALID_PARAMETER_4 (no array of
 * them; no such options), STATUS_ACCESS_VIOLATION, and as LpcRequestWaitReply.  (phnt: ntexapi.h)
 */
NTSTATUS NtRaiseHardError(NTSTATUS ErrorStatus, ULONG NumberOfParameters,
                          ULONG UnicodeStringParameterMask, CLIENT(ULONG_PTR *) Parameters,
                          ULONG ValidResponseOptions, CLIENT(PULONG) Response)
{
    HARDERROR_MSG Error = {.Status = ErrorStatus,
                           .NumberOfParameters = NumberOfParameters,
                           .UnicodeStringParameterMask = UnicodeStringParameterMask,
                           .ValidResponseOptions = ValidResponseOptions};
    NTSTATUS Status, Written;

    if (NumberOfParameters > MAXIMUM_HARDERROR_PARAMETERS)
        return STATUS_INVALID_PARAMETER_2;
    if ((NumberOfParameters && !Parameters) || ValidResponseOptions > OptionCancelTryContinue)
        return STATUS_INVALID_PARAMETER_4;
    Status = MmProbeForWrite(Response, sizeof(Error.Response));
    if (NT_SUCCESS(Status))
        Status = MmCopyFromClient(Error.Parameters, Parameters,
                                  NumberOfParameters * sizeof(Error.Parameters[0]));
    if (NT_SUCCESS(Status))
        Status = ProbeStrings(&Error);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Raise(&Error);
    if (!NT_SUCCESS(Status) && Status != STATUS_PRIVILEGE_NOT_HELD)
        return Status;
    Written = MmWriteClient(Response, &Error.Response);
    return NT_SUCCESS(Written) ? Status : Written;
}
