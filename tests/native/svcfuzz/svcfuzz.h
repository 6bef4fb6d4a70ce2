/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * svcfuzz.exe: every system service with random and half-valid arguments, from several threads of
 * several processes at once. "svcfuzz SEED COUNT [FIRST]": what call number n of a seed asks for
 * depends on the two alone, so that a run can be resumed.
 */
#pragma once
#include <nt/nt.h>

#define FUZZ_PROCESSES 2
#define FUZZ_THREADS 4
/* A process ends after so many calls: by then some of its threads wait for ever, or run in circles.
 */
#define FUZZ_LIFE 500
#define FUZZ_ARGUMENTS 17
#define FUZZ_DIRECTORY u"\\SvcFuzz"
#define FUZZ_KEY u"\\Registry\\Machine\\Software\\SvcFuzz"

/* What the processes share. */
typedef struct _FUZZ_STATE {
    volatile LONG Next, End; /* the number of the next call; the first that is not made */
    volatile LONG Made;      /* calls that came back */
    ULONG Seed;
} FUZZ_STATE, *PFUZZ_STATE;

/* A thread's own memory that arguments point to; what lies behind it is not there. */
#define FUZZ_SCRATCH_SIZE 0x4000

/* arguments.c: call number Index of a seed: the number of the service; its arguments. */
ULONG ChooseCall(ULONG Seed, ULONG Index, PUCHAR Scratch, ULONG_PTR Arguments[FUZZ_ARGUMENTS]);

#define FUZZ_STATE_NAME u"\\SvcFuzzState"

/* child.c: makes calls until there are none left; does not return. */
void FuzzChild(void);

/* user.c: a token for the processes that make calls; a descriptor that lets them to an object. */
NTSTATUS MakeUserToken(PHANDLE Token);
PSECURITY_DESCRIPTOR ForEveryone(void);

/* sweep.c: removes what calls have left behind under a name. */
void Sweep(void);

NTSTATUS RawService(ULONG Number, const ULONG_PTR Arguments[FUZZ_ARGUMENTS]);
