// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The bench's program, for the namespace of the gateway in the VM:
 *
 *   vwbench suites                                the measured suites that the module takes
 *   vwbench streams up                            policy, ports and the station
 *   vwbench streams add JOB FAMILY COUNT CLOCK_RATE [OPEN [SEAL]]   JOB: relay seal open both
 *   vwbench streams check COUNT SENT FAILED       sums over all streams
 *   vwbench streams del COUNT
 *   vwbench feed [OPTION]...                      let frames arrive, print figures
 */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

const struct suite bench_suites[] = {
	{ "AES_CM_128_HMAC_SHA1_80", srtp_crypto_policy_set_rtp_default },
	{ "AES_256_CM_HMAC_SHA1_80", srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80 },
	{ "AEAD_AES_128_GCM", srtp_crypto_policy_set_aes_gcm_128_16_auth },
	{ "AEAD_AES_256_GCM", srtp_crypto_policy_set_aes_gcm_256_16_auth },
	{ NULL, NULL },
};

const char *const bench_addr[][2] = {
	{ "10.1.100.11", "fd00:100::11" }, { "10.1.100.1", "fd00:100::1" },
	{ "192.0.2.2", "2001:db8::2" }, { "192.0.2.10", "2001:db8::10" },
};

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("vwbench: ", stderr);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

const struct suite *suite_by_name(const char *name)
{
	const struct suite *s;

	for (s = bench_suites; s->name; s++)
		if (!strcmp(s->name, name))
			return s;
	die("no suite %s here", name);
}

void place_addr(int family, enum place at, u8 *ret)
{
	if (inet_pton(family == 4 ? AF_INET : AF_INET6, bench_addr[at][family == 6], ret) != 1)
		die("bad address");
}

void peer_key(u8 *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		p[i] = (u8)(17 + 29 * i);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} verbs[] = {
		{ "feed", do_feed }, { "streams", do_streams }, { "suites", do_suites },
	};
	size_t i;

	for (i = 0; argc > 1 && i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(argv[1], verbs[i].name))
			return verbs[i].run(argc - 1, argv + 1);
	die("which verb? see the head of tests/bench/main.c");
}
