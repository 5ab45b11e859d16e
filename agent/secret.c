// SPDX-License-Identifier: GPL-2.0-or-later
/* Key material in OpenSSL's secure heap: locked, undumped, guarded, wiped. */
#include "secret.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define HEAP	(4u << 20)	/* bytes, a power of two; 30,000 keys and more */
#define GRAIN	32		/* smallest piece, a power of two */

int vw_secret_init(void)
{
	const struct rlimit no_core = { 0, 0 };

	if (prctl(PR_SET_DUMPABLE, 0) || setrlimit(RLIMIT_CORE, &no_core))
		return -errno;
	/* 1: locked; 2: there, but could not be locked */
	return CRYPTO_secure_malloc_init(HEAP, GRAIN) == 1 ? 0 : -ENOMEM;
}

struct vw_secret *vw_secret_new(size_t len)
{
	struct vw_secret *s;

	if (len > HEAP)
		return NULL;
	s = OPENSSL_secure_zalloc(sizeof(*s) + len);
	if (s)
		s->len = len;
	return s;
}

struct vw_secret *vw_secret_random(size_t len)
{
	struct vw_secret *s = vw_secret_new(len);

	if (s && RAND_priv_bytes(s->data, (int)len) != 1) {
		vw_secret_free(s);
		return NULL;
	}
	return s;
}

struct vw_secret *vw_secret_copy(const void *bytes, size_t len)
{
	struct vw_secret *s = vw_secret_new(len);

	if (s && len)
		memcpy(s->data, bytes, len);
	return s;
}

void vw_secret_free(struct vw_secret *s)
{
	if (s)
		OPENSSL_secure_clear_free(s, sizeof(*s) + s->len);
}

bool vw_secret_equal(const struct vw_secret *a, const struct vw_secret *b)
{
	return a && b && a->len == b->len && !CRYPTO_memcmp(a->data, b->data, a->len);
}

void vw_wipe(void *p, size_t len)
{
	OPENSSL_cleanse(p, len);
}

void vw_secret_cleanup(struct vw_secret **s)
{
	vw_secret_free(*s);
}
