// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The input is a policy, a port's rule and a frame. A policy that allows less lets
 * nothing more through; media and strangers' signalling pass under none; and a zone
 * is what the VLAN says.
 */
#include "exact.h"
#include "../../kmod/core/policy.h"

#define HEAD	16

static void endpoint(struct vw_endpoint *e, const struct vw_frame *f, const u8 *addr, u16 port)
{
	*e = (struct vw_endpoint){ .family = f->family, .port = port };
	if (addr)
		memcpy(e->addr, addr, f->family == 4 ? 4 : 16);
}

/* One that may know both ends of the frame. */
static void make(struct vw_policy *pol, const uint8_t *in, const struct vw_frame *f)
{
	vw_policy_init(pol);
	pol->services = in[0] & VOXWALL_SERVICE_ALL;
	pol->rogue = in[1] % __VOXWALL_ROGUE_MAX;
	pol->voice_vlan = (u16)(1 + (in[2] & 7));
	if (!f->family)
		return;
	if (in[3] & 1)
		endpoint(&pol->server[pol->nserver++], f, f->saddr, 0);
	if (in[3] & 2)
		endpoint(&pol->server[pol->nserver++], f, f->daddr, 0);
	if (in[3] & 4)
		endpoint(&pol->peer[pol->npeer++], f, f->daddr, in[3] & 8 ? f->dport : 0);
}

static void less_of(const struct vw_policy *pol, const uint8_t *in, struct vw_policy *ret)
{
	*ret = *pol;
	ret->services &= in[4];
	ret->nserver = ret->nserver < (in[5] & 3) ? ret->nserver : in[5] & 3;
	ret->npeer = ret->npeer && in[5] & 4;
}

static bool is_media(enum voxwall_class class)
{
	return class == VOXWALL_CLASS_RTP || class == VOXWALL_CLASS_RTCP ||
	       class == VOXWALL_CLASS_CANDIDATE;
}

static bool carries(const struct vw_frame *f)
{
	return f->family && (f->proto == VW_IPPROTO_UDP || f->proto == VW_IPPROTO_TCP) &&
	       !(f->flags & VW_FRAME_LATER);
}

static void voice(const struct vw_policy *pol, const struct vw_policy *less,
		  const struct vw_frame *f, enum voxwall_class class, bool to_us)
{
	bool passes = !vw_policy_voice(pol, f, class, to_us);

	MUST(passes || vw_policy_voice(less, f, class, to_us));
	MUST(!passes || !carries(f) || !is_media(class));
	if (pol->services || pol->nserver || !passes)
		return;
	/* What is left: what IP itself lives on. */
	MUST(!carries(f));
	MUST(!f->family ? f->ethertype == VW_ETH_P_ARP :
	     f->flags & VW_FRAME_LATER ? to_us :
	     f->proto == (f->family == 4 ? VW_IPPROTO_IGMP : VW_IPPROTO_ICMPV6));
}

static void data_vlan(const struct vw_policy *pol, const struct vw_frame *f,
		      enum voxwall_class class)
{
	bool mark = true, passes = !vw_policy_data(pol, f, class, &mark);
	bool voice = is_media(class) || class == VOXWALL_CLASS_SIP || class == VOXWALL_CLASS_ZRTP;

	MUST(!mark || (passes && voice && pol->rogue == VOXWALL_ROGUE_MARK));
	MUST(pol->rogue == VOXWALL_ROGUE_DROP ? !passes || !voice : passes);
}

static void cross(const struct vw_policy *pol, const struct vw_policy *less,
		  const struct vw_frame *f)
{
	int from, to;

	for (from = 0; from < __VOXWALL_ZONE_MAX; from++) {
		for (to = 0; to < __VOXWALL_ZONE_MAX; to++) {
			bool passes = !vw_policy_cross(pol, f, from, to);

			MUST(passes || vw_policy_cross(less, f, from, to));
			if (from == to || (from != VOXWALL_ZONE_VOICE && to != VOXWALL_ZONE_VOICE)) {
				MUST(passes);
				continue;
			}
			MUST(!passes || pol->services || pol->nserver);
			MUST(!passes || f->proto == VW_IPPROTO_UDP || f->proto == VW_IPPROTO_TCP);
			/* Nobody outside opens a connection to a phone. */
			MUST(!passes || to != VOXWALL_ZONE_VOICE || !(f->flags & VW_FRAME_TCP_SYN));
		}
	}
}

static void leak(const struct vw_policy *pol, const struct vw_policy *less,
		 const struct vw_frame *f, enum voxwall_class class)
{
	int local;

	for (local = 0; local < 2; local++) {
		bool passes = !vw_policy_leak(pol, f, class, local);

		MUST(passes || vw_policy_leak(less, f, class, local));
		MUST(!passes || !is_media(class));
		MUST(!passes || class != VOXWALL_CLASS_SIP || (local && pol->npeer));
	}
}

static void zone(const struct vw_policy *pol, const uint8_t *in)
{
	struct vw_port_rule rule = {
		.data_vlan = in[6] & 7, .vlan = { in[7] & 7, in[8] & 7 }, .nvlan = in[9] % 3,
		.mode = in[10] % __VOXWALL_PORT_MODE_MAX, .voice = in[11] & 1,
	};
	u16 tag = in[12] & 7, vid = tag ? tag : rule.data_vlan;
	bool nested = in[11] & 2, trunk = rule.mode == VOXWALL_PORT_TRUNK;
	bool listed = trunk && ((rule.nvlan > 0 && rule.vlan[0] == vid) ||
				(rule.nvlan > 1 && rule.vlan[1] == vid));
	enum voxwall_zone got = __VOXWALL_ZONE_MAX;
	bool passes = !vw_policy_zone(pol, &rule, tag, nested, &got);

	if (rule.mode == VOXWALL_PORT_UPLINK) {
		MUST(passes && got == VOXWALL_ZONE_WAN);
		return;
	}
	MUST(passes == (!nested && vid && (vid == pol->voice_vlan ? rule.voice : !tag || listed)));
	MUST(!passes || got == (vid == pol->voice_vlan ? VOXWALL_ZONE_VOICE : VOXWALL_ZONE_DATA));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vw_policy pol, less;
	struct vw_frame f;
	int class;
	u8 *p;

	if (size < HEAD)
		return 0;
	p = exact(data + HEAD, size - HEAD);
	if (!vw_frame_parse(p, size - HEAD, size - HEAD, &f)) {
		make(&pol, data, &f);
		less_of(&pol, data, &less);
		zone(&pol, data);
		cross(&pol, &less, &f);
		for (class = 0; class < __VOXWALL_CLASS_MAX; class++) {
			voice(&pol, &less, &f, class, data[13] & 1);
			data_vlan(&pol, &f, class);
			leak(&pol, &less, &f, class);
		}
	}
	free(p);
	return 0;
}
