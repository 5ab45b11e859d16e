// SPDX-License-Identifier: GPL-2.0-or-later
/* From what is to what should be: which steps, and in which order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "../../agent/plan.h"

/*
 * Tables are written in short: ports are their index ("1" is eth1 with ifindex 1),
 * stations the last byte of their MAC and the port they are on.
 */
struct station {
	u8 last;
	unsigned int port;
	u8 allow;
	u8 method;
};

#define V	VOXWALL_ALLOW_VOICE
#define D	VOXWALL_ALLOW_DATA

struct plan_case {
	const char *name;
	enum vw_plan_scope scope;
	unsigned int want_ports[4];	/* 0 ends */
	unsigned int absent;		/* of these, one that isn't there now */
	unsigned int renamed;		/* of these, one that another was called before */
	struct station want_stations[4];
	bool have_policy;
	u16 policy_vlan;
	unsigned int is_ports[4];
	u16 is_data_vlan;		/* of all ports that are; 10 is wanted */
	struct station is_stations[4];
	const char *steps;
};

static const struct plan_case cases[] = {
	{ "a fresh module gets everything in order", VW_PLAN_WHOLE, { 1, 2 }, 0, 0,
	  { { 7, 1, V, 0 } }, false, 0, { 0 }, 10, { { 0 } }, "policy set1 set2 allow7@1" },
	{ "what is right stays", VW_PLAN_WHOLE, { 1 }, 0, 0, { { 7, 1, V, 0 } }, true, 100, { 1 }, 10,
	  { { 7, 1, V, 0 } }, "" },
	{ "another policy is set alone", VW_PLAN_WHOLE, { 1 }, 0, 0, { { 0 } }, true, 101, { 1 }, 10,
	  { { 0 } }, "policy" },
	{ "a changed port is set", VW_PLAN_WHOLE, { 1 }, 0, 0, { { 0 } }, true, 100, { 1 }, 11,
	  { { 0 } }, "set1" },
	{ "a port too many goes before others come", VW_PLAN_WHOLE, { 2 }, 0, 0, { { 0 } }, true, 100,
	  { 1 }, 10, { { 0 } }, "drop1 set2" },
	{ "a station too many goes first", VW_PLAN_WHOLE, { 1 }, 0, 0, { { 8, 1, V, 0 } }, true, 100,
	  { 1 }, 10, { { 7, 1, V, 0 } }, "forget7 allow8@1" },
	{ "a station's port takes it along", VW_PLAN_WHOLE, { 2 }, 0, 0, { { 0 } }, true, 100,
	  { 1, 2 }, 10, { { 7, 1, V, 0 } }, "drop1" },
	{ "a station that moved is set", VW_PLAN_WHOLE, { 1, 2 }, 0, 0, { { 7, 2, V, 0 } }, true, 100,
	  { 1, 2 }, 10, { { 7, 1, V, 0 } }, "allow7@2" },
	{ "a station that may do less is set", VW_PLAN_WHOLE, { 1 }, 0, 0, { { 7, 1, V, 0 } }, true,
	  100, { 1 }, 10, { { 7, 1, V | D, 0 } }, "allow7@1" },
	{ "a station by 802.1X is somebody else's", VW_PLAN_WHOLE, { 1 }, 0, 0, { { 0 } }, true, 100,
	  { 1 }, 10, { { 7, 1, V, VOXWALL_METHOD_DOT1X } }, "" },
	{ "a configured station becomes static", VW_PLAN_WHOLE, { 1 }, 0, 0, { { 7, 1, V, 0 } }, true,
	  100, { 1 }, 10, { { 7, 1, V, VOXWALL_METHOD_MAB } }, "allow7@1" },
	{ "an absent interface and its stations wait", VW_PLAN_WHOLE, { 1, 2 }, 2, 0,
	  { { 7, 1, V, 0 }, { 8, 2, V, 0 } }, false, 0, { 0 }, 10, { { 0 } },
	  "policy set1 allow7@1" },
	{ "missing only: what was added by hand stays", VW_PLAN_MISSING, { 1 }, 0, 0, { { 0 } }, true,
	  100, { 1, 2 }, 10, { { 7, 2, V, 0 } }, "" },
	{ "missing only: what was changed by hand stays", VW_PLAN_MISSING, { 1 }, 0, 0,
	  { { 7, 1, V, 0 } }, true, 101, { 1 }, 11, { { 7, 1, D, 0 } }, "" },
	{ "missing only: what is missing comes", VW_PLAN_MISSING, { 1, 2 }, 0, 0,
	  { { 7, 2, V, 0 } }, true, 100, { 1 }, 10, { { 0 } }, "set2 allow7@2" },
	{ "missing only: a name of another interface brings its rule and stations",
	  VW_PLAN_MISSING, { 1, 2 }, 0, 2, { { 7, 1, V, 0 }, { 8, 2, V, 0 } }, true, 100,
	  { 1, 2 }, 11, { { 7, 1, D, 0 }, { 8, 1, V, 0 } }, "set2 allow8@2" },
	{ "missing only: a name of another interface, right already", VW_PLAN_MISSING, { 1, 2 }, 0,
	  2, { { 8, 2, V, 0 } }, true, 100, { 1, 2 }, 10, { { 8, 2, V, 0 } }, "" },
	{ "missing only: without a policy it is set", VW_PLAN_MISSING, { 0 }, 0, 0, { { 0 } }, false, 0,
	  { 0 }, 10, { { 0 } }, "policy" },
};

static struct vw_conf_port conf_ports[4];
static struct vw_conf_station conf_stations[4];
static struct vw_genl_port is_ports[4];
static struct vw_genl_station is_stations[4];
static unsigned int ifindex[4];
static bool renamed[4];

static struct vw_port_rule rule(u16 data_vlan)
{
	return (struct vw_port_rule){ .mode = VOXWALL_PORT_ACCESS, .data_vlan = data_vlan,
				      .authorise = V, .voice = true };
}

static void arrange_want(const struct plan_case *k, struct vw_conf *c, struct vw_facts *is)
{
	memset(conf_ports, 0, sizeof(conf_ports));
	memset(conf_stations, 0, sizeof(conf_stations));
	c->policy.voice_vlan = 100;
	c->ports = conf_ports;
	c->stations = conf_stations;
	is->ifindex = ifindex;
	is->renamed = renamed;
	for (size_t i = 0; k->want_ports[i]; i++) {
		snprintf(conf_ports[i].name, IFNAMSIZ, "eth%u", k->want_ports[i]);
		conf_ports[i].rule = rule(10);
		ifindex[i] = k->want_ports[i] == k->absent ? 0 : k->want_ports[i];
		renamed[i] = k->want_ports[i] == k->renamed;
		c->nports++;
	}
	for (size_t i = 0; k->want_stations[i].last; i++) {
		conf_stations[i].mac[5] = k->want_stations[i].last;
		snprintf(conf_stations[i].port, IFNAMSIZ, "eth%u", k->want_stations[i].port);
		conf_stations[i].allow = k->want_stations[i].allow;
		c->nstations++;
	}
}

static void arrange_is(const struct plan_case *k, struct vw_facts *is)
{
	memset(is_ports, 0, sizeof(is_ports));
	memset(is_stations, 0, sizeof(is_stations));
	is->have_policy = k->have_policy;
	is->policy.voice_vlan = k->policy_vlan;
	is->ports = is_ports;
	is->stations = is_stations;
	for (size_t i = 0; k->is_ports[i]; i++, is->nports++) {
		is_ports[i].ifindex = k->is_ports[i];
		is_ports[i].rule = rule(k->is_data_vlan);
	}
	for (size_t i = 0; k->is_stations[i].last; i++, is->nstations++) {
		is_stations[i].mac[5] = k->is_stations[i].last;
		is_stations[i].ifindex = k->is_stations[i].port;
		is_stations[i].allow = k->is_stations[i].allow;
		is_stations[i].method = k->is_stations[i].method;
	}
}

static void describe(const struct vw_action *a, char *text, size_t len)
{
	switch (a->kind) {
	case VW_ACTION_STATION_DEL:
		snprintf(text, len, "forget%u", a->station.mac[5]);
		break;
	case VW_ACTION_PORT_DEL:
		snprintf(text, len, "drop%u", a->port.ifindex);
		break;
	case VW_ACTION_POLICY_SET:
		snprintf(text, len, "policy");
		break;
	case VW_ACTION_PORT_SET:
		snprintf(text, len, "set%u", a->port.ifindex);
		break;
	case VW_ACTION_STATION_SET:
		snprintf(text, len, "allow%u@%u", a->station.mac[5], a->station.ifindex);
		break;
	}
}

static void steps_of(const struct vw_plan *plan, char *text, size_t len)
{
	size_t n = 0;
	char step[32];

	text[0] = '\0';
	for (size_t i = 0; i < plan->n && n < len; i++) {
		describe(&plan->action[i], step, sizeof(step));
		n += (size_t)snprintf(text + n, len - n, "%s%s", i ? " " : "", step);
	}
}

static void test_steps(void **state)
{
	unsigned int bad = 0;
	char steps[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct vw_facts is = { 0 };
		struct vw_conf c = { 0 };
		struct vw_plan plan;

		arrange_want(&cases[i], &c, &is);
		arrange_is(&cases[i], &is);
		assert_int_equal(vw_plan_make(&c, &is, cases[i].scope, &plan), 0);
		steps_of(&plan, steps, sizeof(steps));
		vw_plan_free(&plan);
		if (!strcmp(steps, cases[i].steps))
			continue;
		print_error("%s: \"%s\", wanted \"%s\"\n", cases[i].name, steps, cases[i].steps);
		bad++;
	}
	assert_int_equal(bad, 0);
}

/* Each single difference of a port's rule counts, and the order of VLANs doesn't. */
static void test_rules(void **state)
{
	static const struct {
		struct vw_port_rule is;
		bool allow_clear;
		size_t steps;
	} rows[] = {
		{ { .mode = 1, .data_vlan = 9, .vlan = { 10, 11 }, .nvlan = 2, .authorise = V,
		    .voice = true }, false, 0 },
		{ { .mode = 1, .data_vlan = 9, .vlan = { 11, 10 }, .nvlan = 2, .authorise = V,
		    .voice = true }, false, 0 },
		{ { .mode = 0, .data_vlan = 9, .vlan = { 10, 11 }, .nvlan = 2, .authorise = V,
		    .voice = true }, false, 1 },
		{ { .mode = 1, .data_vlan = 8, .vlan = { 10, 11 }, .nvlan = 2, .authorise = V,
		    .voice = true }, false, 1 },
		{ { .mode = 1, .data_vlan = 9, .vlan = { 10, 12 }, .nvlan = 2, .authorise = V,
		    .voice = true }, false, 1 },
		{ { .mode = 1, .data_vlan = 9, .vlan = { 10 }, .nvlan = 1, .authorise = V,
		    .voice = true }, false, 1 },
		{ { .mode = 1, .data_vlan = 9, .vlan = { 10, 11 }, .nvlan = 2, .authorise = 0,
		    .voice = true }, false, 1 },
		{ { .mode = 1, .data_vlan = 9, .vlan = { 10, 11 }, .nvlan = 2, .authorise = V,
		    .voice = false }, false, 1 },
		{ { .mode = 1, .data_vlan = 9, .vlan = { 10, 11 }, .nvlan = 2, .authorise = V,
		    .voice = true }, true, 1 },
	};
	struct vw_conf_port port = { .name = "eth1", .rule = rows[0].is };
	struct vw_conf c = { .ports = &port, .nports = 1 };
	unsigned int one = 1;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vw_genl_port p = { .ifindex = 1, .rule = rows[i].is,
					  .allow_clear = rows[i].allow_clear };
		struct vw_facts is = { .have_policy = true, .ports = &p, .nports = 1,
				       .ifindex = &one };
		struct vw_plan plan;

		assert_int_equal(vw_plan_make(&c, &is, VW_PLAN_WHOLE, &plan), 0);
		if (plan.n != rows[i].steps)
			fail_msg("row %zu: %zu steps", i, plan.n);
		vw_plan_free(&plan);
	}
}

/* Each single difference of the policy counts. */
static void test_policies(void **state)
{
	const struct vw_policy want = { .voice_vlan = 100, .nserver = 1, .npeer = 1,
		.server = { { { 10, 1, 100, 5 }, 0, 4 } },
		.peer = { { { 198, 51, 100, 10 }, 5060, 4 } } };
	struct vw_conf c = { .policy = want };

	(void)state;
	for (int i = 0; i < 12; i++) {
		struct vw_facts is = { .have_policy = true, .policy = want };
		struct vw_plan plan;

		switch (i) {
		case 0: break;
		case 1: is.policy.services = 1; break;
		case 2: is.policy.rogue = 1; break;
		case 3: is.policy.dscp_rtp = 1; break;
		case 4: is.policy.dscp_sip = 1; break;
		case 5: is.policy.max_streams = 1; break;
		case 6: is.policy.max_stations = 1; break;
		case 7: is.policy.nserver = 0; break;
		case 8: is.policy.server[0].addr[3] = 6; break;
		case 9: is.policy.peer[0].port = 5061; break;
		case 10: is.policy.peer[0].family = 6; break;
		case 11: is.policy.peer[0].addr[15] = 1; break;	/* not part of an IPv4 address */
		}
		assert_int_equal(vw_plan_make(&c, &is, VW_PLAN_WHOLE, &plan), 0);
		assert_int_equal(plan.n, i != 0 && i != 11);
		vw_plan_free(&plan);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps), cmocka_unit_test(test_rules),
		cmocka_unit_test(test_policies),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
