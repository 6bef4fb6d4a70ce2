/* SPDX-License-Identifier: BSD-2-Clause */
#include "shareddata.h"
#include <string.h>

size_t WdmRedirectSharedData(uint8_t *Code, size_t Size, uint64_t Address)
{
    size_t Count = 0, i = 0;
    uint64_t Value;

    while (i + sizeof(Value) <= Size) {
        memcpy(&Value, Code + i, sizeof(Value));
        if (Value - WDM_KERNEL_SHARED_DATA >= WDM_SHARED_DATA_SIZE) {
            i++;
            continue;
        }
        Value = Value - WDM_KERNEL_SHARED_DATA + Address;
        memcpy(Code + i, &Value, sizeof(Value));
        i += sizeof(Value);
        Count++;
    }
    return Count;
}
