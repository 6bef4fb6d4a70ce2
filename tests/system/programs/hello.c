/* SPDX-License-Identifier: BSD-2-Clause */
/* Needs kernel32.dll and nothing else. */
#include <windows.h>

void start(void)
{
    static const char Text[] = "hello, world\r\n";
    DWORD Written = 0;
    BOOL Good = WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), Text, sizeof(Text) - 1, &Written, NULL);

    ExitProcess(Good && Written == sizeof(Text) - 1 ? 0 : 1);
}
