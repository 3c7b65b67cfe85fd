/* SPDX-License-Identifier: MIT */
/*
 * A QEMU plugin that counts what a guest executes, address by address.
 *
 *     -plugin count.so,out=FILE[,from=ADDRESS,to=ADDRESS][,mark=ADDRESS]...
 *
 * Counts from each time that the instruction at `from` is executed until the
 * one at `to` is; without them, always. Writes a line "ADDRESS COUNT" for each
 * address, and a line "mark ADDRESS TOTAL" for each mark: how many instructions
 * the guest had executed in all when it was first there. Addresses are
 * hexadecimal. A `rep` instruction counts once for each repetition.
 *
 * Source: QEMU's documentation, "QEMU TCG Plugins". Its interface is declared
 * here as far as it is used, because few distributions package the header.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           void (*callback)(qemu_plugin_id_t id,
                                                            struct qemu_plugin_tb *block));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *instruction,
                                            void (*callback)(unsigned cpu, void *data),
                                            enum qemu_plugin_cb_flags flags, void *data);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id,
                                    void (*callback)(qemu_plugin_id_t id, void *data), void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *instruction);

/* What QEMU looks for. */
extern int qemu_plugin_version;
int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info, int argc, char **argv);

int qemu_plugin_version = PLUGIN_VERSION;

#define BUCKETS 65536 /* a power of two */

struct place {
    struct place *next; /* in the same bucket */
    uint64_t address;
    uint64_t count;
    bool is_from, is_to, is_mark;
    uint64_t total_at_first; /* of a mark; 0 until then */
};

static struct {
    struct place *places[BUCKETS];
    bool is_counting;
    uint64_t total;
    const char *out;
} counter;

static struct place *place_of(uint64_t address)
{
    struct place **bucket = &counter.places[(address ^ address >> 16) % BUCKETS];
    struct place *place = *bucket;

    while (place != NULL && place->address != address) {
        place = place->next;
    }
    if (place == NULL) {
        place = calloc(1, sizeof(*place));
        if (place == NULL) {
            abort();
        }
        place->address = address;
        place->next = *bucket;
        *bucket = place;
    }
    return place;
}

static void executed(unsigned cpu, void *data)
{
    struct place *place = data;

    (void)cpu;
    counter.total++;
    if (place->is_mark && place->total_at_first == 0) {
        place->total_at_first = counter.total;
    }
    if (place->is_to) {
        counter.is_counting = false;
    }
    place->count += counter.is_counting;
    if (place->is_from) {
        counter.is_counting = true;
    }
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    size_t count = qemu_plugin_tb_n_insns(block);

    (void)id;
    for (size_t i = 0; i < count; i++) {
        struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);

        qemu_plugin_register_vcpu_insn_exec_cb(instruction, executed, QEMU_PLUGIN_CB_NO_REGS,
                                               place_of(qemu_plugin_insn_vaddr(instruction)));
    }
}

static void write_counts(qemu_plugin_id_t id, void *data)
{
    FILE *file = fopen(counter.out, "w");

    (void)id;
    (void)data;
    if (file == NULL) {
        perror(counter.out);
        return;
    }
    for (size_t i = 0; i < BUCKETS; i++) {
        for (const struct place *place = counter.places[i]; place != NULL; place = place->next) {
            if (place->count != 0) {
                fprintf(file, "%lx %lu\n", place->address, place->count);
            }
            if (place->is_mark) {
                fprintf(file, "mark %lx %lu\n", place->address, place->total_at_first);
            }
        }
    }
    fclose(file);
}

static uint64_t address_in(const char *value)
{
    return strtoull(value, NULL, 16);
}

static bool take_option(const char *option)
{
    const char *value = strchr(option, '=');

    if (value == NULL) {
        return false;
    }
    value++;
    if (strncmp(option, "out=", 4) == 0) {
        counter.out = strdup(value);
    } else if (strncmp(option, "from=", 5) == 0) {
        place_of(address_in(value))->is_from = true;
        counter.is_counting = false;
    } else if (strncmp(option, "to=", 3) == 0) {
        place_of(address_in(value))->is_to = true;
    } else if (strncmp(option, "mark=", 5) == 0) {
        place_of(address_in(value))->is_mark = true;
    } else {
        return false;
    }
    return true;
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info, int argc, char **argv)
{
    (void)info;
    counter.is_counting = true;
    for (int i = 0; i < argc; i++) {
        if (!take_option(argv[i])) {
            fprintf(stderr, "count: what is '%s'?\n", argv[i]);
            return 1;
        }
    }
    if (counter.out == NULL) {
        fprintf(stderr, "count: no out=FILE\n");
        return 1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, write_counts, NULL);
    return 0;
}
