// SPDX-License-Identifier: GPL-2.0-or-later
#include "ownkey.h"

#include <openssl/hmac.h>

void vw_key_print(const struct vw_media_env *env, const u8 *master, size_t len,
		  u8 ret[VW_KEY_PRINT])
{
	u8 md[EVP_MAX_MD_SIZE] = { 0 };
	unsigned int n = 0;

	HMAC(EVP_sha256(), env->print_key, 32, master, len, md, &n);
	memcpy(ret, md, VW_KEY_PRINT);
	vw_wipe(md, sizeof(md));
}

void vw_peer_print(const struct vw_media_env *env, const struct vw_sdes *sdes,
		   u8 ret[VW_KEY_PRINT])
{
	u8 all[VW_SDES_KEYS * (VW_SDES_MASTER_MAX + VOXWALL_MKI_LEN) + sizeof(sdes->kdr)];
	size_t n = 0;

	for (u8 i = 0; i < sdes->nkey; i++) {
		memcpy(all + n, sdes->key[i].master, sdes->len);
		n += sdes->len;
		memcpy(all + n, sdes->key[i].mki, sdes->key[i].mki_len);
		n += sdes->key[i].mki_len;
	}
	if (sdes->kdr) {
		memcpy(all + n, &sdes->kdr, sizeof(sdes->kdr));
		n += sizeof(sdes->kdr);
	}
	vw_key_print(env, all, n, ret);
	vw_wipe(all, sizeof(all));
}

bool vw_peer_keys_set(struct vw_leg *leg, const struct vw_sdes *sdes)
{
	vw_peer_keys_drop(leg);
	for (u8 i = 0; i < sdes->nkey; i++) {
		const struct vw_sdes_key *from = &sdes->key[i];
		struct vw_peer_key *key = &leg->key[i];

		key->master = vw_secret_copy(from->master, sdes->len);
		if (!key->master)
			return false;
		key->lifetime = from->lifetime;
		key->mki_len = from->mki_len;
		memcpy(key->mki, from->mki, sizeof(key->mki));
	}
	return true;
}

void vw_peer_keys_drop(struct vw_leg *leg)
{
	for (int i = 0; i < VW_SDES_KEYS; i++)
		vw_secret_free(leg->key[i].master);
	memset(leg->key, 0, sizeof(leg->key));
}

void vw_own_drop(struct vw_leg *leg)
{
	for (u8 i = 0; i < leg->nown; i++)
		vw_secret_free(leg->own[i].master);
	memset(leg->own, 0, sizeof(leg->own));
	leg->nown = 0;
}

int vw_own_add(const struct vw_media_env *env, struct vw_leg *leg, u32 tag, u16 suite)
{
	struct vw_own_key *own = &leg->own[leg->nown];

	if (leg->nown == VW_MAX_SUITES)
		return -ENOMEM;
	own->master = vw_secret_random(vw_sdes_master_len(suite));
	if (!own->master)
		return -ENOMEM;
	own->tag = tag;
	own->suite = suite;
	vw_key_print(env, own->master->data, own->master->len, own->print);
	leg->nown++;
	return 0;
}

struct vw_own_key *vw_own_find(struct vw_leg *leg, u16 suite)
{
	for (u8 i = 0; i < leg->nown; i++)
		if (leg->own[i].suite == suite)
			return &leg->own[i];
	return NULL;
}

void vw_own_retire(struct vw_leg *leg)
{
	for (u8 i = 0; i < leg->nown; i++)
		leg->lost |= leg->own[i].used;
}
