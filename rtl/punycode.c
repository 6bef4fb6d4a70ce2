// SPDX-License-Identifier: BSD-2-Clause
/* Labels of host names in ASCII. (RFC 3492) */
#include <nt/ntnls.h>
#include <nt/ntrtl.h>

#define BASE 36
#define MINIMUM 1
#define MAXIMUM 26
#define SKEW 38
#define DAMP 700
#define FIRST_BIAS 72
#define FIRST_NUMBER 0x80
#define LAST_CHARACTER 0x10ffff

static ULONG Adapt(ULONG Delta, ULONG Count, BOOLEAN First)
{
    ULONG Steps = 0;

    Delta = First ? Delta / DAMP : Delta / 2;
    Delta += Delta / Count;
    for (; Delta > (BASE - MINIMUM) * MAXIMUM / 2; Steps += BASE)
        Delta /= BASE - MINIMUM;
    return Steps + (BASE - MINIMUM + 1) * Delta / (Delta + SKEW);
}

static ULONG Threshold(ULONG Step, ULONG Bias)
{
    if (Step <= Bias + MINIMUM)
        return MINIMUM;
    return Step >= Bias + MAXIMUM ? MAXIMUM : Step - Bias;
}

/* Takes a whole character off the front of valid UTF-16. */
static ULONG Read(PCWCH Text, ULONG Length, ULONG *Index)
{
    ULONG Character = Text[(*Index)++];

    if ((Character & 0xfc00) == 0xd800 && *Index < Length)
        Character = 0x10000 + ((Character & 0x3ff) << 10) + (Text[(*Index)++] & 0x3ff);
    return Character;
}

/* The smallest character that is at least Least. */
static ULONG NextCharacter(PCWCH Text, ULONG Length, ULONG Least)
{
    ULONG Smallest = MAXULONG;

    for (ULONG i = 0; i < Length;) {
        ULONG Character = Read(Text, Length, &i);

        if (Character >= Least && Character < Smallest)
            Smallest = Character;
    }
    return Smallest;
}

typedef struct _OUTPUT {
    PWSTR Text;
    ULONG Capacity;
    ULONG Length;
} OUTPUT, *POUTPUT;

static void Put(POUTPUT Output, ULONG Character)
{
    if (Output->Length < Output->Capacity)
        Output->Text[Output->Length] = (WCHAR)Character;
    Output->Length++;
}

/* A number in digits of growing weight, the last of which is below its threshold. */
static void PutNumber(POUTPUT Output, ULONG Number, ULONG Bias)
{
    ULONG Step = BASE, Limit;

    for (; Number >= (Limit = Threshold(Step, Bias)); Step += BASE) {
        ULONG Digit = Limit + (Number - Limit) % (BASE - Limit);

        Put(Output, Digit < 26 ? 'a' + Digit : '0' + Digit - 26);
        Number = (Number - Limit) / (BASE - Limit);
    }
    Put(Output, Number < 26 ? 'a' + Number : '0' + Number - 26);
}

static ULONG PutAscii(PCWCH Label, ULONG Length, POUTPUT Output)
{
    ULONG Count = 0;

    for (ULONG i = 0; i < Length; i++) {
        if (Label[i] < FIRST_NUMBER) {
            Put(Output, Label[i]);
            Count++;
        }
    }
    if (Count)
        Put(Output, '-');
    return Count;
}

/* A label is so short that no number overflows: 64 characters times 0x110000. */
ULONG RtlpEncodePunycode(PCWCH Label, ULONG Length, PWSTR Destination, ULONG Capacity)
{
    OUTPUT Output = {Destination, Capacity, 0};
    ULONG Basic = PutAscii(Label, Length, &Output), Done = Basic;
    ULONG Number = FIRST_NUMBER, Bias = FIRST_BIAS, Delta = 0, Next;

    while ((Next = NextCharacter(Label, Length, Number)) != MAXULONG) {
        Delta += (Next - Number) * (Done + 1);
        for (ULONG i = 0; i < Length;) {
            ULONG Character = Read(Label, Length, &i);

            Delta += Character < Next;
            if (Character != Next)
                continue;
            PutNumber(&Output, Delta, Bias);
            Bias = Adapt(Delta, Done + 1, Done == Basic);
            Delta = 0;
            Done++;
        }
        Delta++;
        Number = Next + 1;
    }
    return Output.Length;
}

/* *Value += the number at *Index; FALSE: there is none, or it is too large. */
static BOOLEAN ReadNumber(PCWCH Text, ULONG Length, ULONG *Index, ULONG Bias, ULONG *Value)
{
    ULONGLONG Weight = 1, Sum = *Value;

    for (ULONG Step = BASE;; Step += BASE) {
        ULONG Limit = Threshold(Step, Bias), Digit;

        if (*Index == Length)
            return FALSE;
        Digit = RtlpDigitValue(Text[(*Index)++]);
        if (Digit == 99)
            return FALSE;
        Digit = Digit < 10 ? Digit + 26 : Digit - 10;
        Sum += Digit * Weight;
        if (Sum > MAXLONG)
            return FALSE;
        if (Digit < Limit)
            break;
        Weight *= BASE - Limit;
        if (Weight > MAXLONG)
            return FALSE;
    }
    *Value = (ULONG)Sum;
    return TRUE;
}

/* Inserts a character before the Place'th in UTF-16. */
static BOOLEAN Insert(POUTPUT Output, ULONG Place, ULONG Character)
{
    ULONG Units = Character > 0xffff ? 2 : 1, Index = 0;

    if (Output->Capacity - Output->Length < Units)
        return FALSE;
    while (Place--)
        Read(Output->Text, Output->Length, &Index);
    memmove(Output->Text + Index + Units, Output->Text + Index,
            (Output->Length - Index) * sizeof(WCHAR));
    if (Units == 2) {
        Output->Text[Index] = (WCHAR)(0xd7c0 + (Character >> 10));
        Output->Text[Index + 1] = (WCHAR)(0xdc00 | (Character & 0x3ff));
    } else {
        Output->Text[Index] = (WCHAR)Character;
    }
    Output->Length += Units;
    return TRUE;
}

/* What stands before the last hyphen is ASCII. */
static ULONG CopyAscii(PCWCH Label, ULONG Length, POUTPUT Output)
{
    ULONG Hyphen = Length;

    while (Hyphen && Label[Hyphen - 1] != '-')
        Hyphen--;
    for (ULONG i = 0; i + 1 < Hyphen; i++)
        Put(Output, Label[i]);
    return Hyphen;
}

ULONG RtlpDecodePunycode(PCWCH Label, ULONG Length, PWSTR Destination, ULONG Capacity)
{
    OUTPUT Output = {Destination, Capacity, 0};
    ULONG Index = CopyAscii(Label, Length, &Output), Count = Output.Length;
    ULONG Number = FIRST_NUMBER, Bias = FIRST_BIAS, Place = 0;

    if (Output.Length > Capacity)
        return 0;
    while (Index < Length) {
        ULONG Before = Place;

        if (!ReadNumber(Label, Length, &Index, Bias, &Place))
            return 0;
        Count++;
        Bias = Adapt(Place - Before, Count, Before == 0);
        Number += Place / Count;
        Place %= Count;
        if (Number > LAST_CHARACTER || (Number & ~0x7ffu) == 0xd800 ||
            !Insert(&Output, Place, Number))
            return 0;
        Place++;
    }
    return Output.Length;
}
