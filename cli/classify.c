// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <jansson.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../kmod/core/names.h"
#include "classify.h"
#include "cli.h"
#include "out.h"
#include "pcapflow.h"

#define PROGRESS_BYTES	(16 << 20)	/* captures larger than this show progress */
#define PROGRESS_STEP	8192		/* packets between two looks at it */
#define END_LEN		(INET6_ADDRSTRLEN + 8)

/**
 * struct job - one call of the command
 * @file: the capture's name, "-" for standard input
 * @shown: the same, safe for a terminal
 * @max: flows to remember
 * @json: for machines
 */
struct job {
	const char *file;
	char shown[256];
	size_t max;
	bool json;
};

static int help(void)
{
	printf("Usage: voxwall classify FILE [--json] [--max-flows N]\n\n"
	       "Reads a capture (pcap or pcapng; Ethernet, Linux cooked, loopback, PPP or raw\n"
	       "IP) and lists every flow, one line for each direction: what the module would\n"
	       "take it for, and why. FILE may be - for standard input. No more than N flows\n"
	       "are kept (%d unless told).\n", VW_PCAPFLOW_MAX);
	return VW_EXIT_DONE;
}

static int usage(const char *what, const char *which)
{
	char safe[128];

	fprintf(stderr, "voxwall: classify: %s%s; try voxwall classify --help\n", what,
		vw_out_safe(which, safe, sizeof(safe)));
	return VW_EXIT_USAGE;
}

static int failed(const struct job *job, const char *why)
{
	char safe[PCAP_ERRBUF_SIZE * 4];

	fprintf(stderr, "voxwall: classify: %s: %s\n", job->shown,
		vw_out_safe(why, safe, sizeof(safe)));
	return VW_EXIT_FAILED;
}

/* ---- reading ---- */

static void progress(pcap_t *pcap, off_t size)
{
	FILE *f = pcap_file(pcap);
	off_t at = f ? ftello(f) : -1;

	if (at >= 0)
		fprintf(stderr, "\rclassify: %3d %%", (int)(100 * (double)at / (double)size));
}

/* The size of a capture that is worth showing progress for, else 0. */
static off_t worth_progress(pcap_t *pcap)
{
	FILE *f = pcap_file(pcap);
	struct stat st;

	if (!f || !isatty(STDERR_FILENO) || fstat(fileno(f), &st) || !S_ISREG(st.st_mode))
		return 0;
	return st.st_size > PROGRESS_BYTES ? st.st_size : 0;
}

static u64 stamp_ms(const struct timeval *ts)
{
	return (u64)ts->tv_sec * 1000 + (u64)ts->tv_usec / 1000;
}

/* Everything up to the end, or to what can't be read. */
static int read_packets(const struct job *job, pcap_t *pcap, struct vw_pcapflows *flows)
{
	off_t size = worth_progress(pcap);
	int dlt = pcap_datalink(pcap);
	struct pcap_pkthdr *h;
	const u_char *p;
	u64 n = 0;
	int err, got;

	while ((got = pcap_next_ex(pcap, &h, &p)) == 1) {
		err = vw_pcapflows_add(flows, dlt, p, h->caplen, h->len, stamp_ms(&h->ts));
		if (err)
			return failed(job, "out of memory; try a smaller --max-flows");
		if (size && n++ % PROGRESS_STEP == 0)
			progress(pcap, size);
	}
	if (size)
		fprintf(stderr, "\r\033[K");
	/* A capture that was cut short is still worth what it holds. */
	return got == PCAP_ERROR ? failed(job, pcap_geterr(pcap)) : VW_EXIT_DONE;
}

/* ---- writing ---- */

static const char *proto_name(u8 proto, char text[8])
{
	switch (proto) {
	case VW_IPPROTO_ICMP:
		return "icmp";
	case VW_IPPROTO_IGMP:
		return "igmp";
	case VW_IPPROTO_TCP:
		return "tcp";
	case VW_IPPROTO_UDP:
		return "udp";
	case VW_IPPROTO_ICMPV6:
		return "icmpv6";
	}
	snprintf(text, 8, "%u", proto);
	return text;
}

static const char *addr_text(const struct vw_pcapflow *flow, const u8 *addr,
			     char text[INET6_ADDRSTRLEN])
{
	return inet_ntop(flow->family == 4 ? AF_INET : AF_INET6, addr, text,
			 INET6_ADDRSTRLEN) ?: "?";
}

static bool has_ports(const struct vw_pcapflow *flow)
{
	return flow->proto == VW_IPPROTO_TCP || flow->proto == VW_IPPROTO_UDP;
}

static const char *end_text(const struct vw_pcapflow *flow, const u8 *addr, u16 port,
			    char text[END_LEN])
{
	char bare[INET6_ADDRSTRLEN];

	addr_text(flow, addr, bare);
	if (!has_ports(flow))
		snprintf(text, END_LEN, "%s", bare);
	else if (flow->family == 4)
		snprintf(text, END_LEN, "%s:%u", bare, port);
	else
		snprintf(text, END_LEN, "[%s]:%u", bare, port);
	return text;
}

static int widest(int width, const char *text)
{
	int len = (int)strlen(text);

	return len > width ? len : width;
}

static void print_table(const struct vw_pcapflows *flows)
{
	char from[END_LEN], to[END_LEN], proto[8];
	int wide_from = 6, wide_to = 11;
	const struct vw_pcapflow *f;
	size_t i;

	for (i = 0; (f = vw_pcapflows_at(flows, i)); i++) {
		wide_from = widest(wide_from, end_text(f, f->saddr, f->sport, from));
		wide_to = widest(wide_to, end_text(f, f->daddr, f->dport, to));
	}
	if (i)
		printf("%-6s  %-*s  %-*s  %-9s  %8s  %s\n", "PROTO", wide_from, "SOURCE",
		       wide_to, "DESTINATION", "CLASS", "PACKETS", "WHY");
	for (i = 0; (f = vw_pcapflows_at(flows, i)); i++)
		printf("%-6s  %-*s  %-*s  %-9s  %8llu  %s\n", proto_name(f->proto, proto),
		       wide_from, end_text(f, f->saddr, f->sport, from),
		       wide_to, end_text(f, f->daddr, f->dport, to),
		       vw_class_name(f->flow.class), (unsigned long long)f->packets,
		       vw_why_text((enum vw_why)f->flow.why));
}

static void print_sum(const struct vw_pcapstat *stat)
{
	const struct {
		u64 n;
		const char *what;
	} rest[] = {
		{ stat->not_ip, "not IP" },
		{ stat->malformed, "malformed" },
		{ stat->cut, "cut inside their headers" },
		{ stat->fragments, "later fragments" },
		{ stat->left_out, "past the limit of flows" },
	};
	size_t i;

	printf("%llu packets", (unsigned long long)stat->packets);
	for (i = 0; i < ARRAY_SIZE(rest); i++)
		if (rest[i].n)
			printf(", %llu %s", (unsigned long long)rest[i].n, rest[i].what);
	putchar('\n');
}

static json_t *classes_json(const struct vw_pcapflow *f)
{
	json_t *classes = json_object();
	int i;

	for (i = 0; i < __VOXWALL_CLASS_MAX; i++)
		if (f->classes[i])
			json_object_set_new(classes, vw_class_name((unsigned int)i),
					    json_integer(f->classes[i]));
	return classes;
}

static json_t *flow_json(const struct vw_pcapflow *f)
{
	char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN], proto[8];
	json_t *o;

	o = json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:o}",
		      "protocol", proto_name(f->proto, proto),
		      "source", addr_text(f, f->saddr, from),
		      "destination", addr_text(f, f->daddr, to),
		      "class", vw_class_name(f->flow.class),
		      "packets", (json_int_t)f->packets,
		      "why", vw_why_text((enum vw_why)f->flow.why),
		      "classes", classes_json(f));
	if (o && has_ports(f)) {
		json_object_set_new(o, "source_port", json_integer(f->sport));
		json_object_set_new(o, "destination_port", json_integer(f->dport));
	}
	return o;
}

static void print_member(const char *name, json_t *value, const char *end)
{
	printf("  \"%s\": ", name);
	json_dumpf(value, stdout, JSON_ENCODE_ANY);
	json_decref(value);
	fputs(end, stdout);
}

/* Flow by flow: a tree of them all would take several times the memory. */
static void print_json(const struct job *job, const struct vw_pcapflows *flows)
{
	const struct vw_pcapstat *stat = vw_pcapflows_stat(flows);
	const struct vw_pcapflow *f;
	size_t i;

	puts("{");
	print_member("file", json_string(job->shown), ",\n");
	print_member("packets", json_integer((json_int_t)stat->packets), ",\n");
	print_member("not_ip", json_integer((json_int_t)stat->not_ip), ",\n");
	print_member("malformed", json_integer((json_int_t)stat->malformed), ",\n");
	print_member("cut", json_integer((json_int_t)stat->cut), ",\n");
	print_member("fragments", json_integer((json_int_t)stat->fragments), ",\n");
	print_member("left_out", json_integer((json_int_t)stat->left_out), ",\n");
	printf("  \"flows\": [");
	for (i = 0; (f = vw_pcapflows_at(flows, i)); i++) {
		json_t *o = flow_json(f);

		printf("%s\n    ", i ? "," : "");
		json_dumpf(o, stdout, 0);
		json_decref(o);
	}
	printf("%s]\n}\n", i ? "\n  " : "");
}

static int report(const struct job *job, const struct vw_pcapflows *flows)
{
	const struct vw_pcapstat *stat = vw_pcapflows_stat(flows);
	char why[128];

	if (job->json) {
		print_json(job, flows);
	} else {
		print_table(flows);
		print_sum(stat);
	}
	if (fflush(stdout) || ferror(stdout))
		return failed(job, "the result could not be written");
	if (!stat->left_out)
		return VW_EXIT_DONE;
	snprintf(why, sizeof(why), "more than %zu flows: %llu packets of others were left out; "
		 "raise --max-flows or split the capture", job->max,
		 (unsigned long long)stat->left_out);
	return failed(job, why);
}

/* ---- the command ---- */

static int classify_open(const struct job *job, pcap_t *pcap)
{
	const char *name = pcap_datalink_val_to_name(pcap_datalink(pcap));
	struct vw_pcapflows *flows;
	int status, reported;
	char why[160];

	if (vw_pcapflows_link(pcap_datalink(pcap))) {
		snprintf(why, sizeof(why), "link type %s is not supported: Ethernet, Linux "
			 "cooked, loopback, PPP and raw IP are", name ? name : "unknown");
		return failed(job, why);
	}
	flows = vw_pcapflows_new(job->max);
	if (!flows)
		return failed(job, "out of memory");
	status = read_packets(job, pcap, flows);
	reported = report(job, flows);
	vw_pcapflows_free(flows);
	return status ? status : reported;
}

/* The library's sentence, with what to do about it where that can be said. */
static int cant_open(const struct job *job, const char *why)
{
	size_t len = strlen(job->file);
	char text[PCAP_ERRBUF_SIZE + 64];

	/* It begins some of them with the name. */
	if (!strncmp(why, job->file, len) && !strncmp(why + len, ": ", 2))
		why += len + 2;
	if (strstr(why, "only got 0"))
		return failed(job, "it is empty");
	if (!strstr(why, "unknown file format"))
		return failed(job, why);
	snprintf(text, sizeof(text), "%s; it must be pcap or pcapng, not compressed", why);
	return failed(job, text);
}

static int classify_file(const struct job *job)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap = pcap_open_offline(job->file, why);
	int status;

	if (!pcap)
		return cant_open(job, why);
	status = classify_open(job, pcap);
	pcap_close(pcap);
	return status;
}

static int take_max(const char *text, struct job *job)
{
	char *end;
	long n;

	errno = 0;
	n = text ? strtol(text, &end, 10) : 0;
	if (!text || errno || end == text || *end || n < 1 || n > 100000000)
		return usage("--max-flows wants a number from 1 to 100000000", "");
	job->max = (size_t)n;
	return 0;
}

int vw_cli_classify(int argc, char **argv)
{
	struct job job = { .max = VW_PCAPFLOW_MAX };
	bool options = true;
	int i, status;

	for (i = 1; i < argc; i++) {
		const char *arg = argv[i];

		if (options && (!strcmp(arg, "--help") || !strcmp(arg, "-h")))
			return help();
		if (options && !strcmp(arg, "--json")) {
			job.json = true;
		} else if (options && !strcmp(arg, "--max-flows")) {
			status = take_max(argv[++i < argc ? i : argc], &job);
			if (status)
				return status;
		} else if (options && !strcmp(arg, "--")) {
			options = false;
		} else if (options && arg[0] == '-' && arg[1]) {
			return usage("unknown option ", arg);
		} else if (job.file) {
			return usage("one capture at a time, not also ", arg);
		} else {
			job.file = arg;
		}
	}
	if (!job.file)
		return usage("name a capture", "");
	vw_out_safe(job.file, job.shown, sizeof(job.shown));
	return classify_file(&job);
}
