// SPDX-License-Identifier: Apache-2.0
/*
 * The input where several may have it. Characters wait in a queue of whoever had the input
 * when they came; a domain takes them from there as it reads. A queue that is full keeps
 * the rest in the machine's UART, where there may be flow control, but not for ever: a
 * domain that reads nothing must not keep Ctrl-A from being seen.
 */
#include "guest/console/mux.h"

#include "drivers/console.h"
#include "guest/console/input.h"
#include "guest/console/own.h"
#include "guest/vpl011_priv.h"
#include "lib/time.h"

#define KEY 0x01 /* Ctrl-A */
#define KEYS 3
#define KEYS_US 300000  /* Ctrl-A waits as long for the next one, then passes */
#define STUCK_US 500000 /* a queue stays full as long, then characters are dropped */
#define QUEUE_SIZE 256u /* a power of two: indices run freely and are masked */
#define STEP 64         /* characters that are taken from the UART at a time */
#define NOBODY UINT32_MAX

struct queue {
	uint32_t head, tail;
	uint8_t text[QUEUE_SIZE];
};

/* Lock order: a ring's, this one, the own lines'. */
static struct spinlock mux_lock;
/* One for each place: domains' by index; behind the last one's, the monitor's. */
__attribute__((section(".noinit"))) static struct queue queues[DOMAINS_MAX + 1];
static struct {
	uint32_t wanted;    /* the place that the input was given to */
	uint32_t reader;    /* has it: that one, or one behind while that one is off; NOBODY */
	uint32_t keys;      /* Ctrl-As that wait for the next */
	uint64_t keys_end;
	bool due;           /* the input goes to the next when the monitor has done what was typed */
	bool paused;        /* the reader's queue is full, the receive interrupt is off */
	bool dropping;      /* it has been so for too long */
	bool busy;          /* not guarded by the lock: the monitor goes on later */
	uint64_t stuck_end;
} mux;

static uint32_t mux_places(void)
{
	return board.domain_count + 1;
}

/* A domain that starts over keeps the input. */
static bool mux_listens(uint32_t place)
{
	const struct domain *d = &domains[place];
	enum domain_state state;

	if (place == board.domain_count) {
		return monitor_exists();
	}
	state = domain_get_state(d);
	return domain_has_console(d) &&
	       (state == DOMAIN_STARTING || state == DOMAIN_RUNNING ||
		(state == DOMAIN_STOPPING && __atomic_load_n(&d->after, __ATOMIC_RELAXED) == DOMAIN_AFTER_RESTART));
}

/* The next place that listens; the same, if it is the only one; NOBODY. */
static uint32_t mux_behind(uint32_t place)
{
	for (uint32_t i = 1; i <= mux_places(); i++) {
		uint32_t next = (place + i) % mux_places();

		if (mux_listens(next)) {
			return next;
		}
	}
	return NOBODY;
}

/* At boot: the hardware domain, or the first one that has a console. */
static uint32_t mux_first(void)
{
	uint32_t first = board.domain_count;

	for (uint32_t i = 0; i < board.domain_count; i++) {
		const struct domain *d = &domains[i];
		bool before = first == board.domain_count || (d->desc->flags & DOMAIN_HARDWARE) != 0;

		first = domain_has_console(d) && before ? i : first;
	}
	return first;
}

static uint32_t mux_room(void)
{
	const struct queue *q = &queues[mux.reader % (DOMAINS_MAX + 1)];

	return mux.reader == NOBODY ? QUEUE_SIZE : QUEUE_SIZE - (q->head - q->tail);
}

static void mux_resume(void)
{
	mux.dropping = false;
	if (mux.paused) {
		mux.paused = false;
		console_rx_irq(true);
	}
}

static void mux_tell(void)
{
	const char *name = mux.reader == board.domain_count ? "the monitor" : domains[mux.reader].desc->name;

	if (mux_behind(mux.reader) == mux.reader) {
		own_say("input goes to %s", name);
	} else {
		own_say("input goes to %s (Ctrl-A three times: to the next)", name);
	}
	if (mux.reader == board.domain_count) {
		monitor_greet();
	}
}

/* Sees who has the input now. */
static void mux_settle(bool tell)
{
	uint32_t reader = mux_listens(mux.wanted) ? mux.wanted : mux_behind(mux.wanted);
	bool moved = reader != mux.reader;

	tell = (tell || moved) && reader != NOBODY && board.uart.intid != 0;
	__atomic_store_n(&mux.reader, reader, __ATOMIC_SEQ_CST);
	if (tell) {
		mux_tell();
	}
	if (moved) {
		console_set_plain(reader < board.domain_count ? reader + 1 : 0, tell);
		mux_resume();
	}
}

static void mux_store(uint8_t c)
{
	if (mux.reader != NOBODY && mux_room() != 0) {
		struct queue *q = &queues[mux.reader];

		q->text[q->head % QUEUE_SIZE] = c;
		__atomic_store_n(&q->head, q->head + 1, __ATOMIC_SEQ_CST);
	}
}

static void mux_pass_keys(void)
{
	for (; mux.keys != 0; mux.keys--) {
		mux_store(KEY);
	}
}

static void mux_switch(void)
{
	const struct queue *q = &queues[board.domain_count];
	uint32_t next = mux_behind(mux.reader == NOBODY ? mux.wanted : mux.reader);

	if (mux.reader == board.domain_count && q->head != q->tail) {
		return;
	}
	mux.due = false;
	mux.wanted = next == NOBODY ? mux.wanted : next;
	mux_resume();
	mux_settle(true);
}

static void mux_take(uint8_t c)
{
	if (c != KEY) {
		mux_pass_keys();
		mux_store(c);
		return;
	}
	mux.keys_end = time_after_us(KEYS_US);
	if (++mux.keys == KEYS) {
		mux.keys = 0;
		mux.due = true;
		mux_switch();
	}
}

static void mux_pause(void)
{
	if (!mux.paused) {
		mux.paused = true;
		mux.stuck_end = time_after_us(STUCK_US);
		console_rx_irq(false);
	}
}

/* From the machine's UART into queues. */
static void mux_fetch(void)
{
	for (uint32_t i = 0; i < STEP; i++) {
		int c;

		if (mux.due || (mux_room() < KEYS && !mux.dropping)) {
			mux_pause();
			return;
		}
		c = console_get();
		if (c < 0) {
			return;
		}
		mux_take((uint8_t)c);
	}
}

/* What waits for time to pass. */
static void mux_look_at_clock(void)
{
	if (mux.keys != 0 && time_over(mux.keys_end)) {
		mux_pass_keys();
	}
	if (mux.paused && time_over(mux.stuck_end)) {
		mux_resume();
		mux.dropping = true;
		if (mux.reader < board.domain_count) {
			own_say("%s does not read its input: the rest is dropped",
				domains[mux.reader].desc->name);
		}
	}
}

static uint64_t mux_filled(void)
{
	uint64_t filled = 0;

	for (uint32_t i = 0; i < board.domain_count; i++) {
		filled |= queues[i].head != queues[i].tail ? BIT64(i) : 0;
	}
	return filled;
}

/* Unlocked, after anything that may have made the hypervisor say something. */
static void mux_speak(bool again)
{
	mux.busy = monitor_serve();
	own_drain();
	if (again || mux.busy) {
		vpl011_set_alarm();
	}
}

uint64_t input_collect(bool interrupt)
{
	uint64_t filled;
	bool again;

	(void)interrupt;
	spin_lock(&mux_lock);
	mux_settle(false);
	mux_look_at_clock();
	if (mux.due) {
		mux_switch();
	}
	if (!mux.paused) {
		mux_fetch();
	}
	again = mux.keys != 0 || mux.paused || mux.due;
	filled = mux_filled();
	spin_unlock(&mux_lock);
	mux_speak(again);
	return filled;
}

bool input_waits(void)
{
	return mux.keys != 0 || mux.paused || mux.due || mux.busy || own_waits();
}

/* Unlocked. */
static bool mux_is_empty(const struct queue *q)
{
	return __atomic_load_n(&q->head, __ATOMIC_SEQ_CST) == __atomic_load_n(&q->tail, __ATOMIC_SEQ_CST);
}

static int mux_get(uint32_t place)
{
	struct queue *q = &queues[place];
	int c = -1;

	if (mux_is_empty(q)) {
		return -1;
	}
	spin_lock(&mux_lock);
	if (q->head != q->tail) {
		c = q->text[q->tail % QUEUE_SIZE];
		__atomic_store_n(&q->tail, q->tail + 1, __ATOMIC_SEQ_CST);
	}
	if (place == mux.reader && mux_room() >= QUEUE_SIZE / 2) {
		mux_resume();
	}
	spin_unlock(&mux_lock);
	return c;
}

int mux_get_own(void)
{
	return mux_get(board.domain_count);
}

bool mux_has_own(void)
{
	return !mux_is_empty(&queues[board.domain_count]);
}

int input_get(const struct domain *d)
{
	return mux_get((uint32_t)(d - domains));
}

/* The receive interrupt is the queues' business here. */
void input_pause(bool paused)
{
	(void)paused;
}

struct domain *input_reader(void)
{
	uint32_t reader = __atomic_load_n(&mux.reader, __ATOMIC_SEQ_CST);

	return reader < board.domain_count ? &domains[reader] : NULL;
}

void input_init(void)
{
	for (uint32_t i = 0; i < mux_places(); i++) {
		queues[i].head = 0;
		queues[i].tail = 0;
	}
	mux.wanted = mux_first();
	mux.reader = NOBODY;
	mux.keys = 0;
	mux.due = false;
	console_rx_irq(true);
}

void input_start(const struct domain *d)
{
	(void)d;
	spin_lock(&mux_lock);
	mux_settle(false);
	spin_unlock(&mux_lock);
	mux_speak(false);
}

void input_stop(const struct domain *d)
{
	struct queue *q = &queues[d - domains];

	spin_lock(&mux_lock);
	__atomic_store_n(&q->tail, q->head, __ATOMIC_SEQ_CST);
	mux_settle(false);
	spin_unlock(&mux_lock);
	mux_speak(false);
}
