// SPDX-License-Identifier: GPL-2.0-or-later
#include "rows.h"

#include <pcap/dlt.h>

#include "../../cli/pcapflow.h"

/* IPv4, UDP 5060 to 20000, a SIP start line */
#define LINE	"BYE sip:b SIP/2.0\r\n"
#define IP4	"\x45\0\0\x2f\0\1\0\0\x40\x11\0\0" "\x0a\0\0\1" "\x0a\0\0\2"
#define UDP	"\x13\xc4\x4e\x20\0\x1b\0\0"
#define PACKET	IP4 UDP LINE
#define FRAME(s)	(s), sizeof(s) - 1

static const struct {
	const char *row;
	int dlt;
	const char *p;
	size_t len;
} links[] = {
	{ "Ethernet", DLT_EN10MB, FRAME("123456abcdef\x08\0" PACKET) },
	{ "Ethernet, one tag", DLT_EN10MB, FRAME("123456abcdef\x81\0\0\x64\x08\0" PACKET) },
	{ "Ethernet, two tags", DLT_EN10MB, FRAME("123456abcdef\x88\xa8\0\1\x81\0\0\x64\x08\0" PACKET) },
	{ "cooked", DLT_LINUX_SLL, FRAME("\0\0\0\1\0\6abcdef\0\0\x08\0" PACKET) },
	{ "cooked, tagged", DLT_LINUX_SLL, FRAME("\0\0\0\1\0\6abcdef\0\0\x81\0\0\x64\x08\0" PACKET) },
	{ "cooked, version 2", DLT_LINUX_SLL2, FRAME("\x08\0\0\0\0\0\0\1\0\1\0\6abcdef\0\0" PACKET) },
	{ "loopback", DLT_NULL, FRAME("\2\0\0\0" PACKET) },
	{ "loopback, big endian", DLT_LOOP, FRAME("\0\0\0\2" PACKET) },
	{ "PPP", DLT_PPP, FRAME("\0\x21" PACKET) },
	{ "PPP as HDLC", DLT_PPP_SERIAL, FRAME("\xff\3\0\x21" PACKET) },
	{ "raw", DLT_RAW, FRAME(PACKET) },
	{ "raw IPv4", DLT_IPV4, FRAME(PACKET) },
};

static void every_link_type(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(links); i++) {
		struct vw_pcapflows *all = vw_pcapflows_new(10);
		u8 *p = row_copy(links[i].p, links[i].len);
		const struct vw_pcapflow *f;

		ROW_EQ(links[i].row, vw_pcapflows_link(links[i].dlt), 0);
		ROW_EQ(links[i].row, vw_pcapflows_add(all, links[i].dlt, p, links[i].len,
						      links[i].len, 1), 0);
		f = vw_pcapflows_at(all, 0);
		ROW_CHECK(links[i].row, f && !vw_pcapflows_at(all, 1));
		ROW_EQ(links[i].row, f->flow.class, VOXWALL_CLASS_SIP);
		ROW_EQ(links[i].row, f->sport, 5060);
		ROW_EQ(links[i].row, f->dport, 20000);
		ROW_EQ(links[i].row, f->packets, 1);
		ROW_CHECK(links[i].row, !memcmp(f->saddr, "\x0a\0\0\1", 5));
		free(p);
		vw_pcapflows_free(all);
	}
	assert_int_equal(vw_pcapflows_link(DLT_IEEE802_11), -1);
}

/* Cut by the capture, cut on the wire, and a capture that claims too much. */
static void every_truncation(void **state)
{
	size_t i, n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(links); i++) {
		struct vw_pcapflows *all = vw_pcapflows_new(10);
		const struct vw_pcapstat *stat = vw_pcapflows_stat(all);

		for (n = 0; n < links[i].len; n++) {
			u8 *p = row_copy(links[i].p, n);

			vw_pcapflows_add(all, links[i].dlt, p, n, links[i].len, n);
			vw_pcapflows_add(all, links[i].dlt, p, n, n, n);
			vw_pcapflows_add(all, links[i].dlt, p, n, n / 2, n);
			free(p);
		}
		ROW_EQ(links[i].row, stat->packets, 3 * links[i].len);
		ROW_CHECK(links[i].row, stat->cut >= 28);
		ROW_CHECK(links[i].row, stat->malformed >= stat->cut);
		ROW_EQ(links[i].row, vw_pcapflows_at(all, 0)->packets, sizeof(LINE) - 1);
		vw_pcapflows_free(all);
	}
}

/* Bytes past what was on the wire are nobody's. */
static void a_wire_shorter_than_the_capture(void **state)
{
	size_t i, n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(links); i++) {
		struct vw_pcapflows *all = vw_pcapflows_new(10);

		for (n = 0; n < links[i].len; n++)
			vw_pcapflows_add(all, links[i].dlt, (const u8 *)links[i].p,
					 links[i].len, n, n);
		ROW_EQ(links[i].row, vw_pcapflows_stat(all)->malformed, links[i].len);
		vw_pcapflows_free(all);
	}
}

static void add_numbered(struct vw_pcapflows *all, u32 n)
{
	u8 p[sizeof(PACKET)];

	memcpy(p, PACKET, sizeof(p));
	p[13] = n >> 16;
	p[20] = n >> 8;
	p[21] = n;
	assert_int_equal(vw_pcapflows_add(all, DLT_RAW, p, sizeof(p) - 1, sizeof(p) - 1, n), 0);
}

static void many_flows_and_the_limit(void **state)
{
	enum { MAX = 5000 };
	struct vw_pcapflows *all = vw_pcapflows_new(MAX);
	const struct vw_pcapstat *stat = vw_pcapflows_stat(all);
	u32 n;

	(void)state;
	for (n = 0; n < MAX; n++)
		add_numbered(all, n);
	assert_int_equal(stat->left_out, 0);
	add_numbered(all, MAX);
	assert_int_equal(stat->left_out, 1);
	/* Those that are known go on. */
	for (n = 0; n < MAX; n++)
		add_numbered(all, n);
	assert_int_equal(stat->left_out, 1);
	for (n = 0; n < MAX; n++) {
		const struct vw_pcapflow *f = vw_pcapflows_at(all, n);

		assert_int_equal(f->sport, n & 0xffff);
		assert_int_equal(f->packets, 2);
		assert_int_equal(f->classes[VOXWALL_CLASS_SIP], 2);
	}
	assert_null(vw_pcapflows_at(all, MAX));
	vw_pcapflows_free(all);
}

static void what_is_no_flow_is_counted(void **state)
{
	struct vw_pcapflows *all = vw_pcapflows_new(10);
	const struct vw_pcapstat *stat = vw_pcapflows_stat(all);

	(void)state;
	vw_pcapflows_add(all, DLT_EN10MB, (const u8 *)"123456abcdef\x08\6", 14, 42, 0);
	assert_int_equal(stat->not_ip, 1);
	vw_pcapflows_add(all, DLT_RAW, (const u8 *)"\x45\0\0\x16\0\1\0\1\x40\x11\0\0aaaabbbbxx", 22, 22, 0);
	assert_int_equal(stat->fragments, 1);
	vw_pcapflows_add(all, DLT_NULL, (const u8 *)"\7\0\0\0\x45", 5, 5, 0);
	vw_pcapflows_add(all, DLT_PPP, (const u8 *)"\xc0\x21\x01", 3, 3, 0);
	assert_int_equal(stat->not_ip, 3);
	assert_null(vw_pcapflows_at(all, 0));
	vw_pcapflows_free(all);
	vw_pcapflows_free(NULL);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_link_type),
	cmocka_unit_test(every_truncation),
	cmocka_unit_test(a_wire_shorter_than_the_capture),
	cmocka_unit_test(many_flows_and_the_limit),
	cmocka_unit_test(what_is_no_flow_is_counted),
};

ROW_MAIN(tests)
