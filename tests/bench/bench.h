/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the bench's program share. The gateway has three devices of
 * kind vwbench, which send nothing:
 *
 *   lan0  guarded, the phone's frames come with VLAN 100    (up)
 *   lan1  10.1.100.1/24  fd00:100::1/64   to the phone      (across: to HQ, forwarded)
 *   wan0  192.0.2.2/24   2001:db8::2/64   to head office    (down)
 */
#ifndef BENCH_H
#define BENCH_H

#include <srtp2/srtp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "../../agent/kernel/genl.h"

#define BENCH_PORT	20000	/* of the gateway's first stream */
#define BENCH_STEP	2	/* to the next */
#define BENCH_SSRC	0x0b0e0c0a
#define BENCH_VLAN	100
#define BENCH_PHONE	4000
#define BENCH_HQ	5000

enum place { PHONE, LAN, WAN, HQ };

/**
 * struct suite - one that is measured
 * @name: as IANA registers it
 * @policy: libsrtp2's idea of it
 */
struct suite {
	const char *name;
	void (*policy)(srtp_crypto_policy_t *p);
};

extern const struct suite bench_suites[];
/* Ends the program when there is none. */
const struct suite *suite_by_name(const char *name);

extern const char *const bench_addr[][2];
/* 4 or 16 bytes. */
void place_addr(int family, enum place at, u8 *ret);

/* The key that peers send with; their streams are told apart by their ports. */
void peer_key(u8 *p, size_t len);

__attribute__((noreturn, format(printf, 1, 2)))
void die(const char *format, ...);

/* The verbs; argv[0] is the verb. */
int do_feed(int argc, char **argv);
int do_streams(int argc, char **argv);
int do_suites(int argc, char **argv);

#endif
