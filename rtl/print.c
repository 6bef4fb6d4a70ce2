// SPDX-License-Identifier: BSD-2-Clause
/*
 * Formatted output. As on Windows, l means 32 bits on every side; 64 bits are I64 or ll,
 * pointer-sized values I or z. (Microsoft C runtime: "Format specification syntax: printf and
 * wprintf functions")
 */
#include <nt/ntrtl.h>

typedef enum _ARGUMENT_SIZE {
    SizeDefault,
    SizeShort,   /* h: 16 bits; narrow text */
    SizeLong,    /* l, w: 32 bits; UTF-16 text */
    SizeQuad,    /* ll, I64 */
    SizePointer, /* I, z, t */
} ARGUMENT_SIZE;

typedef struct _FIELD {
    PRTL_PRINT_SINK Sink;
    BOOLEAN WideFormat;
    BOOLEAN Left;
    BOOLEAN Zero;
    BOOLEAN Alternate;
    WCHAR Plus; /* what stands before a number that is not negative: '+', ' ' or nothing */
    LONG Width;
    LONG Precision; /* -1: none given */
    ARGUMENT_SIZE Size;
    LONG Count; /* characters written so far */
} FIELD, *PFIELD;

typedef struct _CURSOR {
    const void *Text;
    BOOLEAN Wide;
} CURSOR, *PCURSOR;

/* va_list may be an array type, which a pointer parameter cannot carry along: hence the
 * wrapping. */
typedef struct _ARGUMENTS {
    va_list List;
} ARGUMENTS, *PARGUMENTS;

static WCHAR Peek(PCURSOR Cursor, ULONG Ahead)
{
    return Cursor->Wide ? ((PCWSTR)Cursor->Text)[Ahead] : ((const UCHAR *)Cursor->Text)[Ahead];
}

static void Skip(PCURSOR Cursor, ULONG Count)
{
    Cursor->Text = (PCSTR)Cursor->Text + Count * (Cursor->Wide ? sizeof(WCHAR) : 1);
}

static void Put(PFIELD Field, WCHAR Character)
{
    Field->Sink->Put(Field->Sink, Character);
    Field->Count++;
}

static void Pad(PFIELD Field, WCHAR Character, LONG Count)
{
    while (Count-- > 0)
        Put(Field, Character);
}

static void PutText(PFIELD Field, const void *Text, BOOLEAN Wide, LONG Length)
{
    CURSOR Cursor = {Text, Wide};

    if (!Field->Left)
        Pad(Field, Field->Zero ? '0' : ' ', Field->Width - Length);
    for (LONG i = 0; i < Length; i++)
        Put(Field, Peek(&Cursor, (ULONG)i));
    if (Field->Left)
        Pad(Field, ' ', Field->Width - Length);
}

/* A string with a terminator or, if there is a precision, at most that many characters. */
static void PutString(PFIELD Field, const void *Text, BOOLEAN Wide)
{
    SIZE_T Maximum = Field->Precision < 0 ? MAXLONG : (SIZE_T)Field->Precision;

    if (!Text) {
        Text = "(null)";
        Wide = FALSE;
    }
    PutText(Field, Text, Wide, (LONG)(Wide ? wcsnlen(Text, Maximum) : strnlen(Text, Maximum)));
}

static BOOLEAN TextIsWide(PFIELD Field, BOOLEAN Opposite)
{
    if (Field->Size == SizeLong)
        return TRUE;
    return Field->Size == SizeShort ? FALSE : Field->WideFormat != Opposite;
}

static void PutCounted(PFIELD Field, const STRING *String, BOOLEAN Wide)
{
    LONG Length = String ? String->Length / (Wide ? (LONG)sizeof(WCHAR) : 1) : 0;

    if (!String || !String->Buffer) {
        PutString(Field, NULL, FALSE);
        return;
    }
    if (Field->Precision >= 0 && Field->Precision < Length)
        Length = Field->Precision;
    PutText(Field, String->Buffer, Wide, Length);
}

static void PutNumber(PFIELD Field, ULONGLONG Value, ULONG Base, BOOLEAN Upper, PCSTR Prefix)
{
    CHAR Digits[64];
    LONG Length = 0, Zeros, Total;

    for (; Value; Value /= Base)
        Digits[Length++] = (Upper ? "0123456789ABCDEF" : "0123456789abcdef")[Value % Base];
    if (!Length && Field->Precision)
        Digits[Length++] = '0';
    Zeros = Field->Precision > Length ? Field->Precision - Length : 0;
    Total = Length + Zeros + (LONG)strlen(Prefix);
    if (Field->Zero && !Field->Left && Field->Precision < 0 && Field->Width > Total) {
        Zeros += Field->Width - Total;
        Total = Field->Width;
    }
    if (!Field->Left)
        Pad(Field, ' ', Field->Width - Total);
    for (; *Prefix; Prefix++)
        Put(Field, (UCHAR)*Prefix);
    Pad(Field, '0', Zeros);
    while (Length)
        Put(Field, (UCHAR)Digits[--Length]);
    if (Field->Left)
        Pad(Field, ' ', Field->Width - Total);
}

static LONGLONG TakeSigned(PFIELD Field, PARGUMENTS Arguments)
{
    switch (Field->Size) {
    case SizeQuad:
        return va_arg(Arguments->List, LONGLONG);
    case SizePointer:
        return va_arg(Arguments->List, LONG_PTR);
    case SizeShort:
        return (SHORT)va_arg(Arguments->List, LONG);
    default:
        return va_arg(Arguments->List, LONG);
    }
}

static ULONGLONG TakeUnsigned(PFIELD Field, PARGUMENTS Arguments)
{
    ULONGLONG Value = (ULONGLONG)TakeSigned(Field, Arguments);

    switch (Field->Size) {
    case SizeQuad:
        return Value;
    case SizePointer:
        return (ULONG_PTR)Value;
    case SizeShort:
        return (USHORT)Value;
    default:
        return (ULONG)Value;
    }
}

static void PutSigned(PFIELD Field, LONGLONG Value)
{
    CHAR Prefix[2] = {Value < 0 ? '-' : (CHAR)Field->Plus, 0};

    PutNumber(Field, Value < 0 ? 0 - (ULONGLONG)Value : (ULONGLONG)Value, 10, FALSE, Prefix);
}

static void PutPointer(PFIELD Field, PVOID Pointer)
{
    Field->Precision = sizeof(PVOID) * 2;
    PutNumber(Field, (ULONG_PTR)Pointer, 16, TRUE, "");
}

static void ReadFlags(PCURSOR Cursor, PFIELD Field)
{
    for (;; Skip(Cursor, 1)) {
        switch (Peek(Cursor, 0)) {
        case '-':
            Field->Left = TRUE;
            break;
        case '0':
            Field->Zero = TRUE;
            break;
        case '#':
            Field->Alternate = TRUE;
            break;
        case '+':
            Field->Plus = '+';
            break;
        case ' ':
            if (!Field->Plus)
                Field->Plus = ' ';
            break;
        default:
            return;
        }
    }
}

/* A number or a star. Values that cannot be meant are cut off. */
static LONG ReadCount(PCURSOR Cursor, PARGUMENTS Arguments)
{
    LONG Value = 0;

    if (Peek(Cursor, 0) == '*') {
        Skip(Cursor, 1);
        Value = va_arg(Arguments->List, LONG);
        return Value < -4096 ? -4096 : Value > 4096 ? 4096 : Value;
    }
    for (; Peek(Cursor, 0) >= '0' && Peek(Cursor, 0) <= '9'; Skip(Cursor, 1)) {
        if (Value < 4096)
            Value = Value * 10 + Peek(Cursor, 0) - '0';
    }
    return Value;
}

static void ReadWidth(PCURSOR Cursor, PFIELD Field, PARGUMENTS Arguments)
{
    Field->Width = ReadCount(Cursor, Arguments);
    if (Field->Width < 0) {
        Field->Left = TRUE;
        Field->Width = -Field->Width;
    }
    Field->Precision = -1;
    if (Peek(Cursor, 0) == '.') {
        Skip(Cursor, 1);
        Field->Precision = ReadCount(Cursor, Arguments);
    }
}

static void ReadISize(PCURSOR Cursor, PFIELD Field)
{
    WCHAR First = Peek(Cursor, 1), Second = First ? Peek(Cursor, 2) : 0;

    Field->Size = SizePointer;
    if (First == '6' && Second == '4')
        Field->Size = SizeQuad;
    else if (First == '3' && Second == '2')
        Field->Size = SizeLong;
    Skip(Cursor, Field->Size == SizePointer ? 1 : 3);
}

static void ReadSize(PCURSOR Cursor, PFIELD Field)
{
    switch (Peek(Cursor, 0)) {
    case 'h':
        Field->Size = SizeShort;
        Skip(Cursor, Peek(Cursor, 1) == 'h' ? 2 : 1);
        break;
    case 'l':
        Field->Size = Peek(Cursor, 1) == 'l' ? SizeQuad : SizeLong;
        Skip(Cursor, Field->Size == SizeQuad ? 2 : 1);
        break;
    case 'w':
        Field->Size = SizeLong;
        Skip(Cursor, 1);
        break;
    case 'j':
        Field->Size = SizeQuad;
        Skip(Cursor, 1);
        break;
    case 'z':
    case 't':
        Field->Size = SizePointer;
        Skip(Cursor, 1);
        break;
    case 'I':
        ReadISize(Cursor, Field);
        break;
    }
}

static void PutCharacter(PFIELD Field, LONG Character, BOOLEAN Wide)
{
    WCHAR Text = (WCHAR)(Wide ? Character : (UCHAR)Character);

    PutText(Field, &Text, TRUE, 1);
}

static void PutUnsigned(PFIELD Field, WCHAR Conversion, ULONGLONG Value)
{
    BOOLEAN Hex = Conversion == 'x' || Conversion == 'X';
    PCSTR Prefix = !Field->Alternate || !Value ? "" : Conversion == 'x' ? "0x" : Hex ? "0X" : "";
    ULONG Base = Hex ? 16 : Conversion == 'o' ? 8 : 10;

    PutNumber(Field, Value, Base, Conversion == 'X', Prefix);
}

static void Convert(PFIELD Field, WCHAR Conversion, PARGUMENTS Arguments)
{
    switch (Conversion) {
    case 'd':
    case 'i':
        PutSigned(Field, TakeSigned(Field, Arguments));
        break;
    case 'u':
    case 'x':
    case 'X':
    case 'o':
        PutUnsigned(Field, Conversion, TakeUnsigned(Field, Arguments));
        break;
    case 'p':
        PutPointer(Field, va_arg(Arguments->List, PVOID));
        break;
    case 'c':
    case 'C':
        PutCharacter(Field, va_arg(Arguments->List, LONG), TextIsWide(Field, Conversion == 'C'));
        break;
    case 's':
    case 'S':
        PutString(Field, va_arg(Arguments->List, PVOID), TextIsWide(Field, Conversion == 'S'));
        break;
    case 'Z':
        PutCounted(Field, va_arg(Arguments->List, STRING *), Field->Size == SizeLong);
        break;
    default: /* %% and what we do not know */
        Put(Field, Conversion);
    }
}

int RtlpFormat(PRTL_PRINT_SINK Sink, const void *Format, BOOLEAN WideFormat, va_list List)
{
    CURSOR Cursor = {Format, WideFormat};
    ARGUMENTS Arguments;
    LONG Count = 0;
    WCHAR Character;

    va_copy(Arguments.List, List);
    while ((Character = Peek(&Cursor, 0)) != 0) {
        FIELD Field = {.Sink = Sink, .WideFormat = WideFormat, .Count = Count};

        Skip(&Cursor, 1);
        if (Character != '%') {
            Put(&Field, Character);
        } else {
            ReadFlags(&Cursor, &Field);
            ReadWidth(&Cursor, &Field, &Arguments);
            ReadSize(&Cursor, &Field);
            Character = Peek(&Cursor, 0);
            if (!Character)
                break;
            Skip(&Cursor, 1);
            Convert(&Field, Character, &Arguments);
        }
        Count = Field.Count;
    }
    va_end(Arguments.List);
    return Count;
}

typedef struct _BUFFER_SINK {
    RTL_PRINT_SINK Sink;
    void *Buffer;
    size_t Size;
    size_t Used;
} BUFFER_SINK;

static void PutNarrow(PRTL_PRINT_SINK Sink, WCHAR Character)
{
    BUFFER_SINK *Buffer = CONTAINING_RECORD(Sink, BUFFER_SINK, Sink);

    if (Buffer->Used < Buffer->Size)
        ((PCHAR)Buffer->Buffer)[Buffer->Used++] = (CHAR)(Character <= 0xff ? Character : '?');
}

static void PutWide(PRTL_PRINT_SINK Sink, WCHAR Character)
{
    BUFFER_SINK *Buffer = CONTAINING_RECORD(Sink, BUFFER_SINK, Sink);

    if (Buffer->Used < Buffer->Size)
        ((PWSTR)Buffer->Buffer)[Buffer->Used++] = Character;
}

int CDECL _vsnprintf(char *Buffer, size_t Size, const char *Format, va_list Arguments)
{
    BUFFER_SINK Sink = {{PutNarrow}, Buffer, Size, 0};
    int Count = RtlpFormat(&Sink.Sink, Format, FALSE, Arguments);

    if ((size_t)Count < Size)
        Buffer[Count] = 0;
    return (size_t)Count <= Size ? Count : -1;
}

int CDECL _vsnwprintf(PWSTR Buffer, size_t Size, PCWSTR Format, va_list Arguments)
{
    BUFFER_SINK Sink = {{PutWide}, Buffer, Size, 0};
    int Count = RtlpFormat(&Sink.Sink, Format, TRUE, Arguments);

    if ((size_t)Count < Size)
        Buffer[Count] = 0;
    return (size_t)Count <= Size ? Count : -1;
}

int CDECL _snprintf(char *Buffer, size_t Size, const char *Format, ...)
{
    va_list Arguments;
    int Count;

    va_start(Arguments, Format);
    Count = _vsnprintf(Buffer, Size, Format, Arguments);
    va_end(Arguments);
    return Count;
}

int CDECL _snwprintf(PWSTR Buffer, size_t Size, PCWSTR Format, ...)
{
    va_list Arguments;
    int Count;

    va_start(Arguments, Format);
    Count = _vsnwprintf(Buffer, Size, Format, Arguments);
    va_end(Arguments);
    return Count;
}
