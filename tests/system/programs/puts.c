/* SPDX-License-Identifier: BSD-2-Clause */
/* Needs msvcrt.dll. */
#include <stdio.h>

int main(int argc, char **argv)
{
    puts("puts was here");
    printf("%d %s %.3f\n", argc, argv[argc - 1], 3.14159);
    return argc == 3 ? 0 : 1;
}
