/* SPDX-License-Identifier: BSD-2-Clause */
/* The Domain capability, of which the profile has one domain. */
#include "probe.h"

#define DOMAIN seL4_CapDomain

/* The duration has 64 bits: two words on ia32. */
static struct message configure(seL4_Word index, seL4_Word domain, uint64_t duration)
{
    if (seL4_WordBits == 64)
        return invoke(DOMAIN, DomainScheduleConfigure, CAPS(), ARGS(index, domain, duration));
    return invoke(DOMAIN, DomainScheduleConfigure, CAPS(),
                  ARGS(index, domain, (seL4_Word)duration, (seL4_Word)(duration >> 32)));
}

TEST(domain_set)
{
    seL4_CPtr tcb = make(seL4_TCBObject, 0), ep = make(seL4_EndpointObject, 0);

    succeeds("domain 0", invoke(DOMAIN, DomainSetSet, CAPS(tcb), ARGS(0)));
    succeeds("of oneself", invoke(DOMAIN, DomainSetSet, CAPS(seL4_CapInitThreadTCB), ARGS(0)));
    expect("domain 1", invoke(DOMAIN, DomainSetSet, CAPS(tcb), ARGS(1)), seL4_InvalidArgument, 0);
    expect("domain 256", invoke(DOMAIN, DomainSetSet, CAPS(tcb), ARGS(256)), seL4_InvalidArgument,
           0);
    expect("not a TCB", invoke(DOMAIN, DomainSetSet, CAPS(ep), ARGS(0)), seL4_InvalidArgument, 1);
    expect("no word", invoke(DOMAIN, DomainSetSet, CAPS(tcb), ARGS()), seL4_TruncatedMessage);
    expect("no cap", invoke(DOMAIN, DomainSetSet, CAPS(), ARGS(0)), seL4_TruncatedMessage);
    expect("the domain before the cap", invoke(DOMAIN, DomainSetSet, CAPS(), ARGS(1)),
           seL4_InvalidArgument, 0);
    expect("other label", invoke(DOMAIN, TCBSuspend, CAPS(), ARGS()), seL4_IllegalOperation);
}

TEST(domain_schedule)
{
    expect("index 1", configure(1, 0, 10), seL4_RangeError, 0, 0);
    expect("domain 1", configure(0, 1, 10), seL4_RangeError, 0, 0);
    expect("duration 0 of the start", configure(0, 0, 0), seL4_InvalidArgument, 2);
    expect("duration of 57 bits", configure(0, 0, (uint64_t)1 << 56), seL4_InvalidArgument, 2);
    succeeds("of 56", configure(0, 0, (uint64_t)1 << 55));
    expect("two words", invoke(DOMAIN, DomainScheduleConfigure, CAPS(), ARGS(0, 0)),
           seL4_TruncatedMessage);
    if (seL4_WordBits == 32)
        expect("three words", invoke(DOMAIN, DomainScheduleConfigure, CAPS(), ARGS(0, 0, 10)),
               seL4_TruncatedMessage);
    succeeds("some duration", configure(0, 0, 1000));
    expect("start 2", invoke(DOMAIN, DomainScheduleSetStart, CAPS(), ARGS(2)), seL4_RangeError, 0,
           1);
    expect("start 1, the end marker", invoke(DOMAIN, DomainScheduleSetStart, CAPS(), ARGS(1)),
           seL4_InvalidArgument, 0);
    succeeds("start 0", invoke(DOMAIN, DomainScheduleSetStart, CAPS(), ARGS(0)));
    expect("no word", invoke(DOMAIN, DomainScheduleSetStart, CAPS(), ARGS()),
           seL4_TruncatedMessage);
}
