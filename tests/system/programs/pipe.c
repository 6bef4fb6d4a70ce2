/* SPDX-License-Identifier: BSD-2-Clause */
/* Needs msvcrt.dll. Starts itself with its standard output a pipe, and shows what comes through. */
#include <stdio.h>
#include <string.h>
#include <windows.h>

static int child(void)
{
    char line[64];
    DWORD written;

    for (int i = 0; i < 3; i++) {
        sprintf(line, "line %d of the child\n", i);
        if (!WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), line, (DWORD)strlen(line), &written, NULL))
            return 1;
    }
    return 7;
}

static int start(HANDLE output, PROCESS_INFORMATION *process)
{
    STARTUPINFOA startup = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES};
    char line[] = "pipe child";

    startup.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    startup.hStdOutput = output;
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    return CreateProcessA("C:\\windows\\system32\\pipe.exe", line, NULL, NULL, TRUE, 0, NULL, NULL,
                          &startup, process);
}

int main(int argc, char **argv)
{
    SECURITY_ATTRIBUTES inherit = {sizeof(inherit), NULL, TRUE};
    PROCESS_INFORMATION process;
    HANDLE input, output;
    char text[256];
    DWORD bytes, total = 0, code;

    if (argc == 2)
        return child();
    if (!CreatePipe(&input, &output, &inherit, 0) || !start(output, &process)) {
        printf("error %lu\n", GetLastError());
        return 1;
    }
    CloseHandle(output);
    while (ReadFile(input, text + total, sizeof(text) - 1 - total, &bytes, NULL) && bytes)
        total += bytes;
    code = GetLastError();
    text[total] = 0;
    printf("%s", text);
    printf("then error %lu\n", code);
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    printf("exit code %lu, type %lu\n", code, GetFileType(input));
    return 0;
}
