/* SPDX-License-Identifier: MIT */
/* Evidence in words. */
#include "mm/heap_fault.h"

#include "lib/bits.h"
#include "lib/format.h"

#define CALLER_SIZE 80 /* a name that is longer is cut */

const char *heap_fault_sentence(enum heap_fault fault)
{
    static const char *const sentences[] = {
#define HEAP_FAULT_TEXT(name, sentence) sentence,
        HEAP_FAULT_LIST(HEAP_FAULT_TEXT)
#undef HEAP_FAULT_TEXT
    };

    return (size_t)fault < ARRAY_SIZE(sentences) ? sentences[fault] : "?";
}

/* Text that is put together piece by piece. */
struct text {
    char *buffer;
    size_t size;
    size_t length; /* that it has, or would have */
};

static void add(struct text *text, const char *format, ...) PRINTF_LIKE(2, 3);

static void add(struct text *text, const char *format, ...)
{
    size_t used = MIN(text->length, text->size);
    va_list arguments;

    va_start(arguments, format);
    text->length += kvsnprintf(text->size == 0 ? NULL : text->buffer + used, text->size - used,
                               format, arguments);
    va_end(arguments);
}

/* Where the pointer lies as seen from its block. */
static void add_place(struct text *text, const struct heap_evidence *evidence)
{
    uintptr_t end = evidence->block + evidence->size;

    add(text, " 0x%lx", evidence->pointer);
    if (evidence->block == 0 || evidence->pointer == evidence->block) {
        return;
    }
    if (evidence->pointer < evidence->block) {
        add(text, ", %lu bytes before", evidence->block - evidence->pointer);
    } else if (evidence->pointer < end) {
        add(text, ", %lu bytes into", evidence->pointer - evidence->block);
    } else {
        add(text, ", %lu bytes behind", evidence->pointer - end);
    }
    add(text, " the block 0x%lx", evidence->block);
}

static void add_caller(struct text *text, const char *what, uintptr_t caller,
                       heap_caller_writer *write_caller)
{
    char name[CALLER_SIZE];

    if (caller != 0) {
        write_caller(name, sizeof(name), caller);
        add(text, ", %s by %s", what, name);
    }
}

static size_t write_address(char *buffer, size_t size, uintptr_t return_address)
{
    return ksnprintf(buffer, size, "0x%lx", return_address);
}

size_t heap_evidence_describe(char *buffer, size_t size, const struct heap_evidence *evidence,
                              heap_caller_writer *write_caller)
{
    heap_caller_writer *writer = write_caller != NULL ? write_caller : write_address;
    struct text text = {0};

    text.buffer = buffer; /* in an initialiser clang-tidy takes it for one that is only read */
    text.size = size;
    add(&text, "%s", heap_fault_sentence(evidence->fault));
    if (evidence->pointer != 0) {
        add(&text, ":");
        add_place(&text, evidence);
    }
    if (evidence->block != 0) {
        add(&text, " of %zu bytes", evidence->size);
    }
    if (evidence->fault >= HEAP_UNDERRUN) {
        add(&text, ", byte 0x%02x", evidence->found);
    }
    add_caller(&text, "allocated", evidence->allocated_by, writer);
    add_caller(&text, "freed", evidence->freed_by, writer);
    add_caller(&text, "handed in", evidence->now_by, writer);
    return text.length;
}
