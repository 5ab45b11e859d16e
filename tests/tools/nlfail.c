/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walk through the allocations that one request makes: each fails once, in turn.
 *
 *   nlfail NETNS [--rest] REQUEST [UNDO]...
 *
 * --rest: all after it fail as well, so that what tries again, or does without, has to
 * give up. The kernel's failslab must be set to fail all that is marked (lib/faults.sh).
 * REQUEST and each UNDO are one argument with vwnl's words, like "policy-get". A
 * failure must be told (or the answer be lost with it), and what is refused has
 * changed nothing; then it must succeed. UNDOs are sent after each success;
 * "fresh" is a new namespace. Says how many failures there were and how many of them
 * refused the request; fails when none did. Needs /proc/PID/fail-nth.
 */
#include "vwnl.h"

#define TRIES_MAX	5000
#define ANSWER_MAX	(1 << 20)

enum verdict { DONE, REFUSED, LOST };

static int family_id, nth_fd, mark_fd = -1;
static struct message request;
static char answer[ANSWER_MAX];
static char **undo;
static char *state_before, *state_done;

__attribute__((noreturn))
static void fail(int nth, const char *what)
{
	printf("allocation %d: %s\n", nth, what);
	exit(1);
}

static void nth_put(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(nth_fd, text, (size_t)len, 0) != len)
		die("fail-nth");
}

/* How many allocations were left until the one that fails; 0: it has. */
static unsigned int nth_get(void)
{
	char text[16] = "";

	if (pread(nth_fd, text, sizeof(text) - 1, 0) < 0)
		die("fail-nth");
	return (unsigned int)strtoul(text, NULL, 10);
}

/* While it is marked, all fails to which the count doesn't apply any more. */
static void mark_put(const char *text)
{
	if (mark_fd >= 0 && pwrite(mark_fd, text, 1, 0) != 1)
		die("make-it-fail");
}

static void build(struct message *m, const char *text)
{
	char *words[128], *copy = strdup(text), *rest = copy;
	int n = 0, flags = NLM_F_ACK, from = 1;

	while (rest && n < 128)
		words[n++] = strsep(&rest, " ");
	if (n > 1 && !strcmp(words[1], "--dump")) {
		flags = NLM_F_DUMP;
		from = 2;
	}
	begin(m, family_id, look_up(commands, words[0], strlen(words[0]))->number, flags);
	put_words(m, top_words, words + from, n - from);
	free(copy);
}

/* The verdict in what came last; -1: more is to come. */
static int end_of(const char *p, size_t len)
{
	const struct nlmsghdr *h;
	int error;

	for (; len >= NLMSG_HDRLEN; p += NLMSG_ALIGN(h->nlmsg_len)) {
		h = (const struct nlmsghdr *)p;
		if (h->nlmsg_len < NLMSG_HDRLEN || h->nlmsg_len > len)
			return LOST;
		if (h->nlmsg_type == NLMSG_ERROR || h->nlmsg_type == NLMSG_DONE) {
			memcpy(&error, p + NLMSG_HDRLEN, sizeof(error));
			return error < 0 ? REFUSED : DONE;
		}
		len -= NLMSG_ALIGN(h->nlmsg_len) < len ? NLMSG_ALIGN(h->nlmsg_len) : len;
	}
	return -1;
}

/* Only this is done while an allocation may fail: nothing else of ours allocates. */
static enum verdict strike(int fd, unsigned int nth, unsigned int *ret_left)
{
	int verdict = -1;
	ssize_t n;

	nth_put(nth);
	mark_put(nth ? "1" : "0");
	if (send(fd, &request, request.head.nlmsg_len, 0) < 0)
		verdict = REFUSED;
	while (verdict < 0) {
		n = recv(fd, answer, sizeof(answer), 0);
		verdict = n < 0 ? LOST : end_of(answer, (size_t)n);
	}
	mark_put("0");
	*ret_left = nth_get();
	nth_put(0);
	return (enum verdict)verdict;
}

static enum verdict try(unsigned int nth, unsigned int *ret_left)
{
	struct timeval patience = { .tv_sec = 60 };
	enum verdict verdict;
	int fd = open_netlink();

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	verdict = strike(fd, nth, ret_left);
	close(fd);
	return verdict;
}

/* Packets and time change these. */
static bool is_volatile(const char *word)
{
	static const char *const names[] = { "rx=", "dropped=", "idle=", "packets=" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strncmp(word, names[i], strlen(names[i])))
			return true;
	return false;
}

static char *look(void)
{
	char *text, *word, *rest, *kept;
	size_t len;
	FILE *out = stdout;
	int fd = open_netlink();

	stdout = open_memstream(&text, &len);
	state(fd, family_id);
	fclose(stdout);
	stdout = out;
	close(fd);
	kept = calloc(1, len + 2);
	for (rest = text; (word = strsep(&rest, " "));)
		if (!is_volatile(word))
			strcat(strcat(kept, word), rest ? " " : "");
	free(text);
	return kept;
}

static void undo_all(int nth)
{
	struct message *m = malloc(sizeof(*m));
	char **u;
	ssize_t n;
	int fd;

	for (u = undo; *u; u++) {
		if (!strcmp(*u, "fresh")) {
			if (unshare(CLONE_NEWNET))
				die("a new namespace");
			continue;
		}
		build(m, *u);
		fd = open_netlink();
		if (send(fd, m, m->head.nlmsg_len, 0) < 0)
			die("send");
		do
			n = recv(fd, answer, sizeof(answer), 0);
		while (n >= 0 && end_of(answer, (size_t)n) < 0);
		if (n < 0 || end_of(answer, (size_t)n) != DONE)
			fail(nth, "it can't be undone");
		close(fd);
	}
	free(m);
}

static void judge(int nth, enum verdict verdict)
{
	char *now = look();
	bool was_done = !strcmp(now, state_done), untouched = !strcmp(now, state_before);

	if (verdict == DONE ? !was_done : verdict == REFUSED ? !untouched :
	    !was_done && !untouched) {
		printf("%s\nthen:\n%sbefore:\n%sdone:\n%s", verdict == DONE ? "done" :
		       verdict == REFUSED ? "refused" : "no answer", now, state_before, state_done);
		fail(nth, "it left what it must not");
	}
	if (!untouched)
		undo_all(nth);
	free(now);
}

/* As it is, and as the request makes it. */
static void learn(void)
{
	char *again;
	unsigned int left;

	state_before = look();
	if (try(0, &left) != DONE)
		fail(0, "the request itself is refused");
	state_done = look();
	undo_all(0);
	again = look();
	if (strcmp(again, state_before))
		fail(0, "undoing it doesn't");
	free(again);
}

static int open_knob(const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/thread-self/%s", name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die(name);
	return fd;
}

int main(int argc, char **argv)
{
	bool rest = argc > 2 && !strcmp(argv[2], "--rest");
	unsigned int left = 0, refused = 0;
	enum verdict verdict = DONE;
	int fd, group, nth;

	if (argc < 3 + rest)
		usage("NETNS [--rest] REQUEST [UNDO]...", "see the head of tests/tools/nlfail.c");
	enter(argv[1]);
	fd = open_netlink();
	family_id = family(fd, &group);
	close(fd);
	nth_fd = open_knob("fail-nth");
	if (rest)
		mark_fd = open_knob("make-it-fail");
	memset(answer, 1, sizeof(answer));
	undo = argv + 3 + rest;
	build(&request, argv[2 + rest]);
	learn();
	for (nth = 1; nth < TRIES_MAX; nth++) {
		verdict = try((unsigned int)nth, &left);
		judge(nth, verdict);
		if (left)
			break;
		refused += verdict == REFUSED;
	}
	if (!left || verdict != DONE)
		fail(nth, "without a failure it isn't done");
	printf("%d failures, %u of them refused it\n", nth - 1, refused);
	return !refused;
}
