// SPDX-License-Identifier: GPL-2.0-or-later
/* Values as people write them, with minus one, zero and plus one at the edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "../../agent/value.h"

struct number {
	const char *text;
	int err;
	u64 value;
};

static void test_uint(void **state)
{
	static const struct number rows[] = {
		{ "1", 0, 1 }, { "4094", 0, 4094 }, { "0", -ERANGE, 0 }, { "4095", -ERANGE, 0 },
		{ "0001", 0, 1 }, { "", -EINVAL, 0 }, { " 1", -EINVAL, 0 }, { "1 ", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 }, { "-1", -EINVAL, 0 }, { "0x10", -EINVAL, 0 },
		{ "18446744073709551615", -ERANGE, 0 }, { "18446744073709551616", -ERANGE, 0 },
		{ "99999999999999999999999", -ERANGE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		u64 n = 77;

		if (vw_value_uint(rows[i].text, 1, 4094, &n) != rows[i].err ||
		    n != (rows[i].err ? 77 : rows[i].value))
			fail_msg("\"%s\"", rows[i].text);
	}
}

static void test_rate(void **state)
{
	static const struct number rows[] = {
		{ "64000", 0, 64000 }, { "512k", 0, 512000 }, { "20M", 0, 20000000 },
		{ "1G", 0, 1000000000 }, { "0", -ERANGE, 0 }, { "0M", -ERANGE, 0 },
		{ "1.5M", -EINVAL, 0 }, { "20MB", -EINVAL, 0 }, { "M", -EINVAL, 0 },
		{ "18446744073G", 0, 18446744073000000000u },
		{ "18446744074G", -ERANGE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		u64 n = 77;

		if (vw_value_rate(rows[i].text, &n) != rows[i].err ||
		    n != (rows[i].err ? 77 : rows[i].value))
			fail_msg("\"%s\"", rows[i].text);
	}
}

static void test_dscp(void **state)
{
	static const struct number rows[] = {
		{ "0", 0, 0 }, { "63", 0, 63 }, { "64", -ERANGE, 0 }, { "EF", 0, 46 },
		{ "ef", 0, 46 }, { "CS0", 0, 0 }, { "cs3", 0, 24 }, { "CS7", 0, 56 },
		{ "CS8", -EINVAL, 0 }, { "CS", -EINVAL, 0 }, { "CS33", -EINVAL, 0 },
		{ "AF11", 0, 10 }, { "AF43", 0, 38 }, { "AF44", -EINVAL, 0 },
		{ "AF01", -EINVAL, 0 }, { "AF4", -EINVAL, 0 }, { "AF411", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		u8 n = 77;

		if (vw_value_dscp(rows[i].text, &n) != rows[i].err ||
		    n != (rows[i].err ? 77 : rows[i].value))
			fail_msg("\"%s\"", rows[i].text);
	}
}

static void test_mac(void **state)
{
	static const struct number rows[] = {
		{ "02:00:00:00:01:0a", 0, 0x0a }, { "02-00-00-00-01-0A", 0, 0x0a },
		{ "02:00-00:00:01:ff", 0, 0xff }, { "", -EINVAL, 0 },
		{ "02:00:00:00:01", -EINVAL, 0 }, { "02:00:00:00:01:0a:", -EINVAL, 0 },
		{ "02:00:00:00:01:0g", -EINVAL, 0 }, { "0200:00:00:01:0a0", -EINVAL, 0 },
		{ "01:00:5e:00:00:01", -ERANGE, 0 }, { "ff:ff:ff:ff:ff:ff", -ERANGE, 0 },
		{ "00:00:00:00:00:00", -ERANGE, 0 },
	};
	char text[VW_MAC_TEXT];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		u8 mac[6] = { 0, 0, 0, 0, 0, 77 };

		if (vw_value_mac(rows[i].text, mac) != rows[i].err ||
		    mac[5] != (rows[i].err ? 77 : rows[i].value))
			fail_msg("\"%s\"", rows[i].text);
	}
	assert_string_equal(vw_value_mac_text((const u8 *)"\x02\0\0\0\x01\x0a", text),
			    "02:00:00:00:01:0a");
}

struct place {
	const char *text;
	int err;
	const char *again;	/* as it is written back */
};

static void test_endpoint(void **state)
{
	static const struct place rows[] = {
		{ "192.0.2.1", 0, "192.0.2.1:5060" }, { "192.0.2.1:1", 0, "192.0.2.1:1" },
		{ "192.0.2.1:65535", 0, "192.0.2.1:65535" },
		{ "192.0.2.1:0", -ERANGE, NULL }, { "192.0.2.1:65536", -ERANGE, NULL },
		{ "192.0.2.1:", -EINVAL, NULL }, { "192.0.2.1:5060x", -EINVAL, NULL },
		{ "192.0.2.256", -EINVAL, NULL }, { "192.0.2", -EINVAL, NULL },
		{ "2001:db8::1", 0, "[2001:db8::1]:5060" },
		{ "[2001:db8::1]", 0, "[2001:db8::1]:5060" },
		{ "[2001:db8::1]:5070", 0, "[2001:db8::1]:5070" },
		{ "[2001:db8::1", -EINVAL, NULL }, { "[2001:db8::1]5060", -EINVAL, NULL },
		{ "[]:5060", -EINVAL, NULL }, { ":5060", -EINVAL, NULL }, { "", -EINVAL, NULL },
		{ "host:5060", -EINVAL, NULL },
	};
	char text[VW_ENDPOINT_TEXT];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct sockaddr_storage ss;
		struct vw_endpoint e, back;
		int err = vw_value_endpoint(rows[i].text, 5060, &e);

		if (err != rows[i].err)
			fail_msg("\"%s\": %d", rows[i].text, err);
		if (err)
			continue;
		assert_string_equal(vw_value_endpoint_text(&e, text), rows[i].again);
		vw_value_to_sockaddr(&e, &ss);
		assert_int_equal(vw_value_from_sockaddr(&ss, &back), 0);
		assert_string_equal(vw_value_endpoint_text(&back, text), rows[i].again);
	}
}

static void test_sip_uri(void **state)
{
	static const struct {
		const char *text;
		int err;
		const char *host;
		u16 port;
	} rows[] = {
		{ "sip:pbx.example", 0, "pbx.example", 5060 },
		{ "SIP:pbx.example:5070", 0, "pbx.example", 5070 },
		{ "sip:192.0.2.1;transport=udp", 0, "192.0.2.1", 5060 },
		{ "sip:[2001:db8::1]:5061", 0, "2001:db8::1", 5061 },
		{ "sip:2001:db8::1", -ENOTUNIQ, NULL, 0 },
		{ "sip:2001:db8::1:5061", -ENOTUNIQ, NULL, 0 },
		{ "sips:pbx.example", -EPROTONOSUPPORT, NULL, 0 },
		{ "tel:123", -EPROTONOSUPPORT, NULL, 0 },
		{ "sip:pbx.example;transport=tls", -EPROTONOSUPPORT, NULL, 0 },
		{ "pbx.example", -EINVAL, NULL, 0 }, { "sip:", -EINVAL, NULL, 0 },
		{ "sip:a@pbx.example", -EINVAL, NULL, 0 }, { "sip:a b", -EINVAL, NULL, 0 },
		{ "sip:pbx\r\nX: y", -EINVAL, NULL, 0 }, { "sip:pbx:0", -ERANGE, NULL, 0 },
	};
	char host[VW_HOST_LEN], longest[600];
	u16 port;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int err = vw_value_sip_uri(rows[i].text, host, &port);

		if (err != rows[i].err)
			fail_msg("\"%s\": %d", rows[i].text, err);
		if (err)
			continue;
		assert_string_equal(host, rows[i].host);
		assert_int_equal(port, rows[i].port);
	}
	memset(longest, 'a', sizeof(longest));
	memcpy(longest, "sip:", 4);
	longest[4 + VW_HOST_LEN - 1] = '\0';
	assert_int_equal(vw_value_sip_uri(longest, host, &port), 0);
	longest[4 + VW_HOST_LEN - 1] = 'a';
	longest[4 + VW_HOST_LEN] = '\0';
	assert_int_equal(vw_value_sip_uri(longest, host, &port), -EINVAL);
}

static void test_ports(void **state)
{
	static const struct number rows[] = {
		{ "20000-29999", 0, 20000 }, { "1024-1025", 0, 1024 }, { "65534-65535", 0, 65534 },
		{ "1022-2000", -ERANGE, 0 }, { "20001-29999", -ERANGE, 0 },
		{ "20000-20000", -ERANGE, 0 }, { "20000-65536", -ERANGE, 0 },
		{ "20000", -EINVAL, 0 }, { "20000-", -EINVAL, 0 }, { "-", -EINVAL, 0 },
		{ "20000:29999", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		u16 min = 77, max;

		if (vw_value_ports(rows[i].text, &min, &max) != rows[i].err ||
		    min != (rows[i].err ? 77 : rows[i].value))
			fail_msg("\"%s\"", rows[i].text);
	}
}

static void test_ifname(void **state)
{
	static const char *const good[] = { "lan1", "br0.100", "a", "abcdefghijklmno" };
	static const char *const bad[] = { "", ".", "..", "a/b", "a b", "a:b", "abcdefghijklmnop",
					   "a\n", "\xc3\xa4" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		assert_true(vw_value_ifname(good[i]));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(vw_value_ifname(bad[i]));
}

static void test_bool(void **state)
{
	bool value = true;

	(void)state;
	assert_int_equal(vw_value_bool("No", &value), 0);
	assert_false(value);
	assert_int_equal(vw_value_bool("yes", &value), 0);
	assert_true(value);
	assert_int_equal(vw_value_bool("1", &value), -EINVAL);
	assert_int_equal(vw_value_bool("", &value), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uint), cmocka_unit_test(test_rate),
		cmocka_unit_test(test_dscp), cmocka_unit_test(test_mac),
		cmocka_unit_test(test_endpoint), cmocka_unit_test(test_sip_uri),
		cmocka_unit_test(test_ports), cmocka_unit_test(test_ifname),
		cmocka_unit_test(test_bool),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
