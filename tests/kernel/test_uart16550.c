/* SPDX-License-Identifier: MIT */
/*
 * The UART driver on the machine's COM1, in the chip's own loop. The results
 * of the tests leave by the same chip: so a test first waits until it has sent
 * everything, prints nothing while it holds the chip, and checks what it saw
 * after giving it back as it was.
 *
 * What a loop cannot show (a line that takes nothing, damaged bytes, a cause
 * that never goes away) a stand-in does: a struct uart two ports further on,
 * whose line status is COM1's scratch register and so says what the test
 * wants. Its other registers are COM1's too:
 *
 *     stand-in  RBR, THR   IER  IIR  LSR
 *     COM1      IIR, FCR   LCR  MCR  SCR
 */
#include "drivers/uart16550.h"
#include "drivers/uart16550_registers.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"
#include "tests/ktest.h"

#define BAUD           115200
#define STAND_IN_SHIFT 2

/* What the stand-in may "send": an FCR value that changes nothing. */
#define HARMLESS (UART_FCR_ENABLE | UART_FCR_TRIGGER_8)

/* Far longer than a byte takes, on an emulator that is short of time too. */
#define LOOKS_MAX 10000000

struct registers {
    uint8_t ier;
    uint8_t lcr;
    uint8_t mcr;
    uint8_t scr;
    uint8_t dll;
    uint8_t dlm;
};

static struct {
    uint64_t flags;
    struct registers registers;
} borrowed;

static struct uart uart; /* the tests' own; the kernel's stays as it is */
static struct uart stand_in;

static uint8_t com1_read(uint16_t reg)
{
    return port_read8(UART_COM1 + reg);
}

static void com1_write(uint16_t reg, unsigned value)
{
    port_write8(UART_COM1 + reg, (uint8_t)value);
}

static struct registers com1_registers(void)
{
    struct registers now = {.lcr = com1_read(UART_LCR)};

    com1_write(UART_LCR, now.lcr | UART_LCR_DLAB);
    now.dll = com1_read(UART_DLL);
    now.dlm = com1_read(UART_DLM);
    com1_write(UART_LCR, now.lcr & (uint8_t)~UART_LCR_DLAB);
    now.ier = com1_read(UART_IER);
    now.mcr = com1_read(UART_MCR);
    now.scr = com1_read(UART_SCR);
    com1_write(UART_LCR, now.lcr);
    return now;
}

static void com1_restore(const struct registers *old)
{
    com1_write(UART_LCR, old->lcr | UART_LCR_DLAB);
    com1_write(UART_DLL, old->dll);
    com1_write(UART_DLM, old->dlm);
    com1_write(UART_LCR, old->lcr & (uint8_t)~UART_LCR_DLAB);
    com1_write(UART_IER, old->ier);
    com1_write(UART_MCR, old->mcr);
    com1_write(UART_SCR, old->scr);
    com1_write(UART_LCR, old->lcr);
}

static bool wait_for(unsigned bit)
{
    for (int look = 0; look < LOOKS_MAX; look++) {
        if ((com1_read(UART_LSR) & bit) != 0) {
            return true;
        }
    }
    return false;
}

/* Whether COM1 is there and was borrowed: then com1_give_back() must follow. */
static bool com1_borrow(void)
{
    uint64_t flags = irq_save();

    if (com1_read(UART_LSR) == 0xff || !wait_for(UART_LSR_TX_EMPTY)) {
        irq_restore(flags);
        return false;
    }
    borrowed.flags = flags;
    borrowed.registers = com1_registers();
    return true;
}

static void com1_give_back(void)
{
    (void)wait_for(UART_LSR_TX_EMPTY);
    com1_restore(&borrowed.registers);
    irq_restore(borrowed.flags);
}

/* Borrow COM1 and have `uart` drive it in its own loop. */
static bool loop_borrow(void)
{
    if (!com1_borrow()) {
        return false;
    }
    if (uart_init(&uart, UART_COM1, BAUD) != OK) {
        com1_give_back();
        return false;
    }
    com1_write(UART_MCR, UART_MCR_LOOP);
    return true;
}

/* Borrow COM1 with the stand-in on it, its line status given. */
static bool stand_in_borrow(unsigned line_status)
{
    if (!loop_borrow()) {
        return false;
    }
    stand_in = uart;
    stand_in.base = UART_COM1 + STAND_IN_SHIFT;
    stand_in.received.bytes = stand_in.received_bytes;
    com1_write(UART_SCR, line_status);
    return true;
}

/* Take what has been received; returns how many bytes. */
static size_t read_all(uint8_t *bytes, size_t size)
{
    size_t count = 0;

    while (count < size && uart_read(&uart, &bytes[count])) {
        count++;
    }
    return count;
}

/*
 * Poll until so many bytes have come since uart_init(), those the ring refused
 * included, and once more for what should not be there. (Bochs shows a byte
 * below the FIFO's trigger level only after a while.)
 */
static void poll_until(uint64_t bytes)
{
    for (int look = 0; look < LOOKS_MAX; look++) {
        if (uart.received.head + uart.received.dropped >= bytes) {
            break;
        }
        uart_poll(&uart);
    }
    (void)uart_drain(&uart);
    uart_poll(&uart);
}

KTEST(uart16550, init_sets_up_the_line_and_leaves_scratch_alone)
{
    if (!com1_borrow()) {
        SKIP("no UART at COM1");
    }
    com1_write(UART_SCR, 0x3c);
    com1_write(UART_IER, UART_IER_RECEIVED);
    com1_write(UART_MCR, 0);

    enum status status = uart_init(&uart, UART_COM1, BAUD);
    struct registers now = com1_registers();
    uint8_t identification = com1_read(UART_IIR);
    uint8_t line_status = com1_read(UART_LSR);

    com1_give_back();
    CHECK_OK(status);
    CHECK_EQ(now.ier, 0);
    CHECK_EQ(now.lcr, UART_LCR_8_BITS);
    CHECK_EQ(now.mcr, UART_MCR_DTR | UART_MCR_RTS | UART_MCR_OUT2);
    CHECK_EQ(now.dll, 1);
    CHECK_EQ(now.dlm, 0);
    CHECK_EQ(now.scr, 0x3c);
    CHECK_EQ(uart.fifo_size,
             (identification & UART_IIR_FIFO_MASK) == UART_IIR_FIFO_MASK ? UART_FIFO_SIZE : 1);
    CHECK_EQ(line_status & (UART_LSR_DATA_READY | UART_LSR_ERRORS), 0);
    CHECK(ring_is_empty(&uart.received));
}

KTEST(uart16550, init_sets_the_divisor_of_other_rates)
{
    if (!com1_borrow()) {
        SKIP("no UART at COM1");
    }
    enum status status = uart_init(&uart, UART_COM1, 300);
    struct registers now = com1_registers();

    com1_give_back();
    CHECK_OK(status);
    CHECK_EQ(now.dll, 0x80);
    CHECK_EQ(now.dlm, 0x01);
}

KTEST(uart16550, init_refuses_rates_that_the_divisor_cannot_make)
{
    static const uint32_t rates[] = {0, 1, 7, 115199, 115201, 230400};

    for (size_t i = 0; i < ARRAY_SIZE(rates); i++) {
        struct uart untouched = {.base = 0x1234};

        CHECK_STATUS(uart_init(&untouched, UART_COM1, rates[i]), ERR_BAD_ARG);
        CHECK_EQ(untouched.base, 0x1234);
    }
}

KTEST(uart16550, init_finds_nothing_at_unused_ports)
{
    static const uint16_t bases[] = {0x2e8, 0x3e8, 0x2f8};
    static struct uart untouched;

    for (size_t i = 0; i < ARRAY_SIZE(bases); i++) {
        if (port_read8(bases[i] + UART_LSR) == 0xff && port_read8(bases[i] + UART_SCR) == 0xff) {
            untouched.base = 0x1234;
            CHECK_STATUS(uart_init(&untouched, bases[i], BAUD), ERR_NO_DEVICE);
            CHECK_EQ(untouched.base, 0x1234);
            return;
        }
    }
    SKIP("a device at each port tried");
}

/*
 * The DMA page registers stand in for a device that is no UART: the eighth
 * port holds a byte as a scratch register does, and nothing loops. Nobody uses
 * DMA here.
 */
KTEST(uart16550, init_rejects_and_leaves_what_does_not_loop)
{
    enum { BASE = 0x80, STATUS = BASE + UART_LSR, PAGE_2 = 0x81, PAGE_1 = 0x83, PAGE_0 = 0x87 };
    uint64_t flags = irq_save();
    const uint8_t old[] = {port_read8(PAGE_2), port_read8(PAGE_1), port_read8(PAGE_0)};

    port_write8(STATUS, 0);
    port_write8(PAGE_2, 0x12);
    port_write8(PAGE_1, 0x34);
    port_write8(PAGE_0, 0x56);

    enum status status = uart_init(&uart, BASE, BAUD);
    const uint8_t now[] = {port_read8(PAGE_2), port_read8(PAGE_1), port_read8(PAGE_0)};

    port_write8(PAGE_2, old[0]);
    port_write8(PAGE_1, old[1]);
    port_write8(PAGE_0, old[2]);
    irq_restore(flags);
    CHECK_STATUS(status, ERR_NO_DEVICE);
    CHECK_EQ(now[0], 0x12);
    CHECK_EQ(now[1], 0x34);
    CHECK_EQ(now[2], 0x56);
}

KTEST(uart16550, every_byte_comes_back_without_errors)
{
    static uint8_t got[256];
    size_t count = 0;

    if (!loop_borrow()) {
        SKIP("no UART at COM1");
    }
    for (unsigned value = 0; value < 256; value++) {
        const char byte = (char)value;

        uart_write_raw(&uart, &byte, 1);
        poll_until(value + 1);
        count += read_all(got + count, sizeof(got) - count);
    }
    com1_give_back();
    REQUIRE_EQ(count, 256);
    for (unsigned value = 0; value < 256; value++) {
        CHECK_EQ(got[value], value);
    }
    CHECK_EQ(uart.counts.not_sent, 0);
    CHECK_EQ(uart.counts.overruns, 0);
    CHECK_EQ(uart.counts.parity_errors, 0);
    CHECK_EQ(uart.counts.framing_errors, 0);
    CHECK_EQ(uart.counts.breaks, 0);
}

KTEST(uart16550, line_feed_is_sent_as_carriage_return_and_line_feed)
{
    static const char text[] = "\na\nb\n\n\rc";
    static const char want[] = "\r\na\r\nb\r\n\r\n\rc";
    uint8_t got[2 * UART_FIFO_SIZE];
    uint8_t raw[2 * UART_FIFO_SIZE];

    if (!loop_borrow()) {
        SKIP("no UART at COM1");
    }
    if (uart.fifo_size < UART_FIFO_SIZE) {
        com1_give_back();
        SKIP("no FIFO to hold the answer");
    }
    uart_write(&uart, text, sizeof(text) - 1);
    poll_until(sizeof(want) - 1);
    size_t count = read_all(got, sizeof(got));

    uart_write_raw(&uart, text, sizeof(text) - 1);
    poll_until(count + sizeof(text) - 1);
    size_t raw_count = read_all(raw, sizeof(raw));

    com1_give_back();
    REQUIRE_EQ(count, sizeof(want) - 1);
    CHECK_MEM_EQ(got, want, sizeof(want) - 1);
    REQUIRE_EQ(raw_count, sizeof(text) - 1);
    CHECK_MEM_EQ(raw, text, sizeof(text) - 1);
}

KTEST(uart16550, fifo_holds_sixteen_bytes_in_order)
{
    static const char text[] = "0123456789abcdef";
    uint8_t got[2 * UART_FIFO_SIZE];

    if (!loop_borrow()) {
        SKIP("no UART at COM1");
    }
    if (uart.fifo_size < UART_FIFO_SIZE) {
        com1_give_back();
        SKIP("no FIFO");
    }
    uart_write_raw(&uart, text, UART_FIFO_SIZE);
    poll_until(UART_FIFO_SIZE);
    size_t count = read_all(got, sizeof(got));

    com1_give_back();
    REQUIRE_EQ(count, UART_FIFO_SIZE);
    CHECK_MEM_EQ(got, text, UART_FIFO_SIZE);
    CHECK_EQ(uart.counts.overruns, 0);
}

/* What the chip names as its cause right after so many bytes arrived in its empty FIFO. */
static uint8_t cause_after(size_t count)
{
    uint8_t discarded[UART_FIFO_SIZE];

    uart_poll(&uart);
    (void)read_all(discarded, sizeof(discarded));
    uart_write_raw(&uart, "0123456789abcdef", count);
    (void)uart_drain(&uart);
    return com1_read(UART_IIR) & (UART_IIR_ID_MASK | UART_IIR_NOT_PENDING);
}

KTEST(uart16550, fifo_interrupts_at_eight_bytes)
{
    uint8_t at_seven;
    uint8_t at_eight = 0;

    if (!loop_borrow()) {
        SKIP("no UART at COM1");
    }
    if (uart.fifo_size < UART_FIFO_SIZE) {
        com1_give_back();
        SKIP("no FIFO");
    }
    uart_enable_receive_interrupt(&uart);
    at_seven = cause_after(7);
    /* Whoever is kept from looking at once finds the timeout instead. */
    for (int attempt = 0; attempt < 10 && at_eight != UART_IIR_ID_RECEIVED; attempt++) {
        at_eight = cause_after(8);
    }
    com1_give_back();
    CHECK_NE(at_seven, UART_IIR_ID_RECEIVED);
    CHECK_EQ(at_eight, UART_IIR_ID_RECEIVED);
}

KTEST(uart16550, overrun_of_the_chip_is_counted_when_the_sender_saw_it)
{
    static const char text[] = "0123456789abcdefghij";
    uint8_t got[sizeof(text)];

    if (!loop_borrow()) {
        SKIP("no UART at COM1");
    }
    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        uart_write_raw(&uart, text + i, 1);
    }
    (void)uart_drain(&uart); /* looks at LSR, which clears the bit */
    poll_until(uart.fifo_size);
    size_t count = read_all(got, sizeof(got));

    com1_give_back();
    CHECK_EQ(count, uart.fifo_size);
    CHECK_GE(uart.counts.overruns, 1);
    CHECK_EQ(uart.received.dropped, 0);
}

KTEST(uart16550, full_ring_keeps_the_oldest_and_counts_the_rest)
{
    enum { EXTRA = 5 };
    static uint8_t got[UART_RECEIVE_SIZE + EXTRA];

    if (!loop_borrow()) {
        SKIP("no UART at COM1");
    }
    for (size_t i = 0; i < UART_RECEIVE_SIZE + EXTRA; i++) {
        const char byte = (char)(i % 251);

        uart_write_raw(&uart, &byte, 1);
        poll_until(i + 1);
    }
    size_t count = read_all(got, sizeof(got));

    com1_give_back();
    REQUIRE_EQ(count, UART_RECEIVE_SIZE);
    for (size_t i = 0; i < UART_RECEIVE_SIZE; i++) {
        CHECK_EQ(got[i], i % 251);
    }
    CHECK_EQ(uart.received.dropped, EXTRA);
}

static void count_call(void *context)
{
    ++*(size_t *)context;
}

KTEST(uart16550, interrupt_fetches_bytes_and_calls_the_listener_once)
{
    uint8_t got[UART_FIFO_SIZE];
    size_t calls[3] = {0};

    if (!loop_borrow()) {
        SKIP("no UART at COM1");
    }
    uart_set_listener(&uart, count_call, &calls[0]);
    uart_enable_receive_interrupt(&uart);
    uint8_t enabled = com1_read(UART_IER);
    bool before = uart_interrupt(&uart);

    calls[1] = calls[0];
    uart_write_raw(&uart, "x", 1);
    /* A byte below the trigger level interrupts after four characters' time. */
    for (int look = 0; look < LOOKS_MAX && (com1_read(UART_IIR) & UART_IIR_NOT_PENDING); look++) {
    }
    bool served = uart_interrupt(&uart);

    calls[2] = calls[0];
    bool after = uart_interrupt(&uart);
    size_t count = read_all(got, sizeof(got));

    uart_disable_receive_interrupt(&uart);
    uint8_t disabled = com1_read(UART_IER);

    com1_give_back();
    CHECK_EQ(enabled, UART_IER_RECEIVED | UART_IER_LINE_STATUS);
    CHECK_EQ(disabled, 0);
    CHECK(!before);
    CHECK(served);
    CHECK(!after);
    CHECK_EQ(calls[1], 0);
    CHECK_EQ(calls[2], 1);
    CHECK_EQ(calls[0], 1);
    REQUIRE_EQ(count, 1);
    CHECK_EQ(got[0], 'x');
}

KTEST(uart16550, poll_calls_the_listener_when_bytes_came)
{
    size_t calls = 0;
    size_t calls_before;
    uint8_t byte = 0;

    if (!loop_borrow()) {
        SKIP("no UART at COM1");
    }
    uart_set_listener(&uart, count_call, &calls);
    uart_poll(&uart);
    calls_before = calls;
    uart_write_raw(&uart, "p", 1);
    poll_until(1);
    bool got = uart_read(&uart, &byte);
    bool more = uart_read(&uart, &byte);

    com1_give_back();
    CHECK_EQ(calls_before, 0);
    CHECK_EQ(calls, 1);
    CHECK(got);
    CHECK(!more);
    CHECK_EQ(byte, 'p');
}

/* Write the stand-in's text. Returns how long that took, in TSC cycles. */
static uint64_t write_to_stand_in(const char *text, size_t length)
{
    uint64_t start = tsc_read();

    uart_write(&stand_in, text, length);
    return tsc_read() - start;
}

KTEST(uart16550, stalled_line_costs_one_wait_and_drops_are_counted)
{
    enum { LATER_WRITES = 4 };
    static const char text[] = {'\n', (char)HARMLESS, (char)HARMLESS, '\n'};

    if (!stand_in_borrow(0)) {
        SKIP("no UART at COM1");
    }
    uint64_t first = write_to_stand_in(text, sizeof(text));
    uint64_t not_sent = stand_in.counts.not_sent;
    bool stalled = stand_in.is_stalled;
    uint64_t later = UINT64_MAX;

    /* The quickest counts: an emulator may be kept from running in the middle of one. */
    for (int i = 0; i < LATER_WRITES; i++) {
        later = MIN(later, write_to_stand_in(text, sizeof(text)));
    }
    uint64_t not_sent_later = stand_in.counts.not_sent;
    bool drained = uart_drain(&stand_in);

    com1_give_back();
    CHECK(stalled);
    CHECK_EQ(not_sent, sizeof(text));
    CHECK_LT(later, first / 100);
    CHECK_EQ(not_sent_later, (1 + LATER_WRITES) * sizeof(text));
    CHECK(!drained);
}

KTEST(uart16550, stalled_line_is_used_again_when_it_takes_bytes)
{
    static const char text[] = {(char)HARMLESS, (char)HARMLESS};

    if (!stand_in_borrow(UART_LSR_THR_EMPTY | UART_LSR_TX_EMPTY)) {
        SKIP("no UART at COM1");
    }
    stand_in.is_stalled = true;
    uart_write(&stand_in, text, sizeof(text));
    bool stalled = stand_in.is_stalled;
    bool drained = uart_drain(&stand_in);

    com1_give_back();
    CHECK(!stalled);
    CHECK(drained);
    CHECK_EQ(stand_in.counts.not_sent, 0);
}

KTEST(uart16550, damaged_bytes_are_counted_and_dropped)
{
    static const struct {
        unsigned errors;
        bool kept;
        struct uart_counts want; /* a unit each for the bytes of one poll */
    } cases[] = {
        {0, true, {0}},
        {UART_LSR_OVERRUN, true, {.overruns = 1}},
        {UART_LSR_PARITY, false, {.parity_errors = 1}},
        {UART_LSR_FRAMING, false, {.framing_errors = 1}},
        {UART_LSR_FRAMING | UART_LSR_BREAK, false, {.breaks = 1}},
    };
    static struct uart results[ARRAY_SIZE(cases)];

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        if (!stand_in_borrow(UART_LSR_DATA_READY | cases[i].errors)) {
            SKIP("no UART at COM1");
        }
        uart_poll(&stand_in);
        com1_give_back();
        results[i] = stand_in;
    }
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const struct uart *got = &results[i];
        uint64_t bytes = results[0].received.head;

        CHECK_GE(bytes, UART_FIFO_SIZE);
        CHECK_LT(bytes, UART_RECEIVE_SIZE);
        CHECK_EQ(got->received.head, cases[i].kept ? bytes : 0);
        CHECK_EQ(got->counts.overruns, cases[i].want.overruns * bytes);
        CHECK_EQ(got->counts.parity_errors, cases[i].want.parity_errors * bytes);
        CHECK_EQ(got->counts.framing_errors, cases[i].want.framing_errors * bytes);
        CHECK_EQ(got->counts.breaks, cases[i].want.breaks * bytes);
    }
}

KTEST(uart16550, interrupt_ends_when_its_cause_does_not)
{
    size_t calls = 0;

    if (!stand_in_borrow(UART_LSR_DATA_READY)) {
        SKIP("no UART at COM1");
    }
    uart_set_listener(&stand_in, count_call, &calls);
    com1_write(UART_MCR, UART_IIR_ID_RECEIVED);
    bool served = uart_interrupt(&stand_in);
    uint8_t line_control = com1_read(UART_LCR);

    com1_give_back();
    CHECK(served);
    CHECK_EQ(calls, 1);
    CHECK_GE(stand_in.received.head, UART_FIFO_SIZE);
    /* The stand-in's IER: it was changed and put back. */
    CHECK_EQ(line_control, UART_LCR_8_BITS);
}

KTEST(uart16550, errors_are_kept_until_the_byte_they_came_with)
{
    if (!stand_in_borrow(UART_LSR_OVERRUN | UART_LSR_DATA_READY)) {
        SKIP("no UART at COM1");
    }
    com1_write(UART_MCR, UART_IIR_ID_LINE_STATUS);
    bool served = uart_interrupt(&stand_in);
    uint64_t before = stand_in.counts.overruns;

    com1_write(UART_SCR, UART_LSR_PARITY | UART_LSR_DATA_READY);
    uart_poll(&stand_in);
    com1_give_back();
    CHECK(served);
    CHECK_EQ(before, 0);
    CHECK_EQ(stand_in.counts.overruns, 1);
    CHECK_GE(stand_in.counts.parity_errors, 1);
}

KTEST(uart16550, registers_are_given_back_as_they_were)
{
    struct registers before;
    struct registers after;

    if (!com1_borrow()) {
        SKIP("no UART at COM1");
    }
    before = com1_registers();
    com1_give_back();
    if (!loop_borrow()) {
        SKIP("no UART at COM1");
    }
    com1_write(UART_SCR, before.scr ^ 0xff);
    com1_give_back();
    if (!com1_borrow()) {
        SKIP("no UART at COM1");
    }
    after = com1_registers();
    com1_give_back();
    CHECK_MEM_EQ(&after, &before, sizeof(before));
}
