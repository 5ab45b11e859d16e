// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration: what is refused or warned of, and with which sentence. */
#include "conf_file.h"

/* ---- what is refused ---- */

struct refused {
	const char *name;
	const char *text;
	unsigned int line;
	const char *sentence;	/* a part of it */
};

static const struct refused refused[] = {
	{ "empty file", "", 1, "no voice section" },
	{ "voice without vlan", "voice { }\n", 1, "voice: vlan is missing; add vlan = 100" },
	{ "two voice sections", VOICE VOICE, 2, "second voice section" },
	{ "vlan zero", "voice { vlan = 0 }", 1, "from 1 to 4094" },
	{ "vlan 4095", "voice { vlan = 4095 }", 1, "from 1 to 4094" },
	{ "vlan negative", "voice { vlan = -1 }", 1, "from 1 to 4094" },
	{ "vlan is a word", "voice { vlan = many }", 1, "vlan is \"many\"" },
	{ "vlan overflows", "voice { vlan = 18446744073709551716 }", 1, "from 1 to 4094" },
	{ "vlan twice", "voice {\n vlan = 100\n vlan = 101\n}", 3, "second time, first in line 2" },
	{ "services twice", "voice {\n vlan = 100\n services = { sip }\n services = { rtp }\n}",
	  4, "second time" },
	{ "unknown option", "voice {\n vlan = 100\n vlam = 3\n}", 3, "no such option 'vlam'" },
	{ "unknown section", VOICE "phone { }\n", 2, "no such option 'phone'" },
	{ "unclosed brace", "voice {\n vlan = 100\n", 3, "begins in line 1; close it" },
	{ "unclosed brace behind others", VOICE "data {\n vlans = { 10 }\n\n", 5,
	  "begins in line 2; close it" },
	{ "unclosed quote", "voice {\n vlan = \"100\n", 4, "begins in line 2; close it" },
	{ "forgotten brace", VOICE "port \"l{\" {\n mode = access\n\nuplink \"wan0\" { }\n", 5,
	  "begins in line 2 isn't closed: add }" },
	{ "forgotten brace, one line", VOICE "data { vlans = { 10 } media { }\n", 2,
	  "begins in line 2 isn't closed: add }" },
	{ "unclosed list", "voice {\n vlan = 100 services = { sip,", 3, "unexpected" },
	{ "list emptied later", "voice { vlan = 100 services = { sip } services = {} }", 1,
	  "as an empty list" },
	{ "stray brace", "}\n", 1, "" },
	{ "unknown service", "voice { vlan = 100 services = { sip, smtp } }", 1,
	  "no service \"smtp\"" },
	{ "provisioning by name", "voice { vlan = 100 provisioning = { \"boot.example\" } }", 1,
	  "not an IP address" },
	{ "listen without address", "voice { vlan = 100 listen = \":5060\" }", 1, "listen is" },
	{ "listen port zero", "voice { vlan = 100 listen = \"10.1.100.1:0\" }", 1, "listen is" },
	{ "listen port 65536", "voice { vlan = 100 listen = \"10.1.100.1:65536\" }", 1,
	  "listen is" },
	{ "listen port 1023", "voice { vlan = 100 listen = \"10.1.100.1:1023\" }", 1,
	  "below 1024" },
	{ "listen among media ports", "voice { vlan = 100 listen = \"10.1.100.1:20000\" }", 1,
	  "among the media ports" },
	{ "device too long", "voice { vlan = 100 device = abcdefghijklmnop }", 1,
	  "can't be an interface" },
	{ "dscp 64", "voice { vlan = 100 dscp-rtp = 64 }", 1, "dscp-rtp is \"64\"" },
	{ "dscp AF51", "voice { vlan = 100 dscp-sip = AF51 }", 1, "dscp-sip is" },
	{ "dialog timeout 9", "voice { vlan = 100 dialog-timeout = 9 }", 1, "10 to 86400" },
	{ "streams 65537", "voice { vlan = 100 max-streams = 65537 }", 1, "1 to 65536" },
	{ "rogue voice", VOICE "data { rogue-voice = maybe }", 2, "use drop, mark or allow" },
	{ "voice vlan among data", VOICE "data { vlans = { 10, 100 } }", 2, "is the voice VLAN" },
	{ "media ports reversed", VOICE "media { ports = \"300-200\" }", 2, "ports is" },
	{ "media ports odd", VOICE "media { ports = \"20001-29999\" }", 2, "first one even" },
	{ "media ports low", VOICE "media { ports = \"1022-2000\" }", 2, "ports is" },
	{ "media ports one", VOICE "media { ports = \"20000\" }", 2, "ports is" },
	{ "media ports past the end", VOICE "media { ports = \"20000-65536\" }", 2, "ports is" },
	{ "port without mode", VOICE "port \"lan1\" {\n}\n", 3, "mode is missing" },
	{ "port mode uplink", VOICE "port \"lan1\" { mode = uplink }", 2, "uplink section" },
	{ "port twice", PORTS "port \"lan1\" { mode = access }", 4, "duplicate title" },
	{ "port and uplink", PORTS "uplink \"lan1\" { }", 4, "either port or uplink" },
	{ "port bad name", VOICE "port \"a/b\" { mode = access }", 2, "can't be an interface" },
	{ "port with voice vlan", VOICE "port \"lan1\" { mode = access data-vlan = 100 }", 2,
	  "is the voice VLAN" },
	{ "port with foreign vlan",
	  VOICE "data { vlans = { 10 } }\nport \"lan1\" { mode = access data-vlan = 11 }", 3,
	  "no data VLAN" },
	{ "access with vlans", VOICE "port \"lan1\" { mode = access vlans = { 10 } }", 2,
	  "for mode = trunk" },
	{ "trunk with a vlan twice", VOICE "port \"l\" { mode = trunk vlans = { 10, 10 } }", 2,
	  "named twice" },
	{ "tagged and untagged", VOICE "port \"l\" { mode = trunk data-vlan = 10 vlans = { 10 } }",
	  2, "choose one" },
	{ "dot1x", VOICE "port \"lan1\" {\n mode = access\n dot1x = yes\n}", 4,
	  "dot1x is not supported in this version" },
	{ "mab", VOICE "port \"lan1\" { mab = no }", 2, "mab is not supported" },
	{ "critical", VOICE "port \"lan1\" { critical = voice }", 2, "critical is not supported" },
	{ "voice maybe", VOICE "port \"lan1\" { mode = access voice = maybe }", 2, "yes or no" },
	{ "authorise wan", VOICE "port \"lan1\" { mode = access authorise = { wan } }", 2,
	  "authorise is \"wan\"" },
	{ "bandwidth zero", VOICE "uplink \"wan0\" { bandwidth = 0 }", 2, "bandwidth is" },
	{ "bandwidth unit", VOICE "uplink \"wan0\" { bandwidth = 20X }", 2, "bandwidth is" },
	{ "station no MAC", PORTS "station \"phone\" { port = lan1 }", 4, "not the MAC address" },
	{ "station multicast", PORTS "station \"03:00:00:00:00:01\" { port = lan1 }", 4,
	  "not the MAC address" },
	{ "station all zero", PORTS "station \"00:00:00:00:00:00\" { port = lan1 }", 4,
	  "not the MAC address" },
	{ "station without port", PORTS "station \"02:00:00:00:00:01\" { }", 4, "port is missing" },
	{ "station on missing port", PORTS "station \"02:00:00:00:00:01\" { port = lan9 }", 4,
	  "no port \"lan9\"" },
	{ "station on uplink", PORTS "station \"02:00:00:00:00:01\" { port = wan0 }", 4,
	  "is an uplink" },
	{ "station twice, written differently",
	  PORTS "station \"02:00:00:00:00:0a\" { port = lan1 }\n"
	  "station \"02-00-00-00-00-0A\" { port = lan1 }", 5, "already, ending in line 4" },
	{ "station for voice on a port without",
	  VOICE "port \"lan1\" { mode = access voice = no }\n"
	  "station \"02:00:00:00:00:01\" { port = lan1 }", 3, "voice = no" },
	{ "trunk without uplink", TRUNK "trunk \"hq\" { proxy = \"sip:192.0.2.9\" }", 3,
	  "uplink is missing" },
	{ "trunk on missing uplink", TRUNK "trunk \"hq\" { uplink = wan1 proxy = \"sip:192.0.2.9\" }",
	  3, "no uplink \"wan1\"" },
	{ "trunk without proxy", TRUNK "trunk \"hq\" { uplink = wan0 }", 3, "proxy is missing" },
	{ "trunk with sips", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sips:192.0.2.9\" }", 3,
	  "SIP over UDP only" },
	{ "trunk with tcp",
	  TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9;transport=tcp\" }", 3,
	  "SIP over UDP only" },
	{ "trunk with user", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:a@192.0.2.9\" }", 3,
	  "without a user" },
	{ "trunk with bare IPv6",
	  TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:2001:db8::10:5060\" }", 3,
	  "in [brackets]" },
	{ "trunk with an octal number",
	  TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:198.51.100.010\" }", 3,
	  "without leading zeros" },
	{ "trunk with three numbers",
	  TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:1.2.3:5060\" }", 3,
	  "neither a name nor an address" },
	{ "trunk with a number, a dot behind it",
	  TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:pbx.0x7f.\" }", 3,
	  "neither a name nor an address" },
	{ "trunk nowhere", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:0.0.0.0\" }", 3,
	  "where no trunk can be" },
	{ "trunk here", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:[::1]\" }", 3,
	  "where no trunk can be" },
	{ "trunk media", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9\" media = x }",
	  3, "srtp-preferred" },
	{ "trunk suite", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9\" "
	  "suites = { AEAD_AES_512_GCM } }", 3, "voxwall.conf(5) lists the names" },
	{ "trunk suite twice", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9\" "
	  "suites = { AES_CM_128_HMAC_SHA1_80, aes_cm_128_hmac_sha1_80 } }", 3, "named twice" },
	{ "no data VLAN", VOICE "data { vlans = { } }", 2, "vlans is empty" },
	{ "trunk on the phones' address", "voice { vlan = 100 listen = \"192.0.2.1:5060\" }\n"
	  "uplink \"wan0\" { }\ntrunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9\" "
	  "local = \"192.0.2.1:5060\" }", 3, "local is the voice zone's listen address" },
	{ "trunk latch", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9\" "
	  "latch = any }", 3, "symmetric-then-lock" },
	{ "media latch", VOICE "media { latch = first }", 2, "use sdp, authenticated, first-within" },
	{ "trunk fastpath", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9\" "
	  "fastpath = maybe }", 3, "write on or off" },
	{ "trunk keys", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9\" "
	  "keys = { dtls } }", 3, "not supported in this version" },
	{ "clear trunk with suites", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9\" "
	  "media = rtp suites = { AES_CM_128_HMAC_SHA1_80 } }", 3, "never encrypted" },
	{ "trunk with two IP versions", TRUNK "trunk \"hq\" { uplink = wan0 "
	  "proxy = \"sip:192.0.2.9\" local = \"2001:db8::1\" }", 3, "different IP versions" },
	{ "trunk without listen",
	  VOICE "uplink \"wan0\" { }\ntrunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9\" }", 1,
	  "listen is missing" },
	{ "trunk twice", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9\" }\n"
	  "trunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9\" }", 4, "duplicate title" },
	{ "trunk to ourselves", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:10.1.100.1\" }", 3,
	  "the gateway itself" },
	{ "trunk from anywhere", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9\" "
	  "local = \"0.0.0.0\" }", 3, "no trunk can send to" },
	{ "trunk from a name", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9\" "
	  "local = \"gw.example\" }", 3, "local is \"gw.example\"; write" },
	{ "trunk from port 1023", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9\" "
	  "local = \"192.0.2.2:1023\" }", 3, "local has port 1023" },
	{ "no suites", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9\" suites = { } }",
	  3, "suites is empty" },
	{ "no keys", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9\" keys = { } }", 3,
	  "keys is empty" },
	{ "trunk without a name", TRUNK "trunk \"\" { uplink = wan0 proxy = \"sip:192.0.2.9\" }", 3,
	  "needs 1 to 31 characters" },
	{ "trunk with a long name", TRUNK "trunk \"12345678901234567890123456789012\" "
	  "{ uplink = wan0 proxy = \"sip:192.0.2.9\" }", 3, "needs 1 to 31 characters" },
	{ "more stations than the file allows", "voice { vlan = 100 max-stations = 1 }\n"
	  "port \"lan1\" { mode = access }\nstation \"02:00:00:00:00:01\" { port = lan1 }\n"
	  "station \"02:00:00:00:00:02\" { port = lan1 }", 4,
	  "more than 1 stations; raise max-stations" },
	{ "proxy's port", TRUNK "trunk \"hq\" { uplink = wan0 proxy = \"sip:192.0.2.9:65536\" }", 3,
	  "from 1 to 65535" },
	{ "listen on every address", "voice { vlan = 100 listen = \"0.0.0.0:5060\" }", 1,
	  "no phone can send to" },
	{ "listen on every address, IPv6", "voice { vlan = 100 listen = \"[::]:5060\" }", 1,
	  "no phone can send to" },
	{ "listen on the loopback", "voice { vlan = 100 listen = \"127.0.0.1\" }", 1,
	  "no phone can send to" },
	{ "listen on multicast", "voice { vlan = 100 listen = \"224.0.1.75\" }", 1,
	  "no phone can send to" },
	{ "too few ports", VOICE "media { ports = \"20000-20001\" }", 2, "a call takes 4" },
	{ "behind a comment", "# c\n// c\nvoice { vlan = x }", 3, "vlan is" },
	{ "behind a long comment", "/* c\n * c */\nvoice {\n vlan = # c\n x\n}", 5, "vlan is" },
	{ "unknown behind comments", "# c\nvoice { # c\n vlan = 100\n}\n# c\ndata { x = 1 }", 6,
	  "no such option" },
	{ "a star", "voice { vlan = 100 }\n*\n", 2, "has no meaning" },
	{ "a plus before a value", "voice {\nvlan = + 100 }\n", 2, "has no meaning" },
	{ "the end of a comment, and a beginning", "voice { vlan = 100 }\n*/*\nbogus = 1\n", 2,
	  "has no meaning" },
	{ "comment without end", "voice { vlan = 100 }\n\n/* c\n", 3, "never ends" },
};

static void test_refused(void **state)
{
	char err[512], where[128];
	unsigned int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		const struct refused *r = &refused[i];
		struct vw_conf *c = NULL;
		int code = load(r->text, &c, err, sizeof(err));

		snprintf(where, sizeof(where), "%s:%u: ", path, r->line);
		if (code == -EINVAL && !c && !strncmp(err, where, strlen(where)) &&
		    strstr(err, r->sentence))
			continue;
		print_error("%s: answered %d \"%s\"\n", r->name, code, err);
		bad++;
		vw_conf_put(c);
	}
	assert_int_equal(bad, 0);
}

/* ---- limits: as many are taken, and one more is refused ---- */

#define STATION	"station \"02:00:00:00:%02x:%02x\" { port = lan1 }\n"

static const struct limit {
	const char *before, *each, *after;	/* the second with two numbers in it */
	unsigned int most;
	const char *sentence;
} limits[] = {
	{ "voice { vlan = 100 provisioning = { \"10.0.0.0\"", ", \"10.1.%u.%u\"", " } }\n",
	  VOXWALL_MAX_SERVERS - 1, "more than 16 provisioning servers" },
	{ VOICE "port \"l\" { mode = trunk vlans = { 1000", ", %u%02u", " } }\n",
	  VOXWALL_MAX_VLANS - 1, "more than 32 VLANs" },
	{ VOICE "uplink \"wan0\" { }\n", "port \"l%u-%u\" { mode = access }\n", "",
	  VOXWALL_MAX_PORTS - 1, "more than 256 ports and uplinks" },
	{ VOICE "port \"l\" { mode = access }\n", "uplink \"w%u-%u\" { }\n", "",
	  VOXWALL_MAX_PORTS - 1, "more than 256 ports and uplinks" },
	{ PORTS, STATION, "", VOXWALL_MAX_STATIONS,
	  "more than 8192 stations; the module has room for no more" },
	{ TRUNK, "trunk \"t%u-%u\" { uplink = wan0 proxy = \"sip:192.0.2.9\" }\n", "",
	  VOXWALL_MAX_SIP_PEERS, "more than 16 trunks" },
};

static int load_many(const struct limit *l, unsigned int n, char *err, size_t errlen)
{
	FILE *out = fopen(path, "w");
	struct vw_conf *c = NULL;
	int code;

	assert_non_null(out);
	fputs(l->before, out);
	for (unsigned int i = 1; i <= n; i++)
		fprintf(out, l->each, i / 100 + 1, i % 100);
	fputs(l->after, out);
	fclose(out);
	code = vw_conf_load(path, &c, err, errlen);
	vw_conf_put(c);
	return code;
}

static void test_limits(void **state)
{
	char err[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		const struct limit *l = &limits[i];

		if (load_many(l, l->most, err, sizeof(err)))
			fail_msg("%s: as many as there may be: %s", l->sentence, err);
		if (load_many(l, l->most + 1, err, sizeof(err)) != -EINVAL ||
		    !strstr(err, l->sentence))
			fail_msg("%s: one more: %s", l->sentence, err);
	}
}

/* ---- what is taken with a warning ---- */

static const struct refused warned[] = {
	{ "nothing to say", TRUNK "trunk \"1234567890123456789012345678901\" { uplink = wan0 proxy = \"sip:a.invalid\" }\n"
	  "trunk \"b\" { uplink = wan0 proxy = \"sip:a.invalid:5070\" latch = authenticated }\n"
	  "trunk \"c\" { uplink = wan0 proxy = \"sip:a.invalid.\" local = \"192.0.2.2\" }\n"
	  "port \"l\" { mode = access voice = no }", 0, NULL },
	{ "clear trunk that authenticates", TRUNK "trunk \"a\" { uplink = wan0\n"
	  "proxy = \"sip:a.invalid\"\n media = rtp\n latch = authenticated\n}", 6,
	  "trunk \"a\": latch = authenticated has no effect" },
	{ "NULL suite", TRUNK "trunk \"a\" { uplink = wan0\n proxy = \"sip:a.invalid\"\n"
	  "suites = { AEAD_AES_128_GCM, NULL_HMAC_SHA1_80 }\n}", 5, "NULL_HMAC_SHA1_80 authent" },
	{ "twins", TRUNK "trunk \"a\" { uplink = wan0 proxy = \"sip:a.invalid\" }\n"
	  "trunk \"b\" { uplink = wan0\n proxy = \"sip:A.invalid:5060\"\n}", 5,
	  "trunk \"b\": proxy and local address are those of trunk \"a\"" },
	{ "phones that authenticate", VOICE "media { timeout = 60\n latch = authenticated\n}", 3,
	  "media: latch = authenticated has no effect" },
	{ "device for nothing", "voice {\n vlan = 100\n device = x\n}", 3, "without listen" },
	{ "authorise for nothing", VOICE "port \"l\" { mode = access voice = no\n"
	  " authorise = { data, voice }\n}", 3, "port \"l\": authorise = voice has no effect" },
};

static void test_warned(void **state)
{
	char want[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(warned); i++) {
		const struct refused *r = &warned[i];
		struct vw_conf *c = load_good(r->text);

		snprintf(want, sizeof(want), "%s:%u: ", path, r->line);
		if (!r->sentence ? c->warnings != NULL :
		    !c->warnings || strncmp(c->warnings, want, strlen(want)) ||
		    !strstr(c->warnings, r->sentence) ||
		    strchr(c->warnings, '\n')[1])
			fail_msg("%s: %s", r->name, c->warnings ?: "no warning");
		vw_conf_put(c);
	}
}

/* A short buffer cuts the sentence, nothing else. */
static void test_short_error(void **state)
{
	struct vw_conf *c = NULL;
	char err[8];

	(void)state;
	assert_int_equal(load("voice { }", &c, err, sizeof(err)), -EINVAL);
	assert_true(strlen(err) < sizeof(err));
}

static void test_binary(void **state)
{
	struct vw_conf *c = NULL;
	char err[512];

	(void)state;
	for (int seed = 0; seed < 200; seed++) {
		FILE *out = fopen(path, "w");

		srand((unsigned int)seed);
		for (int i = 0; i < 300; i++)
			fputc(rand() & 0xff, out);
		fclose(out);
		assert_int_not_equal(vw_conf_load(path, &c, err, sizeof(err)), 0);
		assert_true(strlen(err) > strlen(path));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_warned),
		cmocka_unit_test(test_short_error),
		cmocka_unit_test(test_binary),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_path, drop_path);
}
