// SPDX-License-Identifier: GPL-2.0-or-later
/* A start line is what it says, and no beginning of one is refused. */
#include "exact.h"
#include "../../kmod/core/sipline.h"

static void is_a_line(const u8 *p, size_t len, const struct vw_sipline *line)
{
	size_t i;

	MUST(line->line_len <= len && line->line_len <= 2048);
	MUST(!line->complete || (p[line->line_len] == '\r' && p[line->line_len + 1] == '\n'));
	for (i = 0; i < line->line_len; i++)
		MUST(p[i] != '\r' && p[i] != '\n' && p[i] != 0);
	if (line->status) {
		MUST(line->status >= 100 && line->status <= 699 && !line->method_len);
		MUST(len >= 12 && p[7] == ' ' && p[11] == ' ');
		return;
	}
	MUST(line->method_len && p[line->method_len] == ' ');
	MUST(line->line_len > line->method_len + 8u);
	MUST(p[line->line_len - 8] == ' ' && p[line->line_len - 4] == '/');
	MUST(memcmp(p, "HTTP/", 5) && memcmp(p + line->line_len - 8, "HTTP/", 5));
}

static void beginnings(const uint8_t *data, size_t len)
{
	size_t n;

	for (n = 0; n < len && n < 512; n++) {
		struct vw_sipline line;
		u8 *p = exact(data, n);

		MUST(vw_sipline_parse(p, n, &line) != -EBADMSG);
		free(p);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vw_sipline line, again;
	u8 *p = exact(data, size);
	int err = vw_sipline_parse(p, size, &line);

	MUST(err == 0 || err == -EBADMSG || err == -ENODATA);
	if (!err) {
		is_a_line(p, size, &line);
		beginnings(data, line.line_len);
	}
	if (!err && line.complete) {
		/* What follows the line doesn't matter. */
		MUST(vw_sipline_parse(p, line.line_len + 2u, &again) == 0);
		MUST(again.line_len == line.line_len && again.status == line.status);
	}
	if (vw_sipline_keepalive(p, size))
		MUST(size >= 1 && size <= 4 && err);
	free(p);
	return 0;
}
