/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tracepoints: perf trace -e 'voxwall:*'. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM voxwall

#if !defined(VW_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VW_TRACE_H

#include <linux/skbuff.h>
#include <linux/tracepoint.h>

#include "core/names.h"

/* A packet was refused. */
TRACE_EVENT(voxwall_drop,
	TP_PROTO(int ifindex, unsigned int reason, const struct sk_buff *skb),
	TP_ARGS(ifindex, reason, skb),
	TP_STRUCT__entry(
		__field(const void *, skb)
		__field(int, ifindex)
		__field(unsigned int, len)
		__field(u16, protocol)
		__field(u8, reason)
	),
	TP_fast_assign(
		__entry->skb = skb;
		__entry->ifindex = ifindex;
		__entry->len = skb ? skb->len : 0;
		__entry->protocol = skb ? ntohs(skb->protocol) : 0;
		__entry->reason = reason;
	),
	TP_printk("ifindex=%d reason=%s skb=%p len=%u protocol=0x%04x",
		  __entry->ifindex, vw_drop_name(__entry->reason), __entry->skb,
		  __entry->len, __entry->protocol)
);

/* A stream appeared, changed or went; @what is a word of the caller's. */
TRACE_EVENT(voxwall_stream,
	TP_PROTO(u32 id, const char *what),
	TP_ARGS(id, what),
	TP_STRUCT__entry(
		__field(u32, id)
		__array(char, what, 16)
	),
	TP_fast_assign(
		__entry->id = id;
		strscpy(__entry->what, what, sizeof(__entry->what));
	),
	TP_printk("id=%u %s", __entry->id, __entry->what)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
