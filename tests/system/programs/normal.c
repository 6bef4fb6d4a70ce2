/* SPDX-License-Identifier: BSD-2-Clause */
/* Normalisation forms by the system's files: of a ligature, a letter of another plane, a syllable.
 */
#include <stdio.h>
#include <windows.h>

typedef int(WINAPI *NORMALIZE)(int form, const WCHAR *text, int length, WCHAR *result, int room);

static const WCHAR text[] = {0xfb01, 0xd835, 0xdc00, 0xac00, 0x41, 0x30a, 0};

int main(void)
{
    static const int forms[] = {1, 2, 5, 6, 13};
    NORMALIZE normalize =
        (NORMALIZE)(void *)GetProcAddress(GetModuleHandleA("kernel32"), "NormalizeString");
    WCHAR result[32];

    for (unsigned i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        int length = normalize(forms[i], text, 6, result, 32);

        printf("%d:", forms[i]);
        for (int j = 0; j < length; j++)
            printf(" %x", result[j]);
        printf("\n");
    }
    return 0;
}
