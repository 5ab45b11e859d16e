// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The input is a flow: two bytes of ports and protocol, then packets, each with
 * a byte of length, one of time, and its content. Nothing is RTP before there
 * were enough packets that could be, and the same flow is judged the same twice. What
 * the module lets by without asking changes nothing and is of no class.
 */
#include "exact.h"
#include "../../kmod/core/classify.h"

static const u16 ports[] = { 53, 123, 443, 3478, 5060, 5061, 5353, 20000 };

struct packet {
	const uint8_t *p;
	size_t len;
	size_t have;
	u32 ms;
};

static size_t next_packet(const uint8_t *data, size_t size, struct packet *ret)
{
	size_t len;

	if (size < 2)
		return 0;
	len = data[0] & 0x7f;
	if (len > size - 2)
		len = size - 2;
	ret->p = data + 2;
	ret->len = len;
	ret->have = data[0] & 0x80 ? len / 2 : len;
	ret->ms = data[1] * 5u;
	return len + 2;
}

/* Could this one be RTP? */
static bool alike(const struct packet *packet)
{
	return packet->have >= 12 && packet->p[0] >> 6 == 2;
}

/* The module's idea of a packet that needs no judgement. */
static bool spared(const struct vw_flow *flow, const struct vw_frame *f, const u8 *p,
		   size_t have)
{
	if (!vw_flow_is_settled(flow))
		return false;
	if (f->proto == VW_IPPROTO_TCP && !f->payload_len)
		return true;
	if (have < VW_FLOW_PEEK)
		return false;
	return f->proto == VW_IPPROTO_TCP ? vw_flow_passes_tcp(p) :
					    vw_flow_passes_udp(p, f->sport, f->dport);
}

static bool unchanged(const struct vw_flow *before, const struct vw_flow *after)
{
	return before->class == after->class && before->odd == after->odd &&
	       before->bad == after->bad && before->good == after->good &&
	       !memcmp(before->track, after->track, sizeof(after->track));
}

static void judge(const uint8_t *data, size_t size, struct vw_flow *flow)
{
	struct vw_frame f = { .family = 4, .l4 = 20, .payload = 28 };
	unsigned int could = 0;
	struct packet packet;
	u64 now = 0;
	size_t used;

	f.proto = data[0] & 1 ? VW_IPPROTO_TCP : VW_IPPROTO_UDP;
	f.sport = ports[data[1] & 7];
	f.dport = ports[data[1] >> 3 & 7];
	for (data += 2, size -= 2; (used = next_packet(data, size, &packet)); ) {
		u8 *p = exact(packet.p, packet.have);
		struct vw_flow before = *flow;
		enum voxwall_class class;
		bool idle;

		f.payload_len = packet.len;
		idle = spared(flow, &f, p, packet.have);
		now += packet.ms;
		class = vw_flow_step(flow, &f, p, packet.have, now);
		could += alike(&packet);
		MUST(!idle || (class == VOXWALL_CLASS_OTHER && unchanged(&before, flow)));
		MUST(class < __VOXWALL_CLASS_MAX && flow->class < __VOXWALL_CLASS_MAX);
		MUST(flow->why < __VW_WHY_MAX);
		MUST(could >= VW_FLOW_PROOF ||
		     (class != VOXWALL_CLASS_RTP && flow->class != VOXWALL_CLASS_RTP));
		MUST(class != VOXWALL_CLASS_RTP || alike(&packet));
		MUST(f.proto == VW_IPPROTO_UDP || class == VOXWALL_CLASS_SIP ||
		     class == VOXWALL_CLASS_OTHER);
		/* A flow that is suspected of nothing else isn't called something else. */
		MUST(flow->class != VOXWALL_CLASS_CANDIDATE || !flow->odd);
		free(p);
		data += used;
		size -= used;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vw_flow once = { }, twice = { };

	if (size < 2)
		return 0;
	judge(data, size, &once);
	judge(data, size, &twice);
	MUST(once.class == twice.class && once.why == twice.why && once.odd == twice.odd);
	return 0;
}
