/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions with __try. On i386 they are compiled for Microsoft's target, which the DDK's headers
 * are not made for: this file knows none. */
typedef long NTSTATUS;
typedef unsigned long ULONG;
#define VOID void

#define STATUS_SUCCESS 0
#define STATUS_UNSUCCESSFUL ((NTSTATUS)0xC0000001)
#define STATUS_QUOTA_EXCEEDED ((NTSTATUS)0xC0000044)
#define EXCEPTION_EXECUTE_HANDLER 1
#define EXCEPTION_CONTINUE_SEARCH 0
#define GetExceptionCode _exception_code
#define AbnormalTermination _abnormal_termination

VOID RaiseStatus(VOID);
ULONG Steps;

NTSTATUS Catch(VOID (*Body)(VOID))
{
    __try {
        Body();
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

VOID Inner(VOID)
{
    __try {
        Steps = 1;
        RaiseStatus();
        Steps = 100;
    } __finally {
        Steps += AbnormalTermination() ? 10 : 1000;
    }
}

/* The filter sees the exception, and does not take it. */
NTSTATUS Passed(VOID (*Body)(VOID))
{
    ULONG Seen = 0;
    NTSTATUS Status;

    __try {
        __try {
            Body();
        } __except (Seen++, EXCEPTION_CONTINUE_SEARCH) {
            Seen = 100;
        }
    } __except (GetExceptionCode() == STATUS_QUOTA_EXCEEDED ? EXCEPTION_EXECUTE_HANDLER
                                                            : EXCEPTION_CONTINUE_SEARCH) {
        Status = GetExceptionCode();
        return Seen == 1 ? Status : STATUS_UNSUCCESSFUL;
    }
    return STATUS_SUCCESS;
}

ULONG Leave(VOID)
{
    ULONG Value = 0;

    __try {
        Value = 1;
        if (Steps != 12345)
            __leave;
        Value = 2;
    } __finally {
        Value += AbnormalTermination() ? 20 : 10;
    }
    return Value;
}
