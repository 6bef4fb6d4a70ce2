// SPDX-License-Identifier: BSD-2-Clause
/* Character classes of ASCII. */
#include <nt/ntcrt.h>

static BOOLEAN Between(int Character, int First, int Last)
{
    return Character >= First && Character <= Last;
}

int CDECL isdigit(int Character)
{
    return Between(Character, '0', '9');
}

int CDECL islower(int Character)
{
    return Between(Character, 'a', 'z');
}

int CDECL isupper(int Character)
{
    return Between(Character, 'A', 'Z');
}

int CDECL isalpha(int Character)
{
    return islower(Character) || isupper(Character);
}

int CDECL isalnum(int Character)
{
    return isalpha(Character) || isdigit(Character);
}

int CDECL isxdigit(int Character)
{
    return isdigit(Character) || Between(Character | 0x20, 'a', 'f');
}

int CDECL isspace(int Character)
{
    return Character == ' ' || Between(Character, '\t', '\r');
}

int CDECL isprint(int Character)
{
    return Between(Character, ' ', '~');
}

int CDECL tolower(int Character)
{
    return isupper(Character) ? Character + 0x20 : Character;
}

int CDECL toupper(int Character)
{
    return islower(Character) ? Character - 0x20 : Character;
}
