// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The input is a flow: two bytes of ports and protocol, then packets, each with
 * a byte of length, one of time, and its content. Nothing is RTP before there
 * were enough packets that could be, and the same flow is judged the same twice.
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
		enum voxwall_class class;

		f.payload_len = packet.len;
		now += packet.ms;
		class = vw_flow_step(flow, &f, p, packet.have, now);
		could += alike(&packet);
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
