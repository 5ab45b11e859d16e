// SPDX-License-Identifier: GPL-2.0-or-later
/* The module's side, set up as the agent does it. */
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "../../kmod/core/srtp.h"
#include "bench.h"

static struct vw_genl *genl;

static void check(int err, const char *what)
{
	if (err)
		die("%s: %s (%s)", what, vw_genl_error(genl), strerror(-err));
}

/* ---- ports ---- */

static void guard(const char *name, u8 mode)
{
	struct vw_genl_port port = { .ifindex = if_nametoindex(name) };

	snprintf(port.name, sizeof(port.name), "%s", name);
	port.rule.mode = mode;
	port.rule.voice = mode != VOXWALL_PORT_UPLINK;
	port.rule.data_vlan = mode != VOXWALL_PORT_UPLINK ? 10 : 0;
	port.rule.authorise = mode != VOXWALL_PORT_UPLINK ? VOXWALL_ALLOW_VOICE : 0;
	check(vw_genl_port_set(genl, &port), name);
}

static void up(void)
{
	struct vw_genl_station phone = {
		.mac = { 2, 0, 0, 0, 1, 1 },
		.ifindex = if_nametoindex("lan0"),
		.allow = VOXWALL_ALLOW_VOICE | VOXWALL_ALLOW_DATA,
		.method = VOXWALL_METHOD_STATIC,
	};
	struct vw_policy pol;

	vw_policy_init(&pol);
	pol.voice_vlan = BENCH_VLAN;
	check(vw_genl_policy_set(genl, &pol), "the policy");
	guard("lan0", VOXWALL_PORT_ACCESS);
	guard("wan0", VOXWALL_PORT_UPLINK);
	check(vw_genl_station_set(genl, &phone), "the phone");
}

/* ---- streams ---- */

static struct vw_genl_leg leg(int family, enum place at, unsigned int port)
{
	struct vw_genl_leg l = {
		.family = (u8)family, .rtp = (u16)port, .rtcp = (u16)port,
	};

	place_addr(family, at, l.addr);
	return l;
}

static struct vw_genl_crypto crypto_of(const char *name, unsigned int own)
{
	const struct vw_suite *suite = vw_suite_by_name(name, strlen(name));
	struct vw_genl_crypto c = { .use = true };
	u8 key[VOXWALL_KEY_LEN + VOXWALL_SALT_LEN];

	if (!suite)
		die("the module has no %s", name);
	c.suite = suite->id;
	peer_key(key, sizeof(key));
	memcpy(c.key, key, suite->key_len);
	memcpy(c.salt, key + suite->key_len, suite->salt_len);
	/* What seals has a key for each stream. */
	c.key[0] ^= (u8)own;
	c.key[1] ^= (u8)(own >> 8);
	c.key[2] ^= (u8)(own >> 16);
	return c;
}

static void legs(struct vw_genl_stream *s, int family, bool down, unsigned int n)
{
	unsigned int port = BENCH_PORT + BENCH_STEP * n;

	s->zone = down ? VOXWALL_ZONE_WAN : VOXWALL_ZONE_VOICE;
	s->local = leg(family, down ? WAN : LAN, port);
	s->remote = leg(family, down ? HQ : PHONE, down ? BENCH_HQ : BENCH_PHONE);
	s->src = leg(family, down ? LAN : WAN, port);
	s->dst = leg(family, down ? PHONE : HQ, down ? BENCH_PHONE : BENCH_HQ);
}

static int add_one(const char *job, int family, u32 clock_rate, unsigned int n,
		   const char *open, const char *seal)
{
	bool opens = !strcmp(job, "open") || !strcmp(job, "both");
	bool seals = !strcmp(job, "seal") || !strcmp(job, "both");
	struct vw_genl_stream s = {
		.id = n + 1, .clock_rate = clock_rate, .clear_wan = !seals,
	};

	legs(&s, family, opens, n);
	if (opens)
		s.open = crypto_of(open, 0);
	if (seals)
		s.seal = crypto_of(seal, n + 1);
	return vw_genl_stream_new(genl, &s);
}

static int add(int argc, char **argv)
{
	const char *open = argc > 4 ? argv[4] : NULL;
	const char *seal = argc > 5 ? argv[5] : open;
	unsigned int n, count, rate;

	if (argc < 4 || (strcmp(argv[0], "relay") && !open))
		die("streams add JOB FAMILY COUNT CLOCK_RATE [OPEN [SEAL]]");
	count = (unsigned int)strtoul(argv[2], NULL, 10);
	rate = (unsigned int)strtoul(argv[3], NULL, 10);
	for (n = 0; n < count; n++)
		check(add_one(argv[0], atoi(argv[1]), rate, n, open, seal), "a stream");
	return 0;
}

static int del(const char *count)
{
	u32 id, n = (u32)strtoul(count, NULL, 10);

	for (id = 1; id <= n; id++)
		check(vw_genl_stream_del(genl, id), "removing a stream");
	return 0;
}

struct sums {
	u64 streams, sent, failed;
};

static int sum_one(const struct vw_genl_stream *s, void *arg)
{
	struct sums *sums = arg;

	sums->streams++;
	sums->sent += s->packets;
	sums->failed += s->auth_failed;
	return 0;
}

static int check_sums(char **argv)
{
	struct sums want = {
		strtoull(argv[0], NULL, 10), strtoull(argv[1], NULL, 10),
		strtoull(argv[2], NULL, 10),
	};
	struct sums got = { 0 };

	check(vw_genl_stream_dump(genl, sum_one, &got), "the streams");
	if (!memcmp(&want, &got, sizeof(got)))
		return 0;
	die("streams %llu, packets %llu, wrong tags %llu; wanted %llu, %llu, %llu",
	    (unsigned long long)got.streams, (unsigned long long)got.sent,
	    (unsigned long long)got.failed, (unsigned long long)want.streams,
	    (unsigned long long)want.sent, (unsigned long long)want.failed);
}

static void open_genl(void)
{
	if (vw_genl_open(&genl))
		die("netlink: %s", vw_genl_error(NULL));
}

int do_streams(int argc, char **argv)
{
	open_genl();
	if (argc > 1 && !strcmp(argv[1], "up")) {
		up();
		return 0;
	}
	if (argc > 2 && !strcmp(argv[1], "add"))
		return add(argc - 2, argv + 2);
	if (argc == 5 && !strcmp(argv[1], "check"))
		return check_sums(argv + 2);
	if (argc == 3 && !strcmp(argv[1], "del"))
		return del(argv[2]);
	die("streams up | add | check | del");
}

/* The module answers for itself: a suite that it knows by name only doesn't count. */
int do_suites(int argc, char **argv)
{
	const struct suite *s;

	(void)argc;
	(void)argv;
	open_genl();
	for (s = bench_suites; s->name; s++) {
		if (!vw_suite_by_name(s->name, strlen(s->name)))
			continue;
		if (add_one("seal", 4, 8000, 0, s->name, s->name))
			continue;
		check(vw_genl_stream_del(genl, 1), "removing a stream");
		puts(s->name);
	}
	return 0;
}
