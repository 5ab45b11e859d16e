// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy.h"

#define PORT_DNS	53
#define PORT_DHCP	67	/* server */
#define PORT_NTP	123
#define PORT_DHCPV6	547	/* server and relay */
#define PORT_SIP	5060
#define PORT_SIPS	5061
#define PORT_USER	1024	/* the first one that clients take */

#define DSCP_EF		46
#define DSCP_CS3	24

#define RTP_HEADER	12

enum icmp {
	ICMP_ECHO_REPLY = 0,
	ICMP_UNREACHABLE = 3,
	ICMP_ECHO = 8,
	ICMP_TIME_EXCEEDED = 11,
	ICMP_PARAMETER = 12,
};

enum icmpv6 {
	ICMPV6_UNREACHABLE = 1,
	ICMPV6_PARAMETER = 4,	/* 2 too big, 3 time exceeded */
	ICMPV6_ECHO = 128,
	ICMPV6_ECHO_REPLY = 129,
	ICMPV6_MLD_QUERY = 130,
	ICMPV6_MLD_DONE = 132,	/* 131 report */
	ICMPV6_ROUTER_SOLICIT = 133,
	ICMPV6_NEIGHBOUR_SOLICIT = 135,
	ICMPV6_NEIGHBOUR_ADVERT = 136,
	ICMPV6_MLD2_REPORT = 143,
};

void vw_policy_init(struct vw_policy *pol)
{
	memset(pol, 0, sizeof(*pol));
	pol->max_streams = VOXWALL_MAX_STREAMS;
	pol->max_stations = VOXWALL_MAX_STATIONS;
	pol->services = VOXWALL_SERVICE_ALL;
	pol->rogue = VOXWALL_ROGUE_DROP;
	pol->dscp_rtp = DSCP_EF;
	pol->dscp_sip = DSCP_CS3;
}

bool vw_policy_is_data_vlan(const struct vw_port_rule *rule, u16 vid)
{
	size_t i;

	/*
	 * An access port tags nothing but voice, and an untagged VLAN isn't
	 * also tagged: a frame that says so anyway was made to slip through.
	 */
	if (rule->mode != VOXWALL_PORT_TRUNK)
		return false;
	for (i = 0; i < rule->nvlan && i < ARRAY_SIZE(rule->vlan); i++)
		if (rule->vlan[i] == vid)
			return true;
	return false;
}

static bool same_addr(const struct vw_endpoint *e, const u8 *addr, u8 family)
{
	return addr && e->family == family &&
	       !memcmp(e->addr, addr, family == 4 ? 4 : 16);
}

static bool is_server(const struct vw_policy *pol, const u8 *addr, u8 family)
{
	size_t i;

	for (i = 0; i < pol->nserver && i < ARRAY_SIZE(pol->server); i++)
		if (same_addr(&pol->server[i], addr, family))
			return true;
	return false;
}

static bool is_peer(const struct vw_policy *pol, const struct vw_frame *f)
{
	size_t i;

	for (i = 0; i < pol->npeer && i < ARRAY_SIZE(pol->peer); i++)
		if (same_addr(&pol->peer[i], f->daddr, f->family) &&
		    (!pol->peer[i].port || pol->peer[i].port == f->dport))
			return true;
	return false;
}

static bool is_transport(const struct vw_frame *f)
{
	return f->proto == VW_IPPROTO_UDP || f->proto == VW_IPPROTO_TCP;
}

static bool is_sip_port(u16 port)
{
	return port == PORT_SIP || port == PORT_SIPS;
}

/*
 * A first fragment that ends before an RTP header or a start line could show
 * what it is: no honest path makes one so small, so it hides something.
 */
static bool is_blind(const struct vw_frame *f)
{
	return f->flags & VW_FRAME_FRAGMENT && !(f->flags & VW_FRAME_LATER) &&
	       is_transport(f) && f->payload_len < RTP_HEADER;
}

static bool service(const struct vw_policy *pol, u32 bit)
{
	return pol->services & bit;
}

static enum voxwall_drop voice_if(bool allowed)
{
	return allowed ? VOXWALL_DROP_NONE : VOXWALL_DROP_NOT_VOICE;
}

/* Redirects, timestamps and the like change or tell what phones needn't. */
static bool voice_icmp(const struct vw_policy *pol, const struct vw_frame *f)
{
	switch (f->icmp_type) {
	case ICMP_ECHO_REPLY:
	case ICMP_UNREACHABLE:
	case ICMP_ECHO:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETER:
		return service(pol, VOXWALL_SERVICE_ICMP);
	}
	return false;
}

/*
 * What IPv6 needs to live passes always. A station that advertises routes or
 * redirects is no phone. ND never comes in fragments (RFC 6980), and what
 * arrives so was made to get past a guard.
 */
static bool voice_icmpv6(const struct vw_policy *pol, const struct vw_frame *f)
{
	switch (f->icmp_type) {
	case ICMPV6_ROUTER_SOLICIT:
	case ICMPV6_NEIGHBOUR_SOLICIT:
	case ICMPV6_NEIGHBOUR_ADVERT:
		return !(f->flags & VW_FRAME_FRAGMENT);
	case ICMPV6_MLD_QUERY ... ICMPV6_MLD_DONE:
	case ICMPV6_MLD2_REPORT:
		return true;
	case ICMPV6_UNREACHABLE ... ICMPV6_PARAMETER:
	case ICMPV6_ECHO:
	case ICMPV6_ECHO_REPLY:
		return service(pol, VOXWALL_SERVICE_ICMP);
	}
	return false;
}

/*
 * What a station asks of a server. Answers aren't looked for: what comes in
 * through a guarded port is a station's, and one that answers as a DHCP, DNS or
 * provisioning server is an impostor (the real ones are behind the gateway or
 * on a port that isn't guarded).
 */
static bool voice_request(const struct vw_policy *pol, const struct vw_frame *f)
{
	bool udp = f->proto == VW_IPPROTO_UDP;

	switch (f->dport) {
	case PORT_DHCP:
		return udp && f->family == 4 && service(pol, VOXWALL_SERVICE_DHCP);
	case PORT_DHCPV6:
		return udp && f->family == 6 && service(pol, VOXWALL_SERVICE_DHCP);
	case PORT_DNS:
		return service(pol, VOXWALL_SERVICE_DNS);
	case PORT_NTP:
		return udp && service(pol, VOXWALL_SERVICE_NTP);
	}
	return false;
}

/*
 * SYN, ACK and FIN must pass before there is content to judge. Segments with
 * content that hasn't shown a start line are some other protocol on SIP's port.
 */
static bool voice_bare_segment(const struct vw_policy *pol, const struct vw_frame *f)
{
	return f->proto == VW_IPPROTO_TCP && !f->payload_len &&
	       (is_sip_port(f->sport) || is_sip_port(f->dport)) &&
	       service(pol, VOXWALL_SERVICE_SIP);
}

static enum voxwall_drop voice_transport(const struct vw_policy *pol, const struct vw_frame *f,
					 enum voxwall_class class, bool to_us)
{
	switch (class) {
	case VOXWALL_CLASS_SIP:
		return voice_if(service(pol, VOXWALL_SERVICE_SIP));
	case VOXWALL_CLASS_RTP:
	case VOXWALL_CLASS_RTCP:
	case VOXWALL_CLASS_CANDIDATE:
		/* The media of known streams was taken out before. */
		return to_us ? VOXWALL_DROP_STREAM_UNKNOWN : VOXWALL_DROP_NOT_VOICE;
	case VOXWALL_CLASS_STUN:
	case VOXWALL_CLASS_DTLS:
	case VOXWALL_CLASS_ZRTP:
		/* Between stations they would only set up what must not be. */
		if (to_us)
			return voice_if(service(pol, VOXWALL_SERVICE_RTP));
		break;
	case VOXWALL_CLASS_TURN:
	case VOXWALL_CLASS_OTHER:
	case __VOXWALL_CLASS_MAX:
		break;
	}
	return voice_if(is_server(pol, f->daddr, f->family) ||
			voice_request(pol, f) || voice_bare_segment(pol, f));
}

enum voxwall_drop vw_policy_voice(const struct vw_policy *pol, const struct vw_frame *f,
				  enum voxwall_class class, bool to_us)
{
	if (!f->family)
		return voice_if(f->ethertype == VW_ETH_P_ARP);
	/* Those for the gateway are useless without a first one that passed;
	 * others would travel the VLAN unjudged. */
	if (f->flags & VW_FRAME_LATER)
		return to_us ? VOXWALL_DROP_NONE : VOXWALL_DROP_FRAGMENT;
	if (is_blind(f))
		return VOXWALL_DROP_FRAGMENT;
	if (is_transport(f))
		return voice_transport(pol, f, class, to_us);
	if (f->family == 4 && f->proto == VW_IPPROTO_ICMP)
		return voice_if(voice_icmp(pol, f));
	if (f->family == 6 && f->proto == VW_IPPROTO_ICMPV6)
		return voice_if(voice_icmpv6(pol, f));
	return voice_if(f->family == 4 && f->proto == VW_IPPROTO_IGMP);
}

enum voxwall_drop vw_policy_data(const struct vw_policy *pol, const struct vw_frame *f,
				 enum voxwall_class class, bool *ret_mark)
{
	*ret_mark = false;
	if (pol->rogue == VOXWALL_ROGUE_ALLOW)
		return VOXWALL_DROP_NONE;
	if (pol->rogue == VOXWALL_ROGUE_DROP && is_blind(f))
		return VOXWALL_DROP_FRAGMENT;
	switch (class) {
	case VOXWALL_CLASS_CANDIDATE:
		/* Dropping fails closed; a mark can wait for the verdict. */
		if (pol->rogue == VOXWALL_ROGUE_MARK)
			return VOXWALL_DROP_NONE;
		break;
	case VOXWALL_CLASS_SIP:
	case VOXWALL_CLASS_RTP:
	case VOXWALL_CLASS_RTCP:
	case VOXWALL_CLASS_ZRTP:
		break;
	case VOXWALL_CLASS_OTHER:
	case VOXWALL_CLASS_STUN:	/* also of browsers, games and VPNs */
	case VOXWALL_CLASS_DTLS:
	case VOXWALL_CLASS_TURN:
	case __VOXWALL_CLASS_MAX:
		return VOXWALL_DROP_NONE;
	}
	if (pol->rogue != VOXWALL_ROGUE_MARK)
		return VOXWALL_DROP_ROGUE_VOICE;
	*ret_mark = true;
	return VOXWALL_DROP_NONE;
}

/* A request of the voice zone to a server elsewhere. */
static bool cross_request(const struct vw_policy *pol, const struct vw_frame *f)
{
	if (!is_transport(f))
		return false;
	if (is_server(pol, f->daddr, f->family))
		return true;
	if (f->dport == PORT_DNS)
		return service(pol, VOXWALL_SERVICE_DNS);
	return f->dport == PORT_NTP && f->proto == VW_IPPROTO_UDP &&
	       service(pol, VOXWALL_SERVICE_NTP);
}

/*
 * Anyone can send from port 53, so an answer may only go where a question could
 * have come from: a client's port that isn't SIP's. Nobody outside opens a
 * connection to a phone, not even a server.
 */
static bool cross_answer(const struct vw_policy *pol, const struct vw_frame *f)
{
	bool client = f->dport >= PORT_USER && !is_sip_port(f->dport);

	if (!is_transport(f) || f->flags & VW_FRAME_TCP_SYN)
		return false;
	if (is_server(pol, f->saddr, f->family))
		return true;
	if (f->sport == PORT_DNS)
		return client && service(pol, VOXWALL_SERVICE_DNS);
	return f->sport == PORT_NTP && f->proto == VW_IPPROTO_UDP &&
	       (client || f->dport == PORT_NTP) && service(pol, VOXWALL_SERVICE_NTP);
}

enum voxwall_drop vw_policy_cross(const struct vw_policy *pol, const struct vw_frame *f,
				  enum voxwall_zone from, enum voxwall_zone to)
{
	bool allowed;

	if (from == to || (from != VOXWALL_ZONE_VOICE && to != VOXWALL_ZONE_VOICE))
		return VOXWALL_DROP_NONE;
	if (from == VOXWALL_ZONE_VOICE)
		allowed = cross_request(pol, f);
	else
		allowed = cross_answer(pol, f);
	return allowed ? VOXWALL_DROP_NONE : VOXWALL_DROP_ZONE_CROSSING;
}

enum voxwall_drop vw_policy_leak(const struct vw_policy *pol, const struct vw_frame *f,
				 enum voxwall_class class, bool local)
{
	/* Later fragments are useless without a first one that was judged. */
	if (is_blind(f))
		return VOXWALL_DROP_FRAGMENT;
	switch (class) {
	case VOXWALL_CLASS_RTP:
	case VOXWALL_CLASS_RTCP:
	case VOXWALL_CLASS_CANDIDATE:
		return VOXWALL_DROP_LEAK_RTP;
	case VOXWALL_CLASS_SIP:
		if (local && is_peer(pol, f))
			return VOXWALL_DROP_NONE;
		return VOXWALL_DROP_LEAK_SIP;
	case VOXWALL_CLASS_OTHER:
	case VOXWALL_CLASS_STUN:
	case VOXWALL_CLASS_DTLS:
	case VOXWALL_CLASS_ZRTP:
	case VOXWALL_CLASS_TURN:
	case __VOXWALL_CLASS_MAX:
		break;
	}
	return VOXWALL_DROP_NONE;
}
