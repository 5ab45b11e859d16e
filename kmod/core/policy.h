/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * (zone, class, headers) -> verdict. Pure: every table and clock is the caller's.
 */
#ifndef VW_CORE_POLICY_H
#define VW_CORE_POLICY_H

#include "env.h"
#include "frame.h"
#include "../uapi/linux/voxwall.h"

/**
 * struct vw_endpoint - an address, and a port where one is meant
 * @addr: 4 or 16 bytes used, the rest zero
 * @port: host order
 * @family: 4 or 6
 */
struct vw_endpoint {
	u8 addr[16];
	u16 port;
	u8 family;
};

/**
 * struct vw_policy - one namespace's policy, immutable once published
 * @voice_vlan: 1..4094
 * @services: VOXWALL_SERVICE_*
 * @rogue: enum voxwall_rogue
 * @dscp_rtp: 0..63
 * @dscp_sip: 0..63
 * @nserver: used entries of @server
 * @npeer: used entries of @peer
 * @server: provisioning servers; the port is not looked at
 * @peer: SIP peers that the gateway itself may reach in clear
 */
struct vw_policy {
	u32 max_streams;
	u32 max_stations;
	u32 services;
	u16 voice_vlan;
	u8 rogue;
	u8 dscp_rtp;
	u8 dscp_sip;
	u8 nserver;
	u8 npeer;
	struct vw_endpoint server[VOXWALL_MAX_SERVERS];
	struct vw_endpoint peer[VOXWALL_MAX_SIP_PEERS];
};

/* The defaults that voxwall.h (uapi) names; no VLAN, which the caller sets. */
void vw_policy_init(struct vw_policy *pol);

/**
 * struct vw_port_rule - how a port is guarded, as far as VLANs go
 * @data_vlan: of untagged frames; 0: refused
 * @vlan: tagged data VLANs of a trunk
 * @nvlan: used entries of @vlan
 * @mode: enum voxwall_port_mode
 * @authorise: VOXWALL_ALLOW_*
 * @voice: carries the voice VLAN
 */
struct vw_port_rule {
	u16 data_vlan;
	u16 vlan[VOXWALL_MAX_VLANS];
	u8 nvlan;
	u8 mode;
	u8 authorise;
	bool voice;
};

/* Does a trunk carry this VLAN as data, tagged? */
bool vw_policy_is_data_vlan(const struct vw_port_rule *rule, u16 vid);

/**
 * vw_policy_zone - which zone a LAN frame is in, by its tag
 * @vid: VLAN of the frame; 0 for an untagged or priority-tagged one
 * @nested: a second tag follows
 *
 * Return: VOXWALL_DROP_NONE and *@ret_zone, or the reason to drop it.
 */
static inline enum voxwall_drop vw_policy_zone(const struct vw_policy *pol,
					       const struct vw_port_rule *rule, u16 vid,
					       bool nested, enum voxwall_zone *ret_zone)
{
	bool untagged = !vid;

	if (rule->mode == VOXWALL_PORT_UPLINK) {
		*ret_zone = VOXWALL_ZONE_WAN;
		return VOXWALL_DROP_NONE;
	}
	if (nested)
		return VOXWALL_DROP_VLAN_NESTED;
	if (untagged)
		vid = rule->data_vlan;
	if (!vid)
		return VOXWALL_DROP_VLAN_FOREIGN;
	/* Also when it is the untagged one: the bridge will make it voice. */
	if (vid == pol->voice_vlan) {
		if (!rule->voice)
			return VOXWALL_DROP_VLAN_FOREIGN;
		*ret_zone = VOXWALL_ZONE_VOICE;
		return VOXWALL_DROP_NONE;
	}
	if (!untagged && !vw_policy_is_data_vlan(rule, vid))
		return VOXWALL_DROP_VLAN_FOREIGN;
	*ret_zone = VOXWALL_ZONE_DATA;
	return VOXWALL_DROP_NONE;
}

/**
 * vw_policy_voice - may this frame travel the voice VLAN (LAN side, inbound)?
 * @class: of this packet, from vw_flow_step(); streams are not asked here: the
 *	caller has already taken the media of known streams out
 * @to_us: the destination address is the gateway's own
 */
enum voxwall_drop vw_policy_voice(const struct vw_policy *pol, const struct vw_frame *f,
				  enum voxwall_class class, bool to_us);

/* The same on a data VLAN: anything but voice, which meets pol->rogue.
 * *@ret_mark: voice that is allowed and marked. */
enum voxwall_drop vw_policy_data(const struct vw_policy *pol, const struct vw_frame *f,
				 enum voxwall_class class, bool *ret_mark);

/**
 * vw_policy_cross - may a routed packet go from one zone to another?
 *
 * Nothing crosses into or out of the voice zone except what its services need:
 * DNS, NTP and provisioning, and their answers.
 */
enum voxwall_drop vw_policy_cross(const struct vw_policy *pol, const struct vw_frame *f,
				  enum voxwall_zone from, enum voxwall_zone to);

/* Is it voice, or may it be? Only such has a reason to be stopped at the way out. */
static inline bool vw_policy_is_voice(enum voxwall_class class)
{
	return (1u << class) & (1u << VOXWALL_CLASS_RTP | 1u << VOXWALL_CLASS_RTCP |
				1u << VOXWALL_CLASS_CANDIDATE | 1u << VOXWALL_CLASS_SIP);
}

/**
 * vw_policy_leak - may the host's or the voice zone's packet leave on an uplink
 * uncovered by IPsec?
 * @local: made by the gateway itself (only that may use a SIP peer)
 *
 * A candidate counts as RTP: the guard fails closed, so a flow that only looks
 * like RTP loses its first packets until it has shown that it is none.
 */
enum voxwall_drop vw_policy_leak(const struct vw_policy *pol, const struct vw_frame *f,
				 enum voxwall_class class, bool local);

#endif
