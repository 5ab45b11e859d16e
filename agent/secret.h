/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Key material: in memory that is locked (never swapped), left out of core
 * dumps, guarded by unmapped pages and wiped when it goes. Whoever needs a key
 * on the stack for a moment wipes it with vw_wipe().
 */
#ifndef VW_AGENT_SECRET_H
#define VW_AGENT_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct vw_secret - some bytes nobody else may see
 * @len: bytes of @data
 * @data: the bytes
 */
struct vw_secret {
	size_t len;
	uint8_t data[];
};

/**
 * vw_secret_init - set the locked memory up, once, before the first secret
 *
 * Also makes the process undumpable. Programs that never call it (unit tests)
 * get secrets from the ordinary heap, wiped all the same.
 *
 * Return: 0 or -errno (-ENOMEM: RLIMIT_MEMLOCK is too small).
 */
int vw_secret_init(void);

/* @len zero bytes; NULL when the memory is used up. */
struct vw_secret *vw_secret_new(size_t len);
/* The same, filled from OpenSSL's private generator; NULL when that fails too. */
struct vw_secret *vw_secret_random(size_t len);
/* A copy of @len bytes; the original is the caller's to wipe. */
struct vw_secret *vw_secret_copy(const void *bytes, size_t len);
/* Wipes and frees; NULL is fine. */
void vw_secret_free(struct vw_secret *s);
/* In constant time, for equal lengths. NULL equals nothing. */
bool vw_secret_equal(const struct vw_secret *a, const struct vw_secret *b);

/* Wipe @len bytes in a way that no compiler leaves out. */
void vw_wipe(void *p, size_t len);

/* For variables: struct vw_secret *key __vw_secret = vw_secret_random(30); */
void vw_secret_cleanup(struct vw_secret **s);
#define __vw_secret __attribute__((cleanup(vw_secret_cleanup)))

#endif
