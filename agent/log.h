/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log: to stderr, with the journal's "<N>" priorities when stderr is the
 * journal. Bytes from outside may be passed with %s: whatever isn't printable
 * ASCII is written as \xHH. Keys are never passed to it.
 */
#ifndef VW_AGENT_LOG_H
#define VW_AGENT_LOG_H

#include <stdbool.h>

/* As syslog(3) counts them. */
enum vw_log_level {
	VW_LOG_ERR = 3,
	VW_LOG_WARN = 4,
	VW_LOG_NOTICE = 5,
	VW_LOG_INFO = 6,
	VW_LOG_DEBUG = 7,
};

/* What is more talkative than @level is left out; at first VW_LOG_INFO. */
void vw_log_level(enum vw_log_level level);
bool vw_log_enabled(enum vw_log_level level);

void vw_log(enum vw_log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#define vw_err(...)	vw_log(VW_LOG_ERR, __VA_ARGS__)
#define vw_warn(...)	vw_log(VW_LOG_WARN, __VA_ARGS__)
#define vw_notice(...)	vw_log(VW_LOG_NOTICE, __VA_ARGS__)
#define vw_info(...)	vw_log(VW_LOG_INFO, __VA_ARGS__)
#define vw_debug(...)	vw_log(VW_LOG_DEBUG, __VA_ARGS__)

/*
 * Somebody who wants every line up to VW_LOG_INFO too (the control socket's event stream); @text
 * is without priority and newline. One at a time; NULL: nobody.
 */
void vw_log_tap(void (*cb)(enum vw_log_level level, const char *text, void *arg), void *arg);

#endif
