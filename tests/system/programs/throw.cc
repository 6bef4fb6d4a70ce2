// SPDX-License-Identifier: BSD-2-Clause
// An exception of C++ through three frames that have something to undo; by g++, which unwinds with
// ntdll on AMD64 and by its own tables on i386.
#include <cstdio>
#include <stdexcept>
#include <string>

struct Noise {
    ~Noise() { std::puts("unwound"); }
};

static void Throw(int Depth)
{
    Noise Noise;

    if (Depth == 3)
        throw std::runtime_error("thrown " + std::to_string(Depth));
    Throw(Depth + 1);
}

int main()
{
    try {
        Throw(1);
    } catch (const std::exception &Exception) {
        std::printf("caught: %s\n", Exception.what());
        return 0;
    }
    return 1;
}
