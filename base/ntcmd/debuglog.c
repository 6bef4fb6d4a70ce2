/* SPDX-License-Identifier: BSD-2-Clause */
/* log: which levels of which components of the Executive go to the debug log. */
#include "ntcmd.h"

static const struct {
    PCWSTR Name;
    ULONG Id;
} Components[] = {
    {u"all", DPFLTR_ALL_ID},     {u"ke", NEP_DPFLTR_KE_ID}, {u"mm", NEP_DPFLTR_MM_ID},
    {u"ob", NEP_DPFLTR_OB_ID},   {u"ps", NEP_DPFLTR_PS_ID}, {u"io", NEP_DPFLTR_IO_ID},
    {u"hal", NEP_DPFLTR_HAL_ID}, {u"ex", NEP_DPFLTR_EX_ID},
};

/* Each level takes in those before it: level n of this list is n bits from DPFLTR_ERROR_LEVEL
 * on. */
static const PCWSTR Levels[] = {u"off", u"error", u"warning", u"trace", u"info"};

static ULONG CurrentLevel(ULONG Component)
{
    ULONG Level = ARRAYSIZE(Levels) - 1;

    while (Level && NtQueryDebugFilterState(Component, Level - 1) != TRUE)
        Level--;
    return Level;
}

static NTSTATUS SetLevel(ULONG Component, ULONG Level)
{
    ULONG Mask = DPFLTR_MASK | ((1u << Level) - 1);
    NTSTATUS Status = NtSetDebugFilterState(Component, MAXULONG, FALSE);

    return NT_SUCCESS(Status) ? NtSetDebugFilterState(Component, Mask, TRUE) : Status;
}

static void ShowLevels(void)
{
    for (ULONG i = 0; i < ARRAYSIZE(Components); i++) {
        PCWSTR Level = Levels[CurrentLevel(Components[i].Id)];

        PrintWide(Components[i].Name, (ULONG)wcslen(Components[i].Name));
        Print("\t");
        PrintWide(Level, (ULONG)wcslen(Level));
        Print("\n");
    }
}

static ULONG FindComponent(PCWSTR Name)
{
    ULONG i = 0;

    while (i < ARRAYSIZE(Components) && !EqualWords(Components[i].Name, Name))
        i++;
    return i;
}

static ULONG FindLevel(PCWSTR Name)
{
    ULONG i = 0;

    while (i < ARRAYSIZE(Levels) && !EqualWords(Levels[i], Name))
        i++;
    return i;
}

void DebugLog(ULONG Count, PWSTR Words[])
{
    ULONG Component, Level;
    NTSTATUS Status;

    if (Count == 1) {
        ShowLevels();
        return;
    }
    Component = FindComponent(Words[1]);
    Level = Count == 3 ? FindLevel(Words[2]) : ARRAYSIZE(Levels);
    if (Component == ARRAYSIZE(Components) || Level == ARRAYSIZE(Levels)) {
        Print("log [all|ke|mm|ob|ps|io|hal|ex  off|error|warning|trace|info]\n");
        return;
    }
    Status = SetLevel(Components[Component].Id, Level);
    if (!NT_SUCCESS(Status))
        PrintStatus("log", Status);
}
