// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration: what is taken, and what becomes of it. */
#include "conf_file.h"

/* Wherever a comment may stand, it changes nothing. */
static void test_comments(void **state)
{
	struct vw_conf *c = load_good(
		"# one\n// two\n/* three\n */\n"
		"voice // c\n{ # c\n"
		" vlan = # c\n 100 // c\n"
		" provisioning = { # c\n  \"10.1.1.1\", # PBX\n  # a line\n  \"10.1.1.2\" /* c */\n"
		"  # the last\n }\n}\n"
		"port \"lan#1\" # c\n{ mode = access }\n"
		"port 'a\"#b' { /**/ mode = access }# the end");

	(void)state;
	assert_int_equal(c->policy.voice_vlan, 100);
	assert_int_equal(c->policy.nserver, 2);
	assert_int_equal(c->nports, 2);
	assert_string_equal(c->ports[0].name, "lan#1");
	assert_string_equal(c->ports[1].name, "a\"#b");
	vw_conf_put(c);
}

static void test_defaults(void **state)
{
	struct vw_conf *c = load_good(VOICE);

	(void)state;
	assert_int_equal(c->policy.voice_vlan, 100);
	assert_int_equal(c->policy.services, VOXWALL_SERVICE_ALL);
	assert_int_equal(c->policy.rogue, VOXWALL_ROGUE_DROP);
	assert_int_equal(c->policy.dscp_rtp, 46);
	assert_int_equal(c->policy.dscp_sip, 24);
	assert_int_equal(c->rtp_min, 20000);
	assert_int_equal(c->rtp_max, 29999);
	assert_int_equal(c->media_timeout, 300);
	assert_int_equal(c->nports + c->nstations + c->ntrunks, 0);
	vw_conf_put(c);
}

static const char whole[] =
	"# a branch\n"
	"voice {\n"
	"  vlan = 100  services = { sip, rtp, dhcp }  provisioning = { \"10.1.100.5\", \"fd00::5\" }\n"
	"  listen = \"10.1.100.1:5062\"  device = br0.100  dscp-rtp = CS5  dscp-sip = AF31\n"
	"}\n"
	"data { vlans = { 10, 11, 12 }  rogue-voice = mark }\n"
	"media { ports = \"30000-30999\"  timeout = 60  latch = symmetric-then-lock }\n"
	"port \"lan1\" { mode = access  data-vlan = 10 }\n"
	"port \"lan2\" { mode = trunk  vlans = { 11, 12 }  authorise = { voice, data } }\n"
	"port \"lan3\" { mode = access  data-vlan = 10  voice = no  authorise = {} }\n"
	"uplink \"wan0\" { bandwidth = 20M  allow-clear = yes }\n"
	"station \"02:00:00:00:01:01\" { port = lan1  allow = voice }\n"
	"station \"02:00:00:00:01:02\" { port = lan2  allow = { voice, data } }\n"
	"trunk \"hq\" { uplink = wan0  proxy = \"sip:198.51.100.10:5070\"  local = 192.0.2.2\n"
	"  media = srtp-preferred  suites = { AES_CM_128_HMAC_SHA1_80 }  keys = { sdes } }\n"
	"trunk \"six\" { uplink = wan0  proxy = \"sip:[2001:db8::10]\"  fastpath = off\n"
	"  latch = authenticated }\n";

static void test_whole_policy(void **state)
{
	struct vw_conf *c = load_good(whole);
	const struct sockaddr_in *in = (const struct sockaddr_in *)&c->listen;

	(void)state;
	assert_int_equal(c->policy.services,
			 VOXWALL_SERVICE_SIP | VOXWALL_SERVICE_RTP | VOXWALL_SERVICE_DHCP);
	assert_int_equal(c->policy.nserver, 2);
	assert_int_equal(c->policy.server[1].family, 6);
	assert_int_equal(c->policy.rogue, VOXWALL_ROGUE_MARK);
	assert_int_equal(c->policy.dscp_rtp, 40);
	assert_int_equal(c->policy.dscp_sip, 26);
	assert_int_equal(in->sin_port, htons(5062));
	assert_string_equal(c->listen_dev, "br0.100");
	assert_int_equal(c->rtp_min, 30000);
	assert_int_equal(c->media_timeout, 60);
	vw_conf_put(c);
}

static void test_whole_ports(void **state)
{
	struct vw_conf *c = load_good(whole);

	(void)state;
	assert_int_equal(c->nports, 4);
	assert_int_equal(c->ports[0].rule.data_vlan, 10);
	assert_int_equal(c->ports[0].rule.authorise, VOXWALL_ALLOW_VOICE);
	assert_true(c->ports[0].rule.voice);
	assert_int_equal(c->ports[1].rule.nvlan, 2);
	assert_int_equal(c->ports[1].rule.vlan[1], 12);
	assert_int_equal(c->ports[1].rule.authorise, VOXWALL_ALLOW_VOICE | VOXWALL_ALLOW_DATA);
	assert_false(c->ports[2].rule.voice);
	assert_int_equal(c->ports[2].rule.authorise, 0);
	assert_int_equal(c->ports[3].rule.mode, VOXWALL_PORT_UPLINK);
	assert_int_equal(c->ports[3].bandwidth, 20000000);
	assert_true(c->ports[3].allow_clear);
	assert_int_equal(c->nstations, 2);
	assert_string_equal(c->stations[1].port, "lan2");
	assert_int_equal(c->stations[1].allow, VOXWALL_ALLOW_VOICE | VOXWALL_ALLOW_DATA);
	vw_conf_put(c);
}

static void test_whole_trunks(void **state)
{
	struct vw_conf *c = load_good(whole);
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&c->trunks[1].proxy;
	const struct sockaddr_in *four = (const struct sockaddr_in *)&c->trunks[0].proxy;

	(void)state;
	assert_int_equal(c->ntrunks, 2);
	assert_int_equal(four->sin_port, htons(5070));
	assert_int_equal(c->trunks[0].local.ss_family, AF_INET);
	assert_int_equal(c->trunks[0].media, VW_MEDIA_SRTP_PREFERRED);
	assert_int_equal(c->trunks[0].nsuites, 1);
	assert_int_equal(six->sin6_family, AF_INET6);
	assert_int_equal(six->sin6_port, htons(5060));
	assert_string_equal(c->trunks[1].proxy_host, "2001:db8::10");
	assert_int_equal(c->trunks[1].media, VW_MEDIA_SRTP);
	assert_int_equal(c->latch, VOXWALL_LATCH_SYMMETRIC);
	assert_int_equal(c->trunks[0].latch, VOXWALL_LATCH_SDP);
	assert_int_equal(c->trunks[1].latch, VOXWALL_LATCH_AUTHENTICATED);
	assert_false(c->trunks[0].fastpath_off);
	assert_true(c->trunks[1].fastpath_off);
	assert_int_equal(c->trunks[1].suites[0], VOXWALL_SUITE_AES_CM_128_HMAC_SHA1_80);
	assert_int_equal(c->policy.npeer, 2);
	assert_int_equal(c->policy.peer[0].port, 5070);
	vw_conf_put(c);
}

/* The DNS may be down when the gateway starts: the ports are guarded all the same. */
static void test_unresolved(void **state)
{
	struct vw_conf *c = load_good(TRUNK "trunk \"hq\" { uplink = wan0 "
				      "proxy = \"sip:pbx.invalid\" }");

	(void)state;
	assert_int_equal(c->trunks[0].proxy.ss_family, 0);
	assert_string_equal(c->trunks[0].proxy_host, "pbx.invalid");
	assert_int_equal(c->policy.npeer, 0);
	vw_conf_put(c);
}

/* And when the name is found, the address comes into a copy. */
static void test_resolved(void **state)
{
	struct vw_conf *c = load_good(TRUNK "trunk \"hq\" { uplink = wan0 "
				      "proxy = \"sip:pbx.invalid:5070\" }"), *n, *usable;
	struct vw_endpoint e = { { 192, 0, 2, 9 }, 1, 4 };
	struct sockaddr_storage ss;

	(void)state;
	vw_value_to_sockaddr(&e, &ss);
	assert_int_equal(vw_conf_resolved(c, 0, &ss, &n), 0);
	assert_int_equal(c->policy.npeer, 0);
	usable = vw_conf_usable(c);
	assert_int_equal(usable->ntrunks, 0);
	vw_conf_put(usable);
	vw_conf_put(c);
	usable = vw_conf_usable(n);
	assert_int_equal(usable->ntrunks, 1);
	vw_conf_put(usable);
	assert_int_equal(n->policy.npeer, 1);
	assert_int_equal(n->policy.peer[0].port, 5070);
	assert_int_equal(vw_value_from_sockaddr(&n->trunks[0].proxy, &e), 0);
	assert_int_equal(e.port, 5070);
	assert_string_equal(n->ports[0].name, "wan0");
	vw_conf_put(n);
}

static void test_references(void **state)
{
	struct vw_conf *c = load_good(VOICE);

	(void)state;
	assert_ptr_equal(vw_conf_get(c), c);
	vw_conf_put(c);
	assert_int_equal(c->policy.voice_vlan, 100);
	vw_conf_put(c);
	vw_conf_put(NULL);
}

/* ---- files ---- */

static void test_files(void **state)
{
	struct vw_conf *c = NULL;
	char err[512];

	(void)state;
	assert_int_equal(vw_conf_load("/nowhere/voxwall.conf", &c, err, sizeof(err)), -ENOENT);
	assert_non_null(strstr(err, "/nowhere/voxwall.conf"));
	assert_non_null(strstr(err, "write one after voxwall.conf(5)"));
	assert_int_equal(vw_conf_load("/tmp", &c, err, sizeof(err)), -EINVAL);
	assert_non_null(strstr(err, "no regular file"));
	vw_conf_put(load_good(VOICE));
	assert_int_equal(chmod(path, 0666), 0);
	assert_int_equal(vw_conf_load(path, &c, err, sizeof(err)), -EPERM);
	assert_non_null(strstr(err, "chmod o-w"));
	assert_int_equal(chmod(path, 0644), 0);
	assert_null(c);
}

/* Blanks up to @size, but for the last byte. */
static int load_large(size_t size, char last, char *err, size_t errlen)
{
	FILE *out = fopen(path, "w");
	struct vw_conf *c = NULL;
	int code;

	assert_non_null(out);
	fprintf(out, "%-*s%c", (int)size - 1, "voice { vlan = 100 }", last);
	fclose(out);
	code = vw_conf_load(path, &c, err, errlen);
	vw_conf_put(c);
	return code;
}

static void test_sizes(void **state)
{
	char err[512];

	(void)state;
	assert_int_equal(load_large(1 << 20, ' ', err, sizeof(err)), 0);
	assert_int_equal(load_large((1 << 20) + 1, ' ', err, sizeof(err)), -E2BIG);
	assert_non_null(strstr(err, "larger than 1 MiB"));
	assert_int_equal(load_large(100, '\0', err, sizeof(err)), -EINVAL);
	assert_non_null(strstr(err, "NUL byte"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comments),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_whole_policy),
		cmocka_unit_test(test_whole_ports),
		cmocka_unit_test(test_whole_trunks),
		cmocka_unit_test(test_unresolved),
		cmocka_unit_test(test_resolved),
		cmocka_unit_test(test_references),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_sizes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_path, drop_path);
}
