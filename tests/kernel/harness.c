/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs the tests, prints TAP. */
#include "harness.h"
#include "probe.h"

extern const struct test tests_start[], tests_end[];
/* If boots.py links with this symbol, its value says how to stop the machine. */
extern const char stop_mode[] __attribute__((weak));

bool debug_kernel;
static bool other_kernel;
static const struct test *current;
static unsigned checks, failures;
static void *escape[5];
static char traced[64];
static volatile unsigned trace_length;

static bool result(bool passed, const char *name)
{
    checks++;
    failures += !passed;
    print("%s %u - %s: %s\n", passed ? "ok" : "not ok", checks, current->name, name);
    return passed;
}

bool check_that(const char *name, bool condition, const char *text)
{
    if (!result(condition, name))
        print("#   false: %s\n", text);
    return condition;
}

bool check_eq(const char *name, seL4_Word got, seL4_Word wanted)
{
    if (!result(got == wanted, name))
        print("#   got %x, expected %x\n", got, wanted);
    return got == wanted;
}

bool check_text(const char *name, const char *got, const char *wanted)
{
    bool passed = result(!strcmp(got, wanted), name);

    if (!passed)
        print("#   got \"%s\", expected \"%s\"\n", got, wanted);
    return passed;
}

static void print_words(const char *title, seL4_Word label, seL4_Word length, const seL4_Word *mr)
{
    seL4_Word i;

    print("#   %s label %w, %w words:", title, label, length);
    for (i = 0; i < length && i < MAX_WORDS; i++)
        print(" %x", mr[i]);
    print("\n");
}

bool check_message(const char *name, struct message got, seL4_Word label, struct words wanted)
{
    bool same = got.label == label && got.length == wanted.count &&
                !memcmp(got.mr, wanted.list, wanted.count * sizeof(seL4_Word));

    if (!result(same, name)) {
        print_words("got", got.label, got.length, got.mr);
        print_words("expected", label, wanted.count, wanted.list);
    }
    return same;
}

void skip(const char *name, const char *reason)
{
    checks++;
    print("ok %u - %s: %s # SKIP %s\n", checks, current->name, name, reason);
}

bool skip_on_others(const char *reason)
{
    if (other_kernel)
        skip("not on other kernels", reason);
    return other_kernel;
}

void abandon(const char *why)
{
    result(false, "test abandoned");
    print("#   needs: %s\n", why);
    __builtin_longjmp(escape, 1);
}

static struct message read_message(seL4_MessageInfo_t info, seL4_Word badge)
{
    struct message message;
    seL4_Word i;

    message.badge = badge;
    message.label = seL4_MessageInfo_get_label(info);
    message.length = seL4_MessageInfo_get_length(info);
    message.extra_caps = seL4_MessageInfo_get_extraCaps(info);
    message.unwrapped = seL4_MessageInfo_get_capsUnwrapped(info);
    for (i = 0; i < MAX_WORDS; i++)
        message.mr[i] = seL4_GetMR((int)i);
    return message;
}

struct message invoke(seL4_CPtr service, seL4_Word label, struct words caps, struct words args)
{
    seL4_Word i;

    for (i = 0; i < args.count; i++)
        seL4_SetMR((int)i, args.list[i]);
    for (i = 0; i < caps.count; i++)
        seL4_SetCap((int)i, caps.list[i]);
    return read_message(seL4_Call(service, seL4_MessageInfo_new(label, 0, caps.count, args.count)),
                        0);
}

struct message retype(seL4_CPtr untyped, seL4_Word type, seL4_Word size_bits, seL4_CPtr slot,
                      seL4_Word count)
{
    return invoke(untyped, UntypedRetype, CAPS(ROOT), ARGS(type, size_bits, 0, 0, slot, count));
}

struct message copy(seL4_CPtr to, seL4_CPtr from)
{
    return invoke(ROOT, CNodeCopy, CAPS(ROOT), ARGS(to, DEPTH, from, DEPTH, 0xf));
}

struct message mint(seL4_CPtr to, seL4_CPtr from, seL4_Word rights, seL4_Word badge)
{
    return invoke(ROOT, CNodeMint, CAPS(ROOT), ARGS(to, DEPTH, from, DEPTH, rights, badge));
}

struct message move(seL4_CPtr to, seL4_CPtr from)
{
    return invoke(ROOT, CNodeMove, CAPS(ROOT), ARGS(to, DEPTH, from, DEPTH));
}

struct message delete (seL4_CPtr slot)
{
    return invoke(ROOT, CNodeDelete, CAPS(), ARGS(slot, DEPTH));
}

struct message revoke(seL4_CPtr slot)
{
    return invoke(ROOT, CNodeRevoke, CAPS(), ARGS(slot, DEPTH));
}

struct message receive(seL4_CPtr endpoint)
{
    seL4_Word badge;
    seL4_MessageInfo_t info = seL4_Recv(endpoint, &badge);

    return read_message(info, badge);
}

/* The info register passes through unchanged if there is no message: ~0 marks that. */
struct message poll(seL4_CPtr endpoint)
{
    seL4_Word *msg = seL4_GetIPCBuffer()->msg;
    seL4_Word badge, mr[4] = {msg[0], msg[1], msg[2], msg[3]};
    seL4_MessageInfo_t info = {{~(seL4_Word)0}};
    unsigned i;

    info.words[0] = sel4_sys_send_recv(SEL4_SYS(NBRecv), endpoint, &badge, info.words[0], &mr[0],
                                       &mr[1], &mr[2], &mr[3]);
    for (i = 0; i < seL4_FastMessageRegisters; i++)
        msg[i] = mr[i];
    return read_message(info, badge);
}

bool arrived(const struct message *message)
{
    return message->length <= seL4_MsgMaxLength;
}

bool nothing_at(seL4_CPtr endpoint)
{
    struct message message = poll(endpoint);

    return !arrived(&message);
}

bool occupied(seL4_CPtr slot)
{
    return move(slot, slot).label == seL4_DeleteFirst;
}

static volatile seL4_Word spins;

static void spin(uintptr_t a, uintptr_t b)
{
    for (;;)
        spins++;
}

/* When the other has run, our slice has ended, and we have a new one. */
void fresh_slice(void)
{
    seL4_Word before = spins;
    struct thread *spinner = spawn(seL4_MaxPrio, spin, 0, 0);

    while (spins == before)
        ;
    must(!seL4_TCB_Suspend(spinner->tcb));
}

void trace_reset(void)
{
    trace_length = 0;
    traced[0] = 0;
}

void trace(char c)
{
    if (trace_length < sizeof(traced) - 1) {
        traced[trace_length++] = c;
        traced[trace_length] = 0;
    }
}

const char *trace_text(void)
{
    return traced;
}

static void run(const struct test *test)
{
    current = test;
    trace_reset();
    seL4_SetCapReceivePath(0, 0, 0);
    if (!__builtin_setjmp(escape))
        test->run();
    set_priority(seL4_MaxPrio);
    seL4_TCB_SetFlags(seL4_CapInitThreadTCB, seL4_TCBFlag_fpuDisabled, 0);
    arena_reset();
    thread_reset();
}

int main(void)
{
    print("TAP version 13\n");
    debug_kernel = probe_debug_kernel();
    other_kernel = config_open("opt/kernel") != 0;
    arena_reset();
    thread_reset();
    if (stop_mode)
        debug_stop((uintptr_t)stop_mode);
    print("# %s kernel\n", debug_kernel ? "debug" : "release");
    for (const struct test *test = tests_start; test < tests_end; test++)
        run(test);
    print("1..%u\n", checks);
    print("# %u checks, %u failures\n", checks, failures);
    if (debug_kernel)
        seL4_DebugDumpScheduler();
    return failures != 0;
}
