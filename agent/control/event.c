// SPDX-License-Identifier: GPL-2.0-or-later
/* Events of the module in words and in JSON. */
#include "event.h"

#include <net/if.h>
#include <time.h>

#include "../value.h"

static const char *port_name(unsigned int ifindex, char name[IFNAMSIZ])
{
	if (!ifindex || !if_indextoname(ifindex, name))
		snprintf(name, IFNAMSIZ, "#%u", ifindex);
	return name;
}

static void set(json_t *o, const char *key, json_t *value)
{
	json_object_set_new(o, key, value);
}

static void add_station(json_t *o, const struct vw_genl_event *ev)
{
	char mac[VW_MAC_TEXT];

	set(o, "mac", json_string(vw_value_mac_text(ev->mac, mac)));
	set(o, "vlan", json_integer(ev->vlan));
}

json_t *vw_event_json(const struct vw_genl_event *ev)
{
	json_t *o = json_object();
	char name[IFNAMSIZ];
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	set(o, "time", json_real((double)ts.tv_sec + (double)ts.tv_nsec / 1e9));
	set(o, "source", json_string("module"));
	set(o, "event", json_string(vw_event_name(ev->type)));
	if (ev->ifindex)
		set(o, "port", json_string(port_name(ev->ifindex, name)));
	switch ((enum voxwall_event)ev->type) {
	case VOXWALL_EVENT_STATION_UNKNOWN:
	case VOXWALL_EVENT_STATION_MOVED:
		add_station(o, ev);
		break;
	case VOXWALL_EVENT_ROGUE_VOICE:
		add_station(o, ev);
		set(o, "class", json_string(vw_class_name(ev->class)));
		break;
	case VOXWALL_EVENT_LEAK:
		set(o, "class", json_string(vw_class_name(ev->class)));
		break;
	case VOXWALL_EVENT_STREAM_ABUSE:
		set(o, "drop", json_string(vw_drop_name(ev->drop)));
		set(o, "stream", json_integer(ev->stream));
		break;
	case VOXWALL_EVENT_STREAM_IDLE:
	case VOXWALL_EVENT_KEY_EXPIRES:
		set(o, "stream", json_integer(ev->stream));
		break;
	case VOXWALL_EVENT_PORT_GONE:
	case __VOXWALL_EVENT_MAX:
		break;
	}
	if (ev->suppressed)
		set(o, "suppressed", json_integer(ev->suppressed));
	return o;
}

const char *vw_event_text(const struct vw_genl_event *ev, char *text, size_t len)
{
	char name[IFNAMSIZ], mac[VW_MAC_TEXT];

	port_name(ev->ifindex, name);
	vw_value_mac_text(ev->mac, mac);
	switch ((enum voxwall_event)ev->type) {
	case VOXWALL_EVENT_STATION_UNKNOWN:
		snprintf(text, len, "%s: station %s is not authorised for VLAN %u", name, mac,
			 ev->vlan);
		return text;
	case VOXWALL_EVENT_STATION_MOVED:
		snprintf(text, len, "%s: station %s, authorised on another port, shows up in "
			 "VLAN %u", name, mac, ev->vlan);
		return text;
	case VOXWALL_EVENT_STREAM_IDLE:
		snprintf(text, len, "stream %u ended: no media came", ev->stream);
		return text;
	case VOXWALL_EVENT_STREAM_ABUSE:
		snprintf(text, len, "stream %u is attacked: %s", ev->stream,
			 vw_drop_text(ev->drop));
		return text;
	case VOXWALL_EVENT_ROGUE_VOICE:
		snprintf(text, len, "%s: station %s sends %s in data VLAN %u", name, mac,
			 vw_class_name(ev->class), ev->vlan);
		return text;
	case VOXWALL_EVENT_LEAK:
		snprintf(text, len, "%s: clear %s was kept from leaving", name,
			 vw_class_name(ev->class));
		return text;
	case VOXWALL_EVENT_PORT_GONE:
		snprintf(text, len, "%s disappeared and is no longer guarded", name);
		return text;
	case VOXWALL_EVENT_KEY_EXPIRES:
		snprintf(text, len, "stream %u needs a new key: 90 %% of the packets that its "
			 "key may protect have gone", ev->stream);
		return text;
	case __VOXWALL_EVENT_MAX:
		break;
	}
	snprintf(text, len, "event %u of a newer module", ev->type);
	return text;
}
