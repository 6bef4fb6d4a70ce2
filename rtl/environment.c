// SPDX-License-Identifier: BSD-2-Clause
/* Environment blocks: NAME=value strings in the order of their names, the last of them empty. Names
 * may begin with '=', as those of drives' current directories do. */
#include <nt/ntpath.h>
#include <nt/ntrtl.h>

SIZE_T RtlpEnvironmentLength(PCWSTR Environment)
{
    PCWSTR End = Environment;

    while (*End)
        End += wcslen(End) + 1;
    return (SIZE_T)(End + 1 - Environment);
}

/* The characters of a string before its '='. */
static SIZE_T NameLength(PCWSTR String)
{
    SIZE_T Length = 1;

    while (String[Length] && String[Length] != '=')
        Length++;
    return Length;
}

PWSTR RtlpFindVariable(PCWSTR Environment, PCWCH Name, SIZE_T Length, PWSTR *Value)
{
    PCWSTR Place = NULL;

    *Value = NULL;
    for (; *Environment; Environment += wcslen(Environment) + 1) {
        SIZE_T ThisLength = NameLength(Environment);
        LONG Order = RtlCompareUnicodeStrings(Environment, ThisLength, Name, Length, TRUE);

        if (Order == 0 && Environment[ThisLength]) {
            *Value = (PWSTR)Environment + ThisLength + 1;
            return (PWSTR)Environment;
        }
        /* The block may have come from somebody who does not sort: look at all of it. */
        if (Order > 0 && !Place)
            Place = Environment;
    }
    return (PWSTR)(Place ? Place : Environment);
}

BOOLEAN RtlpIsVariableName(PCWCH Name, SIZE_T Length)
{
    for (SIZE_T i = 0; i < Length; i++) {
        if (!Name[i] || (i && Name[i] == '='))
            return FALSE;
    }
    return Length != 0;
}
