// SPDX-License-Identifier: BSD-2-Clause
// The same by clang's MSVC target: the C++ runtime of msvcrt.dll finds the handlers.
extern "C" {
void *__stdcall GetStdHandle(unsigned long);
int __stdcall WriteFile(void *, const void *, unsigned long, unsigned long *, void *);
__declspec(noreturn) void __stdcall ExitProcess(unsigned);
// What Microsoft's static library brings: nobody calls the first, and the second is for the worst.
extern const void *const TypeInfo[] __asm__("??_7type_info@@6B@");
const void *const TypeInfo[2] = {};
void __std_terminate() { ExitProcess(3); }
}

static void Say(const char *Text)
{
    unsigned long Length = 0, Written;

    while (Text[Length])
        Length++;
    WriteFile(GetStdHandle(-11), Text, Length, &Written, nullptr);
}

struct Noise {
    ~Noise() { Say("unwound\r\n"); }
};

static void Throw(int Depth)
{
    Noise Noise;

    if (Depth == 3)
        throw Depth;
    Throw(Depth + 1);
}

extern "C" void start()
{
    try {
        Throw(1);
    } catch (const char *) {
        Say("the wrong type\r\n");
    } catch (int Depth) {
        Say(Depth == 3 ? "caught: 3\r\n" : "caught what was not thrown\r\n");
        ExitProcess(0);
    }
    ExitProcess(1);
}
