/* SPDX-License-Identifier: BSD-2-Clause */
/* ver, time, mem, beep, shutdown and reboot. */
#include "ntcmd.h"

#define TICKS_PER_SECOND 10000000LL

void ShowVersion(ULONG Count, PWSTR Words[])
{
    PPEB Peb = NtCurrentPeb();

    Print("Neptune OS " NEPTUNE_VERSION " [Version %u.%u.%u]\n", Peb->OSMajorVersion,
          Peb->OSMinorVersion, Peb->OSBuildNumber);
}

void ShowTime(ULONG Count, PWSTR Words[])
{
    SYSTEM_TIMEOFDAY_INFORMATION Day;
    TIME_FIELDS Fields;
    ULONG Seconds;
    NTSTATUS Status = NtQuerySystemInformation(SystemTimeOfDayInformation, &Day, sizeof(Day), NULL);

    if (!NT_SUCCESS(Status)) {
        PrintStatus("time", Status);
        return;
    }
    RtlTimeToTimeFields(&Day.CurrentTime, &Fields);
    Seconds = (ULONG)((Day.CurrentTime.QuadPart - Day.BootTime.QuadPart) / TICKS_PER_SECOND);
    Print("%04d-%02d-%02d %02d:%02d:%02d UTC, up for %u:%02u:%02u\n", Fields.Year, Fields.Month,
          Fields.Day, Fields.Hour, Fields.Minute, Fields.Second, Seconds / 3600, Seconds / 60 % 60,
          Seconds % 60);
}

void ShowMemory(ULONG Count, PWSTR Words[])
{
    SYSTEM_BASIC_INFORMATION Basic;
    SYSTEM_PERFORMANCE_INFORMATION Performance;
    NTSTATUS Status = NtQuerySystemInformation(SystemBasicInformation, &Basic, sizeof(Basic), NULL);
    ULONGLONG Unit;

    if (NT_SUCCESS(Status))
        Status = NtQuerySystemInformation(SystemPerformanceInformation, &Performance,
                                          sizeof(Performance), NULL);
    if (!NT_SUCCESS(Status)) {
        PrintStatus("mem", Status);
        return;
    }
    Unit = Basic.PageSize / 1024;
    Print("%10llu K memory\n", Basic.NumberOfPhysicalPages * Unit);
    Print("%10llu K free\n", Performance.AvailablePages * Unit);
    Print("%10llu K committed, of at most %llu K\n", Performance.CommittedPages * Unit,
          Performance.CommitLimit * Unit);
    Print("%10llu K pool of the Executive\n", Performance.NonPagedPoolPages * Unit);
}

void Beep(ULONG Count, PWSTR Words[])
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\Beep");
    BEEP_SET_PARAMETERS Parameters = {800, 200};
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;
    HANDLE Device;
    NTSTATUS Status;

    if ((Count > 1 && !ParseNumber(Words[1], &Parameters.Frequency)) ||
        (Count > 2 && !ParseNumber(Words[2], &Parameters.Duration))) {
        Print("beep [hertz [milliseconds]]\n");
        return;
    }
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    Status = NtOpenFile(&Device, FILE_READ_DATA | FILE_WRITE_DATA | SYNCHRONIZE, &Attributes, &Iosb,
                        FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_SYNCHRONOUS_IO_NONALERT);
    if (NT_SUCCESS(Status)) {
        Status = NtDeviceIoControlFile(Device, NULL, NULL, NULL, &Iosb, IOCTL_BEEP_SET, &Parameters,
                                       sizeof(Parameters), NULL, 0);
        NtClose(Device);
    }
    if (!NT_SUCCESS(Status))
        PrintStatus("beep", Status);
}

static void EndSystem(const char *Command, ULONG Count, SHUTDOWN_ACTION Action)
{
    BOOLEAN WasEnabled;
    NTSTATUS Status;

    if (Count > 1) {
        Print("%s: takes no arguments\n", Command);
        return;
    }
    Status = RtlAdjustPrivilege(SE_SHUTDOWN_PRIVILEGE, TRUE, FALSE, &WasEnabled);
    PrintStatus(Command, NT_SUCCESS(Status) ? NtShutdownSystem(Action) : Status);
}

void Shutdown(ULONG Count, PWSTR Words[])
{
    EndSystem("shutdown", Count, ShutdownPowerOff);
}

void Reboot(ULONG Count, PWSTR Words[])
{
    EndSystem("reboot", Count, ShutdownReboot);
}
